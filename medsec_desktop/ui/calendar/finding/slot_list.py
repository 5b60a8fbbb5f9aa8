"""Free times under their dates, and ways to have several visits under each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from medsec_desktop.domain.calendar import Slot
from medsec_desktop.domain.calendar.finding import DaySlots
from medsec_desktop.ui.widgets import FastList, ListRow
from medsec_desktop.ui.widgets.search_list import RowDelegate, RowRole

if TYPE_CHECKING:
    from medsec_desktop.domain.formats import Formats
    from medsec_desktop.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Offer:
    """What a row stands for: slots to book, one for each visit wanted."""

    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class More:
    """The rest of a day, still to be shown."""

    day: date


class _Heads(RowDelegate):
    """Paints a row that stands for nothing as the head of those below it."""

    def __init__(self, theme: Theme, parent: FastList):
        super().__init__(theme, parent=parent)
        self._mine = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = index.data(RowRole)
        if row is None or row.value is not None:
            super().paint(painter, option, index)
            return
        area = option.rect.adjusted(12, 8, -12, 0)
        painter.save()
        painter.setFont(self._mine.font("small"))
        painter.setPen(self._mine.colour("muted"))
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), row.trailing
        )
        painter.setFont(self._mine.font("small", strong=True))
        painter.setPen(self._mine.colour("text"))
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), row.title
        )
        painter.restore()


class SlotList(FastList):
    """Free times; the arrows step over the dates that head them."""

    def __init__(self, theme: Theme):
        super().__init__(theme, "Free times", one_click=True)
        self.setItemDelegate(_Heads(theme, self))

    def show_days(
        self, days: Sequence[DaySlots], formats: Formats, words: Callable[[Slot], tuple[str, str]]
    ) -> None:
        """The first slots of each day; `words` gives provider and room."""
        rows = []
        for each in days:
            free = f"{each.total} free"
            rows.append(ListRow(None, formats.short_date(each.day), trailing=free))
            for slot in each.slots:
                title, trailing = words(slot)
                lead = formats.time(slot.starts_at)
                rows.append(ListRow(Offer((slot,)), title, trailing=trailing, lead=lead))
            left = each.total - len(each.slots)
            if left > 0:
                rows.append(ListRow(More(each.day), "more that day", lead=f"+{left}"))
        self._show(rows)

    def show_ways(
        self,
        ways: Sequence[tuple[Slot, ...]],
        formats: Formats,
        words: Callable[[int, Slot], tuple[str, str]],
    ) -> None:
        """Each way to have several visits, whole under its head."""
        rows = []
        for number, way in enumerate(ways, 1):
            first = min(slot.starts_at for slot in way).date()
            one_day = all(slot.starts_at.date() == first for slot in way)
            head = formats.short_date(first) if one_day else f"From {formats.short_date(first)}"
            rows.append(ListRow(None, head, trailing=f"Choice {number}"))
            for index in sorted(range(len(way)), key=lambda each: way[each].starts_at):
                slot = way[index]
                title, trailing = words(index, slot)
                if not one_day:
                    title = f"{formats.short_date(slot.starts_at.date())} · {title}"
                lead = formats.time(slot.starts_at)
                rows.append(ListRow(Offer(way), title, trailing=trailing, lead=lead))
        self._show(rows)

    def _show(self, rows: list[ListRow]) -> None:
        self.set_rows(rows, preselect=False)
        if rows:
            self.setCurrentIndex(self.rows.index(1, 0))

    def current_offer(self) -> Offer | None:
        value = self.current_value()
        return value if isinstance(value, Offer) else None

    def move_by(self, steps: int) -> None:
        """Select the row `steps` further, over the heads, stopping at the ends."""
        count, at = self.rows.rowCount(), self.currentIndex().row()
        if not count:
            return
        target = min(max(at + steps, 0), count - 1)
        way = 1 if steps > 0 else -1
        while 0 <= target < count and self._is_head(target):
            target += way
        if 0 <= target < count:
            self.setCurrentIndex(self.rows.index(target, 0))
            if target == 1:
                self.scrollToTop()

    def _is_head(self, at: int) -> bool:
        row = self.rows.row(at)
        return row is not None and row.value is None

    def _choose(self, index: QModelIndex) -> None:
        if not self._is_head(index.row()):
            super()._choose(index)

    def moveCursor(self, action: Any, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Qt's own arrows, when the list itself has the focus, step over the heads as well."""
        steps = {self.CursorAction.MoveDown: 1, self.CursorAction.MoveUp: -1}.get(action)
        if steps is None:
            return super().moveCursor(action, modifiers)
        self.move_by(steps)
        return self.currentIndex()
