# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import res_company
from . import res_config_settings
from . import crm_lifecycle_playbook
from . import playbook_switch
from . import playbook_ready
from . import crm_lifecycle_playbook_run
from . import run_fire
from . import run_letter
from . import crm_lifecycle_transition
from . import crm_lifecycle_profile
from . import crm_lead
from . import mail_activity_type
from . import mail_activity
from . import engine
