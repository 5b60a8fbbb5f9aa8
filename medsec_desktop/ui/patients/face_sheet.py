"""The face sheet from the file: which printer and how many, then paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsec_desktop.ui.letters.print_sheet import PrintSheet
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from medsec_desktop.ui.desk import Desk


def print_face_sheet(desk: Desk, patient_id: int, over: QWidget) -> PrintSheet | None:
    """Ask, then print; what cannot be printed is told in the message bar."""
    sheets = desk.office.face_sheets
    printers = guarded(desk, sheets.printing.printers)
    if printers is None:
        return None

    def chosen(printer: str, copies: int, remember: bool) -> None:
        if remember:
            sheets.printing.choose("letters", printer)
        went_to = guarded(desk, lambda: sheets.print(patient_id, printer, copies))
        if went_to is not None:
            desk.messages.say(f"The face sheet went to “{went_to}”.", tone="info")

    sheet = PrintSheet(
        printers, sheets.printing.printer_for("letters"), chosen, over, "letters and face sheets"
    )
    sheet.open()
    return sheet
