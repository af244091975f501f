# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_lifecycle_engine
from . import crm_lifecycle_event
from . import crm_lifecycle_test_sale
