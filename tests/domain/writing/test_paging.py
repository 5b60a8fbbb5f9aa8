"""Where pages end, how far paragraphs stand apart, how wide columns are: for paper and editor alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.writing.document import ListKind, Style
from medsec_desktop.domain.writing.measures import (
    COMFORTABLE,
    Manner,
    column_widths,
    distances,
    item_numbers,
    number_mark,
)
from medsec_desktop.domain.writing.paging import Piece, paged


def on_pages(*pieces: Piece, height: float = 100.0) -> list[list[tuple[int, int, int]]]:
    return [
        [(spot.page, spot.first, spot.end) for spot in spots]
        for spots in paged(pieces, lambda _: height)
    ]


def lines(count: int, **more: bool | float) -> Piece:
    return Piece((10.0,) * count, **more)  # type: ignore[arg-type]


def test_a_paragraph_is_cut_with_two_lines_on_either_side() -> None:
    assert on_pages(lines(8), lines(4)) == [[(0, 0, 8)], [(0, 0, 2), (1, 2, 4)]]
    assert on_pages(lines(9), lines(4))[1] == [(1, 0, 4)], "one line alone is left nowhere"
    assert on_pages(lines(7), lines(4))[1] == [(0, 0, 2), (1, 2, 4)], "nor is one line carried over"
    assert on_pages(lines(8), lines(3))[1] == [(1, 0, 3)]


def test_a_heading_goes_with_the_first_lines_of_what_follows() -> None:
    heading = lines(1, keeps_next=True)

    assert on_pages(lines(8), heading, lines(6))[1:] == [[(1, 0, 1)], [(1, 0, 6)]]
    assert on_pages(lines(7), heading, lines(6))[1:] == [[(0, 0, 1)], [(0, 0, 2), (1, 2, 6)]]


def test_rows_stay_whole_and_bring_their_head_to_the_next_page() -> None:
    row = Piece((30.0,), is_whole=True, head=12.0)

    spots = paged([lines(8), row, row, row], lambda _: 100.0)

    assert [(spot[0].page, spot[0].top) for spot in spots[1:]] == [(1, 12), (1, 42), (2, 12)]
    assert on_pages(lines(2), lines(25, is_whole=True))[1] == [(0, 0, 8), (1, 8, 18), (2, 18, 25)]


def test_air_counts_once_and_never_at_the_head_of_a_page() -> None:
    spots = paged([lines(2, after=8), lines(2, before=14), lines(3, before=20)], lambda _: 100.0)

    assert [spot[0].top for spot in spots] == [0, 34, 0]


def test_a_page_break_leaves_no_empty_page() -> None:
    end = Piece(is_break=True)

    assert [spots[0].page for spots in paged([end, lines(1), end, end, lines(1)], lambda _: 50)] == [
        0, 0, 1, 1, 1,
    ]  # fmt: skip


pieces = st.builds(
    Piece,
    lines=st.lists(st.floats(4, 60), min_size=1, max_size=30).map(tuple),
    before=st.floats(0, 20),
    after=st.floats(0, 20),
    keeps_next=st.booleans(),
    is_whole=st.booleans(),
    head=st.sampled_from((0.0, 0.0, 12.0)),
)


@given(st.lists(pieces, max_size=20))
def test_every_line_stands_once_inside_a_page_and_below_the_one_before(given: list[Piece]) -> None:
    end = (0, 0.0)
    for piece, spots in zip(given, paged(given, lambda page: 100.0 if page else 72.5), strict=True):
        assert [n for spot in spots for n in range(spot.first, spot.end)] == list(
            range(len(piece.lines))
        )
        for spot in spots:
            assert (spot.page, spot.top) >= end
            bottom = spot.top + sum(piece.lines[spot.first : spot.end])
            assert bottom <= (100.0 if spot.page else 72.5) + 0.02
            end = (spot.page, bottom - 0.001)


def test_the_signature_has_room_for_a_pen_and_is_never_alone() -> None:
    body, closing, name = Manner(), Manner(Style.CLOSING), Manner(Style.SIGNATURE)

    found = distances([body, body, closing, name, name], COMFORTABLE)

    assert [one.keeps_next for one in found] == [False, True, True, True, False]
    assert found[2].after == COMFORTABLE.pen_room


def test_items_of_a_list_stand_closer_than_paragraphs() -> None:
    item = Manner(list=ListKind.BULLET)
    found = distances([Manner(leads_on=True), item, item, Manner()], COMFORTABLE)

    assert [one.after for one in found] == [8, 2, 8, 8]
    assert found[0].keeps_next


def test_numbers_go_on_after_deeper_items_and_begin_anew_after_a_paragraph() -> None:
    number, bullet, none = ListKind.NUMBER, ListKind.BULLET, ListKind.NONE
    items = [
        (number, 0),
        (number, 1),
        (number, 1),
        (number, 0),
        (bullet, 0),
        (number, 0),
        (none, 0),
        (number, 0),
    ]

    assert item_numbers(items) == (1, 1, 2, 2, 0, 1, 0, 1)
    assert [number_mark(n, level) for n, level in ((3, 0), (28, 1), (9, 2))] == ["3.", "ab.", "ix."]


def test_columns_are_shared_as_told_or_as_their_words_need() -> None:
    assert column_widths((1, 3), (900, 10), 400) == (100, 300)
    assert column_widths((), (40, 900), 400) == (66, 334)
    assert column_widths((), (900, 900), 400) == (145.2, 254.8)
    assert sum(column_widths((), (900,) * 4, 400)) == 400
