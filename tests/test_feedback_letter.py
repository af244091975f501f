"""From the letter to the answer: a real mail server, then a browser without cookies."""

import html
import re
import subprocess

import requests

from tests.support import customer_base
from tests.support.letters import MailServer, get_links
from tests.support.odoo_processes import call

ADDRESS = "anna@feedback.example.com"
REFUSED = (
    "SELECT consent.state, listed.email FROM crm_contact_consent consent "
    "JOIN res_partner person ON person.id = consent.partner_id "
    "JOIN mail_blacklist listed ON listed.email = person.email_normalized "
    "AND listed.active"
)


def write_letter(env, port, url):
    """Ask a customer for feedback, and have the queue of outgoing mail sent."""
    customer_base.calm(env)
    env["ir.config_parameter"].set_param("web.base.url", url)
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": port}
    )
    env.company.partner_id.email = "we@feedback.example.com"
    customer = env["res.partner"].create({"name": "Hidden Works", "is_company": True})
    env["crm.lifecycle.engine"]._add_profiles(env.company, customer)
    profile = env["crm.lifecycle.profile"].search([("partner_id", "=", customer.id)])
    person = env["res.partner"].create(
        {"name": "Anna", "email": ADDRESS, "parent_id": customer.id}
    )
    result = profile._ask_feedback(contacts=person)
    assert result["done"] == profile.ids, result
    env.cr.commit()
    env["mail.mail"].process_email_queue()
    return {"profile": profile.id, "customer": customer.name}


def read_answers(environment, database, profile_id):
    query = (
        "SELECT score, comment, channel FROM crm_feedback WHERE profile_id = %s "
        "ORDER BY id"
    )
    return environment.psql(database, query, [profile_id])


def curl(link, **values):
    """Send a form from a command line; the status, and where it leads."""
    data = []
    for name, value in values.items():
        data += ["--data-urlencode", f"{name}={value}"]
    form = "%{http_code} %{redirect_url}"
    command = ["curl", "-sS", "--noproxy", "*", "-o", "/dev/null", "-w", form, *data]
    done = subprocess.run([*command, link], check=True, capture_output=True, text=True)
    return tuple(done.stdout.split(" "))


def visit(session, method, link, **options):
    return session.request(method, link, timeout=60, allow_redirects=False, **options)


def test_letter_is_answered(environment):
    database = environment.create_database("letter")
    with environment.serve(database) as url, MailServer() as mail:
        facts = call(environment, database, write_letter, port=mail.port, url=url)
        assert mail.arrived.wait(60), "no letter came"
        [(recipients, letter)] = mail.letters
        assert recipients == [ADDRESS]
        links = [link for link in get_links(letter) if "/customer-feedback/" in link]
        scores = [link.rpartition("=")[2] for link in links]
        assert scores == [str(score) for score in range(11)]
        assert all(link.startswith(url) for link in links)

        session = requests.Session()
        session.trust_env = False  # no proxy for our own loop-back address
        # a scanner opens every link, as mail programs and virus filters do
        for link in links:
            for method in ("HEAD", "GET"):
                assert visit(session, method, link).status_code == 200
        answers = read_answers(environment, database, facts["profile"])
        assert answers == []

        page = visit(session, "GET", links[3])
        assert facts["customer"] not in page.text
        [chosen] = re.findall(r'<input[^>]*checked="checked"[^>]*>', page.text)
        assert 'value="3"' in chosen
        session.cookies.clear()
        comment = "<script>alert('late')</script>"
        code, location = curl(links[3], score="3", comment=comment)
        assert code == "303"
        thanks = visit(session, "GET", location)
        assert thanks.status_code == 200
        assert not session.cookies, "nobody is followed"

        forged = links[3].replace("/customer-feedback/", "/customer-feedback/A")
        answer = visit(session, "POST", forged, data={"score": "10"})
        assert answer.status_code == 404
        again = visit(session, "POST", links[3], data={"score": "4"})
        assert again.status_code == 303
        answers = read_answers(environment, database, facts["profile"])
        assert answers == [("4", comment, "page")]
        assert html.escape(comment) not in again.text

        # what a mail program's own button does
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        refusal = letter["List-Unsubscribe"].strip("<>")
        assert refusal.startswith(f"{url}/customer-letters/")
        assert refusal in get_links(letter)
        assert visit(session, "GET", refusal).status_code == 200
        assert environment.psql(database, REFUSED) == []
        code, location = curl(refusal, **{"List-Unsubscribe": "One-Click"})
        assert (code, location) == ("200", "")
        assert environment.psql(database, REFUSED) == [("refused", ADDRESS)]
    environment.drop_database(database)
