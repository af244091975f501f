# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_feedback
from . import crm_lifecycle_profile
from . import crm_lifecycle_engine
from . import lifecycle_warnings
from . import res_partner
from . import sale_order
