"""What belongs into a patient's file, and the form it is kept in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.patients import (
    AddressDraft,
    CoverageDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
    check,
    checked,
    parse_birth,
)
from medsec_desktop.domain.people import PartialDate, PatientStatus
from medsec_desktop.problems import Invalid

TODAY = date(2026, 3, 11)
US = Formats()
ADA = PatientDraft("Testperson", "Ada")


@pytest.mark.parametrize(
    ("typed", "born"),
    [
        ("3/14/1984", PartialDate(1984, 3, 14)),
        ("031484", PartialDate(1984, 3, 14)),
        ("mar 1984", PartialDate(1984, 3)),
        ("3/1984", PartialDate(1984, 3)),
        ("1984", PartialDate(1984)),
        ("3/14/26", PartialDate(1926, 3, 14)),
        ("3/10/26", PartialDate(2026, 3, 10)),
        ("3/14/2031", PartialDate(2031, 3, 14)),  # refused by check, which can say why
        ("  ", None),
    ],
)
def test_a_date_of_birth_is_read_as_far_as_it_is_known(
    typed: str, born: PartialDate | None
) -> None:
    assert parse_birth(typed, US, TODAY) == born


@pytest.mark.parametrize("typed", ["2/30/1984", "yesterday", "3/14", "31"])
def test_what_is_no_date_of_birth_is_refused_with_the_form_it_takes(typed: str) -> None:
    with pytest.raises(Invalid, match="MM/DD/YYYY"):
        parse_birth(typed, US, TODAY)


def test_every_fault_is_found_at_once() -> None:
    draft = PatientDraft(
        birth=PartialDate(2027),
        email="x",
        phones=(PhoneDraft("no digits"),),
        coverages=(CoverageDraft(1, starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)),),
    )

    fields = [fault.field for fault in check(draft, US, TODAY)[1]]

    assert set(fields) == {"family", "birth", "email", "phones.0.number", "coverages.0.ends_on"}


def test_blanks_and_empty_rows_are_tidied_away() -> None:
    draft = replace(
        ADA,
        given="  Ada   Maria ",
        ssn="123-45-6789",
        phones=(PhoneDraft(" 617 555 0142 "), PhoneDraft("")),
        addresses=(AddressDraft("1 Test St", state="ma", postal_code="021394307"), AddressDraft()),
        people=(PersonDraft(), PersonDraft("Erna", phone="617-555-0143")),
        coverages=(CoverageDraft(),),
    )

    kept = checked(draft, US, TODAY)

    assert kept.given == "Ada Maria"
    assert kept.ssn == "123456789"
    assert [row.number for row in kept.phones] == ["+16175550142"]
    assert (kept.addresses[0].state, kept.addresses[0].postal_code) == ("MA", "02139-4307")
    assert [row.phone for row in kept.people] == ["+16175550143"]
    assert (len(kept.addresses), kept.coverages) == (1, ())


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [("US", "02139", "02139"), ("CA", "k1a0b1", "K1A 0B1"), ("GB", "sw1a1aa", "SW1A 1AA"),
     ("DE", "10115", "10115"), ("BR", "anything", "anything")],
)  # fmt: skip
def test_a_postal_code_takes_the_shape_of_its_country(country: str, typed: str, kept: str) -> None:
    draft = replace(ADA, addresses=(AddressDraft("1", country=country, postal_code=typed),))

    assert checked(draft, US, TODAY).addresses[0].postal_code == kept


def test_only_the_dead_have_a_date_of_death_and_only_others_a_subscriber() -> None:
    draft = replace(
        ADA,
        deceased_on=date(2020, 1, 1),
        coverages=(CoverageDraft(1, subscriber_relation="self", subscriber_name="Max"),),
    )

    kept = checked(draft, US, TODAY)

    assert kept.deceased_on is None
    assert kept.coverages[0].subscriber_name == ""
    dead = replace(draft, status=PatientStatus.DECEASED)
    assert checked(dead, US, TODAY).deceased_on == date(2020, 1, 1)


def test_the_subscriber_of_somebody_elses_policy_must_be_named() -> None:
    draft = replace(ADA, coverages=(CoverageDraft(1, subscriber_relation="child"),))

    with pytest.raises(Invalid) as refusal:
        checked(draft, US, TODAY)

    assert refusal.value.field == "coverages.0.subscriber_name"
