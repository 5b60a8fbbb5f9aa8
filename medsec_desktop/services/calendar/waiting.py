"""The waiting list: who would come sooner, who fits a free slot, and booking from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.calendar.crowds import crowded
from medsec_desktop.domain.calendar.finding import FindQuery, free_periods
from medsec_desktop.domain.calendar.slots import Slot
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.calendar.times_asked import TimesAsked, times_from, times_text
from medsec_desktop.domain.calendar.visits import provider_called
from medsec_desktop.domain.calendar.waiting import Opening, Wish, rank, reasons, starts_for
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import WaitingEntry
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.alerts import TEXT_SQL
from medsec_desktop.services.calendar import availability
from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.calls import CallRow, Calls
from medsec_desktop.services.calendar.finding import Finder
from medsec_desktop.services.calendar.records import BookingDraft
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session

__all__ = ["Fit", "Opening", "Slot", "WaitingDraft", "WaitingList", "WaitingRow"]

_STARTS_TRIED = 4  # of one person's possible starts, before somebody else is looked at


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """What somebody asks for, as a form hands it in; `version` 0 when new."""

    patient_id: int
    duration_min: int
    provider_id: int | None = None  # None: any
    type_id: int | None = None
    is_urgent: bool = False
    earliest_on: date | None = None
    latest_on: date | None = None
    times: TimesAsked = ()  # when she could come; () is any time
    notice_min: int = 0  # how long before she must know
    interim_appointment_id: int | None = None  # the visit she has meanwhile
    keeps_interim: bool = False
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Somebody on the waiting list as the list shows her."""

    id: int
    draft: WaitingDraft  # at the version it was read
    patient_name: str
    phone: str  # her first number, as stored
    alert: str  # one a line
    provider_name: str  # "" for any
    type_name: str
    interim_at: datetime | None  # while that visit is still to come
    next_visit_at: datetime | None
    added_at: datetime
    status: str  # open, booked, removed
    last_call: CallRow | None = None

    @property
    def patient_id(self) -> int:
        return self.draft.patient_id

    @property
    def version(self) -> int:
        return self.draft.version

    @property
    def wish(self) -> Wish:
        """What the ranking looks at."""
        draft = self.draft
        return Wish(
            self.id,
            draft.duration_min,
            self.added_at,
            draft.provider_id,
            draft.is_urgent,
            draft.earliest_on,
            draft.latest_on,
            draft.times,
            draft.notice_min,
            self.interim_at,
            draft.keeps_interim,
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """Somebody who fits a time come free: the slot she would have, and why she."""

    row: WaitingRow
    slot: Slot
    reasons: tuple[str, ...]
    calls: tuple[CallRow, ...] = ()  # made about this very time, the latest first


class WaitingList:
    """Those who would come sooner."""

    def __init__(self, session: Session, practice: Practice, calendar: Calendar):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._calendar = calendar
        self._calls = Calls(session, practice)
        self._finder = Finder(session, practice, calendar)

    # -- read ---------------------------------------------------------------------------------

    def open(self) -> tuple[WaitingRow, ...]:
        """Everybody who waits: urgent ones first, then by how long."""
        rows = self._rows("w.status = 'open' ORDER BY w.is_urgent DESC, w.added_at, w.id")
        return self._with_calls(rows)

    def of_patient(self, patient_id: int) -> tuple[WaitingRow, ...]:
        """What one patient waits for."""
        return self._with_calls(
            self._rows("w.status = 'open' AND w.patient_id = ?2 ORDER BY w.id", patient_id)
        )

    def entry(self, entry_id: int) -> WaitingRow:
        """One entry, also one that is booked or removed. Raises Conflict when it is gone."""
        found = self._rows("w.id = ?2", entry_id)
        if not found:
            raise Conflict(
                "This entry of the waiting list is no longer there.",
                "Adding it was undone.",
                "Add the patient again.",
            )
        return self._with_calls(found)[0]

    def draft_from_visit(self, appointment_id: int) -> WaitingDraft:
        """An entry for somebody who has a visit and would come sooner: the same, but earlier."""
        row = self._calendar.appointment(appointment_id).row
        return WaitingDraft(
            row.patient_id,
            row.duration_min,
            row.provider_id,
            row.type_id,
            interim_appointment_id=row.id if row.status.may_be_moved else None,
        )

    def draft_for(self, patient_id: int) -> WaitingDraft:
        """An entry for a patient: her usual provider, the first type, and her next visit."""
        card = self._calendar.patient_card(patient_id)
        upcoming = [row for row in card.upcoming if row.status.may_be_moved]
        if upcoming:
            return self.draft_from_visit(upcoming[0].id)
        types = self._practice.types(active_only=True)
        return WaitingDraft(
            patient_id,
            types[0].duration_min if types else 30,
            card.usual_provider_id,
            types[0].id if types else None,
        )

    # -- who fits -----------------------------------------------------------------------------

    def opening(self, slot: Slot) -> Opening | None:
        """A slot with the free stretch around it; None where it is no longer free."""
        day, span = slot.starts_at.date(), Span.of(slot.starts_at, slot.duration_min)
        provider = self._db.one(
            "SELECT family_name, given_name, credential, visits_at_once FROM provider WHERE id = ?",
            (slot.provider_id,),
        )
        if provider is None:
            return None
        plans = availability.provider_plans(
            self._db, day, day, [slot.provider_id], self._session.clock.now()
        )
        plan = plans[slot.provider_id, day]
        busy = [
            (start, start + minutes, 0, 0)
            for start, minutes in self._db.rows(
                "SELECT 60 * substr(starts_at, 12, 2) + substr(starts_at, 15, 2), duration_min"
                " FROM appointment WHERE provider_id = ? AND starts_at >= ? AND starts_at < ?"
                " AND status NOT IN ('cancelled', 'no-show', 'left')",
                (slot.provider_id, day.isoformat(), (day + timedelta(days=1)).isoformat()),
            )
        ]
        # A block-out that admits some types is left to the rules, which know the type.
        taken = sorted([*crowded(busy, provider[3]), *(_minutes(hold.span) for hold in plan.holds)])
        for first, last in free_periods(plan.open, taken):
            free = Span(first, last)
            if free.overlaps(span):
                inside = Span(max(first, span.starts_min), min(last, span.ends_min))
                freed = Slot(inside.starts_at(day), inside.duration_min, slot.provider_id)
                return Opening(freed, free, provider_called(*provider[:3]))
        return None

    def fits(self, slot: Slot, limit: int = 12) -> tuple[Fit, ...]:
        """Who on the list could have this slot, or a part of it, the best first.

        Everybody named can be booked as named without breaking any rule. The order is that of
        `domain.calendar.waiting`.
        """
        opening = self.opening(slot)
        if opening is None:
            return ()
        now, formats = self._session.clock.now(), self._practice.formats
        step_min = self._practice.get(settings.CALENDAR_STEP_MIN)
        rows = self._rows("w.status = 'open' ORDER BY w.id")
        called = self._called_about(opening, [row.id for row in rows])
        starts = {row.id: starts_for(row.wish, opening, now, step_min) for row in rows}
        possible = [row for row in rows if starts[row.id]]
        possible.sort(key=lambda row: rank(row.wish, opening, now, bool(called.get(row.id))))
        found: list[Fit] = []
        for row in possible:
            tried = starts[row.id][:_STARTS_TRIED]
            at = next((at for at in tried if self._is_legal(row, slot.provider_id, at)), None)
            if at is None:
                continue
            why = reasons(row.wish, opening, at, now, formats)
            place = Slot(at, row.draft.duration_min, slot.provider_id)
            found.append(Fit(row, place, why, called.get(row.id, ())))
            if len(found) == limit:
                break
        with_calls = self._with_calls([fit.row for fit in found])
        return tuple(replace(fit, row=row) for fit, row in zip(found, with_calls, strict=True))

    def _is_legal(self, row: WaitingRow, provider_id: int, at: datetime) -> bool:
        draft = self._booking(row, Slot(at, row.draft.duration_min, provider_id))
        return not self._calendar.check(draft, self._given_up(row))

    def free_for(self, entry_id: int, days: int = 5) -> tuple[Slot, ...]:
        """The first slot that suits somebody on each of the next days that have one.

        Only what is sooner than the visit she has and would give up. It can be booked as it stands.
        """
        row = self.entry(entry_id)
        draft, now = row.draft, self._session.clock.now()
        given_up = self._given_up(row)
        query = FindQuery(
            type_id=draft.type_id,
            duration_min=draft.duration_min,
            provider_ids=(draft.provider_id,) if draft.provider_id is not None else (),
            earliest_on=draft.earliest_on,
            latest_on=draft.latest_on,
            not_before=now + timedelta(minutes=draft.notice_min),
            patient_id=draft.patient_id,
            available=draft.times,
            ignoring_ids=frozenset() if given_up is None else frozenset([given_up]),
            count=1,
        )
        found = self._finder.by_date(query, days)
        slots = (slot for day in found for slot in day.slots)
        ends = row.interim_at if given_up is not None else None
        return tuple(slot for slot in slots if ends is None or slot.starts_at < ends)

    # -- change -------------------------------------------------------------------------------

    def add(self, draft: WaitingDraft, initiator: object | None = None) -> int:
        """Put somebody on the list; the entry's number. Raises Invalid and NotAllowed."""
        self._refuse_nonsense(draft)
        label = f"Put {self._name(draft.patient_id)} on the waiting list"
        with self._session.change(
            label, Permission.EDIT_CALENDAR, patient_id=draft.patient_id, initiator=initiator
        ):
            return insert_row(
                WaitingEntry,
                **_columns(draft),
                added_at=self._session.clock.now().isoformat(timespec="minutes"),
            )

    def change(self, entry_id: int, draft: WaitingDraft, initiator: object | None = None) -> None:
        """Change what somebody waits for. Raises Conflict where the entry has moved on."""
        self._refuse_nonsense(draft)
        row = self._still_open(entry_id, draft.version)
        with self._session.change(
            f"Change what {row.patient_name} waits for",
            Permission.EDIT_CALENDAR,
            patient_id=row.patient_id,
            initiator=initiator,
        ):
            self._save(entry_id, draft.version, **_fields(draft))

    def remove(
        self, entry_id: int, version: int, reason: str = "", initiator: object | None = None
    ) -> None:
        """Take somebody off the list; her visits stay as they are."""
        row = self._still_open(entry_id, version)
        with self._session.change(
            f"Take {row.patient_name} off the waiting list",
            Permission.EDIT_CALENDAR,
            patient_id=row.patient_id,
            reason=reason.strip(),
            initiator=initiator,
        ):
            self._save(entry_id, version, status="removed")

    def note_call(
        self,
        entry_id: int,
        outcome: CallOutcome | str,
        slot: Slot | None = None,
        note: str = "",
    ) -> int:
        """Write down how a call to somebody on the list ended, and which time was offered."""
        row = self.entry(entry_id)
        said = ". ".join(part for part in (self._offer(slot) if slot else "", note.strip()) if part)
        return self._calls.note(outcome, row.patient_id, waiting_entry_id=entry_id, note=said)

    def book(
        self,
        entry_id: int,
        version: int,
        slot: Slot,
        override_reason: str = "",
        *,
        reached: bool = True,
        initiator: object | None = None,
    ) -> int:
        """Give somebody on the list a slot; the visit's number. One operation, undone as one.

        The visit she had meanwhile is moved there, unless she keeps it; else a new one is booked.
        The entry is closed, and where she was `reached` by phone the call is written down. Raises
        BookingRefused as `Calendar.book`, and Conflict where the entry has moved on.
        """
        row = self._still_open(entry_id, version)
        draft = self._booking(row, slot)
        formats = self._practice.formats
        when = f"{formats.short_date(slot.starts_at.date())}, {formats.time(slot.starts_at)}"
        label = f"Book {row.patient_name} from the waiting list, {when}"
        with self._session.change(
            label,
            Permission.EDIT_CALENDAR,
            patient_id=row.patient_id,
            reason=override_reason.strip(),
            initiator=initiator,
        ):
            given_up = self._given_up(row)
            if given_up is None:
                visit_id = self._calendar.book(draft, override_reason, initiator)
            else:
                visit_id = self._calendar.amend(given_up, draft, override_reason, initiator)
            # Moving the interim visit moves what points at it, this entry too.
            now_at = int(
                self._db.value("SELECT version FROM waiting_entry WHERE id = ?", (entry_id,))
            )
            self._save(entry_id, now_at, status="booked", booked_appointment_id=visit_id)
            if reached:
                self._calls.note(
                    CallOutcome.REACHED,
                    row.patient_id,
                    appointment_id=visit_id,
                    waiting_entry_id=entry_id,
                    note=self._offer(slot),
                )
        return visit_id

    # -- inside -------------------------------------------------------------------------------

    def _booking(self, row: WaitingRow, slot: Slot) -> BookingDraft:
        """The visit she would have there: her interim visit moved, or a new one."""
        given_up = self._given_up(row)
        if given_up is None:
            return BookingDraft(
                row.patient_id,
                slot.provider_id,
                row.draft.type_id,
                slot.starts_at,
                slot.duration_min,
                note=row.draft.note,
            )
        stored = self._calendar.appointment(given_up).draft
        return replace(
            stored,
            provider_id=slot.provider_id,
            type_id=row.draft.type_id or stored.type_id,
            starts_at=slot.starts_at,
            duration_min=slot.duration_min,
            room_id=None if slot.provider_id != stored.provider_id else stored.room_id,
        )

    def _given_up(self, row: WaitingRow) -> int | None:
        """The visit she would give up for an earlier one."""
        if row.draft.keeps_interim or row.interim_at is None:
            return None
        return row.draft.interim_appointment_id

    def _offer(self, slot: Slot) -> str:
        formats = self._practice.formats
        return f"Offered {formats.when(slot.starts_at)}"

    def _called_about(
        self, opening: Opening, entry_ids: Iterable[int]
    ) -> dict[int, tuple[CallRow, ...]]:
        """By entry, the calls in which a time within the opening was offered."""
        formats = self._practice.formats
        day = f"Offered {formats.date(opening.day)}"
        found: dict[int, list[CallRow]] = {}
        for call in self._calls.of(waiting_entry_ids=tuple(entry_ids)):
            if call.note.startswith(day) and call.waiting_entry_id is not None:
                found.setdefault(call.waiting_entry_id, []).append(call)
        return {entry_id: tuple(calls) for entry_id, calls in found.items()}

    def _still_open(self, entry_id: int, version: int) -> WaitingRow:
        row = self.entry(entry_id)
        link = (Link("patient", str(row.patient_id), row.patient_name),)
        if row.status == "booked":
            raise Conflict(
                f"{row.patient_name} has been booked from the waiting list already.", links=link
            )
        if row.status == "removed":
            raise Conflict(
                f"{row.patient_name} is no longer on the waiting list.",
                remedy="Undo that, or add the patient again.",
                links=link,
            )
        if row.version != version:
            raise self._moved_on(row)
        return row

    def _save(self, entry_id: int, version: int, **fields: Any) -> None:
        try:
            save_row(WaitingEntry, entry_id, version, **fields)
        except Conflict as conflict:
            raise self._moved_on(self.entry(entry_id)) from conflict

    def _moved_on(self, row: WaitingRow) -> Conflict:
        return Conflict(
            f"The entry of {row.patient_name} was changed while you had it open.",
            "Saving now would overwrite what was written meanwhile.",
            "It is shown as it is now; change it again.",
            (Link("patient", str(row.patient_id), row.patient_name),),
        )

    def _refuse_nonsense(self, draft: WaitingDraft) -> None:
        if not 1 <= draft.duration_min <= DAY_MIN:
            raise Invalid(
                "A visit lasts between a minute and a day.",
                remedy="Type minutes, such as 30.",
                field="duration_min",
            )
        if (
            draft.earliest_on is not None
            and draft.latest_on is not None
            and draft.latest_on < draft.earliest_on
        ):
            raise Invalid(
                "The last day lies before the first.",
                remedy="Type a later last day, or leave it empty.",
                field="latest_on",
            )
        if draft.interim_appointment_id is not None and not self._db.value(
            "SELECT 1 FROM appointment WHERE id = ? AND patient_id = ?",
            (draft.interim_appointment_id, draft.patient_id),
        ):
            raise Invalid(
                "The visit kept meanwhile is another patient’s.",
                "Booking from the list would move somebody else.",
                "Choose one of the same patient’s visits, or none.",
                field="interim_appointment_id",
            )
        if draft.latest_on is not None and draft.latest_on < self._session.clock.today():
            raise Invalid(
                "The last day is already past.",
                remedy="Type a day to come, or leave it empty.",
                field="latest_on",
            )

    def _name(self, patient_id: int) -> str:
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name FROM patient WHERE id = ?",
            (patient_id,),
        )
        if row is None:
            raise Invalid("Choose a patient.", field="patient_id")
        return PersonName(*row).listed

    def _with_calls(self, rows: Iterable[WaitingRow]) -> tuple[WaitingRow, ...]:
        rows = tuple(rows)
        last: dict[int, CallRow] = {}
        for call in self._calls.of(waiting_entry_ids=[row.id for row in rows], limit=5000):
            if call.waiting_entry_id is not None:
                last.setdefault(call.waiting_entry_id, call)
        return tuple(replace(row, last_call=last.get(row.id)) for row in rows)

    def _rows(self, where: str, *params: Any) -> list[WaitingRow]:
        now = self._session.clock.now().isoformat(timespec="minutes")
        return [_row(row) for row in self._db.rows(_SQL + where, (now, *params))]


# ?1 is now: a visit gone by is no longer one she waits with.
_SQL = f"""
SELECT w.id, w.patient_id, w.duration_min, w.provider_id, w.type_id, w.is_urgent, w.earliest_on,
       w.latest_on, w.availability, w.notice_min, w.interim_appointment_id, w.keeps_interim,
       w.note, w.version, w.added_at, w.status,
       p.family_name, p.given_name, p.middle_name, p.name_prefix, p.name_suffix, p.preferred_name,
       coalesce((SELECT number FROM patient_phone f WHERE f.patient_id = p.id
                 ORDER BY f.position, f.id LIMIT 1), ''),
       coalesce((SELECT group_concat({TEXT_SQL}, char(10)) FROM patient_alert w
                 WHERE w.patient_id = p.id AND w.is_shown_on_booking
                   AND (w.expires_on IS NULL OR w.expires_on >= substr(?1, 1, 10))), ''),
       d.family_name, d.given_name, d.credential, coalesce(t.name, ''),
       CASE WHEN a.starts_at >= ?1 AND a.status IN ('scheduled', 'confirmed')
            THEN a.starts_at END,
       (SELECT min(v.starts_at) FROM appointment v WHERE v.patient_id = p.id
        AND v.starts_at >= ?1 AND v.status IN ('scheduled', 'confirmed'))
FROM waiting_entry w
JOIN patient p ON p.id = w.patient_id
LEFT JOIN provider d ON d.id = w.provider_id
LEFT JOIN appointment_type t ON t.id = w.type_id
LEFT JOIN appointment a ON a.id = w.interim_appointment_id
WHERE """


def _row(row: tuple[Any, ...]) -> WaitingRow:
    return WaitingRow(
        id=row[0],
        draft=WaitingDraft(
            patient_id=row[1],
            duration_min=row[2],
            provider_id=row[3],
            type_id=row[4],
            is_urgent=bool(row[5]),
            earliest_on=_day(row[6]),
            latest_on=_day(row[7]),
            times=times_from(row[8]),
            notice_min=row[9],
            interim_appointment_id=row[10],
            keeps_interim=bool(row[11]),
            note=row[12],
            version=row[13],
        ),
        added_at=datetime.fromisoformat(row[14]),
        status=row[15],
        patient_name=PersonName(*row[16:22]).listed,
        phone=row[22],
        alert=row[23],
        provider_name=provider_called(*row[24:27]) if row[24] else "",
        type_name=row[27],
        interim_at=datetime.fromisoformat(row[28]) if row[28] else None,
        next_visit_at=datetime.fromisoformat(row[29]) if row[29] else None,
    )


def _fields(draft: WaitingDraft) -> dict[str, Any]:
    return {
        "provider_id": draft.provider_id,
        "type_id": draft.type_id,
        "duration_min": draft.duration_min,
        "is_urgent": draft.is_urgent,
        "earliest_on": draft.earliest_on.isoformat() if draft.earliest_on else None,
        "latest_on": draft.latest_on.isoformat() if draft.latest_on else None,
        "availability": times_text(draft.times),
        "notice_min": draft.notice_min,
        "interim_appointment_id": draft.interim_appointment_id,
        "keeps_interim": draft.keeps_interim,
        "note": draft.note.strip(),
    }


def _columns(draft: WaitingDraft) -> dict[str, Any]:
    return {"patient_id": draft.patient_id, **_fields(draft)}


def _minutes(span: Span) -> tuple[int, int]:
    return span.starts_min, span.ends_min


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
