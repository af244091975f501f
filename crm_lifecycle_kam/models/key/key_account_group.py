# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

SUMS = (
    *("revenue", "revenue_previous", "margin", "margin_previous", "lifetime_revenue"),
    *("window_purchase_count", "potential_amount"),
)


class CrmKeyAccount(models.Model):
    """Figures of the group: sums of its accounts' cards.

    The team of a key account knows these sums, also where an account of the group is
    a colleague's customer whose card it may not open.
    """

    _inherit = "crm.key.account"

    account_count = fields.Integer(
        string="Accounts of the Group", compute="_compute_group"
    )
    revenue = fields.Monetary(
        string="Revenue of the Group",
        compute="_compute_group",
        help="Untaxed revenue of the window, all accounts of the group together.",
    )
    revenue_previous = fields.Monetary(
        string="Revenue of the Group Before", compute="_compute_group"
    )
    margin = fields.Monetary(string="Margin of the Group", compute="_compute_group")
    margin_previous = fields.Monetary(
        string="Margin of the Group Before", compute="_compute_group"
    )
    lifetime_revenue = fields.Monetary(
        string="Lifetime Revenue of the Group", compute="_compute_group"
    )
    window_purchase_count = fields.Integer(
        string="Purchases of the Group", compute="_compute_group"
    )
    potential_amount = fields.Monetary(
        string="Potential of the Group (yearly)", compute="_compute_group"
    )

    @api.depends("profile_id", "account_ids")
    def _compute_group(self):
        """One query for all records."""
        names = ("account_count", *SUMS)
        rows = {}
        if self._origin:
            self.env["crm.lifecycle.profile"].flush_model(SUMS)
            self.flush_model(["profile_id", "account_ids"])
            found = self.env.execute_query(self._sql_group_figures())
            rows = {row[0]: row[1:] for row in found}
        nothing = (0,) * len(names)
        for key in self:
            row = rows.get(key._origin.id, nothing)
            for name, value in zip(names, row, strict=True):
                key[name] = value or 0

    def _sql_group_figures(self):
        """The SELECT of record, number of accounts and ``SUMS``."""
        return SQL(
            """
            WITH account AS (
                SELECT id AS key_id, profile_id FROM crm_key_account
                 WHERE id = ANY(%(ids)s)
                 UNION
                SELECT key_id, profile_id FROM crm_key_account_profile_rel
                 WHERE key_id = ANY(%(ids)s)
            )
            SELECT account.key_id, COUNT(*), %(sums)s
              FROM account
              JOIN crm_lifecycle_profile card ON card.id = account.profile_id
             GROUP BY account.key_id
            """,
            ids=self._origin.ids,
            sums=SQL(", ").join(
                SQL("SUM(%s)::float8", SQL.identifier("card", name)) for name in SUMS
            ),
        )
