"""Envelopes: the return address in its corner, the recipient where sorting machines look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.blocks import Block, set_block
from medsec_desktop.documents.page import MM
from medsec_desktop.domain.stocks import LabelStock
from medsec_desktop.problems import Invalid

_EDGE = 9.0  # mm no printer prints on, and no sender stands on
# Source: USPS Publication 28 and Domestic Mail Manual 202: the address within ½ in of the sides, its last
# line ⅝ to 2¾ in above the lower edge; the lowest ⅝ in stays free for the post's own bar code.
_SIDE, _FOOT, _HEAD = 12.7, 15.9, 69.8
_LARGEST, _SMALLEST = 12.0, 8.0
_SENDER_LARGEST, _SENDER_SMALLEST = 9.0, 6.5


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whose letter it is, and to whom it goes: name and address, a line each."""

    sender: tuple[str, ...]
    recipient: tuple[str, ...]


def envelopes_pdf(
    stock: LabelStock,
    envelopes: Sequence[Envelope],
    *,
    title: str = "Envelopes",
    mark: str = "",
    outlines: bool = False,
) -> bytes:
    """An envelope a page, of the size of `stock`. `outlines` draws where the two blocks may stand.

    Raises Invalid for no envelopes.
    """
    if not envelopes:
        raise Invalid("There are no envelopes to print.", remedy="Choose at least one person.")
    fonts.use(fonts.REGULAR, fonts.BOLD)
    target = BytesIO()
    canvas = page.new_canvas(target, (stock.sheet_width * MM, stock.sheet_height * MM), title=title)
    for envelope in envelopes:
        _draw(canvas, stock, envelope, mark, outlines)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def cut_off(stock: LabelStock, envelope: Envelope) -> tuple[str, ...]:
    """The lines that do not fit on such an envelope whole, even in the smallest type."""
    return (*_sender(stock, envelope).cut_off, *_recipient(stock, envelope).cut_off)


def _field(stock: LabelStock) -> tuple[float, float, float, float]:
    """Where the recipient stands, in mm from the upper left corner: left, top, width and height."""
    left = stock.sheet_width * 0.45
    top = max(stock.sheet_height - _HEAD, stock.sheet_height * 0.42)
    return left, top, stock.sheet_width - left - _SIDE, stock.sheet_height - _FOOT - top


def _corner(stock: LabelStock) -> tuple[float, float, float, float]:
    """Where the sender stands, in the same measures."""
    return _EDGE, _EDGE, stock.sheet_width * 0.42, stock.sheet_height * 0.42 - _EDGE - 2


def _recipient(stock: LabelStock, envelope: Envelope) -> Block:
    _, _, wide, high = _field(stock)
    return set_block(envelope.recipient, wide * MM, high * MM, largest=_LARGEST, smallest=_SMALLEST)


def _sender(stock: LabelStock, envelope: Envelope) -> Block:
    _, _, wide, high = _corner(stock)
    name, lines = (envelope.sender[0], envelope.sender[1:]) if envelope.sender else ("", ())
    return set_block(
        lines,
        wide * MM,
        high * MM,
        heading=name,
        largest=_SENDER_LARGEST,
        smallest=_SENDER_SMALLEST,
    )


def _draw(canvas: Any, stock: LabelStock, envelope: Envelope, mark: str, outlines: bool) -> None:
    height = stock.sheet_height * MM
    canvas.saveState()
    if mark:
        canvas.setFillColorRGB(*page.WATERMARK)
        tall = min(height * 0.5, stock.sheet_width * MM / 4)
        middle = stock.sheet_width * MM / 2
        fonts.draw(canvas, middle, height / 2 - tall * 0.36, mark, tall, fonts.BOLD, "centre")
    if outlines:
        canvas.setStrokeColorRGB(*page.RULE)
        canvas.setLineWidth(0.25)
        for left, top, wide, high in (_corner(stock), _field(stock)):
            canvas.rect(left * MM, height - (top + high) * MM, wide * MM, high * MM)
    canvas.setFillColorRGB(*page.INK)
    left, top, _, _ = _corner(stock)
    _sender(stock, envelope).draw(canvas, left * MM, height - top * MM)
    left, top, _, high = _field(stock)
    block = _recipient(stock, envelope)
    free = max(0.0, high * MM - block.height)
    block.draw(canvas, left * MM, height - top * MM - free * 0.4)
    canvas.restoreState()
