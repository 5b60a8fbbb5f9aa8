"""The parked and rescued work, one press from being open again."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from medsec_desktop.services.drafts import DraftRow
from medsec_desktop.ui.draft_keeper import DraftKeeper
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.buttons import PlainButton
from medsec_desktop.ui.widgets.labels import Text

SHOWN = 3  # further drafts are in the menu behind “2 more”

_ICONS = {"booking": "calendar-plus", "patient": "user-pen", "letter": "mail"}


class DraftsStrip(QWidget):
    """A chip for each of the newest drafts; the context menu (or Delete) throws one away."""

    def __init__(self, theme: Theme, keeper: DraftKeeper, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._keeper = keeper
        self._caption = Text("", "caption")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addWidget(self._caption)
        self._chips: list[_Chip] = []
        self._more: PlainButton | None = None
        self.setAccessibleName("Parked work")
        self.hide()

    def reload(self) -> None:
        """Show what waits now."""
        waiting = self._keeper.waiting()
        rescued = sum(1 for row in waiting if not row.is_parked)
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = []
        if self._more is not None:
            self._more.hide()
            self._more.deleteLater()
            self._more = None
        self.setVisible(bool(waiting))
        self._caption.setText(_caption(len(waiting), rescued))
        for row in waiting[:SHOWN]:
            chip = _Chip(self._theme, self._keeper, row)
            self._chips.append(chip)
            self._row.addWidget(chip)
        rest = waiting[SHOWN:]
        if rest:
            self._more = PlainButton(f"{len(rest)} more", kind="draft")
            self._more.setAccessibleName(f"{len(rest)} more pieces of parked work")
            self._more.clicked.connect(lambda: self._show_rest(rest))
            self._row.addWidget(self._more)

    def chips(self) -> list[PlainButton]:
        return list(self._chips)

    def _show_rest(self, rows: tuple[DraftRow, ...]) -> None:
        assert self._more is not None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for row in rows:
            action = menu.addAction(row.title.replace("&", "&&"))
            action.triggered.connect(lambda _=False, key=row.id: self._keeper.resume(key))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))


class _Chip(PlainButton):
    """One draft: a press resumes it."""

    def __init__(self, theme: Theme, keeper: DraftKeeper, row: DraftRow):
        super().__init__("", lambda: keeper.resume(row.id), kind="draft")
        self._keeper = keeper
        self._draft = row
        metrics = self.fontMetrics()
        shown = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, theme.px(176))
        self.setText(shown.replace("&", "&&"))
        state = "parked" if row.is_parked else "rescued"
        self.setAccessibleName(f"Resume {row.title}, {state}")
        self.setToolTip(f"{row.title}\nPress to go on; Delete throws it away.")
        icon = _ICONS.get(row.kind, "bookmark") if row.is_parked else "life-buoy"
        self.setIconSize(QSize(14, 14))
        theme.wear(self, icon, "muted" if row.is_parked else "warning", 14)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Delete:
            self._keeper.throw_away(self._draft.id)
        else:
            super().keyPressEvent(event)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Resume").triggered.connect(lambda: self._keeper.resume(self._draft.id))
        menu.addAction("Throw away\tDel").triggered.connect(
            lambda: self._keeper.throw_away(self._draft.id)
        )
        menu.popup(self.mapToGlobal(at))


def _caption(waiting: int, rescued: int) -> str:
    if rescued:
        things = "piece" if rescued == 1 else "pieces"
        was = "was" if rescued == 1 else "were"
        return f"{rescued} unsaved {things} of work {was} rescued"
    return "Parked" if waiting else ""
