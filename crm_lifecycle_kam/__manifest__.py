# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Key Account Management",
    "summary": "Key accounts on top of the customer base lifecycle",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/CRM",
    "website": "https://github.com/crm-lifecycle/crm-lifecycle",
    "author": "CRM Lifecycle contributors",
    "license": "LGPL-3",
    "depends": ["crm_lifecycle"],
}
