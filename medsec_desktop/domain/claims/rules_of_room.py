"""How much room there is for names, streets, numbers and notes, and which letters are read there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from medsec_desktop.domain.claims.claim import Address, Claim, Contact, Party, Reference
from medsec_desktop.domain.claims.plain import safe
from medsec_desktop.domain.claims.rules_of_people import providers_in
from medsec_desktop.domain.claims.scrubbing import Severity, Surroundings, Told, rule

_GUIDE = "005010X222A1"
_OF_NAME = (("family", 60), ("given", 35), ("middle", 25), ("suffix", 10))
_OF_STREET = (("line1", 55), ("line2", 55), ("city", 30))
_SIGN = re.compile(r"[*~:^]")  # separates in a file
_ODD = re.compile(r"[^\x00-\x7f]|[*~:^]")

# Where a text stands, in which part of it, the text, and the room.
Text = tuple[str, str, str, int]


@rule(
    "size",
    Severity.ERROR,
    "how much a claim can hold",
    f"{_GUIDE}: LX 50, lengths of N3, NM1, NTE",
    "999 IK4 5",
)
def _size(claim: Claim, around: Surroundings) -> Iterator[Told]:
    most = min(50, around.payer.lines_at_most)
    if len(claim.lines) > most:
        yield f"A claim to this payer holds {most} lines; this one has {len(claim.lines)}.", "lines"
    if len(claim.others) > 10:
        yield f"A claim names ten other payers; this one has {len(claim.others)}.", "others"
    for texts in (_typed(claim), _numbered(claim)):
        for path, part, text, room in texts:
            if len(text) > room or (not text.isascii() and len(safe(text)) > room):
                yield (
                    f"“{text[:24]}…” is longer than the {room} characters there is room for.",
                    f"{path}{part}",
                )


@rule(
    "letters",
    Severity.WARNING,
    "letters a payer can read",
    "X12 carries plain letters; forms are read by machines",
    "999 IK4 6",
)
def _letters(claim: Claim, _: Surroundings) -> Iterator[Told]:
    """Accents are taken off without a word, and told with the file; what is lost is told here."""
    for path, part, text, _room in _typed(claim):
        if not _ODD.search(text):
            continue
        written = safe(text)
        if not written:
            continue  # that nothing is left of a name is told by itself
        if "?" in written and "?" not in text:
            yield (
                f"“{text[:40]}” has letters no claim can carry; it would be “{written[:40]}”.",
                f"{path}{part}",
            )
        elif _SIGN.search(text):
            yield f"“{text[:40]}” is written “{written[:40]}”.", f"{path}{part}"


def _parties(claim: Claim) -> Iterator[tuple[str, Party]]:
    yield "billing.", claim.billing
    yield "insured.party.", claim.insured.party
    yield "payer.", claim.payer
    if claim.patient is not None:
        yield "patient.party.", claim.patient.party
    for at, other in enumerate(claim.others):
        yield f"others[{at}].insured.party.", other.insured.party
        yield f"others[{at}].payer.", other.payer
    for _, party, path in providers_in(claim):
        yield f"{path}.", party


def _typed(claim: Claim) -> Iterator[Text]:
    """What somebody typed in her own words: names, streets, cities, notes."""
    for path, party in _parties(claim):
        for part, room in _OF_NAME:
            yield path, part, getattr(party, part), room
        if party.address is not None:
            yield from _of_street(party.address, path, "address.")
    if claim.pay_to is not None:
        yield from _of_street(claim.pay_to, "pay_to.", "")
    yield "insured.", "group_name", claim.insured.group_name, 60
    for at, other in enumerate(claim.others):
        yield f"others[{at}].insured.", "group_name", other.insured.group_name, 60
    if claim.note is not None:
        yield "note.", "text", claim.note.text, 80
    for at, line in enumerate(claim.lines):
        if line.description:
            yield f"lines[{at}].", "description", line.description, 80
        for number, note in enumerate(line.notes):
            yield f"lines[{at}].notes[{number}].", "text", note.text, 80


def _of_street(address: Address, path: str, of: str) -> Iterator[Text]:
    for part, room in _OF_STREET:
        yield path, f"{of}{part}" if of else part, getattr(address, part), room


def _numbered(claim: Claim) -> Iterator[Text]:
    """Numbers and codes, which the program writes or takes from a card."""
    for path, party in _parties(claim):
        yield path, "id", party.id, 80
        if party.address is not None:
            yield path, "address.postal_code", party.address.postal_code, 15
        if party.references:
            yield from _of_numbers(party.references, f"{path}references")
        if party.contact is not None:
            yield from _of_contact(party.contact, path)
    if claim.pay_to is not None:
        yield "pay_to.", "postal_code", claim.pay_to.postal_code, 15
    yield "insured.", "group_number", claim.insured.group_number, 50
    yield from _of_numbers(claim.references, "references")
    for at, report in enumerate(claim.attachments):
        yield f"attachments[{at}].", "control", report.control, 50
    for text in claim.file_information:
        yield "note.", "text", text, 80
    for at, other in enumerate(claim.others):
        yield f"others[{at}].insured.", "group_number", other.insured.group_number, 50
        yield from _of_numbers(other.references, f"others[{at}].payer.id")
        for remark in other.remarks:
            yield f"others[{at}].", "paid_cents", remark, 50
    for number, line in enumerate(claim.lines):
        path = f"lines[{number}]."
        yield path, "control", line.control, 30
        yield path, "purchased_from", line.purchased_from, 50
        yield from _of_numbers(line.references, f"{path}code")
        for at, report in enumerate(line.attachments):
            yield f"{path}attachments[{at}].", "control", report.control, 50
        for text in line.file_information:
            yield path, "notes", text, 80
        if line.drug is not None:
            yield path, "drug.number", line.drug.number, 50


def _of_numbers(references: tuple[Reference, ...], path: str) -> Iterator[Text]:
    for one in references:
        yield path, "", one.value, 50


def _of_contact(contact: Contact, path: str) -> Iterator[Text]:
    yield path, "contact", contact.name, 60
    for way in (contact.phone, contact.extension, contact.fax, contact.email):
        yield path, "contact", way, 256
