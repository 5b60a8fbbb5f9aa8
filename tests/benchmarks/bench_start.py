"""How long the program takes to show its first window, and a Today somebody can work with.

Each start is a process of its own through the program's own entry, offscreen; floor and program run in
turns. The practice's password costs next to nothing here: the 0.2 s that Argon2id takes on purpose are
a row of their own, and nobody's typing is counted: once as if the password were there with the first
paint, and once as it is, with the time of typing taken off and with what the program reads meanwhile.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from medsec_desktop.services.demo import DEMO_PASSWORD, ensure_demo
from medsec_desktop.store.keys import ArgonCost, KeySlots
from tests.benchmarks import floors
from tests.benchmarks.rows import Row, milliseconds
from tests.conftest import CHEAP

# Only these may be loaded before the first paint, besides the toolkit and the standard library.
LIGHT = frozenset({"peewee", "playhouse", "sqlcipher3", "platformdirs"})
_TOOLKIT = frozenset({"PySide6", "shiboken6", "shibokensupport", "medsec_desktop"})
_OF_THE_INSTALLATION = frozenset({"_distutils_hack"})

# Stands in for Qt's loop: the program starts as it always does, and is watched from here on.
_PROGRAM = """
import os, sys, time
from medsec_desktop.__main__ import main

def loaded():
    from sysconfig import get_paths
    places = tuple(get_paths()[name] for name in ("purelib", "platlib"))
    return sorted({name.split(".")[0] for name, module in list(sys.modules.items())
                   if (getattr(module, "__file__", None) or "").startswith(places)})

def watched(*_):
    app = QApplication.instance()
    door = next(w for w in app.topLevelWidgets() if type(w).__name__ == "FrontDoor")
    app.processEvents()
    door.repaint()
    painted = time.time()
    if "list" in sys.argv:
        painted = ",".join(loaded())
    if "today" in sys.argv:
        painted = watched_today(app, door)
    if "typed" in sys.argv:
        ready = time.time()
        while time.time() - ready < TYPING_S:
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        typing = time.time() - ready
        painted = watched_today(app, door) - typing
    os.write(1, str(painted).encode())
    return 0

def watched_today(app, door):
    asleep = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    pulse = QTimer()
    pulse.start(5)  # to look again; a loop that spins would hold up the worker it waits for
    door.login.panel.line.setText(sys.argv[2])
    door.login.panel.submit()
    window = None
    while window is None:
        app.processEvents(asleep)
        window = next((w for w in app.topLevelWidgets()
                       if type(w).__name__ == "MainWindow" and w.isVisible()), None)
    today = window.tab_named("today")
    while not (today.list.rows.rowCount() or (today.day.text() and today.empty.isVisible())):
        app.processEvents(asleep)
    window.repaint()
    painted = time.time()
    # In good order: after any other end the next start would check every page first.
    next(each for each in app.children() if type(each).__name__ == "Desktop").shut_down()
    return painted

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
TYPING_S = 1.5
QApplication.exec = watched
main([sys.argv[1]])
"""


def run(times: int = 9, patients: int = 3_000) -> list[Row]:
    """Rows for the first window, Today, the imports before the first paint, and the password."""
    with tempfile.TemporaryDirectory(prefix="medsec-bench-") as place:
        folder = Path(place) / "Demo clinic"
        ensure_demo(folder, patients=patients, cost=CHEAP)
        bare: list[float] = []
        first: list[float] = []
        today: list[float] = []
        typed: list[float] = []
        floors.bare_window_s()
        loaded = _start(folder, "list")[1].split(",")
        _start(folder, "today")
        for _ in range(times):
            bare.append(floors.bare_window_s())
            first.append(_seconds(folder, "first"))
            today.append(_seconds(folder, "today"))
            typed.append(_seconds(folder, "typed"))
    floor = median(bare) * 1000
    heavy = sorted(set(loaded) - LIGHT - _TOOLKIT - _OF_THE_INSTALLATION - {""})
    listed = ", ".join(heavy) or "none"
    return [
        Row("start: process to first window", median(first) * 1000, "ms", 1.6, floor),
        Row("start: process to a usable Today", median(today) * 1000, "ms", 2.0, floor),
        Row(
            "start: the same, less 1.5 s of typing a password", median(typed) * 1000, "ms", 0, floor
        ),
        Row(f"imports before the first paint, heavy: {listed}", len(heavy), "", 0.5),
        Row("one password check (Argon2id, on purpose)", _password_ms(), "ms"),
    ]


def _start(folder: Path, until: str) -> tuple[float, str]:
    home = folder.parent
    away = {name: str(home / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
                                                "XDG_CACHE_HOME")}  # fmt: skip
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder), DEMO_PASSWORD, until],
        check=True,
        capture_output=True,
        env=floors.environment() | away,
        timeout=60,
    )
    return started, done.stdout.decode()


def _seconds(folder: Path, until: str) -> float:
    started, painted = _start(folder, until)
    return float(painted) - started


def _password_ms() -> float:
    with tempfile.TemporaryDirectory(prefix="medsec-bench-") as place:
        slots = KeySlots(Path(place), ArgonCost())
        slots.create()
        slots.add(1, "ada", "Ada", "a password of today", bytes(32))
        return median(milliseconds(lambda: slots.unlock("ada", "a password of today"), 3))


if __name__ == "__main__":
    for row in run():
        print(row)
