"""The sheet that opens a practice when every password is lost: to be printed once and locked away."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.page import Paper, paper_named

_STEPS = (
    "Start MedSec Desktop and choose this practice.",
    "On the log-in screen choose to open it with the recovery key.",
    "Type the key above. Capital or small letters and the dashes do not matter.",
    "Choose a new password, and lock this sheet away again.",
)
_CARE = (
    "Whoever holds this sheet and the practice’s folder can read every patient’s file.",
    "Keep it in a safe or another locked place, away from the computer and its backups.",
    "Do not photograph, scan or e-mail it. Without it and without a password nobody,"
    " the makers of this program included, can open the practice again.",
)


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """A practice and the key that opens it, in groups with dashes between; `made_on` as it is read."""

    practice_name: str
    recovery_key: str
    made_on: str
    paper: str = "letter"
    mark: str = ""


def recovery_sheet_pdf(sheet: RecoverySheet) -> bytes:
    """One page: what it is, the key in numbered boxes and once in a line, how to use and keep it.

    The line is there to be copied or read by a machine: the boxes' signs are drawn one by one.
    """
    from reportlab.pdfgen.canvas import Canvas

    fonts.use(fonts.REGULAR, fonts.BOLD)
    paper = paper_named(sheet.paper)
    target = BytesIO()
    canvas = Canvas(
        target,
        pagesize=(paper.width, paper.height),
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,
        lang="en-US",
    )
    canvas.setTitle(f"Recovery sheet: {sheet.practice_name}")
    canvas.setAuthor(sheet.practice_name)
    canvas.setSubject("Recovery key")
    canvas.setCreator("MedSec Desktop")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    page.watermark(canvas, paper, sheet.mark)
    _draw(canvas, paper, sheet)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw(canvas: Any, paper: Paper, sheet: RecoverySheet) -> None:
    top = paper.from_top(paper.top)
    canvas.setFillColorRGB(*page.ACCENT)
    fonts.draw(canvas, paper.left, top - 17, "Recovery sheet", 24, fonts.BOLD)
    canvas.setFillColorRGB(*page.INK)
    y = top - 44
    for line in fonts.wrapped(sheet.practice_name, 14, paper.text_width, fonts.BOLD)[:3]:
        fonts.draw(canvas, paper.left, y, line, 14, fonts.BOLD)
        y -= 19
    canvas.setFillColorRGB(*page.SOFT_INK)
    fonts.draw(canvas, paper.left, y, f"Made on {sheet.made_on}", 10)
    y -= 30
    canvas.setFillColorRGB(*page.INK)
    y = _text(
        canvas,
        paper,
        y,
        "This key opens the practice when every password has been forgotten."
        " It is kept nowhere but on this sheet.",
    )
    y = _key(canvas, paper, y - 8, sheet.recovery_key)
    y = _numbered(canvas, paper, y - 34, "How to use it", _STEPS)
    y = _numbered(canvas, paper, y - 16, "How to keep it", _CARE, numbers=False)
    _kept_by(canvas, paper, y - 34)


def _key(canvas: Any, paper: Paper, top: float, key: str) -> float:
    """The key's groups in numbered boxes, four to a row, and the whole of it in one line."""
    groups = key.split("-")
    across, gap, height = 4, 10.0, 58.0
    box = (paper.text_width - (across - 1) * gap) / across
    canvas.setLineWidth(0.8)
    for at, group in enumerate(groups):
        x = paper.left + at % across * (box + gap)
        y = top - (at // across + 1) * (height + gap) + gap
        canvas.setStrokeColorRGB(*page.RULE)
        canvas.roundRect(x, y, box, height, 5)
        canvas.setFillColorRGB(*page.SOFT_INK)
        fonts.draw(canvas, x + 7, y + height - 13, str(at + 1), 8.5)
        canvas.setFillColorRGB(*page.INK)
        _spaced(canvas, x + box / 2, y + 17, group)
    rows = -(-len(groups) // across)
    y = top - rows * (height + gap) - 14
    canvas.setFillColorRGB(*page.INK)
    fonts.draw(canvas, paper.width / 2, y, key, 10.5, align="centre")
    canvas.setFillColorRGB(*page.SOFT_INK)
    note = "0 is always the digit zero and 1 the digit one; the letters I, L, O and U do not occur."
    fonts.draw(canvas, paper.width / 2, y - 16, note, 9, align="centre")
    return y - 16


def _spaced(canvas: Any, centre: float, y: float, group: str) -> None:
    """Signs in equal cells, so that a group is read sign by sign."""
    cell = 24.0
    x = centre - cell * (len(group) - 1) / 2
    for sign in group:
        fonts.draw(canvas, x, y, sign, 22, fonts.BOLD, align="centre")
        x += cell


def _numbered(
    canvas: Any, paper: Paper, y: float, heading: str, items: tuple[str, ...], numbers: bool = True
) -> float:
    canvas.setFillColorRGB(*page.INK)
    fonts.draw(canvas, paper.left, y, heading, 12, fonts.BOLD)
    y -= 20
    for number, item in enumerate(items, start=1):
        fonts.draw(canvas, paper.left, y, f"{number}." if numbers else "•", 10.5)
        y = _text(canvas, paper, y, item, indent=18) - 3
    return y


def _text(canvas: Any, paper: Paper, y: float, text: str, indent: float = 0) -> float:
    for line in fonts.wrapped(text, 10.5, paper.text_width - indent):
        fonts.draw(canvas, paper.left + indent, y, line, 10.5)
        y -= 15
    return y


def _kept_by(canvas: Any, paper: Paper, y: float) -> None:
    """Lines to write on: where the sheet lies, and who put it there."""
    half = (paper.text_width - 24) / 2
    for at, label in enumerate(("Kept where", "Put there by, on")):
        x = paper.left + at * (half + 24)
        page.rule(canvas, x, y, half)
        canvas.setFillColorRGB(*page.SOFT_INK)
        fonts.draw(canvas, x, y - 12, label, 9)
