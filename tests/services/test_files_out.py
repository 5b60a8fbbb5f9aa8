"""What is written for others is whole or not there, and what stood there before stays."""

from __future__ import annotations

import errno
import gc
import io
import random
from pathlib import Path
from typing import Any

import pytest

from medsec_desktop.exchange import encrypted_zip
from medsec_desktop.problems import Conflict, Unavailable
from medsec_desktop.services.files_out import whole_file, write_out


def test_a_file_that_breaks_off_leaves_what_was_there_before(tmp_path: Path):
    path = tmp_path / "list.pdf"
    write_out(path, b"yesterday's")

    with pytest.raises(Unavailable, match="No space left"), whole_file(path) as file:
        file.write(b"half of to")
        raise OSError(28, "No space left on device")

    assert path.read_bytes() == b"yesterday's"
    assert [each.name for each in tmp_path.iterdir()] == ["list.pdf"]


def test_a_file_has_its_name_only_once_it_is_recorded(tmp_path: Path):
    path = tmp_path / "list.pdf"
    write_out(path, b"yesterday's")

    def record() -> None:
        assert path.read_bytes() == b"yesterday's"
        assert (tmp_path / ".list.pdf.part").read_bytes() == b"of today"
        recorded.append(path.name)
        if len(recorded) == 1:
            raise Conflict("Somebody else was faster.")

    recorded: list[str] = []
    with pytest.raises(Conflict):
        write_out(path, b"of today", record)
    assert path.read_bytes() == b"yesterday's"
    write_out(path, b"of today", record)

    assert path.read_bytes() == b"of today"
    assert [each.name for each in tmp_path.iterdir()] == ["list.pdf"]


def test_where_no_file_can_be_it_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")

    for path in (tmp_path / "file" / "a.pdf", tmp_path / ("x" * 255), tmp_path / "none" / "a.pdf"):
        with pytest.raises(Unavailable, match="could not be written"):
            write_out(path, b"pages")


class _SmallDrive(io.BytesIO):
    """A file on a drive with little room."""

    def write(self, content: Any) -> int:
        if self.tell() + len(content) > 2_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(content)


@pytest.mark.parametrize("content", [b"x" * 10, random.Random(4).randbytes(5_000)])
def test_a_full_drive_is_told_as_such_wherever_an_archive_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
):
    monkeypatch.setattr(Path, "open", lambda *_: _SmallDrive())

    with (
        pytest.raises(Unavailable, match="No space left"),
        whole_file(tmp_path / "a.zip") as file,
        encrypted_zip.written(file, "told by phone") as archive,
    ):
        for number in range(
            30
        ):  # the small ones fill the drive by the list of members at the latest
            archive.writestr(f"documents/{number}", content)
    gc.collect()  # the library closes once more; what that raises would fail the test
