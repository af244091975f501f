# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

MAP_LIMIT = 200
# In units of the map, to each side
MAP_SIZE = 1e6


class CrmDmuMember(models.Model):
    """What the map and the grid of a unit are drawn from, and where people stand."""

    _inherit = "crm.dmu.member"

    @api.model
    @api.readonly
    def get_dmu_map(self, domain):
        """Return the people of a unit and the lines between them, as the user sees
        them.

        :param list domain: of ``crm.dmu.member``: the people of one customer; with
            the context key ``dmu_lead_id`` those of one opportunity
        :return: ``{"nodes": [{"id", "anchor_id", "contact_id", "name", "function",
            "roles", "attitude", "influence", "interest", "involvement", "parent_id",
            "is_decider", "is_own", "is_guess", "has_left", "place"}], "lines": [{"id",
            "from", "to", "strength", "kind", "is_faded", "reason", "confirmed"}],
            "attitudes": [(code, label)], "may_create": bool}``; places are
            ``[x, y]`` or None; lines and parents name nodes; at most 200 people
        """
        members = self.search(domain, limit=MAP_LIMIT)
        node_ids = {member.contact_id.id: member.id for member in members}
        field = self._fields["attitude"]
        return {
            "nodes": [member._format_for_map(node_ids) for member in members],
            "lines": members._get_map_lines(node_ids),
            "attitudes": field._description_selection(self.env),
            "may_create": self.has_access("create"),
        }

    @api.model
    def hierarchy_read(
        self, domain, specification, parent_field, child_field=None, order=None
    ):
        """The tree of a customer: what differs in a deal is no part of it."""
        tree = self.with_context(dmu_account_only=True)
        return super(CrmDmuMember, tree).hierarchy_read(
            domain, specification, parent_field, child_field=child_field, order=order
        )

    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("dmu_account_only"):
            domain = Domain(domain) & Domain("lead_id", "=", False)
        return super()._search(domain, *args, **kwargs)

    def _format_for_map(self, node_ids):
        """Return one person as the map shows it.

        :param dict node_ids: ``{contact: entry}`` of the people shown
        """
        self.ensure_one()
        # sudo: names and functions of people whose entries the user may see
        contact = self.contact_id.sudo()
        parent_id = node_ids.get(self.parent_id.contact_id.id)
        return {
            "id": self.id,
            "anchor_id": self._get_anchor().id,
            "contact_id": contact.id,
            "name": contact.name or "",
            "function": contact.function or "",
            "roles": self.role_ids.mapped("name"),
            "attitude": self.attitude,
            "influence": self.influence,
            "interest": self.interest,
            "involvement": self.involvement,
            "parent_id": parent_id != self.id and parent_id or False,
            "is_decider": self.is_decider,
            "is_own": bool(self.lead_id),
            "is_guess": self.is_guess,
            "has_left": self.has_left,
            "place": [self.map_x, self.map_y] if self.has_place else None,
        }

    def _get_anchor(self):
        """Return the entry lines lead to: the account's, where it has one."""
        self.ensure_one()
        if not self.lead_id:
            return self
        return (
            self.profile_id.dmu_member_ids.filtered(
                lambda member: member.contact_id == self.contact_id
            )[:1]
            or self
        )

    def _get_map_lines(self, node_ids):
        """Return the lines between the people shown, by whatever entry of theirs."""
        people = self.contact_id.ids
        lines = self.env["crm.dmu.influence"].search(
            [
                ("profile_id", "in", self.profile_id.ids),
                ("from_id.contact_id", "in", people),
                ("to_id.contact_id", "in", people),
            ]
        )
        return [
            {
                "id": line.id,
                "from": node_ids[line.from_id.contact_id.id],
                "to": node_ids[line.to_id.contact_id.id],
                "strength": int(line.strength),
                "kind": line.kind,
                "is_faded": line.is_faded,
                "reason": line.reason or "",
                "confirmed": format_date(self.env, line.date_confirmed),
            }
            for line in lines
            if line.from_id.contact_id != line.to_id.contact_id
        ]

    @api.model
    def set_map_places(self, places):
        """Keep where people stand on the map.

        :param dict places: ``{entry id: [x, y]}``, in units of the map; ids may be
            texts, as JSON has them
        :return: True
        :raise UserError: something else than places
        """
        for id_, place in self._read_places(places).items():
            self.browse(id_).write(place)
        return True

    @api.model
    def _read_places(self, places):
        """Return ``{entry id: values}``; a number nobody can draw would keep the map
        from everybody."""
        try:
            read = {int(id_): (float(x), float(y)) for id_, (x, y) in places.items()}
        except (AttributeError, TypeError, ValueError) as error:
            raise UserError(self.env._("These are no places on the map.")) from error
        if not all(
            abs(number) < MAP_SIZE for place in read.values() for number in place
        ):
            raise UserError(self.env._("These are no places on the map."))
        return {
            id_: {"map_x": x, "map_y": y, "has_place": True}
            for id_, (x, y) in read.items()
        }

    def action_arrange(self):
        """Forget where these people were put: the map arranges them by itself."""
        self.write({"has_place": False})
        return True
