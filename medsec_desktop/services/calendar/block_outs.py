"""Time kept free, once or again and again, and the types of visit it admits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from medsec_desktop.domain.calendar.repeats import Repeat, days_of
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.hours import BlockOut, BlockOutException, BlockOutType
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar.hours_records import (
    BLOCK_KINDS,
    EVERYBODY,
    BlockDraft,
    BlockOutRow,
)
from medsec_desktop.services.saving import save_row
from medsec_desktop.services.session import Session

_ROWS = (
    "SELECT b.id, b.version, b.title, b.kind, b.provider_id, b.room_id,"
    " coalesce(trim(p.given_name || ' ' || p.family_name), r.name, ''), b.starts_on,"
    " b.starts_min, b.ends_min, b.rule, b.last_on, b.note FROM block_out b"
    " LEFT JOIN provider p ON p.id = b.provider_id LEFT JOIN room r ON r.id = b.room_id "
)


class BlockOuts:
    """The block-outs of one practice."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def all(self, since: date | None = None) -> tuple[BlockOutRow, ...]:
        """Every block-out, those that stand once by day and then those that repeat.

        With `since` those are left out that stood for the last time before that day.
        """
        start = since.isoformat() if since else ""
        return self._rows(
            "WHERE coalesce(b.last_on, CASE b.rule WHEN '' THEN b.starts_on ELSE '9' END) >= ?"
            " ORDER BY b.rule <> '', b.starts_on, b.starts_min, b.id",
            start,
        )

    def one(self, block_id: int) -> BlockOutRow:
        """One block-out. Raises Conflict when there is no longer such a one."""
        rows = self._rows("WHERE b.id = ?", block_id)
        if not rows:
            raise Conflict(
                "This time is no longer kept free.", remedy="The day is shown as it is now."
            )
        return rows[0]

    def save(self, draft: BlockDraft, initiator: object | None = None) -> int:
        """Keep time free; its number. Visits already there stay. Raises Invalid, Conflict."""
        draft = _checked(draft)
        verb = "Change" if draft.id else "Keep free:"
        with self._session.change(
            f"{verb} {draft.title}", needs=Permission.EDIT_CALENDAR, initiator=initiator
        ):
            values: dict[str, Any] = {
                "provider": draft.provider_id,
                "room": draft.room_id,
                "kind": draft.kind,
                "title": draft.title,
                "starts_on": draft.starts_on.isoformat(),
                "starts_min": draft.span.starts_min,
                "ends_min": draft.span.ends_min,
                "rule": draft.rule,
                "last_on": draft.last_on.isoformat() if draft.last_on else None,
                "note": draft.note,
            }
            if draft.id:
                save_row(BlockOut, draft.id, draft.version, **values)
                block_id = draft.id
            else:
                block_id = int(BlockOut.create(**values).id)
            self._admit(block_id, draft.admits)
        return block_id

    def remove(self, block_id: int, initiator: object | None = None) -> None:
        """Give the time back, on every day it was kept. Raises Conflict when it is gone."""
        title = self.one(block_id).title
        with self._session.change(
            f"Give back {title}", needs=Permission.EDIT_CALENDAR, initiator=initiator
        ):
            BlockOutType.delete().where(BlockOutType.block_out == block_id).execute()
            BlockOutException.delete().where(BlockOutException.block_out == block_id).execute()
            BlockOut.delete().where(BlockOut.id == block_id).execute()

    def leave_out(self, block_id: int, day: date, initiator: object | None = None) -> None:
        """Give the time back on one day; where it stands once, altogether."""
        row = self.one(block_id)
        if not row.rule:
            self.remove(block_id, initiator)
            return
        if day in row.left_out:
            return
        if not days_of(row.rule, row.starts_on, row.last_on, day, day):
            raise Invalid(f"“{row.title}” does not stand on that day.", field="day")
        with self._session.change(
            f"Give back {row.title} on one day",
            needs=Permission.EDIT_CALENDAR,
            initiator=initiator,
        ):
            BlockOutException.create(block_out=block_id, day_on=day.isoformat())

    def bring_back(self, block_id: int, day: date) -> None:
        """Keep the time free again on a day it was given back."""
        title = self.one(block_id).title
        with self._session.change(
            f"Keep free again: {title} on one day", needs=Permission.EDIT_CALENDAR
        ):
            BlockOutException.delete().where(
                BlockOutException.block_out == block_id, BlockOutException.day_on == day.isoformat()
            ).execute()

    def end_before(self, block_id: int, day: date, initiator: object | None = None) -> None:
        """Give the time back from `day` on; the days before stay as they are."""
        row = self.one(block_id)
        if not row.rule or day <= row.starts_on:
            self.remove(block_id, initiator)
            return
        with self._session.change(
            f"Give back {row.title} from a day on",
            needs=Permission.EDIT_CALENDAR,
            initiator=initiator,
        ):
            last = (day - timedelta(days=1)).isoformat()
            save_row(BlockOut, row.id, row.version, last_on=last)

    def _admit(self, block_id: int, types: frozenset[int]) -> None:
        rows = self._db.rows(
            "SELECT type_id FROM block_out_type WHERE block_out_id = ?", (block_id,)
        )
        known = {type_id for (type_id,) in rows}
        for type_id in sorted(known - types):
            BlockOutType.delete().where(
                BlockOutType.block_out == block_id, BlockOutType.type == type_id
            ).execute()
        for type_id in sorted(types - known):
            BlockOutType.create(block_out=block_id, type=type_id)

    def _rows(self, where: str, *params: Any) -> tuple[BlockOutRow, ...]:
        admits: dict[int, set[int]] = {}
        for block_id, type_id in self._db.rows("SELECT block_out_id, type_id FROM block_out_type"):
            admits.setdefault(block_id, set()).add(type_id)
        left_out: dict[int, list[date]] = {}
        for block_id, day in self._db.rows(
            "SELECT block_out_id, day_on FROM block_out_exception ORDER BY day_on"
        ):
            left_out.setdefault(block_id, []).append(date.fromisoformat(day))
        return tuple(
            BlockOutRow(
                id=row[0],
                version=row[1],
                title=row[2],
                kind=row[3],
                provider_id=row[4],
                room_id=row[5],
                whose=row[6] or EVERYBODY,
                starts_on=date.fromisoformat(row[7]),
                span=Span(row[8], row[9]),
                rule=row[10],
                last_on=date.fromisoformat(row[11]) if row[11] else None,
                note=row[12],
                admits=frozenset(admits.get(row[0], ())),
                left_out=tuple(left_out.get(row[0], ())),
            )
            for row in self._db.rows(_ROWS + where, params)
        )


def _checked(draft: BlockDraft) -> BlockDraft:
    """The block-out in the form it is kept. Raises Invalid naming the field."""
    draft = replace(draft, title=draft.title.strip(), note=draft.note.strip())
    if draft.kind not in BLOCK_KINDS:
        raise Invalid("Choose what the time is kept for.", field="kind")
    if not draft.title:
        draft = replace(draft, title=BLOCK_KINDS[draft.kind])
    if not 0 <= draft.span.starts_min < draft.span.ends_min <= DAY_MIN:
        raise Invalid(
            "The time ends before it begins.",
            remedy="Type it like 12-1; it lies within one day.",
            field="span",
        )
    if draft.kind == "reserved" and not draft.admits:
        raise Invalid("Choose at least one type of visit it is kept for.", field="admits")
    if draft.kind != "reserved":
        draft = replace(draft, admits=frozenset())
    if draft.provider_id is not None and draft.room_id is not None:
        raise Invalid("Keep it free for a provider or for a room.", field="whose")
    if not draft.rule:
        return replace(draft, last_on=None)
    repeat = Repeat.parse(draft.rule)
    if draft.last_on is not None and draft.last_on < draft.starts_on:
        raise Invalid("It ends before it begins.", field="last_on")
    # What begins on a Wednesday and stands on Mondays begins on the Monday after.
    reach = draft.starts_on + timedelta(days=7 * repeat.every + 62)
    days = days_of(draft.rule, draft.starts_on, draft.last_on, draft.starts_on, reach)
    if not days and repeat.frequency != "monthly":
        raise Invalid("Between these days it never stands.", field="last_on")
    if repeat.frequency == "weekly":
        draft = replace(draft, starts_on=days[0])
    return replace(draft, rule=repeat.rule)
