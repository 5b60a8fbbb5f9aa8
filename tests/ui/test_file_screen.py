"""The file's screen: edited where it stands, by keys and by mouse; who changed what; what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.people import PartialDate, Sex
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients import (
    AddressDraft,
    AlertDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.services.patients.custom_fields import CustomFieldDraft
from medsec_desktop.services.practice import settings
from medsec_desktop.services.session import Session
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.patients.file import PatientFileView
from medsec_desktop.ui.patients.parts.contact import ContactPart
from medsec_desktop.ui.patients.sections.editing import EditableSection
from medsec_desktop.ui.patients.sections.file_rows import FileRows
from medsec_desktop.ui.patients.sections.history_popup import HistoryPopup
from medsec_desktop.ui.patients.tab import PatientsTab
from medsec_desktop.ui.widgets import Choice
from tests.conftest import a_provider, a_user, an_appointment
from tests.ui.scripted import ScriptedPrompts
from tests.ui.test_patients import _Asked, desk, seen, tab

__all__ = ["desk", "tab"]  # fixtures of the tab

# What the offscreen platform says where a list pops up.
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)

Key = Qt.Key
ADA = PatientDraft(
    "Testperson", "Ada", birth=PartialDate(1984, 3, 14), sex=Sex.FEMALE,
    phones=(PhoneDraft("617 555 0142", note="after five"),), email="ada@mail.example",
    addresses=(AddressDraft("1 Test Street", "", "Cambridge", "MA", "02139"),),
)  # fmt: skip


@pytest.fixture
def ada(office: Office) -> int:
    return office.patients.register(ADA)


@pytest.fixture
def view(tab: PatientsTab, ada: int) -> Iterator[PatientFileView]:
    tab.open_patient(ada)
    assert tab.file is not None
    yield tab.file
    tab.file.leave_forms()


def section(view: PatientFileView, key: str) -> EditableSection:
    return view.editable[key]


def sees(qtbot: QtBot, widget: QWidget, *texts: str) -> None:
    """Wait until a widget shows these: Qt shows what is put into a layout with its next event."""
    qtbot.waitUntil(lambda: all(text in seen(widget) for text in texts))


def link(widget: QWidget, begins: str) -> QAbstractButton:
    """The button on a widget whose words begin so."""
    (found,) = [
        one
        for one in widget.findChildren(QAbstractButton)
        if one.text().startswith(begins) and one.isVisibleTo(widget)
    ]
    return found


def retype(qtbot: QtBot, text: str) -> QWidget:
    """Type over what the field with the focus holds."""
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClick(field, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, text)
    return field


def test_the_next_file_fills_the_same_widgets_and_shows_nothing_of_the_one_before(
    tab: PatientsTab, view: PatientFileView, office: Office, ada: int, desk: Desk, qtbot: QtBot
) -> None:
    provider = a_provider(office.session)
    bo = office.patients.register(
        PatientDraft("Sample", "Bo", alerts=(AlertDraft("Latex", kind="allergy"), AlertDraft("Deaf")),
                     people=(PersonDraft("Next Kin", "sister"), PersonDraft("Second Kin", "")))
    )  # fmt: skip
    an_appointment(office.session, ada, provider, "2025-01-02T09:00")
    for day in (5, 6, 7):
        an_appointment(office.session, bo, provider, f"2025-02-0{day}T09:00")
    gone: list[tuple[date, int]] = []
    desk.go.show_day = lambda day, visit_id: gone.append((day, visit_id))  # type: ignore[attr-defined]

    def made() -> int:
        return len(view.findChildren(QWidget))

    tab.open_patient(bo)
    sees(qtbot, view, "Sample, Bo", "02/07/2025 9:00 AM", "Second Kin", "Deaf", "Allergy: Latex")
    assert not any(text in seen(view) for text in ("ada@mail.example", "01/02/2025 9:00 AM"))
    visits = view.standing[0][2]

    link(visits, "02/07").setFocus()
    qtbot.keyClick(link(visits, "02/07"), Key.Key_Tab)
    assert link(visits, "02/06").hasFocus()
    qtbot.mouseClick(link(visits, "02/05"), Qt.MouseButton.LeftButton)
    assert gone[-1][0] == date(2025, 2, 5)

    tab.open_patient(ada)
    sees(qtbot, view, "Testperson, Ada", "ada@mail.example", "01/02/2025 9:00 AM")
    assert not any(text in seen(view) for text in ("02/07/2025", "Next Kin", "Deaf", "Latex"))
    assert view.banners == []
    before = made()
    for patient_id in (bo, ada, bo, ada):
        tab.open_patient(patient_id)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert made() == before


def test_a_form_opened_on_the_next_file_holds_nothing_of_the_one_before(
    tab: PatientsTab, view: PatientFileView, office: Office, ada: int
) -> None:
    contact = section(view, "contact")
    contact.edit()
    form = contact.form
    assert isinstance(form, ContactPart)
    form.rows["addresses"].add_row()
    kind = form.rows["phones"].forms[0].fields["kind"]
    assert isinstance(kind, Choice)
    kind.put("pager, says an import")
    form.mark("phones.0.number", "Not a number")
    contact.leave()
    bo = office.patients.register(
        PatientDraft("Sample", "Bo", phones=(PhoneDraft("617 555 0177"),))
    )

    tab.open_patient(bo)
    contact.edit()

    assert contact.form is form
    (phone,) = form.rows["phones"].forms
    assert phone.raw() == {
        "number": "(617) 555-0177", "kind": "mobile", "note": "", "may_leave_message": True,
    }  # fmt: skip
    assert kind.findData("pager, says an import") < 0
    assert not phone.labelled["number"].has_problem
    assert (form.text("email"), form.rows["addresses"].forms) == ("", [])
    blank = form.rows["addresses"].add_row()
    assert (blank.row_id, blank.raw()["line1"], blank.raw()["country"]) == (0, "", "US")
    contact.leave()


def test_tab_walks_to_a_part_arrows_to_a_row_enter_edits_it_and_enter_saves(
    view: PatientFileView, office: Office, ada: int, desk: Desk, qtbot: QtBot
) -> None:
    contact = section(view, "contact")
    contact.lines.setFocus()
    assert contact.lines.accessibleName() == "Contact: Mobile: (617) 555-0142, after five"
    qtbot.keyClick(contact.lines, Key.Key_Down)
    assert contact.lines.accessibleName() == "Contact: E-mail: ada@mail.example"
    assert contact.told.text() == "Written 03/11/2026 9:00 AM by Olive Owner"
    qtbot.keyClick(contact.lines, Key.Key_Return)

    assert contact.form is not None
    assert contact.form.fields["email"].hasFocus()
    qtbot.waitUntil(lambda: not contact.form.fields["email"].visibleRegion().isEmpty())
    qtbot.keyClick(retype(qtbot, "new@mail.example"), Key.Key_Return)

    assert office.patients.draft(ada).email == "new@mail.example"
    assert not contact.is_open
    assert contact.lines.hasFocus()
    assert contact.told.text() == "Changed 03/11/2026 9:00 AM by Olive Owner"
    assert desk.messages.last is not None
    assert desk.messages.last.text == "Saved the contact details of Ada Testperson."
    assert desk.messages.last.undoes is not None
    assert office.drafts.all() == ()


def test_a_click_on_a_value_edits_that_value_and_control_s_saves(
    view: PatientFileView, office: Office, ada: int, desk: Desk, qtbot: QtBot
) -> None:
    identity = section(view, "identity")
    (legal,) = [one for one in identity.findChildren(QLabel) if one.text() == "Ada Testperson"]
    qtbot.mouseClick(legal, Qt.MouseButton.LeftButton)

    assert identity.form is not None
    assert identity.form.fields["family"].hasFocus()
    assert not identity.lines.isVisible()
    retype(qtbot, "Sampleton")
    desk.actions.trigger("form.save")

    assert office.patients.open(ada).name.family == "Sampleton"
    assert view.name.text() == "Sampleton, Ada"


def test_f2_edits_the_part_with_the_focus_else_who_she_is(
    view: PatientFileView, desk: Desk, qtbot: QtBot
) -> None:
    view.setFocus()
    desk.actions.trigger("edit.edit")
    assert section(view, "identity").is_open
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Escape)
    assert not section(view, "identity").is_open

    section(view, "details").lines.setFocus()
    desk.actions.trigger("edit.edit")

    assert section(view, "details").is_open
    assert not section(view, "identity").is_open


def test_what_is_wrong_stands_at_its_field_and_other_parts_stay_out_of_it(
    view: PatientFileView, office: Office, ada: int, qtbot: QtBot
) -> None:
    contact = section(view, "contact")
    qtbot.mouseClick(contact.edit_button, Qt.MouseButton.LeftButton)
    assert contact.form is not None
    number = contact.form.rows["phones"].forms[0].fields["number"]
    number.setFocus()
    retype(qtbot, "call me")
    contact.form.fields["email"].setFocus()
    retype(qtbot, "ada at mail")
    qtbot.mouseClick(contact.save_button, Qt.MouseButton.LeftButton)

    text = seen(contact)
    assert "“call me” has no digits." in text
    assert "“ada at mail” is not an e-mail address." in text
    assert "2 things need a look." in text
    assert office.patients.draft(ada).email == "ada@mail.example"


def test_escape_parks_what_was_typed_and_resuming_brings_it_back(
    tab: PatientsTab, view: PatientFileView, office: Office, ada: int, desk: Desk, qtbot: QtBot
) -> None:
    details = section(view, "details")
    details.edit("employer")
    qtbot.keyClicks(QApplication.focusWidget(), "Mill")
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Escape)

    assert not details.is_open
    (row,) = office.drafts.all()
    assert (row.title, row.kind, row.patient_id) == ("Details: Ada Testperson", "file-part", ada)
    part = office.patients.part(ada, ("language",))
    office.patients.amend_part(ada, replace(part, draft=replace(part.draft, language="es")), "it")
    tab.open_patient(ada)
    tab.resume_part(ada, office.drafts.take_up(row.id), row.id)
    details.save()

    assert "has changed since you opened it" in seen(details)
    qtbot.mouseClick(details.keep_mine, Qt.MouseButton.LeftButton)
    now = office.patients.draft(ada)
    assert (now.employer, now.language) == ("Mill", "")
    assert office.drafts.all() == ()


def test_opening_another_file_parks_the_form_and_nothing_typed_leaves_no_trace(
    tab: PatientsTab, view: PatientFileView, office: Office, qtbot: QtBot
) -> None:
    other = office.patients.register(replace(ADA, given="Berta"))
    section(view, "people").edit()
    tab.open_patient(other)
    assert office.drafts.all() == ()
    section(view, "contact").edit("email")
    qtbot.keyClicks(QApplication.focusWidget(), "x")
    tab.open_patient(other)  # the same file again: the form stays
    assert section(view, "contact").is_open

    tab.show_finding()
    tab.open_patient(office.patients.register(replace(ADA, given="Carla")))

    assert [row.title for row in office.drafts.all()] == ["Contact: Berta Testperson"]


def test_a_colleagues_change_while_a_form_is_open_can_be_taken(
    view: PatientFileView, office: Office, session: Session, ada: int, qtbot: QtBot
) -> None:
    contact = section(view, "contact")
    contact.edit("email")
    retype(qtbot, "mine@mail.example")
    owner = session.user
    session.switch_user(a_user(session, "sam"))
    part = office.patients.part(ada, ("email",))
    theirs = replace(part.draft, email="theirs@mail.example")
    office.patients.amend_part(ada, replace(part, draft=theirs), "the e-mail")
    session.switch_user(owner)
    contact.save()
    assert "Sam changed it" in seen(contact)

    qtbot.mouseClick(contact.take_theirs, Qt.MouseButton.LeftButton)

    assert contact.form is not None
    assert contact.form.text("email") == "theirs@mail.example"
    assert office.patients.draft(ada).email == "theirs@mail.example"


def test_hovering_tells_who_changed_a_field_and_a_key_lists_all_it_ever_was(
    view: PatientFileView, office: Office, ada: int, desk: Desk, qtbot: QtBot
) -> None:
    part = office.patients.part(ada, ("phones",))
    moved = replace(part.draft.phones[0], number="617 555 0199")
    office.patients.amend_part(ada, replace(part, draft=replace(part.draft, phones=(moved,))), "it")
    contact = section(view, "contact")
    asked = []
    read = office.file_histories.read
    office.file_histories.read = lambda *a: asked.append(a) or read(*a)  # type: ignore[method-assign,func-returns-value]
    (number,) = [one for one in contact.findChildren(QLabel) if one.text() == "(617) 555-0199"]
    point = number.rect().center()
    for _ in range(2):  # one query, however often one hovers
        QApplication.sendEvent(
            number, QHelpEvent(QEvent.Type.ToolTip, point, number.mapToGlobal(point))
        )
    assert QToolTip.text() == "Changed 03/11/2026 9:00 AM by Olive Owner"
    assert len(asked) == 1
    QToolTip.hideText()

    contact.lines.setFocus()
    desk.actions.trigger("field.history")

    popup = contact.findChild(HistoryPopup)
    assert popup is not None
    told = [(row.title, row.detail) for row in popup.list.rows.rows]
    when = "03/11/2026 9:00 AM by Olive Owner"
    assert told[0] == ("Number: (617) 555-0199", f"{when}  ·  was (617) 555-0142")
    assert ("Note: after five", when) in told
    qtbot.keyClick(popup, Key.Key_Escape)
    contact.edit("phones.0.number")
    assert contact.told.text() == "Changed 03/11/2026 9:00 AM by Olive Owner"


def test_a_zip_code_fills_city_and_state_but_not_over_what_was_typed(
    view: PatientFileView, qtbot: QtBot
) -> None:
    contact = section(view, "contact")
    contact.edit()
    assert contact.form is not None
    rows = contact.form.rows["addresses"]
    qtbot.mouseClick(rows.add_button, Qt.MouseButton.LeftButton)
    form = rows.forms[1]
    qtbot.keyClicks(form.fields["postal_code"], "02139")
    assert (form.text("city"), form.text("state")) == ("Cambridge", "MA")
    qtbot.keyClick(form.fields["postal_code"], Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(form.fields["postal_code"], "10001-1234")
    assert (form.text("city"), form.text("state")) == ("New York", "NY")
    form.put({"city": "Chelsea"})
    qtbot.keyClick(form.fields["postal_code"], Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(form.fields["postal_code"], "02139")
    assert (form.text("city"), form.text("state")) == ("Chelsea", "MA")


def test_another_zip_code_takes_the_city_on_file_along(view: PatientFileView, qtbot: QtBot) -> None:
    contact = section(view, "contact")
    contact.edit("addresses.0.postal_code")
    assert contact.form is not None
    form = contact.form.rows["addresses"].forms[0]
    retype(qtbot, "10001")
    assert (form.text("city"), form.text("state")) == ("New York", "NY")


def test_tab_goes_through_the_rows_of_a_form_as_the_eye_does(
    view: PatientFileView, qtbot: QtBot
) -> None:
    contact = section(view, "contact")
    contact.edit()
    assert contact.form is not None
    phones, addresses = contact.form.rows["phones"], contact.form.rows["addresses"]
    phone, address, fields = phones.forms[0], addresses.forms[0], contact.form.fields
    way = [
        *phone.fields.values(), phone.remove_button, phones.add_button, *fields.values(),
        *address.fields.values(), address.remove_button, addresses.add_button,
        contact.save_button, contact.cancel_button,
    ]  # fmt: skip
    for expected in way:
        here = QApplication.focusWidget()
        assert here is expected
        qtbot.keyClick(here, Key.Key_Tab)
    qtbot.mouseClick(phones.add_button, Qt.MouseButton.LeftButton)
    added = phones.forms[1]
    added.remove_button.setFocus()
    qtbot.keyClick(added.remove_button, Key.Key_Tab)
    qtbot.keyClick(phones.add_button, Key.Key_Tab)
    assert fields["email"].hasFocus()


def test_somebody_with_a_file_is_linked_as_mother_and_shown_in_both(
    tab: PatientsTab, view: PatientFileView, office: Office, ada: int, qtbot: QtBot
) -> None:
    erna = office.patients.register(replace(ADA, given="Erna", birth=PartialDate(1955)))
    people = section(view, "people")
    people.edit()
    assert people.form is not None
    assert people.form.rows["people"].add_button.hasFocus()
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Space)
    form = people.form.rows["people"].forms[0]
    form.link.setFocus()  # type: ignore[attr-defined]
    qtbot.keyClicks(form.link, "erna test")  # type: ignore[attr-defined]
    qtbot.keyClick(form.link, Key.Key_Return)  # type: ignore[attr-defined]
    assert form.text("name") == "Erna Testperson"
    qtbot.keyClicks(form.fields["relation"], "mother")
    qtbot.keyClick(form.fields["is_guarantor"], Key.Key_Space)
    assert form.labelled["line1"].isHidden()  # her own file knows where she lives
    people.save()

    sees(qtbot, people, "Mother  ·  guarantor (owes the balance)")
    tab.open_patient(erna)
    sees(qtbot, people, "Ada Testperson", "Daughter")


def test_a_guarantor_without_a_file_is_asked_for_an_address(
    view: PatientFileView, office: Office, ada: int, qtbot: QtBot
) -> None:
    people = section(view, "people")
    people.edit()
    assert people.form is not None
    people.form.rows["people"].add_row()
    form = people.form.rows["people"].forms[0]
    assert form.labelled["line1"].isHidden()
    form.put({"name": "Max Payer", "is_guarantor": True, "line1": "5 Bank Road"})
    assert not form.labelled["line1"].isHidden()
    qtbot.keyClicks(form.fields["postal_code"], "02108")
    people.save()

    (payer,) = office.patients.open(ada).people
    assert payer.lines == ("5 Bank Road", "Boston, MA 02108")
    sees(qtbot, people, "5 Bank Road, Boston, MA 02108")


def test_a_changed_address_goes_to_the_chosen_family_and_one_undo_takes_it_back(
    tab: PatientsTab, view: PatientFileView, office: Office, ada: int, qtbot: QtBot
) -> None:
    tom = office.patients.register(
        replace(ADA, given="Tom", people=(PersonDraft("Ada", "mother", linked_patient_id=ada),))
    )
    tab.open_patient(ada)
    contact = section(view, "contact")
    contact.edit("addresses.0.line1")
    assert isinstance(contact.form, ContactPart)
    assert contact.form.same_for[tom].text() == "Tom Testperson (daughter)"
    assert contact.form.same_for[tom].isChecked()
    qtbot.keyClick(retype(qtbot, "2 New Road"), Key.Key_Return)

    assert office.patients.open(tom).addresses[0].lines[0] == "2 New Road"
    assert tab.desk.messages.last is not None
    assert tab.desk.messages.last.text == (
        "Saved the contact details of Ada Testperson; Tom Testperson has the new address too."
    )
    office.session.undo()
    for who in (ada, tom):
        assert office.patients.open(who).addresses[0].lines[0] == "1 Test Street"


def test_an_allergy_is_a_banner_of_its_own_and_every_alert_tells_where_it_shows(
    view: PatientFileView, office: Office, ada: int, qtbot: QtBot
) -> None:
    alerts = section(view, "alerts")
    alerts.edit()
    assert alerts.form is not None
    alerts.form.rows["alerts"].add_row()
    form = alerts.form.rows["alerts"].forms[0]
    form.put({"kind": "allergy"})
    form.fields["text"].setFocus()
    qtbot.keyClicks(form.fields["text"], "Penicillin")
    qtbot.keyClick(form.fields["text"], Key.Key_Return)

    (row,) = office.patients.open(ada).alerts
    assert (row.kind, row.is_shown_on_arrival, row.is_shown_on_billing) == ("allergy", True, False)
    sees(qtbot, alerts, "Allergy: Penicillin", "Shown with the file, when booking, at arrival")
    assert [str(b.property("tone")) for b in view.banners] == ["danger"]


def test_what_the_practice_asks_and_is_missing_opens_the_part_where_it_is_typed(
    tab: PatientsTab, view: PatientFileView, office: Office, ada: int, qtbot: QtBot
) -> None:
    field = office.custom_fields.save(CustomFieldDraft("Pharmacy", is_required=True))
    office.practice.put(settings.REQUIRED_FIELDS, "language")
    tab.open_patient(ada)
    sees(qtbot, view.matters, "Still to ask: Language, Pharmacy")
    qtbot.mouseClick(link(view.matters, "Still to ask"), Qt.MouseButton.LeftButton)

    details = section(view, "details")
    assert details.form is not None
    assert details.form.fields["language"].hasFocus()
    assert "Language *" in seen(details)
    details.save()
    assert "This practice asks every patient for this: Language." in seen(details)
    details.form.put({"language": "es"})
    details.save()
    custom = section(view, "custom")
    custom.edit()
    qtbot.keyClicks(QApplication.focusWidget(), "Mill Pharmacy")
    custom.save()

    file = office.patients.open(ada)
    assert file.missing == ()
    assert [(row.field.id, row.shown) for row in file.custom] == [(field, "Mill Pharmacy")]
    sees(qtbot, custom, "Mill Pharmacy")


def test_what_is_open_about_her_is_listed_with_the_way_there(
    tab: PatientsTab, view: PatientFileView, office: Office, session: Session, ada: int,
    desk: Desk, qtbot: QtBot,
) -> None:  # fmt: skip
    assert "Nothing is open." in seen(view.matters)
    visit = an_appointment(session, ada, a_provider(session), "2026-03-02T10:00")
    sees(qtbot, view.matters, "What became of this visit?")
    qtbot.mouseClick(link(view.matters, "03/02/2026"), Qt.MouseButton.LeftButton)

    asked = desk.go
    assert isinstance(asked, _Asked)
    assert asked.calls[-1][0] == "show_day"
    assert asked.calls[-1][1][1] == visit


def test_a_request_for_records_is_reached_from_what_is_open_and_stays_in_sight(
    tab: PatientsTab, view: PatientFileView, office: Office, ada: int, qtbot: QtBot
) -> None:
    tab.resize(1366, 600)
    qtbot.mouseClick(view.records.add_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(view.records.request_form, Key.Key_Return)
    (asked,) = office.records_requests.of(ada)
    assert asked.patient_name == "Testperson, Ada"
    qtbot.waitUntil(lambda: not view.records.add_button.visibleRegion().isEmpty())

    view.scroll.verticalScrollBar().setValue(0)
    assert view.records.add_button.visibleRegion().isEmpty()
    qtbot.mouseClick(link(view.matters, "04/10/2026"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.records.add_button.visibleRegion().isEmpty())
    assert QApplication.focusWidget() is view.records.boxes[asked.id].links["package"]
    # Tab goes on where the eye does, though the request was drawn after all the rest.
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert QApplication.focusWidget() is view.records.boxes[asked.id].links["extend"]
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Backtab)
    assert QApplication.focusWidget() is view.records.log_button
    qtbot.keyClick(view.records.log_button, Key.Key_Return)
    assert view.records.disclosure_form.is_open


def test_enter_on_a_button_of_a_form_presses_it_and_saves_nothing(
    view: PatientFileView, office: Office, ada: int, qtbot: QtBot
) -> None:
    alerts = section(view, "alerts")
    alerts.edit()
    assert alerts.form is not None
    rows = alerts.form.rows["alerts"]
    assert rows.add_button.hasFocus()
    qtbot.keyClick(rows.add_button, Key.Key_Return)
    assert len(rows.forms) == 1
    qtbot.keyClicks(rows.forms[0].fields["text"], "Penicillin")
    qtbot.keyClick(alerts.cancel_button, Key.Key_Return)

    assert not alerts.is_open
    assert office.patients.open(ada).alerts == ()


def test_a_photo_is_chosen_pasted_and_taken_out(
    view: PatientFileView, office: Office, ada: int, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    picture = QImage(900, 700, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkCyan)
    path = tmp_path / "photo.png"
    assert picture.save(str(path))
    scripted = ScriptedPrompts()
    scripted.answers = [str(path)]
    desk.prompts = scripted
    QGuiApplication.clipboard().clear()  # other tests paste pictures too
    desk.actions.trigger("patient.photo")
    (menu,) = view.photo.findChildren(QMenu)
    assert [a.text() for a in menu.actions() if a.isEnabled()] == ["&Choose a picture…"]
    menu.actions()[0].trigger()
    menu.close()

    photo = office.patients.open(ada).photo_id
    assert photo is not None
    kept = QImage.fromData(office.photos.get(photo))
    assert (kept.width(), kept.height()) == (480, 480)
    assert view.photo.accessibleName() == "Photo of Ada Testperson"
    (tmp_path / "note.png").write_bytes(b"not a picture")
    view.photo.take_file(str(tmp_path / "note.png"))
    assert desk.messages.last is not None
    assert "not a picture" in desk.messages.last.text
    QGuiApplication.clipboard().setImage(picture)
    view.photo.setFocus()
    qtbot.keyClick(view.photo, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert office.patients.open(ada).photo_id not in (None, photo)
    view.photo.remove()
    assert office.patients.open(ada).photo_id is None


def test_copying_for_a_portal_by_key_and_digit(
    view: PatientFileView, office: Office, ada: int, desk: Desk, qtbot: QtBot
) -> None:
    office.copy_formats.add_shipped()
    desk.actions.trigger("patient.copy")
    (menu,) = view.copy_button.findChildren(QMenu)
    assert [a.text() for a in menu.actions() if a.text()] == [
        "&1  Address label", "&2  Portal line", "&3  Phone line", "&Formats…",
    ]  # fmt: skip
    qtbot.keyClick(menu, Key.Key_1)

    assert QGuiApplication.clipboard().text() == (
        "Ada Testperson\n1 Test Street\nCambridge, MA 02139"
    )
    assert desk.messages.last is not None
    assert desk.messages.last.text == "Copied for Address label: Ada Testperson…"


def test_an_alert_added_and_taken_away_again_is_in_its_history(
    view: PatientFileView, office: Office, ada: int, desk: Desk, qtbot: QtBot
) -> None:
    part = office.patients.part(ada, ("alerts",))
    draft = replace(part.draft, alerts=(AlertDraft("Careful"),))
    office.patients.amend_part(ada, replace(part, draft=draft), "the alerts")
    part = office.patients.part(ada, ("alerts",))
    wiser = replace(part.draft.alerts[0], text="Bites", kind="risk")
    office.patients.amend_part(ada, replace(part, draft=replace(part.draft, alerts=(wiser,))), "it")
    alerts = section(view, "alerts")
    alerts.lines.setFocus()
    desk.actions.trigger("field.history")

    popup = alerts.findChild(HistoryPopup)
    assert popup is not None
    told = [(row.title, row.detail) for row in popup.list.rows.rows]
    when = "03/11/2026 9:00 AM by Olive Owner"
    assert ("Text: Bites", f"{when}  ·  was Careful") in told
    assert ("Kind: Risk", f"{when}  ·  was Note") in told
    popup.close()


def test_the_next_file_shows_nothing_of_the_one_before(
    tab: PatientsTab, view: PatientFileView, office: Office, ada: int, qtbot: QtBot
) -> None:
    contact = section(view, "contact")
    before = seen(contact)
    assert "after five" in before
    tab.open_patient(office.patients.register(PatientDraft("Sampleton", email="s@mail.example")))

    assert "ada@mail.example" not in seen(contact)
    assert "after five" not in seen(contact)
    assert contact.lines.shown[0].widgets[1].accessibleName() == "E-mail: s@mail.example"
    tab.open_patient(ada)
    assert seen(contact) == before


def test_rows_filled_anew_lie_under_each_other(qtbot: QtBot, desk: Desk) -> None:
    rows = FileRows(desk.theme, "Contact", lambda _: "")
    qtbot.addWidget(rows)
    rows.resize(540, 300)
    rows.show()
    qtbot.waitExposed(rows)

    for _ in range(2):  # as when somebody else changes the file that is on the screen
        rows.begin()
        rows.add("Home address", "274 Robin Lane\nLarkhaven, MA", "since 02/20/2026")
        rows.add("Former address", "21 Acorn Street\nLarkhaven, MA", "until 02/20/2026")
    QApplication.processEvents()

    lines = [label.geometry() for row in rows.shown for label in row.widgets[1:]]
    assert all(upper.bottom() < lower.top() for upper, lower in pairwise(lines))


def test_what_was_saved_at_the_foot_of_the_file_stays_in_sight(
    tab: PatientsTab, view: PatientFileView, qtbot: QtBot
) -> None:
    tab.resize(1366, 620)
    note = section(view, "note")
    note.edit()
    qtbot.waitUntil(lambda: not note.card.visibleRegion().isEmpty())
    qtbot.keyClicks(QApplication.focusWidget(), "Rings twice")
    view._desk.actions.trigger("form.save")

    for _ in range(5):  # the rounds in which words that wrap find their height
        QApplication.processEvents()
    assert note.lines.hasFocus()
    assert not note.lines.visibleRegion().isEmpty()


def test_home_and_end_go_to_the_ends_of_the_file(
    tab: PatientsTab, view: PatientFileView, qtbot: QtBot
) -> None:
    tab.resize(1366, 620)
    bar = view.scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)

    qtbot.keyClick(view.scroll, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    qtbot.keyClick(view.scroll, Qt.Key.Key_Home)

    assert bar.value() == bar.minimum()
