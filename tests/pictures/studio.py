"""How a picture is taken: a demo clinic whose clock stands still, a window of a given size, a PNG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services.demo import DEMO_LOGIN, DEMO_PASSWORD, clinic, open_demo
from medsec_desktop.services.founding import create_practice
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session, User
from medsec_desktop.services.today.records import QueueRow
from medsec_desktop.services.unchanged import Unchanged
from medsec_desktop.services.welcome import sign_in
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.practice.front_door import FrontDoor
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.theme import Theme
from tests.conftest import CHEAP

AT = datetime(2026, 3, 11, 10, 12)  # a Wednesday, the waiting room half full
SIZES = ((1366, 768), (1920, 1080))


@dataclass(frozen=True, slots=True)
class Light:
    """One way of looking at every screen: a theme and a size of window."""

    dark: bool
    width: int
    height: int

    @property
    def name(self) -> str:
        return f"{'dark' if self.dark else 'light'}-{self.width}x{self.height}"


LIGHTS = tuple(Light(dark, *size) for dark in (False, True) for size in SIZES)


Scene = Callable[["Studio"], QWidget]


class Studio:
    """A practice to be pictured, and the means to put any screen of it in front."""

    def __init__(self, app: QApplication, folder: Path, patients: int):
        self.app = app
        self.folder = folder / "Demo clinic"
        self.clock = FixedClock(AT)
        self.office = open_demo(self.folder, self.clock, patients=patients, cost=CHEAP)
        self.user: User = self.office.session.user
        self.light = LIGHTS[0]
        self.zoom = 1.0
        self._themes: dict[tuple[bool, float], Theme] = {}
        self.theme = self._dressed()
        self._kept: dict[Path, Unchanged] = {}
        self._shown: list[QWidget] = []
        self._empty: Office | None = None

    def close(self) -> None:
        self.clear()
        self.office.close()
        if self._empty is not None:
            self._empty.close()

    # -- what a scene asks for ------------------------------------------------------------------

    def window(self, *, is_empty: bool = False) -> MainWindow:
        """The program's window, new, as the demo's owner (or a new practice's) sees it."""
        self.theme = self._dressed()
        session = (self._new_practice() if is_empty else self.office).session
        session.db.bind()
        office = Office(Session(session.db, self.clock, session.user, "front-desk"))
        office.board.queue = self._queue_of(office)
        desk = make_desk(office, self.theme, jobs=InlineJobs(session.db.connection))
        window = MainWindow(desk, unlock=lambda *_: None, people=self._people)
        self.show(window)
        return window

    def door(self) -> FrontDoor:
        """The window before anybody is logged in."""
        self.theme = self._dressed()
        door = FrontDoor(
            self.theme, InlineJobs(self.office.session.db.connection), Prompts(), self.clock
        )
        self.show(door)
        return door

    def show(self, widget: QWidget) -> None:
        """Put a top-level widget on the screen at the light's size."""
        widget.resize(self.light.width, self.light.height)
        widget.show()
        self._shown.append(widget)
        self.settle()

    def type(self, text: str, widget: QWidget | None = None) -> None:
        """Type with real key events into `widget`, else into what has the focus."""
        target = widget or self.app.focusWidget()
        assert target is not None
        QTest.keyClicks(target, text)
        self.settle()

    def settle(self) -> None:
        """Let queued layouts, timers that are due and paints happen."""
        for _ in range(4):
            self.app.processEvents()
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # -- what the table's runner asks for -------------------------------------------------------

    def under(self, light: Light) -> None:
        """From now on, pictures in this theme and size."""
        self.light = light

    def picture(self, scene: Scene) -> QPixmap:
        """What `scene` puts in front, with whatever it opened on top."""
        base = scene(self).window()
        self.settle()
        return self._composed(base)

    def take(self, scene: Scene, target: Path) -> None:
        """Write the picture of a scene, and take its windows away again."""
        try:
            if not self.picture(scene).save(str(target)):
                raise OSError(f"{target.name} could not be written")
        finally:
            self.clear()

    def clear(self) -> None:
        """Take every window off the screen."""
        for widget in (*self._shown, *self.app.topLevelWidgets()):
            widget.hide()
            widget.deleteLater()
        self._shown.clear()
        self.zoom = 1.0
        self.office.session.db.execute("DELETE FROM draft")  # a scene's, not the demo's
        self.settle()

    def _composed(self, base: QWidget) -> QPixmap:
        """The window with every sheet, list and bubble that stands in front of it."""
        picture = base.grab()
        painter = QPainter(picture)
        for other in sorted(self.app.topLevelWidgets(), key=_depth):
            if other is not base and other.isVisible():
                at = other.pos() - base.pos()
                if isinstance(other, QDialog):
                    # The frame that a window manager would draw is not there offscreen.
                    painter.setPen(self.theme.colour("edge"))
                    painter.drawRect(QRect(at, other.size()).adjusted(-1, -1, 0, 0))
                painter.drawPixmap(at, other.grab())
        painter.end()
        return picture

    def _dressed(self) -> Theme:
        """The application in the light's colours, as at a start of the program."""
        look = (self.light.dark, self.zoom)
        if look not in self._themes:
            self._themes[look] = Theme(*look, parent=self.app)
        self._themes[look].apply(self.app)
        return self._themes[look]

    def _queue_of(self, office: Office) -> Callable[[], tuple[QueueRow, ...]]:
        """The work of the day, read once for all windows until something is written."""
        read, db = office.board.queue, office.session.db
        if db.path not in self._kept:
            self._kept[db.path] = Unchanged(db)

        def queue() -> tuple[QueueRow, ...]:
            by = (self.clock.now(), db.value("SELECT max(id) FROM draft"))
            return self._kept[db.path].look().get(by, read)

        return queue

    def _new_practice(self) -> Office:
        """A practice as the first-run wizard leaves it, before anybody is registered."""
        if self._empty is None:
            folder = self.folder.with_name("New practice")
            create_practice(folder, clinic.setup(), self.clock, CHEAP)
            self._empty = sign_in(folder, DEMO_LOGIN, DEMO_PASSWORD, self.clock)
        return self._empty

    def _people(self) -> list[tuple[str, str]]:
        return [(DEMO_LOGIN, self.user.name), ("sam", "Sam Sandpiper")]


def _depth(widget: QWidget) -> int:
    """How many widgets it was opened from: what is opened from a sheet lies above the sheet."""
    above = widget.parentWidget()
    return 0 if above is None else 1 + _depth(above)
