"""A claim being written: shown without loss, typed into, checked as one types, mended by a key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.paths import put
from medsec_desktop.domain.claims.scrubbing import PayerRules, Surroundings
from medsec_desktop.services.office import Office
from medsec_desktop.ui.claims.editor import ClaimEditor
from medsec_desktop.ui.letters.pick_sheet import PickSheet
from medsec_desktop.ui.report import Messages
from tests.domain.claims.builders import full_claim, plain_claim
from tests.ui.frame import a_desk

TODAY = date(2026, 11, 20)
WORDS = {"J069": "Acute upper respiratory infection", "M25561": "Pain in right knee"}


def words_of(code: str) -> str:
    return WORDS.get(code.replace(".", "").upper(), "")


@pytest.fixture
def messages() -> list[str]:
    return []


@pytest.fixture
def open_editor(qtbot: QtBot, office: Office, messages: list[str]) -> Callable[..., ClaimEditor]:
    def opened(claim: Claim, *, is_sealed: bool = False, **payer: object) -> ClaimEditor:
        desk = a_desk(office)
        assert isinstance(desk.messages, Messages)
        desk.messages.said.connect(lambda message: messages.append(message.text))
        editor = ClaimEditor(desk, words_of)
        around = Surroundings(today=TODAY, payer=PayerRules(**payer))  # type: ignore[arg-type]
        editor.resize(760, 640)
        qtbot.addWidget(editor)
        editor.show_claim(claim, around, is_sealed=is_sealed)
        with qtbot.waitActive(editor):
            editor.show()
            editor.activateWindow()
        return editor

    return opened


def line(editor: ClaimEditor, name: str) -> QLineEdit:
    widget = editor.form.fields[name]
    assert isinstance(widget, QLineEdit)
    return widget


def retype(qtbot: QtBot, widget: QWidget, text: str) -> None:
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(widget, text)


@pytest.mark.parametrize("make", [plain_claim, full_claim])
def test_a_claim_shown_and_left_alone_is_the_same_claim(
    open_editor: Callable[..., ClaimEditor], make: Callable[[], Claim]
) -> None:
    editor = open_editor(make())

    assert editor.claim() == make()
    assert not editor.is_touched
    assert editor.typed() is None


def test_what_is_typed_is_in_the_claim_and_the_scrubber_speaks_of_it(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim())
    assert editor.strip.summary.text() == "Nothing wrong found"

    retype(qtbot, line(editor, "insured.party.id"), "TM-99")
    with qtbot.waitSignal(editor.looked):
        pass

    assert editor.claim().insured.party.id == "TM-99"
    assert editor.strip.summary.text() == "1 error"
    assert editor.is_touched
    (finding,) = editor.strip.findings
    assert finding.rule.id == "member-id"


def test_a_message_leads_to_its_field_and_is_mended_by_keys_and_taken_back(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor], messages: list[str]
) -> None:
    claim = put(plain_claim(), "insured.party.id", "TM-12 345")
    claim = replace(claim, charge_cents=100)  # no field shows it: the lines say it
    editor = open_editor(claim)
    actions = editor._desk.actions

    led_to = []
    for _ in range(2):
        actions.trigger("claim.next_message")
        led_to.append(QApplication.focusWidget())
    charge = editor.form.lines.rows[0].fields["charge_cents"]
    assert set(led_to) == {line(editor, "insured.party.id"), charge}
    actions.trigger("claim.mend")
    actions.trigger("claim.mend")

    assert editor.claim() == replace(put(claim, "insured.party.id", "TM12345"), charge_cents=12550)
    assert editor.strip.summary.text() == "Nothing wrong found"
    assert sorted(messages) == ["Set it to 125.50: done.", "Write it TM12345: done."]
    last = editor._desk.messages.last
    assert last is not None
    last.offers[0][1]()
    assert len(editor.strip.findings) == 1
    actions.trigger("claim.mend")
    parked = json.loads(json.dumps(editor.typed()))
    again = open_editor(claim)
    again.restore(parked)
    assert again.claim() == editor.claim()


def test_a_click_on_a_message_opens_its_group(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim(), needs_authorization=True)
    assert not editor.form.folds["numbers"].is_open
    rows = editor.strip.list

    where = rows.visualRect(rows.rows.index(0, 0)).center()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(where))

    assert editor.form.folds["numbers"].is_open
    assert QApplication.focusWidget() is line(editor, "references{G1}")
    qtbot.keyClicks(line(editor, "references{G1}"), "A77")
    editor.look()
    assert editor.strip.findings == ()


def test_services_are_added_typed_and_taken_away(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim())
    lines = editor.form.lines

    qtbot.mouseClick(lines.add_button, Qt.MouseButton.LeftButton)
    row = lines.rows[1]
    assert QApplication.focusWidget() is row.fields["code"]
    qtbot.keyClicks(row.fields["code"], "j3301")
    retype(qtbot, row.fields["charge_cents"], "21.04")
    qtbot.mouseClick(row.more_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(row.fields["drug.code"], "00003029320")

    claim = editor.claim()
    assert lines.total.text() == "Total 146.54"
    assert claim.charge_cents == 14654
    added = claim.lines[1]
    assert (added.code, added.charge_cents, added.pointers) == ("J3301", 2104, (1,))
    assert added.from_on == claim.lines[0].from_on
    assert added.drug is not None
    assert added.drug.code == "00003029320"
    qtbot.mouseClick(row.remove_button, Qt.MouseButton.LeftButton)
    assert editor.claim() == plain_claim()


def test_an_amount_that_is_none_is_told_where_it_stands_and_keeps_the_rest(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim())
    charge = editor.form.lines.rows[0].fields["charge_cents"]

    retype(qtbot, charge, "12x")
    editor.look()

    assert editor.strip.summary.text() == "1 error"
    line(editor, "payer.id").setFocus()
    editor._desk.actions.trigger("claim.next_message")
    assert QApplication.focusWidget() is charge


def test_diagnoses_take_their_dots_off_and_say_what_they_mean(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim())
    diagnoses = editor.form.diagnoses
    assert (diagnoses.lines[0].text(), diagnoses.words[0].text()) == ("J06.9", WORDS["J069"])

    qtbot.keyClicks(diagnoses.lines[1], "m25.561")

    assert diagnoses.words[1].text() == WORDS["M25561"]
    assert [(one.code, one.kind) for one in editor.claim().diagnoses] == [
        ("J069", "ABK"),
        ("M25561", "ABF"),
    ]


def test_a_code_is_found_by_its_words(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim())
    second = editor.form.diagnoses.lines[1]
    second.setFocus()

    editor._desk.actions.trigger("claim.find_code")
    (sheet,) = [one for one in editor.window().findChildren(PickSheet) if one.isVisible()]
    qtbot.keyClicks(sheet.list.line, "pain in right knee")
    qtbot.keyClick(sheet.list.line, Qt.Key.Key_Return)

    assert second.text() == "M25.561"
    assert [one.code for one in editor.claim().diagnoses] == ["J069", "M25561"]


def test_a_child_gets_a_subscriber_of_her_own(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim())
    relation = editor.form.fields["relation"]
    assert editor.form.folds["subscriber"].isHidden()

    relation.setFocus()
    qtbot.keyClick(relation, Qt.Key.Key_C)  # Child
    qtbot.keyClicks(line(editor, "insured.party.family"), "Testparent")
    qtbot.keyClicks(line(editor, "insured.party.given"), "Carl")

    claim = editor.claim()
    assert claim.patient is not None
    assert (claim.patient.party.given, claim.patient.relationship) == ("ADA", "19")
    assert (claim.insured.party.family, claim.insured.party.id) == ("Testparent", "TM12345")


def test_what_another_payer_decided_is_typed_as_it_wrote_it(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(full_claim())
    others = editor.form.others

    _, paid, adjusted = others._decision_parts[0]
    retype(qtbot, paid, "80")
    retype(qtbot, adjusted, "co45 39.50, pr3 6")

    claim = editor.claim()
    assert claim.others == full_claim().others
    (decision,) = claim.lines[0].decisions
    assert decision.paid_cents == 8000
    assert [(one.group, one.reason, one.amount_cents) for one in decision.adjustments] == [
        ("CO", "45", 3950),
        ("PR", "3", 600),
    ]
    qtbot.mouseClick(others.remove_button, Qt.MouseButton.LeftButton)
    assert editor.claim().others == ()
    assert editor.claim().lines[0].decisions == ()


def test_a_claim_that_left_is_looked_at_only(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor], messages: list[str]
) -> None:
    editor = open_editor(full_claim(), is_sealed=True)

    qtbot.keyClicks(line(editor, "insured.party.id"), "9")
    editor._desk.actions.trigger("claim.mend")

    assert not editor.is_touched
    assert editor.claim() == full_claim()
    assert editor.strip.isHidden()
    assert messages == ["This claim left the office: it stays as it was sent."]
