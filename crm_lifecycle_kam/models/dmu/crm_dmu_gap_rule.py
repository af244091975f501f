# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("role_missing", "A role is not filled"),
    ("no_decider", "Nobody known who decides"),
    ("single_contact", "Fewer than two people known"),
    ("hostile_decider", "A decider is against us"),
    ("nobody_responsible", "Nobody of ours looks after a key person"),
    ("not_contacted", "A key person was not contacted for long"),
    ("person_left", "A person has left, and something hangs on them"),
]
# These ask for people: a customer without any has the gap
ASKING = ("role_missing", "no_decider", "single_contact")
HOSTILE = ("sceptic", "opponent")


class CrmDmuGapRule(models.Model):
    """What a decision-making unit must not lack, for which customers, and what to do
    about it. Gaps are computed from these rules when somebody looks: see ``gaps.py``.
    """

    _name = "crm.dmu.gap.rule"
    _description = "Gap in a Decision-Making Unit"
    _order = "sequence, id"

    name = fields.Char(string="Gap", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=KINDS, string="What Is Wrong", required=True, default="role_missing"
    )
    role_id = fields.Many2one(
        comodel_name="crm.dmu.role",
        ondelete="cascade",
        help="The role somebody should play.",
    )
    days = fields.Integer(
        string="Days Without Contact",
        default=90,
        help="Longer than so many days without a touchpoint is a gap.",
    )
    min_influence = fields.Integer(
        string="Key Person From Influence",
        default=7,
        help="People with at least this influence are key persons, and so are all who "
        "decide.",
    )
    category_ids = fields.Many2many(
        comodel_name="crm.lifecycle.category",
        string="Only for Categories",
        help="Empty: for customers of every category.",
    )
    stage_ids = fields.Many2many(
        comodel_name="crm.lifecycle.stage",
        string="Only in Stages",
        help="Lifecycle stages of the customer. Empty: in every stage.",
    )
    min_amount = fields.Monetary(
        string="Only From Opportunity Value",
        help="For customers with an open opportunity of at least this expected "
        "revenue, and for such opportunities. 0: for all.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_currency_id"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", ondelete="cascade", help="Empty: in all companies."
    )
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        ondelete="set null",
        string="Activity",
        help="What closes the gap; offered on the card and the opportunity.",
    )
    summary = fields.Char(
        string="What to Do",
        translate=True,
        help="The summary of the activity that is offered.",
    )

    _days_positive = models.Constraint(
        "CHECK(days > 0)", "The days without contact are a number from 1."
    )
    _min_influence_scale = models.Constraint(
        "CHECK(min_influence BETWEEN 0 AND 10)",
        "The influence of a key person is a number from 0 to 10.",
    )
    _min_amount_positive = models.Constraint(
        "CHECK(min_amount >= 0)", "The value of an opportunity cannot be negative."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("kind", "role_id")
    def _check_role(self):
        for rule in self:
            if rule.kind == "role_missing" and not rule.role_id:
                raise ValidationError(
                    self.env._("%(rule)s: say which role is missing.", rule=rule.name)
                )

    @api.model
    def _get_rules(self):
        """Return the rules that hold in the companies the user works with.

        Rules are configuration, read for whoever looks at a customer.
        """
        # sudo: what a unit must not lack is no secret
        companies = self.env.companies.ids if not self.env.su else None
        domain = []
        if companies is not None:
            domain = [("company_id", "in", [*companies, False])]
        return self.sudo().search(domain)  # pylint: disable=no-search-all
