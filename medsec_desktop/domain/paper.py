"""Sheets of paper: sizes, margins, and where a window envelope looks.

All lengths are points, counted as ReportLab counts them: from the bottom left corner of the sheet.
`from_top` turns the way people measure paper into that.
"""

from __future__ import annotations

from dataclasses import dataclass

INCH = 72.0
MM = INCH / 25.4
RUNNING_HEAD = 40.0  # height of the line over later pages of a letter, with the air under it


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet with its margins, and the address field that shows in its window envelope.

    `address_bottom` is the last line's baseline, `address_lines` how many fit: the block grows
    upwards from there, so that up to three lines stay in the window however the sheet slides.
    `side_left` starts the column beside the window, which no window shows. `body_top` is below it.
    """

    name: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    address_left: float
    address_width: float
    address_bottom: float
    address_lines: int
    side_left: float
    body_top: float
    folds: tuple[float, float]

    def from_top(self, length: float) -> float:
        """The height above the lower edge of a point `length` below the upper one."""
        return self.height - length

    def text_area(self, page: int, *, has_letterhead: bool = True) -> tuple[float, float]:
        """Where text goes on a page, the first being 0: how far below the upper edge, how high."""
        top = self.top
        if has_letterhead:
            top = self.body_top if page == 0 else self.top + RUNNING_HEAD
        return top, self.height - self.bottom - top

    @property
    def text_width(self) -> float:
        return self.width - self.left - self.right

    @property
    def text_right(self) -> float:
        return self.width - self.right


# US #10 envelope, 9½ × 4⅛ in, window 4½ × 1⅛ in, ⅞ in from the left and ½ in from the bottom. The
# sheet is folded in three (3⅔ in) and slides up to 0.46 in: 2.50 to 3.17 in from its top always show.
LETTER = Paper(
    name="letter",
    width=8.5 * INCH,
    height=11 * INCH,
    left=1 * INCH,
    right=1 * INCH,
    top=0.75 * INCH,
    bottom=0.8 * INCH,
    address_left=1 * INCH,
    address_width=3.3 * INCH,
    address_bottom=3.06 * INCH,
    address_lines=7,
    side_left=5.5 * INCH,
    body_top=3.75 * INCH,
    folds=(11 / 3 * INCH, 22 / 3 * INCH),
)

# DL envelope, 220 × 110 mm, window 90 × 35 mm, 20 mm from the left and 18 mm from the bottom. Folded in
# three (99 mm), the sheet slides up to 11 mm: 57 to 81 mm from its top always show.
A4 = Paper(
    name="a4",
    width=210 * MM,
    height=297 * MM,
    left=25 * MM,
    right=22 * MM,
    top=18 * MM,
    bottom=22 * MM,
    address_left=25 * MM,
    address_width=78 * MM,
    address_bottom=78 * MM,
    address_lines=8,
    side_left=130 * MM,
    body_top=96 * MM,
    folds=(99 * MM, 198 * MM),
)

_PAPERS = {paper.name: paper for paper in (LETTER, A4)}


def paper_named(name: str) -> Paper:
    """The sheet a setting names: "letter" or "a4"."""
    return _PAPERS[name]
