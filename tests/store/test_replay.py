"""An operation of many rows and kinds goes back and comes again to the letter, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Patient, PatientPhone
from medsec_desktop.problems import Conflict
from medsec_desktop.services.session import Session
from medsec_desktop.store import journal, replay
from tests.conftest import a_patient

_TABLES = ("patient", "patient_phone")


def _rows(session: Session) -> list[tuple[Any, ...]]:
    """Every row of the tables as it stands, but for its version, which always counts on."""
    found = []
    for table in _TABLES:
        columns = [name for name in journal.columns_of(session.db, table) if name != "version"]
        found += session.db.rows(f"SELECT '{table}', {', '.join(columns)} FROM {table} ORDER BY id")
    return found


def _everything_at_once(session: Session, ada: int) -> None:
    """Rows made, changed twice, made and gone again, and given a number that another one gave up."""
    with session.change("Everything at once", Permission.EDIT_PATIENTS):
        for number in range(9):
            bob = Patient.create(chart_number=f"B{number}", family_name=f"Bob{number}")
            PatientPhone.create(patient_id=bob.id, number=f"+1617555010{number}")
        PatientPhone.update(number="+16175550150").where(PatientPhone.patient_id == ada).execute()
        Patient.update(note="twice").execute()
        Patient.update(note="and more", version=Patient.version + 1).execute()
        Patient.update(chart_number="A0").where(Patient.id == ada).execute()
        Patient.update(chart_number="T00001").where(Patient.chart_number == "B0").execute()
        PatientPhone.delete().where(PatientPhone.number != "+16175550105").execute()


@pytest.mark.parametrize("at_once", [1, 4, 1_000])
def test_all_of_it_goes_back_and_comes_again(
    session: Session, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(replay, "_AT_ONCE", at_once)
    ada = a_patient(session, phone="+16175550123")
    before = _rows(session)
    _everything_at_once(session, ada)
    after = _rows(session)
    done = session.history()[0].id

    for _ in range(2):
        session.undo(done)
        assert _rows(session) == before
        session.redo(done)
        assert _rows(session) == after
    assert journal.verify(session.db).is_sound


@pytest.mark.parametrize("moved", ["B0", "B4", "B8"])
def test_one_row_that_moved_on_keeps_all_of_them_as_they_are(session: Session, moved: str) -> None:
    with session.change("Many", Permission.EDIT_PATIENTS):
        for number in range(9):
            Patient.create(chart_number=f"B{number}", family_name=f"Bob{number}")
    many = session.history()[0].id
    with session.change("Note", Permission.EDIT_PATIENTS):
        Patient.update(note="later").where(Patient.chart_number == moved).execute()
    before = _rows(session)

    with pytest.raises(Conflict, match="changed again since"):
        session.undo(many)

    assert _rows(session) == before
    session.undo()  # the note: then nothing stands in the way but a version that counted on
    session.undo(many)
    assert _rows(session) == []


def test_what_was_put_into_the_place_of_a_deleted_row_is_not_overwritten(session: Session) -> None:
    a_patient(session)
    with session.change("Delete", Permission.EDIT_PATIENTS):
        Patient.delete().execute()
    with session.change("Register another", Permission.EDIT_PATIENTS):
        Patient.create(chart_number="T00001", family_name="Sampleton")

    with pytest.raises(Conflict, match="stands where it was"):
        session.undo(session.history()[1].id)

    assert [row[2] for row in _rows(session)] == ["T00001"]
