"""The superbill: one sheet a visit, on which the provider ticks what was done and letters why.

The practice's own procedures and the provider's diagnoses flow down three columns; lines to write on and to
sign stand at the foot of the first page. Each page has a barcode that files it when it comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeAlias

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.day_sheet import fitted
from medsec_desktop.documents.form_sheet import CODE_MM, FormCode, FormHead, filing_code
from medsec_desktop.documents.page import MM, Paper, paper_named

_EDGE = 12 * MM
_COLUMNS = 3
_GAP = 5 * MM
_ROW = 5.1 * MM
_HEAD = 54 * MM  # from the top edge to the first row, on the first page
_LATER_HEAD = 38 * MM
_FOOT = 69 * MM  # lines to write on, at the foot of the first page
_BOTTOM = 13 * MM
_BOX = 3.2 * MM
_OWN_LINES = 4
NO_CODE = FormCode((), "")


@dataclass(frozen=True, slots=True)
class Item:
    """Something to mark: its code, words, what it costs, and whether it was so the last time."""

    code: str
    words: str = ""
    fee: str = ""
    was_last_time: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Items under a heading; `is_lettered` for diagnoses, which get a letter instead of a tick."""

    title: str
    items: tuple[Item, ...]
    is_lettered: bool = False


@dataclass(frozen=True, slots=True)
class Superbill:
    """One visit, every part written as the practice writes it; '' where nothing is known."""

    head: FormHead
    date: str  # of printing
    patient: str
    person: tuple[str, ...] = ()  # birth, chart number, phone
    visit: tuple[str, ...] = ()  # when, with whom, what for
    insurance: tuple[str, ...] = ()  # payer, member, copay
    alerts: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    code: FormCode = NO_CODE


# A heading, or an item with whether it gets a letter.
_Row: TypeAlias = str | tuple[Item, bool]


def pages_of(bill: Superbill) -> int:
    """How many pages it takes."""
    return len(_flowed(bill))


def superbills_pdf(bills: Sequence[Superbill], title: str = "Superbill") -> bytes:
    """One superbill after the other, each beginning on a page of its own."""
    fonts.use(fonts.REGULAR, fonts.BOLD)
    target = BytesIO()
    paper = paper_named(bills[0].head.paper)
    canvas = page.new_canvas(
        target,
        (paper.width, paper.height),
        title=title,
        author=bills[0].head.practice,
        language=bills[0].head.tag,
    )
    for bill in bills:
        sheets = _flowed(bill)
        for number, columns in enumerate(sheets, start=1):
            _page(canvas, paper, bill, columns, number, len(sheets))
            canvas.showPage()
    canvas.save()
    return target.getvalue()


def _rows(bill: Superbill) -> list[_Row]:
    rows: list[_Row] = []
    for group in bill.groups:
        if group.items:
            rows.append(group.title)
            rows += [(item, group.is_lettered) for item in group.items]
    return rows


def _flowed(bill: Superbill) -> list[list[list[_Row]]]:
    """The rows in columns of pages; no heading stands last in a column."""
    paper = paper_named(bill.head.paper)
    rest = _rows(bill)
    sheets: list[list[list[_Row]]] = []
    while rest or not sheets:
        first = not sheets
        room = paper.height - (_HEAD + _FOOT if first else _LATER_HEAD + _BOTTOM)
        most = int(room / _ROW)
        if len(rest) <= most * _COLUMNS - 2 * _COLUMNS:  # they fit: as many in each column
            most = min(most, -(-len(rest) // _COLUMNS) + 1)
        columns: list[list[_Row]] = []
        for _ in range(_COLUMNS):
            take = min(most, len(rest))
            while 0 < take < len(rest) and isinstance(rest[take - 1], str):
                take -= 1
            columns.append(rest[:take])
            rest = rest[take:]
        sheets.append(columns)
    return sheets


def _page(
    canvas: Any,
    paper: Paper,
    bill: Superbill,
    columns: list[list[_Row]],
    number: int,
    pages: int,
) -> None:
    page.watermark(canvas, paper, bill.head.mark)
    _draw_head(canvas, paper, bill, number)
    wide = (paper.width - 2 * _EDGE - (_COLUMNS - 1) * _GAP) / _COLUMNS
    top = paper.from_top(_HEAD if number == 1 else _LATER_HEAD)
    for at, rows in enumerate(columns):
        x, y = _EDGE + at * (wide + _GAP), top
        for row in rows:
            y -= _ROW
            if isinstance(row, str):
                _draw_heading(canvas, x, y, wide, row)
            else:
                _draw_item(canvas, x, y, wide, *row)
    if number == 1:
        _draw_foot(canvas, paper)
    canvas.setFillColorRGB(*page.SOFT_INK)
    printed = f"Printed {bill.date}"
    if any(item.was_last_time for group in bill.groups for item in group.items):
        printed += "  ·  bold with a dot: as the last time"
    fonts.draw(canvas, _EDGE, 8 * MM, printed, 7.5)
    right = paper.width - _EDGE
    fonts.draw(canvas, right, 8 * MM, f"Page {number} of {pages}", 7.5, align="right")


def _draw_head(canvas: Any, paper: Paper, bill: Superbill, number: int) -> None:
    top, side = paper.from_top(11 * MM), CODE_MM * MM
    room = paper.width - 2 * _EDGE - side - 8 * MM
    head = bill.head
    canvas.setFillColorRGB(*page.ACCENT)
    practice = fitted(head.practice, 10, room, fonts.BOLD)
    fonts.draw(canvas, _EDGE, top - 9, practice, 10, fonts.BOLD)
    canvas.setFillColorRGB(*page.SOFT_INK)
    contact = "  ·  ".join(part for part in (*head.address, head.phone) if part)
    fonts.draw(canvas, _EDGE, top - 20, fitted(contact, 7.5, room), 7.5)
    canvas.setFillColorRGB(*page.INK)
    name = fitted(bill.patient, 15, room, fonts.BOLD)
    fonts.draw(canvas, _EDGE, top - 42, name, 15, fonts.BOLD)
    y = top - 42
    lines = (bill.person, bill.visit, bill.insurance) if number == 1 else (bill.person, bill.visit)
    for parts in lines:
        y -= 12.5
        text = "  ·  ".join(part for part in parts if part)
        fonts.draw(canvas, _EDGE, y, fitted(text, 9.5, room), 9.5)
    if bill.alerts and number == 1:
        y -= 13.5
        text = fitted(f"Note: {'; '.join(bill.alerts)}", 9, paper.width - 2 * _EDGE, fonts.BOLD)
        fonts.draw(canvas, _EDGE, y, text, 9, fonts.BOLD)
    if bill.code.texts:
        filing_code(
            canvas, bill.code.texts[number - 1], paper.width - _EDGE - side, top - side, side
        )
        canvas.setFillColorRGB(*page.SOFT_INK)
        fonts.draw(
            canvas, paper.width - _EDGE, top - side - 9, bill.code.spoken, 6.5, align="right"
        )


def _draw_heading(canvas: Any, x: float, y: float, wide: float, title: str) -> None:
    canvas.setFillColorRGB(*page.ACCENT)
    fonts.draw(canvas, x, y + 1.4 * MM, fitted(title, 9, wide, fonts.BOLD), 9, fonts.BOLD)
    page.rule(canvas, x, y + 0.3 * MM, wide, 0.7)


def _draw_item(canvas: Any, x: float, y: float, wide: float, item: Item, is_lettered: bool) -> None:
    baseline = y + 1.2 * MM
    canvas.saveState()
    canvas.setStrokeColorRGB(*page.INK)
    canvas.setLineWidth(0.7)
    if is_lettered:
        canvas.line(x, y + 0.7 * MM, x + 5 * MM, y + 0.7 * MM)
    else:
        canvas.rect(x + 0.5 * MM, y + 0.6 * MM, _BOX, _BOX)
    canvas.restoreState()
    canvas.setFillColorRGB(*page.INK)
    x, wide = x + 6 * MM, wide - 6 * MM
    code = f"{item.code} ·" if item.was_last_time else item.code
    face = fonts.BOLD if item.was_last_time else fonts.REGULAR
    fonts.draw(canvas, x, baseline, code, 8.5, face)
    used = max(fonts.width(code, 8.5, face) + 1.5 * MM, 11.5 * MM)
    fee = fonts.width(item.fee, 7.5) + 1.5 * MM if item.fee else 0
    words = fitted(item.words, 8, max(wide - used - fee, 5 * MM))
    fonts.draw(canvas, x + used, baseline, words, 8)
    if item.fee:
        canvas.setFillColorRGB(*page.SOFT_INK)
        fonts.draw(canvas, x + wide, baseline, item.fee, 7.5, align="right")


def _draw_foot(canvas: Any, paper: Paper) -> None:
    """Lines for what is not printed, what was paid, when to come back, and the signature."""
    wide = paper.width - 2 * _EDGE
    y = _FOOT - 7 * MM
    _draw_heading(canvas, _EDGE, y, wide, "Something else")
    shares = (
        ("Code", 2),
        ("Modifiers", 2),
        ("Units", 1),
        ("For (A to L)", 2),
        ("What was done, or why", 5),
    )
    for number in range(_OWN_LINES):
        y -= 7 * MM
        _lines(canvas, y, wide, shares, with_labels=number == 0)
    y -= 10.5 * MM
    _lines(
        canvas,
        y,
        wide,
        (("Come back in", 3), ("Paid today", 3), ("How", 2), ("For work or school", 4)),
    )
    y -= 10.5 * MM
    _lines(canvas, y, wide, (("Signature of the provider", 8), ("Date", 4)))


def _lines(
    canvas: Any,
    y: float,
    wide: float,
    cells: Sequence[tuple[str, int]],
    *,
    with_labels: bool = True,
) -> None:
    units = sum(share for _, share in cells)
    x = _EDGE
    for at, (label, share) in enumerate(cells):
        gap = 0 if at == len(cells) - 1 else 3 * MM
        cell = wide * share / units
        if with_labels:
            canvas.setFillColorRGB(*page.SOFT_INK)
            fonts.draw(canvas, x, y + 4.6 * MM, label, 6.5)
        page.rule(canvas, x, y, cell - gap, 0.6)
        x += cell
