"""The visits of the next clinic days that are to be confirmed, and what came of the calls.

A clinic day is one on which somebody works: days nobody works and days the practice is closed are
skipped, so on a Friday the list is Monday's and Tuesday's. A visit that stands on a day between, booked
there for a reason, is called about with them; one on a day its provider is closed is not, because it
must be moved first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar.calls import CALL_WORDS, CallOutcome
from medsec_desktop.domain.calendar.visits import VisitStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Conflict
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.availability import provider_plans
from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.calls import CallRow, Calls
from medsec_desktop.services.calendar.records import AppointmentRow
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.patients.reached import PREFERENCE
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.session import Session

if TYPE_CHECKING:
    from medsec_desktop.services.letters import LetterRow, Letters

CLINIC_DAYS = 2
REMINDER = "appointment_reminder"
_LOOK_AHEAD_DAYS = 28  # past holidays and vacations; a practice closed longer confirms nobody
_EXPECTED = (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED)


class Outcome(StrEnum):
    """How a call about a visit may end, as its row offers it."""

    PERSON = "person"
    MACHINE = "machine"
    NO_ANSWER = "no-answer"
    WRONG_NUMBER = "wrong-number"
    WILL_MOVE = "will-move"
    CANCELS = "cancels"


OUTCOME_WORDS = {
    Outcome.PERSON: "Confirmed with a person",
    Outcome.MACHINE: "Message on the machine",
    Outcome.NO_ANSWER: "No answer",
    Outcome.WRONG_NUMBER: "Wrong number",
    Outcome.WILL_MOVE: "Wants another time",
    Outcome.CANCELS: "Cancels",
}

_CALLS = {
    Outcome.PERSON: CallOutcome.REACHED,
    Outcome.MACHINE: CallOutcome.LEFT_ON_MACHINE,
    Outcome.NO_ANSWER: CallOutcome.NO_ANSWER,
    Outcome.WRONG_NUMBER: CallOutcome.WRONG_NUMBER,
    Outcome.WILL_MOVE: CallOutcome.REACHED,
    Outcome.CANCELS: CallOutcome.DECLINED,
}


@dataclass(frozen=True, slots=True)
class ConfirmRow:
    """A visit to confirm: whom to call where, what was tried, and how it stands."""

    visit: AppointmentRow
    phone: str  # as stored; "" where none is on file
    phone_kind: str
    may_leave_message: bool
    other_phones: tuple[str, ...]
    contact_preference: str  # '', phone, text, email, mail, none
    language: str
    needs_interpreter: bool
    preparation: str  # what her kind of visit asks of her
    last_call: CallRow | None
    calls: int
    has_reminder: bool  # a letter about this visit reminds her, or is filed

    @property
    def is_open(self) -> bool:
        """Whether she still has to be asked."""
        return self.visit.status == VisitStatus.SCHEDULED

    @property
    def said(self) -> str:
        """How it stands, in two or three words."""
        if self.visit.status == VisitStatus.CONFIRMED:
            how = {"person": "Confirmed", "machine": "Message left"}
            return how.get(self.visit.confirmed_how, "Confirmed")
        if self.visit.status == VisitStatus.CANCELLED:
            return "Cancelled"
        if self.last_call is None:
            return ""
        if self.last_call.outcome == CallOutcome.REACHED:
            return "Wants another time"
        words = CALL_WORDS[self.last_call.outcome]
        return f"{words}, {self.calls} calls" if self.calls > 1 else words


@dataclass(frozen=True, slots=True)
class ConfirmList:
    """The list of some days, by time; those that fell away after a call among them."""

    days: tuple[date, ...]
    rows: tuple[ConfirmRow, ...]

    @property
    def done(self) -> int:
        """How many need no further call."""
        return sum(1 for row in self.rows if not row.is_open)


class Confirmations:
    """The confirmation list of one practice."""

    def __init__(self, session: Session, practice: Practice, calendar: Calendar):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._calendar = calendar
        self._calls = Calls(session, practice)

    # -- read ---------------------------------------------------------------------------------

    def days(self, count: int = CLINIC_DAYS) -> tuple[date, ...]:
        """The next `count` days on which somebody works, today left out."""
        now = self._session.clock.now()
        first = now.date() + timedelta(days=1)
        last = first + timedelta(days=_LOOK_AHEAD_DAYS)
        ids = [row[0] for row in self._db.rows("SELECT id FROM provider WHERE is_bookable")]
        plans = provider_plans(self._db, first, last, ids, now)
        if not any(plan.keeps_hours for plan in plans.values()):
            return self._days_with_visits(first, last, count)
        open_days = sorted({day for (_, day), plan in plans.items() if plan.open})
        return tuple(open_days[:count])

    def to_confirm(self, days: Sequence[date] | None = None) -> ConfirmList:
        """The visits of the next clinic days, whatever came of them; a handful of statements."""
        days = tuple(self.days() if days is None else days)
        if not days:
            return ConfirmList((), ())
        today = self._session.clock.today()
        first = min(today + timedelta(days=1), days[0])
        visits = reading.visits(
            self._db,
            today,
            f"WHERE a.starts_at >= ?2 AND a.starts_at < ?3{reading.NOT_MOVED}"
            " ORDER BY a.starts_at, a.id",
            (first.isoformat(), (days[-1] + timedelta(days=1)).isoformat()),
        )
        called = self._last_calls(visits)
        visits = tuple(visit for visit in visits if visit.status in _EXPECTED or visit.id in called)
        closed = self._closed(visits, first, days[-1])
        visits = tuple(visit for visit in visits if visit.id not in closed)
        return ConfirmList(days, self._rows(visits, called))

    # -- change -------------------------------------------------------------------------------

    def record(
        self,
        appointment_id: int,
        version: int,
        outcome: Outcome | str,
        note: str = "",
        initiator: object | None = None,
    ) -> None:
        """Write down how a call ended, and do to the visit what follows; undone as one.

        With a person or on the machine it is confirmed, and cancelled by the patient where she cancels.
        Raises Conflict where the visit has moved on, and NotAllowed.
        """
        ended = Outcome(outcome)
        visit = self._calendar.appointment(appointment_id).row
        label = f"{OUTCOME_WORDS[ended]}: {visit.patient_name}, {self._when(visit.starts_at)}"
        with self._session.change(
            label,
            Permission.EDIT_CALENDAR,
            patient_id=visit.patient_id,
            reason=note.strip(),
            initiator=initiator,
        ):
            if visit.status not in _EXPECTED or visit.version != version:
                raise Conflict(
                    f"The visit of {visit.patient_name} has changed meanwhile.",
                    remedy="Look at it as it stands now.",
                )
            said = note.strip() or (
                OUTCOME_WORDS[ended] if ended in (Outcome.WILL_MOVE, Outcome.CANCELS) else ""
            )
            self._calls.note(_CALLS[ended], visit.patient_id, visit.id, note=said)
            if ended in (Outcome.PERSON, Outcome.MACHINE):
                self._calendar.confirm(visit.id, version, str(ended), initiator)
            elif ended == Outcome.CANCELS:
                reason = note.strip() or "Cancelled when called to confirm"
                self._calendar.cancel(visit.id, version, "patient", reason, initiator)

    def write_reminders(
        self,
        letters: Letters,
        appointment_ids: Sequence[int],
        progress: Progress | None = None,
    ) -> tuple[LetterRow, ...]:
        """A reminder letter for each visit, filed as one operation; stopping it files none."""
        from medsec_desktop.services.letters import About

        abouts = [About(appointment_id=number) for number in appointment_ids]
        drafts = letters.composed_many(abouts, REMINDER)
        return letters.file_many(drafts, progress or Quiet())

    # -- on paper -----------------------------------------------------------------------------

    def call_list(self, found: ConfirmList, *, open_only: bool = True) -> bytes:
        """The list as PDF, a table for each day with room to write what was said."""
        from medsec_desktop.documents.calendar_pages import ListGroup, ListSheet, list_pdf

        formats, profile = self._practice.formats, self._practice.profile()
        rows = [row for row in found.rows if row.is_open or not open_only]
        days = sorted({row.visit.starts_at.date() for row in rows} | set(found.days))
        groups = tuple(
            ListGroup(
                formats.long_date(day),
                tuple(self._line(row) for row in rows if row.visit.starts_at.date() == day),
                remark="Nobody is left to call.",
            )
            for day in days
        )
        now = self._session.clock.now()
        return list_pdf(
            ListSheet(
                "Visits to confirm",
                profile.name,
                ("Time", "Patient", "Phone", "Visit", "Tried", "What was said"),
                (9, 24, 17, 24, 15, 22),
                groups,
                f"Printed {formats.when(now)} by {self._session.user.name}",
                paper=profile.paper,
                mark="DEMO" if self._practice.get(settings.IS_DEMO) else "",
            )
        )

    def print_call_list(
        self, found: ConfirmList, printing: Printing, way: Way = AS_REMEMBERED
    ) -> str:
        """Print the open part of the list; the printer it went to. Raises Unavailable."""
        self._session.require(Permission.VIEW_PATIENTS, "print lists of visits")
        pdf = self.call_list(found)
        printer = printing.print_pdf(pdf, "lists", way, title="Visits to confirm")
        self._session.event("Printed the list of visits to confirm")
        return printer

    def save_call_list(self, found: ConfirmList, path: Path) -> None:
        """Write the list to a file, recorded like a print. Raises Unavailable, NotAllowed."""
        self._session.require(Permission.VIEW_PATIENTS, "save lists of visits")

        def record() -> None:
            self._session.event("Saved the list of visits to confirm")

        write_out(path, self.call_list(found), record)

    # -- inside -------------------------------------------------------------------------------

    def _line(self, row: ConfirmRow) -> tuple[str, ...]:
        formats, visit = self._practice.formats, row.visit
        phones = [formats.phone(number) for number in (row.phone, *row.other_phones) if number]
        if row.phone and not row.may_leave_message:
            phones.append("no messages")
        what = [visit.type_name, visit.provider_name]
        if row.needs_interpreter:
            what.append("interpreter")
        return (
            formats.time(visit.starts_at),
            visit.patient_name,
            "\n".join(phones) or "none on file",
            ", ".join(part for part in what if part),
            row.said,
            "",
        )

    def _days_with_visits(self, first: date, last: date, count: int) -> tuple[date, ...]:
        """Where nobody keeps hours, a clinic day is one with visits."""
        return tuple(sorted(self._calendar.busy_days(first, last))[:count])

    def _closed(self, visits: Sequence[AppointmentRow], first: date, last: date) -> frozenset[int]:
        """Visits on days that are closed for their provider: they are moved, not confirmed."""
        ids = {visit.provider_id for visit in visits}
        plans = provider_plans(self._db, first, last, ids, self._session.clock.now())
        return frozenset(
            visit.id for visit in visits if plans[visit.provider_id, visit.starts_at.date()].closed
        )

    def _last_calls(self, visits: Sequence[AppointmentRow]) -> dict[int, tuple[CallRow, int]]:
        """By visit, the latest call about it and how many there were."""
        found: dict[int, tuple[CallRow, int]] = {}
        ids = [visit.id for visit in visits]
        for call in reversed(self._calls.of(appointment_ids=ids, limit=10_000) if ids else ()):
            if call.appointment_id is not None:
                found[call.appointment_id] = (
                    call,
                    found.get(call.appointment_id, (call, 0))[1] + 1,
                )
        return found

    def _rows(
        self, visits: Sequence[AppointmentRow], called: dict[int, tuple[CallRow, int]]
    ) -> tuple[ConfirmRow, ...]:
        if not visits:
            return ()
        people = tuple({visit.patient_id for visit in visits})
        marks = ", ".join("?" * len(people))
        phones: dict[int, list[tuple[str, str, bool]]] = {}
        for patient_id, number, kind, may in self._db.rows(
            "SELECT patient_id, number, kind, may_leave_message FROM patient_phone"
            f" WHERE patient_id IN ({marks}) ORDER BY position, id",
            people,
        ):
            phones.setdefault(patient_id, []).append((number, kind, bool(may)))
        ways = {
            row[0]: row[1:]
            for row in self._db.rows(
                f"SELECT p.id, {PREFERENCE}, p.language, p.needs_interpreter FROM patient p"
                f" WHERE p.id IN ({marks})",
                people,
            )
        }
        types = dict(self._db.rows("SELECT id, preparation FROM appointment_type"))
        ids = tuple(visit.id for visit in visits)
        reminded = {
            row[0]
            for row in self._db.rows(
                "SELECT DISTINCT appointment_id FROM letter WHERE status <> 'void'"
                f" AND template = ? AND appointment_id IN ({', '.join('?' * len(ids))})",
                (REMINDER, *ids),
            )
        }
        rows = []
        for visit in visits:
            (number, kind, may), *others = phones.get(visit.patient_id) or [("", "", False)]
            call, calls = called.get(visit.id, (None, 0))
            preference, language, interpreter = ways[visit.patient_id]
            rows.append(
                ConfirmRow(
                    visit, number, kind, may, tuple(other[0] for other in others), preference,
                    language, bool(interpreter), types.get(visit.type_id) or "", call, calls,
                    visit.id in reminded,
                )
            )  # fmt: skip
        return tuple(rows)

    def _when(self, at: datetime) -> str:
        formats = self._practice.formats
        return f"{formats.short_date(at.date())}, {formats.time(at)}"
