# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

# What people may say about any touchpoint, and about one they logged themselves.
SAID_FIELDS = {"outcome", "note", "promise_ids", "objection_ids"}
LOGGED_FIELDS = {
    *("channel_id", "direction", "date", "duration"),
    *("contact_id", "contact_ids", "user_id", "user_ids", "res_model", "res_id"),
}
# What decides whether and when a contact counts.
COUNTED_FIELDS = {"channel_id", "direction", "date", "contact_id", "contact_ids"}
OUTCOMES = [
    ("nothing", "Nothing"),
    ("request", "New request"),
    ("offer", "Offer made"),
    ("order", "Order"),
    ("problem", "Problem"),
]


class CrmTouchpoint(models.Model):
    """One real, finished contact with a customer over one channel.

    Most are collected from what people did in Odoo anyway, by ``crm.lifecycle.engine``
    in SQL; the rest is logged by hand. Of a source only the facts are kept: who, when,
    over which channel. Its words are read where they are, with the reader's rights.
    """

    _name = "crm.touchpoint"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Touchpoint"
    _order = "date desc, id desc"
    _rec_names_search = ["partner_id", "contact_id"]
    _log_access = False  # `recorded_at` and the people named on it say it all

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="profile_id.company_id")
    responsible_id = fields.Many2one(
        related="profile_id.user_id", string="Responsible Manager"
    )
    team_id = fields.Many2one(related="profile_id.team_id", string="Sales Team")
    category_id = fields.Many2one(related="profile_id.category_id")
    stage_id = fields.Many2one(
        related="profile_id.stage_id", string="Lifecycle Stage Today"
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="With",
        ondelete="set null",
        index="btree_not_null",
        help="The person at the customer; empty when only the company is known.",
    )
    contact_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="crm_touchpoint_contact_rel",
        column1="touchpoint_id",
        column2="partner_id",
        string="Also With",
        help="Further people of this customer who took part.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Made By",
        ondelete="set null",
        index="btree_not_null",
        help="Who of us made the contact, whoever answers for the customer.",
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="crm_touchpoint_user_rel",
        column1="touchpoint_id",
        column2="user_id",
        string="Also Made By",
        help="Further colleagues who took part.",
    )
    channel_id = fields.Many2one(
        comodel_name="crm.touchpoint.channel", required=True, ondelete="restrict"
    )
    direction = fields.Selection(
        selection=[("out", "We"), ("in", "The customer")],
        string="Begun By",
        required=True,
        default="out",
        help="Whose initiative the contact was.",
    )
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    duration = fields.Float(string="Duration (hours)", aggregator="sum")
    outcome = fields.Selection(
        selection=OUTCOMES,
        help="What came of it. Contacts that come to nothing, one after the other, are "
        "work without a result.",
    )
    note = fields.Text(string="What Was Said")
    promise_ids = fields.One2many(
        comodel_name="crm.promise", inverse_name="touchpoint_id", string="Promises"
    )
    objection_ids = fields.One2many(
        comodel_name="crm.objection",
        inverse_name="touchpoint_id",
        string="Objections and Questions",
    )

    # Where it comes from
    source_model = fields.Selection(
        selection="_selection_source_model",
        string="Source",
        readonly=True,
        help="Empty: logged by hand.",
    )
    source_id = fields.Many2oneReference(
        string="Source Record", model_field="source_model", readonly=True
    )
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", string="Document", readonly=True
    )
    recorded_at = fields.Datetime(readonly=True, default=lambda self: self._now())

    # Does not count
    is_ignored = fields.Boolean(
        string="Does Not Count",
        readonly=True,
        help="Somebody decided that this was no contact with the customer.",
    )
    ignore_reason = fields.Char(string="Why It Does Not Count", readonly=True)
    ignore_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided By",
        readonly=True,
        ondelete="set null",
    )
    ignore_date = fields.Datetime(string="Decided On", readonly=True)

    _source_unique = models.Constraint(
        "UNIQUE(source_model, source_id, partner_id)",
        "This contact with the customer has been collected already.",
    )
    _profile_idx = models.Index("(profile_id, date)")

    @api.model
    def _now(self):
        return self.env.cr.now().replace(microsecond=0)

    @api.model
    def _get_source_labels(self):
        """Return ``[(model, label)]`` of all sources; add-ons append theirs."""
        return [
            ("mail.activity", self.env._("Done activity")),
            ("calendar.event", self.env._("Meeting")),
            ("mail.message", self.env._("Message")),
            ("crm.phonecall", self.env._("Phone call")),
        ]

    @api.model
    def _selection_source_model(self):
        return self._get_source_labels()

    @api.depends("channel_id", "partner_id", "contact_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for touchpoint in self:
            # sudo: the name of a contact whose customer the user may see
            who = (touchpoint.contact_id or touchpoint.partner_id).sudo().name
            channel = touchpoint.channel_id.name or ""
            touchpoint.display_name = f"{channel}: {who}" if who else channel

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Log contacts by hand; the customer's card is found or made."""
        for vals in vals_list:
            self._check_written(vals, {"partner_id"} | SAID_FIELDS | LOGGED_FIELDS)
            self._check_moment(vals.get("date"))
        touchpoints = super().create(self._complete_logged_vals(vals_list))
        touchpoints._check_people()
        touchpoints._follow()
        return touchpoints

    def write(self, vals):
        """Let people correct what they logged, and say what came of the rest."""
        logged = self.filtered(lambda touchpoint: not touchpoint.source_model)
        self._check_written(
            vals, SAID_FIELDS | (LOGGED_FIELDS if logged == self else set())
        )
        self._check_moment(vals.get("date"))
        res = super().write(vals)
        if "contact_id" in vals or "contact_ids" in vals:
            self._check_people()
        if not COUNTED_FIELDS.isdisjoint(vals):
            self._follow()
        return res

    def _decide(self, vals):
        """Write columns that only actions set."""
        self.check_access("write")
        # past our own write, which keeps people from these columns
        # pylint: disable-next=super-method-mismatch
        result = super().write(vals)
        self._follow()
        return result

    def unlink(self):
        profiles = self.profile_id
        res = super().unlink()
        engine = self.env["crm.lifecycle.engine"]
        engine._refresh_last_contact(profiles.ids)
        engine._after_sync(set(profiles.ids), at_once=True)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_collected(self):
        if any(touchpoint.source_model for touchpoint in self):
            raise UserError(
                self.env._(
                    "A touchpoint that was collected from a meeting, a message or an "
                    "activity cannot be deleted: it would come back. Use the action: "
                    "Does Not Count."
                )
            )

    def copy_data(self, default=None):
        raise UserError(
            self.env._("A contact is made once: log another one instead of copying it.")
        )

    def _check_written(self, vals, allowed):
        """Refuse to write facts that come from a source or an action."""
        refused = [name for name in vals if name not in allowed]
        if refused:
            field = self._fields.get(refused[0])
            raise UserError(
                self.env._(
                    "The field “%(field)s” of a touchpoint cannot be written: it comes "
                    "from the meeting, message or activity behind it, or is set by an "
                    "action.",
                    field=field._description_string(self.env) if field else refused[0],
                )
            )

    def _check_people(self):
        """Refuse people whose contact the user may not see: their names would show."""
        # sudo: reading the field would leave out those that must not be there
        logged = self.sudo()
        people = logged.contact_id + logged.contact_ids
        people.with_env(self.env).check_access("read")

    @api.model
    def _check_moment(self, value):
        """Refuse a contact that has not taken place yet."""
        moment = fields.Datetime.to_datetime(value) if value else None
        # Half a minute: the clocks of browser and server differ.
        now = self.env["crm.lifecycle.engine"]._get_collection_now()
        if moment and (moment - now).total_seconds() > 30:
            raise UserError(
                self.env._(
                    "A touchpoint is a contact that has taken place: %(moment)s lies "
                    "in the future. To plan one, schedule an activity.",
                    moment=fields.Datetime.to_string(
                        fields.Datetime.context_timestamp(self, moment)
                    ),
                )
            )

    @api.model
    def _complete_logged_vals(self, vals_list):
        """Add customer and card to what people gave: ``partner_id`` may be a contact.

        One look-up for all; a customer without a card in the current company gets one.
        """
        company = self.env.company
        partners = self.env["res.partner"].browse(
            [vals.get("partner_id") for vals in vals_list if vals.get("partner_id")]
        )
        partners.check_access("read")
        # sudo: whoever may make a contact with a customer may log it
        partners = partners.sudo()
        if len(partners) < len(vals_list):
            raise UserError(self.env._("Say with which customer the contact was."))
        profiles = self._get_profiles(partners.commercial_partner_id, company)
        completed = []
        for vals, partner in zip(vals_list, partners, strict=True):
            customer = partner.commercial_partner_id
            contact = partner if not partner.is_company else partner.browse()
            completed.append(
                {
                    "user_id": self.env.uid,
                    "contact_id": contact.id,
                    **vals,
                    "partner_id": customer.id,
                    "profile_id": profiles[customer.id],
                }
            )
        return completed

    @api.model
    def _get_profiles(self, customers, company):
        """Return ``{customer id: profile id}``, adding to the base who is missing."""
        self.env["crm.lifecycle.profile"]._check_company_enabled(company)
        Profile = (
            self.env["crm.lifecycle.profile"].sudo().with_context(active_test=False)
        )
        domain = [
            ("partner_id", "in", customers.ids),
            ("company_id", "=", company.id),
        ]
        found = {
            profile.partner_id.id: profile.id for profile in Profile.search(domain)
        }
        missing = customers.filtered(lambda customer: customer.id not in found)
        if missing:
            self.env["crm.lifecycle.engine"].sudo()._add_profiles(company, missing)
            found = {
                profile.partner_id.id: profile.id for profile in Profile.search(domain)
            }
        for customer in customers:
            if customer.id not in found:
                raise UserError(
                    self.env._(
                        "%(customer)s cannot be in the customer base of %(company)s: "
                        "it is one of your own companies or colleagues, or belongs to "
                        "another company.",
                        customer=customer.display_name,
                        company=company.name,
                    )
                )
        return found

    @api.model
    def _add_profile_to_vals(self, vals_list):
        """What is noted on a touchpoint belongs to the customer it was made with."""
        touchpoints = self.browse(
            [vals["touchpoint_id"] for vals in vals_list if vals.get("touchpoint_id")]
        )
        touchpoints.fetch(["profile_id"])
        return [
            {**vals, "profile_id": self.browse(vals["touchpoint_id"]).profile_id.id}
            if vals.get("touchpoint_id")
            else vals
            for vals in vals_list
        ]

    @api.model
    def _check_moved(self, vals):
        """Refuse to note something on a card that the user may not change: of a change
        Odoo checks only where the record was before."""
        if vals.get("profile_id"):
            profile = self.env["crm.lifecycle.profile"].browse(vals["profile_id"])
            profile.check_access("write")

    def _follow(self):
        """Have everything that counts touchpoints see these."""
        self.flush_recordset()
        engine = self.env["crm.lifecycle.engine"]
        engine._refresh_last_contact(self.profile_id.ids)
        engine._after_sync(set(self.profile_id.ids), at_once=True)
