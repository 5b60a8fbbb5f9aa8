"""How the parts of a document are set, and how far apart: one table for the page and the editor.

All lengths are points. The first baseline of a paragraph is its `size` below its top, and each further one
a `leading` lower; the paragraph is as high as its lines are leadings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medsec_desktop.domain.writing.document import (
    Block,
    ListKind,
    Paragraph,
    Style,
    Table,
    words_of,
)

KEPT_WHOLE = (
    1200  # characters; a longer paragraph may be cut by the end of a page wherever it stands
)


# Files in `resources/fonts` that are asked, in this order, for what the text face lacks: first ☐ ☑ ✓ ☎ ★
# and ≤ ≥ → ←, then other ways of writing, last what covers most of Chinese, Japanese and Korean. Where
# there is "{}", "Regular" or "Bold" as the text is; the others are set bold with a heavier line.
FALLBACK_FONTS = (
    "NotoSansSymbols2-Regular",
    "NotoSansMath-Regular",
    "NotoSansHebrew-{}",
    "NotoSansArabic-{}",
    "NotoSansDevanagari-{}",
    "NotoSansArmenian-Regular",
    "NotoSansGeorgian-Regular",
    "NotoSansEthiopic-Regular",
    "NotoSansBengali-Regular",
    "NotoSansGurmukhi-Regular",
    "NotoSansGujarati-Regular",
    "NotoSansTamil-Regular",
    "NotoSansTelugu-Regular",
    "NotoSansKannada-Regular",
    "NotoSansMalayalam-Regular",
    "NotoSansSinhala-Regular",
    "NotoSansThai-Regular",
    "NotoSansLao-Regular",
    "NotoSansKhmer-Regular",
    "NotoSansMyanmar-Regular",
    "NotoSansKR-Hangul",
    "DroidSansFallback",
)


@dataclass(frozen=True, slots=True)
class Face:
    """How a style is set: size of its letters, distance of its baselines, air around the paragraph."""

    size: float
    leading: float
    after: float
    before: float = 0.0
    bold: bool = False
    soft: bool = False  # in the paler ink


@dataclass(frozen=True, slots=True)
class Setting:
    """All faces of a page, and the measures that go with them."""

    faces: Mapping[Style, Face]
    pen_room: float  # between the closing and the name under it
    item_after: float = 2.0  # between the items of a list
    table_air: float = 12.0  # above and below a table


COMFORTABLE = Setting(
    {
        Style.SUBJECT: Face(12, 16, 12, bold=True),
        Style.BODY: Face(10.5, 14.5, 8),
        Style.HEADING: Face(13, 17, 6, before=14, bold=True),
        Style.SUBHEADING: Face(10.5, 14.5, 4, before=10, bold=True),
        Style.SMALL: Face(8.5, 11.5, 5, soft=True),
        Style.CLOSING: Face(10.5, 14.5, 0, before=11),
        Style.SIGNATURE: Face(10.5, 14.5, 0),
    },
    pen_room=30,
)

# A letter that would spill onto a second page is set closer when that brings it back onto one.
CLOSE = Setting(
    {
        Style.SUBJECT: Face(12, 16, 12, bold=True),
        Style.BODY: Face(10, 13.5, 6.5),
        Style.HEADING: Face(12, 16, 5, before=11, bold=True),
        Style.SUBHEADING: Face(10, 13.5, 3, before=8, bold=True),
        Style.SMALL: Face(8.5, 11.5, 4, soft=True),
        Style.CLOSING: Face(10, 13.5, 0, before=9.5),
        Style.SIGNATURE: Face(10, 13.5, 0),
    },
    pen_room=26,
    table_air=10.5,
)

ITEM_INDENT = 16.0  # of each level of a list; a number wider than it pushes its own words only
MARK_INDENT = 3.0  # of the bullet or box, within its level
MARKS = {ListKind.BULLET: "•", ListKind.TICK: "☐"}


@dataclass(frozen=True, slots=True)
class Padding:
    """The air around the words of a cell."""

    left: float
    right: float
    top: float
    bottom: float


PADDINGS = {
    "none": Padding(0, 8, 1, 2),
    "rows": Padding(0, 8, 2.5, 4.5),
    "grid": Padding(5, 5, 3, 4.5),
}
_COLUMN_AIR = 18.0  # after the widest line of a column, besides its padding
_WIDEST_SHARE = 0.363  # of the width that a column may take as its words need


@dataclass(frozen=True, slots=True)
class Manner:
    """What of a block decides how near its neighbours stand and which of them goes with it."""

    style: Style | None = Style.BODY  # None: a table, a picture, or what the program fills in
    list: ListKind = ListKind.NONE
    leads_on: bool = False  # ends in a colon: what follows belongs to it
    is_long: bool = False
    is_break: bool = False


@dataclass(frozen=True, slots=True)
class Distance:
    """Air above and below a block, and whether the next one must stand on the same page.

    Between two blocks the larger of the lower one's `before` and the upper one's `after` counts.
    """

    before: float
    after: float
    keeps_next: bool = False


def manner_of(block: Block) -> Manner:
    """What `distances` needs to know of a block."""
    if isinstance(block, Paragraph):
        return manner_of_words(block.style, block.list, words_of(block))
    is_long = isinstance(block, Table) and len(block.rows) > 12
    return Manner(None, is_long=is_long, is_break=block.__class__.__name__ == "PageBreak")


def manner_of_words(style: Style, kind: ListKind, words: str) -> Manner:
    """The same for a paragraph that is known by its words."""
    leads_on = words.rstrip().endswith(":")
    return Manner(style, kind, leads_on, len(words) > KEPT_WHOLE)


def distances(manners: Sequence[Manner], setting: Setting) -> tuple[Distance, ...]:
    """How the blocks of a page, or of a cell, stand to each other."""
    return tuple(
        _distance(
            manner,
            manners[place - 1] if place else None,
            manners[place + 1] if place + 1 < len(manners) else None,
            setting,
        )
        for place, manner in enumerate(manners)
    )


def _distance(
    manner: Manner, before: Manner | None, after: Manner | None, setting: Setting
) -> Distance:
    if manner.is_break:
        return Distance(0, 0)
    if manner.style is None:
        return Distance(
            setting.table_air, setting.table_air, _is_signed(after) and not manner.is_long
        )
    face = setting.faces[manner.style]
    air_above, air_below = face.before, face.after
    keeps = manner.style in (Style.SUBJECT, Style.HEADING, Style.SUBHEADING) or manner.leads_on
    if manner.list is not ListKind.NONE and after is not None and after.list is not ListKind.NONE:
        air_below = setting.item_after
    if manner.style is Style.CLOSING:
        if before is not None and before.style is Style.CLOSING:
            air_above = 0
        if after is None or after.style is not Style.CLOSING:
            air_below = setting.pen_room
        keeps = True
    if manner.style is Style.SIGNATURE:
        keeps = after is not None and after.style is Style.SIGNATURE
    elif _is_signed(after) and not manner.is_long:
        # The signature never stands alone on a page: the last paragraph goes with it.
        keeps = True
    return Distance(air_above, air_below, keeps and after is not None and not after.is_break)


def _is_signed(manner: Manner | None) -> bool:
    return manner is not None and manner.style in (Style.CLOSING, Style.SIGNATURE)


def column_widths(
    shares: Sequence[int], natural: Sequence[float], room: float
) -> tuple[float, ...]:
    """The widths of a table's columns. `natural` is the widest line of each, unbroken and unpadded.

    Without shares each column but the last is as wide as its words need, within reason, and the last
    takes what is left.
    """
    count = len(natural)
    parts = [max(0, share) for share in shares]
    if len(parts) == count and sum(parts) > 0:
        return tuple(room * part / sum(parts) for part in parts)
    if count == 1:
        return (room,)
    most = room * _WIDEST_SHARE if count == 2 else room / count
    first = [min(width + _COLUMN_AIR + 8, most) for width in natural[:-1]]
    return (*first, room - sum(first))


def item_numbers(items: Sequence[tuple[ListKind, int]]) -> tuple[int, ...]:
    """The number of each item of numbered lists among (kind, level) of blocks; 0 for all others.

    A list goes on after deeper items of it and ends at anything shallower or of another kind.
    """
    counts: dict[int, int] = {}
    found = []
    for kind, level in items:
        if kind is ListKind.NONE:
            counts.clear()
            found.append(0)
            continue
        counts = {deep: count for deep, count in counts.items() if deep <= level}
        if kind is not ListKind.NUMBER:
            counts.pop(level, None)
            found.append(0)
            continue
        counts[level] = counts.get(level, 0) + 1
        found.append(counts[level])
    return tuple(found)


def number_mark(number: int, level: int) -> str:
    """How a numbered item is marked: 1. a. i. by its level, then again."""
    if level % 3 == 1:
        letters = ""
        while number > 0:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return f"{letters}."
    return f"{_roman(number)}." if level % 3 == 2 else f"{number}."


def _roman(number: int) -> str:
    parts = (
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
    )
    text = ""
    for value, letters in (*parts, (1, "i")):
        count, number = divmod(number, value)
        text += letters * count
    return text
