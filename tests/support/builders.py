"""Puts many documents into a database quickly: one INSERT for each kind.

The rows hold what the lifecycle add-on reads and what the database demands, no more;
documents made by Odoo itself are tested separately. Nothing is queued for the engine.
"""

from psycopg2.extras import execute_values


class Builder:
    """Collects rows for one database; :meth:`write` inserts what was collected."""

    def __init__(self, env, company, journal):
        self.env = env
        self.company = company
        self.journal = journal
        self.rows = {}
        self.counter = 0

    # -- documents ----------------------------------------------------------------

    def partner(self, name="Customer", parent=None, commercial=None, **values):
        """A customer or, with ``parent``, a contact; its future id."""
        record = self._id("res_partner")
        row = {
            "name": f"{name} {record}",
            "complete_name": f"{name} {record}",
            "parent_id": parent,
            "commercial_partner_id": commercial or parent or record,
            "active": True,
            "is_company": not parent,
            "type": "contact",
            "customer_rank": 0,
            "company_id": None,
            "autopost_bills": "ask",
        }
        return self._add("res_partner", record, row | values)

    def order(self, partner, moment, untaxed, **values):
        """A sales order, confirmed unless ``state`` says otherwise."""
        record = self._id("sale_order")
        row = {
            "name": f"T{record:05}",
            "company_id": self.company.id,
            "partner_id": partner,
            "partner_invoice_id": partner,
            "partner_shipping_id": partner,
            "currency_id": self.company.currency_id.id,
            "currency_rate": 1,
            "state": "sale",
            "date_order": moment,
            "create_date": moment,
            "amount_untaxed": untaxed,
            "amount_tax": 0,
            "amount_total": untaxed,
            "validity_date": None,
        }
        optional = {"picking_policy": "direct", "margin": 0}
        known = self.env["sale.order"]._fields
        row |= {name: value for name, value in optional.items() if name in known}
        row |= {name: value for name, value in values.items() if name in known}
        return self._add("sale_order", record, row)

    def invoice(self, partner, day, untaxed, rate=1, **values):
        """A customer invoice or, by ``move_type``, a credit note; posted."""
        record = self._id("account_move")
        sign = -1 if values.get("move_type") == "out_refund" else 1
        row = {
            "name": f"T/{record:05}",
            "company_id": self.company.id,
            "journal_id": self.journal.id,
            "currency_id": self.company.currency_id.id,
            "partner_id": partner,
            "commercial_partner_id": partner,
            "move_type": "out_invoice",
            "state": "posted",
            "auto_post": "no",
            "date": day,
            "invoice_date": day,
            "amount_untaxed": untaxed,
            "amount_untaxed_signed": round(sign * untaxed / rate, 2),
            "amount_total": untaxed,
            "reversed_entry_id": None,
            "create_date": f"{day} 12:00:00",
        }
        return self._add("account_move", record, row | values)

    def lead(self, partner, stage, created, **values):
        """An opportunity unless ``type`` says otherwise."""
        record = self._id("crm_lead")
        row = {
            "name": f"Lead {record}",
            "partner_id": partner,
            "company_id": self.company.id,
            "stage_id": stage.id,
            "type": "opportunity",
            "active": True,
            "probability": 100 if stage.is_won else 10,
            "won_status": "won" if stage.is_won else "pending",
            "create_date": created,
            "date_last_stage_update": created,
        }
        return self._add("crm_lead", record, row | values)

    # -- writing ------------------------------------------------------------------

    def write(self):
        """Insert everything collected since the last call."""
        tables = ("res_partner", "sale_order", "account_move", "crm_lead")
        for table in tables:
            rows = self.rows.pop(table, [])
            if rows:
                columns = ", ".join(rows[0])
                query = f"INSERT INTO {table} ({columns}) VALUES %s"
                values = [tuple(row.values()) for row in rows]
                execute_values(self.env.cr._obj, query, values, page_size=1000)
        self.env.invalidate_all()

    def _id(self, table):
        self.env.cr.execute(f"SELECT nextval('{table}_id_seq')")
        return self.env.cr.fetchone()[0]

    def _add(self, table, record, row):
        self.rows.setdefault(table, []).append({"id": record, **row})
        return record
