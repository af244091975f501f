import {
    Component,
    onMounted,
    onWillUpdateProps,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import {
    arrange,
    getArrowPath,
    getBounds,
    getNeighbour,
    getRadius,
    getReportPath,
    shorten,
    wrapName,
} from "./dmu_layout";
import {_t} from "@web/core/l10n/translation";

const STEP = 15; // Units a key moves somebody
const CLICK = 4; // Pixels a pointer may move and still click
const ZOOMS = [0.5, 0.7, 0.85, 1, 1.25, 1.6];
const LEAST_READABLE = 0.7;
// Not by colour alone: the sign says it too
export const ATTITUDE_SIGNS = {
    ally: "+ +",
    supporter: "+",
    neutral: "0",
    sceptic: "−",
    opponent: "− −",
    unknown: "?",
};

/**
 * The people of a unit as a drawing: who reports to whom, who influences whom.
 */
export class DmuMap extends Component {
    static template = "crm_lifecycle_kam.DmuMap";
    static props = {
        data: Object,
        onOpen: Function,
        onOpenLine: Function,
        onDraw: Function,
        onMove: Function,
        onArrange: Function,
    };

    setup() {
        this.svg = useRef("svg");
        this.canvas = useRef("canvas");
        this.state = useState({
            places: arrange(this.props.data.nodes),
            zoom: ZOOMS.indexOf(1),
            // Null, or {from: id or null, to: {x, y}} while a line is drawn
            drawing: null,
            // Whose lines stand out
            near: null,
        });
        this.dragged = null;
        onWillUpdateProps(({data}) => {
            this.state.places = arrange(data.nodes);
        });
        // Whoever stands on top is in the middle, and not beside a narrow screen
        useEffect(
            ({el}) => {
                el.scrollLeft = (el.scrollWidth - el.clientWidth) / 2;
            },
            () => [this.canvas, this.state.zoom]
        );
        // After it: the effect follows the zoom that fits
        onMounted(() => this.fit());
        useExternalListener(window, "pointermove", (ev) => this.onPointerMove(ev));
        useExternalListener(window, "pointerup", (ev) => this.onPointerUp(ev));
        useExternalListener(window, "pointercancel", () => this.cancel());
        useExternalListener(window, "keydown", (ev) => {
            if (ev.key === "Escape" && this.state.drawing) {
                this.cancel();
            }
        });
    }

    // ------------------------------------------------------------
    // What is drawn
    // ------------------------------------------------------------

    get nodes() {
        return this.props.data.nodes.map((node) => {
            const place = this.state.places[node.id];
            return {
                ...node,
                ...place,
                r: getRadius(node),
                sign: ATTITUDE_SIGNS[node.attitude],
                label: wrapName(node.name),
                caption: shorten(node.roles.join(", ") || node.function, 23),
                words: this.describe(node),
            };
        });
    }

    get nodesById() {
        return Object.fromEntries(this.nodes.map((node) => [node.id, node]));
    }

    get reports() {
        const nodes = this.nodesById;
        return this.nodes
            .filter((node) => nodes[node.parent_id])
            .map((node) => ({
                id: node.id,
                path: getReportPath(nodes[node.parent_id], node),
            }));
    }

    get lines() {
        const nodes = this.nodesById;
        const {near} = this.state;
        return this.props.data.lines
            .filter((line) => nodes[line.from] && nodes[line.to])
            .map((line) => ({
                ...line,
                isFar: near && ![line.from, line.to].includes(near),
                path: getArrowPath(nodes[line.from], nodes[line.to]),
                words: this.describeLine(line, nodes),
            }));
    }

    get bounds() {
        return getBounds(this.state.places);
    }

    get viewBox() {
        const {x, y, width, height} = this.bounds;
        return `${x} ${y} ${width} ${height}`;
    }

    /**
     * Wide maps are scrolled and not squeezed: names stay readable.
     */
    get size() {
        const zoom = ZOOMS[this.state.zoom];
        const {width, height} = this.bounds;
        return `width: ${width * zoom}px; height: ${height * zoom}px`;
    }

    get pointer() {
        const {from, to} = this.state.drawing || {};
        return from && to && getArrowPath(this.nodesById[from], {...to, r: 0});
    }

    get hint() {
        if (!this.state.drawing) {
            return "";
        }
        const {from} = this.state.drawing;
        return from
            ? _t("Whom does %(name)s influence? Choose a person.", {
                  name: this.nodesById[from].name,
              })
            : _t("Who influences somebody? Choose a person.");
    }

    get attitudes() {
        return this.props.data.attitudes.map(([code, label]) => ({
            code,
            label,
            sign: ATTITUDE_SIGNS[code],
        }));
    }

    getAttitudeLabel(code) {
        return Object.fromEntries(this.props.data.attitudes)[code];
    }

    describe(node) {
        const words = [
            node.name,
            node.function,
            node.roles.join(", "),
            this.getAttitudeLabel(node.attitude),
            _t("influence %(influence)s of 10", {influence: node.influence}),
        ];
        if (node.is_guess) {
            words.push(_t("a guess"));
        }
        if (node.has_left) {
            words.push(_t("has left"));
        }
        if (node.is_own) {
            words.push(_t("differs in this opportunity"));
        }
        return words.filter(Boolean).join("; ");
    }

    describeLine(line, nodes) {
        const names = {from: nodes[line.from].name, to: nodes[line.to].name};
        const words = [
            line.kind === "conflicting"
                ? _t("%(from)s works against %(to)s", names)
                : _t("%(from)s influences %(to)s", names),
            line.reason,
            _t("last confirmed %(day)s", {day: line.confirmed}),
        ];
        return words.filter(Boolean).join("; ");
    }

    // ------------------------------------------------------------
    // Pointer
    // ------------------------------------------------------------

    /**
     * @param {PointerEvent} ev
     * @returns {Object} the place in units of the map
     */
    toMap(ev) {
        const matrix = this.svg.el.getScreenCTM().inverse();
        const point = new DOMPoint(ev.clientX, ev.clientY).matrixTransform(matrix);
        return {x: point.x, y: point.y};
    }

    onNodePointerDown(ev, node) {
        if (ev.button || this.state.drawing) {
            return;
        }
        const at = this.toMap(ev);
        this.dragged = {
            id: node.id,
            dx: node.x - at.x,
            dy: node.y - at.y,
            clientX: ev.clientX,
            clientY: ev.clientY,
            moved: false,
        };
    }

    onHandlePointerDown(ev, node) {
        if (this.props.data.may_create && !ev.button) {
            this.state.drawing = {from: node.id, to: this.toMap(ev), held: true};
        }
    }

    onPointerMove(ev) {
        if (this.state.drawing?.from) {
            this.state.drawing.to = this.toMap(ev);
        } else if (this.dragged) {
            const {id, dx, dy, clientX, clientY} = this.dragged;
            const far = Math.hypot(ev.clientX - clientX, ev.clientY - clientY) > CLICK;
            this.dragged.moved = this.dragged.moved || far;
            if (this.dragged.moved) {
                const at = this.toMap(ev);
                this.state.places[id] = {x: at.x + dx, y: at.y + dy};
            }
        }
    }

    onPointerUp(ev) {
        const {dragged} = this;
        this.dragged = null;
        if (dragged?.moved) {
            this.ignoreClick = true;
            this.keepPlaces([dragged.id]);
        } else if (this.state.drawing?.held) {
            // A line drawn from the handle ends where the pointer is let go
            const target = document
                .elementFromPoint(ev.clientX, ev.clientY)
                ?.closest?.(".o_dmu_node");
            const {from} = this.state.drawing;
            const to = target && Number(target.dataset.id);
            if (to && to !== from) {
                this.ignoreClick = true;
                this.finish(from, to);
            } else if (to === from) {
                this.state.drawing.held = false;
            } else {
                this.cancel();
            }
        }
    }

    onNodeClick(node) {
        if (this.ignoreClick) {
            this.ignoreClick = false;
            return;
        }
        this.choose(node);
    }

    // ------------------------------------------------------------
    // Keyboard
    // ------------------------------------------------------------

    onNodeKeydown(ev, node) {
        if (ev.key === "Enter" || ev.key === " ") {
            this.choose(node);
        } else if (ev.key.toLowerCase() === "l" && !ev.ctrlKey && !ev.metaKey) {
            this.startLine(node.id);
        } else if (ev.key.startsWith("Arrow")) {
            if (ev.shiftKey) {
                this.shift(node, ev.key);
            } else {
                const id = getNeighbour(this.state.places, node.id, ev.key);
                this.svg.el.querySelector(`.o_dmu_node[data-id="${id}"]`)?.focus();
            }
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    onNodeKeyup(ev, node) {
        if (ev.key === "Shift" && this.shifted) {
            this.shifted = false;
            this.keepPlaces([node.id]);
        }
    }

    onLineKeydown(ev, line) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.props.onOpenLine(line.id);
        }
    }

    shift(node, key) {
        const {x, y} = this.state.places[node.id];
        const dx = {ArrowLeft: -STEP, ArrowRight: STEP}[key] || 0;
        const dy = {ArrowUp: -STEP, ArrowDown: STEP}[key] || 0;
        this.state.places[node.id] = {x: x + dx, y: y + dy};
        this.shifted = true;
    }

    // ------------------------------------------------------------
    // Actions
    // ------------------------------------------------------------

    /**
     * Whoever is moved keeps the place, and all others theirs: a map arranged by itself
     * would jump around the one that was moved.
     */
    keepPlaces() {
        const places = {};
        for (const [id, {x, y}] of Object.entries(this.state.places)) {
            places[id] = [Math.round(x), Math.round(y)];
        }
        this.props.onMove(places);
    }

    startLine(from = null) {
        if (this.props.data.may_create) {
            this.state.drawing = {from, to: null};
        }
    }

    choose(node) {
        const {drawing} = this.state;
        if (!drawing) {
            this.props.onOpen(node.id);
        } else if (drawing.from === null) {
            this.state.drawing = {from: node.id, to: null};
        } else if (drawing.from !== node.id) {
            this.finish(drawing.from, node.id);
        }
    }

    finish(from, to) {
        this.cancel();
        const nodes = this.nodesById;
        this.props.onDraw(nodes[from].anchor_id, nodes[to].anchor_id);
    }

    cancel() {
        this.state.drawing = null;
        this.dragged = null;
    }

    /**
     * As much as fits, as long as names can be read.
     */
    fit() {
        const room = this.canvas.el.clientWidth;
        const {width} = this.bounds;
        const fitting = ZOOMS.findLastIndex(
            (zoom) => zoom <= 1 && zoom * width <= room
        );
        this.state.zoom = Math.max(fitting, ZOOMS.indexOf(LEAST_READABLE));
    }

    zoom(step) {
        const zoom = this.state.zoom + step;
        this.state.zoom = Math.min(Math.max(zoom, 0), ZOOMS.length - 1);
    }

    print() {
        window.print();
    }
}
