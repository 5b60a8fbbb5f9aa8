"""A question with a list: type a few letters, press Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.widgets import ListRow, PlainButton, SearchList, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class PickSheet(QDialog):
    """Shows what `find` gives for the words typed, and calls `then` with the value chosen."""

    def __init__(
        self,
        desk: Desk,
        title: str,
        placeholder: str,
        find: Callable[[str], Sequence[ListRow]],
        then: Callable[[Any], object],
        parent: QWidget | None = None,
        *,
        remark: str = "",
    ):
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.list = SearchList(
            desk.theme, desk.jobs.latest, find, title, placeholder=placeholder, two_lines=True
        )
        self.list.chosen.connect(self._chosen)
        self.nothing = Text("Nothing like this is found.", "muted")
        self.list.list.rows.modelReset.connect(self._say_if_nothing)
        self.cancel_button = PlainButton("Cancel", self.reject)
        self._then = then
        self._value: Any = None
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(title, "heading"))
        if remark:
            column.addWidget(Text(remark, "muted", wrap=True))
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing)
        self.nothing.hide()
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        column.addLayout(foot)
        self.resize(desk.theme.px(520), desk.theme.px(480))
        self.finished.connect(self._tell)
        self.list.again()
        self.list.line.setFocus()

    def _say_if_nothing(self) -> None:
        typed = bool(self.list.line.text().strip())
        self.nothing.setVisible(typed and self.list.list.rows.rowCount() == 0)

    def _chosen(self, value: Any) -> None:
        self._value = value
        self.accept()

    def _tell(self, result: int) -> None:
        self.deleteLater()
        if result == QDialog.DialogCode.Accepted:
            self._then(self._value)
