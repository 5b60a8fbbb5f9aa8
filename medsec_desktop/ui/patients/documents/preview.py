"""A document looked at: its pages at the left, one of them large, read away from the screen."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.ui.patients.documents.page_strip import THUMB_WIDTH, PagePlace, PageStrip
from medsec_desktop.ui.patients.documents.sheet import SheetView
from medsec_desktop.ui.widgets import Hairline, IconButton, Text

if TYPE_CHECKING:
    from medsec_desktop.services.documents.reader import OpenDocument
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.desk import Desk

_KEPT = 8  # large pages kept, so that going back and forth is at once


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be drawn: a page of a document, so wide; page -1 asks only to open it."""

    document_id: int
    number: int
    width: int


@dataclass(frozen=True, slots=True)
class _Drawn:
    wanted: _Wanted
    sizes: tuple[tuple[float, float], ...] = ()
    image: PageImage | None = None
    problem: Problem | None = None


class Preview(QWidget):
    """`show_document` opens one; what cannot be shown is a sentence in the page's place.

    One document is open at a time, in a process of its own, and ends with the look at it.
    """

    opened = Signal(int)  # pages

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._document_id: int | None = None
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._kept: OrderedDict[_Wanted, PageImage] = OrderedDict()
        self._wanted: _Wanted | None = None
        self._thumb_wanted: _Wanted | None = None
        self._lock = threading.Lock()  # around what the drawing threads share
        self._open: tuple[int, OpenDocument] | None = None
        theme = desk.theme
        self.strip = PageStrip(theme)
        self.sheet = SheetView(theme, "Page of the document")
        self.sheet.size_wanted.connect(self._ask_page)
        self.sheet.step.connect(self.step)
        self.strip.page_chosen.connect(lambda _: self._show_place())
        self.strip.thumbs_wanted.connect(self._ask_thumb)
        self.count = Text("", "muted")
        self.count.setMinimumWidth(theme.px(88))
        self.previous = IconButton(
            theme, "chevron-up", "Previous page", lambda: self.step(-1), key="Ctrl+PgUp"
        )
        self.next = IconButton(
            theme, "chevron-down", "Next page", lambda: self.step(1), key="Ctrl+PgDown"
        )
        self.smaller = IconButton(
            theme, "zoom-out", "Smaller page", lambda: self.sheet.zoom_by(-1), key="-"
        )
        self.larger = IconButton(
            theme, "zoom-in", "Larger page", lambda: self.sheet.zoom_by(1), key="+"
        )
        self.whole = IconButton(
            theme, "square", "Whole page, or its width", self.sheet.show_whole, key="0"
        )
        self.tools = QHBoxLayout()
        self.tools.setContentsMargins(8, 4, 8, 4)
        self.tools.setSpacing(4)
        for part in (self.previous, self.next, self.count):
            self.tools.addWidget(part)
        self.tools.addStretch(1)
        for part in (self.smaller, self.whole, self.larger):
            self.tools.addWidget(part)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(self.tools)
        right.addWidget(Hairline())
        right.addWidget(self.sheet, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.strip)
        self._line = Hairline(vertical=True)
        row.addWidget(self._line)
        row.addLayout(right, 1)
        self.setFocusProxy(self.sheet)
        self._ask = desk.jobs.latest(self._draw, self._show_drawn)
        self._ask_small = desk.jobs.latest(self._draw_small, self._show_small)

    @property
    def document_id(self) -> int | None:
        return self._document_id

    @property
    def page_count(self) -> int:
        return len(self._sizes)

    def show_document(self, document_id: int | None) -> None:
        """Show another document from its first page; the same one stays as it is."""
        if document_id == self._document_id:
            return
        self.let_go()
        self._document_id = document_id
        if document_id is None:
            self.sheet.say("")
            return
        self._wanted = _Wanted(document_id, -1, 0)
        self.sheet.say("Opening…")
        self._ask(repr(self._wanted))

    def let_go(self) -> None:
        """Close what is open; its process ends."""
        self._document_id = None
        self._sizes = ()
        self._kept.clear()
        self.strip.set_count(0)
        self._tell_place()
        with self._lock:
            open_now, self._open = self._open, None
            self._wanted = self._thumb_wanted = None
        if open_now is not None:
            open_now[1].close()

    def step(self, steps: int) -> None:
        """So many pages on."""
        self.strip.go_to(self.strip.at + steps)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        QTimer.singleShot(0, self, self._let_go_if_hidden)

    def _let_go_if_hidden(self) -> None:
        if not self.isVisible():
            self.let_go()

    # -- the page in front

    @property
    def _place(self) -> PagePlace | None:
        places = self.strip.places
        return places[self.strip.at] if places else None

    def _show_place(self) -> None:
        place = self._place
        self._tell_place()
        if place is None or not self._sizes:
            return
        wide, high = self._sizes[place.number]
        size = (high, wide) if place.turn % 180 else (wide, high)
        spoken = f"Page {self.strip.at + 1} of {len(self.strip.places)}"
        self.sheet.expect(size, spoken)
        self._ask_page()

    def _tell_place(self) -> None:
        count = len(self.strip.places)
        self.count.setText(f"{self.strip.at + 1} of {count}" if count else "")
        self.previous.setEnabled(self.strip.at > 0)
        self.next.setEnabled(self.strip.at < count - 1)
        for button in (self.smaller, self.larger, self.whole):
            button.setEnabled(bool(count))
        self.strip.setVisible(count > 1)
        self._line.setVisible(count > 1)

    def _ask_page(self) -> None:
        place = self._place
        if place is None or self._document_id is None:
            return
        width = self.sheet.wanted_width
        if place.turn % 180:  # it is drawn as it lies in the document, and turned on the screen
            wide, high = self._sizes[place.number]
            width = max(16, round(width * wide / high))
        wanted = _Wanted(self._document_id, place.number, width)
        kept = self._kept.get(wanted)
        if kept is not None:
            self.sheet.show_page(kept, place.turn)
            return
        self._wanted = wanted
        self._ask(repr(wanted))

    def _show_drawn(self, drawn: _Drawn | None) -> None:
        if drawn is None or drawn.wanted.document_id != self._document_id:
            return
        if drawn.problem is not None:
            self.sheet.say(str(drawn.problem))
            return
        if drawn.image is None:
            self._sizes = drawn.sizes
            self.strip.set_count(len(drawn.sizes))
            self.opened.emit(len(drawn.sizes))
            return
        self._kept[drawn.wanted] = drawn.image
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        place = self._place
        if place is not None and place.number == drawn.wanted.number:
            self.sheet.show_page(drawn.image, place.turn)

    # -- the small pictures

    def _ask_thumb(self) -> None:
        missing = self.strip.missing()
        if missing and self._document_id is not None and len(self._sizes) > 1:
            width = round(self._desk.theme.px(THUMB_WIDTH) * self.devicePixelRatioF())
            self._thumb_wanted = _Wanted(self._document_id, missing[0], width)
            self._ask_small(repr(self._thumb_wanted))

    def _show_small(self, drawn: _Drawn | None) -> None:
        if drawn is None or drawn.wanted.document_id != self._document_id:
            return
        if drawn.image is not None:
            self.strip.set_thumb(drawn.wanted.number, drawn.image)
            QTimer.singleShot(0, self, self._ask_thumb)  # the next one, after the keys

    # -- in the drawing threads

    def _draw(self, _: str) -> _Drawn | None:
        with self._lock:
            wanted = self._wanted
        return None if wanted is None else self._answer(wanted)

    def _draw_small(self, _: str) -> _Drawn | None:
        with self._lock:
            wanted = self._thumb_wanted
        return None if wanted is None else self._answer(wanted)

    def _answer(self, wanted: _Wanted) -> _Drawn:
        try:
            document = self._opened(wanted.document_id)
            if wanted.number < 0:
                return _Drawn(wanted, document.sizes)
            return _Drawn(wanted, image=document.page(wanted.number, wanted.width))
        except Problem as problem:
            return _Drawn(wanted, problem=problem)

    def _opened(self, document_id: int) -> OpenDocument:
        with self._lock:
            if self._open is not None and self._open[0] == document_id:
                return self._open[1]
        document = self._desk.office.documents.open(document_id)
        with self._lock:
            before, self._open = self._open, (document_id, document)
            is_stale = self._wanted is None or self._wanted.document_id != document_id
            if is_stale:  # somebody went on while it was being opened
                self._open = before
        if is_stale:
            document.close()
        elif before is not None:
            before[1].close()
        return document
