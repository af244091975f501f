# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class CrmCadenceAgenda(models.Model):
    """What to talk about: by rule, and if wanted by the customer's stage."""

    _name = "crm.cadence.agenda"
    _description = "Contact Agenda"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one(
        comodel_name="crm.cadence.rule", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="rule_id.company_id")
    sequence = fields.Integer(default=10)
    stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        string="Lifecycle Stage",
        ondelete="cascade",
        help="Empty: for customers at every stage without an agenda of its own.",
    )
    text = fields.Html(string="What to Talk About", required=True, translate=True)
