# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

STATES = [
    ("running", "In Progress"),
    ("postponed", "Postponed"),
    ("won_back", "Won back"),
    ("given_up", "Given up"),
]
OPEN_STATES = ("running", "postponed")
RESULTS = [
    ("purchase", "Bought again"),
    ("before", "Had bought before the attempt began"),
    ("no", "Could not be won back"),
    ("lost", "Lost, not recoverable"),
    ("excluded", "Excluded from the base"),
    ("merged", "Went on as the attempt of a merged contact"),
]
# Set by the actions and by the job, never by hand
CLOSED_FIELDS = {
    *("profile_id", "state", "result", "date_start", "date_end", "date_lost"),
    *("last_purchase_date", "return_date", "value_at_stake", "postponed_until"),
}


class CrmWinbackAttempt(models.Model):
    """One try to win a lost customer back, with another argument than the first sale's.

    A purchase closes it as won back, by the job; people postpone it or give it up.
    """

    _name = "crm.winback.attempt"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Win-Back Attempt"
    _order = "date_start desc, id desc"
    _rec_name = "partner_id"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="profile_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="profile_id.company_id")
    currency_id = fields.Many2one(related="profile_id.currency_id")
    stage_id = fields.Many2one(related="profile_id.stage_id", string="Stage Today")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        ondelete="set null",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who wins the customer back.",
    )
    lost_reason_id = fields.Many2one(
        comodel_name="crm.lifecycle.lost.reason",
        ondelete="set null",
        domain="[('is_recoverable', '=', True), ('ended_by', '!=', 'we')]",
        help="Why the customer left, as far as we know.",
    )
    expectation = fields.Char(
        string="Broken Expectation",
        help="What the customer had expected of us and did not get.",
    )
    first_argument = fields.Char(
        string="What Won the First Sale",
        help="The argument the customer once bought for. It will hardly work twice.",
    )
    argument = fields.Char(
        required=True,
        help="Why the customer should come back: another argument than the one that "
        "won the first sale.",
    )
    value_at_stake = fields.Monetary(
        string="Value at Stake",
        readonly=True,
        help="What the customer bought in the 12 months before it fell silent.",
    )
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        ondelete="set null",
        index="btree_not_null",
    )
    plan_id = fields.Many2one(
        comodel_name="mail.activity.plan",
        string="Activity Plan",
        readonly=True,
        ondelete="set null",
    )
    playbook_id = fields.Many2one(
        comodel_name="crm.lifecycle.playbook",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The playbook that had answered the loss before the attempt began.",
    )
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="running"
    )
    result = fields.Selection(selection=RESULTS, readonly=True)
    note = fields.Char(string="What Came of It")
    date_lost = fields.Date(string="Lost Since", readonly=True)
    date_start = fields.Date(string="Begun On", readonly=True, required=True)
    postponed_until = fields.Date(string="Not Before", readonly=True)
    date_end = fields.Date(string="Ended On", readonly=True)
    last_purchase_date = fields.Date(
        string="Last Purchase Before",
        readonly=True,
        help="The customer's last purchase when the attempt began: a later one brings "
        "it back.",
    )
    return_date = fields.Date(
        string="Bought Again On",
        readonly=True,
        help="The day of the first purchase after the silence.",
    )

    _one_open_idx = models.UniqueIndex(
        "(profile_id) WHERE state IN ('running', 'postponed')",
        "This customer is being won back already: open that attempt.",
    )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("argument", "first_argument")
    def _check_argument(self):
        for attempt in self:
            if self._is_same(attempt.argument, attempt.first_argument):
                raise ValidationError(
                    self.env._(
                        "“%(argument)s” won the first sale and did not keep the "
                        "customer. Find another argument.",
                        argument=attempt.argument,
                    )
                )

    @api.model
    def _is_same(self, one, other):
        """Whether two arguments are the same words."""
        return bool(one and other) and (
            " ".join(one.casefold().split()) == " ".join(other.casefold().split())
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._raise_by_actions()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not CLOSED_FIELDS.isdisjoint(vals):
            self._raise_by_actions()
        return super().write(vals)

    def _raise_by_actions(self):
        raise UserError(
            self.env._(
                "An attempt is begun, postponed and given up by the actions “Start a "
                "Win-Back Attempt”, “Postpone the Win-Back” and “Give Up the "
                "Win-Back”, and ends by itself with a purchase."
            )
        )

    def copy_data(self, default=None):
        raise UserError(
            self.env._("An attempt cannot be duplicated: start a new one instead.")
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.readonly
    def action_open_card(self):
        """Open the card of the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lifecycle.profile",
            "res_id": self.profile_id.id,
            "view_mode": "form",
        }

    @api.readonly
    def action_open_lead(self):
        """Open the opportunity of the attempt."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "view_mode": "form",
        }

    def action_resume(self):
        """Go on with postponed attempts now."""
        self._check_may_change()
        postponed = self.filtered(lambda attempt: attempt.state == "postponed")
        postponed._set_state({"state": "running", "postponed_until": False})
        # the day asked for has been given up with it
        postponed.profile_id._write_people({"winback_date": None})
        return True

    def action_postpone(self):
        """Open the dialog that postpones these attempts."""
        return self._prepare_dialog("winback_postpone")

    def action_give_up(self):
        """Open the dialog that ends these attempts without success."""
        return self._prepare_dialog("winback_give_up")

    def _prepare_dialog(self, kind):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"crm_lifecycle.crm_lifecycle_action_{kind}"
        )
        action["context"] = {
            "default_kind": kind,
            "active_model": "crm.lifecycle.profile",
            "active_ids": self.profile_id.ids,
            "active_id": self.profile_id[:1].id,
        }
        return action

    def _check_may_change(self):
        self.check_access("write")

    def _set_state(self, vals):
        """Write what only actions and the job write; the caller has checked access."""
        # sudo: past our own write, which keeps people from these columns
        return self.sudo().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_salesmen(self):
        """What failed is as much the customer's history as what succeeded."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._(
                    "Only sales managers can delete an attempt. Give it up instead."
                )
            )
