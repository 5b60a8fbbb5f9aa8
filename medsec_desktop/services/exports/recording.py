"""That nothing leaves the program without a word in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def no_file_unrecorded(path: Path) -> Iterator[None]:
    """Around the recording of a file just written: where that fails, the file is taken away again."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
