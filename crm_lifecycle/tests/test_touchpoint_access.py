# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .touchpoint_common import TestTouchpointCommon


class TestTouchpointAccess(TestTouchpointCommon):
    def setUp(self):
        super().setUp()
        self._create_event()
        self._collect()
        self.touchpoint = self._touchpoints()
        vals = {"name": "Something", "profile_id": self.profile.id}
        self.promise = self.env["crm.promise"].create({**vals, "date_due": self.day(0)})
        self.objection = self.env["crm.objection"].create(vals)
        self.records = [self.touchpoint, self.promise, self.objection]

    def _sees(self, user):
        """Return whether a user sees all of the records; seeing some is an error."""
        seen = {
            bool(record.with_user(user).search([("id", "=", record.id)]))
            for record in self.records
        }
        self.assertEqual(len(seen), 1)
        for record in self.records:
            self.assertEqual(record.with_user(user).has_access("read"), seen == {True})
            groups = record.with_user(user)._read_group(
                [("profile_id", "=", self.profile.id)], [], ["__count"]
            )
            self.assertEqual(groups[0][0] > 0, seen == {True})
        return seen == {True}

    def test_who_sees_them(self):
        for user, sees in (
            (self.user_salesman, True),
            (self.user_salesman_2, False),
            (self.user_leader, True),
            (self.user_all, True),
            (self.user_manager, True),
            (self.user_manager_2, False),
            (self.user_salesman_3, False),
        ):
            with self.subTest(user=user.name):
                self.assertEqual(self._sees(user), sees)

    def test_nobody_s_customer(self):
        self.env.cr.execute(
            "UPDATE crm_lifecycle_profile SET user_id = NULL, team_id = NULL "
            "WHERE id = %s",
            [self.profile.id],
        )
        self.env.invalidate_all()
        self.assertTrue(self._sees(self.user_salesman_2))

    def test_others_see_nothing(self):
        for user in (self.user_internal, self.user_portal, self.user_public):
            for record in self.records:
                with self.subTest(user=user.name, model=record._name):
                    with self.assertRaises(AccessError):
                        record.with_user(user).read(["profile_id"])
                    with self.assertRaises(AccessError):
                        record.with_user(user).search([])

    def test_a_colleague_cannot_infer_them(self):
        """Neither by searching nor by grouping, sorting or the contact's fields."""
        other = self.user_salesman_2
        Touchpoint = self.Touchpoint.with_user(other)
        self.assertFalse(Touchpoint.search([("contact_id", "=", self.anna.id)]))
        self.assertFalse(
            Touchpoint._read_group(
                [("partner_id", "=", self.customer.id)], ["channel_id"], ["__count"]
            )
        )
        partner = self.customer.with_user(other)
        self.assertFalse(partner.lifecycle_last_contact_date)
        self.assertFalse(
            partner.search(
                [
                    ("id", "=", partner.id),
                    ("lifecycle_last_contact_date", "!=", False),
                ]
            )
        )
        self.assertFalse(
            Touchpoint.get_timeline(self.profile.id)["lines"]
            or Touchpoint.get_timeline(self.profile.id)["channels"]
        )
        for call in (
            lambda: self.touchpoint.with_user(other).set_ignored("Mine now"),
            lambda: self.touchpoint.with_user(other).set_counted(),
            lambda: self.touchpoint.with_user(other).write({"outcome": "order"}),
            lambda: self.promise.with_user(other).action_keep(),
            lambda: (
                self.env["crm.promise"]
                .with_user(other)
                .create(
                    {
                        "name": "x",
                        "touchpoint_id": self.touchpoint.id,
                        "date_due": self.day(0),
                    }
                )
            ),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_whoever_answered_the_phone_may_log_it(self):
        """Of a colleague's customer, and sees nothing of the card by that."""
        other = self.user_salesman_2
        action = self.anna.with_user(other).action_log_contact()
        wizard = (
            self.env["crm.touchpoint.log"]
            .with_user(other)
            .with_context(**action["context"])
            .create({"promise": "Call back", "promise_date": self.day(0)})
        )
        wizard.action_log()
        self.assertEqual(len(self._touchpoints()), 2)
        self.assertEqual(self._touchpoints()[-1].user_id, other)
        self.assertFalse(
            self.Touchpoint.with_user(other).search(
                [("profile_id", "=", self.profile.id)]
            )
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_internal).action_log()

    def test_a_dialog_is_its_user_s_own(self):
        other = self.user_salesman_2
        log = (
            self.env["crm.touchpoint.log"]
            .with_user(self.user_salesman)
            .create({"partner_id": self.customer.id, "note": "Between us"})
        )
        ignore = (
            self.env["crm.touchpoint.ignore"]
            .with_user(self.user_salesman)
            .create({"touchpoint_ids": self.touchpoint.ids, "reason": "Private"})
        )
        self.env.flush_all()
        for dialog in (log, ignore):
            with self.subTest(model=dialog._name):
                self.assertFalse(dialog.with_user(other).search([]))
                with self.assertRaises(AccessError):
                    dialog.with_user(other).read([])
        with self.assertRaises(AccessError):
            log.with_user(other).action_log()

    def test_no_names_of_contacts_one_may_not_see(self):
        hidden = self._create_customer("Hidden", company_id=self.company_2.id)
        person = self._create_customer(
            "Hidden Person", company_id=self.company_2.id, is_company=False
        )
        Touchpoint = self.Touchpoint.with_user(self.user_salesman)
        vals = {"partner_id": self.customer.id, "channel_id": self.call.id}
        for more in (
            {"partner_id": hidden.id},
            {"contact_id": person.id},
            {"contact_ids": person.ids},
        ):
            with self.subTest(vals=more), self.assertRaises(AccessError):
                Touchpoint.create({**vals, **more})
        logged = Touchpoint.create({**vals, "contact_id": self.anna.id})
        with self.assertRaises(AccessError):
            logged.contact_id = person
        logged.contact_id = self.ben

    def test_nothing_is_noted_on_a_card_of_others(self):
        card = self._make_profiles(
            self._create_customer("Other"), user_id=self.user_salesman_2.id
        )
        for record in (self.promise, self.objection):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.user_salesman).profile_id = card
            record.with_user(self.user_manager).profile_id = card
        vals = {
            "name": "x",
            "profile_id": card.id,
            "touchpoint_id": self.touchpoint.id,
            "date_due": self.day(0),
        }
        Promise = self.env["crm.promise"].with_user(self.user_salesman)
        self.assertEqual(Promise.create(vals).profile_id, self.profile)
        with self.assertRaises(UserError):
            Promise.create({**vals, "state": "kept"})

    def test_export_is_for_managers(self):
        allowed = self.env.ref("base.group_allow_export")
        allowed.user_ids += self.user_all + self.user_manager
        for record, fields in (
            (self.touchpoint, ["date"]),
            (self.promise, ["name"]),
            (self.objection, ["name"]),
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.user_all).export_data(fields)
            self.assertTrue(record.with_user(self.user_manager).export_data(fields))

    def test_only_managers_configure(self):
        for user in (self.user_salesman, self.user_all):
            with self.assertRaises(AccessError):
                self.call.with_user(user).minutes = 5
            with self.assertRaises(AccessError):
                self.env["crm.touchpoint.source"].with_user(user).search([])
        self.call.with_user(self.user_manager).minutes = 5
        self.company.with_user(self.user_manager).lifecycle_touchpoint_days = 800

    def test_keys_and_indexes_exist(self):
        self.env.cr.execute(
            SQL("SELECT indexdef FROM pg_indexes WHERE tablename = 'crm_touchpoint'")
        )
        indexes = [row[0] for row in self.env.cr.fetchall()]
        self.assertLessEqual(len(indexes), 6)
        self.assertTrue(
            any("(source_model, source_id, partner_id)" in index for index in indexes)
        )

    def test_deleting_people_and_customers(self):
        self._create_event(start=self.ago(days=2), partners=self.anna + self.ben)
        self._collect()
        self.ben.unlink()
        touchpoints = self._touchpoints()
        self.assertEqual(len(touchpoints), 2)
        self.assertFalse(touchpoints.contact_ids)
        self.env["calendar.event"].search(
            [("partner_ids", "=", self.anna.id)]
        ).partner_ids -= self.anna
        self.anna.unlink()
        self.assertEqual(len(self._touchpoints()), 2)
        self.customer.unlink()
        self.assertFalse(touchpoints.exists())
        self.assertFalse(self.promise.exists())
        self.assertFalse(self.objection.exists())

    def test_dialog_tells_nothing_of_a_hidden_document(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Hidden",
                "partner_id": self.customer.id,
                "user_id": self.user_salesman.id,
            }
        )
        self.env.invalidate_all()
        Log = self.env["crm.touchpoint.log"].with_user(self.user_salesman_2)
        document = {"res_model": "crm.lead", "res_id": lead.id}
        with self.assertRaises(AccessError):
            Log.create(document)
        mine = self._create_customer("Mine", user_id=self.user_salesman_2.id)
        with self.assertRaises(AccessError):
            Log.create({**document, "partner_id": mine.id}).action_log()
        odd = {"res_model": "res.lang", "res_id": 1, "partner_id": mine.id}
        touchpoint = Log.create(odd)._log().sudo()
        self.assertFalse(touchpoint.res_model)
