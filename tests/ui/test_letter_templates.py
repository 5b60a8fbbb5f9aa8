"""The templates of the practice: found, changed on the sheet, tried, copied, restored, carried elsewhere."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.writing.document import Field, Paragraph, Picture, plain_text
from medsec_desktop.services.letters.templates import Origin
from medsec_desktop.services.office import Office
from medsec_desktop.store.files import Files
from medsec_desktop.ui.letters.tab import LettersTab
from medsec_desktop.ui.letters.templates.history import HistorySheet
from medsec_desktop.ui.letters.templates.library_page import LibraryPage
from medsec_desktop.ui.letters.templates.template_panel import TemplatePanel
from medsec_desktop.ui.main_window import MainWindow
from tests.services.test_template_library import PNG
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts
from tests.ui.test_letters import a_visit

Key, Mods = Qt.Key, Qt.KeyboardModifier
KEY, LANGUAGE = "appointment_confirmation", "en"


def open_library(window: MainWindow, qtbot: QtBot) -> tuple[LettersTab, LibraryPage]:
    qtbot.keyClick(window, Key.Key_L, Mods.AltModifier | Mods.ShiftModifier)
    tab = window.tab
    assert isinstance(tab, LettersTab)
    assert tab.home.library is not None
    return tab, tab.home.library


def test_a_shipped_template_is_changed_tried_and_restored(qtbot: QtBot, office: Office) -> None:
    a_visit(office.session)
    window = a_window(qtbot, office)
    prompts = window.desk.prompts
    assert isinstance(prompts, ScriptedPrompts)
    tab, library = open_library(window, qtbot)
    shipped = office.letters.library.detail(KEY, LANGUAGE)

    qtbot.keyClicks(library.search, "confirmation")
    library.select(KEY, LANGUAGE)
    assert library.trial.pages.page_count == 1, "one sees what a patient would get"
    qtbot.keyClick(library.search, Key.Key_F2)

    panel = tab.template_panel
    assert isinstance(panel, TemplatePanel)
    page = panel.editor.page
    assert panel.template().document == shipped.template.document, "opening changes nothing"
    assert panel.draft_state() is None
    page.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(page, Key.Key_Return)
    qtbot.keyClicks(page, "Our website is {website")
    qtbot.keyClick(page, Key.Key_Return)
    qtbot.keyClick(page, Key.Key_B, Mods.ControlModifier)
    qtbot.keyClicks(page, "!")
    # A page may be drawn in between, while the machine is busy and the words are still being typed.
    trial = panel.trial
    qtbot.waitUntil(lambda: bool(trial.pdf) and "Our website is" in office.letters.text(trial.pdf))
    state = panel.draft_state()
    assert state is not None
    json.dumps(state)
    qtbot.keyClick(page, Key.Key_S, Mods.ControlModifier)

    kept = office.letters.library.detail(KEY, LANGUAGE)
    last = kept.template.document.blocks[-1]
    assert kept.origin is Origin.CHANGED
    assert panel.where.text().endswith("changed by the practice")
    assert isinstance(last, Paragraph)
    assert Field("practice.website") in last.inlines
    assert last.inlines[-1].look.bold  # type: ignore[union-attr]
    qtbot.keyClick(page, Key.Key_Escape)
    assert tab.template_panel is None

    assert library.about.text().endswith("changed by the practice")
    library.show_history()
    sheet = next(one for one in window.findChildren(HistorySheet) if one.isVisible())
    assert "Our website is" in sheet.words.toPlainText()
    sheet.reject()
    library.restore()
    assert office.letters.library.detail(KEY, LANGUAGE).template == shipped.template
    bar, button = window.message_bar, library.new_button
    assert bar.isVisible()
    foot = button.mapTo(window, QPoint(0, 0)).y()
    assert bar.mapTo(window, QPoint(0, bar.height())).y() <= foot, "the bar stays free to press"
    window.close()


def test_the_letter_beside_the_sheet_shows_where_one_types_and_is_saved_without_a_printer(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.letters.printing, "printers", tuple)
    window = a_window(qtbot, office)
    prompts = window.desk.prompts
    assert isinstance(prompts, ScriptedPrompts)
    tab, library = open_library(window, qtbot)
    library.select(KEY, LANGUAGE)
    library.edit()
    assert tab.template_panel is not None
    panel, page = tab.template_panel, tab.template_panel.editor.page
    scrolled = panel.trial.pages.verticalScrollBar()

    page.moveCursor(QTextCursor.MoveOperation.End)
    page.insertPlainText("\n".join(f"Line {number}" for number in range(60)))
    qtbot.keyClicks(page, " is the last")
    qtbot.waitUntil(lambda: scrolled.value() > 1200)
    page.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.keyClicks(page, "First ")
    qtbot.waitUntil(lambda: scrolled.value() < 200)

    target = tmp_path / "test.pdf"
    prompts.answers = [str(target)]
    qtbot.keyClick(page, Key.Key_P, Mods.ControlModifier)
    message = window.desk.messages.last
    assert message is not None
    assert message.text.startswith("This computer has no printer.")
    ((words, save),) = message.offers
    assert words == "Save as PDF…"
    save()

    assert "is the last" in office.letters.text(target.read_bytes())
    assert window.desk.messages.last is not None
    assert window.desk.messages.last.text == "Saved as “test.pdf”."
    assert any(row.label.startswith("Saved as PDF: ") for row in office.session.history(3))
    window.close()


def test_what_was_typed_into_a_template_is_parked_and_taken_up_again(
    qtbot: QtBot, office: Office
) -> None:
    window = a_window(qtbot, office)
    tab, library = open_library(window, qtbot)
    library.select(KEY, LANGUAGE)
    qtbot.mouseClick(library.edit_button, Qt.MouseButton.LeftButton)
    assert tab.template_panel is not None

    qtbot.keyClicks(tab.template_panel.editor.page, "Parked words ")
    qtbot.keyClick(tab.template_panel.editor.page, Key.Key_Escape)
    window.desk.actions.trigger("draft.resume")

    assert tab.template_panel is not None
    assert "Parked words" in plain_text(tab.template_panel.editor.document())
    assert office.letters.library.detail(KEY, LANGUAGE).origin is Origin.SHIPPED
    window.close()


def test_templates_are_copied_translated_and_carried_by_file(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.letters.printing, "printers", tuple)
    window = a_window(qtbot, office)
    prompts = window.desk.prompts
    assert isinstance(prompts, ScriptedPrompts)
    tab, library = open_library(window, qtbot)
    file = tmp_path / "mine.json"

    library.select(KEY, LANGUAGE)
    assert library.selected is not None
    menu = library.more_menu(library.selected)
    words = [action.text() for action in menu.actions()]
    assert "Duplicate" in words
    assert not any("Restore" in one or "Español" in one for one in words)
    menu.actions()[words.index("Duplicate")].trigger()
    assert tab.template_panel is not None
    copied = tab.template_panel.detail
    assert copied.origin is Origin.OWN
    tab.template_panel.leave()
    picture = hashlib.sha256(PNG).hexdigest()
    Files.of(office.session.db).put(PNG)
    blocks = (Picture(picture, 30.0, "The way here"), *copied.template.document.blocks)
    document = replace(copied.template.document, blocks=blocks)
    template = replace(copied.template, document=document)
    office.letters.library.save(replace(copied, template=template))

    prompts.answers += [str(file), str(file)]
    library.export()
    assert list(json.loads(file.read_text())["pictures"]) == [picture], "its pictures go along"
    library.bring_in()
    assert tab.template_panel is not None
    own = tab.template_panel.detail
    assert own.origin is Origin.OWN
    copy = office.letters.library.detail(own.template.key, LANGUAGE)
    assert copy.template.document == own.template.document
    tab.template_panel.leave()

    file.write_text(json.dumps({"format": 2, "key": "x", "title": "<b>"}))
    prompts.answers.append(str(file))
    library.bring_in()
    assert tab.template_panel is None, "what is no template is refused with a sentence"
    content = json.loads(json.dumps(_hostile(office)))
    file.write_text(json.dumps(content))
    prompts.answers.append(str(file))
    library.bring_in()
    assert tab.template_panel is None, "nor one with a field nobody knows"
    window.close()


def _hostile(office: Office) -> object:
    from medsec_desktop.domain.writing.template import template_stored

    content = template_stored(office.letters.library.detail(KEY, LANGUAGE).template)
    content["document"]["blocks"].append(
        {"is": "paragraph", "inlines": [{"is": "field", "name": "p.__class__"}]}
    )
    return content
