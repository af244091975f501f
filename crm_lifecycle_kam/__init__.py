# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import models
from . import demo
from . import wizard
from .hooks import post_init_hook, uninstall_hook
