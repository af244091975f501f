# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import dmu
from . import target
from . import plan
from . import key
from . import review
from . import balance
