# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_feedback_request
from . import refusal
from . import asking
from . import rescue
from . import suggestion
from . import referral
from . import res_company
from . import res_config_settings
