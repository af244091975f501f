import {
    MockServer,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Run extends models.Model {
    _name = "run";

    is_running = fields.Boolean();
    done = fields.Integer();

    _records = [{id: 1, is_running: true, done: 10}];
}

defineMailModels();
defineModels([Run]);

function mountRun() {
    onRpc("run", "web_read", () => {
        expect.step("read");
    });
    return mountView({
        type: "form",
        resModel: "run",
        resId: 1,
        arch: `
            <form>
                <field name="done"/>
                <widget name="lifecycle_refresh" while="is_running"/>
            </form>`,
    });
}

test("follows the record until it is done", async () => {
    await mountRun();
    expect.verifySteps(["read"]);
    MockServer.env.run.write([1], {done: 20});
    await advanceTime(2100);
    expect.verifySteps(["read"]);
    expect(".o_field_widget[name=done] input").toHaveValue("20");
    MockServer.env.run.write([1], {is_running: false});
    await advanceTime(2100);
    expect.verifySteps(["read"]);
    await advanceTime(10000);
    expect.verifySteps([]);
});

test("leaves a record that does not run alone", async () => {
    Run._records[0].is_running = false;
    await mountRun();
    expect.verifySteps(["read"]);
    await advanceTime(10000);
    expect.verifySteps([]);
});
