# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_lifecycle_profile
from . import protection
from . import derived
from . import groups
from . import reason
from . import actions
from . import actions_status
from . import actions_value
from . import responsible
from . import outside
from . import screen
from . import result
from . import board
from . import opening
from . import card
from . import completeness
from . import debt
from . import timeline
from . import waiting
from . import history
from . import printout
