# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_account_investment
from . import crm_account_balance
from . import crm_lifecycle_profile
from . import crm_account_review
from . import res_company
from . import res_config_settings
