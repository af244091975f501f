# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestLifecycleData(TransactionCase):
    """The records the add-on brings, as the rules need them."""

    def test_stages(self):
        stages = self.env["crm.lifecycle.stage"].search([])
        self.assertEqual(
            [(stage.code, stage.zone) for stage in stages],
            [
                ("potential", "birth"),
                ("active", "birth"),
                ("working", "life"),
                ("regular", "life"),
                ("partner", "life"),
                ("vip", "life"),
                ("key", "life"),
                ("lost_recoverable", "departure"),
                ("lost", "departure"),
            ],
        )
        self.assertEqual(
            stages.grouped("phase").keys(),
            {"development", "conversion", "account_management"},
        )

    def test_stages_stay(self):
        stage = self.env.ref("crm_lifecycle.crm_lifecycle_stage_working")
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            stage.unlink()
        with self.assertRaisesRegex(UserError, "code of a lifecycle stage is fixed"):
            stage.code = "regular"
        stage.name = "Buys"
        self.assertEqual(stage.name, "Buys")

    def test_categories(self):
        categories = self.env["crm.lifecycle.category"].search([])
        self.assertEqual(
            categories.mapped("code"),
            ["key", "vip", "a", "b", "c", "new", "prospect", "lost"],
        )

    def test_ruled_category_stays_and_own_one_goes(self):
        ruled = self.env.ref("crm_lifecycle.crm_lifecycle_category_a")
        own = self.env["crm.lifecycle.category"].create({"name": "Dealers"})
        with self.assertRaisesRegex(UserError, "a rule assigns it"):
            ruled.unlink()
        with self.assertRaisesRegex(UserError, "cannot be archived"):
            ruled.action_archive()
        own.unlink()
        self.assertFalse(own.exists())

    def test_matrix(self):
        """High potential moves a class up by one; no class counts as C."""
        cells = {
            (cell.abc_class, cell.potential_class): cell.category_id.code
            for cell in self.env["crm.lifecycle.category.cell"].search([])
        }
        expected = {}
        for abc_class, moved_up, left in (
            ("a", "a", "a"),
            ("b", "a", "b"),
            ("c", "b", "c"),
            ("none", "b", "c"),
        ):
            expected[abc_class, "high"] = moved_up
            for potential_class in ("medium", "low", "unknown"):
                expected[abc_class, potential_class] = left
        self.assertEqual(cells, expected)

    @mute_logger("odoo.sql_db")
    def test_one_cell_for_each_pair(self):
        cell = self.env["crm.lifecycle.category.cell"].search([], limit=1)
        with self.assertRaisesRegex(Exception, "crm_lifecycle_category_cell"):
            self.env["crm.lifecycle.category.cell"].create(
                {
                    "abc_class": cell.abc_class,
                    "potential_class": cell.potential_class,
                    "category_id": cell.category_id.id,
                }
            )

    def test_matrix_change_settles(self):
        company = self.env.company
        company.lifecycle_settle_asked = False
        cell = self.env.ref("crm_lifecycle.crm_lifecycle_category_cell_b_high")
        cell.category_id = self.env.ref("crm_lifecycle.crm_lifecycle_category_b")
        self.assertTrue(company.lifecycle_settle_asked)

    def test_lost_reasons(self):
        reasons = self.env["crm.lifecycle.lost.reason"].search([])
        self.assertEqual(
            {
                (reason.name, reason.ended_by, reason.is_recoverable)
                for reason in reasons
                if reason.get_external_id()[reason.id].startswith("crm_lifecycle.")
            },
            {
                ("Nothing more to sell", "nobody", False),
                ("Better offer elsewhere", "customer", True),
                ("Poorly served", "customer", True),
                ("Terms beyond profitability", "we", True),
                ("Promise broken", "customer", True),
                ("Followed the salesperson", "customer", True),
                ("We ended it", "we", False),
            },
        )

    def test_pipeline_stages(self):
        """Proposition and Won count as agreement, as far as the company has them."""
        for name, agreement, phase in (
            ("stage_lead1", False, "generation"),
            ("stage_lead2", False, "development"),
            ("stage_lead3", True, "conversion"),
            ("stage_lead4", True, "conversion"),
        ):
            stage = self.env.ref(f"crm.{name}", raise_if_not_found=False)
            if stage:
                with self.subTest(stage=name):
                    self.assertEqual(stage.lifecycle_is_agreement, agreement)
                    self.assertEqual(stage.lifecycle_phase, phase)

    def test_job(self):
        job = self.env.ref("crm_lifecycle.ir_cron_lifecycle")
        self.assertEqual(job.model_id.model, "crm.lifecycle.engine")
        self.assertEqual(job.code, "model._cron_run()")
        self.assertEqual((job.interval_number, job.interval_type), (1, "days"))
        self.assertEqual(job.user_id, self.env.ref("base.user_root"))
        self.assertTrue(job.active)
