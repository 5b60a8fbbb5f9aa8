"""Key slots: passwords, the recovery sheet, and what a damaged slot file says."""

from __future__ import annotations

import json
import os
import threading
import unicodedata
from pathlib import Path

import pytest

from medsec_desktop.problems import Conflict, Unavailable
from medsec_desktop.store.keys import FILE_NAME, KeySlots, WrongPassword, replace_durably
from tests.conftest import CHEAP, DATA_KEY, PASSWORD


@pytest.fixture
def slots(practice_folder: Path) -> KeySlots:
    slots = KeySlots(practice_folder, CHEAP)
    slots.add(1, "olive", "Olive Owner", PASSWORD, DATA_KEY)
    return slots


def test_the_right_password_gives_the_data_key(slots: KeySlots) -> None:
    assert slots.unlock("Olive", PASSWORD) == (1, DATA_KEY)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper()])
def test_any_other_password_is_refused(slots: KeySlots, password: str) -> None:
    with pytest.raises(WrongPassword):
        slots.unlock("olive", password)


def test_each_person_opens_the_practice_with_her_own_password(slots: KeySlots) -> None:
    slots.add(2, "sam", "Sam Secretary", "another horse 2", DATA_KEY)

    assert slots.unlock("sam", "another horse 2") == (2, DATA_KEY)
    with pytest.raises(WrongPassword):
        slots.unlock("sam", PASSWORD)


def test_a_changed_password_voids_the_old_one_only(slots: KeySlots) -> None:
    slots.add(2, "sam", "Sam Secretary", "another horse 2", DATA_KEY)

    slots.change_password(2, "third horse 3", DATA_KEY)

    assert slots.unlock("sam", "third horse 3")[1] == DATA_KEY
    assert slots.unlock("olive", PASSWORD)[1] == DATA_KEY
    with pytest.raises(WrongPassword):
        slots.unlock("sam", "another horse 2")


def test_a_slot_cannot_be_passed_off_as_another_persons(slots: KeySlots) -> None:
    slots.add(2, "sam", "Sam Secretary", "another horse 2", DATA_KEY)
    content = json.loads(slots.path.read_text())
    owner, sam = content["users"]
    sam_as_owner = sam | {"user_id": owner["user_id"], "login": "olive"}
    slots.path.write_text(json.dumps(content | {"users": [sam_as_owner]}))

    with pytest.raises(WrongPassword):
        slots.unlock("olive", "another horse 2")


def test_the_recovery_key_opens_the_practice_however_it_is_typed(slots: KeySlots) -> None:
    printed = slots.new_recovery_key(DATA_KEY)

    assert len(printed.split("-")) == 8
    assert slots.recover(printed) == DATA_KEY
    assert slots.recover(printed.lower().replace("-", " ")) == DATA_KEY
    assert slots.recover(printed.replace("0", "O").replace("1", "l")) == DATA_KEY


def test_a_new_recovery_sheet_voids_the_old_one(slots: KeySlots) -> None:
    old = slots.new_recovery_key(DATA_KEY)
    slots.new_recovery_key(DATA_KEY)

    with pytest.raises(WrongPassword):
        slots.recover(old)


@pytest.mark.parametrize(
    ("typed", "says"), [("ABCD", "has 4 signs"), ("!" * 32, "does not occur"), ("", "has 0 signs")]
)
def test_a_mistyped_recovery_key_is_explained(slots: KeySlots, typed: str, says: str) -> None:
    slots.new_recovery_key(DATA_KEY)

    with pytest.raises(WrongPassword, match=says):
        slots.recover(typed)


def test_failures_are_counted_across_restarts_and_forgotten_after_success(slots: KeySlots) -> None:
    slots.note_failure("olive", "2026-03-11T09:00:00.000000Z")
    slots.note_failure("olive", "2026-03-11T09:00:05.000000Z")

    again = KeySlots(slots.path.parent, CHEAP)
    assert again.failures("olive") == (2, "2026-03-11T09:00:05.000000Z")

    again.note_success("olive")
    assert slots.failures("olive") == (0, "")


def test_a_second_practice_is_not_created_over_the_first(slots: KeySlots) -> None:
    with pytest.raises(Conflict):
        slots.create()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 99}'])
def test_a_damaged_slot_file_is_a_problem_with_a_remedy(slots: KeySlots, content: str) -> None:
    slots.path.write_text(content)

    with pytest.raises(Unavailable) as caught:
        slots.users()
    assert caught.value.remedy


def test_a_missing_slot_file_is_a_problem_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=FILE_NAME):
        KeySlots(tmp_path, CHEAP).users()


@pytest.mark.parametrize(
    ("set_with", "typed_as"),
    [
        ("Größe und Éclat", unicodedata.normalize("NFD", "Größe und Éclat")),
        (unicodedata.normalize("NFD", "Größe und Éclat"), "Größe und Éclat"),
        ("three little words", "three\u00a0little words"),
    ],
)
def test_a_password_opens_however_the_keyboard_composes_it(
    slots: KeySlots, set_with: str, typed_as: str
) -> None:
    slots.change_password(1, set_with, DATA_KEY)

    assert slots.unlock("olive", typed_as) == (1, DATA_KEY)


def test_a_login_is_known_however_the_keyboard_composes_it(slots: KeySlots) -> None:
    slots.add(2, "Zoë", "Zoë Sampleton", "another horse 2", DATA_KEY)

    assert slots.unlock(unicodedata.normalize("NFD", "zoë"), "another horse 2")[0] == 2


def test_a_password_that_is_no_text_is_wrong_and_nothing_worse(slots: KeySlots) -> None:
    with pytest.raises(WrongPassword):
        slots.unlock("olive", "from a strange terminal \udcff")


@pytest.mark.parametrize(
    "edited",
    [
        {"salt": None}, {"salt": "x"}, {"salt": "AAA="}, {"nonce": "AA=="}, {"wrapped": "AA=="},
        {"memory_kib": 10**10}, {"memory_kib": 2**31}, {"memory_kib": "64"}, {"memory_kib": 1},
        {"passes": 0}, {"passes": 10**6}, {"lanes": 0}, {"lanes": 2**24}, {"user_id": "one"},
        {"login": None}, {"name": 5}, {"failures": "many"}, {"failed_utc": "yesterday"},
    ],
    ids=str,
)  # fmt: skip
def test_a_slot_that_was_tampered_with_is_a_problem_with_a_remedy(
    slots: KeySlots, edited: dict[str, object]
) -> None:
    content = json.loads(slots.path.read_text())
    content["users"][0] |= edited
    slots.path.write_text(json.dumps(content))

    with pytest.raises(Unavailable, match="damaged") as caught:
        slots.unlock("olive", PASSWORD)
    assert "backup" in caught.value.remedy


@pytest.mark.parametrize("missing", ["practice_id", "users", "recovery"])
def test_a_slot_file_that_lacks_a_part_is_a_problem(slots: KeySlots, missing: str) -> None:
    content = json.loads(slots.path.read_text())
    del content[missing]
    slots.path.write_text(json.dumps(content))

    with pytest.raises(Unavailable, match="damaged"):
        slots.unlock("olive", PASSWORD)


def test_a_cheaper_guess_cannot_be_had_by_editing_the_file(slots: KeySlots) -> None:
    content = json.loads(slots.path.read_text())
    content["users"][0]["memory_kib"] = 32
    slots.path.write_text(json.dumps(content))

    with pytest.raises(WrongPassword):
        slots.unlock("olive", PASSWORD)


def test_a_slot_does_not_open_in_another_practice(slots: KeySlots, tmp_path: Path) -> None:
    other = KeySlots(tmp_path, CHEAP)
    other.create()
    content = json.loads(other.path.read_text())
    content["users"] = json.loads(slots.path.read_text())["users"]
    other.path.write_text(json.dumps(content))

    with pytest.raises(WrongPassword):
        other.unlock("olive", PASSWORD)


def test_two_who_write_at_once_lose_nothing(slots: KeySlots) -> None:
    """A second window's failed log-in must not undo the user being added in the first."""
    meet = threading.Barrier(6)

    def add(user_id: int) -> None:
        meet.wait()
        KeySlots(slots.path.parent, CHEAP).add(user_id, f"u{user_id}", "Sam", PASSWORD, DATA_KEY)

    def fail() -> None:
        meet.wait()
        for _ in range(5):
            KeySlots(slots.path.parent, CHEAP).note_failure("olive", "2026-03-11T09:00:00Z")

    workers = [threading.Thread(target=add, args=(number,)) for number in range(2, 6)]
    workers += [threading.Thread(target=fail) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert {slot.user_id for slot in slots.users()} == {1, 2, 3, 4, 5}
    assert slots.failures("olive")[0] == 10


def test_several_threads_that_write_the_same_file_all_succeed(tmp_path: Path) -> None:
    """Two windows file the very same letter: its content, and so its name, is one."""
    path, meet = tmp_path / "letter", threading.Barrier(6)
    contents = [bytes([number]) * 2_000_000 for number in range(6)]
    failures: list[Exception] = []

    def write(content: bytes) -> None:
        meet.wait()
        try:
            replace_durably(path, content)
        except Unavailable as problem:
            failures.append(problem)

    workers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failures == []
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_key_file_is_on_the_drive_before_it_has_its_name(
    slots: KeySlots, monkeypatch: pytest.MonkeyPatch
) -> None:
    named_then = []
    monkeypatch.setattr(os, "fsync", lambda _: named_then.append(slots.path.read_bytes() == b"new"))

    replace_durably(slots.path, b"new")

    assert named_then == [False, True]  # the file, then the folder its name is in
