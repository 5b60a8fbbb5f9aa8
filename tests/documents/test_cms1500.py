"""Text of the CMS-1500 stands where the form wants it, to a tenth of a millimetre."""

from __future__ import annotations

import csv
from ctypes import c_double
from pathlib import Path

import pypdfium2
import pytest

from medsec_desktop.documents.cms1500 import Cut, cms1500_pdf, cut_off
from medsec_desktop.documents.cms1500_lines import HORIZONTALS, VERTICALS
from medsec_desktop.domain.claims.form import Sheet, sheets
from tests.domain.claims.builders import full_claim, plain_claim

GOLDEN = Path(__file__).parents[1] / "golden"
MM = 72 / 25.4
HEIGHT = 792.0


def table(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def filled_everywhere() -> tuple[Sheet, list[tuple[str, int, int, int]]]:
    """A sheet with as many letters in each part as it has room for, and where the tables want them."""
    sheet = Sheet()
    wanted = []
    for row in table("cms1500_positions.csv"):
        width = int(row["width"])
        sheet.texts[row["item"], row["part"]] = ("X" if row["just"] == "X" else "M") * width
        wanted.append((row["item"], int(row["col"]), int(row["page_line"]), width))
    for number in range(6):
        texts = {}
        for row in table("cms1500_service_lines.csv"):
            texts[row["item"], row["part"]] = "M" * int(row["width"])
            # A service line has two lines of the grid, the upper one "shaded"; "unshaded" is the other.
            is_upper = "shaded" in row["part"] and "unshaded" not in row["part"]
            line = 45 + 2 * number + (0 if is_upper else 1)
            wanted.append((row["item"], int(row["dcol"]), line, int(row["width"])))
        sheet.lines.append(texts)
    return sheet, wanted


def letters(pdf: bytes) -> list[tuple[float, float]]:
    """Where every letter of the first page begins on its line, in points from the upper left corner."""
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage()
    found = []
    for at in range(text.count_chars()):
        if text.get_text_range(at, 1).strip():
            x, y = c_double(), c_double()
            assert pypdfium2.raw.FPDFText_GetCharOrigin(text, at, x, y)
            found.append((x.value, HEIGHT - y.value))
    return found


def test_every_part_stands_on_the_grid_of_the_form() -> None:
    sheet, wanted = filled_everywhere()

    where = letters(cms1500_pdf([sheet]))

    for item, column, line, width in wanted:
        x, y = 25.2 + 7.2 * (column - 1), 12 * line - 2.5
        row = [left for left, top in where if abs(top - y) < 0.1 * MM]
        for place in range(width):
            expected = x + 7.2 * place
            assert any(abs(left - expected) < 0.1 * MM for left in row), (item, column, line, place)


def test_no_part_runs_over_a_line_of_the_form() -> None:
    """Where text stands and where lines run were measured apart from one another."""
    _, wanted = filled_everywhere()
    for item, column, line, width in wanted:
        left, base = 25.2 + 7.2 * (column - 1), 12 * line - 2.5
        right, top = left + 7.2 * width, base - 6.5  # of capitals
        for height, begins, ends, _ in HORIZONTALS:
            crosses = begins < right and left < ends and top < height < base
            assert not crosses, (item, line, height)
        if item == "24":  # the shaded half, from 24A to 24G
            continue
        for where, begins, ends in VERTICALS:
            assert not (begins < base < ends and left + 5 < where < right - 1), (item, line, where)


def test_a_part_on_the_right_ends_at_its_right_end() -> None:
    claim = plain_claim()
    where = letters(cms1500_pdf(sheets(claim)))
    line_46 = sorted(left for left, top in where if abs(top - (12 * 46 - 2.5)) < 1)

    # 125.50: dollars end in column 55, cents stand in 56 and 57.
    for column in (53, 54, 55, 56, 57):
        assert any(abs(left - (25.2 + 7.2 * (column - 1))) < 0.1 * MM for left in line_46), column
    assert not any(abs(left - (25.2 + 7.2 * 51)) < 1 for left in line_46)


def test_the_overlay_holds_nothing_but_black_text() -> None:
    overlay = pypdfium2.PdfDocument(cms1500_pdf(sheets(full_claim())))[0]
    drawn = pypdfium2.PdfDocument(cms1500_pdf(sheets(full_claim()), is_drawn=True, mark="DEMO"))[0]

    assert {one.type for one in overlay.get_objects()} == {pypdfium2.raw.FPDF_PAGEOBJ_TEXT}
    assert len(list(drawn.get_objects())) > 200
    image = overlay.render(scale=1).to_pil().convert("RGB")
    assert all(red == green == blue for _, (red, green, blue) in image.getcolors(1 << 16))
    assert "DEMO" not in overlay.get_textpage().get_text_bounded()


def test_several_sheets_are_several_pages_and_the_same_bytes_again() -> None:
    pages = sheets(full_claim()) * 2
    assert len(pypdfium2.PdfDocument(cms1500_pdf(pages))) == 2
    assert cms1500_pdf(pages, is_drawn=True) == cms1500_pdf(pages, is_drawn=True)


@pytest.mark.parametrize("length", [28, 29])
def test_what_there_is_no_room_for_is_told(length: int) -> None:
    claim = plain_claim()
    claim.insured.party.family = "T" * (length - len(", ADA"))

    found = cut_off(sheets(claim))

    expected = Cut("2", f"{claim.insured.party.family}, ADA", 28)
    assert (expected in found) == (length > 28)
