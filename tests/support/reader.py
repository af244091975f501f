"""Reads a company's documents, settings and profiles into the oracle's plain values."""

from decimal import Decimal

from tests.oracle import (
    Base,
    Invoice,
    Lead,
    Order,
    Partner,
    People,
    Row,
    Settings,
    Step,
)

MONEY = (
    "lifetime_revenue",
    "revenue",
    "revenue_previous",
    "margin",
    "margin_previous",
    "average_purchase",
    "lost_value",
)
PLAIN = (
    "purchase_count",
    "first_purchase_date",
    "last_purchase_date",
    "last_document_date",
    "turn_number",
    "expected_purchase_date",
    "window_purchase_count",
    "abc_class",
    "abc_below_since",
    "recency_score",
    "frequency_score",
    "monetary_score",
    "potential_class",
    "stage_date",
    "stage_reason",
    "is_lapsed",
    "loyalty_rung",
    "added_date",
    "active",
)
PEOPLE = (
    "is_agreed",
    "agreed_date",
    "is_vip",
    "vip_date",
    "is_key_account",
    "key_date",
    "is_excluded",
    "lost_date",
    "hold_date",
    "hold_until",
    "potential_date",
    "potential_class_manual",
)
NULLABLE = (
    "rhythm_days",
    "margin",
    "margin_previous",
    "average_purchase",
    "lost_value",
)


def money(value):
    return Decimal(str(value or 0))


def rows_of(env, model, fields, domain=()):
    """Every record, also archived ones, as dicts; many2one values as ids."""
    records = env[model].with_context(active_test=False).search_read(domain, fields)
    return [
        {
            name: value[0] if isinstance(value, tuple) else value
            for name, value in record.items()
        }
        for record in records
    ]


def read_base(env, company):
    """Everything the oracle needs to know about one company."""
    return Base(
        company_id=company.id,
        settings=read_settings(company),
        partners=read_partners(env),
        orders=read_orders(env),
        invoices=read_invoices(env),
        leads=read_leads(env),
        people=read_people(env, company),
        matrix=read_matrix(env),
        tz=company.lifecycle_tz
        or company.resource_calendar_id.tz
        or company.partner_id.tz
        or "UTC",
        one_company=len(rows_of(env, "res.company", ["id"])) == 1,
        has_margin="margin" in env["sale.order"]._fields,
        rounding=Decimal(str(company.currency_id.rounding)),
    )


def read_settings(company):
    values = {}
    for name, default in vars(Settings()).items():
        value = company[f"lifecycle_{name}"]
        values[name] = money(value) if isinstance(default, Decimal) else value
    return Settings(**values)


def read_partners(env):
    own = {row["partner_id"] for row in rows_of(env, "res.company", ["partner_id"])}
    users = rows_of(env, "res.users", ["partner_id"], [("share", "=", False)])
    own |= {row["partner_id"] for row in users}
    names = ["name", "commercial_partner_id", "active", "company_id", "customer_rank"]
    return {
        row["id"]: Partner(
            id=row["id"],
            name=row["name"],
            commercial_id=row["commercial_partner_id"],
            active=row["active"],
            company_id=row["company_id"] or None,
            customer_rank=row["customer_rank"],
            is_own=row["id"] in own,
        )
        for row in rows_of(env, "res.partner", names)
    }


def read_orders(env):
    names = ["name", "partner_id", "company_id", "state", "date_order", "create_date"]
    names += ["amount_untaxed", "currency_rate", "validity_date"]
    margin = "margin" in env["sale.order"]._fields
    return [
        Order(
            id=row["id"],
            name=row["name"],
            partner_id=row["partner_id"],
            company_id=row["company_id"],
            state=row["state"],
            moment=row["date_order"],
            created=row["create_date"],
            untaxed=money(row["amount_untaxed"]),
            rate=money(row["currency_rate"]) or None,
            margin=money(row["margin"]) if margin else Decimal(0),
            valid_until=row["validity_date"] or None,
        )
        for row in rows_of(env, "sale.order", names + ["margin"] * margin)
    ]


def read_invoices(env):
    names = ["name", "partner_id", "company_id", "state", "move_type", "invoice_date"]
    names += ["amount_untaxed", "amount_untaxed_signed", "reversed_entry_id"]
    return [
        Invoice(
            id=row["id"],
            name=row["name"],
            partner_id=row["partner_id"],
            company_id=row["company_id"],
            state=row["state"],
            move_type=row["move_type"],
            day=row["invoice_date"] or None,
            untaxed=money(row["amount_untaxed"]),
            untaxed_signed=money(row["amount_untaxed_signed"]),
            reversed_id=row["reversed_entry_id"] or None,
        )
        for row in rows_of(env, "account.move", names)
    ]


def read_leads(env):
    names = ["name", "partner_id", "company_id", "type", "active", "won_status"]
    names += ["stage_id", "create_date", "date_last_stage_update"]
    agreeing = [("lifecycle_is_agreement", "=", True)]
    stages = {row["id"] for row in rows_of(env, "crm.stage", ["id"], agreeing)}
    return [
        Lead(
            id=row["id"],
            name=row["name"],
            partner_id=row["partner_id"] or None,
            company_id=row["company_id"] or None,
            is_opportunity=row["type"] == "opportunity",
            active=row["active"],
            is_lost=row["won_status"] == "lost",
            stage_agrees=row["stage_id"] in stages,
            created=row["create_date"],
            stage_updated=row["date_last_stage_update"] or None,
        )
        for row in rows_of(env, "crm.lead", names)
    ]


def read_people(env, company):
    names = [*PEOPLE, "partner_id", "lost_reason_id", "hold_stage_id"]
    names += ["potential_amount"]
    recoverable = [("is_recoverable", "=", True)]
    kind = {
        row["id"] for row in rows_of(env, "crm.lifecycle.lost.reason", [], recoverable)
    }
    stages = codes(env, "crm.lifecycle.stage")
    return {
        row["partner_id"]: People(
            **{name: row[name] or _empty(name) for name in PEOPLE},
            lost_recoverable=row["lost_reason_id"] in kind,
            hold_stage=stages.get(row["hold_stage_id"]),
            potential_amount=money(row["potential_amount"]),
        )
        for row in profiles(env, company, names)
    }


def _empty(name):
    return False if name.startswith("is_") else None


def codes(env, model):
    """Code by id, or the name of what has no code."""
    rows = rows_of(env, model, ["code", "name"])
    return {row["id"]: row["code"] or row["name"] for row in rows}


def read_matrix(env):
    categories = codes(env, "crm.lifecycle.category")
    names = ["abc_class", "potential_class", "category_id"]
    return {
        (row["abc_class"], row["potential_class"]): categories[row["category_id"]]
        for row in rows_of(env, "crm.lifecycle.category.cell", names)
    }


def profiles(env, company, names):
    domain = [("company_id", "=", company.id)]
    return rows_of(env, "crm.lifecycle.profile", names, domain)


def read_rows(env, company):
    """Stored profiles by customer."""
    stages = codes(env, "crm.lifecycle.stage")
    categories = codes(env, "crm.lifecycle.category")
    names = [*MONEY, *PLAIN, "rhythm_days", "partner_id", "stage_figures"]
    names += ["stage_id", "computed_stage_id", "category_id"]
    nulls = read_nulls(env, company)
    found = {}
    for row in profiles(env, company, names):
        values = {name: money(row[name]) for name in (*MONEY, "rhythm_days")}
        values |= {name: _plain(name, row[name]) for name in PLAIN}
        values |= {name: None for name in nulls[row["id"]]}
        found[row["partner_id"]] = Row(
            partner_id=row["partner_id"],
            stage=stages.get(row["stage_id"]),
            computed_stage=stages.get(row["computed_stage_id"]),
            category=categories.get(row["category_id"]),
            stage_figures=row["stage_figures"] or {},
            **values,
        )
    return found


def _plain(name, value):
    if name.endswith(("_count", "_number", "_score")):
        return value
    return value if value or name in ("is_lapsed", "active") else None


def read_nulls(env, company):
    """Which numbers of which profile are empty: the ORM reads empty as zero."""
    columns = ", ".join(NULLABLE)
    env.cr.execute(
        f"SELECT id, {columns} FROM crm_lifecycle_profile WHERE company_id = %s",
        [company.id],
    )
    return {
        row[0]: [
            name for name, value in zip(NULLABLE, row[1:], strict=True) if value is None
        ]
        for row in env.cr.fetchall()
    }


def read_steps(env, company, after=0):
    """Transitions written after the one with id ``after``."""
    stages = codes(env, "crm.lifecycle.stage")
    categories = codes(env, "crm.lifecycle.category")
    partners = {
        row["id"]: row["partner_id"] for row in profiles(env, company, ["partner_id"])
    }
    names = ["profile_id", "date", "cause", "reacted_at", "from_stage_id"]
    names += ["to_stage_id", "from_category_id", "to_category_id"]
    domain = [("profile_id", "in", list(partners)), ("id", ">", after)]
    return [
        Step(
            partner_id=partners[row["profile_id"]],
            date=row["date"],
            cause=row["cause"],
            from_stage=stages.get(row["from_stage_id"]),
            to_stage=stages.get(row["to_stage_id"]),
            from_category=categories.get(row["from_category_id"]),
            to_category=categories.get(row["to_category_id"]),
            reacts=not row["reacted_at"],
        )
        for row in rows_of(env, "crm.lifecycle.transition", names, domain)
    ]


def last_transition(env):
    env.cr.execute("SELECT coalesce(max(id), 0) FROM crm_lifecycle_transition")
    return env.cr.fetchone()[0]
