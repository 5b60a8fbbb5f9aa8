"""Labels on pre-printed stock: which sheets and rolls there are, and what is printed where.

Measures are millimetres from the upper left corner of the sheet, as makers publish them; only the
drawing turns them into points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.page import MM
from medsec_desktop.problems import Invalid

_INCH = 25.4
_LARGEST, _SMALLEST = 11.0, 5.5  # points; a smaller address is not read by sorting machines or eyes
_EASY = 8.5  # what is read with ease: a line is broken rather than set smaller
_LEADING = 1.2
_HEADING = 1.12  # a heading is that much larger than the lines under it
_SIDE, _EDGE = 3.0, 1.2  # mm kept free left and right, above and below: sheets slide in the printer
_CODE_HEIGHT = 7.0  # mm
_NARROWEST_BAR = 0.19  # mm (7.5 mil), the least a desk scanner reads reliably
_ROUNDING = 0.05


@dataclass(frozen=True, slots=True)
class LabelStock:
    """A sheet of labels, or one label of a roll: sheet, grid, margins and pitch in millimetres.

    `across` and `down` lead from one label's corner to the next one's.
    """

    key: str
    name: str
    sheet_width: float
    sheet_height: float
    columns: int
    rows: int
    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    across: float = 0.0
    down: float = 0.0

    @property
    def count(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """The upper left corner of label `place`, counted from 0 along the rows."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.across, self.top + row * self.down


def _sheet_us(
    key: str,
    what: str,
    columns: int,
    rows: int,
    size: tuple[float, float],
    left: float,
    across: float,
) -> LabelStock:
    """A letter sheet by Avery's inches; the first row begins half an inch down and rows touch."""
    width, height = size
    return LabelStock(
        key, f"Avery {key} · {what}", 8.5 * _INCH, 11 * _INCH, columns, rows,
        width * _INCH, height * _INCH, left * _INCH, 0.5 * _INCH, across * _INCH, height * _INCH,
    )  # fmt: skip


# Source: the makers' template sheets: avery.com (US, inches), avery-zweckform.com (A4), dymo.com.
STOCKS: tuple[LabelStock, ...] = (
    _sheet_us("5160", "address, 30 a sheet", 3, 10, (2.625, 1), 0.1875, 2.75),
    _sheet_us("5161", "address, 20 a sheet", 2, 10, (4, 1), 0.15625, 4.1875),
    _sheet_us("5163", "shipping, 10 a sheet", 2, 5, (4, 2), 0.15625, 4.1875),
    _sheet_us("5167", "return address, 80 a sheet", 4, 20, (1.75, 0.5), 0.28125, 2.0625),
    _sheet_us("5260", "address, 30 a sheet", 3, 10, (2.625, 1), 0.1875, 2.75),
    LabelStock("L7160", "Avery L7160 · address, 21 a sheet", 210, 297, 3, 7,
               63.5, 38.1, 7.21, 15.15, 66.04, 38.1),
    LabelStock("L7163", "Avery L7163 · address, 14 a sheet", 210, 297, 2, 7,
               99.1, 38.1, 4.65, 15.15, 101.6, 38.1),
    LabelStock("30252", "DYMO 30252 · address roll", 89, 28, 1, 1, 89, 28),
    LabelStock("30256", "DYMO 30256 · shipping roll", 102, 59, 1, 1, 102, 59),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label: an optional bold heading, lines, and a text as Code 128 at the foot."""

    lines: tuple[str, ...]
    heading: str = ""
    code: str = ""


def stock_named(key: str) -> LabelStock:
    """The sheet or roll of that key. Raises Invalid for one that is not known."""
    for stock in STOCKS:
        if stock.key == key:
            return stock
    raise Invalid(
        f"There are no labels “{key}” here.",
        remedy="Choose one of the sheets or rolls in the list.",
        field="stock",
    )


def own_stock(
    name: str,
    sheet: tuple[float, float],
    grid: tuple[int, int],
    size: tuple[float, float],
    margin: tuple[float, float] = (0, 0),
    pitch: tuple[float, float] | None = None,
) -> LabelStock:
    """A sheet measured by hand: widths before heights, columns before rows; labels touch without pitch.

    Raises Invalid, with what is too large, where the labels overlap or do not fit on the sheet.
    """
    across, down = pitch or size
    stock = LabelStock("own", name, *sheet, *grid, *size, *margin, across, down)
    if min(stock.columns, stock.rows) < 1 or stock.count > 1000:
        raise _unfit("A sheet has between 1 and 1,000 labels.", "Count its columns and rows.")
    if min(size) < 5 or min(sheet) < 5 or min(margin) < 0:
        raise _unfit("A label is at least 5 mm wide and high.", "Measure it in millimetres.")
    if across < size[0] - _ROUNDING or down < size[1] - _ROUNDING:
        raise _unfit(
            "These labels would lie over each other.",
            "Measure from the edge of one label to the same edge of the next.",
        )
    right, bottom = stock.corner(stock.count - 1)
    over_right = right + size[0] - sheet[0]
    over_bottom = bottom + size[1] - sheet[1]
    if max(over_right, over_bottom) > _ROUNDING:
        side, over = ("right", over_right) if over_right > _ROUNDING else ("bottom", over_bottom)
        raise _unfit(
            f"The last label would stand {over:.1f} mm off the sheet’s {side} edge.",
            "Measure the margins, the labels and the gaps again.",
        )
    return stock


def labels_pdf(
    stock: LabelStock,
    labels: Sequence[Label],
    *,
    start_at: int = 1,
    title: str = "Labels",
    mark: str = "",
    outlines: bool = False,
) -> bytes:
    """The labels as PDF, the first on label `start_at` of its sheet, so that a begun sheet is used up.

    `mark` is printed pale on each label. `outlines` draws the labels' edges, for holding a test print
    against the sheet. Raises Invalid for no labels and for a start that is not on the sheet.
    """
    if not labels:
        raise Invalid("There are no labels to print.", remedy="Choose at least one person.")
    if not 1 <= start_at <= stock.count:
        raise Invalid(
            f"Start at a label between 1 and {stock.count}.",
            f"A sheet {stock.name} has no label {start_at}.",
            field="start_at",
        )
    fonts.use(fonts.REGULAR, fonts.BOLD)
    target = BytesIO()
    size = stock.sheet_width * MM, stock.sheet_height * MM
    canvas = page.new_canvas(target, size, title=title)
    for at, label in enumerate(labels, start=start_at - 1):
        place = at % stock.count
        if place == 0 and at >= start_at:
            canvas.showPage()
        _draw(canvas, stock, place, label, mark, outlines)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def cut_off(stock: LabelStock, label: Label) -> tuple[str, ...]:
    """The lines that do not fit on such a label whole, even in the smallest type."""
    shown = {row.source for row in _set(stock, label)[1] if row.is_whole}
    cut = {row.source for row in _set(stock, label)[1] if not row.is_whole}
    return tuple(text for text in _texts(label) if text not in shown - cut)


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed line, and the whole text it is part of."""

    face: str
    text: str
    source: str
    is_whole: bool = True


def _unfit(what: str, remedy: str) -> Invalid:
    return Invalid(what, remedy=remedy, field="stock")


def _texts(label: Label) -> tuple[str, ...]:
    lines = (label.heading, *label.lines)
    return tuple(fonts.printable(text).replace("\n", " ").strip() for text in lines if text.strip())


def _set(stock: LabelStock, label: Label) -> tuple[float, list[_Row]]:
    """The largest type in which everything fits, and its lines.

    A long line is first set smaller, down to what is read with ease, then broken at a blank, and only
    then smaller still or cut.
    """
    texts = [
        (fonts.BOLD if label.heading and at == 0 else fonts.REGULAR, text)
        for at, text in enumerate(_texts(label))
    ]
    wide = (stock.width - 2 * _SIDE) * MM
    high = (stock.height - 2 * _EDGE - (_code_height(stock) if label.code else 0)) * MM
    for may_break, smallest in ((False, _EASY), (True, _SMALLEST)):
        size = _LARGEST
        while size >= smallest:
            rows = [
                row for face, text in texts for row in _broken(face, text, size, wide, may_break)
            ]
            fits = all(
                fonts.width(row.text, _size_of(row.face, size), row.face) <= wide for row in rows
            )
            if fits and _height(rows, size) <= high:
                return size, rows
            size -= 0.25
    size = _SMALLEST
    fit = max(1, int(high // (size * _LEADING)))
    rows = []
    for face, text in texts[:fit]:
        short = _shortened(text, _size_of(face, size), wide, face)
        rows.append(_Row(face, short, text, short == text))
    return size, rows


def _broken(face: str, text: str, size: float, wide: float, may_break: bool) -> list[_Row]:
    """A text in as many lines as it needs; in one where it may not be broken, or not at a blank."""
    points = _size_of(face, size)
    words_fit = all(fonts.width(word, points, face) <= wide for word in text.split())
    if not may_break or not words_fit:
        return [_Row(face, text, text)]
    return [_Row(face, line, text) for line in fonts.wrapped(text, points, wide, face)]


def _height(rows: Sequence[_Row], size: float) -> float:
    return sum(_size_of(row.face, size) * _LEADING for row in rows)


def _size_of(face: str, size: float) -> float:
    return size * _HEADING if face == fonts.BOLD else size


def _shortened(text: str, size: float, wide: float, face: str) -> str:
    if fonts.width(text, size, face) <= wide:
        return text
    while text and fonts.width(f"{text}…", size, face) > wide:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _draw(
    canvas: Any, stock: LabelStock, place: int, label: Label, mark: str, outlines: bool
) -> None:
    left, top = stock.corner(place)
    x, y = left * MM, (stock.sheet_height - top) * MM
    width, height = stock.width * MM, stock.height * MM
    canvas.saveState()
    if outlines:
        canvas.setStrokeColorRGB(*page.RULE)
        canvas.setLineWidth(0.25)
        canvas.rect(x, y - height, width, height)
    if mark:
        canvas.setFillColorRGB(*page.WATERMARK)
        tall = min(height * 0.6, width / 4)
        fonts.draw(
            canvas, x + width / 2, y - height / 2 - tall * 0.36, mark, tall, fonts.BOLD, "centre"
        )
    canvas.setFillColorRGB(*page.INK)
    size, rows = _set(stock, label)
    code = _code_height(stock) * MM if label.code else 0.0
    block = _height(rows, size)
    free = height - 2 * _EDGE * MM - code - block
    baseline = y - _EDGE * MM - max(0.0, free / 2)
    for row in rows:
        points = _size_of(row.face, size)
        baseline -= points * _LEADING
        fonts.draw(canvas, x + _SIDE * MM, baseline + points * 0.26, row.text, points, row.face)
    if label.code:
        _bars(canvas, stock, x + _SIDE * MM, y - height + _EDGE * MM, label.code)
    canvas.restoreState()


def _code_height(stock: LabelStock) -> float:
    """Room for the bars: less on a label that is low anyway."""
    return min(_CODE_HEIGHT, stock.height * 0.32)


def _bars(canvas: Any, stock: LabelStock, x: float, y: float, text: str) -> None:
    """Code 128, its modules as wide as fit up to 0.33 mm; left out where a scanner could not read it."""
    from reportlab.graphics.barcode.code128 import Code128

    wide = (stock.width - 2 * _SIDE) * MM
    height = (_code_height(stock) - 1.0) * MM
    try:
        at_one = Code128(text, barWidth=1.0, barHeight=height, quiet=0).width
    except ValueError:  # it has characters that Code 128 has not
        return
    bar = min(0.33 * MM, wide / at_one)
    if bar >= _NARROWEST_BAR * MM:
        Code128(text, barWidth=bar, barHeight=height, quiet=0).drawOn(canvas, x, y)
