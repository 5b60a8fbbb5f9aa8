"""Which practice a command is about, and who gives it."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.cli.arguments import Usage
from medsec_desktop.problems import Problem

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office


@contextmanager
def signed_in(chosen: argparse.Namespace) -> Iterator[Office]:
    """The practice open for whoever gives the command, and closed again."""
    from medsec_desktop.services import welcome

    folder = folder_of(chosen)
    if not welcome.is_practice(folder):
        raise Problem(
            f"“{folder}” holds no practice.",
            remedy="Name the practice's folder with --practice.",
        )
    office = welcome.sign_in(folder, *credentials(chosen, folder))
    try:
        yield office
    finally:
        office.close()


def folder_of(chosen: argparse.Namespace) -> Path:
    """The practice meant: as named, the demo, or the one opened last."""
    from medsec_desktop.services import welcome

    named: Path | None = getattr(chosen, "folder", None) or chosen.practice
    if named is not None:
        return named
    if chosen.demo:
        return welcome.demo_folder()
    return next(iter(welcome.recent_folders()), welcome.default_folder())


def credentials(chosen: argparse.Namespace, folder: Path) -> tuple[str, str]:
    """Log-in and password of whoever gives the command."""
    from medsec_desktop.services import welcome

    if chosen.demo:
        return welcome.DEMO_LOGIN, welcome.DEMO_PASSWORD
    login = chosen.user or os.environ.get("MEDSEC_USER", "")
    if not login:
        logins = [slot.login for slot in welcome.sign_in_names(folder)]
        if len(logins) != 1:
            raise Usage(f"Say who you are with --user: {', '.join(logins)}.")
        login = logins[0]
    return login, password_of(chosen, login)


def password_of(chosen: argparse.Namespace, login: str) -> str:
    """Somebody’s password; `login` says whose, where it must be asked for."""
    return _secret(chosen.password_file, "--password-file", "MEDSEC_PASSWORD", login)


def archive_password(chosen: argparse.Namespace) -> str:
    """What opens the archive to be written or read."""
    file = chosen.archive_password_file
    return _secret(file, "--archive-password-file", "MEDSEC_ARCHIVE_PASSWORD", "the archive")


def _secret(file: Path | None, option: str, variable: str, whose: str) -> str:
    """A password from a file's first line, from the environment, or typed unseen."""
    if file is not None:
        try:
            lines = file.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Problem(
                f"The password file “{file}” cannot be read.",
                getattr(error, "strerror", "") or "",
            ) from error
        return lines[0] if lines else ""
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        raise Usage(f"Give the password of {whose} with {option} or {variable}.")
    return getpass.getpass(f"Password of {whose}: ", sys.stderr)
