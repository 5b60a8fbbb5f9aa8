"""What a field of the claim shows, and the claim after something was typed into it. Nothing of Qt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from medsec_desktop.domain.claims.claim import Claim, Dated, Reference
from medsec_desktop.domain.claims.entered import relation_of, with_relation
from medsec_desktop.domain.claims.paths import put, value_at
from medsec_desktop.domain.claims.words import OTHER_DATES
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.fields import (
    CODES,
    DATE,
    DIGITS,
    MONEY,
    OTHER_DATE,
    OTHER_DATE_KIND,
    RELATION,
    TAX_KIND,
    ZIP,
    FieldSpec,
)

Shown: TypeAlias = str | bool | date | None
_TAX = ("EI", "SY")
_TAX_ID = "billing.references{tax}"
TOGETHER = (TAX_KIND, _TAX_ID, OTHER_DATE_KIND, OTHER_DATE)  # two fields, one thing


def shown(claim: Claim, spec: FieldSpec) -> Shown:
    """What stands in the claim, as the field shows it."""
    if spec.path == RELATION:
        return relation_of(claim)
    if spec.path.startswith("causes "):
        return spec.path.removeprefix("causes ") in claim.causes
    if spec.path in (TAX_KIND, _TAX_ID):
        tax = _tax_id(claim)
        return tax.kind if spec.path == TAX_KIND else tax.value
    if spec.path in (OTHER_DATE_KIND, OTHER_DATE):
        other = _other_date(claim)
        if other is None:
            return "" if spec.path == OTHER_DATE_KIND else None
        return other.kind if spec.path == OTHER_DATE_KIND else other.on
    value = value_at(claim, resolved(claim, spec.path))
    if spec.kind == DATE:
        return value if isinstance(value, date) else None
    if spec.kind == MONEY:
        return "" if value is None else str(Money(value))
    if spec.kind == ZIP:
        text = str(value or "")
        return f"{text[:5]}-{text[5:]}" if len(text) == 9 and text.isdigit() else text
    if spec.kind == CODES:
        return " ".join(value or ())
    return "" if value is None else str(value)


def with_all(claim: Claim, values: Mapping[str, Shown], specs: Mapping[str, FieldSpec]) -> Claim:
    """The claim with what every field shows. Raises Invalid, which names the field.

    The relation is taken first: it says whose the other fields are. A field that shows what already
    stands there changes nothing, so that what no field shows is kept.
    """
    for path in sorted(values, key=lambda path: path != RELATION):
        spec = specs[path]
        if path in TOGETHER or (path.startswith("insured.") and _is_hidden(claim, path)):
            continue
        if values[path] != shown(claim, spec):
            try:
                claim = _with(claim, spec, values[path])
            except Invalid as fault:
                raise Invalid(fault.what, fault.why, fault.remedy, field=path) from None
    tax_id = str(values.get(_TAX_ID) or "")
    if _TAX_ID in values and (tax_id, values[TAX_KIND]) != _flat(_tax_id(claim)):
        claim = with_tax_id(claim, str(values[TAX_KIND]), tax_id)
    day = values.get(OTHER_DATE)
    if OTHER_DATE in values:
        claim = with_other_date(
            claim, str(values[OTHER_DATE_KIND] or ""), day if isinstance(day, date) else None
        )
    return claim


def _is_hidden(claim: Claim, path: str) -> bool:
    """Whether it is the subscriber’s own, while the patient is the subscriber."""
    is_own = path.startswith("insured.party.") or path in ("insured.birth_on", "insured.sex")
    return claim.patient is None and is_own and path != "insured.party.id"


def _flat(reference: Reference) -> tuple[str, str]:
    return reference.value, reference.kind


def _with(claim: Claim, spec: FieldSpec, value: Shown) -> Claim:
    if spec.path == RELATION:
        return with_relation(claim, str(value))
    if spec.path.startswith("causes "):
        cause = spec.path.removeprefix("causes ")
        causes = tuple(one for one in claim.causes if one != cause)
        return replace(claim, causes=(*causes, cause) if value else causes)
    text = str(value or "").strip()
    at = resolved(claim, spec.path)
    if spec.kind == DATE:
        return put(claim, at, value)
    if spec.kind == MONEY:
        return put(claim, at, Money.parse(text).cents if text else None)
    if spec.kind in (ZIP, DIGITS):
        return put(claim, at, re.sub(r"[\s-]", "", text))
    if spec.kind == CODES:
        return put(claim, at, tuple(re.findall(r"[0-9A-Z]+", text.upper())))
    if at.endswith(".state") or at == "accident_state":
        text = text.upper()
    return put(claim, at, text)


def resolved(claim: Claim, path: str) -> str:
    """The place in the claim; the patient stands with the subscriber where she is one."""
    if path.startswith("who."):
        return path.replace("who.", "insured." if claim.patient is None else "patient.", 1)
    return path


def field_of(claim: Claim, place: str) -> str:
    """The name of the form’s field for a place in the claim."""
    who = "insured." if claim.patient is None else "patient."
    if place.startswith(who) and place.removeprefix(who).startswith(("party.", "birth", "sex")):
        inside = place.removeprefix(who)
        if not (claim.patient is None and inside == "party.id"):
            return f"who.{inside}"
    if place in ("insured.relationship", "patient.relationship"):
        return RELATION
    if place == "causes":
        return "causes AA"
    if place.startswith("billing.references"):
        return _TAX_ID
    return place


# -- fields that share a place -----------------------------------------------------------------


def _tax_id(claim: Claim) -> Reference:
    return next((one for one in claim.billing.references if one.kind in _TAX), Reference("EI", ""))


def with_tax_id(claim: Claim, kind: str, value: str) -> Claim:
    """The claim with that tax id of who bills; '' takes it away."""
    rest = tuple(one for one in claim.billing.references if one.kind not in _TAX)
    mine = (Reference(kind or "EI", value.strip()),) if value.strip() else ()
    return replace(claim, billing=replace(claim.billing, references=(*mine, *rest)))


def _other_date(claim: Claim) -> Dated | None:
    return next((one for one in claim.dates if one.kind and one.kind in OTHER_DATES), None)


def with_other_date(claim: Claim, kind: str, on: date | None) -> Claim:
    """The claim with that date of item 15; kind and day are one: without either there is none."""
    old = _other_date(claim)
    dates = tuple(one for one in claim.dates if one is not old)
    new = (Dated(kind, on),) if kind and on is not None else ()
    return replace(claim, dates=(*dates, *new))
