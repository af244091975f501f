# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def post_init_hook(env):
    """Ask for the first classification; the job makes it after the installation."""
    companies = env["res.company"].search([("lifecycle_enabled", "=", True)])
    env["crm.lifecycle.engine"]._request_full_read(companies, "baseline")
