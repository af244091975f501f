import {registry} from "@web/core/registry";

/**
 * From the card to the map: a new person, and who influences whom.
 */
registry.category("web_tour.tours").add("crm_dmu_tour", {
    steps: () => [
        {
            trigger: ".nav-link[name='contacts']",
            run: "click",
        },
        {
            content: "the card says who decides, and leads to the map",
            trigger:
                "div[name='dmu']:contains(Bea Boss) button[name='action_view_dmu']",
            run: "click",
        },
        {
            content: "the map shows them",
            trigger: ".o_dmu_map .o_dmu_node:contains(Bea Boss)",
        },
        {
            trigger: ".o_dmu_add",
            run: "click",
        },
        {
            content: "a person of this customer",
            trigger: ".o_dialog .o_field_widget[name='contact_id'] input",
            run: "edit Nina New",
        },
        {
            trigger: ".o_dialog .dropdown-item:contains(Nina New)",
            run: "click",
        },
        {
            trigger: ".o_dialog .o_field_widget[name='influence'] input",
            run: "edit 8",
        },
        {
            trigger: ".o_dialog .o_form_button_save",
            run: "click",
        },
        {
            content: "the new person is on the map",
            trigger: "body:not(:has(.o_dialog)) .o_dmu_node:contains(Nina New)",
        },
        {
            content: "draw a line",
            trigger: ".o_dmu_draw",
            run: "click",
        },
        {
            trigger: ".o_dmu_hint",
        },
        {
            trigger: ".o_dmu_node:contains(Nina New)",
            run: "click",
        },
        {
            trigger: ".o_dmu_hint:contains(Nina New)",
        },
        {
            trigger: ".o_dmu_node:contains(Bea Boss)",
            run: "click",
        },
        {
            content: "why and how",
            trigger: ".o_dialog .o_field_widget[name='reason'] textarea",
            run: "edit Her right hand",
        },
        {
            trigger: ".o_dialog .o_form_button_save",
            run: "click",
        },
        {
            content: "the line is drawn",
            trigger: "body:not(:has(.o_dialog)) .o_dmu_line",
        },
        {
            content: "a list for those who prefer it",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Nina New)",
        },
    ],
});
