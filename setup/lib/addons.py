"""What the add-ons' manifests say, and fingerprints of their files."""

import ast

from .common import ADDONS, ROOT, SetupError, digest

# Installed besides the dependencies in the "full" databases: each of them adds
# something that the add-ons use when it is there.
OPTIONAL = ("sale_margin", "sale_stock", "base_automation")
BASE = ADDONS[:1]


def manifest(addon):
    """The manifest of an add-on of this repository."""
    path = ROOT / addon / "__manifest__.py"
    if not path.exists():
        raise SetupError(f"There is no add-on {addon} in {ROOT}.")
    return ast.literal_eval(path.read_text())


def dependencies(addons):
    """Add-ons of Odoo that these depend on directly, without those of ours."""
    names = {name for addon in addons for name in manifest(addon)["depends"]}
    return sorted(names - set(ADDONS))


def fingerprint(addons):
    """Changes with anything in these add-ons that ends up in a database."""
    files = [
        path
        for addon in addons
        for path in sorted((ROOT / addon).rglob("*"))
        if path.is_file()
        and path.suffix != ".pyc"
        and not {"tests", "readme"} & set(path.relative_to(ROOT).parts)
    ]
    return digest(*(str(path.relative_to(ROOT)) for path in files), *files)
