"""Text as other programs write it: which encoding a file is in, and its characters."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from medsec_desktop.problems import Unavailable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20


def encoding_of(path: Path) -> str:
    """The name of the encoding `path` is written in.

    A byte order mark decides; else UTF-8 where every byte of the file agrees; else Windows-1252,
    which is what older spreadsheets write, or Latin-1 where even that has no such character.
    """
    with open_bytes(path) as file:
        head = file.read(4096)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        if (unmarked := _utf16_without_mark(head)) is not None:
            return unmarked
        file.seek(0)
        utf8 = codecs.getincrementaldecoder("utf-8")()
        windows = True
        while chunk := file.read(_CHUNK):
            try:
                utf8.decode(chunk)
            except UnicodeDecodeError:
                break
        else:
            try:
                utf8.decode(b"", final=True)
                return "utf-8"
            except UnicodeDecodeError:
                pass
        file.seek(0)
        while windows and (chunk := file.read(_CHUNK)):
            windows = not any(byte in chunk for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
    return "cp1252" if windows else "latin-1"


def encoding_in_words(encoding: str) -> str:
    """`encoding` as a person knows it."""
    return {
        "utf-8": "UTF-8",
        "utf-8-sig": "UTF-8 with a byte order mark",
        "utf-16": "UTF-16",
        "utf-16-le": "UTF-16",
        "utf-16-be": "UTF-16",
        "utf-32": "UTF-32",
        "cp1252": "Windows-1252",
        "latin-1": "Latin-1",
    }.get(encoding, encoding)


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 shows in Latin text as a zero in every other byte."""
    if len(head) < 8:
        return None
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """`path` opened for reading bytes. Raises Unavailable where that cannot be done."""
    with _told(path), path.open("rb") as file:
        yield file


@contextmanager
def open_text(path: Path, encoding: str = "") -> Iterator[TextIO]:
    """`path` opened for reading characters, line ends untouched.

    Damaged characters become � instead of ending the file. Raises Unavailable where it cannot
    be read.
    """
    with _told(path):
        chosen = encoding or encoding_of(path)
        with path.open("r", encoding=chosen, errors="replace", newline="") as file:
            yield file


def read_text(path: Path, limit_bytes: int = 64 << 20) -> str:
    """All characters of `path`. Raises Unavailable where it is unreadable or too large."""
    with _told(path):
        size = path.stat().st_size
    if size > limit_bytes:
        raise Unavailable(
            f"“{path.name}” is too large to be read at once ({size / 1e6:,.0f} MB).",
            remedy="Export it in smaller pieces and take those in one after the other.",
        )
    with open_text(path) as file:
        return file.read()


def lines_in(path: Path) -> int:
    """How many line ends `path` has: about the number of its rows, without reading them."""
    with open_bytes(path) as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise Unavailable(
            f"There is no file “{path.name}”.", remedy="Check its name and where it lies."
        ) from error
    except IsADirectoryError as error:
        raise Unavailable(f"“{path.name}” is a folder, not a file.") from error
    except PermissionError as error:
        raise Unavailable(
            f"“{path.name}” may not be read by this account.",
            remedy="Ask whoever owns the file, or copy it to a folder of yours.",
        ) from error
    except OSError as error:
        raise Unavailable(
            f"“{path.name}” could not be read.",
            why=f"The system says: {error.strerror or error}.",
            remedy="Copy it to this computer's disk and try again.",
        ) from error
