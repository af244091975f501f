# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

# A change of these changes who is the right person to speak with
RIGHT_FIELDS = frozenset(
    {"role_ids", "contact_id", "profile_id", "lead_id", "date_to", "takes_part"}
)


class CrmLifecycleEngine(models.AbstractModel):
    """Tells the contact regulation who decides."""

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _sql_right_people(self):
        """Deciders and inside champions who are still there."""
        self.env["crm.dmu.member"].flush_model()
        self.env["res.partner"].flush_model(["active", "commercial_partner_id"])
        known = super()._sql_right_people()
        deciding = SQL(
            """
            SELECT m.profile_id, m.contact_id AS partner_id
              FROM crm_dmu_member m
              JOIN crm_lifecycle_profile card ON card.id = m.profile_id
              JOIN res_partner person ON person.id = m.contact_id
             WHERE m.lead_id IS NULL AND (m.is_decider OR m.is_champion)
               AND m.date_to IS NULL AND person.active
               AND person.commercial_partner_id = card.partner_id
            """
        )
        return SQL("%s UNION ALL %s", known, deciding) if known else deciding


class CrmDmuMember(models.Model):
    _inherit = "crm.dmu.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._follow_right_people()
        return members

    def write(self, vals):
        before = self.profile_id.ids
        res = super().write(vals)
        if not RIGHT_FIELDS.isdisjoint(vals):
            self._follow_right_people(before)
        return res

    def unlink(self):
        profile_ids = self.profile_id.ids
        res = super().unlink()
        self._follow_right_people(profile_ids)
        return res

    def _follow_right_people(self, profile_ids=()):
        """Have the clocks of rules follow that ask for a talk with a decider.

        :param profile_ids: cards these people were on before
        """
        # sudo: who asks for what is no secret, and the clocks are the engine's
        rules = self.env["crm.cadence.rule"].sudo()
        if not rules.search_count([("right_person", "=", True)], limit=1):
            return
        self.env.flush_all()
        ids = {*profile_ids, *self.exists().profile_id.ids}
        self.env["crm.lifecycle.engine"].sudo()._follow_cadence(ids)


class CrmDmuRole(models.Model):
    _inherit = "crm.dmu.role"

    def write(self, vals):
        """Who plays the role decides now, or does so no longer."""
        res = super().write(vals)
        if not {"is_decider", "is_champion"}.isdisjoint(vals):
            # sudo: the people in the role, whoever may see them
            members = self.env["crm.dmu.member"].sudo()
            members.search([("role_ids", "in", self.ids)])._follow_right_people()
        return res


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Who is archived decides nothing any more."""
        res = super().write(vals)
        if "active" in vals:
            # sudo: the people they are on the map, whoever may see it
            members = self.env["crm.dmu.member"].sudo()
            members = members.search([("contact_id", "in", self.ids)])
            if members:
                members._follow_right_people()
        return res
