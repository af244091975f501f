# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_key_account
from . import key_account_actions
from . import key_account_group
from . import crm_key_account_member
from . import crm_key_account_successor
from . import crm_lifecycle_profile
from . import lifecycle_customer_mixin
from . import res_company
from . import res_config_settings
