"""Scorecards: figures of random target profiles equal those of plain fractions."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from tests.test_oracle_random import QUICK

KINDS = ("goals", "opportunities", "resources", "readiness")
weights = st.sampled_from([0.25, 0.5, 1, 1, 2, 3, 10])


@st.composite
def scored_targets(draw):
    """(scale, limits, [(kind, weight, [(weight, score)])]); score 0: none."""
    scale = draw(st.integers(2, 10))
    scores = st.integers(0, scale) if draw(st.booleans()) else st.integers(1, scale)
    criteria = st.lists(st.tuples(weights, scores), min_size=1, max_size=4)
    dimension = st.tuples(st.sampled_from(KINDS), weights, criteria)
    dimensions = draw(st.lists(dimension, min_size=1, max_size=5))
    low, high = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    return scale, (low, high), dimensions


def average(pairs):
    """Weighted mean of (weight, value) over what has a value."""
    known = [(Fraction(weight), value) for weight, value in pairs if value is not None]
    total = sum(weight for weight, _value in known)
    return sum(weight * value for weight, value in known) / total if known else None


def figures(scale, limits, dimensions):
    """The expected card: by kind, total, share, verdict."""
    values = []
    for kind, weight, criteria in dimensions:
        pairs = [
            (one, Fraction(100 * (score - 1), scale - 1) if score else None)
            for one, score in criteria
        ]
        values.append((kind, weight, average(pairs)))
    expected = {
        f"{kind}_score": average([(w, v) for k, w, v in values if k == kind]) or 0
        for kind in KINDS
    }
    total = average([(w, v) for k, w, v in values if k != "readiness"])
    expected["total_score"] = total or 0
    complete = all(score for _k, _w, criteria in dimensions for _one, score in criteria)
    verdict = False
    if complete and total is not None:
        low, high = limits
        verdict = "fits" if total >= high else "doubtful" if total >= low else "misfit"
    return expected, complete, verdict


@tagged("post_install", "-at_install", "standard")
class TestScorecards(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.env["crm.lead"].create({"name": "Scored", "type": "lead"})

    def _card(self, scale, limits, dimensions):
        target = self.env["crm.target.profile"].create(
            {
                "name": "Random",
                "scale": scale,
                "doubt_limit": limits[0],
                "fit_limit": limits[1],
                "dimension_ids": [
                    Command.create(
                        {
                            "kind": kind,
                            "name": kind,
                            "weight": weight,
                            "sequence": number,
                            "criterion_ids": [
                                Command.create({"name": "one", "weight": one})
                                for one, _score in criteria
                            ],
                        }
                    )
                    for number, (kind, weight, criteria) in enumerate(dimensions)
                ],
            }
        )
        target.action_put_in_force()
        card = self.env["crm.scorecard"].create(
            {"lead_id": self.lead.id, "target_id": target.id}
        )
        lines = card.line_ids.sorted(lambda line: line.criterion_id.id)
        scores = [score for *_rest, criteria in dimensions for _one, score in criteria]
        for line, score in zip(lines, scores, strict=True):
            line.score = score
        return card

    @QUICK
    @given(scored_targets())
    def test_figures(self, example):
        card = self._card(*example)
        expected, complete, verdict = figures(*example)
        for name, value in expected.items():
            self.assertAlmostEqual(card[name], float(value), places=6, msg=name)
        self.assertEqual(card.scored_share == 1, complete)
        self.assertEqual(card.verdict, verdict)
        shares = card.target_id.dimension_ids.filtered(
            lambda one: one.kind != "readiness"
        ).mapped("share")
        if shares:
            self.assertAlmostEqual(sum(shares), 1)
