"""Gaps and coverage of decision-making units, against the bare join.

    setup/bench kam [--customers 5000] [--people 12] [--json FILE]

Every customer is a key account with so many people, each in a role and met twice. The
bare join reads the same rows once and groups them by customer, without any rule: cards,
people, contacts, the roles and the last touchpoint of each person.

Without ``setup/bench``: --conf FILE --database NAME, as of the engine's benchmark.
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.bench_engine import (  # noqa: E402
    Progress,
    current_environment,
    start_odoo,
)

LIMIT = 3.0  # times the bare join
REPETITIONS = 9
BARE = """
    SELECT card.id, count(DISTINCT m.id), count(DISTINCT rel.role_id), max(met.day)
      FROM crm_lifecycle_profile card
      JOIN crm_dmu_member m ON m.profile_id = card.id AND m.lead_id IS NULL
      JOIN res_partner person ON person.id = m.contact_id
      LEFT JOIN crm_dmu_member_role_rel rel ON rel.member_id = m.id
      LEFT JOIN (SELECT profile_id, contact_id, max(date)::date AS day
                   FROM crm_touchpoint WHERE is_ignored IS NOT TRUE
                  GROUP BY profile_id, contact_id) met
        ON met.profile_id = m.profile_id AND met.contact_id = m.contact_id
     GROUP BY card.id
"""


def main(argv=None):
    options = parse(argv)
    environment = current_environment(options)
    database = options.database or environment.create_database("kam")
    start_odoo(environment.facts["conf"], database)
    result = run(database, options)
    print(table(result))
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=2, default=str))
    return 0 if result["met"] else 1


def parse(argv):
    parser = argparse.ArgumentParser("kam", description=__doc__)
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--conf", metavar="FILE")
    parser.add_argument("--database", metavar="NAME")
    return parser.parse_args(argv)


def run(database, options):
    from odoo import api
    from odoo.modules.registry import Registry

    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        units = Units(env, options.customers, options.people, Progress())
        units.create()
        return units.measure()


class Units:
    """Key accounts with people, and what the screens ask about them."""

    def __init__(self, env, customers, people, progress):
        self.env = env
        self.cr = env.cr
        self.customers = customers
        self.people = people
        self.progress = progress

    # -- the base -----------------------------------------------------------------

    def create(self):
        self.cr.execute("SELECT count(*) FROM crm_dmu_member WHERE lead_id IS NULL")
        if self.cr.fetchone()[0] < self.customers * self.people:
            self._create_customers()
            self._create_people()
            self._create_touchpoints()
            self.cr.commit()
        self.cr.execute(
            "ANALYZE res_partner, crm_lifecycle_profile, crm_dmu_member, "
            "crm_dmu_member_role_rel, crm_touchpoint"
        )
        self.cr.commit()
        self.env.invalidate_all()
        self.cards = self.env["crm.lifecycle.profile"].search(
            [("partner_id.ref", "=", "bench kam")]
        )

    def _copy_partner(self, values, join):
        """Copy one row of a new contact in SQL; return its columns.

        :param dict values: SQL of columns that differ
        :param str join: FROM items the rows are made from
        """
        pattern = self.env["res.partner"].create({"name": "Bench"})
        self.env.flush_all()
        fields = self.env["res.partner"]._fields
        columns = [
            name
            for name, field in fields.items()
            if field.store and field.column_type and name not in ("id", *values)
        ]
        self.cr.execute(
            f"INSERT INTO res_partner ({', '.join([*columns, *values])}) "
            f"SELECT {', '.join(f'p.{name}' for name in columns)}, "
            f"{', '.join(values.values())} FROM res_partner p, {join} "
            "WHERE p.id = %s RETURNING id",
            [pattern.id],
        )
        ids = [row[0] for row in self.cr.fetchall()]
        pattern.unlink()
        return ids

    def _create_customers(self):
        self.progress("customers", 0, self.customers)
        values = {
            "name": "'Customer ' || n",
            "complete_name": "'Customer ' || n",
            "is_company": "TRUE",
            "ref": "'bench kam'",
        }
        ids = self._copy_partner(values, f"generate_series(1, {self.customers}) n")
        self.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)",
            [ids],
        )
        self.env.invalidate_all()
        partners = self.env["res.partner"].browse(ids)
        self.env["crm.lifecycle.engine"]._add_profiles(self.env.company, partners)
        category = self.env.ref("crm_lifecycle.crm_lifecycle_category_key")
        self.cr.execute(
            "UPDATE crm_lifecycle_profile SET category_id = %s "
            "WHERE partner_id = ANY(%s)",
            [category.id, ids],
        )
        self.env.invalidate_all()

    def _create_people(self):
        self.progress("people", 0, self.customers * self.people)
        values = {
            "name": "'Person ' || n",
            "complete_name": "'Person ' || n",
            "is_company": "FALSE",
            "parent_id": "customer.id",
            "commercial_partner_id": "customer.id",
            "ref": "'bench person'",
        }
        self._copy_partner(
            values,
            f"generate_series(1, {self.people}) n, "
            "(SELECT id FROM res_partner WHERE ref = 'bench kam') customer",
        )
        self.cr.execute(
            """
            INSERT INTO crm_dmu_member (profile_id, contact_id, influence, interest,
                   involvement, attitude, relation_now, is_decider, is_champion,
                   takes_part, user_id, date_from)
            SELECT card.id, person.id, person.id %% 11, person.id %% 7, 5,
                   (ARRAY['ally', 'neutral', 'sceptic', 'opponent'])[
                       1 + person.id %% 4],
                   'vendor', person.id %% 9 = 0, person.id %% 14 = 0, TRUE,
                   CASE WHEN person.id %% 5 > 0 THEN %s END, CURRENT_DATE - 300
              FROM res_partner person
              JOIN crm_lifecycle_profile card
                ON card.partner_id = person.commercial_partner_id
             WHERE person.ref = 'bench person'
            """,
            [self.env.ref("base.user_admin").id],
        )
        self.cr.execute(
            """
            INSERT INTO crm_dmu_member_role_rel (member_id, role_id)
            SELECT m.id, roles.ids[1 + m.id % array_length(roles.ids, 1)]
              FROM crm_dmu_member m,
                   (SELECT array_agg(id ORDER BY id) AS ids FROM crm_dmu_role) roles
                ON CONFLICT DO NOTHING
            """
        )

    def _create_touchpoints(self):
        self.progress("touchpoints", 0, 2 * self.customers * self.people)
        self.cr.execute(
            """
            INSERT INTO crm_touchpoint (profile_id, partner_id, contact_id, channel_id,
                   direction, date)
            SELECT m.profile_id, card.partner_id, m.contact_id,
                   (SELECT min(id) FROM crm_touchpoint_channel), 'out',
                   now() - make_interval(days => (m.id * 7 + n * 40) % 300)
              FROM crm_dmu_member m
              JOIN crm_lifecycle_profile card ON card.id = m.profile_id,
                   generate_series(1, 2) n
            """
        )

    # -- what is measured ---------------------------------------------------------

    def measure(self):
        from tests.benchmarks import measure

        cards = self.cards
        names = ["dmu_coverage", "dmu_gap_count", "dmu_gap_rule_ids"]

        cases = {
            "gaps and coverage by manager": lambda: cards.formatted_read_group(
                [], ["user_id"], ["dmu_gap_count:sum", "dmu_coverage:avg"]
            ),
            "how many have a gap": lambda: cards.search_count(
                [("dmu_gap_count", ">", 0)]
            ),
            "covered by less than half": lambda: cards.search_count(
                [("dmu_coverage", "<", 50)]
            ),
            "both fields of all, read": lambda: cards.read(
                ["dmu_coverage", "dmu_gap_count"], load=None
            ),
            "the 80 least covered, read": lambda: cards.search(
                [("dmu_gap_count", ">", 0)], order="dmu_coverage", limit=80
            ).read(names),
            "one card": lambda: cards[:1].read([*names, "dmu_gaps"]),
        }
        samples = {name: [] for name in ("bare", *cases)}
        for turn in range(-1, REPETITIONS):  # the first one warms up
            seconds = {"bare": measure.timed(self._read_bare)}
            for name, ask in cases.items():
                self.env.invalidate_all()
                cards.fetch(["partner_id", "category_id", "stage_id", "company_id"])
                seconds[name] = measure.timed(ask)
            if turn >= 0:
                for name, value in seconds.items():
                    samples[name].append(value)
        bare = min(samples["bare"])
        best = {name: min(values) for name, values in samples.items()}
        asked = list(cases)[:4]
        return {
            "facts": measure.facts(self.cr),
            "customers": len(cards),
            "people": self._count_people(),
            "rules": self.env["crm.dmu.gap.rule"].search_count([]),
            "with_gaps": cards.search_count([("dmu_gap_count", ">", 0)]),
            "seconds": best,
            "ratios": {name: best[name] / bare for name in cases},
            "met": all(best[name] <= LIMIT * bare for name in asked),
        }

    def _read_bare(self):
        self.cr.execute(BARE)
        return self.cr.fetchall()

    def _count_people(self):
        self.cr.execute("SELECT count(*) FROM crm_dmu_member WHERE lead_id IS NULL")
        return self.cr.fetchone()[0]


def table(result):
    """The figures for people."""
    facts = result["facts"]
    lines = [
        f"{result['customers']:,} key accounts, {result['people']:,} people, "
        f"{result['rules']} rules; {result['with_gaps']:,} with a gap",
        f"{facts['cores']} cores, {facts['ram_gb']} GB, load {facts['load_average']}, "
        f"PostgreSQL {facts['postgresql']}, Python {facts['python']}",
        "",
        f"{'the bare join':32} {1000 * result['seconds']['bare']:8.0f} ms",
    ]
    for name, ratio in result["ratios"].items():
        milliseconds = 1000 * result["seconds"][name]
        lines.append(f"{name:32} {milliseconds:8.0f} ms   {ratio:.2f} x")
    lines.append(
        f"Target: gaps and coverage at most {LIMIT:.0f} x the bare join: "
        + ("met" if result["met"] else "MISSED")
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
