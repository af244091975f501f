"""Where Odoo 19 comes from: a checkout of the user, Debian's package, or git."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from .common import (
    ENV,
    SetupError,
    digest,
    read_text,
    remove_tree,
    run_logged,
    say,
    write_atomically,
)

SERIES = 19
HOME = ENV / "odoo"
RECORD = HOME / "source.json"
GIT_URL = "https://github.com/odoo/odoo.git"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Files of these packages are what links inside Debian's Odoo point to. All but the
# font that Debian 12 lacks come from a stable release: the icon font of a newer one
# has other glyphs at the code points that Odoo's style sheets name.
FROM_UNSTABLE = ("odoo-19", "fonts-montserrat")
FROM_STABLE = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
# Stripped from Debian's package, yet named in the web client's bundles.
STRIPPED = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
ADVICE = (
    "Give the path of an Odoo 19.0 checkout (--odoo PATH or CRM_LIFECYCLE_ODOO=PATH), "
    f"or make 'git clone --depth 1 --branch 19.0 {GIT_URL}' possible here."
)


class Source:
    """A tree with the Python package ``odoo`` and its add-ons."""

    def __init__(self, kind, path):
        self.kind = kind
        self.path = Path(path)

    @property
    def addons(self):
        """Folders for Odoo's ``addons_path``."""
        folders = (self.path / "addons", self.path / "odoo" / "addons")
        return [folder for folder in folders if (folder / "base").is_dir()] or [
            folder for folder in folders if folder.is_dir()
        ]

    @property
    def version(self):
        """A fingerprint that changes when another Odoo is used."""
        return digest(str(self.path), self.path / "odoo" / "release.py")

    def problem(self):
        """Why this is not a usable Odoo 19, or None."""
        release = read_text(self.path / "odoo" / "release.py")
        found = re.search(r"^version_info = \((\d+),", release, re.MULTILINE)
        if not found:
            return f"{self.path} holds no odoo/release.py"
        if int(found[1]) != SERIES:
            return f"{self.path} is Odoo {found[1]}, not Odoo {SERIES}"
        if not any((folder / "crm").is_dir() for folder in self.addons):
            return f"{self.path} has no add-on 'crm'"
        return None


def locate(given=None):
    """The Odoo to use: named by the user, else the one of last time, else built."""
    given = given or os.environ.get("CRM_LIFECYCLE_ODOO")
    if given:
        source = Source("given", Path(given).expanduser().resolve())
        if problem := source.problem():
            raise SetupError(f"Not usable as Odoo: {problem}")
        return _remember(source)
    record = read_text(RECORD)
    if record:
        source = Source(**json.loads(record))
        if not source.problem():
            return source
    reasons = []
    for build in (_from_debian, _from_git):
        try:
            return _remember(build())
        except SetupError as error:
            reasons.append(str(error))
            say(f"  {error}")
    raise SetupError("No Odoo 19 could be had.\n" + "\n".join(reasons) + f"\n{ADVICE}")


def _remember(source):
    """Note the choice, for commands that have no option to name it."""
    text = json.dumps({"kind": source.kind, "path": str(source.path)})
    if read_text(RECORD) != text:
        write_atomically(RECORD, text)
    return source


def _from_debian():
    """Unpack Debian's package into a private prefix: no root, nothing installed."""
    pairs = r'^(\w+)="?([^"\n]*)'
    release = dict(re.findall(pairs, read_text("/etc/os-release"), re.MULTILINE))
    tools = shutil.which("apt-get") and shutil.which("dpkg-deb")
    if release.get("ID") != "debian" or not tools or not KEYRING.exists():
        raise SetupError("Debian's package: this machine is not Debian.")
    prefix = HOME / "debian"
    source = Source("debian", prefix / "usr" / "lib" / "python3" / "dist-packages")
    if not source.problem():
        return source
    stable = release.get("VERSION_CODENAME")
    if stable not in ("bookworm", "trixie"):
        stable = "trixie"
    building = HOME / ".debian-building"
    remove_tree(building)
    _download_debs(building / "apt", stable)
    unpacked = building / "prefix"
    for package in sorted((building / "apt").glob("*.deb")):
        run_logged(["dpkg-deb", "-x", package, unpacked], ENV / "logs" / "dpkg.log")
    tree = unpacked / source.path.relative_to(prefix)
    stripped = tree / STRIPPED
    stripped.parent.mkdir(parents=True, exist_ok=True)
    stripped.touch()
    if problem := Source("debian", tree).problem():
        raise SetupError(f"Debian's package cannot be used any more: {problem}.")
    remove_tree(prefix)
    unpacked.rename(prefix)
    remove_tree(building)
    return source


def _download_debs(folder, stable):
    """Fetch the packages with apt's own signature checks and a private state."""
    say("Downloading Odoo 19 from the Debian mirror of this machine (125 MB)")
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True)
    site = _mirror()
    (folder / "sources.list").write_text(
        "".join(
            f"deb [signed-by={KEYRING}] {site} {suite} main\n"
            for suite in ("sid", stable)
        )
    )
    settings = {
        "Dir::State::Lists": folder / "lists",
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Dir::Cache::archives": folder / "archives",
        # The unprivileged download user may not reach a clone in a private folder.
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    apt = ["apt-get", "-q", "-y"]
    for name, value in settings.items():
        apt += ["-o", f"{name}={value}"]
    log = ENV / "logs" / "apt-odoo.log"
    run_logged([*apt, "update"], log, attempts=3, cwd=folder)
    names = [f"{name}/sid" for name in FROM_UNSTABLE]
    names += [f"{name}/{stable}" for name in FROM_STABLE]
    run_logged([*apt, "download", *names], log, attempts=3, cwd=folder)


def _mirror():
    """The address of the Debian mirror that this machine is configured to use."""
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(COMPONENT) $(CREATED_BY)"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    sites = [
        words[0]
        for words in map(str.split, listing.splitlines())
        if words[1:] == ["main", "Packages"] and "security" not in words[0]
    ]
    if not sites:
        # Nothing downloaded yet, as in a fresh container: read the sources themselves.
        files = [Path("/etc/apt/sources.list")]
        files += sorted(Path("/etc/apt/sources.list.d").glob("*"))
        pattern = r"^(?:deb\s+(?:\[[^]]*\]\s+)?|URIs:\s*)(\S+/debian)/?(?:\s|$)"
        text = "\n".join(read_text(file) for file in files if file.is_file())
        sites = re.findall(pattern, text, re.MULTILINE)
    if not sites:
        raise SetupError("Debian's package: no Debian mirror is configured for apt.")
    return sites[0]


def _from_git():
    """Clone Odoo's public repository, for machines that are not Debian."""
    if not shutil.which("git"):
        raise SetupError("git is not installed.")
    target = HOME / "git"
    source = Source("git", target)
    if not source.problem():
        return source
    say("Cloning Odoo 19.0 with git (about 1 GB)")
    building = HOME / ".git-building"
    log = ENV / "logs" / "git-odoo.log"
    command = ["git", "clone", "--depth", "1", "--branch", "19.0", GIT_URL, building]
    environ = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    for _attempt in range(2):
        remove_tree(building)
        try:
            run_logged(command, log, env=environ)
            break
        except SetupError:
            say("  the clone failed, trying once more")
    else:
        remove_tree(building)
        run_logged(command, log, env=environ)
    remove_tree(target)
    building.rename(target)
    return source
