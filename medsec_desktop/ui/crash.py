"""What happens when we erred: one window that says so, a report without a name in it, work goes on."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from medsec_desktop.logs import crash_report
from medsec_desktop.ui.widgets.buttons import PlainButton, PrimaryButton
from medsec_desktop.ui.widgets.labels import Text

log = logging.getLogger("medsec.crash")


class CrashDialog(QDialog):
    """Says that something went wrong on our side, and offers the report to copy."""

    def __init__(self, report: str, parent: QWidget | None):
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.report = report
        shown = QPlainTextEdit(report)
        shown.setReadOnly(True)
        shown.setAccessibleName("Report")
        shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        copy = PlainButton("Copy report", self._copy)
        self._copied = Text("", "small")
        go_on = PrimaryButton("Go on working", self.close)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(copy)
        buttons.addWidget(self._copied, 1)
        buttons.addWidget(go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("Something went wrong in the program", "heading"))
        column.addWidget(
            Text(
                "The last step was not finished; nothing half-done was saved, and what you typed "
                "is kept. The report below holds no names or dates of patients. Please copy it "
                "and send it to whoever looks after the program.",
                wrap=True,
            )
        )
        column.addWidget(shown, 1)
        column.addLayout(buttons)
        self.resize(640, 420)
        go_on.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
        self._copied.setText("Copied.")


class CrashReporter(QObject):
    """Catches what nobody caught, in any thread, and shows one dialog at a time."""

    _caught = Signal(object)

    def __init__(self, window: Callable[[], QWidget | None]):
        super().__init__()
        self._window = window
        self._dialog: CrashDialog | None = None
        self._before: tuple[object, object] | None = None
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on, a bug is a dialog instead of the end."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.caught
        threading.excepthook = lambda args: self.caught(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def uninstall(self) -> None:
        """Give the hooks back to whoever had them."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before  # type: ignore[assignment]
            self._before = None

    def caught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        report = crash_report(error.with_traceback(trace))
        log.error("unexpected error\n%s", report)
        self._caught.emit(report)

    def _show(self, report: str) -> None:
        if self._dialog is not None:
            return  # one is enough; the others are in the log
        self._dialog = CrashDialog(report, self._window())
        self._dialog.destroyed.connect(self._forget)
        self._dialog.show()

    def _forget(self) -> None:
        self._dialog = None

    @property
    def dialog(self) -> CrashDialog | None:
        return self._dialog
