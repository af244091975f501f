import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {queryAllTexts} from "@odoo/hoot-dom";

class Card extends models.Model {
    _name = "crm.lifecycle.profile";

    gaps = fields.Json();

    _records = [
        {
            id: 1,
            gaps: {
                coverage: 50,
                gaps: [
                    {id: 4, name: "No champion", people: "", summary: ""},
                    {id: 5, name: "Forgotten", people: "Bea Boss", summary: "Call"},
                ],
            },
        },
        {id: 2, gaps: {coverage: 100, gaps: []}},
        {id: 3, gaps: {coverage: false, gaps: []}},
    ];
}

defineMailModels();
defineModels([Card]);

function mountCard(resId) {
    return mountView({
        type: "form",
        resModel: "crm.lifecycle.profile",
        resId,
        arch: `<form><field name="gaps" widget="dmu_gaps" /></form>`,
    });
}

test("each gap offers what closes it", async () => {
    onRpc("action_plan_dmu_gap", ({args}) => {
        expect.step(`plan ${args[0]} ${args[1]}`);
        return {type: "ir.actions.act_window_close"};
    });
    await mountCard(1);
    expect(queryAllTexts(".o_dmu_gap")).toEqual([
        "No champion\nPlan an Activity",
        "Forgotten\nBea Boss\nCall",
    ]);
    expect(".progress-bar").toHaveAttribute("style", "width: 50%");
    await contains(".o_dmu_gap:eq(1) button").click();
    expect.verifySteps(["plan 1 5"]);
});

test("no gaps, and no rules", async () => {
    await mountCard(2);
    expect(".o_dmu_gaps .text-success").toHaveCount(1);
    await mountCard(3);
    expect(".o_dmu_gaps .progress").toHaveCount(1, {message: "of the first form only"});
});
