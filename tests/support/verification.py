"""Compares a whole stored base with the oracle, inside an Odoo process."""

from collections import defaultdict

from tests import oracle

from . import reader


class IndexedBase(oracle.Base):
    """The oracle's documents, found by customer without looking at all of them."""

    def _of(self, kind, customer_id):
        index = self.__dict__.setdefault("_index", {})
        if kind not in index:
            index[kind] = defaultdict(list)
            for document in getattr(self, kind):
                if document.partner_id:
                    customer = self.customer(document.partner_id)
                    index[kind][customer].append(document)
        return index[kind][customer_id]

    def orders_of(self, customer_id):
        return [
            order
            for order in self._of("orders", customer_id)
            if order.company_id == self.company_id
        ]

    def invoices_of(self, customer_id):
        return [
            invoice
            for invoice in self._of("invoices", customer_id)
            if invoice.company_id == self.company_id
        ]

    def leads_of(self, customer_id):
        return [
            lead
            for lead in self._of("leads", customer_id)
            if lead.company_id in (None, self.company_id)
        ]


def compare(env, limit=5):
    """What is not as the oracle says for today, company by company.

    Empty: the queue is empty, every row is right, and no transition is missing.
    """
    lines = []
    engine = env["crm.lifecycle.engine"]
    env.cr.execute("SELECT count(*) FROM crm_lifecycle_event")
    waiting = env.cr.fetchone()[0]
    if waiting:
        lines.append(f"{waiting} events wait")
    for company in env["res.company"].search([("lifecycle_enabled", "=", True)]):
        plain = reader.read_base(env, company)
        base = IndexedBase(**{name: getattr(plain, name) for name in fields_of(plain)})
        stored = reader.read_rows(env, company)
        rows, steps = oracle.full(base, stored, engine._today(company))
        found = [
            f"{company.name}, contact {key}: "
            f"{_difference(rows.get(key), stored.get(key))}"
            for key in sorted(rows.keys() | stored.keys())
            if rows.get(key) != stored.get(key)
        ]
        found += [f"{company.name}: missing {step}" for step in steps]
        lines += found[:limit] + [f"{len(found)} in all"] * (len(found) > limit)
    return lines


def _difference(expected, stored):
    if not expected or not stored:
        return f"expected {expected}, stored {stored}"
    pairs = {
        name: (getattr(expected, name), getattr(stored, name))
        for name in fields_of(expected)
    }
    return "; ".join(
        f"{name}: expected {wanted}, stored {found}"
        for name, (wanted, found) in pairs.items()
        if wanted != found
    )


def fields_of(base):
    """Names of the arguments a base is made of."""
    return list(base.__dataclass_fields__)
