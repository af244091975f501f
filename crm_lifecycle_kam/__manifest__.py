# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Key Account Management",
    "summary": "Who decides at customers, how well they fit, plans for key accounts",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/CRM",
    "website": "https://github.com/crm-lifecycle/crm-lifecycle",
    "author": "CRM Lifecycle contributors",
    "license": "LGPL-3",
    "depends": ["crm_lifecycle", "web_hierarchy"],
    "data": [
        # security
        "security/ir.model.access.csv",
        "security/crm_dmu_security.xml",
        "security/crm_target_security.xml",
        "security/crm_account_plan_security.xml",
        "security/crm_key_security.xml",
        "security/crm_review_security.xml",
        "security/crm_balance_security.xml",
        "security/crm_key_team_security.xml",
        # data
        "data/crm_dmu_role_data.xml",
        "data/crm_target_profile_data.xml",
        "data/crm_dmu_gap_rule_data.xml",
        # wizards
        "wizard/crm_dmu_help_views.xml",
        "wizard/crm_account_review_start_views.xml",
        # views
        "views/dmu/crm_dmu_role_views.xml",
        "views/dmu/crm_dmu_gap_rule_views.xml",
        "views/dmu/crm_dmu_member_views.xml",
        "views/dmu/crm_dmu_influence_views.xml",
        "views/dmu/crm_lifecycle_profile_views.xml",
        "views/dmu/crm_lead_views.xml",
        "views/dmu/res_partner_views.xml",
        "views/dmu/res_config_settings_views.xml",
        "views/target/crm_target_profile_views.xml",
        "views/target/crm_scorecard_views.xml",
        "views/target/inherited_views.xml",
        "views/plan/crm_account_plan_start_views.xml",
        "views/plan/crm_account_plan_views.xml",
        "report/crm_account_plan_report.xml",
        "views/key/crm_key_account_views.xml",
        "views/key/inherited_views.xml",
        "views/review/crm_account_review_views.xml",
        "views/review/inherited_views.xml",
        "views/balance/crm_account_balance_views.xml",
        # menus
        "views/dmu/crm_dmu_menus.xml",
        "views/target/crm_target_menus.xml",
        "views/key/crm_key_menus.xml",
        "views/review/crm_review_menus.xml",
        "views/balance/crm_balance_menus.xml",
        "views/plan/crm_account_plan_inherited_views.xml",
    ],
    "demo": [
        "demo/crm_dmu_demo.xml",
        "demo/crm_target_demo.xml",
        "demo/crm_account_plan_demo.xml",
        "demo/crm_key_demo.xml",
    ],
    "post_init_hook": "post_init_hook",
    "oca_data_manual": ["demo/people.csv"],
    "assets": {
        "web.assets_backend": [
            "crm_lifecycle_kam/static/src/target/**/*",
            "crm_lifecycle_kam/static/src/dmu_gaps/**/*",
        ],
        "web.assets_backend_lazy": [
            "crm_lifecycle_kam/static/src/dmu/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_lifecycle_kam/static/tests/**/*.test.js",
        ],
        "web.assets_tests": [
            "crm_lifecycle_kam/static/tests/tours/**/*",
        ],
    },
    "uninstall_hook": "uninstall_hook",
}
