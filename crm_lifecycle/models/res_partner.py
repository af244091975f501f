# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, Query


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "crm.lifecycle.customer.mixin"]

    lifecycle_language_ids = fields.Many2many(
        comodel_name="res.lang",
        relation="crm_lifecycle_partner_lang_rel",
        column1="partner_id",
        column2="lang_id",
        string="Speaks",
        context={"active_test": False},
        groups="base.group_user",
        help="Languages one can talk in; the field Language is that of letters.",
    )
    lifecycle_best_hours_ids = fields.One2many(
        comodel_name="crm.lifecycle.best.hours",
        inverse_name="partner_id",
        string="Best Hours",
        groups="base.group_user",
        help="When the person is best reached, in the person's own time.",
    )
    lifecycle_best_hours_text = fields.Char(
        string="Best Hours in Words",
        compute="_compute_lifecycle_best_hours_text",
        groups="base.group_user",
    )
    lifecycle_fact_ids = fields.One2many(
        comodel_name="crm.lifecycle.fact",
        inverse_name="partner_id",
        string="Informal Facts",
        search="_search_lifecycle_fact_ids",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends(
        "lifecycle_best_hours_ids.channel",
        "lifecycle_best_hours_ids.days",
        "lifecycle_best_hours_ids.hour_from",
        "lifecycle_best_hours_ids.hour_to",
    )
    @api.depends_context("lang")
    def _compute_lifecycle_best_hours_text(self):
        for partner in self:
            partner.lifecycle_best_hours_text = "; ".join(
                partner.lifecycle_best_hours_ids.mapped("display_name")
            )

    @api.model
    def _search_lifecycle_fact_ids(self, operator, value):
        """Find persons by the facts that the user may see.

        The ORM itself looks for "is set" and for ids with all rights, which would tell
        what is known about a colleague's customers.
        """
        Fact = self.env["crm.lifecycle.fact"]
        if operator in ("any", "any!"):
            domain = Domain("id", "in", value) if isinstance(value, Query) else value
        elif operator == "in":
            ids = {id_ for id_ in value if id_}
            if False in value:
                none = ~self._search_lifecycle_fact_ids("any", Domain.TRUE)
                return none | Domain("lifecycle_fact_ids", "in", ids) if ids else none
            domain = Domain("id", "in", ids)
        elif operator.startswith("not"):
            return NotImplemented  # the ORM inverts the positive one
        else:
            domain = Domain("display_name", operator, value)
        facts = Fact._search(Domain(domain), bypass_access=operator == "any!")
        persons = facts.subselect(Fact._field_to_sql(facts.table, "partner_id", facts))
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, "id", query), persons
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        self.env["crm.lifecycle.event"]._gather(
            [partner.id for partner in partners if partner.customer_rank]
        )
        return partners

    def write(self, vals):
        res = super().write(vals)
        if "user_id" in vals:
            self.env["crm.lifecycle.profile"]._responsible_from_partner(self)
        if "parent_id" in vals or "is_company" in vals:
            # The customer of leads and documents of these contacts may be another.
            self._invalidate_lifecycle_fields()
        return res

    def unlink(self):
        # Sudo: whoever may delete a contact need not see the account it belongs to, nor
        # the contacts of an account, which are customers of their own without it.
        contacts = self.sudo().with_context(active_test=False)
        orphans = contacts._search([("commercial_partner_id", "in", self.ids)])
        customers = contacts.commercial_partner_id.ids
        self.env["crm.lifecycle.event"]._gather([*customers, *orphans])
        return super().unlink()

    def _write_multi(self, vals_list):
        moved, touched = {}, []
        for id_, vals in zip(self._ids, vals_list, strict=True):
            if vals.get("commercial_partner_id"):
                moved[id_] = vals["commercial_partner_id"]
            if "active" in vals or "company_id" in vals or vals.get("customer_rank"):
                touched.append(id_)
        if moved:
            touched += self._get_lifecycle_moved(moved)
        self.env["crm.lifecycle.event"]._gather(touched)
        return super()._write_multi(vals_list)

    @api.model
    def _get_lifecycle_moved(self, moved):
        """Return the contacts that change customers, with their old and new customer.

        :param dict moved: ``{contact: new customer}``, not yet in the database; new
            contacts are among them, and they have no past
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id, commercial_partner_id FROM res_partner "
                "WHERE id = ANY(%s) AND commercial_partner_id IS NOT NULL",
                list(moved),
            )
        )
        return [
            concerned
            for id_, old in rows
            if old != moved[id_]
            for concerned in (id_, old, moved[id_])
        ]

    # ------------------------------------------------------------
    # PRIVATE DATA
    # ------------------------------------------------------------

    def action_erase_lifecycle_person(self):
        """Erase what the customer base knows about these persons, on their request.

        For sales managers. In every company; of a customer also what is known about
        the contacts under it.

        :return: a notification that says how many entries were erased
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers can erase data about persons.")
            )
        self.check_access("write")
        persons = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s entries about %(names)s erased.",
                    count=persons._erase_lifecycle_person(),
                    names=", ".join(self[:5].mapped("display_name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _erase_lifecycle_person(self):
        """Delete what is private about these persons; return the number of entries.

        An add-on that keeps more extends this method.
        """
        # sudo: a request to be forgotten concerns every company, whoever carries it out
        facts = self.env["crm.lifecycle.fact"].sudo()
        facts = facts.search([("partner_id", "in", self.ids)])
        hours = self.sudo().lifecycle_best_hours_ids
        count = len(facts) + len(hours)
        facts.unlink()
        hours.unlink()
        return count
