"""The one door for changes: permission, undo and redo, sealed operations, refresh."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Appointment, Patient, PatientPhone
from medsec_desktop.problems import Conflict, NotAllowed, Unavailable
from medsec_desktop.services.progress import Quiet
from medsec_desktop.services.saving import save_row
from medsec_desktop.services.session import Changes, Session
from medsec_desktop.store import journal
from medsec_desktop.store.errors import Busy
from tests.conftest import a_patient, a_provider, a_user, an_appointment


def _name(session: Session, patient_id: int) -> str | None:
    return session.db.value("SELECT family_name FROM patient WHERE id = ?", (patient_id,))


def _rename(session: Session, patient_id: int, name: str) -> None:
    with session.change(f"Rename to {name}", Permission.EDIT_PATIENTS, patient_id=patient_id):
        Patient.update(family_name=name, version=Patient.version + 1).where(
            Patient.id == patient_id
        ).execute()


def test_a_change_says_who_did_what_when_and_where(session: Session) -> None:
    patient = a_patient(session)

    row = session.history()[0]

    assert (row.label, row.user_name, row.state) == (
        "Register Ada Testperson",
        "Olive Owner",
        "done",
    )
    assert row.at_utc == "2026-03-11T09:00:00.000000Z"
    assert session.db.one(
        "SELECT table_name, row_id FROM row_change WHERE operation_id = ?", (row.id,)
    ) == ("patient", patient)


def test_undo_takes_back_and_redo_repeats(session: Session) -> None:
    patient = a_patient(session)
    _rename(session, patient, "Renamed")

    session.undo()
    assert _name(session, patient) == "Testperson"
    session.undo()
    assert _name(session, patient) is None
    session.redo()
    session.redo()
    assert _name(session, patient) == "Renamed"


def test_undo_removes_everything_one_operation_added(session: Session) -> None:
    patient = a_patient(session, phone="+16175550123")

    session.undo()

    assert session.db.value("SELECT count(*) FROM patient_phone") == 0
    session.redo()
    assert session.db.value("SELECT patient_id FROM patient_phone") == patient


def test_a_long_undo_says_how_far_it_is_and_stopped_it_leaves_all_as_it_was(
    session: Session,
) -> None:
    told: list[tuple[int, int]] = []

    class Watch(Quiet):
        def report(self, done: int, total: int, text: str = "") -> None:
            told.append((done, total))
            if len(told) == 1:
                raise InterruptedError

    with session.change("Register twelve", Permission.EDIT_PATIENTS):
        people = [a_patient(session, given=f"Ada {number}") for number in range(12)]
        _rename(session, people[0], "Renamed")

    with pytest.raises(InterruptedError):
        session.undo(progress=Watch())
    assert _name(session, people[0]) == "Renamed"
    session.undo(progress=Watch())

    assert session.db.value("SELECT count(*) FROM patient") == 0
    assert told[0] == (1, 13)
    assert told[-2:] == [(13, 13), (0, 0)]
    again = session.next_to_redo()
    assert again is not None
    assert not session.takes_long(again)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("medsec_desktop.services.session._PUT_BACK_AT_ONCE", 12)
        assert session.takes_long(again)


def test_undoing_again_after_redo_works(session: Session) -> None:
    patient = a_patient(session)
    for _ in range(3):
        session.undo()
        assert _name(session, patient) is None
        session.redo()
        assert _name(session, patient) == "Testperson"


def test_undo_is_refused_when_the_row_has_moved_on(session: Session) -> None:
    patient = a_patient(session)
    _rename(session, patient, "Second")
    second = session.history()[0].id
    _rename(session, patient, "Third")

    with pytest.raises(Conflict, match="changed again since"):
        session.undo(second)

    assert _name(session, patient) == "Third"


def test_undo_is_refused_when_something_later_depends_on_it(session: Session) -> None:
    patient = a_patient(session)
    registered = session.history()[0].id
    an_appointment(session, patient, a_provider(session))

    with pytest.raises(Conflict, match="depends on it"):
        session.undo(registered)

    assert _name(session, patient) == "Testperson"


def test_a_new_change_ends_redo(session: Session) -> None:
    patient = a_patient(session)
    _rename(session, patient, "Second")
    session.undo()
    _rename(session, patient, "Third")

    assert session.can_redo() == ""
    with pytest.raises(Conflict, match="nothing to redo"):
        session.redo()


def test_what_left_the_building_is_never_undone(session: Session) -> None:
    patient = a_patient(session)
    with session.change("Send the letter", Permission.WRITE_LETTERS, sealed=True):
        Patient.update(note="letter sent").execute()

    with pytest.raises(Conflict, match="Void or replace"):
        session.undo()

    assert session.db.value("SELECT note FROM patient WHERE id = ?", (patient,)) == "letter sent"


def test_ctrl_z_takes_back_only_what_this_person_did_in_this_sitting(session: Session) -> None:
    a_patient(session)
    sam = a_user(session)

    session.switch_user(sam)

    assert session.can_undo() == ""
    mine = a_patient(session, "Sampleton")
    session.undo()
    assert _name(session, mine) is None
    with pytest.raises(Conflict, match="nothing to undo"):
        session.undo()


def test_another_persons_work_is_undone_only_with_that_permission(session: Session) -> None:
    patient = a_patient(session)
    registered = session.history()[0].id
    manager, sam = a_user(session, "mia", Role.MANAGER), a_user(session)

    session.switch_user(sam)
    with pytest.raises(NotAllowed, match="Olive Owner"):
        session.undo(registered)

    session.switch_user(manager)
    session.undo(registered)
    assert _name(session, patient) is None


def test_nothing_happens_without_permission(session: Session) -> None:
    session.switch_user(a_user(session, "rea", Role.READ_ONLY))

    with pytest.raises(NotAllowed, match="read-only"):
        a_patient(session)

    assert session.db.value("SELECT count(*) FROM patient") == 0


def test_a_read_leaves_a_record_and_cannot_be_undone(session: Session, clock: FixedClock) -> None:
    patient = a_patient(session)
    clock.advance(timedelta(minutes=5))

    session.viewed(patient, "Opened the file")

    row = session.history()[0]
    assert (row.label, row.patient_id, row.state) == ("Opened the file", patient, "event")
    assert session.can_undo() == "Register Ada Testperson"


def test_a_change_inside_a_change_is_one_operation(session: Session) -> None:
    with session.change("Register with visit", Permission.EDIT_PATIENTS):
        patient = a_patient(session)
        session.viewed(patient, "Looked for duplicates")
        an_appointment(session, patient, a_provider(session))

    labels = [row.label for row in session.history()]
    assert labels[:2] == ["Looked for duplicates", "Register with visit"]
    session.undo()
    assert session.db.value("SELECT count(*) FROM patient") == 0


def test_screens_hear_what_was_touched_after_it_is_saved(session: Session) -> None:
    heard: list[tuple[Changes, int]] = []
    session.subscribe(lambda c: heard.append((c, Patient.select().count())))

    patient = a_patient(session, phone="+16175550123")

    changes, seen = heard[0]
    assert seen == 1
    assert changes.ids("patient") == {patient}
    assert changes.touches("patient_phone")
    assert not changes.touches("appointment")


def test_a_guard_refuses_what_undo_would_break(session: Session) -> None:
    patient = a_patient(session)
    visit = an_appointment(session, patient, a_provider(session))
    with session.change("Cancel", Permission.EDIT_CALENDAR):
        Appointment.update(status="cancelled").execute()

    def no_revival(changes: Changes) -> None:
        if changes.undoes and changes.touches("appointment"):
            raise Conflict("The slot has been given away.")

    session.guard(no_revival)

    with pytest.raises(Conflict, match="given away"):
        session.undo()
    assert session.db.value("SELECT status FROM appointment WHERE id = ?", (visit,)) == "cancelled"


def test_a_stale_save_is_refused(session: Session) -> None:
    patient = a_patient(session)
    _rename(session, patient, "Newer")

    with (
        pytest.raises(Conflict, match="somebody else"),
        session.change("Amend", Permission.EDIT_PATIENTS),
    ):
        save_row(Patient, patient, 1, family_name="Older")

    assert _name(session, patient) == "Newer"


def test_a_version_never_comes_back_after_undo(session: Session) -> None:
    patient = a_patient(session)
    _rename(session, patient, "Second")
    session.undo()
    _rename(session, patient, "Third")

    with (
        pytest.raises(Conflict),
        session.change("Amend", Permission.EDIT_PATIENTS),
    ):
        save_row(Patient, patient, 2, family_name="From the undone second version")


def test_saving_without_a_difference_writes_nothing(session: Session) -> None:
    patient = a_patient(session)

    with session.change("Amend", Permission.EDIT_PATIENTS):
        save_row(Patient, patient, 1, family_name="Testperson", given_name="Ada")

    assert session.db.value("SELECT version FROM patient") == 1


def test_the_search_follows_undo(session: Session) -> None:
    patient = a_patient(session, phone="+16175550123")
    _rename(session, patient, "Zweitname")

    def words() -> tuple[str, str]:
        return session.db.one("SELECT family, numbers FROM patient_search")  # type: ignore[return-value]

    assert words()[0] == "zweitname"
    session.undo()
    assert words()[0] == "testperson"
    with session.change("Remove the number", Permission.EDIT_PATIENTS):
        PatientPhone.delete().execute()
    assert "5550123" not in words()[1]
    session.undo()
    assert "5550123" in words()[1]


def test_a_worker_saves_beside_the_window_and_the_chain_holds(session: Session) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with session.db.connection():
                for number in range(20):
                    a_patient(session, "Worker", chart_number=f"K{number}")
        except BaseException as error:
            failures.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    refused = 0
    for number in range(20):
        try:
            a_patient(session, "Window", chart_number=f"W{number}")
        except Unavailable:  # the window waits a quarter of a second, no longer
            refused += 1
    worker.join()

    assert failures == []
    assert session.db.value("SELECT count(*) FROM patient") == 40 - refused
    assert journal.verify(session.db).is_sound


def test_a_sealed_change_inside_another_seals_the_whole(session: Session) -> None:
    with session.change("Book and send", Permission.EDIT_CALENDAR):
        patient = a_patient(session)
        with session.change("Send the letter", Permission.WRITE_LETTERS, sealed=True):
            Patient.update(note="letter sent").execute()

    assert session.history()[0].state == "sealed"
    with pytest.raises(Conflict, match="outside the program"):
        session.undo()
    assert _name(session, patient) == "Testperson"
    assert journal.verify(session.db).is_sound


def test_a_part_that_fails_takes_back_only_itself(session: Session) -> None:
    with session.change("Import", Permission.IMPORT_DATA):
        a_patient(session)
        with (
            contextlib.suppress(ZeroDivisionError),
            session.change("One record", Permission.EDIT_PATIENTS, sealed=True),
        ):
            a_patient(session, "Halfway")
            _ = 1 / 0
        a_patient(session, "Sampleton")

    names = [name for (name,) in session.db.rows("SELECT family_name FROM patient ORDER BY id")]
    assert names == ["Testperson", "Sampleton"]
    assert journal.verify(session.db).is_sound
    session.undo()
    assert session.db.value("SELECT count(*) FROM patient") == 0


def test_what_was_seen_inside_a_change_is_saved_with_it_or_not_at_all(session: Session) -> None:
    heard: list[str] = []
    session.subscribe(lambda changes: heard.append(changes.label))

    def no_disk_left(changes: Changes) -> None:
        if changes.label == "Looked for duplicates":
            raise Unavailable("The disk is full.")

    session.guard(no_disk_left)

    with contextlib.suppress(Unavailable), session.change("Register", Permission.EDIT_PATIENTS):
        patient = a_patient(session)
        session.viewed(patient, "Looked for duplicates")

    saved = [row.label for row in session.history()]
    assert ("Register" in saved) == ("Looked for duplicates" in saved) == ("Register" in heard)


def test_a_screen_that_fails_keeps_no_other_from_hearing(session: Session) -> None:
    heard: list[Changes] = []

    def broken(changes: Changes) -> None:
        raise RuntimeError("a screen's own fault")

    session.subscribe(broken)
    session.subscribe(heard.append)

    with pytest.raises(RuntimeError, match="own fault"):
        a_patient(session)

    assert session.db.value("SELECT count(*) FROM patient") == 1
    assert [changes.label for changes in heard] == ["Register Ada Testperson"]


def test_a_number_moved_to_somebody_else_is_found_with_her_alone(session: Session) -> None:
    first = a_patient(session, phone="+16175550123")
    second = a_patient(session, "Sampleton")

    with session.change("Move the number", Permission.EDIT_PATIENTS):
        PatientPhone.update(patient=second).execute()

    numbers = dict(session.db.rows("SELECT patient_id, numbers FROM patient_search"))
    assert "5550123" in numbers[second]
    assert "5550123" not in numbers[first]


def test_a_long_day_is_undone_to_its_first_change_and_redone_to_its_last(session: Session) -> None:
    session.db.execute("PRAGMA synchronous = off")  # 900 commits that need not outlive a power cut
    patient = a_patient(session)
    for number in range(300):
        _rename(session, patient, f"Name {number}")

    for _ in range(300):
        session.undo()
    assert _name(session, patient) == "Testperson"
    assert session.can_undo() == "Register Ada Testperson"

    for _ in range(300):
        session.redo()
    assert _name(session, patient) == "Name 299"
    assert session.can_redo() == ""


def test_redo_goes_on_in_order_after_one_was_undone_from_the_history(session: Session) -> None:
    first, second, third = (a_patient(session, name) for name in ("One", "Two", "Three"))
    session.undo(session.history()[1].id)  # the second, from the history panel
    session.undo()  # then the third
    session.undo()  # and the first
    assert session.can_undo() == ""

    for patient in (first, third, second):
        session.redo()
        assert _name(session, patient) is not None

    assert session.can_redo() == ""


def test_two_threads_that_undo_the_same_change_undo_it_once(session: Session) -> None:
    patient = a_patient(session)
    _rename(session, patient, "Second")
    rename = session.history()[0].id
    meet = threading.Barrier(2)
    told: list[str] = []

    def undo() -> None:
        with session.db.connection():
            meet.wait()
            try:
                session.undo(rename)
                told.append("undone")
            except Conflict:
                told.append("refused")

    workers = [threading.Thread(target=undo) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(told) == ["refused", "undone"]
    assert _name(session, patient) == "Testperson"
    assert journal.verify(session.db).is_sound


def test_a_change_that_the_drive_took_back_is_not_told_as_saved(session: Session) -> None:
    """SQLite rolls back by itself on a full disk; whoever catches the fault inside must not go on."""
    before = session.db.value("SELECT count(*) FROM operation")

    with (
        pytest.raises(Unavailable, match="Nothing was saved"),
        session.change("Register", Permission.EDIT_PATIENTS),
        contextlib.suppress(Unavailable),
    ):
        a_patient(session)
        session.db.execute("ROLLBACK")
        raise Unavailable("The disk is full.")

    assert session.db.value("SELECT count(*) FROM operation") == before
    assert journal.verify(session.db).is_sound
    a_patient(session)


def test_a_verification_beside_somebody_at_work_accuses_nobody(session: Session) -> None:
    a_patient(session)
    done = threading.Event()

    def work() -> None:
        with session.db.connection():
            number = 0
            while not done.is_set():
                session.event(f"Printed page {number}")
                number += 1

    worker = threading.Thread(target=work)
    worker.start()
    try:
        faults = {journal.verify(session.db).fault for _ in range(40)}
    finally:
        done.set()
        worker.join()

    assert faults == {""}


def test_undoing_asks_for_the_permissions_that_doing_asked_for(session: Session) -> None:
    with session.change("Register with visit", Permission.EDIT_PATIENTS):
        patient = a_patient(session)
        an_appointment(session, patient, a_provider(session))
    registered = session.history()[0].id
    session.user = replace(session.user, role=Role.BILLER)

    with pytest.raises(NotAllowed, match="edit-"):
        session.undo(registered)

    assert _name(session, patient) == "Testperson"


def test_while_another_thread_writes_for_long_files_are_seen_and_savers_told_who_it_is(
    session: Session,
) -> None:
    ada = a_patient(session)
    begun, go_on = threading.Event(), threading.Event()

    def write(fails: bool) -> None:
        with (
            session.db.connection(),
            contextlib.suppress(KeyError),
            session.change("Import table “x.csv”", Permission.EDIT_PATIENTS),
        ):
            session.say_pace("about 12 s left")
            Patient.update(note="imported").execute()
            begun.set()
            go_on.wait(60)
            if fails:
                raise KeyError

    for fails in (False, True):
        begun.clear()
        go_on.clear()
        thread = threading.Thread(target=write, args=(fails,))
        thread.start()
        assert begun.wait(10)

        session.viewed(ada, f"Opened the file {fails}")
        assert session.written_meanwhile() == "Import table “x.csv”"
        with (
            pytest.raises(
                Busy, match=r"while this is written: Import table “x.csv”.*about 12 s left"
            ),
            session.change("Mend a note", Permission.EDIT_PATIENTS),
        ):
            pass
        go_on.set()
        thread.join(10)

        seen = session.history(1)[0]
        assert (seen.label, seen.patient_id) == (f"Opened the file {fails}", ada)
        assert session.written_meanwhile() == ""
    assert journal.verify(session.db).is_sound
