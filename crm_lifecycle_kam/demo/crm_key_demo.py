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


# Average discount of castell, window by window, newest first
CREEP = (20, 10, 5)
# When, asked for, given, costs a year, the floor
CONCESSIONS = (
    (610, "A discount for nine hotels at once", "5 % on everything", 900, "10 %"),
    (330, "The price of a competitor", "10 % on everything", 2100, "15 %"),
    (75, "Payment in 90 days, or they ask elsewhere", "20 %, 60 days", 4300, "20 %"),
)


# Days ago, kind, what for, amount: by key of the customer
INVESTMENTS = {
    "brightwater": (
        (300, "marketing", "Film about the clinics as our reference", 2600),
        (120, "service", "Lamps on loan during the rebuilding", 1900),
    ),
    "castell": ((90, "bonus", "Year's bonus of the hotel contract", 700),),
    "meridian": ((60, "marketing", "Evening for their store managers", 850),),
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

    @api.model
    def _load_reviews(self):
        """An account whose terms creep, a VIP that does not pay, and their reviews."""
        castell = self._get_profiles(self._customer("castell").ids)
        if castell.concession_ids:
            return
        self._let_terms_creep(castell)
        self._owe(self._customer("brightwater"))
        castell.key_account_ids.review_date = self._day(12)
        self._invest()
        engine = self.env["crm.lifecycle.engine"]
        engine._open_reviews(self.env.company)
        engine._escalate_reviews(self.env.company)
        review = castell.review_ids[:1]
        review.write(
            {
                "customer_side": "hesitates",
                "customer_asks": "Another five per cent, and payment in 90 days",
            }
        )

    def _let_terms_creep(self, profile):
        """Dearer lists and larger discounts: what was paid stays."""
        orders = self.env["sale.order"].search(
            [("partner_id", "child_of", profile.partner_id.id), ("state", "=", "sale")]
        )
        days = self.env.company.lifecycle_window_days
        for line in orders.order_line:
            age = (self._day(0) - line.order_id.date_order.date()).days // days
            if age < len(CREEP) and not line.discount:
                price = line.price_unit / (1 - CREEP[age] / 100)
                line.write({"price_unit": price, "discount": CREEP[age]})
        self.env["crm.account.concession"].create(
            [
                {
                    "profile_id": profile.id,
                    "date": self._day(days),
                    "asked": asked,
                    "granted": granted,
                    "state": "part",
                    "amount": amount,
                    "floor": floor,
                    "contact_id": profile.partner_id.child_ids[:1].id,
                    "user_id": self._user("laura").id,
                }
                for days, asked, granted, amount, floor in CONCESSIONS
            ]
        )

    def _owe(self, customer):
        """Post an invoice that nobody has paid, where there is a chart of accounts."""
        journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.env.company.id)], limit=1
        )
        if not journal or not journal.default_account_id:
            return
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": journal.id,
                "partner_id": customer.id,
                "invoice_date": self._day(140),
                "invoice_date_due": self._day(110),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Maintenance of the lamps",
                            "quantity": 1,
                            "price_unit": 2400,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()

    def _invest(self):
        company = self.env.company
        company.lifecycle_hour_cost = company.lifecycle_hour_cost or 45
        for key, investments in INVESTMENTS.items():
            profile = self._get_profiles(self._customer(key).ids)
            self.env["crm.account.investment"].create(
                [
                    {
                        "profile_id": profile.id,
                        "date": self._day(days),
                        "kind": kind,
                        "name": name,
                        "amount": amount,
                    }
                    for days, kind, name, amount in investments
                ]
            )
