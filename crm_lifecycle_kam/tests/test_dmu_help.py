# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import Form

from .dmu_common import TestDmuCommon


class TestDmuHelp(TestDmuCommon):
    """Plain questions propose influence and attitude, as a guess."""

    def _ask(self, **answers):
        form = Form(
            self.env["crm.dmu.help"]
            .with_user(self.user_salesman)
            .with_context(default_member_id=self.buyer.id)
        )
        for name, answer in answers.items():
            setattr(form, name, answer)
        return form.save()

    def test_proposals(self):
        for answers, influence, attitude in (
            ({"final_word": "alone", "when_against": "stops"}, 10, False),
            ({"final_word": "no", "when_against": "nothing"}, 1, False),
            ({"final_word": "asked", "is_asked": "always"}, 6, False),
            ({"did_lately": "spoke", "answers": "calls"}, 0, "ally"),
            ({"did_lately": "nothing", "says": "neutral"}, 0, "neutral"),
            ({"did_lately": "told", "answers": "late"}, 0, "neutral"),
            ({"did_lately": "rival", "says": "criticises"}, 0, "opponent"),
            ({"answers": "silent"}, 0, "sceptic"),
            ({"says": "praises", "answers": "late"}, 0, "supporter"),
        ):
            with self.subTest(answers):
                wizard = self._ask(**answers)
                self.assertEqual(wizard.influence, influence)
                self.assertEqual(wizard.attitude, attitude)

    def test_every_answer_counts(self):
        """Each answer of each question changes the proposal."""
        Help = self.env["crm.dmu.help"]
        for question in ("final_word", "when_against", "is_asked"):
            answers = dict(Help._fields[question].selection)
            proposed = {self._ask(**{question: key}).influence for key in answers}
            self.assertEqual(len(proposed), len(answers), question)

    def test_a_guess_has_a_day(self):
        self._ask(final_word="together", says="criticises").action_apply()
        self.assertEqual(self.buyer.influence, 7)
        self.assertEqual(self.buyer.attitude, "opponent")
        self.assertTrue(self.buyer.is_guess)
        self.assertEqual(self.buyer.guess_date, self.today)

    def test_what_nobody_answered_stays(self):
        self.buyer.attitude = "ally"
        self._ask(final_word="no").action_apply()
        self.assertEqual(self.buyer.attitude, "ally")
        self.assertEqual(self.buyer.influence, 1)
        self.engineer.is_guess = False
        self._ask().action_apply()
        self.assertFalse(self.engineer.is_guess)

    def test_access(self):
        wizard = self._ask(final_word="no")
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_salesman_2).action_apply()
