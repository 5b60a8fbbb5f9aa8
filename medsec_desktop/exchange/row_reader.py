"""One row of a table read as a patient, each column being what a mapping says it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from medsec_desktop.domain.people import PartialDate, fold
from medsec_desktop.exchange.columns import (
    BY_KEY,
    CUSTOM,
    NOTE,
    Mapping,
    guess,
)
from medsec_desktop.exchange.dates import read_date
from medsec_desktop.exchange.person_text import (
    EMAIL,
    NameParts,
    blank_for_nothing,
    contact_of,
    country_of,
    is_yes,
    language_of,
    marital_of,
    phones_in,
    relation_of,
    sex_of,
    split_address,
    split_name,
    split_place,
    status_of,
)
from medsec_desktop.exchange.quarantine import Origin, Quarantined, Unreadable
from medsec_desktop.exchange.records import (
    Address,
    CoverageRecord,
    PatientRecord,
    Phone,
    RelatedRecord,
)
from medsec_desktop.exchange.us_places import STATES, state_code, whole_zip
from medsec_desktop.problems import Invalid

_OLDEST_YEARS = 125
_PHONE_KINDS = {"mobile": "mobile", "home": "home", "work": "work", "phone": "other"}


class RowReader:
    """Reads one row of values as a patient."""

    def __init__(self, mapping: Mapping, today: date):
        self._mapping = mapping
        self._today = today
        self._places = {key: mapping.places(key) for key in BY_KEY if mapping.places(key)}
        self._customs = tuple(
            (at, target.removeprefix(CUSTOM))
            for at, target in enumerate(mapping.targets)
            if target.startswith(CUSTOM)
        )

    def read(self, origin: Origin, values: Sequence[str]) -> PatientRecord | Quarantined:
        """The record, or why there is none and in which column."""
        try:
            return self._record(origin, values)
        except (Unreadable, Invalid) as error:
            return Quarantined(origin, str(error), self._heading(error.field))
        except (ValueError, LookupError, ArithmeticError) as error:
            return Quarantined(origin, f"The row cannot be read ({error}).")

    def _record(self, origin: Origin, values: Sequence[str]) -> PatientRecord:
        notes: list[str] = []
        name = self._name(values)
        birth = self._birth(values)
        died = self._day(values, "deceased_on")
        if died and birth and died.isoformat() < birth:
            raise Unreadable("The date of death is before the date of birth.", "deceased_on")
        address = self._address(values, notes)
        phones = self._phones(values, notes)
        emails = [
            one for at in self._at("email") for one in re.split(r"[;,\s]+", values[at]) if one
        ]
        good = [one for one in emails if EMAIL.fullmatch(one)]
        notes += [
            f"“{one[:60]}” is not an e-mail address; left out." for one in emails if one not in good
        ]
        status = self._known(values, "status", status_of, "active", notes)
        record = PatientRecord(
            origin,
            "",
            family=name.family,
            given=name.given,
            middle=name.middle,
            prefix=name.prefix,
            suffix=name.suffix,
            preferred=self._text(values, "preferred"),
            former=self._text(values, "former"),
            sex=self._known(values, "sex", sex_of, "U", notes),
            gender=self._text(values, "gender"),
            pronouns=self._text(values, "pronouns"),
            birth_date=birth,
            deceased_on=died.isoformat() if died else "",
            is_deceased=status == "deceased",
            is_inactive=status in ("inactive", "archived"),
            ssn=self._ssn(values, notes),
            marital_status=self._known(values, "marital", marital_of, "", notes),
            language=self._known(values, "language", language_of, "", notes),
            needs_interpreter=is_yes(self._text(values, "interpreter")),
            contact_preference=self._known(values, "contact", contact_of, "", notes),
            employer=self._text(values, "employer"),
            email=good[0] if good else "",
            phones=phones,
            addresses=() if address.is_blank else (address,),
            chart_number=self._text(values, "chart")[:40],
            primary_provider=self._text(values, "provider"),
            note="\n".join(self._notes(values, good[1:])),
            custom=tuple((name, values[at]) for at, name in self._customs if values[at]),
        )
        record = replace(record, external_id=self._key(values, record))
        return replace(
            record,
            people=tuple(self._people(values, record)),
            policies=tuple(self._policies(values, record, notes)),
            notes=tuple(notes),
        )

    # -- pieces --------------------------------------------------------------------------------

    def _at(self, key: str) -> tuple[int, ...]:
        return self._places.get(key, ())

    def _text(self, values: Sequence[str], key: str) -> str:
        """The text of a field, of several columns joined; runs of blanks made one."""
        parts = (blank_for_nothing(values[at]) for at in self._at(key))
        return " ".join(" ".join(part.split()) for part in parts if part)

    def _raw(self, values: Sequence[str], key: str) -> str:
        return " ".join(" ".join(values[at].split()) for at in self._at(key) if values[at])

    def _heading(self, key: str) -> str:
        places = self._at(key)
        return self._mapping.columns[places[0]] if places else ""

    def _name(self, values: Sequence[str]) -> NameParts:
        if self._at("name"):
            parts = split_name(self._raw(values, "name"))
            key = "name"
        else:
            family = self._raw(values, "family")
            key = "family"
            if "," in family and not self._at("given"):
                parts = split_name(family)
            else:
                parts = NameParts(family)
        given = self._raw(values, "given") or parts.given
        middle = self._raw(values, "middle") or parts.middle
        if not parts.family:
            who = f" of “{given[:40]}”" if given else ""
            raise Unreadable(f"The family name{who} is missing.", key)
        return NameParts(
            parts.family[:100],
            given[:100],
            middle[:100],
            self._text(values, "prefix") or parts.prefix,
            self._text(values, "suffix") or parts.suffix,
        )

    def _birth(self, values: Sequence[str]) -> str:
        text = self._text(values, "birth")
        if not text and self._at("birth_year"):
            parts = [self._text(values, f"birth_{part}") for part in ("year", "month", "day")]
            if not parts[0]:
                return ""
            text = "-".join(part for part in parts if part)
            found = read_date(text, "ymd", self._today)
        elif not text:
            return ""
        else:
            found = self._date(text, "birth")
        if found.iso > self._today.isoformat():
            raise Unreadable(f"The date of birth, {text}, is in the future.", "birth")
        if found.age_on(self._today) > _OLDEST_YEARS:
            raise Unreadable(
                f"The date of birth, {text}, would make an age of {found.age_on(self._today)} years.",
                "birth",
            )
        return found.iso

    def _date(self, text: str, key: str) -> PartialDate:
        try:
            return read_date(text, self._mapping.date_order, self._today)
        except Unreadable as error:
            raise Unreadable(str(error), key) from error

    def _day(self, values: Sequence[str], key: str) -> date | None:
        text = self._text(values, key)
        return self._date(text, key).exact if text else None

    def _ssn(self, values: Sequence[str], notes: list[str]) -> str:
        digits = re.sub(r"[\s.•*xX-]", "", self._text(values, "ssn"))
        if digits and not re.fullmatch(r"\d{9}|\d{4}", digits, re.ASCII):
            if re.fullmatch(r"\d{7,8}", digits, re.ASCII):
                notes.append("The SSN was taken with the zero that a spreadsheet had dropped.")
                return digits.zfill(9)
            notes.append("The SSN is neither nine digits nor the last four; it was left blank.")
            return ""
        return digits

    def _phones(self, values: Sequence[str], notes: list[str]) -> tuple[Phone, ...]:
        found = []
        for key, kind in _PHONE_KINDS.items():
            for at in self._at(key):
                text = blank_for_nothing(values[at])
                numbers = phones_in(text)
                found += [Phone(" ".join(one.split())[:60], kind) for one in numbers]
                if text and not numbers:
                    notes.append(f"“{text[:40]}” is not a phone number; left out.")
        return tuple(found)

    def _address(self, values: Sequence[str], notes: list[str]) -> Address:
        whole = " ".join(values[at] for at in self._at("address") if values[at])
        address = split_address(whole) if whole else Address()
        city, state, code = split_place(self._text(values, "city_state_zip"))
        state = state_code(self._text(values, "state") or state or address.state)
        country = country_of(self._text(values, "country"))
        if country is None:
            notes.append(
                f"The country “{self._text(values, 'country')[:40]}” is unknown; US was taken."
            )
        country = country or "US"
        zip_read = self._text(values, "zip") or code or address.postal_code
        zip_code = whole_zip(zip_read, state) if country == "US" else zip_read
        if zip_code != zip_read:
            notes.append(
                f"The ZIP {zip_read} was read as {zip_code}: a leading zero had been lost."
            )
        address = Address(
            self._text(values, "line1") or address.line1,
            self._text(values, "line2") or address.line2,
            self._text(values, "city") or city or address.city,
            state,
            zip_code,
            country,
        )
        if state and country == "US" and state not in STATES.values() and not address.is_blank:
            notes.append(f"“{state[:40]}” is not a state of the United States; kept as written.")
        return address

    def _known(
        self,
        values: Sequence[str],
        key: str,
        read: Callable[[str], str | None],
        otherwise: str,
        notes: list[str],
    ) -> str:
        """A word in our own terms; one that nobody knows is told and left blank."""
        text = self._text(values, key)
        found = read(text)
        if found is None:
            what = BY_KEY[key].label
            notes.append(f"{what}: “{text[:40]}” is not a word this program knows; left blank.")
        return otherwise if found is None else found

    def _notes(self, values: Sequence[str], emails: Sequence[str]) -> Iterator[str]:
        for at in self._at(NOTE):
            if values[at]:
                heading = self._mapping.columns[at]
                is_note = guess((heading,)) == (NOTE,)
                yield values[at] if is_note else f"{heading}: {values[at]}"
        if emails:
            yield f"Other e-mail: {', '.join(emails)}"

    def _key(self, values: Sequence[str], record: PatientRecord) -> str:
        """Her number there; where she has none, what identifies her: name and date of birth."""
        number = self._text(values, "external_id")
        if number:
            return number[:200]
        if record.chart_number:
            return f"chart:{record.chart_number}"
        traits = [record.family, record.given, record.birth_date, record.suffix]
        if not record.birth_date:
            home = record.addresses[0].line1 if record.addresses else ""
            traits += [record.phones[0].number if record.phones else record.email or home]
        return "~" + hashlib.sha256("|".join(fold(one) for one in traits).encode()).hexdigest()[:24]

    def _people(self, values: Sequence[str], record: PatientRecord) -> Iterator[RelatedRecord]:
        own = fold(f"{record.given} {record.family}")
        for key in ("contact", "guarantor"):
            name = self._text(values, f"{key}_name")
            parts = split_name(name)
            if not name or fold(f"{parts.given} {parts.family}") == own or fold(name) == "self":
                continue
            written = " ".join(
                part for part in (parts.given, parts.middle, parts.family, parts.suffix) if part
            )
            numbers = phones_in(self._text(values, f"{key}_phone"))
            yield RelatedRecord(
                record.origin,
                record.external_id,
                written[:120],
                relation=self._text(values, f"{key}_relation")[:40],
                phone=numbers[0] if numbers else "",
                is_emergency_contact=key == "contact",
                is_guarantor=key == "guarantor",
            )

    def _policies(
        self, values: Sequence[str], record: PatientRecord, notes: list[str]
    ) -> Iterator[CoverageRecord]:
        payer = self._text(values, "payer")
        member = self._text(values, "member")
        if payer and fold(payer) not in ("self pay", "none", "no insurance", "uninsured", "cash"):
            yield self._primary(values, record, payer, member, notes)
        elif member and not payer:
            notes.append(f"Its member id {member[:40]} names no insurance; it was left out.")
        second = self._text(values, "payer2")
        if second:
            yield CoverageRecord(
                record.origin,
                record.external_id,
                "",
                payer_name=second[:120],
                rank="secondary",
                member_id=self._text(values, "member2")[:80],
                group_number=self._text(values, "group2")[:80],
            )

    def _primary(
        self,
        values: Sequence[str],
        record: PatientRecord,
        payer: str,
        member: str,
        notes: list[str],
    ) -> CoverageRecord:
        relation = self._known(values, "relation", relation_of, "", notes)
        holder = split_name(self._text(values, "subscriber"))
        written = " ".join(part for part in (holder.given, holder.middle, holder.family) if part)
        is_hers = fold(f"{holder.given} {holder.family}") == fold(f"{record.given} {record.family}")
        if not relation:
            relation = "self" if not written or is_hers else "other"
        if relation != "self" and not written:
            notes.append(
                "The subscriber’s name is missing; the policy was taken as the patient’s own."
            )
            relation = "self"
        starts, ends = self._day(values, "policy_from"), self._day(values, "policy_to")
        if starts and ends and ends < starts:
            raise Unreadable("The insurance ends before it begins.", "policy_to")
        born = self._day(values, "subscriber_birth")
        return CoverageRecord(
            record.origin,
            record.external_id,
            "",
            payer_name=payer[:120],
            plan_name=self._text(values, "plan")[:120],
            member_id=member[:80],
            group_number=self._text(values, "group")[:80],
            relation=relation,
            subscriber_name="" if relation == "self" else written[:120],
            subscriber_birth_on=None if relation == "self" else born,
            copay_cents=self._cents(values, notes),
            starts_on=starts,
            ends_on=ends,
        )

    def _cents(self, values: Sequence[str], notes: list[str]) -> int | None:
        text = self._text(values, "copay")
        plain = re.sub(r"[$\s]|USD", "", text)
        match = re.fullmatch(r"(\d{1,6}(?:,\d{3})*)(?:[.,](\d{2}))?", plain, re.ASCII)
        if match:
            return int(match[1].replace(",", "")) * 100 + int(match[2] or 0)
        if text:
            notes.append(f"The copay “{text[:20]}” is not an amount; left blank.")
        return None
