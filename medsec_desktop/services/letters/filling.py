"""What was looked up, as the words, subjects and blocks a template is filled in with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from medsec_desktop.domain.calendar.recalls import due_said
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.languages import NAMES
from medsec_desktop.domain.letter_words import (
    NAME,
    WORDS,
    LetterWords,
    greeted_provider,
    kept_together,
    written_birth,
    written_relation,
)
from medsec_desktop.domain.letters import written_date, written_duration, written_time
from medsec_desktop.domain.money import Money
from medsec_desktop.domain.writing.document import Block, Paragraph, Style, Text
from medsec_desktop.domain.writing.merging import Filling
from medsec_desktop.domain.writing.plain import box_of
from medsec_desktop.services.letters.addressing import home_of, other_side
from medsec_desktop.services.letters.known import (
    CoverageFacts,
    Known,
    Place,
    ProviderFacts,
    RelatedFacts,
    VisitFacts,
)
from medsec_desktop.services.practice import Profile

_OF_AGE = 18


@dataclass(frozen=True, slots=True)
class Desk:
    """What letters say that is the same for all of them: the practice, who writes, and when."""

    profile: Profile
    formats: Formats
    writer: str
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()


def filling_of(known: Known, desk: Desk, language: str) -> Filling:
    """Everything a letter about this may ask for, in words of its language."""
    work = _Words(known, desk, language)
    return Filling(work.fields(), work.subjects(), work.blocks())


def practice_place(profile: Profile) -> str:
    """The practice's address in two lines: street with suite, city with state and ZIP."""
    *street, place = profile.address_lines or ("",)
    return "\n".join(line for line in (", ".join(street), place) if line)


class _Words:
    def __init__(self, known: Known, desk: Desk, language: str):
        self._known = known
        self._desk = desk
        self._language = language
        self._formats = desk.formats
        self._said: LetterWords = WORDS[language]

    def fields(self) -> dict[str, str]:
        known, desk = self._known, self._desk
        signer = known.providers.get(known.signer_id or 0)
        profile = desk.profile
        return {
            **self._patient(),
            **self._people(),
            **(self._visit(known.visit) if known.visit else {}),
            "appointment.place": practice_place(profile),
            **self._recall(),
            **self._referral(),
            **self._request(),
            **self._coverage(),
            **self._providers(),
            "practice.name": profile.name,
            "practice.address": ", ".join(profile.address_lines),
            "practice.phone": kept_together(profile.phone),
            "practice.fax": kept_together(profile.fax),
            "practice.email": profile.email,
            "practice.website": profile.website,
            "practice.npi": profile.npi,
            "practice.tax_id": profile.tax_id,
            "letter.date": self._date(desk.today),
            "letter.recipient": "".join(known.about.recipient[:1]),
            "letter.salutation": self._salutation(),
            "writer.name": desk.writer,
            "signer.name": signer.name if signer else "",
            "signer.specialty": signer.specialty if signer else "",
            "signer.npi": signer.npi if signer else "",
            **known.about.facts,
        }

    def subjects(self) -> dict[str, str]:
        """What conditions ask about, as it is kept and not as it is said."""
        known = self._known
        person, visit, referral = known.person, known.visit, known.referral
        found = {
            "patient.status": person.status,
            "patient.age": self._age(),
            "patient.sex": person.sex,
            "patient.language": person.language.partition("-")[0],
            "coverage.has": _yes(bool(known.coverages)),
            "coverage.payer": known.coverages[0].payer if known.coverages else "",
            "coverage.second": _yes(len(known.coverages) > 1),
            "visits.has": _yes(bool(known.visits)),
            "letter.to": known.about.recipient_kind or "patient",
        }
        if visit is not None:
            found["appointment.status"] = visit.status
            found["appointment.type"] = visit.type_name
            found["appointment.when"] = "past" if visit.starts_at < self._desk.now else "coming"
            found["appointment.moved"] = _yes(visit.former_at is not None)
        if referral is not None:
            found["referral.direction"] = referral.direction
            found["referral.urgent"] = _yes(referral.is_urgent)
        return found

    def blocks(self) -> dict[str, tuple[Block, ...]]:
        known = self._known
        signer = known.providers.get(known.about.signer_id or 0)
        signed = (signer.name, signer.specialty) if signer else (self._desk.writer,)
        found: dict[str, tuple[Block, ...]] = {
            "address": _lines(home_of(known, self._desk.profile.region)),
            "signature": _lines((*signed, self._desk.profile.name), Style.SIGNATURE),
        }
        if known.visit is not None:
            found["visit"] = (box_of(self.visit_rows(known.visit)),)
        if known.visits:
            found["visits"] = (box_of(map(self._visit_line, known.visits), (1, 1)),)
        if known.coverages:
            rows = list(self._coverage_rows(known.coverages))
            found["coverage"] = (box_of(rows),)
        return found

    def visit_rows(self, visit: VisitFacts) -> list[tuple[str, str]]:
        """The details of a visit; where it will not or did not take place, not where to come."""
        said = self._said
        is_to_come = visit.status in ("scheduled", "confirmed", "arrived", "in-room", "done")
        long = f", {said.about_minutes} {written_duration(visit.duration_min, self._language)}"
        rows = [
            (said.date, self._date(visit.starts_at.date(), weekday=True)),
            (said.time, f"{self._time(visit.starts_at)}{long if is_to_come else ''}"),
            (said.with_whom, visit.provider),
            (said.for_what, visit.type_name),
            (said.where, practice_place(self._desk.profile) if is_to_come else ""),
        ]
        return [(label, value) for label, value in rows if value]

    # -- the groups of fields ------------------------------------------------------------------

    def _patient(self) -> dict[str, str]:
        person, place = self._known.person, self._known.place or Place()
        base = person.language.partition("-")[0]
        return {
            "patient.name": person.name.full,
            "patient.greeting": person.name.spoken,
            "patient.given_name": person.name.preferred or person.name.given,
            "patient.family_name": person.name.family,
            "patient.chart_number": person.chart_number,
            "patient.birth_date": written_birth(person.birth, self._language, self._formats),
            "patient.age": self._age(),
            "patient.sex": self._said.sexes.get(person.sex, ""),
            "patient.phone": self._phone(self._known.phone),
            "patient.email": person.email,
            "patient.language": self._said.languages.get(base, NAMES.get(base, "")),
            "patient.employer": person.employer,
            "address.lines": "\n".join(place.lines),
            "address.line": ", ".join(place.lines),
            "address.street": ", ".join(line for line in (place.line1, place.line2) if line),
            "address.city": place.city,
            "address.state": place.state,
            "address.zip": place.postal_code,
        }

    def _people(self) -> dict[str, str]:
        known = self._known
        guarantor = next((one for one in known.related if one.is_guarantor), None)
        contact = next((one for one in known.related if one.is_emergency_contact), None)
        found = {}
        if guarantor is not None:
            found.update(self._related("guarantor", guarantor))
            lines = guarantor.place.lines or (known.place.lines if known.place else ())
            found["guarantor.address"] = "\n".join(lines)
        elif self._is_of_age():
            found["guarantor.name"] = known.person.name.full
            found["guarantor.relation"] = written_relation("self", self._language)
            found["guarantor.phone"] = self._phone(known.phone)
            found["guarantor.address"] = "\n".join(known.place.lines if known.place else ())
        if contact is not None:
            found.update(self._related("contact", contact))
        return found

    def _related(self, group: str, one: RelatedFacts) -> dict[str, str]:
        return {
            f"{group}.name": one.name,
            f"{group}.relation": written_relation(one.relation, self._language),
            f"{group}.phone": self._phone(one.phone),
        }

    def _visit(self, visit: VisitFacts) -> dict[str, str]:
        ends_at = visit.starts_at + timedelta(minutes=visit.duration_min)
        found = {
            "appointment.date": self._date(visit.starts_at.date(), weekday=True),
            "appointment.time": self._time(visit.starts_at),
            "appointment.end_time": self._time(ends_at),
            "appointment.duration": written_duration(visit.duration_min, self._language),
            "appointment.provider": visit.provider,
            "appointment.type": visit.type_name,
            "appointment.room": visit.room,
            "appointment.preparation": visit.preparation,
        }
        if visit.former_at is not None:
            found["appointment.former_date"] = self._date(visit.former_at.date(), weekday=True)
            found["appointment.former_time"] = self._time(visit.former_at)
        return found

    def _recall(self) -> dict[str, str]:
        recall = self._known.recall
        if recall is None:
            return {}
        return {
            "recall.name": recall.name,
            "recall.due": due_said(recall.due_on, self._language),
            "recall.provider": recall.provider,
        }

    def _referral(self) -> dict[str, str]:
        referral = self._known.referral
        if referral is None:
            return {}
        other = self._known.providers.get(referral.other_provider_id or 0)
        ours = self._known.providers.get(referral.provider_id or 0)
        name = other.name if other else referral.organization
        place = other.place if other and other.place.lines else referral.place
        return {
            "referral.to": name,
            "referral.greeting": self._greeted(other) or referral.organization,
            "referral.address": "\n".join(other_side(self._known)),
            "referral.phone": self._phone(place.phone),
            "referral.fax": self._phone(place.fax),
            "referral.specialty": referral.specialty,
            "referral.reason": referral.reason,
            "referral.date": self._date(referral.begun_on),
            "referral.expires": self._date(referral.expires_on),
            "referral.number": referral.number,
            "referral.provider": ours.name if ours else "",
            "referral.their_visit": self._date(referral.their_visit_on),
        }

    def _request(self) -> dict[str, str]:
        request = self._known.request
        if request is None:
            return {}
        period = [self._date(day) for day in (request.from_on, request.to_on) if day]
        return {
            "request.requester": request.requester,
            "request.deliver_to": request.deliver_to,
            "request.received": self._date(request.received_on),
            "request.due": self._date(request.due_on),
            "request.wanted": request.wanted,
            "request.period": f" {self._said.until} ".join(period),
            "request.purpose": request.purpose,
            "request.fee": self._money(request.fee_cents or None),
        }

    def _coverage(self) -> dict[str, str]:
        first, second = (*self._known.coverages[:2], None, None)[:2]
        found = {}
        if first is not None:
            is_hers = first.relation == "self"
            found = {
                "coverage.payer": first.payer,
                "coverage.plan": first.plan,
                "coverage.member_id": first.member_id,
                "coverage.group": first.group,
                "coverage.copay": self._money(first.copay_cents),
                "coverage.subscriber": self._known.person.name.spoken
                if is_hers
                else first.subscriber,
                "coverage.relation": written_relation(first.relation, self._language),
                "coverage.payer_address": "\n".join(first.payer_place.lines),
                "coverage.payer_phone": self._phone(first.payer_place.phone),
                "coverage.payer_fax": self._phone(first.payer_place.fax),
                "coverage.starts": self._formats.date(first.starts_on) if first.starts_on else "",
                "coverage.verified": self._formats.date(first.verified_on)
                if first.verified_on
                else "",
            }
        if second is not None:
            found["coverage.second_payer"] = second.payer
            found["coverage.second_member_id"] = second.member_id
            found["coverage.second_group"] = second.group
        return found

    def _providers(self) -> dict[str, str]:
        person, providers = self._known.person, self._known.providers
        primary = providers.get(person.primary_provider_id or 0)
        referring = providers.get(person.referring_provider_id or 0)
        found = {}
        if primary is not None:
            found["provider.primary"] = primary.name
            found["provider.primary_greeting"] = self._greeted(primary)
        if referring is not None:
            found["provider.referring"] = referring.name
            found["provider.referring_greeting"] = self._greeted(referring)
            found["provider.referring_address"] = "\n".join(referring.address)
            found["provider.referring_phone"] = self._phone(referring.place.phone)
            found["provider.referring_fax"] = self._phone(referring.place.fax)
        return found

    def _coverage_rows(self, coverages: tuple[CoverageFacts, ...]) -> Iterable[tuple[str, str]]:
        said = self._said
        for place, one in enumerate(coverages[:2]):
            yield (said.second_payer if place else said.payer), one.payer
            for label, value in (
                (said.plan, one.plan),
                (said.member, one.member_id),
                (said.group, one.group),
            ):
                if value:
                    yield label, value

    def _visit_line(self, visit: VisitFacts) -> tuple[str, str]:
        when = f"{self._date(visit.starts_at.date(), weekday=True)}, {self._time(visit.starts_at)}"
        return when, " · ".join(part for part in (visit.type_name, visit.provider) if part)

    # -- words for values ----------------------------------------------------------------------

    def _age(self) -> str:
        born = self._known.person.birth
        return str(born.age_on(self._desk.today)) if born else ""

    def _salutation(self) -> str:
        """How the letter begins: by whom it goes to; a child’s goes to the family."""
        known, said = self._known, self._said
        about, person = known.about, known.person
        if about.recipient_kind in ("payer", "organization"):
            return said.to_nobody_known
        if about.recipient_kind in ("", "patient"):
            if person.birth is None or self._is_of_age():
                return said.dear.replace(NAME, person.name.spoken)
            return said.dear_family.replace(NAME, person.name.preferred or person.name.given)
        name = "".join(about.recipient[:1])
        if about.recipient_kind == "provider":
            name = self._greeted(known.providers.get(about.recipient_id or 0)) or name
        return said.dear.replace(NAME, name) if name else said.to_nobody_known

    def _is_of_age(self) -> bool:
        born = self._known.person.birth
        return born is not None and born.age_on(self._desk.today) >= _OF_AGE

    def _date(self, day: date | None, weekday: bool = False) -> str:
        return written_date(day, self._language, self._formats, weekday) if day else ""

    def _time(self, at: datetime) -> str:
        return written_time(at, self._language, self._formats)

    def _phone(self, number: str) -> str:
        return kept_together(self._formats.phone(number)) if number else ""

    def _money(self, cents: int | None) -> str:
        if cents is None:
            return ""
        amount, currency = str(Money(cents)), self._desk.profile.currency
        return f"${amount}" if currency == "USD" else f"{amount} {currency}"

    def _greeted(self, provider: ProviderFacts | None) -> str:
        if provider is None:
            return ""
        return greeted_provider(
            provider.given, provider.family, provider.credential, self._language
        )


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _lines(lines: Iterable[str], style: Style = Style.BODY) -> tuple[Block, ...]:
    if style is Style.SIGNATURE:
        return tuple(Paragraph((Text(line),), style) for line in lines if line)
    text = "\n".join(line for line in lines if line)
    return (Paragraph((Text(text),), style),) if text else ()
