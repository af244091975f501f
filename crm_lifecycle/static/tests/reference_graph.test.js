import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {
    getChart,
    selectMode,
    setupChartJsForTests,
} from "@web/../tests/views/graph/graph_test_helpers";
import {REFERENCES} from "@crm_lifecycle/reference_graph/reference_graph_view";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Month extends models.Model {
    _name = "month";

    name = fields.Char();
    existing_share = fields.Float({aggregator: "avg"});
    revenue = fields.Float({aggregator: "sum"});

    _records = [
        {id: 1, name: "May", existing_share: 0.5, revenue: 10},
        {id: 2, name: "June", existing_share: 0.9, revenue: 30},
    ];
}

defineMailModels();
defineModels([Month]);
setupChartJsForTests();

function mountGraph(measure) {
    return mountView({
        type: "graph",
        resModel: "month",
        arch: `
            <graph type="bar" js_class="crm_lifecycle_reference_graph">
                <field name="name"/>
                <field name="${measure}" type="measure"/>
            </graph>`,
    });
}

test("the usual value is a line over the bars", async () => {
    const view = await mountGraph("existing_share");
    const [bars, line] = getChart(view).data.datasets;
    expect(bars.data).toEqual([0.9, 0.5]);
    expect(line.type).toBe("line");
    expect(line.data).toEqual([0.8, 0.8]);
    expect(line.label).toBe(REFERENCES.existing_share.label.toString());
});

test("a measure without a usual value has no line", async () => {
    const view = await mountGraph("revenue");
    expect(getChart(view).data.datasets.length).toBe(1);
});

test("other sorts of graph show the figures alone", async () => {
    const view = await mountGraph("existing_share");
    await selectMode("line");
    expect(getChart(view).data.datasets.length).toBe(1);
});
