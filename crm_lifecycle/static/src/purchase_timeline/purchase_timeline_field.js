/* global Chart */

import {getCustomColor, hexToRGBA} from "@web/core/colors/colors";
import {Component, onWillStart, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {cookie} from "@web/core/browser/cookie";
import {formatCurrency} from "@web/core/currency";
import {formatDate} from "@web/core/l10n/dates";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;
const DAY = 24 * 60 * 60 * 1000;
const MIN_FUTURE_DAYS = 60;

/**
 * Draws the purchases of a customer over time, with the day the next one is expected
 * and the last day of silence that is allowed. The value is that of the field
 * `purchase_timeline` of a customer card.
 */
export class PurchaseTimelineField extends Component {
    static template = "crm_lifecycle.PurchaseTimelineField";
    static props = {...standardFieldProps};

    setup() {
        this.canvasRef = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.renderChart(),
            () => [JSON.stringify(this.timeline)]
        );
        onWillUnmount(() => this.destroyChart());
    }

    get timeline() {
        return this.props.record.data[this.props.name] || null;
    }

    get colors() {
        const scheme = cookie.get("color_scheme");
        return {
            purchase: getCustomColor(scheme, "#71639e", "#a99fd0"),
            expected: getCustomColor(scheme, "#198754", "#5fbf8f"),
            limit: getCustomColor(scheme, "#c0392b", "#ff8a7a"),
            today: getCustomColor(scheme, "#6b7280", "#b1b3bc"),
            grid: getCustomColor(scheme, "#e5e7eb", "#3C3E4B"),
            label: getCustomColor(scheme, "#111827", "#E4E4E4"),
        };
    }

    /**
     * What is marked in the chart and explained below it, in the order of time.
     */
    get marks() {
        const {expected, limit, today} = this.timeline;
        const marks = [
            {name: "today", day: today, label: _t("Today")},
            {name: "expected", day: expected, label: _t("Expected next purchase")},
            {name: "limit", day: limit, label: _t("Silence is allowed until")},
        ];
        return marks
            .filter((mark) => mark.day)
            .sort((one, other) => one.day.localeCompare(other.day))
            .map((mark) => ({
                ...mark,
                text: this.formatDay(mark.day),
                color: this.colors[mark.name],
            }));
    }

    /**
     * The chart in words, for those who cannot see it.
     */
    get summary() {
        return this.marks.map((mark) => `${mark.label}: ${mark.text}`).join("; ");
    }

    get rhythmText() {
        const {rhythm} = this.timeline;
        return rhythm
            ? _t("Buys every %(days)s days", {days: Math.round(rhythm * 10) / 10})
            : _t("No rhythm yet: it takes three purchase days");
    }

    /**
     * @param {String} day ISO date
     * @returns {Number} milliseconds
     */
    toMoment(day) {
        return DateTime.fromISO(day).toMillis();
    }

    formatDay(day) {
        return formatDate(DateTime.fromISO(day));
    }

    formatAmount(amount, options = {}) {
        return formatCurrency(amount, this.timeline.currency_id, options);
    }

    destroyChart() {
        if (this.chart) {
            this.chart.destroy();
            this.chart = null;
        }
    }

    renderChart() {
        this.destroyChart();
        if (this.timeline && this.canvasRef.el) {
            this.chart = new Chart(this.canvasRef.el, this.getConfig());
        }
    }

    /**
     * @returns {Object} configuration of Chart.js
     */
    getConfig() {
        const {purchase, grid, label} = this.colors;
        const points = this.timeline.days.map(([day, amount, count]) => ({
            x: this.toMoment(day),
            y: amount,
            count,
        }));
        const [first, last] = this.getSpan(points);
        const margin = Math.max((last - first) * 0.03, 3 * DAY);
        return {
            type: "bar",
            data: {
                datasets: [
                    {
                        data: points,
                        backgroundColor: hexToRGBA(purchase, 0.85),
                        barThickness: points.length > 60 ? 3 : 6,
                        minBarLength: 3,
                        grouped: false,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                parsing: false,
                plugins: {
                    legend: {display: false},
                    tooltip: {callbacks: this.getTooltipCallbacks()},
                },
                scales: {
                    x: {
                        type: "time",
                        min: first - margin,
                        max: last + margin,
                        grid: {color: grid, drawOnChartArea: false},
                        ticks: {color: label, maxRotation: 0, autoSkipPadding: 16},
                        time: {minUnit: "day"},
                    },
                    y: {
                        beginAtZero: true,
                        grid: {color: grid},
                        ticks: {
                            color: label,
                            maxTicksLimit: 5,
                            callback: (value) =>
                                this.formatAmount(value, {
                                    digits: [16, 0],
                                    humanReadable: true,
                                    minDigits: 2,
                                }),
                        },
                    },
                },
            },
            plugins: [this.getMarksPlugin()],
        };
    }

    /**
     * The days drawn: the future takes at most as much room as the past, so that a
     * distant limit, which is said below, does not squeeze the purchases together.
     *
     * @param {Object[]} points
     * @returns {Number[]} first and last moment
     */
    getSpan(points) {
        const {today, expected} = this.timeline;
        const now = this.toMoment(today);
        const first = Math.min(now, ...points.map((point) => point.x));
        const room = Math.max(now - first, MIN_FUTURE_DAYS * DAY);
        const future = this.marks
            .map((mark) => this.toMoment(mark.day))
            .filter((moment) => moment <= now + room);
        const next = expected ? this.toMoment(expected) : now;
        return [first, Math.max(now, next, ...future)];
    }

    getTooltipCallbacks() {
        return {
            title: ([item]) => formatDate(DateTime.fromMillis(item.parsed.x)),
            label: ({raw}) =>
                raw.count > 1
                    ? _t("%(amount)s in %(count)s purchases", {
                          amount: this.formatAmount(raw.y),
                          count: raw.count,
                      })
                    : this.formatAmount(raw.y),
        };
    }

    /**
     * Vertical lines at the marks, and the silence since the last purchase as a band.
     *
     * @returns {Object} plugin of Chart.js
     */
    getMarksPlugin() {
        const {last, expected, limit, today} = this.timeline;
        const band = (chart, from, until, color) => {
            const {left, right, top, bottom} = chart.chartArea;
            const start = Math.max(chart.scales.x.getPixelForValue(from), left);
            const end = Math.min(chart.scales.x.getPixelForValue(until), right);
            if (end > start) {
                chart.ctx.fillStyle = hexToRGBA(color, 0.1);
                chart.ctx.fillRect(start, top, end - start, bottom - top);
            }
        };
        return {
            id: "lifecycleMarks",
            beforeDatasetsDraw: (chart) => {
                const moment = (day) => day && this.toMoment(day);
                const {limit: late, expected: early} = this.colors;
                band(chart, moment(last), moment(expected || limit), early);
                if (limit && today > limit) {
                    band(chart, moment(limit), moment(today), late);
                }
            },
            afterDatasetsDraw: (chart) => {
                const {ctx, chartArea, scales} = chart;
                for (const mark of this.marks) {
                    const x = scales.x.getPixelForValue(this.toMoment(mark.day));
                    if (x > chartArea.right) {
                        continue;
                    }
                    ctx.save();
                    ctx.strokeStyle = mark.color;
                    ctx.lineWidth = 2;
                    ctx.setLineDash(mark.name === "today" ? [4, 4] : []);
                    ctx.beginPath();
                    ctx.moveTo(x, chartArea.top);
                    ctx.lineTo(x, chartArea.bottom);
                    ctx.stroke();
                    ctx.restore();
                }
            },
        };
    }
}

export const purchaseTimelineField = {
    component: PurchaseTimelineField,
    displayName: _t("Purchases over time"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("lifecycle_purchase_timeline", purchaseTimelineField);
