"""Which printer and how many copies: a small question before paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.widgets import Choice, Field, NumberBox, PlainButton, PrimaryButton, Text

if TYPE_CHECKING:
    from medsec_desktop.services.printing import PrinterRow


class PrintSheet(QDialog):
    """Asks for printer and copies, then calls `then(printer, copies, remember)`."""

    def __init__(
        self,
        printers: Sequence[PrinterRow],
        chosen: str,
        then: Callable[[str, int, bool], object],
        parent: QWidget | None = None,
        what: str = "letters",
    ):
        super().__init__(parent)
        self._then = then
        self.setWindowTitle("Print")
        self.setMinimumWidth(400)
        default = next((row.name for row in printers if row.is_default), "")
        self.printer = Choice(
            [(row.name, row.name if row.is_ready else f"{row.name} (stopped)") for row in printers],
            chosen or default,
        )
        self.copies = NumberBox(1, 99)
        self.remember = QCheckBox(f"Use this printer for {what} from now on")
        self.remember.setChecked(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(PlainButton("Cancel", self.reject))
        self.print_button = PrimaryButton("Print", self.accept)
        buttons.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("Print", "heading"))
        column.addWidget(Field("Printer", self.printer))
        column.addWidget(Field("Copies", self.copies))
        column.addWidget(self.remember)
        column.addSpacing(4)
        column.addLayout(buttons)
        self.finished.connect(self._tell)

    def _tell(self, result: int) -> None:
        self.deleteLater()
        if result == QDialog.DialogCode.Accepted:
            self._then(str(self.printer.value()), self.copies.value(), self.remember.isChecked())
