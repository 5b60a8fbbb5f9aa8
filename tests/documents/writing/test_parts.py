"""Tables, pictures, lists and page breaks on paper, the empty and the enormous among them."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from medsec_desktop.documents.writing import lay_out, pdf_of
from medsec_desktop.domain.writing.document import (
    Align,
    Cell,
    Insert,
    ListKind,
    Look,
    PageBreak,
    Paragraph,
    Picture,
    Style,
    Table,
    Text,
)
from tests.documents.conftest import place_of, words
from tests.documents.writing.test_pages import a_sheet, says

LOGO = "a" * 64


def a_picture(width: int, height: int, kind: str = "PNG") -> bytes:
    target = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(target, kind)
    return target.getvalue()


def a_row(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell((says(text),)) for text in texts)


def test_the_head_of_a_table_is_repeated_on_each_page_it_goes_on() -> None:
    rows = tuple(a_row(f"visit {number}", "Follow-up") for number in range(70))
    table = Table((a_row("Which", "Why"), *rows), rules="grid", head_rows=1)

    pages = words(pdf_of(a_sheet(table)))

    assert len(pages) == 3
    assert all("Which Why" in " ".join(text.split()) for text in pages)
    together = " ".join(" ".join(pages).split())
    assert [f"visit {number} Follow-up" in together for number in range(70)] == [True] * 70


def test_a_cell_longer_than_a_page_goes_on_and_its_neighbours_stay_at_its_top() -> None:
    table = Table((a_row("Preparation", "fast " * 3_000),), rules="grid")

    pages = words(pdf_of(a_sheet(table)))

    assert sum(text.count("fast") for text in pages) == 3_000
    assert [("Preparation" in text) for text in pages] == [True] + [False] * (len(pages) - 1)


def test_columns_are_as_wide_as_their_shares_or_as_their_words_need() -> None:
    shared = lay_out(a_sheet(Table((a_row("a", "b", "c"),), shares=(1, 2, 1), rules="none")))
    needed = lay_out(a_sheet(Table((a_row("Date", "Thursday"),))))

    assert [line.x for line in shared.lines] == pytest.approx([72, 72 + 117, 72 + 351])
    assert needed.lines[1].x < 72 + 60
    assert len(needed.strokes) == 2


def test_rows_with_missing_cells_and_tables_without_rows_are_no_fault() -> None:
    table = Table((a_row("a", "b"), a_row("c"), (), (Cell(()), Cell(()))))

    assert "c" in words(pdf_of(a_sheet(table, Table(()), says("after"))))[0]


def test_lists_are_numbered_by_level_and_stand_under_their_own_words() -> None:
    number = ListKind.NUMBER
    sheet = a_sheet(
        says("one", list=number),
        says("sub", list=number, level=1),
        says("two " * 60, list=number),
        says("box", list=ListKind.TICK),
    )

    lines = lay_out(sheet).lines

    marks = [line.text for line in lines if line.text in ("1.", "a.", "2.", "☐")]
    assert marks == ["1.", "a.", "2.", "☐"]
    assert {line.x for line in lines if line.text.startswith("two")} == {72 + 16}


def test_a_picture_is_drawn_in_its_width_and_no_finer_than_printers_show() -> None:
    huge = a_picture(8_000, 5_000, "JPEG")  # 40 megapixels
    sheet = a_sheet(Picture(LOGO, 50, "Logo", Align.CENTER), pictures={LOGO: huge})

    pages = lay_out(sheet)

    assert pages.warnings == ()
    (image,) = pages.images
    assert image.width == pytest.approx(50 / 25.4 * 72)
    assert image.height == pytest.approx(image.width * 5 / 8)
    assert image.x + image.width / 2 == pytest.approx(306)
    assert len(pdf_of(sheet)) < 200_000


@pytest.mark.parametrize("data", [None, b"", b"no picture", a_picture(900, 900)[:2000]])
def test_a_picture_that_cannot_be_drawn_leaves_a_box_that_says_so(data: bytes | None) -> None:
    sheet = a_sheet(
        Picture(LOGO, 60, "The map to our door"),
        says("after"),
        pictures={} if data is None else {LOGO: data},
    )

    pages = lay_out(sheet)

    assert pages.warnings == ("The picture “The map to our door” is missing.",)
    assert len(pages.strokes) == 4
    text = " ".join(words(pdf_of(sheet))[0].split())
    assert "The picture “The map to our door” is missing." in text


def test_a_picture_higher_than_a_page_is_made_to_fit() -> None:
    sheet = a_sheet(Picture(LOGO, 150), pictures={LOGO: a_picture(10, 2_000)})

    (image,) = lay_out(sheet).images

    assert image.y > 0
    assert image.height < 792


def test_what_follows_a_page_break_begins_the_next_page() -> None:
    pages = words(pdf_of(a_sheet(says("before"), PageBreak(), PageBreak(), says("after"))))

    assert len(pages) == 2
    assert "after" in pages[1]


def test_justified_lines_end_at_the_edge_except_the_last() -> None:
    pages = lay_out(a_sheet(says("Please come in time. " * 12, align=Align.JUSTIFY)))

    ends = [line.x + line.width for line in pages.lines]
    assert ends[:-1] == pytest.approx([540] * (len(ends) - 1))
    assert ends[-1] < 530
    assert "Please come in time. Please" in " ".join(
        words(pdf_of(a_sheet(says("Please come in time. " * 12, align=Align.JUSTIFY))))[0].split()
    )


def test_a_block_that_was_never_filled_in_prints_its_name() -> None:
    assert "{coverage}" in words(pdf_of(a_sheet(Insert("coverage"))))[0]


def test_without_a_letterhead_the_words_begin_at_the_top_margin() -> None:
    pdf = pdf_of(a_sheet(says("Registration", style=Style.HEADING), letterhead=None))

    _, _, _, top = place_of(pdf, "Registration")

    assert 792 - 54 - 10 < top < 792 - 54 + 2
    assert "March 11" not in words(pdf)[0]


def test_an_enormous_text_is_printed_whole_and_soon() -> None:
    many = "word " * 10_000
    sheet = a_sheet(says(many), says("x" * 30_000), Paragraph((Text("\n" * 300, Look(bold=True)),)))

    pages = words(pdf_of(sheet))

    assert sum(text.count("word") for text in pages) == 10_000
    assert sum(text.count("x") for text in pages) >= 30_000
