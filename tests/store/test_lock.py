"""One program at a time on a practice folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from medsec_desktop.store.lock import Held, PracticeLock

_HOLD = """
import sys
from pathlib import Path
from medsec_desktop.store.lock import PracticeLock
lock = PracticeLock(Path(sys.argv[1]))
lock.acquire("08:15")
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def other_program(tmp_path: Path):
    program = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "held\n"
    yield program
    program.kill()
    program.communicate()


def test_a_second_program_is_refused_with_the_holders_name(tmp_path: Path, other_program) -> None:
    with pytest.raises(Held, match="this computer \\(since 08:15\\)") as caught:
        PracticeLock(tmp_path).acquire("09:00")

    assert caught.value.holder is not None
    assert caught.value.holder.process == other_program.pid


def test_a_lock_left_by_a_killed_program_is_not_in_the_way(tmp_path: Path, other_program) -> None:
    other_program.kill()
    other_program.wait()

    lock = PracticeLock(tmp_path)
    lock.acquire("09:00")

    holder = lock.holder()
    assert holder is not None
    assert holder.process == os.getpid()
    lock.release()


def test_a_released_practice_can_be_taken_again(tmp_path: Path) -> None:
    first = PracticeLock(tmp_path)
    first.acquire("08:00")
    first.release()

    second = PracticeLock(tmp_path)
    second.acquire("08:01")
    second.release()

    assert second.holder() is None


def test_a_note_that_cannot_be_written_keeps_nobody_from_working(tmp_path: Path) -> None:
    (tmp_path / "practice.holder").mkdir()  # as a full disk would refuse it
    first = PracticeLock(tmp_path)

    first.acquire("08:00")
    with pytest.raises(Held, match="another program"):
        PracticeLock(tmp_path).acquire("08:01")
    first.release()

    second = PracticeLock(tmp_path)
    second.acquire("08:02")
    second.release()
