# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL


def post_init_hook(env):
    """Count won opportunities as agreed, and ask for the first classification.

    The job makes it after the installation.
    """
    stages = env["crm.stage"].search([("is_won", "=", True)])
    stages.lifecycle_is_agreement = True  # also the won stages a company added
    companies = env["res.company"].search([("lifecycle_enabled", "=", True)])
    env["crm.lifecycle.engine"]._request_full_read(companies, "baseline")


def uninstall_hook(env):
    """Empty the tables in an order that their foreign keys allow.

    Odoo deletes records model by model in no such order, and logs an error for every
    stage, category and reason that a customer still names.
    """
    env.flush_all()
    for model in (
        "crm.lifecycle.event",
        "crm.lifecycle.transition",
        "crm.lifecycle.responsible",
        "crm.lifecycle.profile",
        "crm.lifecycle.category.cell",
    ):
        table = SQL.identifier(env[model]._table)
        env.cr.execute(SQL("DELETE FROM %s", table))
    env.invalidate_all()
