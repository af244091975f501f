import {registry} from "@web/core/registry";

/**
 * Reading a card from the first block to the last, and writing down a fact; the same
 * at a desk and on a phone.
 */
registry.category("web_tour.tours").add("crm_lifecycle_card_tour", {
    steps: () => [
        {
            content: "the reason of the stage and what changes it stand on top",
            trigger:
                ".o_field_widget[name='stage_reason_text']:contains(third purchase)",
        },
        {
            trigger: ".o_field_widget[name='stage_next_text']:contains(Proven partner)",
        },
        {
            content: "the card says what is missing",
            trigger:
                ".o_field_widget[name='missing_requirement_ids'] .o_tag:contains(Tour requirement)",
        },
        {
            content: "fill it in",
            trigger: ".o_field_widget[name='own_volume'] input",
            run: "edit 300 cakes",
        },
        {
            trigger: ".o_form_button_save:visible",
            run: "click",
        },
        {
            content: "nothing is missing any more",
            trigger:
                ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
        {
            trigger:
                ".o_form_view:not(:has(.o_field_widget[name='missing_requirement_ids']))",
        },
        {
            content: "what the customer owes",
            trigger: ".o_field_widget[name='debt_balance']:visible",
        },
        {
            trigger: ".nav-link[name='contacts']",
            run: "click",
        },
        {
            content: "persons with their best hours",
            trigger:
                ".o_field_widget[name='contact_ids']:contains(Tour Buyer):contains(Monday to Friday)",
        },
        {
            content: "informal facts",
            trigger: ".o_field_widget[name='fact_ids']:contains(Green tea)",
        },
        {
            trigger: ".nav-link[name='analysis']",
            run: "click",
        },
        {
            content: "the path through the stages",
            trigger: ".o_lifecycle_stage_path .badge:contains(Regular)",
        },
        {
            content: "the chart, and what it says in words",
            trigger: ".o_lifecycle_timeline:has(canvas):contains(Buys every 30 days)",
        },
        {
            trigger: ".nav-link[name='history']",
            run: "click",
        },
        {
            content: "the latest orders",
            trigger: ".o_field_widget[name='recent_order_ids']:contains(100.00)",
        },
        {
            content: "and the transitions",
            trigger: ".o_field_widget[name='transition_ids'] .badge:contains(Regular)",
        },
    ],
});
