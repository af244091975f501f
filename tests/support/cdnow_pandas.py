"""What CDNOW's customers are, computed with pandas from the file alone."""

import pandas as pd

WINDOW = 365
LAST_DAY = pd.Timestamp("1998-06-30")


def purchases(path, today):
    """All rows of the file, moved so that the last day is the day before ``today``."""
    columns = ["customer", "day", "discs", "amount"]
    kinds = {"customer": str, "day": str}
    data = pd.read_csv(path, sep=r"\s+", skiprows=1, names=columns, dtype=kinds)
    data["day"] = pd.to_datetime(data["day"], format="%Y%m%d")
    data["day"] += pd.Timestamp(today) - pd.Timedelta(days=1) - LAST_DAY
    data["cents"] = (data["amount"] * 100).round().astype("int64")
    return data


def profiles(data, today):
    """One row for each customer, with the names of the profile's columns."""
    today = pd.Timestamp(today)
    customers = pd.Index(sorted(data["customer"].unique()), name="customer")
    paid = data[data["cents"] > 0]
    recent = paid[paid["day"] > today - pd.Timedelta(days=WINDOW)]
    before = paid[
        (paid["day"] > today - pd.Timedelta(days=2 * WINDOW))
        & (paid["day"] <= today - pd.Timedelta(days=WINDOW))
    ]
    by, now = paid.groupby("customer"), recent.groupby("customer")
    table = pd.DataFrame(index=customers)
    table["purchase_count"] = by.size()
    table["first_purchase_date"] = by["day"].min()
    table["last_purchase_date"] = by["day"].max()
    table["turn_number"] = by["day"].nunique()
    table["lifetime_revenue"] = by["cents"].sum()
    table["window_purchase_count"] = now.size()
    table["revenue"] = now["cents"].sum()
    table["revenue_previous"] = before.groupby("customer")["cents"].sum()
    table["rhythm_days"] = _rhythm(paid)
    dates = ("first_purchase_date", "last_purchase_date", "rhythm_days")
    numbers = [name for name in table.columns if name not in dates]
    table[numbers] = table[numbers].fillna(0).astype("int64")
    table["abc_class"] = _abc(table["revenue"])
    _scores(table)
    table["stage"] = _stages(table, today)
    table["category"] = _categories(table)
    return table


def _rhythm(paid):
    """Median gap between distinct days, of customers with three days or more."""
    days = paid[["customer", "day"]].drop_duplicates().sort_values(["customer", "day"])
    gaps = days.groupby("customer")["day"].diff().dt.days
    grouped = gaps.groupby(days["customer"])
    return grouped.median().where(grouped.count() >= 2)


def _abc(revenue):
    """By the share of revenue of those ranked before; equal ones by number."""
    bought = revenue[revenue > 0]
    ranked = bought.sort_values(ascending=False, kind="stable")
    passed = ranked.cumsum() - ranked
    limits = {"a": 80, "b": 95}
    classes = pd.Series("c", index=ranked.index)
    for name in ("b", "a"):
        classes[passed * 100 < limits[name] * ranked.sum()] = name
    return classes.reindex(revenue.index)


def _scores(table):
    """Five equal parts, by how many customers are strictly worse."""
    buyers = table[table["window_purchase_count"] > 0]
    columns = {
        "recency_score": "last_purchase_date",
        "frequency_score": "window_purchase_count",
        "monetary_score": "revenue",
    }
    for score, column in columns.items():
        worse = buyers[column].rank(method="min").astype("int64") - 1
        table[score] = (1 + 5 * worse // len(buyers)).reindex(table.index)
        table[score] = table[score].fillna(0).astype("int64")


def _stages(table, today):
    silence = (today - table["last_purchase_date"]).dt.days
    since = (today - table["first_purchase_date"]).dt.days
    allowed = (3 * table["rhythm_days"]).clip(lower=180).fillna(365)
    count = table["purchase_count"]
    stage = pd.Series("active", index=table.index)  # a free order is an agreement
    stage[count >= 1] = "working"
    stage[count >= 3] = "regular"
    stage[(count >= 10) & (since >= 365)] = "partner"
    stage[silence > allowed] = "lost_recoverable"
    return stage


def _categories(table):
    """No potential is known and nobody is new: the class, or C without one."""
    category = table["abc_class"].fillna("c")
    category[table["stage"] == "lost_recoverable"] = "lost"
    category[table["purchase_count"] == 0] = "prospect"
    return category
