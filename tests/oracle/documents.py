"""The plain values the oracle works on.

Moments are naive and in UTC, as Odoo stores them; money is ``Decimal``.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Partner:
    id: int
    name: str
    commercial_id: int
    active: bool = True
    company_id: int | None = None
    customer_rank: int = 0
    is_own: bool = False  # a company of the database, or one of its internal users


@dataclass(frozen=True)
class Order:
    id: int
    name: str
    partner_id: int
    company_id: int
    state: str
    moment: datetime
    created: datetime
    untaxed: Decimal
    rate: Decimal | None = Decimal(1)
    margin: Decimal = Decimal(0)
    valid_until: date | None = None


@dataclass(frozen=True)
class Invoice:
    id: int
    name: str
    partner_id: int
    company_id: int
    state: str
    move_type: str
    day: date | None
    untaxed: Decimal
    untaxed_signed: Decimal
    reversed_id: int | None = None


@dataclass(frozen=True)
class Lead:
    id: int
    name: str
    partner_id: int | None
    company_id: int | None
    is_opportunity: bool
    active: bool
    is_lost: bool
    stage_agrees: bool
    created: datetime
    stage_updated: datetime | None = None


@dataclass(frozen=True)
class People:
    """What persons decided about one customer."""

    is_agreed: bool = False
    agreed_date: date | None = None
    is_vip: bool = False
    vip_date: date | None = None
    is_key_account: bool = False
    key_date: date | None = None
    is_excluded: bool = False
    lost_date: date | None = None
    lost_recoverable: bool = True
    hold_stage: str | None = None
    hold_date: date | None = None
    hold_until: date | None = None
    potential_amount: Decimal = Decimal(0)
    potential_date: date | None = None
    potential_class_manual: str | None = None


@dataclass(frozen=True)
class Settings:
    basis: str = "sale"
    window_days: int = 365
    working_count: int = 1
    regular_count: int = 3
    partner_count: int = 10
    partner_days: int = 365
    lost_min_days: int = 180
    lost_rhythm_factor: Decimal = Decimal(3)
    lost_days: int = 365
    typical_cycle_days: int = 0
    newcomer_days: int = 90
    abc_value: str = "revenue"
    abc_a_limit: Decimal = Decimal(80)
    abc_b_limit: Decimal = Decimal(95)
    abc_newcomer_days: int = 0
    abc_down_days: int = 0
    potential_stale_days: int = 365
    potential_high: Decimal = Decimal(0)
    potential_medium: Decimal = Decimal(0)
    quotation_is_agreement: bool = False


@dataclass(frozen=True)
class Row:
    """One profile: what is stored for one customer in one company."""

    partner_id: int
    added_date: date
    active: bool = True
    purchase_count: int = 0
    first_purchase_date: date | None = None
    last_purchase_date: date | None = None
    last_document_date: date | None = None
    lifetime_revenue: Decimal = Decimal(0)
    turn_number: int = 0
    rhythm_days: Decimal | None = None
    expected_purchase_date: date | None = None
    window_purchase_count: int = 0
    revenue: Decimal = Decimal(0)
    revenue_previous: Decimal = Decimal(0)
    margin: Decimal | None = None
    margin_previous: Decimal | None = None
    average_purchase: Decimal | None = None
    abc_class: str | None = None
    abc_below_since: date | None = None
    recency_score: int = 0
    frequency_score: int = 0
    monetary_score: int = 0
    potential_class: str | None = None
    stage: str | None = None
    computed_stage: str | None = None
    stage_date: date | None = None
    stage_reason: str | None = None
    stage_figures: dict = field(default_factory=dict, compare=False, hash=False)
    is_lapsed: bool = False
    lost_value: Decimal | None = None
    category: str | None = None
    loyalty_rung: str | None = None


@dataclass(frozen=True)
class Step:
    """One transition."""

    partner_id: int
    date: date
    cause: str
    from_stage: str | None
    to_stage: str | None
    from_category: str | None
    to_category: str | None
    reacts: bool


@dataclass(frozen=True)
class Base:
    """Everything one company's computation depends on.

    ``matrix`` maps (A/B/C/none in lower case, potential class or "unknown") to the
    name of a category; ``people`` maps the ids of customers to what was decided.
    """

    company_id: int
    settings: Settings
    partners: dict
    orders: list = field(default_factory=list)
    invoices: list = field(default_factory=list)
    leads: list = field(default_factory=list)
    people: dict = field(default_factory=dict)
    matrix: dict = field(default_factory=dict)
    tz: str = "UTC"
    one_company: bool = True
    has_margin: bool = True
    rounding: Decimal = Decimal("0.01")

    def day(self, moment):
        """The company's day of a moment."""
        zone = ZoneInfo(self.tz)
        return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()

    def customer(self, partner_id):
        """The customer behind a contact."""
        return self.partners[partner_id].commercial_id

    def orders_of(self, customer_id):
        return [
            order
            for order in self.orders
            if order.company_id == self.company_id
            and self.customer(order.partner_id) == customer_id
        ]

    def invoices_of(self, customer_id):
        return [
            invoice
            for invoice in self.invoices
            if invoice.company_id == self.company_id
            and invoice.partner_id
            and self.customer(invoice.partner_id) == customer_id
        ]

    def leads_of(self, customer_id):
        """Leads of this company or of none; the latter need a profile (see run)."""
        return [
            lead
            for lead in self.leads
            if lead.company_id in (self.company_id, None)
            and lead.partner_id
            and self.customer(lead.partner_id) == customer_id
        ]
