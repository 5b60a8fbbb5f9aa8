"""How far a letter may go, and where it may not."""

from __future__ import annotations

from datetime import date

import pytest

from medsec_desktop.domain.letter_states import (
    LetterStatus,
    may_become,
    next_step,
    step_back,
    turnaround_days,
)

S = LetterStatus


def test_a_letter_goes_from_the_dictation_to_the_post() -> None:
    path, status = [], S.DICTATED
    while (following := next_step(status)) is not None:
        path.append(status := following)

    assert path == [S.TYPED, S.CHECKED, S.SIGNED, S.SENT]


@pytest.mark.parametrize("status", S)
def test_only_what_is_void_cannot_be_voided(status: LetterStatus) -> None:
    assert may_become(status, S.VOID) is (status is not S.VOID)


@pytest.mark.parametrize(
    ("status", "then"),
    [(S.DICTATED, S.SIGNED), (S.TYPED, S.SENT), (S.SENT, S.SIGNED), (S.SIGNED, S.TYPED),
     (S.FILED, S.TYPED), (S.SENT, S.FILED), (S.VOID, S.SENT)],
)  # fmt: skip
def test_nothing_leaves_unsigned_and_nothing_archived_is_typed_again(
    status: LetterStatus, then: LetterStatus
) -> None:
    assert not may_become(status, then)


def test_a_checker_may_be_left_out_and_may_send_a_letter_back() -> None:
    assert may_become(S.TYPED, S.SIGNED)
    assert step_back(S.CHECKED) is S.TYPED
    assert step_back(S.SIGNED) is None


def test_what_earlier_programs_printed_is_out_and_may_be_printed_again() -> None:
    assert S.PRINTED.is_out
    assert next_step(S.PRINTED) is None
    assert may_become(S.PRINTED, S.SENT)


def test_turnaround_is_told_in_days() -> None:
    assert turnaround_days(date(2026, 3, 11), date(2026, 3, 16)) == 5
    assert turnaround_days(date(2026, 3, 11), date(2026, 3, 11)) == 0
