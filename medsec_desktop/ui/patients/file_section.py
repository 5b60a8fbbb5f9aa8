"""A part of a patient's file: shows what came with the file, or reads its own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QLayout, QVBoxLayout, QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.widgets import LinkButton, Section
from medsec_desktop.ui.widgets.tab_order import in_layout

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_HEAD = 30  # pixels at normal zoom
_WHEN_WIDTH = 148  # pixels, too


class FileSection(Section):
    """Lives as long as the file's screen, so that what is typed in it outlives a reload.

    A section puts what it shows into `rows` when it is told to `draw`; one that has more to do
    when another file comes up says so in `show_file`.
    """

    form_opened = Signal(QWidget)  # what should be brought into sight

    def __init__(self, title: str, desk: Desk, parent: QWidget | None = None):
        super().__init__(title, parent=parent)
        self._desk = desk
        self._file: PatientFile | None = None
        # As high with a button in it as without, so that the two columns stand in line.
        self.header.addStrut(desk.theme.px(_HEAD))
        self.rows = QVBoxLayout()
        self.rows.setSpacing(12)
        self.body.addLayout(self.rows)

    def show_file(self, file: PatientFile) -> None:
        """Show this patient's; a form open for the same patient stays as it is."""
        self._file = file
        self.redraw()

    def redraw(self) -> None:
        """Put into `rows` what is on file now, the focus staying where it was."""
        if self._file is None:
            return
        focus = QApplication.focusWidget()
        before = [*in_layout(self.rows)] if focus is not None and self.isAncestorOf(focus) else []
        name, place = (_name(focus), before.index(focus)) if focus in before else ("", -1)
        empty(self.rows)
        self.draw(self._file)
        if place >= 0:
            self._focus_again(name, place)

    def focus_first(self) -> None:
        """The focus on the first thing to do in it."""
        for widget in (*in_layout(self.rows), *in_layout(self.header)):
            if not widget.isHidden():
                widget.setFocus()
                return

    def _focus_again(self, name: str, place: int) -> None:
        """The focus on what stands now where it was, or is called as that was."""
        now = [widget for widget in in_layout(self.rows) if widget.isEnabled()]
        same = next((widget for widget in now if _name(widget) == name), None)
        if same is not None or now:
            (same or now[min(place, len(now) - 1)]).setFocus()
        else:
            self.focus_first()

    def draw(self, file: PatientFile) -> None:
        """Put what is on file into `rows`, which is empty."""


class GrowingSection(FileSection):
    """A list that shows the first of it, and more of it each time somebody asks."""

    first, step = 8, 25

    def __init__(self, title: str, desk: Desk, parent: QWidget | None = None):
        super().__init__(title, desk, parent)
        self._shown = self.first

    def show_file(self, file: PatientFile) -> None:
        if self._file is None or self._file.id != file.id:
            self._shown = self.first
        super().show_file(file)

    def offer_more(self, total: int) -> None:
        """A link to the next ones, while there are more than are shown."""
        left = total - self._shown
        if left > 0:
            more = min(left, self.step)
            text = f"Show {more:,} more" + (f" of {left:,}" if left > more else "")
            button = LinkButton(text, self._show_more)
            self.rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_more(self) -> None:
        self._shown += self.step
        self.redraw()


def date_grid(desk: Desk, row_gap: int = 8) -> QGridLayout:
    """A grid whose first column is that of the dates, as wide in every list of the file."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(row_gap)
    grid.setColumnMinimumWidth(0, desk.theme.px(_WHEN_WIDTH))
    return grid


def _name(widget: QWidget) -> str:
    return widget.objectName() or widget.accessibleName()


def empty(layout: QLayout) -> None:
    """Take everything out of a layout, at once for the eye, later for Qt."""
    while (item := layout.takeAt(0)) is not None:
        part = item.widget()
        if part is not None:
            part.hide()
            part.deleteLater()
        elif item.layout() is not None:
            empty(item.layout())
