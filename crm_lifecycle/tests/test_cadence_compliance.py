# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .control_common import ControlCommon


class TestCadenceCompliance(ControlCommon):
    """Compliance is a true ratio in every group."""

    def setUp(self):
        super().setUp()
        self.Period = self.env["crm.cadence.period"]

    def _figures(self, groupby, *aggregates, domain=()):
        rows = self.Period._read_group(list(domain), groupby, aggregates)
        return {row[: len(groupby)]: row[len(groupby) :] for row in rows}

    def test_of_rows(self):
        expected = {
            "met": 1.0,
            "late": 0.0,
            "missed": 0.0,
            "open": False,
            "void": False,
        }
        for ago, (state, share) in enumerate(expected.items()):
            with self.subTest(state=state):
                period = self.Period.browse(
                    self._add_period(self.profile, self.calls, self.day(ago), state)
                )
                self.assertEqual(period.closed_count, int(share is not False))
                domain = [("id", "=", period.id)]
                [(found,)] = self.Period._read_group(domain, [], ["compliance:avg"])
                self.assertIs(found is False, share is False)
                self.assertEqual(found, share)

    def test_of_groups(self):
        colleague = self._make_profiles(
            self._create_customer("Colleague's"),
            user_id=self.user_leader.id,
            team_id=self.team_1.id,
        )
        january, february = date(2026, 1, 20), date(2026, 2, 3)
        number = iter(range(100))

        def add(profile, due, *states):
            for state in states:
                self._add_period(
                    profile,
                    self.calls,
                    due,
                    state,
                    opening_date=self.day(500 - next(number)),
                    days_late=4 if state == "late" else 0,
                )

        add(self.profile, january, "met", "met", "met", "late", "open", "void")
        add(colleague, january, "missed")
        add(self.profile, february, "met", "missed")
        names = ("compliance:avg", "closed_count:sum", "met_count:sum")
        self.assertEqual(
            self._figures(["user_id"], *names),
            {
                (self.user_salesman,): (4 / 6, 6, 4),
                (self.user_leader,): (0.0, 1, 0),
            },
        )
        by_team = self._figures(["team_id"], *names)
        share, closed, met = by_team[(self.team_1,)]
        self.assertAlmostEqual(float(share), 4 / 7)  # not the mean of two managers
        self.assertEqual((closed, met), (7, 4))
        by_month = self._figures(["due_date:month"], "compliance:avg", "days_late:avg")
        self.assertEqual(
            {key[0]: values for key, values in by_month.items()},
            {date(2026, 1, 1): (0.6, 4.0), date(2026, 2, 1): (0.5, False)},
        )

    def test_searched_and_sorted(self):
        met = self._add_period(self.profile, self.calls, self.day(40), "met")
        missed = self._add_period(self.profile, self.calls, self.day(9), "missed")
        found = self.Period.search([("compliance", "=", 1)])
        self.assertEqual(found.ids, [met])
        domain = [("profile_id", "=", self.profile.id)]
        rows = self.Period.search(domain, order="compliance")
        self.assertEqual(rows.ids, [missed, met])

    def test_trace_of_a_correction(self):
        corrected = self._add_period(
            self.profile,
            self.calls,
            self.day(40),
            "met",
            corrected_at=self.ago(days=3),
            corrected_from="missed",
        )
        self._add_period(self.profile, self.calls, self.day(9), "met")
        found = self.Period.search([("is_corrected", "=", True)])
        self.assertEqual(found.ids, [corrected])

    def test_a_deleted_customer_leaves_its_rows(self):
        row = self.Period.browse(
            self._add_period(self.profile, self.calls, self.day(9), "met")
        )
        self.customer.unlink()
        row.invalidate_recordset()
        self.assertFalse(row.partner_id)
        self.assertEqual(row.compliance, 1.0)

    def test_who_sees_whom(self):
        """Who answered then, and who leads that team; nobody else."""
        profiles = self._make_owned()
        rows = {
            name: self._add_period(profile, self.calls, self.day(9), "missed")
            for name, profile in profiles.items()
        }
        visible = self._get_visible()
        for user in (self.user_salesman, self.user_leader):
            visible[user] = visible[user] - {"of_nobody"}
        for user, names in visible.items():
            with self.subTest(user=user.login):
                Period = self._as(user, "crm.cadence.period")
                found = Period.search([("id", "in", list(rows.values()))])
                self.assertEqual(set(found.ids), {rows[name] for name in names})
                groups = Period._read_group(
                    [("id", "in", list(rows.values()))], [], ["missed_count:sum"]
                )
                self.assertEqual(groups, [(len(names),)])
        for user in (self.user_internal, self.user_portal):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                self.Period.with_user(user).search_count([])

    def test_after_a_hand_over(self):
        """The row stays with who answered; the card is the new responsible's."""
        row = self.Period.browse(
            self._add_period(self.profile, self.calls, self.day(9), "missed")
        )
        self.profile._write_people(
            {"user_id": self.user_salesman_2.id, "team_id": self.team_2.id}
        )
        self.env.invalidate_all()
        mine = self.Period.with_user(self.user_salesman).search([])
        self.assertEqual(mine, row)
        self.assertFalse(self.Period.with_user(self.user_salesman_2).search([]))
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            mine.profile_id.read(["stage_id"])

    def test_export_is_for_managers(self):
        row = self.Period.browse(
            self._add_period(self.profile, self.calls, self.day(9), "met")
        )
        group = self.env.ref("base.group_allow_export")
        group.user_ids += self.user_all + self.user_manager
        with self.assertRaises(UserError):
            row.with_user(self.user_all).export_data(["partner_id"])
        self.assertTrue(row.with_user(self.user_manager).export_data(["state"]))
