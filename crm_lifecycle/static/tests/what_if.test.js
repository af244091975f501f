import {
    contains,
    defineModels,
    fields,
    models,
    mockService,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {advanceTime} from "@odoo/hoot-mock";
import {expect, test} from "@odoo/hoot";
import {queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Limits extends models.Model {
    _name = "limits";

    name = fields.Char();
    is_small = fields.Boolean();
    lifecycle_regular_count = fields.Integer();
    lifecycle_basis = fields.Selection({
        selection: [
            ["sale", "Orders"],
            ["invoice", "Invoices"],
        ],
    });

    _records = [
        {
            id: 1,
            name: "Small",
            is_small: true,
            lifecycle_regular_count: 3,
            lifecycle_basis: "sale",
        },
        {
            id: 2,
            name: "Big",
            is_small: false,
            lifecycle_regular_count: 3,
            lifecycle_basis: "sale",
        },
    ];
}

defineMailModels();
defineModels([Limits]);

const PLACES = [
    {key: "working", name: "Working", color: 1},
    {key: "regular", name: "Regular", color: 2},
    {key: false, name: "Not in the base", color: 0},
];
const RESULT = {
    customers: 12,
    currency_id: false,
    tables: [
        {
            kind: "stages",
            title: "Stages",
            moved: 3,
            places: PLACES,
            cells: [
                {from: "working", to: "working", count: 9, revenue: 900},
                {from: "working", to: "regular", count: 2, revenue: 1500},
                {from: false, to: "working", count: 1, revenue: 0},
            ],
        },
        {kind: "classes", title: "ABC classes", moved: 0, places: [], cells: []},
    ],
};

function answer(result = RESULT) {
    onRpc("res.company", "lifecycle_what_if", ({args}) => {
        expect.step(args[1]);
        return result;
    });
}

function mountLimits(resId, auto = "") {
    return mountView({
        type: "form",
        resModel: "limits",
        resId,
        arch: `
            <form>
                <field name="name"/>
                <field name="is_small"/>
                <field name="lifecycle_regular_count"/>
                <field name="lifecycle_basis"/>
                <widget name="lifecycle_what_if" ${auto}/>
            </form>`,
    });
}

const VALUES = {lifecycle_basis: "sale", lifecycle_regular_count: 3};

test("waits for the button, and takes the unsaved settings", async () => {
    answer();
    await mountLimits(1);
    await advanceTime(2000);
    expect.verifySteps([]);
    await contains(".o_field_widget[name=lifecycle_regular_count] input").edit("5");
    await contains(".o_lifecycle_what_if .btn-secondary").click();
    expect.verifySteps([{...VALUES, lifecycle_regular_count: 5}]);
});

test("shows only the places where somebody is or would be", async () => {
    answer();
    await mountLimits(1);
    await contains(".o_lifecycle_what_if .btn-secondary").click();
    expect.verifySteps([VALUES]);
    const table = ".o_lifecycle_what_if section[data-kind=stages]";
    expect(`${table} small:first`).toHaveText("3 of 12 customers move");
    expect(queryAllTexts(`${table} thead th`).slice(1)).toEqual(["Working", "Regular"]);
    expect(queryAllTexts(`${table} tbody th`)).toEqual(["Working", "Not in the base"]);
    expect(queryAllTexts(`${table} td`).map((text) => text.split("\n")[0])).toEqual([
        "9",
        "2",
        "1",
        "",
    ]);
    expect(`${table} .o_lifecycle_what_if_moved`).toHaveCount(2);
    expect(".o_lifecycle_what_if section").toHaveCount(1, {
        message: "an empty table is not shown",
    });
});

test("says when the settings changed since", async () => {
    answer();
    await mountLimits(1);
    await contains(".o_lifecycle_what_if .btn-secondary").click();
    expect(".o_lifecycle_what_if .text-warning").toHaveCount(0);
    await contains(".o_field_widget[name=lifecycle_regular_count] input").edit("5");
    expect(".o_lifecycle_what_if .text-warning").toHaveCount(1);
    await contains(".o_lifecycle_what_if .btn-secondary").click();
    expect(".o_lifecycle_what_if .text-warning").toHaveCount(0);
    expect.verifySteps([VALUES, {...VALUES, lifecycle_regular_count: 5}]);
});

test("a cell leads to its customers, with the settings it was calculated from", async () => {
    answer();
    onRpc("res.company", "lifecycle_what_if_customers", ({args}) => {
        expect.step(args.slice(1));
        return {type: "ir.actions.act_window", name: "Cell"};
    });
    mockService("action", {
        doAction(action) {
            expect.step(action.name);
        },
    });
    await mountLimits(1);
    await contains(".o_lifecycle_what_if .btn-secondary").click();
    await contains(".o_field_widget[name=lifecycle_regular_count] input").edit("5");
    await contains(".o_lifecycle_what_if_moved button:first").click();
    expect.verifySteps([VALUES, [VALUES, "stages", "working", "regular"], "Cell"]);
});

test("a contradiction is said on the page", async () => {
    answer({message: "Regular From is above Proven Partner From"});
    await mountLimits(1);
    await contains(".o_lifecycle_what_if .btn-secondary").click();
    expect.verifySteps([VALUES]);
    expect(".o_lifecycle_what_if .alert").toHaveText(
        "Regular From is above Proven Partner From"
    );
    expect(".o_lifecycle_what_if section").toHaveCount(0);
});

test("a small base follows every change, a big one waits", async () => {
    answer();
    await mountLimits(1, `auto="is_small"`);
    await advanceTime(700);
    expect.verifySteps([VALUES]);
    await contains(".o_field_widget[name=lifecycle_regular_count] input").edit("4");
    await contains(".o_field_widget[name=lifecycle_regular_count] input").edit("5");
    await advanceTime(700);
    expect.verifySteps([{...VALUES, lifecycle_regular_count: 5}]);
    await contains(".o_field_widget[name=name] input").edit("Other");
    await advanceTime(700);
    expect.verifySteps([]);
});

test("a big base is calculated when asked for", async () => {
    answer();
    await mountLimits(2, `auto="is_small"`);
    await advanceTime(2000);
    expect.verifySteps([]);
    expect(queryOne(".o_lifecycle_what_if .btn-secondary")).toBeEnabled();
});
