import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/**
 * What is missing among the people who decide, each gap with what closes it.
 */
export class DmuGapsField extends Component {
    static template = "crm_lifecycle_kam.DmuGapsField";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get value() {
        return this.props.record.data[this.props.name] || {gaps: []};
    }

    get gaps() {
        return this.value.gaps;
    }

    get coverage() {
        return this.value.coverage;
    }

    get hasCoverage() {
        return typeof this.coverage === "number";
    }

    async plan(gap) {
        const {record} = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "action_plan_dmu_gap", [
            [record.resId],
            gap.id,
        ]);
        await this.action.doAction(action, {onClose: () => record.load()});
    }
}

export const dmuGapsField = {
    component: DmuGapsField,
    displayName: _t("Gaps among the people who decide"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("dmu_gaps", dmuGapsField);
