import {
    CELL_HEIGHT,
    CELL_WIDTH,
    arrange,
    getArrowPath,
    getBounds,
    getNeighbour,
    getReportPath,
    shorten,
    wrapName,
} from "@crm_lifecycle_kam/dmu/dmu_layout";
import {describe, expect, test} from "@odoo/hoot";

function makePeople(count, parentOf = () => false) {
    return Array.from({length: count}, (_, index) => ({
        id: index + 1,
        influence: (index * 7) % 11,
        parent_id: parentOf(index + 1),
        place: null,
    }));
}

/**
 * Nobody's cell covers a part of another's.
 */
function expectApart(places) {
    const all = Object.entries(places);
    for (const [one, {x, y}] of all) {
        for (const [other, place] of all) {
            if (one < other) {
                const apart =
                    Math.abs(place.x - x) > CELL_WIDTH - 1 ||
                    Math.abs(place.y - y) > CELL_HEIGHT - 1;
                expect(apart).toBe(true, {message: `${one} and ${other} are apart`});
            }
        }
    }
}

describe("arranging people", () => {
    test("one person", () => {
        const places = arrange(makePeople(1));
        expect(places[1]).toEqual({x: CELL_WIDTH / 2, y: CELL_HEIGHT / 2});
        expect(getBounds(places).width).toBe(CELL_WIDTH);
    });

    test("25 people without any reporting line stand in rows", () => {
        const places = arrange(makePeople(25));
        expectApart(places);
        expect(getBounds(places).width).toBe(7 * CELL_WIDTH);
    });

    test("25 people in three levels", () => {
        const places = arrange(
            makePeople(25, (id) => (id === 1 ? false : id < 6 ? 1 : 2 + (id % 4)))
        );
        expectApart(places);
        for (const id of [2, 3, 4, 5]) {
            expect(places[id].y).toBeGreaterThan(places[1].y);
        }
        expect(places[25].y).toBeGreaterThan(places[2 + (25 % 4)].y);
    });

    test("a big team stands in a block and not in a line", () => {
        const places = arrange(makePeople(13, (id) => (id === 1 ? false : 1)));
        expectApart(places);
        expect(getBounds(places).width).toBe(4 * CELL_WIDTH);
    });

    test("people in a circle, or below somebody who is not shown, are drawn", () => {
        const people = makePeople(4, (id) => ({1: 2, 2: 1, 3: 99})[id] || false);
        const places = arrange(people);
        expect(Object.keys(places)).toHaveLength(4);
        for (const place of Object.values(places)) {
            expect(Number.isFinite(place.x + place.y)).toBe(true);
        }
    });

    test("whoever was put somewhere stays there", () => {
        const people = makePeople(3);
        people[1].place = [700, -40];
        expect(arrange(people)[2]).toEqual({x: 700, y: -40});
        expect(getBounds(arrange(people)).y).toBe(-40 - CELL_HEIGHT / 2);
    });
});

describe("lines", () => {
    test("there and back do not cover each other", () => {
        const one = {x: 0, y: 0, r: 20};
        const other = {x: 200, y: 0, r: 20};
        expect(getArrowPath(one, other)).not.toBe(getArrowPath(other, one));
        expect(getArrowPath(one, one)).not.toInclude("NaN");
        expect(getReportPath(one, {x: 50, y: 100, r: 10})).toBe("M0 20V54H50V90");
    });

    test("a reporting line to the second row runs between two people", () => {
        const places = arrange(makePeople(13, (id) => (id === 1 ? false : 1)));
        const boss = {...places[1], r: 20};
        for (let id = 2; id <= 13; id++) {
            const path = getReportPath(boss, {...places[id], r: 20});
            // Where it goes down before the last turn, which leads to the person
            const down = path
                .match(/H-?[\d.]+V/g)
                .slice(0, -1)
                .map((part) => parseFloat(part.slice(1)));
            expect(down).toHaveLength(places[id].y > CELL_HEIGHT * 2 ? 1 : 0);
            for (const [other, {x, y}] of Object.entries(places)) {
                const between = y > boss.y && y < places[id].y;
                if (between && Number(other) !== id) {
                    expect(down).not.toInclude(x);
                }
            }
        }
    });

    test("small teams stand in one row", () => {
        const places = arrange(makePeople(5, (id) => (id === 1 ? false : 1)));
        const rows = new Set([2, 3, 4, 5].map((id) => places[id].y));
        expect(rows.size).toBe(1);
    });

    test("the arrow keys lead to the nearest person", () => {
        const places = {1: {x: 0, y: 0}, 2: {x: 100, y: 10}, 3: {x: 60, y: 200}};
        expect(getNeighbour(places, 1, "ArrowRight")).toBe(2);
        expect(getNeighbour(places, 1, "ArrowDown")).toBe(3);
        expect(getNeighbour(places, 3, "ArrowUp")).toBe(2);
        expect(getNeighbour(places, 1, "ArrowLeft")).toBe(null);
    });

    test("long names go over two lines, and are cut then", () => {
        expect(wrapName("Bea Boss")).toEqual(["Bea Boss"]);
        expect(wrapName("Иннокентий Смоктуновский")).toEqual([
            "Иннокентий",
            "Смоктуновский",
        ]);
        const parts = wrapName(`Anna ${"Long".repeat(9)}`);
        expect(parts[0]).toBe("Anna");
        expect(parts[1]).toHaveLength(18);
        expect(wrapName("A".repeat(30))[0]).toHaveLength(18);
        expect(shorten("Short")).toBe("Short");
        expect(shorten("A".repeat(30))).toHaveLength(22);
    });
});
