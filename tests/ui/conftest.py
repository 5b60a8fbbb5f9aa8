"""Guards of every test that shows a widget: no loop of its own, no window left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from PySide6.QtCore import QEventLoop
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import (
    QApplication,
    QColorDialog,
    QDialog,
    QFileDialog,
    QInputDialog,
    QMenu,
    QMessageBox,
)

from medsec_desktop.ui.garbage import GarbageHere

_STATIC_QUESTIONS = {
    QMessageBox: ("about", "critical", "information", "question", "warning"),
    QFileDialog: ("getExistingDirectory", "getOpenFileName", "getOpenFileNames", "getSaveFileName"),
    QInputDialog: ("getText", "getItem", "getInt", "getDouble", "getMultiLineText"),
    QColorDialog: ("getColor",),
}


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise AssertionError("a modal loop was started: open() it, or ask through prompts")


@pytest.fixture(autouse=True, scope="session")
def _garbage_as_in_the_program() -> Iterator[None]:
    """As in the program, nothing but its own timer collects, even after jobs have ended."""
    GarbageHere._at_work += 1
    yield
    GarbageHere._at_work -= 1


@pytest.fixture(autouse=True, scope="session")
def _nothing_of_ours_on_the_clipboard_at_the_end() -> Iterator[None]:
    """Qt's offscreen clipboard deletes what it holds after Python has gone, and crashes if that is Python's."""
    yield
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.clipboard().clear()


@pytest.fixture(autouse=True)
def _no_modal_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (QDialog, QMenu, QMessageBox, QFileDialog, QInputDialog, QColorDialog):
        monkeypatch.setattr(kind, "exec", _refuse)
    for kind, names in _STATIC_QUESTIONS.items():
        for name in names:
            monkeypatch.setattr(kind, name, _refuse)


@pytest.fixture(autouse=True)
def _no_printer_of_this_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does Qt find the printers of the computer the tests run on."""
    monkeypatch.setattr(QPrinterInfo, "availablePrinters", lambda: [])
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: [])
    monkeypatch.setattr(QPrinterInfo, "defaultPrinterName", lambda: "")


@pytest.fixture(autouse=True)
def _no_window_left(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "qtbot" not in request.fixturenames:
        return
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    for popup in application.topLevelWidgets():
        assert not popup.isVisible(), f"left on the screen: {popup!r} {popup.objectName()}"
    application.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
