# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import business_hours
from . import crm_touchpoint_channel
from . import crm_touchpoint
from . import crm_cadence_letter
from . import crm_cadence_letter_send
from . import res_company
from . import res_config_settings
from . import res_users
from . import digest_digest
