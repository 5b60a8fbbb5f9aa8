"""What each action does now: bound by the window and its screens, run by keys, menus and buttons.

A screen binds what an action does there with `ActionMap.bind`. A key pressed where its action
cannot run says why in the message bar instead of doing nothing.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMenuBar, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.ui.actions import ACTIONS, BY_ID, MENUS, Action
from medsec_desktop.ui.report import Messages
from medsec_desktop.ui.theme import Theme

# What one may do and still want to read the message that is shown.
_ONLY_LOOKS = ("go.search", "app.", "view.", "help.")


@dataclass(slots=True)
class _Binding:
    run: Callable[[], object]
    enabled: Callable[[], bool | str] | None
    text: Callable[[], str] | None
    owner: weakref.ref[QWidget] | None

    def widget(self) -> QWidget | None:
        return self.owner() if self.owner is not None else None

    def alive(self) -> bool:
        return self.owner is None or self.owner() is not None


class ActionMap(QObject):
    """What each action does now, given the screen in front."""

    def __init__(self, messages: Messages, may: Callable[[Permission], bool]):
        super().__init__()
        self._messages = messages
        self._may = may
        self._bindings: dict[str, list[_Binding]] = {action.id: [] for action in ACTIONS}
        self._qactions: dict[str, QAction] = {}
        self.locked = False  # while the screen is locked or curtained no key does anything

    def bind(
        self,
        action_id: str,
        run: Callable[[], object],
        enabled: Callable[[], bool | str] | None = None,
        *,
        owner: QWidget | None = None,
        text: Callable[[], str] | None = None,
    ) -> None:
        """Say what an action does.

        With `owner` (a tab, a pane, a dialog) it holds while that widget is on screen, and wins
        over the window's own. `enabled` gives True, or the sentence that says why not. `text`
        gives the words of the menu, e.g. “Undo Book Ada Testperson”.
        """
        reference = weakref.ref(owner) if owner is not None else None
        bindings = [one for one in self._bindings[action_id] if one.alive()]
        if owner is None:
            bindings = [one for one in bindings if one.owner is not None]
        else:
            bindings = [one for one in bindings if one.widget() is not owner]
        self._bindings[action_id] = [*bindings, _Binding(run, enabled, text, reference)]

    def is_known(self, action_id: str) -> bool:
        """Whether any screen does this; what nobody does is offered nowhere."""
        return any(one.alive() for one in self._bindings[action_id])

    def _binding(self, action_id: str) -> _Binding | None:
        """The binding nearest to the focus, else the newest on screen, else the window's."""
        focus = QApplication.focusWidget()
        best: tuple[int, _Binding] | None = None
        for binding in self._bindings[action_id]:
            rank = _nearness(binding, focus)
            if rank >= 0 and (best is None or rank >= best[0]):
                best = (rank, binding)
        return best[1] if best else None

    def why_not(self, action_id: str) -> str:
        """Why the action cannot run now, as a sentence; empty when it can."""
        action = BY_ID[action_id]
        if action.permission is not None and not self._may(action.permission):
            return (
                f"Your log-in may not do this: {action.name}. "
                "The practice’s owner can change that in Settings, Users."
            )
        binding = self._binding(action_id)
        nowhere = action.nowhere or f"“{action.name}” does not apply here."
        if binding is None:
            return nowhere
        answer = True if binding.enabled is None else binding.enabled()
        if isinstance(answer, str):
            return answer
        return "" if answer else nowhere

    def trigger(self, action_id: str) -> None:
        """Do it, or say why not."""
        if self.locked:
            return
        reason = self.why_not(action_id)
        if reason:
            self._messages.not_now(reason)
            return
        binding = self._binding(action_id)
        if binding is not None:
            if not action_id.startswith(_ONLY_LOOKS):
                self._messages.move_on()
            binding.run()

    def text(self, action_id: str) -> str:
        """The words for the menu, which may name what would be done."""
        binding = self._binding(action_id)
        if binding is not None and binding.text is not None:
            return binding.text() or BY_ID[action_id].text
        return BY_ID[action_id].text

    def offered(self) -> Iterator[Action]:
        """Every action some screen does, in menu order."""
        return (action for action in ACTIONS if self.is_known(action.id))

    # --- Qt's side

    def install(self, window: QMainWindow, menu_bar: QMenuBar, theme: Theme) -> None:
        """Give `window` the keys and `menu_bar` the menus."""
        for action in ACTIONS:
            qaction = QAction(action.text.replace("&", "&&"), window)
            keys = [QKeySequence(key) for key in (action.key, action.other_key) if key]
            if not action.is_typing:
                qaction.setShortcuts(keys)
            qaction.setObjectName(action.id)
            # The role heuristics would move "Settings" or "About" on some platforms.
            qaction.setMenuRole(QAction.MenuRole.NoRole)
            qaction.triggered.connect(lambda _=False, name=action.id: self.trigger(name))
            window.addAction(qaction)
            self._qactions[action.id] = qaction
        for name in MENUS:
            menu = menu_bar.addMenu(f"&{name}")
            menu.setObjectName(name)
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(lambda menu=menu: self._prepare(menu, theme))
            menu.aboutToHide.connect(self._release)
            for action in ACTIONS:
                if action.menu == name:
                    menu.addAction(self._qactions[action.id])
                    if action.ends_group:
                        menu.addSeparator()

    def qaction(self, action_id: str) -> QAction:
        return self._qactions[action_id]

    def _prepare(self, menu: QMenu, theme: Theme) -> None:
        """Just before a menu shows: words, icons, and a reason in the tip of what cannot be done."""
        for qaction in menu.actions():
            action = BY_ID.get(qaction.objectName())
            if action is None:
                continue
            reason = self.why_not(action.id)
            qaction.setVisible(self.is_known(action.id))
            shown = f"\t{action.native_key}" if action.is_typing else ""
            qaction.setText(self.text(action.id).replace("&", "&&") + shown)
            qaction.setEnabled(not reason)
            qaction.setToolTip(reason or action.name)
            if action.icon and qaction.icon().isNull():
                theme.wear(qaction, action.icon)

    def _release(self) -> None:
        """After a menu: every key is alive again, so that one pressed in vain can explain itself."""
        for qaction in self._qactions.values():
            qaction.setEnabled(True)
            qaction.setVisible(True)


def _nearness(binding: _Binding, focus: QWidget | None) -> int:
    """2 and more around the focus, the nearer the more; 1 on screen, 0 the window's own, -1 not now."""
    if binding.owner is None:
        return 0
    widget = binding.widget()
    try:
        if widget is None or not widget.isVisible():
            return -1
        if focus is None or not (widget is focus or widget.isAncestorOf(focus)):
            return 1
        outer, depth = widget.parentWidget(), 2
        while outer is not None:
            outer, depth = outer.parentWidget(), depth + 1
        return depth
    except RuntimeError:  # deleted by Qt, still held by Python
        return -1
