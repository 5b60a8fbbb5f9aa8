from __future__ import annotations

import re
from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop import paths
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.ui.action_map import ActionMap
from medsec_desktop.ui.actions import ACTIONS, BY_ID, MENUS, Action
from medsec_desktop.ui.report import Messages
from medsec_desktop.ui.theme import Theme

EACH = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)


@pytest.fixture
def messages() -> Messages:
    return Messages()


@pytest.fixture
def actions(qapp: object, messages: Messages) -> ActionMap:
    return ActionMap(messages, lambda permission: True)


@EACH
def test_every_action_has_a_key_a_menu_and_a_name(action: Action) -> None:
    assert action.text
    assert action.menu in MENUS
    assert not QKeySequence(action.key).isEmpty()
    assert "Unknown" not in action.native_key


@EACH
def test_every_action_has_an_icon_and_a_page_of_the_manual(action: Action) -> None:
    assert paths.resource("icons", f"{action.icon}.svg").is_file()
    assert action.help_page == "keys" or paths.resource("help", f"{action.help_page}.md").is_file()


def test_no_key_does_two_things() -> None:
    for is_typing in (False, True):  # those of the sheet hold while one types on it only
        keys = [
            QKeySequence(key).toString()
            for a in ACTIONS
            for key in (a.key, a.other_key)
            if key and a.is_typing is is_typing
        ]
        assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_keys_keep_their_platform_meaning() -> None:
    texts_own = ("Ctrl+X", "Ctrl+C", "Ctrl+V", "Ctrl+A", "Delete", "Ctrl+Left", "Ctrl+Right")
    taken = {QKeySequence(key).toString() for a in ACTIONS for key in (a.key, a.other_key) if key}

    assert not taken & {QKeySequence(key).toString() for key in texts_own}
    assert BY_ID["file.print"].key == "Ctrl+P"
    assert BY_ID["edit.undo"].key == "Ctrl+Z"


def test_the_days_of_the_keys_promised_in_the_manual_hold() -> None:
    """A key printed in the manual beside a command is the key the command has."""
    promised = {
        "Ctrl+K": "go.search", "Ctrl+N": "new.thing", "Ctrl+Shift+N": "new.patient",
        "Ctrl+Z": "edit.undo", "Ctrl+Shift+P": "draft.park", "Ctrl+Shift+R": "draft.resume",
        "Ctrl+L": "app.lock", "Ctrl+Space": "app.curtain", "Ctrl+H": "edit.history",
        "Ctrl+/": "help.keys", "F1": "help.page", "F2": "edit.edit", "F3": "visit.arrive",
    }  # fmt: skip

    for key, action_id in promised.items():
        assert BY_ID[action_id].key == key


def test_an_action_nobody_does_says_so(actions: ActionMap, messages: Messages) -> None:
    actions.trigger("file.print")

    assert messages.last is not None
    assert messages.last.text == "There is nothing to print here."


def test_a_disabled_action_explains_itself(actions: ActionMap, messages: Messages) -> None:
    actions.bind("file.print", lambda: None, lambda: "The printer is out of paper.")

    actions.trigger("file.print")

    assert messages.last is not None
    assert messages.last.text == "The printer is out of paper."


def test_an_action_not_permitted_says_who_can_change_that(messages: Messages) -> None:
    actions = ActionMap(messages, lambda permission: permission is not Permission.EDIT_PATIENTS)
    actions.bind("new.patient", lambda: pytest.fail("it ran"))

    actions.trigger("new.patient")

    assert messages.last is not None
    assert "may not" in messages.last.text


def test_the_screen_in_front_decides_what_a_key_does(qtbot: QtBot, actions: ActionMap) -> None:
    done: list[str] = []
    pane = QWidget()
    qtbot.addWidget(pane)
    actions.bind("file.print", lambda: done.append("window"))
    actions.bind("file.print", lambda: done.append("pane"), owner=pane)

    actions.trigger("file.print")
    pane.show()
    actions.trigger("file.print")
    pane.hide()
    actions.trigger("file.print")

    assert done == ["window", "pane", "window"]


def test_the_pane_with_the_focus_wins_over_another_on_screen(
    qtbot: QtBot, actions: ActionMap
) -> None:
    done: list[str] = []
    both = QWidget()
    qtbot.addWidget(both)
    one, other, elsewhere = QWidget(both), QWidget(both), QLineEdit(both)
    one.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    actions.bind("file.print", lambda: done.append("one"), owner=one)
    actions.bind("file.print", lambda: done.append("other"), owner=other)
    both.show()
    both.activateWindow()
    qtbot.waitUntil(both.isActiveWindow)

    elsewhere.setFocus()
    actions.trigger("file.print")
    one.setFocus()
    actions.trigger("file.print")

    assert done == ["other", "one"]


def test_what_nobody_does_is_offered_nowhere(actions: ActionMap) -> None:
    actions.bind("app.lock", lambda: None)

    assert [action.id for action in actions.offered()] == ["app.lock"]


def test_a_menu_shows_reasons_and_hides_what_nobody_does(qtbot: QtBot, actions: ActionMap) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions.bind("edit.undo", lambda: None, lambda: "Nothing to undo.")
    actions.bind("edit.redo", lambda: None, text=lambda: "Redo Book & bill")
    actions.install(window, window.menuBar(), Theme())
    edit = next(a.menu() for a in window.menuBar().actions() if a.menu().objectName() == "Edit")

    edit.aboutToShow.emit()

    undo, redo = actions.qaction("edit.undo"), actions.qaction("edit.redo")
    assert not undo.isEnabled()
    assert undo.toolTip() == "Nothing to undo."
    assert redo.text() == "Redo Book && bill"
    assert not actions.qaction("edit.history").isVisible()
    edit.aboutToHide.emit()
    assert undo.isEnabled()


def test_no_key_does_anything_while_the_screen_is_locked(actions: ActionMap) -> None:
    actions.bind("app.quit", lambda: pytest.fail("it ran"))
    actions.locked = True

    actions.trigger("app.quit")

    assert actions.locked


def test_texts_end_with_dots_only_where_more_is_asked() -> None:
    for action in ACTIONS:
        assert not re.search(r"\.\.\.$", action.text), action.id


def test_a_card_with_the_focus_wins_over_the_tab_it_stands_in(
    qtbot: QtBot, actions: ActionMap
) -> None:
    done: list[str] = []
    tab = QWidget()
    qtbot.addWidget(tab)
    card = QWidget(tab)
    line, elsewhere = QLineEdit(card), QLineEdit(tab)
    actions.bind("file.print", lambda: done.append("card"), owner=card)
    actions.bind("file.print", lambda: done.append("tab"), owner=tab)
    tab.show()
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)

    line.setFocus()
    actions.trigger("file.print")
    elsewhere.setFocus()
    actions.trigger("file.print")

    assert done == ["card", "tab"]
