"""Finds free slots: by type, providers, days, times of day, rooms, several visits at once.

The slot policy is that of `domain.calendar.slots`: starts step from the beginning of each free
period, or with the setting “Free times offered” on the lines of the day view, and a visit fits when
it ends no later than its free period. A period is free when the provider works then, nothing
closes the day, no block-out keeps the type out, no hold keeps it for somebody else, the patient is
not here anyway, and no visit lies there nor too close by the time the types need before and after.
A rule the practice has switched off takes nothing away, but offers stay within the hours, and
within what a provider takes at once. Filters only take starts away; they never shift one. What is
offered breaks no rule, so it can be booked as it stands, and every start of the policy that the
filters let through is offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.calendar.finding import DaySlots, FindQuery
from medsec_desktop.domain.calendar.rules import Rule, WantedVisit, Weight
from medsec_desktop.domain.calendar.slots import Slot
from medsec_desktop.domain.calendar.spans import DAY_MIN
from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.free_time import FreeTime, Job, Policy
from medsec_desktop.services.calendar.judging import Judge
from medsec_desktop.services.calendar.records import BookingDraft
from medsec_desktop.services.calendar.together import OnDays, OnOneDay, Several
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.practice.time_zone import clinic_zone
from medsec_desktop.services.session import Session

__all__ = ["DaySlots", "FindQuery", "Finder", "Several"]

HORIZON_DAYS = 182  # looked ahead where no last date is given
_NOBODY = 0  # no patient has this id


class Finder:
    """Looks for free slots."""

    def __init__(self, session: Session, practice: Practice, calendar: Calendar):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._calendar = calendar

    # -- one visit ----------------------------------------------------------------------------

    def next(self, query: FindQuery) -> tuple[Slot, ...]:
        """The first `query.count` free slots, earliest first. Raises Invalid."""
        found: list[Slot] = []
        for _, slots in self._days(query):
            found += slots
            if len(found) >= query.count:
                break
        return tuple(found[: query.count])

    def by_date(self, query: FindQuery, days: int = 10) -> tuple[DaySlots, ...]:
        """The next `days` dates that have a free slot, each with its first `query.count` slots."""
        found: list[DaySlots] = []
        for day, slots in self._days(query):
            if slots:
                found.append(DaySlots(day, tuple(slots[: query.count]), len(slots)))
                if len(found) == days:
                    break
        return tuple(found)

    def on_day(self, query: FindQuery, day: date) -> tuple[Slot, ...]:
        """Every free slot of one day."""
        wanted = replace(query, earliest_on=day, latest_on=day)
        return tuple(slot for _, slots in self._days(wanted) for slot in slots)

    def bar(self, query: FindQuery) -> str:
        """Why nothing can be found at all, in a sentence; '' where nothing bars.

        A patient who is not booked any more, or nobody asked for who has working hours.
        """
        patient_id = query.patient_id
        weights = Judge(self._session, self._practice).weights()
        if weights[Rule.PATIENT_GONE] == Weight.OFF or not self._is_gone(patient_id):
            return self._without_hours(query)
        status = self._db.value("SELECT status FROM patient WHERE id = ?", (patient_id,))
        if status == PatientStatus.DECEASED:
            return "This patient is recorded as deceased. Nobody is booked from the file."
        return "This patient’s file is archived. Make it active again to find a time."

    # -- several visits -----------------------------------------------------------------------

    def several(
        self,
        queries: Sequence[FindQuery],
        *,
        same_day: bool = False,
        in_order: bool = False,
        count: int = 3,
    ) -> tuple[Several, ...]:
        """Ways to have several visits, each a slot for every query in the order of the queries.

        None of the slots is in another's way. With `same_day` all lie on one day, those of one
        patient as close to each other as that day allows: the rule of one visit a day is set aside
        among themselves, for that is what is asked. Else one patient's visits lie on different
        days. With `in_order` each begins once the one before it has ended; on one day, more than
        three keep their order anyhow. Up to `count` ways, the earliest first, each beginning on a
        day of its own.
        """
        if not queries:
            return ()
        jobs = [self._job(query) for query in queries]
        if any(job is None for job in jobs):
            return ()
        wanted = [job for job in jobs if job is not None]
        plan = OnOneDay(in_order) if same_day else OnDays(in_order)
        return tuple(plan.ways(FreeTime(self._db, self._now, wanted), wanted, count))

    def book_all(
        self,
        drafts: Sequence[BookingDraft],
        override_reason: str = "",
        initiator: object | None = None,
    ) -> tuple[int, ...]:
        """Book several visits as one operation, undone as one; their numbers. All or none.

        Several of one patient on one day get the reason that they were asked for together, so
        that the later of them may be booked. Raises as `Calendar.book`.
        """
        if not drafts:
            return ()
        days = [(draft.patient_id, draft.starts_at.date()) for draft in drafts]
        label = f"Book {len(drafts)} visits"
        with self._session.change(
            label,
            Permission.EDIT_CALENDAR,
            patient_id=drafts[0].patient_id if len({one for one, _ in days}) == 1 else None,
            reason=override_reason,
            initiator=initiator,
        ):
            booked = []
            for index, draft in enumerate(drafts):
                together = days[index] in days[:index]
                reason = override_reason or ("Booked together for one day" if together else "")
                booked.append(self._calendar.book(draft, reason, initiator))
        return tuple(booked)

    # -- inside -------------------------------------------------------------------------------

    @property
    def _now(self) -> datetime:
        return self._session.clock.now()

    def _days(self, query: FindQuery) -> Iterator[tuple[date, list[Slot]]]:
        """Each day of the search with all its slots, earliest first."""
        job = self._job(query)
        if job is None:
            return
        free_time = FreeTime(self._db, self._now, [job])
        day = job.first
        while day <= job.last:
            yield day, free_time.slots(job, day)
            day += timedelta(days=1)

    def _job(self, query: FindQuery) -> Job | None:
        """The query with everything it leaves open looked up; None where nobody can have a slot."""
        kind: tuple[int, int, int, str] = (0, 0, 0, "")
        if query.type_id is not None:
            found = self._db.one(
                "SELECT duration_min, buffer_before_min, buffer_after_min, room_kind"
                " FROM appointment_type WHERE id = ?",
                (query.type_id,),
            )
            if found is None:
                raise Invalid("This kind of visit is no longer there.", field="type_id")
            kind = (found[0], found[1], found[2], found[3])
        duration_min = query.duration_min or kind[0]
        if not 1 <= duration_min <= DAY_MIN:
            raise Invalid(
                "Say how long the visit is.", remedy="Type minutes.", field="duration_min"
            )
        weights = Judge(self._session, self._practice).weights()
        kept = frozenset(rule for rule, weight in weights.items() if weight != Weight.OFF)
        if Rule.PATIENT_GONE in kept and self._is_gone(query.patient_id):
            return None
        now = self._now
        not_before = max(query.not_before or now, now)
        first = max(query.earliest_on or not_before.date(), not_before.date())
        at_once = self._providers(query)
        rooms = self._rooms(query, kind[3] if Rule.ROOM_KIND in kept else "")
        if not at_once or (query.asks_for_a_room and not rooms):
            return None
        midnight = datetime.combine(first, datetime.min.time())
        return Job(
            query,
            WantedVisit(
                query.patient_id or _NOBODY,
                0,
                midnight,
                duration_min,
                None,
                *((kind[1], kind[2]) if Rule.BUFFER in kept else (0, 0)),
                type_id=query.type_id,
            ),
            first,
            query.latest_on or first + timedelta(days=HORIZON_DAYS),
            not_before,
            at_once,
            rooms,
            Policy(
                self._practice.get(settings.CALENDAR_STEP_MIN),
                self._practice.get(settings.SLOT_STARTS) == "grid",
                weights,
                kept,
                clinic_zone(self._practice),
                self._practice.formats,
            ),
        )

    def _without_hours(self, query: FindQuery) -> str:
        """That none of those asked for has hours, neither by the week nor for single days."""
        rows = self._db.rows(
            "SELECT id, family_name, given_name, credential,"
            " EXISTS (SELECT 1 FROM working_hours w WHERE w.provider_id = p.id)"
            " OR EXISTS (SELECT 1 FROM hours_exception e WHERE e.provider_id = p.id"
            "  AND e.spans <> '')"
            " FROM provider p ORDER BY position, id"
        )
        asked = self._providers(query)
        names = [provider_called(*row[1:4]) for row in rows if row[0] in asked and not row[4]]
        if not names or len(names) < len(asked):
            return ""
        said = f"{names[0]} has no" if len(names) == 1 else "None of them has"
        return f"{said} working hours yet; they are set in Settings."

    def _is_gone(self, patient_id: int | None) -> bool:
        if patient_id is None:
            return False
        status = self._db.value("SELECT status FROM patient WHERE id = ?", (patient_id,))
        return status in (PatientStatus.DECEASED, PatientStatus.ARCHIVED)

    def _providers(self, query: FindQuery) -> dict[int, int]:
        """How many visits at once each provider asked for takes, in the order of the columns."""
        rows = self._db.rows(
            "SELECT id, visits_at_once, is_bookable FROM provider ORDER BY position, id"
        )
        if query.provider_ids:
            return {row[0]: row[1] for row in rows if row[0] in query.provider_ids}
        return {row[0]: row[1] for row in rows if row[2]}

    def _rooms(self, query: FindQuery, wanted_kind: str) -> tuple[int, ...]:
        if not query.asks_for_a_room:
            return ()
        found = []
        for room_id, kind, is_active in self._db.rows(
            "SELECT id, kind, is_active FROM room ORDER BY position, id"
        ):
            if query.room_ids:
                asked = room_id in query.room_ids
            else:
                asked = is_active and kind.casefold() == query.room_kind.casefold()
            if asked and wanted_kind.casefold() in ("", kind.casefold()):
                found.append(room_id)
        return tuple(found)
