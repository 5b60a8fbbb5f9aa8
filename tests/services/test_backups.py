"""Backups as the desk uses them: made, rotated, checked, put back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import UserAccount
from medsec_desktop.problems import Conflict, NotAllowed, Unavailable
from medsec_desktop.services.backups import (
    Backups,
    preview_restore,
    restore,
    unlock_backup,
    verify_backup,
)
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.session import Session
from medsec_desktop.services.welcome import Unlocked, sign_in
from medsec_desktop.store.keys import WrongPassword
from medsec_desktop.store.lock import Held, PracticeLock
from tests.conftest import DATA_KEY, PASSWORD, a_patient, a_user


@pytest.fixture
def backups(session: Session) -> Backups:
    return Backups(session, Practice(session))


def test_a_backup_says_what_it_holds_and_that_it_was_read_back(
    session: Session, backups: Backups
) -> None:
    a_patient(session)

    report = backups.make()

    assert "1 patient and" in report.sentence
    assert "opened again" in report.sentence
    assert report.row.path.parent == session.db.folder.with_name("practice backups")
    assert backups.list() == (report.row,)


def test_the_folder_comes_from_the_settings(
    session: Session, backups: Backups, tmp_path: Path
) -> None:
    Practice(session).put(settings.BACKUP_FOLDER, str(tmp_path / "drive"))

    assert backups.make().row.path.parent == tmp_path / "drive"


def test_the_status_bar_learns_of_the_last_verified_backup(
    session: Session, backups: Backups, clock: FixedClock
) -> None:
    never = backups.last_verified()

    backups.make()

    assert never is None
    assert backups.last_verified() == clock.now()
    assert session.history()[0].label == "Made a backup"


def test_older_backups_give_way_but_never_the_newest(
    session: Session, backups: Backups, clock: FixedClock
) -> None:
    for _ in range(3):
        backups.make()
        clock.advance(timedelta(hours=1))

    made = backups.make()

    assert backups.list() == (made.row,)
    assert len(made.removed) == 1


def test_closing_makes_a_backup_only_when_something_changed(
    session: Session, backups: Backups, clock: FixedClock
) -> None:
    first = backups.at_closing()
    clock.advance(timedelta(days=1))
    session.event("Logged in")
    idle = backups.at_closing()
    a_patient(session)

    after_work = backups.at_closing()

    assert first is not None
    assert idle is None
    assert after_work is not None


@pytest.mark.parametrize("setting", [settings.BACKUP_AT_CLOSING, settings.IS_DEMO])
def test_closing_makes_no_backup_where_none_is_wanted(
    session: Session, backups: Backups, setting: settings.Setting[bool]
) -> None:
    Practice(session).put(setting, not setting.default)

    assert backups.at_closing() is None


def test_another_practices_backups_are_left_alone(
    session: Session, backups: Backups, tmp_path: Path, clock: FixedClock
) -> None:
    made = backups.make(folder=tmp_path / "b").row.path
    manifest = (made / "manifest.json").read_text()
    stranger = made.rename(tmp_path / "b" / "stranger")
    (stranger / "manifest.json").write_text(
        manifest.replace('"practice_id": "', '"practice_id": "z')
    )
    clock.advance(timedelta(minutes=5))

    backups.make(folder=tmp_path / "b")

    assert stranger.exists()
    assert len(backups.list(tmp_path / "b")) == 1


def test_a_missing_drive_is_a_sentence_and_costs_nothing(
    session: Session, backups: Backups, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unavailable, match="The backup could not be written"):
        backups.make(folder=tmp_path / "file" / "backups")


def test_only_those_who_may_make_backups(session: Session, backups: Backups) -> None:
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))

    with pytest.raises(NotAllowed):
        backups.make()


def test_a_sound_practice_verifies_and_a_journal_cut_short_does_not(
    session: Session, backups: Backups
) -> None:
    a_patient(session)
    before = backups.verify()
    with session.db.engine.atomic():
        session.db.execute("DROP TRIGGER IF EXISTS journal_keep_operation_delete")
        for (name,) in session.db.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            session.db.execute(f"DROP TRIGGER {name}")
        session.db.execute("DELETE FROM operation WHERE id = (SELECT max(id) FROM operation)")

    after = backups.verify()

    assert before.is_sound
    assert not after.is_sound
    assert "not sound" in after.sentence


def test_a_damaged_backup_is_told_not_raised(backups: Backups) -> None:
    path = backups.make().row.path
    (path / "practice.db").write_bytes(b"nothing")

    report = verify_backup(path, DATA_KEY)

    assert not report.is_sound
    assert "practice.db is not as it was written" in report.sentence


def the_owner(folder: Path) -> Unlocked:
    return unlock_backup(folder, "olive", PASSWORD)


def test_a_restore_shows_what_would_change_first(
    session: Session, backups: Backups, clock: FixedClock
) -> None:
    a_patient(session, "Before")
    path = backups.make().row.path
    a_patient(session, "After")
    practice = session.db.folder

    preview = preview_restore(path, DATA_KEY, practice, clock)

    assert "Patients: 2 now, 1 after." in preview.sentences
    assert [what for _, _, what in preview.lost] == ["Register Ada After"]
    assert preview.set_aside.name == "practice before restoring 2026-03-11 09.00"
    assert session.db.value("SELECT count(*) FROM patient") == 2


def test_a_restore_brings_back_the_practice_and_keeps_the_other(
    session: Session, backups: Backups, clock: FixedClock
) -> None:
    a_patient(session, "Before")
    path = backups.make().row.path
    a_patient(session, "After")
    practice = session.db.folder
    session.db.close()

    restore(preview_restore(path, DATA_KEY, practice, clock), the_owner(path), clock)

    office = sign_in(practice, "olive", PASSWORD, clock)
    assert office.session.db.rows("SELECT family_name FROM patient") == [("Before",)]
    assert "Put back the backup" in [row.label for row in office.session.history()][1]
    office.close()
    assert practice.with_name("practice before restoring 2026-03-11 09.00").is_dir()
    session.db.connect()


def test_a_restore_waits_until_nobody_has_the_practice_open(
    session: Session, backups: Backups, clock: FixedClock
) -> None:
    path = backups.make().row.path
    practice = session.db.folder
    lock = PracticeLock(practice)
    lock.acquire("9:00")

    with pytest.raises(Held):
        restore(preview_restore(path, DATA_KEY, practice, clock), the_owner(path), clock)

    lock.release()


def test_a_restore_never_replaces_other_files_or_another_practice(
    session: Session, backups: Backups, tmp_path: Path, clock: FixedClock
) -> None:
    path = backups.make().row.path
    other = tmp_path / "documents"
    other.mkdir()
    (other / "thesis.txt").write_text("dear")

    with pytest.raises(Conflict, match="holds other files"):
        restore(preview_restore(path, DATA_KEY, other, clock), the_owner(path), clock)
    (other / "keyslots.json").write_text(
        (path / "keyslots.json").read_text().replace('"practice_id": "', '"practice_id": "z')
    )
    with pytest.raises(Conflict, match="another practice"):
        restore(preview_restore(path, DATA_KEY, other, clock), the_owner(path), clock)

    assert (other / "thesis.txt").read_text() == "dear"


def test_a_restore_into_a_new_folder_makes_a_second_practice(
    session: Session, backups: Backups, tmp_path: Path, clock: FixedClock
) -> None:
    path = backups.make().row.path
    new = tmp_path / "elsewhere"

    restore(preview_restore(path, DATA_KEY, new, clock), the_owner(path), clock)

    office = sign_in(new, "olive", PASSWORD, clock)
    office.close()
    session.db.bind()


def test_only_the_owner_may_restore(session: Session, backups: Backups, clock: FixedClock) -> None:
    with session.change("Change a role", Permission.MANAGE_USERS):
        UserAccount.update(role=Role.MANAGER).execute()
    path = backups.make().row.path

    with pytest.raises(NotAllowed):
        restore(preview_restore(path, DATA_KEY, session.db.folder, clock), the_owner(path), clock)


def test_a_backup_is_never_written_to_by_a_wrong_password(backups: Backups) -> None:
    path = backups.make().row.path

    with pytest.raises(WrongPassword):
        unlock_backup(path, "olive", "not this one")

    assert verify_backup(path, DATA_KEY).is_sound
