"""A claim as it would be printed: the text of the overlay on the drawn form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtWidgets import QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.widgets import Banner

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.desk import Desk

# The pages, and what is cut off because its place is too small; run away from the screen.
MakeForm: TypeAlias = Callable[[], tuple[bytes, tuple[str, ...]]]
_Drawn: TypeAlias = tuple[tuple["PageImage", ...], str, str]


class FormView(QWidget):
    """`show_form` draws anew; what no longer fits its place is told above the pages."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._make: MakeForm | None = None
        self.banner = Banner(desk.theme, "warning", "")
        self.pages = PageView(desk.theme, "The claim form")
        self._ask = desk.jobs.latest(self._draw, self._show)
        self.pages.resolution_changed.connect(lambda: self._ask("form"))
        above = QVBoxLayout()
        above.setContentsMargins(16, 8, 16, 8)
        above.addWidget(self.banner)
        self._above = QWidget()
        self._above.setLayout(above)
        self._above.hide()  # it takes no room while there is nothing to say
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._above)
        column.addWidget(self.pages, 1)

    def show_form(self, make: MakeForm) -> None:
        """Draw the form that `make` gives."""
        self._make = make
        self._ask("form")

    def _draw(self, _: str) -> _Drawn:
        """In the worker: the pages at the width there is, or the sentence that says why not."""
        assert self._make is not None
        try:
            pdf, cut = self._make()
            images = tuple(self._desk.office.documents.reader.drawn(pdf, self.pages.dpi))
        except Problem as problem:
            return (), "danger", str(problem)
        return images, "warning", " ".join(cut)

    def _show(self, drawn: _Drawn) -> None:
        images, tone, words = drawn
        self.pages.show_pages(images)
        self.banner.show_message(tone, words)
        self._above.setVisible(bool(words))
