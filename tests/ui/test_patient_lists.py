"""The two lists over all patients: insurance to verify, referrals to chase."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt

from medsec_desktop.domain.insurance import Result
from medsec_desktop.domain.patients import CoverageDraft
from medsec_desktop.domain.permissions import Role
from medsec_desktop.domain.referrals import Direction, Step
from medsec_desktop.services.patients.coverage_records import NewPayer
from medsec_desktop.services.patients.referral_records import PhysicianDraft, ReferralDraft
from medsec_desktop.ui.calendar.booking.visit_card import VisitCard
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient, a_provider, a_user, an_appointment
from tests.ui.scripted import ScriptedPrompts

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def window(office, qtbot):
    desk = make_desk(office, Theme(), jobs=InlineJobs(), prompts=ScriptedPrompts())
    window = MainWindow(desk, unlock=lambda *_: None)
    window.resize(1366, 768)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def people(office, session, chen):
    """Ada and Bea with insurance nobody asked about, Cleo without any; all come tomorrow."""
    harbor = office.coverages.add_payer(NewPayer("Harbor Health", phone="617 555 0142"))
    ids = [a_patient(session, given=name) for name in ("Ada", "Bea", "Cleo")]
    for place, patient in enumerate(ids):
        an_appointment(session, patient, chen, f"2026-03-12T1{place}:00")
    for patient in ids[:2]:
        office.coverages.save(patient, CoverageDraft(harbor, member_id=f"HH-{patient}"))
    return ids


def names(page):
    rows = (page.table.order.index(at, 0).data(Qt.ItemDataRole.UserRole)
            for at in range(page.table.order.rowCount()))  # fmt: skip
    return [row.patient_name.rpartition(" ")[2] for row in rows]


def test_one_key_each_works_the_list_off(window, office, session, qtbot, people):
    window.desk.actions.trigger("list.insurance")  # Ctrl+Alt+8
    page = window.tab.pages.currentWidget()
    assert names(page) == ["Ada", "Bea", "Cleo"]
    assert page.card.phone.text() == "(617) 555-0142"
    assert "Member HH-1" in page.card.numbers.text()
    assert page.table.hasFocus()

    qtbot.keyClick(page.table, Qt.Key.Key_1)
    assert names(page) == ["Bea", "Cleo"]
    (answer,) = office.coverages.of(people[0])[0].verifications
    assert (answer.result, answer.by) == (Result.ACTIVE, "Olive Owner")
    page.card.how.set_value("portal")
    qtbot.keyClicks(page.card.reference, "TX 7")
    qtbot.keyClicks(page.card.copay, "lots")
    qtbot.keyClick(page.card.copay, ENTER)
    qtbot.keyClick(page.table, Qt.Key.Key_2)
    assert page.card.copay_field.has_problem
    page.card.copay.setText("30")
    qtbot.mouseClick(page.card.outcomes.buttons[1], Qt.MouseButton.LeftButton)
    (answer,) = office.coverages.of(people[1])[0].verifications
    assert (answer.result, answer.how, answer.reference) == (Result.INACTIVE, "portal", "TX 7")
    assert page.current.patient_name.endswith("Cleo")  # past the one that was denied
    assert not page.card.outcomes.isVisible()
    session.undo()
    assert office.coverages.of(people[1])[0].verifications == ()

    qtbot.keyClick(page.table, ESC)
    assert window.tab.pages.currentWidget() is window.tab.finding


def test_somebody_without_insurance_gets_some_from_the_list(window, office, qtbot, people):
    page = window.go.patient_list("insurance")
    page.table.selectRow(2)

    qtbot.mouseClick(page.card.add_button, Qt.MouseButton.LeftButton)

    assert window.tab.patient_id == people[2]
    assert window.tab.file.coverages.form.isVisible()
    qtbot.keyClicks(window.tab.file.coverages.form.fields["member_id"], "X-1")
    window.tab.file.coverages.form.leave()
    (draft,) = window.desk.drafts.waiting()
    window.show_tab("today")
    window.desk.drafts.resume(draft.id)
    assert window.tab.file.coverages.form.text("member_id") == "X-1"


def test_an_empty_list_says_so_and_today_leads_to_a_full_one(window, office, qtbot, session, chen):
    page = window.go.patient_list("insurance")
    assert page.nothing.isVisible()
    an_appointment(session, a_patient(session), chen)
    assert names(page) == ["Ada"]

    window.show_tab("today")
    queue = window.tab.beside.queue
    qtbot.waitUntil(lambda: any(row.value.kind == "insurance" for row in queue.rows.rows))
    row = next(row for row in queue.rows.rows if row.value.kind == "insurance")
    window.tab.beside._open(row.value)

    assert window.tab.pages.currentWidget() is page


def test_referrals_are_chased_by_key(window, office, session, clock, qtbot):
    vega = office.referrals.add_physician(PhysicianDraft("Vega", "Luz", phone="617 555 0190"))
    ada, bea = (a_patient(session, given=name) for name in ("Ada", "Bea"))
    first = office.referrals.save(
        ada, ReferralDraft(Direction.OUT, other_provider_id=vega, chase_on=date(2026, 3, 9))
    )
    office.referrals.save(bea, ReferralDraft(Direction.OUT, other_provider_id=vega))
    window.desk.actions.trigger("list.referrals")
    page = window.tab.pages.currentWidget()
    assert names(page) == ["Ada"]
    assert window.tab.patient_at_hand == ada, "a letter or a fax is about the one in front"
    assert (page.phone.text(), page.awaited.text()) == ("(617) 555-0190", "Send it")
    page.all_box.click()
    assert names(page) == ["Ada", "Bea"]
    page.table.selectRow(0)

    qtbot.keyClick(page.table, Qt.Key.Key_1)
    assert office.referrals.one(first).step is Step.SENT
    page.table.selectRow(names(page).index("Ada"))
    qtbot.keyClick(page.table, Qt.Key.Key_2)
    assert office.referrals.one(first).chase_on == date(2026, 3, 18)
    page.table.selectRow(names(page).index("Ada"))
    qtbot.keyClick(page.table, Qt.Key.Key_4)
    page.steps.step.set_value(Step.BOOKED)
    qtbot.keyClicks(page.steps.day, "4/2/2026")
    qtbot.keyClick(page.steps.day, ENTER)
    assert office.referrals.one(first).their_visit_on == date(2026, 4, 2)
    assert page.table.hasFocus()


def test_an_incoming_referral_is_booked_and_has_its_visit(window, office, session, qtbot, chen):
    other = a_provider(session, "Okafor", position=1)
    ada = a_patient(session, primary_provider_id=chen)
    number = office.referrals.save(
        ada, ReferralDraft(Direction.IN, other, specialty="Family medicine", reason="Cough",
                           chase_on=date(2026, 3, 11)),
    )  # fmt: skip
    office.referrals.take_step(number, 1, Step.ACCEPTED)
    page = window.go.patient_list("referrals")
    page.all_box.setChecked(True)
    assert page.outcomes.buttons[0].accessibleName() == "Book a visit"

    qtbot.keyClick(page.table, Qt.Key.Key_1)
    pane = window.tab_named("calendar").pane
    assert (pane.provider.value(), pane.reason_line.text()) == (other, "Cough")
    pane.set_time(None, datetime(2026, 3, 12, 10))
    pane.look()
    assert "Insurance: not ready" in pane.insurance.accessibleName()
    pane.save()

    row = office.referrals.one(number)
    assert (row.step, row.visit_at) == (Step.BOOKED, datetime(2026, 3, 12, 10))
    window.go.show_day(date(2026, 3, 12), row.appointment_id)
    card = window.tab.findChild(VisitCard)
    assert card.readiness.isVisible()
    assert "No insurance on file." in card.readiness.accessibleName()


def test_who_may_only_read_answers_nothing(window, office, session, qtbot, people):
    session.switch_user(a_user(session, role=Role.READ_ONLY))
    page = window.go.patient_list("insurance")

    qtbot.keyClick(page.table, Qt.Key.Key_1)

    assert not page.card.outcomes.isVisible()
    assert office.coverages.of(people[0])[0].verifications == ()
