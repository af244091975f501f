# Copyright 2026 CRM Lifecycle contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ast import literal_eval
from datetime import timedelta
from urllib.parse import urlsplit

from lxml import html

from odoo.fields import Datetime
from odoo.tests import common
from odoo.tools import hash_sign

from ..models.voice.crm_feedback_request import ANSWERS
from .browser_common import BrowserCase
from .voice_common import VoiceCommon


class TestFeedbackPage(VoiceCommon, BrowserCase):
    def setUp(self):
        super().setUp()
        _result, self.request = self._ask()
        self.path = f"/customer-feedback/{self.request._get_token()}"

    def _get(self, path=None, **options):
        return self.url_open(path or self.path, **options)

    def _post(self, path=None, follow=False, **data):
        return self.url_open(
            path or self.path, data=data, allow_redirects=follow, method="POST"
        )

    def _plain(self, answer, status=404):
        self.assertEqual(answer.status_code, status)
        self.assertFalse(html.fromstring(answer.text).findall(".//form"))
        self.assertNotIn("Traceback", answer.text)

    # ------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------

    def test_opening_records_nothing(self):
        for method in ("GET", "HEAD"):
            for query in ("", "?score=0", "?score=9&comment=x&submit=1"):
                answer = self._get(f"{self.path}{query}", method=method)
                self.assertEqual(answer.status_code, 200)
        self.assertFalse(self._answers())
        self.assertFalse(self.request.answer_count)

    def test_clicked_score_is_chosen(self):
        for score, expected in (("0", ["0"]), ("10", ["10"]), ("11", []), ("'", [])):
            page = html.fromstring(self._get(f"{self.path}?score={score}").text)
            chosen = page.xpath("//input[@type='radio'][@checked]/@value")
            self.assertEqual(chosen, expected)

    def test_accessible_and_says_nothing_of_the_customer(self):
        order = self._create_order(self.anna, self.day(1))
        self.anna.lang = "en_US"
        self.request.sudo().write({"order_id": order.id})
        self._ask_again()
        answer = self._get(f"{self.path}?score=9")
        page = html.fromstring(answer.text)
        self.assertEqual(page.get("lang"), "en")
        for control in page.xpath("//input | //textarea"):
            self.assertEqual(
                len(page.xpath(f"//label[@for='{control.get('id')}']")),
                1,
                control.get("name"),
            )
        self.assertEqual(len(page.xpath("//fieldset/legend")), 1)
        self.assertEqual(len(page.xpath("//input[@type='radio']")), 11)
        self.assertEqual(len(page.xpath("//button")), 1)
        self.assertFalse(page.xpath("//script"))
        for secret in ("Acme", "Anna", "acme.example.com", order.name):
            self.assertNotIn(secret, answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertNotIn("Set-Cookie", answer.headers)

    def _ask_again(self):
        """The link of what the request is now bound to."""
        self.path = f"/customer-feedback/{self.request._get_token()}"

    def test_words_can_be_translated(self):
        """Odoo leaves out templates that begin with a DOCTYPE."""
        view = self.env.ref("crm_lifecycle.feedback_page_content")
        terms = view._fields["arch_db"].get_trans_terms(view.arch_db)
        for words in ("Send the answer", "This link does not work"):
            self.assertTrue(any(words in term for term in terms), words)

    def test_in_russian(self):
        if not self.env["res.lang"].search([("code", "=", "ru_RU")]):
            self.skipTest("Russian is not loaded")
        self.anna.lang = "ru_RU"
        view = self.env.ref("crm_lifecycle.feedback_page_content")
        view.update_field_translations(
            "arch_db", {"ru_RU": {"Send the answer": "Отправить ответ"}}
        )
        page = html.fromstring(self._get().text)
        self.assertEqual(page.get("lang"), "ru")
        self.assertEqual(page.xpath("//button")[0].text_content(), "Отправить ответ")

    # ------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------

    def test_answer(self):
        answer = self._post(score="3", comment=" <b>Late</b>\x00 ", may_quote="1")
        self.assertEqual(answer.status_code, 303)
        feedback = self._answers()
        self.assertRecordValues(
            feedback,
            [
                {
                    "score": "3",
                    "band": "detractor",
                    "comment": "<b>Late</b>",
                    "may_quote": True,
                    "channel": "page",
                    "contact_id": self.anna.id,
                    "user_id": False,
                    "is_open": True,
                }
            ],
        )
        self.assertTrue(self.request.is_answered)
        self.assertEqual(self._rescues().user_id, self.user_salesman)
        thanks = self._get(answer.headers["Location"])
        self.assertEqual(thanks.status_code, 200)
        self.assertFalse(html.fromstring(thanks.text).findall(".//form"))

    def test_answer_again(self):
        self._post(score="9", comment="Good")
        self._post(score="9", comment="Good")
        feedback = self._answers()
        self.assertEqual(len(feedback), 1, "replayed")
        self._post(score="4")
        self.assertEqual(self._answers(), feedback)
        self.assertRecordValues(feedback, [{"score": "4", "comment": "Good"}])
        page = self._get().text
        self.assertNotIn("Good", page, "the link shows nothing that was said")
        feedback.unlink()
        self._post(score="10")
        self.assertEqual(self._answers().score, "10")

    def test_wrong_score(self):
        for data in ({}, {"score": "11"}, {"score": "-1"}, {"score": "<b>"}):
            answer = self._post(comment="<script>alert(1)</script>", **data)
            self.assertEqual(answer.status_code, 400)
            self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;", answer.text)
            page = html.fromstring(answer.text)
            self.assertFalse(page.xpath("//script"))
            self.assertTrue(page.xpath("//*[@role='alert']"))
        self.assertFalse(self._answers())

    def test_long_comment(self):
        self._post(score="7", comment="x" * 20000)
        self.assertEqual(len(self._answers().comment), 5000)

    def test_far_too_long(self):
        answer = self._post(score="7", comment="x" * 2**19)
        self.assertIn(answer.status_code, (400, 413))
        self.assertFalse(self._answers())

    def test_flood(self):
        for number in range(ANSWERS):
            self._post(score=str(number % 10))
        self._plain(self._post(score="10"), 429)
        self.assertRecordValues(self._answers(), [{"score": "9"}])
        self.request.sudo().answered_since = Datetime.now() - timedelta(hours=2)
        self.assertEqual(self._post(score="10").status_code, 303)
        self.assertEqual(self._answers().score, "10")

    def test_bad_links(self):
        token = self.path.rpartition("/")[2]
        expired = self.request.copy({"expires_at": Datetime.now() - timedelta(1)})
        self.env.flush_all()
        for bad in (
            *("x", token[:-2], token[::-1], "A" * 600, "%00", "%D1%8F"),
            expired._get_token(),
        ):
            with self.subTest(token=bad):
                self._plain(self._get(f"/customer-feedback/{bad}"))
                self._plain(self._post(f"/customer-feedback/{bad}", score="9"))
        self.assertFalse(self._answers())

    def test_in_a_browser(self):
        """The page without scripts of ours, in Chromium: choose, write, press."""
        browser = common.ChromeBrowser(self)
        self.addCleanup(browser.stop)
        with self.allow_requests(browser=browser):
            browser.navigate_to(f"{self.base_url()}{self.path}?score=2")
            chosen = "document.querySelector('#score_2').checked"
            self.assertTrue(browser._wait_ready(chosen))
            answer = """
                document.querySelector("#score_9").click();
                document.querySelector("#comment").value = "Быстро <b>";
                document.querySelector("button").click();
            """
            browser._websocket_request(
                "Runtime.evaluate", params={"expression": answer}
            )
            self.assertTrue(browser._wait_ready("location.search === '?thanks=1'"))
        self.assertRecordValues(
            self._answers(), [{"score": "9", "comment": "Быстро <b>"}]
        )

    # ------------------------------------------------------------
    # NO MORE LETTERS
    # ------------------------------------------------------------

    def _get_refusal_path(self):
        """Where the link below the form leads."""
        page = html.fromstring(self._get().text)
        [link] = page.xpath("//a[contains(@href, '/customer-letters/')]/@href")
        return urlsplit(link).path

    def test_refuse(self):
        path = self._get_refusal_path()
        for method in ("GET", "HEAD"):
            answer = self._get(path, method=method)
            self.assertEqual(answer.status_code, 200)
        self.assertFalse(
            self.anna._get_feedback_refusals(), "a scanner refuses nothing"
        )
        page = html.fromstring(self._get(path).text)
        self.assertEqual(len(page.xpath("//form[@method='post']//button")), 1)
        for secret in ("Acme", "Anna", "acme.example.com"):
            self.assertNotIn(secret, self._get(path).text)
        self._plain(self._post(path), 200)
        self.assertEqual(self.anna._get_feedback_refusals(), self.anna)
        email = self.env.ref("crm_lifecycle.crm_touchpoint_channel_email")
        self.assertIn(email, self.anna.lifecycle_refused_channel_ids)
        self.assertTrue(self.anna.is_blacklisted)
        consent = self.anna.lifecycle_consent_ids
        self.assertRecordValues(
            consent, [{"state": "refused", "channel_id": email.id, "user_id": False}]
        )
        self.assertIn(self.company.name, consent.proof)
        self._post(path)
        self.assertEqual(self.anna.lifecycle_consent_ids, consent, "said twice")
        colleague = self.env["res.partner"].create(
            {
                "name": "Ben",
                "parent_id": self.customer.id,
                "email": "b@acme.example.com",
            }
        )
        self.assertFalse(colleague._get_feedback_refusals(), "he said nothing")

    def test_refuse_by_the_mail_program(self):
        mail = self.env["mail.mail"].search(
            [("model", "=", self.request._name), ("res_id", "=", self.request.id)]
        )
        headers = literal_eval(mail.headers)
        self.assertEqual(headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        link = headers["List-Unsubscribe"].strip("<>")
        self.assertIn(f'href="{link}"', mail.body_html)
        self.assertNotIn("&lt;", mail.body_html, "the letter itself stays as it is")
        self._post(urlsplit(link).path, **{"List-Unsubscribe": "One-Click"})
        self.assertTrue(self.anna._get_feedback_refusals())
        answered = self.anna.lifecycle_consent_ids
        answered.sudo().write({"date": self.day(2)})
        self.env["crm.contact.consent"].create(
            {"partner_id": self.anna.id, "state": "given", "date": self.day(1)}
        )
        self._post(urlsplit(link).path)
        self.assertEqual(len(self.anna.lifecycle_consent_ids), 3, "changed his mind")

    def test_refuse_after_the_person_is_gone(self):
        path = self._get_refusal_path()
        self.anna.unlink()
        self._plain(self._post(path), 200)
        listed = self.env["mail.blacklist"].search([])
        self.assertIn("anna@acme.example.com", listed.mapped("email"))

    def test_bad_links_of_refusals(self):
        path = self._get_refusal_path()
        start, _slash, token = path.rpartition("/")
        other = hash_sign(self.env, "other", [self.anna.id, "a@b.example.com", 1])
        for bad in (
            *(f"A{token}", token[:-2], "x", "%00", "A" * 600),
            *(other, self.request._get_token()),
        ):
            self._plain(self._get(f"{start}/{bad}"))
            self._plain(self._post(f"{start}/{bad}"))
        self.assertFalse(self.anna._get_feedback_refusals())

    def test_as_a_logged_in_colleague(self):
        self.authenticate(self.user_salesman.login, self.user_salesman.login)
        self._post(score="8")
        self.assertRecordValues(self._answers(), [{"user_id": False, "score": "8"}])

    def test_a_file_is_no_comment(self):
        answer = self.url_open(
            self.path,
            data={"score": "8"},
            files={"comment": ("comment.txt", b"words")},
            allow_redirects=False,
        )
        self.assertEqual(answer.status_code, 303)
        self.assertRecordValues(self._answers(), [{"score": "8", "comment": ""}])
