"""Addresses: a street where one is asked for, ZIP codes, states and countries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from medsec_desktop.domain.claims.claim import Address, Claim
from medsec_desktop.domain.claims.countries import ABROAD, PROVINCES
from medsec_desktop.domain.claims.plain import safe
from medsec_desktop.domain.claims.rules_of_people import ROLES, providers_in
from medsec_desktop.domain.claims.scrubbing import Fix, Severity, Surroundings, Told, rule
from medsec_desktop.domain.claims.us_zip_prefixes import STATES, may_be

_GUIDE = "005010X222A1"
_PAY_TO = "pay-to address"
_OTHERS = ("other subscriber", "other payer")
_PO_BOX = re.compile(r"\bP\.?\s*O\.?\s*BOX\b|\bPOST OFFICE BOX\b", re.IGNORECASE)
_ZIP = re.compile(r"\d{5}([-\s]?\d{4})?", re.ASCII)


@rule(
    "billing-street",
    Severity.ERROR,
    "a street for the billing provider",
    f"{_GUIDE} 2010AA N3",
    "A7:503",
)
def _billing_street(claim: Claim, _: Surroundings) -> Iterator[Told]:
    address = claim.billing.address
    if address is None or not safe(address.line1):
        yield "The billing provider has no street address.", "billing.address"
    elif _PO_BOX.search(f"{address.line1} {address.line2}"):
        yield (
            "The billing address is a post office box; it must be a street. A box may stand in the"
            " pay-to address."
        ), "billing.address.line1"  # fmt: skip


@rule(
    "billing-zip",
    Severity.ERROR,
    "nine-digit ZIP where services are given",
    f"{_GUIDE} 2010AA, 2310C N403",
    "A7:500",
)
def _billing_zip(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if around.is_on_paper:
        return
    at: list[tuple[str, Address | None, str]] = [
        ("billing provider", claim.billing.address, "billing.address.postal_code")
    ]
    at += [
        ("service facility", party.address, f"{path}.address.postal_code")
        for role, party, path in providers_in(claim)
        if role == "77"
    ]
    for who, address, path in at:
        if address is None or address.country not in ("", "US"):
            continue
        if len(re.sub(r"\D", "", address.postal_code)) != 9:
            yield f"The ZIP code of the {who} must have nine digits.", path


@rule("zip-guessed", Severity.WARNING, "a real ZIP+4", f"{_GUIDE} 2010AA, 2310C N403", "A7:500")
def _guessed_zip(claim: Claim, _: Surroundings) -> Iterator[Told]:
    at = [("billing", claim.billing, "billing")]
    at += [("facility’s", party, path) for role, party, path in providers_in(claim) if role == "77"]
    for whose, party, path in at:
        code = party.address.postal_code if party.address is not None else ""
        if re.sub(r"\D", "", code)[5:] in ("0000", "9998"):
            yield (
                f"The {whose} ZIP code ends in {code[-4:]}, which is a stopgap.",
                f"{path}.address.postal_code",
            )


@rule(
    "facility-address",
    Severity.ERROR,
    "address of the service facility",
    f"{_GUIDE} 2310C N3, N4",
    "",
)
def _facility_address(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for role, party, path in providers_in(claim):
        if role == "77" and (party.address is None or not safe(party.address.line1)):
            yield f"The service facility {party.family} has no address.", f"{path}.address"


@rule("addresses", Severity.ERROR, "ZIP codes and states", f"{_GUIDE} N402, N403", "A7:500, A7:501")
def _addresses(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for who, address, path in _addresses_of(claim):
        place = _called(who)
        if not safe(address.line1) and who in (_PAY_TO, "payer", *_OTHERS):
            yield f"The {place} has no street.", f"{path}.line1"
        if len(safe(address.city)) < 2:
            what = f"“{address.city}” in the {place} is too short for a city."
            if not safe(address.city):
                what = f"The {place} has no city."
            yield what, f"{path}.city"
        if address.country not in ("", "US"):
            yield from _abroad(place, address, path)
            continue
        if not _ZIP.fullmatch(address.postal_code):
            yield f"The ZIP code of the {who} has five or nine digits.", f"{path}.postal_code"
        if address.state not in STATES:
            yield f"“{address.state}” in the {place} is no state.", f"{path}.state"


def _called(who: str) -> str:
    return who if who == _PAY_TO else f"{who}’s address"


def _abroad(place: str, address: Address, path: str) -> Iterator[Told]:
    """Canada has provinces; elsewhere a claim names none (N402)."""
    if address.country not in ABROAD:
        yield f"“{address.country}” in the {place} is no country.", path
    elif address.country == "CA":
        if address.state not in PROVINCES:
            what = f"“{address.state}” in the {place} is no province of Canada."
            yield what, f"{path}.state"
    elif address.state:
        fix = Fix(f"{path}.state", "", "Leave it away")
        yield f"The {place} is abroad, where a claim names no state.", f"{path}.state", fix
    if address.postal_code and len(safe(address.postal_code)) < 3:
        what = f"“{address.postal_code}” in the {place} is no postal code."
        yield what, f"{path}.postal_code"


@rule(
    "zip-and-state",
    Severity.WARNING,
    "a ZIP code that lies in its state",
    "the prefixes of the postal service, see us_zip_prefixes",
    "A7:501",
)
def _zip_in_state(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for who, address, path in _addresses_of(claim):
        if address.country in ("", "US") and not may_be(address.postal_code, address.state):
            yield (
                f"The {who}’s ZIP code {address.postal_code[:5]} does not lie in {address.state}.",
                f"{path}.postal_code",
            )


def _addresses_of(claim: Claim) -> Iterator[tuple[str, Address, str]]:
    if claim.billing.address is not None:
        yield "billing provider", claim.billing.address, "billing.address"
    if claim.pay_to is not None:
        yield _PAY_TO, claim.pay_to, "pay_to"
    if claim.insured.party.address is not None:
        yield "subscriber", claim.insured.party.address, "insured.party.address"
    if claim.patient is not None and claim.patient.party.address is not None:
        yield "patient", claim.patient.party.address, "patient.party.address"
    if claim.payer.address is not None:
        yield "payer", claim.payer.address, "payer.address"
    for at, other in enumerate(claim.others):
        for who, party in zip(_OTHERS, (other.insured.party, other.payer), strict=True):
            if party.address is not None:
                part = "insured.party" if party is other.insured.party else "payer"
                yield who, party.address, f"others[{at}].{part}.address"
    for role, party, path in providers_in(claim):
        if party.address is not None:
            yield ROLES.get(role, "provider"), party.address, f"{path}.address"
