# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.dmu.crm_dmu_member import ATTITUDES

# What an answer says about influence, 0 to 10
INFLUENCE_POINTS = {
    "final_word": {"alone": 10, "together": 7, "asked": 4, "no": 1},
    "when_against": {"stops": 10, "delays": 6, "nothing": 1},
    "is_asked": {"always": 9, "sometimes": 5, "never": 1},
}
# What an answer says about the attitude, from -2 (opponent) to 2 (ally)
ATTITUDE_POINTS = {
    "did_lately": {"spoke": 2, "told": 1, "nothing": 0, "hindered": -1, "rival": -2},
    "answers": {"calls": 2, "answers": 1, "late": -0.5, "silent": -1.5},
    "says": {"praises": 2, "neutral": 0, "criticises": -2},
}
# From how many points on
ATTITUDE_LIMITS = (
    (1.5, "ally"),
    (0.5, "supporter"),
    (-0.5, "neutral"),
    (-1.5, "sceptic"),
    (-2, "opponent"),
)


class CrmDmuHelp(models.TransientModel):
    """A few plain questions that propose influence and attitude of a person.

    What comes of it is a guess, and is marked as one with its day.
    """

    _name = "crm.dmu.help"
    _description = "Help Me Choose"

    member_id = fields.Many2one(
        comodel_name="crm.dmu.member",
        string="Person",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    final_word = fields.Selection(
        selection=[
            ("alone", "Decides alone"),
            ("together", "Decides together with others"),
            ("asked", "Is asked, others decide"),
            ("no", "Has no say"),
        ],
        string="Who says the final yes?",
    )
    when_against = fields.Selection(
        selection=[
            ("stops", "Nothing is bought"),
            ("delays", "It takes longer or becomes smaller"),
            ("nothing", "It is bought all the same"),
        ],
        string="What happens when this person is against it?",
    )
    is_asked = fields.Selection(
        selection=[
            ("always", "Always"),
            ("sometimes", "Now and then"),
            ("never", "Never"),
        ],
        string="Do colleagues ask this person for an opinion?",
    )
    did_lately = fields.Selection(
        selection=[
            ("spoke", "Spoke for us in front of others"),
            ("told", "Told us something that helped"),
            ("nothing", "Nothing of the kind"),
            ("hindered", "Made difficulties"),
            ("rival", "Worked for a competitor of ours"),
        ],
        string="What did this person do lately?",
    )
    answers = fields.Selection(
        selection=[
            ("calls", "Calls us without being asked"),
            ("answers", "Answers soon"),
            ("late", "Answers late and briefly"),
            ("silent", "Does not answer"),
        ],
        string="How does this person answer us?",
    )
    says = fields.Selection(
        selection=[
            ("praises", "Praises us"),
            ("neutral", "Says nothing in particular"),
            ("criticises", "Criticises us"),
        ],
        string="What does this person say about us to others?",
    )
    influence = fields.Integer(
        string="Proposed Influence",
        compute="_compute_influence",
        store=True,
        readonly=False,
    )
    has_influence = fields.Boolean(compute="_compute_has_influence")
    attitude = fields.Selection(
        selection=ATTITUDES,
        string="Proposed Attitude",
        compute="_compute_attitude",
        store=True,
        readonly=False,
    )

    def _get_points(self, points):
        """Return the points of the questions that were answered."""
        self.ensure_one()
        return [
            answers[self[question]]
            for question, answers in points.items()
            if self[question]
        ]

    @api.depends(*INFLUENCE_POINTS)
    def _compute_influence(self):
        for wizard in self:
            points = wizard._get_points(INFLUENCE_POINTS)
            wizard.influence = round(sum(points) / len(points)) if points else 0

    @api.depends(*INFLUENCE_POINTS)
    def _compute_has_influence(self):
        for wizard in self:
            wizard.has_influence = bool(wizard._get_points(INFLUENCE_POINTS))

    @api.depends(*ATTITUDE_POINTS)
    def _compute_attitude(self):
        for wizard in self:
            points = wizard._get_points(ATTITUDE_POINTS)
            mean = sum(points) / len(points) if points else None
            wizard.attitude = (
                next(code for limit, code in ATTITUDE_LIMITS if mean >= limit)
                if points
                else False
            )

    def action_apply(self):
        """Write what was proposed, as a guess of today; what nobody answered stays."""
        self.ensure_one()
        values = {}
        if self.has_influence:
            values["influence"] = self.influence
        if self.attitude:
            values["attitude"] = self.attitude
        if values:
            self.member_id.write({**values, "is_guess": True})
        return {"type": "ir.actions.act_window_close"}
