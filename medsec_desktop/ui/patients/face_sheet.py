"""The face sheet from the file: which printer and how many, then paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.printing.print_job import print_away
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk


def print_face_sheet(desk: Desk, patient_id: int, over: QWidget) -> None:
    """Ask, then print; what cannot be printed is told in the message bar."""
    sheets = desk.office.face_sheets

    def chosen(way: Way) -> None:
        print_away(desk, "The face sheet", lambda: sheets.print(patient_id, way))

    def saved(path: Path) -> None:
        if guarded(desk, lambda: (sheets.save(patient_id, path), True)) is not None:
            desk.messages.say(f"Saved as “{path.name}”.", tone="info")

    def save() -> None:
        desk.prompts.save_file(
            "Save the face sheet",
            lambda path: saved(Path(path)),
            name="face sheet.pdf",
            pattern="PDF (*.pdf)",
        )

    what = "documents and face sheets"
    choose_printer(
        desk, sheets.printing, "documents", chosen, over, what, save, lambda: sheets.pdf(patient_id)
    )
