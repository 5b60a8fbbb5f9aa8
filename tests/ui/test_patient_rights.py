"""Consents, records requests and disclosures in a patient's file and in their lists: by key and mouse."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from medsec_desktop.domain.permissions import Role
from medsec_desktop.domain.rights import Answer, Delivery, Purpose, Requester, RequestStatus
from medsec_desktop.services.documents.records import DocumentDraft, Incoming, Source
from medsec_desktop.services.patients.rights_records import (
    ConsentDraft,
    DisclosureDraft,
    RequestDraft,
)
from medsec_desktop.ui.practice.settings_consents import ConsentsPage as ConsentSettings
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment
from tests.papers import a_pdf
from tests.ui.test_patient_insurance import ENTER, ESC, LEFT, said, tab, typed

__all__ = ["tab"]

SPACE = Qt.Key.Key_Space
TODAY = date(2026, 3, 11)


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def kinds(office):
    office.consents.kinds.add_usual()
    return {row.name: row.id for row in office.consents.kinds.all()}


def latest(office, patient_id, kind_id):
    return next(one.latest for one in office.consents.of(patient_id) if one.kind.id == kind_id)


def test_a_consent_is_signed_by_one_press_and_by_the_form_with_its_last_day(
    tab, office, session, qtbot, ada, kinds
):
    treat, notice = kinds["Consent to treat"], kinds["Notice of privacy practices"]
    tab.open_patient(ada)
    section = tab.file.consents
    assert said(section).count("Not signed yet") == 2

    qtbot.mouseClick(section.boxes[notice].links["signed"], LEFT)

    assert latest(office, ada, notice).answer is Answer.GIVEN
    assert "Signed 03/11/2026" in said(section)
    tab.desk.actions.trigger("consent.add")  # opens on the next one due, filled in
    form = section.form
    assert form.fields["kind_id"].value() == treat
    assert form.day("expires_on") == date(2027, 3, 11)
    form.fields["signed_on"].selectAll()
    qtbot.keyClicks(form.fields["signed_on"], "3/1/2026")
    assert form.day("expires_on") == date(2027, 3, 1)
    typed(qtbot, form, "signed_by", "Eve Testperson")
    qtbot.keyClick(form.fields["signed_by"], ENTER)

    row = latest(office, ada, treat)
    assert (row.signed_on, row.expires_on, row.signed_by) == (
        date(2026, 3, 1), date(2027, 3, 1), "Eve Testperson",
    )  # fmt: skip
    assert "Signed 03/01/2026, holds until 03/01/2027" in said(section)
    qtbot.mouseClick(section.boxes[treat].links["revoked"], LEFT)
    assert "Revoked 03/11/2026" in said(section)
    qtbot.mouseClick(section.boxes[treat].links["earlier"], LEFT)
    assert "by Eve Testperson" in said(section)
    session.undo()
    assert latest(office, ada, treat).answer is Answer.GIVEN


def test_a_consent_form_left_is_parked_and_a_stale_one_refused(tab, office, qtbot, ada, kinds):
    treat = kinds["Consent to treat"]
    number = office.consents.record(ada, treat)
    tab.open_patient(ada)
    section = tab.file.consents
    qtbot.mouseClick(section.boxes[treat].links["change"], LEFT)
    typed(qtbot, section.form, "note", "Half a")
    qtbot.keyClick(section.form.fields["note"], ESC)
    assert not section.form.isVisible()
    (draft,) = tab.desk.drafts.waiting()
    office.consents.save(ada, ConsentDraft(treat, Answer.REFUSED, TODAY, id=number, version=1))

    tab.file.resume_form("consent", office.drafts.take_up(draft.id), draft.id)

    assert section.form.text("note") == "Half a"
    qtbot.keyClick(section.form.fields["note"], ENTER)
    assert tab.desk.messages.last.tone == "refused"
    assert latest(office, ada, treat).answer is Answer.REFUSED


def test_a_request_goes_from_receipt_to_release_on_one_screen(tab, office, qtbot, ada, tmp_path):
    paper = Incoming(a_pdf("One"), "x.pdf", Source.DROPPED)
    office.documents.take_in(ada, paper, DocumentDraft("Blood count", None, date(2026, 3, 1)))
    tab.open_patient(ada)
    section = tab.file.records
    qtbot.mouseClick(section.add_button, LEFT)
    form = section.request_form
    assert form.text("requester") == "Ada Testperson"
    form.fields["received_on"].selectAll()
    qtbot.keyClicks(form.fields["received_on"], "3/1/2026")
    assert form.due.text() == "Due 03/31/2026: 20 days left"
    typed(qtbot, form, "wanted", "Everything")
    form.fields["deliver_how"].set_value(Delivery.FILE)
    qtbot.keyClick(form.fields["wanted"], ENTER)
    (row,) = office.records_requests.of(ada)
    assert "Open, due 03/31/2026: 20 days left" in said(section)

    qtbot.mouseClick(section.boxes[row.id].links["extend"], LEFT)
    steps = section.step_form
    qtbot.keyClick(steps.fields["reason"], ENTER)
    assert steps.labelled["reason"].has_problem
    typed(qtbot, steps, "reason", "In storage")
    qtbot.keyClick(steps.fields["reason"], ENTER)
    assert "due 04/30/2026" in said(section)
    assert "extend" not in section.boxes[row.id].links

    qtbot.mouseClick(section.boxes[row.id].links["package"], LEFT)
    package = section.package_form
    assert [package.parts.item(place).text() for place in range(3)] == [
        "Face sheet",
        "Timeline: visits, letters, calls and papers",
        "Blood count  ·  03/01/2026  ·  1 page",
    ]
    qtbot.keyClick(package.parts, SPACE)  # not the face sheet
    assert len(package.ticks) == 2
    typed(qtbot, package, "fee_cents", "6.50")
    qtbot.keyClick(package.fields["fee_cents"], ENTER)
    row = office.records_requests.one(row.id)
    assert (row.status, row.fee_cents, len(row.items)) == (RequestStatus.READY, 650, 2)
    assert "fee $6.50, not paid yet" in said(section)
    links = section.boxes[row.id].links
    assert links["release"].hasFocus()
    qtbot.mouseClick(links["look"], LEFT)
    assert tab.desk.go.calls[-1] == ("open_document", row.package_document_id)

    qtbot.mouseClick(section.boxes[row.id].links["release"], LEFT)
    qtbot.keyClicks(steps.password, "short")
    qtbot.keyClick(steps.password, ENTER)
    assert steps.labelled["password"].has_problem
    steps.password.clear()
    qtbot.keyClicks(steps.password, "a long sentence")
    assert steps.draft_state() is None  # a password is nothing to keep
    tab.desk.prompts.answers.append(str(tmp_path / "out.zip"))
    qtbot.keyClick(steps.password, ENTER)

    assert (tmp_path / "out.zip").stat().st_size > 500
    assert office.records_requests.one(row.id).status is RequestStatus.RELEASED
    told = said(section)
    assert "Released 03/11/2026" in told
    assert "03/11/2026  to Ada Testperson" in told
    assert "not in the accounting" in told
    assert not steps.isVisible()
    assert steps.password.text() == ""


def test_a_release_without_the_signature_is_told_and_a_refusal_wants_its_reason(
    tab, office, session, qtbot, ada
):
    number = office.records_requests.save(
        ada, RequestDraft("Case & Law", Requester.ATTORNEY, deliver_how=Delivery.MAIL)
    )
    tab.open_patient(ada)
    section = tab.file.records
    qtbot.mouseClick(section.boxes[number].links["package"], LEFT)
    qtbot.keyClick(section.package_form.parts, ENTER)
    qtbot.mouseClick(section.boxes[number].links["release"], LEFT)
    qtbot.keyClick(section.step_form.save_button, SPACE)
    assert "no signed authorization" in tab.desk.messages.last.text
    assert office.records_requests.one(number).status is RequestStatus.READY
    qtbot.keyClick(section.step_form.save_button, ESC)
    qtbot.mouseClick(section.boxes[number].links["refuse"], LEFT)
    typed(qtbot, section.step_form, "reason", "No signature came")
    qtbot.mouseClick(section.step_form.save_button, LEFT)
    told = said(section)
    assert "Refused 03/11/2026" in told
    assert "No signature came" in told
    session.undo()
    qtbot.mouseClick(section.boxes[number].links["withdraw"], LEFT)
    assert office.records_requests.one(number).status is RequestStatus.WITHDRAWN


def test_a_disclosure_is_logged_changed_and_accounted_for(tab, office, qtbot, ada, tmp_path):
    tab.open_patient(ada)
    section = tab.file.records
    assert not section.account_button.isVisible()
    tab.desk.actions.trigger("records.disclosure")
    form = section.disclosure_form
    assert form.accounted.text() == "The accounting leaves it out."
    typed(qtbot, form, "recipient", "City Health")
    qtbot.keyClick(form.fields["recipient"], ENTER)
    assert form.labelled["what"].has_problem
    typed(qtbot, form, "what", "Name and wound")
    form.fields["purpose"].set_value(Purpose.LAW)
    assert form.accounted.text() == "The accounting of disclosures lists it."
    typed(qtbot, form, "purpose_words", "dog bite")
    qtbot.keyClick(form.fields["purpose_words"], ENTER)
    (row,) = office.disclosures.of(ada)
    assert (row.purpose, row.is_accountable) == ("Required by law: dog bite", True)
    qtbot.mouseClick(section.entries[row.id].change, LEFT)
    assert form.text("purpose_words") == "dog bite"
    qtbot.keyClick(form.fields["what"], ESC)

    qtbot.mouseClick(section.account_button, LEFT)
    card = section.accounting
    assert card.first.value() == date(2020, 3, 11)
    assert card.count.text().startswith("Lists 1 entry")
    card.first.selectAll()
    qtbot.keyClicks(card.first, "3/12/2026")
    qtbot.mouseClick(card.save_button, LEFT)
    assert card.first_field.has_problem
    card.first.selectAll()
    qtbot.keyClicks(card.first, "1/1/2026")
    tab.desk.prompts.answers.append(str(tmp_path / "accounting.pdf"))
    qtbot.mouseClick(card.save_button, LEFT)
    assert (tmp_path / "accounting.pdf").read_bytes().startswith(b"%PDF")
    assert not card.isVisible()


def test_the_lists_are_worked_off_by_key_and_open_the_file(tab, office, session, qtbot, ada, kinds):
    visit = an_appointment(
        session, ada, a_provider(session), type_id=a_type(session), starts_at="2026-03-11T10:00"
    )
    office.records_requests.save(ada, RequestDraft("Ada", received_on=date(2026, 2, 1)))
    page = tab.show_list("consents")
    assert page.remark.text() == "1 patient, 2 to sign"
    marked = page.table.selected_rows()
    page.table.clearSelection()
    qtbot.keyClick(page.table, Qt.Key.Key_1)  # nothing is seen marked, so nothing is signed
    assert len(office.consents.due_at_visits(7)) == 2
    row = page.table.visualRect(page.table.model().index(0, 0))
    qtbot.mouseClick(page.table.viewport(), LEFT, pos=row.center())
    assert page.table.selected_rows() == marked
    qtbot.keyClick(page.table, Qt.Key.Key_1)
    qtbot.keyClick(page.table, Qt.Key.Key_2)
    assert latest(office, ada, kinds["Notice of privacy practices"]).answer is Answer.GIVEN
    assert latest(office, ada, kinds["Consent to treat"]).answer is Answer.REFUSED
    assert page.nothing.isVisible()
    assert not any(
        check.consent_kind_id for check in office.board.checks(office.board.today())[visit]
    )

    page = tab.show_list("records-requests")
    assert page.remark.text() == "1 is open, 1 of them late"
    assert "8 days late" in page.clock.text()
    row = page.table.visualRect(page.table.model().index(0, 0))
    qtbot.mouseClick(page.table.viewport(), LEFT, pos=row.center() + QPoint(2, 0))
    qtbot.mouseClick(page.open_button, LEFT)
    assert tab.desk.go.calls[-1] == ("open_patient", ada)
    tab.open_patient(ada, part="request")
    assert tab.file.records.isAncestorOf(QApplication.focusWidget())
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))
    tab.open_patient(ada)
    assert not tab.file.records.add_button.isVisible()
    assert not tab.file.consents.add_button.isVisible()
    assert all(set(box.links) <= {"earlier"} for box in tab.file.consents.boxes.values())


def test_a_parked_choice_of_records_and_a_request_are_resumed(tab, office, qtbot, ada):
    number = office.records_requests.save(ada, RequestDraft("Ada"))
    office.disclosures.save(ada, DisclosureDraft("X", "Y", Purpose.LAW))
    tab.open_patient(ada)
    section = tab.file.records
    qtbot.mouseClick(section.boxes[number].links["package"], LEFT)
    qtbot.keyClick(section.package_form.parts, SPACE)
    qtbot.keyClick(section.package_form.parts, ESC)
    section.add()
    typed(qtbot, section.request_form, "wanted", "Half")
    qtbot.keyClick(section.request_form.fields["wanted"], ESC)
    drafts = {draft.kind: draft.id for draft in tab.desk.drafts.waiting()}

    for kind, draft_id in drafts.items():
        tab.file.resume_form(kind, office.drafts.take_up(draft_id), draft_id)
        if kind == "records-package":
            assert len(section.package_form.ticks) == 1
            assert section.package_form.isVisible()
        else:
            assert section.request_form.text("wanted") == "Half"

    assert set(drafts) == {"records-package", "records-request"}


def test_the_settings_define_what_is_asked_for_and_what_a_copy_costs(
    tab, office, session, qtbot, kinds
):
    page = ConsentSettings(tab.desk)
    tab.desk.bus.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.show()
    qtbot.mouseClick(page.add, LEFT)
    qtbot.keyClicks(page.name_line, "Photographs")
    qtbot.keyClick(page.name_line, ENTER)
    row = next(row for row in office.consents.kinds.all() if row.name == "Photographs")
    assert page.row.id == row.id
    page.months.setFocus()
    qtbot.keyClicks(page.months, "6")
    qtbot.keyClick(page.months, ENTER)
    qtbot.mouseClick(page.required, LEFT, pos=QPoint(8, page.required.height() // 2))
    row = office.consents.kinds.one(row.id)
    assert (row.valid_months, row.is_required) == (6, True)
    qtbot.mouseClick(page.notice, LEFT, pos=QPoint(8, page.notice.height() // 2))
    assert "privacy notice already" in tab.desk.messages.last.text
    assert not page.notice.isChecked()
    fee = page.fields["records.fee_page_cents"].editor
    fee.selectAll()
    qtbot.keyClicks(fee, "0.25")
    qtbot.keyClick(fee, ENTER)
    assert office.records_requests.proposed_fee(4) == 100
    qtbot.mouseClick(page.remove, LEFT)
    assert "Photographs" not in [row.name for row in office.consents.kinds.all()]
    page.hide()
