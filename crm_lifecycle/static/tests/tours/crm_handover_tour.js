import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_handover_tour", {
    url: "/odoo/customer-base-handovers",
    steps: () => [
        {
            content: "a new hand-over",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "of whom",
            trigger: ".o_field_widget[name='from_user_id'] input",
            run: "edit Sam Salesman",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Sam Salesman)",
            run: "click",
        },
        {
            content: "the preview counts the customers at once",
            trigger:
                ".o_field_widget[name='scope_ids'] .o_data_row:first [name='found_count']:contains(2)",
        },
        {
            content: "to whom",
            trigger: ".o_field_widget[name='to_user_id'] input",
            run: "edit Sue Salesman",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Sue Salesman)",
            run: "click",
        },
        {
            content: "why",
            trigger: ".o_field_widget[name='reason'] input",
            run: "edit Moves to Oslo",
        },
        {
            content: "see what would go",
            trigger: "button[name='action_prepare']",
            run: "click",
        },
        {
            trigger: "button[name='action_hand_over']",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "both customers moved",
            trigger:
                ".o_field_widget[name='scope_ids'] .o_data_row:first [name='moved_count']:contains(2)",
        },
        {
            content: "look at the log",
            trigger: "button[name='action_view_lines']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Tour Customer)",
        },
        {
            content: "back",
            trigger: ".o_back_button a, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "take it back",
            trigger: "button[name='action_undo']",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "both returned",
            trigger:
                ".o_field_widget[name='scope_ids'] .o_data_row:first [name='returned_count']:contains(2)",
        },
        {
            content: "what was left",
            trigger: "button[name='action_view_left']",
            run: "click",
        },
        {
            trigger: ".o_view_controller:contains(Left Where It Is)",
        },
    ],
});
