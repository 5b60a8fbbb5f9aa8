"""What a patient takes home: an appointment card for the purse, and a slip with her next visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.day_sheet import fitted
from medsec_desktop.documents.page import MM, Paper, paper_named
from medsec_desktop.domain.stocks import LabelStock
from medsec_desktop.problems import Invalid


@dataclass(frozen=True, slots=True)
class CardVisit:
    """One visit as a patient reads it, every part already written in her language."""

    day: str  # Thursday, March 12, 2026
    time: str  # 10:00 AM
    provider: str
    kind: str = ""
    preparation: str = ""


@dataclass(frozen=True, slots=True)
class CardWords:
    """The fixed words of a card in one language."""

    heading: str
    headings: str  # where there are several visits
    at: str
    with_whom: str
    change: str  # above the number to call
    prepare: str
    more: str  # "and {count} more on the slip"
    day: str
    time: str
    kind: str


WORDS: dict[str, CardWords] = {
    "en": CardWords(
        "Your next appointment", "Your next appointments", "at", "with",
        "To change it, please call", "How to prepare", "and {count} more",
        "Day", "Time", "For",
    ),
    "es": CardWords(
        "Su próxima cita", "Sus próximas citas", "a las", "con",
        "Para cambiarla, por favor llame al", "Cómo prepararse", "y {count} más",
        "Día", "Hora", "Visita",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """Whose visits, and the practice that expects her."""

    patient: str
    visits: tuple[CardVisit, ...]
    practice: str
    address: tuple[str, ...] = ()
    phone: str = ""
    language: str = "en"
    tag: str = "en-US"


def cards_pdf(
    stock: LabelStock, cards: Sequence[Card], *, start_at: int = 1, mark: str = ""
) -> bytes:
    """Cards on a sheet of pre-cut stock, the first on card `start_at`. Raises Invalid."""
    _need(cards)
    if not 1 <= start_at <= stock.count:
        raise Invalid(f"Start at a card between 1 and {stock.count}.", field="start_at")
    fonts.use(fonts.REGULAR, fonts.BOLD)
    target = BytesIO()
    canvas = page.new_canvas(
        target,
        (stock.sheet_width * MM, stock.sheet_height * MM),
        title="Appointment cards",
        author=cards[0].practice,
        language=cards[0].tag,
    )
    for at, card in enumerate(cards, start=start_at - 1):
        place = at % stock.count
        if place == 0 and at >= start_at:
            canvas.showPage()
        left, top = stock.corner(place)
        _card(
            canvas,
            card,
            left * MM,
            (stock.sheet_height - top) * MM,
            stock.width * MM,
            stock.height * MM,
            mark,
        )
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _card(
    canvas: Any, card: Card, x: float, top: float, wide: float, high: float, mark: str
) -> None:
    words = WORDS[card.language]
    pad = 4 * MM
    room = wide - 2 * pad
    if mark:
        canvas.setFillColorRGB(*page.WATERMARK)
        fonts.draw(canvas, x + wide / 2, top - high / 2 - 16, mark, 46, fonts.BOLD, "centre")
    y = top - pad - 8
    canvas.setFillColorRGB(*page.ACCENT)
    practice = fitted(card.practice, 9.5, room, fonts.BOLD)
    fonts.draw(canvas, x + pad, y, practice, 9.5, fonts.BOLD)
    page.rule(canvas, x + pad, y - 4, room, 0.8)
    y -= 16
    canvas.setFillColorRGB(*page.SOFT_INK)
    heading = words.heading if len(card.visits) == 1 else words.headings
    fonts.draw(canvas, x + pad, y, fitted(f"{heading}: {card.patient}", 8, room), 8)
    canvas.setFillColorRGB(*page.INK)
    foot = top - high + pad
    if len(card.visits) == 1:
        visit = card.visits[0]
        size = _size_for(visit.day, 12, room)
        y -= 19
        fonts.draw(canvas, x + pad, y, fitted(visit.day, size, room, fonts.BOLD), size, fonts.BOLD)
        y -= 15
        fonts.draw(canvas, x + pad, y, f"{words.at} {visit.time}", 12, fonts.BOLD)
        y -= 13
        fonts.draw(canvas, x + pad, y, fitted(f"{words.with_whom} {visit.provider}", 9, room), 9)
    else:
        fit = int((y - foot - 14) / 11.5)
        shown = card.visits if len(card.visits) <= fit else card.visits[: fit - 1]
        for visit in shown:
            y -= 11.5
            text = f"{visit.day}, {visit.time} · {visit.provider}"
            size = 8.5
            while size > 6 and fonts.width(text, size) > room:
                size -= 0.25
            fonts.draw(canvas, x + pad, y, fitted(text, size, room), size)
        if len(shown) < len(card.visits):
            more = words.more.format(count=len(card.visits) - len(shown))
            fonts.draw(canvas, x + pad, y - 11.5, more, 8.5)
    if card.phone:
        canvas.setFillColorRGB(*page.SOFT_INK)
        call = fitted(f"{words.change} {card.phone}", 8, room)
        fonts.draw(canvas, x + pad, foot, call, 8)


def slips_pdf(slips: Sequence[Card], *, paper: str = "letter", mark: str = "") -> bytes:
    """A slip for each patient, two to a sheet cut across the middle; a long one takes whole sheets."""
    _need(slips)
    fonts.use(fonts.REGULAR, fonts.BOLD)
    sheet = paper_named(paper)
    target = BytesIO()
    canvas = page.new_canvas(
        target,
        (sheet.width, sheet.height),
        title="Appointment slips",
        author=slips[0].practice,
        language=slips[0].tag,
    )
    half = sheet.height / 2
    top = sheet.height
    is_begun = False
    for slip in slips:
        high = _slip_height(sheet, slip)
        if is_begun and (high > half or top < sheet.height - half - 1):
            canvas.showPage()
            top, is_begun = sheet.height, False
        _slip(canvas, sheet, slip, top, mark, half)
        is_begun = True
        top = top - half if high <= half else 0.0
    canvas.showPage()
    canvas.save()
    return target.getvalue()


_ROW = 15.0


def _slip_height(sheet: Paper, slip: Card) -> float:
    return 150 + sum(_row_height(sheet, slip, visit) for visit in slip.visits) + 40


def _row_height(sheet: Paper, slip: Card, visit: CardVisit) -> float:
    lines = _preparation(sheet, slip, visit)
    return _ROW * 1.35 + len(lines) * 12.5


def _preparation(sheet: Paper, slip: Card, visit: CardVisit) -> tuple[str, ...]:
    if not visit.preparation.strip():
        return ()
    text = f"{WORDS[slip.language].prepare}: {' '.join(visit.preparation.split())}"
    return fonts.wrapped(text, 9.5, sheet.text_width - 12)


def _slip(canvas: Any, sheet: Paper, slip: Card, top: float, mark: str, half: float) -> None:
    words = WORDS[slip.language]
    left, right = sheet.left, sheet.text_right
    y = _slip_head(canvas, sheet, slip, top, mark, half)
    third = sheet.text_width * 0.44, sheet.text_width * 0.62
    for visit in slip.visits:
        high = _row_height(sheet, slip, visit)
        if y - high < sheet.bottom:
            canvas.showPage()
            y = _slip_head(canvas, sheet, slip, sheet.height, mark, half)
        y -= _ROW
        canvas.setFillColorRGB(*page.INK)
        size = _size_for(visit.day, 11, third[0] - 8)
        day = fitted(visit.day, size, third[0] - 8, fonts.BOLD)
        fonts.draw(canvas, left, y, day, size, fonts.BOLD)
        fonts.draw(canvas, left + third[0], y, visit.time, 11, fonts.BOLD)
        about = " · ".join(part for part in (visit.provider, visit.kind) if part)
        fonts.draw(canvas, left + third[1], y, fitted(about, 9.5, right - left - third[1]), 9.5)
        canvas.setFillColorRGB(*page.SOFT_INK)
        for line in _preparation(sheet, slip, visit):
            y -= 12.5
            fonts.draw(canvas, left + 12, y, line, 9.5)
        y -= _ROW * 0.35
        page.rule(canvas, left, y, sheet.text_width, 0.3)
    if slip.phone:
        canvas.setFillColorRGB(*page.INK)
        fonts.draw(canvas, left, y - 20, f"{words.change} {slip.phone}", 10)


def _slip_head(canvas: Any, sheet: Paper, slip: Card, top: float, mark: str, half: float) -> float:
    words = WORDS[slip.language]
    if mark:
        canvas.setFillColorRGB(*page.WATERMARK)
        middle = top - half / 2 - 40
        fonts.draw(canvas, sheet.width / 2, middle, mark, 110, fonts.BOLD, "centre")
    y = top - sheet.top - 12
    canvas.setFillColorRGB(*page.ACCENT)
    fonts.draw(canvas, sheet.left, y, fitted(slip.practice, 14, sheet.text_width, fonts.BOLD), 14,
               fonts.BOLD)  # fmt: skip
    canvas.setFillColorRGB(*page.SOFT_INK)
    y -= 14
    fonts.draw(canvas, sheet.left, y, fitted(", ".join(slip.address), 9, sheet.text_width), 9)
    page.rule(canvas, sheet.left, y - 7, sheet.text_width, 0.8)
    y -= 30
    canvas.setFillColorRGB(*page.INK)
    heading = words.heading if len(slip.visits) == 1 else words.headings
    text = fitted(f"{heading}: {slip.patient}", 12, sheet.text_width, fonts.BOLD)
    fonts.draw(canvas, sheet.left, y, text, 12, fonts.BOLD)
    return y - 8


def _size_for(text: str, size: float, room: float) -> float:
    """The size at which a bold line fits, down to one still read at arm's length."""
    while size > 8 and fonts.width(text, size, fonts.BOLD) > room:
        size -= 0.25
    return size


def _need(cards: Sequence[Card]) -> None:
    if not cards or not all(card.visits for card in cards):
        raise Invalid(
            "There is no coming visit to print.",
            remedy="Book a visit first, or choose somebody who has one.",
        )
