import {Component, onWillStart, useState} from "@odoo/owl";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/**
 * Scores many customers or leads at once: a row each, criteria across. Every choice
 * is saved at once; a row that is complete can be finished.
 *
 * The choices are native `select` elements: they work with keyboard and finger alike.
 */
export class ScoreGrid extends Component {
    static template = "crm_lifecycle_kam.ScoreGrid";
    static components = {ControlPanel};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({grids: [], finished: {}});
        const {model, ids} = this.props.action.params || {};
        this.display = {controlPanel: {}};
        onWillStart(async () => {
            // Reloading the page loses what was chosen
            if (ids && ids.length) {
                this.state.grids = await this.orm.call("crm.scorecard", "get_grid", [
                    model,
                    ids,
                ]);
            }
        });
    }

    get help() {
        return _t(
            "Choose a score in each cell; it is saved at once. A row counts when it is complete and finished."
        );
    }

    /**
     * @param {Object} grid
     * @returns {Number[]} the scores one can choose
     */
    scores(grid) {
        return Array.from({length: grid.scale}, (_item, index) => index + 1);
    }

    /**
     * @param {Object} grid
     * @returns {Object[]} dimensions with the number of their columns
     */
    dimensions(grid) {
        const found = [];
        for (const {dimension} of grid.criteria) {
            if (found.length && found.at(-1).name === dimension) {
                found.at(-1).span += 1;
            } else {
                found.push({name: dimension, span: 1});
            }
        }
        return found;
    }

    async onChange(row, criterion, event) {
        const cell = row.scores[criterion.id];
        const before = cell.score;
        const score = Number(event.target.value);
        try {
            const fresh = await this.orm.call("crm.scorecard", "set_score", [
                [row.id],
                cell.id,
                score,
            ]);
            Object.assign(row, fresh);
        } catch (error) {
            event.target.value = before;
            throw error;
        }
    }

    async onFinish(row) {
        await this.orm.call("crm.scorecard", "action_finish", [[row.id]]);
        this.state.finished[row.id] = true;
        this.notification.add(_t("%(name)s is scored.", {name: row.name}), {
            type: "success",
        });
    }

    onOpen(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.scorecard",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    /**
     * @param {Number} total
     * @returns {String} with the decimal sign of the reader's language
     */
    points(total) {
        return formatFloat(total, {digits: [16, 1]});
    }

    percent(share) {
        return Math.round(share * 100);
    }
}

registry.category("actions").add("crm_lifecycle_kam.score_grid", ScoreGrid);
