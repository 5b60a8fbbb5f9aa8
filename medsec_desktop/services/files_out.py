"""Files that leave the program: whole or not at all, and never without a word in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from medsec_desktop.problems import Unavailable


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write into; it stands under its name only once it is whole, in place of an earlier one.

    Raises Unavailable where it cannot be written; then nothing of it is left.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(path)
    except OSError as error:
        raise Unavailable(
            f"“{path.name}” could not be written.",
            f"The system says: {error.strerror or error}.",
            "Choose another folder, or make room on the drive.",
        ) from error
    finally:
        with suppress(OSError):  # it is gone already, or never was
            beside.unlink()


def write_out(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all. Raises Unavailable."""
    with whole_file(path) as file:
        file.write(content)


@contextmanager
def no_file_unrecorded(path: Path) -> Iterator[None]:
    """Around the recording of a file just written: where that fails, the file is taken away again."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
