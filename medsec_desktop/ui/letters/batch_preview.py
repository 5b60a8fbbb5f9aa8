"""The letter to many as one of them gets it, drawn away from the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.services.letters.enclosing import SameForAll
from medsec_desktop.services.letters.targets import Target
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.widgets import Banner

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.desk import Desk

    _Drawn = tuple[tuple[PageImage, ...], str, tuple[str, ...]]


class BatchPreview(QWidget):
    """Pages with a warning above; `asked` says that they are wanted in another resolution."""

    asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self._of: tuple[Target, str, str, SameForAll, float] | None = None
        self.banner = Banner(desk.theme, "warning", "")
        self.banner.hide()
        self.page = PageView(desk.theme, "The letter to the one selected")
        self.page.resolution_changed.connect(self.asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.page, 1)
        self._ask = desk.jobs.latest(self._draw, self._show)

    def show_letter(self, target: Target, template: str, language: str, same: SameForAll) -> None:
        """Draw the letter this one gets, and show it."""
        self._of = target, template, language, same, self.page.dpi
        self._ask("page")

    def show_none(self) -> None:
        """Nobody is selected, or no letter chosen."""
        self.page.show_pages((), "")

    def refuse(self, problem: Problem) -> None:
        """Say why there is no list."""
        self.banner.show_message("danger", str(problem))
        self.banner.show()

    def _draw(self, _: str) -> _Drawn:
        assert self._of is not None
        target, template, language, same, dpi = self._of
        letters = self.desk.office.letters
        try:
            draft = self.desk.office.batches.draft(target, template, language, same)
            pdf = letters.preview(draft)
            return letters.pages(pdf, dpi), letters.text(pdf), letters.warnings(draft)
        except Problem as problem:
            return (), "", (str(problem),)

    def _show(self, drawn: _Drawn) -> None:
        images, text, warnings = drawn
        self.page.show_pages(images, text)
        self.banner.show_message("warning", "\n".join(warnings))
        self.banner.setVisible(bool(warnings))
