"""The Claims tab: from the list to the claim and back, kept, parked, checked, planned, by keys and mouse."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.claims.paths import put
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import PatientAlert
from medsec_desktop.services.claims.records import AnswerDraft
from medsec_desktop.services.office import Office
from medsec_desktop.ui.claims.sheets import AnswerSheet, NextPayerSheet, PlanSheet
from medsec_desktop.ui.claims.tab import ClaimsTab
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.patients.sections.claims import ClaimsSection
from medsec_desktop.ui.patients.timeline_page import TimelinePage
from medsec_desktop.ui.widgets import DateEdit, LinkButton
from tests.services.claims.practice import Billing, a_billing_clinic
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts

S = ClaimStatus
ALT_SHIFT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def billing(office: Office) -> Billing:
    return a_billing_clinic(office)


def opened(qtbot: QtBot, billing: Billing) -> tuple[MainWindow, ClaimsTab]:
    window = a_window(qtbot, billing.office)
    window.show_tab("claims")
    tab = window.tab_named("claims")
    assert isinstance(tab, ClaimsTab)
    qtbot.waitUntil(lambda: not tab._pause.isActive())
    return window, tab


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def show_list(qtbot: QtBot, tab: ClaimsTab, key: str) -> None:
    tab.lists.select(key)
    tab.table.take_focus()
    qtbot.waitUntil(lambda: not tab._pause.isActive())


def said(window: MainWindow) -> str:
    last = window.desk.messages.last
    return last.text if last is not None else ""


def prompts(window: MainWindow) -> ScriptedPrompts:
    found = window.desk.prompts
    assert isinstance(found, ScriptedPrompts)
    return found


def test_a_charged_visit_becomes_a_claim_is_mended_kept_and_said_to_be_ready_by_keys(
    qtbot: QtBot, billing: Billing
) -> None:
    billing.visit()
    claims = billing.office.claims
    window, tab = opened(qtbot, billing)
    show_list(qtbot, tab, "unclaimed")
    assert tab.table.title.text() == "Charged, no claim"

    press(qtbot, Qt.Key.Key_Return)
    (row,) = claims.of_patient(billing.patient)
    assert tab.panel.claim_id == row.id
    assert row.number in tab.panel.head.title.text()

    member = tab.panel.editor.form.fields["insured.party.id"]
    assert isinstance(member, QLineEdit)
    member.setFocus()
    press(qtbot, Qt.Key.Key_End)
    qtbot.keyClicks(member, "-7")
    assert tab.panel.head.save_button.isVisible()
    tab.panel.editor.look()
    press(qtbot, Qt.Key.Key_M, ALT_SHIFT)
    press(qtbot, Qt.Key.Key_S, CTRL)
    assert claims.detail(row.id).content.insured.party.id == "TM123457"
    assert not tab.panel.head.save_button.isVisible()
    assert said(window) == f"Claim {row.number} is kept."

    press(qtbot, Qt.Key.Key_R, ALT_SHIFT)
    assert claims.row(row.id).status is S.READY
    assert tab.panel.head.state.text() == "Ready"
    window.undoing.undo()
    assert claims.row(row.id).status is S.DRAFT
    assert tab.panel.head.state.text() == "Draft"


def test_a_list_too_long_to_be_read_says_how_many_come_later(
    qtbot: QtBot, billing: Billing
) -> None:
    billing.visit()
    _, tab = opened(qtbot, billing)
    show_list(qtbot, tab, "unclaimed")
    assert "later" not in tab.table.figures.text()
    rows = tab.table.view.shown_rows()

    tab.table.show_rows("unclaimed", "Charged, no claim", rows, of=len(rows) + 1_200)

    assert tab.table.figures.text().endswith("1,200 more later")


def test_what_holds_a_claim_back_is_led_to(qtbot: QtBot, billing: Billing) -> None:
    claims = billing.office.claims
    claim = claims.build(billing.visit())
    found = claims.detail(claim)
    claims.save(claim, found.version, put(found.content, "insured.party.id", ""))
    window, tab = opened(qtbot, billing)
    tab.show_claim(claim)

    press(qtbot, Qt.Key.Key_R, ALT_SHIFT)

    assert claims.row(claim).status is S.DRAFT
    assert "has no member number" in said(window)
    assert QApplication.focusWidget() is tab.panel.editor.form.fields["insured.party.id"]
    tab.lists.select("held")
    assert [row.id for row in tab.table.view.shown_rows()] == [claim]


def test_what_was_typed_is_parked_on_leaving_and_comes_back(qtbot: QtBot, billing: Billing) -> None:
    claims = billing.office.claims
    first, second = claims.build(billing.visit()), claims.build(billing.visit("2026-03-03T10:00"))
    window, tab = opened(qtbot, billing)
    tab.show_claim(first)
    note = _field(tab, "note.text")
    qtbot.keyClicks(note, "Seen twice")

    tab.show_claim(second)

    assert said(window).startswith("Parked: Claim")
    assert claims.detail(first).content.note is None
    window.desk.drafts.resume_latest()
    assert tab.panel.claim_id == first
    assert _field(tab, "note.text").text() == "Seen twice"
    press(qtbot, Qt.Key.Key_S, CTRL)
    kept = claims.detail(first).content.note
    assert kept is not None
    assert kept.text == "Seen twice"
    assert window.desk.drafts.waiting() == ()

    press(qtbot, Qt.Key.Key_U, ALT_SHIFT)
    qtbot.keyClicks(tab.panel.history.note, "Called the payer")
    tab.show_claim(second)
    assert tab.panel.history.note.text() == ""
    window.desk.drafts.resume_latest()
    assert (tab.panel.claim_id, tab.panel.history.note.text()) == (first, "Called the payer")
    press(qtbot, Qt.Key.Key_Return)
    assert claims.detail(first).events[-1].note == "Called the payer"
    tab.show_claim(second)
    assert window.desk.drafts.waiting() == ()


def test_a_claim_somebody_changed_meanwhile_is_not_written_over(
    qtbot: QtBot, billing: Billing
) -> None:
    claims = billing.office.claims
    claim = claims.build(billing.visit())
    _, tab = opened(qtbot, billing)
    tab.show_claim(claim)
    qtbot.keyClicks(_field(tab, "note.text"), "Mine")

    found = claims.detail(claim)
    claims.save(claim, found.version, put(found.content, "note.text", "Theirs"))

    assert tab.panel.head.moved_on.isVisible()
    assert _field(tab, "note.text").text() == "Mine"
    press(qtbot, Qt.Key.Key_S, CTRL)
    note = claims.detail(claim).content.note
    assert note is not None
    assert note.text == "Theirs"
    tab.panel.show_claim_anew()
    assert _field(tab, "note.text").text() == "Theirs"
    assert not tab.panel.head.moved_on.isVisible()


def test_many_are_made_checked_and_given_on_at_once(qtbot: QtBot, billing: Billing) -> None:
    for day in range(2, 6):
        billing.visit(f"2026-03-0{day}T10:00", fee=0 if day == 5 else 12550)
    office = billing.office
    window, tab = opened(qtbot, billing)
    show_list(qtbot, tab, "unclaimed")

    qtbot.mouseClick(tab.table.many_button, Qt.MouseButton.LeftButton)

    assert said(window).startswith("3 claims made. 1 visit was left out. Testperson, Ada: ")
    show_list(qtbot, tab, "drafts")
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_R, ALT_SHIFT)
    assert said(window) == "3 claims ready to go."
    show_list(qtbot, tab, "ready")
    assert tab.table.figures.text() == "3 claims  ·  $376.50"
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_D, ALT_SHIFT)
    sheet = window.findChildren(PlanSheet)[-1]
    qtbot.keyClicks(sheet.action, "Call the payer")
    sheet.on.setFocus()
    qtbot.keyClicks(sheet.on, "+2d")
    qtbot.keyClick(sheet.on, Qt.Key.Key_Return, CTRL)
    rows = office.claims.of_patient(billing.patient)
    today = office.clock.today()
    assert {(row.next_action, (row.next_on or today) - today) for row in rows} == {
        ("Call the payer", date(2026, 1, 3) - date(2026, 1, 1))
    }


def test_an_answer_is_kept_and_leads_to_the_next_payer(qtbot: QtBot, billing: Billing) -> None:
    claims = billing.office.claims
    claim = billing.ready()
    _sent(billing, claim)
    window, tab = opened(qtbot, billing)
    tab.show_claim(claim)
    assert tab.panel.editor.form.is_read_only
    press(qtbot, Qt.Key.Key_S, CTRL)
    assert "stays as it was sent" in said(window)

    press(qtbot, Qt.Key.Key_Y, ALT_SHIFT)
    answer = window.findChildren(AnswerSheet)[-1]
    answer.status.setFocus()
    qtbot.keyClick(answer.status, Qt.Key.Key_D)
    qtbot.keyClicks(answer.number, "icn77")
    qtbot.keyClick(answer.number, Qt.Key.Key_Return, CTRL)
    row = claims.row(claim)
    assert (row.status, row.payer_claim_number) == (S.DECIDED, "ICN77")

    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    press(qtbot, Qt.Key.Key_X, ALT_SHIFT)
    assert window.findChildren(NextPayerSheet), (said(window), QApplication.focusWidget())
    next_payer = window.findChildren(NextPayerSheet)[-1]
    paid, why = next_payer.lines[0]
    qtbot.keyClicks(paid, "80")
    qtbot.keyClicks(why, "CO 45 25.50, PR 2 10")
    qtbot.keyClick(why, Qt.Key.Key_Return, CTRL)
    assert next_payer.banner.isVisible(), "ten dollars are missing"
    layout = next_payer.layout()
    assert layout is not None
    assert next_payer.height() >= layout.totalHeightForWidth(next_payer.width())
    why.clear()
    qtbot.keyClicks(why, "CO 45 25.50, PR 2 20")
    qtbot.keyClick(why, Qt.Key.Key_Return, CTRL)
    second = claims.detail(claim).followed_by_id
    assert tab.panel.claim_id == second
    assert "second payer" in tab.panel.head.title.text()
    form = tab.panel.editor.form
    assert QApplication.focusWidget() is form.widget_at("lines[0].code")

    tab.show_claim(claim)
    press(qtbot, Qt.Key.Key_X, ALT_SHIFT)
    assert "has its claim already" in said(window)


def test_a_decided_claim_that_no_other_insurance_pays_on_is_closed(
    qtbot: QtBot, billing: Billing
) -> None:
    claims, session = billing.office.claims, billing.office.session
    claim = billing.ready()
    _sent(billing, claim)
    answer = AnswerDraft(S.DECIDED, billing.office.clock.today(), "ICN77")
    claims.answer(claim, claims.row(claim).version, answer)
    window, tab = opened(qtbot, billing)
    tab.show_claim(claim)
    forward = tab.panel.head.forward_button
    assert forward.text() == "To the next payer…"

    with session.change("End it", Permission.EDIT_PATIENTS):
        session.db.execute("UPDATE coverage SET ends_on = '2026-01-31' WHERE rank = 'secondary'")
    assert forward.text() == "Close…"
    press(qtbot, Qt.Key.Key_X, ALT_SHIFT)
    assert "had no further insurance on the day of the visit" in said(window)
    assert not window.findChildren(NextPayerSheet)
    prompts(window).answers.append("Paid in full")
    qtbot.mouseClick(forward, Qt.MouseButton.LeftButton)
    assert claims.row(claim).status is S.CLOSED
    assert claims.detail(claim).events[-1].note == "Paid in full"
    press(qtbot, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert said(window).endswith("is closed: what a payer has decided is closed.")


def test_the_scrubber_hears_at_once_what_changes_beside_the_claim(
    qtbot: QtBot, billing: Billing
) -> None:
    claims, session = billing.office.claims, billing.office.session
    billing.ready("2026-03-04T10:00")
    claim = claims.build(billing.visit())
    window, tab = opened(qtbot, billing)
    tab.show_claim(claim)
    editor = tab.panel.editor
    place = tab.panel.tabs[0].mapTo(tab.panel, QPoint())

    def sentences() -> list[str]:
        return [finding.sentence for finding in editor.strip.findings]

    assert sentences() == []
    qtbot.mouseClick(tab.panel.tabs[2], Qt.MouseButton.LeftButton)
    press(qtbot, Qt.Key.Key_N, ALT_SHIFT)
    assert said(window) == "Nothing wrong was found in this claim."
    with session.change("She died", Permission.EDIT_PATIENTS):
        session.db.execute(
            "UPDATE patient SET status = 'deceased', deceased_on = '2026-03-01',"
            " version = version + 1 WHERE id = ?",
            (billing.patient,),
        )
        session.db.execute("UPDATE claim SET file_until_on = '2026-03-14' WHERE id = ?", (claim,))
    assert sentences() == ["Line 1: the patient had died before this day."]
    assert tab.panel.head.deadline.isVisible()
    assert tab.panel.tabs[0].mapTo(tab.panel, QPoint()) == place, "the tabs stay where they are"

    press(qtbot, Qt.Key.Key_N, ALT_SHIFT)
    assert QApplication.focusWidget() is editor.form.widget_at("lines[0].from_on")
    window.undoing.undo()
    assert sentences() == []
    on = editor.form.widget_at("lines[0].from_on")
    assert isinstance(on, DateEdit)
    on.selectAll()
    qtbot.keyClicks(on, "3/4/2026")
    editor.look()
    assert sentences() == ["Line 1: 99213 of this day is on claim 100001 already."]


def test_the_claim_selected_while_nobody_saw_the_tab_is_shown_with_it(
    qtbot: QtBot, billing: Billing
) -> None:
    claim = billing.office.claims.build(billing.visit())
    window = a_window(qtbot, billing.office)
    window.show_tab("claims")
    tab = window.tab_named("claims")
    assert isinstance(tab, ClaimsTab)
    window.show_tab("today")
    qtbot.waitUntil(lambda: not tab._pause.isActive())
    assert tab.table.row is not None
    assert tab.panel.claim_id is None

    window.show_tab("claims")

    qtbot.waitUntil(lambda: tab.panel.claim_id == claim)


def test_a_claim_is_replaced_noted_given_up_and_its_history_tells(
    qtbot: QtBot, billing: Billing
) -> None:
    claims = billing.office.claims
    claim = claims.build(billing.visit())
    window, tab = opened(qtbot, billing)
    tab.show_claim(claim)

    press(qtbot, Qt.Key.Key_U, ALT_SHIFT)
    qtbot.keyClicks(tab.panel.history.note, "Called the payer")
    press(qtbot, Qt.Key.Key_Return)
    assert tab.panel.history.list.rows.rows[0].title == "Called the payer"
    press(qtbot, Qt.Key.Key_E, ALT_SHIFT)
    assert said(window) == "This claim has not left: change it as it is."
    prompts(window).answers.append("Charged twice")
    press(qtbot, Qt.Key.Key_V, ALT_SHIFT)

    assert claims.row(claim).status is S.VOID
    assert tab.panel.head.state.text() == "Void"
    assert tab.panel.history.list.rows.rows[0].title == "Void: Charged twice"


def test_alerts_to_be_read_at_billing_stand_above_the_claim(qtbot: QtBot, billing: Billing) -> None:
    session = billing.office.session
    with session.change("Alert", Permission.EDIT_PATIENTS):
        PatientAlert.create(
            patient=billing.patient, text="Bill the employer first", is_shown_on_billing=True,
            is_shown_on_selection=False,
        )  # fmt: skip
    billing.visit()
    _, tab = opened(qtbot, billing)
    show_list(qtbot, tab, "unclaimed")

    press(qtbot, Qt.Key.Key_Return)

    assert tab.panel.head.alerts.isVisible()
    assert "Bill the employer first" in tab.panel.head.alerts.accessibleName()


def test_claims_are_found_filtered_sorted_and_opened_from_the_file(
    qtbot: QtBot, billing: Billing
) -> None:
    claims = billing.office.claims
    first, second = claims.build(billing.visit()), claims.build(billing.visit("2026-03-03T10:00"))
    window, tab = opened(qtbot, billing)
    show_list(qtbot, tab, "all")
    number = claims.row(first).number

    tab.table.search.setFocus()
    qtbot.keyClicks(tab.table.search, number)
    assert [row.id for row in tab.table.view.shown_rows()] == [first]
    tab.table.search.clear()
    press(qtbot, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is tab.table.view
    press(qtbot, Qt.Key.Key_Left)
    assert QApplication.focusWidget() is tab.lists.list

    (hit,) = [hit for hit in billing.office.find(number) if hit.kind == "claim"]
    assert hit.title.endswith("Testperson, Ada")
    assert [hit.key for hit in billing.office.find("claim testperson") if hit.kind == "claim"] == [
        str(second),
        str(first),
    ]
    window.commands.take(hit)
    assert tab.panel.claim_id == first
    window.go.open_patient(billing.patient)
    section = window.findChild(ClaimsSection)
    assert section is not None
    links = [one for one in section.findChildren(LinkButton) if one.text() == "03/03/2026"]
    qtbot.mouseClick(links[0], Qt.MouseButton.LeftButton)
    assert tab.panel.claim_id == second
    assert window.tab is tab

    window.go.open_patient(billing.patient)
    press(qtbot, Qt.Key.Key_T, CTRL | Qt.KeyboardModifier.AltModifier)
    timeline = window.findChild(TimelinePage)
    assert timeline is not None
    for kind, button in timeline.kinds.items():
        if button.isChecked() and kind != "claim":
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    told = [row.title for row in timeline.list.rows.rows]
    assert told == [
        f"Claim {claims.row(one).number} to Test Health: made" for one in (first, second)
    ]
    timeline.list.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert (window.tab, tab.panel.claim_id) == (tab, first)


def test_a_visit_leads_to_its_claim_and_the_claim_back_to_its_charges(
    qtbot: QtBot, billing: Billing
) -> None:
    claims = billing.office.claims
    billing.visit("2026-03-02T10:00")
    (visit,) = billing.office.session.db.rows("SELECT id FROM appointment")[0]
    window, tab = opened(qtbot, billing)
    window.go.show_day(date(2026, 3, 2), visit)

    for _ in range(2):  # it is made once, then found
        window.go.show_day(date(2026, 3, 2), visit)
        press(qtbot, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
        (row,) = claims.of_visit(visit)
        assert (window.tab, tab.panel.claim_id) == (tab, row.id)

    assert tab.visit_at_hand == visit


def test_the_form_shows_what_is_typed_and_not_kept(qtbot: QtBot, billing: Billing) -> None:
    claim = billing.office.claims.build(billing.visit())
    _, tab = opened(qtbot, billing)
    tab.show_claim(claim)
    qtbot.keyClicks(_field(tab, "note.text"), "N" * 60)

    qtbot.mouseClick(tab.panel.tabs[1], Qt.MouseButton.LeftButton)

    pages = tab.panel.form_view.pages
    assert pages.page_count == 1
    qtbot.keyClick(pages, Qt.Key.Key_End)
    assert pages.verticalScrollBar().value() == pages.verticalScrollBar().maximum() > 0
    qtbot.keyClick(pages, Qt.Key.Key_Home)
    assert pages.verticalScrollBar().value() == 0
    assert "48" in tab.panel.form_view.banner.accessibleName()


def _field(tab: ClaimsTab, place: str) -> QLineEdit:
    widget: QWidget | None = tab.panel.editor.form.go_to(place)
    assert isinstance(widget, QLineEdit)
    return widget


def _sent(billing: Billing, claim: int) -> None:
    """As a file that was written leaves it."""
    office = billing.office
    with office.session.change("Send", Permission.EDIT_CLAIMS):
        office.claims.filing.move(claim, S.SENT, kind="sent", sent_at=office.claims.filing.now())
