# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

# Nobody gets a letter for each record: one message tells all. The new one follows the
# documents as ever. Odoo would write the change of each record into its chatter one by
# one, which takes most of the time; a note written for all together says the same, and
# who decided it (``_log_move``).
QUIET = {
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "skip_attendee_notification": True,
    "dont_notify": True,
    "no_mail_to_attendees": True,
}


@dataclass(frozen=True)
class Scope:
    """One sort of records that hang on a user.

    :ivar domain: what is open, without user and company
    :ivar company: path to the company; None: records of no company
    :ivar join: SQL that leads from the record ``t`` to its customer's contact
        ``person``; its commercial partner is the customer
    """

    model: str
    label: str
    domain: list = field(default_factory=list)
    company: str | None = "company_id"
    user_field: str = "user_id"
    company_column: SQL = field(default_factory=lambda: SQL("t.company_id"))
    join: SQL = field(
        default_factory=lambda: SQL(
            "LEFT JOIN res_partner person ON person.id = t.partner_id"
        )
    )


class CrmHandover(models.Model):
    """What can be handed over, and how each sort of records is moved."""

    _inherit = "crm.handover"

    @api.model
    def _get_scopes(self):
        """Return ``{code: Scope}`` in the order in which they are worked off.

        Customers come first: the others follow them. An add-on with records of its own
        adds a line, and what is special about moving them in `_move_records`.
        """
        labels = self._get_scope_labels()
        of_a_card = {
            "company": "profile_id.company_id",
            "company_column": SQL("card.company_id"),
            "join": SQL(
                "JOIN crm_lifecycle_profile card ON card.id = t.profile_id "
                "LEFT JOIN res_partner person ON person.id = card.partner_id"
            ),
        }
        now = fields.Datetime.now()
        return {
            "customer": Scope("crm.lifecycle.profile", labels["customer"]),
            "contact": Scope(
                "res.partner",
                labels["contact"],
                join=SQL("LEFT JOIN res_partner person ON person.id = t.id"),
            ),
            "lead": Scope("crm.lead", labels["lead"], [("won_status", "=", "pending")]),
            "quotation": Scope(
                "sale.order",
                labels["quotation"],
                [("state", "in", ("draft", "sent"))],
            ),
            "meeting": Scope(
                "calendar.event",
                labels["meeting"],
                [("stop", ">", now)],
                company=None,
                company_column=SQL("NULL::int"),
                join=self._sql_customer_of_meeting(),
            ),
            "activity": Scope(
                "mail.activity",
                labels["activity"],
                company=None,
                company_column=SQL("NULL::int"),
                join=self._sql_customer_of_activity(),
            ),
            "promise": Scope(
                "crm.promise",
                labels["promise"],
                [("state", "=", "open")],
                **of_a_card,
            ),
            "winback": Scope(
                "crm.winback.attempt",
                labels["winback"],
                [("state", "in", ("running", "postponed"))],
                **of_a_card,
            ),
        }

    @api.model
    def _get_scope_labels(self):
        return {
            "customer": self.env._("Customers"),
            "contact": self.env._("Contacts: salesperson"),
            "lead": self.env._("Open leads and opportunities"),
            "quotation": self.env._("Quotations"),
            "meeting": self.env._("Future meetings organised"),
            "activity": self.env._("Planned activities"),
            "promise": self.env._("Open promises"),
            "winback": self.env._("Win-back attempts"),
        }

    @api.model
    def _get_scope_of_model(self, model):
        """Return the code of the scope whose records are of a model."""
        scopes = self._get_scopes()
        return next(code for code, scope in scopes.items() if scope.model == model)

    @api.model
    def _sql_customer_of_meeting(self):
        """A meeting is with the customer of its opportunity, or of an attendee."""
        return SQL(
            """
            LEFT JOIN crm_lead deal ON deal.id = t.opportunity_id
            LEFT JOIN LATERAL (
                SELECT guest.id
                  FROM calendar_event_res_partner_rel rel
                  JOIN res_partner guest ON guest.id = rel.res_partner_id
                  JOIN crm_lifecycle_profile card
                    ON card.partner_id = guest.commercial_partner_id
                 WHERE rel.calendar_event_id = t.id
                 ORDER BY guest.id LIMIT 1) guest ON TRUE
            LEFT JOIN res_partner person
              ON person.id = COALESCE(deal.partner_id, guest.id)
            """
        )

    @api.model
    def _sql_customer_of_activity(self):
        """An activity is about the customer of its document."""
        documents = self.env["crm.lifecycle.profile"]._get_activity_paths()
        joins, columns = (
            [],
            [SQL("CASE WHEN t.res_model = 'res.partner' THEN t.res_id END")],
        )
        for number, model in enumerate(documents):
            if model == "res.partner":
                continue
            alias = SQL.identifier(f"document_{number}")
            joins.append(
                SQL(
                    "LEFT JOIN %s AS %s ON %s.id = t.res_id AND t.res_model = %s",
                    SQL.identifier(self.env[model]._table),
                    alias,
                    alias,
                    model,
                )
            )
            columns.append(SQL("%s.partner_id", alias))
        return SQL(
            "%s LEFT JOIN res_partner person ON person.id = COALESCE(%s)",
            SQL(" ").join(joins),
            SQL(", ").join(columns),
        )

    # ------------------------------------------------------------
    # FINDING
    # ------------------------------------------------------------

    def _get_open_domain(self, scope):
        """What of a scope hangs on the user in the chosen companies."""
        domain = Domain(scope.domain) & Domain(
            scope.user_field, "=", self.from_user_id._origin.id
        )
        if scope.company:
            ids = self.company_ids._origin.ids
            if scope.model == "crm.lifecycle.profile":
                # sudo: a switch; a company without a base changes no customers
                ids = self.company_ids._origin.sudo().filtered("lifecycle_enabled").ids
                return domain & Domain(scope.company, "in", ids)
            domain &= Domain(scope.company, "in", [*ids, False])
        return domain

    def _search_scope(self, scope):
        """Return the records of a scope that the deciding user may hand over."""
        Model = self.env[scope.model].with_context(
            allowed_company_ids=self.company_ids._origin.ids
        )
        if not Model.has_access("write"):
            return Model.browse()
        records = Model.search(self._get_open_domain(scope), order="id")
        if scope.model == "calendar.event":
            # a private meeting is nobody else's business
            records = records.filtered(
                lambda event: not event._check_private_event_conditions()
            )
        return records

    def _count_hidden(self, scope, found):
        """How many more records of the user there are, in any company."""
        # sudo: the number of what stays, no record of it
        Model = self.env[scope.model].sudo().with_context(active_test=True)
        domain = Domain(scope.domain) & Domain(
            scope.user_field, "=", self.from_user_id._origin.id
        )
        return max(Model.search_count(domain) - found, 0)

    # ------------------------------------------------------------
    # MOVING
    # ------------------------------------------------------------

    def _move_records(self, lines, records, user, is_return):
        """Make a user answer for records of one model; Odoo's own logic runs.

        :param lines: the lines of these records
        :param records: as the deciding user
        """
        model = records._name
        if model == "crm.lifecycle.profile":
            self._move_customers(lines, records, user, is_return)
        elif model == "calendar.event":
            self._move_meetings(lines, records, user, is_return)
        else:
            field_name = self._get_scopes()[self._get_scope_of_model(model)].user_field
            records.write({field_name: user.id})
            if model in ("crm.lead", "sale.order"):
                self._log_move(lines, records, user, is_return)

    def _log_move(self, lines, documents, user, is_return):
        """Say in the chatter who had the documents and who has them: one statement."""
        gone = lines.new_user_id if is_return else lines.old_user_id
        body = self.env._(
            "Hand-over: %(old)s → %(new)s. %(reason)s",
            old=", ".join(gone.mapped("name")),
            new=user.name,
            reason=self.reason or "",
        )
        documents._message_log_batch(bodies=dict.fromkeys(documents.ids, body))

    def _move_customers(self, lines, profiles, user, is_return):
        """Customers, with the history of responsibles and the introductions."""
        profiles.assign_responsible(user.id)
        reason = self.reason or ""
        if is_return:
            reason = self.env._("Return: %(reason)s", reason=reason)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lifecycle_responsible SET handover_id = %s, reason = %s "
                "WHERE profile_id = ANY(%s) AND user_id = %s AND date_to IS NULL",
                self.id,
                reason or None,
                profiles.ids,
                user.id,
            )
        )
        if is_return:
            # sudo: the open introductions this very hand-over planned
            lines.sudo().activity_id.filtered("active").unlink()
        else:
            self._plan_introductions(lines, profiles, user)

    def _move_meetings(self, lines, events, user, is_return):
        """The organiser changes, and with him who attends for us; guests get no letter:
        time and place stay."""
        by_event = {line.res_id: line for line in lines}
        for event in events:
            line = by_event[event.id]
            gone, came = event.user_id.partner_id, user.partner_id
            commands = []
            # whoever was invited beside the organiser stays invited
            if gone in event.partner_ids and (not is_return or line.joined):
                commands.append(Command.unlink(gone.id))
            line.joined = came not in event.partner_ids
            if line.joined:
                commands.append(Command.link(came.id))
            values = {"user_id": user.id}
            if commands:
                values["partner_ids"] = commands
            event.write(values)

    def _plan_introductions(self, lines, profiles, user):
        """Plan the first contact of the new responsible with the customers."""
        if self.introduce == "none":
            return
        if self.introduce == "important":
            profiles = profiles.filtered(
                lambda p: p.is_vip or p.is_key_account or p.abc_class in ("a", "b")
            )
        by_profile = {line.res_id: line for line in lines}
        profiles = profiles.filtered(lambda p: not p.is_excluded)
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        partner_model = self.env["ir.model"]._get_id("res.partner")
        engine = self.env["crm.lifecycle.engine"]
        language = self.with_context(lang=user.lang)
        activities = self.env["mail.activity"].create(
            [
                {
                    "res_model_id": partner_model,
                    "res_id": profile.partner_id.id,
                    "activity_type_id": todo.id if todo else False,
                    "user_id": user.id,
                    "automated": True,
                    "summary": language.env._(
                        "Introduce yourself: you answer for this customer now"
                    ),
                    "date_deadline": fields.Date.add(
                        engine._today(profile.company_id), days=self.first_contact_days
                    ),
                }
                for profile in profiles
            ]
        )
        for profile, activity in zip(profiles, activities, strict=True):
            by_profile[profile.id].activity_id = activity
