# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..models.dmu.crm_dmu_member import RELATIONS
from ..models.plan.crm_account_plan_objective import KINDS

MONTHS = {"quarter": 3, "half_year": 6, "year": 12}
LEVELS = [code for code, __ in RELATIONS]


class CrmAccountPlanStart(models.TransientModel):
    """A plan in ten minutes: objectives proposed from the figures of the account."""

    _name = "crm.account.plan.start"
    _description = "Make an Account Plan"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        ondelete="cascade",
        index=True,
    )
    currency_id = fields.Many2one(related="profile_id.currency_id")
    period = fields.Selection(
        selection=[
            ("quarter", "A quarter"),
            ("half_year", "Half a year"),
            ("year", "A year"),
        ],
        required=True,
        default="year",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(string="Until", compute="_compute_date_to")
    growth = fields.Float(
        string="Growth Wanted (%)",
        default=10,
        help="Against the same number of days before the plan.",
    )
    situation = fields.Text(
        string="Where We Stand",
        help="In a few words; the figures are proposed below.",
    )
    line_ids = fields.One2many(
        comodel_name="crm.account.plan.start.line",
        inverse_name="start_id",
        string="Proposed Objectives",
        compute="_compute_line_ids",
        compute_sudo=False,  # of a card the user may see
        store=True,
        readonly=False,
    )

    @api.depends("date_from", "period")
    def _compute_date_to(self):
        for wizard in self:
            wizard.date_to = wizard.date_from and wizard.date_from + relativedelta(
                months=MONTHS[wizard.period], days=-1
            )

    @api.depends("profile_id", "date_from", "period", "growth")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in wizard._get_proposals()),
            ]

    @api.constrains("growth")
    def _check_growth(self):
        if any(not -100 < wizard.growth <= 1000 for wizard in self):
            raise ValidationError(
                self.env._("Choose a growth from -99 to 1000 percent.")
            )

    # ------------------------------------------------------------
    # PROPOSALS
    # ------------------------------------------------------------

    def _get_proposals(self):
        """Return the values of the proposed objectives; those without sense are left
        out."""
        card = self.profile_id._origin or self.profile_id
        if not card or not self.date_from:
            return []
        labels = dict(
            self.env["crm.account.plan.objective"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        proposals = [
            *self._propose_growth(card),
            *self._propose_levels(card),
            *self._propose_relation(card),
        ]
        return [
            {"name": labels[vals["kind"]], "is_chosen": True, **vals}
            for vals in proposals
        ]

    def _propose_growth(self, card):
        plan = self.env["crm.account.plan"]
        length = self.date_to - self.date_from + timedelta(1)
        before = (self.date_from - length, self.date_from - timedelta(1))
        revenue, orders = plan._get_period_figures(card, *before)
        factor = 1 + self.growth / 100
        if revenue:
            target = self.currency_id.round(revenue * factor)
            yield {"kind": "revenue", "baseline": revenue, "target": target}
        if orders:
            target = max(round(orders * factor), orders + (self.growth > 0))
            yield {"kind": "orders", "baseline": orders, "target": target}
        yield {
            "kind": "product_categories",
            "baseline": 0,
            "target": 1,
            "is_chosen": False,
        }

    def _propose_levels(self, card):
        share = 100 * (card.share_of_wallet or 0)
        if share and share < 100:
            target = min(round(share + 5), 100)
            yield {"kind": "share_of_wallet", "baseline": share, "target": target}
        if card.margin:
            yield {
                "kind": "margin",
                "baseline": card.margin,
                "target": self.currency_id.round(card.margin),
                "is_chosen": False,
            }
        if card.dmu_coverage < 100:
            yield {"kind": "coverage", "baseline": card.dmu_coverage, "target": 100}

    def _propose_relation(self, card):
        """Come one step closer to whoever decides most."""
        people = card.dmu_member_ids.filtered(
            lambda member: (
                not member.lead_id
                and member.is_decider
                and member.relation_now != LEVELS[-1]
            )
        )
        member = people.sorted("influence", reverse=True)[:1]
        if member:
            now = LEVELS.index(member.relation_now)
            wanted = LEVELS.index(member.relation_wanted or LEVELS[now])
            yield {
                "kind": "relation",
                "member_id": member.id,
                "baseline": now,
                "target": max(wanted, now + 1),
            }

    def action_make(self):
        """Make the plan with the chosen objectives, let it run and open it.

        :raise UserError: when nothing is chosen
        """
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("Choose at least one objective."))
        customer = self.profile_id.partner_id.display_name
        plan = self.env["crm.account.plan"].create(
            {
                "name": self.env._(
                    "%(customer)s, %(year)s",
                    customer=customer,
                    year=self.date_from.year,
                ),
                "profile_id": self.profile_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "situation": self.situation,
                "objective_ids": [Command.create(line._prepare()) for line in chosen],
            }
        )
        plan.action_run()
        return plan._get_form_action()


class CrmAccountPlanStartLine(models.TransientModel):
    """One proposed objective."""

    _name = "crm.account.plan.start.line"
    _description = "Proposed Objective"

    start_id = fields.Many2one(
        comodel_name="crm.account.plan.start", required=True, ondelete="cascade"
    )
    is_chosen = fields.Boolean(string="Take")
    kind = fields.Selection(selection=KINDS, required=True)
    name = fields.Char(string="Objective", required=True)
    member_id = fields.Many2one(
        comodel_name="crm.dmu.member", string="Person", ondelete="cascade"
    )
    baseline = fields.Float(digits=(16, 2))
    target = fields.Float(digits=(16, 2))

    def _prepare(self):
        """Return the values of the objective."""
        return {
            "name": self.name,
            "kind": self.kind,
            "member_id": self.member_id.id,
            "baseline": self.baseline,
            "target": self.target,
            "user_id": self.env.uid,
        }
