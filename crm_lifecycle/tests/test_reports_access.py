# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .reports_common import REPORTS, ReportsCommon


class TestReportsAccess(ReportsCommon):
    """Every report shows the customers the user may see, and no trace of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        cls.owners = {
            "of_salesman": (cls.user_salesman, cls.company),
            "of_colleague": (cls.user_salesman_2, cls.company),
            "of_leader": (cls.user_leader, cls.company),
            "of_nobody": (cls.env["res.users"], cls.company),
            "of_other": (cls.user_salesman_3, cls.company_2),
        }
        in_company = {"of_salesman", "of_colleague", "of_leader", "of_nobody"}
        cls.visible = {
            cls.user_salesman: {"of_salesman", "of_nobody"},
            cls.user_leader: {"of_salesman", "of_leader", "of_nobody"},
            cls.user_all: in_company,
            cls.user_manager: in_company,
            cls.user_manager_2: {"of_other"},
            cls.user_both: set(cls.owners),
        }
        cls.partners = cls.env["res.partner"]
        cls.profiles = {}
        for name, (user, company) in cls.owners.items():
            partner = cls._create_customer(name)
            for ago in (70, 40, 10):
                case._create_order(partner, case.day(ago), company=company)
            profile = case._recompute(partner, company=company)
            profile._set_responsible(user)
            cls.profiles[name] = profile
            cls.partners += partner
        cls.domain = [("partner_id", "in", cls.partners.ids)]

    def _report(self, user, model):
        return (
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )

    def test_who_sees_whom(self):
        for model in REPORTS:
            for user, names in self.visible.items():
                with self.subTest(model=model, user=user.login):
                    Report = self._report(user, model)
                    rows = Report.search(self.domain)
                    self.assertEqual(set(rows.partner_id.mapped("name")), names)
                    groups = Report._read_group(
                        self.domain, ["partner_id"], ["customer_count:sum"]
                    )
                    self.assertEqual(
                        {partner.name: count for partner, count in groups},
                        dict.fromkeys(names, 1),
                    )
                    [(count,)] = Report._read_group(
                        self.domain, [], ["customer_count:sum"]
                    )
                    self.assertEqual(count, len(names))

    def test_a_hidden_row_by_its_id(self):
        for model in REPORTS:
            with self.subTest(model=model):
                rows = self._report(self.user_manager, model).search(
                    [("partner_id.name", "=", "of_colleague")], limit=1
                )
                self.assertTrue(rows)
                hidden = self._report(self.user_salesman, model).browse(rows.ids)
                found = []
                with suppress(AccessError), mute_logger("odoo.models"):
                    found = hidden.read(["partner_id"])
                self.assertFalse(found)
                self.assertFalse(hidden.search([("id", "in", rows.ids)]))

    def test_a_company_that_is_not_chosen(self):
        for model in REPORTS:
            with self.subTest(model=model):
                Report = self.env[model].with_user(self.user_both)
                rows = Report.with_context(
                    allowed_company_ids=self.company_2.ids
                ).search(self.domain)
                self.assertEqual(rows.partner_id.mapped("name"), ["of_other"])

    def test_outsiders(self):
        for model in REPORTS:
            for user in (self.user_internal, self.user_portal, self.user_public):
                with self.subTest(model=model, user=user.login):
                    Report = self.env[model].with_user(user)
                    with self.assertRaises(AccessError), mute_logger("odoo.models"):
                        Report.search_count(self.domain)

    def test_nobody_writes_them(self):
        for model in REPORTS:
            with self.subTest(model=model):
                rows = self._report(self.user_manager, model).search(self.domain)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(rows[0].has_access(operation))

    def test_export_is_for_managers(self):
        group = self.env.ref("base.group_allow_export")
        group.user_ids += self.user_all + self.user_manager
        for model in REPORTS:
            with self.subTest(model=model):
                rows = self._report(self.user_all, model).search(self.domain, limit=1)
                with self.assertRaises(UserError):
                    rows.export_data(["partner_id"])
                self.assertTrue(
                    rows.with_user(self.user_manager).export_data(["partner_id"])
                )

    def test_leads_of_nobody_follow_their_salesperson(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": "Inquiry",
                    "company_id": self.company.id,
                    "user_id": user.id,
                    "team_id": False,
                }
                for user in (self.user_salesman, self.user_salesman_2)
            ]
        )
        self.assertFalse(leads.partner_id)
        Report = self._report(self.user_salesman, "crm.lifecycle.phase.report")
        rows = Report.search(
            [("partner_id", "=", False), ("user_id", "in", leads.user_id.ids)]
        )
        self.assertEqual(rows.user_id, self.user_salesman)
