# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people decided and said in the three years of the demonstration.

Customers and users by the keys of ``customers.csv``; days are days before the
installation, negative ones lie ahead.
"""

from typing import NamedTuple


class Decision(NamedTuple):
    days: int
    customer: str
    user: str
    action: str
    arguments: dict
    # columns with a day of their own
    dates: dict = {}


DECISIONS = [
    Decision(
        330,
        "fairmont",
        "laura",
        "name_vip",
        {
            "sponsor_id": "laura",
            "reason": "First weaving mill that let us show their line to others",
        },
        {"vip_review_date": 155},
    ),
    Decision(
        150,
        "fairmont",
        "admin",
        "withdraw_vip",
        {
            "reason": "The visits cost more than the orders bring",
        },
    ),
    Decision(
        120,
        "hazel",
        "laura",
        "name_vip",
        {
            "sponsor_id": "admin",
            "reason": "Opens doors in the whole hotel trade",
        },
        {"vip_review_date": -40},
    ),
    Decision(
        330,
        "northgate",
        "admin",
        "name_vip",
        {
            "sponsor_id": "laura",
            "reason": "Their fleet managers recommend us to other carriers",
        },
        {"vip_review_date": -9},
    ),
    Decision(
        130,
        "brightwater",
        "laura",
        "name_vip",
        {
            "sponsor_id": "admin",
            "reason": "Promised to us as a reference for clinics",
        },
        {"vip_review_date": 12},
    ),
    Decision(
        260,
        "oldtown",
        "laura",
        "name_vip",
        {
            "sponsor_id": "laura",
            "reason": "Oldest customer, known by every brewery of the region",
            "despite_reason": "Three orders short, agreed with the management",
        },
        {"vip_review_date": -80},
    ),
    Decision(
        30,
        "kestrel",
        "admin",
        "name_vip",
        {
            "sponsor_id": "admin",
            "reason": "Films in four of our target cities next year",
            "despite_reason": "Two orders only, but each as large as a yearly contract",
        },
        {"vip_review_date": -150},
    ),
    Decision(
        330,
        "ivy",
        "laura",
        "mark_key_account",
        {
            "reason": "Chain of nine garden centres, one buyer",
        },
    ),
    Decision(
        180,
        "meridian",
        "admin",
        "mark_key_account",
        {
            "reason": "Opens six stores a year and buys for all of them at once",
        },
    ),
    Decision(
        390,
        "castell",
        "laura",
        "mark_key_account",
        {
            "reason": "Nine hotels under one contract",
            "despite_reason": "The contract was signed before the tenth order",
        },
    ),
    Decision(100, "nettle", "admin", "declare_lost", {"reason_id": "terms"}),
    Decision(75, "osprey", "daniel", "declare_lost", {"reason_id": "salesperson"}),
    Decision(120, "poplar", "petra", "declare_lost", {"reason_id": "poor_service"}),
    Decision(150, "quill", "petra", "declare_lost", {"reason_id": "better_offer"}),
    Decision(135, "rushes", "daniel", "declare_lost", {"reason_id": "promise"}),
    Decision(285, "laurel", "petra", "declare_lost", {"reason_id": "no_need"}),
    Decision(165, "sorrel", "admin", "declare_lost", {"reason_id": "we_ended"}),
    Decision(120, "thistle", "petra", "declare_lost", {"reason_id": "no_need"}),
    Decision(195, "vesper", "admin", "declare_lost", {"reason_id": "we_ended"}),
    Decision(10, "gorse", "petra", "declare_lost", {"reason_id": "better_offer"}),
    Decision(300, "harrow", "petra", "declare_lost", {"reason_id": "promise"}),
    Decision(45, "umber", "petra", "declare_lost", {"reason_id": "better_offer"}),
    Decision(30, "umber", "petra", "return_to_base", {}),
    Decision(
        10,
        "maple",
        "admin",
        "hold_stage",
        {
            "stage_code": "working",
            "reason": "Their lease ends; wait for the new premises",
        },
        {"hold_until": -60},
    ),
    Decision(
        25,
        "lumen",
        "petra",
        "hold_stage",
        {
            "stage_code": "regular",
            "reason": "New owner: terms are negotiated from the beginning",
        },
        {"hold_until": -45},
    ),
    Decision(
        300,
        "vantage",
        "daniel",
        "hold_stage",
        {
            "stage_code": "working",
            "reason": "Reorganised their purchasing",
        },
        {"hold_until": 215},
    ),
    Decision(
        200,
        "oak",
        "admin",
        "exclude",
        {
            "reason": "A supplier that buys from us now and then",
        },
    ),
    Decision(330, "tallow", "admin", "exclude", {"reason": "Our lawyers"}),
    Decision(6, "walnut", "daniel", "set_agreed", {}),
]

# customer: yearly amount, days since the estimate, confidence, source
POTENTIALS = {
    "ivy": (60000, 90, "high", "Their purchasing plan"),
    "meridian": (95000, 60, "high", "Frame contract under negotiation"),
    "hazel": (30000, 120, "medium", "Told by the owner"),
    "northgate": (36000, 150, "medium", "Number of vehicles x usual yearly cost"),
    "brightwater": (6500, 200, "low", "Comparison with clinics of this size"),
    "alder": (18000, 80, "medium", "Told by the head physician"),
    "bellweather": (70000, 45, "medium", "Budget of the second line"),
    "corvus": (9000, 130, "high", "They use nobody else"),
    "dunmore": (22000, 240, "medium", "Published tender"),
    "foxglove": (45000, 30, "high", "Number of pharmacies x usual yearly cost"),
    "granite": (26000, 500, "low", "Estimate of the salesperson"),
    "indigo": (19000, 100, "high", "Told by the supply manager"),
    "jasmine": (14000, 70, "medium", "Opens three more tea rooms"),
    "keystone": (31000, 160, "high", "They use nobody else"),
    "lumen": (7000, 420, "low", "Estimate of the salesperson"),
    "birch": (12000, 35, "high", "Told by the owner"),
    "nimbus": (120000, 20, "medium", "Their published capacity plan"),
    "pinnacle": (5200, 110, "medium", "Comparison with clubs of this size"),
    "quarry": (21000, 85, "medium", "Number of machines x usual yearly cost"),
    "sable": (11000, 60, "low", "Estimate of the salesperson"),
    "tern": (64000, 95, "high", "Maintenance budget, seen"),
    "willow": (52000, 40, "medium", "Number of homes x usual yearly cost"),
    "cobalt": (40000, 15, "low", "Their growth plan"),
    "garnet": (35000, 5, "medium", "Told by the laboratory head"),
    "cypress": (80000, 290, "low", "Published budget"),
    "flint": (2500, 10, "medium", "Told on the telephone"),
    "umber": (1800, 50, "high", "They use nobody else"),
    "kelp": (28000, 300, "medium", "Told by the plant manager"),
}

# What a customer of a trade format sells or makes in a year
VOLUMES = {
    "wholesale": "%s pallets",
    "retail": "%s receipts",
    "online_trade": "%s parcels",
    "production": "%s t of goods",
    "construction": "%s m2 built",
    "services": "%s guests and clients",
    "public_sector": "%s visitors",
}

# Enquiries and opportunities beside the first ones in customers.csv:
# (days, customer or None, name, amount, won | lost | open | proposed, days until then)
OPPORTUNITIES = [
    (940, None, "Price list for a cleaning line", 1500, "lost", 30),
    (815, None, "Question about rental", 600, "lost", 12),
    (690, "bellweather", "Second bottling line", 9000, "won", 45),
    (610, None, "Inspection of a lift", 900, "lost", 20),
    (505, "ivy", "Irrigation in four centres", 12000, "won", 60),
    (430, "castell", "Two more hotels", 15000, "lost", 80),
    (400, None, "Training for apprentices", 1200, "lost", 15),
    (310, None, "Service for a packing machine", 2400, "lost", 40),
    (265, "foxglove", "Cold stores of the new branches", 11000, "won", 35),
    (205, None, "Maintenance of a car wash", 1800, "lost", 25),
    (160, "nimbus", "Cooling of hall 2", 24000, "won", 50),
    (120, None, "Enquiry from the trade fair", 3000, "lost", 30),
    (90, "tern", "Contract for the new ferry", 18000, "proposed", 40),
    (66, None, "Spare parts for an old press", 700, "open", 0),
    (52, "willow", "Lifts in three homes", 9500, "proposed", 20),
    (38, "meridian", "Frame contract", 90000, "proposed", 15),
    (29, None, "Call back about a service contract", 2200, "open", 0),
    (24, "jasmine", "Kitchens of the new rooms", 4200, "open", 0),
    (17, "castell", "Come-back offer", 10000, "open", 0),
    (13, None, "Form on the website", 1000, "open", 0),
    (7, "nimbus", "Training for two shifts", 5200, "open", 0),
    (3, None, "Asked at the counter", 400, "open", 0),
]

# What first enquiries are about, in turn
ENQUIRIES = [
    "Maintenance contract",
    "Inspection before the season",
    "Training for operators",
    "Rental during repairs",
    "Offer for yearly service",
    "Breakdown, urgent help",
    "Price list",
    "Second opinion on a repair",
]

# (days, customer, amount, sent to the customer)
QUOTATIONS = [
    (14, "elm", 750, False),
    (9, "verbena", 1250, True),
    (6, "birch", 1500, True),
    (5, "tern", 9000, True),
    (2, "sable", 1750, False),
    (210, "eucalyptus", 900, True),
]

# Contacts made, in turn: (channel, who began it, hours, outcome, what was said)
CONTACTS = [
    ("call", "out", 0.2, "nothing", "Not in, asked to call again"),
    ("email", "out", 0.2, "offer", "Sent the offer they asked for"),
    ("call", "in", 0.3, "request", "Wants an appointment before the season"),
    ("meeting", "out", 1.0, "order", "Went through the plan of the next quarter"),
    ("call", "out", 0.2, False, "All works, no questions"),
    ("visit", "out", 1.5, "request", "Saw the new line, needs spare parts for it"),
    ("message", "in", 0.1, "problem", "Machine stopped twice after our visit"),
    ("email", "in", 0.1, False, "Sent their holiday dates"),
]

# Planned next: (days ahead, customer, activity type, what)
ACTIVITIES = [
    (-3, "eastbank", "call", "Ask why nothing was ordered for so long"),
    (0, "corvus", "call", "They usually order today"),
    (0, "indigo", "call", "Ask for the order of the month"),
    (1, "brightwater", "meeting", "Review of the VIP status"),
    (2, "castell", "call", "Why silent? Speak to the new manager"),
    (2, "meridian", "meeting", "Frame contract, second round"),
    (3, "oldtown", "call", "Ask about the shut-down"),
    (4, "garnet", "call", "Is the first order as expected?"),
    (5, "nimbus", "meeting", "Plan for hall 2"),
    (6, "cypress", "email", "Ask who decides on the tender"),
    (8, "jackdaw", "call", "Win back: what went wrong?"),
    (12, "ivy", "meeting", "Figures of the year with the head of purchasing"),
]

# (days until due, kept, customer, side, what)
PROMISES = [
    (3, False, "meridian", "we", "Send the draft of the frame contract"),
    (-4, False, "eastbank", "we", "Send the offer for the second saw"),
    (-20, True, "hazel", "we", "Two visits before the season"),
    (9, False, "nimbus", "customer", "Plans of hall 2"),
]

OBJECTIONS = [
    ("granite", "objection", "Travel costs are too high"),
    ("keystone", "question", "Do you come at night as well?"),
    ("kelp", "objection", "The competitor answers within an hour"),
]

# customer, begun days ago, argument, broken expectation, what won the first sale,
# postponed to (days ago; negative: ahead), given up because
WINBACKS = [
    (
        "kelp",
        12,
        "A machine of ours stands in the hall within two hours",
        "Three days without a cold room, though a day was promised",
        "The lowest call-out price",
        0,
        "",
    ),
    (
        "jackdaw",
        40,
        "One bill a month for all pubs",
        "Every pub got its own bills and its own technician",
        "A friend's word",
        -55,
        "",
    ),
    (
        "hemlock",
        90,
        "Training of their own people",
        "",
        "Price",
        0,
        "They have hired a technician of their own",
    ),
    (
        "nettle",
        3,
        "Spare parts in stock at the brewery",
        "Waited for a part in the season",
        "",
        0,
        "",
    ),
]

# customer, days ago, score, words, kind
OPINIONS = [
    ("meridian", 9, "10", "They know our shops better than we do", "satisfaction"),
    ("ivy", 31, "9", "On time, every time", "satisfaction"),
    ("alder", 17, "9", "", "satisfaction"),
    ("granite", 45, "8", "Good work, dear parts", "satisfaction"),
    ("keystone", 23, "10", "Ask Mr Ode what he did at Easter", "satisfaction"),
    ("bellweather", 5, "3", "Two visits for one leaking seal", "satisfaction"),
    ("jasmine", 70, "7", "", "satisfaction"),
    ("dunmore", 95, "9", "", "satisfaction"),
    ("indigo", 121, "4", "Nobody told us that the visit was moved", "satisfaction"),
    ("indigo", 14, "8", "Much better since", "satisfaction"),
    ("foxglove", 130, "10", "", "satisfaction"),
    ("vantage", 151, "6", "Fine work, but the report came late", "satisfaction"),
    ("zephyr", 171, "9", "", "satisfaction"),
    ("orchard", 205, "8", "", "satisfaction"),
    ("wren", 233, "5", "The toy press stood still for a week", "satisfaction"),
    ("lumen", 260, "9", "", "satisfaction"),
    ("tern", 11, False, "The wrong oil was filled in", "complaint"),
    ("nimbus", 52, False, "A portal where we see all visits", "idea"),
]

# who was recommended, by whom
REFERRALS = [
    ("zephyr", "nimbus"),
    ("orchard", "ivy"),
    ("lumen", "meridian"),
    ("rowan", "ivy"),
]
