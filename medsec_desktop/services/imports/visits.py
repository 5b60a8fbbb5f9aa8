"""Taking in the appointments of another calendar: whose they are, with whom, and whether they may be.

A preview does all of it and takes it back: what it tells is what a run does, conflicts among the events
themselves included. An event is recognised by its UID when it comes again. What was moved or changed
here since is kept as it is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar import STATUS_WORDS, VisitStatus
from medsec_desktop.domain.people import PersonName, fold
from medsec_desktop.exchange.calendar_events import CalendarFile, EventRecord
from medsec_desktop.exchange.quarantine import Origin, Quarantined
from medsec_desktop.models import Appointment
from medsec_desktop.problems import Problem
from medsec_desktop.services.calendar.records import BookingDraft
from medsec_desktop.services.imports.report import (
    ImportOptions,
    VisitSample,
)
from medsec_desktop.services.imports.tally import Account
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.session import Session

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import Calendar
    from medsec_desktop.services.practice import Practice, ProviderRow

SOURCE = "icalendar"
_SAMPLES = 50
_LONGEST_NOTE = 500
_APART = re.compile(r"\s+[-–—|/·•]+\s+|[:;()\[\]|·•]+|\s{2,}")


class _LeftOut(Exception):
    """Why an event is not taken in, as a sentence."""


@dataclass(frozen=True, slots=True)
class _Patient:
    id: int
    name: PersonName
    chart_number: str
    said: str  # the words of the event that named her


@dataclass(frozen=True, slots=True)
class _Stored:
    """A visit that came from this event before."""

    id: int
    stands_id: int  # where it stands now: itself, or what it was moved to here
    is_imported_last: bool


class VisitTaking:
    """One pass over a calendar file, inside a change; `go()` runs it."""

    def __init__(
        self,
        session: Session,
        practice: Practice,
        calendar: Calendar,
        source: CalendarFile,
        options: ImportOptions,
        progress: Progress,
        label: str,
    ):
        self._session = session
        self._db = session.db
        self._calendar = calendar
        self._formats = practice.formats
        self._source = source
        self._options = options
        self._progress = progress
        self._label = label
        self._providers = practice.providers()
        self._types = {fold(row.name): row for row in practice.types() if row.is_active}
        self._now = session.clock.now()
        self._seen: set[str] = set()
        self.account = Account()
        self.account.begin("visits", source.name)
        self.samples: list[VisitSample] = []

    def go(self) -> None:
        """Take in every event, or say why not."""
        for done, event in enumerate(self._source.events()):
            if done % 20 == 0:
                self._progress.check()
                self._progress.report(done, max(done, self._source.count), "Visits")
            if isinstance(event, Quarantined):
                self._leave_out(event.origin, event.sentence)
                continue
            try:
                becomes = self._take(event)
            except _LeftOut as reason:
                self._leave_out(event.origin, str(reason))
            except Problem as problem:
                self._leave_out(event.origin, f"{problem.what} {problem.why}".strip())
            else:
                self.account.add("visits", becomes)
                if becomes != "unchanged":
                    for note in event.notes:
                        self._remark(event.origin, note)

    # -- one event ------------------------------------------------------------------------------

    def _take(self, event: EventRecord) -> str:
        if event.key in self._seen:
            raise _LeftOut("It is in the file twice; the first one is taken.")
        self._seen.add(event.key)
        if self._is_own_absence(event.key):
            return "unchanged"
        own = self._own_visit(event.key)
        if own is not None:
            if own != event.starts_at:
                self._remark(event.origin, "It is this practice’s own visit; change it here.")
                return "kept"
            return "unchanged"
        stored = self._stored(event.key)
        if stored is not None:
            return self._bring_up_to_date(event, stored)
        if event.is_cancelled:
            raise _LeftOut("It is cancelled.")
        if event.starts_at < self._now:
            raise _LeftOut("It has passed; only coming visits are taken in.")
        draft, patient, provider = self._draft(event)
        visit_id = self._book(event, draft)
        Appointment.update(external_source=SOURCE, external_id=event.key).where(
            Appointment.id == visit_id
        ).execute()
        self._sample(event, patient, provider, "new")
        return "new"

    def _book(self, event: EventRecord, draft: BookingDraft) -> int:
        why = self._set_aside(event, draft, None)
        return self._calendar.book(draft, why)

    def _set_aside(self, event: EventRecord, draft: BookingDraft, ignoring: int | None) -> str:
        """The reason to give where soft rules are in the way; a hard one leaves the event out."""
        breaches = self._calendar.check(draft, ignoring)
        hard = [breach.sentence for breach in breaches if breach.is_hard]
        if hard:
            raise _LeftOut(" ".join(hard))
        for breach in breaches:
            self._remark(event.origin, f"Taken in all the same: {breach.sentence}")
        return f"Imported from “{self._source.name}”" if breaches else ""

    def _bring_up_to_date(self, event: EventRecord, stored: _Stored) -> str:
        detail = self._calendar.appointment(stored.stands_id)
        row = detail.row
        if event.is_cancelled and row.status is VisitStatus.CANCELLED:
            return "unchanged"
        is_same = (row.starts_at, row.duration_min) == (event.starts_at, event.duration_min)
        if is_same and not event.is_cancelled:
            return "unchanged"
        if stored.stands_id != stored.id or not stored.is_imported_last:
            self._remark(event.origin, "It was changed here since; ours is kept.")
            return "kept"
        if not row.status.may_be_moved:
            said = STATUS_WORDS[row.status].lower()
            self._remark(event.origin, f"The visit here is {said}; ours is kept.")
            return "kept"
        if event.is_cancelled:
            self._calendar.cancel(
                row.id, row.version, "patient", f"Cancelled in “{self._source.name}”"
            )
            return "changed"
        if event.starts_at < self._now:
            self._remark(event.origin, "It was moved to a time that has passed; ours is kept.")
            return "kept"
        draft = replace(detail.draft, starts_at=event.starts_at, duration_min=event.duration_min)
        why = self._set_aside(event, draft, row.id)
        stands = self._calendar.amend(row.id, draft, why)
        if stands != row.id:
            # The key goes along, so that the next import finds the visit where it stands.
            Appointment.update(external_id=None, external_source=None).where(
                Appointment.id == row.id
            ).execute()
            Appointment.update(external_source=SOURCE, external_id=event.key).where(
                Appointment.id == stands
            ).execute()
        return "changed"

    def _draft(self, event: EventRecord) -> tuple[BookingDraft, _Patient, ProviderRow]:
        patient = self._patient(event)
        provider = self._provider(event, patient)
        parts = [part for part in _parts(event.summary) if fold(part) != fold(patient.said)]
        kind = next(
            (
                row
                for text in (*event.categories, *parts)
                if (row := self._types.get(fold(text))) is not None
            ),
            None,
        )
        if kind is not None:
            parts = [part for part in parts if fold(part) != fold(kind.name)]
        called = {fold(provider.family_name), fold(provider.name), fold(provider.listed)}
        reason = " · ".join(part for part in parts if fold(part) not in called)
        draft = BookingDraft(
            patient.id,
            provider.id,
            kind.id if kind else None,
            event.starts_at,
            event.duration_min,
            reason=reason[:200],
            note=event.description[:_LONGEST_NOTE],
        )
        return draft, patient, provider

    # -- who ------------------------------------------------------------------------------------

    def _patient(self, event: EventRecord) -> _Patient:
        """Whose event it is: by e-mail, else by a name that one patient alone has."""
        several: list[_Patient] = []
        for person in event.people:
            if person.email:
                found = self._called("p.email = ? COLLATE NOCASE", (person.email,), person.name)
                if len(found) == 1:
                    return found[0]
                several = several or found
        names = [event.summary, *_parts(event.summary), *(one.name for one in event.people)]
        for name in dict.fromkeys(name for name in names if name):
            ids: dict[int, _Patient] = {}
            for given, family in _readings(name):
                for one in self._called("s.family = ? AND s.given = ?", (family, given), name):
                    ids[one.id] = one
            if len(ids) == 1:
                return next(iter(ids.values()))
            several = several or list(ids.values())
        if several:
            raise _LeftOut(f"“{_short(event.summary)}” may be {_listed(several)}: book it by hand.")
        said = _short(event.summary) or "nobody"
        raise _LeftOut(
            f"No patient here is called “{said}”: register the patient, then import again."
        )

    def _called(self, where: str, values: Sequence[Any], said: str) -> list[_Patient]:
        return [
            _Patient(row[0], PersonName(*row[1:7]), row[7], said)
            for row in self._db.rows(
                "SELECT p.id, p.family_name, p.given_name, p.middle_name, p.name_prefix,"
                " p.name_suffix, p.preferred_name, p.chart_number FROM patient p"
                " JOIN patient_search s ON s.patient_id = p.id"
                f" WHERE {where} AND p.status IN ('active', 'inactive') ORDER BY p.id LIMIT 5",
                values,
            )
        ]

    def _provider(self, event: EventRecord, patient: _Patient) -> ProviderRow:
        """With whom: the one named outside the patient's own name, else as chosen, else the only one."""
        others = (person.name for person in event.people if fold(person.name) != fold(patient.said))
        said = [event.calendar, *others, event.location, *event.categories]
        said += [part for part in _parts(event.summary) if fold(part) != fold(patient.said)]
        said.append(event.description)
        for text in said:
            words = f" {fold(text)} "
            named = [row for row in self._providers if f" {fold(row.family_name)} " in words]
            if len(named) > 1:
                named = [row for row in named if f" {fold(row.given_name)} " in words] or named
            if len(named) == 1:
                return named[0]
        for row in self._providers:
            if row.id == self._options.provider_id:
                return row
        bookable = [row for row in self._providers if row.is_bookable]
        if len(bookable) == 1:
            return bookable[0]
        raise _LeftOut("It names no provider of this practice; choose one for such events.")

    # -- what is here already -------------------------------------------------------------------

    def _own_visit(self, key: str) -> datetime | None:
        """When a visit that this practice exported stands; None for a foreign key."""
        from medsec_desktop.services.calendar.feeds import root_in, standing_of

        root = root_in(self._db, key)
        if root is None:
            return None
        stands = standing_of(self._db, root)
        at = self._db.value("SELECT starts_at FROM appointment WHERE id = ?", (stands,))
        return datetime.fromisoformat(at) if at else None

    def _is_own_absence(self, key: str) -> bool:
        from medsec_desktop.services.calendar.feeds import is_own_absence

        return is_own_absence(self._db, key)

    def _stored(self, key: str) -> _Stored | None:
        from medsec_desktop.services.calendar.feeds import standing_of

        visit_id = self._db.value(
            "SELECT id FROM appointment WHERE external_source = ? AND external_id = ?",
            (SOURCE, key),
        )
        if visit_id is None:
            return None
        stands = standing_of(self._db, int(visit_id))
        last = self._db.one(
            "SELECT o.kind, o.label FROM row_change c JOIN operation o ON o.id = c.operation_id"
            " WHERE c.table_name = 'appointment' AND c.row_id = ? ORDER BY c.id DESC LIMIT 1",
            (stands,),
        )
        ours = last is not None and last[0] == "change" and str(last[1]).startswith(self._label)
        return _Stored(int(visit_id), stands, ours)

    # -- telling --------------------------------------------------------------------------------

    def _sample(
        self, event: EventRecord, patient: _Patient, provider: ProviderRow, becomes: str
    ) -> None:
        if len(self.samples) < _SAMPLES:
            self.samples.append(
                VisitSample(
                    event.origin.row,
                    event.starts_at,
                    event.duration_min,
                    patient.name.listed,
                    provider.name,
                    event.summary,
                    becomes,
                )
            )

    def _leave_out(self, origin: Origin, sentence: str) -> None:
        self.account.leave_out("visits", origin, sentence)

    def _remark(self, origin: Origin, sentence: str) -> None:
        self.account.remark(origin, sentence)


def _parts(summary: str) -> list[str]:
    """A title at its dashes, dots and brackets: “Testperson, Ada – Follow-up (Dr. Chen)”."""
    return [part.strip() for part in _APART.split(summary) if part.strip()]


def _readings(name: str) -> Iterator[tuple[str, str]]:
    """The ways to read a name, folded: (given, family). Middle names may be left out."""
    family, comma, given = name.partition(",")
    if comma:
        first = fold(given).split()
        if first and fold(family):
            yield " ".join(first), fold(family)
            if len(first) > 1:
                yield first[0], fold(family)
        return
    words = fold(name).split()
    if not 2 <= len(words) <= 6:
        return
    for at in range(1, len(words)):
        yield " ".join(words[:at]), " ".join(words[at:])
    if len(words) > 2:
        yield words[0], words[-1]
    yield " ".join(words[1:]), words[0]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def _listed(patients: Sequence[_Patient]) -> str:
    names = [f"{one.name.listed} (chart {one.chart_number})" for one in patients[:4]]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
