import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;

/**
 * Shows the stages a customer went through, with the days they began. The value is
 * that of the field `stage_path` of a customer card.
 */
export class StagePathField extends Component {
    static template = "crm_lifecycle.StagePathField";
    static props = {...standardFieldProps};

    get steps() {
        const path = this.props.record.data[this.props.name] || [];
        return path.map((step, index) => ({
            ...step,
            key: index,
            since: formatDate(DateTime.fromISO(step.date)),
            lasted: this.getDuration(step),
        }));
    }

    getDuration({current, days}) {
        if (current && !days) {
            return _t("since today");
        }
        return current
            ? _t("for %(days)s days now", {days})
            : _t("for %(days)s days", {days});
    }
}

export const stagePathField = {
    component: StagePathField,
    displayName: _t("Path through the stages"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("lifecycle_stage_path", stagePathField);
