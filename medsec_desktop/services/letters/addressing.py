"""To whom a letter goes at first: by what it is about, unless somebody was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from medsec_desktop.domain.writing.template import Topic
from medsec_desktop.services.letters.known import Known, Place


@dataclass(frozen=True, slots=True)
class Addressee:
    """Name and address as they print, and who that is."""

    lines: tuple[str, ...]
    kind: str = "patient"
    id: int | None = None


def addressed(known: Known, topic: Topic, home: str) -> Addressee:
    """Whom a letter about this goes to; `home` is the practice's own country.

    A referral goes to the other doctor, an account to the guarantor, coverage to the payer, a request to
    where its records are to go; all others, and those where nobody is known, to the patient.
    """
    about = known.about
    if about.recipient:
        return Addressee(about.recipient, about.recipient_kind or "patient", about.recipient_id)
    if topic == "referral" and known.referral is not None and (lines := other_side(known)):
        referral = known.referral
        if referral.other_provider_id:
            return Addressee(lines, "provider", referral.other_provider_id)
        return Addressee(lines, "organization", referral.organization_id)
    if topic == "request" and known.request is not None:
        given = [line.strip() for line in known.request.deliver_to.split("\n") if line.strip()]
        if known.request.requester_kind != "patient" or given:
            is_named = known.request.requester in given[:1]
            name = () if is_named else (known.request.requester,)
            return Addressee((*name, *given), "free")
    if topic == "account":
        guarantor = next((one for one in known.related if one.is_guarantor), None)
        if guarantor is not None:
            lines = guarantor.place.lines or home_of(known, home)[1:]
            return Addressee((guarantor.name, *lines), "guarantor", guarantor.id)
    if topic == "coverage" and known.coverages:
        first = known.coverages[0]
        return Addressee((first.payer, *first.payer_place.lines), "payer", first.payer_id)
    return Addressee(home_of(known, home))


def home_of(known: Known, home: str) -> tuple[str, ...]:
    """The patient's name and address as on an envelope."""
    place = known.place or Place()
    # USPS, Publication 28: the country in full, in capitals, on a line of its own, if foreign.
    abroad = "" if place.country in ("", home) else _country(place.country)
    return tuple(line for line in (known.person.name.full, *place.lines, abroad) if line)


def other_side(known: Known) -> tuple[str, ...]:
    """Name and address of whom a referral goes to or came from; () where nobody is named."""
    referral = known.referral
    if referral is None:
        return ()
    other = known.providers.get(referral.other_provider_id or 0)
    if other is None:
        lines = (referral.organization, *referral.place.lines)
    elif other.place.lines:
        lines = other.address
    else:
        lines = (other.name, referral.organization, *referral.place.lines)
    return tuple(dict.fromkeys(line for line in lines if line))


_COUNTRIES = {
    "AT": "AUSTRIA", "AU": "AUSTRALIA", "BR": "BRAZIL", "CA": "CANADA", "CH": "SWITZERLAND",
    "CN": "CHINA", "DE": "GERMANY", "DO": "DOMINICAN REPUBLIC", "ES": "SPAIN", "FR": "FRANCE",
    "GB": "UNITED KINGDOM", "GT": "GUATEMALA", "HT": "HAITI", "IE": "IRELAND", "IN": "INDIA",
    "IT": "ITALY", "JP": "JAPAN", "KR": "SOUTH KOREA", "MX": "MEXICO", "NZ": "NEW ZEALAND",
    "PH": "PHILIPPINES", "PL": "POLAND", "PT": "PORTUGAL", "SV": "EL SALVADOR", "US": "USA",
    "VN": "VIETNAM",
}  # fmt: skip


def _country(code: str) -> str:
    return _COUNTRIES.get(code.upper(), code.upper())
