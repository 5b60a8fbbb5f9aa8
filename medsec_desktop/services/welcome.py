"""Practice folders before anybody is logged in: which there are, signing in, the recovery key."""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop import paths
from medsec_desktop.domain.clock import Clock, SystemClock, utc_text
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Unavailable
from medsec_desktop.store.keys import ArgonCost, KeySlots, SlotName, WrongPassword

# The log-in screen is the first window, and it needs names only: what opens the database is
# imported where it is opened.
if TYPE_CHECKING:
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.session import User
    from medsec_desktop.store.lock import PracticeLock

__all__ = ["SlotName", "WrongPassword"]

# The demo clinic's one log-in; there is nobody real to protect.
DEMO_LOGIN = "demo"
DEMO_PASSWORD = "front desk demo"

# A few typing errors are free; then each wrong guess doubles the wait.
FREE_FAILURES = 3
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5, 15 * 60
# Lies in a folder while its practice is being set up, and after that only if the program was killed.
UNFINISHED_NAME = "practice.unfinished"
# As store/database.py names it, which the log-in screen must not import.
DATABASE_NAME = "practice.db"
FILES_NAME = "files"  # and this as store/files.py
_RECENT_FILE = "practices.json"
_RECENT_COUNT = 8


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Proof that somebody knew a password: who, and the key it opened."""

    user_id: int
    data_key: bytes


class LockedOut(Unavailable):
    """Too many wrong passwords in a row; `wait_s` seconds to go."""

    def __init__(self, wait_s: int):
        super().__init__(
            "Too many wrong passwords in a row.",
            f"The next try is possible in {spoken_wait(wait_s)}.",
            "Wait, or use the recovery sheet if the password is forgotten.",
        )
        self.wait_s = wait_s


def default_folder() -> Path:
    """Where a practice lives unless somebody chose another place."""
    return paths.data_folder() / "Practice"


def demo_folder() -> Path:
    """Where the demo clinic lives, apart from every real practice."""
    return paths.data_folder() / "Demo clinic"


def is_practice(folder: Path) -> bool:
    """Whether `folder` holds a practice, whole or damaged; what a killed set-up left is none."""
    if (folder / UNFINISHED_NAME).exists():
        return False
    return (folder / DATABASE_NAME).exists() or KeySlots(folder).path.exists()


def sign_in_names(folder: Path) -> tuple[SlotName, ...]:
    """Everybody who can log in, by name. Raises Unavailable for a missing or damaged key file."""
    return tuple(sorted(KeySlots(folder).users(), key=lambda slot: slot.name.casefold()))


def wait_s(folder: Path, login: str, clock: Clock) -> int:
    """Seconds until this person may try a password again, 0 for at once."""
    failures, failed_utc = KeySlots(folder).failures(login)
    if failures < FREE_FAILURES or not failed_utc:
        return 0
    delay = min(_FIRST_WAIT_S << min(failures - FREE_FAILURES, 20), _LONGEST_WAIT_S)
    until = datetime.fromisoformat(failed_utc) + timedelta(seconds=delay)
    left = (until - clock.now_utc()).total_seconds()
    # A clock that was set back must not lock anybody out for longer than the delay itself.
    return max(0, min(delay, math.ceil(left)))


def spoken_wait(seconds: int) -> str:
    """A wait in words: "45 seconds", "2 min 5 s"."""
    if seconds < 60:
        return counted(seconds, "second")
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def unlock(folder: Path, login: str, password: str, clock: Clock | None = None) -> Unlocked:
    """Who this is, if the password is right; for signing in, unlocking and lifting the curtain.

    Takes about 0.2 s on purpose, touches no window and may run in a worker. Raises WrongPassword, and
    LockedOut after several failures, which are counted in the folder.
    """
    clock = clock or SystemClock()
    left = wait_s(folder, login, clock)
    if left:
        raise LockedOut(left)
    slots = KeySlots(folder)
    try:
        user_id, data_key = slots.unlock(login, password)
    except WrongPassword:
        with contextlib.suppress(Unavailable):
            slots.note_failure(login, utc_text(clock.now_utc()))
        raise
    # A full drive must not turn the right password away.
    with contextlib.suppress(Unavailable):
        slots.note_success(login)
    return Unlocked(user_id, data_key)


def open_office(
    folder: Path, who: Unlocked, clock: Clock | None = None, event: str = "Logged in"
) -> Office:
    """The practice open for the person who unlocked it, the log-in recorded, the lock held.

    May run in a worker; the window then calls `office.session.db.adopt()` in its own thread. Raises
    Held where another program has the folder, Unavailable for a damaged or newer database.
    """
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.session import Session, User
    from medsec_desktop.store.database import close_practice, open_practice

    clock = clock or SystemClock()
    lock = locked(folder, clock)
    try:
        database = open_practice(folder, who.data_key)
        try:
            session = Session(database, clock, User.program())
            office = Office(session, lock)
            session.switch_user(office.users.user(who.user_id))
            session.event(event)
            # Somebody works here from now on, so no later set-up may clear this folder.
            (folder / UNFINISHED_NAME).unlink(missing_ok=True)
        except BaseException:
            close_practice(database)
            raise
    except BaseException:
        lock.release()
        raise
    return office


def locked(folder: Path, clock: Clock) -> PracticeLock:
    """The lock on a practice’s folder, taken. Raises Held where another program has it."""
    from medsec_desktop.domain.formats import Formats
    from medsec_desktop.store.lock import PracticeLock

    lock = PracticeLock(folder)
    lock.acquire(Formats().when(clock.now()))
    return lock


def sign_in(folder: Path, login: str, password: str, clock: Clock | None = None) -> Office:
    """The practice open for `login`. Raises WrongPassword, LockedOut, Held, Unavailable."""
    return open_office(folder, unlock(folder, login, password, clock), clock)


def switch_user(office: Office, who: Unlocked) -> User:
    """Let another person go on at the open window, recorded; the same person only unlocks it."""
    user = office.users.user(who.user_id)
    if user.id == office.session.user.id:
        office.session.event("Unlocked the screen")
    else:
        office.session.switch_user(user)
        office.session.event("Logged in")
    return user


def recover(
    folder: Path, recovery_key: str, login: str, new_password: str, cost: ArgonCost | None = None
) -> Unlocked:
    """Give `login` a new password with the key of the recovery sheet. Raises WrongPassword, Invalid.

    The caller opens the office with `event="Reset own password with the recovery sheet"`.
    """
    from medsec_desktop.domain.passwords import require_good

    slots = KeySlots(folder, cost)
    data_key = slots.recover(recovery_key)
    for slot in slots.users():
        if slot.login.casefold() == login.strip().casefold():
            require_good(new_password, (slot.name, slot.login))
            slots.change_password(slot.user_id, new_password, data_key)
            return Unlocked(slot.user_id, data_key)
    raise WrongPassword("This name is not known here.", remedy="Choose a name from the list.")


def check_recovery_key(folder: Path, recovery_key: str) -> None:
    """Nothing, or WrongPassword where this key does not open the practice."""
    KeySlots(folder).recover(recovery_key)


def recent_folders(config: Path | None = None) -> tuple[Path, ...]:
    """Practices opened on this computer, latest first; those that are gone are left out."""
    file = (config or paths.config_folder()) / _RECENT_FILE
    try:
        names = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    if not isinstance(names, list):
        return ()
    return tuple(path for name in names if is_practice(path := Path(str(name))))


def remember_folder(folder: Path, config: Path | None = None) -> None:
    """Put `folder` first among the practices opened on this computer."""
    base = config or paths.config_folder()
    folder = folder.resolve()
    kept = [folder, *(each for each in recent_folders(config) if each != folder)]
    # A convenience only: a read-only home must not keep anybody from working.
    with contextlib.suppress(OSError):
        base.mkdir(parents=True, exist_ok=True)
        text = json.dumps([str(each) for each in kept[:_RECENT_COUNT]], indent=1)
        (base / _RECENT_FILE).write_text(text, "utf-8")
