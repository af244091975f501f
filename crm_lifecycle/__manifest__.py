# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Base Lifecycle",
    "summary": "Lifecycle stages, value and categories of every customer, kept current",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/CRM",
    "website": "https://github.com/crm-lifecycle/crm-lifecycle",
    "author": "CRM Lifecycle contributors",
    "license": "LGPL-3",
    "depends": ["crm", "sale_management"],
    "data": [
        # security
        "security/ir.model.access.csv",
        "security/crm_lifecycle_security.xml",
        # data
        "data/crm_lifecycle_stage_data.xml",
        "data/crm_lifecycle_category_data.xml",
        "data/crm_lifecycle_lost_reason_data.xml",
        "data/crm_lifecycle_preset_data.xml",
        "data/crm_stage_data.xml",
        "data/ir_cron_data.xml",
        # wizards
        "wizard/action/crm_lifecycle_action_views.xml",
        "wizard/action/crm_lifecycle_action_bindings.xml",
        "wizard/crm_lifecycle_first_run_views.xml",
        # views
        "views/profile/crm_lifecycle_profile_list.xml",
        "views/profile/crm_lifecycle_profile_form.xml",
        "views/profile/crm_lifecycle_profile_board.xml",
        "views/profile/crm_lifecycle_profile_pivot_graph.xml",
        "views/profile/crm_lifecycle_profile_search.xml",
        "views/profile/crm_lifecycle_profile_actions.xml",
        "views/crm_lifecycle_transition_views.xml",
        "views/crm_lifecycle_responsible_views.xml",
        "views/crm_lifecycle_event_views.xml",
        "views/crm_lifecycle_stage_views.xml",
        "views/crm_lifecycle_category_views.xml",
        "views/crm_lifecycle_lost_reason_views.xml",
        "views/crm_lifecycle_preset_views.xml",
        "views/crm_lifecycle_what_if_views.xml",
        "views/res_company_views.xml",
        "views/crm_stage_views.xml",
        "views/res_partner_views.xml",
        "views/crm_lead_views.xml",
        "views/sale_order_views.xml",
        "views/account_move_views.xml",
        "views/res_config_settings_views.xml",
        "views/res_config_settings_value_views.xml",
        # reports
        "report/crm_lifecycle_funnel_report_views.xml",
        "report/crm_lifecycle_phase_report_views.xml",
        "report/crm_lifecycle_concentration_views.xml",
        "report/crm_lifecycle_forecast_report_views.xml",
        "report/sale_report_views.xml",
        # menus
        "views/crm_lifecycle_menus.xml",
    ],
    "demo": [
        "demo/crm_lifecycle_demo.xml",
    ],
    "images": ["static/description/banner.png"],
    "assets": {
        "web.assets_backend": [
            "crm_lifecycle/static/src/board/**/*",
            "crm_lifecycle/static/src/matrix/**/*",
            "crm_lifecycle/static/src/refresh/**/*",
            "crm_lifecycle/static/src/result/**/*",
            "crm_lifecycle/static/src/what_if/**/*",
        ],
        "web.assets_backend_lazy": [
            "crm_lifecycle/static/src/reference_graph/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_lifecycle/static/tests/**/*.test.js",
        ],
        "web.assets_tests": [
            "crm_lifecycle/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
