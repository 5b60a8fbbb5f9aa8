"""Slow work away from the screen: with progress, with cancel, with its own database connection."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from medsec_desktop.ui.garbage import GarbageHere

T = TypeVar("T")
Connection = Callable[[], AbstractContextManager[Any]]

# How long a thread keeps Python to itself while another waits for it. Painting gives it up and asks for it
# again many times over: with Python's own 5 ms, a tab shown beside a job at work stood still for three
# times as long.
_TURN_S = 0.0005


class Cancelled(Exception):
    """The person at the desk stopped the job."""


class Progress:
    """What a job's work reports to, from its own thread."""

    def __init__(self, tell: Callable[[int, int, str], None]):
        self._tell = tell
        self._cancelled = threading.Event()
        self._told_at = 0.0

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is; safe to call for every row. Raises Cancelled when stopped."""
        self.check()
        now = time.monotonic()
        if done >= total or now - self._told_at > 0.05:  # twenty times a second is plenty
            self._told_at = now
            self._tell(done, total, text)

    def check(self) -> None:
        """Raise Cancelled if the job was stopped."""
        if self._cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        self._cancelled.set()


class Job(QObject):
    """One piece of work under way; `cancel()` asks it to stop at its next report."""

    progressed = Signal(int, int, str)
    ended = Signal()
    _finished = Signal(object, object)

    def __init__(
        self,
        title: str,
        done: Callable[[Any], object],
        failed: Callable[[BaseException], object],
        cancellable: bool,
    ):
        # No parent and no deleteLater: Qt deleting a job that Python still tidies up has crashed.
        super().__init__()
        self.title = title
        self.cancellable = cancellable
        self.is_abandoned = False  # the window closed: nobody is to be told any more
        self._done = done
        self._failed = failed
        self.progress = Progress(self.progressed.emit)
        self._finished.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        if self.cancellable:
            self.progress.cancel()

    def _work(self, work: Callable[[Progress], Any], connection: Connection) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            with connection():
                result = work(self.progress)
        except BaseException as raised:  # carried to the screen's thread, where it is told
            error = raised
        try:
            self._finished.emit(result, error)
        except RuntimeError:
            return  # the window is gone, and nobody is left to tell

    @Slot(object, object)
    def _finish(self, result: Any, error: BaseException | None) -> None:
        self.ended.emit()
        if self.is_abandoned:
            return
        if error is None:
            self._done(result)
        else:
            self._failed(error)


class Jobs(QObject):
    """Runs work in threads of their own and brings the result back to the screen's thread."""

    started = Signal(object)  # Job

    def __init__(self, connection: Connection = nullcontext, parent: QObject | None = None):
        super().__init__(parent)
        sys.setswitchinterval(_TURN_S)
        self._connection = connection
        self._threads: dict[Job, threading.Thread] = {}
        self._searches: list[_Latest] = []
        self._garbage = GarbageHere(self)
        self.on_failure: Callable[[str, BaseException], object] = _raise

    def run(
        self,
        title: str,
        work: Callable[[Progress], T],
        done: Callable[[T], object],
        failed: Callable[[BaseException], object] | None = None,
        cancellable: bool = True,
    ) -> Job:
        """Start `work` now; `done` or `failed` is called on the screen's thread.

        `work` must touch no widget. Without `failed`, a Problem goes to the message bar and
        anything else to the crash dialog.
        """
        tell = failed if failed is not None else lambda error: self.on_failure(title, error)
        job = Job(title, done, tell, cancellable)
        self.started.emit(job)
        self._start(job, work)
        return job

    def quietly(self, work: Callable[[Progress], T], done: Callable[[T], object]) -> None:
        """A small look-up that nobody waits for and no progress line shows."""
        self._start(Job("", done, lambda error: self.on_failure("", error), False), work)

    def _start(self, job: Job, work: Callable[[Progress], Any]) -> None:
        job.ended.connect(self._forget)
        thread = threading.Thread(
            target=job._work, args=(work, self._connection), name="job", daemon=True
        )
        self._threads[job] = thread
        self._garbage.begin()
        thread.start()

    @Slot()
    def _forget(self) -> None:
        job = self.sender()
        if isinstance(job, Job):
            thread = self._threads.pop(job, None)
            if thread is not None:
                thread.join()  # it may still be inside the signal that told us: a moment at most

    def latest(
        self, search: Callable[[str], T], deliver: Callable[[T], object]
    ) -> Callable[[str], None]:
        """A question asked at each keystroke, of which only the newest still matters.

        The search runs in one thread of its own, so that a slow answer never holds up a key;
        `deliver` gets the answers on the screen's thread.
        """
        self._garbage.begin()
        asked = _Latest(search, deliver, self._connection, self.on_failure_of_search, self)
        self._searches.append(asked)
        return asked.ask

    def on_failure_of_search(self, error: BaseException) -> None:
        self.on_failure("Search", error)

    @property
    def active(self) -> tuple[Job, ...]:
        return tuple(self._threads)

    def close(self, wait_s: float = 5.0) -> None:
        """Stop everything: cancel what can be cancelled and wait for the rest."""
        for search in self._searches:
            search.stop()
            QCoreApplication.removePostedEvents(search)
        for job, thread in list(self._threads.items()):
            job.is_abandoned = True
            job.progress.cancel()
            thread.join(wait_s)
            # News for a job that is going with its owner would find it half destroyed.
            QCoreApplication.removePostedEvents(job)
        self._threads.clear()
        self._garbage.end()


def _raise(_title: str, error: BaseException) -> None:
    raise error


class _Latest(QObject):
    """One thread that answers the newest question and forgets the ones before it."""

    _answered = Signal(object, object)
    _IDLE_S = 20.0  # then the thread and its database connection end

    def __init__(
        self,
        search: Callable[[str], Any],
        deliver: Callable[[Any], object],
        connection: Connection,
        failed: Callable[[BaseException], object],
        parent: QObject,
    ):
        super().__init__(parent)
        self._search = search
        self._deliver = deliver
        self._connection = connection
        self._failed = failed
        self._wake = threading.Condition()
        self._question: str | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._answered.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def ask(self, text: str) -> None:
        with self._wake:
            if self._stopped:
                return
            self._question = text
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="search", daemon=True)
                self._thread.start()
            self._wake.notify()

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._question = None
            thread = self._thread
            self._wake.notify()
        if thread is not None:
            thread.join(5.0)

    def _next(self) -> str | None:
        with self._wake:
            if self._question is None and not self._stopped:
                self._wake.wait(self._IDLE_S)
            question, self._question = self._question, None
            if question is None:
                self._thread = None
            return question

    def _run(self) -> None:
        with self._connection():
            while (question := self._next()) is not None:
                result: Any = None
                error: BaseException | None = None
                try:
                    result = self._search(question)
                except BaseException as raised:
                    error = raised
                try:
                    self._answered.emit(result, error)
                except RuntimeError:
                    return

    @Slot(object, object)
    def _answer(self, result: Any, error: BaseException | None) -> None:
        if self._stopped:
            return
        if error is None:
            self._deliver(result)
        else:
            self._failed(error)


class InlineJobs(Jobs):
    """Runs everything at once, on the thread that asks: for tests and for the self-test."""

    def run(
        self,
        title: str,
        work: Callable[[Progress], T],
        done: Callable[[T], object],
        failed: Callable[[BaseException], object] | None = None,
        cancellable: bool = True,
    ) -> Job:
        tell = failed if failed is not None else lambda error: self.on_failure(title, error)
        job = Job(title, done, tell, cancellable)
        self.started.emit(job)
        self._start(job, work)
        return job

    def _start(self, job: Job, work: Callable[[Progress], Any]) -> None:
        try:
            result = work(job.progress)
        except Exception as error:
            job._finish(None, error)
        else:
            job._finish(result, None)

    def latest(
        self, search: Callable[[str], T], deliver: Callable[[T], object]
    ) -> Callable[[str], None]:
        return lambda text: (deliver(search(text)), None)[1]
