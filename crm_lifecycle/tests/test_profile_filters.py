# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo.tools.safe_eval import safe_eval

from .common import TestLifecycleCommon

VIP = {
    "stage": "vip",
    "is_vip": True,
    "vip_reason": "Named",
}


class TestProfileFilters(TestLifecycleCommon):
    """Each filter of the list finds exactly the customers it is named for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.lifecycle_vip_min_revenue = 1000
        cls.company.lifecycle_vip_stage_id = cls.env[
            "crm.lifecycle.stage"
        ]._ids_by_code()["partner"]
        cls.case = cls()
        cls.customers = cls._make_customers()
        cls.names = {profile.id: name for name, profile in cls.customers.items()}
        arch = cls.Profile.get_view(
            cls.env.ref("crm_lifecycle.crm_lifecycle_profile_view_search").id, "search"
        )["arch"]
        cls.filters = {
            node.get("name"): node.get("domain")
            for node in etree.fromstring(arch).iter("filter")
            if node.get("domain")
        }

    @classmethod
    def _make_customers(cls):
        usual = {
            "user_id": cls.user_salesman_2.id,
            "team_id": cls.team_2.id,
            "last_contact_date": cls.case.day(5),
        }
        kinds = {
            **cls._get_newcomers(),
            **cls._get_buyers(),
            **cls._get_important(),
            **cls._get_others(),
        }
        customers = {
            name: cls.case._make_profiles(
                cls._create_customer(name), **{**usual, **columns}
            )
            for name, columns in kinds.items()
        }
        cls.user_internal.active = False
        return customers

    @classmethod
    def _get_newcomers(cls):
        day = cls.case.day
        silent = {"added_date": day(400), "last_contact_date": None}
        return {
            "potential": {"last_document_date": day(5)},
            "active": {"stage": "active", "last_document_date": day(5)},
            "dormant": {"last_document_date": day(181), **silent},
            "awake": {"last_document_date": day(180), **silent},
        }

    @classmethod
    def _get_buyers(cls):
        day = cls.case.day
        monday = day(0).weekday()
        monthly = {"stage": "regular", "rhythm_days": 30.0}
        return {
            "working": {"stage": "working", "abc_class": "n"},
            "regular": {
                **monthly,
                "abc_class": "c",
                "last_purchase_date": day(30),
                "expected_purchase_date": day(monday),
            },
            "late": {
                **monthly,
                "abc_class": "b",
                "last_purchase_date": day(31),
                "expected_purchase_date": day(monday + 1),
            },
            "next_week": {
                **monthly,
                "last_purchase_date": day(3),
                "expected_purchase_date": day(monday - 7),
            },
            "on_sunday": {
                **monthly,
                "last_purchase_date": day(3),
                "expected_purchase_date": day(monday - 6),
            },
        }

    @classmethod
    def _get_important(cls):
        day, stage = cls.case.day, cls.case.stage
        return {
            "partner": {"stage": "partner", "revenue": 999, "abc_class": "b"},
            "candidate": {"stage": "partner", "revenue": 1000, "abc_class": "a"},
            "vip": {**VIP, "revenue": 5000, "vip_review_date": day(-1)},
            "doubtful": {**VIP, "revenue": 500, "vip_review_date": day(0)},
            "lapsed": {
                **VIP,
                "revenue": 0,
                "is_lapsed": True,
                "computed_stage_id": stage("lost_recoverable").id,
            },
            "key": {"stage": "key", "is_key_account": True, "revenue": 7000},
        }

    @classmethod
    def _get_others(cls):
        day, stage = cls.case.day, cls.case.stage
        return {
            # silent for long, but that is no news
            "silent": {
                "stage": "lost_recoverable",
                "rhythm_days": 30.0,
                "last_purchase_date": day(300),
            },
            "declared": {"stage": "lost", "lost_date": day(3)},
            "held": {"stage": "working", "hold_stage_id": stage("working").id},
            "excluded": {"is_excluded": True, "exclude_reason": "Lawyer"},
            "archived": {"active": False},
            "high": {"potential_class": "high", "potential_date": day(10)},
            "stale": {"potential_date": day(900), "potential_amount": 10},
            "mine": {"user_id": cls.user_salesman.id, "team_id": cls.team_1.id},
            "of_team": {"user_id": cls.user_leader.id, "team_id": cls.team_1.id},
            "of_gone": {"user_id": cls.user_internal.id},
            "of_nobody": {"user_id": None},
        }

    # filter -> who is found
    EXPECTED = {
        "mine": {"mine"},
        "my_team": {"mine", "of_team"},
        "nobody": {"of_gone", "of_nobody"},
        "zone_birth": {
            *("potential", "active", "dormant", "awake", "excluded", "high"),
            *("stale", "mine", "of_team", "of_gone", "of_nobody"),
        },
        "zone_life": {
            *("working", "regular", "late", "next_week", "on_sunday", "partner"),
            *("candidate", "vip", "doubtful", "lapsed", "key", "held"),
        },
        "zone_departure": {"silent", "declared"},
        "class_a": {"candidate"},
        "class_b": {"late", "partner"},
        "class_c": {"regular"},
        "class_n": {"working"},
        "vip": {"vip", "doubtful", "lapsed"},
        "key_account": {"key"},
        "lapsed": {"lapsed"},
        "vip_candidates": {"candidate", "key"},
        "vip_doubtful": {"doubtful", "lapsed"},
        "vip_review_due": {"doubtful"},
        "late": {"late"},
        "expected_week": {"regular", "on_sunday"},
        "dormant": {"dormant"},
        "potential_high": {"high"},
        "potential_stale": {"stale"},
        "held": {"held"},
        "declared_lost": {"declared"},
        "excluded": {"excluded"},
        "inactive": {"archived"},
    }
    # filter -> who is not found, of all that are not archived
    EXPECTED_ALL_BUT = {
        "potential_unknown": {"high"},
        "not_excluded": {"excluded"},
    }

    def _found(self, domain, user=None):
        user = user or self.env.user
        profiles = self.Profile.search(
            [("id", "in", list(self.names)), *safe_eval(domain, {"uid": user.id})]
        )
        return {self.names[profile.id] for profile in profiles}

    def test_each_finds_exactly_its_customers(self):
        for name, expected in self.EXPECTED.items():
            with self.subTest(filter=name):
                self.assertEqual(
                    self._found(self.filters[name], self.user_salesman), expected
                )

    def test_each_leaves_out_exactly_the_others(self):
        everyone = set(self.customers) - {"archived"}
        for name, left_out in self.EXPECTED_ALL_BUT.items():
            with self.subTest(filter=name):
                self.assertEqual(self._found(self.filters[name]), everyone - left_out)

    def test_every_stage_and_category_is_a_choice(self):
        """The panel beside the list is made of the records themselves, so that a
        renamed stage is found under its new name."""
        self.stage("regular").name = "Comes again"
        self.customers["candidate"]._write_people(
            {"category_id": self.category("a").id}
        )
        for field, count in (("stage_id", 9), ("category_id", None)):
            values = self.Profile.search_panel_select_multi_range(
                field,
                enable_counters=True,
                search_domain=[("id", "in", list(self.names))],
                expand=True,
            )["values"]
            counts = {value["display_name"]: value["__count"] for value in values}
            with self.subTest(field=field):
                if count:
                    self.assertEqual(len(counts), count)
                    self.assertEqual(counts["Comes again"], 4)
                    self.assertEqual(counts["Potential"], 10)
                else:
                    self.assertEqual(counts["A"], 1)
