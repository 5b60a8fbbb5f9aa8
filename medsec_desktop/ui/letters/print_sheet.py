"""Which printer and how many copies: a small question before paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, Field, NumberBox, PlainButton, PrimaryButton, Text

if TYPE_CHECKING:
    from medsec_desktop.services.printing import PrinterRow, Printing
    from medsec_desktop.ui.desk import Desk


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


def choose_printer(
    desk: Desk,
    printing: Printing,
    kind: str,
    then: Callable[[str, int], object],
    over: QWidget,
    what: str = "letters",
    save: Callable[[], object] | None = None,
) -> None:
    """Ask which printer and how many, remember it for the kind of paper if wanted, then call
    `then(printer, copies)`. Printers are looked for away from the screen; without one it is said,
    and `save`, where there is one, is offered instead."""

    def chosen(printer: str, copies: int, remember: bool) -> None:
        if remember:
            guarded(desk, lambda: printing.choose(kind, printer))
        then(printer, copies)

    def found(printers: tuple[PrinterRow, ...]) -> None:
        if not printers:
            remedy = "Add one in the system’s settings, then print again."
            problem = Problem("This computer has no printer.", remedy=remedy)
            if save is None:
                desk.messages.problem(problem)
            else:
                offers = [("Save as PDF…", save)]
                desk.messages.say(str(problem), tone="failed", offers=offers)
            return
        PrintSheet(printers, printing.printer_for(kind), chosen, over, what).open()

    desk.jobs.run("Looking for printers", lambda _: printing.printers(), found)
