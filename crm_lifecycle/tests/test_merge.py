# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL

from .common import TestLifecycleCompanies


class TestMerge(TestLifecycleCompanies):
    def setUp(self):
        super().setUp()
        self.first, self.second, self.third = self._create_customers(3, "Duplicate")

    def _merge(self, source, destination):
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source + destination).ids, destination
        )
        self.env.invalidate_all()
        self.assertFalse(source.exists())

    def _all_profiles(self, *partners):
        return self.Profile.with_context(active_test=False).search(
            [("partner_id", "in", [partner.id for partner in partners])], order="id"
        )

    def _add_transition(self, profile, date):
        self.env.execute_query(
            SQL(
                "INSERT INTO crm_lifecycle_transition "
                "(profile_id, date, recorded_at, cause) "
                "VALUES (%s, %s, now(), 'time') RETURNING id",
                profile.id,
                date,
            )
        )

    # ------------------------------------------------------------
    # FOLDING
    # ------------------------------------------------------------

    def test_collision_in_one_company_and_none_in_the_other(self):
        destination = self._make_profiles(self.second)
        source = self._make_profiles(
            self.first,
            is_vip=True,
            vip_date=self.day(5),
            vip_reason="Named by the board",
        )
        alone = self._make_profiles(
            self.first, company=self.company_2, is_key_account=True
        )
        self._add_transition(source, self.day(9))
        self._add_transition(destination, self.day(8))
        self._add_transition(alone, self.day(7))
        self._merge(self.first, self.second)
        self.assertEqual(self._all_profiles(self.second), destination + alone)
        self.assertEqual(alone.partner_id, self.second)
        self.assertTrue(alone.is_key_account)
        self.assertRecordValues(
            destination,
            [{"is_vip": True, "vip_date": self.day(5), "company_id": self.company.id}],
        )
        self.assertEqual(destination.vip_reason, "Named by the board")
        dates = self._transitions(self.second).mapped("date")
        self.assertLessEqual({self.day(9), self.day(8)}, set(dates))
        self.assertIn(
            self.day(7), self._transitions(self.second, self.company_2).mapped("date")
        )

    def test_no_collision_at_all(self):
        source = self._make_profiles(self.first, is_excluded=True)
        self._merge(self.first, self.second)
        self.assertEqual(self._profile(self.second), source)
        self.assertTrue(source.is_excluded)

    def test_destination_wins_where_it_is_set(self):
        destination = self._make_profiles(
            self.second,
            user_id=self.user_salesman.id,
            is_vip=True,
            vip_reason="Old friend",
            potential_amount=100,
            potential_date=self.day(3),
        )
        self._make_profiles(
            self.first,
            user_id=self.user_salesman_2.id,
            is_vip=True,
            vip_reason="Not taken",
            vip_review_date=self.day(-9),
            potential_amount=900,
            potential_date=self.day(1),
            potential_source="Not taken",
            is_key_account=True,
            key_reason="Taken",
            hold_until=self.day(-20),
            hold_reason="Taken too",
            hold_stage_id=self.stage("potential").id,
            added_date=self.day(400),
        )
        self._merge(self.first, self.second)
        self.assertRecordValues(
            destination,
            [
                {
                    "user_id": self.user_salesman.id,
                    "is_vip": True,
                    "vip_reason": "Old friend",
                    "vip_review_date": False,
                    "potential_amount": 100,
                    "potential_source": False,
                    "is_key_account": True,
                    "key_reason": "Taken",
                    "hold_until": self.day(-20),
                    "hold_reason": "Taken too",
                    "added_date": self.day(400),
                }
            ],
        )

    def test_three_at_once(self):
        """What is set in none but one of the sources is kept; first source first."""
        destination = self._make_profiles(self.third)
        self._make_profiles(self.first, is_agreed=True, agreed_date=self.day(4))
        self._make_profiles(
            self.second,
            is_agreed=True,
            agreed_date=self.day(2),
            potential_amount=50,
            potential_date=self.day(2),
        )
        self._merge(self.first + self.second, self.third)
        self.assertEqual(self._all_profiles(self.third), destination)
        self.assertRecordValues(
            destination,
            [
                {
                    "is_agreed": True,
                    "agreed_date": self.day(4),
                    "potential_amount": 50,
                }
            ],
        )

    def test_sources_collide_with_each_other_only(self):
        """Both sources have a profile, the destination has none."""
        first = self._make_profiles(self.first)
        second = self._make_profiles(self.second, is_vip=True, vip_date=self.day(1))
        self._add_transition(second, self.day(3))
        self._merge(self.first + self.second, self.third)
        self.assertEqual(self._all_profiles(self.third), first)
        self.assertTrue(first.is_vip)
        self.assertIn(self.day(3), self._transitions(self.third).mapped("date"))

    def test_one_current_responsible_is_left(self):
        destination = self._make_profiles(self.second)
        source = self._make_profiles(self.first)
        destination._set_responsible(self.user_salesman)
        source._set_responsible(self.user_salesman_2)
        self._merge(self.first, self.second)
        self.assertEqual(destination.user_id, self.user_salesman)
        history = destination.responsible_ids
        self.assertEqual(history.user_id, self.user_salesman + self.user_salesman_2)
        self.assertEqual(
            history.filtered(lambda r: not r.date_to).user_id, self.user_salesman
        )

    def test_responsible_of_the_source_is_taken_with_its_history(self):
        destination = self._make_profiles(self.second)
        source = self._make_profiles(self.first)
        source._set_responsible(self.user_salesman_2)
        self._merge(self.first, self.second)
        self.assertEqual(destination.user_id, self.user_salesman_2)
        self.assertEqual(destination.team_id, self.team_2)
        self.assertRecordValues(
            destination.responsible_ids,
            [{"user_id": self.user_salesman_2.id, "date_to": False}],
        )

    def test_queue_survives(self):
        self._make_profiles(self.first + self.second)
        self.env["crm.lifecycle.event"]._gather((self.first + self.second).ids)
        self.env.cr.flush()
        self._merge(self.first, self.second)
        self.env.cr.flush()
        self.assertEqual(
            self.env["crm.lifecycle.event"].search([]).partner_id, self.second
        )

    def test_query_count_does_not_grow_with_profiles(self):
        counts = []
        wizard = self.env["base.partner.merge.automatic.wizard"]
        for companies in (self.company, self.company + self.company_2):
            source, destination = self._create_customers(2, "Counted")
            for company in companies:
                self._make_profiles(source + destination, company=company)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            wizard._fold_lifecycle_rows(source, destination)
            counts.append(self.env.cr.sql_log_count - start)
        # A company more costs its time zone (company, calendar, contact), no statement.
        self.assertLessEqual(counts[1] - counts[0], 3)
        # a statement or two for each model whose rows follow the customer
        self.assertLessEqual(counts[1], 55)

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    def test_figures_follow_in_the_same_transaction(self):
        self._create_orders(self.first, [90, 60], amount=100)
        self._create_orders(self.second, [30], amount=50)
        self._recompute(self.first + self.second)
        self.assertStage(self.second, "working")
        self._merge(self.first, self.second)
        profile = self._profile(self.second)
        self.assertRecordValues(
            profile,
            [
                {
                    "purchase_count": 3,
                    "revenue": 250,
                    "first_purchase_date": self.day(90),
                    "stage_id": self.stage("regular").id,
                }
            ],
        )
        last = self._transitions(self.second)[-1]
        self.assertEqual(last.cause, "merge")
        self.assertEqual(last.to_stage_id, self.stage("regular"))
        self.assertEqual(last.user_id, self.env.user)

    def test_contacts_of_two_accounts(self):
        """Merging contacts moves documents from one account to the other."""
        contact_1, contact_2 = (
            self._create_customer("Contact", is_company=False, parent_id=account.id)
            for account in (self.first, self.second)
        )
        self._create_orders(contact_1, [50, 40])
        self._create_orders(contact_2, [30])
        self._recompute(self.first + self.second)
        profiles = self._profile(self.first), self._profile(self.second)
        self._merge(contact_1, contact_2)
        self.assertEqual(
            (self._profile(self.first), self._profile(self.second)), profiles
        )
        self.assertEqual(profiles[0].purchase_count, 0)
        self.assertEqual(profiles[1].purchase_count, 3)

    def test_customer_into_a_contact_of_an_account(self):
        """The account takes over what was known about the customer."""
        contact = self._create_customer(
            "Contact", is_company=False, parent_id=self.second.id
        )
        person = self._create_customer("Person", is_company=False)
        self._create_orders(person, [50])
        self._create_orders(contact, [30])
        self._recompute(person + self.second)
        self._profile(person)._set_responsible(self.user_salesman)
        account = self._profile(self.second)
        self._merge(person, contact)
        self.assertEqual(self._all_profiles(self.second, contact), account)
        self.assertEqual(account.purchase_count, 2)
        self.assertEqual(account.user_id, self.user_salesman)

    def test_figures_of_two_companies(self):
        self._create_orders(self.first, [20])
        self._create_order(self.first, self.day(10), company=self.company_2)
        self._create_orders(self.second, [15])
        self._recompute(self.first + self.second)
        self._recompute(self.first + self.second, company=self.company_2)
        self.assertFalse(self._profile(self.second, self.company_2))
        self._merge(self.first, self.second)
        self.assertEqual(self._profile(self.second).purchase_count, 2)
        self.assertEqual(self._profile(self.second, self.company_2).purchase_count, 1)
