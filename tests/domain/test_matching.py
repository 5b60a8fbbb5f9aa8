"""What argues for two files being about one person, and what against."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.matching import Traits, likeness, one_slip_apart
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.domain.places import NEARLY, PARTLY, SAME, in_common, place_of

ADA = Traits("Testperson", "Ada", birth=PartialDate(1984, 3, 14), sex="F")
PHONE = frozenset({"+16175550142"})
ADDRESS = frozenset({place_of("1 Test St", "", "Cambridge", "02139")})


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("smith", "smit"), ("smith", "smyth"), ("smith", "smtih"), ("smith", "smithh"),
        ("ab", "ba"), ("a", ""), ("smith", "mith"),
    ],
)  # fmt: skip
def test_one_slip_is_one_letter_or_one_swap(one: str, two: str) -> None:
    assert one_slip_apart(one, two)
    assert one_slip_apart(two, one)


@pytest.mark.parametrize(
    ("one", "two"), [("smith", "smith"), ("smith", "smtyh"), ("smith", "smi"), ("abc", "cab")]
)
def test_two_slips_or_none_are_not_one(one: str, two: str) -> None:
    assert not one_slip_apart(one, two)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_a_slip_works_both_ways(one: str, two: str) -> None:
    assert one_slip_apart(one, two) == one_slip_apart(two, one)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (ADA, "the same name"),
        (replace(ADA, given="Adda"), "nearly the same given name"),
        (replace(ADA, family="Testpersson"), "nearly the same family name"),
        (replace(ADA, given="Testperson", family="Ada"), "family and given name exchanged"),
        (replace(ADA, family="Newname", former="Testperson"), "a former family name"),
        (replace(ADA, birth=PartialDate(1984, 3, 15), phones=PHONE), "one digit apart"),
        (replace(ADA, birth=PartialDate(1985, 3, 14), phones=PHONE), "one digit apart"),
        (replace(ADA, family="Married", phones=PHONE), "a different family name"),
        (replace(ADA, birth=None, addresses=ADDRESS), "the same address"),
        (replace(ADA, birth=PartialDate(1951, 7, 9), addresses=ADDRESS), "a different date of birth"),
        (replace(ADA, given="Zoe", family="Married", addresses=ADDRESS), "the same address"),
    ],
)  # fmt: skip
def test_the_same_person_is_recognised_with_reasons(other: Traits, reason: str) -> None:
    found = likeness(replace(ADA, phones=PHONE, addresses=ADDRESS), other)

    assert found.is_worth_showing
    assert any(reason in each for each in found.reasons)


@pytest.mark.parametrize(
    "other",
    [
        Traits("Testperson", "Bob", birth=PartialDate(2012, 6, 1), sex="M", phones=PHONE,
               addresses=ADDRESS),  # her son
        Traits("Testperson", "Max", birth=PartialDate(1982, 1, 9), sex="M", phones=PHONE,
               addresses=ADDRESS),  # her husband
        Traits("Testperson", "Eda", birth=PartialDate(1984, 3, 14), sex="F", suffix="",
               ssn="987654321"),  # her twin, of whom the number is known
        Traits("Stranger", "Otto", birth=PartialDate(1984, 3, 14), sex="M"),
        Traits("Testperson", "Ada", birth=PartialDate(1951, 7, 9), sex="F"),
        Traits("Testperson", "Ada"),
        Traits(),
    ],
)  # fmt: skip
def test_family_strangers_and_namesakes_stay_below_what_is_shown(other: Traits) -> None:
    ada = replace(ADA, phones=PHONE, addresses=ADDRESS, ssn="123456789")

    assert not likeness(ada, other).is_worth_showing


def test_father_and_son_are_told_apart_by_their_suffix() -> None:
    father = replace(ADA, suffix="Sr.")

    assert not likeness(father, replace(ADA, suffix="Jr.")).is_worth_showing


def test_a_shared_number_makes_it_nearly_certain() -> None:
    one = replace(ADA, ssn="123456789")

    assert likeness(one, one).is_nearly_certain
    assert likeness(one, one).reasons[0] == "the same SSN"


def test_likeness_does_not_depend_on_who_is_asked_first() -> None:
    other = replace(ADA, given="Adda", birth=PartialDate(1984), phones=PHONE)

    assert likeness(ADA, other).score == likeness(other, ADA).score


def test_twins_are_shown_but_never_nearly_certain() -> None:
    ada = replace(ADA, phones=PHONE, addresses=ADDRESS)

    found = likeness(ada, replace(ada, given="Zoe"))

    assert found.is_worth_showing
    assert not found.is_nearly_certain
    assert "the same family name, a different given name" in found.reasons


def test_father_and_son_at_one_address_are_never_nearly_certain() -> None:
    father = replace(ADA, phones=PHONE, addresses=ADDRESS, birth=PartialDate(1951, 7, 9))
    unknown = replace(father, birth=None)

    for son in (replace(ADA, phones=PHONE, addresses=ADDRESS), unknown):
        assert likeness(father, son).is_worth_showing
        assert not likeness(father, son).is_nearly_certain


@pytest.mark.parametrize(
    ("called", "named"), [("Bill", "William"), ("Liz", "Betty"), ("Jo", "Joe"), ("Ana", "Anabel")]
)
def test_one_is_called_by_many_names(called: str, named: str) -> None:
    found = likeness(replace(ADA, given=called), replace(ADA, given=named))

    assert "the same family name, a short form of the given name" in found.reasons


@pytest.mark.parametrize(
    ("line1", "line2", "city", "code", "least", "most"),
    [
        ("12 Main Street", "#3", "Springfield", "01103-2211", SAME, 23),
        ("12 MAIN ST.", "", "Springfeild", "01130", SAME, 23),
        ("Apt 3", "12 Main St", "Springfield", "01103", PARTLY, SAME),
        ("21 Main St", "", "Springfield", "01103", NEARLY, 23),
        ("12 Elm Ave", "", "Springfield", "01103", PARTLY, NEARLY),
        ("770 Main St", "", "Springfield", "01103", PARTLY, NEARLY - 1),
        ("77 Oak Road", "", "Springfield", "01103", 0, 0),
        ("", "", "", "", 0, 0),
    ],
)
def test_addresses_are_compared_part_by_part(
    line1: str, line2: str, city: str, code: str, least: int, most: int
) -> None:
    here = place_of("12 Main St", "Apt 3", "Springfield", "01103")

    there = place_of(line1, line2, city, code)

    assert least <= in_common(here, there) <= most
    assert in_common(here, there) == in_common(there, here)


def test_who_is_born_another_day_and_has_another_ssn_is_never_shown() -> None:
    father = replace(ADA, phones=PHONE, addresses=ADDRESS, birth=PartialDate(1951, 7, 9))
    son = replace(father, birth=PartialDate(1984, 3, 14))

    assert likeness(father, son).is_worth_showing
    for mine, his in (("123456789", "987654321"), ("6789", "4321")):
        two = likeness(replace(father, ssn=mine), replace(son, ssn=his))
        assert not two.is_worth_showing


def test_brother_and_sister_with_names_alike_are_never_shown() -> None:
    home = Traits("Testperson", "Cecil", birth=PartialDate(1975, 11, 17), sex="M",
                  addresses=ADDRESS, phones=PHONE)  # fmt: skip
    sister = replace(home, given="Cecily", birth=PartialDate(1978, 6, 10), sex="F")

    assert not likeness(home, sister).is_worth_showing
    assert likeness(home, replace(sister, sex="M")).is_worth_showing
    assert likeness(home, replace(sister, given="Cecil")).is_worth_showing
    assert likeness(home, replace(sister, birth=home.birth)).is_worth_showing
