"""From an empty folder to an open practice by keyboard alone, and nothing typed is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop import paths
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services import founding, welcome
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import USUAL_HOURS, Profile, settings
from medsec_desktop.ui.jobs import Cancelled, InlineJobs
from medsec_desktop.ui.practice.wizard import Wizard
from medsec_desktop.ui.theme import Theme
from tests.conftest import CHEAP
from tests.ui.scripted import ScriptedPrompts

PASSWORD = "violet tram seven"


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setattr(paths, "data_folder", lambda: tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "clinic"


@pytest.fixture
def prompts(tmp_path: Path) -> ScriptedPrompts:
    return ScriptedPrompts(answers=[str(tmp_path / "sheet.pdf")])


@pytest.fixture
def wizard(
    qtbot: QtBot, clock: FixedClock, folder: Path, prompts: ScriptedPrompts
) -> Iterator[Wizard]:
    wizard = Wizard(Theme(), InlineJobs(), prompts, clock, folder)
    qtbot.addWidget(wizard)
    opened: list[Office] = []
    wizard.opened.connect(opened.append)
    wizard.resize(1100, 740)
    with qtbot.waitExposed(wizard):
        wizard.show()
    wizard.start()
    yield wizard
    for office in opened:
        office.session.db.adopt()
        office.close()


def focus(wizard: Wizard) -> QWidget:
    widget = wizard.focusWidget()
    assert widget is not None
    return widget


def type_and_tab(qtbot: QtBot, wizard: Wizard, *texts: str) -> None:
    for text in texts:
        widget = focus(wizard)
        if text:
            assert isinstance(widget, QLineEdit), f"{text!r} has nowhere to go: {widget!r}"
            widget.selectAll()
            qtbot.keyClicks(widget, text)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)


def enter(qtbot: QtBot, wizard: Wizard) -> None:
    qtbot.keyClick(focus(wizard), Qt.Key.Key_Return)


def to_providers(qtbot: QtBot, wizard: Wizard) -> None:
    enter(qtbot, wizard)
    type_and_tab(qtbot, wizard, "Testville Clinic")
    enter(qtbot, wizard)
    type_and_tab(qtbot, wizard, "Olive Owner", "", PASSWORD, PASSWORD)
    enter(qtbot, wizard)


def to_recovery(qtbot: QtBot, wizard: Wizard) -> None:
    to_providers(qtbot, wizard)
    type_and_tab(qtbot, wizard, "Amy", "Chen")
    for _ in range(3):
        enter(qtbot, wizard)


def test_a_practice_is_set_up_by_keyboard_alone(qtbot: QtBot, wizard: Wizard, folder: Path) -> None:
    to_recovery(qtbot, wizard)
    assert wizard.page is wizard.recovery
    assert not wizard.next.isEnabled()

    wizard.recovery.noted.setFocus()
    qtbot.keyClick(wizard.recovery.noted, Qt.Key.Key_Space)
    with qtbot.waitSignal(wizard.opened) as caught:
        enter(qtbot, wizard)

    office = caught.args[0]
    office.session.db.adopt()
    assert office.session.user.login == "olive"
    assert office.practice.profile().name == "Testville Clinic"
    (provider,) = office.practice.providers()
    assert provider.name == "Amy Chen"
    assert office.practice.hours(provider.id) == USUAL_HOURS
    assert len(office.practice.types()) == 6
    assert office.practice.get(settings.RECOVERY_SHEET_KEPT)


def test_the_key_shown_really_opens_the_practice(
    qtbot: QtBot, wizard: Wizard, folder: Path
) -> None:
    to_recovery(qtbot, wizard)

    shown = " ".join(group.text() for group in wizard.recovery.groups)

    assert shown.replace(" ", "-") == wizard.recovery.key
    welcome.check_recovery_key(folder, shown)


def test_saving_the_sheet_lets_one_go_on(qtbot: QtBot, wizard: Wizard, tmp_path: Path) -> None:
    to_recovery(qtbot, wizard)

    qtbot.mouseClick(wizard.recovery.save, Qt.MouseButton.LeftButton)

    sheet = (tmp_path / "sheet.pdf").read_bytes()
    assert sheet.startswith(b"%PDF")
    assert wizard.next.isEnabled()
    import pypdfium2

    document = pypdfium2.PdfDocument(sheet)
    assert wizard.recovery.key in document[0].get_textpage().get_text_range()
    document.close()


def test_a_sheet_that_cannot_be_saved_does_not_count_as_kept(
    qtbot: QtBot, wizard: Wizard, tmp_path: Path
) -> None:
    to_recovery(qtbot, wizard)
    (tmp_path / "sheet.pdf").mkdir()

    qtbot.mouseClick(wizard.recovery.save, Qt.MouseButton.LeftButton)

    assert "could not be written" in wizard.recovery.result.accessibleName()
    assert not wizard.next.isEnabled()


def test_once_the_practice_is_made_there_is_no_way_back(qtbot: QtBot, wizard: Wizard) -> None:
    to_recovery(qtbot, wizard)

    wizard.go_back()

    assert wizard.page is wizard.recovery
    assert not wizard.back.isVisible()


def test_back_keeps_what_was_typed(qtbot: QtBot, wizard: Wizard) -> None:
    to_providers(qtbot, wizard)
    type_and_tab(qtbot, wizard, "Amy", "Chen")
    for _ in range(3):
        qtbot.mouseClick(wizard.back, Qt.MouseButton.LeftButton)
    assert wizard.page is wizard.begin

    for _ in range(3):
        enter(qtbot, wizard)

    assert wizard.page is wizard.providers
    assert wizard.practice.lines["name"].text() == "Testville Clinic"
    assert wizard.owner.second_line.text() == PASSWORD
    assert wizard.providers.form.family.text() == "Chen"


def test_a_wizard_left_early_leaves_nothing_behind(
    qtbot: QtBot, wizard: Wizard, folder: Path
) -> None:
    to_providers(qtbot, wizard)

    wizard.close()

    assert not folder.exists()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "needs a name"),
        ("postal_code", "123", "5 digits"),
        ("state", "Mass", "two letters"),
        ("phone", "call us", "not a phone number"),
    ],
)
def test_a_wrong_detail_is_told_beside_its_field_and_gets_the_focus(
    qtbot: QtBot, wizard: Wizard, field: str, typed: str, sentence: str
) -> None:
    enter(qtbot, wizard)
    lines = wizard.practice.lines
    qtbot.keyClicks(lines["name"], "Testville Clinic")
    lines[field].clear()
    qtbot.keyClicks(lines[field], typed)

    enter(qtbot, wizard)

    assert wizard.page is wizard.practice
    assert sentence in wizard.practice.fields[field].note.text()
    assert focus(wizard) is lines[field]
    qtbot.keyClicks(lines[field], "x")
    assert not wizard.practice.fields[field].has_problem


def test_password_rules_are_ticked_as_they_are_kept(qtbot: QtBot, wizard: Wizard) -> None:
    wizard.show_page(wizard.owner)
    type_and_tab(qtbot, wizard, "Olive Owner")
    assert wizard.owner.login.text() == "olive"
    line = wizard.owner.first_line

    qtbot.keyClicks(line, "olive")
    assert "At least 10 characters" in wizard.owner.rules.accessibleName()

    qtbot.keyClicks(line, " oil on the water")
    assert wizard.owner.rules.accessibleName() == "All rules are kept"


def test_two_different_passwords_are_refused(qtbot: QtBot, wizard: Wizard) -> None:
    wizard.show_page(wizard.owner)
    type_and_tab(qtbot, wizard, "Olive Owner", "", PASSWORD, PASSWORD + "x")

    enter(qtbot, wizard)

    assert "not the same" in wizard.owner.fields["again"].note.text()
    assert wizard.page is wizard.owner


def test_one_provider_at_least_is_needed(qtbot: QtBot, wizard: Wizard) -> None:
    to_providers(qtbot, wizard)

    enter(qtbot, wizard)

    assert "last name" in wizard.providers.form.fields["family_name"].note.text()
    assert wizard.page is wizard.providers


def test_hours_are_typed_as_one_says_them(qtbot: QtBot, wizard: Wizard) -> None:
    to_providers(qtbot, wizard)
    type_and_tab(qtbot, wizard, "Amy", "Chen")
    monday = wizard.providers.week.lines[0]
    monday.setFocus()
    monday.clear()

    qtbot.keyClicks(monday, "7:30-12, 1-4")
    qtbot.keyClick(monday, Qt.Key.Key_Tab)
    assert monday.text() == "7:30 AM–12:00 PM, 1:00 PM–4:00 PM"
    qtbot.mouseClick(wizard.providers.week.copy, Qt.MouseButton.LeftButton)

    hours = wizard.providers.week.rows()
    assert {(row.starts_min, row.ends_min) for row in hours} == {(450, 720), (780, 960)}
    assert {row.weekday for row in hours} == {0, 1, 2, 3, 4}


def test_hours_that_are_none_are_told_under_their_line(qtbot: QtBot, wizard: Wizard) -> None:
    to_providers(qtbot, wizard)
    type_and_tab(qtbot, wizard, "Amy", "Chen")
    tuesday = wizard.providers.week.lines[1]
    tuesday.clear()
    qtbot.keyClicks(tuesday, "eight")

    enter(qtbot, wizard)

    assert wizard.page is wizard.providers
    assert "not a time range" in wizard.providers.week._notes[1].text()
    assert focus(wizard) is tuesday


def test_several_providers_keep_their_own_hours(qtbot: QtBot, wizard: Wizard) -> None:
    to_providers(qtbot, wizard)
    type_and_tab(qtbot, wizard, "Amy", "Chen")
    qtbot.mouseClick(wizard.providers.add, Qt.MouseButton.LeftButton)
    type_and_tab(qtbot, wizard, "Maria", "Testlopez")
    wizard.providers.week.lines[0].clear()

    enter(qtbot, wizard)

    first, second = wizard.providers.setups()
    assert (first.provider.family_name, len(first.hours)) == ("Chen", 10)
    assert (second.provider.family_name, len(second.hours)) == ("Testlopez", 8)
    assert first.provider.colour != second.provider.colour


def test_types_can_be_changed_removed_and_added(qtbot: QtBot, wizard: Wizard) -> None:
    wizard.show_page(wizard.types)
    editor = wizard.types.editor
    qtbot.mouseClick(editor.lines[5].remove, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(editor.add, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(focus(wizard), "Follow-up")  # type: ignore[call-overload]

    enter(qtbot, wizard)
    assert "already" in editor.lines[5].note.text()

    editor.lines[5].name.clear()
    qtbot.keyClicks(editor.lines[5].name, "Vaccination")
    enter(qtbot, wizard)
    assert wizard.page is wizard.backups
    assert [line.name.text() for line in editor.lines][-1] == "Vaccination"


def test_a_backup_folder_that_is_not_there_is_refused(qtbot: QtBot, wizard: Wizard) -> None:
    wizard.show_page(wizard.backups)
    qtbot.keyClicks(wizard.backups.folder, "/no/such/folder")

    enter(qtbot, wizard)

    assert "no such folder" in wizard.backups.fields["backup_folder"].note.text()


def test_a_folder_with_other_files_is_refused_at_the_start(
    qtbot: QtBot, wizard: Wizard, folder: Path
) -> None:
    folder.mkdir()
    (folder / "letters.txt").write_text("mine")

    enter(qtbot, wizard)

    assert "other files" in wizard.begin.fields["folder"].note.text()
    assert wizard.page is wizard.begin


def test_a_set_up_that_fails_is_told_and_can_be_tried_again(
    qtbot: QtBot, wizard: Wizard, folder: Path
) -> None:
    to_providers(qtbot, wizard)
    type_and_tab(qtbot, wizard, "Amy", "Chen")
    enter(qtbot, wizard)
    enter(qtbot, wizard)
    folder.write_text("somebody put a file here meanwhile")

    enter(qtbot, wizard)
    assert "is a file" in wizard.banner.accessibleName()
    assert wizard.page is wizard.backups

    folder.unlink()
    enter(qtbot, wizard)
    assert wizard.page is wizard.recovery


def test_a_european_practice_gets_its_own_paper_dates_and_clock(
    qtbot: QtBot, wizard: Wizard
) -> None:
    wizard.show_page(wizard.practice)
    region = wizard.practice.choices["region"]
    region.setFocus()

    qtbot.keyClicks(region, "Germany")
    region.activated.emit(region.currentIndex())

    profile = wizard.practice.profile()
    assert (profile.paper, profile.date_order, profile.clock_24h) == ("a4", "dmy", True)


def test_the_demo_clinic_opens_with_one_click(
    qtbot: QtBot, wizard: Wizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medsec_desktop.services import demo

    made: list[Path] = []

    def small_demo(place: Path, clock: FixedClock, progress: object) -> Office:
        made.append(place)
        assert wizard.begin.is_busy
        demo_owner = founding.OwnerDraft("Dora Demo", welcome.DEMO_LOGIN, welcome.DEMO_PASSWORD)
        setup = founding.Setup(Profile(name="Demo clinic"), demo_owner, is_demo=True)
        founding.create_practice(place, setup, clock, CHEAP)
        return welcome.sign_in(place, welcome.DEMO_LOGIN, welcome.DEMO_PASSWORD, clock)

    monkeypatch.setattr(demo, "open_demo", small_demo)

    with qtbot.waitSignal(wizard.opened) as caught:
        qtbot.mouseClick(wizard.begin.demo, Qt.MouseButton.LeftButton)

    caught.args[0].session.db.adopt()
    assert caught.args[0].practice.get(settings.IS_DEMO)
    assert made == [welcome.demo_folder()]


def test_a_demo_that_was_stopped_offers_the_choices_again(
    qtbot: QtBot, wizard: Wizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medsec_desktop.services import demo

    def stopped(*_: object) -> None:
        raise Cancelled

    monkeypatch.setattr(demo, "open_demo", stopped)

    qtbot.mouseClick(wizard.begin.demo, Qt.MouseButton.LeftButton)

    assert wizard.begin.choices.isVisible()
    assert not wizard.begin.progress.isVisible()
    assert wizard.next.isVisible()
    assert not wizard.banner.isVisible()


def test_every_control_of_the_wizard_has_a_name(wizard: Wizard) -> None:
    for page in wizard.pages:
        wizard.show_page(page)
        for control in page.findChildren(QWidget):
            takes_tab = bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if takes_tab and control.focusProxy() is None and control.isVisibleTo(page):
                name = control.accessibleName() or getattr(control, "text", str)()
                assert name, f"no name: {control!r} on {page.name}"
