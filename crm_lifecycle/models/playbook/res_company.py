# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.parameters import MAX_DAYS


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_fulfilled_by = fields.Selection(
        selection=[
            ("invoiced", "When it is fully invoiced"),
            ("days", "Some days after its confirmation"),
        ],
        string="An Order Without Deliveries Is Fulfilled",
        default="invoiced",
        groups="base.group_user",
        help="An order with deliveries is fulfilled when all are done. This is for "
        "services, and for databases without the application Inventory.",
    )
    lifecycle_fulfilled_days = fields.Integer(
        string="Fulfilled After (days)",
        default=14,
        groups="base.group_user",
        help="So many days after an order without deliveries was confirmed, what it "
        "promised is taken as done.",
    )
    lifecycle_playbook_date = fields.Date(
        string="Playbooks Looked On",
        readonly=True,
        groups="base.group_user",
        help="The last day on which the playbooks looked for events that come with a "
        "date.",
    )

    @api.constrains("lifecycle_fulfilled_days")
    def _check_lifecycle_fulfilled_days(self):
        for company in self:
            if not 0 <= company.lifecycle_fulfilled_days <= MAX_DAYS:
                field = company._fields["lifecycle_fulfilled_days"]
                raise ValidationError(
                    self.env._(
                        "%(field)s: choose a number of days from 0 to %(most)s.",
                        field=field._description_string(self.env),
                        most=MAX_DAYS,
                    )
                )
