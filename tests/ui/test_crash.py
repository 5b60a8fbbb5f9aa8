from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.ui.crash import CrashReporter
from tests.conftest import ExpectedLog


@pytest.fixture
def reporter(qtbot: QtBot, expected_log: ExpectedLog) -> Iterator[CrashReporter]:
    expected_log("unexpected error")
    window = QWidget()
    qtbot.addWidget(window)
    reporter = CrashReporter(lambda: window)
    yield reporter
    if reporter.dialog is not None:
        reporter.dialog.close()


def crash(reporter: CrashReporter) -> None:
    try:
        raise KeyError("Testperson, Ada")
    except KeyError as error:
        reporter.caught(KeyError, error, error.__traceback__)


def test_a_bug_is_a_dialog_with_a_report_without_names(
    qtbot: QtBot, reporter: CrashReporter
) -> None:
    crash(reporter)
    qtbot.waitUntil(lambda: reporter.dialog is not None)

    report = reporter.dialog.report  # type: ignore[union-attr]
    assert "builtins.KeyError: (message withheld)" in report
    assert "tests/ui/test_crash.py" in report
    assert "Testperson" not in report


def test_the_report_can_be_copied_and_work_goes_on(qtbot: QtBot, reporter: CrashReporter) -> None:
    crash(reporter)
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    dialog = reporter.dialog
    assert dialog is not None
    buttons = {button.text(): button for button in dialog.findChildren(QAbstractButton)}

    qtbot.mouseClick(buttons["Copy report"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(buttons["Go on working"], Qt.MouseButton.LeftButton)

    assert QGuiApplication.clipboard().text() == dialog.report
    qtbot.waitUntil(lambda: reporter.dialog is None)


def test_one_dialog_is_enough_for_many_bugs(qtbot: QtBot, reporter: CrashReporter) -> None:
    for _ in range(5):
        crash(reporter)
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    first = reporter.dialog

    crash(reporter)
    qtbot.wait(10)

    assert reporter.dialog is first


def test_a_bug_in_a_thread_is_caught_as_well(qtbot: QtBot, reporter: CrashReporter) -> None:
    before = sys.excepthook, threading.excepthook
    reporter.install()
    thread = threading.Thread(target=lambda: 1 // 0)

    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    reporter.uninstall()

    assert "ZeroDivisionError" in reporter.dialog.report  # type: ignore[union-attr]
    assert (sys.excepthook, threading.excepthook) == before
