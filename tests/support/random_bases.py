"""Random customer bases for hypothesis, as plain values, and their way into Odoo.

Days are given as days before ``TODAY`` (negative: in the future), and many of them lie
on the edges of the default limits, where mistakes live.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

TODAY = date(2026, 3, 15)
EDGES = [0, 1, 29, 30, 89, 90, 91, 179, 180, 181, 182, 364, 365, 366, 729, 730, 731]
AMOUNTS = [0, -50, 0.004, 10, 10, 20, 20, 50, 80, 100, 100, 250.55, 1000, 99.995]
HOURS = [(0, 0), (0, 30), (3, 0), (9, 59), (12, 0), (15, 1), (21, 0), (23, 59)]

ages = st.one_of(st.sampled_from(EDGES), st.integers(0, 60), st.integers(-40, 800))
# (days ago, hour, minute) in UTC
moments = st.tuples(ages, st.sampled_from(HOURS))
amounts = st.sampled_from(AMOUNTS)


@dataclass(frozen=True)
class Document:
    kind: str  # order, invoice, lead
    at: tuple
    amount: float
    who: int  # the customer himself or the nth of his contacts
    elsewhere: bool
    state: str
    rate: float | None
    valid_days: int | None
    created_before: int
    credits: tuple  # (share of the amount, days after) of credit notes
    margin_share: float
    stage: int
    archived: bool
    without_company: bool


@dataclass(frozen=True)
class Decision:
    """What people decide about one customer; days ago like everything."""

    agreed: int | None = None
    vip: int | None = None
    key: int | None = None
    excluded: bool = False
    lost: tuple | None = None  # (days ago, index of the reason)
    hold: tuple | None = None  # (stage code, days ago, days to go)
    potential: tuple | None = None  # (amount, days ago, class by hand)


@dataclass(frozen=True)
class Customer:
    documents: tuple
    rank: int
    kind: str  # plain, archived, bound, elsewhere
    contacts: int
    decision: Decision


documents = st.builds(
    Document,
    kind=st.sampled_from(["order"] * 3 + ["invoice"] * 3 + ["lead"]),
    at=moments,
    amount=amounts,
    who=st.sampled_from([0, 0, 0, 1, 2]),
    elsewhere=st.sampled_from([False] * 5 + [True]),
    state=st.sampled_from(["done"] * 5 + ["cancel", "draft", "sent"]),
    rate=st.sampled_from([1, 1, 1, 1, 0.5, 1.25, 3, 0, None]),
    valid_days=st.sampled_from([None, None, 0, 10, 30, 400]),
    created_before=st.sampled_from([0, 0, 1, 20, 100]),
    credits=st.lists(
        st.tuples(st.sampled_from([0.25, 0.5, 0.75, 1]), st.sampled_from([0, 1, 40])),
        max_size=2,
    ).map(tuple),
    margin_share=st.sampled_from([0, 0.2, 0.35, -0.1]),
    stage=st.integers(0, 3),
    archived=st.sampled_from([False] * 4 + [True]),
    without_company=st.sampled_from([False] * 3 + [True]),
)


@st.composite
def series(draw):
    """Regular purchases: what makes regular customers, partners and rhythms."""
    age = draw(ages)
    gaps = draw(
        st.lists(st.sampled_from([0, 1, 7, 30, 60, 61, 100, 181, 400]), max_size=13)
    )
    kind = draw(st.sampled_from(["order", "invoice"]))
    found = []
    for gap in [0, *gaps]:
        age += gap
        found.append(
            Document(
                kind=kind,
                at=(age, draw(st.sampled_from(HOURS))),
                amount=draw(st.sampled_from([10, 20, 100])),
                who=0,
                elsewhere=False,
                state="done",
                rate=1,
                valid_days=None,
                created_before=0,
                credits=(),
                margin_share=0.2,
                stage=0,
                archived=False,
                without_company=False,
            )
        )
    return tuple(found)


decisions = st.builds(
    Decision,
    agreed=st.sampled_from([None] * 5 + [0, 3, 200]),
    vip=st.sampled_from([None] * 7 + [0, 400]),
    key=st.sampled_from([None] * 9 + [0, 100]),
    excluded=st.sampled_from([False] * 4 + [True]),
    lost=st.one_of(
        *[st.none()] * 4,
        st.tuples(st.sampled_from([0, 1, 30, 300]), st.integers(0, 4)),
    ),
    hold=st.one_of(
        *[st.none()] * 4,
        st.tuples(
            st.sampled_from(["potential", "active", "working", "regular", "partner"]),
            st.sampled_from([0, 20]),
            st.sampled_from([-1, 0, 1, 30]),
        ),
    ),
    potential=st.one_of(
        *[st.none()] * 2,
        st.tuples(
            st.sampled_from([0, 100, 500, 2000]),
            st.sampled_from([0, 100, 364, 365, 366]),
            st.sampled_from([None, None, "high", "medium", "low"]),
        ),
    ),
)
NOTHING_DECIDED = Decision()

customers = st.builds(
    Customer,
    documents=st.tuples(
        st.one_of(st.just(()), series(), series()),
        st.lists(documents, max_size=4).map(tuple),
    ).map(lambda parts: parts[0] + parts[1]),
    rank=st.sampled_from([0, 0, 1]),
    kind=st.sampled_from(["plain"] * 7 + ["archived", "bound", "elsewhere"]),
    contacts=st.sampled_from([0, 0, 1, 2]),
    decision=st.one_of(st.just(NOTHING_DECIDED), decisions),
)


def _allowed(values):
    """Invoices carry no margin: the settings refuse the combination."""
    if values["basis"] == "invoice":
        values = values | {"abc_value": "revenue"}
    return values


settings_values = st.fixed_dictionaries(
    {
        "basis": st.sampled_from(["sale", "sale", "invoice"]),
        "tz": st.sampled_from(
            ["UTC", "Europe/Moscow", "America/Los_Angeles", "Pacific/Kiritimati"]
        ),
        "window_days": st.sampled_from([365, 365, 90, 30]),
        "regular_count": st.sampled_from([3, 3, 2, 4]),
        "partner_count": st.sampled_from([10, 5]),
        "partner_days": st.sampled_from([365, 365, 100]),
        "lost_min_days": st.sampled_from([180, 180, 20]),
        "lost_rhythm_factor": st.sampled_from([3.0, 3.0, 1.5]),
        "lost_days": st.sampled_from([365, 365, 200]),
        "typical_cycle_days": st.sampled_from([0, 0, 30, 100]),
        "newcomer_days": st.sampled_from([90, 30]),
        "abc_value": st.sampled_from(["revenue", "revenue", "margin"]),
        "abc_a_limit": st.sampled_from([80.0, 80.0, 50.0]),
        "abc_b_limit": st.sampled_from([95.0, 95.0, 85.0]),
        "abc_newcomer_days": st.sampled_from([0, 0, 60]),
        "abc_down_days": st.sampled_from([0, 0, 1, 30]),
        "potential_stale_days": st.sampled_from([365, 365, 100]),
        "quotation_is_agreement": st.booleans(),
        "thresholds": st.sampled_from([(0, 0), (1000, 300), (300, 50)]),
    }
).map(_allowed)


@dataclass(frozen=True)
class Edit:
    """A change of what is there already; ``pick`` chooses the record."""

    verb: str
    pick: int
    at: tuple
    amount: float


edits = st.builds(
    Edit,
    verb=st.sampled_from(
        ["order", "cancel", "reopen", "amount", "date", "lead", "win", "archive"]
        + ["restore", "move", "contact", "invoice"]
    ),
    pick=st.integers(0, 50),
    at=moments,
    amount=amounts,
)
bases = st.lists(customers, min_size=6, max_size=9)


def moment_of(at, today=TODAY):
    """A moment given as (days ago, (hour, minute))."""
    days, (hour, minute) = at
    day = today - timedelta(days)
    return datetime(day.year, day.month, day.day, hour, minute)


class Planter:
    """Writes a random base into two companies through builders."""

    def __init__(self, builder, other, stages, reasons, lifecycle_stages):
        self.builder = builder
        self.other = other
        self.stages = stages
        self.reasons = reasons
        self.lifecycle_stages = lifecycle_stages

    def plant(self, base):
        """Insert customers with their documents; their ids in order."""
        planted = []
        for customer in base:
            company = {
                "bound": self.builder.company.id,
                "elsewhere": self.other.company.id,
            }.get(customer.kind)
            values = {
                "company_id": company,
                "customer_rank": customer.rank,
                "active": customer.kind != "archived",
            }
            record = self.builder.partner(**values)
            people = [record]
            for number in range(customer.contacts):
                people.append(
                    self.builder.partner(
                        "Contact", parent=people[number], commercial=record
                    )
                )
            for document in customer.documents:
                self._document(document, people)
            planted.append(record)
        self.builder.write()
        self.other.write()
        return planted

    def _document(self, document, people):
        builder = self.other if document.elsewhere else self.builder
        partner = people[min(document.who, len(people) - 1)]
        moment = moment_of(document.at)
        created = moment - timedelta(document.created_before)
        if document.kind == "order":
            valid = document.valid_days
            builder.order(
                partner,
                moment,
                document.amount,
                state="sale" if document.state == "done" else document.state,
                currency_rate=document.rate,
                create_date=created,
                margin=round(document.amount * document.margin_share, 2),
                validity_date=None if valid is None else moment + timedelta(valid),
            )
        elif document.kind == "invoice":
            self._invoice(builder, partner, document, moment.date())
        else:
            self._lead(builder, partner, document, moment, created)

    def _invoice(self, builder, partner, document, day):
        states = {"done": "posted", "sent": "posted"}
        state = states.get(document.state, document.state)
        rate = document.rate or 1
        amount = abs(document.amount)
        record = builder.invoice(partner, day, amount, rate, state=state)
        for share, later in document.credits:
            builder.invoice(
                partner,
                day + timedelta(later),
                round(amount * share, 2),
                rate,
                move_type="out_refund",
                reversed_entry_id=record,
                state="posted" if state == "posted" else "draft",
            )

    def _lead(self, builder, partner, document, moment, created):
        stage = self.stages[document.stage]
        lost = document.state == "cancel"
        values = {
            "active": not lost and not document.archived,
            "type": "lead" if document.state == "draft" else "opportunity",
            "create_date": created,
            "date_last_stage_update": moment if document.rate else None,
        }
        if lost:
            values |= {"won_status": "lost", "probability": 0}
        if document.without_company:
            values["company_id"] = None
        builder.lead(partner, stage, moment, **values)

    # -- people -------------------------------------------------------------------

    def decide(self, cr, planted, base, today=TODAY):
        """Write the people's columns of existing profiles; ids of those decided on."""
        decided = []
        for record, customer in zip(planted, base, strict=True):
            if customer.decision != NOTHING_DECIDED:
                values = self._columns(customer.decision, today)
                names = ", ".join(f"{name} = %s" for name in values)
                cr.execute(
                    f"UPDATE crm_lifecycle_profile SET {names} "
                    "WHERE partner_id = %s AND company_id = %s",
                    [*values.values(), record, self.builder.company.id],
                )
                decided.append(record)
        self.builder.env.invalidate_all()
        return decided

    def _columns(self, decision, today):
        def day(ago):
            return None if ago is None else today - timedelta(ago)

        values = {
            "is_agreed": decision.agreed is not None,
            "agreed_date": day(decision.agreed),
            "is_vip": decision.vip is not None,
            "vip_date": day(decision.vip),
            "is_key_account": decision.key is not None,
            "key_date": day(decision.key),
            "is_excluded": decision.excluded,
        }
        if decision.lost:
            ago, reason = decision.lost
            values["lost_date"] = day(ago)
            values["lost_reason_id"] = self.reasons[reason % len(self.reasons)]
        if decision.hold:
            code, ago, to_go = decision.hold
            values["hold_stage_id"] = self.lifecycle_stages[code]
            values["hold_date"] = day(ago)
            values["hold_until"] = today + timedelta(to_go)
        if decision.potential:
            amount, ago, by_hand = decision.potential
            values["potential_amount"] = amount
            values["potential_date"] = day(ago)
            values["potential_class_manual"] = by_hand
        return values

    # -- edits --------------------------------------------------------------------

    def edit(self, cr, planted, changes, today):
        """Change documents and partners in SQL; ids of the customers touched."""
        touched = set()
        for change in changes:
            record = planted[change.pick % len(planted)]
            method = getattr(self, f"_edit_{change.verb}")
            touched |= set(method(cr, planted, record, change, today) or [])
            self.builder.write()
        self.builder.env.invalidate_all()
        return {record for record in touched if record}

    def _edit_order(self, cr, planted, record, change, today):
        self.builder.order(record, moment_of(change.at, today), change.amount)
        return [record]

    def _edit_invoice(self, cr, planted, record, change, today):
        day = moment_of(change.at, today).date()
        self.builder.invoice(record, day, abs(change.amount))
        return [record]

    def _edit_lead(self, cr, planted, record, change, today):
        stage = self.stages[change.pick % 4]
        self.builder.lead(record, stage, moment_of(change.at, today))
        return [record]

    def _on_an_order(self, cr, change, assignment, *values):
        cr.execute(
            f"UPDATE sale_order SET {assignment} WHERE id = ("
            "SELECT id FROM sale_order WHERE company_id = %s ORDER BY id "
            "OFFSET %s LIMIT 1) RETURNING (SELECT commercial_partner_id "
            "FROM res_partner WHERE id = sale_order.partner_id)",
            [*values, self.builder.company.id, change.pick % 11],
        )
        return [record for (record,) in cr.fetchall()]

    def _edit_cancel(self, cr, planted, record, change, today):
        return self._on_an_order(cr, change, "state = 'cancel'")

    def _edit_reopen(self, cr, planted, record, change, today):
        return self._on_an_order(cr, change, "state = 'sale'")

    def _edit_amount(self, cr, planted, record, change, today):
        return self._on_an_order(cr, change, "amount_untaxed = %s", change.amount)

    def _edit_date(self, cr, planted, record, change, today):
        moment = moment_of(change.at, today)
        return self._on_an_order(cr, change, "date_order = %s", moment)

    def _edit_win(self, cr, planted, record, change, today):
        cr.execute(
            "UPDATE crm_lead SET stage_id = %s, active = true, probability = 100, "
            "won_status = 'won', date_last_stage_update = %s WHERE partner_id = %s",
            [self.stages[3].id, moment_of(change.at, today), record],
        )
        return [record]

    def _edit_archive(self, cr, planted, record, change, today):
        cr.execute("UPDATE res_partner SET active = false WHERE id = %s", [record])
        return [record]

    def _edit_restore(self, cr, planted, record, change, today):
        cr.execute("UPDATE res_partner SET active = true WHERE id = %s", [record])
        return [record]

    def _edit_contact(self, cr, planted, record, change, today):
        contact = self.builder.partner("Contact", parent=record)
        self.builder.order(contact, moment_of(change.at, today), change.amount)
        return [record]

    def _edit_move(self, cr, planted, record, change, today):
        """A customer becomes a contact of another one, with its own contacts."""
        target = planted[change.at[0] % len(planted)]
        cr.execute(
            "SELECT count(*) FROM res_partner WHERE id = ANY(%s) "
            "AND commercial_partner_id <> id",
            [[record, target]],
        )
        if record == target or cr.fetchone()[0]:
            return []
        cr.execute(
            "UPDATE res_partner SET parent_id = CASE WHEN id = %s THEN %s "
            "ELSE parent_id END, commercial_partner_id = %s "
            "WHERE commercial_partner_id = %s",
            [record, target, target, record],
        )
        return [record, target]
