# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

ATTITUDES = [
    ("ally", "Ally"),
    ("supporter", "Supporter"),
    ("neutral", "Neutral"),
    ("sceptic", "Sceptic"),
    ("opponent", "Opponent"),
    ("unknown", "Unknown"),
]
RELATIONS = [
    ("unknown", "Does not know us"),
    ("vendor", "Vendor"),
    ("source", "Reliable source"),
    ("solver", "Problem solver"),
    ("adviser", "Trusted adviser"),
]


class CrmDmuMember(models.Model):
    """A person at the customer who takes part in its decisions.

    An entry without opportunity belongs to the account's unit. An entry with one says
    what differs in that deal: it replaces the account's entry of the same person
    there, adds somebody, or (``takes_part`` off) leaves somebody out. So an
    opportunity starts from the account's unit, follows it, and keeps its own
    differences; when the deal is closed, the unit of that day is kept with it
    (``crm.lead._keep_dmu``).
    """

    _name = "crm.dmu.member"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Member of a Decision-Making Unit"
    _order = "profile_id, date_to DESC, influence DESC, id"
    _rec_names_search = ["contact_id"]
    _parent_name = "parent_id"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", string="Customer", related_sudo=True
    )
    company_id = fields.Many2one(related="profile_id.company_id")
    responsible_id = fields.Many2one(
        related="profile_id.user_id", string="Responsible Manager"
    )
    category_id = fields.Many2one(related="profile_id.category_id")
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Only in Opportunity",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: the entry holds for the customer as a whole. Otherwise it says "
        "what is different in this opportunity.",
    )
    lead_status = fields.Selection(related="lead_id.won_status", string="Outcome")
    takes_part = fields.Boolean(
        default=True, help="Off: the person has no part in this opportunity."
    )
    decision = fields.Char(
        string="What the Person Did in the Deal",
        help="For instance: chose between us and a competitor, cut the budget, asked "
        "for the guarantee. It stays with the deal when it is closed.",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person",
        required=True,
        index=True,
        ondelete="cascade",
    )
    function = fields.Char(related="contact_id.function", related_sudo=True)
    role_ids = fields.Many2many(
        comodel_name="crm.dmu.role",
        relation="crm_dmu_member_role_rel",
        column1="member_id",
        column2="role_id",
        string="Roles",
        help="One person often plays several: somebody can be user and influencer.",
    )
    is_decider = fields.Boolean(
        string="Decides", compute="_compute_is_decider", store=True
    )
    is_champion = fields.Boolean(
        string="Speaks for Us", compute="_compute_is_champion", store=True
    )
    involvement = fields.Integer(
        help="0: hears of the matter by chance. 5: is asked and takes part in "
        "meetings. 10: works on it every day.",
    )
    interest = fields.Integer(
        help="How much depends on it for the person. 0: nothing, whoever supplies. "
        "5: own work gets easier or harder. 10: the person's own success hangs on it.",
    )
    influence = fields.Integer(
        help="0: is not heard. 5: is asked, and can delay or speed up. 10: nothing is "
        "bought against this person's word.",
    )
    attitude = fields.Selection(
        selection=ATTITUDES,
        string="Attitude to Us",
        required=True,
        default="unknown",
        help="Ally: works for us openly. Supporter: would rather have us. Neutral: "
        "does not mind. Sceptic: doubts us. Opponent: works against us.",
    )
    is_guess = fields.Boolean(
        string="Only a Guess",
        help="Influence and attitude were worked out from a few answers and not seen "
        "at work yet. Take the mark off when you know.",
    )
    guess_date = fields.Date(string="Guessed On")
    decides_how = fields.Text(
        string="How the Person Decides",
        help="Alone or in a round, quickly or after tests, by figures or by trust.",
    )
    criteria = fields.Text(help="What an offer is measured by: price, time, service.")
    motives = fields.Text(
        string="Personal Motives",
        help="Private: note only what helps and may be known. Erased on the person's "
        "request.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Our Person",
        index="btree_not_null",
        ondelete="set null",
        domain="[('share', '=', False)]",
        help="Who of us looks after this person.",
    )
    relation_now = fields.Selection(
        selection=RELATIONS,
        string="What We Are to Them",
        required=True,
        default="unknown",
        help="What the person sees in us today.",
    )
    relation_wanted = fields.Selection(
        selection=RELATIONS,
        string="What We Want to Be",
        help="What the person should see in us.",
    )
    parent_id = fields.Many2one(
        comodel_name="crm.dmu.member",
        string="Reports To",
        index="btree_not_null",
        ondelete="set null",
        domain="[('profile_id', '=', profile_id), ('id', '!=', id), "
        "('lead_id', 'in', (False, lead_id))]",
    )
    child_ids = fields.One2many(
        comodel_name="crm.dmu.member",
        inverse_name="parent_id",
        string="Reports",
        domain=[("lead_id", "=", False)],
    )
    influence_out_ids = fields.One2many(
        comodel_name="crm.dmu.influence", inverse_name="from_id", string="Influences"
    )
    influence_in_ids = fields.One2many(
        comodel_name="crm.dmu.influence",
        inverse_name="to_id",
        string="Is Influenced By",
    )
    step_ids = fields.Many2many(
        comodel_name="crm.purchase.step",
        relation="crm_purchase_step_member_rel",
        column1="member_id",
        column2="step_id",
        string="Acts At",
        readonly=True,
    )
    date_from = fields.Date(string="From", default=fields.Date.context_today)
    date_to = fields.Date(
        string="Until", help="The last day; empty: still takes part in decisions."
    )
    map_x = fields.Float(string="Place on the Map, Across")
    map_y = fields.Float(string="Place on the Map, Down")
    has_place = fields.Boolean(string="Placed on the Map by Hand")

    has_left = fields.Boolean(
        compute="_compute_has_left",
        search="_search_has_left",
        help="The last day is over, the contact is archived, or the person works for "
        "another customer now.",
    )
    last_contact_date = fields.Date(
        string="Last Contact",
        compute="_compute_last_contact_date",
        search="_search_last_contact_date",
        help="The last touchpoint this person took part in.",
    )
    effective_lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Takes Part in Opportunity",
        store=False,
        search="_search_effective_lead_id",
    )

    _open_unique = models.UniqueIndex(
        "(profile_id, contact_id, COALESCE(lead_id, 0)) WHERE date_to IS NULL",
        "This person already is in the unit: change that entry, or give it a last day.",
    )
    _scores = models.Constraint(
        "CHECK(involvement BETWEEN 0 AND 10 AND interest BETWEEN 0 AND 10 "
        "AND influence BETWEEN 0 AND 10)",
        "Involvement, interest and influence are numbers from 0 to 10.",
    )
    _dates = models.Constraint(
        "CHECK(date_from <= date_to)", "The last day cannot be before the first."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("contact_id", "lead_id")
    def _compute_display_name(self):
        for member in self:
            # sudo: names of the people of a customer whose card the user may see
            name = member.contact_id.sudo().name or self.env._("Unnamed person")
            member.display_name = name

    @api.depends("role_ids.is_decider")
    def _compute_is_decider(self):
        for member in self:
            member.is_decider = any(member.role_ids.mapped("is_decider"))

    @api.depends("role_ids.is_champion")
    def _compute_is_champion(self):
        for member in self:
            member.is_champion = any(member.role_ids.mapped("is_champion"))

    @api.depends("date_to", "contact_id.active", "contact_id.commercial_partner_id")
    def _compute_has_left(self):
        for member, member_sudo in zip(self, self.sudo(), strict=True):
            # sudo: whether the person is still there says nothing about the contact
            contact = member_sudo.contact_id
            company = member_sudo.company_id or self.env.company
            today = self.env["crm.lifecycle.engine"]._today(company)
            member.has_left = bool(
                (member.date_to and member.date_to < today)
                or not contact.active
                or contact.commercial_partner_id != member_sudo.partner_id
            )

    def _search_has_left(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env["crm.lifecycle.engine"]._today(self.env.company)

        def to_sql(model, alias, query):
            return SQL(
                "(COALESCE(%(until)s < %(today)s, FALSE) OR EXISTS (SELECT FROM "
                "crm_lifecycle_profile card, res_partner person "
                "WHERE card.id = %(profile)s AND person.id = %(contact)s "
                "AND (NOT person.active "
                "OR person.commercial_partner_id <> card.partner_id)))",
                until=model._field_to_sql(alias, "date_to", query),
                today=today,
                profile=model._field_to_sql(alias, "profile_id", query),
                contact=model._field_to_sql(alias, "contact_id", query),
            )

        left = Domain.custom(to_sql=to_sql)
        return Domain.OR([left if wanted else ~left for wanted in set(value)])

    @api.depends("contact_id", "profile_id")
    def _compute_last_contact_date(self):
        rows = self._origin and self.env.execute_query(
            SQL(
                "SELECT m.id, %s FROM crm_dmu_member m WHERE m.id = ANY(%s)",
                self._sql_last_contact(SQL("m.profile_id"), SQL("m.contact_id")),
                self._origin.ids,
            )
        )
        days = dict(rows or ())
        for member in self:
            member.last_contact_date = days.get(member._origin.id, False)

    def _search_last_contact_date(self, operator, value):
        if operator not in ("<", "<=", ">", ">=", "in", "not in"):
            return NotImplemented
        field = self._fields["last_contact_date"]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                "last_contact_date", operator, value, model, alias, query
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "last_contact_date":
            return self._sql_last_contact(
                self._field_to_sql(alias, "profile_id", query),
                self._field_to_sql(alias, "contact_id", query),
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _sql_last_contact(self, profile, contact):
        """The day of the last touchpoint of a person with one of our companies.

        Touchpoints with contact persons are few per person: two index look-ups.
        """
        self.env["crm.touchpoint"].flush_model()
        return SQL(
            """(SELECT (max(met.date) AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
                 FROM (
                SELECT t.date FROM crm_touchpoint t
                 WHERE t.contact_id = %(contact)s AND t.profile_id = %(profile)s
                   AND t.is_ignored IS NOT TRUE
                UNION ALL
                SELECT t.date FROM crm_touchpoint_contact_rel rel
                  JOIN crm_touchpoint t ON t.id = rel.touchpoint_id
                 WHERE rel.partner_id = %(contact)s AND t.profile_id = %(profile)s
                   AND t.is_ignored IS NOT TRUE) met)""",
            contact=contact,
            profile=profile,
            tz=self.env["crm.lifecycle.engine"]._get_timezone(self.env.company),
        )

    @api.model
    def _search_effective_lead_id(self, operator, value):
        """The people of a deal: the account's, with the deal's own differences."""
        if operator != "in":
            return NotImplemented
        domains = [Domain.FALSE]
        for lead in self.env["crm.lead"].browse(id_ for id_ in value if id_).exists():
            domains.append(lead._get_dmu_domain())
        return Domain.OR(domains)
