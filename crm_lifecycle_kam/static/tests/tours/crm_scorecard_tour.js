import {registry} from "@web/core/registry";

function score(criterion, points) {
    const row = `.o_data_row:contains(${criterion})`;
    return [
        {
            trigger: `${row} td[name='score']`,
            run: "click",
        },
        {
            trigger: `${row} .o_field_widget[name='score'] input`,
            run: `edit ${points}`,
        },
    ];
}

/**
 * From the customer to a finished scorecard, its picture, and back to the card.
 */
registry.category("web_tour.tours").add("crm_scorecard_tour", {
    steps: () => [
        {
            trigger: "button[name='action_score']",
            run: "click",
        },
        ...score("growth", 5),
        ...score("margin", 5),
        ...score("region", 4),
        ...score("service", 3),
        {
            trigger: "button[name='action_finish']",
            run: "click",
        },
        {
            content: "the verdict follows",
            trigger: ".o_field_widget[name='verdict'] .text-bg-success",
        },
        {
            trigger: ".nav-link[name='radar']",
            run: "click",
        },
        {
            content: "as a picture",
            trigger: ".o_field_widget[name='radar'] canvas",
        },
        {
            trigger: ".o_breadcrumb a:contains(Scored Customer)",
            run: "click",
        },
        {
            content: "and back to the customer",
            trigger: "button[name='action_score']",
        },
    ],
});
