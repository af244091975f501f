# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta

from odoo.tests import HttpCase


class Json2Case(HttpCase):
    """Calls as outside clients make them: ``/json/2`` with an API key."""

    def _json2(self, user, method, model="crm.lifecycle.profile", **body):
        """Call a method as a user (None: without a key); return the response."""
        headers = {"Content-Type": "application/json"}
        if user:
            key = (
                self.env["res.users.apikeys"]
                .with_user(user)
                .sudo()  # some groups may not make keys that last
                ._generate("rpc", "test", self.env.cr.now() + timedelta(days=1))
            )
            headers["Authorization"] = f"Bearer {key}"
        return self.url_open(
            f"/json/2/{model}/{method}", data=json.dumps(body), headers=headers
        )
