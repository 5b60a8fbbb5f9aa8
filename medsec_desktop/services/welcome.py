"""Practice folders before anybody is logged in: new ones, signing in, the recovery sheet."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop import paths
from medsec_desktop.domain.clock import Clock, SystemClock, utc_text
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Conflict, Invalid, Unavailable
from medsec_desktop.store.keys import FILE_NAME as SLOTS_NAME
from medsec_desktop.store.keys import (
    ArgonCost,
    KeySlots,
    SlotName,
    WrongPassword,
    replace_durably,
)

# The log-in screen is the first window, and it needs names only: what opens the database is
# imported where it is opened.
if TYPE_CHECKING:
    from medsec_desktop.services.exports.whole_practice import Looked, TakenIn
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.practice import HoursRow, Profile, ProviderDraft, TypeDraft
    from medsec_desktop.services.printing import Spooler
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.services.session import User
    from medsec_desktop.store.database import Database
    from medsec_desktop.store.lock import PracticeLock

__all__ = ["SlotName", "WrongPassword"]

# The demo clinic's one log-in; there is nobody real to protect.
DEMO_LOGIN = "demo"
DEMO_PASSWORD = "front desk demo"

# A few typing errors are free; then each wrong guess doubles the wait.
FREE_FAILURES = 3
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5, 15 * 60
# Lies in a folder while its practice is being set up, and after that only if the program was killed.
_UNFINISHED_NAME = "practice.unfinished"
# As store/database.py names it, which the log-in screen must not import.
_DATABASE_NAME = "practice.db"
_FILES_NAME = "files"  # and this as store/files.py
_RECENT_FILE = "practices.json"
_RECENT_COUNT = 8


@dataclass(frozen=True, slots=True)
class OwnerDraft:
    """The first person of a new practice."""

    name: str
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class ProviderSetup:
    """A provider of a new practice, with her week."""

    provider: ProviderDraft
    hours: tuple[HoursRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything the first-run wizard gathers."""

    profile: Profile
    owner: OwnerDraft
    providers: tuple[ProviderSetup, ...] = ()
    types: tuple[TypeDraft, ...] = ()
    backup_folder: str = ""
    is_demo: bool = False


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
    if (folder / _UNFINISHED_NAME).exists():
        return False
    return (folder / _DATABASE_NAME).exists() or KeySlots(folder).path.exists()


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
    lock = _locked(folder, clock)
    try:
        database = open_practice(folder, who.data_key)
        try:
            session = Session(database, clock, User.program())
            office = Office(session, lock)
            session.switch_user(office.users.user(who.user_id))
            session.event(event)
            # Somebody works here from now on, so no later set-up may clear this folder.
            (folder / _UNFINISHED_NAME).unlink(missing_ok=True)
        except BaseException:
            close_practice(database)
            raise
    except BaseException:
        lock.release()
        raise
    return office


def _locked(folder: Path, clock: Clock) -> PracticeLock:
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


def check_new_folder(folder: Path) -> None:
    """Nothing, or a Problem saying why no practice can be made here."""
    if is_practice(folder):
        raise Conflict(
            "This folder already holds a practice.",
            remedy="Open it, or choose an empty folder for a new one.",
        )
    if folder.exists() and not folder.is_dir():
        raise Invalid(f"“{folder.name}” is a file, not a folder.", field="folder")
    ours: tuple[str, ...] = (".", "practice.")
    if (folder / _UNFINISHED_NAME).exists():
        ours += (SLOTS_NAME, _FILES_NAME)
    try:
        strange = folder.exists() and any(
            not entry.name.startswith(ours) for entry in folder.iterdir()
        )
    except OSError as error:
        raise Unavailable("The folder cannot be read.", error.strerror or "") from error
    if strange:
        raise Invalid(
            "This folder holds other files.",
            "A practice needs a folder of its own.",
            "Choose an empty folder or type a new name.",
            field="folder",
        )


def unused_folder() -> Path:
    """A folder to offer for a new practice: the usual one, or its name with the next free number."""
    folder, number = default_folder(), 2
    while is_practice(folder):
        folder = default_folder().with_name(f"{default_folder().name} {number}")
        number += 1
    return folder


def check_owner(owner: OwnerDraft) -> OwnerDraft:
    """The first person in the form she is kept. Raises Invalid naming the field."""
    from medsec_desktop.domain.passwords import require_good
    from medsec_desktop.services.users import checked_login, checked_name

    name, login = checked_name(owner.name), checked_login(owner.login)
    require_good(owner.password, (name, login))
    return OwnerDraft(name, login, owner.password)


def recovery_sheet(practice_name: str, recovery_key: str, made_on: str, paper: str) -> bytes:
    """The printed sheet that opens the practice when every password is lost, as a PDF."""
    from medsec_desktop.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf

    return recovery_sheet_pdf(RecoverySheet(practice_name, recovery_key, made_on, paper))


def print_recovery_sheet(pdf: bytes, spooler: Spooler | None = None) -> str:
    """Print the sheet before there is a practice that remembers printers; the printer it went to.

    `spooler` is the window's own way to paper where there is no CUPS. Raises Unavailable.
    """
    from medsec_desktop.services.printing import Cups, Ticket

    spooler = Cups.here() or spooler
    ready = [row for row in spooler.printers() if row.is_ready] if spooler else []
    if spooler is None or not ready:
        raise Unavailable(
            "Nothing was printed: this computer has no printer that is ready.",
            remedy="Save the sheet as a PDF and print it elsewhere, or write the key down.",
        )
    printer = next((row for row in ready if row.is_default), ready[0]).name
    spooler.send(pdf, Ticket(printer, title="Recovery sheet"))
    return printer


def check_setup(setup: Setup) -> Setup:
    """The set-up in the form it is kept. Raises Invalid naming the field."""
    from medsec_desktop.services.practice.checks import (
        checked_hours,
        checked_profile,
        checked_provider,
        checked_type,
    )

    return Setup(
        checked_profile(setup.profile),
        check_owner(setup.owner),
        tuple(
            ProviderSetup(checked_provider(each.provider), checked_hours(each.hours))
            for each in setup.providers
        ),
        tuple(checked_type(each) for each in setup.types),
        setup.backup_folder,
        setup.is_demo,
    )


def create_practice(
    folder: Path, setup: Setup, clock: Clock | None = None, cost: ArgonCost | None = None
) -> str:
    """Make a practice in `folder`, closed again and ready to sign in; its recovery key, kept nowhere.

    All or nothing: whatever fails, nothing of it is left. Raises Invalid, Conflict, Unavailable.
    """
    setup = check_setup(setup)
    return _make(
        folder, clock or SystemClock(), lambda at: _fill(folder, setup, at, KeySlots(folder, cost))
    )


def look_into_archive(archive: Path, password: str, progress: Progress | None = None) -> Looked:
    """What a practice written in open formats holds; nothing is written. Raises Unavailable, Invalid."""
    from medsec_desktop.services.exports import whole_practice

    return whole_practice.look_into(archive, password, progress)


def create_from_archive(
    folder: Path,
    archive: Path,
    archive_password: str,
    owner_password: str,
    clock: Clock | None = None,
    cost: ArgonCost | None = None,
    progress: Progress | None = None,
) -> tuple[str, TakenIn, str]:
    """Make a practice in `folder` from one written in open formats; its recovery key, what was taken
    in, and the log-in of the owner, who opens it with `owner_password`.

    Nobody else's password is in an archive: the owner gives them new ones. All or nothing. Raises
    Invalid, Conflict, Unavailable.
    """
    from medsec_desktop.domain.passwords import require_good
    from medsec_desktop.services.exports import whole_practice

    (user_id, login, name), *_ = whole_practice.owners_in(archive, archive_password)
    require_good(owner_password, (name, login))
    from medsec_desktop.services.session import Session, User

    found: list[TakenIn] = []

    def fill(at: Clock) -> str:
        slots = KeySlots(folder, cost)
        with _new_database(folder, slots) as (database, data_key):
            session = Session(database, at, User.program())
            found.append(whole_practice.take_in(session, archive, archive_password, progress))
            slots.add(user_id, login, name, owner_password, data_key)
            return slots.new_recovery_key(data_key)

    return _make(folder, clock or SystemClock(), fill), found[0], login


def _make(folder: Path, clock: Clock, fill: Callable[[Clock], str]) -> str:
    """A new practice in `folder`, filled by `fill`; whatever fails, nothing of it is left."""
    check_new_folder(folder)
    is_new_folder = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            "The folder for the practice cannot be made.",
            error.strerror or "",
            "Choose another place, such as your documents folder.",
        ) from error
    lock = _locked(folder, clock)
    try:
        if (folder / _UNFINISHED_NAME).exists():
            _clear(folder)
        replace_durably(folder / _UNFINISHED_NAME, b"")
        recovery_key = fill(clock)
        (folder / _UNFINISHED_NAME).unlink()
    except BaseException:
        lock.release()
        _sweep(folder, is_new_folder)
        raise
    lock.release()
    return recovery_key


def _fill(folder: Path, setup: Setup, clock: Clock, slots: KeySlots) -> str:
    from medsec_desktop.domain.permissions import Permission, Role
    from medsec_desktop.models.practice import UserAccount
    from medsec_desktop.services.documents.categories import Categories
    from medsec_desktop.services.patients import Patients
    from medsec_desktop.services.patients.consent_kinds import ConsentKinds
    from medsec_desktop.services.patients.copying import CopyFormats
    from medsec_desktop.services.practice import Practice, settings
    from medsec_desktop.services.session import Session, User

    with _new_database(folder, slots) as (database, data_key):
        session = Session(database, clock, User.program())
        practice = Practice(session)
        with session.change("Set up the practice", Permission.MANAGE_USERS, sealed=True):
            owner = UserAccount.create(
                login=setup.owner.login, display_name=setup.owner.name, role=Role.OWNER
            )
            practice.save_profile(setup.profile)
            for each in setup.providers:
                practice.save_hours(practice.save_provider(each.provider), each.hours)
            for type_draft in setup.types:
                practice.save_type(type_draft)
            Categories(session).add_usual()
            ConsentKinds(session).add_usual()
            if setup.backup_folder:
                practice.put(settings.BACKUP_FOLDER, setup.backup_folder)
            CopyFormats(session, practice, Patients(session, practice)).add_shipped()
            if setup.is_demo:
                practice.put(settings.IS_DEMO, True)
        slots.add(owner.id, setup.owner.login, setup.owner.name, setup.owner.password, data_key)
        return slots.new_recovery_key(data_key)


@contextlib.contextmanager
def _new_database(folder: Path, slots: KeySlots) -> Iterator[tuple[Database, bytes]]:
    """A new, empty database under a new key, with its key file; closed in good order at the end."""
    from medsec_desktop.store.database import close_practice, create_practice_database

    data_key = slots.new_data_key()
    slots.create()
    database = create_practice_database(folder, data_key)
    try:
        yield database, data_key
    finally:
        close_practice(database)


def _clear(folder: Path) -> None:
    """Take away what a killed set-up left; nobody has ever worked in it."""
    for pattern in (f"{_DATABASE_NAME}*", f"{SLOTS_NAME}*"):
        for entry in folder.glob(pattern):
            entry.unlink(missing_ok=True)
    shutil.rmtree(folder / _FILES_NAME, ignore_errors=True)


def _sweep(folder: Path, is_new_folder: bool) -> None:
    """Take away what a failed set-up left; only names that are ours."""
    for entry in folder.glob("practice.*"):
        entry.unlink(missing_ok=True)
    KeySlots(folder).path.unlink(missing_ok=True)
    # No folder that held one was taken for a new practice: what lies here came out of the archive.
    shutil.rmtree(folder / _FILES_NAME, ignore_errors=True)
    if is_new_folder:
        with contextlib.suppress(OSError):
            folder.rmdir()


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
