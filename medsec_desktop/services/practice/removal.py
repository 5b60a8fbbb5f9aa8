"""What goes with a provider, room or payer taken off the list: hours, time kept free, its own settings."""

from __future__ import annotations

from typing import Any

from medsec_desktop.models.calendar import GridNote, Hold
from medsec_desktop.models.claims import BillingNumber, PayerRule
from medsec_desktop.models.codes import CodeFavourite
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


def forget_billing(**whose: int) -> None:
    """Delete what is kept of a provider or payer for claims only: `provider_id=` or `payer_id=`. Inside
    a change."""
    ((column, owner_id),) = whose.items()
    for table in (BillingNumber, CodeFavourite, PayerRule):
        if column in table._meta.columns:
            table.delete().where(table._meta.columns[column] == owner_id).execute()


def _owner(table: Any, whose: str) -> Any:
    return getattr(table, whose)
