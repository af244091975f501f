import {GraphModel} from "@web/views/graph/graph_model";
import {_t} from "@web/core/l10n/translation";
import {graphView} from "@web/views/graph/graph_view";
import {registry} from "@web/core/registry";

// Figures that have a usual value by one of the sources, and what the line is called
export const REFERENCES = {
    existing_share: {
        value: 0.8,
        label: _t("80 %: four-stage model"),
    },
};

/**
 * Shows the usual value of the measure as a line over the bars.
 */
export class ReferenceGraphModel extends GraphModel {
    _getLineOverlayDataset() {
        const reference = REFERENCES[this.metaData.measure];
        if (!reference) {
            return super._getLineOverlayDataset();
        }
        const {labels} = this.data;
        return {
            label: reference.label.toString(),
            data: labels.map(() => reference.value),
            trueLabels: labels.map(() => reference.label.toString()),
        };
    }
}

registry.category("views").add("crm_lifecycle_reference_graph", {
    ...graphView,
    Model: ReferenceGraphModel,
});
