"""What every page is drawn on, and in which colours. Lengths are those of `domain.paper`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from medsec_desktop.documents import fonts
from medsec_desktop.domain.paper import A4, INCH, LETTER, MM, Paper, paper_named

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

__all__ = ["A4", "INCH", "LETTER", "MM", "Paper", "paper_named"]  # and what stands below

INK = (0.07, 0.09, 0.12)
SOFT_INK = (0.33, 0.36, 0.41)  # contrast 7:1 on white, still black on a grey printer
RULE = (0.62, 0.65, 0.70)
ACCENT = (0.10, 0.29, 0.38)
WATERMARK = (0.925, 0.932, 0.94)


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

    fonts.use(fonts.REGULAR)
    canvas = (made_by or Canvas)(
        target,
        pagesize=size,
        pdfVersion=(1, 4),  # the first that says its language
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


def mark_sheet(paper: str, text: str) -> bytes:
    """A sheet with nothing but that word across it, to go behind pages that are printed already."""
    sheet, target = paper_named(paper), BytesIO()
    fonts.use(fonts.BOLD)
    canvas = new_canvas(target, (sheet.width, sheet.height), title=text)
    watermark(canvas, sheet, text)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def stroke(
    canvas: Any,
    start: tuple[float, float],
    end: tuple[float, float],
    thickness: float,
    colour: tuple[float, float, float],
) -> None:
    """A straight line, written as it stands in the file: a table has many of them."""
    red, green, blue = colour
    canvas._code.append(
        f"q {thickness:.3g} w {red:.3g} {green:.3g} {blue:.3g} RG"
        f" {start[0]:.3f} {start[1]:.3f} m {end[0]:.3f} {end[1]:.3f} l S Q"
    )


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
