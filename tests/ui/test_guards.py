"""The suite's guards bite, and the binding does not leak."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QMessageBox
from pytestqt.qtbot import QtBot


def test_void_calls_take_no_reference_from_none(qapp: object) -> None:
    """PySide6 6.12.0 aborts on Python ≤ 3.11 after some thousands of calls that return nothing."""
    thing = QObject()
    before = sys.getrefcount(None)

    for _ in range(1000):
        thing.setObjectName("canary")

    assert sys.getrefcount(None) > before - 100


def test_a_modal_loop_fails_the_test(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)

    with pytest.raises(AssertionError, match="modal loop"):
        dialog.exec()
    with pytest.raises(AssertionError, match="modal loop"):
        QMessageBox.question(dialog, "Sure?", "Sure?")
