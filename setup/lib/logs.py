"""Reads Odoo's logs: anything from WARNING up is a failure unless it is allowed."""

import configparser
import re
from pathlib import Path

from .common import ROOT

ALLOW_LIST = ROOT / "checklog-odoo.cfg"
LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) (?P<database>\S+) "
    r"(?P<logger>[^:]+): (?P<text>.*)$"
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
BAD = ("WARNING", "ERROR", "CRITICAL")


def allowed():
    """The regular expressions of the allow-list, in the format of checklog-odoo."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ALLOW_LIST)
    lines = parser.get("checklog-odoo", "ignore", fallback="").splitlines()
    return [re.compile(line.strip()) for line in lines if line.strip()]


def records(text):
    """Log records with the lines that follow them, such as tracebacks."""
    current = None
    for raw in text.splitlines():
        line = COLOUR.sub("", raw)
        match = LINE.match(line)
        if match:
            if current:
                yield current
            current = [match["level"], line]
        elif current:
            current[1] += f"\n{line}"
    if current:
        yield current


class Log:
    """One run of Odoo, judged by what it wrote."""

    def __init__(self, path):
        self.text = Path(path).read_text(errors="replace")

    def complaints(self):
        """Records from WARNING up that no rule allows."""
        rules = allowed()
        return [
            record
            for level, record in records(self.text)
            if level in BAD and not any(rule.search(record) for rule in rules)
        ]

    def tests(self):
        """Numbers of (run, failed) tests that Odoo's runner reported."""
        found = SUMMARY.findall(COLOUR.sub("", self.text))
        failed = sum(int(failures) + int(errors) for failures, errors, _run in found)
        return sum(int(run) for _failures, _errors, run in found), failed
