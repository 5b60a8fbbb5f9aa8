"""People, roles and passwords: who may change them, and what can never happen."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.permissions import Role
from medsec_desktop.problems import Conflict, Invalid, NotAllowed, Unavailable
from medsec_desktop.services.session import Session
from medsec_desktop.services.users import Users
from medsec_desktop.store.database import Database
from medsec_desktop.store.keys import KeySlots, WrongPassword
from tests.conftest import CHEAP, DATA_KEY, PASSWORD

GOOD = "violet tram seven"


@pytest.fixture
def slots(session: Session) -> KeySlots:
    return KeySlots(session.db.folder, CHEAP)


@pytest.fixture
def users(session: Session, slots: KeySlots) -> Users:
    return Users(session, slots)


def test_somebody_new_can_log_in_with_the_password_she_was_given(
    users: Users, slots: KeySlots
) -> None:
    user_id = users.add("m.lopez", "Maria Testlopez", Role.SECRETARY, GOOD)

    assert slots.unlock("m.lopez", GOOD) == (user_id, DATA_KEY)
    assert users.user(user_id).role == Role.SECRETARY


@pytest.mark.parametrize(
    ("login", "name", "password", "field"),
    [
        ("m lopez", "Maria Testlopez", GOOD, "login"),
        ("m", "Maria Testlopez", GOOD, "login"),
        ("Olive", "Another Olive", GOOD, "login"),
        ("maria", " ", GOOD, "name"),
        ("maria", "Maria Testlopez", "short", "password"),
        ("maria", "Maria Testlopez", "Testlopez1", "password"),
    ],
)
def test_a_new_user_with_bad_input_is_refused_whole(
    users: Users, slots: KeySlots, login: str, name: str, password: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        users.add(login, name, Role.SECRETARY, password)

    assert refusal.value.field == field
    assert len(users.everyone()) == len(slots.users()) == 1


def test_a_slot_that_cannot_be_written_takes_the_row_back(
    users: Users, slots: KeySlots, session: Session
) -> None:
    slots.path.with_name("keyslots.json.new").mkdir()

    with pytest.raises(Exception, match="keyslots"):
        users.add("maria", "Maria Testlopez", Role.SECRETARY, GOOD)

    assert [row.login for row in users.everyone()] == ["olive"]


def test_the_last_owner_stays_an_owner(users: Users, session: Session) -> None:
    with pytest.raises(Conflict, match="at least one owner"):
        users.change_role(session.user.id, Role.MANAGER)

    assert users.user(session.user.id).role == Role.OWNER


def test_an_undo_cannot_take_the_last_owner_away_either(users: Users, session: Session) -> None:
    second = users.add("maria", "Maria Testlopez", Role.MANAGER, GOOD)
    users.change_role(second, Role.OWNER)
    promotion = session.history(1)[0].id
    users.change_role(session.user.id, Role.MANAGER)

    with pytest.raises(Conflict, match="at least one owner"):
        session.undo(promotion)

    assert users.user(second).role == Role.OWNER


def test_a_changed_role_counts_at_once_for_the_person_at_work(
    users: Users, session: Session
) -> None:
    users.add("maria", "Maria Testlopez", Role.OWNER, GOOD)

    users.change_role(session.user.id, Role.SECRETARY)

    with pytest.raises(NotAllowed):
        users.add("third", "Third Testperson", Role.SECRETARY, GOOD)


def test_a_manager_cannot_make_or_change_owners(users: Users, session: Session) -> None:
    manager = users.add("maria", "Maria Testlopez", Role.MANAGER, GOOD)
    owner = session.user.id
    session.switch_user(users.user(manager))

    for attempt in (
        lambda: users.change_role(manager, Role.OWNER),
        lambda: users.reset_password(owner, GOOD),
        lambda: users.deactivate(owner),
        lambda: users.rename(owner, "Somebody Else"),
        lambda: users.add("third", "Third Testperson", Role.OWNER, GOOD),
        lambda: users.new_recovery_key(GOOD),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_secretary_manages_nobody(users: Users, session: Session) -> None:
    secretary = users.add("maria", "Maria Testlopez", Role.SECRETARY, GOOD)
    other = users.add("third", "Third Testperson", Role.SECRETARY, GOOD)
    session.switch_user(users.user(secretary))

    for attempt in (
        lambda: users.add("fourth", "Fourth Testperson", Role.SECRETARY, GOOD),
        lambda: users.reset_password(other, GOOD),
        lambda: users.deactivate(other),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_who_left_cannot_log_in_and_may_come_back(users: Users, slots: KeySlots) -> None:
    user_id = users.add("maria", "Maria Testlopez", Role.SECRETARY, GOOD)

    users.deactivate(user_id)

    with pytest.raises(WrongPassword):
        slots.unlock("maria", GOOD)
    with pytest.raises(NotAllowed):
        users.user(user_id)
    users.reactivate(user_id, "another good phrase")
    assert slots.unlock("maria", "another good phrase")[0] == user_id


def test_nobody_ends_her_own_log_in(users: Users, session: Session) -> None:
    users.add("maria", "Maria Testlopez", Role.OWNER, GOOD)

    with pytest.raises(Conflict, match="own log-in"):
        users.deactivate(session.user.id)


def test_a_password_is_changed_only_with_the_current_one(users: Users, slots: KeySlots) -> None:
    with pytest.raises(WrongPassword):
        users.change_password("not my password", GOOD)
    with pytest.raises(Invalid):
        users.change_password(PASSWORD, PASSWORD)

    users.change_password(PASSWORD, GOOD)

    assert slots.unlock("olive", GOOD)[1] == DATA_KEY
    with pytest.raises(WrongPassword):
        slots.unlock("olive", PASSWORD)


def test_a_reset_password_is_audited_without_the_password(
    users: Users, slots: KeySlots, session: Session
) -> None:
    user_id = users.add("maria", "Maria Testlopez", Role.SECRETARY, GOOD)

    users.reset_password(user_id, "another good phrase")

    assert slots.unlock("maria", "another good phrase")[0] == user_id
    assert session.history(1)[0].label == "Reset the password of Maria Testlopez"


def test_a_new_name_shows_at_log_in(users: Users, slots: KeySlots) -> None:
    user_id = users.add("maria", "Maria Testlopez", Role.SECRETARY, GOOD)

    users.rename(user_id, "Maria  Newname")

    assert [slot.name for slot in slots.users()] == ["Olive Owner", "Maria Newname"]
    assert users.user(user_id).name == "Maria Newname"


def test_a_new_recovery_sheet_voids_the_old_one(users: Users, slots: KeySlots) -> None:
    old = users.new_recovery_key(PASSWORD)
    new = users.new_recovery_key(PASSWORD)

    assert slots.recover(new) == DATA_KEY
    with pytest.raises(WrongPassword):
        slots.recover(old)
    with pytest.raises(WrongPassword):
        users.new_recovery_key("not my password")


def test_a_slot_left_by_an_addition_that_was_never_saved_is_in_nobodys_way(
    users: Users, slots: KeySlots, session: Session
) -> None:
    """The power fails between the slot and the commit: the next person gets the same number."""
    last = session.db.value("SELECT max(id) FROM user_account")
    slots.add(last + 1, "ghost", "Nobody Testperson", "another tram eight", DATA_KEY)

    user_id = users.add("maria", "Maria Testlopez", Role.SECRETARY, GOOD)

    assert slots.unlock("maria", GOOD) == (user_id, DATA_KEY)
    assert "ghost" not in [slot.login for slot in slots.users()]


def test_a_demoted_owner_cannot_undo_her_way_back(users: Users, session: Session) -> None:
    second = users.add("maria", "Maria Testlopez", Role.OWNER, GOOD)
    users.change_role(second, Role.MANAGER)
    demotion = session.history(1)[0].id
    session.switch_user(users.user(second))

    with pytest.raises(NotAllowed, match="Only an owner"):
        session.undo(demotion)

    assert users.user(second).role == Role.MANAGER


def test_who_may_no_longer_manage_people_cannot_undo_it_either(
    users: Users, session: Session
) -> None:
    manager = users.add("maria", "Maria Testlopez", Role.MANAGER, GOOD)
    third = users.add("third", "Third Testperson", Role.SECRETARY, GOOD)
    session.switch_user(users.user(manager))
    users.change_role(third, Role.BILLER)
    users.change_role(manager, Role.SECRETARY)
    promotion = session.history(2)[1].id

    with pytest.raises(NotAllowed):
        session.undo(promotion)

    assert users.user(third).role == Role.BILLER


def test_an_undone_change_of_role_counts_at_once_too(users: Users, session: Session) -> None:
    manager = users.add("maria", "Maria Testlopez", Role.SECRETARY, GOOD)
    users.change_role(manager, Role.MANAGER)
    session.switch_user(users.user(manager))

    session.undo(session.history(1)[0].id)

    assert session.user.role == Role.SECRETARY


def test_a_password_is_never_changed_without_a_record(
    users: Users, slots: KeySlots, session: Session
) -> None:
    maria = users.add("maria", "Maria Testlopez", Role.SECRETARY, GOOD)
    recovery_key = slots.new_recovery_key(DATA_KEY)
    importing = Database(session.db.path, DATA_KEY)
    importing.connect()
    importing.execute("BEGIN IMMEDIATE")

    for attempt in (
        lambda: users.reset_password(maria, "another tram eight"),
        lambda: users.change_password(PASSWORD, "another tram eight"),
        lambda: users.new_recovery_key(PASSWORD),
    ):
        with pytest.raises(Unavailable, match="busy"):
            attempt()

    importing.close()
    assert slots.unlock("maria", GOOD) == (maria, DATA_KEY)
    assert slots.unlock("olive", PASSWORD)[1] == DATA_KEY
    assert slots.recover(recovery_key) == DATA_KEY
