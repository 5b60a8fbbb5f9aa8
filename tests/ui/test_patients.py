"""The Patients tab as a secretary uses it: keys, mouse, what is seen, and what is then on file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.people import PartialDate
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients import (
    AlertDraft,
    CoverageDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.services.session import Session
from medsec_desktop.ui.desk import Desk, make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.patients.tab import PatientsTab
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient, a_provider, a_user, an_appointment
from tests.services.test_patients import a_payer

Key = Qt.Key


class _Asked:
    """Stands where the window will be, and remembers where it was sent."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.tab: PatientsTab | None = None

    def __getattr__(self, name: str) -> Any:
        if name in ("open_patient", "edit_patient") and self.tab is not None:
            return getattr(self.tab, name)
        return lambda *args, **kwargs: self.calls.append((name, args, kwargs))


@pytest.fixture
def desk(office: Office, qapp: QApplication) -> Desk:
    theme = Theme()
    theme.apply(qapp)
    desk = make_desk(office, theme, jobs=InlineJobs())
    desk.go = _Asked()  # type: ignore[assignment]
    return desk


@pytest.fixture
def tab(desk: Desk, qtbot: QtBot) -> Iterator[PatientsTab]:
    tab = PatientsTab(desk)
    desk.go.tab = tab  # type: ignore[attr-defined]
    desk.bus.changed.connect(tab.refresh)
    tab.resize(1200, 700)
    qtbot.addWidget(tab)
    tab.show()
    tab.showing()
    qtbot.waitExposed(tab)
    yield tab
    tab.hide()
    desk.drafts.close()


def listed(tab: PatientsTab) -> list[str]:
    return [line.name for line in tab.people.lines]


def seen(widget: QWidget) -> str:
    """Everything legible on a widget."""
    labels = [one for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]
    buttons = [one.text() for one in widget.findChildren(QWidget) if hasattr(one, "clicked")
               and hasattr(one, "text") and one.isVisibleTo(widget)]  # fmt: skip
    return "\n".join([*(one.text() for one in labels), *buttons])


def type_into(qtbot: QtBot, tab: PatientsTab, name: str, text: str) -> None:
    assert tab.editor is not None
    qtbot.keyClick(tab.editor.fields[name], Key.Key_End)
    qtbot.keyClicks(tab.editor.fields[name], text)


def test_people_below_the_screen_follow_when_no_key_does(
    tab: PatientsTab, office: Office, qtbot: QtBot
) -> None:
    for number in range(45):
        a_patient(office.session, "Testperson", f"Ada{number:02}")

    qtbot.keyClicks(tab.search, "testperson")

    first = len(listed(tab))
    assert tab.people.page < first < 45
    assert tab.finding.remark.text() == "45 patients."
    qtbot.waitUntil(lambda: len(listed(tab)) == 45)
    assert listed(tab) == [f"Testperson, Ada{number:02}" for number in range(45)]
    assert tab.people.view.currentIndex().row() == 0


def test_each_key_narrows_the_list_and_enter_opens_the_file(
    tab: PatientsTab, session: Session, qtbot: QtBot
) -> None:
    a_patient(session, "Testperson", "Ada")
    a_patient(session, "Testperson", "Berta")

    qtbot.keyClicks(tab.search, "test")
    assert listed(tab) == ["Testperson, Ada", "Testperson, Berta"]
    qtbot.keyClicks(tab.search, " ber")
    assert listed(tab) == ["Testperson, Berta"]
    qtbot.keyClick(tab.search, Key.Key_Return)

    assert tab.file is not None
    assert tab.pages.currentWidget() is tab.file
    assert tab.file.name.text() == "Testperson, Berta"


def test_arrows_walk_through_the_list_without_leaving_the_line(
    tab: PatientsTab, session: Session, qtbot: QtBot
) -> None:
    for given in ("Ada", "Berta", "Carla"):
        a_patient(session, "Testperson", given)
    qtbot.keyClicks(tab.search, "testp")

    for _ in range(5):
        qtbot.keyClick(tab.search, Key.Key_Down)
    qtbot.keyClick(tab.search, Key.Key_Up)
    qtbot.keyClick(tab.search, Key.Key_Return)

    assert tab.file is not None
    assert tab.file.name.text() == "Testperson, Berta"


def test_the_up_arrow_recalls_the_last_search_and_escape_returns_from_the_file(
    tab: PatientsTab, session: Session, qtbot: QtBot
) -> None:
    a_patient(session)
    qtbot.keyClicks(tab.search, "testp")
    qtbot.keyClick(tab.search, Key.Key_Return)
    assert tab.file is not None
    qtbot.keyClick(tab.file, Key.Key_Escape)

    assert tab.search.hasFocus()
    assert tab.search.selectedText() == "testp"
    qtbot.keyClick(tab.search, Key.Key_Escape)
    assert tab.search.text() == ""
    qtbot.keyClick(tab.search, Key.Key_Up)

    assert tab.search.text() == "testp"


def test_an_empty_search_shows_the_files_opened_last(
    tab: PatientsTab, session: Session, desk: Desk, qtbot: QtBot
) -> None:
    assert "No patients yet" in seen(tab.finding.nobody)
    first = a_patient(session, "Firsttest")
    a_patient(session, "Othertest")
    tab.open_patient(first)
    tab.show_finding()

    assert listed(tab) == ["Firsttest, Ada"]
    assert tab.finding.remark.text() == "Recently seen"


def test_nobody_found_says_what_else_to_try(
    tab: PatientsTab, session: Session, qtbot: QtBot
) -> None:
    a_patient(session)
    qtbot.keyClicks(tab.search, "xyzzy")

    assert "Nobody found for “xyzzy”" in seen(tab.finding.nobody)
    qtbot.keyClick(tab.search, Key.Key_Return)
    assert tab.file is None


def test_a_row_says_everything_to_a_screen_reader(
    tab: PatientsTab, session: Session, office: Office, qtbot: QtBot
) -> None:
    patient = office.patients.register(
        PatientDraft("Testperson", "Ada", birth=PartialDate(1984, 3, 14),
                     phones=(PhoneDraft("617 555 0142"),), alerts=(AlertDraft("Careful."),))
    )  # fmt: skip
    an_appointment(session, patient, a_provider(session), "2026-03-12T10:00")
    qtbot.keyClicks(tab.search, "0142")

    index = tab.people.model.index(0, 0)

    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Testperson, Ada, has an alert, born 03/14/1984, age 41, phone (617) 555-0142,"
        " chart 100001, next visit 03/12/2026  10:00 AM"
    )


def test_the_list_is_a_sound_item_model(
    tab: PatientsTab, session: Session, qtbot: QtBot, qtmodeltester: Any
) -> None:
    a_patient(session)
    qtbot.keyClicks(tab.search, "testp")

    qtmodeltester.check(tab.people.model)


def test_the_file_shows_what_must_not_be_missed_and_who_pays(
    tab: PatientsTab, session: Session, office: Office
) -> None:
    payer = a_payer(session)
    patient = office.patients.register(
        PatientDraft(
            "Testperson", "Ada", birth=PartialDate(1984, 3, 14), ssn="123456789",
            phones=(PhoneDraft("617 555 0142", may_leave_message=False),),
            people=(PersonDraft("Erna Testperson", "mother", is_guarantor=True),),
            coverages=(CoverageDraft(payer, "primary", "Gold", "W1", "", "spouse", "Max T"),),
            alerts=(AlertDraft("Latex allergy."), AlertDraft("Hard of hearing.")),
        )
    )  # fmt: skip
    an_appointment(session, patient, a_provider(session), "2026-03-12T10:00", reason="Cough")

    tab.open_patient(patient)

    assert tab.file is not None
    text = seen(tab.file)
    for words in (
        "2 alerts", "Latex allergy.", "03/12/2026 10:00 AM", "Visit – Cough", "no messages",
        "Primary: Test Health – Gold", "Subscriber: Max T; the patient is the spouse",
        "Mother  ·  guarantor (owes the balance)", "•••-••-6789", "by Olive Owner",
    ):  # fmt: skip
        assert words in text, words


def test_the_file_sends_to_booking_the_calendar_and_letters(
    tab: PatientsTab, session: Session, desk: Desk, qtbot: QtBot
) -> None:
    patient = a_patient(session)
    tab.open_patient(patient)
    assert tab.file is not None
    qtbot.mouseClick(tab.file.letter_button, Qt.MouseButton.LeftButton)
    assert desk.messages.last is not None
    assert "no visit to write about" in desk.messages.last.text

    visit = an_appointment(session, patient, a_provider(session), "2026-03-12T10:00")
    qtbot.mouseClick(tab.file.book_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(tab.file.letter_button, Qt.MouseButton.LeftButton)

    assert desk.go.calls == [  # type: ignore[attr-defined]
        ("book", (), {"patient_id": patient}),
        ("write_letter", (visit,), {}),
    ]


def test_a_change_elsewhere_shows_in_the_open_file_and_an_undone_one_leaves_it(
    tab: PatientsTab, session: Session, office: Office
) -> None:
    patient = office.patients.register(PatientDraft("Testperson", "Ada"))
    tab.open_patient(patient)
    draft = office.patients.draft(patient)
    office.patients.amend(patient, PatientDraft("Newname", "Ada", version=draft.version))

    assert tab.file is not None
    assert tab.file.name.text() == "Newname, Ada"
    session.undo()
    session.undo()

    assert tab.pages.currentWidget() is not tab.file


def test_registering_by_keyboard_alone(
    tab: PatientsTab, office: Office, desk: Desk, qtbot: QtBot
) -> None:
    tab.new_thing()
    assert tab.editor is not None
    assert tab.editor.fields["family"].hasFocus()
    type_into(qtbot, tab, "family", "Testperson")
    type_into(qtbot, tab, "given", "Ada")
    type_into(qtbot, tab, "birth", "mar 14 1984")
    assert "March 14, 1984: 41 years" in seen(tab.editor)
    qtbot.keyClicks(tab.editor.rows["phones"].forms[0].fields["number"], "617 555 0142")
    desk.actions.trigger("form.save")

    (hit,) = office.patients.find("ada test")
    assert hit.birth == PartialDate(1984, 3, 14)
    assert hit.phone == "+16175550142"
    assert tab.editor is None
    assert tab.file is not None
    assert tab.file.patient_id == hit.id
    assert desk.messages.last is not None
    assert desk.messages.last.undoes is not None
    assert office.drafts.all() == ()


def test_what_is_wrong_stands_next_to_its_field_and_takes_the_focus(
    tab: PatientsTab, office: Office, qtbot: QtBot
) -> None:
    tab.new_thing()
    assert tab.editor is not None
    type_into(qtbot, tab, "given", "Ada")
    type_into(qtbot, tab, "birth", "2/30/1984")
    type_into(qtbot, tab, "email", "ada at mail")
    qtbot.mouseClick(tab.editor.save_button, Qt.MouseButton.LeftButton)

    text = seen(tab.editor)
    assert "A family name is needed." in text
    assert "“2/30/1984” is not a date of birth." in text
    assert "“ada at mail” is not an e-mail address." in text
    assert "3 things need a look below." in text
    assert tab.editor.birth.hasFocus()
    assert office.patients.is_empty()

    type_into(qtbot, tab, "family", "Testperson")
    tab.editor.birth.setText("")
    tab.editor.fields["email"].setText("")  # type: ignore[attr-defined]
    tab.editor.save()
    assert listed_all(office) == ["Testperson, Ada"]


def listed_all(office: Office) -> list[str]:
    return [hit.name.listed for hit in office.patients.find("testp")]


def test_somebody_on_file_is_pointed_out_while_typing(
    tab: PatientsTab, session: Session, office: Office, qtbot: QtBot
) -> None:
    on_file = a_patient(session, "Testperson", "Ada")
    tab.new_thing()
    editor = tab.editor
    assert editor is not None
    assert editor.duplicates is not None
    type_into(qtbot, tab, "family", "Tesptperson")
    type_into(qtbot, tab, "given", "Ada")
    type_into(qtbot, tab, "birth", "3/14/1984")
    qtbot.waitUntil(lambda: "Testperson, Ada" in seen(editor.duplicates))  # type: ignore[arg-type]
    assert "nearly the same family name" in seen(editor.duplicates)

    editor.duplicates.opened.emit(on_file)

    assert tab.file is not None
    assert tab.file.patient_id == on_file
    assert [row.title for row in office.drafts.all()] == ["New patient Ada Tesptperson"]


def test_who_is_saved_faster_than_she_is_compared_is_said_to_be_on_file(
    tab: PatientsTab, desk: Desk, session: Session, qtbot: QtBot
):
    a_patient(session, "Barleycorn", "Faye", birth_date="1963-06-08")
    said: list[str] = []
    desk.messages.said.connect(lambda message: said.append(message.text))
    tab.new_thing()
    type_into(qtbot, tab, "family", "Barlycorn")
    type_into(qtbot, tab, "given", "Fay")
    type_into(qtbot, tab, "birth", "6/8/63")
    assert tab.editor is not None

    tab.editor.save()

    assert "already on file" in said[-1]


def test_escape_asks_nothing_parks_what_was_typed_and_offers_to_resume(
    tab: PatientsTab, session: Session, office: Office, desk: Desk, qtbot: QtBot
) -> None:
    patient = a_patient(session)
    tab.open_patient(patient)
    desk.actions.trigger("patient.edit_all")
    assert tab.editor is not None
    type_into(qtbot, tab, "given", "lie")
    qtbot.keyClick(tab.editor, Key.Key_Escape)

    assert tab.pages.currentWidget() is tab.file
    assert desk.messages.last is not None
    assert desk.messages.last.text == "Parked: Edit Adalie Testperson."
    (label, resume), *_ = desk.messages.last.offers
    assert label == "Resume"
    desk.drafts.resumes(
        "patient", lambda row, state: tab.edit_patient(row.patient_id, state, row.id)
    )
    resume()

    assert tab.editor is not None
    assert tab.editor.text("given") == "Adalie"
    tab.editor.save()
    assert office.patients.open(patient).name.given == "Adalie"
    assert office.drafts.all() == ()


def test_escape_with_nothing_typed_leaves_no_trace(
    tab: PatientsTab, session: Session, office: Office, qtbot: QtBot
) -> None:
    tab.edit_patient(a_patient(session))
    assert tab.editor is not None
    qtbot.keyClick(tab.editor, Key.Key_Escape)

    assert office.drafts.all() == ()


def test_a_half_filled_form_survives_the_program_being_killed(
    tab: PatientsTab, session: Session, office: Office, desk: Desk, qtbot: QtBot
) -> None:
    payer = a_payer(session)
    tab.new_thing()
    assert tab.editor is not None
    type_into(qtbot, tab, "family", "Testperson")
    type_into(qtbot, tab, "birth", "3/14/")  # not even a date yet
    coverage = tab.editor.rows["coverages"].add_row()
    coverage.put({"payer_id": payer, "member_id": "W1", "copay_cents": "2x"})
    typed = tab.editor.draft_state()
    desk.drafts.save_all()

    later = make_desk(office, desk.theme, jobs=InlineJobs())
    later.go = desk.go
    again = PatientsTab(later)
    qtbot.addWidget(again)
    (row,) = later.drafts.rescued()
    again.edit_patient(row.patient_id, office.drafts.take_up(row.id), row.id)

    assert again.editor is not None
    assert again.editor.draft_state() == typed
    again.editor.save()
    assert "is not an amount" in seen(again.editor)
    later.drafts.close()


def test_somebody_elses_change_is_shown_and_both_can_be_kept(
    tab: PatientsTab, session: Session, office: Office, qtbot: QtBot
) -> None:
    patient = office.patients.register(
        PatientDraft("Testperson", "Ada", phones=(PhoneDraft("617 555 0142"),))
    )
    tab.edit_patient(patient)
    editor = tab.editor
    assert editor is not None
    type_into(qtbot, tab, "preferred", "Addie")
    owner = session.user
    session.switch_user(a_user(session, "sam"))
    theirs = office.patients.draft(patient)
    office.patients.amend(
        patient, _with(theirs, given="Adele", phones=(*theirs.phones, PhoneDraft("617 555 0199")))
    )
    session.switch_user(owner)

    editor.save()
    text = seen(editor)
    assert "preferred name" not in text  # her own, not Sam's
    assert "Sam changed it" in text
    assert "given name “Adele”" in text
    assert "phones" in text
    qtbot.mouseClick(editor.keep_mine, Qt.MouseButton.LeftButton)

    file = office.patients.open(patient)
    assert (file.name.given, file.name.preferred) == ("Ada", "Addie")
    assert [phone.number for phone in file.phones] == ["+16175550142", "+16175550199"]


def test_what_is_on_file_can_be_taken_instead(
    tab: PatientsTab, session: Session, office: Office, qtbot: QtBot
) -> None:
    patient = a_patient(session)
    tab.edit_patient(patient)
    editor = tab.editor
    assert editor is not None
    type_into(qtbot, tab, "given", "x")
    office.patients.amend(patient, _with(office.patients.draft(patient), given="Adele"))
    editor.save()
    qtbot.mouseClick(editor.take_theirs, Qt.MouseButton.LeftButton)

    assert editor.text("given") == "Adele"
    assert editor.draft_state() is None


def _with(draft: PatientDraft, **changes: Any) -> PatientDraft:
    from dataclasses import replace

    return replace(draft, **changes)


def test_rows_are_added_and_taken_away_and_the_focus_stays_near(
    tab: PatientsTab, office: Office, qtbot: QtBot
) -> None:
    tab.new_thing()
    assert tab.editor is not None
    phones = tab.editor.rows["phones"]
    qtbot.mouseClick(phones.add_button, Qt.MouseButton.LeftButton)
    assert phones.forms[1].fields["number"].hasFocus()
    qtbot.keyClicks(phones.forms[1].fields["number"], "617 555 0100")
    qtbot.mouseClick(phones.forms[0].remove_button, Qt.MouseButton.LeftButton)
    # Tab comes to the number before the button above it, which a blank typed in haste would press.
    phones.forms[0].remove_button.setFocus()
    qtbot.keyClick(phones.forms[0].remove_button, Qt.Key.Key_Tab)
    assert phones.add_button.hasFocus()
    type_into(qtbot, tab, "family", "Testperson")
    tab.editor.save()

    (hit,) = office.patients.find("testp")
    assert hit.phone == "+16175550100"


def test_who_holds_her_own_policy_has_no_subscriber_to_name(
    tab: PatientsTab, session: Session, qtbot: QtBot
) -> None:
    payer = a_payer(session)
    tab.new_thing()
    assert tab.editor is not None
    type_into(qtbot, tab, "family", "Testperson")
    form = tab.editor.rows["coverages"].add_row()
    form.put({"payer_id": payer})
    assert not form.fields["subscriber_name"].isEnabled()
    form.put({"subscriber_relation": "child"})
    assert form.fields["subscriber_name"].isEnabled()
    tab.editor.save()

    assert "Who holds this policy?" in seen(tab.editor)


def test_every_control_says_its_name(tab: PatientsTab, session: Session, office: Office) -> None:
    payer = a_payer(session)
    patient = office.patients.register(
        PatientDraft(
            "Testperson", "Ada", phones=(PhoneDraft("1"),), people=(PersonDraft("Erna"),),
            coverages=(CoverageDraft(payer),), alerts=(AlertDraft("x"),),
        )
    )  # fmt: skip
    tab.open_patient(patient)
    tab.edit_patient(patient)

    nameless = [
        widget
        for widget in tab.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
        and widget.isVisibleTo(tab)
        and not widget.accessibleName()
        and type(widget).__name__ not in ("QComboBoxPrivateContainer", "QComboBoxListView")
    ]
    assert [type(one).__name__ for one in nameless] == []


def test_who_may_only_read_sees_no_button_that_writes(
    tab: PatientsTab, session: Session, desk: Desk
) -> None:
    from medsec_desktop.domain.permissions import Role

    patient = a_patient(session)
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))
    tab.open_patient(patient)

    assert tab.file is not None
    assert not any(section.edit_button.isVisible() for section in tab.file.editable.values())
    desk.actions.trigger("edit.edit")
    assert not any(section.is_open for section in tab.file.editable.values())
    assert not tab.file.book_button.isVisible()
    tab.edit_patient(patient)
    assert tab.editor is None
    assert desk.messages.last is not None
    assert "You may not do this" in desk.messages.last.text


def test_a_word_only_an_import_knows_survives_an_edit(
    tab: PatientsTab, session: Session, office: Office, qtbot: QtBot
) -> None:
    patient = a_patient(session, marital_status="civil union", language="en-US")
    tab.edit_patient(patient)
    type_into(qtbot, tab, "given", "x")
    assert tab.editor is not None
    tab.editor.save()

    draft = office.patients.draft(patient)
    assert (draft.given, draft.marital_status, draft.language) == ("Adax", "civil union", "en-US")


def test_the_next_person_at_the_desk_sees_with_her_own_rights_and_is_recorded(
    tab: PatientsTab, session: Session, office: Office, qtbot: QtBot
) -> None:
    patient = office.patients.register(PatientDraft("Testperson", "Ada", ssn="123456789"))
    sam = a_user(session, "sam")
    tab.open_patient(patient)
    assert tab.file is not None
    assert "123-45-6789" not in seen(tab.file)
    show = next(b for b in tab.file.findChildren(QAbstractButton) if b.text() == "Show it all")
    qtbot.mouseClick(show, Qt.MouseButton.LeftButton)
    assert "123-45-6789" in seen(tab.file)
    assert session.history(1)[0].label == "Saw the whole social security number"
    session.switch_user(sam)
    tab.showing()

    assert "•••-••-6789" in seen(tab.file)
    assert "123-45-6789" not in seen(tab.file)
    assert "Show it all" not in seen(tab.file)
    latest = session.history(1)[0]
    assert (latest.user_name, latest.patient_id) == ("Sam", patient)


def test_what_a_colleague_had_half_typed_waits_for_her(
    tab: PatientsTab, session: Session, office: Office, desk: Desk, qtbot: QtBot
) -> None:
    tab.new_thing()
    type_into(qtbot, tab, "family", "Testperson")
    desk.drafts.save_all()  # as locking does
    owner = session.user
    session.switch_user(a_user(session, "sam"))
    tab.showing()

    assert tab.editor is None
    assert office.drafts.all() == ()
    session.switch_user(owner)
    assert [row.title for row in office.drafts.all()] == ["New patient Testperson"]
