# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query

YEARLY_KINDS = ("birthday", "professional_day")


class CrmLifecycleFact(models.Model):
    """An informal fact about a person at a customer, known to one company of ours.

    Facts are private data: they are seen by those who see the customer's card, go with
    the person when the contact is deleted, and are erased on request
    (``res.partner.action_erase_lifecycle_person``).
    """

    _name = "crm.lifecycle.fact"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Informal Fact"
    _order = "partner_id, kind, id"
    _rec_name = "note"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person",
        required=True,
        index=True,
        ondelete="cascade",
        help="The person the fact is about, or the customer as a whole.",
    )
    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer",
        compute="_compute_profile_id",
        store=True,
        precompute=True,
        readonly=False,
        index=True,
        ondelete="cascade",
        help="The customer card the fact stands on.",
    )
    company_id = fields.Many2one(related="profile_id.company_id")
    kind = fields.Selection(
        selection=[
            ("birthday", "Birthday"),
            ("professional_day", "Professional day"),
            ("like", "Likes"),
            ("dislike", "Dislikes"),
            ("other", "Other"),
        ],
        required=True,
        default="birthday",
    )
    date = fields.Date(
        help="For a birthday whose year is unknown, any year: the day counts.",
    )
    is_yearly = fields.Boolean(
        string="Every Year",
        compute="_compute_is_yearly",
        store=True,
        precompute=True,
        readonly=False,
    )
    next_date = fields.Date(
        string="Next Time",
        compute="_compute_next_date",
        search="_search_next_date",
        help="The next day this comes round: today or later.",
    )
    note = fields.Char(
        help="Only what helps to deal with the person and may be known: the person "
        "can ask to see it and to have it erased."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("partner_id.commercial_partner_id")
    def _compute_profile_id(self):
        """The card of the person's customer; somebody who changes employers takes the
        facts along, as soon as the new one has a card."""
        # sudo: which card exists is no secret; the rules say who may write the fact
        Profile = self.env["crm.lifecycle.profile"].sudo()
        profiles = {
            (profile.partner_id.id, profile.company_id.id): profile.id
            for profile in Profile.with_context(active_test=False).search(
                [("partner_id", "in", self.partner_id.commercial_partner_id.ids)]
            )
        }
        for fact in self:
            company = fact.profile_id.sudo().company_id or self.env.company
            customer = fact.partner_id.commercial_partner_id
            key = (customer._origin.id, company.id)
            fact.profile_id = profiles.get(key) or fact.profile_id

    @api.depends("kind")
    def _compute_is_yearly(self):
        for fact in self:
            fact.is_yearly = fact.kind in YEARLY_KINDS

    @api.depends("date", "is_yearly")
    def _compute_next_date(self):
        query = Query(self.env, self._table, self._table_sql)
        query.add_where(
            SQL("%s = ANY(%s)", SQL.identifier(self._table, "id"), self.ids)
        )
        rows = self.ids and self.env.execute_query(
            query.select(
                SQL.identifier(self._table, "id"),
                self._field_to_sql(self._table, "next_date", query),
            )
        )
        days = dict(rows or ())
        for fact in self:
            fact.next_date = days.get(fact._origin.id, False)

    def _search_next_date(self, operator, value):
        field = self._fields["next_date"]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                "next_date", operator, value, model, alias, query
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "next_date":
            return super()._field_to_sql(alias, field_expr, query)
        day = super()._field_to_sql(alias, "date", query)
        yearly = super()._field_to_sql(alias, "is_yearly", query)
        today = self.env["crm.lifecycle.engine"]._today(self.env.company)

        def in_year(year):
            """29 February is kept on the 28th where there is none."""
            return SQL(
                "(%(day)s + make_interval("
                "years => %(year)s - date_part('year', %(day)s)::int))::date",
                day=day,
                year=year,
            )

        return SQL(
            "(CASE WHEN %(yearly)s IS TRUE AND %(day)s <= %(today)s THEN "
            "CASE WHEN %(this_year)s >= %(today)s THEN %(this_year)s "
            "ELSE %(next_year)s END WHEN %(day)s >= %(today)s THEN %(day)s END)",
            yearly=yearly,
            day=day,
            today=today,
            this_year=in_year(today.year),
            next_year=in_year(today.year + 1),
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """On a card the customer as a whole is the default person."""
        for vals in vals_list:
            if vals.get("profile_id") and not vals.get("partner_id"):
                profile = self.env["crm.lifecycle.profile"].browse(vals["profile_id"])
                vals["partner_id"] = profile.partner_id.id
        facts = super().create(vals_list)
        homeless = facts.filtered(lambda fact: not fact.profile_id)
        if homeless:
            raise UserError(
                self.env._(
                    "%(names)s: facts stand on the customer card, and this customer "
                    "has none here. Use the action: Add to the Customer Base.",
                    names=", ".join(homeless.partner_id.mapped("display_name")),
                )
            )
        facts._check_person_of_customer()
        return facts

    def write(self, vals):
        res = super().write(vals)
        if "partner_id" in vals or "profile_id" in vals:
            self._check_person_of_customer()
        return res

    def _check_person_of_customer(self):
        """Refuse a person of another customer.

        No constraint: a contact may move to an account without a card, and its facts
        must not stop it.
        """
        for fact in self:
            customer = fact.profile_id.partner_id
            if customer and fact.partner_id.commercial_partner_id != customer:
                raise UserError(
                    self.env._(
                        "%(person)s does not belong to %(customer)s. Choose a contact "
                        "of this customer.",
                        person=fact.partner_id.display_name,
                        customer=customer.display_name,
                    )
                )

    # ------------------------------------------------------------
    # CONTACTS THAT MOVE
    # ------------------------------------------------------------

    @api.autovacuum
    def _gc_follow_contacts(self):
        """Facts of people who changed employers before the new one had a card."""
        self._follow_contacts()

    @api.model
    def _follow_contacts(self):
        """Put every fact on the card of its person's customer, where there is one."""
        self.flush_model(["partner_id", "profile_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lifecycle_fact fact SET profile_id = card.id
                  FROM crm_lifecycle_profile former, res_partner person,
                       crm_lifecycle_profile card
                 WHERE former.id = fact.profile_id
                   AND person.id = fact.partner_id
                   AND card.partner_id = person.commercial_partner_id
                   AND card.company_id = former.company_id
                   AND card.id <> fact.profile_id
                """
            )
        )
        self.invalidate_model(["profile_id"])
