"""A web client as small as a health check needs."""

import http.cookiejar
import json
import time
import urllib.request

from .common import SetupError


class Client:
    """Talks to one Odoo server, remembering its session cookie."""

    def __init__(self, url):
        self.url = url
        # The machine's proxy must not be asked for our own loop-back address.
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )

    def await_login_page(self, alive, patience=180):
        """Wait until the login page is there; false when the server has ended."""
        deadline = time.monotonic() + patience
        while alive() and time.monotonic() < deadline:
            try:
                with self.opener.open(f"{self.url}/web/login", timeout=60) as page:
                    return page.status == 200
            except OSError:
                time.sleep(0.2)
        return False

    def call(self, path, **parameters):
        """The result of a JSON-RPC route of the web client."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters})
        request = urllib.request.Request(
            self.url + path, body.encode(), {"Content-Type": "application/json"}
        )
        with self.opener.open(request, timeout=120) as reply:
            answer = json.load(reply)
        if "error" in answer:
            details = answer["error"].get("data", {}).get("debug", answer["error"])
            raise SetupError(f"{path} answered with an error:\n{details}")
        return answer["result"]

    def login(self, database, login, password):
        """Open a session."""
        self.call(
            "/web/session/authenticate", db=database, login=login, password=password
        )

    def read_list(self, model, limit=80):
        """The first records of a list, read as the web client does."""
        return self.call(
            f"/web/dataset/call_kw/{model}/web_search_read",
            model=model,
            method="web_search_read",
            args=[],
            kwargs={
                "domain": [],
                "specification": {"display_name": {}},
                "limit": limit,
                "count_limit": 10001,
            },
        )
