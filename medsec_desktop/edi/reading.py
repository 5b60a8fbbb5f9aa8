"""What every reader of X12 needs: transaction sets one by one, amounts, dates, composites, faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from medsec_desktop.edi.overview import kind_of
from medsec_desktop.edi.segments import Segment, segments

_FAULTS_AT_MOST = 200
_COMPONENTS = ":>|^"  # some senders separate with another sign than their header says
_LARGEST = 10**12
_KEPT = 4_096  # values read before, of each sort
_ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"})


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction set with the envelope it came in, from its ST to its SE, both left out."""

    kind: str  # 837P, 835, 999, 277CA, TA1 …
    number: str  # ST02
    interchange: str  # ISA13
    group: str  # GS06
    sender: str  # ISA06
    receiver: str  # ISA08
    segments: tuple[Segment, ...]


@dataclass(slots=True)
class Faults:
    """What could not be read, each with its segment; a broken file does not fill the memory."""

    sentences: list[str] = field(default_factory=list)

    def tell(self, sentence: str) -> None:
        if len(self.sentences) < _FAULTS_AT_MOST:
            self.sentences.append(sentence)


def transactions(text: str) -> Iterator[Transaction]:
    """Every transaction set of a file in order; a TA1 comes as one of its own.

    A set that is never closed ends where the next one, or its envelope, does.
    """
    isa = gs = st = None
    inside: list[Segment] = []

    def ended() -> Iterator[Transaction]:
        nonlocal st
        if st is not None:
            yield _transaction(kind_of(st, gs), st[2].strip(), isa, gs, tuple(inside))
        st = None
        inside.clear()

    for segment in segments(text):
        if not isinstance(segment, Segment):
            continue
        if segment.id not in _ENVELOPE:
            if st is not None:
                inside.append(segment)
            continue
        match segment.id:
            case "ISA":
                yield from ended()
                isa, gs = segment, None
            case "GS":
                yield from ended()
                gs = segment
            case "ST":
                yield from ended()
                st = segment
            case "SE" | "GE" | "IEA":
                yield from ended()
            case "TA1":
                yield from ended()
                yield _transaction("TA1", "", isa, None, (segment,))
    yield from ended()


def _transaction(
    kind: str, number: str, isa: Segment | None, gs: Segment | None, inside: tuple[Segment, ...]
) -> Transaction:
    return Transaction(
        kind,
        number,
        isa[13].strip() if isa else "",
        gs[6].strip() if gs else "",
        isa[6].strip() if isa else "",
        isa[8].strip() if isa else "",
        inside,
    )


def cents(segment: Segment, number: int, faults: Faults) -> int:
    """The amount in an element, in cents, 0 where there is none; what is no amount is told."""
    text = segment[number]
    amount = _cents(text)
    if amount is None:
        faults.tell(f"{place(segment, number)} is not an amount: “{text.strip()[:20]}”.")
        return 0
    return amount


@lru_cache(_KEPT)
def _cents(text: str) -> int | None:
    """The cents of an amount, None where it is none. Fees and what is paid for them come again and again."""
    text = text.strip()
    whole, _, rest = text.partition(".")
    if text.isascii() and whole.isdigit() and len(whole) < 12 and len(rest) < 3:
        if not rest:
            return int(whole) * 100
        if rest.isdigit():
            return int(whole) * 100 + int(rest.ljust(2, "0"))
    if not text:
        return 0
    amount = decimal(text)
    return None if amount is None or amount * 100 != int(amount * 100) else int(amount * 100)


def decimal(text: str) -> Decimal | None:
    """A number as X12 writes it, None where it is none or beyond all measure."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _LARGEST else None


def place(segment: Segment, number: int) -> str:
    """Where an element stands: "Element 2 of the CLP in segment 17"."""
    return f"Element {number} of the {segment.id} in segment {segment.position}"


def components(segment: Segment, number: int) -> tuple[str, ...]:
    """The parts of a composite element, blank ones at the end left out."""
    return _parts(segment[number], segment.component)


@lru_cache(_KEPT)
def _parts(text: str, sign: str) -> tuple[str, ...]:
    if sign not in text:
        sign = next((one for one in _COMPONENTS if one in text), sign)
    return tuple([part.strip() for part in text.rstrip(sign).split(sign)])


@lru_cache(_KEPT)
def day(text: str) -> date | None:
    """CCYYMMDD as a date, None where it is none."""
    digits = text.strip()
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def days(segment: Segment, number: int, faults: Faults) -> tuple[date | None, date | None]:
    """The first and last day of a date element, written D8 or RD8; the same where it is one day."""
    text = segment[number].strip()
    first, _, last = text.partition("-")
    begin = day(first)
    end = day(last) if last else begin
    if text and (begin is None or end is None):
        faults.tell(f"{place(segment, number)} is not a date: “{text[:20]}”.")
    return begin, end
