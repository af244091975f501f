# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import RedirectWarning
from odoo.tests import Form

from .handover_common import HandoverCommon


class TestHandoverArchive(HandoverCommon):
    """Nobody leaves with customers on his name unnoticed."""

    def test_archiving_asks_for_a_handover(self):
        self._plan_work()
        with self.assertRaises(RedirectWarning) as caught:
            self.user_salesman.action_archive()
        message, action, __, context = caught.exception.args
        self.assertIn("Sam Salesman", message)
        self.assertEqual(
            action, self.env.ref("crm_lifecycle.crm_handover_archive_action").id
        )
        self.assertTrue(self.user_salesman.active)
        self.assertTrue(self.activity.exists(), "Odoo would have deleted it")
        Wizard = self.env["crm.handover.archive"].with_context(**context)
        self.assertIn(": 3", Form(Wizard).lines)
        wizard = Wizard.create({})
        self.assertEqual(wizard.user_ids, self.user_salesman)
        for count in (": 3", ": 1"):
            self.assertIn(count, wizard.lines)
        opened = wizard.action_hand_over()
        self.assertEqual(
            opened["context"]["default_from_user_id"], self.user_salesman.id
        )

    def test_archive_anyway(self):
        self._plan_work()
        wizard = self.env["crm.handover.archive"].create(
            {"user_ids": self.user_salesman.ids}
        )
        wizard.action_archive_anyway()
        self.assertFalse(self.user_salesman.active)
        self.assertFalse(self.activity.exists())
        self.assertAlert(self.env.ref("base.user_admin"))

    def assertAlert(self, manager):
        alert = self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", self.user_salesman.partner_id.id),
            ]
        )
        self.assertEqual(alert.user_id, manager)
        self.assertIn("3", alert.summary)
        self.assertEqual(
            self.Profile.search_count(
                [("has_no_responsible", "=", True), ("id", "in", self.profiles.ids)]
            ),
            3,
        )

    def test_who_may_not_archive(self):
        wizard = (
            self.env["crm.handover.archive"]
            .with_user(self.user_manager)
            .create({"user_ids": self.user_salesman.ids})
        )
        with self.assertRaises(Exception) as caught:
            wizard.action_archive_anyway()
        self.assertIn("may not", str(caught.exception))
        self.assertTrue(self.user_salesman.active)

    def test_nothing_hangs_on_him(self):
        self.user_internal.action_archive()
        self.assertFalse(self.user_internal.active)

    def test_portal_users_are_not_asked_about(self):
        self.env["crm.lead"].create({"name": "Deal", "user_id": self.user_portal.id})
        self.user_portal.action_archive()
        self.assertFalse(self.user_portal.active)

    def test_planned_work_alone(self):
        for create in (
            lambda user: self.env["crm.lead"].create(
                {"name": "Deal", "type": "opportunity", "user_id": user.id}
            ),
            lambda user: self.customers[0].activity_schedule(
                "mail.mail_activity_data_call", user_id=user.id
            ),
        ):
            record = create(self.user_internal)
            with self.subTest(model=record._name):
                with self.assertRaises(RedirectWarning):
                    self.user_internal.action_archive()
                record.unlink()

    def test_after_a_handover_nothing_is_asked(self):
        self._plan_work()
        self._hand_over(self._create_handover())
        self.user_salesman.action_archive()
        self.assertFalse(self.user_salesman.active)
        self.assertEqual(self.activity.user_id, self.user_salesman_2)

    def test_a_bare_write_is_not_blocked_but_raises_the_alert(self):
        self.user_salesman.with_user(self.env.ref("base.user_admin")).write(
            {"active": False}
        )
        self.assertFalse(self.user_salesman.active)
        self.assertAlert(self.env.ref("base.user_admin"))
        company = self.company.with_user(self.user_manager)
        self.assertGreaterEqual(company.lifecycle_orphan_count, 3)
        found = self.Profile.search(company.action_lifecycle_orphans()["domain"])
        self.assertLessEqual(self.profiles, found)

    def test_the_alert_goes_to_a_manager(self):
        """Whoever archives may have nothing to do with sales."""
        self.team_1.user_id = self.user_manager
        self.user_salesman.with_user(self.env.ref("base.user_root")).write(
            {"active": False}
        )
        alert = self.env["mail.activity"].search(
            [("res_id", "=", self.user_salesman.partner_id.id)]
        )
        self.assertEqual(alert.user_id, self.user_manager)
