"""Checks of the repository that no ready-made linter has."""

import io
import re

import docutils.core
import docutils.utils
import polib

from .common import ADDONS, ROOT

BINARY = {".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".woff2", ".pdf"}
# Written so that this file does not match itself.
FORBIDDEN = {
    "an unfinished mark": r"\b(?:TO[D]O|FIX[M]E|XX[X])\b|NotImplemented[E]rror",
    "a machine's path": r"(?<![\w./])/(?:ho[m]e|ro[o]t|wo[r]k|Us[e]rs)/\w",
    "a registry's host": r"//[a-z.-]*(?:[d]ebian|[p]ypi|[p]ythonhosted|[n]pmjs)\.",
}


def readme(names):
    """Errors of docutils in the README files."""
    if "README.rst" not in names:
        return "README.rst is missing"
    return "\n".join(filter(None, map(_rst_problems, names)))


def _rst_problems(name):
    stream = io.StringIO()
    docutils.core.publish_doctree(
        (ROOT / name).read_text(),
        source_path=name,
        settings_overrides={
            "warning_stream": stream,
            "report_level": docutils.utils.Reporter.WARNING_LEVEL,
            "halt_level": 5,
            "file_insertion_enabled": False,
        },
    )
    return stream.getvalue().strip()


def translations():
    """What an add-on lacks: its template, or Russian texts."""
    problems = []
    for addon in ADDONS:
        folder = ROOT / addon / "i18n"
        template, russian = folder / f"{addon}.pot", folder / "ru.po"
        for path in (template, russian):
            if not path.exists():
                problems.append(f"{path.relative_to(ROOT)} is missing")
        if template.exists() and russian.exists():
            problems += _gaps(polib.pofile(template), polib.pofile(russian), addon)
    return "\n".join(problems)


def _gaps(template, russian, addon):
    done = {entry.msgid for entry in russian.translated_entries()}
    missing = [entry.msgid for entry in template if entry.msgid not in done]
    fuzzy = [entry.msgid for entry in russian.fuzzy_entries()]
    for kind, texts in (("untranslated", missing), ("fuzzy", fuzzy)):
        if texts:
            sample = "; ".join(repr(text[:60]) for text in texts[:5])
            yield f"{addon}/i18n/ru.po: {len(texts)} {kind}: {sample}"


def texts(names):
    """Lines that hold something that only makes sense on one machine or not yet."""
    patterns = {title: re.compile(pattern) for title, pattern in FORBIDDEN.items()}
    found = []
    for name in names:
        path = ROOT / name
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            found += [
                f"{name}:{number}: {title}: {line.strip()[:100]}"
                for title, pattern in patterns.items()
                if pattern.search(line)
            ]
    return "\n".join(found)
