"""Letters before they are paper: merge fields, templates, and the words for dates.

Merge fields are a closed list found by a pattern. There is no expression in a template, nothing is
looked up by attribute, and what a field puts in is never read for fields again: a patient who calls
herself `{practice.phone}` prints as just that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.writing.fields import is_field, no_such_field
from medsec_desktop.problems import Invalid

_FIELD = re.compile(r"\{([^{}\s]+)\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_GONE = "\0"  # marks where a stretch was, until its line is known to be empty or not


@dataclass(frozen=True, slots=True)
class Merged:
    """Text with its fields filled in, and the fields that had nothing to put in."""

    text: str
    empty: tuple[str, ...] = ()


def fields_in(text: str) -> tuple[str, ...]:
    """The merge fields of `text`, in order. Raises Invalid for one that does not exist."""
    names = tuple(dict.fromkeys(_FIELD.findall(text)))
    for name in names:
        if not is_field(name):
            raise no_such_field(name)
    without = _OPTIONAL.sub("", text)
    if "[[" in without or "]]" in without or "[[" in "".join(_OPTIONAL.findall(text)):
        raise Invalid(
            "A stretch between [[ and ]] has no end, no start, or another one in it.",
            remedy="Close each [[ with ]] before the next one begins.",
        )
    return names


def merge(text: str, values: Mapping[str, str]) -> Merged:
    """`text` with every field filled in from `values`, which are taken as they are, never read.

    A stretch in [[double brackets]] disappears when a field in it is empty; a line that becomes
    empty by it goes too. Fields empty elsewhere are told in `empty`. Raises Invalid for an unknown
    field.
    """
    fields_in(text)
    empty: list[str] = []

    def filled(found: re.Match[str]) -> str:
        value = values.get(found[1], "")
        if not value.strip():
            empty.append(found[1])
        return value

    def stretch(found: re.Match[str]) -> str:
        names = _FIELD.findall(found[1])
        return found[1] if all(values.get(name, "").strip() for name in names) else _GONE

    lines = [
        line.replace(_GONE, "")
        for line in _OPTIONAL.sub(stretch, text).split("\n")
        if _GONE not in line or line.replace(_GONE, "").strip()
    ]
    filled_in = [_FIELD.sub(filled, line) for line in lines]
    return Merged("\n".join(filled_in).strip(), tuple(dict.fromkeys(empty)))


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Typed text cut at its empty lines; a list starts a paragraph of its own."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [line.rstrip() for line in block.split("\n") if line.strip()]
        at = 0
        while at < len(lines):
            in_list = is_list_item(lines[at])
            end = at + 1
            while end < len(lines) and is_list_item(lines[end]) == in_list:
                end += 1
            found.append("\n".join(lines[at:end]))
            at = end
    return tuple(found)


def is_list_item(line: str) -> bool:
    """Whether a line is set with a bullet: it starts with •, - or * and a blank."""
    return line.lstrip().startswith(("• ", "- ", "* "))


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """The words of a kind of letter in one language, with merge fields; no code.

    `opening` comes before the ruled box of labels and values, `paragraphs` after it.
    """

    key: str
    language: str
    version: int
    title: str
    subject: str
    opening: tuple[str, ...]
    box: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    closing: str
    signature: tuple[str, ...]


TEMPLATE_FORMAT = 1


def template_from(content: Any) -> LetterTemplate:
    """A template from its JSON. Raises Invalid naming the part that is wrong, or a newer format."""
    if not isinstance(content, dict):
        raise _bad_template("file", "it is not a letter template")
    if content.get("format") != TEMPLATE_FORMAT:
        raise Invalid(
            "This letter template was written for another version of the program.",
            f"It has format {content.get('format')!r}; this version reads {TEMPLATE_FORMAT}.",
            field="format",
        )
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise _bad_template("version", "it must be a whole number")
    template = LetterTemplate(
        key=_words(content, "key"),
        language=_words(content, "language"),
        version=version,
        title=_words(content, "title"),
        subject=_words(content, "subject"),
        opening=_list(content, "opening"),
        box=_rows(content, "box"),
        paragraphs=_list(content, "paragraphs"),
        closing=_words(content, "closing"),
        signature=_list(content, "signature"),
    )
    if template.language not in LANGUAGES:
        raise _bad_template("language", f"“{template.language}” is not one of {list(LANGUAGES)}")
    for text in (
        template.subject,
        *template.opening,
        *(value for _, value in template.box),
        *template.paragraphs,
        template.closing,
        *template.signature,
    ):
        fields_in(text)
    return template


@dataclass(frozen=True, slots=True)
class Language:
    """What letters need to know of a language besides their own words."""

    name: str
    tag: str
    page_words: tuple[str, str]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]


LANGUAGES = {
    "en": Language(
        "English",
        "en-US",
        ("Page", "of"),
        (
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ),
    "es": Language(
        "Español",
        "es-US",
        ("Página", "de"),
        (
            "enero", "febrero", "marzo", "abril", "mayo", "junio",
            "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
        ),
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ),
}  # fmt: skip


def language_for(patient_language: str) -> str:
    """The language of ours to write to someone in, from her BCP 47 tag; English for all others."""
    base = patient_language.lower().replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else "en"


def written_date(day: date, language: str, formats: Formats, weekday: bool = False) -> str:
    """A date in a letter's language: March 12, 2026; 12 de marzo de 2026."""
    words = LANGUAGES[language]
    month = words.months[day.month - 1]
    if language == "es":
        text = f"{day.day} de {month} de {day.year}"
    elif formats.date_order == "dmy":
        text = f"{day.day} {month} {day.year}"
    else:
        text = f"{month} {day.day}, {day.year}"
    return f"{words.weekdays[day.weekday()]}, {text}" if weekday else text


def written_time(at: datetime, language: str, formats: Formats) -> str:
    """A time in a letter's language, its parts kept on one line: 10:00 AM; 10:00 a. m."""
    if formats.clock_24h:
        return f"{at.hour}:{at.minute:02}"
    early = at.hour < 12
    half = (
        ("a.\u00a0m." if early else "p.\u00a0m.") if language == "es" else ("AM" if early else "PM")
    )
    return f"{at.hour % 12 or 12}:{at.minute:02}\u00a0{half}"


def written_duration(minutes: int, language: str) -> str:
    """30 minutes; 30 minutos; 1½ hours stays 90 minutes, which nobody misreads."""
    if language == "es":
        return f"{minutes} minutos" if minutes != 1 else "1 minuto"
    return f"{minutes} minutes" if minutes != 1 else "1 minute"


def _bad_template(part: str, why: str) -> Invalid:
    return Invalid(
        f"The letter template cannot be used: {part}: {why}.",
        remedy="Correct the file, or use the template that came with the program.",
        field=part,
    )


def _words(content: Mapping[str, Any], part: str) -> str:
    text = content.get(part)
    if not isinstance(text, str):
        raise _bad_template(part, "it must be text")
    return text


def _list(content: Mapping[str, Any], part: str) -> tuple[str, ...]:
    texts = content.get(part)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _bad_template(part, "it must be a list of texts")
    return tuple(texts)


def _rows(content: Mapping[str, Any], part: str) -> tuple[tuple[str, str], ...]:
    rows = content.get(part)
    if not isinstance(rows, list):
        raise _bad_template(part, "it must be a list of a label and a text each")
    found = []
    for row in rows:
        if not (isinstance(row, list) and len(row) == 2 and all(isinstance(x, str) for x in row)):
            raise _bad_template(part, "it must be a list of a label and a text each")
        found.append((row[0], row[1]))
    return tuple(found)
