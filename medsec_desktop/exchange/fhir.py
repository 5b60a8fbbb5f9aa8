"""FHIR R4 as hospitals and Synthea export it: a bundle, a single resource, or NDJSON lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medsec_desktop.exchange.findings import DateSpan, Findings
from medsec_desktop.exchange.text import open_text, read_text

_TITLES = {
    "fhir-bundle": "a FHIR bundle",
    "fhir-resource": "a single FHIR resource",
    "fhir-ndjson": "FHIR resources, one a line (NDJSON)",
}
_PROBLEMS_AT_MOST = 200


class NotFhir(ValueError):
    """The JSON is something else; the text says what."""


def look(path: Path) -> Findings:
    """How many resources of which type `path` holds. Raises NotFhir where it is other JSON."""
    counts: Counter[str] = Counter()
    fields: dict[str, None] = {}
    span = DateSpan()
    problems: list[str] = []
    kind, resources = _resources(path, problems)
    for where, resource in resources:
        name = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(name, str):
            problems.append(f"{where} is no FHIR resource: it has no resourceType.")
            continue
        counts[name] += 1
        if name == "Patient":
            fields.update(dict.fromkeys(resource))
        _note_date(resource, span)
    if kind == "fhir-ndjson" and not counts:
        raise NotFhir("lines of JSON that are no FHIR resources")
    return Findings(
        kind,
        _TITLES[kind],
        path.name,
        counts=dict(counts.most_common()),
        first_on=span.first,
        last_on=span.last,
        fields=tuple(fields),
        problems=tuple(problems[:_PROBLEMS_AT_MOST]),
        remedy="“medsec-desktop import fhir” takes in its people; --dry-run shows what that would do."
        if counts["Patient"]
        else "",
    )


def _resources(path: Path, problems: list[str]) -> tuple[str, Iterator[tuple[str, Any]]]:
    with open_text(path) as file:
        first = next((line for line in file if line.strip("\ufeff \t\r\n")), "")
    try:
        alone = json.loads(first.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        alone = None
    if isinstance(alone, dict) and "resourceType" in alone and _has_more_lines(path):
        return "fhir-ndjson", _lines(path, problems)
    try:
        whole = json.loads(read_text(path).lstrip("\ufeff"))
    except RecursionError as error:
        raise NotFhir("JSON nested too deeply to be a FHIR file") from error
    except ValueError as error:
        raise NotFhir(f"JSON that breaks off or is damaged ({error})") from error
    if not isinstance(whole, dict) or not isinstance(whole.get("resourceType"), str):
        raise NotFhir("JSON, but no FHIR resource: it has no resourceType")
    if whole["resourceType"] != "Bundle":
        return "fhir-resource", iter([("The file", whole)])
    entries = whole.get("entry", [])
    if not isinstance(entries, list):
        raise NotFhir("a FHIR bundle whose “entry” is no list")
    return "fhir-bundle", (
        (f"Entry {number}", entry.get("resource") if isinstance(entry, dict) else None)
        for number, entry in enumerate(entries, 1)
    )


def _has_more_lines(path: Path) -> bool:
    with open_text(path) as file:
        lines = (line for line in file if line.strip())
        next(lines, None)
        return next(lines, None) is not None


def _lines(path: Path, problems: list[str]) -> Iterator[tuple[str, Any]]:
    with open_text(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip("\ufeff \t\r\n"):
                continue
            try:
                yield f"Line {number}", json.loads(line.lstrip("\ufeff"))
            except (ValueError, RecursionError):
                problems.append(f"Line {number} is not JSON.")


def _note_date(resource: dict[str, Any], span: DateSpan) -> None:
    """When the care took place: the beginning of an encounter or appointment."""
    if resource["resourceType"] == "Encounter" and isinstance(resource.get("period"), dict):
        span.add(str(resource["period"].get("start", "")))
    elif resource["resourceType"] == "Appointment":
        span.add(str(resource.get("start", "")))
