"""The states a visit takes, each stamped with its time; what was noted wrongly is corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar import FREED, STATUS_WORDS, VisitStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.changing import Changing, status_word
from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.records import (
        AppointmentDetail,
        AppointmentRow,
        BookingDraft,
        EventRow,
    )

_S = VisitStatus
_EXPECTED = frozenset({_S.SCHEDULED, _S.CONFIRMED})
_HERE = frozenset({_S.ARRIVED, _S.IN_ROOM})
_OPEN = _EXPECTED | _HERE
_NEXT = {_S.ARRIVED: _S.IN_ROOM, _S.IN_ROOM: _S.DONE}
# A visit of today still open this long past its end wants an answer like yesterday's.
_OVERDUE = timedelta(hours=1)


class States(Changing):
    """The secretary's verbs between booking and the end of a visit.

    Each raises Conflict where the visit does not stand so that it can be said of it, or has moved on
    since it was shown. Nothing here happens by itself: a visit nobody answers for stays open.
    """

    def confirm(
        self, appointment_id: int, version: int, how: str, initiator: object | None = None
    ) -> None:
        """She says she comes, `how` "person", or it was said to a "machine"."""
        if how not in ("person", "machine"):
            raise Invalid("A visit is confirmed with a person or on a machine.", field="how")
        visit = self._standing_at(appointment_id, version, _EXPECTED, "confirmed")
        self._put(visit, _S.CONFIRMED, "Confirm", how, initiator)

    def arrive(self, appointment_id: int, version: int, initiator: object | None = None) -> None:
        """She is here. Only on the day of the visit."""
        visit = self._standing_at(appointment_id, version, _EXPECTED, "marked arrived")
        self._require_today(visit)
        self._put(visit, _S.ARRIVED, "Arrived:", "", initiator)

    def to_room(
        self,
        appointment_id: int,
        version: int,
        room_id: int | None = None,
        initiator: object | None = None,
    ) -> None:
        """She is taken to a room: the one planned, or `room_id` where nobody else is due."""
        visit = self._standing_at(
            appointment_id, version, _EXPECTED | {_S.ARRIVED}, "taken to a room"
        )
        self._require_today(visit)
        if room_id is None or room_id == visit.room_id:
            self._put(visit, _S.IN_ROOM, "In room:", "", initiator)
        else:
            self._refuse_if_room_is_taken(replace(visit.draft, room_id=room_id), appointment_id)
            self._put(visit, _S.IN_ROOM, "In room:", "", initiator, room_id=room_id)

    def finish(self, appointment_id: int, version: int, initiator: object | None = None) -> None:
        """The visit took place. Also said afterwards of one nobody answered for."""
        visit = self._standing_at(appointment_id, version, _OPEN, "marked done")
        self._require_day_come(visit)
        self._put(visit, _S.DONE, "Done:", "", initiator)

    def no_show(
        self,
        appointment_id: int,
        version: int,
        reason: str = "",
        initiator: object | None = None,
    ) -> None:
        """She did not come; the slot is free. Not before the visit should have begun."""
        visit = self._standing_at(appointment_id, version, _EXPECTED, "marked a no-show")
        if visit.row.starts_at > self._session.clock.now():
            raise Conflict(
                f"The visit begins {self._when(visit.row.starts_at)}; the patient may still come.",
                remedy="Cancel it if not.",
                links=(self._link(visit.row),),
            )
        self._put(visit, _S.NO_SHOW, "No-show:", reason.strip(), initiator)

    def leave(
        self,
        appointment_id: int,
        version: int,
        reason: str = "",
        initiator: object | None = None,
    ) -> None:
        """She was here and went without being seen; the slot is free."""
        visit = self._standing_at(appointment_id, version, _OPEN, "marked left")
        self._require_day_come(visit)
        self._put(visit, _S.LEFT, "Left without being seen:", reason.strip(), initiator)

    def move_on(
        self, appointment_id: int, version: int, initiator: object | None = None
    ) -> VisitStatus:
        """From the waiting room to the room, from the room to done; where she is now."""
        visit = self._standing_at(appointment_id, version, _HERE, "moved on")
        if _NEXT[visit.row.status] == _S.IN_ROOM:
            self.to_room(appointment_id, version, initiator=initiator)
        else:
            self.finish(appointment_id, version, initiator)
        return _NEXT[visit.row.status]

    def cancel(
        self,
        appointment_id: int,
        version: int,
        by: str = "patient",
        reason: str = "",
        initiator: object | None = None,
    ) -> None:
        """Cancel a visit, `by` "patient" or "clinic"; its slot is free at once.

        By the patient and less than the practice's notice before it begins, it counts as late.
        Raises Conflict for a visit that took place, was cancelled already or has moved on.
        """
        _require_canceller(by)
        visit = self._read(appointment_id, version)
        row, reason = visit.row, reason.strip()
        if not row.status.may_be_cancelled:
            raise self._not_now(visit, "cancelled")
        with self._changing(f"Cancel {self._who_and_when(row)}", row.patient_id, reason, initiator):
            fields = {"status": _S.CANCELLED, "cancelled_by": by, "cancel_reason": reason}
            self._save(appointment_id, version, fields)
            self._stamp(appointment_id, _S.CANCELLED, reason, is_late=self._is_late(visit, by))
            self._freed(appointment_id)

    def correct(
        self,
        appointment_id: int,
        version: int,
        status: VisitStatus,
        reason: str = "",
        by: str = "patient",
        initiator: object | None = None,
    ) -> None:
        """Put right what was noted wrongly: from any state to any other.

        Back to one that takes up time, the rules are asked again as when booking, and `reason` is
        what they take. `by` says who cancelled where that is the right state.
        """
        _require_canceller(by)
        visit = self._read(appointment_id, version)
        row, reason = visit.row, reason.strip()
        if self.successor(row.id) is not None and row.status == _S.CANCELLED:
            raise self._not_now(visit, "corrected")
        if status == row.status and by == (visit.cancelled_by or by):
            raise Invalid(f"It is {status_word(status)} already.", "Choose how it should stand.")
        if status in _HERE | {_S.DONE}:
            self._require_day_come(visit)
        label = f"Correct {self._who_and_when(row)}: {STATUS_WORDS[status].lower()}"
        is_cancelled = status == _S.CANCELLED
        fields = {
            "status": status,
            "cancelled_by": by if is_cancelled else "",
            "cancel_reason": reason if is_cancelled else "",
        }
        with self._changing(label, row.patient_id, reason, initiator):
            if row.status in FREED and status not in FREED:
                self._refuse_if_given_away(visit, reason)
            self._save(appointment_id, version, fields)
            late = is_cancelled and self._is_late(visit, by)
            self._stamp(row.id, status, reason, is_late=late, is_correction=True)
            if status in FREED and row.status not in FREED:
                self._freed(row.id)
            elif row.status in FREED and status not in FREED:
                # What fell away with the booking and came back with the slot falls away again.
                for follow in self.after_booking:
                    follow(row.id, visit.draft)

    # -- read ---------------------------------------------------------------------------------

    def events(self, appointment_id: int) -> tuple[EventRow, ...]:
        """Each state the visit took, oldest first, with its time and who noted it."""
        return reading.events(self._db, appointment_id)

    def unresolved(self, limit: int = 500) -> tuple[AppointmentRow, ...]:
        """Visits that wait for an answer, oldest first: those of earlier days still open, and
        today's an hour past their end for which nobody has come."""
        now = self._session.clock.now()
        latest = (now - _OVERDUE).isoformat(timespec="minutes")
        return self._visits(
            "WHERE a.status IN ('scheduled', 'confirmed', 'arrived', 'in-room') AND a.starts_at < ?2"
            " AND (a.starts_at < ?3 OR a.status IN ('scheduled', 'confirmed')"
            " AND strftime('%Y-%m-%dT%H:%M', a.starts_at,"
            " '+' || a.duration_min || ' minutes') <= ?2) ORDER BY a.starts_at, a.id LIMIT ?4",
            latest,
            now.date().isoformat(),
            limit,
        )

    def short_notice_h(self, visit: AppointmentRow) -> int:
        """The notice in hours that a patient who cancels now would fall short of; 0 while in time."""
        notice_h = self._practice.get(settings.LATE_CANCEL_HOURS)
        left = visit.starts_at - self._session.clock.now()
        return notice_h if left < timedelta(hours=notice_h) else 0

    # -- inside -------------------------------------------------------------------------------

    def _put(
        self,
        visit: AppointmentDetail,
        status: VisitStatus,
        verb: str,
        detail: str,
        initiator: object | None,
        **more: object,
    ) -> None:
        row = visit.row
        reason = "" if status == _S.CONFIRMED else detail
        with self._changing(f"{verb} {self._who_and_when(row)}", row.patient_id, reason, initiator):
            self._save(row.id, row.version, {"status": status, **more})
            self._stamp(row.id, status, detail)
            if status in FREED:
                self._freed(row.id)

    def _refuse_if_given_away(self, visit: AppointmentDetail, reason: str) -> None:
        """Before a visit takes up time again: the rules, but for its day having gone by."""
        from medsec_desktop.domain.calendar.rules import BookingRefused, Rule

        breaches = tuple(
            breach
            for breach in self._judge.check(visit.draft, visit.row.id)
            if breach.rule != Rule.PAST_DATE
        )
        is_hard = any(breach.is_hard for breach in breaches)
        if is_hard or (breaches and not reason):
            remedy = "Book another time." if is_hard else "Say why it must be so."
            what = f"{self._when(visit.row.starts_at)} is no longer free for this visit."
            raise BookingRefused(breaches, (), remedy, what)
        if breaches:
            self._session.require(Permission.OVERRIDE_RULES, "set a booking rule aside")

    def _refuse_if_room_is_taken(self, draft: BookingDraft, appointment_id: int) -> None:
        from medsec_desktop.domain.calendar.rules import Rule

        for breach in self._judge.check(draft, appointment_id):
            if breach.rule == Rule.ROOM_TAKEN and breach.is_hard:
                raise Conflict(breach.sentence, remedy="Choose another room.", links=breach.links)

    def _standing_at(
        self, appointment_id: int, version: int, states: frozenset[VisitStatus], what: str
    ) -> AppointmentDetail:
        visit = self._read(appointment_id, version)
        if visit.row.status not in states:
            raise self._not_now(visit, what)
        return visit

    def _not_now(self, visit: AppointmentDetail, what: str) -> Conflict:
        """Why this cannot be said of the visit, with the one that stands in its place."""
        row = visit.row
        standing = self.standing(row.id)
        if standing != row.id and row.status == _S.CANCELLED:
            there = self.appointment(standing).row
            return Conflict(
                f"This visit was moved to {self._when(there.starts_at)}.",
                remedy="Change it there.",
                links=(self._link(there),),
            )
        remedy = "Correct its status if that is wrong." if row.status not in _OPEN else ""
        return Conflict(
            f"This visit is {status_word(row.status)} and cannot be {what}.",
            remedy=remedy,
            links=(self._link(row),),
        )

    def _require_day_come(self, visit: AppointmentDetail) -> None:
        if visit.row.starts_at.date() > self._session.clock.today():
            raise Conflict(
                f"The visit is on {self._when(visit.row.starts_at)}, which has not come yet.",
                remedy="Move it to today if the patient is here now.",
                links=(self._link(visit.row),),
            )

    def _require_today(self, visit: AppointmentDetail) -> None:
        self._require_day_come(visit)
        if visit.row.starts_at.date() < self._session.clock.today():
            raise Conflict(
                f"The visit was on {self._when(visit.row.starts_at)}.",
                remedy="Say what became of it: done, did not come, left, or cancelled.",
                links=(self._link(visit.row),),
            )

    def _is_late(self, visit: AppointmentDetail, by: str) -> bool:
        return by == "patient" and bool(self.short_notice_h(visit.row))


def _require_canceller(by: str) -> None:
    if by not in ("patient", "clinic"):
        raise Invalid("A visit is cancelled by the patient or by the clinic.", field="by")
