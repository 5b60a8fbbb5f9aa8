"""Work on the pages of a document: turned, moved, left out, cut apart, put together; kept as a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from medsec_desktop.services.documents.records import DocumentRow
from medsec_desktop.ui.patients.documents.preview import Preview
from medsec_desktop.ui.widgets import IconButton, PlainButton, PrimaryButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

T = TypeVar("T")


class PageTools(QWidget):
    """A row of buttons, and a bar while pages lie differently from the document.

    `made` carries the document that took the old one's place.
    """

    made = Signal(object)

    def __init__(self, desk: Desk, preview: Preview, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._preview = preview
        self._row: DocumentRow | None = None
        strip = preview.strip
        strip.arranged.connect(self._tell)
        theme = desk.theme
        actions = desk.actions

        def button(icon: str, name: str, action_id: str, key: str) -> IconButton:
            return IconButton(theme, icon, name, lambda: actions.trigger(action_id), key=key)

        self.left = button("rotate-ccw", "Turn the page left", "page.left", "Ctrl+[")
        self.right = button("rotate-cw", "Turn the page right", "page.right", "Ctrl+]")
        self.earlier = button("arrow-up", "Page earlier", "page.earlier", "Ctrl+Shift+Up")
        self.later = button("arrow-down", "Page later", "page.later", "Ctrl+Shift+Down")
        self.out = button("trash-2", "Leave the page out", "page.out", "Ctrl+Shift+Backspace")
        self.cut = button("scissors", "Cut before this page", "page.cut", "Ctrl+Alt+K")
        self.join = IconButton(
            theme, "copy-plus", "Put another document behind this one", self._offer_others
        )
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.buttons = (
            self.left, self.right, self.earlier, self.later, self.out, self.cut, self.join,
        )  # fmt: skip
        for one in self.buttons:
            row.addWidget(one)
        self.bar = QFrame()
        self.bar.setProperty("tone", "info")
        self.words = Text("", wrap=True)
        self.keep_button = PrimaryButton("Keep", self.keep, tip="Keep the pages so (Ctrl+S)")
        self.back_button = PlainButton("Put back", strip.put_back)
        bar = QHBoxLayout(self.bar)
        bar.setContentsMargins(12, 6, 8, 6)
        bar.setSpacing(8)
        bar.addWidget(self.words, 1)
        bar.addWidget(self.back_button)
        bar.addWidget(self.keep_button)
        self.bar_box = QWidget()  # with the air around it, which goes with it
        around = QHBoxLayout(self.bar_box)
        around.setContentsMargins(12, 8, 12, 8)
        around.addWidget(self.bar)
        self.bar_box.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)

    def bind(self, owner: QWidget) -> None:
        """Let the keys of pages work while `owner` is on the screen."""
        strip, bind = self._preview.strip, self._desk.actions.bind
        may = self._may
        bind("page.left", lambda: strip.turn(-90), may, owner=owner)
        bind("page.right", lambda: strip.turn(90), may, owner=owner)
        bind("page.earlier", lambda: strip.move(-1), may, owner=owner)
        bind("page.later", lambda: strip.move(1), may, owner=owner)
        bind("page.out", strip.leave_out, self._may_leave_out, owner=owner)
        bind("page.cut", self.cut_here, self._may_cut, owner=owner)
        bind("page.next", lambda: self._preview.step(1), owner=owner)
        bind("page.previous", lambda: self._preview.step(-1), owner=owner)

    def show_row(self, row: DocumentRow | None, *, may: bool) -> None:
        """The document the pages are of; whether they may be worked on."""
        self._row = row if may else None
        for button in self.buttons:
            button.setVisible(may)
        self._tell()

    def keep(self) -> None:
        """Make the new document of the pages as they lie now."""
        row, places = self._row, self._preview.strip.places
        if row is None or not self._preview.strip.is_arranged:
            return
        wanted = [(place.number, place.turn) for place in places]
        pages = self._desk.office.documents.pages
        self._do(
            "Put pages in order",
            lambda: pages.arrange(row.id, row.version, wanted),
            lambda made: f"The pages of “{made.title}” are kept as they lie now.",
        )

    def cut_here(self) -> None:
        """Two documents: what is before the page in front, and the rest."""
        row, at = self._row, self._preview.strip.at
        if row is None:
            return
        pages = self._desk.office.documents.pages
        self._do(
            "Cut a document",
            lambda: pages.split(row.id, row.version, [at])[0],
            lambda _: f"“{row.title}” is cut in two before page {at + 1}.",
        )

    def others(self) -> tuple[DocumentRow, ...]:
        """What may be put behind this one: the other documents of the same file, or to be sorted."""
        row = self._row
        if row is None:
            return ()
        office = self._desk.office
        rows = (
            office.sorting.waiting()
            if row.patient_id is None
            else office.documents.of_patient(row.patient_id)
        )
        return tuple(one for one in rows if one.id != row.id)

    def put_behind(self, other: DocumentRow) -> None:
        """One document out of the two."""
        row = self._row
        if row is None:
            return
        pages = self._desk.office.documents.pages
        self._do(
            "Put documents together",
            lambda: pages.merge(row.id, row.version, other.id, other.version),
            lambda made: f"“{other.title}” is behind “{made.title}” now.",
        )

    def menu_of_others(self) -> QMenu:
        """The documents that may follow, as a menu."""
        menu = QMenu(self)
        for other in self.others()[:30]:
            day = self._desk.office.formats.date(other.shown_on)
            entry = menu.addAction(f"{other.title.replace('&', '&&')}\t{day}")
            entry.triggered.connect(lambda _=False, other=other: self.put_behind(other))
        return menu

    # -- inside

    def _offer_others(self) -> None:
        if self._preview.strip.is_arranged:
            self._desk.messages.not_now("Keep the pages as they lie, or put them back, first.")
            return
        menu = self.menu_of_others()
        if menu.isEmpty():
            self._desk.messages.not_now("There is no other document to put behind this one.")
            return
        menu.popup(self.join.mapToGlobal(QPoint(0, self.join.height())))

    def _do(
        self, title: str, work: Callable[[], DocumentRow], words: Callable[[DocumentRow], str]
    ) -> None:
        def done(made: DocumentRow) -> None:
            self._desk.messages.say(words(made), undo=True)
            self.made.emit(made)

        self._desk.jobs.run(title, lambda _: work(), done, cancellable=False)

    def _may(self) -> bool | str:
        if self._row is None or not self._preview.strip.places:
            return "The pages of this document cannot be worked on here."
        return True

    def _may_leave_out(self) -> bool | str:
        if len(self._preview.strip.places) < 2:
            return "A document has at least one page: put the whole document away instead."
        return self._may()

    def _may_cut(self) -> bool | str:
        if self._preview.strip.is_arranged:
            return "Keep the pages as they lie, or put them back, before cutting."
        if self._preview.strip.at == 0:
            return "Go to the page that is to begin the second document, then cut."
        return self._may()

    def _tell(self) -> None:
        strip = self._preview.strip
        several = len(strip.places) > 1
        for button in (self.earlier, self.later, self.out, self.cut):
            button.setEnabled(several)
        shown = self._row is not None and strip.is_arranged
        self.bar_box.setVisible(shown)
        if shown:
            left_out = (self._preview.page_count) - len(strip.places)
            out = f", {left_out} left out" if left_out else ""
            self.words.setText(
                f"The pages lie differently from the document{out}."
                " Keeping them makes a new one; the old one is put away."
            )
