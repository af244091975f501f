# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import dmu_partner_merge
from . import target_partner_merge
from . import key_partner_merge
from . import review_partner_merge
from . import crm_dmu_help
from . import crm_account_plan_start
from . import crm_account_review_start
from . import account_plan_partner_merge
