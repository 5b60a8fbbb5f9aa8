"""Claims as an 837P file: 005010X222A1, one functional group with one transaction set.

Each claim stands under its subscriber; neighbours of one billing provider share its level. Letters that
X12 cannot carry are folded to ASCII and told; a sign that separates is never part of a value.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache

from medsec_desktop.domain.claims.claim import (
    Address,
    Adjusted,
    Attachment,
    Claim,
    Condition,
    Contact,
    Dated,
    Insured,
    LineDecision,
    Note,
    OtherCoverage,
    Party,
    Reference,
    ServiceLine,
)
from medsec_desktop.domain.claims.plain import safe
from medsec_desktop.edi.envelope import Envelope
from medsec_desktop.problems import Invalid

GUIDE = "005010X222A1"
_CLAIM_ROLES = ("DN", "P3", "82", "77", "DQ")
_LINE_ROLES = ("82", "QB", "77", "DQ", "DK", "DN", "P3")
_PERFORMING = ("82",)  # whose specialty is said after the name
_WITH_ADDRESS = ("77", "DK")
# Numbers of the billing provider that a payer gave: they stand in the payer's loop, 2010BB.
BY_PAYER = ("G2", "LU")


@dataclass(frozen=True, slots=True)
class Folded:
    """A value that had to be changed to fit into the file: in which claim, and how."""

    claim: str
    before: str
    after: str


@dataclass(slots=True)
class Written:
    """The file, and what had to be changed to write it."""

    text: str
    folded: tuple[Folded, ...] = ()


def write_claims(claims: Sequence[Claim], envelope: Envelope) -> Written:
    """The claims as one 837P file, a segment a line.

    Raises Invalid for no claims, and for an envelope whose texts a file has no room for.
    """
    if not claims:
        raise Invalid("There are no claims to write.", remedy="Choose at least one claim.")
    envelope.check()
    writer = _Writer(envelope)
    for claim in claims:
        writer.claim(claim)
    return Written(writer.finished(), tuple(writer.folded))


@lru_cache(4_096)
def amount(cents: int) -> str:
    """Cents as X12 writes money: 12500 is 125, 12550 is 125.5."""
    sign, value = ("-", -cents) if cents < 0 else ("", cents)
    whole, rest = divmod(value, 100)
    return f"{sign}{whole}" if not rest else f"{sign}{whole}.{rest:02}".rstrip("0")


@dataclass(slots=True)
class _Writer:
    """Collects segments; knows the levels that are open."""

    envelope: Envelope
    folded: list[Folded] = field(default_factory=list)
    _rows: list[str] = field(default_factory=list)
    _levels: int = 0
    _billing: Party | None = None
    _pay_to: Address | None = None
    _billing_level: int = 0
    _current: str = ""
    _known: dict[str, str] = field(default_factory=dict)  # values that need no change, as written
    _made: dict[tuple[str, ...], str] = field(default_factory=dict)  # whole segments, the same
    _joined: dict[tuple[str, ...], str] = field(default_factory=dict)  # the same of composites

    def __post_init__(self) -> None:
        to = self.envelope
        self._add("ST", "837", f"{to.set_number:04}", GUIDE)
        self._add(
            "BHT", "0019", "00", to.batch, _day(to.made_at.date()), f"{to.made_at:%H%M}", "CH"
        )
        self._name("41", to.submitter)
        self._contact(to.submitter.contact or Contact())
        self._name("40", to.receiver)

    def finished(self) -> str:
        """The whole file; the counts and control numbers of its trailers agree with its headers."""
        to = self.envelope
        number = f"{to.set_number:04}"
        self._add("SE", str(len(self._rows) + 1), number)
        day, time = f"{to.made_at:%y%m%d}", f"{to.made_at:%H%M}"
        head = [
            f"ISA*00*{'':10}*00*{'':10}*{to.sender_kind:2}*{safe(to.sender_id):15.15}"
            f"*{to.receiver_kind:2}*{safe(to.receiver_id):15.15}*{day}*{time}*^*00501"
            f"*{to.interchange_number:09}*{'1' if to.wants_acknowledgement else '0'}"
            f"*{'T' if to.is_test else 'P'}*:",
            f"GS*HC*{safe(to.group_sender or to.sender_id)}*{safe(to.group_receiver or to.receiver_id)}"
            f"*{_day(to.made_at.date())}*{time}*{to.group_number}*X*{GUIDE}",
        ]
        tail = [f"GE*1*{to.group_number}", f"IEA*1*{to.interchange_number:09}"]
        return "".join(f"{row}~\n" for row in (*head, *self._rows, *tail))

    def claim(self, claim: Claim) -> None:
        self._current = claim.id
        by_payer = [one for one in claim.billing.references if one.kind in BY_PAYER]
        billing = claim.billing
        if by_payer:
            shared = tuple(one for one in billing.references if one.kind not in BY_PAYER)
            billing = replace(billing, references=shared)
        if billing != self._billing or claim.pay_to != self._pay_to:
            self._billing_provider(billing, claim.pay_to)
        subscriber = self._level(self._billing_level, "22", claim.patient is not None)
        self._subscriber(claim.insured)
        self._name("PR", claim.payer, with_address=True)
        self._references(by_payer)
        if claim.patient is not None:
            self._level(subscriber, "23", False)
            self._add("PAT", claim.patient.relationship)
            self._name("QC", claim.patient.party, with_address=True, with_references=False)
            self._born(claim.patient.birth_on, claim.patient.sex)
            self._references(claim.patient.party.references)
        self._claim(claim)
        for other in claim.others:
            self._other(other)
        for number, line in enumerate(claim.lines, start=1):
            self._line(number, line)

    # -- levels --------------------------------------------------------------------------------

    def _level(self, above: int, kind: str, has_more: bool) -> int:
        self._levels += 1
        self._add("HL", str(self._levels), str(above or ""), kind, "1" if has_more else "0")
        return self._levels

    def _billing_provider(self, billing: Party, pay_to: Address | None) -> None:
        self._billing, self._pay_to = billing, pay_to
        self._billing_level = self._level(0, "20", True)
        if billing.taxonomy:
            self._add("PRV", "BI", "PXC", billing.taxonomy)
        self._name("85", billing, with_address=True)
        if billing.contact is not None:
            self._contact(billing.contact)
        if pay_to is not None:
            self._add("NM1", "87", "1" if billing.is_person else "2")
            self._address(pay_to)

    def _subscriber(self, insured: Insured) -> None:
        self._insured(insured)
        self._name("IL", insured.party, with_address=True, with_references=False)
        self._born(insured.birth_on, insured.sex)
        self._references(insured.party.references)

    def _insured(self, insured: Insured) -> None:
        self._add(
            "SBR",
            insured.rank,
            insured.relationship,
            insured.group_number,
            insured.group_name,
            insured.insurance_type,
            "",
            "",
            "",
            insured.filing,
        )

    # -- the claim -----------------------------------------------------------------------------

    def _claim(self, claim: Claim) -> None:
        causes = list(claim.causes[:3])
        related = ""
        if causes or claim.accident_state or claim.accident_country:
            parts = (*causes, *[""] * (3 - len(causes)))
            related = self._composite(*parts, claim.accident_state, claim.accident_country)
        place = self._composite(claim.place, "B", claim.frequency)
        row = [
            claim.id, amount(claim.charge_cents), "", "", place,
            "Y" if claim.provider_signature else "N", claim.assignment, claim.benefits_assigned,
            claim.release, claim.patient_signature, related, claim.special_program,
            *[""] * 7, claim.delay_reason,
        ]  # fmt: skip
        self._add("CLM", *row, composites=(5, 11))
        self._dates(claim.dates)
        self._attachments(claim.attachments)
        self._amount("F5", claim.patient_paid_cents)
        self._references(claim.references)
        for text in claim.file_information:
            self._add("K3", text)
        if claim.note is not None:
            self._add("NTE", claim.note.kind, claim.note.text)
        self._conditions(claim.conditions)
        self._codes((one.kind, one.code) for one in claim.diagnoses)
        self._codes(
            ("BP" if not at else "BO", code) for at, code in enumerate(claim.anesthesia_codes)
        )
        self._codes(("BG", code) for code in claim.condition_codes)
        self._providers(claim.providers, _CLAIM_ROLES)

    def _codes(self, codes: Iterable[tuple[str, str]]) -> None:
        found = [self._composite(kind, code) for kind, code in codes]
        for at in range(0, len(found), 12):
            row = found[at : at + 12]
            self._add("HI", *row, composites=range(1, len(row) + 1))

    def _other(self, other: OtherCoverage) -> None:
        self._insured(other.insured)
        self._adjustments(other.adjustments)
        self._amount("D", other.paid_cents)
        self._amount("A8", other.not_covered_cents)
        self._amount("EAF", other.patient_owes_cents)
        self._add("OI", "", "", other.benefits_assigned, other.signature_source, "", other.release)
        if other.remarks:
            self._add("MOA", "", "", *other.remarks[:5])
        self._name("IL", other.insured.party, with_address=True)
        self._name("PR", other.payer, with_address=True, with_references=False)
        if other.paid_on is not None:
            self._add("DTP", "573", "D8", _day(other.paid_on))
        self._references(other.references)

    # -- lines ---------------------------------------------------------------------------------

    def _line(self, number: int, line: ServiceLine) -> None:
        self._add("LX", str(number))
        modifiers = (*line.modifiers[:4], *[""] * (4 - len(line.modifiers)))
        service = self._composite("HC", line.code, *modifiers, line.description)
        flags = [
            "Y" if flag else ""
            for flag in (line.is_emergency, line.is_epsdt, line.is_family_planning)
        ]
        row = [
            service, amount(line.charge_cents), line.unit, line.units, line.place, "",
            self._composite(*(str(one) for one in line.pointers)), "", flags[0], "", *flags[1:],
            "", "", "0" if line.is_copay_exempt else "",
        ]  # fmt: skip
        self._add("SV1", *row, composites=(1, 7))
        self._attachments(line.attachments)
        self._conditions(line.conditions)
        self._dates((Dated("472", line.from_on, line.to_on),))
        self._dates(line.dates)
        self._references(line.references)
        if line.control:
            self._add("REF", "6R", line.control)
        self._amount("T", line.sales_tax_cents)
        for text in line.file_information:
            self._add("K3", text)
        for note in line.notes:
            self._note(note)
        if line.purchased_cents is not None:
            self._add("PS1", line.purchased_from, amount(line.purchased_cents))
        if line.drug is not None:
            drug = line.drug
            self._add("LIN", "", "N4", drug.code)
            self._add("CTP", "", "", "", drug.quantity, drug.unit)
            if drug.number:
                self._add("REF", drug.number_kind, drug.number)
        self._providers(line.providers, _LINE_ROLES)
        for decision in line.decisions:
            self._decision(decision)

    def _decision(self, decision: LineDecision) -> None:
        service = self._composite("HC", decision.code, *decision.modifiers)
        self._add(
            "SVD",
            decision.payer_id,
            amount(decision.paid_cents),
            service,
            "",
            decision.units,
            decision.bundled_line,
            composites=(3,),
        )
        self._adjustments(decision.adjustments)
        if decision.paid_on is not None:
            self._add("DTP", "573", "D8", _day(decision.paid_on))
        self._amount("EAF", decision.patient_owes_cents)

    # -- what several loops have ---------------------------------------------------------------

    def _providers(self, providers: Iterable[tuple[str, Party]], order: tuple[str, ...]) -> None:
        for role, party in sorted(providers, key=lambda one: order.index(one[0])):
            self._name(role, party, role in _WITH_ADDRESS, with_references=False)
            if role in _PERFORMING and party.taxonomy:
                self._add("PRV", "PE", "PXC", party.taxonomy)
            self._references(party.references)
            contact = asked_by(role, party.contact, of_line=order is _LINE_ROLES)
            if contact is not None:
                self._contact(contact)

    def _name(
        self, code: str, party: Party, with_address: bool = False, with_references: bool = True
    ) -> None:
        number = (party.id_kind if party.id else "", party.id)
        if code == "QC":  # the patient has no number here, her subscriber has
            names = (party.family, party.given, party.middle, "", party.suffix)
            self._add("NM1", code, "1", *names)
        elif code == "QB":  # known by its number alone
            self._add("NM1", code, "1" if party.is_person else "2", "", "", "", "", "", *number)
        elif party.is_person:
            names = (party.family, party.given, party.middle, "", party.suffix)
            self._add("NM1", code, "1", *names, *number)
        else:
            self._add("NM1", code, "2", party.family, "", "", "", "", *number)
        if with_address and party.address is not None:
            self._address(party.address)
        if with_references:
            self._references(party.references)

    def _address(self, address: Address) -> None:
        self._add("N3", address.line1, address.line2)
        self._add("N4", address.city, address.state, address.postal_code, address.country)

    def _born(self, birth_on: date | None, sex: str) -> None:
        if birth_on is not None:
            self._add("DMG", "D8", _day(birth_on), sex or "U")

    def _contact(self, contact: Contact) -> None:
        ways = (
            ("TE", contact.phone),
            ("EX", contact.extension if contact.phone else ""),
            ("FX", contact.fax),
            ("EM", contact.email),
        )
        row = [part for kind, value in ways if value for part in (kind, value)][:6]
        if row:
            self._add("PER", "IC", contact.name, *row)

    def _references(self, references: Iterable[Reference]) -> None:
        for reference in references:
            self._add("REF", reference.kind, reference.value)

    def _dates(self, dates: Iterable[Dated]) -> None:
        for dated in dates:
            if dated.last is None or dated.last == dated.on:
                self._add("DTP", dated.kind, "D8", _day(dated.on))
            else:
                self._add("DTP", dated.kind, "RD8", f"{_day(dated.on)}-{_day(dated.last)}")

    def _attachments(self, attachments: Iterable[Attachment]) -> None:
        for one in attachments:
            numbered = ("AC", one.control) if one.control else ()
            self._add("PWK", one.kind, one.how, "", "", *numbered)

    def _conditions(self, conditions: Iterable[Condition]) -> None:
        for one in conditions:
            self._add("CRC", one.category, "Y" if one.applies else "N", *one.codes[:5])

    def _note(self, note: Note) -> None:
        self._add("NTE", note.kind, note.text)

    def _amount(self, kind: str, cents: int | None) -> None:
        if cents is not None:
            self._add("AMT", kind, amount(cents))

    def _adjustments(self, adjustments: Sequence[Adjusted]) -> None:
        """One CAS for each run of a group, six reasons at most in each."""
        at = 0
        while at < len(adjustments):
            group = adjustments[at].group
            run: list[Adjusted] = []
            while at < len(adjustments) and adjustments[at].group == group and len(run) < 6:
                run.append(adjustments[at])
                at += 1
            row = (
                part for one in run for part in (one.reason, amount(one.amount_cents), one.quantity)
            )
            self._add("CAS", group, *row)

    # -- text ----------------------------------------------------------------------------------

    def _composite(self, *parts: str) -> str:
        known = self._joined.get(parts)
        if known is not None:
            return known
        folded = len(self.folded)
        joined = ":".join([self._clean(part) if part else "" for part in parts]).rstrip(":")
        if folded == len(self.folded):
            self._joined[parts] = joined
        return joined

    def _add(self, name: str, *elements: str, composites: Container[int] = ()) -> None:
        key = (name, *elements)
        made = self._made.get(key)
        if made is None:
            folded, known = len(self.folded), self._known.get
            row = [
                element
                and (known(element) or (element if at in composites else self._clean(element)))
                for at, element in enumerate(elements, start=1)
            ]
            made = f"{name}*{'*'.join(row)}".rstrip("*")
            if folded == len(self.folded):  # what had to be changed is told for each claim
                self._made[key] = made
        self._rows.append(made)

    def _clean(self, text: str) -> str:
        known = self._known.get(text)
        if known is not None:
            return known
        cleaned = safe(text)
        if cleaned == text.upper():
            self._known[text] = cleaned
        else:
            self.folded.append(Folded(self._current, text, cleaned))
        return cleaned


def asked_by(role: str, contact: Contact | None, *, of_line: bool) -> Contact | None:
    """How a provider of that role is asked, as far as the guide has a place for it; None for no way."""
    if contact is None or role not in _WITH_ADDRESS:
        return None
    if role == "77":
        phone = Contact(contact.name, contact.phone, contact.extension)
        return None if of_line or not contact.phone else phone
    return contact


@cache
def _day(on: date) -> str:
    return f"{on.year:04}{on.month:02}{on.day:02}"
