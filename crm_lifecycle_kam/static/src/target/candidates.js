/* global Chart */

import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {getCustomColor, hexToRGBA} from "@web/core/colors/colors";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {_t} from "@web/core/l10n/translation";
import {cookie} from "@web/core/browser/cookie";
import {formatCurrency} from "@web/core/currency";
import {formatFloat} from "@web/core/utils/numbers";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const SUBJECTS = ["crm.lifecycle.profile", "crm.lead"];
const COLORS = {
    fits: ["#198754", "#5fbf8f"],
    doubtful: ["#b7791f", "#e6b35c"],
    misfit: ["#c0392b", "#ff8a7a"],
};
const MIN_RADIUS = 5;
const MAX_RADIUS = 28;
const LISTED = 25;

/**
 * Ranks customers or leads: fit across, value upwards, potential as size; beside it
 * the best ones by the product of the three.
 */
export class Candidates extends Component {
    static template = "crm_lifecycle_kam.Candidates";
    static components = {ControlPanel};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvasRef = useRef("canvas");
        this.chart = null;
        this.display = {controlPanel: {}};
        this.state = useState({model: SUBJECTS[0], data: null});
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
        useEffect(
            () => this.renderChart(),
            () => [this.state.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get subjects() {
        return [
            {model: SUBJECTS[0], label: _t("Customers")},
            {model: SUBJECTS[1], label: _t("Leads")},
        ];
    }

    get best() {
        return this.state.data.bubbles.slice(0, LISTED);
    }

    get valueLabel() {
        return this.state.model === SUBJECTS[0]
            ? _t("Revenue of the window")
            : _t("Expected revenue");
    }

    async load() {
        this.state.data = await this.orm.call("crm.scorecard", "get_bubbles", [
            this.state.model,
            [],
        ]);
    }

    onChoose(model) {
        this.state.model = model;
        return this.load();
    }

    onOpen(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.state.model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    formatFit(fit) {
        return formatFloat(fit, {digits: [16, 1]});
    }

    formatAmount(amount) {
        return formatCurrency(amount, this.state.data.currency_id, {
            digits: [16, 0],
            humanReadable: true,
            minDigits: 2,
        });
    }

    renderChart() {
        this.chart?.destroy();
        this.chart = null;
        if (this.canvasRef.el) {
            this.chart = new Chart(this.canvasRef.el, this.getConfig());
        }
    }

    /**
     * @returns {Object} configuration of Chart.js
     */
    getConfig() {
        const scheme = cookie.get("color_scheme");
        const label = getCustomColor(scheme, "#111827", "#E4E4E4");
        const grid = getCustomColor(scheme, "#e5e7eb", "#3C3E4B");
        const {bubbles} = this.state.data;
        const most = Math.max(...bubbles.map(({potential}) => potential), 0);
        const titles = {
            fits: _t("Fits"),
            doubtful: _t("Doubtful"),
            misfit: _t("Does not fit"),
        };
        const datasets = Object.entries(COLORS).map(([verdict, [light, dark]]) => {
            const color = getCustomColor(scheme, light, dark);
            return {
                label: titles[verdict],
                backgroundColor: hexToRGBA(color, 0.55),
                borderColor: color,
                data: bubbles
                    .filter((bubble) => bubble.verdict === verdict)
                    .map((bubble) => ({
                        x: bubble.fit,
                        y: bubble.value,
                        // The area tells the potential
                        r:
                            MIN_RADIUS +
                            (MAX_RADIUS - MIN_RADIUS) *
                                Math.sqrt(most ? bubble.potential / most : 0),
                        bubble,
                    })),
            };
        });
        return {
            type: "bubble",
            data: {datasets},
            options: {
                animation: false,
                maintainAspectRatio: false,
                onClick: (_event, [element]) => {
                    if (element) {
                        const {datasetIndex, index} = element;
                        this.onOpen(datasets[datasetIndex].data[index].bubble.id);
                    }
                },
                plugins: {
                    legend: {labels: {color: label}},
                    tooltip: {
                        callbacks: {label: ({raw}) => this.describe(raw.bubble)},
                    },
                },
                scales: {
                    x: {
                        min: 0,
                        max: 100,
                        title: {display: true, text: _t("Fit"), color: label},
                        grid: {color: grid},
                        ticks: {color: label},
                    },
                    y: {
                        beginAtZero: true,
                        title: {display: true, text: this.valueLabel, color: label},
                        grid: {color: grid},
                        ticks: {
                            color: label,
                            callback: (value) => this.formatAmount(value),
                        },
                    },
                },
            },
        };
    }

    describe({name, fit, value, potential}) {
        return _t("%(name)s: fit %(fit)s, revenue %(value)s, potential %(potential)s", {
            name,
            fit: this.formatFit(fit),
            value: this.formatAmount(value),
            potential: potential ? this.formatAmount(potential) : _t("unknown"),
        });
    }
}

registry.category("actions").add("crm_lifecycle_kam.candidates", Candidates);
