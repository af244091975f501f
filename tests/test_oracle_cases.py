"""Cases worked out by hand from the rules: they test the engine and the oracle alike.

``TODAY`` is 15 March 2026; days ago count back from it.
"""

from datetime import date, datetime

from tests.support.oracle_case import TODAY
from tests.support.simple import CaseByHand, day, noon


class TestStages(CaseByHand):
    def test_counts_and_tenure(self):
        """Working from 1, regular from 3, proven partner from 10 and 365 days."""
        steady = range(0, 300, 30)  # ten purchases, the first 270 days ago
        cases = {
            self.buyer(5): ("working", day(5)),
            self.buyer(5, 40): ("working", day(40)),
            self.buyer(5, 40, 50): ("regular", day(5)),
            self.buyer(*steady): ("regular", day(210)),
            self.buyer(*range(5, 366, 40)): ("partner", TODAY),
            self.buyer(*range(5, 365, 40), 366): ("partner", day(1)),
            self.buyer(*range(0, 365, 40), 364): ("regular", day(320)),
        }
        self.classify(cause="baseline")
        for partner, expected in cases.items():
            profile = self.profile(partner)
            found = (profile.stage_id.code, profile.stage_date)
            self.assertEqual(found, expected, profile.purchase_count)
            self.assertOracle(partner)

    def test_silence_without_a_rhythm(self):
        """One purchase: working on the 365th day of silence, lost on the 366th."""
        kept, lost = self.buyer(365), self.buyer(366)
        self.classify(cause="baseline")
        self.assertEqual(self.stage(kept), "working")
        self.assertEqual(self.stage(lost), "lost_recoverable")
        self.assertEqual(self.profile(lost).stage_date, TODAY)
        self.assertEqual(self.profile(kept).stage_figures["lost_on"], "2026-03-16")
        self.assertEqual(self.profile(kept).next_evaluation_date, day(-1))

    def test_silence_with_a_rhythm(self):
        """Gaps 70 and 71: rhythm 70.5, allowed 211.5, lost from the 212th day."""
        kept = self.buyer(211, 281, 352)
        lost = self.buyer(212, 282, 353)
        quick = self.buyer(181, 191, 201)  # 3 x 10 days, but never before 180
        self.classify(cause="baseline")
        self.assertEqual(self.stage(kept), "regular")
        self.assertEqual(self.profile(kept).rhythm_days, 70.5)
        self.assertEqual(self.profile(kept).expected_purchase_date, day(141))
        self.assertEqual(self.stage(lost), "lost_recoverable")
        self.assertEqual(self.profile(lost).stage_date, TODAY)
        self.assertEqual(self.stage(quick), "lost_recoverable")
        self.assertEqual(self.profile(quick).stage_date, TODAY)

    def test_typical_cycle_replaces_the_fixed_limit(self):
        """A cycle of 91 days allows 273 days of silence to those without a rhythm."""
        self.company.lifecycle_typical_cycle_days = 91
        kept, lost = self.buyer(273), self.buyer(274)
        self.classify(cause="baseline")
        self.assertEqual(self.stage(kept), "working")
        self.assertEqual(self.stage(lost), "lost_recoverable")

    def test_same_day_purchases_are_purchases_but_one_day(self):
        partner = self.buyer(10, 10, 10)
        self.classify(cause="baseline")
        profile = self.profile(partner)
        self.assertEqual(profile.purchase_count, 3)
        self.assertEqual(profile.turn_number, 1)
        self.assertFalse(profile.rhythm_days)
        self.assertFalse(profile.expected_purchase_date)
        self.assertEqual(profile.stage_id.code, "regular")

    def test_coming_back_counts_from_the_return(self):
        """After a gap longer than allowed the stage dates from the return."""
        partner = self.buyer(5, 600, 610, 620)  # gaps 10, 10, 595: rhythm 10
        self.classify(cause="baseline")
        self.assertEqual(self.stage(partner), "regular")
        self.assertEqual(self.profile(partner).stage_date, day(5))

    def test_a_return_is_a_purchase(self):
        partner = self.buyer(400)
        self.classify(cause="baseline")
        self.assertEqual(self.stage(partner), "lost_recoverable")
        self.builder.order(partner, noon(-1), 10)
        self.recompute(partner, today=day(-1))
        self.assertEqual(
            self.transitions(partner)[1:],
            [(day(-1), "purchase", "lost_recoverable", "working")],
        )

    def test_what_is_no_purchase(self):
        zero, negative, future, cancelled, quoted = (
            self.builder.partner() for _ in range(5)
        )
        self.builder.order(zero, noon(3), 0)
        self.builder.order(negative, noon(3), -20)
        self.builder.order(future, noon(-3), 50, create_date=noon(2))
        self.builder.order(cancelled, noon(3), 50, state="cancel")
        self.builder.order(quoted, noon(3), 50, state="sent")
        self.classify(cause="baseline")
        agreed = {zero: day(3), negative: day(3), future: day(2)}
        for partner, since in agreed.items():
            profile = self.profile(partner)
            self.assertEqual(profile.purchase_count, 0)
            self.assertEqual(profile.revenue, 0)
            self.assertEqual(profile.stage_id.code, "active")
            self.assertEqual(profile.stage_date, since)
            self.assertEqual(profile.category_id.code, "prospect")
        self.assertFalse(self.profile(cancelled))
        self.assertEqual(self.stage(quoted), "potential")
        self.assertEqual(self.profile(quoted).last_document_date, day(3))
        self.assertEqual(self.profile(future).next_evaluation_date, day(-3))

    def test_sent_quotation_counts_when_switched_on(self):
        self.company.lifecycle_quotation_is_agreement = True
        valid, expired = self.builder.partner(), self.builder.partner()
        for partner, until in ((valid, TODAY), (expired, day(1))):
            self.builder.order(partner, noon(9), 50, state="sent", validity_date=until)
        self.classify(cause="baseline")
        self.assertEqual(self.stage(valid), "active")
        self.assertEqual(self.profile(valid).stage_date, day(9))
        self.assertEqual(self.profile(valid).next_evaluation_date, day(-1))
        self.assertEqual(self.stage(expired), "potential")

    def test_opportunities_agree_while_open_and_not_lost(self):
        proposed = self.planter.stages[1]
        cases = {
            "active": {"create_date": noon(50), "date_last_stage_update": noon(9)},
            "potential": {"active": False, "won_status": "lost", "probability": 0},
        }
        partners = {}
        for expected, values in cases.items():
            partners[expected] = self.builder.partner()
            self.builder.lead(partners[expected], proposed, noon(9), **values)
        lead = self.builder.partner()
        self.builder.lead(lead, proposed, noon(9), type="lead")
        plain = self.builder.partner()
        self.builder.lead(plain, self.planter.stages[0], noon(9))
        self.classify(cause="baseline")
        for expected, partner in partners.items():
            self.assertEqual(self.stage(partner), expected)
        self.assertEqual(self.profile(partners["active"]).stage_date, day(9))
        for partner in (lead, plain):
            self.assertEqual(self.stage(partner), "potential")
            self.assertEqual(self.profile(partner).last_document_date, day(9))


class TestDecisions(CaseByHand):
    def lost_reason(self, recoverable):
        domain = [("is_recoverable", "=", recoverable)]
        return self.env["crm.lifecycle.lost.reason"].search(domain, limit=1).id

    def lifecycle(self, code):
        return self.env["crm.lifecycle.stage"].search([("code", "=", code)]).id

    def test_precedence(self):
        """Hold before key before VIP before declared lost before computed."""
        partner = self.buyer(10)
        self.classify(cause="baseline")
        self.decide(
            partner,
            lost_date=day(1),
            lost_reason_id=self.lost_reason(False),
            is_vip=True,
            vip_date=day(2),
            is_key_account=True,
            key_date=day(3),
            hold_stage_id=self.lifecycle("regular"),
            hold_date=TODAY,
            hold_until=day(-5),
        )
        undone = [
            ("regular", "hold", {"hold_until": None, "hold_stage_id": None}),
            ("key", "key", {"is_key_account": False}),
            ("vip", "vip", {"is_vip": False}),
            ("lost", "declared_lost", {"lost_date": None, "lost_reason_id": None}),
            ("working", "working", {"is_agreed": False}),
        ]
        for code, reason, values in undone:
            self.recompute(partner, cause="manual", user=self.env.user)
            profile = self.profile(partner)
            self.assertEqual(profile.stage_id.code, code)
            self.assertEqual(profile.stage_reason, reason)
            self.assertEqual(profile.computed_stage_id.code, "working")
            self.assertOracle(partner)
            self.decide(partner, **values)

    def test_vip_stays_vip_but_lapses(self):
        partner = self.buyer(400)
        self.classify(cause="baseline")
        self.decide(partner, is_vip=True, vip_date=day(2))
        self.recompute(partner, cause="manual", user=self.env.user)
        profile = self.profile(partner)
        self.assertEqual(profile.stage_id.code, "vip")
        self.assertEqual(profile.stage_date, day(2))
        self.assertEqual(profile.computed_stage_id.code, "lost_recoverable")
        self.assertTrue(profile.is_lapsed)
        self.assertEqual(profile.category_id.code, "vip")

    def test_hold_ends_by_itself(self):
        """The last day belongs to the hold; the day after is the change's day."""
        partner = self.buyer(10)
        self.classify(cause="baseline")
        self.decide(
            partner,
            hold_stage_id=self.lifecycle("partner"),
            hold_date=TODAY,
            hold_until=day(-2),
        )
        self.recompute(partner, cause="manual", user=self.env.user)
        self.assertEqual(self.profile(partner).next_evaluation_date, day(-3))
        self.classify(today=day(-2))
        self.assertEqual(self.stage(partner), "partner")
        self.classify(today=day(-9))
        self.assertEqual(self.stage(partner), "working")
        self.assertEqual(
            self.transitions(partner)[-1], (day(-3), "time", "partner", "working")
        )

    def test_declared_lost_ends_with_a_later_purchase(self):
        """A purchase of the same day does not end it, one of the next day does."""
        partner = self.buyer(10)
        self.classify(cause="baseline")
        self.decide(partner, lost_date=day(3), lost_reason_id=self.lost_reason(False))
        self.recompute(partner, cause="manual", user=self.env.user)
        self.assertEqual(self.stage(partner), "lost")
        self.assertFalse(self.profile(partner).category_id)
        self.builder.order(partner, noon(3), 10)
        self.recompute(partner)
        self.assertEqual(self.stage(partner), "lost")
        order = self.builder.order(partner, noon(2), 10)
        self.recompute(partner)
        self.assertEqual(self.stage(partner), "regular")
        self.assertEqual(self.profile(partner).stage_date, day(2))
        self.assertOracle(partner)
        self.env["sale.order"].browse(order)._action_cancel()
        self.recompute(partner)
        self.assertEqual(self.stage(partner), "lost")

    def test_excluded_keeps_stage_and_loses_category(self):
        partner = self.buyer(10)
        self.classify(cause="baseline")
        self.decide(partner, is_excluded=True)
        self.builder.order(partner, noon(1), 10)
        self.builder.order(partner, noon(1), 10)
        self.classify()
        profile = self.profile(partner)
        self.assertEqual(profile.purchase_count, 3)
        self.assertEqual(profile.stage_id.code, "working")
        self.assertFalse(profile.category_id)
        self.assertFalse(profile.abc_class)


class TestValue(CaseByHand):
    def test_window_edges(self):
        """364 days ago is inside, 365 in the window before, 730 in neither."""
        partner = self.builder.partner()
        for ago, amount in ((364, 1), (365, 10), (729, 100), (730, 1000)):
            self.builder.order(partner, noon(ago), amount)
        self.classify(cause="baseline")
        profile = self.profile(partner)
        self.assertEqual(profile.revenue, 1)
        self.assertEqual(profile.revenue_previous, 110)
        self.assertEqual(profile.lifetime_revenue, 1111)
        self.assertEqual(profile.window_purchase_count, 1)
        self.assertEqual(profile.next_evaluation_date, day(-1))

    def test_abc_limits_count_the_share_before(self):
        """80, 15, 5: shares before are 0, 80 and 95 percent: A, B, C."""
        partners = [self.buyer(5, amount=value) for value in (80, 15, 5)]
        self.classify(cause="baseline")
        classes = [self.profile(partner).abc_class for partner in partners]
        self.assertEqual(classes, ["a", "b", "c"])

    def test_abc_class_c_begins_with_its_largest(self):
        """Amounts compare as numbers: 20 comes before 9."""
        partners = [self.buyer(5, amount=value) for value in (800, 171, 20, 9)]
        self.classify(cause="baseline")
        classes = [self.profile(partner).abc_class for partner in partners]
        self.assertEqual(classes, ["a", "b", "c", "c"])

    def test_abc_ties_go_by_id(self):
        partners = [self.buyer(5, amount=10) for _ in range(10)]
        self.classify(cause="baseline")
        classes = [self.profile(partner).abc_class for partner in partners]
        self.assertEqual("".join(classes), "aaaaaaaabb")

    def test_abc_goes_down_with_patience(self):
        """Down only when it ranked lower for 10 days, then in one step to the rank."""
        self.company.lifecycle_abc_down_days = 10
        partner, other = self.buyer(100, amount=10), self.buyer(100, amount=1)
        self.classify(cause="baseline")
        self.assertEqual(self.profile(partner).abc_class, "a")
        self.builder.order(other, noon(0), 1000)
        self.classify()
        self.assertEqual(self.profile(other).abc_class, "a")
        self.assertEqual(self.profile(partner).abc_class, "a")
        self.assertEqual(self.profile(partner).abc_below_since, TODAY)
        self.classify(today=day(-9))
        self.assertEqual(self.profile(partner).abc_class, "a")
        self.classify(today=day(-10))
        self.assertEqual(self.profile(partner).abc_class, "c")
        self.assertFalse(self.profile(partner).abc_below_since)

    def test_rfm_counts_the_strictly_worse(self):
        """Of five customers the best has four worse: 1 + floor(5 x 4 / 5) = 5."""
        partners = [self.buyer(ago, amount=10) for ago in (50, 40, 30, 30, 10)]
        self.classify(cause="baseline")
        profiles = [self.profile(partner) for partner in partners]
        self.assertEqual([one.recency_score for one in profiles], [1, 2, 3, 3, 5])
        self.assertEqual([one.frequency_score for one in profiles], [1] * 5)

    def test_foreign_currency_is_divided_and_rounded(self):
        """10 at 3 foreign for 1 own: 3.33; 0.01 at 3: nothing, no purchase."""
        partner = self.builder.partner()
        self.builder.order(partner, noon(5), 10, currency_rate=3)
        self.builder.order(partner, noon(6), 0.01, currency_rate=3)
        self.builder.order(partner, noon(7), 5, currency_rate=0)
        self.builder.order(partner, noon(8), 5, currency_rate=None)
        self.classify(cause="baseline")
        profile = self.profile(partner)
        self.assertEqual(profile.purchase_count, 3)
        self.assertAlmostEqual(profile.revenue, 13.33)
        self.assertAlmostEqual(profile.average_purchase, 4.44)

    def test_days_are_the_company_s(self):
        """21:30 UTC is the next day in Moscow, and the same in UTC."""
        self.company.lifecycle_tz = "Europe/Moscow"
        partner = self.builder.partner()
        self.builder.order(partner, datetime(2026, 3, 13, 21, 30), 10)
        self.builder.order(partner, datetime(2026, 3, 14, 21, 0), 10)
        self.builder.order(partner, datetime(2026, 3, 15, 21, 0), 10)
        self.classify(cause="baseline")
        profile = self.profile(partner)
        self.assertEqual(profile.first_purchase_date, date(2026, 3, 14))
        self.assertEqual(profile.last_purchase_date, date(2026, 3, 15))
        self.assertEqual(profile.purchase_count, 2)

    def test_categories(self):
        """New until the 90th day; afterwards the class moved up by a high potential."""
        new, settled = self.buyer(90, amount=500), self.buyer(91, amount=400)
        small, promising = self.buyer(200, amount=1), self.buyer(200, amount=1)
        self.classify(cause="baseline")
        self.decide(
            promising,
            potential_amount=5000,
            potential_date=day(365),
            potential_class_manual="high",
        )
        self.classify()
        codes = {
            partner: self.profile(partner).category_id.code
            for partner in (new, settled, small, promising)
        }
        expected = {new: "new", settled: "a", small: "c", promising: "b"}
        self.assertEqual(codes, expected)
        self.classify(today=day(-1))  # the estimate is 366 days old now
        self.assertFalse(self.profile(promising).potential_class)
        self.assertEqual(self.profile(promising).category_id.code, "c")
        self.assertEqual(self.profile(new).category_id.code, "a")
