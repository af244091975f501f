import {
    contains,
    defineParams,
    getService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {WebClient} from "@web/webclient/webclient";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

defineMailModels();

const ROW = {
    id: 3,
    name: "Ivy",
    scores: {7: {id: 70, score: 0}},
    total: 0,
    share: 0.5,
    verdict: "",
};

test("a score is saved at once, with figures in the reader's format", async () => {
    defineParams({lang_parameters: {decimal_point: ",", thousands_sep: " "}});
    onRpc("crm.scorecard", "get_grid", () => [
        {
            name: "Target",
            scale: 5,
            criteria: [{id: 7, name: "Growth", dimension: "Goals", guidance: ""}],
            rows: [ROW],
        },
    ]);
    onRpc("crm.scorecard", "set_score", ({args}) => {
        expect.step(args);
        return {...ROW, scores: {7: {id: 70, score: 4}}, total: 62.5, share: 1};
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_lifecycle_kam.score_grid",
        params: {model: "crm.lead", ids: [1]},
    });
    expect("tbody b").toHaveText("0,0");
    await contains("tbody select").select("4");
    expect.verifySteps([[[3], 70, 4]]);
    expect("tbody b").toHaveText("62,5");
});
