# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools.misc import formatLang

# Up to here the what-if is fast enough to follow every change by itself.
SMALL_BASE = 50_000
RUNNING = ("queued", "reading", "writing")


class CrmLifecycleFirstRun(models.TransientModel):
    """Three pages from years of orders to a customer base: what counts as a purchase,
    the limits, the run."""

    _name = "crm.lifecycle.first.run"
    _description = "First Run of the Customer Base"
    _inherit = ["crm.lifecycle.limits.mixin"]

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection=[("basis", "Purchases"), ("limits", "Limits"), ("run", "Run")],
        required=True,
        default="basis",
    )
    lifecycle_basis = fields.Selection(
        selection=[("sale", "Sales orders"), ("invoice", "Customer invoices")],
        string="What Counts as a Purchase",
        required=True,
        default="sale",
    )
    preset_id = fields.Many2one(
        comodel_name="crm.lifecycle.preset", string="Ready Set of Limits"
    )
    preset_description = fields.Text(
        related="preset_id.description", string="Meant For"
    )
    # What was found, by the engine's own sources
    sale_count = fields.Integer(
        string="Sales Orders", compute="_compute_found", store=True
    )
    sale_customer_count = fields.Integer(
        string="Customers With Orders", compute="_compute_found", store=True
    )
    sale_from = fields.Date(string="First Order", compute="_compute_found", store=True)
    sale_to = fields.Date(string="Last Order", compute="_compute_found", store=True)
    sale_years = fields.Float(
        string="Years of Orders", compute="_compute_years", digits=(16, 1)
    )
    invoice_count = fields.Integer(
        string="Invoices", compute="_compute_found", store=True
    )
    invoice_customer_count = fields.Integer(
        string="Customers With Invoices", compute="_compute_found", store=True
    )
    invoice_from = fields.Date(
        string="First Invoice", compute="_compute_found", store=True
    )
    invoice_to = fields.Date(
        string="Last Invoice", compute="_compute_found", store=True
    )
    invoice_years = fields.Float(
        string="Years of Invoices", compute="_compute_years", digits=(16, 1)
    )
    customer_count = fields.Integer(
        string="Customers Found", compute="_compute_found", store=True
    )
    found_text = fields.Char(string="What Was Found", compute="_compute_found_text")
    is_small = fields.Boolean(
        compute="_compute_found",
        store=True,
        export_string_translation=False,
        help="The what-if is quick enough to follow every change.",
    )
    # How the run is doing
    is_started = fields.Boolean(
        help="This page started a run.", export_string_translation=False
    )
    run_state = fields.Selection(
        selection=[
            ("todo", "Not started"),
            ("queued", "Waiting for the job"),
            ("reading", "Reading the documents"),
            ("writing", "Classifying the customers"),
            ("done", "Done"),
        ],
        string="Run",
        compute="_compute_run",
    )
    is_running = fields.Boolean(compute="_compute_run", export_string_translation=False)
    is_again = fields.Boolean(
        compute="_compute_run",
        help="The first classification was made before.",
        export_string_translation=False,
    )
    progress = fields.Float(compute="_compute_run")
    left_count = fields.Integer(string="Customers Left", compute="_compute_run")
    run_text = fields.Char(string="What Happens", compute="_compute_run")
    profile_count = fields.Integer(
        string="Customers in the Base", compute="_compute_run"
    )
    pass_message = fields.Char(string="Message of the Job", compute="_compute_run")

    # ------------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("First Run")

    @api.depends("company_id")
    def _compute_found(self):
        """One statement over all documents; stored, so that it is run once."""
        engine = self.env["crm.lifecycle.engine"]
        nothing = (0, 0, False, False)
        for run in self:
            run.company_id._lifecycle_check_manager()
            found = engine._get_found(run.company_id) if run.company_id else {}
            for name in ("sale", "invoice"):
                customers, documents, first, last = found.get(name, nothing)
                run[f"{name}_customer_count"] = customers
                run[f"{name}_count"] = documents
                run[f"{name}_from"] = first
                run[f"{name}_to"] = last
            run.customer_count = found.get(None, nothing)[0]
            run.is_small = found.get(None, nothing)[1] <= SMALL_BASE

    @api.depends("company_id", "customer_count")
    def _compute_found_text(self):
        for run in self:
            run.found_text = self.env._(
                "Customers of %(company)s who have bought something: %(count)s. Choose "
                "the documents that tell it best; it can be changed later in the "
                "settings.",
                company=run.company_id.display_name,
                count=self._format_count(run.customer_count),
            )

    @api.depends("sale_from", "sale_to", "invoice_from", "invoice_to")
    def _compute_years(self):
        for run in self:
            for name in ("sale", "invoice"):
                first, last = run[f"{name}_from"], run[f"{name}_to"]
                days = (last - first).days + 1 if first and last else 0
                run[f"{name}_years"] = days / 365.25

    @api.depends("company_id", "is_started")
    def _compute_run(self):
        """As the job has committed it; anew at every reading of the page."""
        for run in self:
            run.company_id._lifecycle_check_manager()
            company = run.company_id.sudo()  # checked above; the state of the job
            run.run_state, run.progress, run.left_count = run._get_run(company)
            run.is_running = run.run_state in RUNNING
            run.is_again = bool(company.lifecycle_baseline_at) and not run.is_started
            run.profile_count = company.lifecycle_profile_count
            run.pass_message = company.lifecycle_pass_message
            run.run_text = run._get_run_text()

    def _get_run(self, company):
        """Return state, progress in per cent and number of customers left."""
        state = company._lifecycle_first_run_state()
        if state == "todo" or state == "done" and not self.is_started:
            return "todo", 0, 0
        if state == "done" and not (
            company.lifecycle_full_read_cause or company.lifecycle_settle_asked
        ):
            return "done", 100, 0
        progress = self.env["crm.lifecycle.engine"]._get_progress(company)
        if not progress:
            return ("queued" if progress is False else "reading"), 0, 0
        done, left = progress
        return "writing", min(100 * done / max(done + left, 1), 99), left

    @api.constrains("company_id")
    def _check_company_id(self):
        """What is found in a company is for its own managers."""
        self.company_id.with_user(self.env.uid)._lifecycle_check_manager()

    def _get_run_text(self):
        """What happens now, for the reader of the last page."""
        if self.run_state == "todo":
            return self.env._(
                "A job reads every order, invoice and opportunity and gives each "
                "customer its stage, value and category. It runs in the background, "
                "changes no document and notifies nobody."
            )
        if self.run_state == "queued":
            return self.env._("The job starts within a minute.")
        if self.run_state == "reading":
            return self.env._(
                "All documents are read at once; this takes seconds for thousands of "
                "orders and minutes for millions."
            )
        if self.run_state == "writing":
            return self.env._(
                "Customers left: %(count)s.", count=self._format_count(self.left_count)
            )
        return self.env._(
            "Customers with a stage, a value and a category, each with its reason: "
            "%(count)s. From now on they stay current by themselves.",
            count=self._format_count(self.profile_count),
        )

    @api.model
    def _format_count(self, count):
        return formatLang(self.env, count, digits=0)

    # ------------------------------------------------------------------
    # DEFAULTS AND CHANGES
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "lifecycle_basis" in fields:
            values["lifecycle_basis"] = self.env.company.lifecycle_basis
        return values

    @api.onchange("preset_id")
    def _onchange_preset_id(self):
        if self.preset_id:
            self.update(self.preset_id._get_limits())

    def _get_limits_company(self):
        return self.company_id

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    def _action_open(self):
        """Return the action that opens the pages where the user left them."""
        company = self.env.company
        run = self.search(
            [("create_uid", "=", self.env.uid), ("company_id", "=", company.id)],
            order="id DESC",
            limit=1,
        )
        state = company._lifecycle_first_run_state()
        if not run or state == "done" and not run.is_running:
            run = self.create({"company_id": company.id})
        if state == "running":
            run.state = "run"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_first_run_action"
        )
        return {**action, "res_id": run.id}

    def action_back(self):
        """Turn one page back."""
        self._turn_page(-1)

    def action_next(self):
        """Turn to the next page; what it says was checked on saving."""
        self._turn_page(1)

    def _turn_page(self, step):
        self.ensure_one()
        pages = [page for page, _name in self._fields["state"].selection]
        place = pages.index(self.state) + step
        self.state = pages[max(0, min(place, len(pages) - 1))]

    def action_start(self):
        """Take over the choice and have the job classify every customer.

        Safe to repeat: what people decided stays, a second first classification is
        never made.

        :raise AccessError: for anybody but a sales manager of the company
        """
        self.ensure_one()
        self.company_id._lifecycle_start_first_run(
            {"lifecycle_basis": self.lifecycle_basis, **self._get_limits()}
        )
        self.is_started = True

    def action_open_board(self):
        """Return the action that shows the customers on the board."""
        return {
            **self.env["crm.lifecycle.profile"]._action_customers("kanban"),
            "target": "main",
        }
