# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import customers
from . import said
from . import sync
from . import last_contact
from . import marks
from . import job
from . import past
from . import activity
from . import event
from . import message
from . import phonecall
