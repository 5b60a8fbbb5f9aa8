"""A month on one sheet, and lists of visits as a table that runs over as many pages as it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.day_sheet import fitted
from medsec_desktop.documents.page import MM, paper_named

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable

_MARGIN = 12 * MM
_STRIPE = (0.955, 0.96, 0.968)
_OUTSIDE = (0.965, 0.968, 0.973)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day's square: its number, a remark such as a holiday, and a line for each visit.

    `summary` is printed where there are more visits than fit.
    """

    number: int
    lines: tuple[str, ...] = ()
    remark: str = ""
    is_outside: bool = False  # of the month before or after
    summary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """Weeks of as many days as `weekdays` names."""

    title: str
    practice: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[MonthDay, ...], ...]
    printed: str = ""
    font_size: float = 7.5
    paper: str = "letter"
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ListGroup:
    """Rows under a heading of their own, such as one provider's."""

    heading: str
    rows: tuple[tuple[str, ...], ...]
    struck: frozenset[int] = frozenset()  # rows that are cancelled or missed
    remark: str = ""  # said in place of rows where there are none


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A table in groups. `widths` are shares of the page; a column of no title is left to write in."""

    title: str
    practice: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    groups: tuple[ListGroup, ...]
    printed: str = ""
    font_size: float = 8.5
    paper: str = "letter"
    mark: str = ""


def month_pdf(sheet: MonthSheet) -> bytes:
    """The month on one sheet turned sideways; what does not fit in a square is counted."""
    fonts.use(fonts.REGULAR, fonts.BOLD)
    paper = paper_named(sheet.paper)
    width, height = paper.height, paper.width
    target = BytesIO()
    canvas = page.new_canvas(target, (width, height), title=sheet.title, author=sheet.practice)
    left, top = _MARGIN, height - _MARGIN
    canvas.setFillColorRGB(*page.INK)
    fonts.draw(canvas, left, top - 16, sheet.title, 16, fonts.BOLD)
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, width - _MARGIN, top - 14, sheet.practice, 9, align="right")
    fonts.draw(canvas, left, _MARGIN - 2, sheet.printed, 7.5)
    grid_top, grid_bottom = top - 44, _MARGIN + 12
    wide = (width - 2 * _MARGIN) / len(sheet.weekdays)
    high = (grid_top - grid_bottom) / len(sheet.weeks)
    for at, name in enumerate(sheet.weekdays):
        fonts.draw(canvas, left + (at + 0.5) * wide, grid_top + 5, name, 9, fonts.BOLD, "centre")
    for row, week in enumerate(sheet.weeks):
        for column, day in enumerate(week):
            if day.is_outside:
                canvas.setFillColorRGB(*_OUTSIDE)
                x, y = left + column * wide, grid_top - (row + 1) * high
                canvas.rect(x, y, wide, high, stroke=0, fill=1)
    if sheet.mark:
        canvas.setFillColorRGB(0.9, 0.908, 0.918)
        fonts.draw(canvas, width / 2, height / 2 - 60, sheet.mark, 170, fonts.BOLD, "centre")
    for row, week in enumerate(sheet.weeks):
        for column, day in enumerate(week):
            x, y = left + column * wide, grid_top - row * high
            _month_day(canvas, day, x, y, wide, high, sheet.font_size)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _month_day(
    canvas: Any, day: MonthDay, x: float, top: float, wide: float, high: float, size: float
) -> None:
    canvas.setStrokeColorRGB(*page.RULE)
    canvas.setLineWidth(0.5)
    canvas.rect(x, top - high, wide, high, stroke=1, fill=0)
    canvas.setFillColorRGB(*(page.SOFT_INK if day.is_outside else page.INK))
    fonts.draw(canvas, x + 4, top - 11, str(day.number), 9.5, fonts.BOLD)
    if day.remark:
        canvas.setFillColorRGB(*page.SOFT_INK)
        room = wide - 26
        remark = fitted(day.remark, size, room)
        fonts.draw(canvas, x + wide - 4, top - 11, remark, size, align="right")
    line = size * 1.22
    fit = max(0, int((high - 16) / line))
    lines = day.lines
    if len(lines) > fit and day.summary:
        lines = day.summary
    shown = lines if len(lines) <= fit else lines[: max(0, fit - 1)]
    canvas.setFillColorRGB(*page.INK)
    y = top - 15 - size
    for text in shown:
        fonts.draw(canvas, x + 4, y, fitted(text, size, wide - 8), size)
        y -= line
    if len(shown) < len(lines):
        canvas.setFillColorRGB(*page.SOFT_INK)
        fonts.draw(canvas, x + 4, y, f"and {len(lines) - len(shown)} more", size)


def list_pdf(sheet: ListSheet) -> bytes:
    """The table as PDF: upright up to six columns, else sideways; heads repeat on every page."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    fonts.use(fonts.REGULAR, fonts.BOLD)
    paper = paper_named(sheet.paper)
    size = (paper.width, paper.height) if len(sheet.columns) <= 6 else (paper.height, paper.width)
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=size,
        title=sheet.title,
        author=sheet.practice,
        subject=sheet.title,
        creator="MedSec Desktop",
        lang="en-US",
        displayDocTitle=1,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,
    )
    frame = Frame(
        _MARGIN,
        _MARGIN + 14,
        size[0] - 2 * _MARGIN,
        size[1] - 2 * _MARGIN - 14 - 30,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates(
        [PageTemplate("list", [frame], onPage=lambda canvas, _: _list_head(canvas, sheet, size))]
    )
    document.build(
        _list_body(sheet, size[0] - 2 * _MARGIN),
        canvasmaker=page.counted(lambda *where: _list_foot(size[0], sheet, *where)),
    )
    return target.getvalue()


def _list_head(canvas: Any, sheet: ListSheet, size: tuple[float, float]) -> None:
    width, height = size
    canvas.saveState()
    if sheet.mark:
        canvas.setFillColorRGB(*page.WATERMARK)
        fonts.draw(canvas, width / 2, height / 2 - 50, sheet.mark, 150, fonts.BOLD, "centre")
    top = height - _MARGIN
    canvas.setFillColorRGB(*page.INK)
    room = width - 2 * _MARGIN - fonts.width(sheet.practice, 9) - 12
    title = fitted(sheet.title, 15, room, fonts.BOLD)
    fonts.draw(canvas, _MARGIN, top - 15, title, 15, fonts.BOLD)
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, width - _MARGIN, top - 14, sheet.practice, 9, align="right")
    canvas.restoreState()


def _list_foot(width: float, sheet: ListSheet, canvas: Any, number: int, pages: int) -> None:
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, _MARGIN, _MARGIN, sheet.printed, 7.5)
    fonts.draw(canvas, width - _MARGIN, _MARGIN, f"Page {number} of {pages}", 7.5, align="right")


def _list_body(sheet: ListSheet, wide: float) -> list[Flowable]:
    from reportlab.platypus import Spacer, Table

    styles = _list_styles(sheet.font_size)
    whole = sum(sheet.widths)
    widths = [wide * share / whole for share in sheet.widths]
    body: list[Any] = []
    for group in sheet.groups:
        heading = fonts.paragraph(group.heading, styles["heading"])
        if not group.rows:
            body += [heading, fonts.paragraph(group.remark, styles["soft"]), Spacer(1, 10)]
            heading.keepWithNext = 1
            continue
        head = [fonts.paragraph(name, styles["head"]) for name in sheet.columns]
        cells = [
            [
                fonts.paragraph(text, styles["struck" if number in group.struck else "cell"])
                for text in row
            ]
            for number, row in enumerate(group.rows)
        ]
        body.append(
            Table(
                [[heading, *[""] * (len(head) - 1)], head, *cells],
                colWidths=widths,
                repeatRows=2,
                splitInRow=1,
                spaceAfter=14,
                style=_list_style(len(cells)),
            )
        )
    return body or [fonts.paragraph("Nothing is booked.", styles["soft"])]


def _list_style(rows: int) -> list[tuple[Any, ...]]:
    from reportlab.lib.colors import Color

    return [
        ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
        ("SPAN", (0, 0), (-1, 0)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 1), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 1), (-1, -1), 3.5),
        ("LINEBELOW", (0, 1), (-1, 1), 0.9, page.INK),
        ("LINEBELOW", (0, 2), (-1, -1), 0.3, page.RULE),
        *(
            ("BACKGROUND", (0, row), (-1, row), Color(*_STRIPE, alpha=0.6))
            for row in range(3, rows + 2, 2)
        ),
    ]


def _list_styles(size: float) -> dict[str, ParagraphStyle]:
    from reportlab.lib.colors import Color
    from reportlab.lib.styles import ParagraphStyle

    cell = ParagraphStyle(
        "cell",
        fontName=fonts.REGULAR,
        fontSize=size,
        leading=size * 1.28,
        textColor=Color(*page.INK),
        splitLongWords=1,
    )
    soft = ParagraphStyle("soft", cell, textColor=Color(*page.SOFT_INK))
    return {
        "cell": cell,
        "soft": soft,
        "struck": ParagraphStyle("struck", soft),
        "head": ParagraphStyle("head", soft, fontName=fonts.BOLD),
        "heading": ParagraphStyle(
            "heading", cell, fontName=fonts.BOLD, fontSize=size + 2.5, leading=(size + 2.5) * 1.4
        ),
    }


def text_of(groups: Sequence[ListGroup]) -> str:
    """Every word of a list, to be asked which characters no font has."""
    return " ".join(
        " ".join((group.heading, *(" ".join(row) for row in group.rows))) for group in groups
    )
