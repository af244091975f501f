"""An outside program: JSON over HTTP with an API key."""

from datetime import datetime, timedelta

import requests


def create_key(env, login="admin"):
    """An API key of a user, as his preferences give it to him."""
    user = env["res.users"].search([("login", "=", login)])
    until = datetime.now() + timedelta(days=1)
    return (
        env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "tests", until)
    )


class Client:
    """Calls public methods through ``/json/2``."""

    def __init__(self, url, key, database):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy for our own loop-back address
        self.session.headers["Authorization"] = f"bearer {key}"
        self.session.headers["X-Odoo-Database"] = database

    def post(self, model, method, **arguments):
        """The answer, whatever it says."""
        return self.session.post(
            f"{self.url}/json/2/{model}/{method}", json=arguments, timeout=120
        )

    def call(self, model, method, **arguments):
        """The result; an error when the server answers with one."""
        answer = self.post(model, method, **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()
