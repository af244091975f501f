# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .crm_lifecycle_stage import STAGE_CODES
from .engine.engine import SETTINGS

WHAT_IF_FIELDS = [f"lifecycle_{name}" for name in SETTINGS]
# One list of customers is for looking into a cell, not for exporting the base.
MAX_CUSTOMERS = 1000
# What an integer of the database holds; amounts of money may be as large
LARGEST = 2**31


class ResCompany(models.Model):
    """What unsaved settings would change: for the pages that hold them."""

    _inherit = "res.company"

    @api.readonly
    def lifecycle_what_if(self, values):
        """Say who would be where with other settings (sales managers); writes nothing.

        :param dict values: settings of the company (``lifecycle_*``) and their values;
            those that change no stage, class or category are left out
        :return: ``{"message": text}`` when the settings contradict each other, as they
            do for a moment while somebody types them; else
            ``{"tables": tables, "customers": number, "currency_id": id}``; a table
            is ``{"kind", "title", "places", "moved", "cells"}``: places in their order
            as ``{"key", "name", "color"}``, key false for none; number of customers
            that move; cells as ``{"from", "to", "count", "revenue"}``, revenue in
            company currency
        :raise AccessError: for anybody but a sales manager of the company
        :raise UserError: values of the wrong kind
        """
        self.ensure_one()
        self._lifecycle_check_manager()
        try:
            values = self._lifecycle_what_if_values(values)
        except ValidationError as error:
            return {"message": str(error)}
        preview = self.env["crm.lifecycle.engine"]._preview(self, values)
        return {
            "tables": [
                self._lifecycle_what_if_table(kind, rows)
                for kind, rows in preview.items()
            ],
            "customers": sum(row[2] for row in preview["stages"]),
            "currency_id": self.currency_id.id,
        }

    @api.readonly
    def lifecycle_what_if_customers(self, values, kind, old, new):
        """Return the action that lists the customers of one cell (sales managers).

        :param dict values: as for ``lifecycle_what_if``
        :param kind: ``stages``, ``classes`` or ``categories``
        :param old: key of the place the customers are in; false: none
        :param new: key of the place they would be in; false: none
        :return: a window action, with the 1,000 customers of the biggest revenue
        :raise AccessError: for anybody but a sales manager of the company
        :raise ValidationError: for settings that contradict each other
        :raise UserError: a kind or place that does not exist, values of the wrong kind
        """
        self.ensure_one()
        self._lifecycle_check_manager()
        engine = self.env["crm.lifecycle.engine"]
        if not isinstance(kind, str) or kind not in engine.PREVIEWED:
            raise UserError(
                self.env._("There is no what-if of %(kind)s.", kind=str(kind))
            )
        keys = [place["key"] for place in self._lifecycle_what_if_places(kind)]
        for key in (old, new):
            if key and (isinstance(key, bool) or key not in keys):
                raise UserError(
                    self.env._(
                        "The what-if of %(kind)s knows no “%(place)s”.",
                        kind=kind,
                        place=str(key),
                    )
                )
        partner_ids = engine._preview_customers(
            self,
            self._lifecycle_what_if_values(values),
            kind,
            old or None,
            new or None,
            MAX_CUSTOMERS,
        )
        return self._lifecycle_what_if_action(partner_ids, kind, old, new)

    def _lifecycle_what_if_values(self, values):
        """Return the settings among ``values`` that matter, checked like saved ones."""
        if not isinstance(values, dict):
            raise UserError(
                self.env._("Give the settings as names of fields and their values.")
            )
        values = {name: values[name] for name in WHAT_IF_FIELDS if name in values}
        for name, value in values.items():
            self._lifecycle_check_kind(name, value)
        draft = self._lifecycle_check_draft(values, self.display_name)
        return {name: draft[name] for name in values}

    def _lifecycle_check_kind(self, name, value):
        """Refuse a value that its setting cannot hold; an empty one it can."""
        field = self._fields[name]
        if value is None or value is False:
            return
        if field.type == "selection":
            is_right = value in field.get_values(self.env)
        elif field.type == "boolean":
            is_right = isinstance(value, bool)
        else:
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            is_right = is_number and abs(value) < LARGEST
        if not is_right:
            raise UserError(
                self.env._(
                    "%(field)s: “%(value)s” is no value of this setting.",
                    field=field._description_string(self.env),
                    value=str(value)[:50],
                )
            )

    def _lifecycle_check_draft(self, values, name):
        """Refuse settings that saving would refuse.

        :param dict values: company fields and their values
        :param str name: what the message calls the owner of the settings
        :return: an unsaved company with these settings
        """
        draft = self.env["res.company"].new({**values, "name": name}, origin=self)
        draft._validate_fields(values)
        return draft

    def _lifecycle_what_if_table(self, kind, rows):
        places = self._lifecycle_what_if_places(kind)
        used = {key or False for row in rows for key in row[:2]}
        return {
            "kind": kind,
            "title": {
                "stages": self.env._("Stages"),
                "classes": self.env._("ABC classes"),
                "categories": self.env._("Categories"),
            }[kind],
            "places": [place for place in places if place["key"] in used],
            "moved": sum(count for old, new, count, _revenue in rows if old != new),
            "cells": [
                {
                    "from": old or False,
                    "to": new or False,
                    "count": count,
                    "revenue": float(revenue or 0),
                }
                for old, new, count, revenue in rows
            ],
        }

    def _lifecycle_what_if_places(self, kind):
        """Where customers can be, in the order and colours of the board."""
        if kind == "stages":
            stages = self.env["crm.lifecycle.stage"].search(
                [("code", "in", [code for code, _name in STAGE_CODES])]
            )
            places = [(stage.code, stage.name, stage.color) for stage in stages]
            none = self.env._("Not in the base")
        elif kind == "classes":
            places = [(key, key.upper(), 0) for key in ("a", "b", "c", "n")]
            none = self.env._("No class")
        else:
            Category = self.env["crm.lifecycle.category"]
            Category = Category.with_context(active_test=False)
            categories = Category.search([])  # pylint: disable=no-search-all
            places = [(item.id, item.name, item.color) for item in categories]
            none = self.env._("No category")
        return [
            {"key": key, "name": name, "color": color}
            for key, name, color in (*places, (False, none, 0))
        ]

    def _lifecycle_what_if_action(self, partner_ids, kind, old, new):
        names = {
            place["key"]: place["name"]
            for place in self._lifecycle_what_if_places(kind)
        }
        domain = [("company_id", "=", self.id), ("partner_id", "in", partner_ids)]
        model, prefix = "crm.lifecycle.profile", "crm_lifecycle_profile"
        search_view = self.env.ref(f"crm_lifecycle.{prefix}_view_search_what_if")
        if not self.env[model].search_count(domain, limit=1):
            # before the first classification there are no profiles to show
            model, prefix = "res.partner", "res_partner"
            search_view = self.env["ir.ui.view"]
            domain = [("id", "in", partner_ids)]
        view = self.env.ref(f"crm_lifecycle.{prefix}_view_list_what_if")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(old)s → %(new)s",
                old=names.get(old or False, ""),
                new=names.get(new or False, ""),
            ),
            "res_model": model,
            "views": [(view.id, "list")],
            "search_view_id": [search_view.id],
            "domain": domain,
            "target": "new",
            "context": {"create": False},
        }
