# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_lifecycle_stage
from . import crm_lifecycle_category
from . import crm_lifecycle_category_cell
from . import crm_lifecycle_lost_reason
from . import profile
from . import crm_lifecycle_transition
from . import crm_lifecycle_event
from . import crm_lifecycle_responsible
from . import engine
from . import lifecycle_fields_mixin
from . import lifecycle_customer_mixin
from . import lifecycle_badges
from . import lifecycle_document_mixin
from . import res_company
from . import res_company_checks
from . import res_company_kept
from . import res_config_settings
from . import res_partner
from . import res_users
from . import crm_stage
from . import crm_lead
from . import sale_order
from . import account_move
from . import crm_team_member
