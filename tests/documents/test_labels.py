"""Labels: where each stands to the tenth of a millimetre, begun sheets, and what does not fit."""

from __future__ import annotations

import pytest

from medsec_desktop.documents.labels import Label, Symbol, code_fits, cut_off, labels_pdf
from medsec_desktop.domain.stocks import LABELS, WRISTBANDS, LabelStock, own_stock, stock_named
from medsec_desktop.problems import Invalid
from tests.documents.conftest import place_of, words

MM = 72 / 25.4
ADDRESS = Label(("Ms. Ada Testperson", "45 Elm Street", "Springfield, MA 01104"))


def outlines(pdf: bytes, page: int = 0) -> list[tuple[float, ...]]:
    """Every outlined label of a page: left, top, width and height in mm from the upper left corner."""
    import pypdfium2
    import pypdfium2.raw as raw

    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        sheet = document[page]
        for item in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = item.get_bounds()
            line = 0.25  # the pen is that wide, half of it outside
            found.append(
                (
                    (left + line / 2) / MM,
                    (sheet.get_height() - top + line / 2) / MM,
                    (right - left - line) / MM,
                    (top - bottom - line) / MM,
                )
            )
        sheet.close()
    return found


def at(stock: LabelStock, pdf: bytes, text: str, page: int = 0) -> int | None:
    """On which label of a sheet a text stands."""
    left, bottom, right, top = place_of(pdf, text, page)
    x, y = (left + right) / 2, (bottom + top) / 2
    return stock.place_at(x / MM, stock.sheet_height - y / MM)


def read(pdf: bytes) -> list[str]:
    """What a scanner reads on the first page, held as one holds it: 300 dots an inch."""
    import pypdfium2
    import zxingcpp

    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=300 / 72, grayscale=True).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


# Published by the makers: sheet, first label's corner, last label's corner, size; in mm.
PUBLISHED = {
    "5160": ((215.9, 279.4), (4.8, 12.7), (144.5, 241.3), (66.7, 25.4), 30),
    "5161": ((215.9, 279.4), (4.0, 12.7), (110.3, 241.3), (101.6, 25.4), 20),
    "5163": ((215.9, 279.4), (4.0, 12.7), (110.3, 215.9), (101.6, 50.8), 10),
    "5167": ((215.9, 279.4), (7.1, 12.7), (164.3, 254.0), (44.45, 12.7), 80),
    "5260": ((215.9, 279.4), (4.8, 12.7), (144.5, 241.3), (66.7, 25.4), 30),
    "L7160": ((210, 297), (7.2, 15.15), (139.3, 243.75), (63.5, 38.1), 21),
    "L7163": ((210, 297), (4.65, 15.15), (106.25, 243.75), (99.1, 38.1), 14),
    "30252": ((89, 28), (0, 0), (0, 0), (89, 28), 1),
    "30256": ((102, 59), (0, 0), (0, 0), (102, 59), 1),
    "30336": ((54, 25), (0, 0), (0, 0), (54, 25), 1),
}


@pytest.mark.parametrize("stock", LABELS, ids=lambda stock: stock.key)
def test_labels_stand_where_the_maker_published_them(stock: LabelStock) -> None:
    sheet, first, last, size, count = PUBLISHED[stock.key]

    found = outlines(labels_pdf(stock, [ADDRESS] * stock.count, outlines=True))

    assert (stock.sheet_width, stock.sheet_height) == pytest.approx(sheet, abs=0.05)
    assert len(found) == count
    assert found[0] == pytest.approx((*first, *size), abs=0.1)
    assert found[-1] == pytest.approx((*last, *size), abs=0.1)


@pytest.mark.parametrize("stock", LABELS, ids=lambda stock: stock.key)
def test_no_label_reaches_over_another_or_over_the_sheet(stock: LabelStock) -> None:
    right, bottom = stock.corner(stock.count - 1)

    assert right + stock.width <= stock.sheet_width + 0.05
    assert bottom + stock.height <= stock.sheet_height + 0.05
    assert stock.columns == 1 or stock.across >= stock.width
    assert stock.rows == 1 or stock.down >= stock.height - 0.001


@pytest.mark.parametrize("stock", LABELS, ids=lambda stock: stock.key)
def test_the_text_stays_inside_its_label(stock: LabelStock) -> None:
    pdf = labels_pdf(stock, [ADDRESS], start_at=stock.count)
    left, top = stock.corner(stock.count - 1)

    for line in ADDRESS.lines:
        x1, y1, x2, y2 = (value / MM for value in place_of(pdf, line))
        assert left + 2.9 <= x1
        assert x2 <= left + stock.width - 2.9
        assert stock.sheet_height - y2 >= top
        assert stock.sheet_height - y1 <= top + stock.height


def test_a_begun_sheet_is_used_from_the_first_label_left() -> None:
    stock = stock_named("5160")

    pdf = labels_pdf(stock, [ADDRESS, Label(("Bo Sampleton",))], start_at=6)

    assert at(stock, pdf, "Ms. Ada Testperson") == 5  # the 6th: end of row two
    assert at(stock, pdf, "Bo Sampleton") == 6


def test_labels_go_on_at_the_top_of_the_next_sheet() -> None:
    stock = stock_named("5160")

    pdf = labels_pdf(stock, [ADDRESS] * 3, start_at=29, outlines=True)

    assert len(words(pdf)) == 2
    assert at(stock, pdf, "Ms. Ada Testperson", page=1) == 0
    assert len(outlines(pdf, page=1)) == 30  # a proof shows the whole sheet


def test_a_roll_has_a_page_for_each_label() -> None:
    assert len(words(labels_pdf(stock_named("30252"), [ADDRESS] * 3))) == 3


@pytest.mark.parametrize("start", [0, 31, -1])
def test_a_start_that_is_not_on_the_sheet_is_refused(start: int) -> None:
    with pytest.raises(Invalid, match="between 1 and 30"):
        labels_pdf(stock_named("5160"), [ADDRESS], start_at=start)


def test_no_labels_are_no_sheet() -> None:
    with pytest.raises(Invalid, match="no labels to print"):
        labels_pdf(stock_named("5160"), [])


def test_a_long_name_is_set_smaller_then_broken_and_only_then_cut() -> None:
    stock = stock_named("5160")
    long = Label(("Ms. Alexandrina Testperson-Featherstone", "45 Elm Street"))
    longer = Label((" ".join(["Testperson-Featherstonehaugh"] * 3), "45 Elm Street"))
    longest = Label(("Testperson" * 12, "45 Elm Street"))

    assert cut_off(stock, long) == cut_off(stock, longer) == ()
    assert long.lines[0] in words(labels_pdf(stock, [long]))[0]
    assert words(labels_pdf(stock, [longer]))[0].count("Featherstonehaugh") == 3
    assert cut_off(stock, longest) == longest.lines[:1]
    assert "…" in words(labels_pdf(stock, [longest]))[0]


def test_more_lines_than_fit_are_named() -> None:
    tall = Label(tuple(f"Line {number}" for number in range(9)))

    assert cut_off(stock_named("5167"), tall)[-1] == "Line 8"
    assert cut_off(stock_named("5163"), tall) == ()


def test_a_chart_label_carries_its_number_as_bars() -> None:
    chart = Label(("DOB 03/14/1984", "Chart T00001"), heading="Testperson, Ada", code="T00001")
    plain = Label(chart.lines, chart.heading)
    stock = stock_named("5160")

    bars = outlines(labels_pdf(stock, [chart]))

    assert len(bars) > 20
    assert outlines(labels_pdf(stock, [plain])) == []
    left, top = stock.corner(0)
    assert all(left <= x and x + w <= left + stock.width for x, _, w, _ in bars)
    assert all(top <= y and y + h <= top + stock.height for _, y, _, h in bars)


def test_a_number_code_128_cannot_hold_is_printed_as_text_alone() -> None:
    chart = Label(("Chart Ж1",), heading="Testperson, Ada", code="Ж1")

    (text,) = words(labels_pdf(stock_named("5160"), [chart]))

    assert "Chart Ж1" in text


def test_a_demo_label_says_so() -> None:
    (text,) = words(labels_pdf(stock_named("5160"), [ADDRESS], mark="DEMO"))

    assert "DEMO" in text


def test_the_same_labels_give_the_same_bytes() -> None:
    stock = stock_named("L7160")

    assert labels_pdf(stock, [ADDRESS]) == labels_pdf(stock, [ADDRESS])


def test_a_sheet_measured_by_hand_is_printed_by_its_own_millimetres() -> None:
    stock = own_stock("Ours", (210, 297), (2, 4), (90, 60), (10, 20), (100, 65))

    found = outlines(labels_pdf(stock, [ADDRESS] * 8, outlines=True))

    assert found[-1] == pytest.approx((110, 215, 90, 60), abs=0.1)


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        (((210, 297), (3, 4), (90, 60)), "60.0 mm off the sheet’s right edge"),
        (((210, 297), (2, 5), (90, 60)), "3.0 mm off the sheet’s bottom edge"),
        (((210, 297), (2, 4), (90, 60), (0, 0), (80, 60)), "over each other"),
        (((210, 297), (0, 4), (90, 60)), "between 1 and 1,000"),
        (((210, 297), (2, 4), (0, 60)), "at least 5 mm"),
        (((210, 297), (2, 4), (90, 60), (-1, 0)), "0 mm or more"),
        (((2100, 297), (2, 4), (90, 60)), "at most 1,200 mm"),
    ],
)
def test_an_impossible_sheet_is_refused_with_what_is_wrong(measures: tuple, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        own_stock("Ours", *measures)


def test_an_unknown_sheet_is_refused() -> None:
    with pytest.raises(Invalid, match="no labels “9999”"):
        stock_named("9999")


@pytest.mark.parametrize("symbol", list(Symbol))
@pytest.mark.parametrize("key", ["5160", "5163", "L7160", "30252", "30336", "Z-BAND-11"])
def test_a_scanner_reads_the_code_and_the_words_stay_clear_of_it(key: str, symbol: Symbol) -> None:
    stock = stock_named(key)
    label = Label(("Born 03/14/1984", "Chart T00001"), "Testperson, Ada", "T00001", symbol)

    pdf = labels_pdf(stock, [label], start_at=stock.count)

    assert code_fits(stock, label)
    assert cut_off(stock, label) == ()
    assert read(pdf) == ["T00001"]


def test_a_code_no_scanner_could_read_is_said_not_to_fit() -> None:
    stock = stock_named("5167")

    assert not code_fits(stock, Label(("Ada",), code="T00001" * 6, symbol=Symbol.QR))
    assert not code_fits(stock, Label(("Ada",), code="T00001" * 6))
    assert code_fits(stock, Label(("Ada",)))


def test_a_wristband_says_it_large_between_its_ends() -> None:
    band = WRISTBANDS[0]
    label = Label(("Born 03/14/1984 · Female",), "Testperson, Ada", "T00001", Symbol.QR, largest=16)

    pdf = labels_pdf(band, [label])

    left, bottom, right, top = place_of(pdf, "Testperson, Ada")
    assert left >= 80 * MM
    assert right <= 200 * MM
    assert top - bottom > 10
