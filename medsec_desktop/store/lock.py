"""One program at a time on a practice folder: a lock that says who holds it.

The operating system's own lock on `practice.lock` decides, so a lock left by a crash is never in the
way; `practice.holder` beside it only tells the next one who that is.
"""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from medsec_desktop.problems import Unavailable


@dataclass(frozen=True, slots=True)
class Holder:
    """The program that has the practice open."""

    machine: str
    process: int
    since: str  # local time, for the sentence

    @property
    def is_this_machine(self) -> bool:
        return self.machine == platform.node()


class Held(Unavailable):
    """Another program has the practice open; `holder` says which, where it is known."""

    def __init__(self, holder: Holder | None):
        where = "another program"
        if holder:
            machine = (
                "this computer" if holder.is_this_machine else f"the computer “{holder.machine}”"
            )
            where = f"{machine} (since {holder.since})"
        super().__init__(
            f"The practice is already open on {where}.",
            "Two programs writing the same files would destroy them.",
            "Close it there first, or work there.",
        )
        self.holder = holder


class PracticeLock:
    """The lock of one practice folder; taken by `acquire`, given back by `release` or the process's end."""

    def __init__(self, folder: Path):
        self._lock_path = folder / "practice.lock"
        self._holder_path = folder / "practice.holder"
        self._lock: object | None = None

    def acquire(self, since: str) -> None:
        """Take the lock at once. Raises Held naming the holder, Unavailable where no lock can be made."""
        from filelock import FileLock, Timeout

        lock = FileLock(self._lock_path, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise Held(self.holder()) from error
        except OSError as error:
            raise Unavailable(
                "The practice's folder cannot be written to.",
                error.strerror or "",
                "Check the folder's permissions or move it to a drive that can be written.",
            ) from error
        self._lock = lock
        holder = Holder(platform.node(), os.getpid(), since)
        with suppress(OSError):  # a courtesy to the next one; a full disk must not keep us out
            self._holder_path.write_text(json.dumps(asdict(holder)), "utf-8")

    def release(self) -> None:
        """Give the practice free; without effect when it is not held."""
        from filelock import FileLock

        if isinstance(self._lock, FileLock):
            with suppress(OSError):
                self._holder_path.unlink(missing_ok=True)
            self._lock.release()
            self._lock = None

    def holder(self) -> Holder | None:
        """Who wrote the holder's note last, or None where there is none that can be read."""
        try:
            return Holder(**json.loads(self._holder_path.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
