"""A business letter on paper: letterhead, window address, appointment box, signature, page numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.page import Paper, paper_named
from medsec_desktop.domain.paper import RUNNING_HEAD

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable

BULLETS = ("• ", "- ", "* ")  # a line that starts so is an item of a list


@dataclass(frozen=True, slots=True)
class _Type:
    """How large the text is set: size, leading, gap between paragraphs, room for a pen."""

    size: float
    leading: float
    gap: float
    pen_room: float


_COMFORTABLE = _Type(10.5, 14.5, 8, 30)
_KEPT_WHOLE = 1200  # characters; something longer may be cut by the end of a page
_CLOSE = _Type(10, 13.5, 6.5, 26)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the practice's name, a line under it, the column of address and numbers, the foot."""

    name: str
    tagline: str = ""
    contact: tuple[str, ...] = ()
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """Every word of a letter, already merged, in the order it is read; all of it is plain text.

    `opening` and `paragraphs` are whole paragraphs; line ends inside one are kept, and a paragraph
    whose lines all start with a bullet is set as a list. `box` is the ruled table between them, rows
    of a label and what stands against it. `page_words` is ("Page", "of") in the letter's language.
    `mark` is printed pale across each sheet. `language` is a BCP 47 tag, for screen readers.
    """

    letterhead: Letterhead
    recipient: tuple[str, ...]
    date: str
    subject: str = ""
    opening: tuple[str, ...] = ()
    box: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    closing: str = ""
    signature: tuple[str, ...] = ()
    paper: str = "letter"
    language: str = "en-US"
    page_words: tuple[str, str] = ("Page", "of")
    mark: str = ""


def letter_pdf(letter: Letter) -> bytes:
    """The letter as PDF: fonts embedded and subset, and the same bytes for the same words.

    A letter that would spill onto a second page is set closer when that brings it back onto one.
    """
    pdf, pages = _set(letter, _COMFORTABLE)
    if pages != 2:
        return pdf
    closer, pages = _set(letter, _CLOSE)
    return closer if pages == 1 else pdf


def _set(letter: Letter, type_: _Type) -> tuple[bytes, int]:
    """The letter in that type, and its number of pages."""
    from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageTemplate

    fonts.use(fonts.REGULAR, fonts.BOLD)
    paper = paper_named(letter.paper)
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=(paper.width, paper.height),
        title=letter.subject or letter.letterhead.name,
        author=letter.letterhead.name,
        subject=letter.subject,
        creator="MedSec Desktop",
        lang=letter.language,
        displayDocTitle=1,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,
    )
    first, later = (
        Frame(
            paper.left,
            paper.bottom,
            paper.text_width,
            paper.height - paper.bottom - top,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        for top in (paper.body_top, paper.top + RUNNING_HEAD)
    )
    document.addPageTemplates(
        [
            PageTemplate("first", [first], onPage=lambda canvas, _: _first_page(canvas, letter)),
            PageTemplate("later", [later], onPage=lambda canvas, _: _later_page(canvas, letter)),
        ]
    )
    document.build(
        [NextPageTemplate("later"), *_body(letter, type_)],
        canvasmaker=page.counted(lambda *where: _foot(letter, *where)),
    )
    return target.getvalue(), document.page


def unprintable(letter: Letter) -> tuple[tuple[str, str], ...]:
    """Each place of the letter with a character no font of ours has: (place, characters)."""
    head = letter.letterhead
    places = (
        ("letterhead", (head.name, head.tagline, *head.contact, head.footer)),
        ("recipient", letter.recipient),
        ("subject", (letter.subject,)),
        ("text", (*letter.opening, *letter.paragraphs)),
        ("box", tuple(part for row in letter.box for part in row)),
        ("signature", (letter.closing, *letter.signature)),
    )
    found = ((place, "".join(fonts.unprintable("\n".join(texts)))) for place, texts in places)
    return tuple((place, characters) for place, characters in found if characters)


def _first_page(canvas: Any, letter: Letter) -> None:
    paper = paper_named(letter.paper)
    page.watermark(canvas, paper, letter.mark)
    _letterhead(canvas, paper, letter.letterhead)
    address = address_lines(letter.recipient, paper)
    canvas.setFillColorRGB(*page.INK)
    size, leading = _address_type(len(address))
    baseline = paper.from_top(paper.address_bottom) + (len(address) - 1) * leading
    for line in address:
        fonts.draw(canvas, paper.address_left, baseline, line, size)
        baseline -= leading
    fonts.draw(
        canvas,
        paper.side_left,
        paper.from_top(paper.address_bottom),
        letter.date,
        _COMFORTABLE.size,
    )
    canvas.saveState()
    canvas.setStrokeColorRGB(*page.RULE)
    canvas.setLineWidth(0.4)
    for fold in paper.folds:
        canvas.line(14, paper.from_top(fold), 22, paper.from_top(fold))
    canvas.restoreState()


def address_lines(recipient: tuple[str, ...], paper: Paper) -> tuple[str, ...]:
    """The address as it stands in the window: a line wider than the window goes on in the next."""
    given = [line for line in recipient if line.strip()]
    size, _ = _address_type(len(given))
    return tuple(part for line in given for part in fonts.wrapped(line, size, paper.address_width))


def lines_beyond_window(letter: Letter) -> int:
    """How many lines of the address the window of the envelope does not show; 0 when all fit."""
    paper = paper_named(letter.paper)
    return max(0, len(address_lines(letter.recipient, paper)) - paper.address_lines)


def _address_type(lines: int) -> tuple[float, float]:
    """Size and leading that keep `lines` of an address inside the window."""
    return (10.5, 13.5) if lines <= 4 else (10.0, 12.5) if lines == 5 else (9.0, 10.5)


def _letterhead(canvas: Any, paper: Paper, head: Letterhead) -> None:
    limit = paper.side_left - paper.left - 0.3 * page.INCH
    size = 18.0
    while size > 13 and fonts.width(head.name, size, fonts.BOLD) > limit:
        size -= 0.5
    baseline = paper.from_top(paper.top) - size * 0.714  # capitals stand on the top margin
    canvas.setFillColorRGB(*page.ACCENT)
    for line in fonts.wrapped(head.name, size, limit, fonts.BOLD):
        fonts.draw(canvas, paper.left, baseline, line, size, fonts.BOLD)
        baseline -= size * 1.2
    canvas.setFillColorRGB(*page.SOFT_INK)
    if head.tagline:
        for line in fonts.wrapped(head.tagline, 9, limit):
            fonts.draw(canvas, paper.left, baseline + 2, line, 9)
            baseline -= 12
    baseline = paper.from_top(paper.top) - 9 * 0.714
    for entry in head.contact:
        for line in fonts.wrapped(entry, 9, paper.text_right - paper.side_left):
            fonts.draw(canvas, paper.side_left, baseline, line, 9)
            baseline -= 12.5


def _later_page(canvas: Any, letter: Letter) -> None:
    paper = paper_named(letter.paper)
    page.watermark(canvas, paper, letter.mark)
    baseline = paper.from_top(paper.top) - 9 * 0.714
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, paper.text_right, baseline, letter.date, 9, align="right")
    room = paper.text_width - fonts.width(letter.date, 9) - 24
    whom = letter.recipient[0] if letter.recipient else ""
    line = " · ".join(part for part in (letter.letterhead.name, whom) if part)
    if fonts.width(line, 9) > room:
        line = whom
    fonts.draw(canvas, paper.left, baseline, (*fonts.wrapped(line, 9, room), "")[0], 9)
    page.rule(canvas, paper.left, baseline - 9, paper.text_width)


def _foot(letter: Letter, canvas: Any, number: int, pages: int) -> None:
    paper = paper_named(letter.paper)
    before, between = letter.page_words
    text = f"{before} {number} {between} {pages}" if pages > 1 else ""
    canvas.setFillColorRGB(*page.SOFT_INK)
    baseline = paper.bottom - 26
    fonts.draw(canvas, paper.text_right, baseline, text, 9, align="right")
    room = paper.text_width - (fonts.width(text, 9) + 24 if text else 0)
    lines = fonts.wrapped(letter.letterhead.footer, 8.5, room)[:2]
    for line in reversed(lines):
        fonts.draw(canvas, paper.left, baseline, line, 8.5)
        baseline += 11


def _body(letter: Letter, type_: _Type) -> list[Flowable]:
    styles = _styles(type_)
    story: list[Any] = []
    if letter.subject:
        story.append(fonts.paragraph(letter.subject, styles["subject"]))
    for text in letter.opening:
        story.extend(_paragraphs(text, styles))
    if letter.box:
        if len("".join((*letter.opening[-1:], *(value for _, value in letter.box)))) < _KEPT_WHOLE:
            _keep_with_next(story)
        story.append(_box(letter.box, styles, type_))
    for text in letter.paragraphs:
        story.extend(_paragraphs(text, styles))
    end = _signature(letter, styles, type_)
    last = (*letter.opening, *letter.paragraphs)[-1:]
    if end and len("".join(last)) < _KEPT_WHOLE:
        # The signature never stands alone on a page: the last paragraph goes with it.
        _keep_with_next(story)
    return [*story, *end] or [fonts.paragraph("", styles["text"])]


def _keep_with_next(story: list[Any]) -> None:
    if story:
        story[-1].keepWithNext = 1


def _paragraphs(text: str, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    """A paragraph, or one for each item where every line is an item of a list."""
    lines = [line.strip() for line in text.strip().split("\n")]
    if all(line.startswith(BULLETS) for line in lines):
        *items, last = [line[2:].strip() for line in lines]
        return [
            *(_bullet(item, styles["item"]) for item in items),
            _bullet(last, styles["last item"]),
        ]
    paragraph = fonts.paragraph("\n".join(lines), styles["text"])
    paragraph.keepWithNext = lines[-1].endswith(":")  # "Please bring:" stays with its list
    return [paragraph]


def _bullet(text: str, style: ParagraphStyle) -> Flowable:
    item = fonts.paragraph(text, style)
    item.bulletText = "•"
    return item


def _signature(letter: Letter, styles: dict[str, ParagraphStyle], type_: _Type) -> list[Flowable]:
    from reportlab.platypus import Spacer

    lines = [fonts.paragraph(line, styles["line"]) for line in letter.signature if line.strip()]
    closing = [fonts.paragraph(letter.closing, styles["line"])] if letter.closing else []
    if not lines and not closing:
        return []
    end: list[Any] = [Spacer(1, 3), *closing, Spacer(1, type_.pen_room), *lines]
    # Flags rather than KeepTogether: that one inside another always breaks the page.
    for piece in end[:-1]:
        piece.keepWithNext = 1
    return end


def _box(
    rows: tuple[tuple[str, str], ...], styles: dict[str, ParagraphStyle], type_: _Type
) -> Flowable:
    """Ruled rows, a label and its value; a value longer than the page runs on."""
    from reportlab.platypus import Table

    cells = [
        [fonts.paragraph(label, styles["label"]), fonts.paragraph(value, styles["value"])]
        for label, value in rows
    ]
    size = styles["label"].fontSize
    wide = max(fonts.width(label, size) for label, _ in rows) + 26
    return Table(
        cells,
        colWidths=[min(wide, 170.0), None],
        hAlign="LEFT",
        splitInRow=1,
        spaceBefore=type_.gap + 4,
        spaceAfter=type_.gap + 5,
        style=[
            ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),  # else Helvetica is named, not embedded
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
            ("LINEABOVE", (0, 0), (-1, 0), 1, page.ACCENT),
            ("LINEBELOW", (0, 0), (-1, -2), 0.4, page.RULE),
            ("LINEBELOW", (0, -1), (-1, -1), 1, page.ACCENT),
        ],
    )


@lru_cache(maxsize=2)
def _styles(type_: _Type) -> dict[str, ParagraphStyle]:
    from reportlab.lib.colors import Color
    from reportlab.lib.styles import ParagraphStyle

    text = ParagraphStyle(
        "text",
        fontName=fonts.REGULAR,
        fontSize=type_.size,
        leading=type_.leading,
        spaceAfter=type_.gap,
        textColor=Color(*page.INK),
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=1,
    )
    bold = ParagraphStyle("bold", text, fontName=fonts.BOLD)
    soft = ParagraphStyle("soft", text, textColor=Color(*page.SOFT_INK))
    item = ParagraphStyle(
        "item",
        text,
        leftIndent=16,
        bulletIndent=3,
        spaceAfter=2,
        bulletFontName=fonts.REGULAR,
        bulletFontSize=type_.size,
    )
    return {
        "text": text,
        "subject": ParagraphStyle("subject", bold, fontSize=12, leading=16, spaceAfter=12),
        "item": item,
        "last item": ParagraphStyle("last item", item, spaceAfter=type_.gap),
        "line": ParagraphStyle("line", text, spaceAfter=0),
        "label": ParagraphStyle("label", soft, spaceAfter=0),
        "value": ParagraphStyle("value", bold, spaceAfter=0),
    }
