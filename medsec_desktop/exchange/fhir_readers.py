"""FHIR R4 resources read as records, one method a resource type.

Source: HL7 FHIR R4 (4.0.1), the pages of each resource; US Core 3 for birth sex and gender identity;
HL7 v2 tables 0131 (contact role) and 0203 (identifier type).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, tzinfo

from medsec_desktop.domain.identifiers import Npi
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.exchange.fhir_people import (
    Resource,
    Rows,
    addresses_of,
    as_dict,
    as_list,
    as_text,
    codes,
    day_of,
    extension,
    names_of,
    referred,
    telecoms_of,
    words,
    written,
)
from medsec_desktop.exchange.person_text import EMAIL, language_of
from medsec_desktop.exchange.quarantine import Origin, Unreadable
from medsec_desktop.exchange.records import (
    Address,
    OrganizationRecord,
    PatientRecord,
    PayerRecord,
    ProviderRecord,
    RelatedRecord,
)
from medsec_desktop.problems import Invalid

_OLDEST_YEARS = 125
_LONGEST_CHART = 20
_SSN_SYSTEMS = ("us-ssn", "2.16.840.1.113883.4.1")
_NPI_SYSTEMS = ("us-npi", "2.16.840.1.113883.4.6")
_MARITAL = {
    "A": "divorced", "C": "partnered", "D": "divorced", "I": "divorced", "L": "separated",
    "M": "married", "P": "married", "S": "single", "T": "partnered", "U": "single", "W": "widowed",
}  # fmt: skip
_ROLES = {  # v3-RoleCode, as this program words relations
    "MTH": "mother", "FTH": "father", "PRN": "parent", "CHILD": "child", "SON": "son", "DAU": "daughter",
    "SPS": "spouse", "HUSB": "husband", "WIFE": "wife", "SIB": "sibling", "BRO": "brother",
    "SIS": "sister", "GRPRN": "grandparent", "GUARD": "guardian", "FRND": "friend", "NBOR": "neighbor",
    "DOMPART": "partner", "SIGOTHR": "partner", "FAMMEMB": "family", "ROOM": "roommate",
    "C": "", "N": "", "E": "employer", "CP": "contact", "EP": "", "S": "", "I": "insurer", "O": "",
}  # fmt: skip


class PersonReaders:
    """Reads resources; what of them has no place here is counted in `aside`."""

    def __init__(self, rows: Rows, today: date, wall_clock: tzinfo | None):
        self._rows = rows
        self._today = today
        self._zone = wall_clock
        self.aside: Counter[str] = Counter()

    # -- organizations and people who treat ----------------------------------------------------

    def organization(self, origin: Origin, key: str, of: Resource) -> OrganizationRecord:
        notes: list[str] = []
        reached = telecoms_of(of.get("telecom"), self._today)
        name = needed(as_text(of.get("name")), "name")
        return OrganizationRecord(
            origin,
            key,
            name[:200],
            kind="hospital" if re.search(r"\bhospital\b", name, re.IGNORECASE) else "practice",
            npi=self._npi(of, notes),
            address=next(addresses_of(of.get("address"), self._today, notes), Address()),
            phone=next((one.number for one in reached.phones if one.note != "fax"), ""),
            notes=tuple(notes),
        )

    def payer(self, origin: Origin, key: str, of: Resource) -> PayerRecord:
        notes: list[str] = []
        reached = telecoms_of(of.get("telecom"), self._today)
        number = next(
            (
                as_text(as_dict(one).get("value"))
                for one in as_list(of.get("identifier"))
                if not as_text(as_dict(one).get("system")).endswith(_NPI_SYSTEMS)
                and {"NIIP", "PAYERID", "NAIC"} & set(codes(as_dict(one).get("type")))
            ),
            "",
        )
        return PayerRecord(
            origin,
            key,
            needed(as_text(of.get("name")), "name")[:200],
            payer_number=number,
            address=next(addresses_of(of.get("address"), self._today, notes), Address()),
            phone=next((one.number for one in reached.phones if one.note != "fax"), ""),
            notes=tuple(notes),
        )

    def provider(self, origin: Origin, key: str, of: Resource) -> ProviderRecord:
        notes: list[str] = []
        name = names_of(of.get("name"), self._today).legal
        reached = telecoms_of(of.get("telecom"), self._today)
        degrees = [words(as_dict(one).get("code")) for one in as_list(of.get("qualification"))]
        return ProviderRecord(
            origin,
            key,
            family=name.family,
            given=" ".join(part for part in (name.given, name.middle) if part),
            credential=next((one for one in (*degrees, name.suffix) if 0 < len(one) <= 12), ""),
            npi=self._npi(of, notes),
            phone=next((one.number for one in reached.phones if one.note != "fax"), ""),
            fax=reached.fax,
            email=next((one for one in reached.emails if EMAIL.fullmatch(one)), ""),
            address=next(addresses_of(of.get("address"), self._today, notes), Address()),
            notes=tuple(notes),
        )

    def _npi(self, of: Resource, notes: list[str]) -> str:
        for one in as_list(of.get("identifier")):
            identifier = as_dict(one)
            kinds = set(codes(identifier.get("type")))
            if as_text(identifier.get("system")).endswith(_NPI_SYSTEMS) or "NPI" in kinds:
                number = as_text(identifier.get("value"))
                try:
                    return Npi(number).number
                except Invalid:
                    notes.append(f"The NPI “{number[:20]}” is not one; it was left blank.")
        return ""

    # -- patients ------------------------------------------------------------------------------

    def patient(self, origin: Origin, key: str, of: Resource) -> PatientRecord:
        notes: list[str] = []
        names = names_of(of.get("name"), self._today)
        birth, died = self._birth(of), day_of(of.get("deceasedDateTime"), "deceasedDateTime")
        if died and birth and died.isoformat() < birth:
            raise Unreadable("The date of death is before the date of birth.", "deceasedDateTime")
        reached = telecoms_of(of.get("telecom"), self._today)
        if reached.past:
            notes.append("Numbers or addresses that are no longer in use were left out.")
        emails = [one for one in reached.emails if EMAIL.fullmatch(one)]
        language, interprets = self._language(of, notes)
        numbers = self._identifiers(of)
        marital = next(
            (_MARITAL[code] for code in codes(of.get("maritalStatus")) if code in _MARITAL), ""
        )
        self._set_aside(of)
        more = list(numbers.notes)
        if emails[1:]:
            more.append(f"Other e-mail: {', '.join(emails[1:])}")
        record = PatientRecord(
            origin,
            key,
            family=names.legal.family[:100],
            given=names.legal.given[:100],
            middle=names.legal.middle[:100],
            prefix=names.legal.prefix,
            suffix=names.legal.suffix,
            preferred=names.preferred,
            former=names.former,
            sex=self._sex(of),
            gender=self._gender(of),
            birth_date=birth,
            deceased_on=died.isoformat() if died else "",
            is_deceased=of.get("deceasedBoolean") is True
            or bool(as_text(of.get("deceasedDateTime"))),
            is_inactive=of.get("active") is False,
            ssn=numbers.ssn,
            marital_status=marital,
            language=language,
            needs_interpreter=interprets,
            email=emails[0] if emails else "",
            chart_number=numbers.chart,
            primary_provider=self._primary(of),
            note="\n".join(more),
            phones=reached.phones,
            addresses=tuple(addresses_of(of.get("address"), self._today, notes)),
        )
        return replace(record, people=tuple(self._contacts(of, record)), notes=tuple(notes))

    def _birth(self, of: Resource) -> str:
        text = as_text(of.get("birthDate"))
        if not text:
            return ""
        try:
            found = PartialDate.from_iso(text[:10])
        except Invalid as error:
            raise Unreadable(f"“{text[:20]}” is not a date of birth.", "birthDate") from error
        if found.iso > self._today.isoformat():
            raise Unreadable(f"The date of birth, {text[:20]}, is in the future.", "birthDate")
        age = found.age_on(self._today)
        if age > _OLDEST_YEARS and not (of.get("deceasedDateTime") or of.get("deceasedBoolean")):
            raise Unreadable(f"The date of birth would make an age of {age} years.", "birthDate")
        return found.iso

    @staticmethod
    def _sex(of: Resource) -> str:
        born = as_text(extension(of, "us-core-birthsex")).upper()
        if born in ("F", "M"):
            return born
        return {"female": "F", "male": "M"}.get(as_text(of.get("gender")), "U")

    @staticmethod
    def _gender(of: Resource) -> str:
        identity = extension(of, "genderIdentity")
        said = words(identity) if isinstance(identity, dict) else ""
        return said or ("other" if as_text(of.get("gender")) == "other" else "")

    def _language(self, of: Resource, notes: list[str]) -> tuple[str, bool]:
        spoken = [as_dict(one) for one in as_list(of.get("communication"))]
        spoken.sort(key=lambda one: one.get("preferred") is not True)
        needs = extension(of, "patient-interpreterRequired") is True
        for one in spoken:
            concept = one.get("language")
            for text in (*codes(concept), words(concept)):
                found = language_of(text)
                if found:
                    return found, needs
            notes.append(f"The language “{words(concept)[:40]}” is unknown; it was left blank.")
        return "", needs

    def _identifiers(self, of: Resource) -> _Numbers:
        numbers = _Numbers()
        for one in as_list(of.get("identifier")):
            identifier = as_dict(one)
            value = as_text(identifier.get("value"))
            system = as_text(identifier.get("system"))
            kinds = set(codes(identifier.get("type")))
            if not value or as_text(identifier.get("use")) == "old":
                continue
            if "SS" in kinds or system.endswith(_SSN_SYSTEMS):
                digits = re.sub(r"[\s-]", "", value)
                if re.fullmatch(r"\d{9}|\d{4}", digits, re.ASCII):
                    numbers.ssn = digits
            elif "MR" in kinds:
                if len(value) <= _LONGEST_CHART and not numbers.chart:
                    numbers.chart = value
                else:
                    where = re.sub(r"^\w+://|^urn:oid:", "", system)
                    numbers.notes.append(
                        f"Medical record number of {where or 'elsewhere'}: {value}"
                    )
            elif "MB" in kinds:
                numbers.notes.append(f"Member number: {value}")
            else:
                self.aside[
                    f"Patient.identifier: {words(identifier.get('type')) or system or 'others'}"
                ] += 1
        return numbers

    def _primary(self, of: Resource) -> str:
        for one in as_list(of.get("generalPractitioner")):
            found = referred(self._rows, of, one, "Practitioner", "Organization")
            if found.contained is not None and found.kind == "Practitioner":
                return written(names_of(found.contained.get("name"), self._today).legal)
            if found.key and found.kind in ("Practitioner", ""):
                return found.key
            if found.display and not found.key:
                return found.display
        return ""

    def _contacts(self, of: Resource, record: PatientRecord) -> Iterator[RelatedRecord]:
        for one in as_list(of.get("contact")):
            contact = as_dict(one)
            roles = [
                code for concept in as_list(contact.get("relationship")) for code in codes(concept)
            ]
            relation = next(
                (found for r in as_list(contact.get("relationship")) if (found := relation_in(r))),
                "",
            )
            organization = referred(
                self._rows, of, contact.get("organization"), "Organization"
            ).display
            name = ""
            if contact.get("name"):
                name = written(names_of(contact.get("name"), self._today).legal)
            name = name or organization
            if not name:
                self.aside["Patient.contact without a name"] += 1
                continue
            reached = telecoms_of(contact.get("telecom"), self._today)
            yield RelatedRecord(
                record.origin,
                record.external_id,
                name[:120],
                relation=relation[:40],
                phone=reached.phones[0].number if reached.phones else "",
                email=reached.emails[0] if reached.emails else "",
                address=next(addresses_of([contact.get("address")], self._today, []), Address()),
                is_emergency_contact="C" in roles or not roles,
                is_next_of_kin="N" in roles,
            )

    def _set_aside(self, of: Resource) -> None:
        for name in ("photo", "multipleBirthInteger", "multipleBirthBoolean", "link"):
            if of.get(name) is not None:
                self.aside[f"Patient.{name}"] += 1
        for one in as_list(of.get("extension")):
            tail = as_text(as_dict(one).get("url")).rpartition("/")[2]
            if tail not in (
                "us-core-birthsex",
                "us-core-genderIdentity",
                "patient-interpreterRequired",
            ):
                self.aside[f"Patient.extension: {tail[:60] or 'others'}"] += 1


class _Numbers:
    """The numbers a patient goes by."""

    def __init__(self) -> None:
        self.ssn = ""
        self.chart = ""
        self.notes: list[str] = []


def needed(value: str, name: str) -> str:
    """`value`, which must not be blank. Raises Unreadable where it is."""
    if not value:
        raise Unreadable(f"It has no {name}.", name)
    return value


def relation_in(concept: object) -> str:
    """A relationship in words: a code that is known, else as the file puts it."""
    for code in codes(concept):
        if code in _ROLES:
            return _ROLES[code]
    return words(concept).casefold()
