"""setup/bench [NAME [ARGS...]]: run one of tests/benchmarks, or list them."""

import subprocess
import sys

from ..common import ROOT, SetupError
from ..processes import with_parent
from ..session import Session

FOLDER = ROOT / "tests" / "benchmarks"


def main(argv):
    """Run a benchmark on the test server with the facts of the environment."""
    scripts = {
        path.stem.removeprefix("bench_"): path for path in FOLDER.glob("bench_*.py")
    }
    if not argv:
        print("\n".join(sorted(scripts)) or f"There are no benchmarks in {FOLDER}.")
        return 0
    name, *arguments = argv
    if name not in scripts:
        raise SetupError(f"There is no benchmark {name}. Known: {sorted(scripts)}")
    with Session() as session:
        for flavour in ("bare", "plain", "full"):
            session.templates.build(flavour)
        command = [sys.executable, str(scripts[name]), *arguments]
        return subprocess.run(
            with_parent(command), env=session.environ(), cwd=ROOT, check=False
        ).returncode
