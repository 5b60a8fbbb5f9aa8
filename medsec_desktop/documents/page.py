"""Sheets of paper: sizes, margins, where a window envelope looks, and what every page is drawn on.

All lengths are points, counted as ReportLab counts them: from the bottom left corner of the sheet.
`from_top` turns the way people measure paper into that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from medsec_desktop.documents import fonts

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INCH = 72.0
MM = INCH / 25.4

INK = (0.07, 0.09, 0.12)
SOFT_INK = (0.33, 0.36, 0.41)  # contrast 7:1 on white, still black on a grey printer
RULE = (0.62, 0.65, 0.70)
ACCENT = (0.10, 0.29, 0.38)
WATERMARK = (0.925, 0.932, 0.94)


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


def new_canvas(
    target: Any,
    size: tuple[float, float],
    *,
    title: str,
    author: str = "",
    language: str = "en-US",
    made_by: Callable[..., Canvas] | None = None,
) -> Any:
    """An empty sheet of `size` points that will give the same bytes for the same drawing.

    `made_by` is what `counted` gave, where each page is to say how many there are.
    """
    from reportlab.pdfgen.canvas import Canvas

    canvas = (made_by or Canvas)(
        target,
        pagesize=size,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,
        lang=language,
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject(title)
    canvas.setCreator("MedSec Desktop")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def watermark(canvas: Any, paper: Paper, text: str) -> None:
    """A large pale word across the sheet, to be drawn before anything else."""
    if not text:
        return
    canvas.saveState()
    canvas.setFillColorRGB(*WATERMARK)
    canvas.translate(paper.width / 2, paper.height / 2)
    canvas.rotate(54)
    fonts.draw(canvas, 0, -50, text, 150, fonts.BOLD, align="centre")
    canvas.restoreState()


def rule(canvas: Any, x: float, y: float, length: float, thickness: float = 0.5) -> None:
    """A horizontal line."""
    canvas.saveState()
    canvas.setStrokeColorRGB(*RULE)
    canvas.setLineWidth(thickness)
    canvas.line(x, y, x + length, y)
    canvas.restoreState()


def counted(draw_count: Callable[[Any, int, int], None]) -> Callable[..., Canvas]:
    """A canvas class that calls `draw_count(canvas, page, pages)` on every page once all are known."""

    def make(*args: Any, **kwargs: Any) -> Canvas:
        canvas: Canvas = _counting_canvas()(*args, **kwargs)
        canvas.draw_count = draw_count
        return canvas

    return make


@lru_cache(maxsize=1)
def _counting_canvas() -> Any:
    # Made on first use: naming Canvas as a base class at import would import ReportLab at start-up.
    from reportlab.pdfgen.canvas import Canvas

    class CountingCanvas(Canvas):  # type: ignore[misc]
        """Holds every page back until the last is drawn, then adds "Page 1 of 2" to each."""

        draw_count: Callable[[Any, int, int], None]

        def __init__(self, *args: Any, **kwargs: Any):
            super().__init__(*args, **kwargs)
            self._held: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._held.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            held = self._held
            for page, state in enumerate(held, start=1):
                self.__dict__.update(state)
                self.draw_count(self, page, len(held))
                super().showPage()
            super().save()

    return CountingCanvas
