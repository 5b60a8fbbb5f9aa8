"""Where a stack of paper that went through the scanner in one go is to be cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medsec_desktop.domain.form_codes import FormMark

_EMPTY = 0.0015  # share of ink below which a page is the blank back of a sheet


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page as it came: the mark it carries, how far it must be turned, how much ink is on it."""

    mark: FormMark | None = None
    turn: int = 0
    ink: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that belong together, by number and turn; `code` is the form they are, '' for none."""

    pages: tuple[tuple[int, int], ...]
    code: str = ""


def cut(pages: Sequence[ScannedPage], known: Mapping[str, int]) -> tuple[Part, ...]:
    """The parts of a batch; `known` says how many pages each form of ours was printed on.

    A page follows the form before it only while that form still lacks pages, or when it is the blank
    back of one. Whatever else is in the batch belongs to nobody yet: it must never slip into the file of
    whoever's form lay above it.
    """
    parts: list[Part] = []
    open_code, lacking, turn = "", 0, 0
    seen: set[int] = set()
    for number, page in enumerate(pages):
        mark = page.mark if page.mark is not None and page.mark.code in known else None
        if mark is not None and mark.code == open_code and mark.page not in seen:
            seen.add(mark.page)
            lacking, turn = lacking - 1, page.turn
            parts[-1] = _longer(parts[-1], number, turn)
        elif mark is not None:
            open_code, turn, seen = mark.code, page.turn, {mark.page}
            lacking = known[mark.code] - 1
            parts.append(Part(((number, turn),), mark.code))
        elif open_code and page.mark is None and page.ink < _EMPTY:
            parts[-1] = _longer(parts[-1], number, turn)
        elif open_code and page.mark is None and lacking > 0:
            lacking -= 1
            parts[-1] = _longer(parts[-1], number, turn)
        else:
            if open_code or not parts:
                parts.append(Part(((number, 0),)))
            else:
                parts[-1] = _longer(parts[-1], number, 0)
            open_code, lacking, seen = "", 0, set()
    return tuple(parts)


def _longer(part: Part, number: int, turn: int) -> Part:
    return Part((*part.pages, (number, turn)), part.code)
