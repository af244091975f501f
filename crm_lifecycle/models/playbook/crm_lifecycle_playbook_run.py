# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import AccessError


class CrmLifecyclePlaybookRun(models.Model):
    """One event of one customer that a playbook answers: once, whatever happens.

    Made by the engine in SQL; unique, so that the same event is never answered twice.
    """

    _name = "crm.lifecycle.playbook.run"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Playbook Run"
    _order = "due_date desc, id desc"
    _rec_name = "playbook_id"
    _log_access = False  # `recorded_at` and `fired_at` say it all

    playbook_id = fields.Many2one(
        comodel_name="crm.lifecycle.playbook",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
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
    event_key = fields.Char(
        required=True, readonly=True, help="Which event it is, among all of its kind."
    )
    event_date = fields.Date(
        string="Happened On", required=True, readonly=True, help="The company's day."
    )
    due_date = fields.Date(string="To Be Done On", required=True, readonly=True)
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    source_model = fields.Char(readonly=True)
    source_id = fields.Many2oneReference(
        string="Event", model_field="source_model", readonly=True
    )
    state = fields.Selection(
        selection=[
            ("planned", "Waiting"),
            ("done", "Done"),
            ("skipped", "Left out"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
    )
    message = fields.Text(
        string="Remark", readonly=True, help="Why it was left out or failed."
    )
    recorded_at = fields.Datetime(string="Noticed At", required=True, readonly=True)
    fired_at = fields.Datetime(string="Done At", readonly=True)
    fired_date = fields.Date(string="Done On", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Given To",
        readonly=True,
        ondelete="set null",
    )
    template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Letter Sent",
        readonly=True,
        ondelete="set null",
    )
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    _event_unique = models.Constraint(
        "UNIQUE(playbook_id, profile_id, event_key)",
        "This playbook has answered this event already.",
    )
    _due_idx = models.Index("(due_date, id) WHERE state = 'planned'")
    _fired_idx = models.Index(
        "(playbook_id, profile_id, fired_date) WHERE state = 'done'"
    )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_retry(self):
        """Have the job try these failed runs again."""
        self.check_access("read")
        if not self.env["crm.lifecycle.profile"]._is_leader_or_manager():
            raise AccessError(
                self.env._(
                    "Failed runs are tried again by leaders of a sales team and by "
                    "sales managers."
                )
            )
        # sudo: the columns are the job's
        failed = self.sudo().filtered(lambda run: run.state == "failed")
        failed.write({"state": "planned", "message": False})
        self.env["crm.lifecycle.engine"]._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s runs will be tried again within minutes.",
                    count=len(failed),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_source(self):
        """Open what happened: the order, the feedback, the promise."""
        self.ensure_one()
        if not self.source_model or self.source_model not in self.env:
            return False
        record = self.env[self.source_model].browse(self.source_id).exists()
        record.check_access("read")
        return record and {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # STATES
    # ------------------------------------------------------------

    def _skip(self, message):
        """Leave these out, and say why."""
        for __, runs in self.grouped("company_id").items():
            done = runs._prepare_fired()
            runs.write({"state": "skipped", "message": message, **done})

    def _prepare_fired(self):
        today = self.env["crm.lifecycle.engine"]._today(self[:1].company_id)
        return {
            "fired_at": self.env.cr.now().replace(microsecond=0),
            "fired_date": today,
        }

    def _get_source(self):
        """Return the record behind the event, empty when it is gone."""
        if not self.source_model or self.source_model not in self.env:
            return self.env["crm.lifecycle.transition"]
        return self.env[self.source_model].browse(self.source_id).exists()
