"""Random office work, everything undone, everything redone: the same states, and a sound chain."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Appointment, Coverage, Patient, PatientPhone, Payer, Provider
from medsec_desktop.services.session import Session, User
from medsec_desktop.store import journal
from tests.ready_made import an_empty_practice

WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["register", "rename", "phone", "unphone", "book", "move", "cover", "drop"]
        ),
        st.integers(0, 5),
        WORDS,
    ),
    min_size=1,
    max_size=14,
)


def _state(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every journalled row without its version, which only counts on."""
    state = {}
    for table in journal.journalled_tables(session.db):
        columns = [c for (c,) in session.db.rows("SELECT name FROM pragma_table_info(?)", (table,))]
        columns.remove("version")
        state[table] = session.db.rows(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
    state["patient_search"] = session.db.rows("SELECT * FROM patient_search ORDER BY patient_id")
    return state


def _pick(rows: list[int], at: int) -> int | None:
    return rows[at % len(rows)] if rows else None


def _step(session: Session, number: int, verb: str, at: int, word: str) -> None:
    """One piece of office work on a randomly chosen record; possibly several rows at once."""
    patients = [row[0] for row in session.db.rows("SELECT id FROM patient ORDER BY id")]
    provider, payer = (
        session.db.value("SELECT id FROM provider"),
        session.db.value("SELECT id FROM payer"),
    )
    patient = _pick(patients, at)
    with session.change(f"{verb} {word}", Permission.EDIT_PATIENTS):
        if verb == "register" or patient is None:
            new = Patient.create(chart_number=f"C{number}", family_name=word)
            PatientPhone.create(patient_id=new.id, number=f"555{number:04}")
        elif verb == "rename":
            Patient.update(family_name=word, version=Patient.version + 1).where(
                Patient.id == patient
            ).execute()
        elif verb == "phone":
            PatientPhone.insert_many(
                [{"patient_id": patient, "number": word}, {"patient_id": patient, "number": "911"}]
            ).execute()
        elif verb == "unphone":
            PatientPhone.delete().where(PatientPhone.patient == patient).execute()
        elif verb == "book":
            Appointment.create(
                patient_id=patient,
                provider_id=provider,
                starts_at=f"2026-03-1{at}T10:00",
                duration_min=30,
                reason=word,
            )
        elif verb == "move":
            Appointment.update(starts_at=f"2026-04-1{at}T09:30").where(
                Appointment.patient == patient
            ).execute()
        elif verb == "cover":
            Coverage.create(patient_id=patient, payer_id=payer, member_id=word)
        elif verb == "drop":
            Coverage.delete().where(Coverage.patient == patient).execute()
            Appointment.delete().where(Appointment.patient == patient).execute()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_all_undone_and_all_redone_gives_equal_states(steps: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = an_empty_practice(Path(folder))
        clock = FixedClock(datetime(2026, 3, 11, 9, 0))
        setup = Session(database, clock, User.program())
        with setup.change("Set up", Permission.EDIT_SETTINGS):
            Provider.create(family_name="Chen")
            Payer.create(name="Example Mutual")
        session = Session(database, clock, User.program())
        states = [_state(session)]
        for number, step in enumerate(steps):
            _step(session, number, *step)
            states.append(_state(session))

        for expected in reversed(states[:-1]):
            session.undo()
            assert _state(session) == expected
        assert session.can_undo() == ""
        for expected in states[1:]:
            session.redo()
            assert _state(session) == expected

        assert session.can_redo() == ""
        assert journal.verify(database).is_sound
        database.close()
