import {ATTITUDE_SIGNS} from "./dmu_map";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {shorten} from "./dmu_layout";

const SIZE = 700;
const MARGIN = 46;
const SPREAD = 30; // Units between people with the same figures

/**
 * The people of a unit by how much their word counts and how much they care.
 */
export class DmuGrid extends Component {
    static template = "crm_lifecycle_kam.DmuGrid";
    static props = {
        data: Object,
        onOpen: Function,
        onOpenLine: {type: Function, optional: true},
        onDraw: {type: Function, optional: true},
        onMove: {type: Function, optional: true},
        onArrange: {type: Function, optional: true},
    };

    setup() {
        this.size = SIZE;
        this.margin = MARGIN;
        this.ticks = [0, 5, 10].map((value) => ({value, at: this.toUnits(value)}));
        const half = SIZE / 2;
        this.fields = [
            {name: _t("Keep satisfied"), x: 0, y: 0},
            {name: _t("Win and keep close"), x: half, y: 0, isClose: true},
            {name: _t("Watch"), x: 0, y: half},
            {name: _t("Keep informed"), x: half, y: half},
        ].map((field) => ({...field, size: half}));
    }

    toUnits(value) {
        return 30 + (value / 10) * (SIZE - 60);
    }

    /**
     * People with the same figures stand in a ring around their point.
     */
    get nodes() {
        const groups = {};
        for (const node of this.props.data.nodes) {
            const key = `${node.interest},${node.influence}`;
            (groups[key] ||= []).push(node);
        }
        return Object.values(groups).flatMap((group) =>
            group.map((node, index) => {
                const ring = Math.ceil(index / 6);
                const angle = (index * Math.PI) / 3;
                const away = group.length > 1 ? SPREAD * Math.max(ring, 0.6) : 0;
                return {
                    ...node,
                    x: this.toUnits(node.interest) + Math.cos(angle) * away,
                    y: SIZE - this.toUnits(node.influence) + Math.sin(angle) * away,
                    r: 15,
                    label: shorten(node.name, 18),
                    words: this.describe(node),
                };
            })
        );
    }

    get attitudes() {
        return this.props.data.attitudes.map(([code, label]) => ({
            code,
            label,
            sign: ATTITUDE_SIGNS[code],
        }));
    }

    describe(node) {
        return _t("%(name)s: influence %(influence)s, interest %(interest)s", node);
    }

    onKeydown(ev, node) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.props.onOpen(node.id);
        }
    }
}
