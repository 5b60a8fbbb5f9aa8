"""What did not get to paper: said in a strip, and listed to be printed again, saved or dropped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.problems import Link, Problem
from medsec_desktop.services.practice.time_zone import wall_clock
from medsec_desktop.services.printing.ways import KINDS
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.practice.side_window import SideWindow
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    EmptyState,
    FastList,
    Field,
    Hairline,
    ListRow,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.services.printing import KeptPrint, PrinterRow
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk

_LIST_WIDTH = 380


class KeptStrip(Banner):
    """Says how many prints wait; there only while some do."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(
            desk.theme, "warning", "", open_link=lambda link: desk.go.open_link(link), parent=parent
        )
        self._desk = desk
        desk.bus.changed.connect(self.refresh)
        self.refresh()

    def refresh(self, _: Changes | None = None) -> None:
        """Count anew."""
        count = self._desk.office.printing.kept.count()
        if count:
            said = (
                "1 print did not get to paper. Its pages are kept."
                if count == 1
                else f"{count} prints did not get to paper. Their pages are kept."
            )
            self.show_message("warning", said, links=[Link("list", "kept_prints", "Print again…")])
        self.setVisible(bool(count))


class KeptPrints(SideWindow):
    """The list at the left, the pages of the one picked at the right. A window beside the main one."""

    help_page = "printing"

    def __init__(self, desk: Desk, window: QWidget):
        super().__init__(desk, window, "Print again")
        self._printing = desk.office.printing
        self._rows: dict[int, KeptPrint] = {}
        self._clock = wall_clock(desk.office.practice, desk.office.clock)
        self._printers: tuple[PrinterRow, ...] = ()
        self._build()
        self.open_at(1040, 680)
        desk.bus.changed.connect(self.refresh)
        desk.jobs.run(
            "Looking for printers",
            lambda _: self._printing.printers(),
            self._show_printers,
            lambda _: self._show_printers(()),
            cancellable=False,
        )
        self.reload()

    # -- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._desk.theme
        self.list = FastList(theme, "Prints that wait", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.chosen.connect(lambda _: self.print_again())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._picked())
        self.why = Text("", "muted", wrap=True)
        self.printer = Choice()
        self.field = Field("Printer", self.printer)
        self.print_button = PrimaryButton("Print again", self.print_again)
        self.save_button = PlainButton("Save as PDF…", self.save)
        self.drop_button = PlainButton("Drop", self.drop, tip="It is not wanted any more")
        self.close_button = PlainButton("Close", self.close)
        self.pages = PageView(theme, "Pages that wait")
        self.pages.resolution_changed.connect(lambda: self._ask_pages("pages"))
        self._ask_pages = self._desk.jobs.latest(self._drawn, self._show_pages)
        self.nothing = EmptyState(
            theme,
            "printer",
            "Nothing waits",
            "What a printer does not take is kept here until it is printed, saved or dropped.",
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.drop_button)
        buttons.addStretch(1)
        buttons.addWidget(self.print_button)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        left.addWidget(Text("Print again", "title"))
        left.addWidget(self.list, 1)
        left.addWidget(self.why)
        left.addWidget(self.field)
        left.addLayout(buttons)
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(theme.px(_LIST_WIDTH))
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(24, 20, 24, 16)
        row.setSpacing(20)
        row.addWidget(side)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.pages, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(whole)
        self.stack.addWidget(self.nothing)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        self.tell_over(self.stack, self.lay_in(self.stack, foot=foot), foot)

    # -- the list -------------------------------------------------------------------------------

    def refresh(self, _: Changes) -> None:
        if self.isVisible():
            self.reload()

    def reload(self) -> None:
        """Show what waits now; the one picked stays picked."""
        before = self.list.current_value()
        rows = self._printing.kept.all()
        self._rows = {row.id: row for row in rows}
        self.list.set_rows([self._listed(row) for row in rows])
        for index, row in enumerate(rows):
            if row.id == before:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        self.stack.setCurrentIndex(0 if rows else 1)
        self._picked()

    def _listed(self, row: KeptPrint) -> ListRow:
        when = self._desk.office.formats.when(self._clock(row.kept_utc))
        copies = f" · {row.ticket.copies} copies" if row.ticket.copies > 1 else ""
        return ListRow(
            row.id,
            row.ticket.title,
            f"{KINDS[row.kind].name}{copies} · {when}, {row.by}",
            trailing=row.ticket.printer,
        )

    @property
    def row(self) -> KeptPrint | None:
        """The job picked."""
        return self._rows.get(self.list.current_value())

    def _picked(self) -> None:
        row = self.row
        self.why.setText(row.why if row is not None else "")
        if row is not None:
            self._show_printers(self._printers)
            self._ask_pages("pages")

    def _show_printers(self, printers: tuple[PrinterRow, ...]) -> None:
        self._printers = printers
        wanted = self.row.ticket.printer if self.row is not None else ""
        names = [row.name for row in printers]
        pairs = [
            (row.name, row.name if row.is_ready else f"{row.name} (stopped)") for row in printers
        ]
        if wanted not in names:
            words = f"{wanted} (not there)" if wanted else "The computer’s default"
            pairs.insert(0, (wanted, words))
        self.printer.set_pairs(pairs)
        self.printer.set_value(wanted)

    def _drawn(self, _: str) -> tuple[PageImage, ...]:
        row = self.row
        if row is None:
            return ()
        try:
            pdf = self._printing.kept.pdf(row)
            return tuple(self._desk.office.documents.reader.drawn(pdf, self.pages.dpi))
        except Problem:
            return ()  # the same is said when it is printed or saved

    def _show_pages(self, images: tuple[PageImage, ...]) -> None:
        self.pages.show_pages(images)

    # -- what is done with it -------------------------------------------------------------------

    def print_again(self) -> None:
        """Print the one picked, on the printer chosen."""
        row = self.row
        if row is None:
            return
        printer, title = str(self.printer.value() or ""), row.ticket.title

        def done(went_to: str) -> None:
            self.reload()
            self._desk.messages.say(f"{title}: sent to {went_to}.")

        self._desk.jobs.run(
            "Printing again",
            lambda _: self._printing.print_again(row.id, printer),
            done,
            self._failed,
            cancellable=False,
        )

    def _failed(self, error: BaseException) -> None:
        self.reload()
        if not isinstance(error, Problem):
            raise error
        self._desk.messages.problem(error)

    def save(self) -> None:
        """Write the one picked to a PDF; it goes on waiting."""
        row = self.row
        if row is None:
            return

        def write(path: str) -> None:
            if guarded(self._desk, lambda: (self._printing.save_kept(row.id, Path(path)), True)):
                self._desk.messages.say(f"Saved as “{Path(path).name}”. It goes on waiting here.")

        self._desk.prompts.save_file(
            "Save as PDF", write, name=f"{row.ticket.title}.pdf", pattern="PDF (*.pdf)"
        )

    def drop(self) -> None:
        """Let the one picked go; it can be brought back as long as the message stands."""
        row = self.row
        if row is None:
            return
        dropped = guarded(self._desk, lambda: (self._printing.drop_kept(row.id),))
        if dropped is None:
            return
        self.reload()
        (bring_back,) = dropped
        offers = [("Bring it back", lambda: guarded(self._desk, bring_back))] if bring_back else []
        self._desk.messages.say(f"{row.ticket.title}: dropped.", offers=offers)


def open_kept_prints(desk: Desk, window: QWidget) -> KeptPrints:
    """Show what waits beside `window`; the window that is already open comes forward."""
    dialog = window.findChild(KeptPrints)
    if dialog is None:
        dialog = KeptPrints(desk, window)
    dialog.come_forward()
    dialog.reload()
    dialog.list.setFocus()
    return dialog
