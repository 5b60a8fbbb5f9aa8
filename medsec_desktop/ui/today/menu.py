"""What the right button of the mouse offers on a visit of the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from medsec_desktop.ui.actions import BY_ID

if TYPE_CHECKING:
    from medsec_desktop.ui.today.tab import TodayTab

_OFFERED = (
    "visit.arrive", "visit.move_on", "visit.confirm", "visit.no_show", "visit.left", "",
    "visit.correct", "visit.cancel", "", "visit.charges", "visit.superbill", "",
    "visit.open_patient", "visit.letter", "visit.recall",
)  # fmt: skip


def open_menu(tab: TodayTab, where: QPoint) -> None:
    """Show it at a place on the screen; gone when something is chosen."""
    menu = visit_menu(tab)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(where)


def visit_menu(tab: TodayTab) -> QMenu:
    """What can be said of the visit selected; what cannot be now is grey and says why."""
    _ = tab.verbs
    actions = tab.desk.actions
    menu = QMenu(tab)
    menu.setToolTipsVisible(True)
    for action_id in _OFFERED:
        if not action_id:
            menu.addSeparator()
            continue
        if not actions.is_known(action_id):
            continue
        action = BY_ID[action_id]
        reason = actions.why_not(action_id)
        entry = menu.addAction(f"{action.text}\t{action.native_key}")
        entry.setEnabled(not reason)
        entry.setToolTip(reason or action.name)
        entry.triggered.connect(lambda _=False, name=action_id: actions.trigger(name))
        if action.icon:
            tab.desk.theme.wear(entry, action.icon)
    return menu
