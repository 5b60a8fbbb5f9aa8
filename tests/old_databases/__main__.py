"""Write a small practice of today's format, with a row in every part of the office."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.calendar.recurrence import weekly
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services import welcome
from medsec_desktop.services.calendar.calls import Calls
from medsec_desktop.services.calendar.hours import ExceptionDraft
from medsec_desktop.services.calendar.notes import HoldDraft, NoteDraft
from medsec_desktop.services.calendar.recalls import RecallDraft, RecallTypeDraft
from medsec_desktop.services.calendar.views import ColumnKey, SavedViewDraft
from medsec_desktop.services.calendar.waiting import WaitingDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients.authorizations import AuthorizationDraft
from medsec_desktop.services.practice import USUAL_HOURS, Profile, ProviderDraft
from medsec_desktop.services.welcome import OwnerDraft, ProviderSetup, Setup
from tests.conftest import CHEAP, PASSWORD, a_patient, a_type, an_appointment


def write(folder: Path) -> None:
    """One provider, two patients, visits and lists, a letter, an undone change and a parked draft."""
    clock = FixedClock(datetime(2026, 3, 11, 9, 0))
    setup = Setup(
        Profile(name="Testville Clinic", line1="1 Test Street", phone="(617) 555-0142"),
        OwnerDraft("Olive Owner", "olive", PASSWORD),
        (ProviderSetup(ProviderDraft("Chen", "Robin", "MD"), USUAL_HOURS),),
    )
    welcome.create_practice(folder, setup, clock, CHEAP)
    office = welcome.sign_in(folder, "olive", PASSWORD, clock)
    session = office.session
    ada = a_patient(session, phone="+16175550123", former_name="Müller")
    a_patient(session, "Sampleton", "Bob", birth_date="1990")
    (provider,) = office.practice.providers()
    visit = an_appointment(session, ada, provider.id, type_id=a_type(session))
    office.letters.file(office.letters.compose(visit))
    _fill_calendar(office, ada, visit)
    a_patient(session, "Mustermann", "Undone")
    session.undo()
    office.drafts.park(office.drafts.save(None, "booking", "Book Ada", ada, {"reason": "cough"}))
    office.close()
    for beside in ("practice.ballast", "practice.lock", "practice.slots.lock"):
        (folder / beside).unlink(missing_ok=True)


def _fill_calendar(office: Office, ada: int, visit: int) -> None:
    """A visit moved and confirmed, a series, and something on each list and on the grid."""
    day, ten = date(2026, 3, 12), datetime(2026, 3, 12, 10)
    draft = office.calendar.appointment(visit).draft
    moved = office.calendar.amend(visit, replace(draft, starts_at=ten + timedelta(hours=1)))
    office.calendar.confirm(moved, 1, "machine")
    again = replace(draft, starts_at=ten + timedelta(days=4), version=0)
    office.series.book(office.series.plan(again, weekly([0, 3], 4)))
    office.waiting.add(WaitingDraft(ada, 30, interim_appointment_id=moved, note="Mornings"))
    kind = office.recalls.save_type(RecallTypeDraft("Yearly visit"))
    office.recalls.add(RecallDraft(ada, kind, date(2027, 3, 1)))
    Calls(office.session, office.practice).note(CallOutcome.NO_ANSWER, ada, appointment_id=moved)
    office.notes.save_note(NoteDraft(day, "Printer service at four"))
    office.notes.save_hold(
        HoldDraft("For a call back", ten + timedelta(hours=4), 20, ten, draft.provider_id)
    )
    office.hours.save_exception(
        ExceptionDraft(date(2026, 4, 1), date(2026, 4, 2), (), provider_id=draft.provider_id)
    )
    office.views.save(SavedViewDraft("Dr. Chen", (ColumnKey("provider", draft.provider_id),)))
    office.authorizations.save(ada, AuthorizationDraft("A-1", 6))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
