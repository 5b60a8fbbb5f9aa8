"""Where a line may end: Unicode's UAX 14, revision 55, as Qt reads it.

The editor breaks its lines with Qt and paper with this, so both must find the same places; a test
compares them. The rules stand below in the order and with the numbers of the annex.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from medsec_desktop.documents.writing.line_classes import line_class

_ENDS = ("BK", "CR", "LF", "NL")
_LETTERS = ("AL", "HL")
_PLAIN = ("AL", "NU")
_HYPHENS = ("HY", "HH")
_CLOSING = ("CL", "CP")
_PICTURES = ("ID", "EB", "EM")
_BEFORE_OPENING_QUOTE = ("", *_ENDS, "OP", "QU", "GL", "SP", "ZW")
_AFTER_CLOSING_QUOTE = (
    "", "SP", "GL", "WJ", "CL", "QU", "CP", "EX", "IS", "SY", *_ENDS, "ZW",
)  # fmt: skip
_BEFORE_WORD = ("", *_ENDS, "SP", "ZW", "CB", "GL")


class _Unit(NamedTuple):
    """A character with the marks on it: they never part (LB9)."""

    kind: str
    character: str
    at: int
    joins: bool = False  # ends in a zero width joiner


_NOTHING = _Unit("", "", -1)


@lru_cache(maxsize=512)
def break_places(text: str) -> bytes:
    """For each character 1 where a line may end before it, else 0; one more for the end."""
    places = bytearray(len(text) + 1)
    units = _units(text)
    for number in range(1, len(units)):
        unit, before = units[number], units[number - 1]
        if unit.kind in _PLAIN and before.kind in _PLAIN and not before.joins:
            continue  # LB23, LB25, LB28: inside words, which is nearly always
        places[unit.at] = _may_end(units, number)
    places[-1] = 1
    return bytes(places)


def _units(text: str) -> list[_Unit]:
    units: list[_Unit] = []
    for at, character in enumerate(text):
        kind = line_class(character)
        if kind in ("CM", "ZWJ"):
            if units and units[-1].kind not in (*_ENDS, "SP", "ZW"):
                units[-1] = units[-1]._replace(joins=kind == "ZWJ")
                continue
            units.append(_Unit("AL", character, at, kind == "ZWJ"))  # LB10
        else:
            units.append(_Unit(kind, character, at))
    return units


def _may_end(units: list[_Unit], number: int) -> bool:
    before, unit = units[number - 1], units[number]
    if before.kind in _ENDS:
        return not (before.kind == "CR" and unit.kind == "LF")  # LB4, LB5
    if unit.kind in (*_ENDS, "SP", "ZW"):
        return False  # LB6, LB7
    last = number - 1
    while last > 0 and units[last].kind == "SP":
        last -= 1
    base = units[last]  # what stands before the blanks
    if base.kind == "ZW":
        return True  # LB8
    following = units[number + 1] if number + 1 < len(units) else _NOTHING
    earlier = units[number - 2] if number > 1 else _NOTHING
    if _stays_over_blanks(base, units[last - 1] if last else _NOTHING, before, unit, following):
        return False
    if before.kind == "SP":
        return unit.kind != "IS" or following.kind == "NU"  # LB15c, LB15d, LB18
    if unit.kind == "IS":
        return False
    if "QU" in (before.kind, unit.kind) and _stays_with_quote(earlier, before, unit, following):
        return False
    if "CB" in (before.kind, unit.kind):
        return True  # LB20
    return not (
        _is_hyphenated(earlier, before, unit)
        or _is_number(units, number)
        or _is_word(before, unit)
        or (before.kind == unit.kind == "RI" and _is_second_flag(units, number))
    )


def _stays_over_blanks(
    base: _Unit, before_base: _Unit, before: _Unit, unit: _Unit, following: _Unit
) -> bool:
    """What stays together, most of it even with blanks between (LB8a to LB17)."""
    if before.joins or unit.kind == "WJ" or before.kind in ("WJ", "GL"):
        return True
    if unit.kind == "GL" and before.kind not in ("SP", "BA", *_HYPHENS):
        return True
    if unit.kind in ("CL", "CP", "EX", "SY") or base.kind == "OP":
        return True
    if _is_quote(base, "Pi") and before_base.kind in _BEFORE_OPENING_QUOTE:
        return True
    if _is_quote(unit, "Pf") and following.kind in _AFTER_CLOSING_QUOTE:
        return True
    return (unit.kind == "NS" and base.kind in _CLOSING) or unit.kind == base.kind == "B2"


def _stays_with_quote(earlier: _Unit, before: _Unit, unit: _Unit, following: _Unit) -> bool:
    """LB19 and LB19a: a quotation mark parts from its words only among East Asian characters."""
    if unit.kind == "QU" and not (
        _is_quote(unit, "Pi") and _is_east_asian(before) and _is_east_asian(following)
    ):
        return True
    if before.kind in ("CL", "CP", "EX") or unit.kind == "OP":
        return True  # Qt's own: neither do marks that stand in a row part
    return before.kind == "QU" and not (
        _is_quote(before, "Pf") and _is_east_asian(unit) and _is_east_asian(earlier)
    )


def _is_hyphenated(earlier: _Unit, before: _Unit, unit: _Unit) -> bool:
    """LB20a to LB22: hyphens end a line, except at the start of a word."""
    if before.kind in _HYPHENS and unit.kind in _LETTERS and earlier.kind in _BEFORE_WORD:
        return True
    if unit.kind in ("BA", "NS", "IN", *_HYPHENS) or before.kind == "BB":
        return True
    if earlier.kind == "HL" and before.kind in _HYPHENS and unit.kind != "HL":
        return True
    return before.kind == "SY" and unit.kind == "HL"


def _is_number(units: list[_Unit], number: int) -> bool:
    """LB25: nothing inside a number, its brackets and its signs is a place to break."""
    before, unit = units[number - 1].kind, units[number].kind
    earlier = units[number - 2].kind if number > 1 else ""
    if unit == "NU":
        if before == "HH":
            return earlier not in _BEFORE_WORD
        return before in ("PO", "PR", "IS", "HY") or _ends_in_number(units, number, "SY", "IS")
    following = [one.kind for one in units[number + 1 : number + 3]]
    if unit in ("PO", "PR"):
        if before == "NU":
            return True
        if unit == "PR" and before == "IS" and earlier == "OP":
            return True
        if unit == "PR" and earlier == "NU":  # Qt's own
            return before == "IS" or (before in _CLOSING and following[:1] == ["NU"])
        return False
    if unit == "OP" and before in ("PO", "PR") and earlier != "NU":
        return following[:1] == ["NU"] or following == ["IS", "NU"]
    return False


def _ends_in_number(units: list[_Unit], end: int, *signs: str) -> bool:
    at = end - 1
    while at >= 0 and units[at].kind in signs:
        at -= 1
    return at >= 0 and units[at].kind == "NU"


def _is_word(before: _Unit, unit: _Unit) -> bool:
    """LB23 to LB30b: letters, digits and what belongs to them."""
    one, other = before.kind, unit.kind
    if other == "OP":
        return one in (*_LETTERS, "NU") and not _is_east_asian(unit)
    if one == "CP":
        return other in (*_LETTERS, "NU") and not _is_east_asian(before)
    if other in _LETTERS:
        return one in (*_LETTERS, "NU", "PR", "PO", "IS")
    if one in _LETTERS:
        return other in ("NU", "PR", "PO")
    if one == "PR" and other in _PICTURES:
        return True
    return (other == "PO" and one in _PICTURES) or (one, other) == ("EB", "EM")


def _is_second_flag(units: list[_Unit], number: int) -> bool:
    count = 0
    while number > count and units[number - 1 - count].kind == "RI":
        count += 1
    return count % 2 == 1


def _is_quote(unit: _Unit, category: str) -> bool:
    return unit.kind == "QU" and unicodedata.category(unit.character) == category


def _is_east_asian(unit: _Unit) -> bool:
    return unit.kind != "" and unicodedata.east_asian_width(unit.character) in ("W", "F", "H")
