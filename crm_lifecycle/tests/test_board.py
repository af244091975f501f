# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError

from .actions_common import ActionsBase
from .common import TestLifecycleCommon
from .dialogs_common import DialogsMixin


class TestBoardMoves(DialogsMixin, ActionsBase):
    """What dragging a card into a column asks for."""

    def _move(self, profile, code, user=None):
        """Return the kind of the dialog and its first values."""
        self.env.invalidate_all()
        before = profile.read()
        profile = profile.with_user(user or self.user_manager)
        action = profile.action_move_to_stage(self.stage(code).id)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(profile.sudo().read(), before, "a drag writes nothing")
        self.assertEqual(action["res_model"], "crm.lifecycle.action")
        self.assertEqual(action["target"], "new")
        context = dict(action["context"])
        self.assertEqual(context["active_ids"], profile.ids)
        return context.pop("default_kind"), {
            name.removeprefix("default_"): value
            for name, value in context.items()
            if name.startswith("default_")
        }

    def test_of_an_ordinary_customer(self):
        working = self.p_buyer
        for code in ("potential", "active", "regular", "partner"):
            kind, values = self._move(working, code)
            self.assertEqual(kind, "hold")
            self.assertEqual(values, {"hold_stage_id": self.stage(code).id})
        self.assertEqual(self._move(working, "vip"), ("name_vip", {}))
        self.assertEqual(self._move(working, "key"), ("mark_key", {}))
        for code in ("lost", "lost_recoverable"):
            self.assertEqual(
                self._move(working, code),
                ("declare_lost", {"lost_code": code, "withdraw_flags": False}),
            )

    def test_out_of_the_named(self):
        self.p_loyal.name_vip(self.user_manager.id, "Big")
        self.assertEqual(self._move(self.p_loyal, "regular")[0], "withdraw_vip")
        self.assertEqual(self._move(self.p_loyal, "key")[0], "mark_key")
        self.assertEqual(
            self._move(self.p_loyal, "lost"),
            ("declare_lost", {"lost_code": "lost", "withdraw_flags": True}),
        )
        self.p_loyal.mark_key_account("Big")
        self.assertEqual(self._move(self.p_loyal, "vip")[0], "unmark_key")
        self.assertEqual(self._move(self.p_loyal, "partner")[0], "unmark_key")
        self.p_loyal.withdraw_vip()
        self.assertEqual(self._move(self.p_loyal, "vip")[0], "name_vip")

    def test_out_of_the_lost(self):
        self.p_buyer.declare_lost(self.lost_for_good.id)
        for code in ("potential", "regular", "vip", "key"):
            self.assertEqual(self._move(self.p_buyer, code)[0], "return_to_base")
        # The other column of the lost: another reason
        self.assertEqual(
            self._move(self.p_buyer, "lost_recoverable"),
            (
                "declare_lost",
                {"lost_code": "lost_recoverable", "withdraw_flags": False},
            ),
        )
        # Lost by silence: nothing was declared that could be taken back
        silent = self._create_customer("Silent")
        self._create_order(silent, self.day(800))
        profile = self._recompute(silent)
        self.assertStage(silent, "lost_recoverable")
        self.assertEqual(self._move(profile, "working")[0], "hold")
        self.assertEqual(self._move(profile, "lost")[0], "declare_lost")

    def test_of_a_held_customer(self):
        self.p_buyer.hold_stage("partner", "Lease")
        kind, values = self._move(self.p_buyer, "regular")
        self.assertEqual(kind, "hold")
        self.assertTrue(values["hold_replace"])
        self.assertEqual(self._move(self.p_buyer, "working")[0], "release")
        self.assertEqual(self._move(self.p_buyer, "vip")[0], "name_vip")
        with self.assertRaisesRegex(UserError, "release the hold first"):
            self._move(self.p_buyer, "lost")
        self.p_buyer.name_vip(self.user_manager.id, "x", despite_reason="y")
        self.assertEqual(self._move(self.p_buyer, "vip")[0], "release")
        self.assertEqual(self._move(self.p_buyer, "working")[0], "hold")

    def test_refused(self):
        self.p_buyer.exclude("Lawyer")
        with self.assertRaisesRegex(UserError, "include it again first"):
            self._move(self.p_buyer, "regular")
        self.loyal.active = False
        self._recompute(self.loyal)
        with self.assertRaisesRegex(UserError, "is archived"):
            self._move(self.p_loyal, "regular")
        with self.assertRaisesRegex(UserError, "choose a column"):
            self.p_prospect.action_move_to_stage(False)

    def test_saving_the_dialog_moves_the_card(self):
        action = self.p_buyer.with_user(self.user_manager).action_move_to_stage(
            self.stage("regular").id
        )
        Action = self.env["crm.lifecycle.action"].with_user(self.user_manager)
        dialog = Action.with_context(**action["context"]).create({"reason": "Lease"})
        closing = dialog.action_apply()["params"]["next"]
        self.assertEqual(closing["infos"], {"lifecycle_done": 1})
        self.assertStage(self.buyer, "regular")

    def test_stage_is_never_written(self):
        with self.assertRaisesRegex(UserError, "cannot be written directly"):
            self.p_buyer.with_user(self.user_manager).write(
                {"stage_id": self.stage("regular").id}
            )


class TestBoardLoad(TestLifecycleCommon):
    """The board asks the database as often for 10,000 customers as for 100."""

    def _load(self):
        """Load the board as the web client does; return groups and queries."""
        Profile = self.Profile.with_user(self.user_manager)
        Profile = Profile.with_context(read_group_expand=True)
        view = self.env.ref("crm_lifecycle.crm_lifecycle_profile_view_kanban")
        names = {node.get("name") for node in view._get_combined_arch().iter("field")}
        specification = {
            name: {"fields": {"display_name": {}}}
            if Profile._fields[name].type == "many2one"
            else {}
            for name in names
        }
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = Profile.web_read_group(
            [("is_excluded", "=", False)],
            ["stage_id"],
            ["__count", "revenue:sum", "currency_id:array_agg_distinct"],
            auto_unfold=True,
            unfold_read_default_limit=40,
            unfold_read_specification=specification,
        )
        colors = {"a": "success", "b": "info", "c": "warning", "n": "muted"}
        Profile.read_progress_bar(
            [("is_excluded", "=", False)],
            "stage_id",
            {"field": "abc_class", "colors": colors, "help": ""},
        )
        return result["groups"], self.env.cr.sql_log_count - before

    def test_ten_thousand(self):
        partners = self._create_many_customers(10_000)
        stages = ("potential", "working", "regular", "partner", "vip")
        for number, code in enumerate(stages):
            some = partners[number * 20 : number * 20 + 20]
            self._make_profiles(some, stage=code, revenue=100)
        self._load()
        groups, few = self._load()
        codes = [
            self.env["crm.lifecycle.stage"].browse(group["stage_id"][0]).code
            for group in groups
        ]
        self.assertEqual(
            codes,
            ["potential", "active", "working", "regular", "partner", "vip", "key"]
            + ["lost_recoverable", "lost"],
            "every stage has a column, in the order of the zones",
        )
        rest = partners[100:]
        for number, code in enumerate(stages):
            some = rest[number * 1980 : number * 1980 + 1980]
            self._make_profiles(some, stage=code, revenue=100)
        groups, many = self._load()
        self.assertGreaterEqual(sum(group["__count"] for group in groups), 10_000)
        self.assertLessEqual(many, few + 2)
        self.assertLess(many, 40)
