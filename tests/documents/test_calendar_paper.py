"""The calendar on paper: day and week sheets, months, lists, cards and slips."""

from __future__ import annotations

from typing import Any

import pytest

from medsec_desktop.documents.calendar_pages import (
    ListGroup,
    ListSheet,
    MonthDay,
    MonthSheet,
    list_pdf,
    month_pdf,
)
from medsec_desktop.documents.cards import (
    Card,
    CardVisit,
    cards_pdf,
    slips_pdf,
)
from medsec_desktop.documents.day_sheet import DaySheet, SheetColumn, SheetVisit, day_sheet_pdf
from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.domain.stocks import CARDS
from medsec_desktop.problems import Invalid
from tests.documents.conftest import place_of, words

HOURS = tuple(f"{hour}:00" for hour in range(25))
LONG = "Featherstonehaugh-Sampleton, Alexandrina Josephine Wilhelmina"
VIETNAMESE = "Nguyễn, Thị Ánh Nguyệt"


def a_visit(start: int = 540, length: int = 30, **changed: Any) -> SheetVisit:
    parts: dict[str, Any] = {
        "span": Span(start, start + length),
        "head": f"{start // 60}:{start % 60:02}",
        "name": "Testperson, Ada",
        "lines": ("(413) 555-0142", "Follow-up"),
    }
    return SheetVisit(**parts | changed)


def a_sheet(*columns: SheetColumn, **changed: Any) -> DaySheet:
    parts: dict[str, Any] = {
        "title": "Thursday, March 12, 2026",
        "practice": "Lakeside Family Medicine",
        "columns": columns,
        "first_min": 420,
        "last_min": 1080,
        "hour_names": HOURS,
        "printed": "Printed 03/11/2026",
    }
    return DaySheet(**parts | changed)


def test_a_phone_number_is_printed_whole_or_not_at_all() -> None:
    """Half a number would be dialled."""
    columns = (SheetColumn("Dr. Chen", (a_visit(length=10),)),) * 5

    text = words(day_sheet_pdf(a_sheet(*columns)))[0]

    assert "Testperson, Ada" in text
    assert "(413)" not in text


def test_what_all_should_know_stands_below_the_day_and_never_on_the_practice() -> None:
    remark = "Printer service comes at four · " * 6

    pdf = day_sheet_pdf(a_sheet(SheetColumn("Dr. Chen", (a_visit(),)), remark=remark))

    assert place_of(pdf, "Thursday")[1] > place_of(pdf, "Printer")[1] > place_of(pdf, "Dr. Chen")[1]
    assert place_of(pdf, "Thursday")[1] == pytest.approx(place_of(pdf, "Lakeside")[1], abs=6)


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_a_day_sheet_names_day_practice_providers_and_visits(paper: str) -> None:
    sheet = a_sheet(
        SheetColumn("Dr. Chen", (a_visit(),)), SheetColumn("Dr. Patel", ()), paper=paper
    )

    (text,) = words(day_sheet_pdf(sheet))

    for said in ("Thursday, March 12, 2026", "Lakeside Family Medicine", "Dr. Chen", "Dr. Patel",
                 "9:00", "Testperson, Ada", "(413) 555-0142", "Page 1 of 1"):  # fmt: skip
        assert said in text


def test_a_visit_stands_at_its_hour() -> None:
    pdf = day_sheet_pdf(a_sheet(SheetColumn("Dr. Chen", (a_visit(600, 60),)), last_min=1020))

    ten = place_of(pdf, "10:00")[3]
    visit = place_of(pdf, "Testperson, Ada")

    assert visit[3] == pytest.approx(ten, abs=6)


def test_twelve_columns_go_over_two_pages_and_every_one_is_there() -> None:
    columns = [SheetColumn(f"Dr. Number{at}", (a_visit(name=LONG),)) for at in range(12)]

    pages = words(day_sheet_pdf(a_sheet(*columns)))

    assert len(pages) == 2
    for at in range(12):
        assert sum(f"Dr. Number{at}\r" in f"{page}\r" for page in pages) == 1


@pytest.mark.parametrize("size", [6, 8, 11])
def test_forty_visits_in_a_column_are_all_on_paper(size: int) -> None:
    visits = tuple(a_visit(420 + 15 * at, 15, name=f"Testperson, No{at:02}") for at in range(40))

    pages = words(day_sheet_pdf(a_sheet(SheetColumn("Dr. Chen", visits), font_size=size)))

    for at in range(40):
        assert any(f"No{at:02}" in page for page in pages), at


def test_visits_at_the_same_time_stand_side_by_side() -> None:
    visits = (a_visit(name="Testperson, Ada"), a_visit(name="Sampleton, Bo"))

    pdf = day_sheet_pdf(a_sheet(SheetColumn("Dr. Chen", visits)))

    assert place_of(pdf, "Testperson, Ada")[2] <= place_of(pdf, "Sampleton, Bo")[0]


def test_a_visit_cut_by_the_end_of_a_page_goes_on_over_it() -> None:
    visits = tuple(a_visit(480 + 10 * at, 10) for at in range(29))
    long = a_visit(850, 100, name="Sampleton, Bo")

    pages = words(day_sheet_pdf(a_sheet(SheetColumn("Dr. Chen", (*visits, long)), font_size=11)))

    assert len(pages) > 1
    assert any("… 14:10" in page for page in pages)


def test_a_day_on_which_nobody_works_says_why() -> None:
    (text,) = words(day_sheet_pdf(a_sheet(SheetColumn("Dr. Chen", (), closed="Staff training"))))

    assert "Staff training" in text


def test_a_long_and_an_accented_name_are_printed_as_far_as_there_is_room() -> None:
    visits = (a_visit(540, 60, name=LONG), a_visit(660, name=VIETNAMESE))

    (text,) = words(day_sheet_pdf(a_sheet(SheetColumn("Dr. Chen", visits))))

    assert LONG in text
    assert VIETNAMESE in text


@pytest.mark.parametrize("columns", [(), (SheetColumn("Dr. Chen", ()),)])
def test_an_empty_day_is_a_page_all_the_same(columns: tuple[SheetColumn, ...]) -> None:
    assert len(words(day_sheet_pdf(a_sheet(*columns)))) == 1


def test_a_grey_sheet_has_no_colour_in_it() -> None:
    import pypdfium2

    visits = tuple(a_visit(480 + 30 * at, colour="red") for at in range(10))
    pdf = day_sheet_pdf(a_sheet(SheetColumn("Dr. Chen", visits), in_colour=False))

    with pypdfium2.PdfDocument(pdf) as document:
        pixels = document[0].render(scale=0.5).to_pil().convert("RGB").tobytes()

    spread = max(
        max(pixels[at : at + 3]) - min(pixels[at : at + 3]) for at in range(0, len(pixels), 3)
    )
    assert spread < 40  # ink and rules are a cool grey; a red fill has 180


def test_every_sheet_of_the_demo_says_so() -> None:
    day = a_sheet(SheetColumn("Dr. Chen", (a_visit(),)), mark="DEMO")
    rows = (("9:00", "Testperson, Ada"),)
    table = ListSheet("T", "P", ("Time", "Patient"), (1, 3), (ListGroup("G", rows),), mark="DEMO")
    month = MonthSheet("M", "P", ("Monday",), ((MonthDay(1),),), mark="DEMO")
    slip = Card("Ada Testperson", (CardVisit("Thursday", "10:00 AM", "Robin Chen, MD"),), "P")

    for pdf in (
        day_sheet_pdf(day),
        list_pdf(table),
        month_pdf(month),
        cards_pdf(CARDS[0], [slip], mark="DEMO"),
        slips_pdf([slip], mark="DEMO"),
    ):
        assert "DEMO" in words(pdf)[0]


def test_a_month_shows_as_many_visits_as_fit_and_counts_the_rest() -> None:
    day = MonthDay(3, tuple(f"{hour}:00 Testperson, Ada" for hour in range(30)), "Labor Day")
    week = tuple(day if at == 2 else MonthDay(at) for at in range(7))
    weekdays = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

    (text,) = words(month_pdf(MonthSheet("March 2026", "Lakeside", weekdays, (week,) * 6)))

    shown = text.count("Testperson")
    assert "Labor Day" in text
    assert text.count(f"and {30 - shown // 6} more") == 6


def test_a_long_list_repeats_its_heads_on_every_page() -> None:
    rows = tuple((f"{at}:00", LONG, "(413) 555-0142", "") for at in range(90))
    group = ListGroup("Dr. Chen", rows)
    sheet = ListSheet("List", "Lakeside", ("Time", "Patient", "Phone", ""), (1, 3, 2, 2), (group,))

    pages = words(list_pdf(sheet))

    assert len(pages) > 1
    assert all("Patient" in page and "Dr. Chen" in page for page in pages)
    assert sum(page.count("555-0142") for page in pages) == 90


def test_a_list_says_who_has_nobody() -> None:
    group = ListGroup("Dr. Patel", (), remark="Nothing is booked.")

    (text,) = words(list_pdf(ListSheet("List", "P", ("Time",), (1,), (group,))))

    assert "Dr. Patel" in text
    assert "Nothing is booked." in text


def a_card(count: int = 1, **changed: Any) -> Card:
    parts: dict[str, Any] = {
        "patient": "Ada Testperson",
        "visits": tuple(
            CardVisit(f"Thursday, March {12 + at}, 2026", "10:00 AM", "Robin Chen, MD", "Follow-up")
            for at in range(count)
        ),
        "practice": "Lakeside Family Medicine",
        "phone": "(413) 555-0142",
    }
    return Card(**parts | changed)


def test_a_card_says_when_with_whom_and_whom_to_call() -> None:
    (text,) = words(cards_pdf(CARDS[0], [a_card()]))

    for said in ("Ada Testperson", "Thursday, March 12, 2026", "at 10:00 AM",
                 "with Robin Chen, MD", "please call (413) 555-0142"):  # fmt: skip
        assert said in text


def test_a_card_for_a_spanish_speaker_is_in_spanish() -> None:
    (text,) = words(cards_pdf(CARDS[1], [a_card(2, language="es", tag="es-US")]))

    assert "Sus próximas citas" in text


def test_a_card_too_small_for_all_visits_counts_the_rest() -> None:
    (text,) = words(cards_pdf(CARDS[0], [a_card(15)]))

    assert f"and {15 - text.count('Robin Chen')} more" in text


def test_a_card_stays_inside_its_cut() -> None:
    stock = CARDS[0]
    left, top = stock.corner(9)
    x1, y1, x2, y2 = place_of(cards_pdf(stock, [a_card()], start_at=10), "Thursday, March 12, 2026")
    mm = 72 / 25.4

    assert left < x1 / mm < x2 / mm < left + stock.width
    assert top < stock.sheet_height - y2 / mm < stock.sheet_height - y1 / mm < top + stock.height


def test_slips_stand_two_to_a_sheet_and_a_long_one_takes_its_own() -> None:
    assert len(words(slips_pdf([a_card(), a_card(3)]))) == 1
    assert len(words(slips_pdf([a_card(), a_card(25), a_card()]))) >= 3


def test_a_slip_tells_how_to_prepare() -> None:
    visit = CardVisit("Thursday", "10:00 AM", "Robin Chen, MD", preparation="Do not eat. " * 20)

    (text,) = words(slips_pdf([a_card(visits=(visit,))], paper="a4"))

    assert "How to prepare: Do not eat." in text


@pytest.mark.parametrize("cards", [[], [a_card(0)]])
def test_nobody_without_a_coming_visit_gets_a_card(cards: list[Card]) -> None:
    with pytest.raises(Invalid, match="no coming visit"):
        cards_pdf(CARDS[0], cards)
    with pytest.raises(Invalid, match="no coming visit"):
        slips_pdf(cards)


def test_a_card_place_off_the_sheet_is_refused() -> None:
    with pytest.raises(Invalid, match="between 1 and 10"):
        cards_pdf(CARDS[0], [a_card()], start_at=11)
