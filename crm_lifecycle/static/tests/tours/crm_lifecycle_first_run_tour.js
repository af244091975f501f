import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const OPEN_APP = [
    stepUtils.showAppsMenuItem(),
    {
        content: "open the application",
        trigger: ".o_app[data-menu-xmlid='crm_lifecycle.crm_lifecycle_menu_root']",
        run: "click",
    },
];

const MOST_CLICKS = 12;
let clicks = 0;

registry.category("web_tour.tours").add("crm_lifecycle_first_run_tour", {
    url: "/odoo",
    steps: () => [
        {
            content: "count the clicks from here on",
            trigger: "body",
            run() {
                document.addEventListener("pointerdown", () => clicks++, true);
            },
        },
        ...OPEN_APP,
        {
            content: "the first page counts the orders",
            trigger:
                ".o_form_view .o_field_widget[name='sale_count']:contains(/[1-9]/)",
        },
        {
            content: "orders are purchases: go on",
            trigger: "button[name='action_next']",
            run: "click",
        },
        {
            content: "choose a ready set",
            trigger: ".o_field_widget[name='preset_id'] label:contains(Tour Set)",
            run: "click",
        },
        {
            content: "the set fills the limits",
            trigger: ".o_field_widget[name='lifecycle_regular_count'] input:value(2)",
        },
        {
            content: "the what-if follows by itself",
            trigger:
                ".o_lifecycle_what_if section[data-kind='stages'] td button:contains(/[1-9]/)",
        },
        {
            content: "leave the page for the customers: nothing is lost",
            trigger:
                ".o_menu_sections a[data-menu-xmlid='crm_lifecycle.crm_lifecycle_profile_menu']",
            run: "click",
        },
        {
            content: "there are none yet",
            trigger: ".o_list_view",
        },
        ...OPEN_APP,
        {
            content: "the page is where it was left, with the chosen set",
            trigger:
                ".o_form_view .o_field_widget[name='lifecycle_regular_count'] input:value(2)",
        },
        {
            content: "go on to the last page",
            trigger: "button[name='action_next']",
            run: "click",
        },
        {
            content: "classify the customers",
            trigger: "button[name='action_start']",
            run: "click",
        },
        {
            content: "open the board",
            trigger: "button[name='action_open_board']",
            run: "click",
        },
        {
            content: "the customer is on the board, regular by the chosen limits",
            trigger:
                ".o_kanban_group:contains(Regular) .o_kanban_record:contains(Tour Customer)",
            run() {
                if (!clicks || clicks > MOST_CLICKS) {
                    throw new Error(`The first run took ${clicks} clicks`);
                }
            },
        },
    ],
});

const calculate = [
    {
        content: "two purchases shall make a regular customer",
        trigger: ".o_field_widget[name='lifecycle_regular_count'] input",
        run: "edit 2",
    },
    {
        content: "ask what would change, without saving",
        trigger: ".o_lifecycle_what_if button:contains(What Would Change)",
        run: "click",
    },
    {
        content: "open the customers who would become regular",
        trigger:
            ".o_lifecycle_what_if section[data-kind='stages'] .o_lifecycle_what_if_moved button[title*='to Regular']",
        run: "click",
    },
    {
        content: "the customer is among them",
        trigger: ".modal .o_list_view .o_data_row:contains(Tour Customer)",
    },
    {
        content: "close the list",
        trigger: ".modal .btn-close",
        run: "click",
    },
];

registry.category("web_tour.tours").add("crm_lifecycle_what_if_tour", {
    url: "/odoo",
    steps: () => [
        ...OPEN_APP,
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
        ...calculate,
        {
            content: "the unsaved number is still there",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='lifecycle_regular_count'] input:value(2)",
        },
        {
            content: "a contradiction is said on the page",
            trigger: ".o_field_widget[name='lifecycle_regular_count'] input",
            run: "edit 99",
        },
        {
            trigger: ".o_lifecycle_what_if button:contains(What Would Change)",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_what_if .alert:contains(Regular From)",
        },
        {
            content: "leave without saving",
            trigger: "button.o_form_button_cancel",
            run: "click",
        },
        {
            trigger: ".o_action_manager:not(:has(.o_dirty_warning))",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_limits_what_if_tour", {
    url: "/odoo/customer-base-limits",
    steps: () => [
        {
            content: "open the company",
            trigger: ".o_list_view .o_data_row td[name='name']",
            run: "click",
        },
        ...calculate,
        {
            content: "forget the change",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='lifecycle_regular_count'] input:value(3)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_limits_leave_tour", {
    url: "/odoo/customer-base-limits",
    steps: () => [
        {
            content: "open the company",
            trigger: ".o_list_view .o_data_row td[name='name']",
            run: "click",
        },
        {
            content: "try a figure",
            trigger: ".o_field_widget[name='lifecycle_regular_count'] input",
            run: "edit 2",
        },
        {
            content: "leave",
            trigger: ".o_breadcrumb .o_back_button a, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "the page asks; stay",
            trigger: ".modal footer button:contains(Stay Here)",
            run: "click",
        },
        {
            content: "the figure is still there; leave again",
            trigger:
                "body:not(:has(.modal)):has(.o_field_widget[name='lifecycle_regular_count'] input:value(2)) .breadcrumb-item a",
            run: "click",
        },
        {
            content: "discard",
            trigger: ".modal footer button:contains(Discard)",
            run: "click",
        },
        {
            content: "the list is back with the saved figure",
            trigger:
                ".o_list_view .o_data_row td[name='lifecycle_regular_count']:contains(3)",
            run: "click",
        },
        {
            content: "another figure",
            trigger: ".o_field_widget[name='lifecycle_lost_days'] input",
            run: "edit 400",
        },
        {
            trigger: ".breadcrumb-item a",
            run: "click",
        },
        {
            content: "save, which reloads the page",
            trigger: ".modal footer button:contains(Save)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the page is back with the saved figure",
            trigger: ".o_field_widget[name='lifecycle_lost_days'] input:value(400)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_lifecycle_matrix_tour", {
    url: "/odoo/customer-base-matrix",
    steps: () => [
        {
            content: "class B of low potential shall be category C",
            trigger: ".o_lifecycle_matrix td[data-cell='b/low'] select",
            run: "selectByLabel C",
        },
        {
            content: "saved, and the cell has the colour of C",
            trigger: ".o_notification:contains(Saved)",
        },
    ],
});
