# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request
from odoo.tools import get_lang

from ..models.feedback.crm_feedback import SCORES
from ..models.voice.crm_feedback_request import COMMENT_LENGTH

ADDRESS = "/customer-feedback/<string:token>"
REFUSAL = "/customer-letters/<string:token>"
VALID = [score for score, _label in SCORES]
# bytes: a comment of letters that take many, and the rest of the form
MOST_SENT = 2**18
HEADERS = {
    # a page of one person: kept nowhere, found nowhere, loading nothing
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


class FeedbackPage(http.Controller):
    """The page behind the personal link of a letter.

    Opening it records nothing, because mail programs and virus scanners open links:
    the transaction is read-only. Only the form's button records.
    """

    @http.route(
        ADDRESS,
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def feedback_page(self, token, score=None, thanks=None, **_other):
        """Show the form, with the score that was clicked in the letter chosen."""
        asked = request.env["crm.feedback.request"]._from_token(token)
        if not asked:
            return self._render_gone()
        if thanks:
            return self._render(asked, "thanks")
        return self._render(asked, "form", score=score if score in VALID else None)

    @http.route(
        ADDRESS,
        type="http",
        auth="public",
        methods=["POST"],
        # No session is involved: what the form may do is in the signed link alone,
        # which nobody else has. A mail program's browser without cookies must work.
        csrf=False,
        max_content_length=MOST_SENT,
        save_session=False,
        sitemap=False,
    )
    def feedback_send(self, token, score=None, comment="", may_quote=None, **_other):
        """Record the answer; a score outside of 0 to 10 is asked for again."""
        asked = request.env["crm.feedback.request"]._from_token(token)
        if not asked:
            return self._render_gone()
        if not isinstance(comment, str):  # a file, say
            comment = ""
        if score not in VALID:
            texts = {"comment": comment, "may_quote": bool(may_quote)}
            return self._render(asked, "form", status=400, is_wrong=True, **texts)
        if not asked._answer(score, comment, bool(may_quote)):
            return self._render(asked, "flooded", status=429)
        return request.redirect(f"/customer-feedback/{token}?thanks=1", code=303)

    # ------------------------------------------------------------
    # NO MORE LETTERS
    # ------------------------------------------------------------

    @http.route(
        REFUSAL,
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def refusal_page(self, token, **_other):
        """Ask whether letters are to end; opening the page ends none."""
        found = request.env["res.partner"]._from_refusal_token(token)
        if not found:
            return self._render_gone()
        return self._render_for(found["person"], found["company"], "refuse")

    @http.route(
        REFUSAL,
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,  # see `feedback_send`; and mail programs post here by themselves
        max_content_length=MOST_SENT,
        save_session=False,
        sitemap=False,
    )
    def refusal_send(self, token, **_other):
        """End the letters: by the page's button, or by that of a mail program."""
        partners = request.env["res.partner"]
        found = partners._from_refusal_token(token)
        if not found:
            return self._render_gone()
        partners._refuse_letters(**found)
        # no redirection: mail programs follow none (RFC 8058)
        return self._render_for(found["person"], found["company"], "refused")

    # ------------------------------------------------------------
    # RENDERING
    # ------------------------------------------------------------

    def _render_gone(self):
        """The same plain page whatever is wrong with a link."""
        return self._respond(get_lang(request.env).code, "gone", 404, {})

    def _render(self, asked, page, status=200, **values):
        """Render a page for whoever was asked, in his language; it says nothing about
        him, because whoever has the letter may open it."""
        person, company = asked.contact_id, asked.company_id
        if page == "form" and asked.email:
            values["refusal_link"] = person._get_refusal_link(company, asked.email)
        return self._render_for(person, company, page, status, **values)

    def _render_for(self, person, company, page, status=200, **values):
        lang = get_lang(request.env, person.lang or company.partner_id.lang).code
        values["company_name"] = company.name
        if page in ("refuse", "refused"):
            values["title"] = request.env(context={"lang": lang})._("No more letters")
        return self._respond(lang, page, status, values)

    def _respond(self, lang, page, status, values):
        # sudo: a template, for people without any rights
        views = request.env["ir.ui.view"].sudo().with_context(lang=lang)
        html = views._render_template(
            "crm_lifecycle.feedback_page",
            {
                "company_name": "",
                "comment": "",
                "is_wrong": False,
                "may_quote": False,
                "refusal_link": None,
                "score": None,
                "scores": VALID,
                "title": views.env._("Your opinion"),
                "comment_length": COMMENT_LENGTH,
                "page_lang": lang.split("_")[0],
                "page": page,
                **values,
            },
        )
        headers = {**HEADERS, "Content-Type": "text/html; charset=utf-8"}
        return request.make_response(html, headers=list(headers.items()), status=status)
