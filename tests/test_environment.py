"""The set-up's own promises, on the environment that the tests run in."""

import subprocess
import urllib.request


def test_templates_differ_by_the_add_ons(environment):
    def installed(flavour):
        rows = environment.psql(
            environment.facts["templates"][flavour],
            "SELECT name FROM ir_module_module WHERE state = 'installed'",
        )
        return {name for (name,) in rows}

    full, plain = installed("full"), installed("plain")
    assert full - installed("bare") == {"crm_lifecycle", "crm_lifecycle_kam"}
    assert plain - installed("bare_plain") == {"crm_lifecycle"}
    assert {"sale_margin", "sale_stock", "base_automation"} <= full - plain


def test_a_copy_serves_pages_with_its_attachments(environment, database):
    with environment.serve(database) as url:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}/web/login") as page:
            text = page.read().decode()
        assert "csrf_token" in text
    assert "FileNotFoundError" not in url.log.read_text()
    assert url.process.poll() is not None


def test_odoo_command_passes_input_and_status_through(setup_odoo, database):
    command = [setup_odoo, "shell", "-d", database, "--no-http"]
    for script, status in (("print(env.uid + 40)", 0), ("raise SystemExit(7)", 7)):
        done = subprocess.run(
            command, input=script, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, done.stderr
        assert not status or done.stdout == ""
    assert environment_is_test(command)


def environment_is_test(command):
    """Inside a test run the command must not touch the databases of setup/serve."""
    done = subprocess.run(
        command,
        input="from odoo.tools import config; print(config['data_dir'])",
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip().endswith("data-test")
