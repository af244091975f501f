# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

STATES = [
    ("nominated", "Nominated"),
    ("running", "In Programme"),
    ("review", "Under Review"),
    ("left", "Left the Programme"),
    ("refused", "Refused"),
]
PROGRAMME_STATES = ("running", "review")
OPEN_STATES = ("nominated", *PROGRAMME_STATES)
# Written by the actions alone
PROTECTED_FIELDS = {
    *("profile_id", "state", "nominated_by_id", "nominated_date"),
    *("approved_by_id", "approved_date", "date_end", "ended_by_id"),
}


class CrmKeyAccount(models.Model):
    """A customer's way through the key account programme.

    Somebody nominates the customer, a leader of a sales team or a sales manager
    approves, and later it leaves; a second time is a second record. While the add-on
    is installed, the flag on the customer's card says whether there is a record in
    the programme, and nothing else sets it (``crm.lifecycle.profile``).
    """

    _name = "crm.key.account"
    _inherit = ["lifecycle.export.mixin"]
    _description = "Key Account"
    _order = "state, id desc"
    _rec_name = "partner_id"

    profile_id = fields.Many2one(
        comodel_name="crm.lifecycle.profile",
        string="Customer Card",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(
        related="profile_id.partner_id", string="Customer", related_sudo=True
    )
    company_id = fields.Many2one(related="profile_id.company_id", related_sudo=True)
    currency_id = fields.Many2one(related="company_id.currency_id", related_sudo=True)
    stage_id = fields.Many2one(related="profile_id.stage_id", related_sudo=True)
    category_id = fields.Many2one(related="profile_id.category_id", related_sudo=True)
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="nominated", index=True
    )
    reason = fields.Char(
        required=True,
        string="Why a Key Account",
        help="What the customer does for our goals, opportunities and resources.",
    )
    despite_reason = fields.Char(
        string="Why Despite",
        help="Key accounts are chosen among proven partners and VIPs. Why this "
        "customer although it is neither?",
    )
    is_eligible = fields.Boolean(
        string="Proven Partner or VIP", compute="_compute_is_eligible"
    )
    nominated_by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        ondelete="set null",
        default=lambda self: self.env.uid,
    )
    nominated_date = fields.Date(readonly=True)
    approved_by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        ondelete="set null",
    )
    approved_date = fields.Date(
        string="In Programme Since", readonly=True, help="The day of the approval."
    )
    date_end = fields.Date(readonly=True)
    ended_by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        ondelete="set null",
    )
    end_reason = fields.Char(
        string="Why Not (Any More)",
        help="Why the nomination was refused, or why the customer left the programme.",
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Key Account Manager",
        ondelete="set null",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Everybody in the company may see who manages a key account.",
    )
    sponsor_id = fields.Many2one(
        comodel_name="res.users",
        ondelete="set null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who in the management opens doors and stands for the account.",
    )
    member_ids = fields.One2many(
        comodel_name="crm.key.account.member", inverse_name="key_id", string="Team"
    )
    successor_ids = fields.One2many(
        comodel_name="crm.key.account.successor",
        inverse_name="key_id",
        string="Bench of Successors",
        help="Customers who could take this place if the account leaves us.",
    )
    account_ids = fields.Many2many(
        comodel_name="crm.lifecycle.profile",
        relation="crm_key_account_profile_rel",
        column1="key_id",
        column2="profile_id",
        string="Other Accounts of the Group",
        domain="[('company_id', '=', company_id), ('id', '!=', profile_id)]",
        help="Subsidiaries, plants, shops that are customers of their own. The figures "
        "of the group are the sums of its accounts.",
    )
    note = fields.Html(string="Notes")

    _open_unique = models.UniqueIndex(
        "(profile_id) WHERE state IN ('nominated', 'running', 'review')",
        "This customer is nominated or in the programme already: open that record.",
    )

    # ------------------------------------------------------------
    # COMPUTE AND CHECKS
    # ------------------------------------------------------------

    @api.depends("profile_id")
    def _compute_is_eligible(self):
        for key in self:
            # sudo: how far the customer has come, whoever of the team asks
            profile = key.profile_id.sudo()
            key.is_eligible = bool(profile) and profile._is_eligible("mark_key")

    @api.onchange("profile_id")
    def _onchange_profile_id(self):
        if self.profile_id and not self.manager_id:
            self.manager_id = self.profile_id.user_id

    @api.constrains("manager_id", "state")
    def _check_cap(self):
        """Nobody manages more key accounts than the company allows."""
        for company, keys in self.grouped("company_id").items():
            cap = company.sudo().lifecycle_key_cap  # a setting, whoever asks
            managers = keys.filtered(lambda k: k.state in PROGRAMME_STATES).manager_id
            if not cap or not managers:
                continue
            # sudo: the limit counts accounts the user may not see
            for manager, count in self.sudo()._count_managed(company, managers).items():
                if count > cap:
                    raise ValidationError(
                        self.env._(
                            "%(manager)s would manage %(count)s key accounts, and "
                            "%(cap)s are allowed. Choose another manager, or change "
                            "the limit in the settings.",
                            manager=manager.name,
                            count=count,
                            cap=cap,
                        )
                    )

    @api.model
    def _count_managed(self, company, managers):
        """Return ``{manager: key accounts in the programme}``."""
        return dict(
            self._read_group(
                [
                    ("profile_id.company_id", "=", company.id),
                    ("state", "in", PROGRAMME_STATES),
                    ("manager_id", "in", managers.ids),
                ],
                ["manager_id"],
                ["__count"],
            )
        )

    @api.constrains("manager_id", "sponsor_id", "profile_id")
    def _check_people(self):
        labels = self.fields_get(["manager_id", "sponsor_id"], ["string"])
        for key in self:
            for name in labels:
                if key[name]:
                    key.profile_id._check_user(
                        key[name], key.company_id, labels[name]["string"]
                    )

    @api.constrains("account_ids", "profile_id", "state")
    def _check_accounts(self):
        """An account belongs to one group, or figures would be counted twice."""
        for key in self.filtered(lambda one: one.state in OPEN_STATES):
            accounts = key.sudo().account_ids  # also those of colleagues
            if accounts.company_id - key.sudo().company_id:
                raise ValidationError(
                    self.env._("The accounts of a group are customers of one company.")
                )
            if key.profile_id in accounts:
                raise ValidationError(
                    self.env._("The main account is part of its group anyway.")
                )
            other = self.sudo().search(
                [
                    ("id", "!=", key.id),
                    ("state", "in", OPEN_STATES),
                    ("account_ids", "in", accounts.ids),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(account)s belongs to the group of %(key)s already.",
                        account=(other.account_ids & accounts)[:1].display_name,
                        key=other.display_name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            own = PROTECTED_FIELDS - {"profile_id"}
            vals_list = [
                {name: value for name, value in vals.items() if name not in own}
                for vals in vals_list
            ]
        keys = super().create(vals_list)
        for key in keys:
            if not key.nominated_date:
                # sudo: past our own write, which keeps people from this column
                key.sudo().nominated_date = key.profile_id._company_today(
                    key.company_id
                )
        if not self.env.su:
            keys.profile_id.check_access("read")
            keys._check_nomination()
        keys._show_manager()
        return keys

    def write(self, vals):
        if not self.env.su and not PROTECTED_FIELDS.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "The way through the programme is changed by its buttons: Approve, "
                    "Refuse, Leave the Programme."
                )
            )
        if not {"manager_id", "sponsor_id"}.isdisjoint(vals):
            self._check_may_appoint()
        res = super().write(vals)
        if "manager_id" in vals:
            self._show_manager()
        return res

    def copy_data(self, default=None):
        raise UserError(
            self.env._("A key account cannot be duplicated: nominate the customer.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if self.filtered(lambda key: key.state != "nominated"):
            raise UserError(
                self.env._(
                    "Only nominations can be deleted: the way through the programme "
                    "is the customer's history. Use Leave the Programme."
                )
            )

    def _check_may_appoint(self):
        """Manager and sponsor of an account in the programme come from above."""
        running = self.filtered(lambda key: key.state in PROGRAMME_STATES)
        if running and not running.profile_id._is_leader_or_manager():
            raise AccessError(
                self.env._(
                    "Manager and sponsor of a key account are appointed by leaders of "
                    "a sales team and by sales managers."
                )
            )

    def _show_manager(self):
        """Put the manager on the card, where every colleague may see who it is."""
        for manager, keys in (
            self.filtered(lambda one: one.state in PROGRAMME_STATES)
            .grouped("manager_id")
            .items()
        ):
            # sudo: that the account has this manager is decided here
            keys.profile_id.sudo()._write_people({"key_manager_id": manager.id or None})
            self.env["res.partner"]._invalidate_lifecycle_fields()
