import {registry} from "@web/core/registry";

/**
 * A plan in ten minutes: the objectives come from the figures.
 */
registry.category("web_tour.tours").add("crm_account_plan_tour", {
    steps: () => [
        {
            content: "the first plan begins with the dialog",
            trigger: "button[name='action_view_account_plans']",
            run: "click",
        },
        {
            content: "objectives are proposed",
            trigger: ".o_dialog .o_data_row td[name='baseline']:contains(000)",
        },
        {
            trigger: ".o_dialog .o_field_widget[name='growth'] input",
            run: "edit 20",
        },
        {
            trigger: ".o_dialog .o_field_widget[name='situation'] textarea",
            run: "edit They grow, and so could we",
        },
        {
            content: "and follow the growth that is wanted",
            trigger: ".o_dialog .o_data_row td[name='target']:contains(200)",
        },
        {
            trigger: ".o_dialog button[name='action_make']",
            run: "click",
        },
        {
            content: "the plan runs",
            trigger:
                ".o_statusbar_status button[data-value='running'].o_arrow_button_current",
        },
        {
            trigger: ".o_field_widget[name='objective_ids'] .o_data_row",
        },
    ],
});
