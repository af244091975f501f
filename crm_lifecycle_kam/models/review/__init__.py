# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_account_concession
from . import crm_account_review
from . import review_answer
from . import review_start
from . import review_terms
from . import review_facts
from . import crm_key_account
from . import crm_lifecycle_profile
from . import crm_lifecycle_engine
from . import res_company
from . import res_config_settings
