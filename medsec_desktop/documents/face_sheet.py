"""A patient's file on paper: who she is, what must not be missed, who pays, what is booked and was."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.day_sheet import fitted
from medsec_desktop.documents.page import MM, paper_named

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

_MARGIN = 16 * MM
_GAP = 9 * MM
_LABEL = 30 * MM
_ALERT = (0.99, 0.95, 0.88)
_ALERT_EDGE = (0.72, 0.45, 0.05)


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Labels with what is so, under a heading; `remark` stands there where there is none."""

    heading: str
    facts: tuple[tuple[str, str], ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A table under a heading, over the whole width; `widths` are shares of it."""

    heading: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FaceSheet:
    """What the sheet says, every part as it is read. Left and right stand beside each other."""

    name: str
    about: str  # birth date, age, sex, chart number
    practice: str
    left: tuple[FactGroup, ...]
    right: tuple[FactGroup, ...]
    below: tuple[RowGroup, ...] = ()
    alerts: tuple[str, ...] = ()
    printed: str = ""
    paper: str = "letter"
    mark: str = ""


def face_sheet_pdf(sheet: FaceSheet) -> bytes:
    """One page where it fits, more where there is more; name and chart number head each of them."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    fonts.use(fonts.REGULAR, fonts.BOLD)
    paper = paper_named(sheet.paper)
    size = (paper.width, paper.height)
    wide = paper.width - 2 * _MARGIN
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=size,
        title=f"Face sheet: {sheet.name}",
        author=sheet.practice,
        subject="Face sheet",
        creator="MedSec Desktop",
        lang="en-US",
        displayDocTitle=1,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,
    )
    frame = Frame(
        _MARGIN, _MARGIN + 12, wide, paper.height - 2 * _MARGIN - 12 - 46,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    document.addPageTemplates(
        [PageTemplate("face", [frame], onPage=lambda canvas, _: _head(canvas, sheet, size))]
    )
    document.build(
        _body(sheet, wide), canvasmaker=page.counted(lambda *where: _foot(size[0], sheet, *where))
    )
    return target.getvalue()


def _head(canvas: Any, sheet: FaceSheet, size: tuple[float, float]) -> None:
    width, height = size
    page.watermark(canvas, paper_named(sheet.paper), sheet.mark)
    canvas.saveState()
    top = height - _MARGIN
    room = width - 2 * _MARGIN - fonts.width(sheet.practice, 9) - 16
    canvas.setFillColorRGB(*page.INK)
    fonts.draw(canvas, _MARGIN, top - 16, fitted(sheet.name, 17, room, fonts.BOLD), 17, fonts.BOLD)
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, width - _MARGIN, top - 14, sheet.practice, 9, align="right")
    about = fitted(sheet.about, 10, width - 2 * _MARGIN)
    fonts.draw(canvas, _MARGIN, top - 31, about, 10)
    page.rule(canvas, _MARGIN, top - 38, width - 2 * _MARGIN, 0.9)
    canvas.restoreState()


def _foot(width: float, sheet: FaceSheet, canvas: Any, number: int, pages: int) -> None:
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, _MARGIN, _MARGIN - 6, f"Confidential. {sheet.printed}", 7.5)
    count = f"Page {number} of {pages}"
    fonts.draw(canvas, width - _MARGIN, _MARGIN - 6, count, 7.5, align="right")


def _body(sheet: FaceSheet, wide: float) -> list[Any]:
    from reportlab.platypus import Spacer

    styles = _styles()
    body: list[Any] = []
    if sheet.alerts:
        body += [_alerts(sheet.alerts, wide, styles), Spacer(1, 12)]
    half = (wide - _GAP) / 2
    body.append(_beside(sheet, half, styles))
    for group in sheet.below:
        body += _rows(group, wide, styles)
    return body


def _alerts(alerts: tuple[str, ...], wide: float, styles: dict[str, ParagraphStyle]) -> Any:
    from reportlab.lib.colors import Color
    from reportlab.platypus import Table

    cells = [[fonts.paragraph(text, styles["alert"])] for text in alerts]
    return Table(
        cells,
        colWidths=[wide],
        splitInRow=1,
        style=[
            ("BACKGROUND", (0, 0), (-1, -1), Color(*_ALERT)),
            ("LINEBEFORE", (0, 0), (0, -1), 3, Color(*_ALERT_EDGE)),
            ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
        ],
    )


def _beside(sheet: FaceSheet, half: float, styles: dict[str, ParagraphStyle]) -> Any:
    """Two columns as rows of a table that may break between its groups."""
    from itertools import zip_longest

    from reportlab.platypus import Table

    empty: list[Any] = []
    cells = [
        [
            _facts(left, half, styles) if left else empty,
            "",
            _facts(right, half, styles) if right else empty,
        ]
        for left, right in zip_longest(sheet.left, sheet.right)
    ]
    return Table(
        cells,
        colWidths=[half, _GAP, half],
        splitInRow=1,  # a note of years is longer than a page
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
            ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
        ],
    )


def _facts(group: FactGroup, half: float, styles: dict[str, ParagraphStyle]) -> list[Any]:
    from reportlab.platypus import Table

    parts: list[Any] = [fonts.paragraph(group.heading, styles["heading"])]
    if not group.facts:
        return [*parts, fonts.paragraph(group.remark, styles["soft"])]
    cells = [
        [fonts.paragraph(label, styles["soft"]), fonts.paragraph(value, styles["cell"])]
        for label, value in group.facts
    ]
    parts.append(
        Table(
            cells,
            colWidths=[_LABEL, half - _LABEL],
            hAlign="LEFT",
            splitInRow=1,
            style=[
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
            ],
        )
    )
    return parts


def _rows(group: RowGroup, wide: float, styles: dict[str, ParagraphStyle]) -> list[Any]:
    from reportlab.lib.colors import Color
    from reportlab.platypus import Spacer, Table

    heading = fonts.paragraph(group.heading, styles["heading"])
    heading.keepWithNext = 1
    if not group.rows:
        return [heading, fonts.paragraph(group.remark, styles["soft"]), Spacer(1, 10)]
    whole = sum(group.widths)
    head = [fonts.paragraph(name, styles["head"]) for name in group.columns]
    cells = [[fonts.paragraph(text, styles["cell"]) for text in row] for row in group.rows]
    return [
        heading,
        Table(
            [head, *cells],
            colWidths=[wide * share / whole for share in group.widths],
            repeatRows=1,
            splitInRow=1,
            spaceAfter=12,
            style=[
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ("LINEBELOW", (0, 0), (-1, 0), 0.7, Color(*page.INK)),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, Color(*page.RULE)),
                ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
            ],
        ),
    ]


def _styles() -> dict[str, ParagraphStyle]:
    from reportlab.lib.colors import Color
    from reportlab.lib.styles import ParagraphStyle

    cell = ParagraphStyle(
        "cell",
        fontName=fonts.REGULAR,
        fontSize=9,
        leading=11.8,
        textColor=Color(*page.INK),
        splitLongWords=1,
    )
    soft = ParagraphStyle("soft", cell, textColor=Color(*page.SOFT_INK))
    return {
        "cell": cell,
        "soft": soft,
        "alert": ParagraphStyle("alert", cell, fontName=fonts.BOLD),
        "head": ParagraphStyle("head", soft, fontName=fonts.BOLD, fontSize=8),
        "heading": ParagraphStyle(
            "heading", cell, fontName=fonts.BOLD, fontSize=11, leading=15, spaceAfter=2
        ),
    }
