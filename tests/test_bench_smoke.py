"""The benchmark of the engine runs to its end on a small base."""

import json
import subprocess
import sys

import pytest

CASES = ["1", "W", "2a", "2b", "3", "3'", "4", "5"]


@pytest.fixture(scope="module")
def result(environment, tmp_path_factory):
    """What ``setup/bench engine --customers 2000 --quick`` measured."""
    path = tmp_path_factory.mktemp("bench") / "engine.json"
    script = environment.root / "tests" / "benchmarks" / "bench_engine.py"
    command = [sys.executable, script, "--customers", "2000", "--quick"]
    done = subprocess.run(
        [*command, "--json", path],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Target" in done.stdout
    return json.loads(path.read_text())


def test_every_case_is_measured(result):
    measured = [sample["name"].split()[0] for sample in result["samples"]]
    assert sorted(measured) == sorted(CASES)
    assert all(sample["median_s"] > 0 for sample in result["samples"])
    assert len(result["views"]) == 12
    # the passes, the naive way and the screens each have a target
    assert len(result["targets"]) == 4 + 12


def test_everybody_is_classified_once(result):
    assert result["profiles"] >= 2000
    assert result["transitions"] >= result["profiles"]


def test_nobody_waits_for_the_pass(result):
    confirmations = result["confirmations"]
    assert confirmations["passes_meanwhile"] >= 1
    for key in ("without_pass", "during_pass"):
        assert confirmations[key]["errors"] == 0
        assert confirmations[key]["p95_ms"] > 0


def test_memory_is_watched(result):
    samples = {sample["name"].split()[0]: sample for sample in result["samples"]}
    # a sample's peak is rounded to a tenth of a megabyte
    peak = round(result["odoo_peak_mb"], 1)
    assert 50 < samples["2a"]["odoo_peak_mb"] <= peak < 1000
