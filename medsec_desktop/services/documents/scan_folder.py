"""The folder the scanner writes to: looked at again and again, emptied file by file.

A file is taken once two looks find it the same, so that a scan still being written is left alone. One
without its end, or that cannot be read, may be a scan whose next page is still under the glass: it is left
a minute longer, since it would lose the pages to come. A file is moved into the folder “taken” only after
its content is kept, encrypted and read back; one that cannot be taken goes into “refused” and is told. Files
of other kinds are left where they are.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Problem, Unavailable
from medsec_desktop.services.documents.intake import short
from medsec_desktop.services.documents.reader import refuse_too_large
from medsec_desktop.services.documents.records import DocumentRow, Incoming, Source
from medsec_desktop.services.documents.sorting import Sorting
from medsec_desktop.services.practice import settings
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

log = logging.getLogger(__name__)

TAKEN, REFUSED = "taken", "refused"
KINDS = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"})
_MOST_AT_ONCE = 50
_PATIENCE_S = 60.0  # without a byte more, before a file is taken for all there will be
_ENDS = {  # what stands at the end of a whole file; of a TIFF nobody can say
    ".pdf": b"%%EOF",
    ".png": b"IEND",
    ".jpg": b"\xff\xd9",
    ".jpeg": b"\xff\xd9",
}
_END_WITHIN = 2_048  # bytes: some programs add a few after it
_MOST_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at the folder brought. `refused` is the file's name and why, each a sentence."""

    filed: tuple[DocumentRow, ...] = ()
    left: tuple[DocumentRow, ...] = ()
    known: tuple[str, ...] = ()
    refused: tuple[tuple[str, Problem], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.filed or self.left or self.known or self.refused)


@dataclass(frozen=True, slots=True)
class _State:
    size: int
    changed_ns: int


class ScanFolder:
    """Watches one folder; `look` is asked every few seconds, away from the screen."""

    def __init__(
        self,
        session: Session,
        practice: Practice,
        sorting: Sorting,
        now_s: Callable[[], float] = time.monotonic,
    ):
        self._now_s = now_s
        self._session = session
        self._practice = practice
        self._sorting = sorting
        self._files = Files.of(session.db)
        self._seen: dict[Path, _State] = {}
        self._since: dict[Path, float] = {}  # when it was first seen as it is
        self._unfinished: set[Path] = set()  # looked into, and left until something changes

    @property
    def folder(self) -> Path | None:
        """The folder that is watched; None where none is."""
        chosen = self._practice.get(settings.SCAN_FOLDER).strip()
        return Path(chosen) if chosen else None

    def may_look(self) -> bool:
        """Whether there is a folder to look at, and who is at the desk may take documents in."""
        return self.folder is not None and self._session.may(Permission.EDIT_PATIENTS)

    def look(self, progress: Progress | None = None) -> Looked:
        """Take in what has come. Raises Unavailable where the folder or the practice's drive fails."""
        folder = self.folder
        if folder is None or not self.may_look():
            return Looked()
        progress = progress or Quiet()
        found = Looked()
        ready = list(self._ready(folder))[:_MOST_AT_ONCE]
        for place, path in enumerate(ready):
            progress.report(place, len(ready), short(path.name))
            found = _both(found, self._taken(folder, path, progress))
        return found

    def _ready(self, folder: Path) -> Iterator[Path]:
        """The files that were the same at the last look, the oldest first."""
        now: dict[Path, _State] = {}
        try:
            for number, path in enumerate(folder.iterdir()):
                if number >= _MOST_NAMES:
                    break
                state = _state_of(path)
                if state is not None:
                    now[path] = state
        except OSError as error:
            raise Unavailable(
                f"The scan folder “{folder.name}” cannot be read.",
                f"{error.strerror}." if error.strerror else "",
                "Check that its drive is connected, or choose another one in Settings, Documents.",
            ) from error
        before, self._seen = self._seen, now
        still = {path for path, state in now.items() if before.get(path) == state}
        at = self._now_s()
        self._since = {path: self._since.get(path, at) if path in still else at for path in now}
        self._unfinished &= still
        still -= {path for path in self._unfinished if not self._is_settled(path)}
        yield from sorted(still, key=lambda path: (now[path].changed_ns, path.name))

    def _taken(self, folder: Path, path: Path, progress: Progress) -> Looked:
        try:
            content = self._read(path)
        except Problem as problem:
            return self._refuse(folder, path, problem)
        if content is None:
            return Looked()
        if not (_has_its_end(path, content) or self._is_settled(path)):
            return self._wait_for(path)
        try:
            result = self._sorting.take(
                Incoming(content, path.name, Source.SCANNED), _Within(progress)
            )
        except Unavailable:
            raise  # the practice's own drive: every other file would fail alike
        except Problem as problem:
            if not self._is_settled(path):
                return self._wait_for(path)
            return self._refuse(folder, path, problem)
        # What is moved away must be here: read back, decrypted, and the same.
        kept = result.known or (*result.filed, *result.left)[0]
        self._files.get(kept.sha256)
        self._put_beside(folder, path, TAKEN, self._day())
        if result.known is not None:
            return Looked(known=(short(path.name),))
        return Looked(result.filed, result.left)

    def _read(self, path: Path) -> bytes | None:
        """The file's content; None where it is still being written or has gone."""
        try:
            refuse_too_large(path.stat().st_size)
            content = path.read_bytes()
        except OSError:  # on Windows a file that is being written cannot be opened
            return None
        return content if _state_of(path) == self._seen.get(path) else None

    def _is_settled(self, path: Path) -> bool:
        """Whether nothing has come for so long that nothing more will."""
        return self._now_s() - self._since[path] >= _PATIENCE_S

    def _wait_for(self, path: Path) -> Looked:
        self._unfinished.add(path)
        return Looked()

    def _refuse(self, folder: Path, path: Path, problem: Problem) -> Looked:
        self._put_beside(folder, path, REFUSED, "")
        return Looked(refused=((short(path.name), problem),))

    def _put_beside(self, folder: Path, path: Path, *places: str) -> None:
        """Move the file into a folder below, never onto another file there."""
        target = folder.joinpath(*(place for place in places if place))
        try:
            target.mkdir(parents=True, exist_ok=True)
            path.rename(_free(target, path))
        except OSError as error:
            raise Unavailable(
                f"“{short(path.name)}” is kept, but could not be moved out of the scan folder.",
                error.strerror or "",
                "Give the program leave to write to the scan folder, or move the file by hand.",
            ) from error
        self._seen.pop(path, None)

    def _day(self) -> str:
        return self._session.clock.today().isoformat()


class _Within:
    """Progress inside one file of several: only asks whether to stop."""

    def __init__(self, outer: Progress):
        self._outer = outer

    def report(self, done: int, total: int, text: str = "") -> None:
        self._outer.check()

    def check(self) -> None:
        self._outer.check()


def _state_of(path: Path) -> _State | None:
    """Size and time of a file that may be a scan; None for everything else."""
    if path.suffix.lower() not in KINDS or path.name.startswith((".", "~")):
        return None
    try:
        if path.is_symlink() or not path.is_file():
            return None
        facts = path.stat()
    except OSError:
        return None
    return _State(facts.st_size, facts.st_mtime_ns) if facts.st_size else None


def _has_its_end(path: Path, content: bytes) -> bool:
    end = _ENDS.get(path.suffix.lower(), b"")
    return end in content[-_END_WITHIN:]


def _free(target: Path, path: Path) -> Path:
    place, number = target / path.name, 1
    while place.exists():
        number += 1
        place = target / f"{path.stem} ({number}){path.suffix}"
    return place


def _both(one: Looked, other: Looked) -> Looked:
    return Looked(
        one.filed + other.filed,
        one.left + other.left,
        one.known + other.known,
        one.refused + other.refused,
    )
