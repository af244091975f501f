# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_account_plan
from . import test_account_plan_hidden
from . import test_dmu_access
from . import test_dmu_gaps
from . import test_dmu_help
from . import test_dmu_lead
from . import test_dmu_member
from . import test_dmu_merge
from . import test_dmu_tour
from . import test_hoot
from . import test_kam_tours
from . import test_key_access
from . import test_key_account
from . import test_key_balance
from . import test_key_merge
from . import test_key_review
from . import test_key_team
from . import test_review_start
from . import test_plan_situation
from . import test_right_people
from . import test_scorecard
from . import test_target_access
from . import test_target_profile
