"""The practice's leaflets: what goes with letters to anybody is looked at, taken in and put away here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Problem
from medsec_desktop.services.documents.records import DocumentRow
from medsec_desktop.ui.letters.enclosing import take_in_leaflet
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    EmptyState,
    FastList,
    Hairline,
    ListRow,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.desk import Desk

_LIST_WIDTH = 300


class LeafletsSheet(QDialog):
    """A list, and the pages of the one selected beside it. Insert takes one in, Delete puts it away."""

    help_page = "letter-batch"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle("Leaflets")
        self.setAccessibleName("Leaflets")
        self.list = FastList(desk.theme, "Leaflets", two_lines=True)
        self.list.selectionModel().currentRowChanged.connect(lambda *_: self._ask_for_pages())
        self.page = PageView(desk.theme, "The leaflet selected")
        self.page.resolution_changed.connect(self._ask_for_pages)
        self.banner = Banner(desk.theme, "warning", "")
        self.banner.hide()
        self.take_button = PrimaryButton("Take in…", self.take_in, tip="Insert")
        self.away_button = PlainButton(
            "Out of use",
            self.put_away,
            tip="Offered no more; letters it went with keep it (Delete)",
        )
        self.close_button = PlainButton("Close", self.reject, tip="Esc")
        self._ask_pages = desk.jobs.latest(self._drawn, self._show_pages)
        self._lay_out()
        self.finished.connect(self.deleteLater)
        self.reload()

    def _lay_out(self) -> None:
        theme = self._desk.theme
        self.empty = EmptyState(
            theme, "file-text", "No leaflet yet", "Take in a map, a price list, how to prepare…"
        )
        self._lists = QStackedWidget()
        self._lists.addWidget(self.list)
        self._lists.addWidget(self.empty)
        self._lists.setFixedWidth(theme.px(_LIST_WIDTH))
        pages = QVBoxLayout()
        pages.setSpacing(8)
        pages.addWidget(self.banner)
        pages.addWidget(self.page, 1)
        two = QHBoxLayout()
        two.setSpacing(16)
        two.addWidget(self._lists)
        two.addWidget(Hairline(vertical=True))
        two.addLayout(pages, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.away_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.take_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(Text("Leaflets", "heading"))
        whole.addWidget(
            Text("Papers of the practice that go with letters to anybody.", "muted", wrap=True)
        )
        whole.addLayout(two, 1)
        whole.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(theme.px(860), room.width() - 80), min(theme.px(640), room.height() - 80))

    # -- what is shown ----------------------------------------------------------------------------

    def reload(self, selected: int = 0) -> None:
        """Read the leaflets anew, that one selected."""
        rows = guarded(self._desk, self._desk.office.leaflets.all) or ()
        self.list.set_rows(
            [ListRow(row, row.title, counted(row.pages, "page"), icon="file-text") for row in rows]
        )
        places = [place for place, row in enumerate(rows) if row.id == selected]
        if places:
            self.list.setCurrentIndex(self.list.rows.index(places[0], 0))
        self._lists.setCurrentWidget(self.list if rows else self.empty)
        self.away_button.setEnabled(bool(rows))
        (self.list if rows else self.take_button).setFocus()
        self._ask_for_pages()

    @property
    def current(self) -> DocumentRow | None:
        """The leaflet selected."""
        row = self.list.rows.row(self.list.currentIndex().row())
        return row.value if row is not None and isinstance(row.value, DocumentRow) else None

    def _ask_for_pages(self) -> None:
        row = self.current
        if row is None:
            self.page.show_pages((), "")
        else:
            self._ask_pages(str(row.id))

    def _drawn(self, document_id: str) -> tuple[tuple[PageImage, ...], str]:
        office = self._desk.office
        try:
            content = office.leaflets.content(int(document_id))
            return tuple(office.documents.reader.drawn(content, self.page.dpi)), ""
        except Problem as problem:
            return (), str(problem)

    def _show_pages(self, drawn: tuple[tuple[PageImage, ...], str]) -> None:
        images, problem = drawn
        self.page.show_pages(images, "")
        self.banner.show_message("warning", problem)
        self.banner.setVisible(bool(problem))

    # -- what is done -----------------------------------------------------------------------------

    def take_in(self) -> None:
        """Ask for a file, and keep it."""
        take_in_leaflet(self._desk, lambda row: self.reload(row.id))

    def put_away(self) -> None:
        """Offer the one selected no more."""
        row = self.current
        if row is None:
            return

        def do() -> bool:
            self._desk.office.leaflets.put_away(row.id)
            return True

        if guarded(self._desk, do):
            self.reload()
            self._desk.messages.say(f"“{row.title}” is not offered any more.", undo=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.put_away()
        elif event.key() == Qt.Key.Key_Insert:
            self.take_in()
        else:
            super().keyPressEvent(event)
