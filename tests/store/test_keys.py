"""Key slots: passwords, the recovery sheet, and what a damaged slot file says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from medsec_desktop.problems import Conflict, Unavailable
from medsec_desktop.store.keys import FILE_NAME, KeySlots, WrongPassword
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
