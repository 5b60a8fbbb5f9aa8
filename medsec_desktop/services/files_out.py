"""Files that leave the program: whole or not at all, and never without a word in the journal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from medsec_desktop.problems import Unavailable


@contextmanager
def whole_file(
    path: Path,
    record: Callable[[], object] | None = None,
    check: Callable[[Path], object] | None = None,
) -> Iterator[BinaryIO]:
    """A file to write into; it stands under its name only once it is whole, in place of an earlier one.

    `check` looks at what is on the drive then, before anything is said of it. `record` writes down that
    it leaves, between the two: where the power fails, something may be recorded that nobody got, but
    nothing be handed out that was not recorded. Raises Unavailable where it cannot be written, and what
    `check` and `record` raise; then nothing of it is left.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # else a power cut leaves the name without what it holds
        if check is not None:
            check(beside)
        if record is not None:
            record()
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


def write_out(
    path: Path,
    content: bytes,
    record: Callable[[], object] | None = None,
    check: Callable[[Path], object] | None = None,
) -> None:
    """Write `content` to `path`, whole, checked and recorded or not at all. Raises Unavailable."""
    with whole_file(path, record, check) as file:
        file.write(content)
