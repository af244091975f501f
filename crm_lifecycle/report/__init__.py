# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_lifecycle_report_mixin
from . import crm_lifecycle_funnel_report
from . import crm_lifecycle_phase_report
from . import crm_lifecycle_forecast_report
from . import crm_lifecycle_single_report
from . import crm_lifecycle_owner_report
from . import crm_winback_report
from . import crm_feedback_report
from . import crm_referral_report
from . import crm_retention_report
from . import crm_source_report
from . import sale_report
from . import cadence
from . import crm_cadence_load_report
