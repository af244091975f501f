# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from odoo.addons.crm_lifecycle.models.profile.protection import DEFERRED_KEY

from .common import TestLifecycleCommon

# Written by nobody directly, and what the refusal must name.
PROTECTED = {
    "stage_id": "Hold the Stage",
    "is_vip": "Name VIP",
    "vip_reason": "Name VIP",
    "is_key_account": "Mark Key Account",
    "key_reason": "Mark Key Account",
    "lost_date": "Declare Lost",
    "lost_reason_id": "Declare Lost",
    "hold_until": "Hold the Stage",
    "hold_stage_id": "Hold the Stage",
    "is_agreed": "Set Agreed",
    "agreed_date": "Set Agreed",
    "potential_amount": "Set the Potential",
    "potential_class": "Set the Potential",
    "is_excluded": "Exclude from the Base",
    "exclude_reason": "Exclude from the Base",
    "active": "Archive",
    "team_id": "Assign a Responsible",
    "revenue": "Recompute Now",
    "purchase_count": "Recompute Now",
    "abc_class": "Recompute Now",
    "category_id": "Recompute Now",
    "computed_stage_id": "Recompute Now",
    "partner_id": "Recompute Now",
    "company_id": "Recompute Now",
    "transition_ids": "Recompute Now",
    "silence_days": "Recompute Now",
}


class TestProtection(TestLifecycleCommon):
    """Profiles are written by the engine and by the actions, by nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._create_customer("Customer of the test")

    def setUp(self):
        super().setUp()
        self.profile = self._make_profiles(self.partner, stage="working")

    def test_direct_writes_are_refused_and_name_the_action(self):
        for profile in (
            self.profile.with_user(self.user_manager),
            self.profile.with_user(self.user_salesman),
            self.profile.sudo(),
        ):
            for name, action in PROTECTED.items():
                with (
                    self.subTest(field=name, su=profile.env.su),
                    self.assertRaisesRegex(UserError, action),
                ):
                    profile.write({name: False})
        self.assertEqual(self.profile.stage_id, self.stage("working"))

    def test_every_field_but_the_written_ones_is_protected(self):
        """Free are the responsible and what only people know about the customer."""
        free = self.Profile._get_fields_written_directly()
        card = {
            *("industry_id", "trade_format_id", "own_turnover", "own_volume"),
            *("competitor_ids", "fact_ids", "contact_ids"),
            *("winback_expectation", "winback_date"),
        }
        fields = self.Profile._fields
        # other add-ons have lists of their own on the card
        own = {name for name in free if "crm_lifecycle" in fields[name]._modules}
        self.assertEqual(own, {"user_id"} | card)
        self.assertFalse(card.intersection(self.engine.WRITTEN_COLUMNS))
        for name in set(self.Profile._fields) - free:
            with self.subTest(field=name), self.assertRaises(UserError):
                self.profile.sudo().write({name: False})

    def test_no_context_opens_the_door(self):
        context = json.loads(
            json.dumps(
                {
                    DEFERRED_KEY: [[self.profile.id]],
                    "install_mode": True,
                    "import_file": True,
                    "crm_lifecycle_write": True,
                }
            )
        )
        profile = self.profile.with_context(**context)
        with self.assertRaises(UserError):
            profile.write({"is_vip": True})
        with self.assertRaises(UserError):
            profile.create({"partner_id": self.partner.id})
        # A list sent by a client does not put the recomputation off.
        profile.with_user(self.user_manager).hold_stage("regular", "Contract")
        self.assertEqual(self.profile.stage_id, self.stage("regular"))

    def test_no_way_of_the_client_writes(self):
        profile = self.profile.with_user(self.user_manager)
        new = {"partner_id": self._create_customer("New").id}
        ways = {
            "save": lambda: profile.web_save({"is_vip": True}, {}),
            "save a new one": lambda: profile.browse().web_save(new, {}),
            "save many": lambda: profile.web_save_multi([{"revenue": 5}], {}),
            "reorder": lambda: profile.web_resequence({}, "purchase_count", 7),
            "commands": lambda: profile.write({"transition_ids": [Command.clear()]}),
            "duplicate": lambda: profile.copy_data(),
        }
        for name, way in ways.items():
            with self.subTest(name), self.assertRaises(UserError):
                way()
        self.assertRecordValues(
            self.profile, [{"is_vip": False, "revenue": 0, "purchase_count": 0}]
        )
        self.assertFalse(self.Profile.search([("partner_id", "=", new["partner_id"])]))

    def test_setting_an_attribute_is_a_write(self):
        with self.assertRaises(UserError):
            self.profile.revenue = 5

    def test_create_and_copy_are_refused(self):
        other = self._create_customer("Without profile")
        vals = {"partner_id": other.id, "company_id": self.company.id}
        for Profile in (
            self.Profile.with_user(self.user_manager),
            self.Profile.sudo(),
        ):
            with self.assertRaisesRegex(
                (UserError, AccessError), "Add to the Base|not"
            ):
                Profile.create(vals)
        with self.assertRaisesRegex(UserError, "Add to the Base"):
            self.Profile.sudo().create(vals)
        with self.assertRaisesRegex(UserError, "Add to the Base"):
            self.Profile.name_create("Somebody")
        with self.assertRaisesRegex(UserError, "duplicated"):
            self.profile.sudo().copy()

    def test_unlink_is_refused_but_deleting_the_customer_works(self):
        with self.assertRaises(AccessError):
            self.profile.with_user(self.user_manager).unlink()
        with self.assertRaisesRegex(UserError, "Exclude from the Base"):
            self.profile.sudo().unlink()
        self._recompute(self.partner)
        self.profile.with_user(self.user_manager).assign_responsible(
            self.user_salesman.id
        )
        transitions = self._transitions(self.partner)
        self.assertTrue(transitions)
        history = self.profile.responsible_ids
        self.assertTrue(history)
        self.partner.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.profile.exists())
        self.assertFalse(transitions.exists())
        self.assertFalse(history.exists())

    def test_archive_is_refused_on_the_profile(self):
        with self.assertRaisesRegex(UserError, "Archive, on the contact"):
            self.profile.with_user(self.user_manager).action_archive()

    def test_one_profile_for_each_customer_and_company(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._make_profiles(self.partner)

    def test_own_fields_of_customizing_may_be_written(self):
        self.env["ir.model.fields"].create(
            {
                "name": "x_nickname",
                "model_id": self.env["ir.model"]._get_id("crm.lifecycle.profile"),
                "ttype": "char",
            }
        )
        self.assertIn("x_nickname", self.Profile._get_fields_written_directly())
        self.profile.with_user(self.user_manager).write({"x_nickname": "Rocky"})
        self.assertEqual(self.profile.x_nickname, "Rocky")


class TestImport(TestLifecycleCommon):
    """Imports go through the same actions, or say what to do instead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._create_customers(3, name="Imported")

    def setUp(self):
        super().setUp()
        self.profiles = self._make_profiles(self.partners)

    def _load(self, columns, rows, user=None):
        Profile = self.Profile.with_user(user or self.user_manager)
        return Profile.with_context(import_file=True).load(
            columns, [[str(cell) for cell in row] for row in rows]
        )

    def _assert_error(self, result, text):
        self.assertFalse(result["ids"])
        messages = " ".join(message["message"] for message in result["messages"])
        self.assertIn(text, messages)

    def test_potential(self):
        result = self._load(
            [
                ".id",
                "potential_amount",
                "potential_source",
                "potential_confidence",
                "potential_class_manual",
                "potential_date",
            ],
            [
                [self.profiles[0].id, 5000, "Report", "High", "Medium", self.day(3)],
                [self.profiles[1].id, 100.5, "", "", "", ""],
                [self.profiles[2].id, "", "", "", "", ""],
            ],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(result["ids"], self.profiles.ids)
        self.assertRecordValues(
            self.profiles,
            [
                {
                    "potential_amount": 5000,
                    "potential_source": "Report",
                    "potential_confidence": "high",
                    "potential_class_manual": "medium",
                    "potential_class": "medium",
                    "potential_date": self.day(3),
                },
                {
                    "potential_amount": 100.5,
                    "potential_source": False,
                    "potential_confidence": False,
                    "potential_class_manual": False,
                    "potential_class": False,
                    "potential_date": self.today,
                },
                {
                    "potential_amount": 0,
                    "potential_source": False,
                    "potential_confidence": False,
                    "potential_class_manual": False,
                    "potential_class": False,
                    "potential_date": False,
                },
            ],
        )

    def test_bad_potential(self):
        columns = [".id", "potential_amount", "potential_date"]
        one = self.profiles[0].id
        self._assert_error(self._load(columns, [[one, -5, ""]]), "amount of 0 or more")
        self._assert_error(
            self._load(columns, [[one, 5, self.day(-1)]]), "lies in the future"
        )
        self.assertFalse(self.profiles[0].potential_date)

    def test_vip(self):
        columns = [
            *(".id", "is_vip", "vip_sponsor_id/.id", "vip_reason", "vip_review_date"),
        ]
        sponsor = self.user_leader.id
        row = [self.profiles[0].id, 1, sponsor, "Famous", self.day(-20)]
        result = self._load(columns, [row])
        self.assertFalse(result["messages"])
        self.assertRecordValues(
            self.profiles[0],
            [
                {
                    "is_vip": True,
                    "vip_sponsor_id": sponsor,
                    "vip_reason": "Famous",
                    "vip_review_date": self.day(-20),
                    "vip_user_id": self.user_manager.id,
                    "vip_date": self.today,
                    "stage_id": self.stage("vip").id,
                }
            ],
        )
        transitions = len(self._transitions(self.partners[0]))
        self.assertFalse(self._load(columns, [row])["messages"])
        self.assertEqual(len(self._transitions(self.partners[0])), transitions)
        row[3] = "More famous"
        self.assertFalse(self._load(columns, [row])["messages"])
        self.assertEqual(self.profiles[0].vip_reason, "More famous")
        self.assertFalse(
            self._load([".id", "is_vip"], [[self.profiles[0].id, 0]])["messages"]
        )
        self.assertFalse(self.profiles[0].is_vip)

    def test_bad_vip(self):
        columns = [".id", "is_vip", "vip_sponsor_id/.id", "vip_reason"]
        one, sponsor = self.profiles[0].id, self.user_leader.id
        self._assert_error(self._load(columns, [[one, 1, sponsor, ""]]), "reason")
        self._assert_error(self._load(columns, [[one, 1, "", "x"]]), "VIP Sponsor")
        self._assert_error(self._load(columns, [[one, 0, "", "x"]]), "is not VIP")
        self._assert_error(
            self._load(columns, [[one, 1, sponsor, "x"]], user=self.user_salesman),
            "leaders",
        )
        self.assertFalse(self.profiles[0].is_vip)

    def test_new_and_second_profiles(self):
        stranger = self._create_customer("Stranger")
        result = self._load(["partner_id/.id"], [[stranger.id]])
        self._assert_error(result, "Add to the Base")
        result = self._load(["partner_id/.id"], [[self.partners[0].id]])
        self._assert_error(result, "already has a profile")
        self._assert_error(result, str(self.profiles[0].id))
        result = self._load(
            ["partner_id/.id", "potential_amount"],
            [[stranger.id, 1], [stranger.id, 2]],
        )
        self._assert_error(result, "Add to the Base")
        self.assertFalse(self._profile(stranger))

    def test_the_customer_may_be_repeated_but_not_exchanged(self):
        columns = [".id", "partner_id/.id", "potential_amount"]
        one, other = self.profiles[0].id, self.partners[1].id
        same = self._load(columns, [[one, self.partners[0].id, 7]])
        self.assertFalse(same["messages"])
        self.assertEqual(self.profiles[0].potential_amount, 7)
        self._assert_error(self._load(columns, [[one, other, 7]]), "cannot be written")

    def test_stage_is_not_imported(self):
        result = self._load([".id", "stage_id/.id"], [[self.profiles[0].id, 1]])
        self._assert_error(result, "Hold the Stage")

    def test_responsible_is_imported(self):
        result = self._load(
            [".id", "user_id/.id"], [[self.profiles[0].id, self.user_salesman.id]]
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self.profiles[0].user_id, self.user_salesman)

    def test_one_computation_for_a_whole_file(self):
        calls = []
        engine = type(self.engine)
        after_action = engine._after_action

        def count(engine, profiles, **kwargs):
            calls.append(profiles.ids)
            return after_action(engine, profiles, **kwargs)

        self.patch(engine, "_after_action", count)
        self._load(
            [".id", "potential_amount"], [[profile.id, 9] for profile in self.profiles]
        )
        self.assertEqual(calls, [self.profiles.ids])
