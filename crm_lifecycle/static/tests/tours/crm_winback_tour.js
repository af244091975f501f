import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("crm_winback_tour", {
    url: "/odoo/customer-base-win-back",
    steps: () => [
        {
            content: "the lost customer is first in the queue, with what is lost",
            trigger:
                ".o_data_row:contains(Tour Customer):has(td[name='winback_state']:contains(To be tried))",
        },
        {
            content: "start an attempt",
            trigger: ".o_data_row:contains(Tour Customer) button:contains(Start)",
            run: "click",
        },
        {
            content: "what the dialog rests on",
            trigger: ".modal .o_field_widget[name='facts']:contains(Bought last)",
        },
        {
            content: "what was broken",
            trigger: ".modal .o_field_widget[name='expectation'] input",
            run: "edit Delivery in two days",
        },
        {
            content: "the argument of the first sale",
            trigger: ".modal .o_field_widget[name='first_argument'] input",
            run: "edit The lowest price",
        },
        {
            content: "the same again",
            trigger: ".modal .o_field_widget[name='argument'] input",
            run: "edit the lowest price",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "is refused",
            trigger: ".modal:contains(did not keep the customer) .btn-primary",
            run: "click",
        },
        {
            content: "another one",
            trigger:
                ".modal:not(:contains(did not keep)) .o_field_widget[name='argument'] input",
            run: "edit Our own lorry",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "the customer is being won back",
            trigger:
                ".o_data_row:contains(Tour Customer):has(td[name='winback_state']:contains(Being won back))",
        },
        {
            content: "open the card",
            trigger: ".o_data_row td[name='partner_id']:contains(Tour Customer)",
            run: "click",
        },
        {
            content: "give up",
            trigger: ".o_form_view button:contains(Give Up the Win-Back)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit No budget this year",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "the card keeps the attempt",
            trigger: ".o_form_view .nav-link[name='winback']",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name='winback_attempt_ids'] .o_data_row:contains(Our own lorry):contains(Given up)",
        },
    ],
});
