import {
    contains,
    defineModels,
    fields,
    getService,
    hideTab,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {edit, press, unload} from "@odoo/hoot-dom";
import {WebClient} from "@web/webclient/webclient";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Limits extends models.Model {
    _name = "limits";

    name = fields.Char();
    regular_count = fields.Integer();

    _records = [
        {id: 1, name: "First", regular_count: 3},
        {id: 2, name: "Second", regular_count: 4},
    ];
    _views = {
        form: `
            <form js_class="crm_lifecycle_limits_form">
                <field name="name"/>
                <field name="regular_count"/>
            </form>`,
        list: `<list><field name="name"/></list>`,
        search: `<search/>`,
    };
}

defineMailModels();
defineModels([Limits]);

const INPUT = ".o_field_widget[name=regular_count] input";

/** Open the page of the limits, type a figure and leave for a list. */
async function tryAndLeave() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "limits",
        res_id: 1,
        views: [[false, "form"]],
    });
    await contains(INPUT).edit("9");
    getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "limits",
        views: [[false, "list"]],
    });
    await animationFrame();
    expect(".o_dialog").toHaveCount(1);
}

async function answer(label) {
    await contains(`.o_dialog footer button:contains(${label})`).click();
    await animationFrame();
}

beforeEach(() => {
    onRpc("web_save", ({args}) => expect.step(args[1]));
});

test("whoever leaves is asked, and may stay", async () => {
    await tryAndLeave();
    await answer("Stay Here");
    expect(".o_form_view").toHaveCount(1);
    expect(INPUT).toHaveValue("9");
    expect.verifySteps([]);
});

test("closing the question is no answer", async () => {
    await tryAndLeave();
    await press("escape");
    await animationFrame();
    expect(".o_dialog").toHaveCount(0);
    expect(INPUT).toHaveValue("9");
    expect.verifySteps([]);
});

test("whoever leaves may discard", async () => {
    await tryAndLeave();
    await answer("Discard");
    expect(".o_list_view").toHaveCount(1);
    expect.verifySteps([]);
});

test("whoever leaves may save, once", async () => {
    await tryAndLeave();
    await answer("Save");
    expect.verifySteps([{regular_count: 9}]);
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "limits",
        views: [[false, "list"]],
    });
    expect(".o_list_view").toHaveCount(1);
    expect(".o_dialog").toHaveCount(0);
    expect.verifySteps([]);
});

test("nothing typed, nothing asked", async () => {
    await mountWithCleanup(WebClient);
    for (const [resId, view] of [
        [1, "form"],
        [false, "list"],
    ]) {
        await getService("action").doAction({
            type: "ir.actions.act_window",
            res_model: "limits",
            res_id: resId,
            views: [[false, view]],
        });
    }
    expect(".o_list_view").toHaveCount(1);
    expect(".o_dialog").toHaveCount(0);
});

test("going to the next company asks", async () => {
    await mountWithCleanup(WebClient);
    await getService("action").doAction(
        {
            type: "ir.actions.act_window",
            res_model: "limits",
            res_id: 1,
            views: [[false, "form"]],
        },
        {props: {resIds: [1, 2]}}
    );
    await contains(INPUT).edit("9");
    await contains(".o_pager_next").click();
    await answer("Discard");
    expect(INPUT).toHaveValue("4");
    expect.verifySteps([]);
});

test("neither another tab nor closing the page saves", async () => {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "limits",
        res_id: 1,
        views: [[false, "form"]],
    });
    await contains(INPUT).click();
    await edit("9");
    await hideTab();
    const [event] = await unload();
    await animationFrame();
    expect(event.defaultPrevented).toBe(true, {message: "the browser asks"});
    expect.verifySteps([]);
});
