"""Other hours than the weekly ones: exceptions, room hours, public holidays, block-outs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from medsec_desktop.domain.calendar.spans import DAY_MIN, merged
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.calendar import Appointment
from medsec_desktop.models.hours import HoursException, RoomHours
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar.availability import spans_from_text, spans_to_text
from medsec_desktop.services.calendar.block_outs import BlockOuts
from medsec_desktop.services.calendar.holidays import Holidays
from medsec_desktop.services.calendar.hours_records import (
    ExceptionDraft,
    ExceptionRow,
    OutsideRow,
)
from medsec_desktop.services.calendar.outside import Outside
from medsec_desktop.services.practice import HoursRow, Practice, checks
from medsec_desktop.services.saving import save_row
from medsec_desktop.services.session import Session


class Hours:
    """The practice's hours beyond the week."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
        self.blocks = BlockOuts(session)
        self.holidays = Holidays(session, practice)

    # -- visits left outside ------------------------------------------------------------------

    @cached_property
    def _outside(self) -> Outside:
        return Outside(self._session, self._practice)

    def outside(
        self,
        first: date | None = None,
        last: date | None = None,
        provider_ids: Collection[int] | None = None,
    ) -> tuple[OutsideRow, ...]:
        """Visits still to come that lie outside the hours as they are now, each with the reason.

        By time; those that stand there for a reason somebody gave come after the others. The hours
        are the provider's and the room's; closures, holidays and block-outs count as hours.
        """
        return self._outside.visits(first, last, provider_ids)

    def outside_ids(self, provider_ids: Collection[int] | None = None) -> frozenset[int]:
        """Those of them that still need an answer: compared before and after a change of hours."""
        return self._outside.ids(provider_ids)

    def keep(
        self, appointment_id: int, version: int, reason: str, initiator: object | None = None
    ) -> None:
        """Leave a visit outside the hours where it is, for a reason. Raises Invalid, Conflict."""
        reason = reason.strip()
        if not reason:
            raise Invalid("Say why the visit stays there.", field="reason")
        found = self._db.one("SELECT patient_id FROM appointment WHERE id = ?", (appointment_id,))
        if found is None:
            raise Conflict("This visit is no longer there.")
        self._session.require(Permission.OVERRIDE_RULES, "set a booking rule aside")
        with self._session.change(
            "Keep a visit outside the hours",
            needs=Permission.EDIT_CALENDAR,
            patient_id=found[0],
            reason=reason,
            initiator=initiator,
        ):
            save_row(Appointment, appointment_id, version, override_reason=reason)

    # -- other hours on some days -------------------------------------------------------------

    def exceptions(
        self,
        since: date | None = None,
        *,
        provider_id: int | None = None,
        room_id: int | None = None,
    ) -> tuple[ExceptionRow, ...]:
        """Other hours by date; with `since` those that end on that day or later."""
        where, params = "WHERE e.last_on >= ?", [since.isoformat() if since else ""]
        for column, owner in (("provider_id", provider_id), ("room_id", room_id)):
            if owner is not None:
                where += f" AND e.{column} = ?"
                params.append(str(owner))
        return tuple(
            ExceptionRow(
                id=row[0],
                version=row[1],
                provider_id=row[2],
                room_id=row[3],
                whose=row[4],
                first_on=date.fromisoformat(row[5]),
                last_on=date.fromisoformat(row[6]),
                spans=spans_from_text(row[7]),
                note=row[8],
            )
            for row in self._db.rows(
                "SELECT e.id, e.version, e.provider_id, e.room_id,"
                " coalesce(trim(p.given_name || ' ' || p.family_name), r.name), e.first_on,"
                " e.last_on, e.spans, e.note FROM hours_exception e"
                " LEFT JOIN provider p ON p.id = e.provider_id"
                f" LEFT JOIN room r ON r.id = e.room_id {where} ORDER BY e.first_on, e.id",
                params,
            )
        )

    def save_exception(self, draft: ExceptionDraft) -> int:
        """Keep other hours for a day or days; their number. Raises Invalid, Conflict."""
        if (draft.provider_id is None) == (draft.room_id is None):
            raise Invalid("Choose whose hours differ.", field="whose")
        if draft.last_on < draft.first_on:
            raise Invalid("The last day lies before the first.", field="last_on")
        for span in draft.spans:
            if not 0 <= span.starts_min < span.ends_min <= DAY_MIN:
                raise Invalid("The hours end before they begin.", field="spans")
        if sum(span.duration_min for span in draft.spans) != sum(
            span.duration_min for span in merged(draft.spans)
        ):
            raise Invalid("Two stretches overlap.", field="spans")
        values: dict[str, Any] = {
            "provider": draft.provider_id,
            "room": draft.room_id,
            "first_on": draft.first_on.isoformat(),
            "last_on": draft.last_on.isoformat(),
            "spans": spans_to_text(draft.spans),
            "note": draft.note.strip(),
        }
        formats = self._practice.formats
        label = f"Other hours from {formats.short_date(draft.first_on)}"
        with self._session.change(label, needs=Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(HoursException, draft.id, draft.version, **values)
                return draft.id
            return int(HoursException.create(**values).id)

    def remove_exception(self, exception_id: int) -> None:
        """The weekly hours again. Raises Conflict when it is gone."""
        if not self._db.value("SELECT 1 FROM hours_exception WHERE id = ?", (exception_id,)):
            raise Conflict("These hours are no longer there.", remedy="The list is shown anew.")
        with self._session.change("The weekly hours again", needs=Permission.EDIT_SETTINGS):
            HoursException.delete().where(HoursException.id == exception_id).execute()

    # -- rooms --------------------------------------------------------------------------------

    def room_hours(self, room_id: int) -> tuple[HoursRow, ...]:
        """A room's weekly hours in order; none: it is always open."""
        return tuple(
            HoursRow(row[0], row[1], row[2], _day(row[3]), _day(row[4]))
            for row in self._db.rows(
                "SELECT weekday, starts_min, ends_min, valid_from_on, valid_to_on FROM room_hours"
                " WHERE room_id = ? ORDER BY weekday, starts_min, valid_from_on",
                (room_id,),
            )
        )

    def save_room_hours(self, room_id: int, rows: Sequence[HoursRow]) -> None:
        """Replace a room's weekly hours; none: it is always open. Raises Invalid, Conflict."""
        wanted = checks.checked_hours(rows)
        if wanted == self.room_hours(room_id):
            return
        name = self._db.value("SELECT name FROM room WHERE id = ?", (room_id,))
        if name is None:
            raise Conflict("This room is no longer there.")
        with self._session.change(f"Change the hours of {name}", needs=Permission.EDIT_SETTINGS):
            RoomHours.delete().where(RoomHours.room == room_id).execute()
            for row in wanted:
                RoomHours.create(
                    room=room_id,
                    weekday=row.weekday,
                    starts_min=row.starts_min,
                    ends_min=row.ends_min,
                    valid_from_on=row.valid_from_on and row.valid_from_on.isoformat(),
                    valid_to_on=row.valid_to_on and row.valid_to_on.isoformat(),
                )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
