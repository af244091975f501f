import {beforeEach, expect, test} from "@odoo/hoot";
import {queryAllTexts, queryText} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    makeServerError,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    toggleKanbanColumnActions,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {AnimatedNumber} from "@web/views/view_components/animated_number";
import {WebClient} from "@web/webclient/webclient";

class Stage extends models.Model {
    _name = "crm.lifecycle.stage";

    name = fields.Char();

    _records = [
        {id: 1, name: "Working"},
        {id: 2, name: "Regular"},
        {id: 3, name: "VIP"},
    ];
}

class Profile extends models.Model {
    _name = "crm.lifecycle.profile";

    name = fields.Char();
    revenue = fields.Integer({aggregator: "sum"});
    abc_class = fields.Selection({
        selection: [
            ["a", "A"],
            ["b", "B"],
        ],
    });
    stage_id = fields.Many2one({relation: "crm.lifecycle.stage", readonly: true});
    abc_group = fields.Selection({
        selection: [
            ["x", "X"],
            ["y", "Y"],
        ],
    });

    _records = [
        {
            id: 1,
            name: "Alder",
            revenue: 30,
            abc_class: "a",
            stage_id: 1,
            abc_group: "x",
        },
        {
            id: 2,
            name: "Birch",
            revenue: 20,
            abc_class: "b",
            stage_id: 1,
            abc_group: "x",
        },
        {
            id: 3,
            name: "Cedar",
            revenue: 10,
            abc_class: "b",
            stage_id: 2,
            abc_group: "y",
        },
    ];
    _views = {
        kanban: `
            <kanban js_class="crm_lifecycle_board" default_group_by="stage_id">
                <progressbar field="abc_class" colors='{"a": "success"}' sum_field="revenue"/>
                <templates>
                    <t t-name="card"><field name="name"/></t>
                </templates>
            </kanban>`,
        list: `<list><field name="name"/></list>`,
        search: `<search/>`,
    };
}

class Action extends models.Model {
    _name = "crm.lifecycle.action";

    reason = fields.Char();

    _views = {
        form: `
            <form>
                <field name="reason"/>
                <footer>
                    <button name="action_apply" type="object" string="Confirm" class="btn-primary"/>
                    <button special="cancel" string="Cancel"/>
                </footer>
            </form>`,
    };
}

defineMailModels();
defineModels([Stage, Profile, Action]);

const BOARD = {
    type: "ir.actions.act_window",
    res_model: "crm.lifecycle.profile",
    views: [[false, "kanban"]],
};
const DIALOG = {
    type: "ir.actions.act_window",
    name: "Hold the Stage",
    res_model: "crm.lifecycle.action",
    views: [[false, "form"]],
    target: "new",
};
const RESULT = {
    type: "ir.actions.client",
    tag: "crm_lifecycle_result",
    params: {
        title: "Hold the Stage",
        type: "success",
        message: "Done: 1.",
        reasons: [],
        label: "Show the skipped",
        skipped: false,
        next: {
            type: "ir.actions.act_window_close",
            infos: {lifecycle_done: 1},
        },
    },
};

function cards() {
    return [1, 2, 3].map((n) =>
        queryAllTexts(`.o_kanban_group:nth-child(${n}) .o_kanban_record`)
    );
}

async function openBoard(action = BOARD) {
    await mountWithCleanup(WebClient);
    await getService("action").doAction(action);
}

beforeEach(() => {
    patchWithCleanup(AnimatedNumber, {enableAnimations: false});
    onRpc("web_save", ({model}) => expect.step(`save ${model}`));
    onRpc("crm.lifecycle.profile", "get_waiting", () => ({count: 0, is_batch: false}));
    onRpc("crm.lifecycle.profile", "action_move_to_stage", ({args}) => {
        expect.step(`move ${args[0]} to ${args[1]}`);
        return DIALOG;
    });
});

test.tags("desktop");
test("the header counts customers beside their revenue", async () => {
    await openBoard();
    expect(queryAllTexts(".o_kanban_header_title")).toEqual([
        "Working\n(2)",
        "Regular\n(1)",
    ]);
    expect(queryAllTexts(".o_kanban_counter")).toEqual(["50", "10"]);
});

test.tags("desktop");
test("cancelling the dialog puts the card back and saves nothing", async () => {
    await openBoard();
    await contains(".o_kanban_record:first").dragAndDrop(".o_kanban_group:eq(1)");
    expect(".o_dialog").toHaveCount(1);
    expect(queryText(".o_dialog .modal-title")).toBe("Hold the Stage");
    expect(cards()).toEqual([["Birch"], ["Cedar", "Alder"], []]);
    await contains(".o_dialog button:contains(Cancel)").click();
    await animationFrame();
    expect(".o_dialog").toHaveCount(0);
    expect(cards()).toEqual([["Alder", "Birch"], ["Cedar"], []]);
    expect(queryAllTexts(".o_kanban_counter")).toEqual(["50", "10"]);
    expect.verifySteps(["move 1 to 2"]);
});

test.tags("desktop");
test("closing the dialog by its cross is cancelling", async () => {
    await openBoard();
    await contains(".o_kanban_record:first").dragAndDrop(".o_kanban_group:eq(1)");
    await contains(".o_dialog .btn-close").click();
    await animationFrame();
    expect(cards()).toEqual([["Alder", "Birch"], ["Cedar"], []]);
    expect.verifySteps(["move 1 to 2"]);
});

test.tags("desktop");
test("a decided card goes where the rules put it", async () => {
    onRpc("crm.lifecycle.action", "action_apply", function () {
        // The rules know better than the drag
        this.env["crm.lifecycle.profile"].write([1], {stage_id: 3});
        return RESULT;
    });
    await openBoard();
    await contains(".o_kanban_record:first").dragAndDrop(".o_kanban_group:eq(1)");
    await contains(".o_dialog .o_field_widget[name=reason] input").edit("Lease");
    await contains(".o_dialog button:contains(Confirm)").click();
    await animationFrame();
    expect(".o_dialog").toHaveCount(0);
    expect(queryAllTexts(".o_notification_content")).toEqual([
        "Hold the Stage. Done: 1.",
    ]);
    expect(cards()).toEqual([["Birch"], ["Cedar"], ["Alder"]]);
    expect.verifySteps(["move 1 to 2", "save crm.lifecycle.action"]);
});

test.tags("desktop");
test("a folded column takes a card, and gives it back", async () => {
    await openBoard();
    await contains(".o_kanban_group:eq(1) .o_kanban_header").hover();
    const clickColumnAction = await toggleKanbanColumnActions(1);
    await clickColumnAction("Fold");
    await contains(".o_kanban_record:first").dragAndDrop(".o_column_folded");
    expect(cards()).toEqual([["Birch"], [], []]);
    await contains(".o_dialog button:contains(Cancel)").click();
    await animationFrame();
    expect(cards()).toEqual([["Alder", "Birch"], [], []]);
    expect(queryAllTexts(".o_kanban_header_title")).toEqual([
        "Working\n(2)",
        "Regular\n(1)",
    ]);
    expect.verifySteps(["move 1 to 2"]);
});

test.tags("desktop");
test("a refused move puts the card back and says why", async () => {
    expect.errors(1);
    onRpc("crm.lifecycle.profile", "action_move_to_stage", () => {
        throw makeServerError({message: "Only leaders name VIPs"});
    });
    await openBoard();
    await contains(".o_kanban_record:first").dragAndDrop(".o_kanban_group:eq(1)");
    await animationFrame();
    expect(".o_error_dialog").toHaveCount(1);
    expect(cards()).toEqual([["Alder", "Birch"], ["Cedar"], []]);
    expect.verifyErrors(["Only leaders name VIPs"]);
});

test.tags("desktop");
test("dropping a card into its own column asks nothing", async () => {
    await openBoard();
    await contains(".o_kanban_record:first").dragAndDrop(".o_kanban_record:eq(1)");
    expect(".o_dialog").toHaveCount(0);
    expect.verifySteps([]);
});

test.tags("desktop");
test("grouped by something else, cards are moved as usual", async () => {
    await openBoard({...BOARD, context: {group_by: ["abc_group"]}});
    await contains(".o_kanban_record:first").dragAndDrop(".o_kanban_group:eq(1)");
    expect(".o_dialog").toHaveCount(0);
    expect.verifySteps(["save crm.lifecycle.profile"]);
});

test("the result names reasons and leads to the skipped", async () => {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        ...RESULT,
        params: {
            ...RESULT.params,
            type: "warning",
            message: "Done: 0. Skipped: 2.",
            reasons: ["is VIP already: 1", "<b>held</b>: 1"],
            skipped: {
                type: "ir.actions.act_window",
                name: "Skipped",
                res_model: "crm.lifecycle.profile",
                views: [[false, "list"]],
                domain: [["id", "in", [2, 3]]],
            },
        },
    });
    await animationFrame();
    expect(queryAllTexts(".o_notification li")).toEqual([
        "is VIP already: 1",
        "<b>held</b>: 1",
    ]);
    await contains(".o_notification button:contains(Show the skipped)").click();
    await animationFrame();
    expect(queryAllTexts(".o_data_row")).toEqual(["Birch", "Cedar"]);
    expect(".o_notification").toHaveCount(0);
});
