"""Steps in order, each of which must be sound before the next: a rail, the pages, Back and Next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.problems import Problem
from medsec_desktop.ui.jobs import Cancelled
from medsec_desktop.ui.practice.recovery_page import RecoveryPage
from medsec_desktop.ui.practice.wizard_page import Page
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Banner, ElidedLabel, PlainButton, PrimaryButton, Text


class Steps(QWidget):
    """The frame of the wizards; the last page is the recovery sheet, which must be kept to go on."""

    opened = Signal(object)
    left = Signal()

    def __init__(
        self,
        theme: Theme,
        caption: str,
        pages: tuple[Page, ...],
        recovery: RecoveryPage,
        *,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._theme = theme
        self.pages = pages
        self.recovery = recovery
        self.can_leave = False
        self._is_busy = False
        self._recovery_key = ""
        self._over: QWidget | None = None
        self.recovery.kept.connect(self._refresh)
        self._steps: list[tuple[QLabel, Text]] = []
        self.rail = self._rail(caption)
        self._stack = QStackedWidget()
        for page in self.pages:
            self._stack.addWidget(self._scrolled(page))
        self.banner = Banner(theme, "danger", "")
        self.banner.hide()
        self.back = PlainButton("Back", self.go_back)
        self.next = PrimaryButton("Next", self.go_on)
        self.where = ElidedLabel("", "muted")
        foot = QHBoxLayout()
        foot.setContentsMargins(40, 12, 40, 16)
        foot.setSpacing(8)
        foot.addWidget(self.where, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        right = QWidget()
        right.setProperty("kind", "surface")
        right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        right_column = QVBoxLayout(right)
        right_column.setContentsMargins(0, 0, 0, 0)
        right_column.setSpacing(0)
        right_column.addWidget(self._stack, 1)
        self._column = right_column
        banner_row = QHBoxLayout()
        banner_row.setContentsMargins(40, 0, 40, 0)
        banner_row.addWidget(self.banner)
        right_column.addLayout(banner_row)
        right_column.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(right, 1)
        theme.changed.connect(self._refresh)

    def _rail(self, caption: str) -> QFrame:
        rail = QFrame()
        rail.setObjectName("status")
        rail.setFixedWidth(self._theme.px(216))
        column = QVBoxLayout(rail)
        column.setContentsMargins(24, 36, 16, 24)
        column.setSpacing(12)
        column.addWidget(Text(caption, "caption"))
        for page in self.pages:
            mark, words = QLabel(), Text(page.name)
            mark.setFixedWidth(20)
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(mark)
            line.addWidget(words, 1)
            column.addLayout(line)
            self._steps.append((mark, words))
        column.addStretch(1)
        return rail

    def _scrolled(self, page: Page) -> QScrollArea:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setProperty("kind", "surface")
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 0)
        page.setMaximumWidth(self._theme.px(960))
        row.addWidget(page, 1)
        row.addStretch(0)
        scroll.setWidget(inner)
        return scroll

    # -- going through -------------------------------------------------------------------------

    def start(self) -> None:
        """Put the focus where the first page wants it."""
        self._refresh()
        self.page.first().setFocus()

    @property
    def page(self) -> Page:
        return self.pages[self._stack.currentIndex()]

    def show_page(self, page: Page) -> None:
        self._stack.setCurrentIndex(self.pages.index(page))
        self.banner.hide()
        self._refresh()
        first = page.first()
        first.setFocus()
        if isinstance(first, QLineEdit):
            first.selectAll()

    def go_back(self) -> None:
        """The page before, with everything as it was typed."""
        at = self.pages.index(self.page)
        if self._is_busy or self._recovery_key:
            return
        if at:
            self.show_page(self.pages[at - 1])
        elif self.can_leave:
            self.left.emit()

    def go_on(self) -> None:
        """The next page, or what follows this one, once this page is sound."""
        if self._is_busy:
            return
        if self.page is self.recovery:
            if self.recovery.may_go_on:
                self.finish()
            return
        try:
            self.page.check()
        except Problem as problem:
            self._complain(problem)
            return
        self.advance()

    def advance(self) -> None:
        """This page is sound: go to the next."""
        self.show_page(self.pages[self.pages.index(self.page) + 1])

    def finish(self) -> None:
        """The recovery sheet is kept: open the practice."""
        raise NotImplementedError

    @property
    def is_waiting(self) -> bool:
        """Whether a page shows how far long work is, and nothing else is offered."""
        return False

    def label_of(self, page: Page) -> str:
        """What the button that goes on says on `page`."""
        return "Open the practice" if page is self.recovery else "Next"

    def put_over_pages(self, widget: QWidget) -> None:
        """Keep `widget` at hand to stand in the pages' place, as `show_over_pages` says."""
        self._over = widget
        self._column.insertWidget(0, widget, 1)

    def show_over_pages(self, over: bool) -> None:
        if self._over is not None:
            self._stack.setVisible(not over)
            self._over.setVisible(over)

    # -- telling -------------------------------------------------------------------------------

    def _told(self, error: BaseException) -> None:
        """Say what went wrong, unless she stopped it herself."""
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, Problem):
            raise error
        self._complain(error)

    def _complain(self, problem: Problem) -> None:
        if not self.page.complain(problem):
            self._say(problem)

    def _say(self, problem: Problem) -> None:
        rest = " ".join(part for part in (problem.why, problem.remedy) if part)
        self.banner.show_message("danger", rest, title=problem.what)
        self.banner.show()

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._refresh()

    def _refresh(self) -> None:
        at = self.pages.index(self.page)
        for index, (mark, words) in enumerate(self._steps):
            icon, colour = ("circle-check", "success") if index < at else ("circle-dashed", "muted")
            if index == at:
                icon, colour = "arrow-right", "accent"
            mark.setPixmap(self._theme.pixmap(icon, colour, 16, self.devicePixelRatioF()))
            words.set_kind("strong" if index == at else "body" if index < at else "muted")
        is_last = self.page is self.recovery
        is_waiting = self.is_waiting
        self.rail.setVisible(not is_waiting)
        self.next.setVisible(not is_waiting)
        self.where.setVisible(not is_waiting)
        self.back.setVisible(not is_last and not is_waiting and (at > 0 or self.can_leave))
        self.back.setEnabled(not self._is_busy)
        self.next.setEnabled(not self._is_busy and (not is_last or self.recovery.may_go_on))
        self.next.setText("One moment…" if self._is_busy else self.label_of(self.page))
        self.where.setText(
            "To go on, print or save the sheet, or check that you wrote the key down."
            if is_last and not self.recovery.may_go_on
            else f"Step {at + 1} of {len(self.pages)}"
        )
        self.where.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, or presses the button in focus while one cannot; Alt+Left goes back."""
        key, modifiers = event.key(), event.modifiers()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if isinstance(focus, QPushButton) and not self.next.isEnabled():
                focus.click()
            else:
                self.go_on()
        elif key == Qt.Key.Key_Left and modifiers & Qt.KeyboardModifier.AltModifier:
            self.go_back()
        else:
            super().keyPressEvent(event)
