import {beforeEach, expect, test} from "@odoo/hoot";
import {click, hover, press, queryAllTexts, queryFirst, queryOne} from "@odoo/hoot-dom";
import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {DmuGrid} from "@crm_lifecycle_kam/dmu/dmu_grid";
import {DmuMap} from "@crm_lifecycle_kam/dmu/dmu_map";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

defineMailModels();

const ATTITUDES = [
    ["ally", "Ally"],
    ["neutral", "Neutral"],
    ["opponent", "Opponent"],
];

function makeNode(id, name, values = {}) {
    return {
        id,
        anchor_id: id,
        contact_id: id,
        name,
        function: "Manager",
        roles: [],
        attitude: "neutral",
        influence: 5,
        interest: 5,
        involvement: 5,
        parent_id: false,
        is_decider: false,
        is_own: false,
        is_guess: false,
        has_left: false,
        place: null,
        ...values,
    };
}

let data = {};

beforeEach(() => {
    data = {
        nodes: [
            makeNode(1, "Bea Boss", {
                influence: 10,
                attitude: "opponent",
                roles: ["Decider", "Buyer"],
            }),
            makeNode(2, "Ed Engineer", {
                parent_id: 1,
                influence: 2,
                attitude: "ally",
                is_guess: true,
            }),
            makeNode(3, "Gone Gary", {has_left: true, anchor_id: 33, is_own: true}),
        ],
        lines: [
            {
                id: 7,
                from: 2,
                to: 1,
                strength: 3,
                kind: "conflicting",
                is_faded: true,
                reason: "Old story",
                confirmed: "01/01/2026",
            },
        ],
        attitudes: ATTITUDES,
        may_create: true,
    };
});

function mountMap(values = {}, Component = DmuMap) {
    return mountWithCleanup(Component, {
        props: {
            data: {...data, ...values},
            onOpen: (id) => expect.step(`open ${id}`),
            onOpenLine: (id) => expect.step(`line ${id}`),
            onDraw: (from, to) => expect.step(`draw ${from} ${to}`),
            onMove: (places) =>
                expect.step(`move ${Object.keys(places).length} ${places[2]}`),
            onArrange: () => expect.step("arrange"),
        },
    });
}

const node = (id) => `.o_dmu_node[data-id='${id}']`;
const getPlace = (id) =>
    queryOne(node(id))
        .getAttribute("transform")
        .match(/-?[\d.]+/g)
        .map(Number);

test("people, reporting lines and influence", async () => {
    await mountMap();
    expect(queryAllTexts(".o_dmu_name")).toEqual([
        "Bea Boss",
        "Ed Engineer",
        "Gone Gary",
    ]);
    expect(`${node(1)} .o_dmu_caption`).toHaveText("Decider, Buyer");
    expect(node(1)).toHaveClass("o_dmu_opponent");
    expect(`${node(1)} .o_dmu_sign`).toHaveText("− −");
    expect(node(2)).toHaveClass(["o_dmu_ally", "o_dmu_guess"]);
    expect(node(3)).toHaveClass("o_dmu_left");
    const radius = (id) =>
        Number(queryOne(`${node(id)} .o_dmu_ring`).getAttribute("r"));
    expect(radius(1)).toBeGreaterThan(radius(2));
    expect(".o_dmu_report").toHaveCount(1);
    expect(".o_dmu_line.o_dmu_conflicting.o_dmu_strength_3.o_dmu_faded").toHaveCount(1);
});

test("screen readers are told everything", async () => {
    await mountMap();
    expect(node(1)).toHaveAttribute(
        "aria-label",
        "Bea Boss; Manager; Decider, Buyer; Opponent; influence 10 of 10"
    );
    expect(queryOne(node(2)).getAttribute("aria-label")).toInclude("a guess");
    expect(queryOne(node(3)).getAttribute("aria-label")).toInclude("has left");
    expect(".o_dmu_line").toHaveAttribute(
        "aria-label",
        "Ed Engineer works against Bea Boss; Old story; last confirmed 01/01/2026"
    );
});

test("a click opens a person or a line", async () => {
    await mountMap();
    await click(node(2));
    queryOne(".o_dmu_line").dispatchEvent(new MouseEvent("click"));
    expect.verifySteps(["open 2", "line 7"]);
});

test("the keyboard opens, goes on, moves and draws", async () => {
    await mountMap();
    queryOne(node(1)).focus();
    await press("Enter");
    expect.verifySteps(["open 1"]);
    await press("ArrowDown");
    expect(node(2)).toBeFocused();
    const [x, y] = getPlace(2);
    await press(["shift", "ArrowRight"]);
    await animationFrame();
    expect(getPlace(2)).toEqual([x + 15, y]);
    expect.verifySteps([`move 3 ${Math.round(x + 15)},${Math.round(y)}`]);
    await press("l");
    await animationFrame();
    expect(".o_dmu_hint").toHaveText(
        "Whom does Ed Engineer influence? Choose a person."
    );
    await press("ArrowUp");
    await press("Enter");
    expect.verifySteps(["draw 2 1"]);
    await animationFrame();
    expect(".o_dmu_hint").toHaveCount(0);
    await press("l");
    await press("Escape");
    await animationFrame();
    expect(".o_dmu_hint").toHaveCount(0);
    expect.verifySteps([]);
});

test("a line by the button, between entries that carry lines", async () => {
    await mountMap();
    await contains(".o_dmu_draw").click();
    await contains(node(3)).click();
    await contains(node(3)).click();
    expect.verifySteps([]);
    await contains(node(1)).click();
    expect.verifySteps(["draw 33 1"]);
});

test("whoever is dragged stays where put, and no click follows", async () => {
    await mountMap();
    const [x, y] = getPlace(2);
    const start = queryFirst(`${node(2)} .o_dmu_ring`).getBoundingClientRect();
    const from = {clientX: start.x + start.width / 2, clientY: start.y + 5};
    const fire = (type, target, more = {}) =>
        target.dispatchEvent(new PointerEvent(type, {bubbles: true, ...from, ...more}));
    fire("pointerdown", queryOne(node(2)));
    fire("pointermove", window, {clientX: from.clientX + 2});
    await animationFrame();
    expect(getPlace(2)).toEqual([x, y]);
    fire("pointermove", window, {clientX: from.clientX + 60});
    await animationFrame();
    const [moved] = getPlace(2);
    expect(moved).toBeGreaterThan(x + 20);
    fire("pointerup", window, {clientX: from.clientX + 60});
    fire("click", queryOne(node(2)));
    expect.verifySteps([`move 3 ${Math.round(moved)},${Math.round(y)}`]);
    fire("click", queryOne(node(2)));
    expect.verifySteps(["open 2"]);
});

test("who may not write draws nothing", async () => {
    await mountMap({may_create: false});
    expect(".o_dmu_draw, .o_dmu_arrange, .o_dmu_handle").toHaveCount(0);
    queryOne(node(1)).focus();
    await press("l");
    await press("Enter");
    expect.verifySteps(["open 1"]);
});

test("the lines of the person at hand stand out", async () => {
    data.lines.push({...data.lines[0], id: 8, from: 3, to: 1, kind: "supportive"});
    await mountMap();
    expect(".o_dmu_far").toHaveCount(0);
    queryOne(node(2)).focus();
    await animationFrame();
    expect(".o_dmu_far").toHaveCount(1);
    expect(".o_dmu_far").toHaveAttribute("data-id", "8");
    queryOne(node(2)).blur();
    await animationFrame();
    expect(".o_dmu_far").toHaveCount(0);
    await hover(node(3));
    await animationFrame();
    expect(".o_dmu_far").toHaveAttribute("data-id", "7");
});

test("a narrow screen shows the middle of a wide map first", async () => {
    data.nodes[1].place = [1500, 0];
    data.nodes[2].place = [-1500, 0];
    await mountMap();
    await animationFrame();
    const {scrollLeft, scrollWidth, clientWidth} = queryOne(".o_dmu_canvas");
    expect(scrollWidth).toBeGreaterThan(clientWidth);
    expect(Math.abs(2 * scrollLeft - (scrollWidth - clientWidth))).toBeLessThan(3);
});

test("zoom and arrange", async () => {
    await mountMap();
    const width = () => parseFloat(queryOne(".o_dmu_canvas svg").style.width);
    const before = width();
    await contains("button[title='Larger']").click();
    expect(width()).toBeGreaterThan(before);
    await contains(".o_dmu_arrange").click();
    expect.verifySteps(["arrange"]);
});

test("the grid shows weight against interest", async () => {
    data.nodes[1] = {...data.nodes[1], interest: 5, influence: 10};
    data.nodes[2] = {...data.nodes[2], interest: 10, influence: 0};
    await mountMap({}, DmuGrid);
    const [boss, engineer, gary] = [1, 2, 3].map(getPlace);
    expect(gary[0]).toBeGreaterThan(boss[0]);
    expect(gary[1]).toBeGreaterThan(boss[1]);
    const apart = Math.hypot(boss[0] - engineer[0], boss[1] - engineer[1]);
    expect(apart).toBeGreaterThan(20, {message: "the same figures, and yet both seen"});
    await contains(node(2)).click();
    queryOne(node(3)).focus();
    await press("Enter");
    expect.verifySteps(["open 2", "open 3"]);
});
