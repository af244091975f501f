import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_touchpoint_tour", {
    url: "/odoo/customer-base",
    steps: () => [
        {
            content: "open the card",
            trigger: ".o_data_row td[name='partner_id']:contains(Tour Customer)",
            run: "click",
        },
        {
            content: "open the contacts made",
            trigger: ".o_form_view .nav-link[name='touchpoints']",
            run: "click",
        },
        {
            content: "there are none",
            trigger: ".o_crm_timeline:contains(No contact with this customer is known)",
        },
        {
            content: "log one",
            trigger: "button[name='action_log_contact']",
            run: "click",
        },
        {
            content: "over another channel",
            trigger:
                ".modal .o_field_widget[name='channel_id'] button:contains(Visit), .modal .o_field_widget[name='channel_id'] .btn:contains(Visit)",
            run: "click",
        },
        {
            content: "the duration follows the channel",
            trigger: ".modal .o_field_widget[name='duration'] input:value(01:30)",
        },
        {
            content: "what was said",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Two forklifts are old",
        },
        {
            content: "what was promised",
            trigger: ".modal .o_field_widget[name='promise'] input",
            run: "edit Send the price list && press Tab",
        },
        {
            content: "a week from now is proposed",
            trigger: ".modal .o_field_widget[name='promise_side']",
        },
        {
            content: "done",
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            content: "the timeline shows it",
            trigger:
                ".o_crm_timeline_line:contains(Visit):contains(Two forklifts are old)",
        },
        {
            content: "and the card the promise",
            trigger:
                ".o_field_widget[name='promise_ids'] .o_data_row:contains(Send the price list)",
        },
        {
            content: "nothing was begun by the customer",
            trigger: ".o_crm_timeline button:contains(Begun by the customer)",
            run: "click",
        },
        {
            trigger: ".o_crm_timeline:not(:has(.o_crm_timeline_line))",
        },
        {
            content: "show all again",
            trigger: ".o_crm_timeline button:contains(Begun by the customer)",
            run: "click",
        },
        {
            content: "open the touchpoint",
            trigger: ".o_crm_timeline_line:contains(Visit)",
            run: "click",
        },
        {
            content: "it was no contact after all",
            trigger: "button[name='action_ignore']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit Nobody was there",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "who and why is shown",
            trigger: ".o_form_view .alert:contains(Nobody was there)",
        },
    ],
});
