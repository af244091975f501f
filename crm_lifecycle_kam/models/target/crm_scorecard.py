# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_round, format_date

FIT_KINDS = ("goals", "opportunities", "resources")
# Set by the actions, or computed from the scores
PROTECTED_FIELDS = {
    *("state", "is_latest", "user_id", "company_id", "verdict", "scored_share"),
    *("total_score", "readiness_score", *(f"{kind}_score" for kind in FIT_KINDS)),
}


def get_value(score, scale):
    """Return a score of 1 to ``scale`` as 0 to 100; None for no score.

    The worst score is worth nothing and the best 100, so that scales of different
    length compare.
    """
    return 100 * (score - 1) / (scale - 1) if score else None


def get_weighted(pairs):
    """Return the average of (weight, value) over the known values, None without any."""
    known = [(weight, value) for weight, value in pairs if value is not None]
    total = sum(weight for weight, __ in known)
    return sum(weight * value for weight, value in known) / total if total else None


class CrmScorecard(models.Model):
    """How well an account or a lead fits a version of the target profile.

    What is not scored takes no part: weights are shared among the rest. A card with
    gaps has no verdict.
    """

    _name = "crm.scorecard"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Scorecard"
    _order = "date desc, id desc"

    target_id = fields.Many2one(
        comodel_name="crm.target.profile",
        string="Target Profile",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('state', '!=', 'draft')]",
    )
    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        ondelete="cascade",
        index="btree_not_null",
    )
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        ondelete="cascade",
        index="btree_not_null",
    )
    partner_id = fields.Many2one(related="profile_id.partner_id")
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        ondelete="cascade",
    )
    responsible_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible Manager",
        compute="_compute_responsible_id",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Scored By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        selection=[("draft", "Being scored"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    line_ids = fields.One2many(
        comodel_name="crm.scorecard.line",
        inverse_name="scorecard_id",
        string="Scores",
    )
    note = fields.Text()
    goals_score = fields.Float(
        string="Our Goals", compute="_compute_scores", store=True, aggregator="avg"
    )
    opportunities_score = fields.Float(
        string="Opportunities", compute="_compute_scores", store=True, aggregator="avg"
    )
    resources_score = fields.Float(
        string="Resources", compute="_compute_scores", store=True, aggregator="avg"
    )
    readiness_score = fields.Float(
        string="Readiness", compute="_compute_scores", store=True, aggregator="avg"
    )
    total_score = fields.Float(
        string="Fit (0-100)",
        compute="_compute_scores",
        store=True,
        aggregator="avg",
        help="Goals, opportunities and resources by the weights of the target profile. "
        "What is not scored takes no part.",
    )
    scored_share = fields.Float(
        string="Scored",
        compute="_compute_scores",
        store=True,
        aggregator="avg",
        help="Part of the weights that has a score.",
    )
    verdict = fields.Selection(
        selection=[
            ("fits", "Fits"),
            ("doubtful", "Doubtful"),
            ("misfit", "Does not fit"),
        ],
        compute="_compute_scores",
        store=True,
        help="By the limits of the target profile; none before everything is scored.",
    )
    is_latest = fields.Boolean(
        string="Latest",
        readonly=True,
        copy=False,
        help="The latest finished card of the customer or lead.",
    )
    previous_id = fields.Many2one(
        comodel_name="crm.scorecard",
        string="Previous Card",
        compute="_compute_previous_id",
    )
    change = fields.Float(
        compute="_compute_previous_id", help="Against the card before."
    )

    _one_subject = models.Constraint(
        "CHECK((profile_id IS NULL) <> (lead_id IS NULL))",
        "A card is of a customer or of a lead, and of one of them only.",
    )

    @api.depends("profile_id", "lead_id", "date")
    def _compute_display_name(self):
        for card in self:
            subject = card.partner_id or card.lead_id
            # sudo: whoever sees the card may read whose it is
            name = subject.sudo().display_name or ""
            card.display_name = f"{name}, {format_date(self.env, card.date)}"

    @api.depends("profile_id.company_id", "lead_id.company_id")
    def _compute_company_id(self):
        for card in self:
            card.company_id = card.profile_id.company_id or card.lead_id.company_id

    @api.depends("profile_id.user_id", "lead_id.user_id")
    def _compute_responsible_id(self):
        for card in self:
            card.responsible_id = card.profile_id.user_id or card.lead_id.user_id

    @api.depends(
        "line_ids.score",
        "target_id.scale",
        "target_id.fit_limit",
        "target_id.doubt_limit",
    )
    def _compute_scores(self):
        for card in self:
            card.update(card._get_scores())

    def _get_scores(self):
        """Return the figures of the card by its lines."""
        self.ensure_one()
        scale = self.target_id.scale
        scores = {line.criterion_id: line.score for line in self.line_ids}
        by_kind, fit, weights, scored = {}, [], 0, 0
        for dimension in self.line_ids.criterion_id.dimension_id:
            pairs = [
                (criterion.weight, get_value(scores.get(criterion), scale))
                for criterion in dimension.criterion_ids
            ]
            value = get_weighted(pairs)
            by_kind.setdefault(dimension.kind, []).append((dimension.weight, value))
            if dimension.kind in FIT_KINDS:
                fit.append((dimension.weight, value))
            all_weights = sum(weight for weight, __ in pairs)
            known = sum(weight for weight, value in pairs if value is not None)
            weights += dimension.weight
            scored += dimension.weight * known / all_weights if all_weights else 0
        total = get_weighted(fit)
        share = float_round(scored / weights, precision_digits=6) if weights else 0
        return {
            **{
                f"{kind}_score": get_weighted(by_kind.get(kind, [])) or 0
                for kind in (*FIT_KINDS, "readiness")
            },
            "total_score": total or 0,
            "scored_share": share,
            "verdict": self._get_verdict(total) if share == 1 else False,
        }

    def _get_verdict(self, total):
        if total is None:
            return False
        total = float_round(total, precision_digits=6)
        if total >= self.target_id.fit_limit:
            return "fits"
        return "doubtful" if total >= self.target_id.doubt_limit else "misfit"

    @api.depends("profile_id", "lead_id", "date", "total_score")
    def _compute_previous_id(self):
        """The finished card before, of the same customer or lead: one query."""
        owners = [("profile_id", self.profile_id.ids), ("lead_id", self.lead_id.ids)]
        found = self.browse()
        for name, ids in owners:
            if ids:
                found |= self.search([(name, "in", ids), ("state", "=", "done")])
        for card in self:
            earlier = found.filtered(
                lambda other, card=card: (
                    other.profile_id == card.profile_id
                    and other.lead_id == card.lead_id
                    and (other.date, other.id) < (card.date, card._origin.id or 2**31)
                )
            )
            card.previous_id = earlier.sorted(
                lambda other: (other.date, other.id), reverse=True
            )[:1]
            card.change = (
                card.total_score - card.previous_id.total_score
                if card.previous_id
                else 0
            )

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        if any(card.date > today for card in self):
            raise ValidationError(self.env._("A card cannot be scored in the future."))

    @api.constrains("target_id", "profile_id", "lead_id")
    def _check_target_company(self):
        for card in self:
            # sudo: the companies themselves are compared, not shown
            company = card.sudo().target_id.company_id
            if company and card.company_id and company != card.company_id:
                raise ValidationError(
                    self.env._(
                        "The target profile belongs to another company than the "
                        "customer. Choose another one."
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """What is set by actions or computed is no matter of whoever makes the card."""
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals.keys() - PROTECTED_FIELDS}
                for vals in vals_list
            ]
        cards = super().create(vals_list)
        cards._check_subjects()
        cards._add_missing_lines()
        return cards

    def write(self, vals):
        if not self.env.su and not PROTECTED_FIELDS.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "The figures of a card come from its scores, and its state from "
                    "the buttons “Finish” and “Open Again”."
                )
            )
        if {"target_id", "profile_id", "lead_id", "date"} & set(vals):
            self._check_open()
        res = super().write(vals)
        if {"profile_id", "lead_id"} & set(vals):
            self._check_subjects()
        if "target_id" in vals:
            self.line_ids.unlink()
            self._add_missing_lines()
        return res

    def unlink(self):
        profiles, leads = self.profile_id, self.lead_id
        res = super().unlink()
        self._mark_latest(profiles, leads)
        return res

    def _check_open(self):
        if any(card.state == "done" for card in self):
            raise UserError(
                self.env._(
                    "A finished card is not changed: score a new one, or open this one "
                    "again."
                )
            )

    def _check_subjects(self):
        """Refuse cards of customers and leads the user may not see."""
        # sudo: reading the fields would leave out those that must not be there
        cards = self.sudo()
        cards.profile_id.with_env(self.env).check_access("read")
        cards.lead_id.with_env(self.env).check_access("read")

    def _add_missing_lines(self):
        """A line for every criterion; readiness is asked of leads only."""
        vals_list = []
        for card in self:
            criteria = card.target_id.dimension_ids.criterion_ids
            if not card.lead_id:
                criteria = criteria.filtered(lambda one: one.kind != "readiness")
            vals_list += [
                {"scorecard_id": card.id, "criterion_id": criterion.id}
                for criterion in criteria - card.line_ids.criterion_id
            ]
        self.env["crm.scorecard.line"].create(vals_list)

    def _move_to(self, lead):
        """Hand the cards of leads that are merged to the one that stays."""
        # past our own write, which keeps people from moving finished cards
        # pylint: disable-next=super-method-mismatch
        res = super().write({"lead_id": lead.id})
        self._mark_latest(self.profile_id, lead)
        return res

    @api.model
    def _mark_latest(self, profiles, leads):
        """Mark the latest finished card of some customers and leads."""
        self.env.flush_all()
        for name, ids in (("profile_id", profiles.ids), ("lead_id", leads.ids)):
            if ids:
                # sudo: which card is the latest does not depend on who looks
                cards = self.sudo().search(
                    [(name, "in", ids), ("state", "=", "done")], order="date, id"
                )
                latest = {card[name]: card for card in cards}
                marked = self.sudo().search(
                    [(name, "in", ids), ("is_latest", "=", True)]
                )
                latest = self.browse().sudo().union(*latest.values())
                (marked - latest).is_latest = False
                (latest - marked).is_latest = True
        self.flush_model(["is_latest"])
