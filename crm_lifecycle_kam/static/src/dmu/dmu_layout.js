/**
 * Where people stand on the map. All figures are units of the map, which the drawing
 * scales; a place is the centre of a person.
 */

export const CELL_WIDTH = 150;
export const CELL_HEIGHT = 145;
const FREE_COLUMNS = 7;
const SMALL = 10; // Up to so many people, teams of four stand in one row
const BUS = 46; // How far above people the reporting line runs across
const LINE_LENGTH = 18; // Characters of a name that fit into a cell

export function getRadius(node) {
    return 18 + 1.4 * node.influence;
}

function sortByWeight(nodes) {
    return [...nodes].sort(
        (one, other) => other.influence - one.influence || one.id - other.id
    );
}

function placeBlock(nodes, places, columns, column, row, isCentred = false) {
    nodes.forEach((node, index) => {
        const inRow = Math.min(
            columns,
            nodes.length - columns * Math.floor(index / columns)
        );
        const indent = isCentred ? (columns - inRow) / 2 : 0;
        places[node.id] = {
            column: column + (index % columns) + indent,
            row: row + Math.floor(index / columns),
        };
    });
}

/**
 * One row, or an even number of columns: reporting lines to the rows below run between
 * people and not through them.
 */
function getBlockColumns(count, total) {
    if (count <= 2 || (total <= SMALL && count <= 4)) {
        return count;
    }
    return count > 8 ? 4 : 2;
}

/**
 * @returns {Number} how many columns the branch takes
 */
function placeBranch(node, children, places, column, row) {
    // Set first: whoever stands in a circle is placed once
    places[node.id] = {column, row};
    const reports = children.get(node.id).filter((report) => !places[report.id]);
    const leaves = reports.filter((report) => !children.get(report.id).length);
    let width = getBlockColumns(leaves.length, children.size);
    placeBlock(leaves, places, width, column, row + 1);
    for (const report of reports) {
        if (children.get(report.id).length) {
            width += placeBranch(report, children, places, column + width, row + 1);
        }
    }
    width = Math.max(width, 1);
    places[node.id] = {column: column + (width - 1) / 2, row};
    return width;
}

/**
 * People below their superior: whole branches side by side, and those without reports
 * of their own in a block, so that a big team does not make the map wide.
 *
 * @param {Object[]} nodes as `get_dmu_map` returns them
 * @returns {Object} `{id: {x, y}}` of everybody
 */
export function arrange(nodes) {
    const known = new Set(nodes.map((node) => node.id));
    const children = new Map(nodes.map((node) => [node.id, []]));
    const roots = [];
    for (const node of sortByWeight(nodes)) {
        if (known.has(node.parent_id) && node.parent_id !== node.id) {
            children.get(node.parent_id).push(node);
        } else {
            roots.push(node);
        }
    }
    const places = {};
    let column = 0;
    const branches = roots.filter((node) => children.get(node.id).length);
    for (const root of branches) {
        column += placeBranch(root, children, places, column, 0);
    }
    // Whoever stands in no line: rows below, or the whole map when nobody does
    const free = roots.filter((node) => !children.get(node.id).length);
    const depth = Math.max(-1, ...Object.values(places).map((place) => place.row));
    const columns = Math.max(column, Math.min(FREE_COLUMNS, Math.max(free.length, 1)));
    placeBlock(free, places, columns, 0, depth + 1, true);
    const result = {};
    for (const node of nodes) {
        const {column: across, row} = places[node.id] || {column: 0, row: depth + 2};
        result[node.id] = node.place
            ? {x: node.place[0], y: node.place[1]}
            : {x: (across + 0.5) * CELL_WIDTH, y: (row + 0.5) * CELL_HEIGHT};
    }
    return result;
}

/**
 * The part of the map that holds everybody with names.
 *
 * @param {Object} places `{id: {x, y}}`
 * @returns {Object} `{x, y, width, height}`
 */
export function getBounds(places) {
    const all = Object.values(places);
    const xs = all.map((place) => place.x);
    const ys = all.map((place) => place.y);
    const left = Math.min(...xs) - CELL_WIDTH / 2;
    const top = Math.min(...ys) - CELL_HEIGHT / 2;
    return {
        x: left,
        y: top,
        width: Math.max(...xs) + CELL_WIDTH / 2 - left,
        height: Math.max(...ys) + CELL_HEIGHT / 2 + 10 - top,
    };
}

function round(number) {
    return Math.round(number * 10) / 10;
}

function towards(from, to, distance) {
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    return {
        x: from.x + ((to.x - from.x) / length) * distance,
        y: from.y + ((to.y - from.y) / length) * distance,
    };
}

/**
 * A line between two people, bent so that one back does not hide it, from rim to rim.
 *
 * @param {Object} from `{x, y, r}`
 * @param {Object} to `{x, y, r}`
 * @returns {String} a path of SVG
 */
export function getArrowPath(from, to) {
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const length = Math.hypot(dx, dy) || 1;
    const bend = Math.min(36, length * 0.16);
    const middle = {
        x: (from.x + to.x) / 2 - (dy / length) * bend,
        y: (from.y + to.y) / 2 + (dx / length) * bend,
    };
    const start = towards(from, middle, from.r + 3);
    const end = towards(to, middle, to.r + 9);
    const numbers = [start.x, start.y, middle.x, middle.y, end.x, end.y].map(round);
    return `M${numbers[0]} ${numbers[1]}Q${numbers[2]} ${numbers[3]} ${numbers[4]} ${numbers[5]}`;
}

/**
 * A reporting line: down, across, down. To somebody in a row further below it goes down
 * between two columns.
 */
export function getReportPath(parent, child) {
    const start = parent.y + parent.r;
    const end = child.y - child.r;
    const below = child.y - BUS;
    const turn = below > start ? below : (start + end) / 2;
    const first = parent.y + CELL_HEIGHT - BUS;
    let way = `V${round(turn)}`;
    if (child.y - parent.y > 1.5 * CELL_HEIGHT && child.x !== parent.x) {
        const gap = child.x + (Math.sign(parent.x - child.x) * CELL_WIDTH) / 2;
        way = `V${round(first)}H${round(gap)}V${round(turn)}`;
    }
    return `M${round(parent.x)} ${round(start)}${way}H${round(child.x)}V${round(end)}`;
}

/**
 * The neighbour the arrow keys lead to.
 *
 * @param {Object} places `{id: {x, y}}`
 * @param {Number} id where the focus is
 * @param {String} key of the keyboard
 * @returns {Number|null} id of the nearest person in that direction
 */
export function getNeighbour(places, id, key) {
    const direction = {
        ArrowLeft: [-1, 0],
        ArrowRight: [1, 0],
        ArrowUp: [0, -1],
        ArrowDown: [0, 1],
    }[key];
    const here = places[id];
    let best = null;
    let bestCost = Infinity;
    for (const [otherId, place] of Object.entries(places)) {
        const dx = place.x - here.x;
        const dy = place.y - here.y;
        const ahead = dx * direction[0] + dy * direction[1];
        const aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
        const cost = ahead + 2 * aside;
        const isThere = ahead > 1 && ahead >= aside / 2;
        if (Number(otherId) !== id && isThere && cost < bestCost) {
            best = Number(otherId);
            bestCost = cost;
        }
    }
    return best;
}

/**
 * Cut a text so that it fits under a person.
 */
export function shorten(text, length = 22) {
    return text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}

/**
 * A name in two lines at most, broken between words.
 *
 * @param {String} name
 * @returns {String[]}
 */
export function wrapName(name) {
    if (name.length <= LINE_LENGTH) {
        return [name];
    }
    const space = name.lastIndexOf(" ", LINE_LENGTH);
    if (space < 1) {
        return [shorten(name, LINE_LENGTH)];
    }
    return [name.slice(0, space), shorten(name.slice(space + 1), LINE_LENGTH)];
}
