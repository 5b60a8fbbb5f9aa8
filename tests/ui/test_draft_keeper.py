from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medsec_desktop.services.office import Office
from medsec_desktop.ui import draft_keeper
from medsec_desktop.ui.draft_keeper import DraftKeeper
from medsec_desktop.ui.report import Messages
from tests.ui.frame import NoteEditor, a_window


@pytest.fixture
def messages() -> Messages:
    return Messages()


@pytest.fixture
def keeper(qapp: object, office: Office, messages: Messages) -> DraftKeeper:
    return DraftKeeper(office.drafts, messages)


@pytest.fixture
def editor(qtbot: QtBot) -> NoteEditor:
    editor = NoteEditor()
    qtbot.addWidget(editor)
    editor.show()
    return editor


def test_what_was_typed_is_in_the_database_within_five_seconds(
    qtbot: QtBot, office: Office, keeper: DraftKeeper, editor: NoteEditor
) -> None:
    keeper.watch(editor)
    qtbot.keyClicks(editor.line, "call back")

    qtbot.waitUntil(lambda: bool(office.drafts.all()))

    (row,) = office.drafts.all()
    assert row.title == "Note: call back"
    assert not row.is_parked
    assert office.drafts.state(row.id) == {"text": "call back"}


def test_someone_typing_without_pause_is_saved_all_the_same(
    office: Office, keeper: DraftKeeper, editor: NoteEditor
) -> None:
    keeper.watch(editor)

    for text in ("c", "ca", "cal"):
        editor.line.setText(text)
        keeper._look()

    assert len(office.drafts.all()) == 1
    assert draft_keeper.LOOK_MS * draft_keeper.LONGEST_UNSAVED_LOOKS <= 5000


def test_an_empty_form_leaves_no_draft(
    office: Office, keeper: DraftKeeper, editor: NoteEditor
) -> None:
    keeper.watch(editor)

    keeper.save_all()
    keeper.leave(editor)

    assert office.drafts.all() == ()


def test_parking_closes_the_editor_and_resuming_brings_it_back(
    qtbot: QtBot, office: Office, keeper: DraftKeeper, editor: NoteEditor, messages: Messages
) -> None:
    again = NoteEditor()
    qtbot.addWidget(again)
    keeper.resumes("note", lambda row, state: again.restore_state(state))
    keeper.watch(editor)
    qtbot.keyClicks(editor.line, "call back")

    keeper.park_current()

    assert not editor.isVisible()
    assert [row.is_parked for row in keeper.waiting()] == [True]
    assert messages.last is not None
    assert messages.last.text == "Parked: Note: call back."

    keeper.resume_latest()

    assert again.line.text() == "call back"


def test_saving_for_good_removes_the_draft(
    office: Office, keeper: DraftKeeper, editor: NoteEditor
) -> None:
    keeper.watch(editor)
    editor.line.setText("call back")
    keeper.save_all()

    keeper.done(editor)

    assert office.drafts.all() == ()
    assert keeper.waiting() == ()


def test_leaving_a_half_filled_form_parks_it_unasked(
    office: Office, keeper: DraftKeeper, editor: NoteEditor
) -> None:
    keeper.watch(editor)
    editor.line.setText("call back")

    keeper.leave(editor)

    assert [row.is_parked for row in keeper.waiting()] == [True]


def test_work_open_when_the_program_died_is_rescued(
    qtbot: QtBot, office: Office, messages: Messages, editor: NoteEditor
) -> None:
    killed = DraftKeeper(office.drafts, messages)
    killed.watch(editor)
    editor.line.setText("call back")
    killed.save_all()
    killed.close()

    started = DraftKeeper(office.drafts, messages)

    assert [row.title for row in started.rescued()] == ["Note: call back"]


def test_a_resumed_draft_is_rescued_again_after_another_crash(
    qtbot: QtBot, office: Office, messages: Messages
) -> None:
    draft_id = office.drafts.save(None, "note", "Note: call back", None, {"text": "call back"})
    office.drafts.park(draft_id)
    first = DraftKeeper(office.drafts, messages)
    first.resumes("note", lambda row, state: None)

    first.resume(draft_id)

    second = DraftKeeper(office.drafts, messages)
    assert [row.id for row in second.rescued()] == [draft_id]


def test_what_is_open_now_does_not_wait_in_the_strip(
    office: Office, keeper: DraftKeeper, editor: NoteEditor
) -> None:
    keeper.watch(editor)
    editor.line.setText("call back")

    keeper.save_all()

    assert keeper.waiting() == ()


def test_a_draft_thrown_away_can_be_brought_back(
    office: Office, keeper: DraftKeeper, messages: Messages
) -> None:
    draft_id = office.drafts.save(None, "note", "Note: call back", None, {"text": "call back"})
    office.drafts.park(draft_id)

    keeper.throw_away(draft_id)
    assert office.drafts.all() == ()
    assert messages.last is not None
    ((label, bring_back),) = messages.last.offers
    bring_back()

    assert label == "Bring back"
    assert [row.title for row in keeper.waiting()] == ["Note: call back"]


def test_a_draft_of_an_unknown_kind_stays_where_it_is(
    office: Office, keeper: DraftKeeper, messages: Messages
) -> None:
    draft_id = office.drafts.save(None, "telegram", "Telegram", None, {})

    keeper.resume(draft_id)

    assert [row.id for row in keeper.waiting()] == [draft_id]
    assert messages.last is not None
    assert "cannot be resumed" in messages.last.text


def test_the_strip_counts_what_was_rescued_and_a_press_resumes_it(
    qtbot: QtBot, office: Office
) -> None:
    for name in ("one", "two", "three", "four"):
        office.drafts.save(None, "note", f"Note: {name}", None, {"text": name})
    window = a_window(qtbot, office)
    again = NoteEditor()
    qtbot.addWidget(again)
    window.desk.drafts.resumes("note", lambda row, state: again.restore_state(state))
    strip = window.drafts_strip
    qtbot.waitUntil(strip.isVisible)

    assert strip.caption == "4 unsaved pieces of work were rescued"
    assert len(strip.chips()) == 3
    qtbot.mouseClick(strip.chips()[0], Qt.MouseButton.LeftButton)

    assert again.line.text() in {"one", "two", "three", "four"}
    window.close()


def test_ctrl_shift_p_parks_from_inside_a_field(
    qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    window = a_window(qtbot, office)
    editor = NoteEditor(window.tab)
    editor.show()
    window.desk.drafts.watch(editor)
    editor.line.setFocus()
    qtbot.keyClicks(editor.line, "call back")

    qtbot.keyClick(
        editor.line,
        Qt.Key.Key_P,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )

    assert not editor.isVisible()
    assert window.message_bar.text.text() == "Parked: Note: call back."
    assert [chip.accessibleName() for chip in window.drafts_strip.chips()] == [
        "Resume Note: call back, parked"
    ]
    window.close()
