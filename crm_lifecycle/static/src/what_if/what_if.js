import {Component, onWillUnmount, useEffect, useState} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {KeepLast} from "@web/core/utils/concurrency";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

const PREFIX = "lifecycle_";
const PATIENCE = 600;

/**
 * What the unsaved settings of the form would change: from where to where, how many
 * customers with what revenue. A cell leads to its customers.
 *
 * It takes every `lifecycle_*` field of the record; the server picks those that matter.
 */
export class LifecycleWhatIf extends Component {
    static template = "crm_lifecycle.WhatIf";
    static props = {
        ...standardWidgetProps,
        // Name of a field that says whether to calculate without being asked
        auto: {type: String, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({busy: false, message: "", result: null, key: ""});
        this.calculateSoon = useDebounced(() => this.calculate(), PATIENCE);
        useEffect(
            (key, isAuto) => {
                if (isAuto && key !== this.state.key) {
                    this.calculateSoon();
                }
            },
            () => [this.key, this.isAuto]
        );
        onWillUnmount(() => this.calculateSoon.cancel());
    }

    get isAuto() {
        return Boolean(this.props.auto && this.props.record.data[this.props.auto]);
    }

    /** The settings on the page, as the server takes them. */
    get values() {
        const {data, fields} = this.props.record;
        const values = {};
        for (const name of Object.keys(data).sort()) {
            const type = fields[name]?.type;
            if (
                name.startsWith(PREFIX) &&
                ["integer", "float", "monetary", "boolean", "selection"].includes(type)
            ) {
                values[name] = data[name];
            }
        }
        return values;
    }

    get companyId() {
        const {resModel, resId, data} = this.props.record;
        if (resModel === "res.company") {
            return resId;
        }
        return data.company_id?.id || user.activeCompany.id;
    }

    /** Tells one set of settings from another. */
    get key() {
        return JSON.stringify([this.companyId, this.values]);
    }

    get isStale() {
        return Boolean(this.state.result) && this.state.key !== this.key;
    }

    get tables() {
        return this.state.result.tables.map((table) => {
            const cells = new Map(
                table.cells.map((cell) => [`${cell.from}/${cell.to}`, cell])
            );
            const from = new Set(table.cells.map((cell) => cell.from));
            const to = new Set(table.cells.map((cell) => cell.to));
            return {
                ...table,
                columns: table.places.filter((place) => to.has(place.key)),
                rows: table.places
                    .filter((place) => from.has(place.key))
                    .map((place) => ({...place, cells})),
            };
        });
    }

    get help() {
        return _t(
            "Rows: where the customers are now. Columns: where they would be, with the revenue of the window. Press a number to see its customers."
        );
    }

    cell(row, column) {
        return row.cells.get(`${row.key}/${column.key}`);
    }

    cellTitle(row, column) {
        if (row.key === column.key) {
            return _t("Stay where they are: open the customers");
        }
        return _t("From %(old)s to %(new)s: open the customers", {
            old: row.name,
            new: column.name,
        });
    }

    movedText(table) {
        if (!table.moved) {
            return _t("nobody moves");
        }
        return _t("%(moved)s of %(customers)s customers move", {
            moved: formatInteger(table.moved),
            customers: formatInteger(this.state.result.customers),
        });
    }

    count(cell) {
        return formatInteger(cell.count);
    }

    revenue(cell) {
        return formatCurrency(cell.revenue, this.state.result.currency_id, {
            digits: [16, 0],
        });
    }

    async calculate() {
        this.calculateSoon.cancel();
        // The number being typed has to reach the record first
        await this.props.record.isDirty();
        const {key, values, companyId} = this;
        Object.assign(this.state, {busy: true, message: ""});
        try {
            const answer = await this.keepLast.add(
                this.orm.call("res.company", "lifecycle_what_if", [[companyId], values])
            );
            // Settings that contradict each other are said on the page, not in a
            // dialog: the reader is in the middle of typing them
            const message = answer.message || "";
            Object.assign(this.state, {result: message ? null : answer, message, key});
        } finally {
            this.state.busy = false;
        }
    }

    /** List the customers of a cell, over the page with its unsaved settings. */
    async openCell(kind, cell) {
        const [companyId, values] = JSON.parse(this.state.key);
        const action = await this.orm.call(
            "res.company",
            "lifecycle_what_if_customers",
            [[companyId], values, kind, cell.from, cell.to]
        );
        await this.action.doAction(action);
    }
}

registry.category("view_widgets").add("lifecycle_what_if", {
    component: LifecycleWhatIf,
    extractProps: ({attrs}) => ({auto: attrs.auto}),
});
