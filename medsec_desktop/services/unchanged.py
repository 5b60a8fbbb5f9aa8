"""What was read of the practice's set-up, kept until anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from medsec_desktop.store.database import Database

T = TypeVar("T")


class Kept:
    """What was read since one change and before the next."""

    def __init__(self, length: int):
        self.length = length
        self._found: dict[Hashable, Any] = {}

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """What is kept under `key`, or what `read` gives now."""
        if key not in self._found:
            self._found[key] = read()
        found: T = self._found[key]
        return found


class Unchanged:
    """Keeps what is the same for week after week: names, columns, weekly hours.

    Every change is an operation and makes the journal's chain longer: what was read at another
    length is read anew, and so is everything inside a change that is not yet whole. Whoever is
    still reading on another thread goes on with what was kept before.
    """

    def __init__(self, db: Database):
        self._db = db
        self._kept = Kept(-1)

    def look(self) -> Kept:
        """What is kept now, nothing where something was changed since."""
        if self._db.engine.connection().in_transaction:
            return Kept(-1)
        length = int(self._db.value("SELECT length FROM chain_head"))
        if length != self._kept.length:
            self._kept = Kept(length)
        return self._kept
