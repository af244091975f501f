"""Targets, the readable table, and the comparison of two sizes."""

import json
import statistics

VIEW_FACTOR, VIEW_EXTRA = 1.2, 0.05
MEMORY_FACTOR, MEMORY_EXTRA = 1.1, 30


def targets(samples, views):
    """``[(what, measured seconds, limit, met)]``; the limits are the project's."""
    by_name = {sample.name.split()[0]: sample for sample in samples}
    bare = {
        name: statistics.median(by_name[name].bare)
        for name in ("2a", "2b", "3")
        if name in by_name
    }
    rows = []

    def row(what, measured, limit, at_least=False):
        met = measured >= limit if at_least else measured <= limit
        rows.append((what, measured, limit, met))

    row("2a <= 3.5 x (1)", by_name["2a"].median, 3.5 * bare["2a"])
    row(
        "2b <= 3.5 x (1) + 1.3 x (W)",
        by_name["2b"].median,
        3.5 * bare["2b"] + 1.3 * by_name["W"].median,
    )
    row("3 <= 1.0 x (1)", by_name["3"].median, bare["3"])
    row("5 >= 30 x (2a)", by_name["5"].median, 30 * by_name["2a"].median, at_least=True)
    for name, odoo, developer in views:
        limit = VIEW_FACTOR * developer.median + VIEW_EXTRA
        row(f"6 {name}", odoo.median, limit)
    return rows


def table(result):
    """The report as text."""
    lines = [
        *_headline(result),
        "",
        *samples(result),
        "",
        *_confirmations(result["confirmations"]),
        "",
        *verdicts(result["targets"]),
        f"Peak memory of Odoo in the run: {result['odoo_peak_mb']:.0f} MB",
    ]
    return "\n".join(lines)


def _headline(result):
    facts = result["facts"]
    yield f"crm_lifecycle engine benchmark, {facts['date']}"
    yield f"  {result['command']}"
    yield (
        f"  {result['customers']:,} customers, {result['orders']:,} orders, "
        f"{result['profiles']:,} profiles, {result['transitions']:,} transitions"
    )
    yield (
        f"  {facts['cores']} cores, {facts['ram_gb']} GB RAM, load average "
        f"{facts['load_average']} at the start; PostgreSQL {facts['postgresql']}, "
        f"Python {facts['python']}"
    )
    yield "  " + ", ".join(f"{k}={v}" for k, v in facts["settings"].items())


def samples(result):
    title = f"Median of {result['repetitions']}"
    yield f"{title:<38}{'time':>10}{'x (1)':>8}{'Odoo MB':>9}{'PG MB':>8}"
    for sample in result["samples"]:
        ratio = sample["ratio_to_bare"]
        line = (
            f"{sample['name']:<38}{duration(sample['median_s']):>10}"
            f"{'' if ratio is None else format(ratio, '.2f'):>8}"
            f"{megabytes(sample['odoo_peak_mb']):>9}"
            f"{megabytes(sample['postgres_peak_mb']):>8}  {sample['note']}"
        )
        yield line.rstrip()


def _confirmations(http):
    yield f"{http['count']} confirmations over HTTP, 2 at a time"
    for key, label in (
        ("without_pass", "without the pass"),
        ("during_pass", f"during {http['passes_meanwhile']} full re-reads"),
    ):
        figures = http[key]
        yield (
            f"  {label:<36}p50 {figures['p50_ms']:.0f} ms, "
            f"p95 {figures['p95_ms']:.0f} ms, errors {figures['errors']}"
        )


def verdicts(targets):
    yield f"{'Target':<44}{'measured':>10}{'limit':>10}"
    for what, measured, limit, met in targets:
        yield (
            f"{what:<44}{duration(measured):>10}{duration(limit):>10}"
            f"  {'pass' if met else 'MISS'}"
        )


def duration(seconds):
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 600 else f"{seconds / 3600:.1f} h"


def megabytes(number):
    return f"{number:.0f}" if number else ""


def compare_memory(folder):
    """Peak memory of the smallest against the largest base measured here.

    :return: text, and whether the limit is kept (None: only one size measured)
    """
    results = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    results.sort(key=lambda result: result["customers"])
    if len({result["customers"] for result in results}) < 2:
        return "Memory: two sizes are needed, run the benchmark with another.", None
    small, large = results[0], results[-1]
    limit = MEMORY_FACTOR * small["odoo_peak_mb"] + MEMORY_EXTRA
    met = large["odoo_peak_mb"] <= limit
    return (
        f"Peak memory of Odoo: {small['odoo_peak_mb']:.0f} MB at "
        f"{small['customers']:,} customers, {large['odoo_peak_mb']:.0f} MB at "
        f"{large['customers']:,}; limit {limit:.0f} MB: {'pass' if met else 'MISS'}",
        met,
    )
