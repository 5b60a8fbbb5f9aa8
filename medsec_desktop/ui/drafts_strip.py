"""The parked and rescued work in the status bar, one press from being open again."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from medsec_desktop.services.drafts import DraftRow
from medsec_desktop.ui.draft_keeper import DraftKeeper
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.buttons import PlainButton
from medsec_desktop.ui.widgets.labels import Text

SHOWN = 3  # at most; further drafts are in the menu behind “2 more”
_GAP = 6
_PARKED = "Parked"
_ALONE, _IN_COMPANY = 264, 176  # the widest words of a chip, in pixels

_ICONS = {
    "booking": "calendar-plus",
    "patient": "user-pen",
    "letter": "mail",
    "waiting": "hourglass",
}


class DraftsStrip(QWidget):
    """A chip for each of the newest drafts, as many as there is room for.

    A press resumes; the context menu (or Delete) throws one away.
    """

    def __init__(self, theme: Theme, keeper: DraftKeeper, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._keeper = keeper
        self._room = 100_000
        self._caption = Text("", "caption")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._row.addWidget(self._caption)
        self._chips: list[_Chip] = []
        self._more = PlainButton("", self._show_rest, kind="draft")
        self._row.addWidget(self._more)
        self._rest: tuple[DraftRow, ...] = ()
        self._waiting: tuple[DraftRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Parked work")
        self.hide()

    @property
    def caption(self) -> str:
        return self._caption.text()

    def chips(self) -> list[PlainButton]:
        """The chips on screen, newest draft first."""
        return [chip for chip in self._chips if not chip.isHidden()]

    def reload(self) -> None:
        """Show what waits now."""
        self._waiting = self._keeper.waiting()
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        room = self._theme.px(_ALONE if len(self._waiting) <= 2 else _IN_COMPANY)
        self._chips = [_Chip(self._theme, self._keeper, row, room) for row in self._waiting[:SHOWN]]
        for position, chip in enumerate(self._chips, start=1):
            self._row.insertWidget(position, chip)
        rescued = sum(1 for row in self._waiting if not row.is_parked)
        self._caption.setText(_caption(len(self._waiting), rescued))
        self._fit()

    def give_room(self, width: int) -> None:
        """Take at most `width` pixels; the facts beside the strip go first."""
        if width != self._room:
            self._room = width
            self._fit()

    def _fit(self) -> None:
        """Show the caption and the chips that fit, and put the others behind one button."""
        waiting = len(self._waiting)
        self._caption.setVisible(bool(waiting))
        for chip in self._chips:
            chip.show()
        shown = len(self._chips)
        while True:
            rest = waiting - shown
            words = f"{rest} more" if shown else f"{rest} parked"
            self._more.setText(words)
            self._more.setVisible(rest > 0)
            used = sum(chip.sizeHint().width() + _GAP for chip in self._chips[:shown])
            used += self._more.sizeHint().width() if rest else 0
            with_caption = used + self._caption.sizeHint().width() + _GAP
            if with_caption <= self._room or not shown:
                break
            shown -= 1
        for chip in self._chips[shown:]:
            chip.hide()
        says_more = bool(shown) or self._caption.text() != _PARKED
        self._caption.setVisible(bool(waiting) and says_more and with_caption <= self._room)
        self._rest = self._waiting[shown:]
        self._more.setAccessibleName(f"{len(self._rest)} pieces of parked work")
        self._more.setToolTip(self._caption.text())
        self.setVisible(bool(waiting))

    def _show_rest(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for row in self._rest:
            action = menu.addAction(row.title.replace("&", "&&"))
            action.triggered.connect(lambda _=False, key=row.id: self._keeper.resume(key))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))


class _Chip(PlainButton):
    """One draft: a press resumes it."""

    def __init__(self, theme: Theme, keeper: DraftKeeper, row: DraftRow, room: int):
        super().__init__("", lambda: keeper.resume(row.id), kind="draft")
        self._keeper = keeper
        self._draft = row
        shown = self.fontMetrics().elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        state = "parked" if row.is_parked else "rescued"
        self.setAccessibleName(f"Resume {row.title}, {state}")
        self.setToolTip(f"{row.title}\nPress to go on; Delete throws it away.")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(theme.px(18), theme.px(14)))
        icon = _ICONS.get(row.kind, "bookmark") if row.is_parked else "life-buoy"
        theme.wear(self, icon, "muted" if row.is_parked else "warning", 14)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)

    def sizeHint(self) -> QSize:
        """With the icon counted in from the start, though it is drawn a moment later."""
        hint = super().sizeHint()
        if self.icon().isNull():
            hint.setWidth(hint.width() + self.iconSize().width() + 4)
        return hint

    def keyPressEvent(self, event: QKeyEvent) -> None:
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
    return _PARKED if waiting else ""
