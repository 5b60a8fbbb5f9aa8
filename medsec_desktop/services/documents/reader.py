"""Reading foreign documents in a process of their own, which may break or hang without harm.

A process is started for each document and ended with it, so that no document is ever in one process
with another patient's. What it is sent goes through a pipe: nothing of a document is written to disk.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, overload

from medsec_desktop import paths
from medsec_desktop.exchange.documents import wire
from medsec_desktop.exchange.documents.limits import MOST_BYTES
from medsec_desktop.exchange.documents.process import COMMAND
from medsec_desktop.problems import Invalid, Unavailable
from medsec_desktop.services.page_images import PageImage

log = logging.getLogger(__name__)

_ANSWER_BYTES = 512 * 1024 * 1024
_WINDOWLESS = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows no console flashes up


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer may take, in seconds."""

    open_s: float = 20.0
    page_s: float = 15.0
    make_s: float = 120.0


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page of one of the documents handed over, and how far clockwise it is turned."""

    source: int
    number: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class PageLook:
    """What a page carries for a machine; `ink` is its share of dark pixels, `turn` sets it upright."""

    codes: tuple[str, ...]
    turn: int
    ink: float


class OpenDocument:
    """A document lying open in its own process. Safe in any thread; `close` it when done."""

    def __init__(self, content: bytes, patience: Patience):
        self._patience = patience
        self._talk = threading.Lock()
        self._process = _started()
        self._is_closed = False
        try:
            facts, _ = self._ask({"do": "open"}, content, patience.open_s)
        except BaseException:
            self.close()
            raise
        self.media_type: str = facts["type"]
        self.sizes: tuple[tuple[float, float], ...] = tuple(
            (float(wide), float(high)) for wide, high in facts["sizes"]
        )

    @property
    def page_count(self) -> int:
        return len(self.sizes)

    def page(self, number: int, width: int) -> PageImage:
        """A page drawn `width` pixels wide, or as wide as the limits allow. Raises Invalid, Unavailable."""
        asked = {"do": "page", "number": number, "width": max(1, width)}
        facts, pixels = self._ask(asked, b"", self._patience.page_s)
        return PageImage(facts["width"], facts["height"], facts["width"] * 4, pixels)

    def look(self, number: int, prefix: str) -> PageLook:
        """The barcodes of a page that begin with `prefix`, and how it lies."""
        asked = {"do": "look", "number": number, "prefix": prefix}
        facts, _ = self._ask(asked, b"", self._patience.page_s)
        return PageLook(tuple(facts["codes"]), facts["turn"], facts["ink"])

    def close(self) -> None:
        """End the process; what it is busy with is dropped."""
        self._is_closed = True
        _end(self._process)

    def __enter__(self) -> OpenDocument:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(
        self, facts: dict[str, Any], content: bytes, limit_s: float
    ) -> tuple[dict[str, Any], bytes]:
        with self._talk:
            return _answer(self._process, facts, content, limit_s, lambda: self._is_closed)


class DrawnPages(Sequence[PageImage]):
    """Pages for a printer: hundreds of them at 300 dpi are gigabytes, so one is drawn at a time."""

    def __init__(self, document: OpenDocument, dpi: float):
        self._document = document
        self._dpi = dpi
        self._last: tuple[int, PageImage] | None = None
        self._end = weakref.finalize(self, document.close)

    def __len__(self) -> int:
        return self._document.page_count

    @overload
    def __getitem__(self, index: int) -> PageImage: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[PageImage]: ...

    def __getitem__(self, index: int | slice) -> PageImage | Sequence[PageImage]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        if self._last is None or self._last[0] != index:
            wide = self._document.sizes[index][0] / 72 * self._dpi
            self._last = index, self._document.page(index, round(wide))
        return self._last[1]


class Reader:
    """Opens foreign documents and puts their pages together anew."""

    def __init__(self, patience: Patience | None = None):
        self._patience = patience or Patience()

    def open(self, content: bytes) -> OpenDocument:
        """The document, in a process of its own.

        Raises Invalid with the reason for one that is not taken: damaged, protected, too large, or of
        another kind; and for one whose reading took too long or broke its process.
        """
        refuse_too_large(len(content))
        return OpenDocument(content, self._patience)

    def drawn(self, content: bytes, dpi: float) -> DrawnPages:
        """The pages as pixels for paper, each drawn when it is asked for; the last ends the process."""
        return DrawnPages(self.open(content), dpi)

    def make(self, sources: Sequence[bytes], pages: Sequence[PageRef]) -> bytes:
        """The pages, in this order, as one PDF. Raises Invalid."""
        return self.make_parts(sources, [pages])[0]

    def make_parts(
        self, sources: Sequence[bytes], parts: Sequence[Sequence[PageRef]]
    ) -> tuple[bytes, ...]:
        """Several PDFs out of the same documents. Raises Invalid; then none is made."""
        refuse_too_large(sum(len(source) for source in sources))
        asked = {
            "do": "make",
            "sizes": [len(source) for source in sources],
            "parts": [[(page.source, page.number, page.turn) for page in part] for part in parts],
        }
        with _process() as process:
            facts, content = _answer(
                process, asked, b"".join(sources), self._patience.make_s, lambda: False
            )
        made, at = [], 0
        for size in facts["sizes"]:
            made.append(content[at : at + size])
            at += size
        return tuple(made)

    def stamped(self, content: bytes, behind: bytes) -> bytes:
        """The document with the first page of `behind` behind the words of each page. Raises Invalid."""
        asked = {"do": "stamp", "sizes": [len(content), len(behind)]}
        with _process() as process:
            _, made = _answer(
                process, asked, content + behind, self._patience.make_s, lambda: False
            )
        return made


def refuse_too_large(size_bytes: int) -> None:
    """Raise Invalid for more bytes than a document may have, before they are read."""
    if size_bytes > MOST_BYTES:
        raise Invalid(
            "This file is too large to be taken.",
            f"It has {size_bytes / 1024 / 1024:,.0f} MB; up to {MOST_BYTES // 1024 // 1024} MB are taken.",
            "Scan it again with fewer pages or at 300 dpi.",
        )


def _started() -> subprocess.Popen[bytes]:
    command, environment = paths.own_command(COMMAND)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=_WINDOWLESS,
            close_fds=True,
        )
    except OSError as error:
        raise Unavailable(
            "The part of the program that reads documents could not be started.",
            error.strerror or "",
            "Start the program again; if that does not help, start the computer again.",
        ) from error


@contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    process = _started()
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None and not pipe.closed:
            try:
                pipe.close()
            except OSError:  # what was on its way to the killed process
                continue


def _answer(
    process: subprocess.Popen[bytes],
    facts: dict[str, Any],
    content: bytes,
    limit_s: float,
    is_dropped: Any,
) -> tuple[dict[str, Any], bytes]:
    """Ask, and wait no longer than that. Raises Invalid for what cannot be read."""
    assert process.stdin is not None
    assert process.stdout is not None
    is_late = threading.Event()

    def give_up() -> None:
        is_late.set()
        process.kill()

    clock = threading.Timer(limit_s, give_up)
    clock.daemon = True
    clock.start()
    try:
        wire.send(process.stdin, facts, content)  # type: ignore[arg-type]
        told, blob = wire.receive(process.stdout, _ANSWER_BYTES)  # type: ignore[arg-type]
    except (OSError, EOFError, ValueError) as error:
        raise _broken_off(process, is_late.is_set(), is_dropped()) from error
    finally:
        clock.cancel()
    if "refused" in told:
        if "fault" in told:
            log.info("a document could not be read: %s", told["fault"])
        what, why, remedy = told["refused"]
        raise Invalid(what, why, remedy)
    return told, blob


def _broken_off(process: subprocess.Popen[bytes], is_late: bool, is_dropped: bool) -> Invalid:
    if is_dropped:
        return Invalid("This document was closed while it was being read.")
    if is_late:
        return Invalid(
            "This file takes too long to be read.",
            "It is damaged, or made to keep a program busy.",
            "Have it sent or scanned again.",
        )
    process.kill()  # where it only closed its pipe
    process.wait()
    log.info("a reading process ended by itself with %s on %s", process.returncode, sys.platform)
    return Invalid(
        "This file cannot be read.",
        "It is damaged in a way that broke the part of the program that reads documents.",
        "Have it sent or scanned again. Nothing else was harmed.",
    )
