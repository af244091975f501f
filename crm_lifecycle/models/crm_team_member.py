# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        self.env["crm.lifecycle.profile"]._follow_teams(members.user_id)
        return members

    def write(self, vals):
        users = self.user_id
        res = super().write(vals)
        if {"user_id", "crm_team_id", "active"} & set(vals):
            self.env["crm.lifecycle.profile"]._follow_teams(users | self.user_id)
        return res

    def unlink(self):
        users = self.user_id
        res = super().unlink()
        self.env["crm.lifecycle.profile"]._follow_teams(users)
        return res
