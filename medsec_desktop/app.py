"""The composition root: the one place that knows everybody, from the first window to the last lock."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCryptographicHash,
    QDir,
    QObject,
    QSettings,
    QSocketNotifier,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import QApplication, QWidget

from medsec_desktop.domain.clock import Clock, SystemClock
from medsec_desktop.problems import Problem
from medsec_desktop.services import welcome
from medsec_desktop.ui.garbage import GarbageHere
from medsec_desktop.ui.jobs import Cancelled, Jobs, Progress
from medsec_desktop.ui.practice.front_door import FrontDoor
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

    from medsec_desktop.services.office import Office

log = logging.getLogger(__name__)

_SETTLED_AFTER_MS = 200  # the first window is on the screen, and hands are not yet on the keys


class OnlyOne(QObject):
    """One window a practice on this computer: a second start asks the first to come forward."""

    asked_forward = Signal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._server: QLocalServer | None = None

    @staticmethod
    def name_of(folder: Path) -> str:
        """A name for the folder that any start on this computer finds again."""
        key = f"{QDir.homePath()}\0{folder.resolve()}"
        sha256 = QCryptographicHash.hash(key.encode(), QCryptographicHash.Algorithm.Sha256)
        return "medsec-" + bytes(sha256.toHex().data()).decode()[:24]

    def call(self, folder: Path) -> bool:
        """Ask a program that has `folder` open to come forward; whether there was one."""
        name = self.name_of(folder)
        # Where sockets are files, one look spares the log-in screen the loading of the network part.
        if os.name == "posix" and not QDir(QDir.tempPath()).exists(name):
            return False
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(name)
        if not socket.waitForConnected(500):
            return False
        socket.write(b"forward\n")
        socket.waitForBytesWritten(500)
        socket.disconnectFromServer()
        return True

    def answer_for(self, folder: Path) -> None:
        """Be the one who answers for `folder` from now on."""
        from PySide6.QtNetwork import QLocalServer

        name = self.name_of(folder)
        if self._server is not None and self._server.serverName() == name:
            return
        self.close()
        QLocalServer.removeServer(name)  # left by a crash; a living one would have answered `call`
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._connected)
        if not server.listen(name):
            log.warning("no second start will find this window: %s", server.errorString())
        self._server = server

    def _connected(self) -> None:
        if self._server is None:
            return
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.asked_forward.emit()

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None


class Desktop(QObject):
    """The running program: first the front door, then one office in one window."""

    def __init__(
        self,
        app: QApplication,
        theme: Theme,
        *,
        clock: Clock | None = None,
        jobs: Jobs | None = None,
        prompts: Prompts | None = None,
        memory: QSettings | None = None,
    ):
        super().__init__(app)
        self.app = app
        self.theme = theme
        self.clock = clock or SystemClock()
        self.jobs = jobs or Jobs()
        self.prompts = prompts or Prompts()
        self.memory = memory or QSettings("MedSec Desktop", "MedSec Desktop")
        self._is_injected = jobs is not None
        self.only_one = OnlyOne(self)
        self.only_one.asked_forward.connect(self.come_forward)
        self._answers_for = Path()
        self._answering = QTimer(self)
        self._answering.setSingleShot(True)
        self._answering.timeout.connect(lambda: self.only_one.answer_for(self._answers_for))
        self.office: Office | None = None
        self.closing: QWidget | None = None
        self.window: QWidget | None = None
        self.door = FrontDoor(theme, self.jobs, self.prompts, self.clock)
        self.prompts.parent = self.door
        self.door.opened.connect(self.open_office)
        app.aboutToQuit.connect(self.shut_down)

    def start(self, folder: Path, *, demo: bool = False) -> bool:
        """Show the first window for `folder`; False where another one already shows it."""
        if self.only_one.call(folder):
            return False
        self._answer_soon(folder)
        if demo:
            self.door.show_wizard(None)
            self.door.show()
            self.door.wizard.open_demo(folder)
            return True
        self.door.show_folder(folder, str(self.memory.value(f"login/{folder.name}", "")))
        self.door.show()
        QTimer.singleShot(_SETTLED_AFTER_MS, _read_ahead)
        return True

    def _answer_soon(self, folder: Path) -> None:
        """Answer other starts for `folder` once its window is on the screen, which comes first."""
        self._answers_for = folder
        self._answering.start(_SETTLED_AFTER_MS)

    def open_office(self, office: Office) -> None:
        """Somebody is in: put the window around her office."""
        from medsec_desktop.services.practice import settings
        from medsec_desktop.ui.desk import make_desk
        from medsec_desktop.ui.main_window import MainWindow

        folder = office.session.db.folder
        self._answer_soon(folder)
        self.office = office
        self.desk = make_desk(
            office, self.theme, jobs=self.jobs if self._is_injected else None, prompts=self.prompts
        )
        self.window = MainWindow(
            self.desk, unlock=self.unlock, people=self.people, memory=self.memory
        )
        self.window.closed.connect(self.close_office)
        if not office.practice.get(settings.IS_DEMO):
            welcome.remember_folder(folder)
        self._remember_login()
        self.window.show()
        self.door.hide()

    def unlock(self, login: str, password: str) -> None:
        """Let somebody go on at the locked window, herself or another. Raises a Problem."""
        if self.office is not None:
            folder = self.office.session.db.folder
            who = welcome.unlock(folder, login, password, self.office.clock)
            welcome.switch_user(self.office, who)
            self._remember_login()

    def people(self) -> list[tuple[str, str]]:
        """Log-in and name of everybody who may go on at the locked window."""
        if self.office is None:
            return []
        slots = welcome.sign_in_names(self.office.session.db.folder)
        return [(slot.login, slot.name) for slot in slots]

    def come_forward(self) -> None:
        """Show the window in front of the others, as a second start asks."""
        window = self.closing or self.window or self.door
        if window.isMinimized():
            window.showNormal()
        window.show()
        window.raise_()
        window.activateWindow()

    def _remember_login(self) -> None:
        if self.office is not None:
            session = self.office.session
            self.memory.setValue(f"login/{session.db.folder.name}", session.user.login)

    def close_office(self) -> None:
        """The window is gone: make the backup that closing makes, then close the practice.

        A small window says how far it is. A backup that fails is told, and the practice closes only
        once that was read.
        """
        from medsec_desktop.ui.practice.closing import ClosingNote

        office = self.office
        if office is None:
            return

        def work(progress: Progress) -> object:
            with office.session.db.connection():
                return office.backups.at_closing(progress)

        def failed(error: BaseException) -> None:
            if isinstance(error, Problem):
                note.tell(error)
                return
            note.close()
            if not isinstance(error, Cancelled):
                raise error

        def leave() -> None:
            for job in self.jobs.active:
                job.cancel()
            self.jobs.close()
            self.shut_down()

        note = ClosingNote(self.theme, leave)
        self.closing = note
        note.show()
        job = self.jobs.run("Closing", work, lambda _: note.close(), failed, cancellable=True)
        job.progressed.connect(note.advance)

    def shut_down(self) -> None:
        """In this order: drafts kept, jobs ended, database closed, lock given back."""
        self._answering.stop()
        self.only_one.close()
        self.jobs.close()  # among them a backup that a quit from outside does not wait for
        office, self.office = self.office, None
        if office is None:
            return
        # The window does the same as it closes; a quit from outside does not close it.
        self.desk.drafts.save_all()
        self.desk.drafts.close()
        self.desk.jobs.close()
        try:
            office.close()
        except Problem as problem:
            log.warning("the practice was not closed in good order: %s", type(problem).__name__)


class _Signals(QObject):
    """Turns the system's wish to end the program (at shutdown, Ctrl+C) into an orderly quit.

    Python runs a signal's handler only between its own steps, and Qt may sleep for minutes; a byte in a
    socket wakes it.
    """

    def __init__(self, app: QApplication):
        import socket

        super().__init__(app)
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda: app.quit())
        signal.set_wakeup_fd(self._write.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)


def _read_ahead() -> None:
    """Import the window while somebody types her password; nothing here may touch a widget."""

    def read() -> None:
        import argon2.low_level  # noqa: F401
        import cryptography.hazmat.primitives.ciphers.aead  # noqa: F401
        import filelock  # noqa: F401

        import medsec_desktop.services.practice
        import medsec_desktop.services.users
        import medsec_desktop.ui.desk
        import medsec_desktop.ui.main_window
        import medsec_desktop.ui.today.tab  # noqa: F401

    threading.Thread(target=read, name="read ahead", daemon=True).start()


def run(
    folder: Path | None = None, demo: bool = False, argv: Sequence[str] = ("medsec-desktop",)
) -> int:
    """Run the program until its last window is closed; its exit code.

    Without `folder`: the practice opened last on this computer, else the first-run wizard. With
    `demo`: the demo clinic, made on the spot where it is not there yet.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(list(argv))
    app.setApplicationName("MedSec Desktop")
    memory = QSettings("MedSec Desktop", "MedSec Desktop")
    theme = Theme(
        dark=str(memory.value("window/dark", "false")).lower() == "true",
        zoom=float(str(memory.value("window/zoom", "1.0"))),
        parent=app,
    )
    theme.apply(app)
    if folder is None and demo:
        folder = welcome.demo_folder()
    elif folder is None:
        folder = next(iter(welcome.recent_folders()), welcome.default_folder())
    collector = GarbageHere(app)
    collector.begin()
    desktop = Desktop(app, theme, memory=memory)
    if not desktop.start(folder.absolute(), demo=demo):
        return 0
    from medsec_desktop.ui.crash import CrashReporter

    crashes = CrashReporter(lambda: desktop.window or desktop.door)
    crashes.install()

    def settle() -> None:
        """What a running program needs and its first window does not."""
        _Signals(app)

    QTimer.singleShot(_SETTLED_AFTER_MS, app, settle)
    try:
        return app.exec()
    finally:
        collector.end()
        crashes.uninstall()
