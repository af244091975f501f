# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from ..engine.full_read import CHUNK
from .crm_winback_attempt import OPEN_STATES


class CrmLifecycleEngine(models.AbstractModel):
    """Attempts end by themselves: with a purchase, or when nobody is to be won back.

    An open attempt is closed by the statement that looks for it, so a run that is cut
    off, repeated or doubled closes none twice.
    """

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _react(self):
        self._do_for_companies(self._close_winback_attempts)
        return super()._react()

    def _close_winback_attempts(self, company):
        """Close what is over, chunk by chunk. Commits."""
        closed = CHUNK
        while closed == CHUNK:
            closed = self._attempt(self._close_winbacks_of_company, company)
            self._commit_progress()

    def _close_winbacks_of_company(self, company):
        """One transaction's worth; return the number of attempts closed."""
        self.env["crm.winback.attempt"].flush_model()
        parameters = self._get_parameters(company)
        self.env.cr.execute(
            SQL(
                """
                SELECT a.id, p.partner_id
                  FROM crm_winback_attempt a
                  JOIN crm_lifecycle_profile p ON p.id = a.profile_id
                  JOIN crm_lifecycle_stage s ON s.id = p.stage_id
                 WHERE a.state IN %(open)s AND p.company_id = %(company)s AND p.active
                   AND (p.is_excluded OR s.code = 'lost' OR s.zone <> 'departure'
                        AND p.last_purchase_date
                            > COALESCE(a.last_purchase_date, '-infinity'))
                 ORDER BY a.id LIMIT %(chunk)s
                """,
                open=OPEN_STATES,
                company=parameters.company_id,
                chunk=CHUNK,
            )
        )
        found = self.env.cr.fetchall()
        if found:
            self.env.cr.execute(
                self._sql_close_winbacks(
                    parameters, *map(list, zip(*found, strict=True))
                ),
                log_exceptions=False,
            )
            self.env["crm.winback.attempt"].invalidate_model(flush=False)
        return len(found)

    def _sql_close_winbacks(self, parameters, attempt_ids, partner_ids):
        """Won back: the first purchase after the one known when the attempt began is
        not older than the attempt itself."""
        return SQL(
            """
            WITH members AS MATERIALIZED (%(members)s),
            purchase AS (
                SELECT partner_id, day FROM (%(sources)s) document
                 WHERE COALESCE(is_purchase, units IS NOT NULL) AND day <= %(today)s
            ),
            ended AS (
                SELECT a.id, a.date_start,
                       CASE WHEN p.is_excluded THEN 'excluded'
                            WHEN s.code = 'lost' THEN 'lost' END AS why,
                       (SELECT MIN(day) FROM purchase
                         WHERE purchase.partner_id = p.partner_id
                           AND day > COALESCE(a.last_purchase_date, '-infinity')
                       ) AS day
                  FROM crm_winback_attempt a
                  JOIN crm_lifecycle_profile p ON p.id = a.profile_id
                  JOIN crm_lifecycle_stage s ON s.id = p.stage_id
                 WHERE a.id = ANY(%(ids)s) AND a.state IN %(open)s
            )
            UPDATE crm_winback_attempt a
               SET state = CASE WHEN ended.why IS NULL AND ended.day >= a.date_start
                                THEN 'won_back' ELSE 'given_up' END,
                   result = COALESCE(ended.why, CASE WHEN ended.day >= a.date_start
                                                     THEN 'purchase'
                                                     ELSE 'before' END),
                   return_date = CASE WHEN ended.why IS NULL THEN ended.day END,
                   date_end = CASE WHEN ended.why IS NULL AND ended.day >= a.date_start
                                   THEN ended.day ELSE %(today)s END,
                   postponed_until = NULL, write_date = %(now)s
              FROM ended
             WHERE a.id = ended.id
            """,
            members=self._sql_members(SQL("%s::int[]", partner_ids)),
            sources=SQL(" UNION ALL ").join(
                SQL("(%s)", source) for source in self._get_document_sources(parameters)
            ),
            today=parameters.today,
            ids=attempt_ids,
            open=OPEN_STATES,
            now=self._now(),
        )
