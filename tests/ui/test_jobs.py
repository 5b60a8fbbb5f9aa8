from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.problems import Invalid
from medsec_desktop.services.session import Session
from medsec_desktop.ui.bus import Bus
from medsec_desktop.ui.jobs import Cancelled, InlineJobs, Jobs, Progress
from medsec_desktop.ui.jobs_strip import JobsStrip
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()


def test_work_runs_elsewhere_and_its_result_comes_home(qtbot: QtBot, jobs: Jobs) -> None:
    threads: list[threading.Thread] = []
    results: list[threading.Thread] = []

    def done(_: int) -> None:
        results.append(threading.current_thread())

    jobs.run("Count", lambda _: threads.append(threading.current_thread()) or 7, done)
    qtbot.waitUntil(lambda: bool(results))

    assert threads[0] is not threading.main_thread()
    assert results[0] is threading.main_thread()


def test_the_screen_has_its_turn_soon_beside_a_job(qtbot: QtBot, jobs: Jobs) -> None:
    stop, done = threading.Event(), list[int]()

    def count(_: Progress) -> int:
        number = 0
        while not stop.is_set():
            number += 1
        return number

    jobs.run("Count", count, done.append)
    turns = []
    for _ in range(50):
        began = time.perf_counter()
        time.sleep(0)  # as Qt does between two pieces of Python
        turns.append(time.perf_counter() - began)
    stop.set()
    qtbot.waitUntil(lambda: bool(done))

    assert sys.getswitchinterval() <= 0.001
    assert sorted(turns)[5] < 0.005  # some, however busy the machine


def test_a_job_can_be_stopped_at_its_next_report(qtbot: QtBot, jobs: Jobs) -> None:
    failures: list[BaseException] = []
    begun = threading.Event()

    def work(progress: Progress) -> None:
        for number in range(1_000_000_000):
            begun.set()
            progress.report(number, 1_000_000_000)

    job = jobs.run("Endless", work, lambda _: pytest.fail("it ended"), failures.append)
    qtbot.waitUntil(begun.is_set)
    job.cancel()
    qtbot.waitUntil(lambda: bool(failures))

    assert isinstance(failures[0], Cancelled)


def test_a_failure_is_told_on_the_screens_thread(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[tuple[str, BaseException, threading.Thread]] = []
    jobs.on_failure = lambda title, error: told.append((title, error, threading.current_thread()))

    def work(_: Progress) -> None:
        raise Invalid("The file is empty.")

    jobs.run("Import", work, lambda _: pytest.fail("it ended"))
    qtbot.waitUntil(lambda: bool(told))

    title, error, thread = told[0]
    assert title == "Import"
    assert isinstance(error, Invalid)
    assert thread is threading.main_thread()


def test_progress_is_shown_and_the_last_step_never_left_out(qtbot: QtBot, jobs: Jobs) -> None:
    seen: list[tuple[int, int, str]] = []
    go = threading.Event()

    def work(progress: Progress) -> None:
        go.wait(60)
        for number in range(501):
            progress.report(number, 500, "rows")

    job = jobs.run("Import", work, lambda _: None)
    job.progressed.connect(lambda *told: seen.append(told))
    go.set()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1][0] == 500)

    assert len(seen) < 100


def test_each_job_has_a_connection_of_its_own(qtbot: QtBot) -> None:
    open_in: list[threading.Thread] = []
    closed: list[bool] = []

    @contextmanager
    def connection() -> Iterator[None]:
        open_in.append(threading.current_thread())
        yield
        closed.append(True)

    jobs = Jobs(connection)
    jobs.run("Look", lambda _: 1, lambda _: None)
    qtbot.waitUntil(lambda: not jobs.active)

    assert open_in[0] is not threading.main_thread()
    assert closed == [True]


def test_the_newest_question_is_always_answered(qtbot: QtBot, jobs: Jobs) -> None:
    answers: list[str] = []
    begun, slow = threading.Event(), threading.Event()

    def search(text: str) -> str:
        if text == "a":
            begun.set()
            slow.wait(60)
        return text

    ask = jobs.latest(search, answers.append)
    ask("a")
    assert begun.wait(60)
    for text in ("ad", "ada", "ada t"):
        ask(text)
    slow.set()
    qtbot.waitUntil(lambda: "ada t" in answers)

    assert answers[-1] == "ada t"
    assert "ad" not in answers


def test_a_search_that_fails_says_so_and_goes_on(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[str] = []
    answers: list[str] = []
    jobs.on_failure = lambda title, error: told.append(str(error))

    def search(text: str) -> str:
        if text == "bad":
            raise Invalid("No.")
        return text

    ask = jobs.latest(search, answers.append)
    ask("bad")
    qtbot.waitUntil(lambda: bool(told))
    ask("good")
    qtbot.waitUntil(lambda: answers == ["good"])

    assert told == ["No."]


def test_closing_waits_for_the_work_under_way(jobs: Jobs) -> None:
    ended: list[bool] = []

    def work(progress: Progress) -> None:
        try:
            while True:
                progress.check()
        finally:
            ended.append(True)

    jobs.run("Endless", work, lambda _: None)
    jobs.close()

    assert ended == [True]


def test_in_tests_jobs_run_at_once(qapp: object) -> None:
    results: list[int] = []

    InlineJobs().run("Count", lambda _: 7, results.append)

    assert results == [7]


def test_a_change_committed_in_a_worker_reaches_the_screen(qtbot: QtBot, session: Session) -> None:
    bus = Bus(session)
    seen: list[tuple[str, threading.Thread]] = []
    bus.changed.connect(lambda changes: seen.append((changes.label, threading.current_thread())))
    jobs = Jobs(session.db.connection)

    jobs.run("Import", lambda _: a_patient(session, "Testperson", "Ada"), lambda _: None)
    qtbot.waitUntil(lambda: bool(seen))

    assert seen == [("Register Ada Testperson", threading.main_thread())]
    jobs.close()


def test_the_bus_knows_which_operation_was_the_last(qapp: object, session: Session) -> None:
    bus = Bus(session)

    a_patient(session)

    assert bus.last_operation_id == session.history()[0].id


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # pop-ups offscreen
def test_each_of_several_jobs_is_shown_and_stopped_by_itself(qtbot: QtBot, jobs: Jobs) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    strip = JobsStrip(Theme(), jobs, parent=window)
    window.show()
    ended: list[str] = []
    stopped = threading.Event()  # never set

    def work(progress: Progress) -> None:
        progress.report(3, 10)
        while not stopped.wait(0.01):
            progress.check()

    for title in ("Import", "Letters", "Backup", "Export"):
        jobs.run(title, work, pytest.fail, lambda _, title=title: ended.append(title))
    first, second = strip.lines
    qtbot.waitUntil(lambda: len(strip.rest) == 2 and "3 of 10" in strip.rest[1])
    assert [line.text.text() for line in strip.lines] == ["Import: 3 of 10", "Letters: 3 of 10"]
    assert strip.more.text() == "2 more"

    qtbot.mouseClick(first.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ended == ["Import"])

    assert [line.text.text() for line in strip.lines] == ["Letters: 3 of 10", "Backup: 3 of 10"]
    assert strip.rest == ["Export: 3 of 10"]
    qtbot.mouseClick(strip.more, Qt.MouseButton.LeftButton)
    menu = strip.findChild(QMenu)
    assert isinstance(menu, QMenu)
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ended == ["Import", "Export"])

    for line in (second, first):
        qtbot.mouseClick(line.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(ended) == 4)
    assert strip.isHidden()
