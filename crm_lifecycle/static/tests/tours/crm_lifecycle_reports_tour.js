import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const CUSTOMER = "Tour Mover";

registry.category("web_tour.tours").add("crm_lifecycle_funnel_tour", {
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
            content: "open the funnel",
            trigger:
                ".dropdown-item[data-menu-xmlid='crm_lifecycle.crm_lifecycle_funnel_report_menu']",
            run: "click",
        },
        {
            content: "look for the moves of the customer",
            trigger: ".o_searchview_input",
            run: `edit ${CUSTOMER}`,
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Customer)",
            run: "click",
        },
        {
            content: "the days it had been a working customer",
            trigger: ".o_pivot tr:contains(Regular) .o_pivot_cell_value:contains(50)",
        },
        {
            content: "drill down to the moves",
            trigger: ".o_pivot tbody tr:eq(0) .o_pivot_cell_value:contains(1):eq(0)",
            run: "click",
        },
        {
            content: "each move is told with its reason",
            trigger: `.o_list_view .o_data_row:contains(${CUSTOMER}) td[name='reason_text']:contains(third purchase)`,
        },
        {
            content: "and leads to the customer",
            trigger: `.o_list_view .o_data_row td[name='partner_id']:contains(${CUSTOMER})`,
            run: "click",
        },
        {
            content: "the card is open",
            trigger: `.o_form_view .o_breadcrumb:contains(${CUSTOMER})`,
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_phases_tour", {
    url: "/odoo/customer-base-phases",
    steps: () => [
        {
            content: "switch to the graph",
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            content: "the graph with the line is drawn",
            trigger: ".o_graph_view canvas",
        },
        {
            content: "back to the figures",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            trigger: ".o_pivot th:contains(Share of Existing Customers)",
        },
    ],
});
