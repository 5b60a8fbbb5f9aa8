"""A part of a patient's file: shows what came with the file, or reads its own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLayout, QVBoxLayout, QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.widgets import LinkButton, Section, Text
from medsec_desktop.ui.widgets.tab_order import in_layout

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_HEAD = 30  # pixels at normal zoom
_BY_HAND = Qt.WidgetAttribute.WA_WState_ExplicitShowHide


class FileSection(Section):
    """Lives as long as the file's screen, so that what is typed in it outlives a reload.

    A section fills what it shows when it is told to `draw`; one that has more to do when another
    file comes up says so in `show_file`. What a file shows many of, or every file shows, is made once
    and filled anew: widgets made for each file are what makes opening it slow.
    """

    form_opened = Signal(QWidget)  # what should be brought into sight

    def __init__(self, title: str, desk: Desk, parent: QWidget | None = None):
        super().__init__(title, parent=parent)
        self._desk = desk
        self._file: PatientFile | None = None
        self._said: Text | None = None
        self._more: LinkButton | None = None
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
        """Show what is on file now, the focus staying where it was."""
        if self._file is None:
            return
        focus = QApplication.focusWidget()
        before = self._stops() if focus is not None and self.isAncestorOf(focus) else []
        name, place = (_name(focus), before.index(focus)) if focus in before else ("", -1)
        self.draw(self._file)
        if place >= 0:
            self._focus_again(name, place)

    def focus_first(self) -> None:
        """The focus on the first thing to do in it."""
        for widget in (*self._stops(), *in_layout(self.header)):
            if not self._is_put_by(widget):
                widget.setFocus()
                return

    def _focus_again(self, name: str, place: int) -> None:
        """The focus on what stands now where it was, or is called as that was."""
        now = [widget for widget in self._stops() if widget.isEnabled()]
        same = next((widget for widget in now if _name(widget) == name), None)
        if same is not None or now:
            (same or now[min(place, len(now) - 1)]).setFocus()
        else:
            self.focus_first()

    def _stops(self) -> list[QWidget]:
        """What Tab can reach below the forms, in the order in which it stands there."""
        below = [*in_layout(self.rows), *([self._more] if self._more is not None else [])]
        return [widget for widget in below if not self._is_put_by(widget)]

    def _is_put_by(self, widget: QWidget | None) -> bool:
        """Whether somebody hid it, or what it is in; what was just made is not shown yet either."""
        while widget is not None and widget is not self:
            if widget.isHidden() and widget.testAttribute(_BY_HAND):
                return True
            widget = widget.parentWidget()
        return False

    def draw(self, file: PatientFile) -> None:
        """Show what is on file in `rows`."""

    def show_more(self) -> None:
        """Show what `offer` offers."""

    def say(self, words: str) -> None:
        """A quiet sentence where rows would stand; none for an empty one."""
        if self._said is None:
            if not words:
                return
            self._said = Text("", "muted", wrap=True)
            self.body.insertWidget(self.body.indexOf(self.rows), self._said)
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def offer(self, text: str) -> None:
        """A link below the rows to what is not shown at first; none for an empty text."""
        if self._more is None:
            if not text:
                return
            self._more = LinkButton("", lambda: self.show_more())
            place = self.body.indexOf(self.rows) + 1
            self.body.insertWidget(place, self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._more.say(text)
        self._more.setVisible(bool(text))


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
        more = min(left, self.step)
        text = f"Show {more:,} more" + (f" of {left:,}" if left > more else "")
        self.offer(text if left > 0 else "")

    def show_more(self) -> None:
        self._shown += self.step
        self.redraw()


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
