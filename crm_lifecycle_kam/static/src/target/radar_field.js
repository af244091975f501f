/* global Chart */

import {getCustomColor, hexToRGBA} from "@web/core/colors/colors";
import {Component, onWillStart, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {cookie} from "@web/core/browser/cookie";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const MAX_LABEL = 24;

/**
 * Draws a scorecard as a radar: this card, the card before and the wanted customer.
 * The value is that of the field `radar` of a scorecard.
 */
export class RadarField extends Component {
    static template = "crm_lifecycle_kam.RadarField";
    static props = {...standardFieldProps};

    setup() {
        this.canvasRef = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.renderChart(),
            () => [JSON.stringify(this.radar)]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get radar() {
        return this.props.record.data[this.props.name] || null;
    }

    /**
     * Two axes make no area: they are told in the list of the scores.
     */
    get isDrawn() {
        return this.radar && this.radar.labels.length > 2;
    }

    /**
     * The picture in words, for those who cannot see it.
     */
    get summary() {
        const {labels, current} = this.radar;
        return labels
            .map((label, index) => `${label}: ${Math.round(current[index] || 0)}`)
            .join("; ");
    }

    renderChart() {
        this.chart?.destroy();
        this.chart = null;
        if (this.isDrawn && this.canvasRef.el) {
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
        const colors = {
            current: getCustomColor(scheme, "#71639e", "#a99fd0"),
            previous: getCustomColor(scheme, "#6b7280", "#b1b3bc"),
            wanted: getCustomColor(scheme, "#198754", "#5fbf8f"),
        };
        const titles = {
            current: _t("This card"),
            previous: _t("Card before"),
            wanted: _t("Wanted"),
        };
        const {labels} = this.radar;
        return {
            type: "radar",
            data: {
                labels: labels.map((name) =>
                    name.length > MAX_LABEL ? `${name.slice(0, MAX_LABEL - 1)}…` : name
                ),
                datasets: ["current", "previous", "wanted"]
                    .filter((name) => this.radar[name].length)
                    .map((name) => ({
                        label: titles[name],
                        data: this.radar[name].map((value) => value ?? 0),
                        borderColor: colors[name],
                        backgroundColor: hexToRGBA(
                            colors[name],
                            name === "current" ? 0.2 : 0
                        ),
                        borderDash: name === "wanted" ? [6, 4] : [],
                        borderWidth: 2,
                        pointRadius: name === "current" ? 3 : 0,
                    })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {legend: {labels: {color: label}}},
                scales: {
                    r: {
                        min: 0,
                        max: 100,
                        grid: {color: grid},
                        angleLines: {color: grid},
                        pointLabels: {color: label},
                        ticks: {stepSize: 25, display: false},
                    },
                },
            },
        };
    }
}

export const radarField = {
    component: RadarField,
    displayName: _t("Radar"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("lifecycle_radar", radarField);
