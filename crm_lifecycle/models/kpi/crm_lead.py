# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

QUALITIES = [
    ("new", "Not judged"),
    ("accepted", "Accepted by sales"),
    ("returned", "Returned by sales"),
]


class CrmLead(models.Model):
    """What sales thinks of an inquiry: worth working on, or not what was ordered."""

    _inherit = "crm.lead"

    lifecycle_quality = fields.Selection(
        selection=QUALITIES[1:],
        string="Judged by Sales",
        tracking=True,
        copy=False,
        help="Whether sales accepts the inquiry as one worth working on, or returns it "
        "to whoever brings inquiries. An opportunity nobody returned counts as "
        "accepted.",
    )
    lifecycle_return_reason = fields.Char(
        string="Why Returned",
        copy=False,
        help="What was missing: no need, no budget, wrong region, a wrong address.",
    )
