"""A template: a document with a name, in one language, and what a letter from it must be about.

As a file: one JSON object, format 2 (format 1 had fixed parts instead of a document):

    {"format": 2, "key": "missed_visit", "language": "en", "version": 1, "title": "Missed visit",
     "about": "visit", "document": {...}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from medsec_desktop.domain.writing.checking import checked
from medsec_desktop.domain.writing.document import Document
from medsec_desktop.domain.writing.storing import document_from, stored
from medsec_desktop.problems import Invalid

FORMAT = 2

# What a letter is about decides what must be chosen before it is written, and to whom it goes at first:
# a referral to the other doctor, a request to who asks, an account to the guarantor, coverage to the
# payer; a form goes to nobody, it is signed at the desk.
Topic = Literal[
    "visit", "recall", "patient", "referral", "request", "coverage", "account", "form", "fax"
]
TOPICS: Mapping[Topic, str] = {
    "visit": "a visit",
    "recall": "a recall",
    "patient": "a patient",
    "referral": "a referral",
    "request": "a request for records",
    "coverage": "a patient’s insurance",
    "account": "what a patient owes",
    "form": "a patient, as a form to sign",
    "fax": "a fax",
}
WITHOUT_LETTERHEAD: tuple[Topic, ...] = ("form", "fax")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Template:
    """The words of a kind of letter in one language. `version` counts what the program shipped."""

    key: str
    language: str
    title: str
    document: Document
    about: Topic = "patient"
    version: int = 1


def template_from(content: Any) -> Template:
    """A template from its JSON, every name in it known. Raises Invalid with the part that is wrong."""
    if not isinstance(content, Mapping):
        raise _bad("file", "it is not a letter template")
    if content.get("format") != FORMAT:
        raise Invalid(
            "This letter template was written for another version of the program.",
            f"It has format {content.get('format')!r}; this version reads {FORMAT}.",
            "Use the version it was written with, or a newer one.",
            field="format",
        )
    known = {"format", "key", "language", "version", "title", "about", "document"}
    for name in content:
        if name not in known:
            raise _bad(str(name), "this version knows no such part")
    version = content.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _bad("version", "it must be a whole number")
    about = content.get("about", "patient")
    if about not in get_args(Topic):
        raise _bad("about", f"“{about}” is not one of {', '.join(get_args(Topic))}")
    document = document_from(content.get("document"))
    language = _text(content, "language")
    if document.language != language:
        raise _bad("document.language", f"it is “{document.language}”, the template’s “{language}”")
    key = _text(content, "key")
    if not _KEY.fullmatch(key):
        raise _bad("key", "it must be small letters, digits and _")
    return Template(key, language, _text(content, "title"), checked(document), about, version)


def template_stored(template: Template) -> dict[str, Any]:
    """The template as plain data for JSON; `template_from` reads it."""
    return {
        "format": FORMAT,
        "key": template.key,
        "language": template.language,
        "version": template.version,
        "title": template.title,
        "about": template.about,
        "document": stored(template.document),
    }


def _text(content: Mapping[str, Any], part: str) -> str:
    text = content.get(part)
    if not isinstance(text, str) or not text.strip():
        raise _bad(part, "it must be text")
    return text


def _bad(part: str, why: str) -> Invalid:
    return Invalid(
        f"The letter template cannot be used: {part}: {why}.",
        remedy="Correct the file, or use the template that came with the program.",
        field=part,
    )
