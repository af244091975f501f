# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def post_init_hook(env):
    """Take customers marked as key accounts before into the programme."""
    env["crm.key.account"]._adopt_flags()


def uninstall_hook(env):
    """Remove filters and export lists of models that are gone, and what other modules
    named in them: Odoo keeps both."""
    own = env["ir.model.data"].search(
        [("module", "=", "crm_lifecycle_kam"), ("model", "=", "ir.model")]
    )
    others = env["ir.model.data"].search(
        [
            ("module", "!=", "crm_lifecycle_kam"),
            ("model", "=", "ir.model"),
            ("res_id", "in", own.mapped("res_id")),
        ]
    )
    ids = set(own.mapped("res_id")) - set(others.mapped("res_id"))
    names = env["ir.model"].browse(ids).mapped("model")
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "in", names)]).unlink()
    env["ir.exports"].search([("resource", "in", names)]).unlink()
    _forget_mixins(env, names)


def _forget_mixins(env, names):
    """Delete the external ids that modules of mixins gave to parts of our models."""
    parts = {
        "ir.model.inherit": [("model_id.model", "in", names)],
        "ir.model.fields.selection": [("field_id.model", "in", names)],
    }
    for model, domain in parts.items():
        env["ir.model.data"].search(
            [
                ("module", "!=", "crm_lifecycle_kam"),
                ("model", "=", model),
                ("res_id", "in", env[model].search(domain).ids),
            ]
        ).unlink()
