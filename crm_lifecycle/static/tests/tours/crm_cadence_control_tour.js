import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const CUSTOMER = "Tour Customer";
const ROW = `.o_list_view .o_data_row:contains(${CUSTOMER})`;

registry.category("web_tour.tours").add("crm_cadence_control_tour", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "open the application",
            trigger: ".o_app[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_root']",
            run: "click",
        },
        {
            content: "open the reports",
            trigger:
                "button[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_reporting']",
            run: "click",
        },
        {
            content: "open the control report",
            trigger:
                ".dropdown-item[data-menu-xmlid='crm_lifecycle.crm_cadence_control_menu']",
            run: "click",
        },
        {
            content: "the violation, with the last contact over each channel",
            trigger: `${ROW} td[name='days_late']:contains(12)`,
        },
        {
            trigger: `${ROW} .o_lifecycle_last_contacts .fa-envelope`,
        },
        {
            content: "remind the responsible",
            trigger: `${ROW} button[name='action_remind'] .fa-bell-o`,
            run: "click",
        },
        {
            content: "one was reminded",
            trigger: ".o_notification:contains(Done: 1)",
        },
        {
            content: "a second click",
            trigger: `${ROW} button[name='action_remind'] .fa-bell`,
            run: "click",
        },
        {
            content: "makes nothing",
            trigger: ".o_notification:contains(reminded already)",
        },
        {
            content: "drill down to the ledger",
            trigger: `${ROW} button[name='action_view_ledger']`,
            run: "click",
        },
        {
            content: "how the rule was kept",
            trigger: `.o_list_view .o_data_row:contains(Missed) td[name='partner_id']:contains(${CUSTOMER})`,
        },
        {
            content: "back",
            trigger: ".breadcrumb-item:contains(Contact Control)",
            run: "click",
        },
        {
            content: "and to the customer",
            trigger: `${ROW} td[name='partner_id']`,
            run: "click",
        },
        {
            content: "the card is open",
            trigger: `.o_form_view .o_breadcrumb:contains(${CUSTOMER})`,
        },
    ],
});

registry.category("web_tour.tours").add("crm_touchpoint_incoming_tour", {
    url: "/odoo/incoming-contacts",
    steps: () => [
        {
            content: "the customer waits",
            trigger: `${ROW} td[name='state']:contains(Unanswered)`,
        },
        {
            content: "answer on the telephone, and log it",
            trigger: `${ROW} button[name='action_log_contact']`,
            run: "click",
        },
        {
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            content: "nobody waits any more",
            trigger: ".o_view_nocontent:contains(Every customer has been answered)",
        },
    ],
});
