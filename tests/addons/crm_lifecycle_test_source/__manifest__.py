# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Base Test Source",
    "summary": "Purchases over the counter, to test that other add-ons can add theirs",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "website": "https://github.com/crm-lifecycle/crm-lifecycle",
    "author": "CRM Lifecycle contributors",
    "license": "LGPL-3",
    "depends": ["crm_lifecycle"],
    "data": ["security/ir.model.access.csv"],
}
