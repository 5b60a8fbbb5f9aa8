"""A practice can be made, opened by those who may, and opened again with the recovery sheet."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Role
from medsec_desktop.problems import Conflict, Invalid, NotAllowed, Problem, Unavailable
from medsec_desktop.services import founding, welcome
from medsec_desktop.services.founding import OwnerDraft, ProviderSetup, Setup
from medsec_desktop.services.practice import (
    USUAL_HOURS,
    USUAL_TYPES,
    HoursRow,
    Profile,
    ProviderDraft,
    settings,
)
from medsec_desktop.services.users import Users
from medsec_desktop.store.keys import KeySlots, WrongPassword
from medsec_desktop.store.lock import Held, PracticeLock
from tests.conftest import CHEAP
from tests.ready_made import copied

GOOD = "violet tram seven"
SETUP = Setup(
    Profile(name="Testville Clinic", paper="a4"),
    OwnerDraft("Olive Owner", "olive", GOOD),
    (ProviderSetup(ProviderDraft("Chen", "Amy", "MD"), USUAL_HOURS),),
    USUAL_TYPES,
    "backups",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "practice"


@pytest.fixture
def recovery_key(folder: Path, clock: FixedClock) -> str:
    """A new practice in `folder`, and the key on its recovery sheet."""

    def make(place: Path) -> str:
        return founding.create_practice(place, SETUP, clock, CHEAP)

    return copied(f"a practice just set up, {clock.now()}", folder, make)


@pytest.mark.usefixtures("recovery_key")
def test_a_new_practice_opens_with_everything_the_wizard_gathered(
    folder: Path, clock: FixedClock
) -> None:
    office = welcome.sign_in(folder, "olive", GOOD, clock)

    assert office.session.user.name == "Olive Owner"
    assert office.practice.profile() == SETUP.profile
    (provider,) = office.practice.providers()
    assert office.practice.hours(provider.id) == USUAL_HOURS
    assert [row.name for row in office.practice.types()] == [row.name for row in USUAL_TYPES]
    assert office.practice.get(settings.BACKUP_FOLDER) == "backups"
    assert [row.label for row in office.session.history()] == ["Logged in", "Set up the practice"]
    office.close()


def test_nothing_in_a_practice_folder_can_be_read_without_the_key(
    folder: Path, recovery_key: str
) -> None:
    for file in folder.iterdir():
        content = file.read_bytes()
        assert b"Chen" not in content
        assert b"SQLite format" not in content
        assert recovery_key.encode() not in content


@pytest.mark.parametrize(
    "broken",
    [
        replace(SETUP, owner=OwnerDraft("Olive Owner", "olive", "short")),
        replace(SETUP, owner=OwnerDraft("", "olive", GOOD)),
        replace(SETUP, profile=Profile()),
        replace(SETUP, providers=(ProviderSetup(ProviderDraft("")),)),
        replace(SETUP, types=(replace(USUAL_TYPES[0], duration_min=0),)),
        replace(SETUP, providers=(ProviderSetup(ProviderDraft("Chen"), (HoursRow(0, 600, 540),)),)),
    ],
)
def test_a_set_up_that_cannot_be_kept_leaves_no_trace(folder: Path, broken: Setup) -> None:
    with pytest.raises(Invalid):
        founding.create_practice(folder, broken, cost=CHEAP)

    assert not folder.exists()


def test_a_set_up_that_fails_half_way_leaves_no_trace(folder: Path) -> None:
    twice = replace(SETUP, types=(USUAL_TYPES[0], USUAL_TYPES[0]))

    with pytest.raises(Invalid, match="already"):
        founding.create_practice(folder, twice, cost=CHEAP)

    assert not folder.exists()
    assert founding.create_practice(folder, SETUP, cost=CHEAP)


_KILLED = """
import os, signal, sys
from pathlib import Path
from medsec_desktop.services import founding, welcome
from medsec_desktop.store import database
from medsec_desktop.store.keys import KeySlots
from tests.conftest import CHEAP
from tests.services.test_welcome import SETUP
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
place, name = sys.argv[2].split(".")
setattr({"KeySlots": KeySlots, "database": database}[place], name, die)
founding.create_practice(Path(sys.argv[1]), SETUP, cost=CHEAP)
"""


@pytest.mark.parametrize(
    "killed_at",
    [
        "KeySlots.create",
        "database.create_practice_database",
        "KeySlots.add",
        "KeySlots.new_recovery_key",
        "database.close_practice",
    ],
)
def test_a_set_up_that_is_killed_can_simply_be_done_again(folder: Path, killed_at: str) -> None:
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", _KILLED, str(folder), killed_at], cwd=root, check=False)

    assert not welcome.is_practice(folder)
    key = founding.create_practice(folder, SETUP, cost=CHEAP)

    assert welcome.is_practice(folder)
    welcome.check_recovery_key(folder, key)
    welcome.sign_in(folder, "olive", GOOD).close()


def test_a_practice_somebody_works_in_is_never_taken_for_an_unfinished_one(
    folder: Path, recovery_key: str
) -> None:
    (folder / "practice.unfinished").touch()  # killed at the very last step of its set-up

    welcome.sign_in(folder, "olive", GOOD).close()

    assert welcome.is_practice(folder)
    with pytest.raises(Conflict, match="already holds a practice"):
        founding.create_practice(folder, SETUP, cost=CHEAP)


@pytest.mark.usefixtures("recovery_key")
def test_a_failure_that_cannot_be_counted_is_still_a_wrong_password(folder: Path) -> None:
    KeySlots(folder).note_failure("olive", "2026-03-11T08:00:00Z")
    (folder / "keyslots.json.new").mkdir()  # as a full or read-only drive would refuse the write

    with pytest.raises(WrongPassword):
        welcome.unlock(folder, "olive", "not this one")
    assert welcome.unlock(folder, "olive", GOOD).user_id == 1


@pytest.mark.usefixtures("recovery_key")
def test_a_second_practice_in_the_same_folder_is_refused(folder: Path) -> None:
    with pytest.raises(Conflict, match="already holds a practice"):
        founding.create_practice(folder, SETUP, cost=CHEAP)

    assert welcome.is_practice(folder)


def test_a_folder_with_other_peoples_files_is_refused_and_left_alone(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "letters.txt").write_text("mine")

    with pytest.raises(Invalid, match="other files"):
        founding.create_practice(folder, SETUP, cost=CHEAP)

    assert (folder / "letters.txt").read_text() == "mine"


@pytest.mark.usefixtures("recovery_key")
def test_a_wrong_password_is_counted_and_the_right_one_clears_the_count(
    folder: Path, clock: FixedClock
) -> None:
    for _ in range(2):
        with pytest.raises(WrongPassword):
            welcome.unlock(folder, "olive", "not the password", clock)
    assert KeySlots(folder).failures("olive")[0] == 2

    welcome.unlock(folder, "olive", GOOD, clock)

    assert KeySlots(folder).failures("olive")[0] == 0


@pytest.mark.usefixtures("recovery_key")
def test_the_wait_grows_with_every_failure_and_survives_a_restart(
    folder: Path, clock: FixedClock
) -> None:
    waits = []
    for _ in range(6):
        clock.advance(timedelta(hours=1))
        with pytest.raises(WrongPassword):
            welcome.unlock(folder, "olive", "not the password", clock)
        waits.append(welcome.wait_s(folder, "olive", clock))

    assert waits == [0, 0, 5, 10, 20, 40]
    with pytest.raises(welcome.LockedOut, match="40 seconds"):
        welcome.unlock(folder, "olive", GOOD, clock)
    clock.advance(timedelta(seconds=41))
    assert welcome.unlock(folder, "olive", GOOD, clock)


@pytest.mark.usefixtures("recovery_key")
def test_a_clock_set_back_locks_nobody_out_for_good(folder: Path, clock: FixedClock) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassword):
            welcome.unlock(folder, "olive", "not the password", clock)

    clock.advance(-timedelta(days=365))

    assert welcome.wait_s(folder, "olive", clock) == 5


@pytest.mark.usefixtures("recovery_key")
def test_a_practice_held_by_another_program_is_refused_by_name(
    folder: Path, clock: FixedClock
) -> None:
    other = PracticeLock(folder)
    other.acquire("8:00 AM")

    with pytest.raises(Held, match="this computer"):
        welcome.sign_in(folder, "olive", GOOD, clock)

    other.release()
    welcome.sign_in(folder, "olive", GOOD, clock).close()


def test_the_recovery_sheet_really_opens_the_practice(
    folder: Path, recovery_key: str, clock: FixedClock
) -> None:
    typed = recovery_key.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    who = welcome.recover(folder, typed, "olive", "another good phrase", CHEAP)
    office = welcome.open_office(folder, who, clock, event="Reset own password")

    assert office.session.history(1)[0].label == "Reset own password"
    assert office.practice.profile().name == "Testville Clinic"
    office.close()
    with pytest.raises(WrongPassword):
        welcome.sign_in(folder, "olive", GOOD, clock)
    welcome.sign_in(folder, "olive", "another good phrase", clock).close()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda key: "", "0 signs"),
        (lambda key: key[:-1], "31 signs"),
        (lambda key: key[:-1] + "*", "does not occur"),
        (lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"), "not"),
    ],
)
def test_a_mistyped_recovery_key_says_what_looks_wrong(
    folder: Path, recovery_key: str, spoil: Callable[[str], str], sentence: str
) -> None:
    with pytest.raises(WrongPassword, match=sentence):
        welcome.recover(folder, spoil(recovery_key), "olive", "another good phrase", CHEAP)


def test_recovering_keeps_the_password_rules(folder: Path, recovery_key: str) -> None:
    with pytest.raises(Invalid):
        welcome.recover(folder, recovery_key, "olive", "short", CHEAP)


@pytest.mark.usefixtures("recovery_key")
def test_another_person_goes_on_at_the_open_window_and_is_recorded(
    folder: Path, clock: FixedClock
) -> None:
    office = welcome.sign_in(folder, "olive", GOOD, clock)
    Users(office.session, KeySlots(folder, CHEAP)).add(
        "maria", "Maria Testlopez", Role.SECRETARY, "another good phrase"
    )

    who = welcome.unlock(folder, "maria", "another good phrase", clock)
    welcome.switch_user(office, who)

    assert office.session.user.name == "Maria Testlopez"
    assert office.session.history(1)[0].user_name == "Maria Testlopez"
    assert office.session.can_undo() == ""
    office.close()


@pytest.mark.usefixtures("recovery_key")
def test_a_slot_of_somebody_who_left_opens_nothing(folder: Path, clock: FixedClock) -> None:
    office = welcome.sign_in(folder, "olive", GOOD, clock)
    slots = KeySlots(folder, CHEAP)
    users = Users(office.session, slots)
    maria = users.add("maria", "Maria Testlopez", Role.SECRETARY, "another good phrase")
    before = slots.path.read_bytes()
    users.deactivate(maria)
    office.close()
    slots.path.write_bytes(before)  # somebody copies an older key file back

    with pytest.raises(NotAllowed, match="no longer in use"):
        welcome.sign_in(folder, "maria", "another good phrase", clock)

    welcome.sign_in(folder, "olive", GOOD, clock).close()


@pytest.mark.usefixtures("recovery_key")
@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "keyslots.json").unlink(),
        lambda folder: (folder / "keyslots.json").write_text("{"),
        lambda folder: (folder / "practice.db").unlink(),
        lambda folder: (folder / "practice.db").write_bytes(b"x" * 8192),
    ],
)
def test_a_damaged_folder_is_refused_with_a_sentence_and_left_unlocked(
    folder: Path, clock: FixedClock, damage: Callable[[Path], None]
) -> None:
    damage(folder)

    with pytest.raises(Unavailable) as refusal:
        welcome.sign_in(folder, "olive", GOOD, clock)

    assert isinstance(refusal.value, Problem)
    assert refusal.value.what.endswith(".")
    lock = PracticeLock(folder)
    lock.acquire("now")
    lock.release()


def test_recently_opened_practices_are_remembered_latest_first(tmp_path: Path) -> None:
    config = tmp_path / "config"
    folders = [tmp_path / f"practice {number}" for number in range(10)]
    for each in folders:
        each.mkdir()
        (each / "keyslots.json").write_text("{}")
        welcome.remember_folder(each, config)
    welcome.remember_folder(folders[7], config)
    (folders[9] / "keyslots.json").unlink()

    recent = welcome.recent_folders(config)

    assert recent[:2] == (folders[7], folders[8])
    assert folders[9] not in recent
    assert len(recent) == 7


def test_a_spoilt_list_of_practices_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "practices.json").write_text("[not json")

    assert welcome.recent_folders(tmp_path) == ()
