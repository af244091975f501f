import {Component, useEffect, xml} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const EVERY = 2000;

/** Reads the record again every two seconds as long as one of its fields says so. */
export class LifecycleRefresh extends Component {
    static template = xml`<t/>`;
    static props = {...standardWidgetProps, while: String};

    setup() {
        useEffect(
            (isOn) => {
                if (!isOn) {
                    return;
                }
                const timer = browser.setInterval(() => this.refresh(), EVERY);
                return () => browser.clearInterval(timer);
            },
            () => [Boolean(this.props.record.data[this.props.while])]
        );
    }

    async refresh() {
        const {record} = this.props;
        if (!this.isReading && !(await record.isDirty())) {
            this.isReading = true;
            try {
                await record.load();
            } finally {
                this.isReading = false;
            }
        }
    }
}

registry.category("view_widgets").add("lifecycle_refresh", {
    component: LifecycleRefresh,
    extractProps: ({attrs}) => ({while: attrs.while}),
    fieldDependencies: ({attrs}) => [
        {name: attrs.while, type: "boolean", readonly: true},
    ],
});
