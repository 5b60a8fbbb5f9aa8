"""What goes with a provider or a room taken off the list: its hours and what was kept free for it."""

from __future__ import annotations

from typing import Any

from medsec_desktop.models.calendar import GridNote, Hold
from medsec_desktop.models.hours import (
    BlockOut,
    BlockOutException,
    BlockOutType,
    HoursException,
    RoomHours,
)
from medsec_desktop.models.practice import Closure, WorkingHours

_OF_PROVIDER = (HoursException, WorkingHours, Closure, Hold, GridNote)
_OF_ROOM = (HoursException, RoomHours, Hold)


def forget_hours(whose: str, owner_id: int) -> None:
    """Delete all that only says when this "provider" or "room" is there. Inside a change."""
    blocks = BlockOut.select(BlockOut.id).where(_owner(BlockOut, whose) == owner_id)
    for table in (BlockOutType, BlockOutException):
        table.delete().where(table.block_out.in_(blocks)).execute()
    for table in (BlockOut, *(_OF_PROVIDER if whose == "provider" else _OF_ROOM)):
        table.delete().where(_owner(table, whose) == owner_id).execute()


def _owner(table: Any, whose: str) -> Any:
    return getattr(table, whose)
