"""Case 4: confirmations over HTTP, with and without the pass running."""

import http.client
import json
import threading
import time
import urllib.parse
from datetime import timedelta

from odoo import api, fields

from .engine_cases import EngineCases, create_quotations
from .measure import percentile

CLIENTS = 2


class Confirmations:
    """Confirms quotations through a server process of its own."""

    def __init__(self, env, environment, count, report):
        self.env = env
        self.environment = environment
        self.count = count
        self.report = report

    def measure(self):
        """Latencies and errors of both rounds, in milliseconds."""
        user = self.env.ref("base.user_admin")
        keys = self.env["res.users.apikeys"].with_user(user)
        # sudo: as when a person makes himself a key
        key = keys.sudo()._generate(
            None, "benchmark", fields.Datetime.now() + timedelta(days=1)
        )
        quotations = create_quotations(self.env, 2 * self.count + CLIENTS)
        self.env.cr.commit()
        ids = quotations.ids
        database = self.env.cr.dbname
        with self.environment.serve(database, workers=0) as url:
            client = Client(url, key)
            client.confirm(ids[-CLIENTS:])  # the server's own caches
            quiet = client.confirm(ids[: self.count])
            self.report("confirmations without the pass", self.count, self.count)
            with PassInBackground(self.env.registry, self.report) as background:
                busy = client.confirm(ids[self.count : 2 * self.count])
            self.report("confirmations during the pass", self.count, self.count)
        return {
            "count": self.count,
            "without_pass": summary(quiet),
            "during_pass": summary(busy),
            "passes_meanwhile": background.runs,
        }


def summary(results):
    """Percentiles of the latencies and the number of answers that were errors."""
    latencies = [seconds * 1000 for seconds, _status in results]
    return {
        "p50_ms": percentile(latencies, 0.5),
        "p95_ms": percentile(latencies, 0.95),
        "errors": sum(status != 200 for _seconds, status in results),
    }


class Client:
    """Some connections that confirm orders through ``/json/2``."""

    def __init__(self, url, key):
        self.address = urllib.parse.urlsplit(url).netloc
        self.headers = {
            "Authorization": f"bearer {key}",
            "Content-Type": "application/json",
        }

    def confirm(self, ids):
        """(seconds, HTTP status) of each order."""
        results = []
        threads = [
            threading.Thread(target=self._confirm, args=(ids[number::CLIENTS], results))
            for number in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def _confirm(self, ids, results):
        connection = http.client.HTTPConnection(self.address, timeout=300)
        for id_ in ids:
            body = json.dumps({"ids": [id_]})
            start = time.perf_counter()
            connection.request(
                "POST", "/json/2/sale.order/action_confirm", body, self.headers
            )
            response = connection.getresponse()
            response.read()
            results.append((time.perf_counter() - start, response.status))


class PassInBackground:
    """Full re-reads with 5 % to write, one after the other, until the block ends."""

    def __init__(self, registry, report):
        self.registry = registry
        self.report = report
        self.runs = 0
        self.failure = None

    def __enter__(self):
        self._started = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_exception):
        self._stop.set()
        self._thread.join()
        if self.failure:
            raise self.failure

    def _run(self):
        try:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                cases = EngineCases(env, 1, self.report)
                while not self._stop.is_set():
                    cases.ask_full(share=20)
                    cr.commit()
                    self._started.set()
                    cases.run_job()
                    self.runs += 1
        except Exception as error:
            self.failure = error
        finally:
            self._started.set()
