"""Unfinished work survives everything but being finished."""

from __future__ import annotations

from datetime import timedelta

import pytest

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.problems import Conflict
from medsec_desktop.services.drafts import Drafts
from medsec_desktop.services.session import Session
from tests.conftest import a_user


def test_what_was_typed_is_there_again(session: Session) -> None:
    drafts = Drafts(session)

    draft = drafts.save(None, "booking", "Booking for Ada", None, {"reason": "Ärztin, 3 o’clock"})

    assert drafts.state(draft) == {"reason": "Ärztin, 3 o’clock"}
    assert not drafts.all()[0].is_parked


def test_typing_on_replaces_the_draft(session: Session, clock: FixedClock) -> None:
    drafts = Drafts(session)
    draft = drafts.save(None, "booking", "Booking", None, {"reason": "c"})
    clock.advance(timedelta(seconds=3))

    assert drafts.save(draft, "booking", "Booking", 1, {"reason": "cough"}) == draft

    assert [(row.id, row.patient_id) for row in drafts.all()] == [(draft, 1)]
    assert drafts.state(draft) == {"reason": "cough"}


def test_a_parked_draft_waits_until_it_is_taken_up(session: Session) -> None:
    drafts = Drafts(session)
    draft = drafts.save(None, "patient", "New patient", None, {"family": "Te"})

    drafts.park(draft)
    assert drafts.all()[0].is_parked

    assert drafts.take_up(draft) == {"family": "Te"}
    assert not drafts.all()[0].is_parked


def test_a_draft_let_go_is_gone_and_can_be_brought_back(session: Session) -> None:
    drafts = Drafts(session)
    draft = drafts.save(None, "patient", "New patient", None, {"family": "Te"})
    drafts.park(draft)
    row, state = drafts.all()[0], drafts.state(draft)

    drafts.discard(draft)
    with pytest.raises(Conflict, match="no longer there"):
        drafts.state(draft)

    drafts.restore(row, state)
    assert [(r.title, r.is_parked) for r in drafts.all()] == [("New patient", True)]


def test_everybody_sees_her_own_drafts_only(session: Session) -> None:
    drafts = Drafts(session)
    drafts.save(None, "patient", "Olive’s", None, {"family": "Te"})

    session.switch_user(a_user(session))

    assert drafts.all() == ()


def test_a_draft_is_no_change_to_anybodys_file(session: Session) -> None:
    before = session.history()[0].id

    Drafts(session).save(None, "patient", "New patient", None, {"family": "Te"})

    assert session.history()[0].id == before


def test_who_goes_on_at_the_open_window_keeps_what_she_types_herself(session: Session) -> None:
    drafts = Drafts(session)
    owner = session.user
    first = drafts.save(None, "booking", "Booking", None, {"reason": "cough"})
    session.switch_user(a_user(session))

    second = drafts.save(first, "booking", "Booking", None, {"reason": "cough and fever"})

    assert [row.id for row in drafts.all()] == [second]
    session.switch_user(owner)
    assert [(row.id, drafts.state(row.id)) for row in drafts.all()] == [
        (first, {"reason": "cough"})
    ]
