"""The diagnoses of a claim, A to L: a code each, with its words beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from medsec_desktop.domain.claims.claim import Claim, Diagnosis
from medsec_desktop.domain.claims.code_book import Code
from medsec_desktop.domain.claims.entered import LETTERS
from medsec_desktop.ui.widgets import ElidedLabel, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.theme import Theme

_ACROSS = 3
_CODE_WIDTH = 88


class DiagnosesEditor(QWidget):
    """One row of places more than is filled; a code is taken with its dot or without."""

    changed = Signal()

    def __init__(self, theme: Theme, words_of: Callable[[str], str], parent: QWidget | None = None):
        super().__init__(parent)
        self._words_of = words_of
        self._shown: tuple[Diagnosis, ...] = ()
        self._cells: list[QWidget] = []
        self.lines: list[QLineEdit] = []
        self.words: list[ElidedLabel] = []
        self._is_read_only = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for at, letter in enumerate(LETTERS):
            grid.addWidget(self._cell(theme, at, letter), at // _ACROSS, at % _ACROSS)
        for column in range(_ACROSS):
            grid.setColumnStretch(column, 1)

    def _cell(self, theme: Theme, at: int, letter: str) -> QWidget:
        line = QLineEdit()
        line.setMaxLength(9)
        line.setFixedWidth(theme.px(_CODE_WIDTH))
        line.setAccessibleName(f"Diagnosis {letter}")
        line.textChanged.connect(lambda _: self._typed(at))
        words = ElidedLabel("", "muted")
        mark = Text(letter, "caption")
        mark.setFixedWidth(theme.px(12))
        mark.setBuddy(line)
        cell = QWidget()
        row = QHBoxLayout(cell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(mark)
        row.addWidget(line)
        row.addWidget(words, 1)
        theme.changed.connect(lambda: line.setFixedWidth(theme.px(_CODE_WIDTH)))
        self._cells.append(cell)
        self.lines.append(line)
        self.words.append(words)
        return cell

    def show_codes(self, diagnoses: Sequence[Diagnosis]) -> None:
        """Fill the places; the rest are empty."""
        self._shown = tuple(diagnoses)
        self.restore([Code(one.code.replace(".", ""), "").written for one in diagnoses])

    def raw(self) -> list[str]:
        """What is typed, without the empty places at the end."""
        typed = [line.text() for line in self.lines]
        while typed and not typed[-1]:
            typed.pop()
        return typed

    def restore(self, typed: Sequence[Any]) -> None:
        for at, line in enumerate(self.lines):
            line.setText(str(typed[at]) if at < len(typed) else "")
        self._make_room()

    def taken(self, claim: Claim) -> Claim:
        """The claim with these diagnoses; a place left empty between others closes up."""
        codes = [text.replace(".", "").replace(" ", "").upper() for text in self.raw()]
        kept = [code for code in codes if code]
        if kept == [one.code.replace(".", "") for one in self._shown]:
            return replace(claim, diagnoses=self._shown)
        is_old = bool(self._shown) and self._shown[0].kind in ("BK", "BF")
        kinds = ("BK", "BF") if is_old else ("ABK", "ABF")
        new = tuple(
            Diagnosis(code, kinds[1] if place else kinds[0]) for place, code in enumerate(kept)
        )
        return replace(claim, diagnoses=new)

    def refresh_words(self) -> None:
        """The list of codes was read: say what each means."""
        for at in range(len(self.lines)):
            self._say(at)

    def set_read_only(self, is_read_only: bool) -> None:
        self._is_read_only = is_read_only
        for line in self.lines:
            line.setReadOnly(is_read_only)
        self._make_room()

    def widget_at(self, place: str) -> QWidget | None:
        """The line of “diagnoses[2].code”."""
        digits = "".join(one for one in place.split(".")[0] if one.isdigit())
        at = min(int(digits or 0), len(self.lines) - 1)
        self._make_room(at)
        return self.lines[at]

    def _typed(self, at: int) -> None:
        self._say(at)
        self._make_room()
        self.changed.emit()

    def _say(self, at: int) -> None:
        text = self.lines[at].text().strip()
        self.words[at].setText(self._words_of(text) if text else "")

    def _make_room(self, least: int = 0) -> None:
        """Rows of places as far as they are filled, and one place to go on."""
        filled = len(self.raw())
        wanted = max(filled + (0 if self._is_read_only else 1), least + 1, 1)
        rows = -(-wanted // _ACROSS)
        for at, cell in enumerate(self._cells):
            cell.setVisible(at < rows * _ACROSS)
