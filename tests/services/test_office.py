"""The open practice as a whole."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Appointment
from medsec_desktop.problems import Conflict
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, an_appointment


def test_undo_cannot_double_book_even_where_no_calendar_was_opened(session: Session) -> None:
    office = Office(session)
    provider = a_provider(session)
    an_appointment(session, a_patient(session), provider)
    with session.change("Cancel", Permission.EDIT_CALENDAR):
        Appointment.update(status="cancelled").execute()
    cancelled = session.history()[0].id
    an_appointment(session, a_patient(session, "Sampleton"), provider)

    assert "calendar" not in vars(Office(session))
    with pytest.raises(Conflict):
        office.session.undo(cancelled)
