"""“Copy for…”: the practice's formats as a menu; the one chosen puts the patient on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.services.patients.copying import CopyFormatRow
    from medsec_desktop.ui.desk import Desk

_DIGITS = 9


def open_copy_menu(desk: Desk, patient_id: int, place: QWidget) -> QMenu | None:
    """Show the formats below `place`; the first nine are a digit away."""
    formats = guarded(desk, lambda: desk.office.copy_formats.all())
    if formats is None:
        return None
    menu = QMenu(place)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName("Copy for")
    for number, row in enumerate(formats, 1):
        digit = f"&{number}  " if number <= _DIGITS else ""
        action = menu.addAction(digit + row.name.replace("&", "&&"))
        action.triggered.connect(lambda _=False, row=row: _copy(desk, row, patient_id))
    if formats:
        menu.addSeparator()
    settings = menu.addAction("&Formats…")
    settings.triggered.connect(lambda _=False: desk.go.open_settings("copying"))
    menu.setActiveAction(menu.actions()[0])
    menu.popup(place.mapToGlobal(QPoint(0, place.height() + 4)))
    return menu


def _copy(desk: Desk, row: CopyFormatRow, patient_id: int) -> None:
    text = guarded(desk, lambda: desk.office.copy_formats.copied(row.id, patient_id))
    if text is None:
        return
    QGuiApplication.clipboard().setText(text)
    first = text.split("\n", 1)[0]
    desk.messages.say(f"Copied for {row.name}: {first}{'…' if chr(10) in text else ''}")
