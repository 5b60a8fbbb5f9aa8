"""How far claims come, and that none falls through the nets."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.claims.claim import Insured, OtherCoverage
from medsec_desktop.domain.claims.deadlines import counted_from
from medsec_desktop.domain.claims.life import (
    ClaimStatus,
    Net,
    Watched,
    caught,
    is_sealed,
    may_become,
)
from tests.domain.claims.builders import DAY, payer, plain_claim

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("way", "is_allowed"),
    [
        ("draft checked ready sent accepted decided closed", True),
        ("draft checked ready sent rejected draft checked ready sent", True),
        ("sent decided replaced", True),
        ("closed decided", True),
        ("draft ready", False),
        ("draft sent", False),
        ("sent draft", False),
        ("accepted draft", False),
        ("void draft", False),
        ("replaced sent", False),
    ],
)
def test_a_claim_goes_its_way_and_no_other(way: str, is_allowed: bool) -> None:
    steps = [ClaimStatus(word) for word in way.split()]

    allowed = all(may_become(a, b) for a, b in pairwise(steps))

    assert allowed == is_allowed


def test_what_left_never_becomes_a_draft_again() -> None:
    for status in ClaimStatus:
        if is_sealed(status):
            assert not may_become(status, ClaimStatus.DRAFT), status


def test_each_net_catches_its_own_the_oldest_first() -> None:
    old, new = TODAY - timedelta(40), TODAY - timedelta(5)
    found = caught(
        [
            Watched("visit", new),
            Watched("older visit", old),
            Watched("free", old, is_not_billable=True),
            Watched("coming", TODAY + timedelta(1)),
            Watched("draft", new, ClaimStatus.DRAFT),
            Watched("came back", old, ClaimStatus.REJECTED, sent_on=old, answered_on=new),
            Watched("silent", old, ClaimStatus.SENT, sent_on=old),
            Watched("fresh", old, ClaimStatus.SENT, sent_on=new),
            Watched("answered", old, ClaimStatus.ACCEPTED, sent_on=old, answered_on=new),
            Watched("long accepted", old, ClaimStatus.ACCEPTED, sent_on=old, answered_on=old),
            Watched("paid", old, ClaimStatus.DECIDED, sent_on=old),
        ],
        TODAY,
    )

    assert {net: [one.id for one in those] for net, those in found.items()} == {
        Net.NOT_BILLED: ["older visit", "visit"],
        Net.NOT_SENT: ["came back", "draft"],
        Net.NO_ANSWER: ["long accepted", "silent"],
    }


@given(
    st.builds(
        Watched,
        st.text(max_size=3),
        st.dates(date(2026, 1, 1), TODAY),
        st.none() | st.sampled_from(ClaimStatus),
    )
)
def test_what_is_still_owed_work_hangs_in_exactly_one_net(one: Watched) -> None:
    nets = [net for net, those in caught([one], TODAY, timedelta(0)).items() if those]

    is_done = one.status in (
        ClaimStatus.DECIDED, ClaimStatus.CLOSED, ClaimStatus.REPLACED, ClaimStatus.VOID,
    )  # fmt: skip
    assert len(nets) == (0 if is_done else 1)


def test_who_pays_second_counts_from_the_first_ones_decision_but_medicare_does_not() -> None:
    claim = plain_claim()
    assert counted_from(claim) == DAY
    other = OtherCoverage(Insured(rank="P"), payer(), paid_on=DAY + timedelta(40))
    claim.insured.rank, claim.others = "S", (other,)

    assert counted_from(claim) == DAY + timedelta(40)
    claim.insured.filing = "MB"
    assert counted_from(claim) == DAY
    claim.lines = ()
    assert counted_from(claim) is None
