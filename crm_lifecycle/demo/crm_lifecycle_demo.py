# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.tools import file_open

from ..models.profile.protection import DEFERRED_KEY, DeferredProfiles
from .story import DECISIONS, POTENTIALS

# The three years are lived again in steps of so many days.
STEP_DAYS = 28
STEPS = 39
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
}
# The column that says since when a decision is true
SINCE = {
    "name_vip": "vip_date",
    "mark_key_account": "key_date",
    "declare_lost": "lost_date",
    "hold_stage": "hold_date",
    "set_agreed": "agreed_date",
}
LOGINS = {
    "laura": "laura.whitfield@example.com",
    "daniel": "daniel.osei@example.com",
    "petra": "petra.novak@example.com",
    "greg": "greg.palmer@example.com",
}


class CrmLifecycleDemo(models.AbstractModel):
    """Makes the demonstration: customers with three years of purchases and decisions.

    The years are lived again, step by step: what was sold, asked and decided in a step
    is entered, then the engine computes the customers as of that day. So the history is
    what the engine would have written, and not made up.
    """

    _name = "crm.lifecycle.demo"
    _description = "Demonstration of the Customer Base"

    @api.model
    def _find_users_again(self):
        """Users whom an uninstallation left take part again: a login is unique."""
        Users = self.env["res.users"].with_context(active_test=False)
        for key, login in LOGINS.items():
            xml_id = f"crm_lifecycle.demo_user_{key}"
            user = Users.search([("login", "=", login)])
            if user and not self.env.ref(xml_id, raise_if_not_found=False):
                user.active = True
                self.env["ir.model.data"]._update_xmlids(
                    [{"xml_id": xml_id, "record": user, "noupdate": True}]
                )

    @api.model
    def _load(self):
        """Make everything, once."""
        if self.env.ref("crm_lifecycle.demo_partner_ivy", raise_if_not_found=False):
            return
        company = self.env.ref("base.main_company")
        demo = self.with_company(company).with_context(**QUIET)
        is_fresh = not demo._get_profiles()
        if is_fresh:
            demo._choose_limits(company)
        rows = demo._read_customers()
        demo._create_customers(rows)
        demo._live_again(company, rows, is_fresh)
        demo._invoice()
        engine = self.env["crm.lifecycle.engine"]
        if not company.lifecycle_baseline_at:
            # Customers of other demonstrations: classified, as by a first run
            mine = demo._get_partner_ids(rows)
            others = self.env["res.partner"].search([("id", "not in", mine)])
            engine._recompute(company, others, cause="baseline")
            company.lifecycle_baseline_at = self.env.cr.now()
        engine._recompute(company)
        demo._fill_cards(rows)
        demo._regulate_contacts()
        self.env.ref("crm_lifecycle.demo_user_greg").active = False

    @api.model
    def _choose_limits(self, company):
        """Set what is empty by default, so that no list of the demonstration is."""
        partner = self.env["crm.lifecycle.stage"]._ids_by_code()["partner"]
        limits = {
            "lifecycle_abc_newcomer_days": 60,
            "lifecycle_potential_high": 10000,
            "lifecycle_potential_medium": 2500,
            "lifecycle_vip_min_revenue": 20000,
            "lifecycle_vip_stage_id": partner,
        }
        company.write(
            {name: value for name, value in limits.items() if not company[name]}
        )

    # ------------------------------------------------------------
    # DAYS, USERS, CUSTOMERS
    # ------------------------------------------------------------

    @api.model
    def _day(self, days):
        today = self.env["crm.lifecycle.engine"]._today(self.env.company)
        return today - timedelta(days)

    @api.model
    def _moment(self, days, number=0):
        """An hour of that day which is the same day from Alaska to Singapore."""
        return datetime.combine(self._day(days), time(13 + number % 3, number * 7 % 60))

    @api.model
    def _user(self, key):
        """A user of the demonstration; nobody for the key ``nobody``."""
        if key == "nobody":
            return self.env["res.users"]
        if key == "admin":
            return self.env.ref("base.user_admin")
        return self.env.ref(f"crm_lifecycle.demo_user_{key}")

    @api.model
    def _customer(self, key):
        return self.env.ref(f"crm_lifecycle.demo_partner_{key}")

    @api.model
    def _get_partner_ids(self, rows):
        return [self._customer(row["key"]).id for row in rows]

    @api.model
    def _get_profiles(self, partner_ids=None):
        domain = [("company_id", "=", self.env.company.id)]
        if partner_ids is not None:
            domain.append(("partner_id", "in", partner_ids))
        Profile = self.env["crm.lifecycle.profile"].with_context(active_test=False)
        return Profile.search(domain)

    @api.model
    def _read_customers(self):
        """Return the rows of ``customers.csv``.

        ``asked`` and ``agreed``: days ago of the first enquiry and of the agreement;
        ``count``, ``every``, ``last``: purchases, days between them, days since the
        last one; ``pause`` n:d: d more days before the last n purchases; ``growth``: %
        from purchase to purchase, a minus is a growing discount.
        """
        with file_open("crm_lifecycle/demo/customers.csv") as source:
            rows = list(csv.DictReader(source))
        for number, row in enumerate(rows):
            row["number"] = number
            for name in ("asked", "agreed", "count", "every", "last"):
                row[name] = int(row[name]) if row[name] else None
            row["days"] = self._get_order_days(row)
        return rows

    @api.model
    def _get_order_days(self, row):
        """Days ago of a customer's orders, the latest first; not like clockwork, and
        yet with ``every`` as the median."""
        every = row["every"] or 0
        recent, __, pause = row["pause"].partition(":")
        days = []
        for number in range(row["count"]):
            shake = every // 8 * (0, 1, 0, -1)[number % 4]
            is_before = pause and number >= int(recent)
            extra = int(pause) if is_before else 0
            days.append(row["last"] + number * every + shake + extra)
        return days

    @api.model
    def _create_customers(self, rows):
        """Customers with one person each, known by external identifiers."""
        partners = self.env["res.partner"].create(
            [self._prepare_customer(row) for row in rows]
        )
        self.env["res.partner"].create(
            [
                {
                    "name": row["contact"],
                    "function": row["function"],
                    "parent_id": partner.id,
                    "email": f"contact@{row['key']}.example.com",
                    "phone": f"+1 555 011 {row['number']:03}",
                }
                for row, partner in zip(rows, partners, strict=True)
                if row["contact"]
            ]
        )
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"crm_lifecycle.demo_partner_{row['key']}",
                    "record": partner,
                    "noupdate": True,
                }
                for row, partner in zip(rows, partners, strict=True)
            ]
        )

    @api.model
    def _prepare_customer(self, row):
        state = self.env.ref(f"base.state_{row['state']}")
        values = {
            "name": row["name"],
            "is_company": bool(row["contact"]),
            "email": f"office@{row['key']}.example.com",
            "city": row["city"],
            "state_id": state.id,
            "country_id": state.country_id.id,
            "user_id": self._user(row["user"]).id,
        }
        if row["number"] % 9 != 4:  # some cards miss something
            values["phone"] = f"+1 555 010 {row['number']:03}"
        if row["industry"]:
            industry = self.env.ref(f"base.res_partner_industry_{row['industry']}")
            values["industry_id"] = industry.id
        return values

    # ------------------------------------------------------------
    # THREE YEARS
    # ------------------------------------------------------------

    @api.model
    def _live_again(self, company, rows, is_fresh):
        """Enter what happened step by step, and compute the customers of each step.

        :param bool is_fresh: nobody else is in the base: classes can be ranked as of
            past days
        """
        engine = self.env["crm.lifecycle.engine"]
        ids = self._get_partner_ids(rows)
        decisions = sorted(DECISIONS, key=lambda decision: -decision.days)
        events = self._get_sales(rows)
        started = set()
        for days in range(STEPS * STEP_DAYS, -1, -STEP_DAYS):
            started |= self._sell([event for event in events if event[0] >= days])
            events = [event for event in events if event[0] < days]
            known = [id_ for id_ in ids if id_ in started]
            engine._recompute(company, known, today=self._day(days))
            while decisions and decisions[0].days >= days:
                self._decide(decisions.pop(0), self._day(days))
            self._estimate(days)
            if is_fresh:
                parameters = engine._get_parameters(company, self._day(days))
                limits = engine._get_limits(
                    parameters, engine._sql_ranked_profiles(parameters)
                )
                engine._write_settled(parameters, limits)
                engine._invalidate()

    @api.model
    def _decide(self, decision, today):
        """Have a person do it, as of its day."""
        user = self._user(decision.user)
        arguments = dict(decision.arguments)
        if "sponsor_id" in arguments:
            arguments["sponsor_id"] = self._user(arguments["sponsor_id"]).id
        if "reason_id" in arguments:
            arguments["reason_id"] = self.env.ref(
                f"crm_lifecycle.crm_lifecycle_lost_reason_{arguments['reason_id']}"
            ).id
        dates = dict(decision.dates)
        if decision.action in SINCE:
            dates[SINCE[decision.action]] = decision.days
        self._act(
            self._customer(decision.customer),
            user,
            decision.action,
            arguments,
            {name: self._day(days) for name, days in dates.items()},
            today,
        )

    @api.model
    def _act(self, customer, user, action, arguments, dates, today):
        """Call an action of people; what it takes for today happened earlier."""
        # The computation waits until the days are those of the past
        waiting = DeferredProfiles()
        profile = self._get_profiles(customer.ids).with_user(user).sudo()
        profile = profile.with_context(**{DEFERRED_KEY: waiting})
        getattr(profile, action)(**arguments)
        if dates:
            profile._write_people(dates)
        self.env["crm.lifecycle.engine"]._recompute(
            self.env.company, customer, today, cause="manual", user=user
        )

    @api.model
    def _estimate(self, days):
        """The estimates of the potential made in the step that ends ``days`` ago."""
        for key, (amount, ago, confidence, source) in POTENTIALS.items():
            if not days <= ago < days + STEP_DAYS:
                continue
            customer = self._customer(key)
            user = self._get_profiles(customer.ids).user_id
            arguments = {
                "amount": amount,
                "source": source,
                "confidence": confidence,
                "date": self._day(ago),
            }
            today = self._day(days)
            self._act(customer, user, "set_potential", arguments, {}, today)
