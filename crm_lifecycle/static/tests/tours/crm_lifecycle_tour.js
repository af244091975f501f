import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const CUSTOMER = "Tour Customer";

registry.category("web_tour.tours").add("crm_lifecycle_tour", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "open the application",
            trigger: ".o_app[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_root']",
            run: "click",
        },
        {
            content: "the list shows the customer with its stage as a badge",
            trigger: `.o_data_row:contains(${CUSTOMER}) td[name='stage_id'] .badge:contains(Working)`,
        },
        {
            content: "open the card",
            trigger: `.o_data_row td[name='partner_id']:contains(${CUSTOMER})`,
            run: "click",
        },
        {
            content: "the first block is open",
            trigger: ".o_form_view .o_field_widget[name='trade_format_id']",
        },
        {
            content: "open the analysis",
            trigger: ".o_form_view .nav-link[name='analysis']",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='purchase_count']:contains(1)",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='loyalty_rung']",
        },
        {
            content: "open the history",
            trigger: ".o_form_view .nav-link[name='history']",
            run: "click",
        },
        {
            content: "the path through the stages is there",
            trigger:
                ".o_field_widget[name='transition_ids'] .o_data_row .badge:contains(Working)",
        },
        {
            content: "go back to the list",
            trigger: ".o_breadcrumb .o_back_button a, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "switch to the board",
            trigger: ".o_list_view .o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "the customer stands in its column",
            trigger: `.o_kanban_group:contains(Working) .o_kanban_record:contains(${CUSTOMER})`,
        },
        {
            content: "open the configuration",
            trigger:
                "button[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_config']",
            run: "click",
        },
        {
            content: "open the settings",
            trigger: "a[data-menu-xmlid='crm_lifecycle.crm_lifecycle_settings_menu']",
            run: "click",
        },
        {
            content: "the settings open on this application",
            trigger: ".settings_tab .tab.selected[data-key='crm_lifecycle']",
        },
        {
            content: "make customers regular from four purchases",
            trigger: ".o_field_widget[name='lifecycle_regular_count'] input",
            run: "edit 4",
        },
        {
            content: "save, which reloads the page",
            trigger: "button.o_form_button_save",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the page is back, with the saved number and nothing to save",
            trigger: ".o_form_view:not(:has(.o_dirty_warning)) .app_settings_block",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_mobile_tour", {
    url: "/odoo/customer-base",
    steps: () => [
        {
            content: "phones get the board first",
            trigger: `.o_kanban_view .o_kanban_record:contains(${CUSTOMER})`,
            run: "click",
        },
        {
            content: "the card says the stage",
            trigger:
                ".o_form_view .o_field_widget[name='stage_id'] .badge:contains(Working)",
        },
        {
            content: "the blocks open",
            trigger: ".o_form_view .nav-link[name='analysis']",
            run: "click",
        },
        {
            content: "the figures are there",
            trigger: ".o_form_view .o_field_widget[name='purchase_count']:contains(1)",
        },
    ],
});
