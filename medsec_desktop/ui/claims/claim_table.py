"""The claims of a work-list, or the visits that have none yet, in the middle of the tab."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.ui.claims.wording import amount, counted, days_left, state_of
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import (
    ElidedLabel,
    EmptyState,
    PlainButton,
    PrimaryButton,
    SearchLine,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

VISITS, CHARGED, CLAIMS = "visits", "charged", "claims"
KIND_OF = {"uncharged": VISITS, "unclaimed": CHARGED}
_NOTHING = {
    "uncharged": ("Every visit is charged", "Visits that took place and have no charges are listed here."),
    "unclaimed": ("Every charge has its claim", "Charged visits that have no claim yet are listed here."),
    "drafts": ("No drafts", "Claims that nobody has finished are listed here."),
    "held": ("Nothing is held back", "Claims the scrubber has found errors in are listed here."),
    "checked": ("Nothing to say ready to", "Claims the scrubber has nothing against are listed here."),
    "ready": ("Nothing is ready", "Claims that may go are listed here, to be written to files or printed."),
    "deadlines": ("No deadline is near", "Claims whose filing limit comes near are listed here."),
    "sent": ("Nothing is on its way", "Claims that left and are not answered yet are listed here."),
    "no-answer": ("No payer is silent", "Claims that left and got no answer for too long are listed here."),
    "rejected": ("Nothing came back", "Claims that were rejected before any decision are listed here."),
    "decided": ("Nothing was decided", "Claims that were paid or denied, and are not closed, are listed here."),
    "mine": ("You have no claims in hand", "Claims that are yours are listed here."),
    "next": ("Nothing is due", "Claims with something to do by today are listed here."),
    "all": ("No claims yet", "Charge a visit, and its claim is made from it."),
}  # fmt: skip


class ClaimTable(QWidget):
    """`selected` says that another row is in front; `opened` carries the row Enter was pressed on."""

    selected = Signal()
    opened = Signal(object)
    went_left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.key = ""
        self._filling = False
        self._left_out = 0  # rows of the list that are not read, for there are too many
        theme = desk.theme
        self.title = ElidedLabel("", "heading")
        self.figures = ElidedLabel("", "muted")
        self.search = SearchLine("Filter the claims", "Filter: name, payer, number", theme)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.many_button = PrimaryButton("", lambda: self.many_wanted.emit())
        self.more_button = PlainButton("", lambda: self.more_wanted.emit())
        self.views: dict[str, RowsView] = {}  # by what they are of; made when first shown
        self.empty = EmptyState(theme, "receipt-text", "", "")
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.empty)
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.figures)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addLayout(words, 1)
        first.addWidget(self.more_button)
        first.addWidget(self.many_button)
        head.addLayout(first)
        head.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.pages, 1)

    many_wanted = Signal()
    more_wanted = Signal()

    # -- columns --------------------------------------------------------------------------------

    def _claim_columns(self) -> list[Column]:
        formats = self._desk.office.formats
        return [
            Column("Patient", lambda row: row.name.listed, width=0, least=18),
            Column("Date", lambda row: formats.date(row.first_on), lambda row: (row.first_on, row.id), 10),
            Column("Amount", lambda row: amount(row.total_cents), lambda row: row.total_cents, 9, "right"),
            Column("Left", days_left, lambda row: _last(row.days_left), 8, "right"),
            Column("State", state_of, width=12, gives_way=1),
            Column("Payer", lambda row: row.payer_name, width=18, gives_way=3),
            Column("Number", lambda row: row.number, width=9, gives_way=4),
            Column("Next", lambda row: self._next(row), lambda row: (row.next_on or date.max, row.id), 18,
                   gives_way=2),
            Column("Whose", lambda row: row.owner_name, width=12, gives_way=5),
        ]  # fmt: skip

    def _next(self, row: Any) -> str:
        day = self._desk.office.formats.short_date(row.next_on) if row.next_on else ""
        return ": ".join(part for part in (day, row.next_action) if part)

    def _visit_columns(self) -> list[Column]:
        formats = self._desk.office.formats
        return [
            Column("Patient", lambda row: row.patient_name, width=0, least=18),
            Column("Visit", lambda row: formats.when(row.starts_at), lambda row: row.starts_at, 18),
            Column("What", lambda row: row.type_name, width=14, gives_way=2),
            Column("Provider", lambda row: row.provider_name, width=16, gives_way=1),
            Column("Payer", lambda row: row.payer_name or "None", width=18, gives_way=3),
            Column("Charges", lambda row: "Begun" if row.is_begun else "", width=7, gives_way=4),
        ]

    def _charged_columns(self) -> list[Column]:
        formats = self._desk.office.formats
        return [
            Column("Patient", lambda row: row.name.listed, width=0, least=18),
            Column("Date", lambda row: formats.date(row.day), lambda row: (row.day, row.sheet_id), 10),
            Column("Amount", lambda row: amount(row.total_cents), lambda row: row.total_cents, 9, "right"),
            Column("Payer", lambda row: row.payer_name or "None on that day", width=18, gives_way=1),
            Column("Provider", lambda row: row.provider_name, width=16, gives_way=2),
        ]  # fmt: skip

    # -- showing --------------------------------------------------------------------------------

    @property
    def view(self) -> RowsView:
        """The table of what the list is of."""
        kind = KIND_OF.get(self.key, CLAIMS)
        if kind not in self.views:
            self.views[kind] = self._made(kind)
        return self.views[kind]

    def _made(self, kind: str) -> RowsView:
        columns, name = {
            CLAIMS: (self._claim_columns, "Claims"),
            VISITS: (self._visit_columns, "Visits without charges"),
            CHARGED: (self._charged_columns, "Charged visits without a claim"),
        }[kind]
        view = RowsView(self._desk.theme, columns(), name, parent=self.pages)
        view.chosen.connect(self.opened)
        view.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        view.installEventFilter(self)
        self.pages.addWidget(view)
        return view

    def show_rows(
        self, key: str, title: str, rows: Sequence[Any], of: int, many: str = "", more: str = ""
    ) -> None:
        """Show a work-list, the first rows `of` so many. `many` and `more` are the words of the buttons
        that act on several."""
        is_other = key != self.key
        self.key = key
        if is_other:
            self.search.clear()
        kept = () if is_other else tuple(_key(row) for row in self.selected_rows)
        at = max(self.view.currentIndex().row(), 0)
        self._filling = True
        self._left_out = max(of - len(rows), 0)
        self.title.setText(title)
        self.view.set_rows(rows)
        self.view.filter(self.search.text())
        nothing, sentence = _NOTHING.get(key, ("Nothing here", ""))
        self.empty.say(nothing, sentence)
        self.pages.setCurrentWidget(self.view if rows else self.empty)
        self.search.setVisible(bool(rows))
        for button, text in ((self.many_button, many), (self.more_button, more)):
            button.setVisible(bool(text) and bool(rows))
            button.setText(text)
            button.setAccessibleName(text)
        self._select_again(kept, 0 if is_other else at)
        self._filling = False
        self._sum()
        self.selected.emit()

    def _select_again(self, kept: Sequence[object], at: int) -> None:
        """What was selected, wherever it stands now; else whatever stands where it stood."""
        view, shown = self.view, self.view.shown_rows()
        if not shown:
            return
        flags = QItemSelectionModel.SelectionFlag
        found = [place for place, row in enumerate(shown) if _key(row) in kept]
        view.selectRow(found[0] if found else min(at, len(shown) - 1))
        for place in found[1:]:
            view.selectionModel().select(view.order.index(place, 0), flags.Select | flags.Rows)

    def select(self, claim_id: int) -> bool:
        """Put the selection on one claim; False where it is not in the list."""
        for place, row in enumerate(self.view.shown_rows()):
            if getattr(row, "id", None) == claim_id:
                self.view.selectRow(place)
                return True
        return False

    @property
    def selected_rows(self) -> tuple[Any, ...]:
        return tuple(self.view.selected_rows())

    @property
    def row(self) -> Any:
        """The row in front; None where there is none."""
        return self.view.marked_row() if self.views else None

    def take_focus(self) -> None:
        if self.pages.currentWidget() is self.empty:
            self.went_left.emit()
        else:
            self.view.setFocus()

    def _filter(self, text: str) -> None:
        self.view.filter(text)
        if self.view.shown_rows() and self.row is None:
            self.view.selectRow(0)
        self._sum()

    def _sum(self) -> None:
        rows = self.view.shown_rows()
        word = ("visit", "visits") if self.key in KIND_OF else ("claim", "claims")
        parts = [counted(len(rows), *word)] if rows else []
        cents = sum(getattr(row, "total_cents", 0) for row in rows)
        if cents:
            parts.append(amount(cents))
        chosen = self.selected_rows
        if self._left_out:
            parts.append(f"{self._left_out:,} more later")
        if len(chosen) > 1:
            parts.append(f"{len(chosen)} selected")
        self.figures.setText("  ·  ".join(parts))

    def _tell(self) -> None:
        if not self._filling:
            self._sum()
            self.selected.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down and Enter go from the filter into the table, Left goes back to the lists."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if watched is self.search and key in (
                Qt.Key.Key_Down,
                Qt.Key.Key_Return,
                Qt.Key.Key_Enter,
            ):
                self.view.setFocus()
                return True
            if watched is self.view and key == Qt.Key.Key_Left and not event.modifiers():
                self.went_left.emit()
                return True
        return super().eventFilter(watched, event)


def _last(days: int | None) -> int:
    return 100_000 if days is None else days


def _key(row: Any) -> object:
    """What makes a row the same one after it was read again."""
    for name in ("id", "sheet_id", "appointment_id"):
        if hasattr(row, name):
            return name, getattr(row, name)
    return row
