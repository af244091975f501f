# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from lxml import etree

from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import TestLifecycleCommon

ACTIONS_OF_ALL = (
    "crm_lifecycle_profile_action",
    "crm_lifecycle_transition_action",
    "crm_lifecycle_responsible_action",
)
ACTIONS_OF_MANAGERS = (
    "crm_lifecycle_stage_action",
    "crm_lifecycle_category_action",
    "crm_lifecycle_category_cell_action",
    "crm_lifecycle_lost_reason_action",
    "crm_lifecycle_event_action",
    "res_company_action_limits",
    "res_company_action_health",
)
DOCUMENT_ACTIONS = (
    "base.action_partner_form",
    "crm.crm_lead_action_pipeline",
    "crm.crm_lead_all_leads",
    "sale.action_orders",
    "account.action_move_out_invoice_type",
)


@tagged("post_install", "-at_install")
class TestLifecycleViews(TestLifecycleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Shown Customer", phone="+1 555 0100")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Shown Contact", "parent_id": cls.customer.id}
        )

    def setUp(self):
        super().setUp()
        self.profile = self._make_profiles(
            self.customer, stage="working", user_id=self.user_salesman.id
        )

    def _get_views(self, action, user):
        """Load all views of an action like the web client does."""
        action = self.env["ir.actions.act_window"]._for_xml_id(action)
        search_view = action["search_view_id"]
        return (
            self.env[action["res_model"]]
            .with_user(user)
            .get_views(
                [*action["views"], (search_view and search_view[0], "search")],
                {"load_filters": True, "toolbar": True},
            )
        )

    def test_views_load_for_every_role(self):
        salespeople = self.user_salesman, self.user_leader, self.user_all
        everybody = *salespeople, self.user_manager
        for names, users in (
            ([f"crm_lifecycle.{name}" for name in ACTIONS_OF_ALL], everybody),
            (
                [f"crm_lifecycle.{name}" for name in ACTIONS_OF_MANAGERS],
                [self.user_manager],
            ),
            (DOCUMENT_ACTIONS, everybody),
        ):
            for name in names:
                for user in users:
                    with self.subTest(action=name, user=user.login):
                        views = self._get_views(name, user)["views"]
                        self.assertGreaterEqual(len(views), 2)

    def test_filters_and_group_bys_of_the_base(self):
        """Every filter of the search view searches, every group-by groups."""
        Profile = self.env["crm.lifecycle.profile"].with_user(self.user_salesman)
        view = self.env.ref("crm_lifecycle.crm_lifecycle_profile_view_search")
        filters = list(view._get_combined_arch().iter("filter"))
        self.assertGreater(len(filters), 40)
        for node in filters:
            with self.subTest(filter=node.get("name")):
                if node.get("domain"):
                    domain = safe_eval(node.get("domain"), {"uid": Profile.env.uid})
                    Profile.search(Domain(domain))
                if node.get("context"):
                    group_by = safe_eval(node.get("context"))["group_by"]
                    groups = Profile.formatted_read_group(
                        [], [group_by], ["__count", "revenue:sum"]
                    )
                    self.assertTrue(groups)

    def test_cards_know_their_fields(self):
        """A card that reads a field which its view does not load breaks the screen."""
        ours = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.view"), ("module", "=like", "crm_lifecycle%")]
        )
        views = self.env["ir.ui.view"].search(
            [
                *(("type", "=", "kanban"), ("mode", "=", "primary")),
                ("id", "in", ours.mapped("res_id")),
            ]
        )
        self.assertGreater(len(views), 10)
        for view in views:
            with self.subTest(view=view.name):
                arch = view._get_combined_arch()
                loaded = {node.get("name") for node in arch.iter("field")}
                read = re.findall(r"\brecord\.(\w+)", etree.tostring(arch).decode())
                self.assertEqual(set(read) - loaded, set())

    def test_labels_of_other_models_follow_the_language(self):
        """Reports borrow selections: their labels come in the reader's language."""
        self.env["res.lang"]._activate_lang("fr_FR")
        for report, name, model, source, value in (
            ("crm.feedback.report", "kind", "crm.feedback", "kind", "complaint"),
            ("crm.feedback.report", "channel", "crm.feedback", "channel", "page"),
            (
                *("crm.feedback.report", "abc_class"),
                *("crm.lifecycle.profile", "abc_class", "n"),
            ),
        ):
            with self.subTest(report=report, name=name):
                label = self.env["ir.model.fields.selection"].search(
                    [
                        ("field_id.model", "=", model),
                        *(("field_id.name", "=", source), ("value", "=", value)),
                    ]
                )
                label.with_context(lang="fr_FR").name = "Libell\u00e9"
                shown = self.env[report].with_context(lang="fr_FR").fields_get([name])
                self.assertEqual(dict(shown[name]["selection"])[value], "Libell\u00e9")

    def test_form_opens(self):
        for user in (self.user_salesman, self.user_manager):
            with self.subTest(user=user.login):
                form = Form(self.profile.with_user(user))
                self.assertEqual(form.partner_id, self.customer)
                self.assertEqual(form.contact_phone, "+1 555 0100")

    def test_board_shows_every_stage(self):
        Profile = self.Profile.with_user(self.user_salesman)
        groups = Profile.with_context(read_group_expand=True).web_read_group(
            [("id", "=", self.profile.id)], ["stage_id"]
        )
        self.assertEqual(len(groups["groups"]), 9)

    def test_counters_and_buttons(self):
        self._create_order(self.contact, self.day(3))
        self._create_order(self.customer, self.day(3), state="draft")
        self.env["crm.lead"].create({"name": "Deal", "partner_id": self.contact.id})
        profile = self.profile.with_user(self.user_manager)
        self.assertEqual(profile.order_count, 2)
        self.assertEqual(profile.opportunity_count, 1)
        self.assertEqual(profile.invoice_count, 0)
        orders = profile.action_view_orders()
        self.assertEqual(self.env["sale.order"].search_count(orders["domain"]), 2)
        leads = profile.action_view_opportunities()
        self.assertEqual(self.env["crm.lead"].search_count(leads["domain"]), 1)
        invoices = profile.action_view_invoices()
        self.assertFalse(self.env["account.move"].search_count(invoices["domain"]))
        self.assertEqual(profile.action_view_partner()["res_id"], self.customer.id)

    def test_contact_leads_to_the_card(self):
        contact = self.contact.with_user(self.user_salesman)
        self.assertEqual(
            contact.action_view_lifecycle_profile()["res_id"], self.profile.id
        )
        self.assertEqual(contact.lifecycle_stage_color, self.stage("working").color)

    def test_recompute_button(self):
        self._create_order(self.customer, self.day(3))
        self._create_order(self.customer, self.day(4))
        self._create_order(self.customer, self.day(5))
        action = self.profile.with_user(self.user_salesman).action_recompute_now()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(self.profile.stage_id, self.stage("regular"))

    def test_what_changed_can_be_searched(self):
        potential, working = self.stage("potential"), self.stage("working")
        new, class_c = self.category("new"), self.category("c")
        values = {"profile_id": self.profile.id, "date": self.today, "cause": "time"}
        values["recorded_at"] = self.env.cr.now()
        Transition = self.env["crm.lifecycle.transition"]
        stage_change, category_change = Transition.create(
            [
                {
                    **values,
                    "from_stage_id": potential.id,
                    "to_stage_id": working.id,
                    "from_category_id": new.id,
                    "to_category_id": new.id,
                },
                {
                    **values,
                    "from_stage_id": working.id,
                    "to_stage_id": working.id,
                    "from_category_id": new.id,
                    "to_category_id": class_c.id,
                },
            ]
        )
        domain = [("profile_id", "=", self.profile.id)]
        for name, found, others in (
            ("stage_changed", stage_change, category_change),
            ("category_changed", category_change, stage_change),
        ):
            with self.subTest(name=name):
                self.assertEqual(Transition.search([*domain, (name, "=", True)]), found)
                self.assertEqual(
                    Transition.search([*domain, (name, "=", False)]), others
                )
                self.assertTrue(found[name])
                self.assertFalse(others[name])
