"""The parts that FHIR R4 resources are made of: names, telecoms, addresses, periods, references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from medsec_desktop.exchange.person_text import NameParts, country_of, split_address, split_name
from medsec_desktop.exchange.quarantine import Unreadable
from medsec_desktop.exchange.records import Address, Phone
from medsec_desktop.exchange.us_places import state_code, whole_zip

Resource: TypeAlias = dict[str, Any]

_UNWRITABLE = re.compile("[\ud800-\udfff\0]")
_UUID = re.compile(r"^urn:(?:uuid|oid):", re.IGNORECASE)
_NAME_ORDER = ("official", "usual", "", "temp", "anonymous")
_PHONE_KINDS = {"home": "home", "mobile": "mobile", "work": "work"}
_ADDRESS_KINDS = {"home": "home", "work": "work", "temp": "temporary", "old": "former",
                  "billing": "mailing"}  # fmt: skip


def as_dict(value: Any) -> Resource:
    """`value`, or an empty one where the file has something else in its place."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """`value`, or an empty list where the file has something else in its place."""
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str:
    """`value` on one line, '' where it is no text."""
    return " ".join(with_lines(value).split())


def with_lines(value: Any) -> str:
    """A text with its lines; half characters, which JSON can escape, and zeros become �."""
    return _UNWRITABLE.sub("�", value) if isinstance(value, str) else ""


@dataclass(slots=True)
class Rows:
    """Who is called what: references by urn, by type and id, by whole address, and contained."""

    keys: dict[str, str] = field(default_factory=dict)  # every way to refer to it → its key
    payors: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)  # key → name, of patients and people around
    around: dict[str, Resource] = field(default_factory=dict)  # RelatedPerson by key

    def learn(self, kind: str, url: str, resource: Resource) -> str:
        """Its key, which its id gives and else its full address."""
        key = self.id_of(url, resource)
        if not key:
            return ""
        self.keys[f"{kind}/{key}"] = key
        if url:
            self.keys[url] = key
        if kind == "RelatedPerson":
            self.around[key] = {
                name: resource.get(name) for name in ("name", "birthDate", "gender", "address")
            }
        elif kind == "Patient":
            with suppress(Unreadable):
                self.names[key] = written(names_of(resource.get("name"), date.max).legal)
        return key

    @staticmethod
    def id_of(url: str, resource: Resource) -> str:
        """The id of a resource, else the last part of its full address."""
        own = as_text(resource.get("id"))
        return own or _UUID.sub("", url).rpartition("/")[2]

    def key_of(self, reference: str, *kinds: str) -> str:
        """The key of what is referred to; of somebody not in the file, the id that is told."""
        plain = reference.partition("/_history/")[0]
        if plain in self.keys:
            return self.keys[plain]
        tail = "/".join(plain.rsplit("/", 2)[-2:])
        if tail in self.keys:
            return self.keys[tail]
        if _UUID.match(plain):
            return _UUID.sub("", plain)
        kind, slash, own = tail.partition("/")
        return own if slash and kind in kinds else ""


@dataclass(frozen=True, slots=True)
class Referred:
    """What a reference leads to: a key in the file, or a resource contained in the one that refers."""

    key: str = ""
    kind: str = ""
    contained: Resource | None = None
    display: str = ""


def referred(rows: Rows, holder: Resource, value: Any, *kinds: str) -> Referred:
    """What `value`, a Reference in `holder`, leads to."""
    reference = as_dict(value)
    text, display = as_text(reference.get("reference")), as_text(reference.get("display"))
    if text.startswith("#"):
        for one in as_list(holder.get("contained")):
            if as_text(as_dict(one).get("id")) == text[1:]:
                return Referred("", as_text(one.get("resourceType")), one, display)
        return Referred(display=display)
    if not text:
        return Referred(display=display)
    tail = text.partition("/_history/")[0].rsplit("/", 2)
    kind = as_text(reference.get("type")) or (tail[-2] if len(tail) > 1 else "")
    if not kind:
        found = next((one for one in kinds if f"{one}/{rows.key_of(text)}" in rows.keys), "")
        kind = found
    return Referred(rows.key_of(text, *kinds), kind, None, display)


def is_past(period: Any, today: date) -> bool:
    """Whether a period has ended."""
    end = as_text(as_dict(period).get("end"))[:10]
    return bool(end) and end < today.isoformat()


def day_of(text: Any, what: str) -> date | None:
    """The day of a date or dateTime that names one. Raises Unreadable for what is no date."""
    plain = as_text(text)
    if not plain:
        return None
    if len(plain) < 10:
        return None
    try:
        return date.fromisoformat(plain[:10])
    except ValueError as error:
        raise Unreadable(f"“{plain[:40]}” is not a date.", what) from error


def moment_of(text: Any, what: str) -> datetime:
    """An instant. Raises Unreadable for what is none."""
    plain = as_text(text)
    try:
        return datetime.fromisoformat(plain)
    except ValueError as error:
        raise Unreadable(f"“{plain[:40]}” is not a time.", what) from error


def codes(concept: Any) -> list[str]:
    """The codes of a CodeableConcept."""
    return [
        code
        for coding in as_list(as_dict(concept).get("coding"))
        if (code := as_text(as_dict(coding).get("code")))
    ]


def words(concept: Any) -> str:
    """A CodeableConcept as a person reads it."""
    plain = as_text(as_dict(concept).get("text"))
    if plain:
        return plain
    for coding in as_list(as_dict(concept).get("coding")):
        one = as_dict(coding)
        if found := as_text(one.get("display")) or as_text(one.get("code")):
            return found
    return ""


def extension(resource: Resource, ending: str) -> Any:
    """The value of the extension whose address ends so, None where there is none."""
    for one in as_list(resource.get("extension")):
        if as_text(as_dict(one).get("url")).endswith(ending):
            return next((value for name, value in one.items() if name.startswith("value")), one)
    return None


@dataclass(frozen=True, slots=True)
class Names:
    """The names of somebody: the one in use, what she is called, and what she was called before."""

    legal: NameParts
    preferred: str = ""
    former: str = ""


def names_of(value: Any, today: date) -> Names:
    """HumanNames sorted by their use. Raises Unreadable where none has a family name."""
    current: list[tuple[int, NameParts]] = []
    preferred = former = ""
    for one in as_list(value) or [value]:
        name = as_dict(one)
        parts = _name(name)
        use = as_text(name.get("use"))
        if use in ("old", "maiden") or (use != "official" and is_past(name.get("period"), today)):
            former = former or parts.family
        elif use == "nickname":
            preferred = preferred or parts.given or parts.family
        elif parts.family or parts.given:
            order = _NAME_ORDER.index(use) if use in _NAME_ORDER else len(_NAME_ORDER)
            current.append((order, parts))
    if not current:
        raise Unreadable("It has no name.", "name")
    current.sort(key=lambda pair: pair[0])
    legal = current[0][1]
    if not legal.family:
        legal = split_name(" ".join((legal.given, legal.middle)))
    usual = next((parts for order, parts in current[1:] if order == 1), None)
    if not preferred and usual is not None and usual.given != legal.given:
        preferred = usual.given
    return Names(legal, preferred, former if former != legal.family else "")


def _name(name: Resource) -> NameParts:
    given = [as_text(one) for one in as_list(name.get("given")) if as_text(one)]
    family = as_text(name.get("family"))
    if not family and not given:
        return split_name(as_text(name.get("text")))
    return NameParts(
        family,
        given[0] if given else "",
        " ".join(given[1:]),
        " ".join(as_text(one) for one in as_list(name.get("prefix"))),
        " ".join(as_text(one) for one in as_list(name.get("suffix"))),
    )


def written(parts: NameParts) -> str:
    """A name in one text, as a letter says it."""
    return " ".join(
        part for part in (parts.given, parts.middle, parts.family, parts.suffix) if part
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """How somebody is reached, best first."""

    phones: tuple[Phone, ...]
    fax: str
    emails: tuple[str, ...]
    past: int  # numbers that are no longer hers


def telecoms_of(value: Any, today: date) -> Reached:
    """ContactPoints sorted by kind and rank; what has ended is only counted."""
    phones: list[Phone] = []
    emails: list[str] = []
    fax, past = "", 0
    points = [as_dict(one) for one in as_list(value)]
    points.sort(key=lambda one: one["rank"] if isinstance(one.get("rank"), int) else 99)
    for one in points:
        text, system, use = (as_text(one.get(name)) for name in ("value", "system", "use"))
        if not text:
            continue
        if use == "old" or is_past(one.get("period"), today):
            past += 1
        elif system == "email":
            emails.append(text.removeprefix("mailto:"))
        elif system == "fax":
            fax = fax or text
            phones.append(Phone(text[:60], "other", "fax"))
        elif system in ("phone", "sms", "pager", ""):
            note = "pager" if system == "pager" else "temporary" if use == "temp" else ""
            kind = _PHONE_KINDS.get(use, "mobile" if system == "sms" else "home")
            phones.append(Phone(text.removeprefix("tel:")[:60], "other" if note else kind, note))
    return Reached(tuple(phones), fax, tuple(dict.fromkeys(emails)), past)


def addresses_of(value: Any, today: date, notes: list[str]) -> Iterator[Address]:
    """Addresses by their use and period, the ones in force first."""
    found = []
    for one in as_list(value):
        where = as_dict(one)
        lines = [as_text(line) for line in as_list(where.get("line")) if as_text(line)]
        city, state, code = (as_text(where.get(name)) for name in ("city", "state", "postalCode"))
        kind = _ADDRESS_KINDS.get(as_text(where.get("use")), "home")
        if as_text(where.get("type")) == "postal" and kind == "home":
            kind = "mailing"
        period = as_dict(where.get("period"))
        if is_past(period, today):
            kind = "former"
        country = country_of(as_text(where.get("country")))
        if country is None:
            notes.append(
                f"The country “{as_text(where.get('country'))[:40]}” is unknown; US was taken."
            )
        country = country or "US"
        starts, ends = day_of(period.get("start"), "address"), day_of(period.get("end"), "address")
        if starts and ends and ends < starts:
            starts = None
        if not (lines or city or code):
            lines_in_one = split_address(with_lines(where.get("text")))
            if lines_in_one.is_blank:
                continue
            lines = [line for line in (lines_in_one.line1, lines_in_one.line2) if line]
            city, state, code = lines_in_one.city, lines_in_one.state, lines_in_one.postal_code
        state = state_code(state) if country == "US" else state
        found.append(
            Address(
                lines[0] if lines else "",
                ", ".join(lines[1:]),
                city,
                state,
                whole_zip(code, state) if country == "US" else code,
                country,
                kind,
                starts,
                ends,
            )
        )
    found.sort(key=lambda address: address.kind == "former")
    return iter(found)
