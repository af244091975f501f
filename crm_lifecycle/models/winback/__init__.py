# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_winback_attempt
from . import crm_lifecycle_profile
from . import actions
from . import start
from . import engine
from . import res_partner
