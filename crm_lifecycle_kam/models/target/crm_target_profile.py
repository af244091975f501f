# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

MAX_SCALE = 10


class CrmTargetProfile(models.Model):
    """The customer we want: what he does for our goals, which opportunities he opens,
    which resources he brings or takes. Versioned: one that is in force is not edited.
    """

    _name = "crm.target.profile"
    _description = "Target Profile"
    _order = "state desc, name, version desc, id desc"

    name = fields.Char(required=True, translate=True)
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
    state = fields.Selection(
        selection=[("draft", "Draft"), ("in_force", "In force"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        ondelete="cascade",
        help="Empty: used by every company.",
    )
    industry_id = fields.Many2one(
        comodel_name="res.partner.industry",
        string="Line of Business",
        ondelete="restrict",
        help="Empty: for customers of every line of business that has no profile of "
        "its own.",
    )
    trade_format_id = fields.Many2one(
        comodel_name="crm.lifecycle.trade.format", ondelete="restrict"
    )
    scale = fields.Integer(
        string="Points",
        required=True,
        default=5,
        help="Every criterion is scored from 1 to this number.",
    )
    fit_limit = fields.Float(
        string="Fits From",
        required=True,
        default=70,
        help="A total of 0 to 100 from which a customer fits the profile.",
    )
    doubt_limit = fields.Float(
        string="Doubtful From",
        required=True,
        default=40,
        help="Below it a customer does not fit.",
    )
    serves_limit = fields.Float(
        string="Serves From",
        required=True,
        default=60,
        help="A customer serves a goal, opportunity or resource when it reaches this "
        "much of 100 there.",
    )
    date_from = fields.Date(string="In Force Since", readonly=True, copy=False)
    date_to = fields.Date(string="Closed On", readonly=True, copy=False)
    previous_id = fields.Many2one(
        comodel_name="crm.target.profile",
        string="Previous Version",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    dimension_ids = fields.One2many(
        comodel_name="crm.target.profile.dimension",
        inverse_name="target_id",
        string="Dimensions",
        copy=True,
    )
    criterion_ids = fields.One2many(
        comodel_name="crm.target.profile.criterion",
        inverse_name="target_id",
        string="Criteria",
    )
    note = fields.Html(string="Whom We Want, and Why")
    scorecard_count = fields.Integer(compute="_compute_scorecard_count")

    @api.depends("name", "version")
    def _compute_display_name(self):
        for target in self:
            target.display_name = f"{target.name} ({target.version})"

    def _compute_scorecard_count(self):
        counts = dict(
            self.env["crm.scorecard"]._read_group(
                [("target_id", "in", self.ids)], ["target_id"], ["__count"]
            )
        )
        for target in self:
            target.scorecard_count = counts.get(target._origin, 0)

    @api.constrains("scale", "fit_limit", "doubt_limit", "serves_limit")
    def _check_numbers(self):
        for target in self:
            if not 2 <= target.scale <= MAX_SCALE:
                raise ValidationError(
                    self.env._(
                        "%(target)s: choose a scale of 2 to %(most)s points.",
                        target=target.name,
                        most=MAX_SCALE,
                    )
                )
            limits = (target.doubt_limit, target.fit_limit, target.serves_limit)
            if not all(0 <= limit <= 100 for limit in limits):
                raise ValidationError(
                    self.env._(
                        "%(target)s: limits lie from 0 to 100.", target=target.name
                    )
                )
            if target.doubt_limit > target.fit_limit:
                raise ValidationError(
                    self.env._(
                        "%(target)s: “Doubtful From” lies above “Fits From”.",
                        target=target.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "dimension_ids" in fields and "dimension_ids" not in values:
            kinds = self.env["crm.target.profile.dimension"]._fields["kind"]
            labels = dict(kinds._description_selection(self.env))
            values["dimension_ids"] = [
                Command.create({"kind": kind, "name": labels[kind]})
                for kind in ("goals", "opportunities", "resources")
            ]
        return values

    def write(self, vals):
        if {"scale", "company_id", "industry_id", "trade_format_id"} & set(vals):
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Refuse to change what cards were scored by."""
        for target in self:
            if target.state != "draft":
                raise UserError(
                    self.env._(
                        "%(target)s is no draft: cards have been scored by it. Make a "
                        "new version and change that one.",
                        target=target.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_scored(self):
        # sudo: whoever may delete targets must not delete the cards of others
        scored = self.env["crm.scorecard"].sudo()
        if scored.search_count([("target_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Cards have been scored by this target profile. Close it instead."
                )
            )

    # ------------------------------------------------------------
    # VERSIONS
    # ------------------------------------------------------------

    def action_put_in_force(self):
        """Put drafts in force; what was in force for the same customers is closed.

        :raise UserError: without criteria, or if it is no draft
        """
        today = fields.Date.context_today(self)
        for target in self:
            target._check_draft()
            if not target.dimension_ids.criterion_ids:
                raise UserError(
                    self.env._(
                        "%(target)s has no criteria yet: add at least one.",
                        target=target.display_name,
                    )
                )
            same = self.search(
                [
                    ("state", "=", "in_force"),
                    ("company_id", "=", target.company_id.id),
                    ("industry_id", "=", target.industry_id.id),
                    ("trade_format_id", "=", target.trade_format_id.id),
                ]
            )
            same.write({"state": "closed", "date_to": today})
            target.write({"state": "in_force", "date_from": today})

    def action_close(self):
        """Take target profiles out of force; their cards stay."""
        today = fields.Date.context_today(self)
        self.filtered(lambda target: target.state == "in_force").write(
            {"state": "closed", "date_to": today}
        )

    def action_new_version(self):
        """Copy this target profile into a draft, and open it.

        :return: action of the draft's form
        """
        self.ensure_one()
        draft = self.copy({"name": self.name})
        draft.write({"version": self._get_next_version(), "previous_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def _get_next_version(self):
        """Versions are counted through all that came from the same first one."""
        target, highest = self, self.version
        while target:
            later = self.search([("previous_id", "=", target.id)])
            highest = max([highest, *later.mapped("version")])
            target = target.previous_id
        return highest + 1

    def action_view_scorecards(self):
        """Open the cards scored by these target profiles.

        :return: action dictionary
        """
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "crm_lifecycle_kam.crm_scorecard_action"
            ),
            "domain": [("target_id", "in", self.ids)],
        }

    @api.model
    def _get_for(self, company, industry, trade_format):
        """Return the target profile in force that fits a customer most closely:
        its trade format tells more than its line of business, an own one more than
        one of every company."""
        found = self.search(
            Domain("state", "=", "in_force")
            & Domain("company_id", "in", [company.id, False])
            & Domain("industry_id", "in", [industry.id, False])
            & Domain("trade_format_id", "in", [trade_format.id, False])
        )
        return found.sorted(
            lambda target: (
                bool(target.trade_format_id),
                bool(target.industry_id),
                bool(target.company_id),
                target.id,
            ),
            reverse=True,
        )[:1]
