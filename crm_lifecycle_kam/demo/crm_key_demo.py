# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, models

# Team, other accounts, bench (how far prepared, what is missing), by key of the base's
# demonstration (customers.csv)
PROGRAMME = {
    "ivy": {
        "manager": "laura",
        "sponsor": "admin",
        "team": {
            "petra": ("deputy", "Second voice with the head of purchasing"),
            "daniel": ("technical", "Plans light for the glasshouses"),
        },
        "accounts": ["larkspur"],
        "bench": {
            "bellweather": (60, "A second person who decides must know us"),
            "foxglove": (35, "First contract over a year"),
        },
    },
    "meridian": {
        "manager": "laura",
        "sponsor": "admin",
        "team": {
            "daniel": ("deputy", "Has opened two stores with them"),
            "petra": ("delivery", "Delivers into the building sites"),
        },
        "accounts": ["birch", "dogwood"],
        "bench": {"nimbus": (40, "Turnover of a second year")},
    },
    "castell": {
        "manager": "daniel",
        "sponsor": "laura",
        "team": {"petra": ("service", "Looks after the nine hotels")},
        "accounts": ["tamarisk"],
        "bench": {},
    },
}


class CrmLifecycleDemo(models.AbstractModel):
    """The programme of the key accounts."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_key_accounts(self):
        Key = self.env["crm.key.account"]
        Key._adopt_flags()
        for name, plan in PROGRAMME.items():
            profile = self._get_profiles(self._customer(name).ids)
            key = profile.key_account_ids.filtered(lambda one: one.state == "running")
            if not key or key.member_ids:
                continue
            accounts = [self._customer(other).id for other in plan["accounts"]]
            key.write(
                {
                    "manager_id": self._user(plan["manager"]).id,
                    "sponsor_id": self._user(plan["sponsor"]).id,
                    "account_ids": self._get_profiles(accounts).ids,
                    "member_ids": [
                        Command.create(
                            {
                                "user_id": self._user(user).id,
                                "role": role,
                                "task": task,
                            }
                        )
                        for user, (role, task) in plan["team"].items()
                    ],
                    "successor_ids": [
                        Command.create(
                            {
                                "profile_id": self._get_profiles(
                                    self._customer(other).ids
                                ).id,
                                "preparedness": percent,
                                "missing": missing,
                                "user_id": key.manager_id.id,
                            }
                        )
                        for other, (percent, missing) in plan["bench"].items()
                    ],
                }
            )
