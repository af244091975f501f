# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

FILLABLE_TYPES = (
    *("char", "text", "html", "selection", "many2one", "one2many", "many2many"),
    *("integer", "float", "monetary", "date", "datetime", "boolean"),
)
TARGET_MODELS = {"profile": "crm.lifecycle.profile", "partner": "res.partner"}
# Filled by actions of people, so no direct write, and yet worth asking for
PROFILE_FIELDS = ("potential_date", "industry_id", "fact_ids", "competitor_ids")


class CrmLifecycleRequirement(models.Model):
    """A field of the card or the contact that must be filled from some stage on.

    Together they make the completeness of the card, see ``profile/completeness.py``.
    """

    _name = "crm.lifecycle.requirement"
    _description = "Required Field of the Customer Card"
    _order = "sequence, id"

    name = fields.Char(
        string="What to Fill In",
        required=True,
        translate=True,
        help="What the card calls it when it is missing.",
    )
    sequence = fields.Integer(default=10, help="What is asked for first.")
    active = fields.Boolean(default=True)
    target = fields.Selection(
        selection="_selection_target",
        string="Field",
        required=True,
        help="A field of the customer card or of the contact.",
    )
    stage_id = fields.Many2one(
        comodel_name="crm.lifecycle.stage",
        string="From Stage",
        ondelete="cascade",
        help="Asked for in this stage and in later ones of the life zone; empty: from "
        "the beginning. Lost customers are asked only for what has no stage here.",
    )
    category_ids = fields.Many2many(
        comodel_name="crm.lifecycle.category",
        string="Only for Categories",
        help="Empty: for customers of every category.",
    )
    customer_type = fields.Selection(
        selection=[("company", "Companies"), ("person", "Private persons")],
        string="Only for",
        help="Empty: for companies and private persons.",
    )

    # ------------------------------------------------------------
    # FIELDS THAT CAN BE ASKED FOR
    # ------------------------------------------------------------

    @api.model
    def _selection_target(self):
        """Return every field that somebody can fill in and the database can test."""
        labels = {
            "profile": self.env._("Card"),
            "partner": self.env._("Contact"),
        }
        selection = []
        for key, model_name in TARGET_MODELS.items():
            for name, field in self.env[model_name]._fields.items():
                if self._is_fillable(key, name, field):
                    label = field._description_string(self.env)
                    selection.append((f"{key}.{name}", f"{labels[key]}: {label}"))
        return sorted(selection, key=lambda item: item[1])

    @api.model
    def _is_fillable(self, key, name, field):
        if field.type not in FILLABLE_TYPES or name in models.MAGIC_COLUMNS:
            return False
        if key == "profile":
            Profile = self.env["crm.lifecycle.profile"]
            return bool(field.store or field.search) and (
                name in PROFILE_FIELDS or name in Profile._get_fields_written_directly()
            )
        return bool(
            field.store
            and not field.related
            and (not field.compute or not field.readonly)
            and name not in ("active", "parent_path", "type", "color")
        )

    @api.onchange("target")
    def _onchange_target(self):
        """Call it what the form calls it."""
        if self.target and not self.name:
            labels = dict(self._selection_target())
            self.name = labels.get(self.target, "").partition(": ")[2]

    # ------------------------------------------------------------
    # WHOM IT CONCERNS
    # ------------------------------------------------------------

    def _get_field(self):
        """Return the model and the field behind a requirement, or None when the
        add-on that brought the field is gone."""
        self.ensure_one()
        key, __, name = (self.target or "").partition(".")
        model = self.env[TARGET_MODELS[key]] if key in TARGET_MODELS else None
        if model is None or name not in model._fields:
            return None
        return model, model._fields[name]

    def _get_stages(self, stages):
        """Return those of all ``stages`` in which this is asked for."""
        self.ensure_one()
        asked = stages.filtered(lambda stage: stage.code != "lost")
        if not self.stage_id:
            return asked
        zones = {"birth": ("birth", "life"), "life": ("life",)}
        zones = zones.get(self.stage_id.zone, ("departure",))
        return asked.filtered(
            lambda stage: (
                stage.zone in zones and stage.sequence >= self.stage_id.sequence
            )
        )
