# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CrmDmuMember(models.Model):
    """What a unit may hold, and who may write it."""

    _inherit = "crm.dmu.member"

    @api.constrains("contact_id", "profile_id")
    def _check_contact(self):
        """A person of the account.

        Checked when somebody is entered; a contact that moves to another account later
        has left, and stays in the history.
        """
        for member in self.sudo():  # sudo: contacts that the user may not read
            contact, customer = member.contact_id, member.partner_id
            if contact.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(customer)s. Choose a contact "
                        "of this customer, or create one.",
                        person=contact.display_name,
                        customer=customer.display_name,
                    )
                )
            if contact.is_company and contact == customer:
                raise ValidationError(
                    self.env._(
                        "%(customer)s is the customer as a whole: choose a person who "
                        "works there.",
                        customer=customer.display_name,
                    )
                )

    @api.constrains("parent_id", "profile_id", "lead_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "Reporting lines cannot go in a circle: somebody would report to "
                    "their own report."
                )
            )
        for member in self:
            parent = member.parent_id
            if parent and parent.profile_id != member.profile_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot report to %(other)s, who belongs to another "
                        "customer.",
                        person=member.display_name,
                        other=parent.display_name,
                    )
                )
            if parent.lead_id and parent.lead_id != member.lead_id:
                raise ValidationError(
                    self.env._(
                        "%(other)s takes part in one opportunity only: %(person)s "
                        "cannot report to this entry.",
                        person=member.display_name,
                        other=parent.display_name,
                    )
                )

    @api.constrains("lead_id", "profile_id")
    def _check_lead(self):
        for member in self.sudo():  # sudo: an opportunity somebody else works on
            lead = member.lead_id
            if lead and lead.partner_id.commercial_partner_id != member.partner_id:
                raise ValidationError(
                    # without its name, which may be hidden from the user
                    self.env._(
                        "The opportunity is not one of %(customer)s.",
                        customer=member.partner_id.display_name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """In the unit of an opportunity, somebody added belongs to it alone."""
        values = super().default_get(fields)
        lead_id = values.get("lead_id") or self.env.context.get("dmu_lead_id")
        if lead_id and "lead_id" in fields:
            lead = self.env["crm.lead"].browse(lead_id)
            values["lead_id"] = lead.id
            values.setdefault("profile_id", lead.lifecycle_profile_id.id)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Without a card given, the person's customer in this company is meant."""
        vals_list = [self._add_guess_date(vals) for vals in vals_list]
        self._check_may_name(vals_list)
        # Whoever left in this transaction makes room for the same person again
        self.flush_model(["profile_id", "contact_id", "lead_id", "date_to"])
        return super().create(self._complete_profiles(vals_list))

    @api.model
    def _check_may_name(self, vals_list):
        """Refuse persons the user may not see: the name would show, also in what a
        check says."""
        ids = {vals["contact_id"] for vals in vals_list if vals.get("contact_id")}
        self.env["res.partner"].browse(ids).check_access("read")

    @api.model
    def _complete_profiles(self, vals_list):
        homeless = [vals for vals in vals_list if not vals.get("profile_id")]
        if not homeless:
            return vals_list
        contacts = self.env["res.partner"].browse(
            [vals["contact_id"] for vals in homeless if vals.get("contact_id")]
        )
        # sudo: whose person a contact is that the user may read
        customers = contacts.sudo().commercial_partner_id
        profiles = self.env["crm.touchpoint"]._get_profiles(customers, self.env.company)
        completed = []
        for vals in vals_list:
            if not vals.get("profile_id") and vals.get("contact_id"):
                contact = contacts.sudo().browse(vals["contact_id"])
                customer = contact.commercial_partner_id
                vals = {**vals, "profile_id": profiles[customer.id]}
            completed.append(vals)
        return completed

    def write(self, vals):
        self.env["crm.touchpoint"]._check_moved(vals)
        self._check_may_name([vals])
        return super().write(self._add_guess_date(vals))

    @api.model
    def _add_guess_date(self, vals):
        """A guess is one of its day."""
        if vals.get("is_guess") and not vals.get("guess_date"):
            today = self.env["crm.lifecycle.engine"]._today(self.env.company)
            vals = {**vals, "guess_date": today}
        return vals

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "One person has one entry: add another person, or enter what is "
                "different in one opportunity there."
            )
        )

    # ------------------------------------------------------------
    # ONE OPPORTUNITY
    # ------------------------------------------------------------

    def _prepare_lead_vals(self, lead):
        """Return the values of an entry for one opportunity, as the account has it."""
        self.ensure_one()
        # past our own refusal to copy
        # pylint: disable-next=super-method-mismatch
        values = super().copy_data()[0]
        for name in ("date_from", "date_to", "child_ids", "step_ids"):
            values.pop(name, None)
        return {**values, "lead_id": lead.id, "parent_id": self.parent_id.id}

    def action_differ(self):
        """Open what is different about this person in the opportunity at hand.

        The opportunity comes from the context key ``dmu_lead_id``.
        """
        self.ensure_one()
        lead = self.env["crm.lead"].browse(self.env.context.get("dmu_lead_id"))
        if not lead.exists():
            raise UserError(
                self.env._("Open the people of an opportunity to say what differs.")
            )
        own = self if self.lead_id == lead else self._get_own_entry(lead)
        if not own:
            own = self.create([self._prepare_lead_vals(lead)])
        return own._prepare_form_action()

    def _get_own_entry(self, lead):
        return self.search(
            [("lead_id", "=", lead.id), ("contact_id", "=", self.contact_id.id)],
            limit=1,
        )

    def _prepare_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_leave(self):
        """End the membership of these people today; the past keeps them."""
        for company, members in self.grouped("company_id").items():
            today = self.env["crm.lifecycle.engine"]._today(company)
            for member in members:
                member.date_to = max(today, member.date_from or today)
        return True
