"""One run of tests or benchmarks: its databases, its facts for test code, its end."""

import json
import os
import sys

from .common import ENV, ROOT, remove_tree, write_atomically
from .templates import Templates
from .workspace import Workspace, prefixed


class Session:
    """The test server with templates, and a folder of facts about it."""

    def __init__(self, fresh=False):
        self.fresh = fresh

    def __enter__(self):
        self.workspace = Workspace("test")
        self.templates = Templates(self.workspace)
        self.prefix = prefixed(f"run{os.getpid()}_")
        self.folder = ENV / "runs" / str(os.getpid())
        self.workspace.__enter__()
        try:
            with self.workspace.server.gate():
                if not self.workspace.server.used():
                    self.templates.prune(self.fresh)
                    remove_tree(self.folder.parent)
                self.folder.mkdir(parents=True, exist_ok=True)
        except BaseException:
            self.workspace.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        try:
            for name in self.workspace.databases():
                if name.startswith(self.prefix):
                    self.workspace.drop(name)
            remove_tree(self.folder)
        finally:
            self.workspace.__exit__(*exception)

    def database(self, name, flavour):
        """A database of this run, copied from a template."""
        database = self.prefix + name
        self.workspace.create(database, self.templates.names[flavour])
        return database

    def environ(self, database="", part=""):
        """Environment variables for programs that use ``tests/support``.

        ``CRM_LIFECYCLE_ENV`` names a folder with ``facts.json``.

        :param part: name of one of several programs that run at once: each makes
            databases of its own
        """
        workspace = self.workspace
        folder = self.folder / part
        folder.mkdir(exist_ok=True)
        facts = {
            "root": str(ROOT),
            "python": sys.executable,
            "conf": str(workspace.conf),
            "data_dir": str(workspace.data_dir),
            "host": workspace.server.host,
            "port": workspace.server.port,
            "user": workspace.server.user,
            "database": database,
            "prefix": f"{self.prefix}{part}",
            "templates": self.templates.names,
        }
        write_atomically(folder / "facts.json", json.dumps(facts, indent=2))
        return {
            **workspace.environ,
            "CRM_LIFECYCLE_ENV": str(folder),
            "CRM_LIFECYCLE_WORKSPACE": workspace.name,
            "HYPOTHESIS_STORAGE_DIRECTORY": str(ENV / "hypothesis"),
            "PYTHONPATH": str(ROOT),
        }
