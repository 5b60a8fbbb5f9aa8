"""A real window over the office a test has, and an editor that can be parked."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.problems import Unavailable
from medsec_desktop.services.office import Office
from medsec_desktop.ui.desk import Desk, make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.theme import Theme
from tests.ui.scripted import ScriptedPrompts

PASSWORD = "correct horse 1"
PEOPLE = [("olive", "Olive Owner"), ("sam", "Sam Secretary")]


def check_password(login: str, password: str) -> None:
    """Stands for the front door: one password fits everybody."""
    if password != PASSWORD:
        raise Unavailable("This password does not fit.")


def a_desk(office: Office) -> Desk:
    """A desk whose jobs run at once and whose questions are scripted."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme = Theme()
    theme.apply(app)
    return make_desk(office, theme, jobs=InlineJobs(), prompts=ScriptedPrompts())


def a_window(qtbot: QtBot, office: Office) -> MainWindow:
    """The window on the screen, Today in front."""
    window = MainWindow(a_desk(office), unlock=check_password, people=lambda: PEOPLE)
    window.resize(1366, 768)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.tab is not None)
    return window


class NoteEditor(QWidget):
    """The smallest editor that can be parked."""

    draft_kind = "note"

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.line = QLineEdit()
        QVBoxLayout(self).addWidget(self.line)

    def draft_title(self) -> str:
        return f"Note: {self.line.text()}"

    def draft_state(self) -> dict[str, Any] | None:
        return {"text": self.line.text()} if self.line.text() else None

    def restore_state(self, state: dict[str, Any]) -> None:
        self.line.setText(state["text"])
