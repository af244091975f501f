import {beforeEach, expect, test} from "@odoo/hoot";
import {
    defineModels,
    fields,
    findComponent,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {PurchaseTimelineField} from "@crm_lifecycle/purchase_timeline/purchase_timeline_field";
import {animationFrame} from "@odoo/hoot-mock";
import {currencies} from "@web/core/currency";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {setupChartJsForTests} from "@web/../tests/views/graph/graph_test_helpers";

const TIMELINE = {
    days: [
        ["2026-01-10", 100, 1],
        ["2026-02-09", 150, 2],
        ["2026-03-11", 50, 1],
    ],
    more: false,
    today: "2026-03-20",
    last: "2026-03-11",
    expected: "2026-04-10",
    limit: "2026-09-07",
    rhythm: 30,
    average: 75,
    currency_id: 1,
};

class Card extends models.Model {
    _name = "card";

    name = fields.Char();
    timeline = fields.Json();

    _records = [
        {id: 1, name: "Bought", timeline: TIMELINE},
        {id: 2, name: "Never bought", timeline: false},
        {
            id: 3,
            name: "Lost",
            timeline: {
                ...TIMELINE,
                days: TIMELINE.days.slice(0, 1),
                more: true,
                rhythm: 0,
                expected: null,
                limit: "2026-03-01",
            },
        },
    ];
}

defineMailModels();
defineModels([Card]);
setupChartJsForTests();

beforeEach(() => {
    patchWithCleanup(currencies, {
        1: {symbol: "€", position: "after", digits: [69, 2]},
    });
});

async function mountCard(resId, options = {}) {
    const view = await mountView({
        type: "form",
        resModel: "card",
        resId,
        arch: `
            <form>
                <field name="name"/>
                <field name="timeline" widget="lifecycle_purchase_timeline"/>
            </form>`,
        ...options,
    });
    return findComponent(
        view,
        (component) => component instanceof PurchaseTimelineField
    );
}

test("purchases are bars on the days they were made", async () => {
    const field = await mountCard(1);
    const {data, scales, config} = field.chart;
    expect(data.datasets[0].data.map(({y}) => y)).toEqual([100, 150, 50]);
    const [first, second, third] = data.datasets[0].data.map(({x}) => x);
    expect(Math.round((second - first) / 86400000)).toBe(30);
    expect(scales.x.min).toBeLessThan(first);
    expect(scales.x.max).toBeGreaterThan(third);
    expect(config.plugins.map(({id}) => id)).toEqual(["lifecycleMarks"]);
    // The expected purchase is drawn, the distant limit only said
    const moment = (day) => new Date(`${day}T00:00:00`).getTime();
    expect(scales.x.max).toBeGreaterThan(moment(TIMELINE.expected));
    expect(scales.x.max).toBeLessThan(moment(TIMELINE.limit));
});

test("what is expected and what is allowed is said below", async () => {
    await mountCard(1);
    expect(queryAllTexts(".o_lifecycle_timeline_legend > span")).toEqual([
        "Buys every 30 days",
        "Today: 03/20/2026",
        "Expected next purchase: 04/10/2026",
        "Silence is allowed until: 09/07/2026",
    ]);
    expect("[role=img]").toHaveAttribute(
        "aria-label",
        "Today: 03/20/2026; Expected next purchase: 04/10/2026; " +
            "Silence is allowed until: 09/07/2026"
    );
});

test("without a rhythm nothing is expected, and marks are in the order of time", async () => {
    await mountCard(3);
    expect(queryAllTexts(".o_lifecycle_timeline_legend > span")).toEqual([
        "No rhythm yet: it takes three purchase days",
        "Silence is allowed until: 03/01/2026",
        "Today: 03/20/2026",
        "Older purchases are not shown.",
    ]);
});

test("a tooltip says day, amount and number of purchases", async () => {
    const field = await mountCard(1);
    const {title, label} = field.getTooltipCallbacks();
    const [single, twice] = field.chart.data.datasets[0].data;
    expect(title([{parsed: single}])).toBe("01/10/2026");
    expect(label({raw: single})).toBe("100.00\u00a0€");
    expect(label({raw: twice})).toBe("150.00\u00a0€ in 2 purchases");
});

test("a customer who never bought gets a sentence", async () => {
    const field = await mountCard(2);
    expect(field.chart).toBe(null);
    expect("canvas").toHaveCount(0);
    expect(".o_lifecycle_timeline_empty").toHaveCount(1);
});

test("the next card has its own chart", async () => {
    onRpc("web_read", ({args}) => expect.step(args[0][0]));
    const field = await mountCard(1, {resIds: [1, 3]});
    await click(".o_pager_next");
    await animationFrame();
    await animationFrame();
    expect.verifySteps([1, 3]);
    expect(field.chart.data.datasets[0].data.map(({y}) => y)).toEqual([100]);
});
