"""A new practice in a folder of its own: everything the first-run wizard gathers, all or nothing."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.clock import Clock, SystemClock
from medsec_desktop.problems import Conflict, Invalid, Unavailable
from medsec_desktop.services.welcome import (
    DATABASE_NAME,
    FILES_NAME,
    UNFINISHED_NAME,
    default_folder,
    is_practice,
    locked,
)
from medsec_desktop.store.keys import FILE_NAME as SLOTS_NAME
from medsec_desktop.store.keys import ArgonCost, KeySlots, replace_durably

if TYPE_CHECKING:
    from medsec_desktop.services.exports.whole_practice import Looked, TakenIn
    from medsec_desktop.services.practice import HoursRow, Profile, ProviderDraft, TypeDraft
    from medsec_desktop.services.printing import Spooler
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.store.database import Database


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
    if (folder / UNFINISHED_NAME).exists():
        ours += (SLOTS_NAME, FILES_NAME)
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
    lock = locked(folder, clock)
    try:
        if (folder / UNFINISHED_NAME).exists():
            _clear(folder)
        replace_durably(folder / UNFINISHED_NAME, b"")
        recovery_key = fill(clock)
        (folder / UNFINISHED_NAME).unlink()
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
    for pattern in (f"{DATABASE_NAME}*", f"{SLOTS_NAME}*"):
        for entry in folder.glob(pattern):
            entry.unlink(missing_ok=True)
    shutil.rmtree(folder / FILES_NAME, ignore_errors=True)


def _sweep(folder: Path, is_new_folder: bool) -> None:
    """Take away what a failed set-up left; only names that are ours."""
    for entry in folder.glob("practice.*"):
        entry.unlink(missing_ok=True)
    KeySlots(folder).path.unlink(missing_ok=True)
    # No folder that held one was taken for a new practice: what lies here came out of the archive.
    shutil.rmtree(folder / FILES_NAME, ignore_errors=True)
    if is_new_folder:
        with contextlib.suppress(OSError):
            folder.rmdir()
