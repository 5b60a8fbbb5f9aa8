"""Visits that repeat: a rule, the visits made from it, and what becomes of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from medsec_desktop.domain.calendar import Rule, Slot, VisitStatus, Weight
from medsec_desktop.domain.calendar.recurrence import (
    MOST_VISITS,
    Recurrence,
    occurrences,
    parse,
    split,
    words,
)
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Appointment, AppointmentSeries, SeriesException
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.records import AppointmentRow, BookingDraft
from medsec_desktop.services.calendar.series_carrying import carry_plan
from medsec_desktop.services.calendar.series_echo import OneChanged, one_changed
from medsec_desktop.services.calendar.series_records import (
    Answer,
    CarryPlan,
    PlannedVisit,
    Scope,
    SeriesPlan,
    SeriesView,
    follow,
)
from medsec_desktop.services.patients.authorizations import USED_WITHOUT_SQL
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Changes, Session

_OPEN = (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED)
Answers = Mapping[datetime, Slot | Answer]


class SeriesBook:
    """Series of visits of one practice; each change is one operation, undone as one."""

    def __init__(self, session: Session, practice: Practice, calendar: Calendar):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._calendar = calendar

    # -- read ---------------------------------------------------------------------------------

    def of_visit(self, visit_id: int) -> SeriesView | None:
        """The series a visit belongs to, or None."""
        series_id = self._db.value("SELECT series_id FROM appointment WHERE id = ?", (visit_id,))
        return None if series_id is None else self.view(series_id)

    def view(self, series_id: int) -> SeriesView:
        """A series as it stands. Raises Conflict where it is gone."""
        row = self._db.one(
            "SELECT version, patient_id, rule, starts_at, duration_min, split_from_id"
            " FROM appointment_series WHERE id = ?",
            (series_id,),
        )
        if row is None:
            raise Conflict("This series is no longer there.")
        rule, starts_at = parse(row[2]), datetime.fromisoformat(row[3])
        left_out = self._db.rows(
            "SELECT original_at, why FROM series_exception WHERE series_id = ? ORDER BY original_at",
            (series_id,),
        )
        return SeriesView(
            series_id,
            row[0],
            row[1],
            rule,
            starts_at,
            row[4],
            self._said(_without(rule, len(left_out)), starts_at),
            self._visits(series_id),
            tuple((datetime.fromisoformat(at), why) for at, why in left_out),
            row[5],
        )

    def others(self, visit_id: int, scope: Scope) -> tuple[AppointmentRow, ...]:
        """The other visits a change with this scope reaches: still open, and still to come."""
        visit = self._calendar.appointment(visit_id)
        if visit.row.series_id is None or scope == Scope.THIS:
            return ()
        now = self._session.clock.now()
        meant = self._originals(visit.row.series_id)
        own = meant.get(visit_id, visit.row.starts_at)
        return tuple(
            row
            for row in self._visits(visit.row.series_id)
            if row.id != visit_id
            and row.status in _OPEN
            and row.starts_at >= now
            and (scope == Scope.ALL or meant[row.id] > own)
        )

    def one_changed(self, changes: Changes) -> OneChanged | None:
        """The visit of a series an operation changed on its own, which the others may follow."""
        return one_changed(self._db, changes)

    # -- make ---------------------------------------------------------------------------------

    def plan(
        self,
        draft: BookingDraft,
        rule: Recurrence,
        answers: Answers | None = None,
        standing_id: int | None = None,
    ) -> SeriesPlan:
        """Every visit the rule would make of `draft`, with what is in the way of each. Saves nothing.

        A date that something is in the way of goes to a free time that same day where there is one,
        and is left out otherwise; `answers`, by the time the rule means, say otherwise. A rule with
        a number of visits goes on to further dates until it has that many. `standing_id` is a visit
        booked already that becomes the first. Raises Invalid.
        """
        answers = answers or {}
        if rule.is_endless:
            raise Invalid("Say how many visits, or until when.", field="count")
        dates = self._dates(draft.starts_at, rule)
        if not dates:
            raise Invalid(
                f"There is no such day: {self._said(rule, draft.starts_at)}.", field="rule"
            )
        if standing_id is not None and dates[0] != draft.starts_at:
            raise Invalid(
                "The visit itself does not fall on one of these days.",
                remedy=f"Choose {self._practice.formats.long_date(draft.starts_at).split(',')[0]} too.",
                field="days",
            )
        days = {at.date() for at in dates}
        visits: list[PlannedVisit] = []
        wanted = rule.count
        left = self._visits_left(draft, standing_id)
        without = 0
        for at in dates:
            if wanted is not None and sum(not visit.is_left_out for visit in visits) == wanted:
                break
            if standing_id is not None and at == draft.starts_at:
                visits.append(PlannedVisit(at, draft, visit_id=standing_id))
                continue
            is_covered = sum(not visit.is_left_out for visit in visits) < left
            authorization_id = draft.authorization_id if is_covered else None
            visit = self._planned(
                replace(draft, starts_at=at, authorization_id=authorization_id),
                answers.get(at),
                days - {at.date()},
            )
            visits.append(visit)
            without += not is_covered and not visit.is_left_out
        kept = sum(not visit.is_left_out for visit in visits)
        if not kept and all(visit.is_hard and not visit.nearest for visit in visits):
            raise Invalid(
                "There is no free time on any of these days.", remedy="Choose other days or a time."
            )
        final = rule if wanted is None else replace(rule, count=len(visits))
        return SeriesPlan(
            draft,
            final,
            self._said(rule, draft.starts_at),
            tuple(visits),
            0 if wanted is None else wanted - kept,
            without,
        )

    def book(
        self, plan: SeriesPlan, override_reason: str = "", initiator: object | None = None
    ) -> int:
        """Make the series and all its visits; its number. All or none.

        Raises BookingRefused where something has come into the way since it was planned, Invalid
        where a reason is wanted.
        """
        reason = override_reason.strip()
        if not plan.booked:
            raise Invalid("Every date is left out.", remedy="Choose at least one.", field="days")
        if plan.needs_reason and not reason:
            raise Invalid("Say why visits are booked in spite of a rule.", field="override_reason")
        draft = plan.draft
        with self._changing(
            f"Book {len(plan.booked)} visits: {self._patient(draft.patient_id)}, {plan.words}",
            draft.patient_id,
            reason,
            initiator,
        ):
            series_id = insert_row(
                AppointmentSeries,
                patient_id=draft.patient_id,
                rule=str(plan.rule),
                starts_at=_text(plan.visits[0].original_at),
                duration_min=draft.duration_min,
            )
            for visit in plan.visits:
                self._book_one(series_id, visit, reason if visit.needs_reason else "")
        return series_id

    def _book_one(self, series_id: int, visit: PlannedVisit, reason: str) -> None:
        if visit.is_left_out:
            self._except(series_id, visit.original_at, " ".join(visit.obstacles))
        elif visit.visit_id is not None:
            save_row(
                Appointment,
                visit.visit_id,
                visit.draft.version,
                series_id=series_id,
                series_original_at=_text(visit.original_at),
            )
        else:
            draft = replace(
                visit.draft, version=0, series_id=series_id, series_original_at=visit.original_at
            )
            self._calendar.book(draft, reason)

    # -- change -------------------------------------------------------------------------------

    def preview(
        self, visit_id: int, before: BookingDraft, after: BookingDraft, scope: Scope
    ) -> CarryPlan:
        """What would become of the others when the change from `before` to `after` reaches them."""
        return carry_plan(self._calendar, visit_id, before, after, self.others(visit_id, scope))

    def change(
        self,
        visit_id: int,
        draft: BookingDraft,
        scope: Scope,
        override_reason: str = "",
        initiator: object | None = None,
    ) -> int:
        """Change a visit and, as far as `scope` goes, the others of its series alike; where it stands.

        Another day, time of day, provider, type, length or reason is carried over. Visits something
        is in the way of stay as they are: `preview` names them. Raises as `Calendar.amend`; Invalid
        for what a rule cannot follow.
        """
        before = self._calendar.appointment(visit_id)
        label = f"Change {before.row.patient_name} and the visits that repeat it"
        with self._changing(label, draft.patient_id, override_reason, initiator):
            plan = carry_plan(
                self._calendar, visit_id, before.draft, draft, self.others(visit_id, scope)
            )
            return self._carry(plan, visit_id, before.draft, draft, override_reason)

    def carry(
        self,
        visit_id: int,
        before: BookingDraft,
        scope: Scope,
        initiator: object | None = None,
    ) -> CarryPlan:
        """Carry over to the others what was just done to a visit, which was `before`; what became of each."""
        after = self._calendar.appointment(visit_id)
        label = f"Change the visits that repeat {after.row.patient_name}’s"
        with self._changing(label, after.row.patient_id, "", initiator):
            plan = carry_plan(
                self._calendar, visit_id, before, after.draft, self.others(visit_id, scope)
            )
            self._carry(plan, visit_id, before, after.draft)
        return plan

    def cancel(
        self,
        visit_id: int,
        version: int,
        scope: Scope,
        by: str = "patient",
        reason: str = "",
        initiator: object | None = None,
    ) -> int:
        """Cancel a visit and, as far as `scope` goes, the others of its series; how many."""
        row = self._calendar.appointment(visit_id).row
        with self._changing(
            f"Cancel visits that repeat: {row.patient_name}", row.patient_id, reason, initiator
        ):
            others = self.others(visit_id, scope)
            self._calendar.cancel(visit_id, version, by, reason)
            return 1 + self._cancel_others(visit_id, others, by, reason)

    def cancel_others(
        self,
        visit_id: int,
        scope: Scope,
        by: str = "patient",
        reason: str = "",
        initiator: object | None = None,
    ) -> int:
        """Cancel the others of a visit's series, as far as `scope` goes; how many."""
        row = self._calendar.appointment(visit_id).row
        with self._changing(
            f"Cancel visits that repeat: {row.patient_name}", row.patient_id, reason, initiator
        ):
            return self._cancel_others(visit_id, self.others(visit_id, scope), by, reason)

    def _cancel_others(
        self, visit_id: int, others: Iterable[AppointmentRow], by: str, reason: str
    ) -> int:
        others = tuple(others)
        for other in others:
            self._calendar.cancel(other.id, other.version, by, reason)
        series_id = self._calendar.appointment(visit_id).row.series_id
        if series_id is not None and others:
            self._end(series_id)
        return len(others)

    # -- inside: making -----------------------------------------------------------------------

    def _dates(self, first: datetime, rule: Recurrence) -> tuple[datetime, ...]:
        """When the rule takes place; beyond its count too, for what cannot be had on time."""
        if rule.count is None:
            return occurrences(first, rule)
        limit = min(MOST_VISITS, 2 * rule.count + 26)
        return occurrences(first, replace(rule, count=None), limit=limit)

    def _planned(
        self, draft: BookingDraft, answer: Slot | Answer | None, taken_days: set[Any]
    ) -> PlannedVisit:
        at = draft.starts_at
        obstacles, is_hard, links = self._obstacles(draft)
        if not obstacles:
            left_out = answer == Answer.LEAVE_OUT
            return PlannedVisit(at, draft, is_left_out=left_out)
        nearest = self._nearest(draft, taken_days)
        visit = PlannedVisit(at, draft, obstacles, is_hard, links, nearest)
        if answer == Answer.INSIST and not is_hard:
            return replace(visit, needs_reason=True)
        if answer is None:
            answer = next((slot for slot in nearest if slot.starts_at.date() == at.date()), None)
        if not isinstance(answer, Slot):
            return replace(visit, is_left_out=True)
        place = replace(draft, starts_at=answer.starts_at, provider_id=answer.provider_id)
        return replace(visit, draft=place)

    def _visits_left(self, draft: BookingDraft, standing_id: int | None) -> int:
        """How many visits the authorization still covers, one that stands already among them."""
        weight = self._practice.get(settings.RULE_WEIGHTS[Rule.AUTHORIZATION])
        if draft.authorization_id is None or weight == Weight.OFF:
            return MOST_VISITS + 1
        found = self._db.one(
            f"SELECT visits_allowed - {USED_WITHOUT_SQL}, counts FROM authorization z WHERE id = ?1",
            (draft.authorization_id, standing_id),
        )
        left, counts = found or (0, "visits")
        if counts == "units" and draft.authorization_units:
            left //= draft.authorization_units
        return max(int(left), 0)

    def _obstacles(
        self, draft: BookingDraft, ignoring_id: int | None = None
    ) -> tuple[tuple[str, ...], bool, tuple[Link, ...]]:
        """What is in the way, whether no reason helps, and who it is."""
        try:
            breaches = self._calendar.check(draft, ignoring_id)
        except Invalid as problem:
            if problem.field != "starts_at":
                raise
            return (problem.what,), True, problem.links
        links = tuple(dict.fromkeys(link for breach in breaches for link in breach.links))
        sentences = tuple(breach.sentence for breach in breaches)
        return sentences, any(breach.is_hard for breach in breaches), links

    def _nearest(self, draft: BookingDraft, taken_days: set[Any]) -> tuple[Slot, ...]:
        """Free times near by, none on a day that has a visit of this series anyway."""
        try:
            slots = self._calendar.nearest(draft, 12)
        except Invalid:  # the clocks change there; times around it are on offer day by day only
            return ()
        return tuple(slot for slot in slots if slot.starts_at.date() not in taken_days)[:3]

    def _except(self, series_id: int, at: datetime, why: str) -> None:
        insert_row(SeriesException, series_id=series_id, original_at=_text(at), why=why)

    # -- inside: changing ---------------------------------------------------------------------

    def _carry(
        self,
        plan: CarryPlan,
        visit_id: int,
        before: BookingDraft,
        after: BookingDraft,
        override_reason: str = "",
    ) -> int:
        """Write the change of one visit and what the plan makes of the others; where it stands."""
        there = follow(before.starts_at, after.starts_at)
        is_later = after.starts_at > before.starts_at
        days = (after.starts_at.date() - before.starts_at.date()).days
        drafts = {visit.visit_id: visit.draft for visit in plan.possible if visit.visit_id}
        series_id = self._calendar.appointment(visit_id).row.series_id
        shifted = None
        if series_id is not None and drafts:
            view = self.view(series_id)
            shifted = _shift(view.rule, days)
        changed = {}
        # Those that go later make room from the last on, those that go earlier from the first.
        for one, draft in sorted(
            {**drafts, visit_id: after}.items(),
            key=lambda item: item[1].starts_at,
            reverse=is_later,
        ):
            reason = override_reason if one == visit_id else ""
            changed[one] = self._calendar.amend(one, draft, reason)
        has_moved = after.starts_at != before.starts_at
        if shifted is not None and (has_moved or after.duration_min != before.duration_min):
            self._follow(view, set(changed.values()), there, after.duration_min, shifted)
        return changed[visit_id]

    def _follow(
        self,
        view: SeriesView,
        changed: set[int],
        there: Callable[[datetime], datetime],
        duration_min: int,
        shifted: Callable[[Recurrence], Recurrence],
    ) -> None:
        """Have the rule follow its visits: as a whole, or as a series of its own from there on."""
        meant = self._originals(view.id)
        at = min(meant[visit_id] for visit_id in changed)
        head, tail = split(view.starts_at, view.rule, at)
        if tail is None:
            return
        fields = {
            "rule": str(shifted(tail)),
            "starts_at": _text(there(view.starts_at if head is None else at)),
            "duration_min": duration_min,
        }
        if head is None:
            target = view.id
            save_row(AppointmentSeries, view.id, view.version, **fields)
        else:
            save_row(AppointmentSeries, view.id, view.version, rule=str(head))
            target = insert_row(
                AppointmentSeries, patient_id=view.patient_id, split_from_id=view.id, **fields
            )
        # A date is unique within its series: the last goes first where all go later.
        order = "DESC" if there(at) > at else "ASC"
        for model, column in (
            (Appointment, "series_original_at"),
            (SeriesException, "original_at"),
        ):
            for row_id, version, original in self._db.rows(
                f"SELECT id, version, {column} FROM {model._meta.table_name}"
                f" WHERE series_id = ? AND {column} >= ? ORDER BY {column} {order}",
                (view.id, _text(at)),
            ):
                meant_now = _text(there(datetime.fromisoformat(original)))
                save_row(model, row_id, version, **{"series_id": target, column: meant_now})

    def _end(self, series_id: int) -> None:
        """A series whose last visits were cancelled ends with the last that stands."""
        view = self.view(series_id)
        meant = self._originals(series_id)
        standing = [
            meant[visit.id] for visit in view.visits if visit.status != VisitStatus.CANCELLED
        ]
        if not standing:
            return
        head, tail = split(view.starts_at, view.rule, max(standing) + timedelta(minutes=1))
        if head is not None and tail is not None:
            save_row(AppointmentSeries, series_id, view.version, rule=str(head))

    # -- inside -------------------------------------------------------------------------------

    def _changing(self, label: str, patient_id: int, reason: str, initiator: object | None) -> Any:
        return self._session.change(
            label,
            Permission.EDIT_CALENDAR,
            patient_id=patient_id,
            reason=reason.strip(),
            initiator=initiator,
        )

    def _visits(self, series_id: int) -> tuple[AppointmentRow, ...]:
        return reading.visits(
            self._db,
            self._session.clock.today(),
            f"WHERE a.series_id = ?2{reading.NOT_MOVED} ORDER BY a.starts_at, a.id",
            (series_id,),
        )

    def _originals(self, series_id: int) -> dict[int, datetime]:
        return {
            visit_id: datetime.fromisoformat(at)
            for visit_id, at in self._db.rows(
                "SELECT id, coalesce(series_original_at, starts_at) FROM appointment"
                " WHERE series_id = ?",
                (series_id,),
            )
        }

    def _patient(self, patient_id: int) -> str:
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name FROM patient WHERE id = ?",
            (patient_id,),
        )
        return PersonName(*row).listed if row else ""

    def _said(self, rule: Recurrence, first: datetime) -> str:
        formats = self._practice.formats
        return f"{words(rule, first.date(), formats)}, {formats.time(first)}"


def _without(rule: Recurrence, left_out: int) -> Recurrence:
    """The rule as one says it: so many visits, the dates left out not among them."""
    if rule.count is None or left_out >= rule.count:
        return rule
    return replace(rule, count=rule.count - left_out)


def _shift(rule: Recurrence, days: int) -> Callable[[Recurrence], Recurrence]:
    """How a rule follows visits moved by so many days. Raises Invalid where it cannot."""
    if days and rule.frequency in ("MONTHLY", "YEARLY"):
        raise Invalid(
            "Visits that repeat by the month keep their day.",
            remedy="Move them one at a time, or change only the time of day for all.",
            field="date",
        )

    def shifted(part: Recurrence) -> Recurrence:
        if not days:
            return part
        return replace(
            part,
            weekdays=tuple((0, (day + days) % 7) for _, day in part.weekdays),
            week_starts_on=(part.week_starts_on + days) % 7 if part.weekdays else 0,
            until=part.until + timedelta(days=days) if part.until else None,
        )

    return shifted


def _text(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
