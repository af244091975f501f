import {registry} from "@web/core/registry";

const MARK_DONE = ".o-mail-Activity .o-mail-Activity-markDone";

function score(number) {
    return `.modal .o_field_widget[name='score'] .o_selection_badge:contains(/^${number}$/)`;
}

registry.category("web_tour.tours").add("crm_lifecycle_satisfaction_tour", {
    steps: () => [
        {
            content: "the activity asks in its own dialog",
            trigger: MARK_DONE,
            run: "click",
        },
        {
            content: "a content customer is asked what is missing",
            trigger: score(7),
            run: "click",
        },
        {
            trigger: ".modal div[name='passive'] .o_field_widget[name='missing']",
        },
        {
            content: "a glad one whom he would tell",
            trigger: score(9),
            run: "click",
        },
        {
            trigger: ".modal div[name='promoter'] [name='referral_name'] input",
            run: "edit Berta",
        },
        {
            trigger: ".modal button[name='action_record']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "the first activity is done, the second left",
            trigger: ".o-mail-Activity:only",
        },
        {
            trigger: MARK_DONE,
            run: "click",
        },
        {
            content: "a dissatisfied one gets help and no offer",
            trigger: score(3),
            run: "click",
        },
        {
            trigger: ".modal div[name='detractor'] .alert:contains(no offers)",
        },
        {
            trigger: ".modal .o_field_widget[name='comment'] textarea",
            run: "edit The delivery came a week late",
        },
        {
            trigger: ".modal button[name='action_record']",
            run: "click",
        },
        {
            content: "somebody puts it right",
            trigger: ".o-mail-Activity:contains(put it right)",
        },
    ],
});
