import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Card extends models.Model {
    _name = "card";

    name = fields.Char();
    touchpoint_count = fields.Integer();

    _records = [
        {id: 1, name: "Acme", touchpoint_count: 1},
        {id: 2, name: "Beta", touchpoint_count: 1},
    ];
}

defineMailModels();
defineModels([Card]);

test("filters end with the customer they were chosen for", async () => {
    onRpc("crm.touchpoint", "get_acquaintances", () => []);
    onRpc("crm.touchpoint", "get_timeline", ({args}) => {
        expect.step(args.slice(0, 3).join("/"));
        return {
            channels: [{id: 7, name: "Call", icon: "fa-phone", count: 1}],
            total: 0,
            lines: [],
        };
    });
    await mountView({
        type: "form",
        resModel: "card",
        resId: 1,
        resIds: [1, 2],
        arch: `<form><widget name="crm_lifecycle_timeline"/></form>`,
    });
    expect.verifySteps(["1//"]);
    await contains(".o_crm_timeline button:contains(Call)").click();
    await contains(".o_crm_timeline button:contains(Begun by us)").click();
    expect.verifySteps(["1/7/", "1/7/out"]);
    await contains(".o_pager_next").click();
    await animationFrame();
    expect.verifySteps(["2//"]);
    expect(".o_crm_timeline .btn-primary").toHaveCount(0);
});
