"""The light for a visit: each rule in words, and what it asks somebody to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.insurance import (
    AuthorizationUse,
    CoverageFacts,
    Held,
    Insurance,
    Light,
    Matter,
    Readiness,
    ReferralFacts,
    Result,
    VisitFacts,
    overlap_sentence,
    readiness,
)

TODAY = date(2026, 3, 11)
DAY = date(2026, 3, 20)
VISIT = VisitFacts(DAY)
GOOD = CoverageFacts(1, "Harbor Health", member_id="HH-1", asked_on=TODAY)
PA = AuthorizationUse(7, "PA-1", 12, 3)


def light(who: Insurance, visit: VisitFacts = VISIT) -> Readiness:
    return readiness(who, visit, TODAY, Formats())


def test_a_verified_complete_coverage_is_green_and_says_so() -> None:
    found = light(Insurance([GOOD]))

    assert (found.light, found.word) == (Light.GREEN, "Ready")
    assert [finding.text for finding in found.findings] == ["Harbor Health: verified today"]
    assert found.open == ()


def test_a_day_to_which_no_answer_of_today_would_hold_is_asked_about_nearer_to_it() -> None:
    far = VisitFacts(date(2026, 6, 3))

    found = light(Insurance([replace(GOOD, asked_on=date(2026, 1, 5))]), far)

    assert found.light == Light.GREEN
    assert found.findings[0].text == (
        "Harbor Health: verified 01/05/2026, to be asked again nearer to the day"
    )
    assert light(Insurance([replace(GOOD, asked_on=None)]), far).light == Light.AMBER


RED, AMBER = Light.RED, Light.AMBER
CASES = [
    ("nothing on file", [], RED, Matter.NO_COVERAGE, "No insurance on file"),
    (
        "ended before the day",
        [replace(GOOD, held=Held(None, date(2026, 2, 28)))],
        RED, Matter.NO_COVERAGE, "Harbor Health expired 02/28/2026",
    ),
    (
        "begins after the day",
        [replace(GOOD, held=Held(date(2026, 4, 1)))],
        RED, Matter.NO_COVERAGE, "Harbor Health has not begun before 04/01/2026",
    ),
    (
        "only a secondary one",
        [replace(GOOD, rank="secondary")],
        AMBER, Matter.NO_PRIMARY, "No coverage is primary: Harbor Health is secondary",
    ),
    (
        "two primaries",
        [GOOD, replace(GOOD, id=2, payer="Tidewater")],
        AMBER, Matter.TWO_AT_ONCE, "Harbor Health and Tidewater are both primary that day",
    ),
    (
        "never asked",
        [replace(GOOD, asked_on=None)],
        AMBER, Matter.VERIFICATION, "Harbor Health: not verified yet",
    ),
    (
        "asked too long before the visit",
        [replace(GOOD, asked_on=DAY - timedelta(days=31))],
        AMBER, Matter.VERIFICATION, "Harbor Health: last verified 02/17/2026",
    ),
    (
        "the payer said no",
        [replace(GOOD, result=Result.INACTIVE)],
        RED, Matter.VERIFICATION, "Harbor Health: not active, it said today",
    ),
    (
        "the payer did not know her",
        [replace(GOOD, result=Result.NOT_FOUND, asked_on=date(2026, 3, 9))],
        RED, Matter.VERIFICATION, "Harbor Health: did not find the patient on 03/09/2026",
    ),
    (
        "the payer was not clear",
        [replace(GOOD, result=Result.UNCLEAR)],
        AMBER, Matter.VERIFICATION, "Harbor Health: gave no clear answer today",
    ),
    (
        "no member id",
        [replace(GOOD, member_id="")],
        RED, Matter.MEMBER_ID, "Harbor Health: the member id is missing",
    ),
    (
        "nothing known of the subscriber",
        [replace(GOOD, subscriber_relation="spouse")],
        AMBER, Matter.SUBSCRIBER,
        "Harbor Health: the subscriber’s name, date of birth and address are missing",
    ),
    (
        "a subscriber without a date of birth",
        [replace(GOOD, subscriber_relation="child", subscriber_name="Testperson, Bo",
                 has_subscriber_address=True)],
        AMBER, Matter.SUBSCRIBER, "Harbor Health: the subscriber’s date of birth is missing",
    ),
    (
        "authorization wanted, none there",
        [replace(GOOD, needs_authorization=True)],
        RED, Matter.AUTHORIZATION,
        "Harbor Health wants an authorization, and there is none for that day",
    ),
    (
        "referral wanted, none there",
        [replace(GOOD, needs_referral=True)],
        RED, Matter.REFERRAL, "Harbor Health wants a referral, and none is on file",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("coverages", "worst", "matter", "text"), [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)  # fmt: skip
def test_what_is_in_the_way_is_said_with_what_to_do(coverages, worst, matter, text) -> None:
    found = light(Insurance(coverages))

    assert found.light == worst
    assert [(one.matter, one.text) for one in found.open] == [(matter, text)]
    assert found.open[0].remedy.endswith(".")


@pytest.mark.parametrize(
    ("leave", "visit", "worst", "text"),
    [
        (PA, VisitFacts(DAY, 7, True), Light.GREEN, ""),
        (replace(PA, used=8), VisitFacts(DAY, 7, True), AMBER, "Authorization PA-1: 4 visits left"),
        (replace(PA, used=12), VisitFacts(DAY, 7, True), AMBER, "Last visit on authorization PA-1"),
        (replace(PA, used=13), VisitFacts(DAY, 7, True), RED,
         "Authorization PA-1 is used up: 13 of 12 visits"),
        (replace(PA, used=12), VISIT, RED, "Authorization PA-1 is used up: 12 of 12 visits"),
        (replace(PA, allowed=1, used=1), VISIT, RED, "Authorization PA-1 is used up: 1 of 1 visit"),
        (replace(PA, used=12, counts="units"), VISIT, RED,
         "Authorization PA-1 is used up: 12 of 12 units"),
        (replace(PA, used=11, counts="units"), VISIT, AMBER, "Authorization PA-1: 1 unit left"),
        (replace(PA, held=Held(None, date(2026, 3, 19))), VisitFacts(DAY, 7, True), RED,
         "Authorization PA-1 ended 03/19/2026"),
        (replace(PA, held=Held(date(2026, 3, 21))), VisitFacts(DAY, 7, True), RED,
         "Authorization PA-1 begins only 03/21/2026"),
        (replace(PA, held=Held(None, date(2026, 3, 19))), VISIT, Light.GREEN, ""),
    ],
)  # fmt: skip
def test_an_authorization_says_how_it_stands(leave, visit, worst, text) -> None:
    found = light(Insurance([GOOD], [leave]), visit)

    assert found.light == worst
    assert [one.text for one in found.open] == ([text] if text else [])


def test_a_visit_the_payer_wants_authorized_should_be_counted_on_what_there_is() -> None:
    found = light(Insurance([replace(GOOD, needs_authorization=True)], [PA]))

    assert found.light == AMBER
    assert found.open[0].text == "The visit is not counted on authorization PA-1"


@pytest.mark.parametrize(
    ("held", "texts"),
    [
        (Held(None, DAY), []),
        (
            Held(None, date(2026, 3, 1)),
            ["Harbor Health wants a referral, and the last one ended 03/01/2026"],
        ),
        (Held(date(2026, 4, 1)), ["Harbor Health wants a referral, and none is on file"]),
    ],
)
def test_a_referral_must_hold_on_the_day(held, texts) -> None:
    who = Insurance([replace(GOOD, needs_referral=True)], referrals=[ReferralFacts("R-1", held)])

    assert [one.text for one in light(who).open] == texts


def test_a_secondary_coverage_is_never_worse_than_amber() -> None:
    second = replace(
        GOOD, id=2, rank="secondary", member_id="", result=Result.INACTIVE,
        needs_authorization=True, needs_referral=True,
    )  # fmt: skip

    found = light(Insurance([GOOD, second]))

    assert found.light == AMBER
    assert {one.matter for one in found.open} == {
        Matter.MEMBER_ID, Matter.VERIFICATION, Matter.AUTHORIZATION, Matter.REFERRAL,
    }  # fmt: skip


def test_the_worst_comes_first_and_decides_the_light() -> None:
    found = light(Insurance([replace(GOOD, member_id="", asked_on=None)]))

    assert found.light == RED
    assert [one.light for one in found.findings] == [RED, AMBER]


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (Held(), "Harbor Health is primary from 01/01/2026 on as well."),
        (Held(None, date(2026, 1, 1)),
         "Harbor Health is primary from 01/01/2026 to 01/01/2026 as well."),
        (Held(None, date(2025, 12, 31)), ""),
    ],
)  # fmt: skip
def test_two_of_a_rank_on_one_day_are_told_in_a_sentence(held, sentence) -> None:
    other = replace(GOOD, held=Held(date(2026, 1, 1)))

    assert overlap_sentence("primary", held, [other], Formats()) == sentence
    assert overlap_sentence("secondary", held, [other], Formats()) == ""
