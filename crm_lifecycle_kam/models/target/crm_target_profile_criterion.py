# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

OPERATORS = {
    "=": lambda one, other: one == other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


class CrmTargetProfileCriterion(models.Model):
    """What a customer is scored by, with its weight and what each score means."""

    _name = "crm.target.profile.criterion"
    _description = "Criterion of a Target Profile"
    _order = "dimension_id, sequence, id"

    dimension_id = fields.Many2one(
        comodel_name="crm.target.profile.dimension",
        required=True,
        ondelete="cascade",
        index=True,
    )
    target_id = fields.Many2one(
        string="Target Profile",
        related="dimension_id.target_id",
        store=True,
        index=True,
    )
    kind = fields.Selection(related="dimension_id.kind")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    weight = fields.Float(required=True, default=1)
    share = fields.Float(string="Share of the Dimension", compute="_compute_share")
    wanted_score = fields.Integer(
        string="Wanted",
        help="The score of the customer we want, drawn beside the real one. 0: the "
        "best.",
    )
    guide_ids = fields.One2many(
        comodel_name="crm.target.profile.guide",
        inverse_name="criterion_id",
        string="What the Scores Mean",
        copy=True,
    )
    served_count = fields.Integer(
        string="Served By",
        compute="_compute_served",
        search="_search_served_count",
        help="Customers you may see whose latest card reaches “Serves From” here.",
    )
    average_value = fields.Float(
        string="Average",
        compute="_compute_served",
        help="0 to 100, over the latest cards of the customers you may see.",
    )

    @api.depends("weight", "dimension_id.criterion_ids.weight")
    def _compute_share(self):
        for criterion in self:
            total = sum(criterion.dimension_id.criterion_ids.mapped("weight"))
            criterion.share = criterion.weight / total if total else 0

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_served(self):
        served, averages = self._get_served(self)
        for criterion in self:
            criterion.served_count = served.get(criterion._origin.id, 0)
            criterion.average_value = averages.get(criterion._origin.id, 0)

    @api.model
    def _get_served(self, criteria):
        """Return ({criterion id: customers who serve it}, {id: average of 0-100})."""
        domain = [
            ("criterion_id", "in", criteria.ids),
            ("scorecard_id.is_latest", "=", True),
            ("scorecard_id.profile_id", "!=", False),
            ("score", ">", 0),
        ]
        Line = self.env["crm.scorecard.line"]
        averages = {
            criterion.id: average
            for criterion, average in Line._read_group(
                domain, ["criterion_id"], ["value:avg"]
            )
        }
        served = {
            criterion.id: count
            for criterion, count in Line._read_group(
                [*domain, ("serves", "=", True)], ["criterion_id"], ["__count"]
            )
        }
        return served, averages

    @api.model
    def _search_served_count(self, operator, value):
        if operator not in OPERATORS:
            return NotImplemented
        criteria = self.search(Domain("target_id.state", "=", "in_force"))
        served, __ = self._get_served(criteria)
        compare = OPERATORS[operator]
        found = [id_ for id_ in criteria.ids if compare(served.get(id_, 0), value)]
        return Domain("id", "in", found)

    @api.constrains("weight", "wanted_score")
    def _check_numbers(self):
        for criterion in self:
            if criterion.weight <= 0:
                raise ValidationError(
                    self.env._(
                        "%(criterion)s: the weight must be above 0.",
                        criterion=criterion.name,
                    )
                )
            if not 0 <= criterion.wanted_score <= criterion.target_id.scale:
                raise ValidationError(
                    self.env._(
                        "%(criterion)s: the wanted score lies from 1 to %(scale)s; 0 "
                        "stands for the best.",
                        criterion=criterion.name,
                        scale=criterion.target_id.scale,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        criteria.target_id._check_draft()
        return criteria

    def write(self, vals):
        if {"weight", "dimension_id", "wanted_score"} & set(vals):
            self.target_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self.target_id._check_draft()

    def _get_guidance(self):
        """Return what the scores mean, a line each, for tooltips."""
        self.ensure_one()
        return "\n".join(
            f"{guide.score}: {guide.text}" for guide in self.guide_ids.sorted("score")
        )

    def action_view_serving(self):
        """Open the latest cards that reach this criterion, or all when none does.

        :return: action dictionary
        """
        self.ensure_one()
        lines = self.env["crm.scorecard.line"].search(
            [
                ("criterion_id", "=", self.id),
                ("scorecard_id.is_latest", "=", True),
                ("serves", "=", True),
            ]
        )
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "crm_lifecycle_kam.crm_scorecard_action"
            ),
            "name": self.env._("Serving: %(criterion)s", criterion=self.name),
            "domain": [("id", "in", lines.scorecard_id.ids)],
        }
