"""SQLite's refusals, sorted once, by code, into what a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import peewee
from sqlcipher3 import dbapi2 as sqlite

from medsec_desktop.problems import Conflict, Problem, Unavailable


class DiskFull(Unavailable):
    """There is no room left on the practice's drive."""


class Busy(Unavailable):
    """Somebody else is writing at this moment; the same again in a while will do."""


def problem_of(error: BaseException) -> Problem | None:
    """The Problem behind a database error, or None where the fault is ours and should fly."""
    origin = _origin(error)
    code = getattr(origin, "sqlite_errorcode", None)
    if code is None:
        return None
    match code & 0xFF:
        case 13:
            return DiskFull(
                "The disk is full, so nothing was saved.",
                "What was there before is unharmed.",
                "Free some space on the practice's drive, then try again.",
            )
        case 8:
            return Unavailable(
                "The practice's folder cannot be written to.",
                "It is read-only for this user of the computer.",
                "Check the folder's permissions or move it to a drive that can be written.",
            )
        case 5 | 6:
            return Busy(
                "The practice is busy saving something else.",
                "A longer piece of work, such as an import, is being written.",
                "Try again in a moment; nothing was lost.",
            )
        case 10:
            return Unavailable(
                "The drive did not answer while reading or writing the practice.",
                "",
                "Check that the drive is connected, then try again.",
            )
        case 14:
            return Unavailable(
                "The practice's database could not be opened.",
                "The file is missing, or another program holds it.",
                "Check that the folder is complete; a backup can be restored from the log-in screen.",
            )
        case 11 | 26:
            return damaged()
        case 19 if "FOREIGN KEY" in str(origin):
            return Conflict(
                "This does not fit what is on file any more.",
                "A record it refers to is gone, or something saved later depends on it.",
                "Undo or remove what was added later, or choose another record.",
            )
        case _:
            return None


def damaged() -> Unavailable:
    """The Problem of a database that is damaged or was encrypted with another key."""
    return Unavailable(
        "The practice's database is damaged or was not written by this key.",
        "Its pages do not pass their check.",
        "Restore the last verified backup; keep the damaged folder for repair.",
    )


@contextmanager
def sorted_errors() -> Iterator[None]:
    """Run a block so that database errors a person can act on arrive as a Problem."""
    try:
        yield
    except (sqlite.Error, peewee.PeeweeException) as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error


def _origin(error: BaseException) -> BaseException:
    """The driver's exception inside a peewee one."""
    origin = getattr(error, "orig", None)
    return origin if isinstance(origin, BaseException) else error
