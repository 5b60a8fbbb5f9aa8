"""A practice's own procedure list or fees as a table: which column is what, and each row read.

The words of a code are whatever the practice's table says; none are of ours. Dental codes (D) are the
American Dental Association's and are left out, counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from medsec_desktop.domain.claims.charges import parse_units, procedure_code
from medsec_desktop.domain.claims.modifiers import parse_modifiers
from medsec_desktop.domain.claims.places import place_code
from medsec_desktop.domain.money import Money
from medsec_desktop.domain.people import fold
from medsec_desktop.exchange.csv_file import CsvFile
from medsec_desktop.exchange.dates import OrderSigns, order_of
from medsec_desktop.exchange.hcpcs import looks_like_hcpcs
from medsec_desktop.exchange.quarantine import Origin, Quarantined
from medsec_desktop.exchange.text import open_bytes, open_text
from medsec_desktop.problems import Invalid

_SAMPLES = 4
_LOOKED_AT = 200
_MOSTLY = 0.5  # of the looked-at codes must be codes
_NUMERIC = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})", re.ASCII)
_DIAGNOSIS = re.compile(r"[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4}|[0-9A-Z]{0,4})", re.ASCII | re.I)
_COMMA_CENTS = re.compile(r",\d{1,2}$")
_YES = frozenset({"y", "yes", "x", "1", "true", "ja", "si", "sí"})

LEFT_ASIDE = ""
TARGETS = {
    "code": "Code", "words": "Words", "group": "Heading on the superbill", "fee": "Fee",
    "modifier": "Modifiers", "units": "Usual units", "place": "Usual place",
    "from": "Valid from", "to": "Valid until", "minutes": "Asks for minutes",
    "drug": "Asks for a drug code",
}  # fmt: skip

_HEADINGS = {
    "code": "code;cpt;cpt code;hcpcs;hcpcs code;procedure;procedure code;proc code;proc;cpt/hcpcs;"
    "service code;billing code",
    "words": "words;description;desc;name;short description;long description;procedure name;service;"
    "text;procedure description",
    "group": "group;category;heading;section;type;class",
    "fee": "fee;charge;amount;price;standard fee;ucr;usual fee;allowed;allowed amount;rate;fee amount",
    "modifier": "modifier;modifiers;mod;mods",
    "units": "units;default units;usual units;qty;quantity",
    "place": "place;pos;place of service",
    "from": "from;valid from;effective;effective date;start;start date;effective from",
    "to": "to;until;valid to;valid until;end;end date;termination date;terminated;expires",
    "minutes": "minutes;time based;anesthesia;asks for minutes",
    "drug": "drug;ndc required;asks for a drug code;needs ndc",
}
_BY_HEADING = {
    heading: target for target, headings in _HEADINGS.items() for heading in headings.split(";")
}


@dataclass(frozen=True, slots=True)
class ProcedureRecord:
    """One row; what its table has no column for keeps the default. `fee_cents` None: the cell is empty."""

    origin: Origin
    code: str
    words: str = ""
    group: str = ""
    fee_cents: int | None = None
    modifiers: tuple[str, ...] = ()
    units: str = "1"
    place: str = ""
    from_on: date | None = None
    to_on: date | None = None
    asks_minutes: bool = False
    asks_drug: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column as a person says what it is."""

    heading: str
    samples: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class ProcedureTable:
    """A table looked through once; `dates` is the order of day and month in it."""

    path: Path
    rows: int
    columns: tuple[Column, ...]
    dates: str = "mdy"

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(column.target for column in self.columns)


@dataclass(frozen=True, slots=True)
class DentalCode:
    """A row that is left out for whose code it is."""

    origin: Origin


def look_through(path: Path) -> ProcedureTable:
    """Its columns with what they probably are. Raises Invalid where it is no list of procedure codes."""
    _refuse_other_kinds(path)
    table = CsvFile(path)
    samples: list[list[str]] = [[] for _ in table.columns]
    signs = [OrderSigns() for _ in table.columns]
    seen: list[list[str]] = []
    rows = 0
    for found in table.lists():
        rows += 1
        if isinstance(found, Quarantined):
            continue
        values = found[1]
        if len(seen) < _LOOKED_AT:
            seen.append(values)
        for at, value in enumerate(values[: len(samples)]):
            if value and len(samples[at]) < _SAMPLES and value not in samples[at]:
                samples[at].append(value)
            if _NUMERIC.fullmatch(value):
                signs[at].see(value)
    targets = _guessed(table.columns, seen)
    if not rows:
        raise Invalid(f"“{path.name}” has a heading and no rows.", field="path")
    _require_codes(path, table.columns, targets, seen)
    columns = tuple(
        Column(heading, tuple(some), target)
        for heading, some, target in zip(table.columns, samples, targets, strict=True)
    )
    return ProcedureTable(path, rows, columns, order_of(signs) or "mdy")


def faults(targets: Sequence[str], *, wants_fee: bool = False) -> tuple[str, ...]:
    """What stands in the way of taking a table in under these targets, in sentences."""
    found = []
    if "code" not in targets:
        found.append("Say which column holds the code.")
    if wants_fee and "fee" not in targets:
        found.append("Say which column holds the fee.")
    for target, label in TARGETS.items():
        if targets.count(target) > 1:
            found.append(f"{label} can be one column only.")
    return tuple(found)


def read(
    table: ProcedureTable, targets: Sequence[str]
) -> Iterator[ProcedureRecord | DentalCode | Quarantined]:
    """Every row under these targets; what cannot be read comes as Quarantined and reading goes on."""
    place = {target: at for at, target in enumerate(targets) if target}
    known: dict[tuple[str, tuple[str, ...]], int] = {}
    has_fees = "fee" in place
    for found in CsvFile(table.path).lists():
        if isinstance(found, Quarantined):
            yield found
            continue
        origin, values = found
        cells = {target: values[at] for target, at in place.items()}
        if re.fullmatch(r"[Dd]\d{4}", cells.get("code", "").strip()):
            yield DentalCode(origin)
            continue
        try:
            record = _record(origin, cells, table.dates)
        except Invalid as wrong:
            sentence = " ".join(part for part in (wrong.what, wrong.remedy) if part)
            yield Quarantined(origin, sentence, wrong.field)
            continue
        key = (record.code, record.modifiers if has_fees else ())
        if key in known:
            yield Quarantined(origin, f"{record.code} is already in row {known[key]}.", "code")
            continue
        known[key] = origin.row
        yield record


def _record(origin: Origin, cells: dict[str, str], dates: str) -> ProcedureRecord:
    code = procedure_code(cells.get("code", ""))
    fee = cells.get("fee", "").strip()
    units = cells.get("units", "").strip()
    place = cells.get("place", "").strip()
    if _COMMA_CENTS.search(fee):
        raise Invalid(
            f"{code} has a fee of {fee}, which may be cents or thousands.",
            remedy="Write it like 125.00.",
            field="fee",
        )
    cents = Money.parse(fee).cents if fee else None
    if cents is not None and cents <= 0:
        raise Invalid(
            f"{code} has a fee of {fee}.",
            remedy="A fee is more than zero; leave it empty where there is none.",
            field="fee",
        )
    from_on, to_on = (_day(cells.get(name, ""), dates, name) for name in ("from", "to"))
    if from_on is not None and to_on is not None and to_on < from_on:
        raise Invalid(f"{code} ends before it begins.", field="to")
    return ProcedureRecord(
        origin,
        code,
        " ".join(cells.get("words", "").split()),
        " ".join(cells.get("group", "").split()),
        cents,
        parse_modifiers(cells.get("modifier", "")),
        parse_units(units) if units else "1",
        place_code(place) if place else "",
        from_on,
        to_on,
        cells.get("minutes", "").strip().casefold() in _YES,
        cells.get("drug", "").strip().casefold() in _YES,
    )


def _day(text: str, dates: str, field: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    match = _NUMERIC.fullmatch(text)
    if match is not None:
        parts = [int(one) for one in match.groups()]
        order = "ymd" if len(match[1]) == 4 else dates
        year, month, day = (parts[order.index(letter)] for letter in "ymd")
        try:
            return date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            pass
    elif re.fullmatch(r"\d{8}", text):
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
    raise Invalid(f"“{text}” is no date.", field=field)


def _guessed(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """By the headings, each target once; where none says code, the first column full of codes."""
    targets: list[str] = []
    for heading in headings:
        target = _BY_HEADING.get(" ".join(fold(heading).split()), LEFT_ASIDE)
        targets.append(target if target not in targets else LEFT_ASIDE)
    if "code" not in targets:
        for at in range(len(headings)):
            values = [row[at] for row in rows if at < len(row) and row[at]]
            if values and sum(map(_is_code, values)) > _MOSTLY * len(values):
                targets[at] = "code"
                break
    return targets


def _is_code(text: str) -> bool:
    try:
        procedure_code(text)
    except Invalid:
        return bool(re.fullmatch(r"[Dd]\d{4}", text.strip()))
    return True


def _require_codes(
    path: Path, headings: Sequence[str], targets: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Raise Invalid, saying what else it seems to be, where its codes are no procedure codes."""
    at = targets.index("code") if "code" in targets else None
    values = [row[at] for row in rows if row[at]] if at is not None else []
    if values and sum(map(_is_code, values)) > _MOSTLY * len(values):
        return
    every = [cell for row in rows for cell in row[:2] if cell]
    if every and sum(bool(_DIAGNOSIS.fullmatch(cell)) for cell in every) > 0.3 * len(every):
        raise Invalid(
            f"“{path.name}” is a list of diagnoses, not of procedures.",
            "The diagnoses of ICD-10-CM come with the program.",
            "Choose your own procedure list.",
            field="path",
        )
    raise Invalid(
        f"“{path.name}” has no column of procedure codes.",
        f"Its columns are {', '.join(name or '(no name)' for name in headings[:6])}; procedure codes"
        " of the United States have five characters like 99213 or J1885.",
        "Choose another file.",
        field="path",
    )


def _refuse_other_kinds(path: Path) -> None:
    with open_bytes(path) as file:
        magic = file.read(8)
    with open_text(path) as text:
        head = text.read(8192)
    odd = sum(1 for sign in head if (sign < " " and sign not in "\t\r\n\f\x1a") or sign == "�")
    if magic.startswith((b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0")) or odd > 0.03 * len(head):
        raise Invalid(
            f"“{path.name}” is not a table.",
            "It is no text, so perhaps a workbook, a PDF or an archive.",
            "Save a workbook as CSV, unpack an archive, then choose what comes of it.",
            field="path",
        )
    start = head.lstrip("\ufeff \t\r\n\0").upper()
    if not start:
        raise Invalid(f"“{path.name}” is empty.", remedy="Export it again.", field="path")
    if looks_like_hcpcs(head):
        raise Invalid(
            f"“{path.name}” is the HCPCS list of CMS.",
            remedy="Take it in under “HCPCS”, not as your own list.",
            field="path",
        )
    for sign, what in (
        ("ISA", "an X12 file"), ("BEGIN:", "an address card or a calendar"), ("{", "a FHIR file"),
        ("[", "a JSON file"), ("<", "an XML or web page"),
    ):  # fmt: skip
        if start.startswith(sign):
            raise Invalid(
                f"“{path.name}” is {what}, not a list of procedures.",
                remedy="Choose a table (CSV).",
                field="path",
            )
