"""A Synthea CSV folder: patients, insurers and policies, providers, places and visits.

Decisions a reader of the data should know:

- Times in the folder are UTC. Visits are kept in the clinic's wall-clock time, because that is
  what the calendar shows; policies by the date they began and the last day they held.
- `payer_transitions.csv` has a row a year. Consecutive years with the same payer, member id and
  subscriber are one policy, as on her card: they become one coverage. A change of any of the three
  makes a new one. START_YEAR and END_YEAR hold timestamps in some versions and years in others.
- The payer NO_INSURANCE stands for having none: it becomes neither a payer nor a coverage.
- Names carry digits ("Maynard46 Mosciski958"). They are kept as given, since a record should be
  found here under the name it has there; `strip_digits` takes them off.

Source: the Synthea wiki, "CSV File Data Dictionary".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TypeVar

from medsec_desktop.domain.people import PartialDate
from medsec_desktop.exchange.csv_file import CsvFile, CsvRow
from medsec_desktop.exchange.quarantine import Folded, Quarantined, Unreadable
from medsec_desktop.exchange.records import (
    Address,
    AppointmentRecord,
    CoverageRecord,
    LeftAside,
    OrganizationRecord,
    PatientRecord,
    PayerRecord,
    ProviderRecord,
    RelatedRecord,
    VisitRecord,
)
from medsec_desktop.exchange.text import lines_in
from medsec_desktop.exchange.us_places import STATES, state_code, whole_zip
from medsec_desktop.problems import Invalid, Unavailable

_Record = TypeVar("_Record")

FILES = {
    "organizations": "organizations.csv",
    "payers": "payers.csv",
    "providers": "providers.csv",
    "patients": "patients.csv",
    "coverages": "payer_transitions.csv",
    "visits": "encounters.csv",
}
_NEEDED = {
    "organizations": ("Id", "NAME"),
    "payers": ("Id", "NAME"),
    "providers": ("Id", "NAME"),
    "patients": ("Id", "BIRTHDATE", "FIRST", "LAST"),
    "coverages": ("PATIENT", "START_YEAR", "END_YEAR", "PAYER"),
    "visits": ("Id", "START", "PATIENT"),
}
_TAKEN = {
    "organizations": {"Id", "NAME", "ADDRESS", "CITY", "STATE", "ZIP", "PHONE"},
    "payers": {"Id", "NAME", "ADDRESS", "CITY", "STATE_HEADQUARTERED", "ZIP", "PHONE"},
    "providers": {"Id", "ORGANIZATION", "NAME", "SPECIALITY"},
    "patients": {
        "Id", "BIRTHDATE", "DEATHDATE", "SSN", "PREFIX", "FIRST", "MIDDLE", "LAST", "SUFFIX",
        "MAIDEN", "MARITAL", "GENDER", "ADDRESS", "CITY", "STATE", "ZIP",
    },
    "coverages": {
        "PATIENT", "MEMBERID", "START_YEAR", "END_YEAR", "PAYER", "SECONDARY_PAYER", "OWNERSHIP",
        "OWNERNAME", "OWNER_NAME",
    },
    "visits": {
        "Id", "START", "STOP", "PATIENT", "ORGANIZATION", "PROVIDER", "PAYER", "ENCOUNTERCLASS",
        "DESCRIPTION",
    },
}  # fmt: skip
_HOLDS = {
    "allergies": "allergies",
    "careplans": "care plans",
    "claims": "claims",
    "claims_transactions": "charges and payments",
    "conditions": "diagnoses",
    "devices": "implants and devices",
    "imaging_studies": "imaging studies",
    "immunizations": "immunizations",
    "medications": "medications",
    "observations": "measurements and results",
    "procedures": "procedures",
    "supplies": "supplies used",
}
_MARITAL = {"M": "married", "S": "single", "D": "divorced", "W": "widowed"}
_DIGITS = re.compile(r"(?<=\w)\d+\b")


def is_synthea(folder: Path) -> bool:
    """Whether `folder` holds the tables Synthea writes: patients.csv with an Id and a BIRTHDATE."""
    patients = folder / FILES["patients"]
    if not patients.is_file():
        return False
    try:
        return {"Id", "BIRTHDATE", "LAST"} <= set(CsvFile(patients).columns)
    except (Invalid, Unavailable):
        return False


@dataclass(frozen=True, slots=True)
class _Spell:
    """One row of payer_transitions.csv, its end exclusive."""

    record: CoverageRecord
    starts: date
    ends: date


class SyntheaFolder:
    """The records of a Synthea CSV folder. Raises Invalid when it is not one or lacks a table."""

    kind = "synthea"

    def __init__(
        self, folder: Path, *, strip_digits: bool = False, wall_clock: tzinfo | None = None
    ):
        """`wall_clock` is the clinic's time zone; None is the zone this computer is set to."""
        if not folder.is_dir():
            raise Invalid(
                f"“{folder.name}” is not a folder.",
                remedy="Choose the folder that holds patients.csv.",
            )
        if not (folder / FILES["patients"]).is_file():
            raise Invalid(
                f"“{folder.name}” is not a Synthea folder: it has no patients.csv.",
                remedy="Choose the folder that holds patients.csv, payers.csv and encounters.csv.",
            )
        self._folder = folder
        self._strip_digits = strip_digits
        self._zone = wall_clock
        self._tables = {
            what: CsvFile(folder / file)
            for what, file in FILES.items()
            if (folder / file).is_file()
        }
        for what, table in self._tables.items():
            table.require(*_NEEDED[what])
        self._placeholders: frozenset[str] | None = None

    @property
    def name(self) -> str:
        return self._folder.name

    @property
    def knows_ids(self) -> bool:
        return True

    @property
    def files(self) -> dict[str, str]:
        return {what: table.path.name for what, table in self._tables.items()}

    def rows_expected(self) -> int:
        return sum(lines_in(table.path) for table in self._tables.values())

    def left_aside(self) -> Iterator[LeftAside]:
        for path in sorted(self._folder.glob("*.csv")):
            if path.name in FILES.values():
                continue
            holds = _HOLDS.get(path.stem, "not a table this version knows")
            try:
                rows = CsvFile(path).count()
            except Invalid:
                rows = 0
            yield LeftAside(path.name, holds, rows)

    def columns_left_aside(self) -> dict[str, tuple[str, ...]]:
        return {
            table.path.name: surplus
            for what, table in self._tables.items()
            if (surplus := tuple(name for name in table.columns if name not in _TAKEN[what]))
        }

    # -- the records ---------------------------------------------------------------------------

    def organizations(self) -> Iterator[OrganizationRecord | Quarantined]:
        return self._each("organizations", self._organization)

    def payers(self) -> Iterator[PayerRecord | Quarantined]:
        return self._each("payers", self._payer)

    def providers(self) -> Iterator[ProviderRecord | Quarantined]:
        return self._each("providers", self._provider)

    def patients(self) -> Iterator[PatientRecord | Quarantined]:
        return self._each("patients", self._patient)

    def visits(self) -> Iterator[VisitRecord | Quarantined]:
        return self._each("visits", self._visit)

    def people(self) -> Iterator[RelatedRecord | Quarantined]:
        return iter(())

    def appointments(self) -> Iterator[AppointmentRecord | Quarantined]:
        return iter(())

    def coverages(self) -> Iterator[CoverageRecord | Quarantined | Folded]:
        """Policies, consecutive years of one policy made one; the rows come a patient at a time."""
        running: _Spell | None = None
        for item in self._each("coverages", self._spell):
            if not isinstance(item, _Spell):
                yield item
                continue
            if item.record.payer in self._no_payers():
                yield Folded(item.record.origin, "no insurance")
            elif running is not None and _continues(running, item):
                running = replace(running, ends=max(running.ends, item.ends))
                yield Folded(item.record.origin, "merged")
            else:
                if running is not None:
                    yield _as_coverage(running)
                running = item
        if running is not None:
            yield _as_coverage(running)

    def _each(
        self, what: str, read: Callable[[CsvRow], _Record]
    ) -> Iterator[_Record | Quarantined]:
        """The one boundary: whatever a row holds, it comes out as a record or with its reason."""
        table = self._tables.get(what)
        if table is None:
            return
        seen: set[str] = set()
        for row in table.rows():
            if isinstance(row, Quarantined):
                yield row
                continue
            try:
                key = row["Id"]
                if key and key in seen:
                    raise Unreadable("Its Id occurs a second time in this file.")
                record = read(row)
                seen.add(key)
            except (Unreadable, Invalid) as error:
                yield Quarantined(row.origin, str(error))
            except (ValueError, LookupError, ArithmeticError) as error:
                yield Quarantined(row.origin, f"The row cannot be read ({error}).")
            else:
                yield record

    def _no_payers(self) -> frozenset[str]:
        if self._placeholders is None:
            self._placeholders = frozenset(
                payer.external_id
                for payer in self.payers()
                if isinstance(payer, PayerRecord) and payer.is_placeholder
            )
        return self._placeholders

    # -- one row each --------------------------------------------------------------------------

    def _organization(self, row: CsvRow) -> OrganizationRecord:
        address, notes = _address(row, "STATE")
        name = _needed(row, "NAME", "a name")
        return OrganizationRecord(
            row.origin,
            _needed(row, "Id", "an Id"),
            name,
            kind="hospital" if re.search(r"\bhospital\b", name, re.IGNORECASE) else "practice",
            address=address,
            phone=_phone(row["PHONE"]),
            notes=notes,
        )

    def _payer(self, row: CsvRow) -> PayerRecord:
        address, notes = _address(row, "STATE_HEADQUARTERED")
        name = _needed(row, "NAME", "a name")
        return PayerRecord(
            row.origin,
            _needed(row, "Id", "an Id"),
            name,
            address=address,
            phone=_phone(row["PHONE"]),
            is_placeholder=name.upper().replace(" ", "_") == "NO_INSURANCE",
            notes=notes,
        )

    def _provider(self, row: CsvRow) -> ProviderRecord:
        words = self._name(_needed(row, "NAME", "a name")).split()
        return ProviderRecord(
            row.origin,
            _needed(row, "Id", "an Id"),
            family=words[-1],
            given=" ".join(words[:-1]),
            specialty=_sentence_case(row["SPECIALITY"]),
            organization=row["ORGANIZATION"],
        )

    def _patient(self, row: CsvRow) -> PatientRecord:
        notes: list[str] = []
        address, address_notes = _address(row, "STATE")
        notes.extend(address_notes)
        family = self._name(row["LAST"])
        if not family:
            raise Unreadable("The patient has no last name.")
        born = _partial_date(row["BIRTHDATE"], "birth")
        if not born:
            notes.append("The patient has no date of birth; it was left blank.")
        died = _day(row["DEATHDATE"], self._zone, "death") if row["DEATHDATE"] else None
        if died and born and died.isoformat() < born:
            raise Unreadable(f"The date of death, {died}, is before the date of birth, {born}.")
        sex = row["GENDER"].upper()
        if sex not in ("F", "M"):
            if sex and sex != "U":
                notes.append(f"The sex “{row['GENDER']}” is not F or M; it was taken as unknown.")
            sex = "U"
        marital = row["MARITAL"].upper()
        if marital and marital not in _MARITAL:
            notes.append(f"The marital status “{row['MARITAL']}” is unknown; it was left blank.")
        ssn = re.sub(r"[\s-]", "", row["SSN"])
        if ssn and not re.fullmatch(r"\d{9}|\d{4}", ssn, re.ASCII):
            notes.append(
                "The social security number is neither nine digits nor the last four; "
                "it was left blank."
            )
            ssn = ""
        return PatientRecord(
            row.origin,
            _needed(row, "Id", "an Id"),
            family=family,
            given=self._name(row["FIRST"]),
            middle=self._name(row["MIDDLE"]),
            prefix=row["PREFIX"],
            suffix=row["SUFFIX"],
            former=self._name(row["MAIDEN"]),
            sex=sex,
            birth_date=born,
            deceased_on=died.isoformat() if died else "",
            ssn=ssn,
            marital_status=_MARITAL.get(marital, ""),
            addresses=() if address.is_blank else (address,),
            notes=tuple(notes),
        )

    def _spell(self, row: CsvRow) -> _Spell:
        starts = _day(_needed(row, "START_YEAR", "a beginning"), self._zone, "beginning")
        ends_text = row["END_YEAR"]
        ends = _day(ends_text, self._zone, "end", of_year_end=True) if ends_text else date.max
        if ends < starts:
            raise Unreadable(f"The policy ends on {ends}, before it begins on {starts}.")
        ownership = row["OWNERSHIP"].casefold()
        notes: list[str] = []
        if ownership not in ("", "self", "guardian", "spouse"):
            notes.append(
                f"The ownership “{row['OWNERSHIP']}” is unknown; the relation was taken as other."
            )
        relation = {"": "self", "self": "self", "guardian": "child", "spouse": "spouse"}.get(
            ownership, "other"
        )
        owner = self._name(row["OWNERNAME"] or row["OWNER_NAME"])
        secondary = row["SECONDARY_PAYER"]
        return _Spell(
            CoverageRecord(
                row.origin,
                patient=_needed(row, "PATIENT", "a patient"),
                payer=_needed(row, "PAYER", "a payer"),
                secondary_payer="" if secondary in self._no_payers() else secondary,
                member_id=row["MEMBERID"],
                relation=relation,
                subscriber_name="" if relation == "self" else owner,
                is_guardian=ownership == "guardian" and bool(owner),
                notes=tuple(notes),
            ),
            starts,
            ends,
        )

    def _visit(self, row: CsvRow) -> VisitRecord:
        starts = _moment(_needed(row, "START", "a beginning"), "beginning")
        minutes = 0
        notes: list[str] = []
        if row["STOP"]:
            stops = _moment(row["STOP"], "end")
            if stops < starts:
                notes.append("The visit ends before it begins; its length was left at zero.")
            else:
                minutes = round((stops - starts).total_seconds() / 60)
        return VisitRecord(
            row.origin,
            _needed(row, "Id", "an Id"),
            patient=_needed(row, "PATIENT", "a patient"),
            starts_at=_on_the_wall(starts, self._zone).replace(second=0, microsecond=0),
            duration_min=minutes,
            provider=row["PROVIDER"],
            organization=row["ORGANIZATION"],
            payer="" if row["PAYER"] in self._no_payers() else row["PAYER"],
            kind=row["ENCOUNTERCLASS"],
            description=row["DESCRIPTION"],
            notes=tuple(notes),
        )

    def _name(self, text: str) -> str:
        return _DIGITS.sub("", text) if self._strip_digits else text


def _continues(earlier: _Spell, later: _Spell) -> bool:
    """Whether `later` renews the policy of `earlier` without a day between."""
    one, two = earlier.record, later.record
    return (
        (one.patient, one.payer, one.secondary_payer, one.member_id)
        == (two.patient, two.payer, two.secondary_payer, two.member_id)
        and (one.relation, one.subscriber_name) == (two.relation, two.subscriber_name)
        and later.starts >= earlier.starts
        and later.starts <= earlier.ends
    )


def _as_coverage(spell: _Spell) -> CoverageRecord:
    """The next policy begins on the day this one ends: the last day covered is the one before."""
    if spell.ends == date.max:
        return replace(spell.record, starts_on=spell.starts, ends_on=None)
    last = max(spell.starts, spell.ends - timedelta(days=1))
    return replace(spell.record, starts_on=spell.starts, ends_on=last)


def _needed(row: CsvRow, column: str, what: str) -> str:
    value = row[column]
    if not value:
        raise Unreadable(f"The row has no {column}: {what} is needed.")
    return value


def _address(row: CsvRow, state_column: str) -> tuple[Address, tuple[str, ...]]:
    notes: list[str] = []
    state = state_code(row[state_column])
    if state and state not in STATES.values():
        notes.append(f"“{state}” is not a state of the United States; it was kept as written.")
    zip_code = whole_zip(row["ZIP"], state)
    if zip_code != row["ZIP"]:
        notes.append(f"The ZIP {row['ZIP']} was read as {zip_code}: a leading zero had been lost.")
    return Address(row["ADDRESS"], "", row["CITY"], state, zip_code), tuple(notes)


def _phone(text: str) -> str:
    """The first number of a field that may list several; NULL and 0 stand for none."""
    first = re.split(r"\s+(?:or|,)\s+|[;/]", text)[0].strip()
    return first if sum(character.isdigit() for character in first) >= 7 else ""


def _sentence_case(text: str) -> str:
    """Shouted words made readable, what stands in brackets left alone."""
    if not text.isupper():
        return text
    return re.sub(r"\([^)]*\)|[^(]+", lambda part: _quieter(part[0]), text).strip()


def _quieter(part: str) -> str:
    return part if part.startswith("(") else part.capitalize()


def _partial_date(text: str, what: str) -> str:
    if not text:
        return ""
    try:
        return PartialDate.from_iso(text[:10]).iso
    except Invalid as error:
        raise Unreadable(f"“{text}” is not a date of {what}.") from error


def _moment(text: str, what: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"“{text}” is not a time; it stands as the {what}.") from error
    if not 1850 <= moment.year <= 2200:
        raise Unreadable(f"The year {moment.year} of the {what} is not plausible.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(text: str, zone: tzinfo | None, what: str, *, of_year_end: bool = False) -> date:
    """The wall-clock date of a timestamp, a date as it stands, or a year's first or last day."""
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        year = int(text)
        if not 1850 <= year <= 2200:
            raise Unreadable(f"The year {year} of the {what} is not plausible.")
        return date(year + 1, 1, 1) if of_year_end else date(year, 1, 1)
    moment = _moment(text, what)
    return moment.date() if len(text) <= 10 else _on_the_wall(moment, zone).date()


def _on_the_wall(moment: datetime, zone: tzinfo | None) -> datetime:
    """`moment` as the clinic's clock showed it, without a time zone."""
    try:
        return moment.astimezone(zone).replace(tzinfo=None)
    except (OSError, OverflowError):  # Windows knows no local time before 1970
        in_winter = datetime(2001, 1, 15, tzinfo=UTC).astimezone(zone)
        return (moment + (in_winter.utcoffset() or timedelta(0))).replace(tzinfo=None)
