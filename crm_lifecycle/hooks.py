# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL

OWN_MODELS = (
    *("crm.lifecycle.", "crm.touchpoint", "crm.promise", "crm.objection"),
    *("crm.feedback", "crm.handover", "crm.winback.", "crm.cadence.", "crm.contact."),
)


def post_init_hook(env):
    """Count won opportunities as agreed, and ask for the first classification.

    The job makes it after the installation; where there are purchases already, it
    leaves a day to whoever chooses the limits (demonstration data are classified).
    """
    stages = env["crm.stage"].search([("is_won", "=", True)])
    stages.lifecycle_is_agreement = True  # also the won stages a company added
    companies = env["res.company"].search([("lifecycle_enabled", "=", True)])
    companies.filtered(
        lambda company: not company.lifecycle_baseline_at
    )._lifecycle_await_first_run()
    env["crm.lifecycle.engine"]._request_full_read(companies, "baseline")


def uninstall_hook(env):
    """Remove what Odoo would leave behind or could not delete in its own order.

    It deletes records model by model, and logs an error for every stage, category and
    reason that a customer still names; and it keeps users' filters and export lists
    of models that are gone.
    """
    env.flush_all()
    for model in (
        "crm.winback.attempt",
        "crm.feedback.request",
        "crm.lifecycle.playbook.run",
        "crm.lifecycle.playbook",
        "crm.feedback",
        "crm.handover.line",
        "crm.handover",
        "crm.promise",
        "crm.objection",
        "crm.touchpoint",
        "crm.touchpoint.change",
        "crm.lifecycle.event",
        "crm.lifecycle.transition",
        "crm.lifecycle.responsible",
        "crm.lifecycle.fact",
        "crm.lifecycle.requirement",
        "crm.lifecycle.profile",
        "crm.lifecycle.category.cell",
    ):
        table = SQL.identifier(env[model]._table)
        env.cr.execute(SQL("DELETE FROM %s", table))
    env.invalidate_all()
    _release_activity_types(env)
    # customers, users and products of the demonstration stand in orders: they stay
    env["ir.model.data"].search(
        [
            ("module", "=", "crm_lifecycle"),
            ("name", "=like", "demo\\_%"),
            ("model", "not like", "crm.lifecycle."),
        ]
    ).unlink()
    own = env["ir.model.data"].search(
        [("module", "=", "crm_lifecycle"), ("model", "=", "ir.model")]
    )
    models = (
        env["ir.model"]
        .browse(own.mapped("res_id"))
        .filtered(lambda model: model.model.startswith(OWN_MODELS))
    )
    names = models.mapped("model")
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "in", names)]).unlink()
    env["ir.exports"].search([("resource", "in", names)]).unlink()


def _release_activity_types(env):
    """Activities of our types stay, as to-dos: Odoo would refuse to delete a type."""
    todo = env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
    own = env["ir.model.data"].search(
        [("module", "=", "crm_lifecycle"), ("model", "=", "mail.activity.type")]
    )
    if not todo or not own:
        return
    for table in ("mail_activity", "mail_activity_plan_template"):
        env.cr.execute(
            SQL(
                "UPDATE %s SET activity_type_id = %s WHERE activity_type_id = ANY(%s)",
                SQL.identifier(table),
                todo.id,
                own.mapped("res_id"),
            )
        )
    env.invalidate_all()
