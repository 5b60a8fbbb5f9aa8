"""Every value a field ever had, with who and when, in a small list over the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from medsec_desktop.services.audit_words import column_word
from medsec_desktop.services.patients.history import FieldChange
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.widgets import FastList, ListRow, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_WIDTH, _MOST_SHOWN = 440, 6
_VERBS = {"undo": "put back", "redo": "done again"}


class HistoryPopup(QFrame):
    """Escape or a click beside it puts it away."""

    def __init__(self, desk: Desk, title: str, changes: Sequence[FieldChange], parent: QWidget):
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("kind", "card")
        self.setAccessibleName(f"History: {title}")
        px = desk.theme.px
        self.list = FastList(desk.theme, f"History: {title}", two_lines=True)
        many = len({change.column for change in changes}) > 1
        self.list.set_rows([_row(change, desk, names_columns=many) for change in changes])
        self.list.setFixedHeight(px(48) * min(max(len(changes), 1), _MOST_SHOWN) + 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(Text(title, "strong"))
        if changes:
            column.addWidget(self.list)
        else:
            self.list.hide()
            column.addWidget(
                Text("Nothing was ever written here in this practice.", "muted", wrap=True)
            )
        self.setFixedWidth(px(_WIDTH))

    def open_at(self, place: QWidget) -> None:
        """Show it below `place`, within its screen."""
        self.adjustSize()
        at = place.mapToGlobal(QPoint(0, place.height() + 4))
        room = place.screen().availableGeometry()
        at.setX(min(at.x(), room.right() - self.width()))
        if at.y() + self.height() > room.bottom():
            at.setY(place.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4)
        self.move(at)
        self.show()
        (self.list if self.list.isVisible() else self).setFocus()


def _row(change: FieldChange, desk: Desk, *, names_columns: bool) -> ListRow:
    now = words.stored(change.column, change.after, desk) or "Nothing"
    was = words.stored(change.column, change.before, desk)
    if change.after is None:
        now = f"{was}, removed"
    elif names_columns:
        now = f"{column_word(change.column)}: {now}"
    verb = _VERBS.get(change.kind, "")
    who = f"{desk.office.formats.when(change.at)} by {change.by}" + (f", {verb}" if verb else "")
    before = f"was {was}" if was and change.after is not None else ""
    return ListRow(change, now, "  ·  ".join(part for part in (who, before) if part))
