"""The parts of setup/lib that decide whether a run passes, or starts at all."""

import importlib
import io
import socket
import sys
from types import SimpleNamespace

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


# -- what setup/serve promises ----------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--db", "../elsewhere"],
        ["--db", "a/b"],
        ["--db", "d" * 64],
        ["--db", ""],
        ["--port", "0"],
        ["--port", "65536"],
        ["--port", "web"],
        ["--data", "unknown"],
    ],
)
def test_serve_refuses_before_it_touches_anything(lib, monkeypatch, arguments):
    serve = lib("commands.serve")
    touched = []
    monkeypatch.setattr(serve, "Workspace", touched.append)
    with pytest.raises(SystemExit) as refused:
        serve.main(["--fresh", *arguments])
    assert refused.value.code == 2
    assert not touched


def test_serve_takes_the_next_free_port(lib):
    serve = lib("commands.serve")
    with serve._reserve_port(None) as first, serve._reserve_port(None) as second:
        assert 8069 <= first < second < 8170


def test_serve_says_which_port_is_taken(lib, monkeypatch):
    serve = lib("commands.serve")
    clock = SimpleNamespace(monotonic=iter([0, 100]).__next__)
    monkeypatch.setattr(serve, "time", clock)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(lib("common").SetupError, match=f"{port}.*--port"):
            with serve._reserve_port(port):
                pass


@pytest.mark.parametrize("is_terminal", [True, False])
def test_progress_bar_moves_in_a_terminal_and_is_short_elsewhere(lib, is_terminal):
    stream = io.StringIO()
    stream.isatty = lambda: is_terminal
    bar = lib("progress").Bar("Loading", stream)
    for done in range(1001):
        bar(done, 1000)
    shown = stream.getvalue()
    assert shown.count("Loading") == (101 if is_terminal else 11)
    assert ("\r" in shown) is is_terminal
    assert "100%" in shown.splitlines()[-1] and shown.endswith("\n")


# -- where things come from -------------------------------------------------------


@pytest.fixture
def sources(lib, tmp_path, monkeypatch):
    """Where Odoo may come from, each a tree of its own; ``made``: those built."""
    module, made = lib("odoo_source"), []
    monkeypatch.delenv("CRM_LIFECYCLE_ODOO", raising=False)
    monkeypatch.setattr(module, "RECORD", tmp_path / "source.json")
    monkeypatch.setattr(module, "say", lambda message: None)

    def tree(name, series=19):
        path = tmp_path / name
        (path / "addons" / "crm").mkdir(parents=True)
        (path / "odoo").mkdir()
        release = path / "odoo" / "release.py"
        release.write_text(f"version_info = ({series}, 0, 0, 'final', 0, '')\n")
        return path

    def offer(name, works=True):
        def build():
            made.append(name)
            if not works:
                raise module.SetupError(f"no {name} here")
            return module.Source(name, tmp_path / name)

        monkeypatch.setattr(module, f"_from_{name}", build)

    for name in ("debian", "git"):
        tree(name)
        offer(name)
    return SimpleNamespace(module=module, tree=tree, offer=offer, made=made)


def test_odoo_is_looked_for_in_order(sources, monkeypatch):
    module = sources.module
    option, variable = sources.tree("option"), sources.tree("variable")
    monkeypatch.setenv("CRM_LIFECYCLE_ODOO", str(variable))
    assert module.locate(str(option)).path == option
    assert module.locate().path == variable
    monkeypatch.delenv("CRM_LIFECYCLE_ODOO")
    assert module.locate().path == variable, "the choice is remembered"
    assert not sources.made
    module.RECORD.unlink()
    assert module.locate().kind == "debian"
    module.RECORD.unlink()
    sources.offer("debian", works=False)
    assert module.locate().kind == "git"
    assert sources.made == ["debian", "debian", "git"]


def test_no_odoo_or_another_one_is_explained(sources):
    module = sources.module
    with pytest.raises(module.SetupError, match="is Odoo 20, not Odoo 19"):
        module.locate(str(sources.tree("newer", series=20)))
    for name in ("debian", "git"):
        sources.offer(name, works=False)
    with pytest.raises(module.SetupError, match="(?s)no debian.*no git.*--odoo PATH"):
        module.locate()


def test_missing_system_packages_are_named_or_installed(lib, monkeypatch):
    system, there, ran = lib("system"), set(), []

    def run(command, *_arguments, **_options):
        ran.append(command)
        if command[1] == "install":
            there.add("postgresql")

    monkeypatch.setattr(system, "run_logged", run)
    monkeypatch.setattr(system, "say", lambda message: None)
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    checks = {"postgresql": lambda: "postgresql" in there, "git": lambda: True}

    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    with pytest.raises(lib("common").SetupError) as told:
        system.require(checks)
    command = "sudo apt-get update && sudo apt-get install -y"
    assert command in str(told.value) and str(told.value).endswith(" postgresql")
    assert not ran

    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    system.require(checks)
    assert [command[1] for command in ran] == ["update", "install"]
    assert "postgresql" in ran[1] and "git" not in ran[1]
    system.require(checks)
    assert len(ran) == 2, "what is there is not installed again"
