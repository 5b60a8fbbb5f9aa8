"""Attachments: encrypted, found by their content, and never handed out damaged."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medsec_desktop.problems import Unavailable
from medsec_desktop.services.session import Session
from medsec_desktop.store.files import Files

KEY = bytes(range(32))
LETTER = b"%PDF-1.4 Dear Ada Testperson, your visit is on Thursday."


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", KEY)


def path_of(files: Files, sha256: str) -> Path:
    return files.folder / sha256[:2] / sha256[2:]


def test_what_was_put_comes_back_by_its_hash(files: Files) -> None:
    sha256 = files.put(LETTER)

    assert sha256 == hashlib.sha256(LETTER).hexdigest()
    assert files.get(sha256) == LETTER
    assert files.has(sha256)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=2_000))
def test_any_content_comes_back_as_it_was(files: Files, content: bytes) -> None:
    assert files.get(files.put(content)) == content


def test_nothing_of_the_content_can_be_read_on_the_disk(files: Files) -> None:
    kept = path_of(files, files.put(LETTER)).read_bytes()

    assert b"Testperson" not in kept
    assert b"PDF" not in kept


def test_the_same_content_is_one_file_written_once(files: Files) -> None:
    first = path_of(files, files.put(LETTER)).read_bytes()

    files.put(LETTER)

    assert list(files.hashes()) == [hashlib.sha256(LETTER).hexdigest()]
    assert path_of(files, next(files.hashes())).read_bytes() == first


def test_every_flipped_bit_is_noticed(files: Files) -> None:
    sha256 = files.put(LETTER)
    path = path_of(files, sha256)
    sound = path.read_bytes()

    for at in range(len(sound)):
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
        with pytest.raises(Unavailable, match="damaged"):
            files.get(sha256)


@pytest.mark.parametrize("length", [0, 4, 5, 16, 17, 40])
def test_a_file_cut_short_is_noticed(files: Files, length: int) -> None:
    sha256 = files.put(LETTER)
    path = path_of(files, sha256)
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(Unavailable, match="damaged"):
        files.get(sha256)


def test_a_file_put_under_anothers_name_does_not_open(files: Files) -> None:
    one, other = files.put(b"one"), files.put(b"other")
    path_of(files, one).replace(path_of(files, other))

    with pytest.raises(Unavailable, match="damaged"):
        files.get(other)


def test_another_key_does_not_open_it(files: Files) -> None:
    sha256 = files.put(LETTER)

    with pytest.raises(Unavailable, match="damaged"):
        Files(files.folder, bytes(32)).get(sha256)


def test_a_missing_file_says_what_to_do(files: Files) -> None:
    with pytest.raises(Unavailable, match="missing") as caught:
        files.get("0" * 64)

    assert "backup" in caught.value.remedy


def test_a_record_that_is_no_hash_names_no_file(files: Files) -> None:
    for damaged in ("", "../../practice.db", "A" * 64, "0" * 63 + "\n"):
        with pytest.raises(Unavailable, match="cannot be found"):
            files.get(damaged)


def test_putting_a_damaged_content_again_repairs_it(files: Files) -> None:
    sha256 = files.put(LETTER)
    path_of(files, sha256).write_bytes(b"rubbish")

    files.put(LETTER)

    assert files.get(sha256) == LETTER


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")

    with pytest.raises(Unavailable, match="could not be made"):
        Files(tmp_path / "files", KEY).put(LETTER)


def test_a_full_disk_leaves_nothing_half_written(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (files.folder / hashlib.sha256(LETTER).hexdigest()[:2]).mkdir(parents=True)

    with pytest.raises(Unavailable, match="could not be kept") as caught:
        files.put(LETTER)

    assert caught.value.why == "No space left on device"
    assert list(files.hashes()) == []


def test_an_unfinished_file_is_not_taken_for_a_kept_one(files: Files) -> None:
    sha256 = files.put(LETTER)
    path = path_of(files, sha256)
    path.with_name(path.name + ".new").write_bytes(b"half")

    assert list(files.hashes()) == [sha256]


def test_a_practice_keeps_its_attachments_beside_its_database(session: Session) -> None:
    sha256 = Files.of(session.db).put(LETTER)

    assert Files.of(session.db).get(sha256) == LETTER
    assert (session.db.folder / "files" / sha256[:2] / sha256[2:]).is_file()
