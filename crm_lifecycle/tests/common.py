# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, time, timedelta

from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL

QUIET_CONTEXT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}


@tagged("post_install", "-at_install")
class TestLifecycleCommon(TransactionCase):
    """One company, its sales people, and helpers that make customers with a past.

    Everything is relative to ``self.today``, the company's own day: ``self.day(30)``
    is thirty days ago. Orders and invoices have one untaxed line, so the amount given
    is the amount of the purchase.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **QUIET_CONTEXT))
        cls.company = cls.env.company
        cls.engine = cls.env["crm.lifecycle.engine"]
        cls.Profile = cls.env["crm.lifecycle.profile"]
        cls._create_sales_people()
        cls.product = cls.env["product.product"].create(
            {
                "name": "Maintenance",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _create_sales_people(cls):
        # Sales people of the company
        # ------------------------------------------------------------
        # M (team member), R (team leader)
        #
        # user              sales group      team_1   team_2
        # ----------------- ---------------- -------- --------
        # user_salesman     own documents    M
        # user_salesman_2   own documents             M
        # user_leader       own documents    R, M
        # user_all          all documents
        # user_manager      administrator             R
        # user_internal     none
        # user_portal       portal
        #
        # user_public is Odoo's own
        own = "sales_team.group_sale_salesman"
        people = {
            "user_salesman": ("Sam Salesman", own),
            "user_salesman_2": ("Sue Salesman", own),
            "user_leader": ("Lea Leader", own),
            "user_all": ("Al Documents", "sales_team.group_sale_salesman_all_leads"),
            "user_manager": ("Max Manager", "sales_team.group_sale_manager"),
            "user_internal": ("Ina Internal", "base.group_user"),
            "user_portal": ("Paul Portal", "base.group_portal"),
        }
        for attribute, (name, groups) in people.items():
            setattr(cls, attribute, cls._create_user(attribute, name, groups))
        cls.user_public = cls.env.ref("base.public_user")
        cls.team_1 = cls.env["crm.team"].create(
            {
                "name": "Team One",
                "user_id": cls.user_leader.id,
                "company_id": False,
            }
        )
        cls.team_2 = cls.env["crm.team"].create(
            {
                "name": "Team Two",
                "user_id": cls.user_manager.id,
                "company_id": False,
            }
        )
        cls.env["crm.team.member"].create(
            [
                {"user_id": user.id, "crm_team_id": team.id}
                for user, team in (
                    (cls.user_salesman, cls.team_1),
                    (cls.user_leader, cls.team_1),
                    (cls.user_salesman_2, cls.team_2),
                )
            ]
        )

    @classmethod
    def _create_user(cls, key, name, groups, company=None, **values):
        """Create a user whose login and password are ``crm_lc_<key>``."""
        company = company or cls.company
        login = f"crm_lc_{key}"
        return new_test_user(
            cls.env,
            login=login,
            password=login,
            name=name,
            email=f"{login}@test.example.com",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            tz="UTC",
            # what tests read is English, whatever the language of the database
            **{"lang": "en_US", **values},
        )

    # ------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------

    @property
    def today(self) -> date:
        """The company's own day."""
        return self.engine._today(self.company)

    def day(self, ago):
        """Return the day ``ago`` days before today (negative: after it)."""
        return self.today - timedelta(days=ago)

    @classmethod
    def noon(cls, day):
        """Return noon UTC of a day: the same day in the time zones the tests use."""
        return datetime.combine(day, time(12))

    # ------------------------------------------------------------
    # CUSTOMERS AND DOCUMENTS
    # ------------------------------------------------------------

    @classmethod
    def _create_customer(cls, name="Customer", **values):
        """Create a company contact (``is_company=False`` for a private person)."""
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def _create_customers(cls, count, name="Customer", **values):
        """Create ``count`` customers in one go, named and numbered."""
        return cls.env["res.partner"].create(
            [
                {"name": f"{name} {number:05}", "is_company": True, **values}
                for number in range(1, count + 1)
            ]
        )

    @classmethod
    def _create_many_customers(cls, count, name="Bulk"):
        """Create thousands of customers by copying one row in SQL."""
        pattern = cls._create_customer(name)
        cls.env.flush_all()
        columns = [
            name
            for name, field in cls.env["res.partner"]._fields.items()
            if field.store and field.column_type and name != "id"
        ]
        cls.env.cr.execute(
            SQL(
                "INSERT INTO res_partner (%(columns)s) SELECT %(columns)s "
                "FROM res_partner, generate_series(1, %(count)s) "
                "WHERE id = %(id)s RETURNING id",
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                count=count,
                id=pattern.id,
            )
        )
        ids = [row[0] for row in cls.env.cr.fetchall()]
        partners = cls.env["res.partner"].browse(ids)
        cls.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)",
            [ids],
        )
        cls.env.invalidate_all()
        return partners

    def _create_order(
        self, partner, day, amount=100.0, state="sale", company=None, **values
    ):
        """Create a sales order dated on a day.

        :param state: ``draft``, ``sent``, ``sale`` (confirmed) or ``cancel``
        """
        company = company or self.company
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "date_order": self.noon(day),
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        if state == "sale":
            order.action_confirm()
        elif state == "sent":
            order.action_quotation_sent()
        elif state == "cancel":
            order._action_cancel()
        # Confirming sets the moment of the click.
        order.date_order = self.noon(day)
        return order

    def _create_orders(self, partner, days, amount=100.0, **values):
        """Create a confirmed order on each of the days (numbers of days ago)."""
        orders = self.env["sale.order"]
        for ago in days:
            orders += self._create_order(partner, self.day(ago), amount, **values)
        return orders

    def _create_invoice(
        self,
        partner,
        day,
        amount=100.0,
        move_type="out_invoice",
        post=True,
        company=None,
        **values,
    ):
        """Create an invoice, receipt or credit note of a day, posted unless told."""
        company = company or self.company
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "invoice_date": day,
                    "date": day,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        if post:
            move.action_post()
        return move

    # ------------------------------------------------------------
    # PROFILES
    # ------------------------------------------------------------

    def _profile(self, partner, company=None):
        """Return the profile of one customer, empty when there is none."""
        return self.Profile.with_context(active_test=False).search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def _recompute(self, partners=None, company=None, today=None, **values):
        """Have the engine compute some or all customers; return their profiles."""
        company = company or self.company
        self.engine._recompute(company, partners=partners, today=today, **values)
        domain = [("company_id", "=", company.id)]
        if partners is not None:
            domain.append(("partner_id", "in", partners.commercial_partner_id.ids))
        return self.Profile.with_context(active_test=False).search(domain, order="id")

    def _make_profiles(self, partners, company=None, **columns):
        """Write profiles straight into the table, without the engine.

        For tests of access, lists and actions, which need rows in a known state
        rather than rows that follow from documents. ``stage`` takes a stage's code.
        """
        self.env.flush_all()
        company = company or self.company
        code = columns.pop("stage", "potential")
        computed = {"vip": "partner", "key": "partner", "lost": "potential"}
        row = {
            "active": True,
            "company_id": company.id,
            "added_date": self.day(10),
            "purchase_count": 0,
            "lifetime_revenue": 0,
            "turn_number": 0,
            "window_purchase_count": 0,
            "revenue": 0,
            "revenue_previous": 0,
            "stage_id": self.stage(code).id,
            "computed_stage_id": self.stage(computed.get(code, code)).id,
            "stage_date": self.day(10),
            "stage_reason": code,
            "is_agreed": False,
            "is_vip": False,
            "is_key_account": False,
            "is_excluded": False,
            "is_lapsed": False,
            **columns,
        }
        self.env.execute_query(
            SQL(
                "INSERT INTO crm_lifecycle_profile (partner_id, %s) "
                "SELECT id, %s FROM res_partner WHERE id IN %s ORDER BY id "
                "RETURNING id",
                SQL(", ").join(SQL.identifier(name) for name in row),
                SQL(", ").join(SQL("%s", value) for value in row.values()),
                tuple(partners.ids),
            )
        )
        self.env.invalidate_all()
        return self.Profile.with_context(active_test=False).search(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)],
            order="id",
        )

    def stage(self, code):
        """Return the lifecycle stage with a code."""
        return self.env["crm.lifecycle.stage"].browse(
            self.env["crm.lifecycle.stage"]._ids_by_code()[code]
        )

    def category(self, code):
        """Return the category with a code."""
        return self.env["crm.lifecycle.category"].browse(
            self.env["crm.lifecycle.category"]._ids_by_code()[code]
        )

    def _transitions(self, partner, company=None):
        """Return the transitions of one customer, oldest first."""
        return self.env["crm.lifecycle.transition"].search(
            [("profile_id", "=", self._profile(partner, company).id)], order="id"
        )

    def assertStage(self, partner, code, company=None):
        """Check the stage of one customer by its code."""
        profile = self._profile(partner, company)
        self.assertTrue(profile, f"{partner.name} has no profile")
        self.assertEqual(profile.stage_id.code, code)


class TestLifecycleCompanies(TestLifecycleCommon):
    """A second company with its own sales people, beside the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_2 = cls.env["res.company"].create(
            {"name": "Second Company", "currency_id": cls.company.currency_id.id}
        )
        cls.env.user.company_ids += cls.company_2
        # user             sales group     company  company_2
        # ---------------- --------------- -------- ---------
        # user_manager_2   administrator            x
        # user_salesman_3  own documents            x
        # user_both        administrator   x        x
        manager = "sales_team.group_sale_manager"
        cls.user_manager_2 = cls._create_user(
            "user_manager_2", "Mia Manager", manager, company=cls.company_2
        )
        cls.user_salesman_3 = cls._create_user(
            "user_salesman_3",
            "Sid Salesman",
            "sales_team.group_sale_salesman",
            company=cls.company_2,
        )
        cls.user_both = cls._create_user("user_both", "Bo Both", manager)
        cls.user_both.company_ids += cls.company_2

    @classmethod
    def _load_accounts(cls, company=None):
        """Give a company a chart of accounts, so that it can invoice (slow)."""
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=company or cls.company_2, install_demo=False
        )
