"""A day or a week on paper: columns under a ruler of hours, each visit where and as long as it is.

Visits that overlap stand side by side. Where columns would become too narrow, or a short visit too low
to be read, the sheet goes on over further pages, first down the hours and then across the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.page import MM, Paper, paper_named
from medsec_desktop.domain.calendar.lanes import lanes_for
from medsec_desktop.domain.calendar.spans import Span

# As on the screen, name → fill and edge, each with black text on it at 7:1 or better.
COLOURS: dict[str, tuple[str, str]] = {
    "teal": ("#D8EFF0", "#0F8688"),
    "blue": ("#DCE9FB", "#2F6FDB"),
    "indigo": ("#E4E5FB", "#5457CE"),
    "violet": ("#EEE2FA", "#8A4FC7"),
    "pink": ("#FAE0EC", "#C2417F"),
    "red": ("#FBE2DF", "#C8453A"),
    "orange": ("#FCE7D6", "#C4651A"),
    "amber": ("#FAEFCB", "#A67A00"),
    "green": ("#DEF2E0", "#36873F"),
    "slate": ("#E6E9ED", "#65717E"),
}
_GREY = ("#F1F2F4", "#4A525C")
_MARK = (0.9, 0.908, 0.918)  # darker than a watermark elsewhere: it also lies on grey
_CLOSED = (0.945, 0.95, 0.956)

_RULER = 36.0  # points for the hours at the left
_HEAD = 46.0  # title, practice and page number
_REMARK = 13.0  # a line under the title
_MARGIN = 12 * MM
_LEADING = 1.22
_LEAST_COLUMN = 13.5  # column width in sizes of the type: about twenty letters
_LEAST_MIN = 10  # a shorter visit is drawn as high as one of ten minutes


@dataclass(frozen=True, slots=True)
class SheetVisit:
    """A visit in a column: `head` on its first line, in bold the `name`, then `lines` as far as fit."""

    span: Span
    head: str
    name: str
    lines: tuple[str, ...] = ()
    colour: str = "slate"
    is_struck: bool = False  # cancelled or missed: shown, and crossed out


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A provider's or a room's day, or a day of the week; `closed` says why nobody works."""

    heading: str
    visits: tuple[SheetVisit, ...]
    hours: tuple[Span, ...] = ()
    closed: str = ""
    above: tuple[str, ...] = ()  # all-day notes, printed under the heading


@dataclass(frozen=True, slots=True)
class DaySheet:
    """Columns between `first_min` and `last_min` after midnight; `hour_names` has what the ruler says."""

    title: str
    practice: str
    columns: tuple[SheetColumn, ...]
    first_min: int
    last_min: int
    hour_names: tuple[str, ...]  # 25 of them, midnight to midnight
    printed: str = ""  # "Printed 03/11/2026 9:00 AM by Olive Owner"
    font_size: float = 8.0
    in_colour: bool = True
    paper: str = "letter"
    mark: str = ""
    remark: str = ""  # what the whole practice should know of the day, under the title


def day_sheet_pdf(sheet: DaySheet, *more: DaySheet) -> bytes:
    """The sheet as PDF, turned sideways; at least one page, also where nothing is booked.

    `more` sheets, such as another provider's week, follow on pages of their own.
    """
    fonts.use(fonts.REGULAR, fonts.BOLD)
    paper = paper_named(sheet.paper)
    width, height = paper.height, paper.width  # landscape
    target = BytesIO()
    canvas = page.new_canvas(
        target,
        (width, height),
        title=sheet.title,
        author=sheet.practice,
        made_by=page.counted(lambda *where: _foot(width, sheet, *where)),
    )
    for one in (sheet, *more):
        for columns in _bunches(one, width - 2 * _MARGIN - _RULER):
            for first, last in _stretches(one, columns, _room(height, columns, one)):
                _page(canvas, paper, one, columns, first, last)
                canvas.showPage()
    canvas.save()
    return target.getvalue()


def _bunches(sheet: DaySheet, wide: float) -> list[tuple[SheetColumn, ...]]:
    """The columns shared out over as few pages as let each be read, as evenly as can be."""
    columns = sheet.columns or (SheetColumn("", ()),)
    most = max(1, int(wide / (_LEAST_COLUMN * sheet.font_size)))
    pages = -(-len(columns) // most)
    each = -(-len(columns) // pages)
    return [columns[at : at + each] for at in range(0, len(columns), each)]


def _room(height: float, columns: Sequence[SheetColumn], sheet: DaySheet) -> float:
    """Points for the hours, under the headings and the notes of these columns."""
    return height - 2 * _MARGIN - _head_height(sheet) - _heading_height(columns, sheet)


def _head_height(sheet: DaySheet) -> float:
    return _HEAD + (_REMARK if sheet.remark else 0)


def _heading_height(columns: Sequence[SheetColumn], sheet: DaySheet) -> float:
    notes = max(len(column.above) for column in columns)
    return sheet.font_size * _LEADING * (1.5 + notes)


def _stretches(
    sheet: DaySheet, columns: Sequence[SheetColumn], room: float
) -> list[tuple[int, int]]:
    """The hours cut into pages on which the shortest visit is at least one line high."""
    shown = [
        visit.span for column in columns for visit in column.visits if _is_in(visit.span, sheet)
    ]
    shortest = max(_LEAST_MIN, min((span.duration_min for span in shown), default=60))
    length = sheet.last_min - sheet.first_min
    line = sheet.font_size * _LEADING + 2.5
    most = max(60, int(room / line * shortest) // 60 * 60)
    if length <= most:
        return [(sheet.first_min, sheet.last_min)]
    pages = -(-length // most)
    each = -(-length // pages)
    each = -(-each // 60) * 60  # break on the hour
    return [
        (start, min(start + each, sheet.last_min))
        for start in range(sheet.first_min, sheet.last_min, each)
    ]


def _is_in(span: Span, sheet: DaySheet) -> bool:
    return span.starts_min < sheet.last_min and span.ends_min > sheet.first_min


def _page(
    canvas: Any,
    paper: Paper,
    sheet: DaySheet,
    columns: Sequence[SheetColumn],
    first: int,
    last: int,
) -> None:
    width, height = paper.height, paper.width
    top = height - _MARGIN
    canvas.setFillColorRGB(*page.INK)
    room = width - 2 * _MARGIN - fonts.width(sheet.practice, 9) - 16
    title = fitted(sheet.title, 15, room, fonts.BOLD)
    fonts.draw(canvas, _MARGIN, top - 15, title, 15, fonts.BOLD)
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, width - _MARGIN, top - 14, sheet.practice, 9, align="right")
    if sheet.remark:
        fonts.draw(canvas, _MARGIN, top - 29, fitted(sheet.remark, 9, width - 2 * _MARGIN), 9)
    grid_top = top - _head_height(sheet) + 16 - _heading_height(columns, sheet)
    grid_bottom = _MARGIN + 16
    per_min = (grid_top - grid_bottom) / max(1, last - first)
    left = _MARGIN + _RULER
    each = (width - _MARGIN - left) / len(columns)
    for at, column in enumerate(columns):
        _closed_times(canvas, column, left + at * each, each, grid_top, per_min, first, last)
    if sheet.mark:
        canvas.setFillColorRGB(*_MARK)
        fonts.draw(canvas, width / 2, height / 2 - 60, sheet.mark, 170, fonts.BOLD, "centre")
    _ruler(canvas, sheet, left, width - _MARGIN, grid_top, per_min, first, last)
    for at, column in enumerate(columns):
        x = left + at * each
        _column_head(canvas, sheet, column, x, each, grid_top, columns)
        page.rule(canvas, x, grid_top, each, 0.8)
        canvas.setStrokeColorRGB(*page.RULE)
        canvas.setLineWidth(0.5)
        canvas.line(x, grid_top, x, grid_bottom)
        _visits(canvas, sheet, column, x, each, grid_top, per_min, first, last)
    canvas.setStrokeColorRGB(*page.RULE)
    canvas.line(width - _MARGIN, grid_top, width - _MARGIN, grid_bottom)
    page.rule(canvas, left, grid_bottom, width - _MARGIN - left, 0.8)


def _column_head(
    canvas: Any,
    sheet: DaySheet,
    column: SheetColumn,
    x: float,
    wide: float,
    grid_top: float,
    columns: Sequence[SheetColumn],
) -> None:
    size = sheet.font_size
    y = grid_top + _heading_height(columns, sheet) - size * 1.05
    canvas.setFillColorRGB(*page.INK)
    heading = fitted(column.heading, size + 1, wide - 6, fonts.BOLD)
    fonts.draw(canvas, x + wide / 2, y, heading, size + 1, fonts.BOLD, "centre")
    canvas.setFillColorRGB(*page.SOFT_INK)
    for note in column.above:
        y -= size * _LEADING
        text = fitted(note, size, wide - 6)
        fonts.draw(canvas, x + wide / 2, y, text, size, align="centre")


def _closed_times(
    canvas: Any,
    column: SheetColumn,
    x: float,
    wide: float,
    grid_top: float,
    per_min: float,
    first: int,
    last: int,
) -> None:
    """Time outside the hours is grey; a closed day says why."""
    canvas.setFillColorRGB(*_CLOSED)
    at = first
    for span in (*sorted(column.hours, key=lambda one: one.starts_min), Span(last, last + 1)):
        until = min(max(span.starts_min, first), last)
        if until > at:
            y = grid_top - (until - first) * per_min
            canvas.rect(x, y, wide, (until - at) * per_min, stroke=0, fill=1)
        at = max(at, span.ends_min)
    if column.closed:
        canvas.setFillColorRGB(*page.SOFT_INK)
        text = fitted(column.closed, 9, wide - 8)
        fonts.draw(canvas, x + wide / 2, grid_top - 14, text, 9, align="centre")


def _ruler(
    canvas: Any,
    sheet: DaySheet,
    left: float,
    right: float,
    grid_top: float,
    per_min: float,
    first: int,
    last: int,
) -> None:
    for minute in range(-(-first // 30) * 30, last + 1, 30):
        y = grid_top - (minute - first) * per_min
        full = minute % 60 == 0
        canvas.setStrokeColorRGB(*(page.RULE if full else (0.86, 0.87, 0.89)))
        canvas.setLineWidth(0.5 if full else 0.3)
        canvas.line(left - (4 if full else 0), y, right, y)
        if full and minute < last:
            canvas.setFillColorRGB(*page.SOFT_INK)
            fonts.draw(canvas, left - 6, y - 8, sheet.hour_names[minute // 60], 7.5, align="right")


def _visits(
    canvas: Any,
    sheet: DaySheet,
    column: SheetColumn,
    x: float,
    wide: float,
    grid_top: float,
    per_min: float,
    first: int,
    last: int,
) -> None:
    shown = [
        (
            visit,
            Span(
                visit.span.starts_min, max(visit.span.ends_min, visit.span.starts_min + _LEAST_MIN)
            ),
        )
        for visit in column.visits
    ]
    for (visit, span), lane in zip(shown, lanes_for([span for _, span in shown]), strict=True):
        if span.ends_min <= first or span.starts_min >= last:
            continue
        begins, ends = max(span.starts_min, first), min(span.ends_min, last)
        share = (wide - 3) / lane.count
        _visit(
            canvas,
            sheet,
            visit,
            x + 1.5 + lane.index * share,
            grid_top - (ends - first) * per_min,
            share * lane.width - 1,
            (ends - begins) * per_min - 0.8,
            is_continued=span.starts_min < first,
            is_cut=begins != span.starts_min or ends != span.ends_min,
        )


def _visit(
    canvas: Any,
    sheet: DaySheet,
    visit: SheetVisit,
    x: float,
    y: float,
    wide: float,
    high: float,
    *,
    is_continued: bool,
    is_cut: bool,
) -> None:
    fill, edge = COLOURS.get(visit.colour, COLOURS["slate"]) if sheet.in_colour else _GREY
    canvas.saveState()
    box = canvas.beginPath()
    box.rect(x, y, wide, high)
    canvas.clipPath(box, stroke=0, fill=0)  # nothing ever runs into the neighbour
    canvas.setFillColor(_paint("#FFFFFF" if visit.is_struck else fill))
    canvas.setStrokeColor(_paint(edge))
    canvas.setLineWidth(0.6)
    canvas.rect(x, y, wide, high, stroke=1, fill=1)
    canvas.setFillColor(_paint(edge))
    canvas.rect(x, y, 2.2, high, stroke=0, fill=1)
    size, line = sheet.font_size, sheet.font_size * _LEADING
    left, room = x + 4.5, wide - 6.5
    fit = int((high - 1.5) / line)
    if fit == 0 and is_cut:
        canvas.restoreState()  # a sliver at the end of the page: its words stand on the other one
        return
    canvas.setFillColorRGB(*(page.SOFT_INK if visit.is_struck else page.INK))
    baseline = y + high - size * 0.98 - (1.2 if high > line + 3 else max(0.0, (high - line) / 2))
    head = f"… {visit.head}" if is_continued else visit.head
    for at, pieces in enumerate(_lines(head, visit, size, room, max(1, fit))):
        at_y, end = baseline - at * line, left
        for face, text in pieces:
            fonts.draw(canvas, end, at_y, text, size, face)
            end += fonts.width(text, size, face)
        if visit.is_struck:
            canvas.setStrokeColorRGB(*page.SOFT_INK)
            canvas.line(left, at_y + size * 0.3, end, at_y + size * 0.3)
    canvas.restoreState()


def _lines(
    head: str, visit: SheetVisit, size: float, room: float, fit: int
) -> list[list[tuple[str, str]]]:
    """What stands on each line that fits, as (face, text): the time, the name whole, then the rest."""
    time = (fonts.REGULAR, f"{head}  " if head else "")
    name = fonts.printable(visit.name).replace("\n", " ")
    beside = room - fonts.width(time[1], size)
    rest_of_it = visit.lines
    if fonts.width(name, size, fonts.BOLD) <= beside:
        first = [time, (fonts.BOLD, name)]
        tail = beside - fonts.width(name, size, fonts.BOLD)
        if fit == 1 and visit.lines and tail > size * 4:
            first.append((fonts.REGULAR, _as_many("  ", visit.lines, size, tail)))
        lines = [first]
    elif fit == 1:
        cut = fitted(name, size, beside, fonts.BOLD)
        # Where hardly a name is left beside the time, the ruler tells the time.
        if fonts.width(cut, size, fonts.BOLD) < min(beside, size * 6):
            lines = [[(fonts.BOLD, fitted(name, size, room, fonts.BOLD))]]
        else:
            lines = [[time, (fonts.BOLD, cut)]]
    else:
        words = fonts.wrapped(name, size, room, fonts.BOLD)
        lines = [[(fonts.BOLD, text)] for text in words[:fit]]
        if len(words) > fit:
            lines[-1] = [(fonts.BOLD, fitted(" ".join(words[fit - 1 :]), size, room, fonts.BOLD))]
        rest_of_it = (head, *rest_of_it) if head else rest_of_it
    left = fit - len(lines)
    if left >= len(rest_of_it):
        rest = [fitted(text, size, room) for text in rest_of_it]
    else:
        whole = max(0, left - 1)
        flowing = fonts.wrapped(" · ".join(rest_of_it), size, room)
        rest = [*flowing[:whole], fitted(" ".join(flowing[whole:]), size, room)]
    return [*lines, *([(fonts.REGULAR, text)] for text in rest)][:fit]


def _as_many(before: str, parts: Sequence[str], size: float, room: float) -> str:
    """The parts that fit beside each other. Half a phone number would be dialled: only words are cut."""
    said = before
    for part in parts:
        so_far = f"{said}{'' if said == before else ' · '}"
        left = room - fonts.width(fonts.printable(so_far), size)
        if fonts.width(fonts.printable(part), size) > left:
            has_digits = any(letter.isdigit() for letter in part)
            return said if has_digits or left < size * 4 else so_far + fitted(part, size, left)
        said = f"{so_far}{part}"
    return said


def fitted(text: str, size: float, room: float, face: str = fonts.REGULAR) -> str:
    """`text`, or as much of it as fits with an ellipsis."""
    clean = fonts.printable(text).replace("\n", " ")
    if fonts.width(clean, size, face) <= room:
        return clean
    fits, misses = 0, len(clean)
    while fits < misses - 1:
        middle = (fits + misses) // 2
        if fonts.width(f"{clean[:middle].rstrip()}…", size, face) <= room:
            fits = middle
        else:
            misses = middle
    return f"{clean[:fits].rstrip()}…"


def _foot(width: float, sheet: DaySheet, canvas: Any, number: int, pages: int) -> None:
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, _MARGIN, _MARGIN + 2, sheet.printed, 7.5)
    fonts.draw(
        canvas, width - _MARGIN, _MARGIN + 2, f"Page {number} of {pages}", 7.5, align="right"
    )


def _paint(colour: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(colour)
