"""Backups: copied while in use, opened again, checked, counted; and put back."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from medsec_desktop.problems import Conflict, Unavailable
from medsec_desktop.services.session import Session
from medsec_desktop.store import backup
from medsec_desktop.store.database import open_practice
from tests.conftest import DATA_KEY, a_patient


def made(session: Session, destination: Path, at: str = "2026-03-11T18:00:00") -> Path:
    return backup.make(session.db, destination, at, f"{at}Z", "0.1.0")


def test_a_backup_is_a_practice_folder_that_opens(session: Session, tmp_path: Path) -> None:
    a_patient(session, "Testperson")

    folder = made(session, tmp_path / "backups")

    copy = open_practice(folder, DATA_KEY)
    assert copy.value("SELECT family_name FROM patient") == "Testperson"
    copy.close()


def test_the_manifest_says_what_the_backup_holds(session: Session, tmp_path: Path) -> None:
    a_patient(session)
    a_patient(session, "Nobody")

    manifest = backup.read_manifest(made(session, tmp_path))

    assert manifest.tables["patient"] == 2
    assert manifest.journal_length == 3
    assert set(manifest.sha256) == {"practice.db", "keyslots.json"}
    assert manifest.schema >= 1


def test_nothing_readable_lies_in_a_backup(session: Session, tmp_path: Path) -> None:
    a_patient(session, "Testperson")

    folder = made(session, tmp_path / "backups")

    assert not any(
        b"Testperson" in path.read_bytes() for path in folder.rglob("*") if path.is_file()
    )
    assert not (folder / "practice.db").read_bytes().startswith(b"SQLite format")


def test_attachments_are_copied_and_linked_to_an_earlier_backup(
    session: Session, tmp_path: Path
) -> None:
    attachments = session.db.folder / "files" / "ab"
    attachments.mkdir(parents=True)
    (attachments / "abcd").write_bytes(b"encrypted elsewhere")

    first = made(session, tmp_path / "b")
    second = made(session, tmp_path / "b", "2026-03-12T18:00:00")

    copies = [folder / "files" / "ab" / "abcd" for folder in (first, second)]
    assert all(copy.read_bytes() == b"encrypted elsewhere" for copy in copies)
    assert copies[0].stat().st_ino == copies[1].stat().st_ino
    assert backup.verify(second, DATA_KEY).tables == backup.read_manifest(first).tables


@pytest.mark.parametrize("name", ["practice.db", "keyslots.json", "files/x"])
def test_one_changed_byte_is_found(session: Session, tmp_path: Path, name: str) -> None:
    (session.db.folder / "files").mkdir()
    (session.db.folder / "files" / "x").write_bytes(b"content")
    folder = made(session, tmp_path)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)

    with pytest.raises(Unavailable, match=f"{name} is not as it was written"):
        backup.verify(folder, DATA_KEY)


def test_a_missing_and_a_foreign_file_are_found(session: Session, tmp_path: Path) -> None:
    folder = made(session, tmp_path)
    (folder / "stray.txt").write_text("x")
    with pytest.raises(Unavailable, match=r"stray\.txt does not belong"):
        backup.verify(folder, DATA_KEY)

    (folder / "stray.txt").unlink()
    (folder / "keyslots.json").unlink()
    with pytest.raises(Unavailable, match=r"keyslots\.json is missing"):
        backup.verify(folder, DATA_KEY)


def test_the_wrong_key_is_a_problem_not_an_error(session: Session, tmp_path: Path) -> None:
    folder = made(session, tmp_path)

    with pytest.raises(Unavailable):
        backup.verify(folder, bytes(32))


def test_a_failed_backup_leaves_nothing_behind(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = tmp_path / "b"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_copy", full)
    with pytest.raises(Unavailable, match="No space left"):
        made(session, destination)

    assert list(destination.iterdir()) == []


@pytest.mark.parametrize("step", ["Copying the database", "Checking the copied files"])
def test_a_backup_that_is_stopped_leaves_nothing_behind(
    session: Session, tmp_path: Path, step: str
) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, total: int, text: str) -> None:
        if text == step:
            raise Stop

    with pytest.raises(Stop):
        backup.make(session.db, tmp_path / "b", "2026-03-11T18:00:00", "x", "0.1.0", stop)

    assert list((tmp_path / "b").iterdir()) == []
    a_patient(session)


def test_a_drive_without_room_is_refused_before_anything_is_written(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        free = 10

    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _: Full)

    with pytest.raises(Unavailable, match="not enough room"):
        made(session, tmp_path / "b")
    assert list((tmp_path / "b").iterdir()) == []


def test_what_others_write_meanwhile_is_not_half_in_the_copy(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_patient(session)
    monkeypatch.setattr(backup, "_PAGES_A_STEP", 20)
    steps = []

    def register_somebody() -> None:
        with session.db.connection():
            a_patient(session, f"Late{len(steps)}")

    def write_meanwhile(done: int, total: int, text: str) -> None:
        if text == "Copying the database" and len(steps) < 3:
            steps.append((done, total))
            thread = Thread(target=register_somebody)
            thread.start()
            thread.join()

    folder = backup.make(
        session.db, tmp_path, "2026-03-11T18:00:00", "2026-03-11T18:00:00Z", "x", write_meanwhile
    )

    assert len(steps) == 3
    assert session.db.value("SELECT count(*) FROM patient") == 4
    assert backup.verify(folder, DATA_KEY).tables["patient"] == 1


def test_putting_back_keeps_the_old_folder_aside(session: Session, tmp_path: Path) -> None:
    a_patient(session, "Before")
    folder = made(session, tmp_path / "b")
    a_patient(session, "After")
    practice, aside = session.db.folder, tmp_path / "kept aside"
    session.db.close()

    backup.put_back(folder, DATA_KEY, practice, aside)

    assert backup.counts_in(practice, DATA_KEY)["patient"] == 1
    assert backup.counts_in(aside, DATA_KEY)["patient"] == 2
    assert not (practice / "manifest.json").exists()
    session.db.connect()


def test_a_damaged_backup_is_never_put_back(session: Session, tmp_path: Path) -> None:
    a_patient(session, "Before")
    folder = made(session, tmp_path / "b")
    (folder / "practice.db").write_bytes(b"x" * 4096)
    practice = session.db.folder

    with pytest.raises(Unavailable):
        backup.put_back(folder, DATA_KEY, practice, tmp_path / "aside")

    assert session.db.value("SELECT family_name FROM patient") == "Before"
    assert not (tmp_path / "aside").exists()


def test_changes_made_since_a_backup_are_listed(session: Session, tmp_path: Path) -> None:
    a_patient(session, "Before")
    folder = made(session, tmp_path)
    a_patient(session, "After", given="Ada")

    lost = backup.operations_after(
        session.db.folder, DATA_KEY, backup.read_manifest(folder).journal_length
    )

    assert [label for _, _, label in lost] == ["Register Ada After"]


def test_only_backups_are_listed_and_only_backups_are_deleted(
    session: Session, tmp_path: Path
) -> None:
    destination = tmp_path / "b"
    first = made(session, destination)
    second = made(session, destination, "2026-03-12T18:00:00")
    (destination / "holiday pictures").mkdir()

    assert [folder for folder, _ in backup.backups_in(destination)] == [second, first]
    backup.remove(first)
    with pytest.raises(Conflict):
        backup.remove(destination / "holiday pictures")

    assert sorted(path.name for path in destination.iterdir()) == sorted(
        [second.name, "holiday pictures"]
    )
