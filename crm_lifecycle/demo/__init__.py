# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_lifecycle_demo
from . import crm_lifecycle_demo_sales
from . import crm_lifecycle_demo_card
from . import crm_lifecycle_demo_invoices
from . import crm_lifecycle_demo_handover
from . import crm_lifecycle_demo_voice
from . import crm_lifecycle_demo_cadence
from . import crm_lifecycle_demo_playbook
