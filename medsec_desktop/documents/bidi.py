"""Which way each character of a line runs: Unicode's bidirectional algorithm (UAX 9).

Without its explicit codes: `fonts.printable` takes overrides and embeddings out, since they would let a
name reorder the line it stands in. The rules have the numbers of the annex.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_STRONG = ("L", "R", "AL")
_NEUTRAL = ("B", "S", "WS", "ON")
_PAIRS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "「": "」", "『": "』", "（": "）", "【": "】"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}


def is_right_to_left(text: str) -> bool:
    """Whether a paragraph begins at the right: its first letter with a direction says so (P2, P3)."""
    if text.isascii():
        return False
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in kinds if kind in _STRONG), "L") != "L"


def levels(text: str, *, is_rtl: bool) -> list[int]:
    """The level of each character: even ones run to the right, odd ones to the left."""
    base = "R" if is_rtl else "L"
    level = 1 if is_rtl else 0
    given = [unicodedata.bidirectional(character) or "L" for character in text]
    kinds = _with_neutrals(text, _with_numbers(given, base), base)
    found = [level + _more(level, kind) for kind in kinds]
    at = len(text)
    while at and given[at - 1] in ("WS", "S", "B", "BN"):  # L1
        at -= 1
        found[at] = level
    return found


def visual(depths: Sequence[int]) -> list[int]:
    """The places of what has these levels, from left to right (L2)."""
    order = list(range(len(depths)))
    odd = [depth for depth in depths if depth % 2]
    for depth in range(max(depths, default=0), min(odd, default=1) - 1, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and depths[order[end]] >= depth:
                end += 1
            order[at:end] = reversed(order[at:end])
            at = max(end, at + 1)
    return order


def _more(level: int, kind: str) -> int:
    if level % 2:
        return 0 if kind == "R" else 1  # I2
    return {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)  # I1


def _with_numbers(given: Sequence[str], base: str) -> list[str]:
    """W1 to W7: marks as what they stand on, numbers and their signs."""
    kinds: list[str] = []
    strong = before = base
    for kind in given:
        kind = before if kind in ("NSM", "BN") else kind
        if kind in _STRONG:
            strong = kind
        before = kind
        kinds.append("AN" if kind == "EN" and strong == "AL" else kind)
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for at in range(1, len(kinds) - 1):
        around = kinds[at - 1]
        if around == kinds[at + 1] and (
            (around == "EN" and kinds[at] in ("ES", "CS")) or (around == "AN" and kinds[at] == "CS")
        ):
            kinds[at] = around
    for at, end in _runs(kinds, ("ET",)):
        if "EN" in (*kinds[at - 1 : at], *kinds[end : end + 1]):
            kinds[at:end] = ["EN"] * (end - at)
    strong = base
    for at, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind in ("ES", "ET", "CS"):
            kinds[at] = "ON"
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"
    return kinds


def _with_neutrals(text: str, kinds: list[str], base: str) -> list[str]:
    """N0 to N2: brackets as what they hold, blanks and signs as what is around them."""
    for opener, closer in _brackets(text, kinds):
        inside = {_direction(kind) for kind in kinds[opener + 1 : closer]} - {""}
        if not inside:
            continue
        earlier = next((d for k in reversed(kinds[:opener]) if (d := _direction(k))), base)
        kind = base if base in inside else earlier if earlier in inside else base
        kinds[opener] = kinds[closer] = kind
    for at, end in _runs(kinds, _NEUTRAL):
        before = _direction(kinds[at - 1]) if at else base
        after = _direction(kinds[end]) if end < len(kinds) else base
        kinds[at:end] = [before if before == after else base] * (end - at)
    return kinds


def _direction(kind: str) -> str:
    return "R" if kind in ("R", "AN", "EN") else "L" if kind == "L" else ""


def _brackets(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    pairs, waiting = [], []
    for at, character in enumerate(text):
        if kinds[at] not in _NEUTRAL:
            continue
        if character in _PAIRS:
            waiting.append(at)
        elif character in _CLOSERS:
            for depth in range(len(waiting) - 1, -1, -1):
                if text[waiting[depth]] == _CLOSERS[character]:
                    pairs.append((waiting[depth], at))
                    del waiting[depth:]
                    break
    return sorted(pairs)


def _runs(kinds: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int]]:
    found = []
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] in wanted:
            end += 1
        if end > at:
            found.append((at, end))
        at = max(end, at + 1)
    return found
