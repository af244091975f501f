import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {queryAllTexts} from "@odoo/hoot-dom";

class Card extends models.Model {
    _name = "card";

    path = fields.Json();

    _records = [
        {
            id: 1,
            path: [
                {
                    name: "Working",
                    color: 4,
                    date: "2026-01-10",
                    days: 60,
                    why: "First purchase",
                    current: false,
                },
                {
                    name: "Regular",
                    color: 10,
                    date: "2026-03-11",
                    days: 9,
                    why: "Third purchase",
                    current: true,
                },
            ],
        },
        {
            id: 2,
            path: [
                {
                    name: "Potential",
                    color: 1,
                    date: "2026-03-20",
                    days: 0,
                    why: "",
                    current: true,
                },
            ],
        },
        {id: 3, path: []},
    ];
}

defineMailModels();
defineModels([Card]);

function mountCard(resId) {
    return mountView({
        type: "form",
        resModel: "card",
        resId,
        arch: `<form><field name="path" widget="lifecycle_stage_path"/></form>`,
    });
}

test("stages with their colours, days and reasons", async () => {
    await mountCard(1);
    expect(queryAllTexts(".o_lifecycle_stage_path .badge")).toEqual([
        "Working",
        "Regular",
    ]);
    expect(".o_lifecycle_stage_path .badge:first").toHaveClass("o_badge_color_4");
    expect(queryAllTexts(".o_lifecycle_stage_path .small")).toEqual([
        "01/10/2026",
        "for 60 days",
        "03/11/2026",
        "for 9 days now",
    ]);
    expect("li:eq(1)").toHaveAttribute("title", "Third purchase");
    expect(".fa-long-arrow-right").toHaveCount(1);
});

test("a stage that began today", async () => {
    await mountCard(2);
    expect(queryAllTexts(".o_lifecycle_stage_path .small")).toEqual([
        "03/20/2026",
        "since today",
    ]);
    expect(".fa-long-arrow-right").toHaveCount(0);
});

test("no path without a change of stage", async () => {
    await mountCard(3);
    expect(".o_lifecycle_stage_path").toHaveCount(0);
});
