# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class CrmLifecycleEngine(models.AbstractModel):
    """What-if: the engine's own SELECTs with unsaved limits; writes nothing."""

    _inherit = "crm.lifecycle.engine"

    # what moves -> its columns before and after
    PREVIEWED = {
        "stages": (SQL("so.code"), SQL("sn.code")),
        "classes": (SQL("o.abc_class"), SQL("r.abc_class")),
        "categories": (SQL("o.category_id"), SQL("r.category_id")),
    }

    @api.model
    def _preview(self, company, values, today=None):
        """Who would be where if the company's settings were ``values``.

        :param dict values: company fields (``lifecycle_*``) and their unsaved values
        :return: ``{"stages": rows, "classes": rows, "categories": rows}``; a row is
            ``(from, to, customers, revenue)`` with stage codes, ABC classes or category
            ids, None for no profile or no class; revenue is that of the new figures,
            in company currency
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT GROUPING(so.code, sn.code), GROUPING(o.abc_class, r.abc_class),
                       so.code, sn.code, o.abc_class, r.abc_class,
                       o.category_id, r.category_id, count(*), sum(r.revenue)
                  FROM %s
                 GROUP BY GROUPING SETS (
                    (so.code, sn.code), (o.abc_class, r.abc_class),
                    (o.category_id, r.category_id))
                 ORDER BY 3, 4, 5, 6, 7, 8
                """,
                self._sql_moves(company, values, today),
            )
        )
        result = {"stages": [], "classes": [], "categories": []}
        for no_stage, no_class, *row in rows:
            if not no_stage:
                result["stages"].append((row[0], row[1], *row[6:]))
            elif not no_class:
                result["classes"].append((row[2], row[3], *row[6:]))
            else:
                result["categories"].append((row[4], row[5], *row[6:]))
        return result

    @api.model
    def _preview_customers(
        self, company, values, kind, old, new, limit=1000, offset=0, today=None
    ):
        """The customers of one cell of ``_preview``, the biggest revenue first.

        :param kind: ``stages``, ``classes`` or ``categories``
        :param old: where they are, as in the rows of ``_preview``
        :param new: where they would be
        :param int limit: customers at most
        :param int offset: customers left out at the beginning
        :return: ids of ``res.partner``
        """
        before, after = self.PREVIEWED[kind]
        rows = self.env.execute_query(
            SQL(
                "SELECT r.partner_id FROM %s "
                "AND %s IS NOT DISTINCT FROM %s AND %s IS NOT DISTINCT FROM %s "
                "ORDER BY r.revenue DESC, r.partner_id LIMIT %s OFFSET %s",
                self._sql_moves(company, values, today),
                before,
                old,
                after,
                new,
                limit,
                offset,
            )
        )
        return [partner_id for (partner_id,) in rows]

    def _sql_moves(self, company, values, today=None):
        """FROM and WHERE of every customer as stored (o) and as it would be (r)."""
        parameters = self._get_parameters(company, today, values)
        figures = SQL("(%s)", self._sql_figures(parameters))
        self._prepare_transaction()
        limits = self._get_limits(
            parameters, self._sql_ranked_figures(parameters, figures)
        )
        return SQL(
            """
            (%s) r
            LEFT JOIN crm_lifecycle_profile o ON o.id = r.profile_id
            LEFT JOIN crm_lifecycle_stage so ON so.id = o.stage_id
            LEFT JOIN crm_lifecycle_stage sn ON sn.id = r.stage_id
            WHERE r.active
            """,
            self._sql_rows(parameters, figures, limits=limits, with_user=False),
        )
