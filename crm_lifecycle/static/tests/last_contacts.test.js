import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Line extends models.Model {
    _name = "line";

    last_contacts = fields.Json();

    _records = [
        {
            id: 1,
            last_contacts: [
                {
                    channel_id: 1,
                    channel: "Call",
                    icon: "fa-phone",
                    day: "2026-03-09",
                    counts: true,
                },
                {
                    channel_id: 3,
                    channel: "E-mail",
                    icon: "fa-envelope",
                    day: "2026-11-20",
                    counts: false,
                },
            ],
        },
        {id: 2, last_contacts: false},
    ];
}

defineMailModels();
defineModels([Line]);

test("each channel with its day, those the rule asks for in bold", async () => {
    await mountView({
        type: "list",
        resModel: "line",
        arch: `<list><field name="last_contacts" widget="crm_lifecycle_last_contacts"/></list>`,
    });
    expect(".o_data_row:eq(0) .o_lifecycle_last_contacts > span").toHaveCount(2);
    expect(".o_data_row:eq(0) .fw-bold").toHaveText("03/09/2026");
    expect(".o_data_row:eq(0) .fw-bold .fa-phone").toHaveCount(1);
    expect(".o_data_row:eq(0) .text-muted").toHaveText("11/20/2026");
    expect(".o_data_row:eq(0) .text-muted i").toHaveAttribute("aria-label", "E-mail");
    expect(".o_data_row:eq(1) .o_lifecycle_last_contacts > span").toHaveCount(0);
});
