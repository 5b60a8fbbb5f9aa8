"""Practices copied from one that was made once: making takes a fifth of a second, copying a hundredth.

What is copied is the real thing: `create_practice_database` wrote it, all migrations and triggers in it,
and a test that is about making or opening a practice calls that function itself.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import UserAccount
from medsec_desktop.services.session import Session, User
from medsec_desktop.store.database import (
    BALLAST_NAME,
    FILE_NAME,
    Database,
    close_practice,
    create_practice_database,
)

T = TypeVar("T")
DATA_KEY = bytes(range(32))
OWNER = User(1, "olive", "Olive Owner", Role.OWNER)
_MADE: dict[str, tuple[Path, Any]] = {}


def an_empty_practice(folder: Path) -> Database:
    """What `create_practice_database` gives: a new, empty practice in `folder`, open and bound."""
    return _copied(_empty(), folder)


def a_staffed_practice(folder: Path, now: datetime) -> Database:
    """A practice with its owner, who was noted as the program at `now`; open and bound."""
    return _copied(_staffed(now), folder)


def copied(name: str, folder: Path, make: Callable[[Path], T]) -> T:
    """What `make` makes of a folder, made once under `name` and copied from then on; what it gave.

    `name` stands for everything `make` puts in: who asks for another thing says another name.
    """
    if name not in _MADE:
        place = _kept_to_the_end() / folder.name
        _MADE[name] = (place, make(place))
    place, given = _MADE[name]
    shutil.copytree(place, folder)
    return given


def _copied(made: Path, folder: Path) -> Database:
    shutil.copy(made / FILE_NAME, folder / FILE_NAME)
    if not (folder / BALLAST_NAME).exists():
        os.link(made / BALLAST_NAME, folder / BALLAST_NAME)  # only ever removed, never written to
    database = Database(folder / FILE_NAME, DATA_KEY)
    database.connect()
    database.note_meta("closed", "no")
    database.bind()
    return database


@cache
def _empty() -> Path:
    folder = _kept_to_the_end()
    close_practice(create_practice_database(folder, DATA_KEY))
    return folder


@cache
def _staffed(now: datetime) -> Path:
    folder = _kept_to_the_end()
    database = an_empty_practice(folder)
    setup = Session(database, FixedClock(now), User.program(), "front-desk")
    with setup.change("Set up the practice", Permission.MANAGE_USERS):
        owner = UserAccount.create(login=OWNER.login, display_name=OWNER.name, role=OWNER.role)
    assert owner.id == OWNER.id
    close_practice(database)
    return folder


def _kept_to_the_end() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="medsec-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
