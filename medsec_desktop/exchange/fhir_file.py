"""FHIR R4 files resource by resource: bundles, single resources, and NDJSON read line by line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, tzinfo
from pathlib import Path
from typing import TypeVar

from medsec_desktop.exchange.fhir_people import Resource, Rows, as_dict, as_list, as_text
from medsec_desktop.exchange.fhir_policies import Readers
from medsec_desktop.exchange.quarantine import Folded, Origin, Quarantined, Unreadable
from medsec_desktop.exchange.records import (
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
from medsec_desktop.exchange.text import open_text, read_text
from medsec_desktop.problems import Invalid

_Record = TypeVar("_Record")
_TYPES = {
    "organizations": "Organization",
    "payers": "Organization",
    "providers": "Practitioner",
    "patients": "Patient",
    "people": "RelatedPerson",
    "coverages": "Coverage",
    "visits": "Encounter",
    "appointments": "Appointment",
}
_TAKEN = frozenset(_TYPES.values())
_INSURER_TYPES = {"ins", "pay"}


class FhirFile:
    """The records of FHIR files. Raises Invalid where there is no FHIR in them.

    Only what is taken in is kept in memory of a bundle, and nothing of NDJSON but who is called what.
    """

    kind = "fhir"
    knows_ids = True

    def __init__(
        self, name: str, files: Sequence[Path], today: date, wall_clock: tzinfo | None = None
    ):
        self._name = name
        self._sources = [_opened(path) for path in files]
        self._others: Counter[tuple[str, str]] = Counter()
        self._broken: list[Quarantined] = []
        self._insurers: set[str] = set()
        self._found: Counter[str] = Counter()
        self._rows = Rows()
        self._scan()
        if not self._found and not self._others:
            raise Invalid(
                f"“{name}” holds no FHIR resources.",
                remedy="Export a FHIR R4 bundle (.json) or NDJSON.",
                field="path",
            )
        self._readers = Readers(self._rows, today, wall_clock)

    @property
    def name(self) -> str:
        return self._name

    @property
    def files(self) -> dict[str, str]:
        held = {what: self._name for what, kind in _TYPES.items() if self._found[kind]}
        if not self._insurers:
            held.pop("payers", None)
        if self._found["Organization"] <= len(self._insurers):
            held.pop("organizations", None)
        if self._broken or not held:
            held.setdefault("patients", self._name)  # where what is no resource is told
        return held

    def rows_expected(self) -> int:
        return sum(self._found.values())

    def left_aside(self) -> Iterator[LeftAside]:
        for (file, kind), number in sorted(self._others.items()):
            yield LeftAside(file, _spoken(kind), number)

    def columns_left_aside(self) -> dict[str, tuple[str, ...]]:
        told = self._readers.aside
        return (
            {self._name: tuple(f"{what} ({told[what]:,})" for what in sorted(told))} if told else {}
        )

    # -- the records ---------------------------------------------------------------------------

    def organizations(self) -> Iterator[OrganizationRecord | Quarantined | Folded]:
        return self._each(
            "Organization", self._readers.organization, lambda key, _: key not in self._insurers
        )

    def payers(self) -> Iterator[PayerRecord | Quarantined | Folded]:
        return self._each("Organization", self._readers.payer, lambda key, _: key in self._insurers)

    def providers(self) -> Iterator[ProviderRecord | Quarantined | Folded]:
        return self._each("Practitioner", self._readers.provider)

    def patients(self) -> Iterator[PatientRecord | Quarantined | Folded]:
        yield from self._broken
        yield from self._each("Patient", self._readers.patient)

    def people(self) -> Iterator[RelatedRecord | Quarantined | Folded]:
        return self._each("RelatedPerson", self._readers.related)

    def coverages(self) -> Iterator[CoverageRecord | Quarantined | Folded]:
        for item in self._each("Coverage", self._readers.coverage):
            if isinstance(item, CoverageRecord) and item.payer_name == "self-pay":
                yield Folded(item.origin, "no insurance")
            else:
                yield item

    def visits(self) -> Iterator[VisitRecord | Quarantined | Folded]:
        return self._each("Encounter", self._readers.visit)

    def appointments(self) -> Iterator[AppointmentRecord | Quarantined | Folded]:
        return self._each("Appointment", self._readers.appointment)

    # -- going through the files ---------------------------------------------------------------

    def _scan(self) -> None:
        """One look at everything: who is called what, who insures, what is not taken in."""
        for origin, url, resource in self._resources():
            if isinstance(resource, Quarantined):
                self._broken.append(resource)
                continue
            kind = as_text(resource.get("resourceType"))
            if not kind:
                self._broken.append(
                    Quarantined(origin, "It is no FHIR resource: it has no resourceType.")
                )
                continue
            if kind not in _TAKEN:
                self._others[origin.file, kind] += 1
                continue
            self._found[kind] += 1
            key = self._rows.learn(kind, url, resource)
            if kind == "Organization" and _insures(resource):
                self._insurers.add(key)
            if kind == "Coverage":
                for payor in as_list(resource.get("payor")):
                    found = as_text(as_dict(payor).get("reference"))
                    if found:
                        self._rows.payors.add(found)
        for reference in self._rows.payors:
            key = self._rows.key_of(reference, "Organization")
            if key:
                self._insurers.add(key)

    def _each(
        self,
        kind: str,
        read: Callable[[Origin, str, Resource], _Record],
        wanted: Callable[[str, Resource], bool] = lambda _, __: True,
    ) -> Iterator[_Record | Quarantined | Folded]:
        """The one boundary: whatever a resource holds, it comes out as a record or with its reason."""
        seen: dict[str, str] = {}
        for origin, url, resource in self._resources():
            if isinstance(resource, Quarantined) or resource.get("resourceType") != kind:
                continue
            key = self._rows.id_of(url, resource)
            if not wanted(key, resource):
                continue
            try:
                if not key:
                    raise Unreadable("It has neither an id nor a full address (fullUrl).", "id")
                if seen.get(key) == origin.file:
                    raise Unreadable("Its id occurs a second time in this file.", "id")
                if key in seen:  # whom several files of a folder refer to stands in each of them
                    yield Folded(origin, "merged")
                    continue
                record = read(origin, key, resource)
                seen[key] = origin.file
            except (Unreadable, Invalid) as error:
                yield Quarantined(origin, str(error), getattr(error, "field", ""))
            except (ValueError, LookupError, ArithmeticError, TypeError, AttributeError) as error:
                told = f"{type(error).__name__}: {error}"[:120]
                yield Quarantined(origin, f"It is not as FHIR R4 has it ({told}).")
            else:
                yield record

    def _resources(self) -> Iterator[tuple[Origin, str, Resource | Quarantined]]:
        for source in self._sources:
            yield from source()


_Source = Callable[[], Iterator[tuple[Origin, str, "Resource | Quarantined"]]]


def _opened(path: Path) -> _Source:
    """How the resources of a file are gone through, once or again."""
    with open_text(path) as file:
        lines = (line for line in file if line.strip("\ufeff \t\r\n"))
        first = next(lines, "").lstrip("\ufeff")
        is_ndjson = _is_resource(first) and next(lines, None) is not None
    if is_ndjson or path.suffix.lower() in (".ndjson", ".jsonl"):
        return lambda: _lines_of(path)
    whole = _parsed(path)
    if whole.get("resourceType") != "Bundle":
        return lambda: iter([(Origin(path.name, 1), "", whole)])
    entries = whole.get("entry", [])
    if not isinstance(entries, list):
        raise Invalid(f"“{path.name}” is a FHIR bundle whose “entry” is no list.", field="path")
    kept: list[tuple[Origin, str, Resource | Quarantined]] = []
    for number, entry in enumerate(entries, 1):
        origin = Origin(path.name, number)
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            kept.append((origin, "", Quarantined(origin, "The entry holds no resource.")))
        elif as_text(resource.get("resourceType")) in _TAKEN:
            kept.append((origin, as_text(entry.get("fullUrl")), resource))
        else:
            kept.append((origin, "", {"resourceType": resource.get("resourceType")}))
    return lambda: iter(kept)


def _parsed(path: Path) -> Resource:
    try:
        whole = json.loads(read_text(path).lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        told = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise Invalid(
            f"“{path.name}” is not a FHIR file.",
            f"It is no JSON, or breaks off: {told}.",
            "Export it again.",
            field="path",
        ) from error
    if not isinstance(whole, dict) or not as_text(whole.get("resourceType")):
        raise Invalid(
            f"“{path.name}” is JSON, but not FHIR: it has no resourceType.",
            remedy="Export a FHIR R4 bundle or NDJSON.",
            field="path",
        )
    return whole


def _lines_of(path: Path) -> Iterator[tuple[Origin, str, Resource | Quarantined]]:
    with open_text(path) as file:
        for number, line in enumerate(file, 1):
            text = line.strip("\ufeff \t\r\n")
            if not text:
                continue
            origin = Origin(path.name, number)
            try:
                resource = json.loads(text)
            except (ValueError, RecursionError):
                yield origin, "", Quarantined(origin, "The line is not JSON.")
                continue
            if isinstance(resource, dict):
                yield origin, "", resource
            else:
                yield origin, "", Quarantined(origin, "The line holds no resource.")


def entry_text(path: Path, number: int) -> str:
    """One entry of a bundle as JSON, '' where there is none."""
    try:
        whole = json.loads(read_text(path).lstrip("\ufeff"))
        return json.dumps(whole["entry"][number - 1]["resource"], ensure_ascii=False)
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""


def _is_resource(line: str) -> bool:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "resourceType" in found


def _insures(resource: Resource) -> bool:
    return any(
        as_text(as_dict(coding).get("code")) in _INSURER_TYPES
        for concept in as_list(resource.get("type"))
        for coding in as_list(as_dict(concept).get("coding"))
    )


def _spoken(kind: str) -> str:
    """A resource type in words: ExplanationOfBenefit as “explanation of benefit”."""
    words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in kind).strip()
    return words[:60] or "nothing"
