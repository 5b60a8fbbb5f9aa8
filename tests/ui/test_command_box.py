from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medsec_desktop.services.office import Office
from medsec_desktop.ui.main_window import MainWindow
from tests.conftest import a_patient, a_provider, an_appointment
from tests.ui.frame import a_window

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, office: Office) -> Iterator[MainWindow]:
    ada = a_patient(office.session, "Testperson", "Ada", phone="+12125550100")
    a_patient(office.session, "Testperson", "Berta")
    a_patient(office.session, "Sampleton", "Cleo")
    provider = a_provider(office.session)
    an_appointment(office.session, ada, provider, "2026-03-13T10:00")
    window = a_window(qtbot, office)
    yield window
    window.close()


def found(window: MainWindow) -> list[str]:
    return [row.title for row in window.command_box.results.list.rows.rows]


def test_ctrl_k_finds_a_person_and_enter_opens_her_file(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(window, "open_patient", opened.append)

    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    assert window.command_box.hasFocus()
    qtbot.keyClicks(window.command_box, "berta")
    assert found(window)[0] == "Testperson, Berta"
    qtbot.keyClick(window.command_box, Qt.Key.Key_Return)

    assert len(opened) == 1
    assert not window.command_box.results.isVisible()
    assert window.command_box.text() == ""


def test_the_arrows_walk_and_the_focus_stays_in_the_line(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "testp")
    results = window.command_box.results.list
    assert results.currentIndex().row() == 0

    qtbot.keyClick(window.command_box, Qt.Key.Key_Down)

    assert results.currentIndex().row() == 1
    assert window.command_box.hasFocus()


def test_escape_goes_back_to_where_the_hands_were(qtbot: QtBot, window: MainWindow) -> None:
    before = QApplication.focusWidget()
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "testp")

    qtbot.keyClick(window.command_box, Qt.Key.Key_Escape)

    assert not window.command_box.results.isVisible()
    assert QApplication.focusWidget() is before


def test_a_command_is_found_by_other_words_and_run(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, ">night")
    assert found(window) == ["Dark or light"]

    qtbot.keyClick(window.command_box, Qt.Key.Key_Return)

    assert window.desk.theme.dark
    window.desk.theme.set_dark(False)


def test_a_screen_is_found_by_its_name(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "claims")
    qtbot.keyClick(window.command_box, Qt.Key.Key_Return)

    assert window.windowTitle().startswith("Claims")


def test_nothing_found_says_what_is_searched(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "zzqqxx")

    assert found(window) == []
    assert "Nothing found for “zzqqxx”" in window.command_box.results._nothing.text()


def test_a_click_takes_a_hit_too(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(window, "open_patient", opened.append)
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "testp")
    results = window.command_box.results.list

    place = results.visualRect(results.rows.index(1, 0)).center()
    qtbot.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert len(opened) == 1
