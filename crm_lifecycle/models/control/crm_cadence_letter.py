# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

WORST_LINES = 10
TEMPLATE = "crm_lifecycle.crm_cadence_letter_template"


class CrmCadenceLetter(models.Model):
    """What a leader was told in one week about the contact rules in his teams.

    The row is the proof that the letter of the week exists: it is written in the same
    transaction as the e-mail, and a second one is refused by the database.
    """

    _name = "crm.cadence.letter"
    _description = "Weekly Letter on Contacts"
    _order = "week desc, violation_count desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Leader",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    week = fields.Date(
        string="Week of",
        required=True,
        readonly=True,
        help="The Monday of the week in which the letter is sent; it tells of the week "
        "before.",
    )
    state = fields.Selection(
        selection=[
            ("sent", "Sent"),
            ("skipped", "Nothing to tell"),
            ("preview", "Preview"),
        ],
        required=True,
        readonly=True,
    )
    rule_count = fields.Integer(
        string="Contacts Watched",
        readonly=True,
        help="Clocks of contact rules at the customers of the leader's teams.",
    )
    violation_count = fields.Integer(string="Violations", readonly=True)
    customer_count = fields.Integer(string="Customers With Violations", readonly=True)
    due_count = fields.Integer(
        string="Due This Week",
        readonly=True,
        help="Contacts that are due from today to Sunday.",
    )
    closed_count = fields.Integer(
        string="Closed Last Week",
        readonly=True,
        help="Contacts that were met, met late or given up as missed last week.",
    )
    closed_before_count = fields.Integer(string="Closed the Week Before", readonly=True)
    compliance = fields.Float(
        string="Compliance Last Week",
        readonly=True,
        aggregator=None,
        help="Met in time, of the contacts that were closed last week.",
    )
    compliance_before = fields.Float(
        string="Compliance the Week Before", readonly=True, aggregator=None
    )
    # For the text of the template
    compliance_text = fields.Char(
        compute="_compute_compliance_texts", export_string_translation=False
    )
    compliance_before_text = fields.Char(
        compute="_compute_compliance_texts", export_string_translation=False
    )
    worst = fields.Json(compute="_compute_worst", export_string_translation=False)
    control_url = fields.Char(compute="_compute_urls", export_string_translation=False)
    compliance_url = fields.Char(
        compute="_compute_urls", export_string_translation=False
    )
    preferences_url = fields.Char(
        compute="_compute_urls", export_string_translation=False
    )
    subject = fields.Char(compute="_compute_text")
    body = fields.Html(compute="_compute_text", sanitize=False)

    _once_unique = models.UniqueIndex(
        "(user_id, company_id, week) WHERE state <> 'preview'",
        "A leader receives one letter a week.",
    )

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    @api.model
    def _prepare_letter_vals(self, user, company, today):
        """Return the figures of a leader's teams, with the leader's own rights.

        :param today: the company's day
        """
        monday = today - timedelta(days=today.weekday())
        letter = self.new({"user_id": user.id, "company_id": company.id})
        Control = letter._as_leader("crm.cadence.control")
        domain = letter._get_team_domain()
        overdue = [*domain, ("state", "=", "overdue")]
        [(rules,)] = Control._read_group(domain, [], ["__count"])
        [(violations, customers)] = Control._read_group(
            overdue, [], ["__count", "customer_count:sum"]
        )
        due = Control.search_count(
            [
                *domain,
                ("due_date", ">=", today),
                ("due_date", "<", monday + timedelta(7)),
                ("state", "!=", "paused"),
            ]
        )
        closed, compliance = letter._get_compliance(monday - timedelta(7))
        before, compliance_before = letter._get_compliance(monday - timedelta(14))
        return {
            "user_id": user.id,
            "company_id": company.id,
            "week": monday,
            "rule_count": rules,
            "violation_count": violations,
            "customer_count": customers,
            "due_count": due,
            "closed_count": closed,
            "closed_before_count": before,
            "compliance": compliance,
            "compliance_before": compliance_before,
        }

    def _as_leader(self, model):
        """Return a model with the leader's rights, in the letter's company alone."""
        self.ensure_one()
        user = self.user_id
        return (
            self.env[model]
            .with_user(user)
            .with_context(
                allowed_company_ids=self.company_id.ids,
                # sudo: the letter is written as its reader would read it
                lang=user.sudo().lang,
                tz=user.sudo().tz,
            )
        )

    def _get_team_domain(self):
        """The customers, and rows of the ledger, of the leader's own teams."""
        return [
            ("team_id.user_id", "=", self.user_id.id),
            ("company_id", "=", self.company_id.id),
        ]

    def _get_compliance(self, monday):
        """Return (closed contacts, compliance) of the week that begins on a Monday."""
        domain = [
            *self._get_team_domain(),
            ("closing_date", ">=", monday),
            ("closing_date", "<", monday + timedelta(7)),
        ]
        [(closed, compliance)] = self._as_leader("crm.cadence.period")._read_group(
            domain, [], ["closed_count:sum", "compliance:avg"]
        )
        return closed or 0, compliance or 0.0

    # ------------------------------------------------------------
    # TEXT
    # ------------------------------------------------------------

    @api.depends("compliance", "compliance_before")
    def _compute_compliance_texts(self):
        for letter in self:
            letter.compliance_text = self._format_share(
                letter.compliance, letter.closed_count
            )
            letter.compliance_before_text = self._format_share(
                letter.compliance_before, letter.closed_before_count
            )

    @api.model
    def _format_share(self, share, count):
        """Return a share as "75 % (15 / 20)"."""
        return f"{share * 100:.0f} % ({round(share * count)} / {count})"

    def _compute_worst(self):
        """The worst violations, as they are now: list of dicts ``customer``,
        ``category``, ``rule``, ``manager``, ``days``, ``due``, ``url``."""
        for letter in self:
            Control = letter._as_leader("crm.cadence.control")
            domain = [*letter._get_team_domain(), ("state", "=", "overdue")]
            lines = Control.search(domain, limit=WORST_LINES)
            letter.worst = [letter._format_line(line) for line in lines]

    def _format_line(self, line):
        # sudo: names only, of a line the leader may read
        return {
            "customer": line.partner_id.sudo().display_name,
            "category": line.category_id.name or "",
            "rule": line.rule_id.name,
            "manager": line.user_id.sudo().name or "",
            "days": line.days_late,
            "due": format_date(line.env, line.due_date),
            "url": f"{self.get_base_url()}/odoo/crm.lifecycle.profile/"
            f"{line.profile_id.id}",
        }

    def _compute_urls(self):
        for letter in self:
            base = letter.get_base_url()
            letter.control_url = f"{base}/odoo/contact-control"
            letter.compliance_url = f"{base}/odoo/contact-compliance"
            letter.preferences_url = (
                f"{base}/odoo/action-crm_lifecycle.res_users_action_preferences"
            )

    def _compute_text(self):
        """Only a preview shows a text: what was sent stands in the e-mail."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        for letter in self:
            if not template or letter.state != "preview" or not letter.id:
                letter.subject = letter.body = False
                continue
            lang = template._render_lang(letter.ids)[letter.id]
            text = template.with_context(lang=lang or self.env.lang)
            letter.subject = text._render_field("subject", letter.ids)[letter.id]
            letter.body = text._render_field("body_html", letter.ids)[letter.id]

    # ------------------------------------------------------------
    # CLEANING
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_previews(self):
        """Previews live for a day."""
        limit = fields.Datetime.now() - timedelta(days=1)
        domain = [("state", "=", "preview"), ("create_date", "<", limit)]
        self.search(domain).unlink()
