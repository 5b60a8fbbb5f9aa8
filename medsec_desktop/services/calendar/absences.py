"""A provider is away: the visits affected, a proposal for each, and how many are left.

The absence is a closure of her days. How far its visits have come is read from the visits, the calls
and the letters themselves, never kept beside them: it survives a restart, and what somebody does in
the calendar counts too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from medsec_desktop.domain.calendar.absences import POLICY_WORDS, AwayPolicy, AwayState
from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.calendar.slots import Slot
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.calendar.visits import provider_called
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Closure
from medsec_desktop.problems import Conflict, Invalid, Problem
from medsec_desktop.services.calendar.affected import (
    AwayDays,
    AwayVisit,
    affected,
    days_of,
    visits_of,
)
from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.call_list import CallList
from medsec_desktop.services.calendar.calls import Calls
from medsec_desktop.services.calendar.finding import Finder
from medsec_desktop.services.calendar.proposing import Proposer
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session

__all__ = [
    "POLICY_WORDS",
    "AbsenceRow",
    "Absences",
    "AwayDays",
    "AwayPolicy",
    "AwayState",
    "AwayVisit",
    "Settled",
    "Slot",
]

_LONGEST_DAYS = 366
_ALL_DAY = Span(0, DAY_MIN)
_DAYS_OFFERED = 4  # of each kind, when another slot is looked for


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence with how far it has come."""

    away: AwayDays
    left: int  # visits that still stand there
    total: int
    told: int  # patients who know, of those whose visit was moved or cancelled

    @property
    def id(self) -> int:
        return self.away.id

    @property
    def settled(self) -> int:
        return self.total - self.left


@dataclass(frozen=True, slots=True)
class Settled:
    """What a step on the bench did, and which visits it could not be done for, with why."""

    done: tuple[int, ...]
    refused: tuple[tuple[AwayVisit, Problem], ...] = ()


class Absences:
    """Absences of providers, and what becomes of their visits."""

    def __init__(self, session: Session, practice: Practice, calendar: Calendar, finder: Finder):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._calendar = calendar
        self._finder = finder
        self._calls = Calls(session, practice)

    # -- absences -----------------------------------------------------------------------------

    def begin(
        self,
        provider_id: int,
        first_on: date,
        last_on: date,
        name: str = "",
        part: Span | None = None,
        initiator: object | None = None,
    ) -> int:
        """Note that a provider is away from `first_on` to `last_on`; the absence's number.

        With a `part` only that part of each of these days. From then on nobody is booked with her
        there; the visits she has stay until each is settled. Raises Invalid for days or times that
        cannot be and Conflict where she is away then already.
        """
        self._refuse_nonsense(first_on, last_on, part)
        called = self._called(provider_id)
        self._refuse_twice(provider_id, first_on, last_on, part)
        label = f"{called} away, {self.days(first_on, last_on, part)}"
        with self._session.change(label, Permission.EDIT_CALENDAR, initiator=initiator):
            return insert_row(
                Closure,
                name=name.strip() or "Away",
                provider_id=provider_id,
                first_on=first_on.isoformat(),
                last_on=last_on.isoformat(),
                **_minutes(part),
            )

    def end(self, absence_id: int, version: int, initiator: object | None = None) -> None:
        """She will be there after all: her days are open again; visits moved stay moved."""
        away = self._current(absence_id, version)
        label = (
            f"{away.provider_name} not away, {self.days(away.first_on, away.last_on, away.part)}"
        )
        with self._session.change(label, Permission.EDIT_CALENDAR, initiator=initiator):
            Closure.delete().where(Closure.id == absence_id).execute()

    def change(
        self,
        absence_id: int,
        version: int,
        first_on: date,
        last_on: date,
        name: str,
        part: Span | None = None,
        initiator: object | None = None,
    ) -> None:
        """Change the days, the part of them or the name. Raises Conflict where it has moved on."""
        self._refuse_nonsense(first_on, last_on, part)
        away = self._current(absence_id, version)
        self._refuse_twice(away.provider_id, first_on, last_on, part, absence_id)
        label = f"Change the absence of {away.provider_name}"
        with self._session.change(label, Permission.EDIT_CALENDAR, initiator=initiator):
            save_row(
                Closure,
                absence_id,
                version,
                name=name.strip() or "Away",
                first_on=first_on.isoformat(),
                last_on=last_on.isoformat(),
                **_minutes(part),
            )

    def all(self) -> tuple[AbsenceRow, ...]:
        """Absences not yet over, the earliest first."""
        return tuple(
            self.absence(absence_id)
            for (absence_id,) in self._db.rows(
                "SELECT id FROM closure WHERE provider_id IS NOT NULL AND last_on >= ?"
                " ORDER BY first_on, id",
                (self._session.clock.today().isoformat(),),
            )
        )

    def absence(self, absence_id: int) -> AbsenceRow:
        """One absence. Raises Conflict where it is gone."""
        away = days_of(self._db, absence_id)
        visits = self._visits(away)
        return AbsenceRow(
            away,
            left=sum(visit.state is AwayState.LEFT for visit in visits),
            total=len(visits),
            told=sum(visit.is_told for visit in visits),
        )

    def visits(self, absence_id: int) -> tuple[AwayVisit, ...]:
        """The visits affected, by time: those that stand there, and those settled since it began.

        What is past, or under way, is not part of it.
        """
        return self._visits(days_of(self._db, absence_id))

    # -- proposals ----------------------------------------------------------------------------

    def proposals(
        self,
        absence_id: int,
        policy: AwayPolicy = AwayPolicy.SAME,
        chosen: Mapping[int, Slot | None] | None = None,
    ) -> dict[int, Slot | None]:
        """A slot for every visit left, by visit; None where there is none within half a year.

        Earlier visits choose first, and no slot is proposed twice. The same provider: the first day
        she is back with a free slot, at the hour nearest to the one the patient had. Another: the
        same from the visit's own day on. What was `chosen` by hand stays. All of it can be booked.
        """
        away = days_of(self._db, absence_id)
        return self._proposer(away).proposals(self._visits(away), policy, chosen or {})

    def options(
        self,
        absence_id: int,
        visit_id: int,
        proposals: Mapping[int, Slot | None],
        day: date | None = None,
    ) -> tuple[Slot, ...]:
        """Other slots for one visit, none of them proposed for another.

        On the next days of the same provider, then of others, the one nearest to her hour; or all
        of one `day`, nearest to her hour first.
        """
        away = days_of(self._db, absence_id)
        visits = self._visits(away)
        visit, proposer = affected(visits, visit_id), self._proposer(away)
        if day is not None:
            return proposer.options_on(day, visit, visits, proposals)
        return proposer.options(visit, visits, proposals, _DAYS_OFFERED)

    # -- settling -----------------------------------------------------------------------------

    def accept(
        self,
        absence_id: int,
        chosen: Mapping[int, Slot],
        *,
        reached: bool = False,
        initiator: object | None = None,
    ) -> Settled:
        """Move visits to the slots chosen for them, as one operation that one undo takes back.

        A slot taken meanwhile leaves its visit where it is, with why; the others go on. Where none
        could be moved the first refusal is raised. `reached`: she was on the phone and agreed, which
        is written down with it.
        """
        away = days_of(self._db, absence_id)

        def move(visit: AwayVisit) -> None:
            slot, stored = chosen[visit.id], self._calendar.appointment(visit.id).draft
            draft = replace(
                stored,
                starts_at=slot.starts_at,
                duration_min=slot.duration_min,
                provider_id=slot.provider_id,
                room_id=slot.room_id if slot.room_id is not None else stored.room_id,
            )
            visit_id = self._calendar.amend(visit.id, draft, "", initiator)
            if reached:
                self._note(CallOutcome.REACHED, visit, visit_id, away)

        return self._each("Move", away, chosen, move, initiator)

    def cancel(
        self,
        absence_id: int,
        visit_ids: Iterable[int],
        reason: str = "",
        *,
        by: str = "clinic",
        outcome: CallOutcome | None = None,
        initiator: object | None = None,
    ) -> Settled:
        """Cancel visits because their provider is away, as one operation; by the clinic.

        With an `outcome` the call in which she said so is written down with it.
        """
        away = days_of(self._db, absence_id)
        why = reason.strip() or f"{away.provider_name} away"

        def drop(visit: AwayVisit) -> None:
            self._calendar.cancel(visit.id, visit.was.version, by, why, initiator)
            if outcome is not None:
                self._note(outcome, visit, visit.id, away)

        return self._each("Cancel", away, visit_ids, drop, initiator)

    def note_call(
        self,
        absence_id: int,
        visit_id: int,
        outcome: CallOutcome | str,
        slot: Slot | None = None,
        note: str = "",
    ) -> int:
        """Write down how a call about an affected visit ended, and what was offered."""
        visit = affected(self.visits(absence_id), visit_id)
        offer = f"Offered {self._practice.formats.when(slot.starts_at)}" if slot else ""
        said = ". ".join(part for part in (offer, note.strip()) if part)
        about = visit.now.id if visit.now is not None else visit.id
        return self._calls.note(outcome, visit.was.patient_id, appointment_id=about, note=said)

    def _each(
        self,
        verb: str,
        away: AwayDays,
        visit_ids: Iterable[int],
        act: Callable[[AwayVisit], None],
        initiator: object | None,
    ) -> Settled:
        """Do one thing to each visit that is left, all in one operation; refusals are kept apart."""
        wanted = set(visit_ids)
        todo = [
            visit
            for visit in self._visits(away)
            if visit.id in wanted and visit.state is AwayState.LEFT
        ]
        if not todo:
            raise Invalid("Choose a visit that is still to be settled.")
        only = todo[0].was if len(todo) == 1 else None
        what = only.patient_name if only else f"{len(todo)} visits"
        label = f"{verb} {what}: {away.provider_name} away"
        done: list[int] = []
        refused: list[tuple[AwayVisit, Problem]] = []
        with self._session.change(
            label,
            Permission.EDIT_CALENDAR,
            patient_id=only.patient_id if only else None,
            reason=f"{away.provider_name} away",
            initiator=initiator,
        ):
            for visit in todo:
                try:
                    with self._session.change(label, Permission.EDIT_CALENDAR):
                        act(visit)
                except (Conflict, Invalid) as problem:
                    refused.append((visit, problem))
                else:
                    done.append(visit.id)
            if not done:
                raise refused[0][1]
        return Settled(tuple(done), tuple(refused))

    def _note(
        self, outcome: CallOutcome, visit: AwayVisit, appointment_id: int, away: AwayDays
    ) -> None:
        self._calls.note(
            outcome,
            visit.was.patient_id,
            appointment_id=appointment_id,
            note=f"{away.provider_name} away",
        )

    # -- paper --------------------------------------------------------------------------------

    def call_list(
        self,
        absence_id: int,
        proposals: Mapping[int, Slot | None],
        visit_ids: Collection[int] = (),
    ) -> bytes:
        """The list to telephone from, as PDF: all affected visits, or those asked for."""
        away = days_of(self._db, absence_id)
        visits = [visit for visit in self._visits(away) if not visit_ids or visit.id in visit_ids]
        self._session.require(Permission.VIEW_PATIENTS, "print the call list")
        now, user = self._session.clock.now(), self._session.user.name
        return CallList(self._practice, away, now, user).pdf(visits, proposals)

    # -- inside -------------------------------------------------------------------------------

    def _visits(self, away: AwayDays) -> tuple[AwayVisit, ...]:
        return visits_of(self._db, self._calls, away, self._session.clock.now())

    def _proposer(self, away: AwayDays) -> Proposer:
        return Proposer(self._practice, self._calendar, self._finder, away)

    def _current(self, absence_id: int, version: int) -> AwayDays:
        away = days_of(self._db, absence_id)
        if away.version != version:
            raise Conflict(
                "This absence was changed meanwhile.",
                f"It now lasts {self.days(away.first_on, away.last_on, away.part)}.",
                "Look at it, then try again.",
            )
        return away

    def _refuse_twice(
        self,
        provider_id: int,
        first_on: date,
        last_on: date,
        part: Span | None,
        but_id: int = 0,
    ) -> None:
        wanted = part or _ALL_DAY
        other = self._db.one(
            "SELECT id, name FROM closure WHERE provider_id = ?"
            " AND first_on <= ? AND last_on >= ? AND id <> ?"
            " AND coalesce(starts_min, 0) < ? AND coalesce(ends_min, 1440) > ?",
            (
                provider_id,
                last_on.isoformat(),
                first_on.isoformat(),
                but_id,
                wanted.ends_min,
                wanted.starts_min,
            ),
        )
        if other is not None:
            away = days_of(self._db, other[0])
            days = self.days(away.first_on, away.last_on, away.part)
            raise Conflict(
                f"{self._called(provider_id)} is away then already.",
                f"“{other[1]}” is entered for {days}.",
                "Open that absence from the list, or choose other days.",
            )

    def _called(self, provider_id: int) -> str:
        row = self._db.one(
            "SELECT family_name, given_name, credential FROM provider WHERE id = ?", (provider_id,)
        )
        if row is None:
            raise Invalid("Choose a provider.", field="provider_id")
        return provider_called(*row)

    def _refuse_nonsense(self, first_on: date, last_on: date, part: Span | None) -> None:
        if part is not None and not 0 <= part.starts_min < part.ends_min <= DAY_MIN:
            raise Invalid(
                "The part of the day ends before it begins.",
                remedy="Type a later time.",
                field="until",
            )
        if last_on < first_on:
            raise Invalid(
                "The last day lies before the first.", remedy="Type a later day.", field="last_on"
            )
        if last_on < self._session.clock.today():
            raise Invalid(
                "These days are already past.",
                remedy="Type days from today on.",
                field="first_on",
            )
        if (last_on - first_on).days >= _LONGEST_DAYS:
            raise Invalid(
                "An absence lasts at most a year.",
                remedy="For one who has left, change the hours in Settings.",
                field="last_on",
            )

    def days(self, first: date, last: date, part: Span | None = None) -> str:
        """From when to when, as one says it: “Mon, Mar 16, 1:00–3:00 PM”."""
        formats = self._practice.formats
        short = formats.short_date
        said = short(first) if first == last else f"{short(first)} to {short(last)}"
        if part is None:
            return said
        times = formats.span(part.starts_at(first), part.duration_min)
        return f"{said}, {times}{'' if first == last else ' each day'}"


def _minutes(part: Span | None) -> dict[str, int | None]:
    """As a closure keeps the part of the day; neither for a whole one."""
    return {
        "starts_min": part.starts_min if part else None,
        "ends_min": part.ends_min if part else None,
    }
