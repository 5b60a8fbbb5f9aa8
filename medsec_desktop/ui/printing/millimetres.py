"""A length in millimetres, typed to a tenth."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget


class MillimetreBox(QDoubleSpinBox):
    """A length in mm that the mouse wheel does not change in passing; a point or a comma will do."""

    def __init__(
        self, highest: float = 1200.0, *, decimals: int = 1, parent: QWidget | None = None
    ):
        super().__init__(parent)
        self.setRange(0.0, highest)
        self.setDecimals(decimals)
        self.setSingleStep(0.1)
        self.setSuffix(" mm")
        # The padding of the style sheet does not reach the line inside a spin box.
        self.lineEdit().setTextMargins(9, 0, 0, 0)

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace(",", "."))

    def validate(self, text: str, position: int) -> object:
        return super().validate(text.replace(",", "."), position)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
