# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class LifecycleFitMixin(models.AbstractModel):
    """What the latest scorecard says of a customer or a lead: read, searched, sorted
    and grouped by one SQL expression (``lifecycle.derived.mixin``)."""

    _name = "lifecycle.fit.mixin"
    _description = "Scored by Scorecards"

    # column of the scorecard that points here, and the prefix of the fields here
    _scorecard_owner = None
    _scorecard_prefix = ""

    @api.model
    def _get_fit_depends(self):
        """Return the dependencies of the fields that read the latest card."""
        name = f"{self._scorecard_prefix}scorecard_ids"
        return [f"{name}.{field}" for field in ("is_latest", "total_score", "verdict")]

    def _sql_latest(self, column, name):
        fields = self.env["crm.scorecard"]._fields

        def card(name):
            # what is not written yet must not be missed
            return SQL.identifier("card", name, to_flush=fields[name])

        return SQL(
            "(SELECT %s FROM crm_scorecard card WHERE %s = %s AND %s "
            "ORDER BY %s DESC, card.id DESC LIMIT 1)",
            card(name),
            card(self._scorecard_owner),
            column("id"),
            card("is_latest"),
            card("date"),
        )

    def _sql_fit_score(self, column):
        return self._sql_latest(column, "total_score")

    def _sql_fit_verdict(self, column):
        return self._sql_latest(column, "verdict")

    def _sql_readiness_score(self, column):
        return self._sql_latest(column, "readiness_score")

    def _sql_scored_date(self, column):
        return self._sql_latest(column, "date")

    # ------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------

    def action_score(self):
        """Open the card being scored of this customer or lead, a new one if needed.

        :return: action of the card's form
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.scorecard",
            "res_id": self.env["crm.scorecard"]._begin(self).id,
            "view_mode": "form",
        }

    def action_score_many(self):
        """Open the grid in which many are scored at once.

        :return: client action
        :raise UserError: for more than 100
        """
        if len(self) > 100:
            raise UserError(self.env._("Choose 1 to 100 customers or leads."))
        return {
            "type": "ir.actions.client",
            "tag": "crm_lifecycle_kam.score_grid",
            "name": self.env._("Score Against the Target Profile"),
            "params": {"model": self._name, "ids": self.ids},
        }

    def action_view_scorecards(self):
        """Open the cards of this customer or lead, the latest first.

        :return: action dictionary
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle_kam.crm_scorecard_action"
        )
        return {
            **action,
            "domain": [(self._scorecard_owner, "=", self.id)],
            "context": {f"default_{self._scorecard_owner}": self.id},
        }

    # ------------------------------------------------------------
    # RANKING
    # ------------------------------------------------------------

    @api.model
    def _search_candidates(self, domain, limit):
        """Return those of ``domain`` that have a card, best fit first."""
        name = f"{self._scorecard_prefix}fit_score"
        scored = Domain(f"{self._scorecard_prefix}fit_verdict", "!=", False)
        return self.search(Domain(domain) & scored, order=f"{name} desc", limit=limit)

    def _get_candidate_figures(self):
        """Return (value, potential) in company currency."""
        return 0, 0

    def _prepare_bubble(self):
        self.ensure_one()
        fit = self[f"{self._scorecard_prefix}fit_score"]
        value, potential = self._get_candidate_figures()
        return {
            "id": self.id,
            "name": self.display_name,
            "fit": fit,
            "value": value,
            "potential": potential,
            "verdict": self[f"{self._scorecard_prefix}fit_verdict"],
            # an unknown potential is taken as the value, so that it decides nothing
            "product": fit * value * (potential or value or 1),
        }
