"""Address cards (vCard 2.1, 3.0, 4.0) as people, whoever wrote them: phones, Gmail, Macs, Outlook.

Our own reader: vobject, the one library there is, ends the whole file at the first picture it cannot
decode and has no word for the lines it leaves. What it takes a card for, this does too.
Source: vCard 2.1 (versit 1996), RFC 2426, RFC 6350.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from medsec_desktop.domain.people import PartialDate, fold
from medsec_desktop.exchange.cards import Card, cards_of, plain
from medsec_desktop.exchange.dates import read_date
from medsec_desktop.exchange.person_text import (
    EMAIL,
    NameParts,
    country_of,
    language_of,
    phones_in,
    split_address,
    split_name,
)
from medsec_desktop.exchange.quarantine import Origin, Quarantined, Unreadable
from medsec_desktop.exchange.records import (
    Address,
    LeftAside,
    OnlyPatients,
    PatientRecord,
    Phone,
    RelatedRecord,
)
from medsec_desktop.exchange.text import encoding_of, lines_in, open_text
from medsec_desktop.exchange.us_places import state_code, whole_zip
from medsec_desktop.problems import Invalid

_OLDEST_YEARS = 125
_TAKEN = {
    "VERSION", "N", "FN", "NICKNAME", "BDAY", "DEATHDATE", "GENDER", "TEL", "EMAIL", "ADR", "ORG",
    "NOTE", "UID", "LANG", "LABEL", "X-ABLABEL", "X-ABRELATEDNAMES", "X-SPOUSE", "RELATED", "KIND",
    "X-ABSHOWAS", "X-GENDER",
}  # fmt: skip
# Of the card itself and not of the person: nothing is lost with them.
_MACHINERY = {"VERSION", "PRODID", "REV", "UID", "SORT-STRING", "X-ABADR", "CLIENTPIDMAP", "SOURCE",
              "X-ABUID", "PROFILE", "NAME", "MAILER", "X-MS-OL-DESIGN", "X-ABORDER",
              "X-MS-OL-DEFAULT-POSTAL-ADDRESS"}  # fmt: skip
_EMERGENCY = ("emergency", "ice", "emergencia")


class CardFile(OnlyPatients):
    """The people of a vCard file."""

    kind = "vcard"
    knows_ids = False  # an exporting phone gives a card a new UID at will

    def __init__(self, path: Path, today: date):
        self._path = path
        self._today = today
        self._encoding = encoding_of(path)
        self._aside: dict[str, int] = {}
        with open_text(path, self._encoding) as file:
            if not any(line.strip().upper() == "BEGIN:VCARD" for line in file):
                raise Invalid(
                    f"“{path.name}” holds no address cards.",
                    "It has no line BEGIN:VCARD.",
                    "Export the contacts again as vCard (.vcf).",
                    field="path",
                )

    @property
    def name(self) -> str:
        return self._path.name

    @property
    def files(self) -> dict[str, str]:
        return {"patients": self.name}

    def rows_expected(self) -> int:
        return max(1, lines_in(self._path) // 8)

    def left_aside(self) -> Iterator[LeftAside]:
        for name, number in sorted(self._aside.items()):
            yield LeftAside(self.name, f"{_WORDS.get(name, name)}", number)

    def columns_left_aside(self) -> dict[str, tuple[str, ...]]:
        return {}

    def patients(self) -> Iterator[PatientRecord | Quarantined]:
        """Every card in order; one that cannot be taken comes with its reason."""
        self._aside.clear()
        for card in cards_of(self._path, self._encoding):
            if isinstance(card, Quarantined):
                yield card
                continue
            origin = Origin(self.name, card.begun)
            try:
                record = self._person(card, origin)
            except (Unreadable, Invalid) as error:
                yield Quarantined(origin, str(error), getattr(error, "field", ""))
            except (ValueError, LookupError, ArithmeticError) as error:
                yield Quarantined(origin, f"The card cannot be read ({error}).")
            else:
                for one in card.properties:
                    if one.name not in _TAKEN and one.name not in _MACHINERY:
                        self._aside[one.name] = self._aside.get(one.name, 0) + 1
                yield record

    # -- one card ------------------------------------------------------------------------------

    def _person(self, card: Card, origin: Origin) -> PatientRecord:
        notes = list(card.oddities[:5])
        kind = card.first("KIND").casefold()
        if kind and kind not in ("individual", "x-individual"):
            raise Unreadable(f"It is the card of a {kind}, not of a person.", "KIND")
        name = self._name(card)
        birth = self._birth(card, notes)
        died = self._died(card)
        if died and birth and died.isoformat() < birth:
            raise Unreadable("The date of death is before the date of birth.", "DEATHDATE")
        phones = tuple(self._phones(card, notes))
        emails, other_emails = _emails(card, notes)
        addresses = tuple(self._addresses(card, notes))
        if card.all("PHOTO", "LOGO"):
            notes.append("Its picture was not taken; add one in the file.")
        more = [one.value for one in card.all("NOTE")]
        note = "\n".join(dict.fromkeys(plain(text) for text in more))
        if other_emails:
            note = "\n".join(
                part for part in (note, f"Other e-mail: {', '.join(other_emails)}") if part
            )
        organization = (
            [part for part in _parts(card.all("ORG")[0].value) if part] if card.all("ORG") else []
        )
        record = PatientRecord(
            origin,
            "",
            family=name.family[:100],
            given=name.given[:100],
            middle=name.middle[:100],
            prefix=name.prefix[:40],
            suffix=name.suffix[:40],
            preferred=card.first("NICKNAME")[:60],
            sex=_sex(card.first("GENDER", "X-GENDER")),
            birth_date=birth,
            deceased_on=died.isoformat() if died else "",
            language=language_of(card.first("LANG")) or "",
            email=emails,
            employer=", ".join(organization)[:120],
            note=note,
            phones=phones,
            addresses=addresses,
        )
        record = replace(record, external_id=_key(record))
        return replace(record, people=tuple(_people(card, record)), notes=tuple(notes))

    def _name(self, card: Card) -> NameParts:
        for one in card.all("N"):
            family, given, middle, prefix, suffix = (*_parts(one.value), "", "", "", "", "")[:5]
            if family or given:
                if not family:
                    # Phones put what was typed into one box; without one it is the only name.
                    return replace(split_name(given), prefix=prefix, suffix=suffix)
                return NameParts(family, given, middle, prefix, suffix)
        whole = card.first("FN")
        organization = card.first("ORG").replace(";", ", ")
        if whole and fold(whole) != fold(organization) and not EMAIL.fullmatch(whole):
            return split_name(whole)
        if organization:
            raise Unreadable(
                f"It is a company’s card (“{organization[:60]}”), not a person’s.", "N"
            )
        email = card.first("EMAIL")
        who = f"; it has only the e-mail {email[:60]}" if email else ""
        raise Unreadable(f"The card has no name{who}.", "N")

    def _birth(self, card: Card, notes: list[str]) -> str:
        text = card.first("BDAY")
        if not text:
            return ""
        if text.startswith("--"):
            notes.append(f"The birthday “{text[:20]}” lacks the year; it was left blank.")
            return ""
        found = _date(text, self._today)
        if found is None:
            notes.append(f"The birthday “{text[:40]}” is not a date; it was left blank.")
            return ""
        if found.iso > self._today.isoformat():
            raise Unreadable(f"The date of birth, {text[:20]}, is in the future.", "BDAY")
        if found.age_on(self._today) > _OLDEST_YEARS:
            notes.append(f"The birthday “{text[:20]}” is too long ago; it was left blank.")
            return ""
        return found.iso

    def _died(self, card: Card) -> date | None:
        text = card.first("DEATHDATE")
        found = _date(text, self._today) if text and not text.startswith("--") else None
        return found.exact if found else None

    def _phones(self, card: Card, notes: list[str]) -> Iterator[Phone]:
        for one in card.all("TEL"):
            text = re.sub(r"^tel:", "", plain(one.value), flags=re.IGNORECASE).replace(
                ";ext=", " x"
            )
            numbers = phones_in(text)
            if not numbers:
                notes.append(f"“{text[:40]}” is not a phone number; left out.")
            words = one.types | set(one.label.split())
            kind = "other"
            if not words & {"fax", "pager"}:
                kind = next(
                    (
                        ours
                        for ours, theirs in (
                            ("mobile", {"cell", "mobile", "iphone", "car"}),
                            ("work", {"work"}),
                            ("home", {"home"}),
                        )
                        if words & theirs
                    ),
                    "home" if not one.label else "other",
                )
            remark = " ".join(sorted(words & {"fax", "pager"}))
            if one.label and kind == "other" and not remark:
                remark = one.label
            for number in numbers:
                yield Phone(number[:60], kind, remark[:60])

    def _addresses(self, card: Card, notes: list[str]) -> Iterator[Address]:
        seen: set[str] = set()
        if not card.all("ADR") and (label := card.first("LABEL")):
            yield split_address(label)
        for one in card.all("ADR"):
            box, more, street, city, state, code, country = (*_parts(one.value), *[""] * 7)[:7]
            lines = [line for text in (street, more, box) for line in _lines(text)]
            kind = "work" if "work" in one.types else "home"
            if kind in seen:
                kind = "temporary" if kind == "home" else "work"
            seen.add(kind)
            short = country_of(country)
            if short is None:
                notes.append(f"The country “{country[:40]}” is unknown; US was taken.")
            short = short or "US"
            state = state_code(state) if short == "US" else state
            if not (city or state or code) and len(_lines(more or street)) > 1:
                # Gmail writes an address that it could not take apart into one field.
                yield replace(split_address(", ".join(_lines(more or street))), kind=kind)
                continue
            yield Address(
                lines[0] if lines else "",
                ", ".join(lines[1:]),
                city,
                state,
                whole_zip(code, state) if short == "US" else code,
                short,
                kind,
            )


_WORDS = {
    "PHOTO": "Pictures", "LOGO": "Pictures", "URL": "Web addresses", "TITLE": "Job titles",
    "ROLE": "Roles", "CATEGORIES": "Groups", "ANNIVERSARY": "Anniversaries", "GEO": "Places on a map",
    "TZ": "Time zones", "KEY": "Keys", "IMPP": "Chat names", "X-ABDATE": "Other dates",
    "X-MS-ANNIVERSARY": "Anniversaries", "X-MS-IMADDRESS": "Chat names", "X-MS-MANAGER": "Managers",
    "X-MS-ASSISTANT": "Assistants", "AGENT": "Assistants", "SOUND": "Sounds",
}  # fmt: skip


def _parts(value: str) -> list[str]:
    """A structured value at its semicolons."""
    return [plain(part) for part in re.split(r"(?<!\\);", value)]


def _lines(text: str) -> list[str]:
    return [line.strip(" ,") for line in text.split("\n") if line.strip(" ,")]


def _emails(card: Card, notes: list[str]) -> tuple[str, list[str]]:
    """The preferred e-mail, and the others."""
    found: list[str] = []
    for one in sorted(card.all("EMAIL"), key=lambda one: "pref" not in one.types):
        text = re.sub(r"^mailto:", "", plain(one.value), flags=re.IGNORECASE)
        if EMAIL.fullmatch(text):
            found.append(text)
        else:
            notes.append(f"“{text[:60]}” is not an e-mail address; left out.")
    found = list(dict.fromkeys(found))
    return (found[0] if found else ""), found[1:]


def _people(card: Card, record: PatientRecord) -> Iterator[RelatedRecord]:
    for one in card.all("X-ABRELATEDNAMES", "X-SPOUSE", "RELATED"):
        name = plain(one.value)
        if re.match(r"(urn|https?|mailto|uid):", name, re.IGNORECASE):
            continue
        relation = one.label or ("spouse" if one.name == "X-SPOUSE" else "")
        relation = relation or next(iter(sorted(one.types - {"pref", "text", "contact"})), "")
        yield RelatedRecord(
            record.origin,
            record.external_id,
            name[:120],
            relation=relation[:40],
            is_emergency_contact=any(
                word in f"{relation} {' '.join(one.types)}" for word in _EMERGENCY
            ),
        )


def _sex(text: str) -> str:
    first = text[:1].upper()
    return first if first in ("F", "M") else "U"


def _date(text: str, today: date) -> PartialDate | None:
    try:
        return read_date(text[:10] if "T" in text else text, "ymd", today)
    except Unreadable:
        return None


def _key(record: PatientRecord) -> str:
    """What identifies her without a number of her own: name and date of birth, or how to reach her."""
    traits = [record.family, record.given, record.birth_date, record.suffix]
    if not record.birth_date:
        traits.append(record.phones[0].number if record.phones else record.email)
    return "~" + hashlib.sha256("|".join(fold(one) for one in traits).encode()).hexdigest()[:24]
