# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

# A change of these changes which contacts fulfil a rule, or when they are due.
DEFINING_FIELDS = {
    *("category_ids", "channel_ids", "times", "interval_number", "interval_unit"),
    *("direction", "right_person", "kind", "company_id"),
}


class CrmCadenceFollowMixin(models.AbstractModel):
    """Decisions about single customers: their clocks follow at once."""

    _name = "crm.cadence.follow.mixin"
    _description = "Followed by the Contact Clocks"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._follow()
        return records

    def write(self, vals):
        before = self._get_followed_ids()
        res = super().write(vals)
        self._follow(before)
        return res

    def unlink(self):
        before = self._get_followed_ids()
        res = super().unlink()
        self.browse()._follow(before)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        """Without it, what nobody owed then would become a violation."""
        if self.env.su:
            return
        engine = self.env["crm.lifecycle.engine"]
        for record in self.filtered(lambda record: record._is_decided()):
            if record.date_from < engine._today(record.company_id):
                raise UserError(
                    self.env._(
                        "%(customer)s: what has been in force is not deleted, or "
                        "contacts that nobody had to make would count as missed. End "
                        "it instead.",
                        customer=record.profile_id.display_name,
                    )
                )

    def _is_decided(self):
        """Whether it holds: nobody has to decide about it any more."""
        return True

    def _get_followed_ids(self):
        # sudo: whoever may decide it, the clocks are ours
        return set(self.sudo().profile_id.ids)

    def _follow(self, profile_ids=()):
        self.env["crm.lifecycle.engine"].sudo()._follow_cadence(
            self._get_followed_ids().union(profile_ids)
        )


class CrmCadencePause(models.Model):
    _name = "crm.cadence.pause"
    _inherit = ["crm.cadence.pause", "crm.cadence.follow.mixin"]


class CrmCadenceException(models.Model):
    _name = "crm.cadence.exception"
    _inherit = ["crm.cadence.exception", "crm.cadence.follow.mixin"]


class CrmCadenceRule(models.Model):
    """A changed rule concerns everybody under it: the job looks at all."""

    _inherit = "crm.cadence.rule"

    changed_date = fields.Date(
        string="Changed On",
        readonly=True,
        copy=False,
        help="Rows of the ledger closed by then stay as they are.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._follow()
        return rules

    def write(self, vals):
        if not DEFINING_FIELDS.isdisjoint(vals):
            vals = {**vals, "changed_date": fields.Date.context_today(self)}
        if vals.get("active") and "date_start" not in vals:
            # switched on again: nobody owes anything for the time between
            archived = self.filtered(lambda rule: not rule.active)
            super(CrmCadenceRule, archived).write(
                {"date_start": fields.Date.context_today(self)}
            )
        res = super().write(vals)
        self._follow()
        return res

    def unlink(self):
        res = super().unlink()
        self._follow()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        """Who kept the rule, and who did not, must not be lost with it."""
        # sudo: rows of customers the user may not see are kept too
        kept = (
            self.env["crm.cadence.period"]
            .sudo()
            .search(
                [
                    ("rule_id", "in", self.ids),
                    ("state", "in", ("met", "late", "missed")),
                ],
                limit=1,
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(rule)s: the ledger holds what was due under this rule. Archive "
                    "the rule instead of deleting it.",
                    rule=kept.rule_id.name,
                )
            )

    @api.model
    @ormcache()
    def _get_personal_ids(self):
        """Return the ids of the rules that are no mere reminders, archived ones too.

        Cached until a rule changes, which empties the cache.
        """
        # sudo: what is due does not depend on who asks
        rules = self.sudo().with_context(active_test=False)
        return tuple(rules.search([("kind", "=", "personal")], order="id").ids)

    def _follow(self):
        self.env.registry.clear_cache()
        self.env["crm.lifecycle.engine"]._trigger()

    def _get_counted_contacts(self):
        """Return (rule id, channel id, direction) of the contacts that fulfil rules."""
        counted = []
        for rule in self:
            for channel in rule.channel_ids.sorted("id"):
                direction = rule.direction
                if direction == "channel":
                    direction = channel.counted_direction
                counted.append((rule.id, channel.id, "out"))
                if direction == "any":
                    counted.append((rule.id, channel.id, "in"))
        return counted


class CrmTouchpointChannel(models.Model):
    _inherit = "crm.touchpoint.channel"

    def write(self, vals):
        res = super().write(vals)
        if "counted_direction" in vals:
            rules = (
                self.env["crm.cadence.rule"]
                .with_context(active_test=False)
                .search([("channel_ids", "in", self.ids)])
            )
            rules.write({"changed_date": fields.Date.context_today(self)})
        return res
