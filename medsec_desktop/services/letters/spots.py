"""Where a place in the words of a letter comes to stand on its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsec_desktop.domain.paper import paper_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsec_desktop.documents.writing.sheet import Sheet


def spot_of(sheet: Sheet, starts: Sequence[int], at: tuple[int, float]) -> tuple[int, float] | None:
    """The page, from 0, and how far down it, from 0 to 1, where the words of a place are printed.

    `at` is a block, and how far in its words; `starts` says with which block of the sheet each begins.
    Where a place left no words, what is printed after it counts; None where there are no words at all.
    """
    from medsec_desktop.documents.writing import lay_out

    block, share = at
    if block >= len(starts):
        return None
    first, after = starts[block], [*starts, len(sheet.document.blocks)][block + 1]
    lines = lay_out(sheet).lines
    found = [line for line in lines if first <= line.block < after]
    found = found or [line for line in lines if line.block >= first][:1] or list(lines[-1:])
    if not found:
        return None
    line = found[min(int(share * len(found)), len(found) - 1)]
    return line.page, 1 - line.baseline / paper_named(sheet.paper).height
