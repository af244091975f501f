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

const CLASSES = ["a", "b", "c", "none"];
const POTENTIALS = ["high", "medium", "low", "unknown"];

class Category extends models.Model {
    _name = "crm.lifecycle.category";

    name = fields.Char();
    color = fields.Integer();
    code = fields.Char();

    _records = [
        {id: 1, name: "Key", color: 9, code: "key"},
        {id: 2, name: "A", color: 10, code: "a"},
        {id: 3, name: "B", color: 4, code: "b"},
        {id: 4, name: "Own", color: 7, code: false},
    ];
}

class Cell extends models.Model {
    _name = "crm.lifecycle.category.cell";

    abc_class = fields.Selection({
        selection: CLASSES.map((code) => [code, code.toUpperCase()]),
    });
    potential_class = fields.Selection({
        selection: POTENTIALS.map((code) => [code, code]),
    });
    category_id = fields.Many2one({relation: "crm.lifecycle.category"});

    _records = CLASSES.flatMap((abc, row) =>
        POTENTIALS.map((potential, column) => ({
            id: 4 * row + column + 1,
            abc_class: abc,
            potential_class: potential,
            category_id: row ? 3 : 2,
        }))
    );
}

defineMailModels();
defineModels([Category, Cell]);

function mountMatrix(attributes = "") {
    return mountView({
        type: "list",
        resModel: "crm.lifecycle.category.cell",
        arch: `
            <list js_class="lifecycle_matrix" create="0" limit="100" ${attributes}>
                <field name="abc_class"/>
                <field name="potential_class"/>
                <field name="category_id"/>
            </list>`,
    });
}

test("is a grid of four by four in the colours of the categories", async () => {
    await mountMatrix();
    expect(queryAllTexts("thead th").slice(1)).toEqual(POTENTIALS);
    expect(queryAllTexts("tbody th")).toEqual(["A", "B", "C", "NONE"]);
    expect("td[data-cell] select").toHaveCount(16);
    expect(".o_searchview").toHaveCount(0);
    expect("td[data-cell='a/low']").toHaveClass("o_tag_color_10");
    expect("td[data-cell='none/unknown']").toHaveClass("o_tag_color_4");
    expect("td[data-cell='b/high'] select").toHaveValue("3");
    expect("td[data-cell='b/high'] select").toHaveAttribute(
        "aria-label",
        "ABC class B, potential high"
    );
});

test("offers what a cell may lead to", async () => {
    Cell._records[5].category_id = 1;
    await mountMatrix();
    expect(queryAllTexts("td[data-cell='a/high'] option")).toEqual(["A", "B", "Own"]);
    expect(queryAllTexts("td[data-cell='b/medium'] option")).toEqual(
        ["Key", "A", "B", "Own"],
        {message: "what stands there already stays"}
    );
});

test("saves a choice at once, in its cell only", async () => {
    onRpc("crm.lifecycle.category.cell", "web_save", ({args}) => {
        expect.step(args);
    });
    await mountMatrix();
    await contains("td[data-cell='a/medium'] select").select("4");
    expect.verifySteps([[[2], {category_id: 4}]]);
    expect("td[data-cell='a/medium']").toHaveClass("o_tag_color_7");
    expect("td[data-cell='a/high']").toHaveClass("o_tag_color_10");
    expect(".o_notification").toHaveCount(1);
});

test("works with the keyboard", async () => {
    await mountMatrix();
    await contains("td[data-cell='a/high'] select").focus();
    expect("td[data-cell='a/high'] select").toBeFocused();
    expect("td[data-cell='a/high'] select").toHaveProperty("tabIndex", 0);
});

test("shows and changes nothing for those who may not", async () => {
    await mountMatrix(`edit="0"`);
    expect("td[data-cell] select:disabled").toHaveCount(16);
});
