"""Whether a claim that was read is the claim that was written, as far as a file can say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from medsec_desktop.domain.claims.claim import Claim, Contact, Insured, Party, ServiceLine
from medsec_desktop.domain.claims.plain import safe
from medsec_desktop.edi.write_837p import BY_PAYER, asked_by

_WITH_ADDRESS = ("77", "DK")
_CLAIM_ROLES = ("DN", "P3", "82", "77", "DQ")
_LINE_ROLES = ("82", "QB", "77", "DQ", "DK", "DN", "P3")


def differences(sent: Claim, read: Claim) -> tuple[str, ...]:
    """The fields in which two claims differ, such as “lines[1].code”; none where they are the same.

    Letters the file cannot carry are folded first, and what no segment has a place for is left out.
    """
    return tuple(_differing(carried(sent), carried(read), ""))


def carried(claim: Claim) -> Claim:
    """The claim as an 837P carries it: in the guide’s order, without what it has no place for."""
    has_patient = claim.patient is not None
    found = replace(
        claim,
        billing=_billing(claim.billing),
        insured=_insured(claim.insured, is_other=False),
        payer=_party(claim.payer, with_address=True),
        causes=claim.causes[:3],
        providers=_providers(claim.providers, _CLAIM_ROLES),
        others=tuple(
            replace(
                other,
                insured=_insured(other.insured, is_other=True),
                payer=replace(_party(other.payer, with_address=True), references=()),
                remarks=other.remarks[:5],
            )
            for other in claim.others
        ),
        lines=tuple(_line(line) for line in claim.lines),
        dates=_dates(claim.dates),
    )
    if has_patient and claim.patient is not None:
        treated = claim.patient
        found.patient = replace(
            treated,
            party=_party(
                replace(treated.party, is_person=True, id_kind="", id=""), with_address=True
            ),
            sex=(treated.sex or "U") if treated.birth_on else "",
        )
    return found


def _billing(billing: Party) -> Party:
    """Numbers a payer gave stand with the payer, after the others."""
    found = _party(billing, with_address=True, with_taxonomy=True)
    numbers = sorted(billing.references, key=lambda one: one.kind in BY_PAYER)
    return replace(found, references=tuple(numbers), contact=_contact(billing.contact))


def _insured(insured: Insured, *, is_other: bool) -> Insured:
    party = _party(insured.party, with_address=True)
    if is_other:
        return replace(insured, party=party, birth_on=None, sex="")
    sex = (insured.sex or "U") if insured.birth_on else ""
    return replace(insured, party=party, sex=sex)


def _party(
    party: Party,
    *,
    with_address: bool = False,
    with_taxonomy: bool = False,
) -> Party:
    found = replace(
        party,
        id_kind=party.id_kind if party.id else "",
        address=party.address if with_address else None,
        contact=None,
        taxonomy=party.taxonomy if with_taxonomy else "",
    )
    return found if party.is_person else replace(found, given="", middle="", suffix="")


def _contact(contact: Contact | None) -> Contact | None:
    """PER has room for three ways; an extension follows its phone."""
    if contact is None:
        return None
    ways = [
        name
        for name in ("phone", "extension", "fax", "email")
        if getattr(contact, name) and (name != "extension" or contact.phone)
    ][:3]
    if not ways:
        return None
    return Contact(contact.name, **{name: getattr(contact, name) for name in ways})


def _providers(
    providers: tuple[tuple[str, Party], ...], order: tuple[str, ...]
) -> tuple[tuple[str, Party], ...]:
    return tuple(
        (
            role,
            _provider(role, party, of_line=order is _LINE_ROLES),
        )
        for role, party in sorted(providers, key=lambda one: order.index(one[0]))
    )


def _provider(role: str, party: Party, *, of_line: bool) -> Party:
    if role == "QB":
        party = replace(party, family="", given="", middle="", suffix="")
    found = _party(party, with_address=role in _WITH_ADDRESS, with_taxonomy=role == "82")
    return replace(found, contact=_contact(asked_by(role, party.contact, of_line=of_line)))


def _line(line: ServiceLine) -> ServiceLine:
    return replace(
        line,
        to_on=line.to_on if line.to_on != line.from_on else None,
        modifiers=tuple(one for one in line.modifiers[:4] if one),
        dates=_dates(line.dates),
        providers=_providers(line.providers, _LINE_ROLES),
    )


def _dates(dates: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        replace(one, last=None) if one.last is not None and one.last == one.on else one
        for one in dates
    )


def _differing(one: Any, other: Any, path: str) -> Iterator[str]:
    if isinstance(one, str) and isinstance(other, str):
        if one != other and _safe(one) != _safe(other):
            yield path
    elif isinstance(one, tuple) and isinstance(other, tuple):
        if len(one) != len(other):
            yield path
        else:
            for at, (mine, theirs) in enumerate(zip(one, other, strict=True)):
                yield from _differing(mine, theirs, f"{path}[{at}]")
    elif is_dataclass(one) and type(one) is type(other):
        for name in (field.name for field in fields(one)):
            inner = f"{path}.{name}" if path else name
            yield from _differing(getattr(one, name), getattr(other, name), inner)
    elif one != other:
        yield path


@lru_cache(10_000)
def _safe(text: str) -> str:
    return safe(text)
