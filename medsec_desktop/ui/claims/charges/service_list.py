"""The services of a visit: a line each under common heads, and what they come to together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.charges import ChargeLine
from medsec_desktop.domain.money import Money
from medsec_desktop.domain.wording import counted
from medsec_desktop.ui.claims.charges.code_finder import CodeFinder, modifiers_found
from medsec_desktop.ui.claims.charges.line_row import CELLS, ServiceLine
from medsec_desktop.ui.widgets import IconButton, Text
from medsec_desktop.ui.widgets.search_list import steer

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class ServiceList(QWidget):
    """Told which lines to show; `changed` after one was typed in, `removed` with one to take out.

    `priced` gives a line at the fee that holds; modifiers typed as words are offered in the finder.
    """

    changed = Signal()
    removed = Signal(object)  # ServiceLine

    def __init__(
        self,
        desk: Desk,
        finder: CodeFinder,
        diagnoses: Callable[[], int],
        providers: Callable[[], list[tuple[object, str]]],
        priced: Callable[[ChargeLine], ChargeLine],
    ):
        super().__init__()
        self._desk, self._finder = desk, finder
        self._diagnoses, self._providers, self._priced = diagnoses, providers, priced
        self._known_modifiers: dict[str, str] | None = None
        self._modifying: ServiceLine | None = None
        self.rows: list[ServiceLine] = []
        self.total = Text("", "heading")
        self.total.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._lay_out()

    @property
    def lines(self) -> list[ChargeLine]:
        """The services as they are now."""
        return [row.line for row in self.rows]

    def commit(self) -> bool:
        """Take in what stands in every cell; whether all of it is sound."""
        sound = [row.commit() for row in self.rows]  # each says what is wrong with it
        return all(sound)

    def begin(self) -> None:
        """Another visit: lists of codes may have been taken in since."""
        self._known_modifiers = None

    def show_lines(self, lines: Sequence[ChargeLine]) -> None:
        """As many rows as lines; one that shows the same code is kept with what is typed in it."""
        kept = list(self.rows)
        self.rows = []
        for line in lines:
            row = next(
                (one for one in kept if one.line.code == line.code and one.line.id == line.id), None
            )
            if row is None:
                row = self._new_row(line)
            else:
                kept.remove(row)
                row.show_line(line)
            self.rows.append(row)
        for row in kept:
            self.column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, row in enumerate(self.rows, start=1):
            if self.column.indexOf(row) != place:
                self.column.insertWidget(place, row)
                row.show()  # now, not with the next event: what is not shown yet takes no focus
        self.heads.setVisible(bool(lines))
        self._tell_total()

    def _new_row(self, line: ChargeLine) -> ServiceLine:
        row = ServiceLine(
            self._desk,
            line,
            self._diagnoses,
            self._providers,
            asks_drug=self._desk.office.charges.asks_for_drug(line),
        )
        row.changed.connect(lambda _, row=row: self._line_changed(row))
        row.modifiers_typed.connect(lambda word, row=row: self._offer_modifiers(row, word))
        row.steer = lambda event, row=row: self._steer_modifiers(row, event)
        row.is_choosing = self._is_choosing
        row.tell_modifiers(self._modifiers)
        row.removed.connect(lambda row=row: self.removed.emit(row))
        return row

    def _line_changed(self, row: ServiceLine) -> None:
        """What was typed into a line; another modifier may have another fee."""
        priced = row.line
        if row.line.fee_cents is not None or row.line.charge_cents is None:
            priced = self._priced(row.line)
        if priced != row.line:
            row.show_line(priced)
        row.tell_modifiers(self._modifiers)
        self._tell_total()
        self.changed.emit()

    # -- modifiers ----------------------------------------------------------------------------

    @property
    def _modifiers(self) -> dict[str, str]:
        if self._known_modifiers is None:
            self._known_modifiers = self._desk.office.code_search.modifiers()
        return self._known_modifiers

    def _offer_modifiers(self, row: ServiceLine, word: str) -> None:
        """Show at the right what a word typed into a line's modifiers may stand for."""
        rows = modifiers_found(self._modifiers, word)
        was_offered, row.offered = row.offered, bool(rows)
        if rows:
            self._modifying = row
            self._finder.list.set_rows(rows)
        elif was_offered:
            self._finder.again()

    def _steer_modifiers(self, row: ServiceLine, event: QKeyEvent) -> bool:
        if steer(self._finder.list, event):
            return True
        if event.key() == Qt.Key.Key_Escape:
            row.offered = False
            self._finder.again()
            return True
        return False

    def _is_choosing(self) -> bool:
        """Whether the list of modifiers is being used; one that is left is put away."""
        if self._finder.list.hasFocus():
            return True
        self._finder.again()
        return False

    def put_modifier(self, code: str) -> None:
        """Write the modifier chosen into the line it was looked for in."""
        row = self._modifying
        if row is not None and row in self.rows:
            row.put_modifier(code)
            row.tell_modifiers(self._modifiers)
        self._finder.again()

    def _tell_total(self) -> None:
        lines = self.lines
        cents = sum(line.charge_cents or 0 for line in lines)
        said = f"{counted(len(lines), 'service')}, ${Money(cents)}" if lines else ""
        if said != self.total.text():
            self.total.setText(said)
            self.total.setAccessibleName(f"Total: {said}" if said else "")
            event = QAccessibleEvent(self.total, QAccessible.Event.NameChanged)
            QAccessible.updateAccessibility(event)

    def _lay_out(self) -> None:
        theme = self._desk.theme
        px = theme.px
        self.heads = QWidget()
        heads = QHBoxLayout(self.heads)
        heads.setContentsMargins(0, 0, 0, 0)
        heads.setSpacing(8)
        heads.addWidget(Text("Service", "small"), 1)
        for _, label, width in CELLS:
            words = Text(label, "small")
            words.setFixedWidth(px(width))
            heads.addWidget(words)
        wide = IconButton(theme, "x", "").sizeHint().width()
        for _ in range(2):  # as wide as the buttons at the end of a line
            place = QWidget()
            place.setFixedWidth(wide)
            heads.addWidget(place)
        inner = QWidget()
        inner.setProperty("kind", "surface")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 4, 0)
        self.column.setSpacing(8)
        self.column.addWidget(self.heads)
        self.column.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.scroll)
