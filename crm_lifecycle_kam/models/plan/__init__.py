# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_account_plan
from . import crm_account_plan_objective
from . import crm_account_plan_risk
from . import crm_account_plan_health
from . import plan_figures
from . import plan_situation
from . import plan_health
from . import plan_actions
from . import engine
from . import crm_lifecycle_profile
from . import res_company
from . import res_config_settings
