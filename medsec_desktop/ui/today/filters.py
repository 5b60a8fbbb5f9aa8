"""Whose visits, and in which room: what the board is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from medsec_desktop.ui.widgets.fields import Choice

if TYPE_CHECKING:
    from medsec_desktop.services.today import BoardRow

_EVERYBODY, _EVERYWHERE = (0, "All providers"), (0, "All rooms")
_NOWHERE = -1


class Filters(QWidget):
    """Two choices, offering only what today has; what was chosen stays chosen over a reload."""

    def __init__(self, changed: Callable[[], object], parent: QWidget | None = None):
        super().__init__(parent)
        self.provider, self.room = Choice([_EVERYBODY]), Choice([_EVERYWHERE])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for choice, name in ((self.provider, "Provider"), (self.room, "Room")):
            choice.setAccessibleName(f"Show {name.lower()}")
            choice.setToolTip(f"{name} shown on the board")
            choice.setMinimumContentsLength(12)
            choice.currentIndexChanged.connect(lambda _: changed())
            row.addWidget(choice)

    def offer(self, rows: Iterable[BoardRow]) -> None:
        """Offer the providers and rooms of these visits, and what is chosen already."""
        rows = tuple(rows)
        providers = {row.provider_id: row.provider_name for row in rows}
        rooms = {row.room_id: row.room_name for row in rows if row.room_id is not None}
        nowhere = [(_NOWHERE, "No room")] if any(row.room_id is None for row in rows) else []
        for choice, first, found in (
            (self.provider, _EVERYBODY, sorted(providers.items(), key=lambda one: one[1])),
            (self.room, _EVERYWHERE, [*sorted(rooms.items(), key=lambda one: one[1]), *nowhere]),
        ):
            kept = (choice.value(), choice.currentText())
            pairs = [first, *found]
            if kept not in pairs and kept[0] not in [value for value, _ in pairs]:
                pairs.append(kept)
            if pairs != [(choice.itemData(i), choice.itemText(i)) for i in range(choice.count())]:
                choice.blockSignals(True)
                choice.set_pairs(pairs)
                choice.blockSignals(False)

    def lets_through(self, row: BoardRow) -> bool:
        """Whether the board shows this visit."""
        provider, room = self.provider.value(), self.room.value()
        if provider and row.provider_id != provider:
            return False
        return not room or row.room_id == (None if room == _NOWHERE else room)

    def clear(self) -> None:
        """Show everybody again."""
        self.provider.set_value(0)
        self.room.set_value(0)
