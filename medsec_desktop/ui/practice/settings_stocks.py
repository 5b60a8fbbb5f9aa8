"""Settings: sheets of labels, cards and envelopes the practice measured itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit

from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.stocks import KINDS, StockDraft
from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.printing.millimetres import MillimetreBox
from medsec_desktop.ui.printing.sheet_picture import SheetPicture
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Choice,
    Field,
    ListRow,
    NumberBox,
    PlainButton,
    PrimaryButton,
    Text,
)

_PAPER = {"labels": "labels", "cards": "cards", "envelope": "envelopes"}
# Field: its words, and what it is measured from.
_MEASURES = {
    "sheet_width": "Sheet, wide",
    "sheet_height": "Sheet, high",
    "width": "Label, wide",
    "height": "Label, high",
    "left": "Left edge to the first label",
    "top": "Upper edge to the first label",
    "across": "From label to label, across",
    "down": "From label to label, down",
}
_OF_LABELS = ("columns", "rows", "width", "height", "left", "top", "across", "down")


class StocksPage(PickPage):
    """The measures at the left of the picture they make, drawn as they are typed."""

    id = "stocks"
    name = "Labels and envelopes"
    icon = "tag"
    words = (
        "Avery, DYMO and the usual envelopes are known. Measure any other one here, in millimeters."
    )
    finds = "avery dymo labels cards envelopes sheet stock own measure millimeters millimetres columns rows"
    tables = ("paper_stock",)
    noun = "sheet"
    new_hint = "Type its name and measures"
    empty_words = "Measure a sheet of labels, cards or an envelope that is not among those known."

    def build_right(self) -> None:
        theme = self.desk.theme
        self.kind = Choice(KINDS.items())
        self.name_line = QLineEdit()
        self.boxes = {name: MillimetreBox(decimals=2) for name in _MEASURES}
        self.counts = {"columns": NumberBox(1, 50), "rows": NumberBox(1, 100)}
        self.fields = {
            "kind": Field("What it is", self.kind),
            "name": Field("Name", self.name_line, required=True),
            "columns": Field("Columns", self.counts["columns"]),
            "rows": Field("Rows", self.counts["rows"]),
            **{name: Field(words, self.boxes[name]) for name, words in _MEASURES.items()},
        }
        self.picture = SheetPicture(theme, can_begin=False)
        self.picture.setMinimumSize(theme.px(180), theme.px(220))
        self.said = Text("", "problem", wrap=True)
        self.keep = PrimaryButton("Save", self.save_sheet)
        self.proof = PlainButton("Print a proof…", self.print_proof)
        theme.wear(self.proof, "printer")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.fields["name"], 0, 0, 1, 2, top)
        grid.addWidget(self.fields["kind"], 1, 0, 1, 2, top)
        names = ("sheet_width", "sheet_height", "columns", "rows", "width", "height", "left", "top",
                 "across", "down")  # fmt: skip
        for at, name in enumerate(names):
            grid.addWidget(self.fields[name], 2 + at // 2, at % 2, top)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addLayout(grid, 3)
        row.addWidget(self.picture, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.proof)
        buttons.addStretch(1)
        self.beside.addLayout(row)
        self.beside.addWidget(self.said)
        self.beside.addLayout(buttons)
        self.kind.currentIndexChanged.connect(lambda _: self._drawn())
        self.name_line.textEdited.connect(lambda _: self._drawn("name"))
        for name, box in (*self.boxes.items(), *self.counts.items()):
            box.valueChanged.connect(lambda _, name=name: self._drawn(name))

    # -- the list -------------------------------------------------------------------------------

    def read(self) -> Sequence[StockDraft]:
        return self.desk.office.stocks.own()

    def listed(self, row: StockDraft) -> ListRow:
        size = f"{row.sheet_width:g} × {row.sheet_height:g} mm"
        labels = "" if row.kind == "envelope" else f" · {row.columns * row.rows} a sheet"
        return ListRow(row.id, row.name, f"{KINDS[row.kind]} · {size}{labels}")

    def show_row(self, row: StockDraft | None) -> None:
        draft = row or self._blank()
        for widget in (self.kind, *self.boxes.values(), *self.counts.values()):
            widget.blockSignals(True)
        self.kind.set_value(draft.kind)
        self.name_line.setText(draft.name)
        for name, box in self.boxes.items():
            box.setValue(getattr(draft, name))
        for name, count in self.counts.items():
            count.setValue(getattr(draft, name))
        for widget in (self.kind, *self.boxes.values(), *self.counts.values()):
            widget.blockSignals(False)
        for field in self.fields.values():
            field.problem("")
        self._drawn()

    def _blank(self) -> StockDraft:
        """What a new one begins with: the practice's paper, two columns of seven labels."""
        if self.practice.profile().paper == "a4":
            return StockDraft("labels", "", 210, 297, 2, 7, 99.1, 38.1, 4.65, 15.15, 101.6, 38.1)
        return StockDraft("labels", "", 215.9, 279.4, 2, 7, 101.6, 33.87, 4, 21.2, 106.4, 33.87)

    def begin(self) -> None:
        super().begin()
        self.name_line.setFocus()

    # -- the form -------------------------------------------------------------------------------

    def draft(self) -> StockDraft:
        """The sheet as it stands in the form."""
        row: StockDraft | None = self.row
        return StockDraft(
            kind=str(self.kind.value()),
            name=self.name_line.text(),
            **{name: box.value() for name, box in self.boxes.items()},
            **{name: count.value() for name, count in self.counts.items()},
            id=row.id if row else 0,
            version=row.version if row else 0,
        )

    def _drawn(self, typed: str = "") -> None:
        """The picture of what is typed; the measure that is wrong says so."""
        draft = self.draft()
        for name in _OF_LABELS:
            self.fields[name].setVisible(draft.kind != "envelope")
        if typed:
            self.fields[typed].problem("")
        try:
            stock = draft.stock
        except Invalid as problem:
            self.picture.show_stock(None)
            self.said.setText(f"{problem.what} {problem.remedy}".strip())
        else:
            self.picture.show_stock(stock, 1, 0)
            self.said.setText("")
        self.said.setVisible(bool(self.said.text()))
        self.proof.setEnabled(not self.said.text())

    def save_sheet(self) -> None:
        """Keep what is typed."""
        draft, row = self.draft(), self.row
        for field in self.fields.values():
            field.problem("")
        try:
            stock_id = self.desk.office.stocks.save(draft)
        except Problem as problem:
            if not complain(self.fields, problem):
                self.desk.messages.problem(problem)
            return
        self.saved_as(stock_id)
        name = " ".join(draft.name.split())
        self.desk.messages.say(f"{name}: {'changed' if row else 'added'}.", undo=True)
        self.reload()

    def print_proof(self) -> None:
        """A page with every outline, to be held against the real sheet."""
        draft, desk = replace(self.draft(), name=self.name_line.text() or "Proof"), self.desk
        printing, paper = desk.office.printing, _PAPER[draft.kind]

        def proof() -> bytes:
            return desk.office.stocks.proof(draft)

        def printed(went_to: str) -> None:
            desk.messages.say(f"The proof went to “{went_to}”.", tone="info")

        pdf = guarded(desk, proof)
        if pdf is None:
            return
        choose_printer(
            desk,
            printing,
            paper,
            lambda way: desk.jobs.run(
                "Printing a proof",
                lambda _: printing.print_pdf(pdf, paper, way, title="Proof"),
                printed,
                cancellable=False,
            ),
            self.window(),
            "labels" if paper == "labels" else paper,
            pages=proof,
        )

    def take_away(self, row: StockDraft) -> None:
        self.save(f"{row.name}: removed.", lambda: self.desk.office.stocks.remove(row.id))
