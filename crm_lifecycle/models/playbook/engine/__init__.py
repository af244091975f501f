# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import react
from . import automation
from . import triggers
from . import trigger_orders
from . import trigger_contacts
from . import trigger_days
