# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_lifecycle_action
from . import calls
from . import facts
from . import targets
from . import winback
from . import cadence
from . import feedback
