"""What somebody meant who typed a few characters into the search box."""

from __future__ import annotations

from datetime import date

import pytest

from medsec_desktop.domain.person_query import Reading, understand

TODAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    "text",
    [
        "3/14/1984", "03/14/1984", "3-14-1984", "14.3.1984", "1984-03-14", "1984/3/14", "031484",
        "03141984", "19840314", "mar 14 1984", "March 14, 1984", "14 mar 1984", "14th March '84",
        "3/14/84", "3 14 1984",
    ],
)  # fmt: skip
def test_a_date_of_birth_in_any_usual_form(text: str) -> None:
    assert understand(text, TODAY)[0].births == ("1984-03-14",)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Muñoz-O’Brien ANA", (Reading(("munoz", "obrien", "ana")),)),
        ("ng", (Reading(("ng",)),)),
        ("smith 1984", (Reading(("smith", "1984")),)),
        ("(555) 123-4567", (Reading(number="5551234567"),)),
        ("4567", (Reading(number="4567"),)),
        ("W12-345 678", (Reading(("w12345", "678")),)),
        ("smith 3/14/84", (Reading(("smith",), ("1984-03-14",)),)),
        ("3/1984", (Reading((), ("1984-03",)),)),
        ("", ()),
        (" ( ) - ", ()),
    ],
)
def test_names_and_numbers_are_told_apart(text: str, readings: tuple[Reading, ...]) -> None:
    assert understand(text, TODAY) == readings


def test_two_digits_of_a_year_may_mean_either_century() -> None:
    assert understand("3/14/19", TODAY)[0].births == ("2019-03-14", "1919-03-14")
    assert understand("3/14/84", TODAY)[0].births == ("1984-03-14",)


def test_day_and_month_follow_the_practice_unless_only_one_order_is_possible() -> None:
    assert understand("3/4/1984", TODAY)[0].births == ("1984-03-04",)
    assert understand("3/4/1984", TODAY, day_first=True)[0].births == ("1984-04-03",)
    assert understand("14/3/1984", TODAY)[0].births == ("1984-03-14",)
    assert understand("3.4.1984", TODAY)[0].births == ("1984-04-03", "1984-03-04")


def test_digits_that_make_a_date_may_still_be_a_chart_number() -> None:
    assert understand("031484", TODAY) == (
        Reading(births=("1984-03-14",)),
        Reading(number="031484"),
    )
    assert understand("100001", TODAY) == (Reading(number="100001"),)


def test_april_may_be_a_name() -> None:
    assert understand("april 1984", TODAY) == (
        Reading(births=("1984-04",)),
        Reading(("april", "1984")),
    )
    assert understand("june smith", TODAY) == (Reading(("june", "smith")),)


@pytest.mark.parametrize("text", ["2/30/1984", "13/13/1984", "1/1/1700", "3/14/2031"])
def test_nobody_alive_is_born_on_an_impossible_day(text: str) -> None:
    assert all(not reading.births for reading in understand(text, TODAY))
