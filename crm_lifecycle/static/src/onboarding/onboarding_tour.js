import {_t} from "@web/core/l10n/translation";
import {markup} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// Shown to new users by the record of the same name. Where there is no customer yet, or
// the first run is to be made, it waits and goes on when there is one.
registry.category("web_tour.tours").add("crm_lifecycle_onboarding_tour", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            isActive: ["mobile"],
            trigger: ".o_main_navbar .o_menu_toggle",
            content: _t("The menu of your applications is here."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_app_menu_sidebar .o_sidebar_topbar a",
            content: _t("Show all of them."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_app[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_root']",
            content: markup(
                _t(
                    "Who buys, who may buy and who left: open your <b>Customer Base</b>."
                )
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_switch_view.o_kanban",
            content: markup(
                _t("See your customers by stage of life, on the <b>board</b>.")
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_kanban_renderer .o_kanban_record:not(.o_kanban_ghost)",
            content: markup(
                _t(
                    "Purchases move customers from column to column; you move one by <b>dragging it</b>. Open a customer's card."
                )
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='stage_id']",
            content: _t(
                "The stage of this customer. The sentence below says why, and what changes it next."
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o_form_view .nav-link[name='analysis']",
            content: markup(
                _t(
                    "<b>Analytical Data</b>: what the customer is worth, could be worth, and when it should buy again."
                )
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_form_view button[name='action_log_contact']",
            content: markup(
                _t("After each call or meeting: <b>Log a Contact</b>, in a minute.")
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_dialog .o_field_widget[name='next_type_id'] input",
            content: markup(
                _t(
                    "What was said, what was promised, and the <b>next step</b>: the plan for this customer stands here."
                )
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_dialog footer button[special='cancel']",
            content: _t("Nothing happened yet, so there is nothing to log."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_dialog)) .o_form_view",
        },
        {
            isActive: ["desktop"],
            trigger: ".breadcrumb-item:not(.active):first",
            content: _t("Back to all customers."),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_searchview_dropdown_toggler",
            content: markup(
                _t(
                    "<b>Whom to call first?</b> Late against the own rhythm, expected this week, lapsed VIPs: each list is one filter."
                )
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_search_bar_menu .o_filter_menu",
        },
    ],
});
