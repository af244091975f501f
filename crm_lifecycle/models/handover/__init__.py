# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_handover
from . import scopes
from . import plan
from . import run
from . import undo
from . import crm_handover_scope
from . import crm_handover_rule
from . import crm_handover_line
from . import crm_lifecycle_engine
from . import crm_lifecycle_responsible
from . import res_company
from . import res_config_settings
from . import res_users
from . import brief
