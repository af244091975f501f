# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

DEFERRED_KEY = "crm_lifecycle_deferred"


class DeferredProfiles(list):
    """Profiles whose recomputation waits until the whole import is written.

    Carried in the context under ``DEFERRED_KEY``. Only an instance of this class
    counts, which no client can send: what arrives by RPC is a plain list.
    """


class CrmLifecycleProfile(models.Model):
    _inherit = "crm.lifecycle.profile"

    # ------------------------------------------------------------
    # WHAT MAY BE WRITTEN, AND HOW
    # ------------------------------------------------------------

    @api.model
    def _get_fields_written_directly(self):
        """Return the fields that lists, forms, RPC and imports may write.

        An add-on that puts fields of its own on the profile adds their names.
        """
        return {"user_id"} | {
            name for name, field in self._fields.items() if field.manual
        }

    @api.model
    def _get_import_fields(self):
        """Return the columns an import may carry beside the directly written ones."""
        return {
            *("is_vip", "vip_sponsor_id", "vip_reason", "vip_review_date"),
            *("potential_amount", "potential_date", "potential_source"),
            *("potential_confidence", "potential_class_manual"),
        }

    @api.model
    def _get_action_labels(self):
        """Return ``{field: action}`` for the fields that an action of people sets."""
        name_vip = self.env._("Name VIP / Withdraw VIP")
        mark_key = self.env._("Mark Key Account / Unmark Key Account")
        declare = self.env._("Declare Lost / Return to the Base")
        hold = self.env._("Hold the Stage / Release the Hold")
        agreed = self.env._("Set Agreed / Clear Agreed")
        potential = self.env._("Set the Potential / Clear the Potential")
        exclude = self.env._("Exclude from the Base / Include Again")
        stages = self.env._("Hold the Stage, Name VIP, Mark Key Account, Declare Lost")
        by_prefix = {
            "vip_": name_vip,
            "key_": mark_key,
            "lost_": declare,
            "hold_": hold,
            "agreed_": agreed,
            "potential_": potential,
            "exclude_": exclude,
        }
        labels = {
            name: label
            for name in self._fields
            for prefix, label in by_prefix.items()
            if name.startswith(prefix)
        }
        return {
            **labels,
            "is_vip": name_vip,
            "is_key_account": mark_key,
            "is_agreed": agreed,
            "is_excluded": exclude,
            "stage_id": stages,
            "team_id": self.env._("Assign a Responsible"),
            "active": self.env._("Archive, on the contact"),
        }

    def _raise_protected(self, names):
        """Refuse a direct write, naming the action that does it properly."""
        labels = self._get_action_labels()
        name = next((name for name in names if name in labels), names[0])
        field = self._fields.get(name)
        label = field._description_string(self.env) if field else name
        if name in labels:
            raise UserError(
                self.env._(
                    "The field “%(field)s” of a customer profile cannot be written "
                    "directly. Use the action: %(action)s.",
                    field=label,
                    action=labels[name],
                )
            )
        raise UserError(
            self.env._(
                "The field “%(field)s” of a customer profile cannot be written: it is "
                "computed from the customer's documents. Use the action: "
                "Recompute Now.",
                field=label,
            )
        )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refuse: profiles are written by the engine, which knows who has one."""
        raise UserError(
            self.env._(
                "Customer profiles are not created directly: they follow from "
                "quotations, orders, invoices and leads. For a customer without any, "
                "use the action: Add to the Base."
            )
        )

    def write(self, vals):
        """Let through what is written directly; the rest has an action of its own."""
        free = self._get_fields_written_directly()
        refused = [name for name in vals if name not in free]
        if refused:
            self._raise_protected(refused)
        vals = dict(vals)
        if "user_id" in vals:
            self.assign_responsible(vals.pop("user_id"))
        return super().write(vals) if vals else True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(
            self.env._(
                "Customer profiles cannot be deleted: they keep the customer's "
                "history. Use the action: Exclude from the Base. Deleting the contact "
                "deletes its profiles."
            )
        )

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "A customer profile cannot be duplicated: there is one for each "
                "customer and company."
            )
        )

    def export_data(self, fields_to_export):
        self._check_may_export()
        return super().export_data(fields_to_export)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Exports of other models come here for the profiles they lead to."""
        self._check_may_export()
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    @api.model
    def _check_may_export(self):
        """The base leaves the house with a sales manager only."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._("Only sales managers can export the customer base.")
            )

    # ------------------------------------------------------------
    # THE ONE INTERNAL DOOR
    # ------------------------------------------------------------

    def _write_people(self, vals):
        """Write what people decided: one statement for all records.

        The callers have checked access and sense, and have the engine recompute the
        records afterwards (``_finish_action``).

        :param dict vals: column values; an ``SQL`` value is an expression over the
            table's own columns, different for each row
        """
        if not self:
            return
        names = list(vals)
        self.flush_recordset(names)
        assignments = [
            SQL("%s = %s", SQL.identifier(name), self._people_value(name, value))
            for name, value in vals.items()
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s, write_uid = %s, write_date = %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                SQL(", ").join(assignments),
                self.env.uid,
                self.env.cr.now(),
                list(self._ids),
            )
        )
        self.invalidate_recordset([*names, "write_uid", "write_date"])
        self.modified(names)

    def _people_value(self, name, value):
        """Return a value as the column of a field takes it; None empties the column."""
        if value is None or isinstance(value, SQL):
            return value
        return self._fields[name].convert_to_column_insert(value, self)

    # ------------------------------------------------------------
    # IMPORT
    # ------------------------------------------------------------

    def _load_records(self, data_list, update=False):
        """Recompute once after the whole import instead of once per line."""
        if isinstance(self.env.context.get(DEFERRED_KEY), DeferredProfiles):
            return super()._load_records(data_list, update)
        waiting = DeferredProfiles()
        records = super(
            CrmLifecycleProfile, self.with_context(**{DEFERRED_KEY: waiting})
        )._load_records(data_list, update)
        if waiting:
            profiles = self.browse(dict.fromkeys(id_ for ids in waiting for id_ in ids))
            self.env["crm.lifecycle.engine"]._after_action(profiles)
        return records.with_env(self.env)

    def _load_records_create(self, vals_list):
        """Say what to do instead: a profile is found, never made, by an import."""
        for vals in vals_list:
            partner = self.env["res.partner"].browse(vals.get("partner_id")).exists()
            company = self.env["res.company"].browse(
                vals.get("company_id") or self.env.company.id
            )
            profile = self.with_context(active_test=False).search(
                [
                    ("partner_id", "=", partner.commercial_partner_id.id),
                    ("company_id", "=", company.id),
                ]
            )
            if partner and profile:
                raise UserError(
                    self.env._(
                        "%(customer)s already has a profile in %(company)s (database "
                        "ID %(id)s). There is one for each customer and company: to "
                        "change it by import, give its External ID in the column “id”, "
                        "or its database ID in the column “.id”.",
                        customer=partner.display_name,
                        company=company.display_name,
                        id=profile.id,
                    )
                )
            raise UserError(
                self.env._(
                    "%(customer)s has no profile in %(company)s, and an import does "
                    "not make one. Use the action: Add to the Base, then import again.",
                    customer=partner.display_name or self.env._("This customer"),
                    company=company.display_name,
                )
            )
        return self.browse()

    def _load_records_write(self, values):
        """Route the imported VIP and potential columns through their actions."""
        self.ensure_one()
        known = self._known_values(("partner_id", "company_id"))
        values = {
            name: value
            for name, value in values.items()
            if name != "id" and (name not in known or value != known[name])
        }
        imported = self._get_import_fields()
        lines = {name: values.pop(name) for name in set(values) & imported}
        res = super()._load_records_write(values)
        for result in (self._import_vip(lines), self._import_potential(lines)):
            for skipped in result["skipped"] if result else ():
                raise UserError(
                    self.env._(
                        "%(customer)s: %(reason)s",
                        customer=self.display_name,
                        reason=skipped["reason"],
                    )
                )
        return res

    def _import_vip(self, line):
        """Name VIP, change or withdraw it as an imported line says.

        A line that repeats what is known changes nothing, so that a file can be
        imported twice.

        :return: the action's result, or None when there was nothing to do
        """
        names = ("is_vip", "vip_sponsor_id", "vip_reason", "vip_review_date")
        known = self._known_values(names)
        line = self._known_values([name for name in names if name in line], line)
        if all(known[name] == value for name, value in line.items()):
            return None
        wanted = {**known, **line}
        if not wanted["is_vip"] and not self.is_vip:
            raise UserError(
                self.env._(
                    "%(customer)s is not VIP: set the column “VIP” together with "
                    "sponsor, reason and review date.",
                    customer=self.display_name,
                )
            )
        if not wanted["is_vip"]:
            return self.withdraw_vip(line.get("vip_reason") or None)
        action = self._change_vip if self.is_vip else self.name_vip
        return action(
            wanted["vip_sponsor_id"],
            wanted["vip_reason"],
            wanted["vip_review_date"] or None,
            # The line's reason is all the reason an import has.
            despite_reason=wanted["vip_reason"],
        )

    def _import_potential(self, line):
        """Set or clear the potential as an imported line says."""
        arguments = {
            "potential_amount": "amount",
            "potential_date": "date",
            "potential_source": "source",
            "potential_confidence": "confidence",
            "potential_class_manual": "potential_class",
        }
        known = self._known_values(arguments)
        line = self._known_values([name for name in arguments if name in line], line)
        changed = {name: line[name] for name in line if known[name] != line[name]}
        if not changed:
            return None
        if "potential_amount" in line and not any(line.values()):
            return self.clear_potential()
        if not changed.get("potential_date", True):
            del changed["potential_date"]
        if line.get("potential_date"):
            changed["potential_date"] = line["potential_date"]
        return self.set_potential(
            **{arguments[name]: value for name, value in changed.items()}
        )

    def _known_values(self, names, values=None):
        """Return comparable values of fields, stored ones or those of a line."""
        known = {}
        for name in names:
            field = self._fields[name]
            value = self[name] if values is None else values[name]
            if values is not None:
                value = field.convert_to_cache(value, self, validate=False)
            elif field.relational:
                value = value.id
            known[name] = value or False
        return known
