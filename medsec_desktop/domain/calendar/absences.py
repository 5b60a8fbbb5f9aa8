"""What becomes of visits while their provider is away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from medsec_desktop.domain.calendar.slots import Slot


class AwayPolicy(StrEnum):
    """What is proposed for a visit whose provider is away."""

    SAME = "same"  # the same provider, once she is back
    OTHER = "other"  # another provider, as near the same time as can be
    NEAREST = "nearest"  # whichever of the two is nearer


POLICY_WORDS = {
    AwayPolicy.SAME: "Same provider, later",
    AwayPolicy.OTHER: "Another provider, same time",
    AwayPolicy.NEAREST: "Whichever is nearer",
}


class AwayState(StrEnum):
    """How far one affected visit has come."""

    LEFT = "left"  # still stands where nobody will be
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Buffers:
    """The free time a type of visit needs before and after."""

    before_min: int = 0
    after_min: int = 0


@dataclass(frozen=True, slots=True)
class Promised:
    """A slot already proposed for another visit, with what that visit's type needs around it."""

    slot: Slot
    buffers: Buffers = Buffers()

    def is_in_the_way(self, slot: Slot, buffers: Buffers) -> bool:
        """Whether both could not stand in one provider's or one room's day."""
        same_provider = slot.provider_id == self.slot.provider_id
        same_room = slot.room_id is not None and slot.room_id == self.slot.room_id
        if not same_provider and not same_room:
            return False
        before, after = 0, 0
        if same_provider:
            before = max(self.buffers.before_min, buffers.after_min)
            after = max(self.buffers.after_min, buffers.before_min)
        starts = self.slot.starts_at - timedelta(minutes=before)
        ends = self.slot.starts_at + timedelta(minutes=self.slot.duration_min + after)
        return starts < slot.starts_at + timedelta(minutes=slot.duration_min) and (
            slot.starts_at < ends
        )


def hours_apart(slot: Slot, wanted_at: datetime) -> tuple[timedelta, datetime]:
    """How far a slot's time of day is from the one she had; what sorts the best of a day first."""
    there = datetime.combine(wanted_at.date(), slot.starts_at.time())
    return abs(there - wanted_at), slot.starts_at


def best_of_day(slots: Iterable[Slot], wanted_at: datetime) -> Slot | None:
    """The slot of one day closest to the hour she had; of two the earlier, then the first given."""
    return min(slots, key=lambda slot: hours_apart(slot, wanted_at), default=None)


def nearer(first: Slot | None, second: Slot | None, wanted_at: datetime) -> Slot | None:
    """The one of two that is nearer to the time she had; of two as near, the first."""
    if first is None or second is None:
        return first or second
    return min((first, second), key=lambda slot: abs(slot.starts_at - wanted_at))
