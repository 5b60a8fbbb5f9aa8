"""Pre-printed stock: sheets and rolls of labels, cards, wristbands and envelopes, by their makers' measures.

Measures are millimetres from the upper left corner of the sheet as it is read; only the drawing turns
them into points.
"""

from __future__ import annotations

from dataclasses import dataclass

from medsec_desktop.problems import Invalid

_INCH = 25.4
_ROUNDING = 0.05
_MOST_LABELS = 1000


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

    def place_at(self, x: float, y: float) -> int | None:
        """The label that covers a point of the sheet, None beside all of them."""
        for place in range(self.count):
            left, top = self.corner(place)
            if left <= x < left + self.width and top <= y < top + self.height:
                return place
        return None


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
LABELS: tuple[LabelStock, ...] = (
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
    LabelStock("30336", "DYMO 30336 · specimen roll", 54, 25, 1, 1, 54, 25),
)  # fmt: skip

# Source: avery.com and avery-zweckform.com: business cards, 3½ × 2 in and 85 × 54 mm, ten a sheet.
CARDS: tuple[LabelStock, ...] = (
    LabelStock("5371", "Avery 5371 · cards, 10 a sheet", 215.9, 279.4, 2, 5,
               88.9, 50.8, 19.05, 12.7, 88.9, 50.8),
    LabelStock("C32011", "Avery C32011 · cards, 10 a sheet", 210, 297, 2, 5,
               85, 54, 15, 13.5, 95, 54),
)  # fmt: skip

# Source: zebra.com, Z-Band Direct, 1 × 11 in and 1 × 7 in. The clasp and the hole lie in the outer thirds; what
# is to be read stands in the middle.
WRISTBANDS: tuple[LabelStock, ...] = (
    LabelStock("Z-BAND-11", "Zebra Z-Band 11 in · adult", 11 * _INCH, _INCH, 1, 1,
               120, _INCH, 80, 0),
    LabelStock("Z-BAND-7", "Zebra Z-Band 7 in · child", 7 * _INCH, _INCH, 1, 1,
               90, _INCH, 44, 0),
)  # fmt: skip


def _envelope(key: str, name: str, width: float, height: float) -> LabelStock:
    return LabelStock(key, name, width, height, 1, 1, width, height)


# Source: US commercial sizes in inches; ISO 269 and DIN 678 in millimetres.
ENVELOPES: tuple[LabelStock, ...] = (
    _envelope("#10", "Envelope #10 · 9½ × 4⅛ in", 9.5 * _INCH, 4.125 * _INCH),
    _envelope("#9", "Envelope #9 · 8⅞ × 3⅞ in", 8.875 * _INCH, 3.875 * _INCH),
    _envelope("DL", "Envelope DL · 220 × 110 mm", 220, 110),
    _envelope("C5", "Envelope C5 · 229 × 162 mm", 229, 162),
    _envelope("C6", "Envelope C6 · 162 × 114 mm", 162, 114),
)


def stock_named(key: str) -> LabelStock:
    """The sheet, roll or envelope of that key. Raises Invalid for one that is not known."""
    for stock in (*LABELS, *CARDS, *WRISTBANDS, *ENVELOPES):
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
    key: str = "own",
) -> LabelStock:
    """A sheet measured by hand: widths before heights, columns before rows; labels touch without pitch.

    Raises Invalid, naming the measure, where the labels overlap or do not fit on the sheet.
    """
    across, down = pitch or size
    stock = LabelStock(key, name, *sheet, *grid, *size, *margin, across, down)
    if min(stock.columns, stock.rows) < 1 or stock.count > _MOST_LABELS:
        field = "columns" if stock.columns < 1 else "rows"
        raise _unfit(
            "A sheet has between 1 and 1,000 labels.", "Count its columns and rows.", field
        )
    for field, value in (
        ("sheet_width", sheet[0]), ("sheet_height", sheet[1]), ("width", size[0]), ("height", size[1]),
    ):  # fmt: skip
        if not 5 <= value <= 1200:
            raise _unfit("This is at least 5 mm and at most 1,200 mm.", "Measure it in mm.", field)
    for field, value in (("left", margin[0]), ("top", margin[1])):
        if value < 0:
            raise _unfit("A margin is 0 mm or more.", "Measure from the sheet’s edge.", field)
    for field, step, side, count in (
        ("across", across, size[0], stock.columns), ("down", down, size[1], stock.rows),
    ):  # fmt: skip
        if count > 1 and step < side - _ROUNDING:
            raise _unfit(
                "These labels would lie over each other.",
                "Measure from the edge of one label to the same edge of the next.",
                field,
            )
    right, bottom = stock.corner(stock.count - 1)
    over = {
        "across": right + size[0] - sheet[0],
        "down": bottom + size[1] - sheet[1],
    }
    for field, edge in (("across", "right"), ("down", "bottom")):
        if over[field] > _ROUNDING:
            raise _unfit(
                f"The last label would stand {over[field]:.1f} mm off the sheet’s {edge} edge.",
                "Measure the margins, the labels and the gaps again.",
                field,
            )
    return stock


def _unfit(what: str, remedy: str, field: str) -> Invalid:
    return Invalid(what, remedy=remedy, field=field)
