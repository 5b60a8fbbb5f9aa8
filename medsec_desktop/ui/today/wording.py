"""How the board words a visit: one line, told anew each minute from the row alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar.visits import STATUS_WORDS, VisitStatus
from medsec_desktop.services.today.records import GROUP_WORDS, BoardRow, Group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from medsec_desktop.domain.formats import Formats

_CONFIRMED = {"person": "Confirmed", "machine": "Message left"}
_NEXT_STEP = {
    Group.EXPECTED: "Arrived",
    Group.UNRESOLVED: "Arrived",
    Group.WAITING: "To room",
    Group.IN_ROOM: "Done",
}


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A visit as the board paints it; `heading` stands above the first of a group."""

    value: BoardRow
    group: Group
    lead: str  # the time
    title: str
    detail: str
    trailing: str  # how it stands
    mark: str = ""  # what is to ask or read at the desk
    is_late: bool = False
    heading: str = ""
    step: str = ""  # what a press moves it on to

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        room = self.value.room_name
        too_long = "waits too long" if self.is_late and self.group is Group.WAITING else ""
        parts = (
            GROUP_WORDS[self.group],
            self.lead,
            self.title,
            self.detail,
            room,
            self.trailing if self.trailing != GROUP_WORDS[self.group] else "",
            too_long,
            self.mark,
        )
        return ", ".join(part for part in parts if part)


def lines(
    rows: Sequence[BoardRow], marks: Mapping[int, str], now: datetime, formats: Formats
) -> list[BoardLine]:
    """The board at `now`: the most pressing group first, each by time."""
    groups: dict[Group, list[BoardRow]] = {group: [] for group in Group}
    for row in rows:
        groups[row.group(now)].append(row)
    told = []
    for group, members in groups.items():
        for place, row in enumerate(members):
            heading = f"{GROUP_WORDS[group]}  {len(members)}" if place == 0 else ""
            told.append(_line(row, group, marks.get(row.id), heading, now, formats))
    return told


def _line(
    row: BoardRow, group: Group, mark: str | None, heading: str, now: datetime, formats: Formats
) -> BoardLine:
    said, is_late = _state(row, group, now)
    detail = " · ".join(part for part in (row.type_name, row.provider_name, row.reason) if part)
    if mark is None:  # nobody has looked at what is to ask yet
        mark = "Alert" if row.has_alert and group in _NEXT_STEP else ""
    return BoardLine(
        row, group, formats.time(row.starts_at), row.patient_name, detail, said, mark, is_late,
        heading, _NEXT_STEP.get(group, ""),
    )  # fmt: skip


def _state(row: BoardRow, group: Group, now: datetime) -> tuple[str, bool]:
    """How it stands, and whether that should catch the eye."""
    if group is Group.WAITING:
        waited = row.waiting_min(now)
        if not waited:
            return "Arrived" if waited is None else "Just arrived", False
        return f"Waiting {minutes(waited)}", row.waits_too_long(now)
    if group is Group.IN_ROOM:
        there = row.in_room_min(now)
        return f"In room {minutes(there)}" if there else "In room", False
    if group is Group.UNRESOLVED:
        return "No answer yet", True
    if group is Group.EXPECTED:
        late = row.late_min(now)
        if late:
            return f"{minutes(late)} late", False
        if row.status is VisitStatus.CONFIRMED:
            return _CONFIRMED.get(row.confirmed_how, "Confirmed"), False
        return "Not confirmed", False
    if row.status is VisitStatus.LEFT:
        return "Left unseen", False
    return STATUS_WORDS[row.status], False


def minutes(count: int) -> str:
    """12 min, 1 h 5 min."""
    hours, rest = divmod(count, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def counted(rows: Sequence[BoardRow], now: datetime) -> str:
    """“14 visits · 3 waiting · 5 done”, leaving out what is nothing."""
    if not rows:
        return ""
    parts = [f"{len(rows)} visit{'' if len(rows) == 1 else 's'}"]
    for group, word in (
        (Group.WAITING, "waiting"),
        (Group.IN_ROOM, "in a room"),
        (Group.EXPECTED, "to come"),
        (Group.UNRESOLVED, "unresolved"),
        (Group.DONE, "done"),
    ):
        count = sum(1 for row in rows if row.group(now) is group)
        if count:
            parts.append(f"{count} {word}")
    return " · ".join(parts)
