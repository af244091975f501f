# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import action
from . import handover
from . import base_partner_merge
from . import crm_lifecycle_first_run
from . import touchpoint_partner_merge
from . import cadence_partner_merge
from . import reminder_partner_merge
from . import winback_partner_merge
from . import feedback_partner_merge
from . import crm_touchpoint_ignore
from . import crm_touchpoint_log
from . import playbook
