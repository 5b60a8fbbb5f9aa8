"""Settings: how each kind of paper is printed on this workstation, and what waits to be printed again."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Sides
from medsec_desktop.services.printing.ways import KINDS, SIDES_WORDS, KindSetUp
from medsec_desktop.services.session import Changes
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.printing.calibration import CalibrationDialog, told
from medsec_desktop.ui.printing.kept_prints import KeptStrip
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    FastList,
    Field,
    ListRow,
    NumberBox,
    PlainButton,
    Section,
    Text,
)

_DEFAULT = "The computer’s default"
_NO_PRINTER = (
    "A test page measures one printer, and this computer has none. Connect one, switch it on and add it in the"
    " computer’s own settings for printers; then look again."
)


class PrintingPage(SettingsPage):
    """The kinds of paper at the left; printer, tray, sides and copies of the one picked at the right."""

    id = "printing"
    name = "Printers"
    icon = "printer"
    words = (
        "Each kind of paper goes its own way from this workstation; everybody here may change it."
    )
    finds = (
        "printing printer tray duplex copies silent test page calibration millimeters millimetres labels"
        " envelopes kept print again"
    )
    needs = None

    def build(self) -> None:
        theme = self.desk.theme
        self._printing = self.desk.office.printing
        self._printers: tuple[PrinterRow, ...] | None = None
        self.strip = KeptStrip(self.desk, self)
        self.problem = Banner(theme, "info", "")
        self.problem.hide()
        self.list = FastList(theme, "Kinds of paper", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setFixedHeight(theme.px(48 * len(KINDS) + 8))
        self.printer = Choice([("", _DEFAULT)])
        self.tray, self.sides = Choice(), Choice(SIDES_WORDS.items())
        self.copies = NumberBox(1, 99)
        self.asks = QCheckBox("Show the pages and ask each time")
        self.asks.setAccessibleName("Show the pages and ask each time")
        self.asked = Text(
            "Without it a screen that shows the pages prints them at once.", "small", wrap=True
        )
        self.right = Section("")
        self.fields = {
            "printer": Field("Printer", self.printer),
            "tray": Field("Tray", self.tray),
            "sides": Field("Sides", self.sides),
            "copies": Field("Copies", self.copies),
        }
        self.made_up = Text("", "muted", wrap=True)
        self.test_button = PlainButton("Test page and measures…", self.test)
        theme.wear(self.test_button, "printer")
        self.again_button = PlainButton("Look for printers again", self._load_printers)
        theme.wear(self.again_button, "refresh-cw")
        self.again_button.hide()
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(lambda *_: self._picked())
        self.printer.activated.connect(lambda _: self._printer_chosen())
        self.tray.activated.connect(lambda _: self._keep())
        self.sides.activated.connect(lambda _: self._keep())
        self.asks.clicked.connect(lambda _: self._keep())
        self.copies.editingFinished.connect(self._keep)
        self._ask_offers = self.desk.jobs.latest(self._offers_of, self._show_offers)
        self._show_list()
        self._load_printers()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.fields["printer"], 0, 0, 1, 2, top)
        grid.addWidget(self.fields["tray"], 1, 0, top)
        grid.addWidget(self.fields["sides"], 1, 1, top)
        grid.addWidget(self.fields["copies"], 2, 0, top)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        asked = QVBoxLayout()
        asked.setSpacing(0)
        asked.addWidget(self.asks)
        self.asked.setContentsMargins(28, 0, 0, 0)
        asked.addWidget(self.asked)
        body = self.right.body
        body.setSpacing(16)
        body.addLayout(grid)
        body.addLayout(asked)
        self.measures = Section("Where the printer puts things")
        self.measures.body.addWidget(self.made_up)
        for button in (self.test_button, self.again_button):
            self.measures.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout()
        column.setSpacing(24)
        column.addWidget(self.right)
        column.addWidget(self.measures)
        column.addStretch(1)
        beside = QWidget()
        beside.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        left = QVBoxLayout()
        left.addWidget(self.list)
        left.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left, 2)
        row.addWidget(beside, 3)
        self.inside.addWidget(self.strip)
        self.inside.addWidget(self.problem)
        self.inside.addLayout(row)

    def refresh(self, changes: Changes) -> None:
        super().refresh(changes)
        self.strip.refresh()

    # -- printers -------------------------------------------------------------------------------

    def _load_printers(self) -> None:
        """Ask the print service away from the screen: a network printer may take seconds."""
        self.desk.jobs.run(
            "Look for printers",
            lambda _: self._printing.printers(),
            self._show_printers,
            self._no_printers,
            cancellable=False,
        )

    def _no_printers(self, error: BaseException) -> None:
        if not isinstance(error, Problem):
            raise error
        self._show_printers(())
        self.problem.show_message("warning", str(error))
        self.problem.show()

    def _show_printers(self, rows: tuple[PrinterRow, ...]) -> None:
        self._printers = rows
        if not rows:
            self.problem.show_message(
                "info", "This computer has no printer the program can see. Add one in its settings."
            )
        self.problem.setVisible(not rows)
        self._show_list()
        self._picked()

    def _offers_of(self, printer: str) -> tuple[str, PrinterOffers]:
        try:
            return printer, self._printing.offers(
                self._real(printer)
            ) if printer or self._printers else PrinterOffers()
        except Problem:
            return printer, PrinterOffers()  # told when somebody prints there

    def _real(self, printer: str) -> str:
        """A printer by its own name; the default first of all there are."""
        return printer or (self._printers[0].name if self._printers else "")

    def _show_offers(self, found: tuple[str, PrinterOffers]) -> None:
        printer, offers = found
        if printer != self.printer.value():
            return
        setup = self.setup
        pairs = [("", "As the printer does"), *offers.trays]
        if setup.tray and setup.tray not in [tray for tray, _ in offers.trays]:
            pairs.append((setup.tray, f"{setup.tray} (not there)"))
        self.tray.set_pairs(pairs)
        self.tray.set_value(setup.tray)
        self.fields["tray"].setEnabled(len(pairs) > 1)
        is_there = bool(self._printers)
        self.fields["tray"].hint(
            "" if offers.trays or not is_there else "This printer names no trays."
        )
        has_both = offers.has_two_sides or setup.sides is not Sides.PRINTER
        self.fields["sides"].setEnabled(has_both)
        self.fields["sides"].hint(
            "" if has_both or not is_there else "This printer prints one side."
        )

    # -- kinds of paper -------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """The kind of paper picked."""
        return str(self.list.current_value() or next(iter(KINDS)))

    @property
    def setup(self) -> KindSetUp:
        """What is remembered for it."""
        return self._printing.setup(self.kind)

    def _show_list(self) -> None:
        before = self.list.current_value()
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows([self._listed(kind) for kind in KINDS])
        for index, kind in enumerate(KINDS):
            if kind == before:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        model.blockSignals(False)
        self.list.viewport().update()

    def _listed(self, kind: str) -> ListRow:
        setup = self._printing.setup(kind)
        details = [setup.printer or _DEFAULT]
        if setup.copies > 1:
            details.append(f"{setup.copies} copies")
        if setup.asks:
            details.append("asks")
        return ListRow(kind, KINDS[kind].name, " · ".join(details))

    def _picked(self) -> None:
        setup, kind = self.setup, self.kind
        self.right.heading.setText(KINDS[kind].name)
        names = [row.name for row in self._printers or ()]
        pairs = [("", _DEFAULT), *((name, name) for name in names)]
        if setup.printer and setup.printer not in names:
            words = setup.printer if self._printers is None else f"{setup.printer} (not there)"
            pairs.append((setup.printer, words))
        self.printer.set_pairs(pairs)
        self.printer.set_value(setup.printer)
        self.sides.set_value(setup.sides)
        self.copies.setValue(setup.copies)
        self.asks.setChecked(setup.asks)
        self._show_measures()
        self._ask_offers(setup.printer)

    def _show_measures(self) -> None:
        printer = self._real(self.setup.printer)
        calibrations = self._printing.calibrations
        said = [
            f"{told(calibration)[:-1]}{where}."
            for where, is_wide in ((" where they stand", False), (" where they lie wide", True))
            if not (calibration := calibrations.of(self.kind, printer, is_wide)).is_none
        ]
        plain = "Pages go to this printer as they are. If a page comes out beside its place, measure it."
        is_missing = self._printers is not None and not self._printers
        self.made_up.setText(_NO_PRINTER if is_missing else " ".join(said) or plain)
        self.test_button.setEnabled(bool(self._printers))  # greyed only until they are found
        self.test_button.setVisible(not is_missing)
        self.again_button.setVisible(is_missing)

    def _printer_chosen(self) -> None:
        guarded(
            self.desk, lambda: self._printing.choose(self.kind, str(self.printer.value() or ""))
        )
        self._said()
        self._picked()

    def _keep(self) -> None:
        """Remember what stands in the form, where it is something else than before."""
        setup = replace(
            self.setup,
            tray=str(self.tray.value() or ""),
            sides=Sides(str(self.sides.value())),
            copies=self.copies.value(),
            asks=self.asks.isChecked(),
        )
        if setup != self.setup:
            guarded(self.desk, lambda: self._printing.remember(self.kind, setup))
            self._said()

    def _said(self) -> None:
        self.desk.messages.say(f"{KINDS[self.kind].name}: changed.")
        self._show_list()

    def test(self) -> None:
        """Measure the printer of the kind picked."""
        printer = self._real(self.setup.printer)
        CalibrationDialog(self.desk, self.kind, printer, self._show_measures, self).open()
