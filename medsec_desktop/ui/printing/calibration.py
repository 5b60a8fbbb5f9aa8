"""Measuring a printer: print the page, type what the ruler says, and the next page is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.calibration import Calibration, Marks, marks_on
from medsec_desktop.problems import Problem
from medsec_desktop.services.printing.ways import KINDS
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.printing.millimetres import MillimetreBox
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    Field,
    Hairline,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet to test on: its name and its size in mm as it is read."""

    name: str
    width: float
    height: float


def _sheets(desk: Desk, kind: str) -> list[_Sheet]:
    """What a kind of paper may be printed on, the likeliest first and no size twice."""
    stocks = desk.office.stocks
    paper = desk.office.practice.profile().paper
    whole = [_Sheet("Letter, 8½ × 11 in", 215.9, 279.4), _Sheet("A4, 210 × 297 mm", 210, 297)]
    if paper == "a4":
        whole.reverse()
    wide = [_Sheet(f"{one.name}, lying wide", one.height, one.width) for one in whole]
    found = [*wide, *whole] if kind == "lists" else [*whole, *wide]
    special = {"labels": ("labels", "wristband"), "cards": ("cards",), "envelopes": ("envelope",)}
    own = [
        _Sheet(stock.name, stock.sheet_width, stock.sheet_height)
        for stock_kind in special.get(kind, ())
        for stock in stocks.all(stock_kind)
    ]
    found = [*own, *found] if kind == "envelopes" else [*found, *own]
    sizes: dict[tuple[int, int], _Sheet] = {}
    for sheet in found:
        sizes.setdefault((round(sheet.width), round(sheet.height)), sheet)
    return list(sizes.values())


class CalibrationDialog(QDialog):
    """`then` is called after something was kept or forgotten."""

    help_page = "printing"

    def __init__(
        self,
        desk: Desk,
        kind: str,
        printer: str,
        then: Callable[[], object],
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._desk = desk
        self._kind = kind
        self._printer = printer
        self._then = then
        self.setWindowTitle("Test page")
        self.setAccessibleName("Test page")
        self._sheets = _sheets(desk, kind)
        self.paper = Choice([(index, one.name) for index, one in enumerate(self._sheets)])
        self.boxes = {name: MillimetreBox() for name in Marks.__slots__}
        self.fields = {
            "left_mm": Field("1  From the left edge", self.boxes["left_mm"]),
            "top_mm": Field("2  From the upper edge", self.boxes["top_mm"]),
            "across_mm": Field("3  Cross to cross, across", self.boxes["across_mm"]),
            "down_mm": Field("4  Cross to cross, down", self.boxes["down_mm"]),
        }
        self.banner = Banner(desk.theme, "info", "")
        self.print_button = PlainButton("Print the test page", self.print)
        desk.theme.wear(self.print_button, "printer")
        self.keep_button = PrimaryButton("Keep what I measured", self.keep)
        self.forget_button = PlainButton("Print as the printer does", self.forget, kind="quiet")
        self.close_button = PlainButton("Close", self.reject)
        self.picture = _Measures(desk.theme)
        self._lay_out()
        self.paper.currentIndexChanged.connect(lambda _: self._show())
        self.finished.connect(self.deleteLater)
        self._show()

    def _lay_out(self) -> None:
        theme = self._desk.theme
        words = Text(
            "Print the page on the paper it is meant for, measure with a ruler and type what you find. "
            "The next page comes out right.",
            "muted",
            wrap=True,
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for index, field in enumerate(self.fields.values()):
            grid.addWidget(field, index // 2, index % 2, Qt.AlignmentFlag.AlignTop)
        form = QVBoxLayout()
        form.setSpacing(16)
        form.addWidget(Field("Sheet", self.paper))
        form.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignLeft)
        form.addWidget(Hairline())
        form.addLayout(grid)
        form.addWidget(self.banner)
        form.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addLayout(form, 3)
        middle.addWidget(self.picture, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.forget_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.keep_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        where = self._printer or "the computer’s default printer"
        column.addWidget(Text(f"{KINDS[self._kind].name} on {where}", "heading", wrap=True))
        column.addWidget(words)
        column.addLayout(middle, 1)
        column.addLayout(buttons)
        self.setMinimumSize(theme.px(720), theme.px(520))

    # -- what is shown --------------------------------------------------------------------------

    @property
    def sheet(self) -> _Sheet:
        return self._sheets[int(str(self.paper.value()))]

    @property
    def _is_wide(self) -> bool:
        return self.sheet.width > self.sheet.height

    @property
    def calibration(self) -> Calibration:
        """What is made up for now."""
        return self._desk.office.printing.calibrations.of(self._kind, self._name(), self._is_wide)

    def _name(self) -> str:
        """The printer by its own name: corrections belong to it, not to whichever is the default."""
        if not self._printer:
            found = self._desk.office.printing.printers()
            self._printer = found[0].name if found else ""
        return self._printer

    def _show(self) -> None:
        drawn = marks_on(self.sheet.width, self.sheet.height)
        for name, box in self.boxes.items():
            box.setValue(getattr(drawn, name))
            self.fields[name].problem("")
            self.fields[name].hint(f"Belongs at {getattr(drawn, name):.1f} mm")
        self.picture.show_sheet(self.sheet.width, self.sheet.height, drawn)
        self.banner.show_message("info", told(self.calibration))
        self.forget_button.setEnabled(not self.calibration.is_none)

    # -- what is done ---------------------------------------------------------------------------

    def print(self) -> None:
        """Print the page, as things stand."""
        office, sheet = self._desk.office, self.sheet
        now = office.formats.when(office.clock.now())
        printed = f"{now}, {office.session.user.name}"

        def done(went_to: str) -> None:
            self._printer = went_to
            self.banner.show_message("success", f"The test page went to “{went_to}”.")
            self.boxes["left_mm"].setFocus()
            self.boxes["left_mm"].selectAll()

        self._desk.jobs.run(
            "Printing a test page",
            lambda _: office.printing.print_test_page(
                self._kind, self._printer, (sheet.width, sheet.height), printed
            ),
            done,
            self._failed,
            cancellable=False,
        )

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, Problem):
            raise error
        self.banner.show_message("danger", str(error))

    def keep(self) -> None:
        """Make up for what was measured."""
        for field in self.fields.values():
            field.problem("")
        drawn = marks_on(self.sheet.width, self.sheet.height)
        measured = Marks(**{name: box.value() for name, box in self.boxes.items()})
        try:
            self._desk.office.printing.calibrations.measured(
                self._kind, self._name(), self._is_wide, drawn, measured
            )
        except Problem as problem:
            if not complain(self.fields, problem):
                self._failed(problem)
            return
        self._show()
        self.banner.show_message(
            "success", f"Kept. {told(self.calibration)} Print the test page again to see it."
        )
        self._then()

    def forget(self) -> None:
        """Print as the printer does from now on."""
        self._desk.office.printing.calibrations.forget(self._kind, self._name(), self._is_wide)
        self._show()
        self._then()


def told(calibration: Calibration) -> str:
    """A correction in words."""
    if calibration.is_none:
        return "Pages go to this printer as they are."
    parts = []
    x, y = calibration.shift_x_mm, calibration.shift_y_mm
    if abs(x) >= 0.05:
        parts.append(f"{abs(x):.1f} mm to the {'right' if x > 0 else 'left'}")
    if abs(y) >= 0.05:
        parts.append(f"{abs(y):.1f} mm {'down' if y > 0 else 'up'}")
    if abs(calibration.scale_x - 1) >= 0.0005:
        parts.append(f"{calibration.scale_x * 100:.1f} % wide")
    if abs(calibration.scale_y - 1) >= 0.0005:
        parts.append(f"{calibration.scale_y * 100:.1f} % high")
    return (
        f"Pages are drawn {', '.join(parts)}." if parts else "Pages are drawn a hair’s breadth off."
    )


class _Measures(QWidget):
    """The sheet with its crosses, and the four lengths to measure."""

    def __init__(self, theme: Theme, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._size = (215.9, 279.4)
        self._marks = marks_on(*self._size)
        self.setAccessibleName("Where to measure")
        self.setAccessibleDescription(
            "1 from the left edge and 2 from the upper edge to the first cross, 3 between the upper"
            " crosses, 4 between the left crosses."
        )
        theme.changed.connect(self.update)

    def show_sheet(self, width: float, height: float, marks: Marks) -> None:
        self._size, self._marks = (width, height), marks
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(240), self._theme.px(300))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, (width, height), marks = self._theme, self._size, self._marks
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min((self.width() - 8) / width, (self.height() - 8) / height)
        left, top = (self.width() - width * scale) / 2, (self.height() - height * scale) / 2
        painter.setPen(QPen(theme.colour("edge"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(QRectF(left, top, width * scale, height * scale), 2, 2)

        def at(x: float, y: float) -> QPointF:
            return QPointF(left + x * scale, top + y * scale)

        painter.setPen(QPen(theme.colour("text"), 1.5))
        arm = min(5.0, marks.left_mm * 0.5)
        for x in (marks.left_mm, marks.left_mm + marks.across_mm):
            for y in (marks.top_mm, marks.top_mm + marks.down_mm):
                painter.drawLine(QLineF(at(x - arm, y), at(x + arm, y)))
                painter.drawLine(QLineF(at(x, y - arm), at(x, y + arm)))
        across, down = marks.left_mm + marks.across_mm, marks.top_mm + marks.down_mm
        for number, start, end in (
            ("1", at(0, marks.top_mm), at(marks.left_mm, marks.top_mm)),
            ("2", at(marks.left_mm, 0), at(marks.left_mm, marks.top_mm)),
            ("3", at(marks.left_mm + arm, marks.top_mm), at(across - arm, marks.top_mm)),
            ("4", at(marks.left_mm, marks.top_mm + arm), at(marks.left_mm, down - arm)),
        ):
            self._length(painter, number, start, end)
        painter.end()

    def _length(self, painter: QPainter, number: str, start: QPointF, end: QPointF) -> None:
        """One length to measure, with its number on it."""
        theme = self._theme
        painter.setPen(QPen(theme.colour("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(start, end))
        middle, side = (start + end) / 2, theme.px(18)
        badge = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(badge)
        painter.setPen(theme.colour("on_accent"))
        painter.setFont(theme.font("small", strong=True))
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), number)
