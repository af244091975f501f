# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .dmu_common import TestDmuCommon


class TestDmuMember(TestDmuCommon):
    def test_person_of_the_account(self):
        other = self._create_customer("Other")
        stranger = self._create_contact("Stranger", other)
        values = {"profile_id": self.card.id}
        with (
            self.assertRaisesRegex(ValidationError, "does not belong to Unit"),
            self.env.cr.savepoint(),
        ):
            self.Member.create({**values, "contact_id": stranger.id})
        with (
            self.assertRaisesRegex(ValidationError, "choose a person"),
            self.env.cr.savepoint(),
        ):
            self.Member.create({**values, "contact_id": self.customer.id})
        private = self._create_customer("Private Person", is_company=False)
        self.engine._add_profiles(self.company, private)
        member = self.Member.create({"contact_id": private.id})
        self.assertEqual(member.profile_id, self._find_card(private))

    def test_card_is_found(self):
        contact = self._create_contact("New Face")
        member = self.Member.create({"contact_id": contact.id})
        self.assertEqual(member.profile_id, self.card)

    @mute_logger("odoo.sql_db")
    def test_once_at_a_time(self):
        values = {"profile_id": self.card.id, "contact_id": self.boss.contact_id.id}
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.Member.create(values).flush_recordset()
        self.boss.action_leave()
        again = self.Member.create(values)
        self.assertFalse(again.date_to)
        self.assertEqual(self.boss.date_to, self.today)

    @mute_logger("odoo.sql_db")
    def test_scores_and_dates(self):
        for values in (
            {"influence": 11},
            {"interest": -1},
            {"date_from": self.day(1), "date_to": self.day(2)},
        ):
            with self.subTest(values), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.boss.write(values)
                    self.boss.flush_recordset()
            self.boss.invalidate_recordset()

    def test_reporting_lines(self):
        with self.assertRaisesRegex(ValidationError, "circle"), self.env.cr.savepoint():
            self.boss.parent_id = self.engineer
        other = self._create_customer("Other")
        self.engine._add_profiles(self.company, other)
        stranger = self._create_member("Stranger", self._find_card(other))
        with (
            self.assertRaisesRegex(ValidationError, "another customer"),
            self.env.cr.savepoint(),
        ):
            self.engineer.parent_id = stranger
        self.boss.unlink()
        self.assertFalse(self.engineer.parent_id)

    @mute_logger("odoo.sql_db")
    def test_lines(self):
        line = self._line(self.boss, self.buyer)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._line(self.boss, self.buyer)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._line(self.boss, self.boss)
        other = self._create_customer("Other")
        self.engine._add_profiles(self.company, other)
        stranger = self._create_member("Stranger", self._find_card(other))
        with (
            self.assertRaisesRegex(ValidationError, "different customers"),
            self.env.cr.savepoint(),
        ):
            self._line(self.boss, stranger)
        line.date_confirmed = self.day(200)
        self.assertTrue(line.is_faded)
        self.company.lifecycle_dmu_fade_months = 0
        line.invalidate_recordset(["is_faded"])
        self.assertFalse(line.is_faded)
        self.company.lifecycle_dmu_fade_months = 6
        line.action_confirm()
        self.assertEqual(line.date_confirmed, self.today)
        self.assertFalse(line.is_faded)

    def test_roles_say_who_decides(self):
        self.assertTrue(self.boss.is_decider)
        self.assertFalse(self.buyer.is_decider)
        self.decider.is_decider = False
        self.assertFalse(self.boss.is_decider)

    def test_who_has_left(self):
        domain = [("profile_id", "=", self.card.id), ("has_left", "=", True)]
        self.assertFalse(self.Member.search(domain))
        self.boss.contact_id.active = False
        self.buyer.contact_id.parent_id = self._create_customer("New Employer")
        self.engineer.write({"date_from": self.day(9), "date_to": self.day(1)})
        everybody = self.boss + self.buyer + self.engineer
        self.assertEqual(set(self.Member.search(domain)), set(everybody))
        self.assertEqual(everybody.mapped("has_left"), [True] * 3)
        self.assertEqual(self.card.dmu_member_count, 0)

    def test_last_contact(self):
        self.assertFalse(self.boss.last_contact_date)
        log = {"partner_id": self.customer.id, "contact_id": self.boss.contact_id.id}
        channel = self.env["crm.touchpoint.channel"].search([], limit=1)
        touchpoint = self.env["crm.touchpoint"].create(
            {
                **log,
                "channel_id": channel.id,
                "date": self.noon(self.day(3)),
                "contact_ids": self.buyer.contact_id.ids,
            }
        )
        self.Member.invalidate_model(["last_contact_date"])
        self.assertEqual(self.boss.last_contact_date, self.day(3))
        self.assertEqual(self.buyer.last_contact_date, self.day(3))
        self.assertFalse(self.engineer.last_contact_date)
        domain = [("profile_id", "=", self.card.id)]
        met = self.Member.search([*domain, ("last_contact_date", ">=", self.day(3))])
        self.assertEqual(met, self.boss + self.buyer)
        never = self.Member.search([*domain, ("last_contact_date", "=", False)])
        self.assertEqual(never, self.engineer)
        touchpoint.set_ignored("A wrong number")
        self.Member.invalidate_model(["last_contact_date"])
        self.assertFalse(self.boss.last_contact_date)

    def test_guesses_have_a_day(self):
        self.boss.is_guess = True
        self.assertEqual(self.boss.guess_date, self.today)

    def test_form(self):
        form = Form(self.Member.with_context(default_profile_id=self.card.id))
        form.contact_id = self._create_contact("Fay Form")
        form.influence = 7
        member = form.save()
        self.assertEqual(member.attitude, "unknown")
        self.assertEqual(member.date_from, self.today)
        with self.assertRaises(UserError):
            member.copy()

    def test_erasing_a_person(self):
        self.boss.write({"motives": "Wants to be chairwoman", "influence": 9})
        line = self._line(self.boss, self.buyer, reason="Studied together")
        person = self.boss.contact_id
        person.with_user(self.user_manager).action_erase_lifecycle_person()
        self.assertFalse(self.boss.motives)
        self.assertFalse(line.reason)
        self.assertEqual(self.boss.influence, 9)

    def test_deleting_a_contact(self):
        self._line(self.boss, self.buyer)
        self.boss.contact_id.unlink()
        self.assertFalse(self.boss.exists())
        self.assertEqual(self.card.dmu_member_ids, self.buyer + self.engineer)
        self.assertFalse(self.card.dmu_influence_ids)

    def test_purchase_steps(self):
        self.card.purchase_step_ids = [
            Command.create({"name": "Request", "usual_days": 10}),
            Command.create(
                {"name": "Test", "usual_days": 30, "member_ids": self.engineer.ids}
            ),
        ]
        self.assertEqual(self.card.purchase_days, 40)
        self.assertEqual(self.engineer.step_ids.name, "Test")
        other = self._create_customer("Other")
        self.engine._add_profiles(self.company, other)
        stranger = self._create_member("Stranger", self._find_card(other))
        with (
            self.assertRaisesRegex(ValidationError, "not of this customer"),
            self.env.cr.savepoint(),
        ):
            self.card.purchase_step_ids[0].member_ids = stranger
