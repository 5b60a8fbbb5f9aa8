"""Taking in visits that are agreed on, from sources that name patient and provider by an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from medsec_desktop.domain.people import fold
from medsec_desktop.exchange.records import AppointmentRecord, ForeignSource
from medsec_desktop.models import Appointment
from medsec_desktop.problems import Problem
from medsec_desktop.services.imports.known import Known, Shelf
from medsec_desktop.services.imports.policies import no_such_patient
from medsec_desktop.services.imports.report import ImportOptions
from medsec_desktop.services.imports.tally import Account
from medsec_desktop.services.session import Session

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import Calendar
    from medsec_desktop.services.practice import Practice

_WHAT = "appointments"


class _LeftOut(Exception):
    """Why an appointment is not taken in, as a sentence."""


class AppointmentTaking:
    """Books coming appointments by the practice's own rules.

    While only looked at, a booking for somebody who is still to be put on file is not asked about.
    """

    def __init__(
        self,
        session: Session,
        practice: Practice,
        calendar: Callable[[], Calendar] | None,
        account: Account,
        known: Known,
        patients: Shelf,
        source: ForeignSource,
        options: ImportOptions,
    ):
        self._session = session
        self._practice = practice
        self._calendar = calendar
        self._account = account
        self._known = known
        self._patients = patients
        self._source = source
        self._options = options

    def take(self, batch: Sequence[AppointmentRecord], provider_ids: Mapping[str, int]) -> None:
        for record in batch:
            try:
                becomes = self._one(record, provider_ids)
            except _LeftOut as reason:
                self._account.leave_out(_WHAT, record.origin, str(reason))
            except Problem as problem:
                self._account.leave_out(
                    _WHAT, record.origin, f"{problem.what} {problem.why}".strip()
                )
            else:
                self._account.add(_WHAT, becomes)
                if becomes == "new":
                    self._account.remark(record.origin, *record.notes)

    def _one(self, record: AppointmentRecord, provider_ids: Mapping[str, int]) -> str:
        from medsec_desktop.services.calendar import BookingDraft

        stored = self._session.db.value(
            "SELECT id FROM appointment WHERE external_source = ? AND external_id = ?",
            (self._known.source, record.external_id),
        )
        if stored is not None:
            return "unchanged"
        if record.patient not in self._patients.ids:
            raise _LeftOut(no_such_patient(record.patient))
        if record.is_cancelled:
            raise _LeftOut("It is cancelled.")
        if record.starts_at < self._session.clock.now():
            raise _LeftOut("It has passed; only coming visits are taken in.")
        provider_id = self._provider(record, provider_ids)
        kind = next(
            (
                row.id
                for row in self._practice.types()
                if row.is_active and fold(row.name) == fold(record.kind)
            ),
            None,
        )
        draft = BookingDraft(
            self._patients.ids[record.patient],
            provider_id,
            kind,
            record.starts_at,
            record.duration_min,
            reason=(record.reason or ("" if kind else record.kind))[:200],
        )
        assert self._calendar is not None, "visits are booked through the calendar"
        calendar = self._calendar()
        breaches = calendar.check(draft) if draft.patient_id else ()
        hard = [breach.sentence for breach in breaches if breach.is_hard]
        if hard:
            raise _LeftOut(" ".join(hard))
        for breach in breaches:
            self._account.remark(record.origin, f"Taken in all the same: {breach.sentence}")
        if self._known.writes:
            why = f"Imported from “{self._source.name}”" if breaches else ""
            visit_id = calendar.book(draft, why)
            Appointment.update(
                external_source=self._known.source, external_id=record.external_id
            ).where(Appointment.id == visit_id).execute()
        return "new"

    def _provider(self, record: AppointmentRecord, provider_ids: Mapping[str, int]) -> int:
        """With whom: the provider of this practice that is meant, else the one chosen, else the only."""
        rows = [row for row in self._practice.providers() if row.is_bookable]
        theirs = provider_ids.get(record.provider, 0)
        names = {fold(record.provider_name)} - {""}
        for row in rows:
            if row.id == theirs or fold(f"{row.given_name} {row.family_name}") in names:
                return int(row.id)
        for row in rows:
            if row.id == self._options.provider_id:
                return int(row.id)
        if len(rows) == 1:
            return int(rows[0].id)
        raise _LeftOut("It names no provider of this practice; choose one for such visits.")
