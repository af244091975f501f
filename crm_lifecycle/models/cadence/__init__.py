# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_touchpoint_channel
from . import crm_cadence_rule
from . import crm_cadence_agenda
from . import crm_cadence_status
from . import crm_cadence_exception
from . import crm_cadence_pause
from . import crm_cadence_period
from . import crm_cadence_event
from . import crm_contact_consent
from . import crm_lifecycle_profile
from . import mail_activity
from . import res_company
from . import profile_state
from . import follow
from . import engine
from . import kept
