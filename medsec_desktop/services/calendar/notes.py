"""Sticky notes on the calendar and slots held for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from medsec_desktop.domain.calendar import DAY_MIN, FREED, Span
from medsec_desktop.domain.calendar.plans import HoldRow
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import GridNote, Hold
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session
from medsec_desktop.store.database import Database

_FREED_SQL = ", ".join(f"'{status}'" for status in sorted(FREED))
_LATELY = timedelta(minutes=30)  # how long a hold that ran out still shows that it did
_LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note on a day: above it, or at a time; for one provider or for all."""

    id: int
    version: int
    day: date
    provider_id: int | None
    starts_min: int | None  # None: all day
    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A note as its panel hands it in; `id` is None for a new one."""

    day: date
    text: str
    provider_id: int | None = None
    starts_min: int | None = None
    colour: str = ""
    id: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class HoldDraft:
    """A slot to be kept: whose, when, for what, and until when it is kept."""

    title: str
    starts_at: datetime
    duration_min: int
    expires_at: datetime
    provider_id: int | None = None
    room_id: int | None = None
    patient_id: int | None = None
    id: int | None = None
    version: int = 0


class GridNotes:
    """Notes and holds of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

    # -- notes ----------------------------------------------------------------------------------

    def of_day(self, day: date) -> tuple[NoteRow, ...]:
        """The notes of a day, those above it first."""
        return notes_between(self._db, day, day)

    def save_note(self, draft: NoteDraft) -> int:
        """Keep a note; its number. Raises Invalid, Conflict."""
        text = draft.text.strip()
        if not text:
            raise Invalid("Write something on the note.", field="text")
        if len(text) > _LONGEST_NOTE:
            raise Invalid(f"A note has room for {_LONGEST_NOTE} letters.", field="text")
        if draft.starts_min is not None and not 0 <= draft.starts_min < DAY_MIN:
            raise Invalid("A note stands at a time of its day.", field="starts_min")
        fields = {
            "day_on": draft.day.isoformat(),
            "provider_id": draft.provider_id,
            "starts_min": draft.starts_min,
            "text": text,
            "colour": draft.colour,
        }
        day = self._practice.formats.short_date(draft.day)
        with self._session.change(f"Note on {day}", Permission.EDIT_CALENDAR):
            if draft.id is None:
                return insert_row(GridNote, **fields)
            save_row(GridNote, draft.id, draft.version, **fields)
            return draft.id

    def remove_note(self, note_id: int) -> None:
        """Take a note off the calendar."""
        day = self._db.value("SELECT day_on FROM grid_note WHERE id = ?", (note_id,))
        if day is None:
            raise Conflict("This note is no longer there.")
        when = self._practice.formats.short_date(date.fromisoformat(day))
        with self._session.change(f"Remove a note on {when}", Permission.EDIT_CALENDAR):
            GridNote.delete().where(GridNote.id == note_id).execute()

    # -- holds ----------------------------------------------------------------------------------

    def hold(self, hold_id: int) -> HoldRow:
        """One hold. Raises Conflict when it is gone."""
        found = _holds(self._db, "WHERE id = ?", (hold_id,))
        if not found:
            raise Conflict("This hold is no longer there.", remedy="The time may be booked.")
        return found[0]

    def save_hold(self, draft: HoldDraft) -> int:
        """Keep a free slot until `expires_at`; its number.

        Raises Invalid for bad input, and Conflict naming what takes the time already.
        """
        self._refuse_impossible(draft)
        fields = {
            "title": draft.title.strip(),
            "provider_id": draft.provider_id,
            "room_id": draft.room_id,
            "patient_id": draft.patient_id,
            "starts_at": draft.starts_at.isoformat(timespec="minutes"),
            "duration_min": draft.duration_min,
            "expires_at": draft.expires_at.isoformat(timespec="minutes"),
        }
        label = f"Hold {self._when(draft.starts_at)}: {draft.title.strip()}"
        with self._session.change(label, Permission.EDIT_CALENDAR, patient_id=draft.patient_id):
            self._refuse_taken(draft)
            if draft.id is None:
                return insert_row(Hold, **fields)
            save_row(Hold, draft.id, draft.version, **fields)
            return draft.id

    def release(self, hold_id: int) -> None:
        """Let a held slot go before its time; it may be booked at once."""
        hold = self.hold(hold_id)
        label = f"Release the hold {self._when(hold.starts_at)}: {hold.title}"
        with self._session.change(label, Permission.EDIT_CALENDAR, patient_id=hold.patient_id):
            Hold.delete().where(Hold.id == hold_id).execute()

    def _refuse_impossible(self, draft: HoldDraft) -> None:
        if not draft.title.strip():
            raise Invalid("Say for whom or for what the time is held.", field="title")
        if draft.provider_id is None and draft.room_id is None:
            raise Invalid("Choose whose time is held.", field="provider_id")
        if draft.duration_min < 1:
            raise Invalid("A hold lasts at least a minute.", field="duration_min")
        if Span.of(draft.starts_at, draft.duration_min).ends_min > DAY_MIN:
            raise Invalid("A hold ends with its day.", field="duration_min")
        now = self._session.clock.now()
        if draft.starts_at + timedelta(minutes=draft.duration_min) <= now:
            raise Invalid("This time has gone by.", field="starts_at")
        if draft.expires_at <= now:
            raise Invalid("Choose a time in the future until which it is held.", field="expires_at")

    def _refuse_taken(self, draft: HoldDraft) -> None:
        """A hold keeps what is free; it pushes nobody aside."""
        day = datetime.combine(draft.starts_at.date(), time())
        start = draft.starts_at.isoformat(timespec="minutes")
        end = (draft.starts_at + timedelta(minutes=draft.duration_min)).isoformat(
            timespec="minutes"
        )
        for column, owner in (("provider_id", draft.provider_id), ("room_id", draft.room_id)):
            if owner is None:
                continue
            row = self._db.one(
                "SELECT a.id, a.starts_at, p.family_name, p.given_name, p.middle_name,"
                " p.name_prefix, p.name_suffix, p.preferred_name FROM appointment a"
                f" JOIN patient p ON p.id = a.patient_id WHERE a.{column} = ?"
                f" AND a.starts_at >= ? AND a.starts_at < ? AND a.status NOT IN ({_FREED_SQL})"
                " AND strftime('%Y-%m-%dT%H:%M', a.starts_at, '+' || a.duration_min || ' minutes')"
                " > ? ORDER BY a.starts_at LIMIT 1",
                (owner, day.isoformat(timespec="minutes"), end, start),
            )
            if row is not None:
                name = PersonName(*row[2:8]).listed
                at = self._when(datetime.fromisoformat(row[1]))
                raise Conflict(
                    f"{name} has this time ({at}).",
                    "A hold keeps a time that is free.",
                    "Choose another time.",
                    (Link("appointment", str(row[0]), f"{name}, {at}"),),
                )
            others = _holds(
                self._db,
                f"WHERE {column} = ? AND starts_at >= ? AND starts_at < ? AND expires_at > ?"
                " AND id IS NOT ?",
                (
                    owner,
                    day.isoformat(timespec="minutes"),
                    end,
                    self._session.clock.now().isoformat(timespec="minutes"),
                    draft.id,
                ),
            )
            wanted = Span.of(draft.starts_at, draft.duration_min)
            for other in others:
                if other.span.overlaps(wanted):
                    raise Conflict(
                        f"This time is held already: {other.title}.",
                        remedy="Release that hold first, or choose another time.",
                    )

    def _when(self, at: datetime) -> str:
        formats = self._practice.formats
        return f"{formats.short_date(at.date())}, {formats.time(at)}"


def notes_between(db: Database, first: date, last: date) -> tuple[NoteRow, ...]:
    """Notes of some days, by day and time, those above a day first."""
    return tuple(
        NoteRow(row[0], row[1], date.fromisoformat(row[2]), *row[3:])
        for row in db.rows(
            "SELECT id, version, day_on, provider_id, starts_min, text, colour FROM grid_note"
            " WHERE day_on BETWEEN ? AND ? ORDER BY day_on, coalesce(starts_min, -1), id",
            (first.isoformat(), last.isoformat()),
        )
    )


def holds_just_over(db: Database, first: date, last: date, now: datetime) -> tuple[HoldRow, ...]:
    """Holds that ran out within the last half hour: the desk should see that they did."""
    return _holds(
        db,
        "WHERE starts_at >= ? AND starts_at < ? AND expires_at <= ? AND expires_at > ?",
        (
            first.isoformat(),
            (last + timedelta(days=1)).isoformat(),
            now.isoformat(timespec="minutes"),
            (now - _LATELY).isoformat(timespec="minutes"),
        ),
    )


def _holds(db: Database, where: str, params: tuple[object, ...]) -> tuple[HoldRow, ...]:
    return tuple(
        HoldRow(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            datetime.fromisoformat(row[5]),
            row[6],
            row[7],
            datetime.fromisoformat(row[8]),
        )
        for row in db.rows(
            "SELECT id, version, provider_id, room_id, patient_id, starts_at, duration_min,"
            f" title, expires_at FROM hold {where} ORDER BY starts_at, id",
            params,
        )
    )
