# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import TestLifecycleCommon


class TestReason(TestLifecycleCommon):
    """The sentence behind a stage, for its reader."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lang = cls.env["res.lang"]._lang_get(cls.env.user.lang or "en_US")
        cls.lang.date_format = "%d.%m.%Y"
        cls.lost_reason = cls.env["crm.lifecycle.lost.reason"].create(
            {"name": "Better offer"}
        )

    def test_sentences(self):
        outlook = {"lost_on": "2026-09-10"}
        purchase = {"document": "S00123", "purchase_count": 4, **outlook}
        cases = [
            (
                "potential",
                {},
                "Potential since 12.03.2026: nothing ordered and nothing agreed yet.",
            ),
            (
                "agreed",
                {"evidence": "opportunity", "evidence_name": "Big deal"},
                "Active since 12.03.2026: opportunity “Big deal” is agreed, nothing "
                "bought yet.",
            ),
            (
                "agreed",
                {"evidence": "order", "evidence_name": "S00007"},
                "Active since 12.03.2026: order S00007 is confirmed, nothing bought "
                "yet.",
            ),
            (
                "agreed",
                {"evidence": "quotation", "evidence_name": "S00008"},
                "Active since 12.03.2026: quotation S00008 is open, nothing bought "
                "yet.",
            ),
            (
                "agreed",
                {"evidence": "manual"},
                "Active since 12.03.2026: set by hand, nothing bought yet.",
            ),
            (
                "working",
                {**purchase, "threshold": 1},
                "Working since 12.03.2026: first purchase S00123; becomes Lost on "
                "10.09.2026 if nothing is bought.",
            ),
            (
                "regular",
                {**purchase, "threshold": 3},
                "Regular since 12.03.2026: third purchase S00123; becomes Lost on "
                "10.09.2026 if nothing is bought.",
            ),
            (
                "regular",
                {"document": "S00123", "threshold": 12},
                "Regular since 12.03.2026: purchase no. 12 S00123.",
            ),
            (
                "partner",
                {"purchase_count": 11, "first_purchase_date": "2024-01-31", **outlook},
                "Proven partner since 12.03.2026: 11 purchases, buying since "
                "31.01.2024; becomes Lost on 10.09.2026 if nothing is bought.",
            ),
            (
                "silence",
                {"last_purchase_date": "2025-09-01", "allowed_days": 187.5},
                "Lost since 12.03.2026: last purchase on 01.09.2025, silent for more "
                "than the 187.5 days allowed.",
            ),
            (
                "declared_lost",
                {"reason_id": self.lost_reason.id},
                "Declared lost on 12.03.2026: Better offer.",
            ),
            ("vip", {"vip_reason": "Famous."}, "VIP since 12.03.2026: Famous."),
            (
                "key",
                {"key_reason": "Strategic"},
                "Key account since 12.03.2026: Strategic.",
            ),
            (
                "hold",
                {"hold_until": "2026-06-30", "hold_reason": "Contract"},
                "Held by hand since 12.03.2026, until 30.06.2026: Contract.",
            ),
        ]
        for code, figures, sentence in cases:
            with self.subTest(code=code, figures=figures):
                self.assertEqual(
                    self.Profile._get_reason_sentence(code, figures, "2026-03-12"),
                    sentence,
                )
        codes = {code for code, _figures, _sentence in cases}
        self.assertEqual(codes, set(self.Profile._get_reason_builders()))

    def test_incomplete_figures_still_give_a_sentence(self):
        for code in self.Profile._get_reason_builders():
            for figures in ({}, None, {"reason_id": 0}):
                with self.subTest(code=code):
                    sentence = self.Profile._get_reason_sentence(code, figures, None)
                    self.assertTrue(sentence.endswith("."))
        self.assertFalse(self.Profile._get_reason_sentence("unheard of", {}, None))
        self.assertFalse(self.Profile._get_reason_sentence(False, {}, None))

    def test_the_reader_decides_about_the_date(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.lang"]._lang_get("fr_FR").date_format = "%Y/%m/%d"
        partner = self._create_customer()
        profile = self._make_profiles(partner, stage_date="2026-03-12")
        self.assertIn("12.03.2026", profile.stage_reason_text)
        french = profile.with_context(lang="fr_FR")
        self.assertIn("2026/03/12", french.stage_reason_text)

    def test_what_the_engine_stores_is_understood(self):
        partner = self._create_customer()
        orders = self._create_orders(partner, [60, 40, 20])
        self._recompute(partner)
        profile = self._profile(partner)
        text = profile.stage_reason_text
        self.assertIn("Regular since", text)
        self.assertIn(f"third purchase {orders[-1].name}", text)
        self.assertIn("becomes Lost on", text)
        transition = self._transitions(partner)
        self.assertEqual(transition.reason_text, text)

    def test_the_engine_names_the_evidence(self):
        partner = self._create_customer()
        profile = self._make_profiles(partner).with_user(self.user_manager)
        profile.set_agreed()
        self.assertIn("set by hand", profile.stage_reason_text)
        profile.hold_stage("regular", "Contract signed")
        self.assertIn("Contract signed", profile.stage_reason_text)
        profile.release_hold()
        profile.declare_lost(self.lost_reason.id)
        self.assertIn("Better offer", profile.stage_reason_text)
        profile.return_to_base()
        profile.mark_key_account("Strategic", despite_reason="Really")
        self.assertIn("Strategic; Really", profile.stage_reason_text)

    def test_silence_is_explained(self):
        partner = self._create_customer()
        self._create_orders(partner, [500])
        self._recompute(partner)
        text = self._profile(partner).stage_reason_text
        self.assertIn("Lost since", text)
        self.assertIn("365 days allowed", text)

    def test_a_list_of_sentences_costs_no_query_for_each(self):
        partners = self._create_customers(40)
        profiles = self._make_profiles(partners)
        profiles.mapped("stage_reason")
        # language, columns and what the environment caches; nothing for each row
        with self.assertQueryCount(5):
            profiles.mapped("stage_reason_text")
