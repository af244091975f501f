# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import users
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .control_common import ControlCommon


class TestCadenceControl(ControlCommon):
    """The control report: what it says of a customer, and in which order."""

    def setUp(self):
        super().setUp()
        self.Control = self.env["crm.cadence.control"]
        self.domain = [("partner_id", "=", self.customer.id)]

    def _row(self, rule, late=0, **columns):
        return self.Control.browse(
            self._add_status(self.profile, rule, late, **columns)
        )

    def test_worst_first(self):
        late = self._row(self.calls, 5)
        soon = self._row(self.meetings, -1)
        self.assertEqual(self.Control.search(self.domain), late + soon)
        self.assertEqual(late.state, "overdue")
        self.assertEqual(late.days_late, 5)
        self.assertEqual(late.user_id, self.user_salesman)
        self.assertEqual(soon.state, "soon")
        self.assertEqual(soon.days_late, 0)

    def test_states_are_those_of_the_clock(self):
        Status = self.env["crm.cadence.status"]
        for late in (40, 1, 0, -1, -3, -4, -40):
            with self.subTest(late=late):
                self.env.cr.execute("DELETE FROM crm_cadence_status")
                row = self._row(self.calls, late)
                status = Status.browse(row.id)
                self.assertEqual(row.state, status.state)
                self.assertEqual(row.days_late, status.days_late)
                self.assertEqual(row.violation_count, int(late > 0))

    def test_paused(self):
        row = self._row(self.calls, 5, pause_from=self.day(1), pause_until=self.day(-1))
        self.assertEqual(row.state, "paused")
        self.assertEqual(row.pause_until, self.day(-1))
        self.assertEqual((row.days_late, row.violation_count), (0, 0))
        self.assertEqual(
            self.Control._read_group(self.domain, [], ["kept_share:avg"]), [(False,)]
        )

    def test_reminder_rules_are_kept_apart(self):
        self._row(self.mailings, 50)
        self.assertFalse(self.Control.search(self.domain))

    def test_excluded_and_inactive_customers(self):
        self._row(self.calls, 5)
        for column in ("is_excluded = TRUE", "is_excluded = FALSE, active = FALSE"):
            self.env.cr.execute(
                f"UPDATE crm_lifecycle_profile SET {column} WHERE id = %s",
                [self.profile.id],
            )
            self.env.invalidate_all()
            self.assertFalse(self.Control.search(self.domain))

    def test_filters_of_the_search_view(self):
        rows = {
            "overdue": self._row(self.calls, 9),
            "today": self._row(self.meetings, 0),
        }
        rule = self._create_rule("Every week", self.call)
        rows["soon"] = self._row(rule, -3, last_date=None)
        arch = self.Control.get_view(
            self.env.ref("crm_lifecycle.crm_cadence_control_view_search").id, "search"
        )["arch"]
        filters = {
            node.get("name"): node.get("domain")
            for node in etree.fromstring(arch).iter("filter")
        }
        for name, row in {
            **rows,
            "late_week": rows["overdue"],
            "never": rows["soon"],
        }.items():
            with self.subTest(name=name):
                domain = safe_eval(filters[name])
                self.assertEqual(self.Control.search(self.domain + domain), row)

    def test_norm_and_exception(self):
        row = self._row(self.calls, 0)
        english = row.with_context(lang="en_US")
        self.assertEqual(english.norm, "Call: 1 a month")
        exception = self.env["crm.cadence.exception"].create(
            {
                "profile_id": self.profile.id,
                "rule_id": self.calls.id,
                "times": 2,
                "interval_number": 3,
                "interval_unit": "week",
                "date_from": self.day(1),
                "reason": "Asked for it",
            }
        )
        english.invalidate_recordset()
        self.assertEqual(english.norm, "Call: 2 in 3 weeks")
        exception.date_to = self.day(1)  # its last day is over
        english.invalidate_recordset()
        self.assertEqual(english.norm, "Call: 1 a month")

    def test_last_contact_per_channel(self):
        row = self._row(self.meetings, 0)
        self.assertFalse(row.last_contacts)
        moment = self.noon(self.day(9))
        self._add_touchpoint(self.profile, self.call, moment)
        last = self._add_touchpoint(self.profile, self.call, self.noon(self.day(3)))
        self._add_touchpoint(self.profile, self.visit, moment)
        ignored = self.noon(self.day(1))
        self._add_touchpoint(self.profile, self.visit, ignored, is_ignored=True)
        english = row.with_context(lang="en_US")
        contacts = english.last_contacts
        self.assertEqual(
            [(contact["channel"], contact["counts"]) for contact in contacts],
            [("Call", False), ("Visit", True)],
        )
        self.assertEqual(contacts[0]["id"], last)
        self.assertEqual(contacts[0]["day"], str(self.day(3)))
        day = self.day(3).strftime("%m/%d/%Y")
        self.assertIn(f"Call {day}, Visit", english.last_contacts_text)

    def test_day_of_a_contact_is_the_companys(self):
        self.company.lifecycle_tz = "Pacific/Kiritimati"  # UTC+14
        row = self._row(self.calls, 0)
        self._add_touchpoint(self.profile, self.call, self.noon(self.day(5)))
        [contact] = row.last_contacts
        self.assertEqual(contact["day"], str(self.day(5) + timedelta(1)))

    def test_groups(self):
        other = self._make_profiles(
            self._create_customer("Other"), user_id=self.user_salesman.id
        )
        self._row(self.calls, 5)
        self._row(self.meetings, 7)
        self._add_status(other, self.calls, -20)
        self._add_status(other, self.meetings, 1)
        domain = [("profile_id", "in", (self.profile + other).ids)]
        [figures] = self.Control._read_group(
            domain,
            ["user_id"],
            [
                "__count",
                "violation_count:sum",
                "customer_count:sum",
                "late_customer_count:sum",
                "days_late:max",
                "kept_share:avg",
            ],
        )
        self.assertEqual(figures, (self.user_salesman, 4, 3, 2, 2, 7, 0.25))

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    def test_who_sees_whom(self):
        profiles = self._make_owned()
        for profile in profiles.values():
            self._add_status(profile, self.calls, 5)
            self._add_status(profile, self.meetings, 2)
        ids = [profile.id for profile in profiles.values()]
        domain = [("profile_id", "in", ids)]
        for user, names in self._get_visible().items():
            with self.subTest(user=user.login):
                Control = self._as(user, "crm.cadence.control")
                rows = Control.search(domain)
                self.assertEqual(set(rows.partner_id.mapped("name")), names)
                [(count, customers)] = Control._read_group(
                    domain, [], ["__count", "customer_count:sum"]
                )
                self.assertEqual((count, customers), (2 * len(names), len(names)))
        one_company = self.env["crm.cadence.control"].with_user(self.user_both)
        one_company = one_company.with_context(allowed_company_ids=self.company_2.ids)
        rows = one_company.search(domain)
        self.assertEqual(set(rows.partner_id.mapped("name")), {"of_other"})

    def test_outsiders_and_writing(self):
        self._row(self.calls, 5)
        for user in (self.user_internal, self.user_portal, self.user_public):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                self.Control.with_user(user).search_count(self.domain)
        rows = self.Control.with_user(self.user_manager).search(self.domain)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(rows.has_access(operation))

    def test_export_is_for_managers(self):
        row = self._row(self.calls, 5)
        group = self.env.ref("base.group_allow_export")
        group.user_ids += self.user_all + self.user_manager
        with self.assertRaises(UserError):
            row.with_user(self.user_all).export_data(["partner_id"])
        self.assertTrue(row.with_user(self.user_manager).export_data(["norm"]))

    # ------------------------------------------------------------
    # DRILL-DOWN, PRINTING
    # ------------------------------------------------------------

    def test_card_and_ledger(self):
        row = self._row(self.calls, 5)
        self.assertEqual(row.action_open_card()["res_id"], self.profile.id)
        period = self._add_period(self.profile, self.calls, self.day(35), "missed")
        self._add_period(self.profile, self.meetings, self.day(35), "met")
        action = row.action_view_ledger()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.ids, [period])

    @users("crm_lc_user_leader")
    def test_printed_pages(self):
        colleague = self._make_profiles(
            self._create_customer("Colleague's"),
            user_id=self.user_leader.id,
            team_id=self.team_1.id,
        )
        hidden = self._make_profiles(
            self._create_customer("Hidden"),
            user_id=self.user_salesman_2.id,
            team_id=self.team_2.id,
        )
        self._add_touchpoint(self.profile, self.email, self.noon(self.day(3)))
        for profile in (colleague, hidden, self.profile):
            self._add_status(profile, self.calls, 5)
        self._add_status(self.profile, self.meetings, 90, last_date=None)
        action = call_kw(self.Control, "action_print_violations", [[]], {})
        self.assertEqual(action["report_name"], "crm_lifecycle.report_contact_control")
        html = self._render(None, action["data"])
        self.assertIn("Sam Salesman", html)
        self.assertIn("Lea Leader", html)
        self.assertNotIn("Hidden", html)
        self.assertLess(html.index("Sam Salesman"), html.index("Lea Leader"))
        self.assertIn("E-mail", html)  # a channel no rule asks for, but used
        self.assertIn("never contacted", html)
        chosen = self.Control.search([("profile_id", "=", colleague.id)])
        html = self._render(chosen.ids, {})
        self.assertIn("Lea Leader", html)
        self.assertNotIn("Sam Salesman", html)

    def _render(self, docids, data):
        report = self.env["ir.actions.report"].with_context(lang="en_US")
        name = "crm_lifecycle.report_contact_control"
        return report._render_qweb_html(name, docids, data=data)[0].decode()

    def test_a_page_is_limited(self):
        self._row(self.calls, 5)
        self._row(self.meetings, 7)
        [page] = self.Control._get_printed_groups(self.domain, limit=1)
        self.assertEqual(page["lines"].rule_id, self.meetings)
        self.assertEqual((page["more"], page["violations"]), (1, 2))

    # ------------------------------------------------------------
    # SPEED
    # ------------------------------------------------------------

    def test_queries_of_a_page_do_not_grow(self):
        def read(rows):
            fields_ = ("partner_id", "norm", "last_contacts", "state", "is_reminded")
            self.env.invalidate_all()
            return rows.web_read({name: {} for name in fields_})

        for number in range(20):
            partner = self._create_customer(f"Many {number}")
            profile = self._make_profiles(partner, user_id=self.user_salesman.id)
            self._add_status(profile, self.calls, number)
            self._add_touchpoint(profile, self.call, self.noon(self.day(30)))
        rows = self.Control.search([("partner_id.name", "like", "Many ")])
        self.assertEqual(len(rows), 20)
        read(rows)
        with self.assertQueryCount(13):
            read(rows[:2])
        with self.assertQueryCount(13):
            read(rows)
