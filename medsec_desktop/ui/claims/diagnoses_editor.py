"""The diagnoses of a claim, A to L: a code each, with its words beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from medsec_desktop.domain.claims.claim import Claim, Diagnosis
from medsec_desktop.domain.claims.code_book import Code
from medsec_desktop.domain.claims.entered import LETTERS
from medsec_desktop.ui.claims.part import ClaimPart
from medsec_desktop.ui.widgets import ElidedLabel, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.theme import Theme

_ACROSS = 3
_CODE_WIDTH = 88


class DiagnosesEditor(ClaimPart):
    """One row of places more than is filled; a code is taken with its dot or without.

    Rows are made as they are needed: hardly any claim has twelve diagnoses.
    """

    def __init__(self, theme: Theme, words_of: Callable[[str], str], parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._words_of = words_of
        self._shown: tuple[Diagnosis, ...] = ()
        self._cells: list[QWidget] = []
        self.lines: list[QLineEdit] = []
        self.words: list[ElidedLabel] = []
        self._is_read_only = False
        self._filling = False
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for column in range(_ACROSS):
            grid.setColumnStretch(column, 1)
        theme.changed.connect(self._give_width)

    def _give_width(self) -> None:
        for line in self.lines:
            line.setFixedWidth(self._theme.px(_CODE_WIDTH))

    def _make(self, count: int) -> None:
        """As many places at least, in whole rows."""
        while len(self.lines) < min(count, len(LETTERS)):
            for column in range(_ACROSS):
                at = len(self.lines)
                self._grid.addWidget(self._cell(at), at // _ACROSS, column)

    def _cell(self, at: int) -> QWidget:
        theme, letter = self._theme, LETTERS[at]
        line = QLineEdit()
        line.setMaxLength(9)
        line.setReadOnly(self._is_read_only)
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
        self._cells.append(cell)
        self.lines.append(line)
        self.words.append(words)
        return cell

    @property
    def size_of_list(self) -> int:
        return len(self.lines)

    def steps(self, claim: Claim, *, is_read_only: bool) -> Iterator[None]:
        """Fill the places; the rest are empty."""
        self._shown, self._is_read_only = claim.diagnoses, is_read_only
        for count in range(_ACROSS, len(claim.diagnoses) + _ACROSS, _ACROSS):
            self._make(count)
            yield
        self.restore([Code(one.code.replace(".", ""), "").written for one in claim.diagnoses])
        for line in self.lines:
            line.setReadOnly(is_read_only)
        self._make_room()

    def raw(self) -> list[str]:
        """What is typed, without the empty places at the end."""
        typed = [line.text() for line in self.lines]
        while typed and not typed[-1]:
            typed.pop()
        return typed

    def restore(self, raw: Sequence[Any]) -> None:
        self._make(len(raw))
        self._filling = True
        for at, line in enumerate(self.lines):
            line.setText(str(raw[at]) if at < len(raw) else "")
        self._filling = False
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

    def widget_at(self, place: str) -> QWidget | None:
        """The line of “diagnoses[2].code”."""
        digits = "".join(one for one in place.split(".")[0] if one.isdigit())
        at = min(int(digits or 0), len(LETTERS) - 1)
        self._make_room(at)
        return self.lines[at]

    def _typed(self, at: int) -> None:
        self._say(at)
        if not self._filling:
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
        self._make(wanted)
        for at, cell in enumerate(self._cells):
            cell.setVisible(at < rows * _ACROSS)
