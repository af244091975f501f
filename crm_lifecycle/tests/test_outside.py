# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TestLifecycleCompanies
from .http_common import Json2Case


class OutsideBase(TestLifecycleCompanies):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_customer("Buyer")
        cls.contact = cls._create_customer(
            "Contact", parent_id=cls.buyer.id, is_company=False
        )
        cls.stranger = cls._create_customer("Stranger")
        case = cls()
        case._create_orders(cls.buyer, [100, 60, 20], amount=50)
        case._recompute(cls.buyer)
        cls.profile = case._profile(cls.buyer)


class TestOutside(OutsideBase):
    def _ask(self, ids, user=None):
        return self.Profile.with_user(user or self.user_manager).get_lifecycle(ids)

    def test_answer(self):
        answer, of_contact, unknown = self._ask(
            [self.buyer.id, self.contact.id, self.stranger.id]
        )
        self.assertEqual(json.loads(json.dumps(answer)), answer, "is plain JSON")
        self.assertEqual(answer["customer_id"], self.buyer.id)
        self.assertEqual(answer["profile_id"], self.profile.id)
        self.assertEqual(answer["stage"]["code"], "regular")
        self.assertEqual(answer["stage"]["name"], self.stage("regular").name)
        self.assertEqual(answer["purchase_count"], 3)
        self.assertEqual(answer["revenue"], 150)
        self.assertEqual(answer["last_purchase_date"], str(self.day(20)))
        self.assertEqual(answer["silence_days"], 20)
        self.assertEqual(answer["rhythm_days"], 40)
        self.assertEqual(answer["currency"], self.company.currency_id.name)
        self.assertIs(answer["is_vip"], False)
        self.assertIsNone(answer["potential_amount"])
        self.assertIsNone(answer["share_of_wallet"])
        self.assertIn("Regular since", answer["stage_reason"])
        self.assertEqual(of_contact, {**answer, "partner_id": self.contact.id})
        self.assertEqual(
            unknown,
            {
                "partner_id": self.stranger.id,
                "customer_id": self.stranger.id,
                "profile_id": None,
            },
        )
        self.assertEqual(self._ask([]), [])
        self.assertEqual(self._ask([self.buyer.id] * 2), [answer, answer])

    def test_share_and_responsible(self):
        profile = self.profile.with_user(self.user_manager)
        profile.set_potential(600)
        profile.assign_responsible(self.user_salesman.id)
        [answer] = self._ask([self.buyer.id])
        self.assertEqual(answer["potential_amount"], 600)
        self.assertAlmostEqual(answer["share_of_wallet"], 0.25)
        self.assertEqual(answer["responsible"]["id"], self.user_salesman.id)

    def test_a_prospect_has_no_silence(self):
        self._make_profiles(self.stranger)
        [answer] = self._ask([self.stranger.id])
        self.assertEqual(answer["stage"]["code"], "potential")
        self.assertEqual(answer["purchase_count"], 0)
        self.assertIsNone(answer["silence_days"])
        self.assertIsNone(answer["last_purchase_date"])

    def test_rules_are_respected(self):
        self.profile.with_user(self.user_manager).assign_responsible(
            self.user_salesman_2.id
        )
        [answer] = self._ask([self.buyer.id], self.user_salesman)
        self.assertIsNone(answer["profile_id"])
        self.assertNotIn("revenue", answer)
        [answer] = self._ask([self.buyer.id], self.user_manager_2)
        self.assertIsNone(answer["profile_id"])
        for user in (self.user_internal, self.user_portal, self.user_public):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._ask([self.buyer.id], user)

    def test_bad_input(self):
        for wrong in ("1", 1, None, {"ids": [1]}, ["1"], [1.5], [True], [-1], [[1]]):
            with (
                self.subTest(wrong=wrong),
                self.assertRaisesRegex(UserError, "list of"),
            ):
                self._ask(wrong)
        with self.assertRaisesRegex(UserError, "at most 1000"):
            self._ask(list(range(1, 1002)))
        gone = self._create_customer("Gone")
        gone_id = gone.id
        gone.unlink()
        with self.assertRaisesRegex(AccessError, str(gone_id)):
            self._ask([self.buyer.id, gone_id])

    def test_it_only_reads(self):
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT outside")
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        try:
            [answer] = self._ask([self.buyer.id])
        finally:
            self.env.cr.execute("ROLLBACK TO SAVEPOINT outside")
        self.assertEqual(answer["profile_id"], self.profile.id)

    def test_as_many_queries_for_many(self):
        partners = self._create_customers(200)
        self._make_profiles(partners)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(self._ask(partners.ids)), 200)
        self.assertLess(self.env.cr.sql_log_count - before, 40)


@tagged("post_install", "-at_install")
class TestOutsideOverHttp(OutsideBase, Json2Case):
    def _post(self, user, body):
        return self._json2(user, "get_lifecycle", **body)

    def test_by_api_key(self):
        response = self._post(self.user_salesman, {"partner_ids": self.buyer.ids})
        self.assertEqual(response.status_code, 200)
        [answer] = response.json()
        self.assertEqual(answer["profile_id"], self.profile.id)
        self.assertEqual(answer["stage"]["code"], "regular")

    def test_other_company_by_context(self):
        self._make_profiles(self.stranger, company=self.company_2)
        body = {"partner_ids": self.stranger.ids}
        [answer] = self._post(self.user_both, body).json()
        self.assertIsNone(answer["profile_id"])
        body["context"] = {"allowed_company_ids": self.company_2.ids}
        [answer] = self._post(self.user_both, body).json()
        self.assertTrue(answer["profile_id"])

    @mute_logger("odoo.http")
    def test_errors(self):
        response = self._post(self.user_salesman, {"partner_ids": "all"})
        self.assertEqual(response.status_code, 422)
        self.assertIn("list of IDs", response.json()["message"])
        response = self._post(self.user_internal, {"partner_ids": self.buyer.ids})
        self.assertEqual(response.status_code, 403)
        self.assertNotIn("regular", response.text)
        response = self._post(self.user_portal, {"partner_ids": self.buyer.ids})
        self.assertEqual(response.status_code, 403)
        response = self._post(None, {"partner_ids": self.buyer.ids})
        self.assertEqual(response.status_code, 401)
