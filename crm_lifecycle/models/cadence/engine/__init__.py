# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import norms
from . import satisfaction
from . import status
from . import queue
from . import job
from . import timeline
from . import walk
from . import ledger
