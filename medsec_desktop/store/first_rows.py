"""In which row of a source each number stood first: of a million rows no more is kept in memory than
of a thousand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from medsec_desktop.problems import Unavailable

_KEPT_IN_MEMORY_KB = 1_000


class FirstRows:
    """A nameless table that spills into a temporary file and is gone when it is closed.

    It holds hashes and rows, nothing of a patient: Python draws the key of its hashes anew for each
    run. Two numbers of one hash would be taken for the same; of a million that happens once in
    ten million sources.
    """

    def __init__(self) -> None:
        # Closed by whoever ends the work, which may be another thread.
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            f"PRAGMA cache_size = -{_KEPT_IN_MEMORY_KB}",
            "CREATE TABLE seen (hash INTEGER PRIMARY KEY, first_row INTEGER NOT NULL)",
            "BEGIN",
        ):
            self._connection.execute(statement)

    def first(self, number: str, row: int) -> int:
        """The row in which `number` stood first: this one if it is new. Raises Unavailable."""
        key = hash(number)
        with _told_when_full():
            added = self._connection.execute(
                "INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row)
            ).rowcount
            return row if added else self._row_of(key)

    def __contains__(self, number: str) -> bool:
        with _told_when_full():  # what is read may push out what is not on the drive yet
            found = self._connection.execute("SELECT 1 FROM seen WHERE hash = ?", (hash(number),))
            return found.fetchone() is not None

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM seen").fetchone()[0])

    def close(self) -> None:
        """Forget everything; nothing can be asked any more."""
        self._connection.close()

    def _row_of(self, key: int) -> int:
        found = self._connection.execute("SELECT first_row FROM seen WHERE hash = ?", (key,))
        return int(found.fetchone()[0])


@contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(
            "There is no room left in this computer’s folder for temporary files.",
            str(error),
            "Free some space there, then begin the import anew; nothing was taken in.",
        ) from error
