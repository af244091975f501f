# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.models.engine.full_read import CHUNK

# A turn is looked at while its purchase is recent, and decided by then at the latest
TURN_DAYS = 30


class CrmLifecycleEngine(models.AbstractModel):
    """Reviews open when they are due, and go to the leader when nobody answers.

    The unique key of the event and the column that says so keep a run that is cut off,
    repeated or doubled from opening or escalating anything twice.
    """

    _inherit = "crm.lifecycle.engine"

    @api.model
    def _react(self):
        self._do_for_companies(self._run_reviews)
        return super()._react()

    def _run_reviews(self, company):
        """Void, open and escalate reviews. Commits."""
        for work in (self._void_reviews, self._open_reviews):
            self._attempt(work, company)
            self._commit_progress()
        escalated = CHUNK
        while escalated == CHUNK:
            escalated = self._attempt(self._escalate_reviews, company)
            self._commit_progress()

    # ------------------------------------------------------------
    # OPEN
    # ------------------------------------------------------------

    def _open_reviews(self, company):
        """Open what is due; return how many. One transaction's worth."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_account_review (
                    profile_id, kind, state, event_date, due_date, user_id,
                    create_uid, create_date, write_uid, write_date)
                SELECT due.profile_id, due.kind, 'open', due.event_date, due.due_date,
                       due.user_id, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(due)s) due
                 WHERE NOT EXISTS (
                       SELECT FROM crm_account_review r
                        WHERE r.profile_id = due.profile_id AND r.kind = due.kind
                          AND r.state = 'open')
                ON CONFLICT DO NOTHING
                """,
                due=SQL(" UNION ALL ").join(self._get_due_reviews(company)),
                uid=self.env.uid,
                now=self._now(),
            ),
            log_exceptions=False,
        )
        opened = self.env.cr.rowcount
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_key_account key SET state = 'review'
                  FROM crm_account_review r
                 WHERE r.profile_id = key.profile_id AND r.kind = 'key'
                   AND r.state = 'open' AND key.state = 'running'
                """
            )
        )
        self.env["crm.account.review"].invalidate_model(flush=False)
        self.env["crm.key.account"].invalidate_model(flush=False)
        return opened

    def _get_due_reviews(self, company):
        """Return SELECTs of card, kind, event day, due day and who answers; an add-on
        adds one of its own kind."""
        today = self._today(company)
        sources = [self._sql_due_vips(company, today)]
        if company.lifecycle_key_review_days:
            sources.append(self._sql_due_keys(company, today))
        if company.lifecycle_turn_scope not in (False, "none"):
            sources.append(self._sql_due_turns(company, today))
        return sources

    def _sql_due_vips(self, company, today):
        """VIPs whose review day comes."""
        return SQL(
            """
            SELECT p.id AS profile_id, 'vip' AS kind,
                   p.vip_review_date AS event_date, p.vip_review_date AS due_date,
                   COALESCE(p.vip_sponsor_id, p.user_id) AS user_id
              FROM crm_lifecycle_profile p
             WHERE p.company_id = %(company)s AND p.active AND p.is_vip
               AND p.is_excluded IS NOT TRUE
               AND p.vip_review_date <= %(today)s::date + %(lead)s
            """,
            company=company.id,
            today=today,
            lead=company.lifecycle_review_lead_days,
        )

    def _sql_due_keys(self, company, today):
        """Key accounts, so long after they came or on the day the last answer set."""
        return SQL(
            """
            SELECT p.id, 'key', due.day, due.day, COALESCE(key.manager_id, p.user_id)
              FROM crm_key_account key
              JOIN crm_lifecycle_profile p ON p.id = key.profile_id
        CROSS JOIN LATERAL (
                   SELECT COALESCE(key.review_date,
                                   key.approved_date + %(days)s) AS day) due
             WHERE p.company_id = %(company)s AND p.active
               AND key.state IN ('running', 'review')
               AND due.day <= %(today)s::date + %(lead)s
            """,
            days=company.lifecycle_key_review_days,
            company=company.id,
            today=today,
            lead=company.lifecycle_review_lead_days,
        )

    def _sql_due_turns(self, company, today):
        """A new purchase of somebody who had bought before: both sides decide before
        the customer's rhythm brings the next one."""
        scope = {
            "flags": SQL("(p.is_vip OR p.is_key_account)"),
            "a": SQL("(p.is_vip OR p.is_key_account OR p.abc_class = 'a')"),
            "all": SQL("TRUE"),
        }[company.lifecycle_turn_scope]
        return SQL(
            """
            SELECT p.id, 'turn', p.last_purchase_date,
                   GREATEST(%(today)s::date, LEAST(p.last_purchase_date + %(days)s,
                                                   p.expected_purchase_date)),
                   p.user_id
              FROM crm_lifecycle_profile p
             WHERE p.company_id = %(company)s AND p.active
               AND p.is_excluded IS NOT TRUE AND p.turn_number > 1 AND %(scope)s
               AND p.last_purchase_date > %(today)s::date - %(recent)s
            """,
            days=TURN_DAYS,
            company=company.id,
            scope=scope,
            today=today,
            recent=TURN_DAYS,
        )

    def _void_reviews(self, company):
        """Close what lost its reason: a status withdrawn, or renewed by hand."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_account_review r SET state = 'void', write_date = %(now)s
                  FROM crm_lifecycle_profile p
                 WHERE p.id = r.profile_id AND r.state = 'open'
                   AND p.company_id = %(company)s
                   AND (NOT p.active OR p.is_excluded
                        OR r.kind = 'vip' AND (
                            p.is_vip IS NOT TRUE OR r.is_manual IS NOT TRUE
                            AND p.vip_review_date > r.due_date)
                        OR r.kind = 'key' AND NOT EXISTS (
                            SELECT FROM crm_key_account key
                             WHERE key.profile_id = p.id
                               AND key.state IN ('running', 'review')))
                """,
                now=self._now(),
                company=company.id,
            )
        )
        self.env["crm.account.review"].invalidate_model(flush=False)

    # ------------------------------------------------------------
    # ESCALATE
    # ------------------------------------------------------------

    def _escalate_reviews(self, company):
        """Hand to the leader what nobody answered; return how many."""
        Review = self.env["crm.account.review"].sudo()
        today = self._today(company)
        patience = company.lifecycle_review_patience_days
        late = Review.search(
            [
                ("profile_id.company_id", "=", company.id),
                ("state", "=", "open"),
                ("escalated_date", "=", False),
                ("due_date", "<", today - timedelta(patience)),
            ],
            limit=CHUNK,
        )
        late.write({"escalated_date": today})
        for review in late:
            self._remind_leader(review, today)
        self.env.flush_all()
        return len(late)

    def _remind_leader(self, review, today):
        profile = review.profile_id
        leader = profile.team_id.user_id or review.user_id or profile.user_id
        if not leader:
            return
        lang = leader.lang or self.env.lang
        review = review.with_context(lang=lang)
        profile.partner_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=today,
            user_id=leader.id,
            summary=review.env._("Unanswered: %(review)s", review=review.display_name),
        )
