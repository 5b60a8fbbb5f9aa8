"""The weeks beside the one shown: read and painted while the hands are free, and never wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from medsec_desktop.domain.calendar import Span
from medsec_desktop.services.calendar.hours_records import ExceptionDraft
from medsec_desktop.services.practice import settings
from tests.conftest import an_appointment
from tests.ui.test_calendar import a_tab, ada, chen, desk, follow_up, okafor  # noqa: F401

WEEK = timedelta(days=7)


@pytest.fixture
def tab(qtbot, desk, ada, chen):  # noqa: F811
    """A work week with a visit in the one after it, at rest."""
    for at in ("2026-03-12T10:00", "2026-03-19T10:00"):
        an_appointment(desk.office.session, ada, chen, at)
    tab = a_tab(qtbot, desk)
    tab.show_view("work_week")
    tab.show_who("provider")
    qtbot.waitUntil(lambda: tab.ahead.is_done)
    tab.grid.viewport().repaint()
    return tab


def starts(tab):
    return [place.visit.starts_at.isoformat(timespec="minutes") for place in tab.grid.places]


def looks_as_if_painted_now(tab):
    tab.grid.viewport().repaint()
    shown = tab.grid._layer.toImage()
    tab.grid._look._grounds.clear()  # the hours below are kept as well
    tab.grid.redraw()
    tab.grid.viewport().repaint()
    return tab.grid._layer.toImage() == shown


def test_the_weeks_beside_the_one_looked_at_are_there_at_once(tab, desk, monkeypatch):  # noqa: F811
    shown = tab.day
    monkeypatch.setattr(desk.office.views, "grid", lambda *_, **__: pytest.fail("it was read"))

    tab.step(7)
    assert tab.day == shown + WEEK
    assert starts(tab) == ["2026-03-19T10:00"]
    assert looks_as_if_painted_now(tab)
    tab.step(-7)

    assert starts(tab) == ["2026-03-12T10:00"]
    assert looks_as_if_painted_now(tab)


def test_what_was_booked_or_moved_meanwhile_is_shown(tab, desk, ada, chen, qtbot):  # noqa: F811
    an_appointment(desk.office.session, ada, chen, "2026-03-20T09:00")

    tab.step(7)
    assert starts(tab) == ["2026-03-19T10:00", "2026-03-20T09:00"]
    assert looks_as_if_painted_now(tab)
    qtbot.waitUntil(lambda: tab.ahead.is_done)
    desk.office.session.undo()
    assert starts(tab) == ["2026-03-19T10:00"]
    tab.step(-7)
    tab.step(7)

    assert starts(tab) == ["2026-03-19T10:00"]


def an_exception(office, provider_id, day):
    """Other hours for the week of `day`, and no more: its columns look different below the visits."""
    days = [day + timedelta(days=number) for number in range(-3, 4)]
    office.hours.save_exception(
        ExceptionDraft(days[0], days[-1], (Span(600, 700),), provider_id=provider_id)
    )


def test_a_picture_is_painted_anew_where_it_would_look_different(tab, desk, chen, qtbot):  # noqa: F811
    changes = (
        lambda: tab.grid.zoom_by(1),
        lambda: tab.colour_by("status"),
        lambda: tab.grid.verticalScrollBar().setValue(0),
        lambda: tab.resize(1000, 600),
        lambda: desk.theme.set_dark(True),
        lambda: desk.office.practice.put(settings.CLOCK_24H, True),
        lambda: an_exception(desk.office, chen, tab.day + WEEK),
    )

    for number, change in enumerate(changes):
        qtbot.waitUntil(lambda: tab.ahead.is_done)
        tab.grid.viewport().repaint()
        change()
        tab.step(-7 if number % 2 else 7)

        assert looks_as_if_painted_now(tab), number
    desk.theme.set_dark(False)


def test_the_clock_makes_what_was_read_ahead_old(tab, desk, clock, monkeypatch):  # noqa: F811
    read = []
    grid = desk.office.views.grid
    monkeypatch.setattr(
        desk.office.views, "grid", lambda *a, **k: (read.append(a), grid(*a, **k))[1]
    )
    clock.advance(timedelta(minutes=2))

    tab.step(7)

    assert len(read) == 1


def test_nothing_is_read_for_a_calendar_nobody_looks_at(tab, qtbot):
    tab.step(7)
    assert not tab.ahead.is_done

    tab.hide()

    assert tab.ahead.is_done
