# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def post_init_hook(env):
    """Count won opportunities as agreed, and ask for the first classification.

    The job makes it after the installation.
    """
    stages = env["crm.stage"].search([("is_won", "=", True)])
    stages.lifecycle_is_agreement = True  # also the won stages a company added
    companies = env["res.company"].search([("lifecycle_enabled", "=", True)])
    env["crm.lifecycle.engine"]._request_full_read(companies, "baseline")
