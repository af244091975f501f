# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_access
from . import test_actions
from . import test_actions_many
from . import test_actions_value
from . import test_board
from . import test_derived
from . import test_dialogs
from . import test_dialogs_access
from . import test_dialogs_many
from . import test_outside
from . import test_protection
from . import test_reason
from . import test_responsible
from . import test_hoot
from . import test_lead_fields
from . import test_partner_fields
from . import test_events
from . import test_document_events
from . import test_partner_changes
from . import test_data
from . import test_settings
from . import test_tours
from . import test_views
from . import test_merge
from . import test_engine_bounds
from . import test_verify
