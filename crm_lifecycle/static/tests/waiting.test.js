import {
    defineModels,
    fields,
    getMockEnv,
    getService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Profile extends models.Model {
    _name = "crm.lifecycle.profile";

    name = fields.Char();

    _records = [{id: 1, name: "Alder"}];
}

defineMailModels();
defineModels([Profile]);

const LINE = ".o_lifecycle_waiting";
const ARCHS = {
    list: `<list js_class="crm_lifecycle_list"><field name="name"/></list>`,
    kanban: `
        <kanban js_class="crm_lifecycle_board">
            <templates><t t-name="card"><field name="name"/></t></templates>
        </kanban>`,
};

/** Open a view of customers; the server answers with one count after another. */
async function openView(type, answers) {
    onRpc("crm.lifecycle.profile", "get_waiting", () => {
        expect.step("ask");
        const answer = answers.shift();
        return typeof answer === "number" ? {count: answer, is_batch: true} : answer;
    });
    onRpc("web_search_read", () => expect.step("read"));
    await mountView({type, resModel: "crm.lifecycle.profile", arch: ARCHS[type]});
    await animationFrame();
}

for (const type of ["list", "kanban"]) {
    test(`${type}: the line counts down, goes, and the customers are read again`, async () => {
        await openView(type, [5000, 1200, 0]);
        expect(LINE).toHaveText("Customers being recomputed: 5,000");
        expect.verifySteps(["read", "ask"]);
        await advanceTime(3000);
        expect(LINE).toHaveText("Customers being recomputed: 1,200");
        expect.verifySteps(["ask"]);
        await advanceTime(3000);
        await animationFrame();
        expect(LINE).toHaveCount(0);
        expect.verifySteps(["ask", "read"]);
        await advanceTime(60000);
        expect.verifySteps([]);
    });
}

test("nobody waits, nothing is shown and nobody asks again", async () => {
    await openView("list", [0]);
    await advanceTime(60000);
    expect(LINE).toHaveCount(0);
    expect.verifySteps(["read", "ask"]);
});

test("a single document is not worth a line, the last ones of many are", async () => {
    const single = {count: 2, is_batch: false};
    await openView("list", [single, 300, single, 0]);
    expect(LINE).toHaveCount(0);
    expect.verifySteps(["read", "ask"]);
    // Somebody acts on many
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_lifecycle_result",
        params: {title: "Exclude", message: "Done: 300.", reasons: [], queued: true},
    });
    await animationFrame();
    expect(LINE).toHaveText("Customers being recomputed: 300");
    await advanceTime(3000);
    expect(LINE).toHaveText("Customers being recomputed: 2");
    await advanceTime(3000);
    await animationFrame();
    expect(LINE).toHaveCount(0);
    expect.verifySteps(["ask", "ask", "ask", "read"]);
});

test("asks less and less often while nothing moves", async () => {
    await openView("list", Array(20).fill(900));
    expect.verifySteps(["read", "ask"]);
    await advanceTime(3000);
    await advanceTime(3000);
    expect.verifySteps(["ask"]);
    await advanceTime(3000);
    expect.verifySteps(["ask"]);
});

test("an answer that fails hides the line", async () => {
    await openView("list", [900]);
    onRpc("crm.lifecycle.profile", "get_waiting", () => {
        throw new Error("no server");
    });
    getMockEnv().bus.trigger("CRM_LIFECYCLE:QUEUED");
    await animationFrame();
    expect(LINE).toHaveCount(0);
    expect.verifySteps(["read", "ask", "read"]);
});
