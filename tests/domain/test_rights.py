"""How long consents hold, the clock of a request for records, and what is accounted for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from medsec_desktop.domain import rights
from medsec_desktop.domain.rights import (
    Answer,
    Purpose,
    Requester,
    RequestStatus,
    Signed,
    Standing,
    due_on,
    expiry,
    may_extend,
    standing,
)

TODAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("signed", "months", "until"),
    [
        (date(2026, 3, 11), 12, date(2027, 3, 11)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 3, 11), None, None),
    ],
)
def test_a_consent_holds_to_the_same_day_so_many_months_on(signed, months, until):
    assert expiry(signed, months) == until


@pytest.mark.parametrize(
    ("latest", "found"),
    [
        (None, Standing.MISSING),
        (Signed(Answer.GIVEN, TODAY), Standing.VALID),
        (Signed(Answer.GIVEN, TODAY, TODAY - timedelta(days=1)), Standing.EXPIRED),
        (Signed(Answer.GIVEN, TODAY, TODAY), Standing.ENDS_SOON),
        (Signed(Answer.GIVEN, TODAY, TODAY + timedelta(days=30)), Standing.ENDS_SOON),
        (Signed(Answer.GIVEN, TODAY, TODAY + timedelta(days=31)), Standing.VALID),
        (Signed(Answer.REFUSED, TODAY, TODAY - timedelta(days=1)), Standing.REFUSED),
        (Signed(Answer.REVOKED, TODAY), Standing.REVOKED),
    ],
)
def test_the_latest_answer_says_how_a_kind_stands(latest, found):
    assert standing(latest, TODAY) is found


def test_only_what_is_missing_or_expired_is_asked_for():
    assert {one for one in Standing if one.is_due} == {Standing.MISSING, Standing.EXPIRED}


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        (date(2026, 1, 30), date(2026, 3, 1), date(2026, 3, 31)),
        (date(2024, 1, 30), date(2024, 2, 29), date(2024, 3, 30)),
        (date(2025, 12, 15), date(2026, 1, 14), date(2026, 2, 13)),
        (date(2026, 3, 11), date(2026, 4, 10), date(2026, 5, 10)),
    ],
)
def test_thirty_days_and_once_thirty_more_across_months_and_years(received, due, extended):
    assert due_on(received) == due
    assert due_on(received, is_extended=True) == extended


def test_an_extension_is_had_once_and_before_the_time_is_over():
    due = due_on(TODAY)
    assert may_extend(RequestStatus.OPEN, due, TODAY, is_extended=False)
    assert may_extend(RequestStatus.READY, due, due, is_extended=False)
    assert not may_extend(RequestStatus.OPEN, due, due + timedelta(days=1), is_extended=False)
    assert not may_extend(RequestStatus.OPEN, due, TODAY, is_extended=True)
    assert not may_extend(RequestStatus.RELEASED, due, TODAY, is_extended=False)


def test_nothing_goes_out_before_it_is_made_and_what_is_closed_stays_closed():
    assert RequestStatus.READY.may_become(RequestStatus.RELEASED)
    assert not RequestStatus.OPEN.may_become(RequestStatus.RELEASED)
    for open_one in (RequestStatus.OPEN, RequestStatus.READY):
        assert open_one.may_become(RequestStatus.REFUSED)
        assert open_one.may_become(RequestStatus.WITHDRAWN)
    for closed in (RequestStatus.RELEASED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN):
        assert not any(closed.may_become(other) for other in RequestStatus)


def test_the_fee_is_the_base_and_each_page_and_nothing_for_nothing():
    assert rights.fee_cents(12, 650, 10) == 770
    assert rights.fee_cents(0, 650, 10) == 0


@pytest.mark.parametrize(
    ("requester", "has_leave", "purpose", "accountable"),
    [
        (Requester.PATIENT, False, Purpose.INDIVIDUAL, False),
        (Requester.REPRESENTATIVE, False, Purpose.INDIVIDUAL, False),
        (Requester.PROVIDER, False, Purpose.TREATMENT, False),
        (Requester.PAYER, False, Purpose.PAYMENT, False),
        (Requester.ATTORNEY, True, Purpose.AUTHORIZED, False),
        (Requester.COURT, False, Purpose.COURT, True),
        (Requester.OTHER, False, Purpose.OTHER, True),
    ],
)
def test_who_asks_says_why_it_goes_out_and_whether_it_is_accounted_for(
    requester, has_leave, purpose, accountable
):
    found = rights.purpose_of_release(requester, has_authorization=has_leave)
    assert (found, found.is_accountable) == (purpose, accountable)


def test_a_purpose_is_read_back_as_it_was_told():
    told = rights.told_purpose(Purpose.LAW, " dog bite: report ")
    assert told == "Required by law: dog bite: report"
    assert rights.read_purpose(told) == (Purpose.LAW, "dog bite: report")
    assert rights.read_purpose("for the school") == (Purpose.OTHER, "for the school")


def test_an_accounting_reaches_six_years_back_also_from_a_leap_day():
    assert rights.first_accounted(date(2028, 2, 29)) == date(2022, 2, 28)


def test_parts_are_told_as_one_says_them():
    assert rights.joined_words(["face sheet"]) == "face sheet"
    assert rights.joined_words(["face sheet", "timeline", "3 documents"]) == (
        "face sheet, timeline and 3 documents"
    )


def test_the_days_left_are_told_as_one_says_them():
    told = [rights.days_left_words(days) for days in (12, 1, 0, -1, -3)]
    assert told == ["12 days left", "1 day left", "due today", "1 day late", "3 days late"]


@pytest.mark.parametrize(
    ("sent_to", "number", "deliver_to", "requester", "same"),
    [
        ("Case and Law LLP", "4135550189", "Attorney Case\nFax (413) 555-0189", "Case & Law", True),
        ("Records desk", "4135550189", "12 Main St\nFax 413-555-0189", "County Court", True),
        ("Dr. Featherstone", "4135550111", "Ann Featherstone\n12 Main St", "", True),
        # Of one town and street, and both a law office: two all the same.
        (
            "Boston Main Law Group",
            "6175550111",
            "Vera Case\n12 Main St\nBoston, MA 02118",
            "",
            False,
        ),
        ("Law Clinic", "6175550111", "Clinic of Law\n12 Main St", "Court", False),
    ],
)
def test_who_is_written_in_two_ways_is_told_by_name_or_number_not_by_the_town(
    sent_to: str, number: str, deliver_to: str, requester: str, same: bool
) -> None:
    asked_by = rights.recipient_of(deliver_to, requester)

    assert rights.is_same_recipient(rights.Recipient(sent_to, number), asked_by) is same
