"""A table as it is laid out on paper: its columns, the blocks of its cells, and its rows as pieces of pages."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QTextBlock, QTextTable

from medsec_desktop.domain.writing.measures import (
    PADDINGS,
    Distance,
    Setting,
    column_widths,
    distances,
    item_numbers,
)
from medsec_desktop.domain.writing.paging import Piece
from medsec_desktop.ui.letters.editing import breaking, marks
from medsec_desktop.ui.letters.editing.placing import (
    Grid,
    Placed,
    Row,
    face_of,
    item_of,
    manner_of,
    room_of,
)
from medsec_desktop.ui.letters.editing.storing import cell_blocks

Break = Callable[[QTextBlock, float, float], Placed]  # a block, from where and how wide, in points


def laid_out(table: QTextTable, left: float, room: float, setting: Setting, broken: Break) -> Grid:
    """The table from `left` on and `room` wide, in points; `broken` breaks a block into lines."""
    rules = marks.rules_of(table.format())
    padding = PADDINGS[rules]
    columns = table.columns()
    natural = (
        [
            max(
                breaking.natural_width(block, face_of(block, setting))
                for row in range(table.rows())
                for block in cell_blocks(table, row, column)
            )
            for column in range(columns)
        ]
        if not marks.shares_of(table.format())
        else [0.0] * columns
    )
    widths = column_widths(marks.shares_of(table.format()), natural, room)
    edges = [left]
    for width in widths:
        edges.append(edges[-1] + width)
    rows: list[Row] = []
    for number in range(table.rows()):
        cells = []
        for column in range(columns):
            start = edges[column] + padding.left
            width = max(12.0, widths[column] - padding.left - padding.right)
            blocks = list(cell_blocks(table, number, column))
            cells.append(_cell(blocks, start, width, setting, broken))
        height = max(_bottom(cell) for cell in cells) + padding.top + padding.bottom
        for cell in cells:
            for placed in cell:
                placed.offset += padding.top
        rows.append(Row(cells, height))
    return Grid(table, tuple(edges), rows, rules)


def _cell(
    blocks: list[QTextBlock], left: float, width: float, setting: Setting, broken: Break
) -> list[Placed]:
    found: list[Placed] = []
    apart = distances([manner_of(block) for block in blocks], setting)
    numbers = item_numbers([item_of(block) for block in blocks])
    y = 0.0
    for place, block in enumerate(blocks):
        placed = broken(block, *room_of(block, left, width))
        if place:
            y += max(apart[place - 1].after, apart[place].before)
        placed.offset = y
        placed.number = numbers[place]
        y += sum(placed.heights)
        found.append(placed)
    return found


def pieces_of(grid: Grid, distance: Distance, page_height: float) -> list[Piece]:
    """The rows as the pieces that are put on pages, heads repeated on each."""
    rows = grid.rows
    heads = min(marks.head_rows_of(grid.table.format()), len(rows) - 1)
    head = sum(row.height for row in rows[:heads])
    pieces: list[Piece] = []
    for number, row in enumerate(rows):
        is_last = number == len(rows) - 1
        pieces.append(
            Piece(
                _row_lines(row, page_height),
                distance.before if number == 0 else 0.0,
                distance.after if is_last else 0.0,
                distance.keeps_next if is_last else number < heads,
                is_whole=True,
                head=head if number >= heads else 0.0,
            )
        )
    return pieces


def _row_lines(row: Row, page_height: float) -> tuple[float, ...]:
    """A row is one line, or those of its highest cell where it is higher than a page."""
    if row.height <= page_height:
        return (row.height,)
    highest = max(row.cells, key=_bottom)
    ends = [
        placed.offset + sum(placed.heights[: number + 1])
        for placed in highest
        for number in range(len(placed.heights))
    ]
    ends[-1] = row.height
    return tuple(end - start for start, end in zip([0.0, *ends], ends, strict=False))


def _bottom(cell: list[Placed]) -> float:
    last = cell[-1]
    return last.offset + sum(last.heights)
