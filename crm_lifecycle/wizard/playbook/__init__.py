# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_lifecycle_playbook_dry_run
from . import crm_lifecycle_satisfaction
from . import crm_lifecycle_satisfaction_product
from . import playbook_partner_merge
