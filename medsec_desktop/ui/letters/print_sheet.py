"""How pages go to paper: the very pages, the printer, its tray, which sides and how many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.services.page_images import first_pages
from medsec_desktop.services.printing import AS_REMEMBERED, PrinterOffers, Sides, Way
from medsec_desktop.services.printing.ways import SIDES_WORDS
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    Field,
    Hairline,
    NumberBox,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.services.printing import PrinterRow, Printing
    from medsec_desktop.ui.desk import Desk

# Makes the PDF to look at before it is printed; run away from the screen.
Pages: TypeAlias = Callable[[], bytes]
_FORM_WIDTH = 300
_MOST_SHOWN = 20  # pages one looks at before paper; all are printed


class PrintSheet(QDialog):
    """Shows the pages, asks how they go to paper, then calls `then(way)`.

    What is not changed goes as it is remembered for the kind of paper.
    """

    def __init__(
        self,
        desk: Desk,
        printing: Printing,
        kind: str,
        printers: Sequence[PrinterRow],
        then: Callable[[Way], object],
        parent: QWidget | None = None,
        what: str = "letters",
        pages: Pages | None = None,
        note: str = "",
    ):
        """`note` is a sentence about what goes with the pages."""
        super().__init__(parent)
        self._desk = desk
        self._printing = printing
        self._kind = kind
        self._then = then
        self._make_pages = pages
        self._pdf = b""
        self._setup = printing.setup(kind)
        self.setWindowTitle("Print")
        self.setAccessibleName("Print")
        default = next((row.name for row in printers if row.is_default), "")
        self.printer = Choice(
            [(row.name, row.name if row.is_ready else f"{row.name} (stopped)") for row in printers],
            self._setup.printer or default,
        )
        self.tray = Choice([("", "As the printer does")])
        self.sides = Choice(SIDES_WORDS.items(), self._setup.sides)
        self.copies = NumberBox(1, 99)
        self.copies.setValue(self._setup.copies)
        self.remember = QCheckBox(f"Remember for {what}")
        self.remember.setChecked(True)
        self.print_button = PrimaryButton("Print", self.accept)
        self.cancel_button = PlainButton("Cancel", self.reject)
        self.preview: PageView | None = None
        self.note = Text(note, "muted", wrap=True)
        self._lay_out(pages is not None)
        self._ask_offers = desk.jobs.latest(self._offers_of, self._show_offers)
        self.printer.currentIndexChanged.connect(self._printer_chosen)
        self.finished.connect(self._tell)
        self._printer_chosen()

    def _lay_out(self, with_pages: bool) -> None:
        theme = self._desk.theme
        self.fields = {
            "printer": Field("Printer", self.printer),
            "tray": Field("Tray", self.tray),
            "sides": Field("Sides", self.sides),
            "copies": Field("Copies", self.copies),
        }
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.print_button)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(Text("Print", "heading"))
        for field in self.fields.values():
            column.addWidget(field)
        column.addWidget(self.remember)
        column.addWidget(self.note)
        if not self.note.text():
            self.note.hide()
        column.addStretch(1)
        column.addLayout(buttons)
        form = QWidget()
        form.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(20)
        row.addWidget(form, 0 if with_pages else 1)
        self.fields["tray"].hide()
        self.fields["sides"].hide()
        if not with_pages:
            self.setMinimumWidth(theme.px(400))
            return
        form.setFixedWidth(theme.px(_FORM_WIDTH))
        self.preview = PageView(theme, "Pages to print")
        self.banner = Banner(theme, "warning", "")
        self.banner.hide()
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.banner)
        right.addWidget(self.preview, 1)
        row.addWidget(Hairline(vertical=True))
        row.addLayout(right, 1)
        room = self.parentWidget().window().size() if self.parentWidget() else QSize(1100, 760)
        self.resize(min(theme.px(980), room.width() - 80), min(theme.px(760), room.height() - 80))
        self._ask_pages = self._desk.jobs.latest(self._drawn, self._show_pages)
        self.preview.resolution_changed.connect(lambda: self._ask_pages("pages"))

    # -- the pages ------------------------------------------------------------------------------

    def _drawn(self, _: str) -> tuple[tuple[PageImage, ...], str]:
        """In the worker: the pages at the width there is, or the sentence that says why not."""
        assert self._make_pages is not None
        assert self.preview is not None
        try:
            if not self._pdf:
                self._pdf = self._make_pages()
            shown = first_pages(self._pdf, _MOST_SHOWN)
            return tuple(self._desk.office.documents.reader.drawn(shown, self.preview.dpi)), ""
        except Problem as problem:
            return (), str(problem)

    def _show_pages(self, drawn: tuple[tuple[PageImage, ...], str]) -> None:
        images, problem = drawn
        if self.preview is not None:
            self.preview.show_pages(images)
            self.banner.show_message("warning", problem)
            self.banner.setVisible(bool(problem))

    # -- the printer ----------------------------------------------------------------------------

    def _printer_chosen(self) -> None:
        self._ask_offers(str(self.printer.value()))

    def _offers_of(self, printer: str) -> tuple[str, PrinterOffers]:
        try:
            return printer, self._printing.offers(printer)
        except Problem:
            return printer, PrinterOffers()  # the printer is asked again, and told of, at printing

    def _show_offers(self, found: tuple[str, PrinterOffers]) -> None:
        printer, offers = found
        if printer != self.printer.value():
            return
        self.tray.set_pairs([("", "As the printer does"), *offers.trays])
        is_remembered = printer == self._setup.printer
        self.tray.set_value(self._setup.tray if is_remembered else "")
        self.fields["tray"].setVisible(bool(offers.trays))
        self.fields["sides"].setVisible(offers.has_two_sides)

    @property
    def way(self) -> Way:
        """How the pages go, as the form stands."""
        return Way(
            str(self.printer.value()),
            str(self.tray.value()),
            Sides(str(self.sides.value())) if not self.fields["sides"].isHidden() else Sides(""),
            self.copies.value(),
        )

    def _tell(self, result: int) -> None:
        self.deleteLater()
        if result != QDialog.DialogCode.Accepted:
            return
        way = self.way
        if self.remember.isChecked():
            setup = replace(
                self._setup, printer=way.printer, tray=way.tray or "", sides=way.sides or Sides("")
            )
            guarded(self._desk, lambda: self._printing.remember(self._kind, setup))
        self._then(way)


def choose_printer(
    desk: Desk,
    printing: Printing,
    kind: str,
    then: Callable[[Way], object],
    over: QWidget,
    what: str = "letters",
    save: Callable[[], object] | None = None,
    pages: Pages | None = None,
    note: str = "",
) -> None:
    """Show the `pages` and ask how they go to paper, remember it for the kind of paper if wanted, then
    call `then(way)`. `note` is a sentence about what goes with the pages. Printers are looked for away
    from the screen; without one it is said, and to save the pages is offered instead, by `save` where the
    caller has a way of its own."""
    if save is None and pages is not None:
        save = partial(save_pages, desk, printing, pages, f"{what}.pdf")

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
        PrintSheet(desk, printing, kind, printers, then, over, what, pages, note).open()

    desk.jobs.run("Looking for printers", lambda _: printing.printers(), found)


def save_pages(desk: Desk, printing: Printing, pages: Pages, name: str) -> None:
    """Ask where to, and write the pages there as a PDF; that they left is recorded."""

    def write(path: str) -> None:
        target = Path(path)
        desk.jobs.run(
            "Saving a PDF",
            lambda _: printing.save_pdf(pages(), target, title=name.removesuffix(".pdf")),
            lambda _: desk.messages.say(f"Saved as “{target.name}”."),
            cancellable=False,
        )

    desk.prompts.save_file("Save as PDF", write, name=name, pattern="PDF (*.pdf)")


def print_or_ask(
    desk: Desk,
    printing: Printing,
    kind: str,
    then: Callable[[Way], object],
    over: QWidget,
    what: str = "letters",
    pages: Pages | None = None,
) -> None:
    """From a screen that shows the pages: at once, or asking first where that is wished for the kind."""
    if printing.setup(kind).asks:
        choose_printer(desk, printing, kind, then, over, what, pages=pages)
    else:
        then(AS_REMEMBERED)
