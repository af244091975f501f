import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * The contacts made with a customer, the latest first, with filters by channel and by
 * who began them; and who of us has met whom.
 */
export class Timeline extends Component {
    static template = "crm_lifecycle.Timeline";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            channelId: null,
            direction: null,
            channels: [],
            lines: [],
            total: 0,
            people: [],
            loaded: false,
        });
        this.shown = "";
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((props) => this.load(props.record));
    }

    /** The directions to choose from. */
    get directions() {
        return [
            {value: "out", label: _t("Begun by us")},
            {value: "in", label: _t("Begun by the customer")},
        ];
    }

    /** Load anew when another customer is shown, or something was logged. */
    async load(record) {
        const data = record.data;
        const shown = [record.resId, data.touchpoint_count].join();
        if (!record.resId || shown === this.shown) {
            return;
        }
        this.shown = shown;
        if (this.profileId !== record.resId) {
            // Filters were chosen for the customer shown before
            Object.assign(this.state, {channelId: null, direction: null});
        }
        this.profileId = record.resId;
        const [people] = await Promise.all([
            this.orm.call("crm.touchpoint", "get_acquaintances", [this.profileId]),
            this.fetch(),
        ]);
        this.state.people = people;
        this.state.loaded = true;
    }

    async fetch(offset = 0) {
        const result = await this.orm.call("crm.touchpoint", "get_timeline", [
            this.profileId,
            this.state.channelId,
            this.state.direction,
            offset,
        ]);
        this.state.channels = result.channels;
        this.state.total = result.total;
        this.state.lines = offset
            ? [...this.state.lines, ...result.lines]
            : result.lines;
    }

    toggleChannel(id) {
        this.state.channelId = this.state.channelId === id ? null : id;
        return this.fetch();
    }

    toggleDirection(value) {
        this.state.direction = this.state.direction === value ? null : value;
        return this.fetch();
    }

    more() {
        return this.fetch(this.state.lines.length);
    }

    open(line) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.touchpoint",
            res_id: line.id,
            views: [[false, "form"]],
        });
    }
}

export const timeline = {
    component: Timeline,
    fieldDependencies: [{name: "touchpoint_count", type: "integer"}],
};

registry.category("view_widgets").add("crm_lifecycle_timeline", timeline);
