# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.documents import INVOICE, ORDER
from ..lifecycle_derived_mixin import derived

PRODUCTS_SHOWN = 5


class CrmLifecycleProfile(models.Model):
    """Lost customers worth winning back: the queue, and what is at stake."""

    _inherit = "crm.lifecycle.profile"

    winback_attempt_ids = fields.One2many(
        comodel_name="crm.winback.attempt", inverse_name="profile_id", readonly=True
    )
    winback_expectation = fields.Char(
        string="Broken Expectation",
        help="What the customer had expected of us and did not get. Ask before you "
        "offer anything.",
    )
    winback_date = fields.Date(
        string="Not Before",
        help="Nobody tries to win the customer back before this day: the contract with "
        "the other supplier still runs, say.",
    )
    lost_value = fields.Monetary(
        string="Value Lost",
        readonly=True,
        help="What the customer bought in the 12 months before it fell silent, the day "
        "of its last purchase included. Known for lost customers that can be won back.",
    )
    last_product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Last Products",
        compute="_compute_last_product_ids",
        help="What the customer bought on the last day it bought something.",
    )
    is_winback_candidate = derived(
        fields.Boolean,
        "is_winback_candidate",
        string="Can Be Won Back",
        help="Lost, recoverable, and it was not us who ended it.",
    )
    winback_state = derived(
        fields.Selection,
        "winback_state",
        selection=[
            ("ready", "To be tried"),
            ("running", "Being won back"),
            ("postponed", "Not yet"),
        ],
        string="Win-Back",
    )
    winback_attempt_count = derived(
        fields.Integer,
        "winback_attempt_count",
        string="Attempts",
        aggregator="sum",
        help="How often we have tried to win the customer back.",
    )

    @api.model
    def _get_derived_depends(self):
        return [
            *super()._get_derived_depends(),
            *("active", "is_excluded", "lost_date", "lost_reason_id", "winback_date"),
            "winback_attempt_ids.state",
        ]

    @api.model
    def _get_fields_written_directly(self):
        return super()._get_fields_written_directly() | {
            "winback_expectation",
            "winback_date",
        }

    # ------------------------------------------------------------
    # DEFINITIONS: ``column`` is a function from a column's name to SQL
    # ------------------------------------------------------------

    def _sql_is_winback_candidate(self, column):
        """Never those we ended: the reason holds as long as the declaration does."""
        stage_id = self.env["crm.lifecycle.stage"]._ids_by_code()["lost_recoverable"]
        Reason = self.env["crm.lifecycle.lost.reason"]
        return SQL(
            "(%(stage)s = %(recoverable)s AND %(active)s AND NOT %(excluded)s "
            "AND NOT COALESCE(%(lost)s >= COALESCE(%(last)s, %(lost)s) AND EXISTS ("
            "SELECT FROM crm_lifecycle_lost_reason reason "
            "WHERE reason.id = %(reason)s AND %(ended_by)s = 'we'), FALSE))",
            stage=column("stage_id"),
            recoverable=stage_id,
            active=column("active"),
            excluded=column("is_excluded"),
            lost=column("lost_date"),
            last=column("last_purchase_date"),
            reason=column("lost_reason_id"),
            ended_by=Reason._field_to_sql("reason", "ended_by"),
        )

    def _sql_winback_state(self, column):
        """Empty for customers that are not to be won back."""
        state = self.env["crm.winback.attempt"]._field_to_sql("attempt", "state")
        return SQL(
            "(CASE WHEN EXISTS (SELECT FROM crm_winback_attempt attempt "
            "WHERE attempt.profile_id = %(id)s AND %(state)s = 'running') "
            "THEN 'running' WHEN NOT %(candidate)s THEN NULL "
            "WHEN %(date)s > %(today)s THEN 'postponed' ELSE 'ready' END)",
            id=column("id"),
            state=state,
            candidate=self._sql_is_winback_candidate(column),
            date=column("winback_date"),
            today=self._sql_today(column),
        )

    def _sql_winback_attempt_count(self, column):
        Attempt = self.env["crm.winback.attempt"]
        return SQL(
            "(SELECT COUNT(*) FROM crm_winback_attempt attempt WHERE %s = %s)",
            Attempt._field_to_sql("attempt", "profile_id"),
            column("id"),
        )

    # ------------------------------------------------------------
    # WHAT WAS BOUGHT LAST
    # ------------------------------------------------------------

    @api.depends("last_purchase_date")
    def _compute_last_product_ids(self):
        """Products of the last day of purchases; a fixed number of queries for all.

        The lines come from documents the reader may not see: which products a customer
        of his bought last is part of the card, which he may.
        """
        self.last_product_ids = False
        documents = self._origin._get_last_documents()
        products = {}
        for source, model, line_field in (
            (ORDER, "sale.order.line", "order_id"),
            (INVOICE, "account.move.line", "move_id"),
        ):
            ids = documents.get(source, {})
            if not ids:
                continue
            lines = self.env[model].sudo()  # see above
            for line in lines.search(
                [
                    (line_field, "in", list(ids)),
                    ("product_id", "!=", False),
                    ("display_type", "in", (False, "product")),
                ],
                order="id",
            ):
                profile_id = ids[line[line_field].id]
                products.setdefault(profile_id, {})[line.product_id.id] = True
        for profile in self:
            found = list(products.get(profile._origin.id, ()))
            profile.last_product_ids = found[:PRODUCTS_SHOWN]

    def _get_last_documents(self):
        """Return ``{source: {document id: profile id}}`` of the last day of purchases.

        The sources are those of the engine's documents.
        """
        bought = self.filtered("last_purchase_date")
        if not bought:
            return {}
        engine = self.env["crm.lifecycle.engine"]
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT h.source, h.document_id, p.id
                  FROM (%(history)s) h
                  JOIN crm_lifecycle_profile p
                    ON p.partner_id = h.partner_id AND p.company_id = h.company_id
                   AND p.last_purchase_date = h.day
                 WHERE h.is_purchase AND p.id = ANY(%(ids)s)
                """,
                history=engine._sql_history(
                    bought.company_id, SQL("%s::int[]", bought.partner_id.ids)
                ),
                ids=bought.ids,
            )
        )
        documents = {}
        for source, document_id, profile_id in rows:
            documents.setdefault(source, {})[document_id] = profile_id
        return documents

    # ------------------------------------------------------------
    # SCREEN
    # ------------------------------------------------------------

    def action_view_winback(self):
        """Open the attempts to win this customer back."""
        return self._prepare_line_action("crm_lifecycle.crm_winback_attempt_action")
