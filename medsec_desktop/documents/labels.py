"""Labels on pre-printed stock: what is printed where, with a code for the scanner, or as a proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

from medsec_desktop.documents import codes, fonts, page
from medsec_desktop.documents.blocks import Block, set_block
from medsec_desktop.documents.page import MM
from medsec_desktop.domain.stocks import LabelStock
from medsec_desktop.problems import Invalid

_SIDE, _EDGE = 3.0, 1.2  # mm kept free left and right, above and below: sheets slide in the printer
_CODE_HEIGHT = 7.0  # mm
_LARGEST = 11.0  # points


class Symbol(StrEnum):
    """How a label's code is drawn."""

    BARS = "code128"
    QR = "qr"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label: an optional bold heading, lines, and a text as a code.

    Code 128 stands at the foot, QR at the right. `largest` is the type's size in points where there is
    room for it.
    """

    lines: tuple[str, ...]
    heading: str = ""
    code: str = ""
    symbol: Symbol = Symbol.BARS
    largest: float = _LARGEST


def labels_pdf(
    stock: LabelStock,
    labels: Sequence[Label],
    *,
    start_at: int = 1,
    title: str = "Labels",
    mark: str = "",
    outlines: bool = False,
) -> bytes:
    """The labels as PDF, the first on label `start_at` of its sheet, so that a begun sheet is used up.

    `mark` is printed pale on each label. `outlines` draws the edges of every label of a sheet, for holding
    a proof against it. Raises Invalid for no labels and for a start that is not on the sheet.
    """
    if not labels:
        raise Invalid("There are no labels to print.", remedy="Choose at least one person.")
    if not 1 <= start_at <= stock.count:
        raise Invalid(
            f"Start at a label between 1 and {stock.count}.",
            f"A sheet {stock.name} has no label {start_at}.",
            field="start_at",
        )
    fonts.use(fonts.REGULAR, fonts.BOLD)
    target = BytesIO()
    canvas = page.new_canvas(target, (stock.sheet_width * MM, stock.sheet_height * MM), title=title)
    if outlines:
        draw_outlines(canvas, stock)
    for at, label in enumerate(labels, start=start_at - 1):
        place = at % stock.count
        if place == 0 and at >= start_at:
            canvas.showPage()
            if outlines:
                draw_outlines(canvas, stock)
        _draw(canvas, stock, place, label, mark)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def cut_off(stock: LabelStock, label: Label) -> tuple[str, ...]:
    """The lines that do not fit on such a label whole, even in the smallest type."""
    return _block(stock, label).cut_off


def code_fits(stock: LabelStock, label: Label) -> bool:
    """Whether a scanner can read the label's code on such a label."""
    if not label.code:
        return True
    trial = page.new_canvas(BytesIO(), (stock.sheet_width * MM, stock.sheet_height * MM), title="")
    return _draw_code(trial, stock, 0.0, stock.height * MM, label)


def draw_outlines(canvas: Any, stock: LabelStock) -> None:
    """The edges of every label of a sheet, as hairlines."""
    canvas.saveState()
    canvas.setStrokeColorRGB(*page.RULE)
    canvas.setLineWidth(0.25)
    for place in range(stock.count):
        left, top = stock.corner(place)
        canvas.rect(
            left * MM,
            (stock.sheet_height - top - stock.height) * MM,
            stock.width * MM,
            stock.height * MM,
        )
    canvas.restoreState()


def _block(stock: LabelStock, label: Label) -> Block:
    wide, high = stock.width - 2 * _SIDE, stock.height - 2 * _EDGE
    if label.code and label.symbol is Symbol.QR:
        wide -= _square(stock) + _SIDE
    elif label.code:
        high -= _code_height(stock)
    return set_block(
        label.lines, wide * MM, high * MM, heading=label.heading, largest=label.largest
    )


def _draw(canvas: Any, stock: LabelStock, place: int, label: Label, mark: str) -> None:
    left, top = stock.corner(place)
    x, y = left * MM, (stock.sheet_height - top) * MM
    width, height = stock.width * MM, stock.height * MM
    canvas.saveState()
    if mark:
        canvas.setFillColorRGB(*page.WATERMARK)
        tall = min(height * 0.6, width / 4)
        fonts.draw(
            canvas, x + width / 2, y - height / 2 - tall * 0.36, mark, tall, fonts.BOLD, "centre"
        )
    canvas.setFillColorRGB(*page.INK)
    block = _block(stock, label)
    has_bars = label.code and label.symbol is Symbol.BARS
    code = _code_height(stock) * MM if has_bars else 0.0
    free = height - 2 * _EDGE * MM - code - block.height
    block.draw(canvas, x + _SIDE * MM, y - _EDGE * MM - max(0.0, free / 2))
    if label.code:
        _draw_code(canvas, stock, x, y, label)
    canvas.restoreState()


def _draw_code(canvas: Any, stock: LabelStock, x: float, y: float, label: Label) -> bool:
    """The code of a label whose upper left corner is there; False where it could not be read."""
    height = stock.height * MM
    if label.symbol is Symbol.QR:
        side = _square(stock) * MM
        right = x + (stock.width - _SIDE) * MM
        return codes.qr(canvas, right - side, y - height / 2 - side / 2, side, label.code)
    wide, high = (stock.width - 2 * _SIDE) * MM, (_code_height(stock) - 1.0) * MM
    return codes.bars(canvas, x + _SIDE * MM, y - height + _EDGE * MM, wide, high, label.code)


def _code_height(stock: LabelStock) -> float:
    """Room for the bars: less on a label that is low anyway."""
    return min(_CODE_HEIGHT, stock.height * 0.32)


def _square(stock: LabelStock) -> float:
    """The side of a QR square, so that two thirds of the label are left for the words."""
    return min(stock.height - 2 * _SIDE, stock.width / 3, 20.0)
