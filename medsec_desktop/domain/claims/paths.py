"""Places in a claim by their names: "insured.party.id", "lines[1].pointers", "references{G1}".

A number in square brackets counts a list from 0, a word in braces finds the one of that kind: a reference
or a date by its qualifier, a provider by her role. What is put is put into a copy; what is left empty is
taken away, so that a claim in which nothing was typed stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from medsec_desktop.domain.claims.claim import (
    Address,
    Attachment,
    Claim,
    Contact,
    Dated,
    Diagnosis,
    Drug,
    Insured,
    Note,
    OtherCoverage,
    Party,
    Patient,
    Reference,
)
from medsec_desktop.domain.claims.rules_of_people import ROLES
from medsec_desktop.domain.claims.scrubbing import Finding, Fix

_STEP = re.compile(r"([a-z_0-9]+)|\[(\d+)\]|\{(\w+)\}")
# What stands where nothing does yet, by the name of its place.
_NEW: dict[str, Callable[[], Any]] = {
    "address": Address,
    "pay_to": Address,
    "contact": Contact,
    "note": lambda: Note("ADD", ""),
    "drug": lambda: Drug("", "", "UN"),
    "patient": Patient,
}
# Where the cursor goes for a rule that speaks of a whole list.
_OF_RULE = {
    ("authorization", "references"): "references{G1}",
    ("frequency", "references"): "references{F8}",
    ("clia", "references"): "references{X4}",
    ("rendering", "providers"): "providers{82}.family",
    ("referrer", "providers"): "providers{DN}.family",
    ("facility", "providers"): "providers{77}.family",
    ("admission", "dates"): "dates{435}",
    ("accident", "dates"): "dates{439}",
}
_FIRST = {
    "billing.references": "billing.references{EI}",
    "diagnoses": "diagnoses[0].code",
    "lines": "lines[0].code",
    "charge_cents": "lines[0].charge_cents",
    "patient": "patient.party.family",
    "providers": "providers{82}.family",
    "others": "others[0].payer.family",
    "references": "references{G1}",
    "dates": "dates{431}",
    "causes": "causes",
}


def value_at(claim: Claim, path: str) -> Any:
    """What stands there; None where the place does not exist."""
    found: Any = claim
    for name, number, kind in _steps(path):
        if found is None:
            return None
        if name:
            found = getattr(found, name)
        elif number:
            found = _inside(found[int(number)]) if int(number) < len(found) else None
        else:
            found = _inside(next((one for one in found if _kind_of(one) == kind), None))
    return _leaf(found)


def put(claim: Claim, path: str, value: Any) -> Claim:
    """The claim with another value there. A number one past the end of a list adds to it."""
    return cast(Claim, _put(claim, list(_steps(path)), value, ""))


def mended(claim: Claim, fix: Fix) -> Claim:
    """The claim after a fix, whose value is text: “1:2” for a list."""
    path, value = fix.field, cast(Any, fix.value)
    if path == "billing.references":
        numbers = {_digits(one.value): one.kind for one in claim.billing.references}
        path = f"billing.references{{{numbers.get(fix.value, 'EI')}}}"
    elif path.endswith("_cents"):
        value = int(fix.value)
    elif path.endswith(".pointers"):
        value = tuple(int(one) for one in fix.value.split(":"))
    elif path.endswith(".modifiers"):
        value = tuple(one for one in fix.value.split(":") if one)
    return put(claim, path, value)


def place_of(finding: Finding, claim: Claim) -> str:
    """The one field in which a fault is put right: that of the finding, or the first it speaks of."""
    path = _OF_RULE.get((finding.rule.id, finding.field), finding.field)
    path = _FIRST.get(path, path)
    if path.endswith(".drug"):
        return f"{path}.code"
    if path.endswith(".address"):
        return f"{path}.line1"
    found = re.match(r"providers\[(\d+)\](.*)", path)
    if found and int(found[1]) < len(claim.providers):
        role = claim.providers[int(found[1])][0]
        return f"providers{{{role}}}{found[2] or '.family'}" if role in ROLES else path
    return path


# -- inside ------------------------------------------------------------------------------------

Step = tuple[str, str, str]


def _steps(path: str) -> Sequence[Step]:
    return [(one[1] or "", one[2] or "", one[3] or "") for one in _STEP.finditer(path)]


def _kind_of(one: Any) -> str:
    return str(one[0] if isinstance(one, tuple) else one.kind)


def _inside(one: Any) -> Any:
    """A provider without her role."""
    return one[1] if isinstance(one, tuple) else one


def _leaf(found: Any) -> Any:
    if isinstance(found, Reference):
        return found.value
    if isinstance(found, Dated):
        return found.on
    return found


def _put(here: Any, steps: list[Step], value: Any, of: str) -> Any:
    if not steps:
        return value
    name, number, kind = steps[0]
    if name:
        inner = getattr(here, name)
        if inner is None and len(steps) > 1:
            inner = _NEW[name]()
        inner = _put(inner, steps[1:], value, name)
        if name in _NEW and len(steps) > 1 and inner == _NEW[name]():
            inner = None
        return replace(here, **{name: inner})
    if number:
        at = int(number)
        blank = _new_in(of, at)
        if of == "providers" and at < len(here):
            role, party = here[at]
            return (*here[:at], (role, _put(party, steps[1:], value, "")), *here[at + 1 :])
        new = _put(here[at] if at < len(here) else blank, steps[1:], value, of)
        is_blank = new is None or new == blank
        return (*here[:at], *(() if is_blank else (new,)), *here[at + 1 :])
    return _put_kind(here, kind, steps[1:], value, of)


def _put_kind(here: tuple[Any, ...], kind: str, steps: list[Step], value: Any, of: str) -> Any:
    at = next((at for at, one in enumerate(here) if _kind_of(one) == kind), len(here))
    old = here[at] if at < len(here) else None
    new: Any
    if of == "providers":
        party = _put(_inside(old) or _new_provider(kind), steps, value, "")
        is_empty = not (party.family or party.given or party.id)
        new = None if is_empty else (kind, party)
    elif of == "dates":
        if steps:  # the end of a span
            new = old if old is None else replace(old, last=value)
        else:
            last = old.last if old is not None else None
            new = None if value is None else Dated(kind, value, last)
    else:
        new = Reference(kind, value) if value else None
    return (*here[:at], *(() if new is None else (new,)), *here[at + 1 :])


def _new_provider(role: str) -> Party:
    return Party(is_person=role != "77", id_kind="XX")


def _new_in(of: str, at: int) -> Any:
    if of == "diagnoses":
        return Diagnosis("", "ABF" if at else "ABK")
    if of == "attachments":
        return Attachment("", "")
    if of == "others":
        return OtherCoverage(Insured(Party(is_person=True, id_kind="MI")), Party(id_kind="PI"))
    return None


def _digits(text: str) -> str:
    return re.sub(r"[-\s]", "", text)
