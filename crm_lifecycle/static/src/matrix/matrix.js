import {Component, onWillStart, useState} from "@odoo/owl";
import {ListController} from "@web/views/list/list_controller";
import {_t} from "@web/core/l10n/translation";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * The cells of the matrix as a grid: ABC classes down, potential classes across, in
 * each cell the category it leads to. A choice is saved at once.
 *
 * The choices are native `select` elements: they work with keyboard and finger alike.
 */
export class LifecycleMatrixRenderer extends Component {
    static template = "crm_lifecycle.Matrix";
    static props = ["*"];

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({saving: 0});
        onWillStart(async () => {
            this.categories = await this.orm.searchRead(
                "crm.lifecycle.category",
                [],
                ["name", "color", "code"]
            );
        });
    }

    get rows() {
        return this.props.list.fields.abc_class.selection;
    }

    get columns() {
        return this.props.list.fields.potential_class.selection;
    }

    get isReadonly() {
        return Boolean(this.props.readonly);
    }

    get help() {
        return _t(
            "What the customer buys (ABC class, downwards) and what it could buy (potential, across) give its category. Choose one in each cell; it is saved at once."
        );
    }

    record(abcClass, potentialClass) {
        return this.props.list.records.find(
            ({data}) =>
                data.abc_class === abcClass && data.potential_class === potentialClass
        );
    }

    color(record) {
        const {id} = record.data.category_id;
        return this.categories.find((category) => category.id === id)?.color || 0;
    }

    /**
     * What the cell may lead to: A, B, C and categories of one's own. The others are
     * given by a flag or a stage, so they are offered only where they stand already.
     */
    choices(record) {
        const current = record.data.category_id;
        const choices = this.categories.filter(
            ({id, code}) => !code || ["a", "b", "c"].includes(code) || id === current.id
        );
        if (!choices.some(({id}) => id === current.id)) {
            choices.push({id: current.id, name: current.display_name});
        }
        return choices;
    }

    label(row, column) {
        return _t("ABC class %(row)s, potential %(column)s", {
            row: row[1],
            column: column[1],
        });
    }

    async choose(record, ev) {
        const id = Number(ev.target.value);
        const category = this.categories.find((choice) => choice.id === id);
        this.state.saving++;
        try {
            await record.update({category_id: {id, display_name: category.name}});
            const isSaved = await record.save();
            if (!isSaved) {
                await record.discard();
            }
        } finally {
            this.state.saving--;
        }
        if (!this.state.saving) {
            this.notification.add(
                _t("The categories of the customers follow within minutes."),
                {title: _t("Saved"), type: "success"}
            );
        }
    }
}

/** Nothing to search for: the grid is always whole. */
export class LifecycleMatrixController extends ListController {
    get display() {
        const {controlPanel, ...display} = super.display;
        return {...display, controlPanel: {...controlPanel, layoutActions: false}};
    }
}

registry.category("views").add("lifecycle_matrix", {
    ...listView,
    Controller: LifecycleMatrixController,
    Renderer: LifecycleMatrixRenderer,
    searchMenuTypes: [],
});
