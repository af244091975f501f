# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_touchpoint_channel
from . import crm_touchpoint
from . import actions
from . import source_text
from . import crm_promise
from . import crm_objection
from . import crm_touchpoint_change
from . import crm_touchpoint_source
from . import crm_lifecycle_profile
from . import timeline
from . import res_company
from . import res_config_settings
from . import mail_activity
from . import mail_message
from . import mail_notification
from . import calendar_event
from . import calendar_attendee
from . import calendar_event_type
from . import res_users
from . import documents
from . import collect
