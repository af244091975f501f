import {registry} from "@web/core/registry";

const row = (norm) => `.o_data_row:contains(Tour Customer):contains(${norm})`;

registry.category("web_tour.tours").add("crm_cadence_plan_tour", {
    url: "/odoo/contact-plan",
    steps: () => [
        {
            content: "both norms are overdue",
            trigger: `${row("Tour calls")} .badge.text-bg-danger`,
        },
        {
            trigger: `${row("Tour meetings")} .badge.text-bg-danger`,
        },
        {
            content: "log the call: first click",
            trigger: `${row("Tour calls")} button[name='action_log_contact']`,
            run: "click",
        },
        {
            content: "the agenda of the norm's channel is in sight",
            trigger: ".modal .alert-info:contains(Ask about the summer)",
        },
        {
            content: "done: second click",
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            content: "the call is no longer due, the meeting still is",
            trigger: `body:not(:has(${row("Tour calls")}))`,
        },
        {
            trigger: `${row("Tour meetings")} .badge.text-bg-danger`,
        },
        {
            content: "look at all weeks",
            trigger: ".o_searchview_facet:eq(1) .o_facet_remove",
            run: "click",
        },
        {
            content: "the call is in order",
            trigger: `${row("Tour calls")} .badge.text-bg-success`,
        },
        {
            trigger: `${row("Tour meetings")} .badge.text-bg-danger`,
        },
    ],
});

registry.category("web_tour.tours").add("crm_cadence_pause_tour", {
    url: "/odoo/contact-plan",
    steps: () => [
        {
            content: "pause the customer",
            trigger: `${row("Tour meetings")} button[name='action_pause']`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit On holiday && press Tab",
        },
        {
            content: "without an end",
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "refused: the end is asked for",
            trigger:
                ".modal .o_field_widget[name='cadence_to'].o_field_invalid, .modal .o_field_invalid:has([name='cadence_to'])",
        },
        {
            trigger: ".modal .o_field_widget[name='cadence_to'] input",
            run: "edit +5d && press Tab",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "the customer left the plan of this week",
            trigger:
                "body:not(:has(.modal)):not(:has(.o_data_row:contains(Tour Customer)))",
        },
    ],
});
