# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

# So many lines fit on a manager's page; of all violations no more are printed.
PAGE_LINES = 28
PRINTED_STATES = ("overdue", "today")


class CrmCadenceControl(models.Model):
    """The report on paper, one page for each responsible."""

    _inherit = "crm.cadence.control"

    def action_print_violations(self):
        """Print what is overdue or due today: a page for each responsible, the worst
        lines of all customers the user sees in the chosen companies."""
        report = self.env.ref("crm_lifecycle.crm_cadence_control_report_action")
        return report.report_action(None, data={"violations": True}, config=False)

    @api.model
    def _get_printed_groups(self, domain, limit=None):
        """Return the pages.

        :param int limit: lines of a page; None: all
        :return: list of dicts: ``user`` (may be empty), ``lines`` (rows, worst first),
            ``more`` (how many are not printed), ``violations`` and ``customers``
            (numbers), by the number of violations
        """
        groups = self._read_group(
            domain,
            ["user_id"],
            ["__count", "violation_count:sum", "late_customer_count:sum"],
        )
        pages = []
        for user, count, violations, customers in groups:
            lines = self.search([*domain, ("user_id", "=", user.id)], limit=limit)
            pages.append(
                {
                    "user": user.sudo(),
                    "lines": lines,
                    "more": count - len(lines),
                    "violations": violations,
                    "customers": customers,
                }
            )
        return sorted(pages, key=lambda page: -page["violations"])


class ReportContactControl(models.AbstractModel):
    """Pages of the printed control report."""

    _name = "report.crm_lifecycle.report_contact_control"
    _description = "Printed Contact Control"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Print the chosen rows, or without any the violations of everybody."""
        Control = self.env["crm.cadence.control"]
        if docids:
            pages = Control._get_printed_groups([("id", "in", docids)])
        else:
            pages = Control._get_printed_groups(
                [("state", "in", PRINTED_STATES)], limit=PAGE_LINES
            )
        channels = self._get_printed_channels(pages)
        return {
            "doc_model": Control._name,
            "docs": Control.browse(docids),
            "company": self.env.company,
            "pages": pages,
            "channels": channels,
            "today": fields.Date.context_today(Control),
        }

    @api.model
    def _get_printed_channels(self, pages):
        """A column for each channel that the rules of the printed lines ask for, and
        for each other one that was used with these customers."""
        lines = self.env["crm.cadence.control"].union(
            *(page["lines"] for page in pages)
        )
        used = {
            contact["channel_id"]
            for line in lines
            for contact in line.last_contacts or ()
        }
        Channel = self.env["crm.touchpoint.channel"].with_context(active_test=False)
        return Channel.browse(used | set(lines.rule_id.channel_ids.ids)).sorted(
            lambda channel: (channel.sequence, channel.id)
        )
