# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .handover_common import HandoverCommon


class TestHandover(HandoverCommon):
    def test_everything_goes_to_one(self):
        work = self._plan_work()
        handover = self._hand_over(self._create_handover(reason="He moves to Oslo"))
        self.assertEqual(handover.state, "done")
        self.assertEqual(self.profiles.user_id, self.user_salesman_2)
        self.assertEqual(self.profiles.team_id, self.team_2)
        self.assertEqual(self.person.user_id, self.user_salesman_2)
        for record in work:
            with self.subTest(model=record._name):
                self.assertEqual(record.user_id, self.user_salesman_2)
        self.assertEqual(handover.line_count, 3 + 1 + 6)
        self.assertEqual(handover.done_count, 10)
        self.assertEqual(set(handover.line_ids.mapped("state")), {"moved"})
        self.assertEqual(handover.line_ids.old_user_id, self.user_salesman)

    def test_history_names_the_handover(self):
        handover = self._hand_over(self._create_handover(reason="He moves to Oslo"))
        last = self.profiles[0].responsible_ids[0]
        self.assertEqual(last.user_id, self.user_salesman_2)
        self.assertEqual(last.handover_id, handover)
        self.assertEqual(last.reason, "He moves to Oslo")
        self.assertEqual(last.changed_by_id, self.user_manager)
        # the day has one change only, or the stretch before it ends
        self.assertTrue(self.profiles[0].responsible_ids[1].date_to)

    def test_the_new_one_follows_and_gets_one_message(self):
        self._plan_work()
        before = self.env["mail.message"].search([], order="id desc", limit=1).id or 0
        self.env = self.env(context={**self.env.context, "tracking_disable": False})
        handover = self._create_handover()
        handover = handover.with_context(
            tracking_disable=False, mail_notrack=False, mail_create_nolog=False
        )
        self._hand_over(handover)
        self.assertIn(self.user_salesman_2.partner_id, self.lead.message_partner_ids)
        self.assertIn("→ Sue Salesman", str(self.lead.message_ids[0].body))
        told = self.env["mail.message"].search(
            [
                ("id", ">", before),
                ("partner_ids", "in", self.user_salesman_2.partner_id.ids),
            ]
        )
        self.assertEqual(len(told), 1, told.mapped("subject"))
        self.assertIn(": 3", str(told.body))

    def test_only_what_was_chosen(self):
        self._plan_work()
        handover = self._hand_over(self._create_handover(scopes=("lead", "activity")))
        self.assertEqual(self.lead.user_id, self.user_salesman_2)
        self.assertEqual(self.activity.user_id, self.user_salesman_2)
        self.assertEqual(self.profiles.user_id, self.user_salesman)
        self.assertEqual(self.quotation.user_id, self.user_salesman)
        self.assertEqual(handover.line_count, 2)

    def test_closed_things_stay(self):
        self._plan_work()
        won = self.lead.copy({"user_id": self.user_salesman.id})
        won.action_set_won()
        lost = self.lead.copy({"user_id": self.user_salesman.id})
        lost.action_set_lost()
        order = self._create_order(
            self.customers[1], self.day(2), user_id=self.user_salesman.id
        )
        past = self.meeting.copy(
            {
                "start": fields.Datetime.now() - timedelta(2),
                "stop": fields.Datetime.now() - timedelta(2, -3600),
                "user_id": self.user_salesman.id,
            }
        )
        kept = self.promise.copy({"user_id": self.user_salesman.id})
        kept.action_keep()
        self._hand_over(self._create_handover())
        for record in (won, lost, order, past, kept):
            with self.subTest(model=record._name):
                self.assertEqual(record.user_id, self.user_salesman)

    def test_meeting_changes_who_attends_for_us(self):
        self._plan_work()
        handover = self._hand_over(self._create_handover())
        guests = self.meeting.partner_ids
        self.assertIn(self.user_salesman_2.partner_id, guests)
        self.assertIn(self.customers[0], guests)
        self.assertNotIn(self.user_salesman.partner_id, guests)
        handover.action_undo()
        self.assertEqual(
            self.meeting.partner_ids, self.user_salesman.partner_id + self.customers[0]
        )

    def test_preview_counts_and_shows(self):
        self._plan_work()
        handover = self._create_handover()
        row = self._row(handover, "customer")
        self.assertEqual((row.found_count, row.hidden_count), (3, 0))
        action = row.action_show()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), self.profiles
        )
        for scope in ("lead", "quotation", "meeting", "activity", "promise"):
            with self.subTest(scope=scope):
                self.assertEqual(self._row(handover, scope).found_count, 1)

    def test_preview_follows_the_form(self):
        with Form(self.Handover.with_user(self.user_manager)) as form:
            form.from_user_id = self.user_salesman
            form.to_user_id = self.user_salesman_2
            lines = form.scope_ids
            found = {
                lines._records[i]["scope"]: lines._records[i]["found_count"]
                for i in range(len(lines))
            }
            self.assertEqual(found["customer"], 3)

    # ------------------------------------------------------------
    # WHO GETS WHAT
    # ------------------------------------------------------------

    def test_spread_evenly(self):
        more = self._create_customers(4, "More")
        self._make_profiles(more, user_id=self.user_salesman.id, revenue=10)
        self._plan_work()
        takers = self.user_salesman_2 + self.user_leader
        handover = self._hand_over(
            self._create_handover(
                mode="even", to_user_id=False, to_user_ids=[Command.set(takers.ids)]
            )
        )
        every = self.profiles | self._profiles_of(more)
        counts = [len(found) for found in every.grouped("user_id").values()]
        self.assertEqual(sorted(counts), [3, 4])
        owners = [profile.user_id for profile in self.profiles]
        self.assertNotEqual(owners[0], owners[1])
        self.assertEqual(owners[1], owners[2], "there and back")
        # what belongs to the first customer goes with him
        self.assertEqual(self.lead.user_id, owners[0])
        self.assertEqual(self.promise.user_id, owners[0])
        self.assertEqual(self.meeting.user_id, owners[0])
        self.assertEqual(self.person.user_id, owners[0])
        self.assertEqual(handover.state, "done")

    def _profiles_of(self, partners):
        return self.Profile.search([("partner_id", "in", partners.ids)])

    def test_team_fills_in_its_members(self):
        with Form(self.Handover.with_user(self.user_manager)) as form:
            form.from_user_id = self.user_salesman
            form.mode = "even"
            form.team_id = self.team_1
            self.assertEqual(form.to_user_ids[:], self.user_leader)

    def test_by_rule(self):
        norway, region = self.env.ref("base.no"), self.env.ref("base.state_us_1")
        self.customers[0].country_id = norway
        self.customers[1].state_id = region
        self.profiles[2]._write_people({"category_id": self.category("c").id})
        rules = [
            {"country_ids": [Command.set(norway.ids)], "user_id": self.user_leader.id},
            {"state_ids": [Command.set(region.ids)], "user_id": self.user_all.id},
            {
                "category_ids": [Command.set(self.category("vip").ids)],
                "user_id": self.user_manager.id,
            },
        ]
        self._plan_work()
        self._hand_over(
            self._create_handover(mode="rule", rule_ids=[*map(Command.create, rules)])
        )
        self.assertEqual(
            [profile.user_id for profile in self.profiles],
            [self.user_leader, self.user_all, self.user_salesman_2],
        )
        self.assertEqual(self.lead.user_id, self.user_leader)

    def test_customer_by_customer(self):
        self._plan_work()
        handover = self._create_handover(mode="line")
        action = handover.action_prepare()
        lines = (
            self.env[action["res_model"]]
            .with_user(self.user_manager)
            .search(action["domain"])
        )
        self.assertEqual(len(lines), 3)
        lines[0].new_user_id = self.user_leader
        handover.action_hand_over()
        self.assertEqual(self.profiles[0].user_id, self.user_leader)
        self.assertEqual(self.lead.user_id, self.user_leader, "goes with the customer")
        self.assertEqual(self.profiles[1].user_id, self.user_salesman_2)

    def test_change_before_it_begins(self):
        handover = self._create_handover()
        handover.action_prepare()
        self.assertEqual(handover.state, "ready")
        with self.assertRaisesRegex(UserError, "prepared already"):
            handover.to_user_id = self.user_leader
        handover.action_change()
        handover.to_user_id = self.user_leader
        self.assertFalse(handover.line_ids)
        self._hand_over(handover)
        self.assertEqual(self.profiles.user_id, self.user_leader)

    def test_refusals(self):
        someone = self._create_handover()
        for values, message in (
            ({"to_user_id": False}, "Say who takes over"),
            ({"to_user_id": self.user_salesman.id}, "cannot take over the own"),
            ({"to_user_id": self.user_portal.id}, "active internal user"),
            ({"to_user_id": self.user_salesman_3.id}, "may not work in"),
            ({"kind": "temporary"}, "when the temporary cover ends"),
            ({"kind": "temporary", "return_date": self.today}, "must be after today"),
            ({"mode": "rule"}, "at least one rule"),
            ({"from_user_id": self.user_internal.id}, "Nothing of what you chose"),
        ):
            with self.subTest(values=values):
                handover = someone.copy(values)
                with self.assertRaisesRegex(UserError, message):
                    handover.action_prepare()

    def test_what_took_place_stays(self):
        handover = self._hand_over(self._create_handover())
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            handover.unlink()
        with self.assertRaisesRegex(UserError, "prepared already"):
            handover.from_user_id = self.user_leader
        with self.assertRaisesRegex(UserError, "log of the hand-over"):
            handover.line_ids[0].with_user(
                self.user_manager
            ).new_user_id = self.user_leader
        draft = self._create_handover()
        draft.unlink()
        self.assertFalse(draft.exists())

    # ------------------------------------------------------------
    # INTRODUCTIONS
    # ------------------------------------------------------------

    def test_introductions(self):
        handover = self._hand_over(
            self._create_handover(introduce="important", first_contact_days=4)
        )
        planned = handover.line_ids.activity_id
        self.assertEqual(len(planned), 2, "A and B, not C")
        self.assertEqual(planned.user_id, self.user_salesman_2)
        self.assertEqual(set(planned.mapped("res_id")), set(self.customers[:2].ids))
        self.assertEqual(set(planned.mapped("date_deadline")), {self.day(-4)})
        planned[0].with_user(self.user_salesman_2)._action_done()
        handover.action_undo()
        self.assertFalse(planned[1].exists(), "an open one goes with the customer")
        self.assertTrue(planned[0].exists(), "a done one is history")

    def test_introduce_to_all(self):
        handover = self._hand_over(self._create_handover(introduce="all"))
        self.assertEqual(len(handover.line_ids.activity_id), 3)

    # ------------------------------------------------------------
    # ACCESS
    # ------------------------------------------------------------

    def test_only_managers(self):
        handover = self._create_handover()
        for user in (
            self.user_salesman,
            self.user_leader,
            self.user_all,
            self.user_internal,
            self.user_portal,
        ):
            for model in ("crm.handover", "crm.handover.line", "crm.handover.scope"):
                with self.subTest(user=user.login, model=model):
                    Model = self.env[model].with_user(user)
                    for operation in ("read", "create", "write", "unlink"):
                        self.assertFalse(Model.has_access(operation))
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                handover.with_user(user).read(["from_user_id"])

    def test_lines_are_nobodys_to_make(self):
        Line = self.env["crm.handover.line"].with_user(self.user_manager)
        self.assertFalse(Line.has_access("create"))
        self.assertFalse(Line.has_access("unlink"))

    def test_another_company(self):
        handover = self._create_handover(
            user=self.user_both,
            companies=self.company + self.company_2,
            to_user_id=self.user_both.id,
        )
        handover.action_prepare()
        for user in (self.user_manager, self.user_manager_2):
            with self.subTest(user=user.login):
                for record in (handover, handover.line_ids, handover.scope_ids):
                    mine = record.with_user(user).with_context(
                        allowed_company_ids=user.company_ids.ids
                    )
                    self.assertFalse(mine.search([("id", "in", record.ids)]))
        seen = handover.with_user(self.user_both).with_context(
            allowed_company_ids=(self.company + self.company_2).ids
        )
        self.assertTrue(seen.search([("id", "=", handover.id)]))
        one = seen.with_context(allowed_company_ids=self.company.ids)
        self.assertTrue(
            one.search([("id", "=", handover.id)]), "whichever companies are chosen"
        )

    def test_nobody_decides_in_the_name_of_another(self):
        """What the decider may not see stays: so nobody chooses the decider."""
        handover = self._create_handover(user_id=self.env.uid, state="done")
        self.assertRecordValues(
            handover, [{"user_id": self.user_manager.id, "state": "draft"}]
        )
        handover.action_prepare()
        for vals in (
            {"user_id": self.env.uid},
            {"return_user_id": self.env.uid},
            {"state": "running"},
            {"line_count": 0},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                handover.write(vals)
