"""Write a small practice of today's format, with a row in every part of the office."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services import welcome
from medsec_desktop.services.practice import USUAL_HOURS, Profile, ProviderDraft
from medsec_desktop.services.welcome import OwnerDraft, ProviderSetup, Setup
from tests.conftest import CHEAP, PASSWORD, a_patient, a_type, an_appointment


def write(folder: Path) -> None:
    """One provider, two patients, a visit with its letter, an undone change and a parked draft."""
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
    a_patient(session, "Mustermann", "Undone")
    session.undo()
    office.drafts.park(office.drafts.save(None, "booking", "Book Ada", ada, {"reason": "cough"}))
    office.close()
    for beside in ("practice.ballast", "practice.lock", "practice.slots.lock"):
        (folder / beside).unlink(missing_ok=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
