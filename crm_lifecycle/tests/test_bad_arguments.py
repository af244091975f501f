# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import chain

from odoo.exceptions import UserError

from .actions_common import ActionsBase

NO_TEXTS = (5, 1.5, True, ["a"], {"a": 1})
NO_IDS = ("abc", "", 0, -1, 2**40, 1.5, True, [1], {"a": 1})
NO_DAYS = ("tomorrow", "2026-13-45", 5, True, ["2026-01-01"], {"a": 1})
NO_NUMBERS = ("5", True, [5], {"a": 5}, -1, 10**400, float("inf"), float("nan"))
NO_FLAGS = ("false", "", 5, [1], {"a": 1})


class TestBadArguments(ActionsBase):
    """What other programs send by mistake is refused with words, not with a
    traceback, and changes nothing."""

    def _get_bad_calls(self):
        """Return ``[(function of profiles, values it must refuse)]``."""
        user, reason = self.user_leader.id, self.lost_reason.id
        return [
            (lambda p, bad: p.name_vip(bad, "Big"), NO_IDS),
            (lambda p, bad: p.name_vip(user, bad), NO_TEXTS),
            (lambda p, bad: p.name_vip(user, "Big", bad), NO_DAYS),
            (lambda p, bad: p.name_vip(user, "Big", None, bad), NO_TEXTS),
            (lambda p, bad: p.withdraw_vip(bad), NO_TEXTS),
            (lambda p, bad: p.mark_key_account(bad), NO_TEXTS),
            (lambda p, bad: p.mark_key_account("Big", bad), NO_TEXTS),
            (lambda p, bad: p.unmark_key_account(bad), NO_TEXTS),
            (lambda p, bad: p.declare_lost(bad), NO_IDS),
            (lambda p, bad: p.declare_lost(reason, bad), NO_DAYS),
            (lambda p, bad: p.declare_lost(reason, None, bad), NO_FLAGS),
            (lambda p, bad: p.declare_lost(reason, None, False, bad), NO_FLAGS),
            (lambda p, bad: p.hold_stage(bad, "Why"), ("gone", "", *NO_TEXTS)),
            (lambda p, bad: p.hold_stage("regular", bad), NO_TEXTS),
            (lambda p, bad: p.hold_stage("regular", "Why", bad), NO_DAYS),
            (lambda p, bad: p.hold_stage("regular", "Why", None, bad), NO_FLAGS),
            (lambda p, bad: p.set_agreed(bad), NO_DAYS),
            (lambda p, bad: p.set_potential(bad), NO_NUMBERS),
            (lambda p, bad: p.set_potential(5, bad), NO_TEXTS),
            (lambda p, bad: p.set_potential(5, None, bad), ("sure", *NO_TEXTS)),
            (lambda p, bad: p.set_potential(5, date=bad), NO_DAYS),
            (lambda p, bad: p.set_potential(revenue_factor=bad), (0, *NO_NUMBERS)),
            (lambda p, bad: p.set_potential(potential_class=bad), ("top", *NO_TEXTS)),
            (lambda p, bad: p.exclude(bad), NO_TEXTS),
            (lambda p, bad: p.assign_responsible(bad), NO_IDS),
            (lambda p, bad: p.add_to_base(bad), (None, "all", ["a"], {"a": 1}, 5)),
            (lambda p, bad: p.get_lifecycle(bad), (None, "all", ["a"], {"a": 1}, 5)),
            (lambda p, bad: p[:1].action_move_to_stage(bad), NO_IDS),
        ]

    def test_actions(self):
        self.all.name_vip(self.user_leader.id, "Big")
        self.all.mark_key_account("Big")
        self.env.flush_all()
        before = self.all.read()
        for number, (call, values) in enumerate(self._get_bad_calls()):
            for bad in values:
                with self.subTest(number=number, bad=bad):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        call(self.all, bad)
        self.assertEqual(self.all.read(), before)

    def test_what_if(self):
        company = self.company.with_user(self.user_manager)
        count, basis = "lifecycle_regular_count", "lifecycle_basis"
        bad = chain(
            [None, "all", 5, [count]],
            ({count: value} for value in ("5", True, [5], {"a": 5}, 10**400)),
            ({basis: value} for value in ("gift", 5, ["sale"], {"a": 1})),
        )
        for values in bad:
            with self.subTest(values=values), self.assertRaises(UserError):
                company.lifecycle_what_if(values)
        for kind, old, new in (
            (["stages"], False, False),
            (5, False, False),
            ("stages", 5, False),
            ("stages", False, ["regular"]),
            ("stages", False, "gone"),
            ("categories", "regular", False),
            ("categories", False, True),
            ("classes", False, {"a": 1}),
        ):
            with self.subTest(kind=kind, old=old, new=new):
                with self.assertRaises(UserError):
                    company.lifecycle_what_if_customers({}, kind, old, new)

    def test_timeline(self):
        touchpoints = self.env["crm.touchpoint"].with_user(self.user_manager)
        for bad in NO_IDS:
            with self.subTest(bad=bad), self.assertRaises(UserError):
                touchpoints.get_timeline(bad)
            with self.subTest(bad=bad), self.assertRaises(UserError):
                touchpoints.get_acquaintances(bad)
        for bad in ("abc", -1, 2**40, [1], None):
            with self.subTest(offset=bad), self.assertRaises(UserError):
                touchpoints.get_timeline(self.p_loyal.id, offset=bad)
        for bad in ("abc", -1, 2**40, [1], True):
            with self.subTest(channel=bad), self.assertRaises(UserError):
                touchpoints.get_timeline(self.p_loyal.id, bad)

    def test_a_character_the_database_does_not_know(self):
        self.p_buyer.exclude("Supp\0lier")
        self.assertEqual(self.p_buyer.exclude_reason, "Supplier")


class TestArchived(ActionsBase):
    def test_nothing_is_decided_on_an_archived_customer(self):
        self.prospect.action_archive()
        self._recompute(self.prospect)
        profile = self.p_prospect.with_user(self.user_manager)
        self.assertFalse(profile.active)
        user = self.user_leader.id
        calls = {
            "name_vip": (user, "Big", None, "Despite"),
            "withdraw_vip": (),
            "mark_key_account": ("Big", "Despite"),
            "unmark_key_account": (),
            "declare_lost": (self.lost_reason.id,),
            "return_to_base": (),
            "hold_stage": ("regular", "Why"),
            "release_hold": (),
            "set_agreed": (),
            "clear_agreed": (),
            "set_potential": (5,),
            "clear_potential": (),
            "exclude": ("Supplier",),
            "include": (),
            "recompute_now": (),
        }
        self.env.flush_all()
        before = profile.read()
        for name, arguments in calls.items():
            with self.subTest(action=name):
                result = getattr(profile, name)(*arguments)
                self.assertFalse(result["done"])
                self.assertIn("archived", result["skipped"][0]["reason"])
        self.assertEqual(profile.read(), before)
        result = profile.assign_responsible(user)
        self.assertEqual(result["done"], profile.ids, "nothing to compute")

    def test_the_dialog_says_so(self):
        self.prospect.action_archive()
        self._recompute(self.prospect)
        action = (
            self.env["crm.lifecycle.action"]
            .with_user(self.user_manager)
            .with_context(
                active_model=self.Profile._name, active_ids=self.p_prospect.ids
            )
            .create({"kind": "exclude", "reason": "Supplier"})
        )
        with self.assertRaisesRegex(UserError, "Prospect: is archived"):
            action.action_apply()
