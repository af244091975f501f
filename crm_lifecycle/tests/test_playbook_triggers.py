# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.tools import SQL

from ..models.playbook.engine.scan import Scan
from .playbook_common import TestPlaybookCommon


class TestPlaybookTriggers(TestPlaybookCommon):
    """Triggers by date, by documents and by what customers say."""

    def _events(self, playbook):
        """Return ``{customer: event key}`` after the job."""
        self._new_day()
        self._react()
        return {run.partner_id: run.event_key for run in self._runs(playbook)}

    # ------------------------------------------------------------
    # THE PROFILE
    # ------------------------------------------------------------

    def test_late_against_own_rhythm(self):
        playbook = self._create_playbook("rhythm_late", factor=1.5)
        late = self._buyer("Late", [16, 26, 36])
        self._buyer("On time", [15, 25, 35])
        self._buyer("Late long ago", [150, 160, 170])
        key = {late: str(self.day(16))}
        self.assertEqual(self._events(playbook), key)
        self.assertEqual(self._runs(playbook).event_date, self.day(0))
        self.assertEqual(self._events(playbook), key)
        self._create_orders(late, [0])
        self._recompute(late)
        with self._on_day(40):
            self.engine._recompute(self.company, late)
            self._new_day()
            self._react()
        keys = self._runs(playbook).filtered(lambda run: run.partner_id == late)
        self.assertEqual(
            set(keys.mapped("event_key")), {str(self.day(16)), str(self.day(0))}
        )

    def test_vip_falls_silent(self):
        playbook = self._create_playbook("lapsed")
        vip, plain = self._create_customers(2)
        for partner in vip + plain:
            self._create_orders(partner, [370])
        self._recompute(vip + plain)
        self._profile(vip).name_vip(
            sponsor_id=self.user_manager.id,
            reason="Large",
            review_date=self.day(-90),
            despite_reason="Young",
        )
        self.assertEqual(self._events(playbook), {vip: str(self.day(370))})
        self.assertEqual(self._runs(playbook).event_date, self.day(4))

    def test_dormant_prospect(self):
        playbook = self._create_playbook("dormant")
        days = self.company.lifecycle_dormant_days
        asleep, awake = self._create_customers(2)
        self._make_profiles(asleep, added_date=self.day(days + 1))
        self._make_profiles(awake, added_date=self.day(days))
        self.assertEqual(self._events(playbook), {asleep: str(self.day(days + 1))})

    def test_potential_far_above_revenue(self):
        playbook = self._create_playbook("potential", factor=3)
        much, little, before = self._create_customers(3)
        for partner, amount, ago in (
            (much, 300, 2),
            (little, 299, 2),
            (before, 900, 40),
        ):
            self._create_orders(partner, [10], amount=100)
            self._recompute(partner)
            self._profile(partner).set_potential(
                amount=amount, source="Asked", date=self.day(ago)
            )
        self.company.lifecycle_window_days = 365
        self.assertEqual(self._events(playbook), {much: str(self.day(2))})

    def test_nobody_answers(self):
        playbook = self._create_playbook(
            "no_responsible", responsible_type="fixed", user_id=self.user_manager.id
        )
        left = self._buyer("Left alone")
        self._buyer("Cared for")
        old = self._make_profiles(
            self._create_customer("Never had anybody"), added_date=self.day(400)
        )
        self._profile(left).assign_responsible(False)
        events = self._events(playbook)
        self.assertEqual(list(events), [left])
        self.assertNotIn(old.partner_id, events)
        self.assertEqual(self._activities(left).user_id, self.user_manager)

    # ------------------------------------------------------------
    # ORDERS
    # ------------------------------------------------------------

    def test_fulfilled_days_after_confirmation(self):
        self.company.write(
            {"lifecycle_fulfilled_by": "days", "lifecycle_fulfilled_days": 10}
        )
        first = self._create_playbook("fulfilled")
        third = self._create_playbook("fulfilled", occurrence="nth", every=3)
        in_use = self._create_playbook("in_use", days=5, occurrence="every")
        partner = self._buyer("Buys", [40, 20, 10])
        young = self._buyer("Young", [9])
        orders = self.env["sale.order"].search(
            [("partner_id", "=", partner.id)], order="date_order"
        )
        newcomer = self._buyer("Newcomer", [12])
        order = self.env["sale.order"].search([("partner_id", "=", newcomer.id)])
        self.assertEqual(
            self._events(first), {partner: str(orders[0].id), newcomer: str(order.id)}
        )
        self.assertEqual(self._events(third), {partner: str(orders[2].id)})
        runs = self._runs(in_use)
        self.assertEqual(
            set(runs.mapped("event_key")), {str(orders[0].id), str(orders[1].id)}
        )
        self.assertNotIn(young, runs.partner_id)
        self.assertEqual(self._runs(first)[0].source_model, "sale.order")

    def test_fulfilled_when_invoiced(self):
        self.company.lifecycle_fulfilled_by = "invoiced"
        playbook = self._create_playbook("fulfilled")
        partner, open_one = self._create_customers(2)
        order = self._create_order(partner, self.day(20))
        self._create_order(open_one, self.day(20))
        self._recompute(partner + open_one)
        self.assertEqual(self._events(playbook), {})
        invoice = order._create_invoices()
        self.assertEqual(self._events(playbook), {}, "a draft promises nothing")
        invoice.invoice_date = self.day(2)
        invoice.action_post()
        self.assertEqual(self._events(playbook), {partner: str(order.id)})
        self.assertEqual(self._runs(playbook).event_date, self.day(2))

    def test_fulfilled_when_delivered(self):
        if "delivery_status" not in self.env["sale.order"]._fields:
            self.skipTest("needs deliveries")
        playbook = self._create_playbook("fulfilled")
        goods = self.env["product.product"].create(
            {"name": "Goods", "type": "consu", "taxes_id": [Command.clear()]}
        )
        partner = self._create_customer("Gets goods")
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": goods.id,
                            "product_uom_qty": 2,
                            "price_unit": 50,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self._recompute(partner)
        self.assertEqual(self._events(playbook), {})
        picking = order.picking_ids
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(order.delivery_status, "full")
        self.assertEqual(self._events(playbook), {partner: str(order.id)})

    # ------------------------------------------------------------
    # WHAT CUSTOMERS SAY
    # ------------------------------------------------------------

    def test_feedback_by_band(self):
        low = self._create_playbook("feedback", band="detractor")
        high = self._create_playbook("feedback", band="promoter")
        sad, glad, rescued = self._create_customers(3)
        said = {}
        for partner, score in ((sad, "6"), (glad, "9"), (rescued, "0")):
            profile = self._make_profiles(partner)
            said[partner] = self.env["crm.feedback"].create(
                {"profile_id": profile.id, "score": score}
            )
        said[rescued].action_resolve()
        self._react()  # at once, not only on a new day
        self.assertEqual(self._customers_of(low), sad)
        self.assertEqual(self._customers_of(high), glad)
        self.assertEqual(self._runs(low)._get_source(), said[sad])

    def test_complaints_and_broken_promises(self):
        complaint = self._create_playbook("complaint")
        broken = self._create_playbook("promise_broken")
        partner = self._create_customer("Complains")
        profile = self._make_profiles(partner)
        channel = self.env["crm.touchpoint.channel"].search([], limit=1)
        for outcome in ("problem", "order"):
            touchpoint = self.env["crm.touchpoint"].create(
                {
                    "partner_id": partner.id,
                    "channel_id": channel.id,
                    "outcome": outcome,
                    "direction": "in",
                }
            )
        promises = self.env["crm.promise"].create(
            [
                {
                    "name": side,
                    "profile_id": profile.id,
                    "side": side,
                    "date_due": self.day(1),
                }
                for side in ("we", "customer")
            ]
        )
        promises.action_break()
        reply = self._create_playbook("reply", cooldown_days=3)
        self._new_day()
        self._react()
        self.assertEqual(len(self._runs(complaint, "done")), 1)
        self.assertEqual(self._runs(broken, "done")._get_source(), promises[0])
        self.assertEqual(len(self._runs(reply, "done")), 1)
        self.assertEqual(len(self._runs(reply, "skipped")), 1, "once in three days")
        self.assertIn(touchpoint.id, self._runs(reply).mapped("source_id"))

    def test_inquiry(self):
        playbook = self._create_playbook("lead")
        partner = self._create_customer("Asks")
        person = self._create_customer("Olga", parent_id=partner.id, is_company=False)
        self._make_profiles(partner)
        lead = self.env["crm.lead"].create(
            {"name": "How much?", "partner_id": person.id}
        )
        self._react()
        self.assertRecordValues(
            self._runs(playbook),
            [
                {
                    "partner_id": partner.id,
                    "contact_id": person.id,
                    "event_key": str(lead.id),
                    "state": "done",
                }
            ],
        )
        self.assertTrue(self._activities(person), "planned on who asked")

    # ------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------

    def _fact(self, profile, kind, day, **values):
        return self.env["crm.lifecycle.fact"].create(
            {"profile_id": profile.id, "kind": kind, "date": day, **values}
        )

    def test_birthday(self):
        playbook = self._create_playbook("birthday")
        partner = self._create_customer("Company")
        person = self._create_customer("Olga", parent_id=partner.id, is_company=False)
        profile = self._make_profiles(partner)
        birthday = self.today.replace(year=1980)
        self._fact(profile, "birthday", birthday, partner_id=person.id)
        # noted too late to greet
        missed = self._create_customer("Ben", parent_id=partner.id, is_company=False)
        self._fact(profile, "birthday", birthday - timedelta(10), partner_id=missed.id)
        key = f"{person.id} {self.today.year}"
        self.assertEqual(self._events(playbook), {partner: key})
        self.assertEqual(self._runs(playbook).contact_id, person)

    def test_born_on_a_leap_day(self):
        playbook = self._create_playbook("birthday", days_before=1)
        profile = self._make_profiles(self._create_customer("Leap"))
        self._fact(profile, "birthday", date(1980, 2, 29))
        scan = self._scan(playbook, date(2027, 2, 27))
        found = self.env.execute_query(self.engine._sql_trigger(scan))
        self.assertEqual([row[2] for row in found], [date(2027, 2, 27)])
        scan = self._scan(playbook, date(2028, 2, 28))
        found = self.env.execute_query(self.engine._sql_trigger(scan))
        self.assertEqual([row[2] for row in found], [date(2028, 2, 28)])

    def _scan(self, playbook, day):
        parameters = self.engine._get_parameters(self.company, day)
        return Scan(playbook, parameters, day)

    def test_professional_day_and_holiday(self):
        profession = self._create_playbook("professional_day", days_before=2)
        soon = self.day(-2)
        holiday = self._create_playbook(
            "holiday",
            holiday_day=soon.day,
            holiday_month=str(soon.month),
            days_before=2,
            filter_domain="[('partner_id.name', 'like', 'Guest')]",
        )
        guests = self._create_customers(2, "Guest")
        profiles = self._make_profiles(guests)
        self._make_profiles(self._create_customer("Not invited"))
        self._fact(profiles[0], "professional_day", soon)
        self._fact(profiles[1], "like", soon)
        self.assertEqual(list(self._events(profession)), [guests[0]])
        year = str(soon.year)
        self.assertEqual(self._events(holiday), {guests[0]: year, guests[1]: year})

    def test_day_of_the_company(self):
        """When it is one o'clock at night in Auckland, it is yesterday in London."""
        playbook = self._create_playbook("lead", since=0)
        moment = datetime(2026, 3, 10, 13, 30)
        for tz, day in (
            ("Pacific/Auckland", date(2026, 3, 11)),
            ("Europe/London", date(2026, 3, 10)),
        ):
            self.company.lifecycle_tz = tz
            playbook.activated_at = moment
            parameters = self.engine._get_parameters(self.company, date(2026, 3, 20))
            scan = self.engine._get_scan(playbook, parameters)
            self.assertEqual(scan.since, day)
            sql = self.engine._sql_scan_day(SQL("%s::timestamp", moment), scan)
            self.assertEqual(self.env.execute_query(SQL("SELECT %s", sql)), [(day,)])
