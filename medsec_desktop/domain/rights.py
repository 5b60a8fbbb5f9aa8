"""Consents and how long they hold, requests for records and their clock, and what must be accounted for.

The clock of a request is 45 CFR 164.524(b)(2): thirty days from its receipt, and once thirty days
more where the practice tells the reason before they are over. What an accounting of disclosures must
list, and for how long back, is 45 CFR 164.528(a).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from medsec_desktop.domain.formats import months_later
from medsec_desktop.domain.people import fold
from medsec_desktop.domain.wording import counted

DAYS_TO_ACT = 30  # from the receipt of a request, and again by an extension
YEARS_ACCOUNTED = 6
_SOON = timedelta(days=30)  # before a consent runs out it is offered for renewal


# -- consents ---------------------------------------------------------------------------------------


class Answer(StrEnum):
    """What a patient said to a consent or form."""

    GIVEN = "given"
    REFUSED = "refused"
    REVOKED = "revoked"


ANSWER_WORDS = {Answer.GIVEN: "Signed", Answer.REFUSED: "Refused", Answer.REVOKED: "Revoked"}


class Standing(StrEnum):
    """How a patient stands with one kind of consent."""

    VALID = "valid"
    ENDS_SOON = "ends-soon"
    EXPIRED = "expired"
    MISSING = "missing"
    REFUSED = "refused"
    REVOKED = "revoked"

    @property
    def is_due(self) -> bool:
        """Whether it is to be asked for at the desk. Who said no is not asked at each visit."""
        return self in (Standing.EXPIRED, Standing.MISSING)


@dataclass(frozen=True, slots=True)
class Signed:
    """One answer to a kind of consent; `expires_on` is the last day it holds, None for good."""

    answer: Answer
    signed_on: date
    expires_on: date | None = None


def expiry(signed_on: date, valid_months: int | None) -> date | None:
    """The last day a consent holds: the same day so many months on, None where it holds for good."""
    return None if valid_months is None else months_later(signed_on, valid_months)


def standing(latest: Signed | None, today: date) -> Standing:
    """How the latest answer to a kind stands today."""
    if latest is None:
        return Standing.MISSING
    if latest.answer is Answer.REFUSED:
        return Standing.REFUSED
    if latest.answer is Answer.REVOKED:
        return Standing.REVOKED
    if latest.expires_on is None:
        return Standing.VALID
    if latest.expires_on < today:
        return Standing.EXPIRED
    return Standing.ENDS_SOON if latest.expires_on - today <= _SOON else Standing.VALID


# -- requests for records ---------------------------------------------------------------------------


class RequestStatus(StrEnum):
    """Where a request for records stands."""

    OPEN = "open"
    READY = "ready"  # its package is made
    RELEASED = "released"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether the clock runs."""
        return self in (RequestStatus.OPEN, RequestStatus.READY)

    def may_become(self, other: RequestStatus) -> bool:
        """Whether `other` may follow: what is closed stays closed, what goes out was made before."""
        if not self.is_open:
            return False
        if other is RequestStatus.RELEASED:
            return self is RequestStatus.READY
        return True


STATUS_WORDS = {
    RequestStatus.OPEN: "Open",
    RequestStatus.READY: "Package ready",
    RequestStatus.RELEASED: "Released",
    RequestStatus.REFUSED: "Refused",
    RequestStatus.WITHDRAWN: "Withdrawn",
}


class Requester(StrEnum):
    """Who asks for the records."""

    PATIENT = "patient"
    REPRESENTATIVE = "representative"
    PROVIDER = "provider"
    PAYER = "payer"
    ATTORNEY = "attorney"
    COURT = "court"
    OTHER = "other"

    @property
    def needs_authorization(self) -> bool:
        """Whether nothing may go out without the patient's signed authorization (45 CFR 164.508).

        A court may order it without one; the order itself is then the paper to file.
        """
        return self in (Requester.ATTORNEY, Requester.OTHER)


REQUESTER_WORDS = {
    Requester.PATIENT: "The patient",
    Requester.REPRESENTATIVE: "Personal representative",
    Requester.PROVIDER: "Another provider",
    Requester.PAYER: "Payer",
    Requester.ATTORNEY: "Attorney",
    Requester.COURT: "Court or agency",
    Requester.OTHER: "Somebody else",
}


class Delivery(StrEnum):
    """How the records are to be handed over."""

    PAPER = "paper"
    PICKUP = "pickup"
    MAIL = "mail"
    FAX = "fax"
    FILE = "file"


DELIVERY_WORDS = {
    Delivery.PAPER: "On paper, handed over",
    Delivery.PICKUP: "On paper, to be picked up",
    Delivery.MAIL: "On paper, by mail",
    Delivery.FAX: "By fax",
    Delivery.FILE: "As an encrypted file",
}


class ItemKind(StrEnum):
    """What may be released."""

    FACE_SHEET = "face-sheet"
    TIMELINE = "timeline"
    DOCUMENT = "document"  # letters among them


def due_on(received_on: date, *, is_extended: bool = False) -> date:
    """The last day to act on a request: thirty days after its receipt, sixty once extended."""
    return received_on + timedelta(days=DAYS_TO_ACT * (2 if is_extended else 1))


def days_left_words(days: int) -> str:
    """“12 days left”, “due today”, “3 days late”."""
    if days == 0:
        return "due today"
    number, word = abs(days), "left" if days > 0 else "late"
    return f"{counted(number, 'day')} {word}"


def may_extend(status: RequestStatus, due: date, today: date, *, is_extended: bool) -> bool:
    """Whether thirty days more may be had: once, and only while the first thirty still run."""
    return status.is_open and not is_extended and today <= due


def fee_cents(pages: int, base_cents: int, page_cents: int) -> int:
    """What the copy costs by the practice's own rates; nothing for nothing."""
    return base_cents + pages * page_cents if pages else 0


# -- disclosures ------------------------------------------------------------------------------------


class Purpose(StrEnum):
    """Why something was disclosed; the value is what the log keeps."""

    TREATMENT = "Treatment"
    PAYMENT = "Payment"
    OPERATIONS = "Health care operations"
    INDIVIDUAL = "At the patient’s own request"
    AUTHORIZED = "With signed authorization"
    LAW = "Required by law"
    PUBLIC_HEALTH = "Public health"
    COURT = "Court or administrative order"
    POLICE = "Law enforcement"
    OVERSIGHT = "Health oversight"
    RESEARCH = "Research"
    MISTAKE = "Disclosed by mistake"
    OTHER = "Another reason"

    @property
    def is_accountable(self) -> bool:
        """Whether an accounting must list it: 45 CFR 164.528(a)(1) excepts the first five."""
        return self not in _NOT_ACCOUNTED


_NOT_ACCOUNTED = frozenset(
    (
        Purpose.TREATMENT,
        Purpose.PAYMENT,
        Purpose.OPERATIONS,
        Purpose.INDIVIDUAL,
        Purpose.AUTHORIZED,
    )
)


def purpose_of_release(requester: Requester, *, has_authorization: bool) -> Purpose:
    """Why records go out that somebody asked for."""
    if requester in (Requester.PATIENT, Requester.REPRESENTATIVE):
        return Purpose.INDIVIDUAL
    if requester is Requester.PROVIDER:
        return Purpose.TREATMENT
    if requester is Requester.PAYER:
        return Purpose.PAYMENT
    if requester is Requester.COURT:
        return Purpose.COURT
    return Purpose.AUTHORIZED if has_authorization else Purpose.OTHER


def told_purpose(purpose: Purpose, words: str = "") -> str:
    """The purpose as the log keeps it: “Required by law: report of a dog bite”."""
    return ": ".join(part for part in (str(purpose), words.strip()) if part)


def read_purpose(text: str) -> tuple[Purpose, str]:
    """The purpose and the words after it, out of what the log keeps."""
    head, _, words = text.partition(": ")
    try:
        return Purpose(head), words
    except ValueError:
        return Purpose.OTHER, text


def first_accounted(today: date) -> date:
    """The first day an accounting asked for today reaches back to."""
    return months_later(today, -12 * YEARS_ACCOUNTED)


# Words in the names of many who are asked for records or given some.
_COMMON_WORDS = frozenset(
    (
        "and", "the", "for", "attn", "clinic", "center", "centre", "medical", "medicine", "health",
        "hospital", "care", "group", "practice", "office", "insurance", "company", "law", "llc",
        "llp", "inc", "pllc", "family", "physicians", "associates", "doctor", "fax",
    )
)  # fmt: skip


class Recipient(NamedTuple):
    """To whom something goes: the names it is written by, and where it goes, each a line or several."""

    names: str
    reached_at: str = ""


def recipient_of(given: str, *other_names: str) -> Recipient:
    """What somebody wrote, the name in its first line, with other names of the same."""
    name, _, reached_at = given.strip().partition("\n")
    return Recipient("\n".join((name, *other_names)), f"{name}\n{reached_at}")


def is_same_recipient(one: Recipient, other: Recipient) -> bool:
    """Whether two ways to write a recipient may mean one.

    They share a name, a telling word of one, such as a family name, or a number as it is dialled. Words of
    an address tell nothing: half of the town shares them.
    """
    return bool(_telling(one) & _telling(other))


def _telling(recipient: Recipient) -> frozenset[str]:
    names = {fold(line) for line in recipient.names.splitlines() if line.strip()}
    words = {word for name in names for word in name.split() if len(word) >= 3 and word.isalpha()}
    lines = (*recipient.names.splitlines(), *recipient.reached_at.splitlines())
    numbers = {"".join(filter(str.isdigit, line))[-10:] for line in lines}
    return frozenset({*names, *(words - _COMMON_WORDS), *(one for one in numbers if one[9:])})


def joined_words(words: Iterable[str]) -> str:
    """“face sheet, timeline and 3 documents”."""
    *head, last = list(words) or [""]
    return f"{', '.join(head)} and {last}" if head else last
