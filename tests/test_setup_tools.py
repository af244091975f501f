"""The parts of setup/lib that decide whether a run passes."""

import importlib
import sys

import pytest


@pytest.fixture(scope="module")
def lib(environment):
    """Gives modules of ``setup/lib`` by name."""
    sys.path.insert(0, str(environment.root / "setup"))
    yield lambda name: importlib.import_module(f"lib.{name}")
    sys.path.pop(0)


LOG = """\
Running as user 'root' is a security risk.
2026-01-02 03:04:05,678 42 INFO db odoo.modules.loading: ERROR in a text is no level
2026-01-02 03:04:05,679 42 \x1b[1;33mWARNING\x1b[0m db odoo.fields: two labels
2026-01-02 03:04:05,680 42 ERROR db odoo.tests: FAIL: test_a
Traceback (most recent call last):
AssertionError: 1 != 2
2026-01-02 03:04:05,681 42 INFO db odoo.tests.result: 1 failed, 0 error(s) of 7 tests
"""


def test_log_check_finds_levels_with_what_follows(lib, tmp_path):
    path = tmp_path / "log"
    path.write_text(LOG)
    log = lib("logs").Log(path)
    warning, error = log.complaints()
    assert warning.endswith("two labels")
    assert error.endswith("AssertionError: 1 != 2")
    assert log.tests() == (7, 1)


def test_log_check_reads_the_allow_list(lib, tmp_path, monkeypatch):
    logs = lib("logs")
    rules = tmp_path / "rules.cfg"
    rules.write_text("[checklog-odoo]\nignore=\n  # noise\n  WARNING.*two labels\n")
    monkeypatch.setattr(logs, "ALLOW_LIST", rules)
    path = tmp_path / "log"
    path.write_text(LOG)
    (error,) = logs.Log(path).complaints()
    assert "test_a" in error


@pytest.mark.parametrize(
    "text",
    ["TO" + "DO later", "cd /ho" + "me/me/odoo", "https:/" + "/pypi.org/simple"],
)
def test_texts_that_stay_out_of_the_repository(lib, tmp_path, monkeypatch, text):
    repository = lib("repository")
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    (tmp_path / "file.py").write_text(f"fine\n{text}\n")
    assert repository.texts(["file.py"]).startswith("file.py:2: ")


def test_an_untranslated_text_is_found(lib, tmp_path, monkeypatch):
    repository = lib("repository")
    monkeypatch.setattr(repository, "ROOT", tmp_path)
    monkeypatch.setattr(repository, "ADDONS", ["addon"])
    folder = tmp_path / "addon" / "i18n"
    folder.mkdir(parents=True)
    entry = '\nmsgid "Stage"\nmsgstr "{}"\n'
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n'
    (folder / "addon.pot").write_text(header + entry.format(""))
    (folder / "ru.po").write_text(header + entry.format(""))
    assert "1 untranslated: 'Stage'" in repository.translations()
    (folder / "ru.po").write_text(header + entry.format("Etap"))
    assert repository.translations() == ""


def test_a_failed_job_stops_only_what_needs_it(lib, capsys):
    jobs = lib("jobs")

    def broken():
        raise RuntimeError("no")

    def fine():
        outcome = jobs.Outcome()
        outcome.check("good", "")
        outcome.check("bad", "the reason")
        return outcome

    total = jobs.run(
        [
            jobs.Job("broken", broken),
            jobs.Job("child", fine, ["broken"]),
            jobs.Job("grandchild", fine, ["child"]),
            jobs.Job("other", fine),
        ]
    )
    assert (total.passed, total.failed) == (1, 4)
    printed = capsys.readouterr().out
    assert "RuntimeError: no" in printed and "the reason" in printed
