"""Plain ways to say what a customer did, for cases worked out by hand."""

from datetime import datetime, timedelta

from tests import oracle

from .oracle_case import TODAY, OracleCase


def noon(days_ago, today=TODAY):
    day = today - timedelta(days_ago)
    return datetime(day.year, day.month, day.day, 12)


def day(days_ago, today=TODAY):
    return today - timedelta(days_ago)


class CaseByHand(OracleCase):
    """One customer at a time, in a company with every setting at its default."""

    companies = 2

    def buyer(self, *days_ago, amount=100, **values):
        """A customer with orders of so many days ago; its id."""
        partner = self.builder.partner(**values)
        for ago in days_ago:
            self.builder.order(partner, noon(ago), amount)
        return partner

    def classify(self, today=TODAY, **context):
        """Write what was built and compute everybody."""
        self.builder.write()
        self.other_builder.write()
        result = self.engine._recompute(self.company, today=today, **context)
        self.env.invalidate_all()
        return result

    def profile(self, partner, company=None):
        company = company or self.company
        Profile = self.env["crm.lifecycle.profile"].with_context(active_test=False)
        domain = [("partner_id", "=", partner), ("company_id", "=", company.id)]
        return Profile.search(domain)

    def decide(self, partner, **values):
        """Write people's columns as the actions would."""
        self.env.flush_all()
        names = ", ".join(f"{name} = %s" for name in values)
        self.env.cr.execute(
            f"UPDATE crm_lifecycle_profile SET {names} WHERE id = %s",
            [*values.values(), self.profile(partner).id],
        )
        self.env.invalidate_all()

    def recompute(self, partner, today=TODAY, **context):
        self.builder.write()
        partners = self.env["res.partner"].browse(partner)
        self.engine._recompute(self.company, partners, today=today, **context)
        self.env.invalidate_all()

    def stage(self, partner):
        return self.profile(partner).stage_id.code

    def transitions(self, partner):
        found = self.profile(partner).transition_ids.sorted("id")
        return [
            (step.date, step.cause, step.from_stage_id.code, step.to_stage_id.code)
            for step in found
        ]

    def assertOracle(self, partner, today=TODAY):
        """The same case gives the same answer in the oracle."""
        stored = self.read_rows()
        rows, steps = oracle.some(self.read_base(), stored, today)
        self.assertEqual(rows[partner], stored[partner])
        self.assertFalse([step for step in steps if step.partner_id == partner])
