"""Hiding the work at once, locking it after a while, and who goes on with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeyEvent

from medsec_desktop.problems import Problem
from medsec_desktop.services.practice import settings
from medsec_desktop.services.welcome import DEMO_PASSWORD
from medsec_desktop.ui.curtain import Curtain, IdleWatch, Unlock

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.main_window import MainWindow


class ScreenLock(QObject):
    """Binds curtain, lock and fast switch of user; what is open stays open beneath.

    `people` lists who may go on; `take_key` is shown each key pressed in any window of the program.
    """

    covered = Signal()  # nothing in the window may tell about a patient now
    lifted = Signal()  # whoever was at work before goes on
    switched = Signal()  # another person goes on

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        unlock: Unlock,
        people: Callable[[], Sequence[tuple[str, str]]],
        take_key: Callable[[QKeyEvent], bool],
    ):
        super().__init__(window)
        self._desk, self._people = desk, people
        self.curtain = Curtain(desk.theme, unlock, window)
        self.curtain.lifted.connect(self._uncover)
        self._user_before = desk.office.session.user
        self.idle = IdleWatch(window, take_key)
        self.idle.idle.connect(lambda: self.lock("Locked after some minutes without a key."))
        bind = desk.actions.bind
        bind("app.lock", lambda: self.lock())
        bind("app.switch_user", lambda: self.lock("Choose who goes on."))
        bind("app.curtain", self.draw)

    def draw(self) -> None:
        """Blank the screen at once; the password brings it back as it was."""
        self._cover()
        self.curtain.draw(self._desk.office.session.user.login)
        self._give_hint()

    def lock(self, remark: str = "") -> None:
        """Lock the screen, keeping everything that is open."""
        if self.curtain.isVisible() and self.curtain.title.isVisible():
            return
        self._cover()
        user = self._desk.office.session.user
        people = self._people() or [(user.login, user.name)]
        self.curtain.lock(user.login, people, remark or "Your work is kept as it is.")
        self._give_hint()

    def _give_hint(self) -> None:
        """Once the screen is covered: that must not wait for the database."""
        is_demo = self._desk.office.practice.get(settings.IS_DEMO)
        self.curtain.give_hint(
            f"Demo clinic: the password is “{DEMO_PASSWORD}”." if is_demo else ""
        )

    def _cover(self) -> None:
        try:
            self._desk.drafts.save_all()
        except Problem as problem:  # locking must not wait for a full disk
            self._desk.messages.problem(problem)
        self._user_before = self._desk.office.session.user
        self._desk.actions.locked = True
        self.covered.emit()

    def _uncover(self, _login: str) -> None:
        self._desk.actions.locked = False
        self.lifted.emit()
        if self._desk.office.session.user != self._user_before:
            self.switched.emit()
