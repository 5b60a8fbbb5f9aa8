"""The reading process: takes one document at a time through its pipe and answers about it.

It cannot write a file, holds no key and knows no patient. Memory, time and open files are limited where
the system can; whoever started it ends it when an answer takes too long.
"""

from __future__ import annotations

import os
import sys
from typing import Any, BinaryIO

from medsec_desktop.exchange.documents import wire
from medsec_desktop.exchange.documents.limits import (
    CPU_SECONDS,
    MEMORY_BYTES,
    MOST_BYTES,
    Refused,
    broken,
    too_large,
)

COMMAND = "read-documents"  # the argument by which the program starts itself as this process


def main() -> int:
    """Answer until the pipe is closed."""
    asked, told = _streams()
    _limit()
    desk = _Desk()
    while True:
        try:
            facts, content = wire.receive(asked, 4 * MOST_BYTES)
        except wire.Hung:
            return 0
        try:
            answer, blob = desk.answer(facts, content)
        except Refused as refused:
            answer, blob = {"refused": [refused.what, refused.why, refused.remedy]}, b""
        except MemoryError:
            large = too_large("Reading it takes more memory than is given to it.")
            answer, blob = {"refused": [large.what, large.why, large.remedy]}, b""
        except (
            Exception
        ) as error:  # a foreign file's doing: its readers raise what they stumble over
            bad = broken("file")
            answer = {"refused": [bad.what, bad.why, bad.remedy], "fault": type(error).__name__}
            blob = b""
        wire.send(told, answer, blob)


class _Desk:
    """What lies open, and what is asked about it."""

    def __init__(self) -> None:
        self._pages: Any = None

    def answer(self, facts: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        from medsec_desktop.exchange.documents import barcodes, making, pages

        match facts["do"]:
            case "open":
                self._pages = pages.opened(content)
                return {"type": self._pages.media_type, "sizes": self._pages.sizes}, b""
            case "page":
                drawn = self._pages.picture(int(facts["number"]), int(facts["width"]))
                bitmap = pages.bitmap_of(drawn)
                return {"width": bitmap.width, "height": bitmap.height}, bitmap.pixels
            case "look":
                look = barcodes.look_at(self._pages, int(facts["number"]), facts["prefix"])
                return {"codes": list(look.codes), "turn": look.turn, "ink": look.ink}, b""
            case "make":
                sources, at = [], 0
                for size in facts["sizes"]:
                    sources.append(content[at : at + size])
                    at += size
                whole = [
                    making.made(sources, [(page[0], page[1], page[2]) for page in part])
                    for part in facts["parts"]
                ]
                return {"sizes": [len(one) for one in whole]}, b"".join(whole)
            case "stamp":
                size = facts["sizes"][0]
                return {}, making.stamped(content[:size], content[size:])
            case other:
                raise ValueError(f"nothing is called {other}")


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """The two ends of the pipe. A library that prints must not talk into our answers."""
    told = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return os.fdopen(os.dup(0), "rb"), told


def _limit() -> None:
    """What the system can hold the process to; Windows has nothing of the kind in Python."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (soft, hard))
        except (ValueError, OSError):
            continue  # macOS refuses some of them; the time limit holds all the same
