"""Who pays, in a patient's file: by key and mouse."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel

from medsec_desktop.domain.insurance import Result
from medsec_desktop.domain.patients import CoverageDraft
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import RelatedPerson
from medsec_desktop.services.patients.card_scans import Side
from medsec_desktop.services.patients.coverage_records import NewPayer
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.patients.card_strip import CardPreview
from medsec_desktop.ui.patients.coverage_form import NEW_PAYER
from medsec_desktop.ui.patients.tab import PatientsTab
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient, a_provider, a_user, an_appointment
from tests.papers import a_pdf
from tests.ui.scripted import ScriptedPrompts
from tests.ui.test_calendar import Navigated

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def harbor(office):
    return office.coverages.add_payer(NewPayer("Harbor Health", phone="617 555 0142"))


@pytest.fixture
def tidewater(office):
    return office.coverages.add_payer(NewPayer("Tidewater Mutual"))


@pytest.fixture
def tab(office, qtbot):
    desk = make_desk(office, Theme(), jobs=InlineJobs(), prompts=ScriptedPrompts())
    desk.go = Navigated()
    tab = PatientsTab(desk)
    desk.bus.changed.connect(tab.refresh)
    tab.resize(1200, 900)
    qtbot.addWidget(tab)
    tab.show()
    qtbot.waitExposed(tab)
    yield tab
    tab.hide()
    desk.drafts.close()


def opened(tab, patient_id):
    tab.open_patient(patient_id)
    QCoreApplication.processEvents()  # its boxes stand where they are clicked with the next event
    return tab.file.coverages


def said(widget):
    QCoreApplication.processEvents()  # what was put in just now shows itself with the next event
    return " | ".join(
        label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)
    )


def typed(qtbot, form, name, text):
    form.fields[name].setFocus()
    qtbot.keyClicks(form.fields[name], text)


def test_a_coverage_of_a_new_payer_held_by_her_mother_is_written_down(
    tab, office, session, qtbot, ada
):
    with session.change("People", Permission.EDIT_PATIENTS):
        RelatedPerson.create(patient_id=ada, name="Testperson, Cleo", relation="mother",
                             birth_on="1960-01-02", line1="1 Elm St", city="Salem", state="MA")  # fmt: skip
    section = opened(tab, ada)
    assert "No coverage on file: self-pay." in said(section)
    assert section.light.word.text() == "Not ready for today"

    qtbot.mouseClick(section.add_button, LEFT)
    form = section.form
    form.fields["payer_id"].set_value(NEW_PAYER)
    typed(qtbot, form, "payer_name", "Cedar Plan")
    typed(qtbot, form, "member_id", "CP-1")
    typed(qtbot, form, "copay_cents", "25")
    form.fields["subscriber_relation"].set_value("child")
    form.fields["holder"].set_value("person:0")
    assert form.text("subscriber_name") == "Testperson, Cleo"
    typed(qtbot, form, "starts_on", "1/1/2026")
    qtbot.keyClick(form.fields["starts_on"], ENTER)

    (one,) = office.coverages.of(ada)
    assert (one.payer_name, one.draft.member_id, one.draft.copay_cents) == (
        "Cedar Plan",
        "CP-1",
        2500,
    )
    assert (one.draft.subscriber_birth_on, one.draft.subscriber_city) == (date(1960, 1, 2), "Salem")
    assert one.draft.starts_on == date(2026, 1, 1)
    assert not form.isVisible()
    assert section.add_button.hasFocus()
    told = said(section)
    assert "Primary: Cedar Plan" in told
    assert "Subscriber: Testperson, Cleo; the patient is a child" in told
    assert "To check for today" in told
    session.undo()
    assert office.coverages.of(ada) == ()


def test_what_cannot_be_is_told_at_its_field_and_two_primaries_at_once(
    tab, office, qtbot, ada, harbor, tidewater
):
    office.coverages.save(ada, CoverageDraft(harbor, starts_on=date(2026, 1, 1)))
    section = opened(tab, ada)
    section.add()
    form = section.form
    assert form.fields["rank"].value() == "secondary"  # the next place that is free

    typed(qtbot, form, "copay_cents", "a lot")
    form.fields["subscriber_relation"].set_value("spouse")
    typed(qtbot, form, "subscriber_state", "Mass")
    qtbot.mouseClick(form.save_button, LEFT)
    assert form.labelled["payer_id"].note.text() == "Choose who pays."
    wrong = {name for name, field in form.labelled.items() if field.has_problem}
    assert wrong == {"payer_id", "copay_cents", "subscriber_name", "subscriber_state"}
    form.fields["subscriber_relation"].set_value("self")
    form.fields["payer_id"].set_value(tidewater)
    qtbot.keyClick(form.fields["copay_cents"], ENTER)
    assert form.labelled["copay_cents"].has_problem
    form.fields["copay_cents"].clear()
    typed(qtbot, form, "starts_on", "someday")
    qtbot.keyClick(form.fields["starts_on"], ENTER)
    assert form.labelled["starts_on"].has_problem
    assert len(office.coverages.of(ada)) == 1

    form.fields["starts_on"].set_value(date(2026, 3, 1))
    form.fields["rank"].set_value("primary")
    assert "Harbor Health is primary from 03/01/2026 on as well." in said(form.overlap)
    qtbot.keyClick(form.fields["member_id"], Qt.Key.Key_S, CTRL)
    form.save()
    assert len(office.coverages.of(ada)) == 2
    assert "Harbor Health is primary" in tab.desk.messages.last.text


def test_coverages_change_places_by_key_and_mouse(tab, office, qtbot, ada, harbor, tidewater):
    first = office.coverages.save(ada, CoverageDraft(harbor))
    second = office.coverages.save(ada, CoverageDraft(tidewater, "secondary"))
    section = opened(tab, ada)
    assert not section.boxes[first].up.isEnabled()

    qtbot.mouseClick(section.boxes[second].up, LEFT)
    assert [one.id for one in office.coverages.of(ada)] == [second, first]
    assert section.boxes[second].down.hasFocus()  # the keys stay with the one that moved
    qtbot.keyClick(section.boxes[second].down, Qt.Key.Key_Down, CTRL)
    assert [one.id for one in office.coverages.of(ada)] == [first, second]
    assert tab.desk.messages.last.undoes is not None

    def drag(escape=False):
        title, below = section.boxes[first].title, section.boxes[second]
        QCoreApplication.processEvents()
        end = title.mapFromGlobal(below.mapToGlobal(QPoint(20, below.height() - 4)))
        qtbot.mousePress(title, LEFT, pos=QPoint(20, 8))
        qtbot.mouseMove(title, QPoint(20, 60))
        qtbot.mouseMove(title, end)
        assert section.order.line.isVisible()
        if escape:
            qtbot.keyClick(title, ESC)
        qtbot.mouseRelease(title, LEFT, pos=end)

    drag(escape=True)
    assert [one.id for one in office.coverages.of(ada)] == [first, second]
    drag()
    assert [one.id for one in office.coverages.of(ada)] == [second, first]
    assert not section.order.line.isVisible()


def test_one_replaces_another_from_a_date_and_the_old_one_is_history(
    tab, office, qtbot, ada, harbor, tidewater
):
    old = office.coverages.save(ada, CoverageDraft(harbor, starts_on=date(2025, 1, 1)))
    section = opened(tab, ada)

    qtbot.mouseClick(section.boxes[old].links["replace"], LEFT)
    form = section.form
    assert "in the place of Harbor Health" in said(form)
    form.fields["starts_on"].set_value(date(2026, 3, 1))
    form.fields["payer_id"].set_value(tidewater)
    typed(qtbot, form, "member_id", "T-1")
    qtbot.keyClick(form.fields["member_id"], ENTER)

    new, ended = office.coverages.of(ada)
    assert (new.payer_name, new.draft.starts_on) == ("Tidewater Mutual", date(2026, 3, 1))
    assert (ended.id, ended.draft.ends_on) == (old, date(2026, 2, 28))
    assert "Harbor Health" not in said(section)
    assert "Show 1 ended coverage" in {
        button.text() for button in section.findChildren(type(section.add_button))
    }
    section.show_more()
    assert "Primary: Harbor Health" in said(section)


def test_two_keystrokes_verify(tab, office, session, qtbot, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor, member_id="1", copay_cents=2000))
    an_appointment(session, ada, a_provider(session))
    section = opened(tab, ada)
    assert section.light.word.text() == "To check for the visit of 03/12/2026"
    tab.file.setFocus()

    tab.desk.actions.trigger("coverage.verify")  # Ctrl+Alt+I
    assert section.verification.fields["reference"].hasFocus()
    qtbot.keyClick(section.verification.fields["reference"], ENTER)

    (answer,) = office.coverages.one(ada, number).verifications
    assert (answer.result, answer.how, answer.by) == (Result.ACTIVE, "phone", "Olive Owner")
    assert section.light.word.text() == "Ready for the visit of 03/12/2026"
    assert "Harbor Health: verified today." in section.light.accessibleName()
    section.verify_next()
    section.verification.fields["result"].set_value(Result.INACTIVE)
    typed(qtbot, section.verification, "copay_cents", "-1")
    qtbot.keyClick(section.verification.fields["copay_cents"], ENTER)
    assert section.verification.labelled["copay_cents"].has_problem
    section.verification.fields["copay_cents"].clear()
    qtbot.mouseClick(section.verification.save_button, LEFT)
    assert section.light.word.text() == "Not ready for the visit of 03/12/2026"
    assert "Ask for a new card." in said(section)
    assert "Show 1 earlier answer" in section.boxes[number].earlier.text()


def test_the_light_answers_for_any_day(tab, office, qtbot, ada, harbor):
    office.coverages.save(ada, CoverageDraft(harbor, ends_on=date(2026, 3, 31)))
    section = opened(tab, ada)

    section.day_edit.setFocus()
    section.day_edit.selectAll()
    qtbot.keyClicks(section.day_edit, "4/2/2026")
    qtbot.keyClick(section.day_edit, ENTER)

    assert section.light.word.text() == "Not ready for 04/02/2026"
    assert "Harbor Health expired 03/31/2026." in said(section)


def test_what_was_typed_is_parked_by_escape_and_resumed(tab, office, qtbot, ada, harbor):
    section = opened(tab, ada)
    section.add()
    form = section.form
    form.fields["payer_id"].set_value(harbor)
    typed(qtbot, form, "member_id", "HH-9")
    form.fields["subscriber_relation"].set_value("spouse")
    form.fields["holder"].set_value("file")
    bo = a_patient(office.session, given="Bo")
    form._on_file.set_patient(bo)

    qtbot.keyClick(form.fields["member_id"], ESC)
    assert not form.isVisible()
    assert tab.file.isVisible()
    (draft,) = tab.desk.drafts.waiting()
    assert draft.title == "Harbor Health · Testperson, Ada"

    section.resume(office.drafts.take_up(draft.id), draft.id)
    assert (form.text("member_id"), form._on_file.patient_id) == ("HH-9", bo)
    qtbot.mouseClick(form.save_button, LEFT)
    (one,) = office.coverages.of(ada)
    assert one.subscriber.patient_id == bo
    assert tab.desk.drafts.waiting() == ()


def test_a_coverage_changed_by_somebody_else_is_not_overwritten(tab, office, qtbot, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor))
    section = opened(tab, ada)
    qtbot.mouseClick(section.boxes[number].links["change"], LEFT)
    typed(qtbot, section.form, "member_id", "MINE")
    office.verifications.record(number)

    section.form.save()

    assert tab.desk.messages.last.tone == "refused"
    assert section.form.text("member_id") == "MINE"
    assert office.coverages.one(ada, number).draft.member_id == ""


def test_a_coverage_taken_off_can_be_had_back(tab, office, session, qtbot, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor))
    section = opened(tab, ada)
    section.change(office.coverages.one(ada, number))

    qtbot.mouseClick(section.form.remove_button, LEFT)

    assert office.coverages.of(ada) == ()
    session.undo()
    assert number in section.boxes


def test_who_may_not_change_files_only_reads(tab, office, session, ada, harbor):
    number = office.coverages.save(ada, CoverageDraft(harbor))
    session.switch_user(a_user(session, role=Role.READ_ONLY))

    section = opened(tab, ada)

    assert not section.add_button.isVisible()
    assert section.boxes[number].links == {}
    tab.desk.actions.trigger("coverage.verify")
    assert "may not do this" in tab.desk.messages.last.text


def test_a_card_is_chosen_pasted_looked_at_and_taken_off(
    tab, office, session, qtbot, ada, harbor, tmp_path
):
    number = office.coverages.save(ada, CoverageDraft(harbor))
    (tmp_path / "front.pdf").write_bytes(a_pdf("HARBOR", size=(243, 153)))
    (tmp_path / "letter.txt").write_text("no card")
    tab.desk.prompts.answers = [str(tmp_path / "letter.txt"), str(tmp_path / "gone.png"),
                                str(tmp_path / "front.pdf")]  # fmt: skip
    tab.desk.jobs.on_failure = lambda _, error: tab.desk.messages.problem(error)  # as the window
    section = opened(tab, ada)

    def strip():
        return section.boxes[number].card

    strip().menu(Side.FRONT).actions()[0].trigger()
    assert tab.desk.messages.last.tone == "refused"
    strip().choose(Side.FRONT)
    assert "could not be read" in tab.desk.messages.last.text
    strip().links[Side.FRONT].setFocus()
    strip().choose(Side.FRONT)
    assert office.coverages.one(ada, number).card_front_id is not None
    assert strip().pictures[Side.FRONT].hasFocus()  # though all of it was drawn anew
    QGuiApplication.clipboard().clear()
    strip().paste(Side.BACK)
    assert "no picture in the clipboard" in tab.desk.messages.last.text
    picture = QImage(300, 190, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkCyan)
    QGuiApplication.clipboard().setImage(picture)
    strip().paste(Side.BACK)
    assert office.coverages.one(ada, number).card_back_id is not None
    assert not strip().links  # both sides are there

    strip().pictures[Side.FRONT].setFocus()
    qtbot.keyClick(strip().pictures[Side.FRONT], Qt.Key.Key_Space)
    preview = tab.window().findChild(CardPreview)
    assert (preview.isVisible(), preview.view.page_count) == (True, 1)
    qtbot.keyClick(preview, ESC)
    assert not preview.isVisible()
    strip().take_off(Side.BACK)
    assert office.coverages.one(ada, number).card_back_id is None
    session.undo()
    assert office.coverages.one(ada, number).card_back_id is not None


def test_what_a_colleague_had_half_typed_is_not_left_to_the_next_one(
    tab, office, session, qtbot, ada, harbor
):
    section = opened(tab, ada)
    section.add()
    typed(qtbot, section.form, "member_id", "HH-9")
    tab.desk.drafts.save_all()  # as the lock does
    owner = session.user.id

    session.switch_user(a_user(session))
    tab.showing()

    assert not section.form.isVisible()
    assert session.db.rows("SELECT user_id, is_parked FROM draft") == [(owner, 1)]
