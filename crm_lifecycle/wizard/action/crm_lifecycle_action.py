# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.profile.actions_status import (
    HOLD_DAYS,
    HOLDABLE_CODES,
    VIP_REVIEW_DAYS,
)

KINDS = [
    ("name_vip", "Name VIP"),
    ("withdraw_vip", "Withdraw VIP"),
    ("mark_key", "Mark Key Account"),
    ("unmark_key", "Unmark Key Account"),
    ("declare_lost", "Declare Lost"),
    ("return_to_base", "Return to the Base"),
    ("hold", "Hold the Stage"),
    ("release", "Release the Hold"),
    ("set_potential", "Set the Potential"),
    ("clear_potential", "Clear the Potential"),
    ("agree", "Set Agreed"),
    ("clear_agreed", "Clear Agreed"),
    ("assign", "Assign a Responsible"),
    ("exclude", "Exclude from the Base"),
    ("include", "Include Again"),
    ("add_to_base", "Add to the Customer Base"),
    ("recompute", "Recompute Now"),
]


class CrmLifecycleAction(models.TransientModel):
    """One small dialog for each thing people decide about customers.

    It asks, shows what the decision rests on, and calls the method of the profile that
    holds the rules. Whom it is about says the context (``active_model``,
    ``active_ids``): the profiles, contacts or leads selected in a list, or the one of a
    form or card. Thousands of ids thus stay out of the form.

    Sibling files: ``calls.py`` the methods called, ``facts.py`` what the dialog shows,
    ``targets.py`` from contacts and leads to profiles.
    """

    _name = "crm.lifecycle.action"
    _description = "Decision on Customers"

    kind = fields.Selection(selection=KINDS, string="Action", required=True)
    may_choose = fields.Boolean(export_string_translation=False)

    # Whom it is about
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_company_id"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_count = fields.Integer(string="Customers", compute="_compute_facts")
    scope = fields.Char(compute="_compute_facts", export_string_translation=False)
    facts = fields.Html(
        compute="_compute_facts", sanitize=False, export_string_translation=False
    )
    # customers whom the usual condition leaves out; VIPs and key accounts; held ones;
    # those declared lost
    ineligible_count = fields.Integer(
        compute="_compute_facts", export_string_translation=False
    )
    flagged_count = fields.Integer(
        compute="_compute_facts", export_string_translation=False
    )
    held_count = fields.Integer(
        compute="_compute_facts", export_string_translation=False
    )
    lost_count = fields.Integer(
        compute="_compute_facts", export_string_translation=False
    )

    # What is decided
    reason = fields.Char(help="Kept with the customer, for everybody to read.")
    despite_reason = fields.Char(
        string="Why Despite",
        help="Why also customers who have not come as far as this status usually asks.",
    )
    vip_sponsor_id = fields.Many2one(
        comodel_name="res.users",
        string="Sponsor",
        default=lambda self: self.env.user,
        help="Who in the management stands for the status.",
    )
    vip_review_date = fields.Date(
        string="Review On",
        help="When it is asked whether the customer still deserves the status.",
    )
    lost_reason_id = fields.Many2one(comodel_name="crm.lifecycle.lost.reason")
    lost_date = fields.Date(
        string="Lost On",
        help="Not before the last purchase and not after today.",
    )
    # the column a customer was dragged to: only reasons that lead there are offered
    lost_code = fields.Selection(
        selection=[("lost_recoverable", "Recoverable"), ("lost", "Not Recoverable")],
        export_string_translation=False,
    )
    lost_replace = fields.Boolean(
        string="Replace the Declaration",
        help="Give another reason or day also to customers declared lost already; "
        "without it they are skipped.",
    )
    withdraw_flags = fields.Boolean(
        string="Withdraw VIP and Key Account",
        help="VIPs and key accounts become lost only together with withdrawing the "
        "status.",
    )
    hold_stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        string="Stage to Hold",
        domain=[("code", "in", HOLDABLE_CODES)],
    )
    hold_until = fields.Date(
        help="Last day of the hold. Afterwards the rules decide again.",
    )
    hold_replace = fields.Boolean(
        string="Replace the Hold", help="Without it customers held already are skipped."
    )
    potential_by = fields.Selection(
        selection=[
            ("amount", "An amount"),
            ("factor", "Revenue × factor"),
            ("class", "A class by hand"),
        ],
        string="Estimate By",
        default="amount",
    )
    potential_amount = fields.Monetary(
        string="Yearly Potential", help="What the customer could buy in a year."
    )
    revenue_factor = fields.Float(
        string="Factor",
        default=1.5,
        help="The potential is this many times each customer's own yearly revenue.",
    )
    potential_class = fields.Selection(
        selection=[
            ("high", "High"),
            ("medium", "Medium"),
            ("low", "Low"),
            ("amount", "By the amount again"),
        ],
        string="Class",
        help="Set by hand, it wins over the class by amount until the estimate is "
        "stale.",
    )
    potential_source = fields.Char(string="Source", help="Who or what says so.")
    potential_confidence = fields.Selection(
        selection=[
            ("low", "Low confidence"),
            ("medium", "Medium confidence"),
            ("high", "High confidence"),
        ],
        string="Confidence",
    )
    potential_date = fields.Date(string="Estimated On")
    agreed_date = fields.Date(string="Agreed On")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible Manager",
        default=lambda self: self.env.user,
    )

    # ------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Refuse at once what the user may not do; show what is known of a customer."""
        values = super().default_get(fields)
        profiles = self._get_targets().profiles
        known = self._prepare_days(profiles)
        kind = values.get("kind")
        if kind:
            self._check_may_open(kind, profiles)
        if len(profiles) == 1:
            known.update(self._prepare_known_values(kind, profiles))
        missing = set(fields) - set(values)
        values.update({name: known[name] for name in missing & set(known)})
        return values

    @api.model
    def _prepare_days(self, profiles):
        """Return the days a dialog starts with, in the customers' own company; of
        several companies the one where the day began last."""
        companies = profiles.company_id or self.env.company
        engine = self.env["crm.lifecycle.engine"]
        today = min(engine._today(company) for company in companies)
        return {
            "agreed_date": today,
            "lost_date": today,
            "potential_date": today,
            "hold_until": today + timedelta(HOLD_DAYS),
            "vip_review_date": today + timedelta(VIP_REVIEW_DAYS),
        }

    @api.model
    def _prepare_known_values(self, kind, profile):
        """Return what a dialog about one customer starts with."""
        if kind == "declare_lost" and profile.is_declared_lost:
            reason = profile.lost_reason_id
            code = "lost_recoverable" if reason.is_recoverable else "lost"
            wanted = self.env.context.get("default_lost_code", code)
            return {
                "lost_replace": True,
                "lost_date": profile.lost_date,
                "lost_reason_id": reason.id if wanted == code else False,
            }
        if kind != "set_potential" or not profile.potential_date:
            return {}
        return {
            "potential_amount": profile.potential_amount,
            "potential_source": profile.potential_source,
            "potential_confidence": profile.potential_confidence,
        }

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("kind")
    def _compute_company_id(self):
        for action in self:
            companies = action._get_targets().profiles.company_id
            action.company_id = companies[:1] or self.env.company

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    @api.model
    def _get_naming_kinds(self):
        """Return the actions reserved to team leaders and sales managers."""
        return ("name_vip", "withdraw_vip", "mark_key", "unmark_key")

    @api.model
    def _check_may_open(self, kind, profiles):
        """Say before the dialog opens what its action would refuse afterwards."""
        profiles._check_may_act(name=kind in self._get_naming_kinds())
        if kind == "assign" and len(profiles) > 1:
            profiles._check_may_assign(self.env.user)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_apply(self):
        """Do what was decided.

        :return: the notification of what was done and what was not, and why
        :raise UserError: the one customer it is about was skipped; the dialog stays
        """
        self.ensure_one()
        targets = self._get_targets()
        if not targets.sources and not targets.skipped:
            raise UserError(self.env._("Choose customers first."))
        result = self._call(targets)
        skipped = {reason: list(ids) for reason, ids in targets.skipped.items()}
        for line in result["skipped"]:
            skipped.setdefault(line["reason"], []).extend(targets.sources[line["id"]])
        if not result["done"] and sum(map(len, skipped.values())) == 1:
            [(reason, ids)] = skipped.items()
            customer = self.env[targets.model].browse(ids).display_name
            raise UserError(
                self.env._("%(customer)s: %(reason)s", customer=customer, reason=reason)
            )
        title = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return self.env["crm.lifecycle.profile"]._prepare_result(
            title, result, skipped, targets.model
        )

    def _call(self, targets):
        """Call the method this kind of dialog is for; return its result."""
        if self.kind == "add_to_base":
            return targets.profiles.add_to_base(list(targets.sources))
        if not targets.profiles:
            return {"done": [], "skipped": [], "state": "recomputed"}
        return self._get_calls()[self.kind](targets.profiles)
