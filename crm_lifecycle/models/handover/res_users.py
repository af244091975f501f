# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import RedirectWarning
from odoo.fields import Domain


class ResUsers(models.Model):
    """Nobody leaves with customers on his name unnoticed."""

    _inherit = "res.users"

    def action_archive(self):
        """Ask for a hand-over first: Odoo deletes the activities of who leaves.

        The context key ``lifecycle_archive_anyway`` insists.

        :raise RedirectWarning: customers or planned work hang on these users
        """
        if not self.env.context.get("lifecycle_archive_anyway"):
            leaving = self.filtered(
                lambda user: user.active and not user.share and user._count_hanging()
            )
            if leaving:
                raise leaving._prepare_archive_warning()
        return super().action_archive()

    def write(self, vals):
        """Customers left behind by a bare change of the field raise an alert."""
        leaving = self.browse()
        if "active" in vals and not vals["active"]:
            leaving = self.filtered(lambda user: user.active and not user.share)
        res = super().write(vals)
        for user in leaving:
            user._alert_orphans()
        return res

    # ------------------------------------------------------------
    # WHAT HANGS ON SOMEBODY
    # ------------------------------------------------------------

    def _count_hanging(self):
        """Return ``{scope: number}`` of what hangs on the user, without what does
        not; contacts alone stop nobody, since no work is planned with them."""
        self.ensure_one()
        counts = {}
        for code, scope in self.env["crm.handover"]._get_scopes().items():
            if code == "contact":
                continue
            # sudo: numbers, for whoever may archive users
            Model = self.env[scope.model].sudo()
            domain = Domain(scope.domain) & Domain(scope.user_field, "=", self.id)
            if code == "customer":
                domain &= Domain("company_id.lifecycle_enabled", "=", True)
            number = Model.search_count(domain)
            if number:
                counts[code] = number
        return counts

    def _describe_hanging(self):
        """Return the counts as words: Customers: 12, Quotations: 3."""
        labels = self.env["crm.handover"]._get_scopes()
        return ", ".join(
            self.env._("%(what)s: %(count)s", what=labels[code].label, count=count)
            for code, count in self._count_hanging().items()
        )

    def _prepare_archive_warning(self):
        lines = [
            self.env._("%(user)s – %(what)s", user=user.name, what=what)
            for user in self
            if (what := user._describe_hanging())
        ]
        action = self.env.ref("crm_lifecycle.crm_handover_archive_action")
        return RedirectWarning(
            self.env._(
                "Work still hangs on whom you archive, and Odoo would delete the "
                "planned activities:\n%(lines)s",
                lines="\n".join(lines),
            ),
            action.id,
            self.env._("Hand Over or Archive Anyway"),
            {"default_user_ids": self.ids},
        )

    # ------------------------------------------------------------
    # ALERT
    # ------------------------------------------------------------

    def _alert_orphans(self):
        """Plan a hand-over for a manager when customers are left to nobody."""
        self.ensure_one()
        # sudo: whoever may archive users need not see their customers
        Profile = self.env["crm.lifecycle.profile"].sudo()
        count = Profile.search_count(
            [("user_id", "=", self.id), ("company_id.lifecycle_enabled", "=", True)]
        )
        manager = count and self._get_orphan_manager()
        if not manager:
            return
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        reader = self.with_context(lang=manager.lang)
        # sudo: the alert is planned on the contact of the user who left
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.partner_id.id,
                "activity_type_id": todo.id if todo else False,
                "user_id": manager.id,
                "automated": True,
                "date_deadline": fields.Date.context_today(self),
                "summary": reader.env._(
                    "%(user)s: customers without an active responsible: %(count)s. "
                    "Hand them over",
                    count=count,
                    user=self.name,
                ),
            }
        )

    @api.model
    def _is_sales_manager(self, user):
        return user.active and user.has_group("sales_team.group_sale_manager")

    def _get_orphan_manager(self):
        """Who sees to it: whoever archives, the team's leader, or any manager; hand-
        overs are for sales managers."""
        for user in (self.env.user, self.sudo().sale_team_id.user_id):
            if user != self and self._is_sales_manager(user):
                return user
        group = self.env.ref("sales_team.group_sale_manager")
        # sudo: whom to tell
        return self.sudo().search(
            [
                ("all_group_ids", "in", group.id),
                ("share", "=", False),
                ("company_ids", "in", self.company_ids.ids),
                ("id", "!=", self.id),
            ],
            order="id",
            limit=1,
        )
