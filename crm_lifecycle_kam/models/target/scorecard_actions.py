# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmScorecard(models.Model):
    """What people do with cards: begin, finish, open again, score many."""

    _inherit = "crm.scorecard"

    def action_finish(self):
        """Finish cards: from now on they count.

        :raise UserError: when something is not scored
        """
        for card in self:
            if card.scored_share < 1:
                missing = card.line_ids.filtered(lambda line: not line.score)
                raise UserError(
                    self.env._(
                        "Not scored yet: %(criteria)s.",
                        criteria=", ".join(missing.criterion_id.mapped("name")),
                    )
                )
        self._set_state("done")

    def action_reopen(self):
        """Open finished cards again: until finished they do not count."""
        self._set_state("draft")

    def _set_state(self, state):
        self.check_access("write")
        # sudo: past our own write, which keeps people from this column
        self.sudo().write({"state": state})
        self._mark_latest(self.profile_id, self.lead_id)

    @api.model
    def _prepare_card(self, subject):
        """Return the values of a new card of a customer card or a lead."""
        if subject._name == "crm.lead":
            partner = subject.partner_id.commercial_partner_id
            company = subject.company_id or self.env.company
            name = "lead_id"
            trade_format = self._get_trade_format(partner, company)
        else:
            partner, company = subject.partner_id, subject.company_id
            name, trade_format = "profile_id", subject.trade_format_id
        # sudo: the line of business decides which target profile is meant
        industry = partner.sudo().industry_id
        target = self.env["crm.target.profile"]._get_for(
            company, industry, trade_format
        )
        if not target:
            raise UserError(
                self.env._(
                    "No target profile is in force for %(name)s. A manager makes one "
                    "under Configuration, Target Profiles, and puts it in force.",
                    name=subject.display_name,
                )
            )
        return {name: subject.id, "target_id": target.id}

    @api.model
    def _get_trade_format(self, partner, company):
        # sudo: as above
        card = self.env["crm.lifecycle.profile"].sudo()
        return card.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        ).trade_format_id

    @api.model
    def _begin(self, subjects):
        """Return the open card of each subject, newly made where there is none; the
        scores of the card before are no guide and are not taken over."""
        name = "lead_id" if subjects._name == "crm.lead" else "profile_id"
        drafts = self.search([(name, "in", subjects.ids), ("state", "=", "draft")])
        missing = subjects - drafts[name]
        return drafts | self.create([self._prepare_card(one) for one in missing])

    @api.model
    def get_grid(self, model, ids):
        """Return what the grid needs to score many customers or leads at once.

        :param str model: ``crm.lifecycle.profile`` or ``crm.lead``
        :param list ids: their ids, at most 100
        :return: list of one dict per target profile: ``{"name", "scale", "criteria":
            [{"id", "name", "dimension", "guidance"}], "rows": [{"id" (scorecard),
            "name", "scores": {criterion id: {"id", "score"}}, "total", "share",
            "verdict"}]}``
        :raise UserError: for another model, no record or too many
        """
        if model not in ("crm.lifecycle.profile", "crm.lead"):
            raise UserError(self.env._("Only customers and leads are scored."))
        if not isinstance(ids, (list, tuple)) or not 1 <= len(ids) <= 100:
            raise UserError(self.env._("Choose 1 to 100 customers or leads."))
        subjects = self.env[model].browse(ids).exists()
        subjects.check_access("read")
        cards = self._begin(subjects)
        return [
            self._prepare_grid(
                target, cards.filtered_domain(Domain("target_id", "=", target.id))
            )
            for target in cards.target_id
        ]

    def _prepare_grid(self, target, cards):
        criteria = cards.line_ids.criterion_id.sorted(
            lambda one: (one.dimension_id.sequence, one.dimension_id.id, one.sequence)
        )
        return {
            "name": target.display_name,
            "scale": target.scale,
            "criteria": [
                {
                    "id": criterion.id,
                    "name": criterion.name,
                    "dimension": criterion.dimension_id.name,
                    "guidance": criterion._get_guidance(),
                }
                for criterion in criteria
            ],
            "rows": [card._prepare_grid_row() for card in cards.sorted("display_name")],
        }

    def _prepare_grid_row(self):
        self.ensure_one()
        verdicts = dict(self._fields["verdict"]._description_selection(self.env))
        subject = self.partner_id or self.lead_id
        return {
            "id": self.id,
            "name": subject.display_name,
            "scores": {
                line.criterion_id.id: {"id": line.id, "score": line.score}
                for line in self.line_ids
            },
            "total": self.total_score,
            "share": self.scored_share,
            "verdict": verdicts.get(self.verdict, ""),
        }

    def set_score(self, line_id, score):
        """Write one score of this card from the grid.

        :param int line_id: id of a line of this card
        :param int score: 1 to the scale of the target profile; 0: none
        :return: the row anew, as in ``get_grid``
        :raise UserError: when the line is not of this card
        """
        self.ensure_one()
        line = self.line_ids.filtered(lambda one: one.id == line_id)
        if not line or not isinstance(score, int):
            raise UserError(self.env._("This score is not of this card."))
        line.score = score
        return self._prepare_grid_row()

    @api.model
    def _get_fresh_days(self):
        """A card older than a year says little of today."""
        return 365

    @api.model
    def _has_card(self, leads):
        """Return the leads that have a finished card, not too old."""
        since = fields.Date.subtract(
            fields.Date.context_today(self), days=self._get_fresh_days()
        )
        # sudo: whether a lead was scored does not depend on who moves it
        cards = self.sudo().search(
            [
                ("lead_id", "in", leads.ids),
                ("is_latest", "=", True),
                ("date", ">=", since),
            ]
        )
        return leads.browse(cards.lead_id.ids)
