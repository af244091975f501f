# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import TestLifecycleCommon


@tagged("post_install", "-at_install")
class TestLifecycleMatrixEditor(TestLifecycleCommon):
    """What the grid in the browser relies on."""

    def test_every_place_of_the_grid_has_a_cell(self):
        Cell = self.env["crm.lifecycle.category.cell"]
        places = {
            (abc, potential)
            for abc, _name in Cell._fields["abc_class"].selection
            for potential, _name in Cell._fields["potential_class"].selection
        }
        self.assertEqual(set(Cell._ids_by_place()), places)
        self.assertEqual(len(places), 16)

    def test_the_view_is_a_grid_and_reads_what_it_shows(self):
        view = (
            self.env["crm.lifecycle.category.cell"]
            .with_user(self.user_manager)
            .get_view(
                self.env.ref("crm_lifecycle.crm_lifecycle_category_cell_view_list").id,
                "list",
            )
        )
        self.assertIn('js_class="lifecycle_matrix"', view["arch"])
        self.assertGreaterEqual(
            set(view["models"]["crm.lifecycle.category.cell"]),
            {"abc_class", "potential_class", "category_id"},
        )

    def test_choosing_asks_for_a_ranking(self):
        own = self.env["crm.lifecycle.category"].create({"name": "Care", "color": 7})
        self.company.lifecycle_settle_asked = False
        cell = self.env["crm.lifecycle.category.cell"].search(
            [("abc_class", "=", "a"), ("potential_class", "=", "high")]
        )
        cell.with_user(self.user_manager).category_id = own
        self.assertTrue(self.company.lifecycle_settle_asked)
        customer = self._create_customer()
        self._create_orders(customer, (200, 170, 140), amount=9e8)
        self.engine._recompute(self.company)
        profile = self._profile(customer)
        self.assertEqual(profile.category_id, self.category("a"))
        profile.set_potential(potential_class="high")
        self.assertEqual(profile.category_id, own)

    def test_consultants_reach_everything_without_developer_mode(self):
        """Every page of the configuration is in the menu of a sales manager."""
        manager = self._create_user(
            "consultant", "Cora Consultant", "sales_team.group_sale_manager"
        )
        visible = self.env["ir.ui.menu"].with_user(manager)._visible_menu_ids()
        for name in (
            "first_run",
            "limits",
            "stage",
            "category",
            "category_cell",
            "crm_stage",
            "lost_reason",
            "preset",
            "health",
        ):
            menu = self.env.ref(f"crm_lifecycle.crm_lifecycle_{name}_menu")
            with self.subTest(menu=menu.complete_name):
                self.assertIn(menu.id, visible)
                self.assertNotIn(self.env.ref("base.group_no_one"), menu.group_ids)
        salesman = self.env["ir.ui.menu"].with_user(self.user_salesman)
        config = self.env.ref("crm_lifecycle.crm_lifecycle_menu_config")
        self.assertNotIn(config.id, salesman._visible_menu_ids())
