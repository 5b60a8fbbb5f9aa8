"""Type a code or words, press Enter: diagnoses and procedures in one list, the usual ones before a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medsec_desktop.services.claims.charge_records import (
    DIAGNOSIS,
    PROCEDURE,
    CodeHit,
    LastCharges,
)
from medsec_desktop.ui.widgets import FastList, ListRow, SearchLine
from medsec_desktop.ui.widgets.search_list import steer

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_ICONS = {DIAGNOSIS: "stethoscope", PROCEDURE: "list-checks"}
_MOST_MODIFIERS = 40
_REFUSING = ("a heading", "not in ICD")


@dataclass(frozen=True, slots=True)
class ModifierHit:
    """A modifier found by its words."""

    code: str


def modifiers_found(known: Mapping[str, str], word: str) -> list[ListRow]:
    """What a word typed among modifiers may stand for; nothing for one that is a modifier itself."""
    sought = word.casefold()
    if not sought or word.upper() in known:
        return []
    codes = [code for code in known if code.casefold().startswith(sought)]
    if len(sought) > 1:
        there = set(codes)
        codes += [
            code
            for code, words in known.items()
            if f" {sought}" in f" {words.casefold()}" and code not in there
        ]
    return [
        ListRow(ModifierHit(code), code, known[code], icon="tag", mark="modifier")
        for code in codes[:_MOST_MODIFIERS]
    ]


class CodeFinder(QWidget):
    """`chosen` carries a CodeHit, or the LastCharges where the last visit is to be repeated."""

    chosen = Signal(object)
    looked = Signal(bool)  # whether anything fits what is typed

    def __init__(self, desk: Desk, name: str = "Code or words"):
        super().__init__()
        self._desk = desk
        self._provider_id: int | None = None
        self._day = desk.office.clock.today()
        self._last: LastCharges | None = None
        self._earlier: tuple[str, ...] = ()
        self._wants: Callable[[], str] = lambda: DIAGNOSIS
        self._is_empty: Callable[[], bool] = lambda: True
        self.line = SearchLine(name, "Code or words: i10, htn, 99213, shot", desk.theme)
        self.line.installEventFilter(self)
        self.list = FastList(desk.theme, "Codes found", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.chosen.connect(self._choose)
        self.list.clicked.connect(lambda _: self.list.setFocus())
        self._ask = desk.jobs.latest(self._find, self._show)
        self.line.textChanged.connect(self._ask)
        self.setFocusProxy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)

    def about(
        self,
        provider_id: int | None,
        day: date,
        last: LastCharges | None = None,
        earlier: Sequence[str] = (),
        wants: Callable[[], str] | None = None,
        is_empty: Callable[[], bool] | None = None,
    ) -> None:
        """For whose favourites, of which day; `wants` says which kind stands first before a key.

        To repeat the last visit stands before all, while nothing was put down: `is_empty`.
        """
        self._provider_id, self._day = provider_id, day
        self._last, self._earlier = last, tuple(earlier)
        if wants is not None:
            self._wants = wants
        if is_empty is not None:
            self._is_empty = is_empty
        self.again()

    def again(self) -> None:
        """Ask once more, after something was put down or favourites changed."""
        self._ask(self.line.text())

    def begin(self) -> None:
        """An empty line with the cursor in it."""
        if self.line.text():
            self.line.clear()
        else:
            self.again()
        self.line.setFocus()

    @property
    def day(self) -> date:
        """The day of the service that is coded."""
        return self._day

    @property
    def current(self) -> CodeHit | None:
        """The code the list stands on."""
        value = self.list.current_value()
        return value if isinstance(value, CodeHit) else None

    # -- inside -------------------------------------------------------------------------------

    def _find(self, text: str) -> list[ListRow]:
        search = self._desk.office.code_search
        if text.strip():
            return [listed(hit) for hit in search.search(text, self._provider_id, self._day)]
        waiting = search.waiting(self._provider_id, self._day)
        known = {(hit.kind, hit.code) for hit in waiting}
        before = [
            search.hit(DIAGNOSIS, code, "", self._day)
            for code in self._earlier
            if (DIAGNOSIS, code) not in known
        ]
        first = self._wants()
        hits = sorted(
            (*before, *waiting), key=lambda hit: (hit.kind != first, not hit.is_favourite)
        )
        rows = [listed(hit, was_hers=hit in before) for hit in hits]
        if self._last is not None and self._is_empty():
            when = self._desk.office.formats.short_date(self._last.on)
            rows.insert(
                0,
                ListRow(
                    self._last, f"As on {when}", self._last.spoken, icon="repeat", mark="repeat"
                ),
            )
        return rows

    def _show(self, rows: Sequence[ListRow]) -> None:
        self.list.set_rows(rows)
        self.looked.emit(bool(rows) or not self.line.text().strip())

    def _choose(self, value: object) -> None:
        if isinstance(value, CodeHit) and value.why_not.startswith(_REFUSING):
            self._desk.messages.not_now(
                f"{value.written} is {value.why_not}."
                if value.why_not.startswith("a heading")
                else f"There is no {value.written} in ICD-10-CM."
            )
            if value.why_not.startswith("a heading"):
                self.line.setText(value.written)
            return
        self.chosen.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.line and pressed and steer(self.list, event):
            return True
        return super().eventFilter(watched, event)


def listed(hit: CodeHit, *, was_hers: bool = False) -> ListRow:
    """A code as the list shows it."""
    mark = hit.why_not or ("favorite" if hit.is_favourite else "before" if was_hers else "")
    words = hit.words or ("As typed" if hit.kind == PROCEDURE else "")
    tone = "warning" if hit.why_not else "muted"
    return ListRow(hit, hit.written, words, icon=_ICONS[hit.kind], mark=mark, tone=tone)
