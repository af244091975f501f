# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

LOST_CODES = ("lost_recoverable", "lost")


class CrmLifecycleProfile(models.Model):
    """Which decisions a customer is open to, and which one a drag stands for."""

    _inherit = "crm.lifecycle.profile"

    is_held = fields.Boolean(string="Held Today", compute="_compute_decisions")
    is_declared_lost = fields.Boolean(
        string="Declared Lost Today", compute="_compute_decisions"
    )
    may_name = fields.Boolean(
        string="May Name VIPs",
        compute="_compute_may_name",
        help="Whether you may name VIPs and key accounts.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("hold_stage_id", "hold_until", "lost_date", "last_purchase_date")
    def _compute_decisions(self):
        for profile in self:
            profile.is_held = profile._is_held()
            profile.is_declared_lost = profile._is_declared_lost()

    @api.depends_context("uid")
    def _compute_may_name(self):
        self.may_name = self._is_leader_or_manager()

    # ------------------------------------------------------------
    # BOARD
    # ------------------------------------------------------------

    def action_move_to_stage(self, stage_id):
        """Return the dialog of the decision that a drag into a column stands for.

        Nothing is written: what the dialog decides is, and the customer then stands
        where the rules put it.

        :param int stage_id: the stage of the column
        :return: an ``ir.actions.act_window`` of ``crm.lifecycle.action``
        :raise UserError: no decision leads there; says what to do instead
        """
        self.ensure_one()
        self._check_may_act()
        stage = self._browse_one("crm.lifecycle.stage", stage_id)
        refusal = self._why_not_moved(stage.code)
        if refusal:
            raise UserError(
                self.env._(
                    "%(customer)s: %(reason)s",
                    customer=self.partner_id.display_name,
                    reason=refusal,
                )
            )
        kind, values = self._get_decision_towards(stage)
        Action = self.env["crm.lifecycle.action"]
        Action._check_may_open(kind, self)
        labels = dict(Action._fields["kind"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": labels[kind],
            "res_model": Action._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_id": self.id,
                "active_ids": self.ids,
                "default_kind": kind,
                **{f"default_{name}": value for name, value in values.items()},
            },
        }

    def _why_not_moved(self, code):
        """Return why no decision moves this customer to a stage, or None."""
        if not code:
            return self.env._("choose a column that is a stage")
        if not self.active:
            return self.env._("is archived: it is not computed")
        if self.is_excluded:
            return self.env._("is excluded from the base: include it again first")
        if code in LOST_CODES:
            return self._why_not_lost(None, withdraw_flags=True, replace=True)
        return None

    def _get_decision_towards(self, stage):
        """Return the kind of dialog and its first values.

        A hold, then the key account, VIP and declared lost statuses keep a customer
        where it is, in this order; what keeps it is what has to be decided.
        """
        code = stage.code
        if code in LOST_CODES:
            return "declare_lost", {
                "lost_code": code,
                "withdraw_flags": self.is_vip or self.is_key_account,
            }
        if self.is_held and self._leads_without_hold(code):
            return "release", {}
        if code == "key" and not self.is_key_account:
            return self._get_decision_of_naming("mark_key")
        if code == "vip" and not self.is_vip:
            return self._get_decision_of_naming("name_vip")
        if self.is_held and code in ("vip", "key"):
            return "release", {}
        if self.is_held:
            return "hold", {"hold_stage_id": stage.id, "hold_replace": True}
        if self.is_key_account:
            return "unmark_key", {}
        if self.is_vip:
            return "withdraw_vip", {}
        if self.is_declared_lost:
            return "return_to_base", {}
        return "hold", {"hold_stage_id": stage.id}

    def _leads_without_hold(self, code):
        """Whether releasing the hold alone would lead to a stage."""
        if self.is_key_account or self.is_vip or self.is_declared_lost:
            return False
        return self.computed_stage_id.code == code

    def _get_decision_of_naming(self, kind):
        """Who is declared lost returns to the base before a status is given."""
        if self.is_declared_lost:
            return "return_to_base", {}
        return kind, {}
