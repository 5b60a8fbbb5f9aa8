"""What comes back for a file of claims: TA1 and 999 for the file, 277CA for each claim in it.

Sources: 005010X231A1 (999), 005010X214 (277CA), X12.56 (TA1). The sentences are ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from medsec_desktop.edi.reading import Faults, Transaction, cents, components, day, days
from medsec_desktop.edi.segments import Segment

# IK501, AK501, AK901, TA104: accepted, perhaps with errors that were noted; a part of it; not at all.
_TAKEN = ("A", "E")
_PARTLY = "P"

# STC01-1 of a 277CA.
CATEGORIES = {
    "A0": "forwarded to another payer",
    "A1": "received",
    "A2": "accepted for a decision",
    "A3": "returned as not processable",
    "A4": "not found",
    "A5": "split into several claims",
    "A6": "rejected: something is missing",
    "A7": "rejected: something is invalid",
    "A8": "rejected: two statements contradict each other",
}
_REFUSED = ("A3", "A4", "A6", "A7", "A8")

# IK304 and IK403, the common ones.
_SEGMENT_FAULTS = {
    "1": "a segment that is not known",
    "2": "a segment that was not expected",
    "3": "a required segment is missing",
    "4": "a loop occurs too often",
    "5": "a segment occurs too often",
    "6": "the segment has no place in this loop",
    "7": "the segment is out of order",
    "8": "the segment has faults in its elements",
    "I4": "a segment the guide does not use",
    "I6": "a segment that the situation requires is missing",
    "I7": "the segment occurs too seldom",
    "I8": "the segment occurs too often for this situation",
    "I9": "a segment that the situation does not allow",
}
_ELEMENT_FAULTS = {
    "1": "a required element is missing",
    "2": "an element that goes with another is missing",
    "3": "too many elements",
    "4": "the element is too short",
    "5": "the element is too long",
    "6": "a character that is not allowed",
    "7": "a code that is not valid",
    "8": "a date that is not valid",
    "9": "a time that is not valid",
    "10": "two elements that exclude each other",
    "12": "too many repetitions",
    "13": "too many components",
    "I6": "a code the guide does not use here",
    "I9": "an element that the situation requires is missing",
    "I10": "an element the guide does not use",
    "I11": "the element occurs too seldom",
    "I12": "the value does not have the required form",
    "I13": "an element that the situation does not allow",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault found by the receiver: where in the transaction set, and what."""

    segment: str
    position: int | None
    loop: str
    code: str
    words: str
    element: str = ""
    value: str = ""


@dataclass(slots=True)
class SetAnswer:
    """What became of one transaction set of ours. `number` is its ST02."""

    kind: str
    number: str
    status: str = ""
    codes: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_accepted(self) -> bool:
        return self.status in _TAKEN


@dataclass(slots=True)
class FileAnswer:
    """A 999 (or 997): what became of one functional group of ours. `group` is its GS06."""

    group: str = ""
    status: str = ""
    counted: int = 0
    received: int = 0
    accepted: int = 0
    sets: list[SetAnswer] = field(default_factory=list)

    @property
    def is_accepted(self) -> bool:
        """Whether all of it was taken in."""
        return self.status in _TAKEN

    @property
    def is_partly_accepted(self) -> bool:
        return self.status == _PARTLY


@dataclass(frozen=True, slots=True)
class InterchangeAnswer:
    """A TA1: whether the envelope was taken. `number` is our ISA13, `note` why not, 000 for nothing."""

    number: str
    status: str
    note: str
    sent_on: date | None = None

    @property
    def is_accepted(self) -> bool:
        return self.status in _TAKEN


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """One statement about a claim: category, code and who is meant; `words` says the category."""

    category: str
    code: str
    entity: str = ""
    at_on: date | None = None
    amount_cents: int = 0
    message: str = ""
    line: str = ""  # our number of the line it is about, REF*FJ; '' for the whole claim

    @property
    def words(self) -> str:
        return CATEGORIES.get(self.category, f"status {self.category}")


@dataclass(slots=True)
class ClaimAnswer:
    """What became of one claim. `id` is our own number of it, `payer_control` the payer's."""

    id: str = ""
    patient: str = ""
    patient_id: str = ""
    payer_control: str = ""
    clearing_house_control: str = ""
    from_on: date | None = None
    to_on: date | None = None
    statuses: list[ClaimStatus] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        """Whether it was refused before any decision, so that it has to be mended and sent again."""
        return any(one.category in _REFUSED for one in self.statuses)

    @property
    def is_accepted(self) -> bool:
        return bool(self.statuses) and not self.is_rejected


@dataclass(slots=True)
class ClaimsAnswer:
    """A 277CA. `batch` is our BHT03, which it names as the file it answers."""

    payer: str = ""
    payer_id: str = ""
    batch: str = ""
    received_on: date | None = None
    statuses: list[ClaimStatus] = field(default_factory=list)  # of the file as a whole
    claims: list[ClaimAnswer] = field(default_factory=list)


def read_interchange_answer(transaction: Transaction) -> InterchangeAnswer:
    """The TA1 of an interchange."""
    (segment,) = transaction.segments
    return InterchangeAnswer(
        segment[1].strip(),
        segment[4].strip(),
        segment[5].strip(),
        day(f"20{segment[2].strip()}"),
    )


def read_file_answer(transaction: Transaction, faults: Faults) -> FileAnswer:
    """The 999 or 997 of one transaction set."""
    answer = FileAnswer()
    of_set: SetAnswer | None = None
    last: Fault | None = None
    for segment in transaction.segments:
        match segment.id:
            case "AK1":
                answer.group = segment[2].strip()
            case "AK2":
                of_set = SetAnswer(segment[1].strip(), segment[2].strip())
                answer.sets.append(of_set)
            case "IK3" | "AK3" if of_set is not None:
                last = _segment_fault(segment, faults)
                of_set.faults.append(last)
            case "IK4" | "AK4" if of_set is not None:
                of_set.faults.append(_element_fault(segment, last))
            case "IK5" | "AK5" if of_set is not None:
                of_set.status = segment[1].strip()
                of_set.codes = tuple(segment[at] for at in range(2, 7) if segment[at].strip())
                of_set = last = None
            case "AK9":
                answer.status = segment[1].strip()
                answer.counted, answer.received, answer.accepted = (
                    _count(segment, at, faults) for at in (2, 3, 4)
                )
            case "IK3" | "AK3" | "IK4" | "AK4" | "IK5" | "AK5":
                faults.tell(
                    f"The {segment.id} in segment {segment.position} answers no transaction set."
                )
    return answer


def read_claims_answer(transaction: Transaction, faults: Faults) -> ClaimsAnswer:
    """The 277CA of one transaction set."""
    answer = ClaimsAnswer()
    level = ""
    claim: ClaimAnswer | None = None
    line_statuses: list[ClaimStatus] = []
    patient = ("", "")

    def line_ended(control: str) -> None:
        for status in line_statuses:
            _append(claim, _with_line(status, control))
        line_statuses.clear()

    is_line = False
    for segment in transaction.segments:
        match segment.id, segment[1]:
            case "HL", _:
                line_ended("")
                level, claim, is_line = segment[3].strip(), None, False
            case "NM1", "PR" | "AY":
                answer.payer, answer.payer_id = segment[3].strip(), segment[9].strip()
            case "NM1", "QC":
                names = (segment[at].strip() for at in (3, 4, 5))
                patient = ", ".join(name for name in names if name), segment[9].strip()
            case "TRN", _ if level == "21":
                answer.batch = segment[2].strip()
            case "TRN", _ if level == "PT":
                line_ended("")
                is_line = False
                claim = ClaimAnswer(segment[2].strip(), *patient)
                answer.claims.append(claim)
            case "DTP", "050" if level == "20":
                answer.received_on, _ = days(segment, 3, faults)
            case "SVC", _ if claim is not None:
                line_ended("")
                is_line = True
            case "STC", _:
                found = _statuses(segment, faults)
                if claim is None:
                    answer.statuses.extend(found)
                elif is_line:
                    line_statuses.extend(found)
                else:
                    claim.statuses.extend(found)
            case "REF", "FJ" if is_line:
                line_ended(segment[2].strip())
            case "REF", "1K" if claim is not None:
                claim.payer_control = segment[2].strip()
            case "REF", "D9" if claim is not None:
                claim.clearing_house_control = segment[2].strip()
            case "DTP", "472" if claim is not None and not is_line:
                claim.from_on, claim.to_on = days(segment, 3, faults)
    line_ended("")
    return answer


def _append(claim: ClaimAnswer | None, status: ClaimStatus) -> None:
    if claim is not None:
        claim.statuses.append(status)


def _with_line(status: ClaimStatus, line: str) -> ClaimStatus:
    return ClaimStatus(
        status.category,
        status.code,
        status.entity,
        status.at_on,
        status.amount_cents,
        status.message,
        line,
    )


def _statuses(segment: Segment, faults: Faults) -> list[ClaimStatus]:
    """The statement of an STC and the two more it may carry; date, amount and text are of all."""
    at_on, _ = days(segment, 2, faults)
    amount = cents(segment, 4, faults)
    found = []
    for number in (1, 10, 11):
        if segment[number].strip():
            category, code, entity = (*components(segment, number), "", "", "")[:3]
            found.append(ClaimStatus(category, code, entity, at_on, amount, segment[12].strip()))
    return found


def _segment_fault(segment: Segment, faults: Faults) -> Fault:
    code = segment[4].strip()
    return Fault(
        segment[1].strip(),
        _count(segment, 2, faults) if segment[2].strip() else None,
        segment[3].strip(),
        code,
        _SEGMENT_FAULTS.get(code, f"fault {code}" if code else "a fault that is not named"),
    )


def _element_fault(segment: Segment, of: Fault | None) -> Fault:
    code = segment[3].strip()
    return Fault(
        of.segment if of else "",
        of.position if of else None,
        of.loop if of else "",
        code,
        _ELEMENT_FAULTS.get(code, f"fault {code}"),
        "-".join(part for part in components(segment, 1) if part),
        segment[4].strip(),
    )


def _count(segment: Segment, number: int, faults: Faults) -> int:
    text = segment[number].strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    if text:
        faults.tell(
            f"Element {number} of the {segment.id} in segment {segment.position} is not a number:"
            f" “{text[:20]}”."
        )
    return 0
