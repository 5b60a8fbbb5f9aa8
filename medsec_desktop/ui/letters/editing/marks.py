"""What the editor writes into Qt's formats, so that a text document says all that ours says.

A paragraph's style, list and condition are properties of its block; a merge field, a picture, a page
break and a block the program fills in are one object character each, which Backspace takes whole.
"""

from __future__ import annotations

import json
from enum import IntEnum
from typing import Any

from PySide6.QtGui import QFont, QTextBlock, QTextBlockFormat, QTextCharFormat, QTextFormat

from medsec_desktop.domain.writing.document import (
    PLAIN,
    Align,
    Check,
    Condition,
    ListKind,
    Look,
    Style,
)

OBJECT = "\ufffc"
LINE_END = "\u2028"  # ends a line inside a paragraph

_FIRST = QTextFormat.Property.UserProperty.value


class Prop(IntEnum):
    """Our own properties of Qt's formats."""

    STYLE = _FIRST + 1
    ALIGN = _FIRST + 2
    LIST = _FIRST + 3
    LEVEL = _FIRST + 4
    WHEN = _FIRST + 5  # a condition as JSON
    FILLER = _FIRST + 6  # a block that Qt needs around a table and nobody wrote
    FIELD = _FIRST + 7
    STRETCH = _FIRST + 8  # the same number for all words that disappear together
    PICTURE = _FIRST + 9  # sha256, width and words as JSON
    INSERT = _FIRST + 10
    SHARES = _FIRST + 11
    RULES = _FIRST + 12
    HEAD_ROWS = _FIRST + 13


class Thing(IntEnum):
    """What an object character is."""

    FIELD = QTextFormat.ObjectTypes.UserObject.value + 1
    PICTURE = QTextFormat.ObjectTypes.UserObject.value + 2
    PAGE_BREAK = QTextFormat.ObjectTypes.UserObject.value + 3
    INSERT = QTextFormat.ObjectTypes.UserObject.value + 4


BLOCK_THINGS = (Thing.PICTURE, Thing.PAGE_BREAK, Thing.INSERT)


# -- characters ---------------------------------------------------------------------------------


def char_format(look: Look = PLAIN, stretch: int = 0) -> QTextCharFormat:
    """A format that says only how the words differ: the page gives the font its size."""
    form = QTextCharFormat()
    if look.bold:
        form.setFontWeight(QFont.Weight.Bold)
    if look.italic:
        form.setFontItalic(True)
    if look.underline:
        form.setFontUnderline(True)
    if stretch:
        form.setProperty(Prop.STRETCH, stretch)
    return form


def look_of(form: QTextCharFormat) -> Look:
    """How words of that format differ from their paragraph."""
    return Look(
        bold=form.fontWeight() >= QFont.Weight.DemiBold.value,
        italic=form.fontItalic(),
        underline=form.fontUnderline(),
    )


def field_format(name: str, look: Look = PLAIN, stretch: int = 0) -> QTextCharFormat:
    """The format of a chip."""
    form = char_format(look, stretch)
    form.setObjectType(Thing.FIELD)
    form.setProperty(Prop.FIELD, name)
    return form


def thing_of(form: QTextFormat) -> Thing | None:
    """What an object character with that format is; None for words."""
    kind = form.objectType()
    return Thing(kind) if kind in Thing._value2member_map_ else None


def stretch_of(form: QTextFormat) -> int:
    """The number of the stretch words belong to, 0 for none."""
    return int(form.property(Prop.STRETCH) or 0)


def field_of(form: QTextFormat) -> str:
    """The name of the field a chip stands for."""
    return str(form.property(Prop.FIELD) or "")


# -- blocks -------------------------------------------------------------------------------------


def block_format(
    style: Style = Style.BODY,
    align: Align = Align.START,
    kind: ListKind = ListKind.NONE,
    level: int = 0,
    when: Condition | None = None,
) -> QTextBlockFormat:
    """The format of a paragraph; what is usual is left out."""
    form = QTextBlockFormat()
    if style is not Style.BODY:
        form.setProperty(Prop.STYLE, str(style))
    if align is not Align.START:
        form.setProperty(Prop.ALIGN, str(align))
    if kind is not ListKind.NONE:
        form.setProperty(Prop.LIST, str(kind))
    if level:
        form.setProperty(Prop.LEVEL, level)
    if when is not None:
        form.setProperty(Prop.WHEN, condition_text(when))
    return form


def filler_format() -> QTextBlockFormat:
    """The format of a block that Qt needs and nobody wrote."""
    form = QTextBlockFormat()
    form.setProperty(Prop.FILLER, True)
    return form


def style_of(form: QTextFormat) -> Style:
    """The style a block has."""
    return Style(form.property(Prop.STYLE) or Style.BODY)


def align_of(form: QTextFormat) -> Align:
    """Where the lines of a block stand."""
    return Align(form.property(Prop.ALIGN) or Align.START)


def list_of(form: QTextFormat) -> ListKind:
    """Of which kind of list a block is an item."""
    return ListKind(form.property(Prop.LIST) or ListKind.NONE)


def level_of(form: QTextFormat) -> int:
    """How many lists a block is inside, besides its own."""
    return int(form.property(Prop.LEVEL) or 0)


def when_of(form: QTextFormat) -> Condition | None:
    """When a block or table is printed; None: always."""
    text = form.property(Prop.WHEN)
    return condition_from(str(text)) if text else None


def is_filler(block: QTextBlock) -> bool:
    """Whether Qt needs the block and nobody wrote it; it is a paragraph from its first letter on."""
    return block.length() == 1 and bool(block.blockFormat().property(Prop.FILLER))


def block_thing(block: QTextBlock) -> Thing | None:
    """Which block of its own a text block is; None for a paragraph."""
    if block.length() > 1 and block.text().startswith(OBJECT):
        thing = thing_of(_first_format(block))
        return thing if thing in BLOCK_THINGS else None
    return None


def thing_format(block: QTextBlock) -> QTextCharFormat:
    """The format of the object character a block consists of."""
    return _first_format(block)


def _first_format(block: QTextBlock) -> QTextCharFormat:
    formats = formats_of(block)
    return formats[0][2] if formats else QTextCharFormat()


def formats_of(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """Start, length and format of each run of a block; the formats are ours, not Qt's for a moment."""
    return [(run.start, run.length, QTextCharFormat(run.format)) for run in block.textFormats()]


# -- conditions ---------------------------------------------------------------------------------


def condition_text(condition: Condition) -> str:
    """A condition as a property holds it."""
    checks = [[check.subject, check.how, check.value] for check in condition.checks]
    return json.dumps([condition.needs, checks])


def condition_from(text: str) -> Condition:
    """The condition that `condition_text` wrote."""
    needs, checks = json.loads(text)
    return Condition(tuple(Check(*check) for check in checks), needs)


def picture_format(sha256: str, width_mm: float, words: str) -> QTextCharFormat:
    """The format of a picture."""
    form = QTextCharFormat()
    form.setObjectType(Thing.PICTURE)
    form.setProperty(Prop.PICTURE, json.dumps([sha256, width_mm, words]))
    return form


def picture_of(form: QTextFormat) -> tuple[str, float, str]:
    """Hash, width in millimetres and words of a picture."""
    sha256, width_mm, words = json.loads(str(form.property(Prop.PICTURE)))
    return sha256, width_mm, words


def insert_format(kind: str) -> QTextCharFormat:
    """The format of a block that the program fills in."""
    form = QTextCharFormat()
    form.setObjectType(Thing.INSERT)
    form.setProperty(Prop.INSERT, kind)
    return form


def page_break_format() -> QTextCharFormat:
    """The format of a page break."""
    form = QTextCharFormat()
    form.setObjectType(Thing.PAGE_BREAK)
    return form


def shares_of(form: QTextFormat) -> tuple[int, ...]:
    """The parts of the width that a table's columns have."""
    return tuple(json.loads(str(form.property(Prop.SHARES) or "[]")))


def shares_text(shares: tuple[int, ...]) -> str:
    """Those parts as a property holds them."""
    return json.dumps(list(shares))


def rules_of(form: QTextFormat) -> Any:
    """How the lines of a table are drawn."""
    return str(form.property(Prop.RULES) or "rows")


def head_rows_of(form: QTextFormat) -> int:
    """How many rows of a table are repeated on the next page."""
    return int(form.property(Prop.HEAD_ROWS) or 0)
