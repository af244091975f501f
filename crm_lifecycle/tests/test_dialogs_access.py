# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import TestLifecycleCompanies
from .dialogs_common import DialogsMixin


class TestDialogsAccess(DialogsMixin, TestLifecycleCompanies):
    """Dialogs give nobody a right that the profile's own rules refuse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine, cls.theirs, cls.nobodys = cls._create_customers(3)

    def setUp(self):
        super().setUp()
        self.p_mine = self._make_profiles(
            self.mine, user_id=self.user_salesman.id, team_id=self.team_1.id
        )
        self.p_theirs = self._make_profiles(
            self.theirs, user_id=self.user_salesman_2.id, team_id=self.team_2.id
        )
        self.p_nobodys = self._make_profiles(self.nobodys)

    def test_own_and_nobodys(self):
        both = self.p_mine + self.p_nobodys
        said = self._decide("exclude", both, self.user_salesman, reason="Lawyer")
        self.assertEqual(said["message"], "Done: 2.")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_somebody_elses_customer(self):
        for user in (self.user_salesman, self.user_leader):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._decide("exclude", self.p_theirs, user, reason="x")
        with self.assertRaisesRegex(UserError, "is looked after by somebody else"):
            self._decide("exclude", self.theirs, self.user_salesman, reason="x")
        with self.assertRaises(AccessError):
            self.p_theirs.with_user(self.user_salesman).action_move_to_stage(
                self.stage("working").id
            )
        self.assertFalse(self.p_theirs.is_excluded)

    def test_contacts_of_others_are_skipped_among_many(self):
        contacts = self.mine + self.theirs
        said = self._decide("exclude", contacts, self.user_salesman, reason="x")
        self.assertEqual(said["message"], "Done: 1. Skipped: 1.")
        self.assertEqual(said["skipped"]["domain"], [("id", "in", self.theirs.ids)])

    def test_naming_is_refused_before_the_dialog_opens(self):
        for kind in ("name_vip", "withdraw_vip", "mark_key", "unmark_key"):
            with self.subTest(kind=kind):
                with self.assertRaisesRegex(AccessError, "leaders of a sales team"):
                    self._open_dialog(kind, self.p_mine, self.user_salesman)
        for code in ("vip", "key"):
            with self.assertRaisesRegex(AccessError, "leaders of a sales team"):
                self.p_mine.with_user(self.user_salesman).action_move_to_stage(
                    self.stage(code).id
                )
        self.assertTrue(
            self._open_dialog("name_vip", self.p_mine, self.user_leader).scope
        )
        self.assertFalse(self.p_mine.with_user(self.user_salesman).may_name)
        self.assertTrue(self.p_mine.with_user(self.user_leader).may_name)

    def test_assigning_many_is_for_leaders(self):
        both = self.p_mine + self.p_nobodys
        with self.assertRaisesRegex(AccessError, "one by one"):
            self._open_dialog("assign", both, self.user_salesman)
        said = self._decide(
            "assign", both, self.user_leader, user_id=self.user_leader.id
        )
        self.assertEqual(said["message"], "Done: 2.")
        self._decide("assign", self.p_mine, self.user_leader, user_id=False)
        self.assertFalse(self.p_mine.user_id)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_company(self):
        with self.assertRaises(AccessError):
            self._decide("exclude", self.p_mine, self.user_manager_2, reason="x")
        with self.assertRaisesRegex(UserError, "has no profile"):
            self._decide("exclude", self.mine, self.user_manager_2, reason="x")
        theirs = self._make_profiles(self.mine, company=self.company_2)
        said = self._decide("exclude", self.mine, self.user_manager_2, reason="x")
        self.assertEqual(said["message"], "Done: 1.")
        self.assertTrue(theirs.is_excluded)
        self.assertFalse(self.p_mine.is_excluded)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_users_without_sales(self):
        for user in (self.user_portal, self.user_public, self.user_internal):
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    self._dialog_model("exclude", self.p_mine, user).create({})
                with self.assertRaises(AccessError):
                    self.p_mine.with_user(user).action_move_to_stage(
                        self.stage("working").id
                    )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_dialogs_are_private(self):
        dialog = self._dialog_model("exclude", self.p_mine).create({"reason": "x"})
        with self.assertRaises(AccessError):
            dialog.with_user(self.user_salesman).read(["reason"])

    def test_days_are_those_of_the_customers_company(self):
        self.company.lifecycle_tz = "Pacific/Kiritimati"  # UTC+14
        self.company_2.lifecycle_tz = "Pacific/Niue"  # UTC-11
        theirs = self._make_profiles(self.mine, company=self.company_2)
        context = {"allowed_company_ids": [self.company.id, self.company_2.id]}
        both = self.p_mine + theirs
        for profiles, day in (
            (self.p_mine, self.engine._today(self.company)),
            (theirs, self.engine._today(self.company_2)),
            (both, self.engine._today(self.company_2)),
        ):
            dialog = self._open_dialog("agree", profiles, self.user_both, **context)
            self.assertEqual(dialog.agreed_date, day)
            dialog.save().action_apply()
            profiles.with_user(self.user_both).with_context(**context).clear_agreed()

    # ------------------------------------------------------------
    # MENUS
    # ------------------------------------------------------------

    def _get_bound(self, model, user):
        """Return the dialogs in the menu of a model's records."""
        bindings = self.env["ir.actions.actions"].with_user(user).get_bindings(model)
        ids = [action["id"] for action in bindings.get("action", ())]
        actions = self.env["ir.actions.act_window"].sudo().search([("id", "in", ids)])
        return actions.filtered(lambda a: a.res_model == "crm.lifecycle.action")

    def test_an_amount_is_of_one_currency(self):
        self.company_2.currency_id = self.env["res.currency"].create(
            {"name": "QZX", "symbol": "Q", "rounding": 0.01}
        )
        cards = self._make_profiles(self._create_customer("One"), revenue=10)
        cards += self._make_profiles(
            self._create_customer("Two"), company=self.company_2, revenue=10
        )
        env = self.env(context={"allowed_company_ids": cards.company_id.ids})
        cards = cards.with_env(env)
        with self.assertRaises(UserError):
            self._decide("set_potential", cards, self.user_both, potential_amount=5)
        self.assertFalse(any(cards.mapped("potential_date")))
        values = {"potential_by": "factor", "revenue_factor": 2}
        self._decide("set_potential", cards, self.user_both, **values)
        self.assertEqual(cards.mapped("potential_amount"), [20, 20])

    def test_menus(self):
        kinds = set(dict(self._get_kinds())) - {"add_to_base", "recompute"}
        bound = self._get_bound("crm.lifecycle.profile", self.user_salesman)
        opened = set()
        for action in bound:
            self.assertEqual(action.target, "new")
            self.assertEqual(action.binding_view_types, "list,form,kanban")
            kind = safe_eval(action.context)["default_kind"]
            opened.add(kind)
            with self.subTest(kind=kind):
                dialog = self._open_dialog(kind, self.p_mine)
                self.assertEqual(dialog.scope, self.mine.name)
                self.assertEqual(action.name, dict(self._get_kinds())[kind])
        self.assertEqual(opened, kinds)
        direct = {"res.partner": {"add_to_base", "pause", "resume"}}
        for model in ("res.partner", "crm.lead"):
            kinds = direct.get(model, {"add_to_base"})
            contexts = self._get_bound(model, self.user_salesman).mapped("context")
            self.assertEqual(
                set(contexts),
                {
                    "{'default_may_choose': True}",
                    *(f"{{'default_kind': '{kind}'}}" for kind in kinds),
                },
            )
        for user in (self.user_internal, self.user_portal):
            for model in ("crm.lifecycle.profile", "res.partner", "crm.lead"):
                self.assertFalse(self._get_bound(model, user))

    def _get_kinds(self):
        return self.env["crm.lifecycle.action"]._fields["kind"].selection
