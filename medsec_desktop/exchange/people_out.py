"""People as other programs take them: a table (CSV) and address cards (vCard 3.0)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# A cell that begins so would be run by a spreadsheet. Source: OWASP, CSV injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class OutPhone:
    """A number, and what it is: home, mobile, work, other."""

    number: str
    kind: str = "home"


@dataclass(frozen=True, slots=True)
class OutPerson:
    """One person, every part as text; dates ISO."""

    chart_number: str
    family: str
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    preferred: str = ""
    former: str = ""
    birth_date: str = ""
    sex: str = ""
    email: str = ""
    phones: tuple[OutPhone, ...] = ()
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    language: str = ""
    status: str = ""
    primary_provider: str = ""
    payer: str = ""
    member_id: str = ""


_COLUMNS: tuple[tuple[str, str], ...] = (
    ("Chart number", "chart_number"),
    ("Last name", "family"),
    ("First name", "given"),
    ("Middle name", "middle"),
    ("Prefix", "prefix"),
    ("Suffix", "suffix"),
    ("Preferred name", "preferred"),
    ("Former name", "former"),
    ("Date of birth", "birth_date"),
    ("Sex", "sex"),
    ("E-mail", "email"),
    ("Mobile phone", "mobile"),
    ("Home phone", "home"),
    ("Work phone", "work"),
    ("Address", "line1"),
    ("Address 2", "line2"),
    ("City", "city"),
    ("State", "state"),
    ("ZIP code", "postal_code"),
    ("Language", "language"),
    ("Status", "status"),
    ("Provider", "primary_provider"),
    ("Insurance", "payer"),
    ("Member id", "member_id"),
)


def csv_lines(people: Iterable[OutPerson]) -> Iterator[bytes]:
    """The table in UTF-8 with a byte order mark, so that spreadsheets read its accents; safe to open."""
    yield "\ufeff".encode() + _csv_line([title for title, _ in _COLUMNS])
    for person in people:
        yield _csv_line([safe(_cell(person, name)) for _, name in _COLUMNS])


def safe(text: str) -> str:
    """A cell that a spreadsheet shows instead of running it."""
    is_number = text[:1] in "+-" and text[1:].replace(" ", "").replace("-", "").isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text


def _cell(person: OutPerson, name: str) -> str:
    if name in ("mobile", "home", "work"):
        kinds = (name, "other") if name == "home" else (name,)
        return next((phone.number for phone in person.phones if phone.kind in kinds), "")
    return str(getattr(person, name))


def _csv_line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode("utf-8")


_TEL = {"home": "HOME,VOICE", "mobile": "CELL", "work": "WORK,VOICE", "other": "VOICE"}


def vcard(person: OutPerson) -> bytes:
    """One card, version 3.0, which phones, Outlook and Google all read. Source: RFC 2426."""
    name = [person.family, person.given, person.middle, person.prefix, person.suffix]
    first = " ".join(part for part in (person.prefix, person.given, person.middle) if part)
    full = " ".join(part for part in (first, person.family, person.suffix) if part)
    lines = [
        ("BEGIN", "VCARD"),
        ("VERSION", "3.0"),
        ("N", ";".join(map(_escaped, name))),
        ("FN", _escaped(full)),
        ("UID", _escaped(f"chart-{person.chart_number}")),
    ]
    if person.preferred:
        lines.append(("NICKNAME", _escaped(person.preferred)))
    if len(person.birth_date) == 10:  # a day; this version knows no year or month alone
        lines.append(("BDAY", person.birth_date))
    lines += [(f"TEL;TYPE={_TEL[phone.kind]}", _escaped(phone.number)) for phone in person.phones]
    if person.email:
        lines.append(("EMAIL;TYPE=INTERNET", _escaped(person.email)))
    place = [person.line1, person.city, person.state, person.postal_code]
    if any(place):
        street = ", ".join(part for part in (person.line1, person.line2) if part)
        parts = ["", "", street, *place[1:], ""]
        lines.append(("ADR;TYPE=HOME", ";".join(map(_escaped, parts))))
    lines.append(("END", "VCARD"))
    return b"".join(_folded(f"{field}:{value}") for field, value in lines)


def _escaped(text: str) -> str:
    for sign, written in (
        ("\\", "\\\\"),
        ("\r\n", "\n"),
        ("\r", "\n"),  # many a reader ends a line there: a card must not begin inside a name
        ("\n", "\\n"),
        (",", "\\,"),
        (";", "\\;"),
    ):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> bytes:
    """A line of at most 75 bytes, never cut inside a letter. Source: RFC 2426, 2.6."""
    pieces, piece = [], b""
    for letter in line:
        sign = letter.encode("utf-8")
        if len(piece) + len(sign) > 75:
            pieces.append(piece)
            piece = b" "
        piece += sign
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
