"""Authorizations in a patient's file, by key and mouse."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from medsec_desktop.domain.permissions import Role
from medsec_desktop.services.patients.authorizations import AuthorizationDraft
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.patients.tab import PatientsTab
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient, a_provider, a_user, an_appointment
from tests.ui.test_calendar import Navigated
from tests.ui.test_patient_insurance import said, typed

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def tab(office, qtbot):
    desk = make_desk(office, Theme(), jobs=InlineJobs())
    desk.go = Navigated()
    tab = PatientsTab(desk)
    desk.bus.changed.connect(tab.refresh)
    tab.resize(1200, 700)
    qtbot.addWidget(tab)
    tab.show()
    qtbot.waitExposed(tab)
    yield tab
    tab.hide()
    desk.drafts.close()


def opened(tab, patient_id):
    tab.open_patient(patient_id)
    return tab.file.authorizations


def test_an_authorization_is_written_down_and_counted(tab, office, session, qtbot, ada):
    chen = a_provider(session)
    section = opened(tab, ada)
    form = section.form
    assert "None on file." in said(section)

    qtbot.mouseClick(section.add_button, LEFT)
    qtbot.keyClicks(tab.window().focusWidget(), "PA-77")
    typed(qtbot, form, "visits_allowed", "6")
    typed(qtbot, form, "codes", "97110")
    typed(qtbot, form, "ends_on", "6/30/2026")
    qtbot.keyClick(form.fields["ends_on"], Qt.Key.Key_Return)

    (row,) = office.authorizations.of(ada)
    assert (row.number, row.allowed, row.ends_on) == ("PA-77", 6, date(2026, 6, 30))
    assert "0 of 6 visits used" in said(section)
    an_appointment(session, ada, chen, authorization_id=row.id)
    assert "1 of 6 visits used" in said(section)
    assert "Only 5 visits left." in said(section)


def test_units_are_told_as_units_with_what_others_used(tab, office, session, qtbot, ada):
    section = opened(tab, ada)
    section.edit(None)
    form = section.form
    typed(qtbot, form, "number", "PA-8")
    typed(qtbot, form, "visits_allowed", "12")
    form.fields["counts"].set_value("units")
    typed(qtbot, form, "used_elsewhere", "8")
    qtbot.keyClick(form.fields["used_elsewhere"], Qt.Key.Key_Return)

    told = said(section)
    assert "8 of 12 units used  ·  8 of them elsewhere" in told
    assert "Only 4 units left." in told
    session.undo()
    assert "None on file." in said(section)


@pytest.mark.parametrize(
    ("number", "allowed", "field"), [("", "6", "number"), ("PA", "many", "visits_allowed")]
)
def test_what_cannot_be_is_told_at_its_field(tab, office, qtbot, ada, number, allowed, field):
    section = opened(tab, ada)
    section.edit(None)
    section.form.put({"number": number, "visits_allowed": allowed})

    section.form.save()

    assert section.form.labelled[field].has_problem
    assert office.authorizations.of(ada) == ()


def test_what_is_typed_outlives_a_change_elsewhere(tab, session, ada):
    chen = a_provider(session)
    section = opened(tab, ada)
    section.edit(None)
    section.form.put({"number": "PA-1"})

    an_appointment(session, ada, chen)

    assert section.form.isVisible()
    assert section.form.text("number") == "PA-1"


def test_an_authorization_is_changed_and_removed(tab, office, qtbot, ada):
    office.authorizations.save(ada, AuthorizationDraft("PA-1", 3))
    section = opened(tab, ada)

    section.edit(office.authorizations.of(ada)[0])
    section.form.put({"visits_allowed": "12"})
    qtbot.mouseClick(section.form.save_button, LEFT)
    assert office.authorizations.of(ada)[0].allowed == 12

    section.edit(office.authorizations.of(ada)[0])
    qtbot.mouseClick(section.form.remove_button, LEFT)
    assert office.authorizations.of(ada) == ()


def test_escape_closes_the_form_and_keeps_the_file_open(tab, qtbot, ada):
    section = opened(tab, ada)
    section.edit(None)

    qtbot.keyClick(section.form.fields["number"], Qt.Key.Key_Escape)

    assert not section.form.isVisible()
    assert tab.file.isVisible()


def test_who_may_not_change_files_is_offered_nothing(tab, session, ada):
    session.switch_user(a_user(session, role=Role.READ_ONLY))

    assert not opened(tab, ada).add_button.isVisible()


def test_a_moved_visit_stands_in_the_file_once_where_it_went(tab, office, session, ada):
    visit_id = an_appointment(session, ada, a_provider(session))
    row = office.calendar.appointment(visit_id).row
    office.calendar.reschedule(visit_id, 1, row.starts_at + timedelta(hours=2), 30, row.provider_id)

    (visit,) = office.patients.visits(ada)
    assert visit.starts_at.hour == 12
