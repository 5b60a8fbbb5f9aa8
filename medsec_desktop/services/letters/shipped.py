"""The templates that come with the program, each in English and Spanish."""

from __future__ import annotations

import json
from functools import cache

from medsec_desktop import paths
from medsec_desktop.domain.letters import LANGUAGES
from medsec_desktop.domain.writing.template import Template, template_from

FOLDER = "letter_templates"
BLANK = "blank_letter"  # the one that says nothing by itself


def shipped(key: str, language: str) -> Template | None:
    """The shipped template of that key in that language, or None."""
    if (key, language) not in shipped_keys():
        return None
    return _read(key, language)


@cache
def shipped_keys() -> frozenset[tuple[str, str]]:
    """The key and language of each one there is; their names are those of the files."""
    names = (path.name.split(".") for path in paths.resource(FOLDER).glob("*.json"))
    return frozenset((name[0], name[1]) for name in names if name[1] in LANGUAGES)


@cache
def _read(key: str, language: str) -> Template:
    path = paths.resource(FOLDER, f"{key}.{language}.json")
    return template_from(json.loads(path.read_text(encoding="utf-8")))
