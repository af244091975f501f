# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_target_profile
from . import crm_target_profile_dimension
from . import crm_target_profile_criterion
from . import crm_target_profile_guide
from . import crm_scorecard
from . import crm_scorecard_line
from . import scorecard_actions
from . import scorecard_charts
from . import fit_mixin
from . import crm_lifecycle_profile
from . import crm_lead
from . import crm_stage
