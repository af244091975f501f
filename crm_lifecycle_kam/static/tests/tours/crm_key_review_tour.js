import {registry} from "@web/core/registry";

/**
 * A key account's way: nominated, approved, reviewed, decided.
 */
registry.category("web_tour.tours").add("crm_key_review_tour", {
    steps: () => [
        {
            content: "nominate a customer",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='profile_id'] input",
            run: "edit Key Customer",
        },
        {
            trigger: ".dropdown-item:contains(Key Customer)",
            run: "click",
        },
        {
            content: "neither proven partner nor VIP: the form asks why despite",
            trigger: ".o_field_widget[name='despite_reason'] input",
            run: "edit Agreed with the management",
        },
        {
            trigger: ".o_field_widget[name='reason'] input",
            run: "edit Opens a market",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "somebody approves",
            trigger: "button[name='action_approve']",
            run: "click",
        },
        {
            trigger:
                ".o_statusbar_status button[data-value='running'].o_arrow_button_current",
        },
        {
            content: "and has it reviewed",
            trigger: "button[name='action_start_review']",
            run: "click",
        },
        {
            content: "of a key account, by whoever manages it",
            trigger:
                ".o_dialog .o_field_widget[name='kind'] input[data-value='key']:checked",
        },
        {
            trigger: ".o_dialog button[name='action_start']",
            run: "click",
        },
        {
            content: "the figures are prepared",
            trigger: ".o_field_widget[name='facts']",
        },
        {
            trigger:
                ".o_field_widget[name='customer_side'] input[data-value='goes_on']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='decision'] input[data-value='other']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='terms'] textarea",
            run: "edit Shorter payment",
        },
        {
            trigger: ".o_field_widget[name='next_date'] input",
            run: "edit +90d",
        },
        {
            trigger: "button[name='action_answer']",
            run: "click",
        },
        {
            content: "answered",
            trigger:
                ".o_statusbar_status button[data-value='done'].o_arrow_button_current",
        },
    ],
});
