"""The letter to many as one of them gets it, or got it, drawn away from the screen."""

from __future__ import annotations

from collections.abc import Callable
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

    _Found = tuple[bytes | None, tuple[str, ...]]  # pages, and what may be wrong with them
    _Drawn = tuple[tuple[PageImage, ...], str, tuple[str, ...]]


class BatchPreview(QWidget):
    """Pages with a warning above; `asked` says that they are wanted in another resolution."""

    asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self._pages: Callable[[], _Found] | None = None
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
        """Draw the letter this one would get, and show it."""
        letters, batches = self.desk.office.letters, self.desk.office.batches

        def pages() -> _Found:
            draft = batches.draft(target, template, language, same)
            return letters.preview(draft), letters.warnings(draft)

        self._show_of(pages)

    def show_written(self, batch_id: int, target: Target) -> None:
        """Show the letter this one got, as it was archived."""
        batches = self.desk.office.batches
        self._show_of(lambda: (batches.pages_to(batch_id, target), ()))

    def _show_of(self, pages: Callable[[], _Found]) -> None:
        self._pages, self._dpi = pages, self.page.dpi
        self._ask("page")

    def show_none(self) -> None:
        """Nobody is selected, or no letter chosen."""
        self.page.show_pages((), "")

    def refuse(self, problem: Problem) -> None:
        """Say why there is no list."""
        self.banner.show_message("danger", str(problem))
        self.banner.show()

    def _draw(self, _: str) -> _Drawn:
        assert self._pages is not None
        letters, dpi = self.desk.office.letters, self._dpi
        try:
            pdf, warnings = self._pages()
            return (letters.pages(pdf, dpi), letters.text(pdf), warnings) if pdf else ((), "", ())
        except Problem as problem:
            return (), "", (str(problem),)

    def _show(self, drawn: _Drawn) -> None:
        images, text, warnings = drawn
        self.page.show_pages(images, text)
        self.banner.show_message("warning", "\n".join(warnings))
        self.banner.setVisible(bool(warnings))
