# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_cadence_period
from . import crm_cadence_control
from . import crm_cadence_control_contacts
from . import crm_cadence_control_remind
from . import crm_cadence_control_print
from . import crm_touchpoint_result
from . import crm_touchpoint_incoming
