"""What stands around the words of a letter: letterhead, window address, running head, foot of the page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.domain.paper import INCH, Paper, paper_named
from medsec_desktop.domain.writing.around import Said

if TYPE_CHECKING:
    from medsec_desktop.documents.writing.sheet import Letterhead, Sheet

_DATE_SIZE = 10.5
_CAPITALS = 0.714  # height of a capital, of the size
_PEN_MARKS = (14.0, 22.0)  # where the fold marks at the left edge begin and end


def draw_around(canvas: Any, sheet: Sheet, number: int, pages: int) -> None:
    """All of page `number`, counted from 0, but the words of the document."""
    paper = paper_named(sheet.paper)
    page.watermark(canvas, paper, sheet.mark)
    if sheet.letterhead is not None:
        if number == 0:
            _draw_first(canvas, sheet, paper, sheet.letterhead)
        else:
            _draw_running_head(canvas, sheet, paper, sheet.letterhead)
    _draw_foot(canvas, sheet, paper, number, pages)


def address_lines(recipient: tuple[str, ...], paper: Paper) -> tuple[str, ...]:
    """The address as it stands in the window: a line wider than the window goes on in the next."""
    given = [line for line in recipient if line.strip()]
    size, _ = _address_type(len(given))
    return tuple(part for line in given for part in fonts.wrapped(line, size, paper.address_width))


def lines_beyond_window(sheet: Sheet) -> int:
    """How many lines of the address the window of the envelope does not show; 0 when all fit."""
    paper = paper_named(sheet.paper)
    return max(0, len(address_lines(sheet.recipient, paper)) - paper.address_lines)


def _address_type(lines: int) -> tuple[float, float]:
    """Size and leading that keep `lines` of an address inside the window."""
    return (10.5, 13.5) if lines <= 4 else (10.0, 12.5) if lines == 5 else (9.0, 10.5)


def first_page(
    head: Letterhead, recipient: tuple[str, ...], date: str, paper: Paper
) -> tuple[Said, ...]:
    """The letterhead, the address in its window and the date, each line broken where it is too wide."""
    return (
        *_letterhead(head, paper),
        *_address(recipient, paper),
        Said(paper.side_left, paper.from_top(paper.address_bottom), date, _DATE_SIZE),
    )


def _letterhead(head: Letterhead, paper: Paper) -> Iterator[Said]:
    limit = paper.side_left - paper.left - 0.3 * INCH
    size = 18.0
    while size > 13 and fonts.width(head.name, size, fonts.BOLD) > limit:
        size -= 0.5
    baseline = paper.from_top(paper.top) - size * _CAPITALS  # capitals stand on the top margin
    for line in fonts.wrapped(head.name, size, limit, fonts.BOLD):
        yield Said(paper.left, baseline, line, size, "accent", is_bold=True)
        baseline -= size * 1.2
    for line in fonts.wrapped(head.tagline, 9, limit):
        yield Said(paper.left, baseline + 2, line, 9, "soft")
        baseline -= 12
    baseline = paper.from_top(paper.top) - 9 * _CAPITALS
    for entry in head.contact:
        for line in fonts.wrapped(entry, 9, paper.text_right - paper.side_left):
            yield Said(paper.side_left, baseline, line, 9, "soft")
            baseline -= 12.5


def _address(recipient: tuple[str, ...], paper: Paper) -> Iterator[Said]:
    address = address_lines(recipient, paper)
    size, leading = _address_type(len(address))
    baseline = paper.from_top(paper.address_bottom) + (len(address) - 1) * leading
    for line in address:
        yield Said(paper.address_left, baseline, line, size)
        baseline -= leading


def _draw_first(canvas: Any, sheet: Sheet, paper: Paper, head: Letterhead) -> None:
    inks = {"accent": page.ACCENT, "soft": page.SOFT_INK, "ink": page.INK}
    for ink, lines in groupby(
        first_page(head, sheet.recipient, sheet.date, paper), key=lambda said: said.ink
    ):
        canvas.setFillColorRGB(*inks[ink])
        for said in lines:
            face = fonts.BOLD if said.is_bold else fonts.REGULAR
            fonts.draw(canvas, said.x, said.baseline, said.text, said.size, face)
    for fold in paper.folds:
        y = paper.from_top(fold)
        page.stroke(canvas, (_PEN_MARKS[0], y), (_PEN_MARKS[1], y), 0.4, page.RULE)


def _draw_running_head(canvas: Any, sheet: Sheet, paper: Paper, head: Letterhead) -> None:
    baseline = paper.from_top(paper.top) - 9 * _CAPITALS
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, paper.text_right, baseline, sheet.date, 9, align="right")
    room = paper.text_width - fonts.width(sheet.date, 9) - 24
    whom = sheet.recipient[0] if sheet.recipient else ""
    line = " · ".join(part for part in (head.name, whom) if part)
    if fonts.width(line, 9) > room:
        line = whom
    fonts.draw(canvas, paper.left, baseline, (*fonts.wrapped(line, 9, room), "")[0], 9)
    page.rule(canvas, paper.left, baseline - 9, paper.text_width)


def _draw_foot(canvas: Any, sheet: Sheet, paper: Paper, number: int, pages: int) -> None:
    before, between = sheet.page_words
    text = f"{before} {number + 1} {between} {pages}" if pages > 1 else ""
    canvas.setFillColorRGB(*page.SOFT_INK)
    baseline = paper.bottom - 26
    fonts.draw(canvas, paper.text_right, baseline, text, 9, align="right")
    footer = sheet.letterhead.footer if sheet.letterhead else ""
    room = paper.text_width - (fonts.width(text, 9) + 24 if text else 0)
    for line in reversed(fonts.wrapped(footer, 8.5, room)[:2]):
        fonts.draw(canvas, paper.left, baseline, line, 8.5)
        baseline += 11
