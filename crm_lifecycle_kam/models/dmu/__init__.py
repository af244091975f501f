# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_dmu_role
from . import crm_dmu_member
from . import member_checks
from . import map
from . import crm_dmu_influence
from . import crm_purchase_step
from . import crm_dmu_gap_rule
from . import gaps
from . import gap_fields
from . import crm_lifecycle_profile
from . import crm_lead
from . import crm_lead_merge
from . import res_partner
from . import res_company
from . import res_config_settings
from . import ir_ui_view
from . import right_people
