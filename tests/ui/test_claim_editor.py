"""A claim being written: shown without loss, typed into, checked as one types, mended by a key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.claims.claim import Claim, Condition
from medsec_desktop.domain.claims.paths import put
from medsec_desktop.domain.claims.scrubbing import PayerRules, Surroundings
from medsec_desktop.services.office import Office
from medsec_desktop.ui.claims.editor import ClaimEditor
from medsec_desktop.ui.claims.other_payers import OtherPayerRow
from medsec_desktop.ui.claims.small_lists import Attachments, Conditions
from medsec_desktop.ui.letters.pick_sheet import PickSheet
from medsec_desktop.ui.report import Messages
from medsec_desktop.ui.widgets import Choice
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


def click(qtbot: QtBot, button: QWidget) -> None:
    """With the mouse, once what was just made has found its place."""
    qtbot.waitUntil(lambda: button.isVisible() and button.height() > 8)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


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

    click(qtbot, lines.add_button)
    row = lines.rows[1]
    assert QApplication.focusWidget() is row.fields["code"]
    qtbot.keyClicks(row.fields["code"], "j3301")
    retype(qtbot, row.fields["charge_cents"], "21.04")
    click(qtbot, row.more_button)
    assert row.more is not None
    qtbot.keyClicks(row.more.fields["drug.code"], "00003029320")

    claim = editor.claim()
    assert lines.total.text() == "Total 146.54"
    assert claim.charge_cents == 14654
    added = claim.lines[1]
    assert (added.code, added.charge_cents, added.pointers) == ("J3301", 2104, (1,))
    assert added.from_on == claim.lines[0].from_on
    assert added.drug is not None
    assert added.drug.code == "00003029320"
    click(qtbot, row.remove_button)
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

    (other,) = others.rows
    assert isinstance(other, OtherPayerRow)
    decided = other.decided[editor.form.lines.rows[0]]
    retype(qtbot, decided.paid, "80")
    retype(qtbot, decided.adjusted, "co45 39.50, pr3 6")

    claim = editor.claim()
    assert claim.others == full_claim().others
    (decision,) = claim.lines[0].decisions
    assert decision.paid_cents == 8000
    assert [(one.group, one.reason, one.amount_cents) for one in decision.adjustments] == [
        ("CO", "45", 3950),
        ("PR", "3", 600),
    ]
    click(qtbot, other.remove_button)
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


def test_a_form_is_made_in_slices_and_what_is_asked_for_is_there_at_once(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim())
    form = editor.form
    qtbot.waitUntil(lambda: form.is_whole, timeout=30_000)

    editor.show_claim(full_claim(), Surroundings(today=TODAY))
    assert not form.is_whole, "all of it was filled at once"
    assert editor.claim() == full_claim(), "what is not shown yet is as it is in the claim"
    note = form.go_to("note.text")
    assert isinstance(note, QLineEdit)
    assert QApplication.focusWidget() is note
    qtbot.keyClicks(note, "Typed at once")
    assert not form.is_whole
    qtbot.waitUntil(lambda: form.is_whole, timeout=30_000)

    assert editor.claim() == put(full_claim(), "note.text", "Typed at once")
    for group, fold in form.folds.items():  # Tab goes from each title into its fields
        if fold.is_open and not fold.isHidden() and group != "subscriber":
            following = fold.button.nextInFocusChain()
            while not following.focusPolicy() & Qt.FocusPolicy.TabFocus:
                following = following.nextInFocusChain()
            assert fold.isAncestorOf(following), group


def test_no_step_of_the_form_makes_more_than_a_few_fields(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = ClaimEditor(open_editor(plain_claim())._desk, words_of)
    qtbot.addWidget(editor)
    form = editor.form
    form._slices.begin = lambda steps: None  # type: ignore[method-assign]
    editor.show_claim(full_claim(), None)
    made = [_fields(editor)]

    for _ in form._all_steps():
        made.append(_fields(editor))

    assert editor.claim() == full_claim()
    grown = [after - before for before, after in pairwise(made)]
    assert sum(grown) > 150
    assert max(grown) < 30  # a service with all that a service may have


def _fields(editor: ClaimEditor) -> int:
    return sum(len(editor.findChildren(kind)) for kind in (QLineEdit, Choice, QCheckBox))


def test_each_slice_of_a_form_leaves_it_laid_out(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = ClaimEditor(open_editor(plain_claim())._desk, words_of)
    editor.resize(760, 640)
    qtbot.addWidget(editor)
    editor.show()
    form = editor.form
    lay_out, slices, squashed = form._slices._after, [], []

    def look() -> None:
        lay_out()
        slices.append(1)
        squashed.extend(
            key
            for key, part in form.parts.items()
            if part.isVisible() and part.height() < part.minimumSizeHint().height()
        )

    form._slices._after = look
    editor.show_claim(full_claim(), None)
    qtbot.waitUntil(lambda: form.is_whole, timeout=30_000)

    assert len(slices) > 3
    assert len(squashed) <= 1  # what a service has below it finds its height one event later


def test_other_payers_are_listed_added_put_in_order_and_taken_away(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(full_claim())
    others, was = editor.form.others, full_claim()

    click(qtbot, others.add_button)
    added = others.rows[-1]
    assert isinstance(added, OtherPayerRow)
    assert QApplication.focusWidget() is added.fields["payer.family"]
    qtbot.keyClicks(added.fields["payer.family"], "Third Test Plan")
    retype(qtbot, added.fields["payer.id"], "TP003")
    decided = added.decided[editor.form.lines.rows[0]]
    qtbot.keyClicks(decided.paid, "5")
    qtbot.keyClicks(decided.adjusted, "OA 23 7")

    claim = editor.claim()
    assert [one.payer.id for one in claim.others] == [was.others[0].payer.id, "TP003"]
    assert claim.others[0] == was.others[0]
    first, *_, mine = claim.lines[0].decisions
    assert first == was.lines[0].decisions[0]
    assert (mine.payer_id, mine.paid_cents, mine.adjustments[0].reason) == ("TP003", 500, "23")
    place = f"lines[0].decisions[{len(claim.lines[0].decisions) - 1}]"
    assert editor.form.widget_at(place) is decided.paid

    qtbot.waitUntil(lambda: editor.form.is_whole and decided.paid.isVisible(), timeout=30_000)
    decided.paid.setFocus()
    qtbot.keyClick(decided.paid, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert QApplication.focusWidget() is decided.paid
    assert [one.payer.id for one in editor.claim().others] == ["TP003", was.others[0].payer.id]
    typed = editor.claim()
    parked = json.loads(json.dumps(editor.typed()))
    retype(qtbot, decided.paid, "5x")
    editor.look()
    editor.form.fields["payer.id"].setFocus()
    editor._desk.actions.trigger("claim.next_message")
    assert QApplication.focusWidget() is decided.paid
    click(qtbot, added.remove_button)
    assert editor.claim() == was
    again = open_editor(full_claim())
    again.restore(parked)
    assert again.claim() == typed


def test_attachments_and_conditions_are_lists_worked_by_keys(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim())
    form = editor.form
    assert not form.folds["attachments"].is_open
    form.folds["attachments"].button.setFocus()
    qtbot.keyClick(form.folds["attachments"].button, Qt.Key.Key_Return)
    attachments = form.part("attachments")
    assert isinstance(attachments, Attachments)

    for kind, number in (("oz", "A-1"), ("b4", "B-2")):
        attachments.add_button.setFocus()
        qtbot.keyClick(attachments.add_button, Qt.Key.Key_Return)
        row = attachments.rows[-1]
        qtbot.keyClicks(QApplication.focusWidget(), kind)
        row.fields["how"].setFocus()
        qtbot.keyClick(row.fields["how"], Qt.Key.Key_F)  # Fax
        qtbot.keyClicks(row.fields["control"], number)
    click(qtbot, attachments.rows[0].down_button)
    conditions = form.part("conditions")
    assert isinstance(conditions, Conditions)
    conditions.add_and_go()
    qtbot.keyClicks(conditions.rows[0].fields["codes"], "av, st")

    claim = editor.claim()
    assert [(one.kind, one.how, one.control) for one in claim.attachments] == [
        ("B4", "FX", "B-2"),
        ("OZ", "FX", "A-1"),
    ]
    assert claim.conditions == (Condition("ZZ", True, ("AV", "ST")),)
    parked = json.loads(json.dumps(editor.typed()))
    again = open_editor(plain_claim())
    again.restore(parked)
    assert again.claim() == claim
    assert again.form.folds["attachments"].is_open


def test_a_service_says_who_ordered_it_and_what_was_purchased(
    qtbot: QtBot, open_editor: Callable[..., ClaimEditor]
) -> None:
    editor = open_editor(plain_claim())
    row = editor.form.lines.rows[0]
    assert row.more is None, "what few services need is made when somebody wants it"
    row.more_button.setFocus()
    qtbot.keyClick(row.more_button, Qt.Key.Key_Return)
    more = row.more
    assert more is not None

    click(qtbot, more.providers.add_button)
    provider = more.providers.rows[0]
    qtbot.keyClicks(provider.fields["family"], "Orderly")
    qtbot.keyClicks(provider.fields["given"], "Olga")
    qtbot.keyClicks(provider.fields["id"], "1234567893")
    qtbot.keyClicks(provider.fields["city"], "Springfield")
    qtbot.keyClicks(more.fields["purchased_cents"], "30")
    qtbot.keyClicks(more.fields["purchased_from"], "1811901945")
    more.conditions.add_and_go()
    qtbot.keyClicks(more.conditions.rows[0].fields["codes"], "zv")

    (line,) = editor.claim().lines
    ((role, party),) = line.providers
    assert (role, party.family, party.given, party.id) == ("DK", "Orderly", "Olga", "1234567893")
    assert party.address is not None
    assert party.address.city == "Springfield"
    assert (line.purchased_cents, line.purchased_from) == (3000, "1811901945")
    assert line.conditions == (Condition("09", True, ("ZV",)),)
    assert editor.form.widget_at("lines[0].providers[0].id") is provider.fields["id"]
    parked = json.loads(json.dumps(editor.typed()))
    again = open_editor(plain_claim())
    again.restore(parked)
    assert again.claim() == editor.claim()
    assert again.form.lines.rows[0].is_open
