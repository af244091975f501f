# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TestLifecycleCompanies
from .http_common import Json2Case

MODELS = (
    "crm.lifecycle.profile",
    "crm.lifecycle.transition",
    "crm.lifecycle.responsible",
)


class AccessBase(TestLifecycleCompanies):
    """One customer for each way of belonging to somebody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # customer      responsible        company     revenue
        # ------------- ------------------ ----------- -------
        # of_salesman   user_salesman      company         100
        # of_colleague  user_salesman_2    company         200
        # of_leader     user_leader        company         400
        # of_nobody     -                  company         800
        # of_other      user_salesman_3    company_2      1600
        cls.owners = {
            "of_salesman": (cls.user_salesman, cls.company, 100),
            "of_colleague": (cls.user_salesman_2, cls.company, 200),
            "of_leader": (cls.user_leader, cls.company, 400),
            "of_nobody": (cls.env["res.users"], cls.company, 800),
            "of_other": (cls.user_salesman_3, cls.company_2, 1600),
        }
        case = cls()
        cls.profiles = {}
        for name, (user, company, revenue) in cls.owners.items():
            partner = cls._create_customer(f"Customer {name}")
            profile = case._make_profiles(
                partner, company=company, revenue=revenue, abc_class="b"
            )
            profile._set_responsible(user)
            cls.env.cr.execute(
                "INSERT INTO crm_lifecycle_transition "
                "(profile_id, date, recorded_at, cause) "
                "VALUES (%s, current_date, now(), 'event')",
                [profile.id],
            )
            cls.profiles[name] = profile
        everyone = cls.env["crm.lifecycle.profile"].union(*cls.profiles.values())
        cls.everyone = everyone
        everybody = cls.user_salesman + cls.user_all + cls.user_both
        everybody += cls.user_manager + cls.user_manager_2
        cls.env.ref("base.group_allow_export").user_ids += everybody
        # Who sees whom
        in_company = {"of_salesman", "of_colleague", "of_leader", "of_nobody"}
        cls.visible = {
            cls.user_salesman: {"of_salesman", "of_nobody"},
            cls.user_salesman_2: {"of_colleague", "of_nobody"},
            cls.user_leader: {"of_salesman", "of_leader", "of_nobody"},
            cls.user_all: in_company,
            cls.user_manager: in_company,
            cls.user_salesman_3: {"of_other"},
            cls.user_manager_2: {"of_other"},
            cls.user_both: set(cls.profiles),
        }

    def _ids(self, names):
        return {self.profiles[name].id for name in names}

    def _domain(self, field="id"):
        return [(field, "in", self.everyone.ids)]

    def _model(self, user, model="crm.lifecycle.profile"):
        return (
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )


class TestAccess(AccessBase):
    def test_who_sees_which_profile(self):
        for user, names in self.visible.items():
            with self.subTest(user=user.login):
                found = self._model(user).search(self._domain())
                self.assertEqual(set(found.ids), self._ids(names))

    def test_transitions_and_responsibles_follow_the_profile(self):
        for model in MODELS[1:]:
            for user, names in self.visible.items():
                with self.subTest(user=user.login, model=model):
                    rows = self._model(user, model).search(self._domain("profile_id"))
                    wanted = self._ids(names)
                    if model == "crm.lifecycle.responsible":
                        wanted -= self._ids({"of_nobody"})
                    self.assertEqual(set(rows.profile_id.ids), wanted)

    def test_hidden_profiles_cannot_be_read_or_written(self):
        for user, names in self.visible.items():
            for name, profile in self.profiles.items():
                hidden = self._model(user).browse(profile.id)
                with self.subTest(user=user.login, profile=name):
                    if name in names:
                        self.assertEqual(hidden.revenue, self.owners[name][2])
                        self.assertTrue(hidden.has_access("write"))
                    else:
                        for call in (
                            lambda p=hidden: p.read(["revenue"]),
                            lambda p=hidden: p.export_data(["revenue"]),
                            lambda p=hidden: p.write({"user_id": False}),
                            lambda p=hidden: p.web_read({"revenue": {}}),
                        ):
                            with self.assertRaises(AccessError):
                                call()

    def test_no_leak_through_groups_orders_and_sums(self):
        for user, names in self.visible.items():
            Profile = self._model(user)
            total = sum(self.owners[name][2] for name in names)
            with self.subTest(user=user.login):
                [(revenue, count)] = Profile._read_group(
                    self._domain(), aggregates=["revenue:sum", "__count"]
                )
                self.assertEqual((revenue, count), (total, len(names)))
                for groupby in ("user_id", "abc_class", "has_no_responsible"):
                    groups = Profile.formatted_read_group(
                        self._domain(), [groupby], ["revenue:sum"]
                    )
                    found = sum(group["revenue:sum"] for group in groups)
                    self.assertEqual(found, total, groupby)
                ordered = Profile.search(self._domain(), order="silence_days, revenue")
                self.assertEqual(set(ordered.ids), self._ids(names))
                richest = Profile.search_count([*self._domain(), ("revenue", ">", 0)])
                self.assertEqual(richest, len(names))

    def test_no_leak_through_the_history(self):
        for user, names in self.visible.items():
            groups = self._model(user, "crm.lifecycle.transition")._read_group(
                self._domain("profile_id"), ["cause"], ["__count"]
            )
            self.assertEqual(groups, [("event", len(names))])

    def test_export_is_for_managers(self):
        for user in (self.user_salesman, self.user_all):
            own = self._model(user).search(self._domain())
            with self.assertRaisesRegex(AccessError, "sales managers"):
                own.export_data(["partner_id", "revenue"])
        found = self._model(self.user_manager).search(self._domain())
        rows = found.export_data(["partner_id", "revenue"])["datas"]
        self.assertEqual({row[1] for row in rows}, {100.0, 200.0, 400.0, 800.0})

    def test_no_way_round_the_export(self):
        """Other models lead to the same figures."""
        profile = self.profiles["of_salesman"]
        customer = profile.partner_id
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "partner_id": customer.id, "user_id": False}
        )
        order = self.env["sale.order"].create(
            {"partner_id": customer.id, "user_id": False}
        )
        for model, ids, path in (
            ("crm.lifecycle.transition", profile.transition_ids.ids, "date"),
            (
                "crm.lifecycle.transition",
                profile.transition_ids.ids,
                "profile_id/revenue",
            ),
            ("crm.lifecycle.responsible", profile.responsible_ids.ids, "user_id"),
            ("crm.lifecycle.responsible", profile.responsible_ids.ids, "profile_id"),
            ("res.partner", customer.ids, "lifecycle_revenue"),
            ("res.partner", customer.ids, "lifecycle_profile_id/revenue"),
            ("res.users", self.user_salesman.ids, "lifecycle_revenue"),
            ("res.users", self.user_salesman.ids, "partner_id/lifecycle_revenue"),
            ("crm.lead", lead.ids, "lifecycle_revenue"),
            ("crm.lead", lead.ids, "partner_id/lifecycle_abc_class"),
            ("sale.order", order.ids, "partner_id/lifecycle_revenue"),
        ):
            for user in (self.user_salesman, self.user_all):
                with (
                    self.subTest(model=model, path=path, user=user.login),
                    self.assertRaisesRegex(AccessError, "sales managers"),
                ):
                    self._model(user, model).browse(ids).export_data([path])
            rows = self._model(self.user_manager, model).browse(ids)
            self.assertTrue(rows.export_data([path])["datas"])

    def test_what_everybody_may_export(self):
        customer = self._model(self.user_salesman, "res.partner").browse(
            self.profiles["of_salesman"].partner_id.id
        )
        [row] = customer.export_data(["name", "lifecycle_is_vip"])["datas"]
        self.assertEqual(row, ["Customer of_salesman", False])

    def test_outsiders_see_nothing(self):
        for user in (self.user_internal, self.user_portal, self.user_public):
            for model in (
                *MODELS,
                "crm.lifecycle.event",
                "crm.lifecycle.category.cell",
            ):
                Model = self.env[model].with_user(user)
                with self.subTest(user=user.login, model=model):
                    for call in (
                        lambda m=Model: m.search([]),
                        lambda m=Model: m.search_count([]),
                        lambda m=Model: m._read_group([], aggregates=["__count"]),
                        lambda m=Model: m.search_read([], ["id"]),
                    ):
                        with self.assertRaises(AccessError):
                            call()

    def test_settings_of_the_company(self):
        """Anybody may read companies, but not how they treat their customers."""
        names = [name for name in self.company._fields if name[:10] == "lifecycle_"]
        self.assertIn("lifecycle_vip_min_revenue", names)
        for user in (self.user_portal, self.user_public):
            company = self.company.with_user(user)
            self.assertFalse(set(company.fields_get()) & set(names))
            for name in names:
                with (
                    self.subTest(user=user.login, field=name),
                    self.assertRaises(AccessError),
                ):
                    company.read([name])
        managers = {
            name
            for name in names
            if self.company._fields[name].groups == "sales_team.group_sale_manager"
        }
        self.assertIn("lifecycle_limits", managers)
        self.assertIn("lifecycle_profile_count", managers)
        company = self.company.with_user(self.user_salesman)
        self.assertEqual(set(names) - set(company.fields_get()), managers)
        self.assertTrue(self.company.with_user(self.user_manager).read(names))
        profile = self.profiles["of_salesman"].with_user(self.user_salesman)
        self.assertEqual(profile.last_pass_at, self.company.lifecycle_last_pass_at)

    def test_open_models(self):
        """Internal users read what badges on contacts name; others nothing."""
        for model in (
            "crm.lifecycle.stage",
            "crm.lifecycle.category",
            "crm.lifecycle.lost.reason",
        ):
            Model = self.env[model]
            self.assertTrue(Model.with_user(self.user_internal).search([], limit=1))
            for user in (self.user_portal, self.user_public):
                with self.subTest(model=model, user=user.login):
                    self.assertFalse(Model.with_user(user).has_access("read"))
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=model, operation=operation):
                    for user in (self.user_internal, self.user_all, self.user_leader):
                        self.assertFalse(Model.with_user(user).has_access(operation))
                    self.assertTrue(
                        Model.with_user(self.user_manager).has_access(operation)
                    )

    def test_only_managers_see_the_queue(self):
        for user in (self.user_salesman, self.user_leader, self.user_all):
            Event = self.env["crm.lifecycle.event"].with_user(user)
            self.assertFalse(Event.has_access("read"))
        Event = self.env["crm.lifecycle.event"].with_user(self.user_manager)
        self.assertTrue(Event.has_access("read"))
        self.assertFalse(Event.has_access("create"))

    def test_history_is_read_only(self):
        for model in MODELS[1:]:
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=model, operation=operation):
                    Model = self.env[model].with_user(self.user_manager)
                    self.assertFalse(Model.has_access(operation))

    def test_a_new_leader_sees_the_team(self):
        self.assertNotIn(
            self.profiles["of_colleague"].id,
            self._model(self.user_leader).search(self._domain()).ids,
        )
        self.team_2.user_id = self.user_leader
        self.env.registry.clear_cache()
        self.assertIn(
            self.profiles["of_colleague"].id,
            self._model(self.user_leader).search(self._domain()).ids,
        )

    def test_another_company_is_hidden_while_it_is_not_chosen(self):
        Profile = self.Profile.with_user(self.user_both).with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertNotIn(
            self.profiles["of_other"].id, Profile.search(self._domain()).ids
        )


@tagged("post_install", "-at_install")
class TestAccessOverHttp(AccessBase, Json2Case):
    """The same over ``/json/2``, with the API key of each user."""

    def test_rows_and_groups(self):
        for user in (self.user_salesman, self.user_leader, self.user_manager_2):
            names = self.visible[user]
            with self.subTest(user=user.login):
                rows = self._json2(
                    user, "search_read", domain=self._domain(), fields=["revenue"]
                ).json()
                self.assertEqual({row["id"] for row in rows}, self._ids(names))
                groups = self._json2(
                    user,
                    "formatted_read_group",
                    domain=self._domain(),
                    groupby=["abc_class"],
                    aggregates=["revenue:sum"],
                ).json()
                total = sum(self.owners[name][2] for name in names)
                self.assertEqual(sum(group["revenue:sum"] for group in groups), total)

    @mute_logger("odoo.http")
    def test_hidden_row_by_id(self):
        response = self._json2(
            self.user_salesman,
            "read",
            ids=self.profiles["of_colleague"].ids,
            fields=["revenue"],
        )
        self.assertEqual(response.status_code, 403)
        self.assertNotIn("200.0", response.text)

    @mute_logger("odoo.http")
    def test_direct_write_and_private_methods(self):
        own = self.profiles["of_salesman"].ids
        response = self._json2(
            self.user_salesman, "write", ids=own, vals={"is_vip": True}
        )
        self.assertEqual(response.status_code, 422)
        self.assertIn("Name VIP", response.text)
        for method in ("_write_people", "_set_responsible", "_get_reason_sentence"):
            with self.subTest(method=method):
                response = self._json2(self.user_manager, method, ids=own, vals={})
                self.assertIn(response.status_code, (403, 404))
        response = self._json2(
            self.user_salesman,
            "hold_stage",
            ids=self.profiles["of_colleague"].ids,
            stage_code="regular",
            reason="x",
        )
        self.assertEqual(response.status_code, 403)
        self.env.invalidate_all()
        self.assertFalse(self.profiles["of_salesman"].is_vip)
        self.assertFalse(self.profiles["of_colleague"].hold_stage_id)

    def test_action_by_rpc(self):
        response = self._json2(
            self.user_salesman,
            "set_potential",
            ids=self.profiles["of_salesman"].ids,
            amount=250,
        )
        self.assertEqual(
            response.json(),
            {
                "done": self.profiles["of_salesman"].ids,
                "skipped": [],
                "state": "recomputed",
            },
        )
