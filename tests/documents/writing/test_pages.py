"""A document on paper: what stands where, and what prints literally."""

from __future__ import annotations

from typing import Any

import pytest

from medsec_desktop.documents.writing import Letterhead, Sheet, lay_out, pdf_of, pdf_of_all
from medsec_desktop.domain.writing.document import Document, Look, Paragraph, Style, Text
from tests.documents.conftest import place_of, words

HEAD = Letterhead(
    "Lakeside Family Medicine", "Family Medicine", ("1200 Harbor Avenue", "Springfield, MA 01103")
)


def says(text: str, **more: Any) -> Paragraph:
    return Paragraph((Text(text),), **more)


def a_sheet(*blocks: Any, **more: Any) -> Sheet:
    """A letter of these blocks."""
    usual: dict[str, Any] = {
        "letterhead": HEAD,
        "recipient": ("Ms. Ada Testperson", "45 Elm Street"),
        "date": "March 11, 2026",
    }
    return Sheet(Document(blocks), **usual | more)


def test_each_line_stands_where_the_layout_says() -> None:
    sheet = a_sheet(
        says("Your visit", style=Style.SUBJECT), says(" ".join(f"number{n}" for n in range(50)))
    )

    pages = lay_out(sheet)

    pdf = pdf_of(sheet)
    assert [line.block for line in pages.lines][:3] == [0, 1, 1]
    for line in pages.lines:
        left, bottom, right, _ = place_of(pdf, line.text)
        assert left == pytest.approx(line.x, abs=1.5)
        assert right == pytest.approx(line.x + line.width, abs=1.5)
        assert bottom == pytest.approx(line.baseline, abs=4)


@pytest.mark.parametrize(
    "hostile",
    [
        "Fee <500> is due",
        "Smith <MD> & <b>Sons</b>",
        '<img src="/etc/passwd"/>',
        "{p.__class__} {patient.name}",
        "&lt;para&gt; &amp; %s %(x)s </para><para>",
    ],
)
def test_whatever_looks_like_code_prints_literally(hostile: str) -> None:
    sheet = a_sheet(
        says(hostile, style=Style.SUBJECT), Paragraph((Text(hostile, Look(bold=True)),))
    )

    text = words(pdf_of(sheet))[0]

    assert text.count(hostile) == 2


def test_sheets_in_one_file_each_count_their_own_pages() -> None:
    long = a_sheet(says("Please read this. " * 400))

    pages = words(pdf_of_all(iter([long, a_sheet(says("Short."))])))

    assert len(pages) == 3
    assert "Page 2 of 2" in pages[1]
    assert "Page" not in pages[2]
