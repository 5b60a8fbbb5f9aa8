from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from medsec_desktop.ui.garbage import GarbageHere
from medsec_desktop.ui.jobs import Jobs


@pytest.fixture(autouse=True)
def _collector_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever another test's jobs left behind, each of these begins with a working collector."""
    monkeypatch.setattr(GarbageHere, "_at_work", 0)
    gc.enable()
    yield
    assert gc.isenabled()


class Cycle(QObject):
    """Garbage as widgets make it: it holds what holds it."""

    def __init__(self) -> None:
        super().__init__()
        self.me = lambda: self


def test_a_worker_never_destroys_what_belongs_to_the_screen(qtbot: QtBot) -> None:
    jobs = Jobs()
    died_in: list[threading.Thread] = []
    go = threading.Event()

    def allocate(_: object) -> int:
        go.wait(60)
        return len([[number] for number in range(100_000)])  # enough to wake the collector

    ended: list[int] = []
    jobs.run("Work", allocate, ended.append)
    garbage = Cycle()
    weakref.finalize(garbage, lambda: died_in.append(threading.current_thread()))
    del garbage
    go.set()
    qtbot.waitUntil(lambda: bool(ended))
    jobs.close()
    gc.collect()

    assert died_in == [threading.main_thread()]


def test_garbage_is_still_collected_while_a_long_job_runs(qtbot: QtBot) -> None:
    here = GarbageHere()
    here.begin()
    dead = weakref.ref(Cycle())
    ballast = [[number] for number in range(2_000)]

    qtbot.waitUntil(lambda: dead() is None)

    here.end()
    assert len(ballast) == 2_000


def test_python_collects_again_when_the_last_has_ended(qapp: object) -> None:
    one, other = GarbageHere(), GarbageHere()
    one.begin()
    other.begin()

    one.end()
    assert not gc.isenabled()
    other.end()

    assert gc.isenabled()
