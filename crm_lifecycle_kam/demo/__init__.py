# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_dmu_demo
from . import crm_target_demo
from . import crm_account_plan_demo
from . import crm_key_demo
