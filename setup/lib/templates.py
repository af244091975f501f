"""Databases that are installed once and then copied.

``bare_plain``, ``bare`` and ``bare_demo`` hold only what the add-ons build on and are
kept until Odoo changes; ``plain`` and ``full`` hold the add-ons as they are now.
"""

from . import addons
from .common import ADDONS, ENV, SetupError, digest, tail
from .logs import Log
from .workspace import prefixed

PARENTS = {"bare": "bare_plain", "plain": "bare_plain", "full": "bare"}


class Templates:
    """Names and building of the template databases of the test server."""

    def __init__(self, workspace):
        self.workspace = workspace
        own = addons.fingerprint(ADDONS)
        self.modules = {
            "bare_plain": addons.dependencies(ADDONS),
            "bare_demo": addons.dependencies(ADDONS),
            "bare": list(addons.OPTIONAL),
            "plain": addons.BASE,
            "full": ADDONS,
        }
        self.names = {
            flavour: self._name(flavour, own if flavour in ("plain", "full") else "")
            for flavour in self.modules
        }

    def _name(self, flavour, content):
        parts = [self.workspace.source.version, content, *self.modules["bare_plain"]]
        parts += self.modules["bare"] + self.modules[flavour]
        return prefixed(f"{flavour}_{digest(*parts)[:10]}")

    def build(self, flavour):
        """Make a template and those it is copied from; the log of its installation.

        :returns: the ``Log`` when it was installed now, None when it existed
        """
        workspace = self.workspace
        parent = PARENTS.get(flavour)
        if self.names[flavour] in workspace.databases():
            return None
        if parent:
            self.build(parent)
        log = ENV / "logs" / f"template-{flavour}.log"

        def fill(database):
            workspace.create(database, parent and self.names[parent])
            options = ["--with-demo"] if flavour == "bare_demo" else []
            modules = ",".join(self.modules[flavour])
            options += ["--stop-after-init", "--no-http"]
            if workspace.odoo(log, "-d", database, "-i", modules, *options):
                raise SetupError(f"Installing {modules} failed.\n{tail(log, 60)}")

        return Log(log) if workspace.once(self.names[flavour], fill) else None

    def prune(self, everything=False):
        """Drop what an earlier version or a killed run left; only when alone."""
        current = set() if everything else set(self.names.values())
        for name in self.workspace.databases():
            if name.startswith(prefixed("")) and name not in current:
                self.workspace.drop(name)
