"""What an X12 file is: its kind, who sent it, its control numbers, and how much it holds.

Counts only; claims and payments in detail are read by their own modules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from medsec_desktop.edi.segments import Segment, Stray, segments

# Transaction set and implementation guide → the name people use.
_KINDS = {
    ("837", "X222"): "837P",
    ("837", "X223"): "837I",
    ("837", "X224"): "837D",
    ("277", "X214"): "277CA",
    ("277", "X212"): "277",
}
# Category codes of a 277CA that take a claim in. Source: X214 guide, STC01-1.
_ACCEPTED = ("A0", "A1", "A2")
_PROBLEMS_AT_MOST = 200

IN_WORDS = {
    "837P": "professional claims (837P)",
    "837I": "institutional claims (837I)",
    "837D": "dental claims (837D)",
    "837": "claims (837)",
    "835": "payments and explanations (835)",
    "999": "acknowledgement of a file (999)",
    "997": "acknowledgement of a file (997)",
    "277CA": "acknowledgement of claims (277CA)",
    "277": "claim status (277)",
    "276": "claim status request (276)",
    "270": "eligibility request (270)",
    "271": "eligibility answer (271)",
    "278": "authorization (278)",
    "TA1": "acknowledgement of an interchange (TA1)",
}


@dataclass(frozen=True, slots=True)
class Interchange:
    """One envelope: from ISA to IEA."""

    sender: str
    receiver: str
    control_number: str
    date: str  # ISO, '' where it cannot be read
    is_test: bool


@dataclass(slots=True)
class Overview:
    """What a whole file holds."""

    kinds: list[str] = field(default_factory=list)  # each once, in order of appearance
    interchanges: list[Interchange] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)  # names inside: submitters, payers
    transactions: int = 0
    claims: int = 0
    payments: int = 0
    service_lines: int = 0
    accepted: int = 0  # of claims in a 277CA, of transactions in a 999
    rejected: int = 0
    charge_cents: int = 0
    paid_cents: int = 0
    segments: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.kinds[0] if self.kinds else "X12"


def overview(text: str) -> Overview:
    """Read `text` through once. Never fails: what is wrong becomes a problem with its segment."""
    reader = _Reader()
    for item in segments(text):
        if isinstance(item, Stray):
            reader.tell(
                f"After segment {item.position} stands text that is no segment: “{item.text}”."
            )
        else:
            reader.read(item)
    reader.end()
    return reader.result


def kind_of(st: Segment, gs: Segment | None) -> str:
    """What people call a transaction set, by its number and guide: 837P, 835, 277CA …"""
    guide = st[3] or (gs[8] if gs else "")
    number = st[1].strip()
    return next(
        (kind for (sort, part), kind in _KINDS.items() if sort == number and part in guide), number
    )


class _Reader:
    """Goes through the segments once, keeping the open envelopes."""

    def __init__(self) -> None:
        self.result = Overview()
        self._isa: Segment | None = None
        self._gs: Segment | None = None
        self._st: Segment | None = None
        self._groups = self._sets = self._inside = 0
        self._kind = ""
        self._claim_answered = True

    def tell(self, sentence: str) -> None:
        if len(self.result.problems) < _PROBLEMS_AT_MOST:
            self.result.problems.append(sentence)

    def end(self) -> None:
        if self.result.segments and not self.result.interchanges:
            self.tell("The file has no interchange header (ISA): its envelope was cut away.")
        self._left_open("the end of the file", "IEA", "GE", "SE")

    def read(self, segment: Segment) -> None:
        self.result.segments += 1
        self._inside += 1
        match segment.id:
            case "ISA":
                self._left_open("the next interchange", "IEA", "GE", "SE")
                self._open_interchange(segment)
            case "IEA":
                self._left_open("the end of its interchange", "GE", "SE")
                self._close(self._isa, segment, 13, self._groups, "functional groups")
                self._isa = None
            case "GS":
                self._left_open("the next group", "GE", "SE")
                self._gs, self._sets = segment, 0
                self._groups += 1
            case "GE":
                self._left_open("the end of its group", "SE")
                self._close(self._gs, segment, 6, self._sets, "transaction sets")
                self._gs = None
            case "ST":
                self._left_open("the next transaction set", "SE")
                self._open_set(segment)
            case "SE":
                self._close(self._st, segment, 2, self._inside, "segments")
                self._st = None
            case "TA1":
                self._note_kind("TA1")
            case _ if not segment.id.isalnum() or not 2 <= len(segment.id) <= 3:
                self.tell(f"Segment {segment.position} has no proper name: “{segment.id[:20]}”.")
            case _:
                self._content(segment)

    # -- envelopes -----------------------------------------------------------------------------

    def _open_interchange(self, segment: Segment) -> None:
        self._isa, self._groups = segment, 0
        self.result.interchanges.append(
            Interchange(
                segment[6].strip(),
                segment[8].strip(),
                segment[13].strip(),
                _short_date(segment[9].strip()),
                segment[15].strip() == "T",
            )
        )

    def _open_set(self, segment: Segment) -> None:
        self._st, self._inside = segment, 1
        self._sets += 1
        self.result.transactions += 1
        self._kind = kind_of(segment, self._gs)
        self._note_kind(self._kind)

    def _note_kind(self, kind: str) -> None:
        if kind and kind not in self.result.kinds:
            self.result.kinds.append(kind)

    def _close(
        self, opened: Segment | None, closing: Segment, number_at: int, count: int, what: str
    ) -> None:
        """Compare a trailer with its header: the control number and the count must agree."""
        if opened is None:
            self.tell(f"The {closing.id} in segment {closing.position} closes nothing.")
            return
        if closing[2].strip() != opened[number_at].strip():
            self.tell(
                f"The {closing.id} in segment {closing.position} has the control number"
                f" {closing[2].strip() or '(none)'}, but the {opened.id} it closes has"
                f" {opened[number_at].strip() or '(none)'}."
            )
        if not _is_number(closing[1], count):
            self.tell(
                f"The {closing.id} in segment {closing.position} counts {closing[1] or 'no'} {what},"
                f" but there {'is' if count == 1 else 'are'} {count}."
            )

    def _left_open(self, before: str, *trailers: str) -> None:
        for name, trailer in (("_st", "SE"), ("_gs", "GE"), ("_isa", "IEA")):
            opened: Segment | None = getattr(self, name)
            if trailer in trailers and opened is not None:
                self.tell(
                    f"The {opened.id} in segment {opened.position} is not closed: its {trailer} is"
                    f" missing before {before}."
                )
                setattr(self, name, None)

    # -- what is inside ------------------------------------------------------------------------

    def _content(self, segment: Segment) -> None:
        result = self.result
        match self._kind, segment.id:
            case (("837P" | "837I" | "837D" | "837"), "CLM"):
                result.claims += 1
                result.charge_cents += self._cents(segment, 2)
            case (("837P" | "837I" | "837D" | "837"), "SV1" | "SV2" | "SV3"):
                result.service_lines += 1
            case (("837P" | "837I" | "837D" | "837"), "NM1") if segment[1] == "41":
                self._note_sender(segment[3])
            case "835", "BPR":
                result.payments += 1
                result.paid_cents += self._cents(segment, 2)
            case "835", "CLP":
                result.claims += 1
                result.charge_cents += self._cents(segment, 3)
            case "835", "SVC":
                result.service_lines += 1
            case "835", "N1" if segment[1] == "PR":
                self._note_sender(segment[2])
            case "277CA", "NM1" if segment[1] == "PR":
                self._note_sender(segment[3])
            case "277CA", "HL" if segment[3] == "PT":
                result.claims += 1
                self._claim_answered = False
            case "277CA", "STC" if not self._claim_answered:
                self._claim_answered = True
                self._note_answer(segment[1].split(segment.component)[0] in _ACCEPTED)
            case "999", "IK5":
                self._note_answer(segment[1] in ("A", "E"))
            case "997", "AK5":
                self._note_answer(segment[1] in ("A", "E"))

    def _note_sender(self, name: str) -> None:
        if name and name not in self.result.senders:
            self.result.senders.append(name)

    def _note_answer(self, is_accepted: bool) -> None:
        if is_accepted:
            self.result.accepted += 1
        else:
            self.result.rejected += 1

    def _cents(self, segment: Segment, number: int) -> int:
        try:
            amount = Decimal(segment[number].strip() or "0")
            return int(amount * 100) if abs(amount) < 10**12 else 0
        except (InvalidOperation, ValueError, OverflowError):
            self.tell(
                f"Element {number} of the {segment.id} in segment {segment.position} is not an"
                f" amount: “{segment[number][:20]}”."
            )
            return 0


def _is_number(text: str, count: int) -> bool:
    stripped = text.strip()
    return stripped.isascii() and stripped.isdigit() and int(stripped[:12]) == count


def _short_date(text: str) -> str:
    """YYMMDD as an ISO date, '' where it is none."""
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        return ""
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:])).isoformat()
    except ValueError:
        return ""
