"""The journal: no write without a record, nothing rewritten, every tampering found."""

from __future__ import annotations

from collections.abc import Callable

import peewee
import pytest

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import JOURNALLED, Patient, PatientPhone
from medsec_desktop.services.session import Session
from medsec_desktop.store import journal
from tests.conftest import a_patient, a_provider, an_appointment

Tamper = Callable[[Session], None]


def test_a_write_outside_a_change_fails_in_the_database(session: Session) -> None:
    patient_id = a_patient(session, phone="+16175550123")

    for write in (
        lambda: Patient.create(chart_number="X1", family_name="Smuggled"),
        lambda: Patient.update(family_name="Smuggled").execute(),
        lambda: PatientPhone.delete().execute(),
        lambda: session.db.execute("INSERT INTO room (name) VALUES ('Backdoor')"),
        lambda: session.db.execute(
            "INSERT OR REPLACE INTO patient (id, chart_number, family_name) VALUES (?, 'X', 'Y')",
            (patient_id,),
        ),
        # SQLite lets the statement's own conflict clause overrule those inside a trigger.
        lambda: session.db.execute("INSERT OR IGNORE INTO room (name) VALUES ('Backdoor')"),
        lambda: session.db.execute("UPDATE OR IGNORE patient SET family_name = 'Smuggled'"),
        lambda: session.db.execute("UPDATE OR REPLACE patient SET family_name = 'Smuggled'"),
        lambda: (
            PatientPhone.insert(patient_id=patient_id, number="911").on_conflict_ignore().execute()
        ),
    ):
        with pytest.raises(peewee.IntegrityError):
            write()

    assert session.db.value("SELECT family_name FROM patient") == "Testperson"
    assert journal.verify(session.db).is_sound


def test_every_journalled_table_has_its_three_triggers(session: Session) -> None:
    tables = {model._meta.table_name for model in JOURNALLED}

    assert set(journal.journalled_tables(session.db)) == tables
    assert journal.triggers_are_right(session.db)


def test_a_dropped_trigger_is_noticed_and_made_again(session: Session) -> None:
    session.db.execute("DROP TRIGGER journal_patient_update")

    assert not journal.triggers_are_right(session.db)
    journal.regenerate_triggers(session.db)
    assert journal.triggers_are_right(session.db)


@pytest.mark.parametrize("table", ["operation", "row_change", "chain_link"])
def test_the_journal_is_never_rewritten(session: Session, table: str) -> None:
    a_patient(session)

    for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET operation_id = 1"):
        with pytest.raises(peewee.PeeweeException):
            session.db.execute(sql)


def test_an_untouched_journal_verifies(session: Session) -> None:
    patient = a_patient(session)
    an_appointment(session, patient, a_provider(session))
    session.undo()
    session.redo()
    session.viewed(patient, "Opened the file")

    verdict = journal.verify(session.db)

    assert verdict.is_sound
    assert verdict.operations == session.db.value("SELECT count(*) FROM operation")


def _sql(*statements: str) -> Tamper:
    def tamper(session: Session) -> None:
        for statement in statements:
            session.db.execute(statement)

    return tamper


_SWAP_LABELS = (
    "UPDATE operation SET label = (SELECT label FROM operation o WHERE o.id = 5 - operation.id)"
    " WHERE id IN (2, 3)"
)
TAMPERINGS: dict[str, Tamper] = {
    "an operation is edited": _sql("UPDATE operation SET user_name = 'Nobody' WHERE id = 2"),
    "an operation's time is edited": _sql("UPDATE operation SET at_utc = '2020' WHERE id = 2"),
    "an operation is unsealed": _sql("UPDATE operation SET is_sealed = 1 - is_sealed WHERE id = 2"),
    "an image is edited": _sql("UPDATE row_change SET after = replace(after, 'Ada', 'Eve')"),
    "an operation is deleted": _sql("DELETE FROM operation WHERE id = 2"),
    "an operation is deleted with its rows": _sql(
        "DELETE FROM operation WHERE id = 2",
        "DELETE FROM row_change WHERE operation_id = 2",
        "DELETE FROM chain_link WHERE operation_id = 2",
    ),
    "a row change is deleted": _sql("DELETE FROM row_change WHERE operation_id = 3"),
    "two operations are swapped": _sql(_SWAP_LABELS),
    "two links are swapped": _sql(
        "UPDATE chain_link SET operation_id = -2 WHERE operation_id = 2",
        "UPDATE chain_link SET operation_id = 2 WHERE operation_id = 3",
        "UPDATE chain_link SET operation_id = 3 WHERE operation_id = -2",
    ),
    "an operation is inserted": _sql(
        "INSERT INTO operation (kind, label, user_id, user_name, workstation, at_utc)"
        " VALUES ('event', 'Never happened', 1, 'Olive Owner', 'front-desk', '2026')"
    ),
    "a row change is inserted": _sql(
        "INSERT INTO row_change (operation_id, table_name, row_id, before, after)"
        " VALUES (2, 'room', 1, NULL, '{}')"
    ),
    "a row change without an operation is inserted": _sql(
        "INSERT INTO row_change (operation_id, table_name, row_id, before, after)"
        " VALUES (99, 'room', 1, NULL, '{}')"
    ),
    "the last operation is cut off": _sql(
        "DELETE FROM row_change WHERE operation_id = (SELECT max(id) FROM operation)",
        "DELETE FROM chain_link WHERE operation_id = (SELECT max(id) FROM operation)",
        "DELETE FROM operation WHERE id = (SELECT max(id) FROM operation)",
    ),
    "everything is cut off": _sql(
        "DELETE FROM row_change", "DELETE FROM chain_link", "DELETE FROM operation"
    ),
    "the head is edited": _sql("UPDATE chain_head SET length = length - 1"),
    "a field is split elsewhere": _sql(
        "UPDATE operation SET label = label || user_name, user_name = '' WHERE id = 2"
    ),
    "a text is moved between fields": _sql(
        "UPDATE operation SET reason = label, label = reason WHERE id = 2"
    ),
    "a row is changed past the journal": _sql("UPDATE patient SET family_name = 'Other'"),
    "a row is added past the journal": _sql("INSERT INTO room (name) VALUES ('Backdoor')"),
    "a row is deleted past the journal": _sql("DELETE FROM patient WHERE given_name = 'Ada'"),
    "a row is deleted and nothing is left": _sql("DELETE FROM patient"),
    "a row is given another number": _sql("UPDATE patient SET id = id + 10"),
    # Values of a type that the journal never holds, on which a comparison could stumble.
    "a label is made bytes": _sql("UPDATE operation SET label = CAST(label AS BLOB)"),
    "a label is made unreadable": _sql("UPDATE operation SET label = CAST(x'ff' AS TEXT)"),
    "an image is made bytes": _sql("UPDATE row_change SET after = CAST(after AS BLOB)"),
    "a link is made bytes": _sql("UPDATE chain_link SET mac = CAST(mac AS BLOB)"),
    "a link is made foreign": _sql("UPDATE chain_link SET mac = 'é' || mac"),
    "the head is made a word": _sql("UPDATE chain_head SET length = 'three'"),
    "the head is made bytes": _sql("UPDATE chain_head SET mac = CAST(mac AS BLOB)"),
    "the head is taken away": _sql("DELETE FROM chain_head"),
    "a row is made bytes": _sql("UPDATE patient SET note = x'ff'"),
    "a row is made unreadable": _sql("UPDATE patient SET note = CAST(x'ff' AS TEXT)"),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_every_tampering_is_found(session: Session, tampering: str) -> None:
    a_patient(session)
    a_patient(session, "Sampleton", "Bob")
    session.event("Printed the day sheet")
    assert journal.verify(session.db).is_sound

    journal.drop_triggers(session.db)
    TAMPERINGS[tampering](session)

    assert journal.verify(session.db).fault


def test_what_was_recorded_verifies_whatever_type_it_was_handed_in_as(session: Session) -> None:
    patient = a_patient(session)

    session.viewed(str(patient), "Opened the file")  # type: ignore[arg-type]

    assert session.history()[0].patient_id == patient
    assert journal.verify(session.db).is_sound


def test_a_journal_cut_short_with_its_head_is_found_by_a_backup(session: Session) -> None:
    a_patient(session)
    old_head = session.db.one("SELECT length, mac FROM chain_head")
    a_patient(session, "Sampleton", "Bob")
    known = journal.head(session.db)
    last = "(SELECT max(id) FROM operation)"

    journal.drop_triggers(session.db)
    session.db.execute("DELETE FROM patient WHERE family_name = 'Sampleton'")
    session.db.execute(f"DELETE FROM row_change WHERE operation_id = {last}")
    session.db.execute(f"DELETE FROM chain_link WHERE operation_id = {last}")
    session.db.execute(f"DELETE FROM operation WHERE id = {last}")
    session.db.execute("UPDATE chain_head SET length = ?, mac = ?", old_head)

    assert journal.verify(session.db).is_sound, "the database alone cannot know"
    assert "backup" in journal.verify(session.db, (known,)).fault


def test_a_change_that_fails_leaves_nothing_behind(session: Session) -> None:
    before = session.db.value("SELECT count(*) FROM operation")

    with (
        pytest.raises(RuntimeError, match="power cut"),
        session.change("Register", Permission.EDIT_PATIENTS),
    ):
        Patient.create(chart_number="X1", family_name="Halfway")
        raise RuntimeError("power cut")

    assert session.db.value("SELECT count(*) FROM operation") == before
    assert session.db.value("SELECT count(*) FROM patient") == 0


def test_the_rows_an_operation_wrote_are_told_whatever_their_order() -> None:
    touched = journal.Touched()

    for row_id in (5, 6, 6, 7, 4, 3, 9, 1, 2, 5):
        touched.add("patient", row_id)

    assert touched.ids("patient") == {1, 2, 3, 4, 5, 6, 7, 9}
    assert touched.ids("payer") == frozenset()
    assert touched.tables == {"patient"}
