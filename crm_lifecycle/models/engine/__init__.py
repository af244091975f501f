# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import engine
from . import documents
from . import figures
from . import value
from . import stage
from . import explanation
from . import people
from . import layers
from . import record
from . import transitions
from . import settle
from . import hands
from . import full_read
from . import verify
from . import job
from . import notice
from . import preview
from . import first_run
from . import history
from . import purchases
