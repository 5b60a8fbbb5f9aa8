"""Documents on the screen, by key and mouse: taken in, looked at, worked on, moved, sorted."""

from __future__ import annotations

import itertools
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel

from medsec_desktop.domain.permissions import Role
from medsec_desktop.services.documents.form_contents import FormKind
from medsec_desktop.services.documents.printed_forms import CHOICES
from medsec_desktop.services.documents.records import DocumentDraft, Incoming, Source
from medsec_desktop.services.practice import settings
from medsec_desktop.services.today.queue import queue
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.letters.print_sheet import PrintSheet
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.patients.documents.form_card import FormCard
from medsec_desktop.ui.practice.settings import SettingsDialog
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import LinkButton
from tests.conftest import a_patient, a_user
from tests.papers import a_pdf, a_picture, as_file, drawn
from tests.services.test_documents import Paper, incoming
from tests.ui.scripted import ScriptedPrompts

LEFT = Qt.MouseButton.LeftButton
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def ada(session):
    return a_patient(session, phone="+12125550100")


@pytest.fixture
def bob(session):
    return a_patient(session, "Sampleton", "Bob")


@pytest.fixture
def window(office, qtbot):
    office.documents.categories.add_usual()
    desk = make_desk(office, Theme(), jobs=InlineJobs(), prompts=ScriptedPrompts())
    window = MainWindow(desk, unlock=lambda *_: None)
    window.resize(1366, 768)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def tab_of(window):
    return window.tab_named("patients")


def section_of(window, patient_id):
    window.go.open_patient(patient_id)
    return tab_of(window).file.documents


def said(widget):
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def told(window):
    return window.desk.messages.last.text


def a_drop(kind, mime):
    at = QPointF(300, 300) if kind is QDropEvent else QPoint(300, 300)
    return kind(at, Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)


def dropped_on(view, mime):
    QApplication.sendEvent(view, a_drop(QDragEnterEvent, mime))  # Qt drops only where one may enter
    QApplication.sendEvent(view, a_drop(QDropEvent, mime))


def taken(office, patient_id, content, title):
    draft = DocumentDraft(title)
    return office.documents.take_in(patient_id, Incoming(content, "x", Source.CHOSEN), draft).row


def test_a_file_dropped_anywhere_on_the_screen_is_taken_in_and_undone(
    window, office, ada, tmp_path: Path
):
    section = section_of(window, ada)
    (tmp_path / "MRI report.pdf").write_bytes(a_pdf("Knee"))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 oh")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "MRI report.pdf"))])
    view = tab_of(window).file

    QApplication.sendEvent(view, a_drop(QDragEnterEvent, mime))
    assert section.drops.veil.isVisible()
    assert section.drops.label.text() == "Drop it into the file of Ada Testperson"
    QApplication.sendEvent(view, QDragLeaveEvent())
    assert section.drops.veil.isHidden()
    dropped_on(view, mime)

    (row,) = office.documents.of_patient(ada)
    assert (row.title, row.source) == ("MRI report", "dropped")
    assert section.heading.text() == "Documents (1)"
    assert told(window) == "“MRI report” taken in for Ada Testperson."
    # The same again is recognised, and of several each is told.
    mime.setUrls(
        [QUrl.fromLocalFile(str(tmp_path / name)) for name in ("broken.pdf", "MRI report.pdf")]
    )
    dropped_on(view, mime)
    assert told(window).startswith("2 of 2 files could not be taken in.")
    assert "“broken.pdf”: This PDF cannot be read." in told(window)
    assert "“MRI report.pdf”: This very file is already here" in told(window)
    window.undoing.undo()
    assert office.documents.of_patient(ada) == ()


def test_several_files_are_chosen_at_once_each_is_told_of_and_stop_keeps_what_is_in(
    window, office, qtbot, ada, tmp_path: Path
):
    section_of(window, ada)
    paths = []
    for number in range(4):
        paths.append(tmp_path / f"Page {number}.pdf")
        paths[-1].write_bytes(a_pdf(f"Text {number}"))
    paths[1].write_bytes(b"%PDF-1.4 oh")
    window.desk.prompts.answers = ["\n".join(map(str, paths[:3])), "\n".join(map(str, paths[2:]))]

    qtbot.keyClick(tab_of(window).file, Qt.Key.Key_A, CTRL | SHIFT)

    assert {row.title for row in office.documents.of_patient(ada)} == {"Page 0", "Page 2"}
    assert told(window).startswith("1 of 3 files could not be taken in.")
    assert "“Page 1.pdf”: This PDF cannot be read. 2 files taken in." in told(window)
    paths[2].write_bytes(a_pdf("Another text"))
    window.desk.jobs.started.connect(
        lambda job: job.progressed.connect(lambda done, *_: job.cancel() if not done else None)
    )
    qtbot.keyClick(tab_of(window).file, Qt.Key.Key_A, CTRL | SHIFT)
    assert told(window) == "Stopped. Nothing taken in, 2 not."


def test_a_picture_is_pasted_by_its_key_and_nothing_says_so(window, office, qtbot, ada):
    section_of(window, ada)
    view = tab_of(window).file
    QGuiApplication.clipboard().clear()
    view.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_V, CTRL)
    assert told(window).startswith("There is no file and no picture on the clipboard")

    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_V, CTRL)

    (row,) = office.documents.of_patient(ada)
    assert (row.title, row.media_type, row.source) == ("Pasted picture", "image/png", "pasted")


def test_a_document_is_opened_paged_zoomed_and_put_right(window, office, qtbot, ada):
    row = taken(office, ada, a_pdf("One", "Two", "Three"), "Report")
    section = section_of(window, ada)
    (link,) = [one for one in section.findChildren(LinkButton) if "Report" in one.accessibleName()]

    qtbot.mouseClick(link, LEFT)

    page = tab_of(window).document
    assert page.isVisible()
    assert page.title.text() == "Report"
    preview = page.preview
    qtbot.waitUntil(lambda: preview.sheet.has_page)
    assert (preview.count.text(), preview.strip.isVisible()) == ("1 of 3", True)
    assert tab_of(window).patient_id == ada
    qtbot.keyClick(preview.sheet, Qt.Key.Key_PageDown)
    assert preview.count.text() == "2 of 3"
    qtbot.mouseClick(preview.next, LEFT)
    assert preview.count.text() == "3 of 3"
    before = preview.sheet.wanted_width
    qtbot.keyClick(preview.sheet, Qt.Key.Key_Plus)
    assert preview.sheet.wanted_width > before
    qtbot.keyClick(preview.sheet, Qt.Key.Key_0)
    assert preview.sheet.wanted_width < before
    qtbot.keyClick(page, Qt.Key.Key_F2)
    qtbot.keyClicks(QApplication.focusWidget(), "MRI knee")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert office.documents.document(row.id).title == "MRI knee"
    page.facts.dated.setFocus()
    page.facts.dated.clear()
    qtbot.keyClicks(page.facts.dated, "when?")
    qtbot.keyClick(page.facts.dated, Qt.Key.Key_Return)
    assert page.facts.fields["dated_on"].has_problem
    page.facts.dated.clear()
    qtbot.keyClicks(page.facts.dated, "3/9")
    qtbot.keyClick(page.facts.dated, Qt.Key.Key_Return)
    assert office.documents.document(row.id).dated_on.isoformat() == "2026-03-09"
    page.preview.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert tab_of(window).file.isVisible()


def test_pages_are_turned_moved_left_out_and_kept_by_keys(window, office, qtbot, ada):
    row = taken(office, ada, a_pdf("One", "Two", "Three"), "Report")
    window.go.open_document(row.id)
    page = tab_of(window).document
    sheet = page.preview.sheet

    qtbot.keyClick(sheet, Qt.Key.Key_BracketRight, CTRL)
    qtbot.keyClick(sheet, Qt.Key.Key_Down, CTRL | SHIFT)
    qtbot.keyClick(sheet, Qt.Key.Key_PageDown)
    qtbot.keyClick(sheet, Qt.Key.Key_Backspace, CTRL | SHIFT)
    assert "1 left out" in said(page.tools.bar)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)  # what is not kept is not lost by a slip
    assert page.isVisible()
    assert told(window) == "The pages are not kept as they lie now."
    qtbot.keyClick(sheet, Qt.Key.Key_S, CTRL)

    (made,) = office.documents.of_patient(ada)
    assert (made.pages, made.made_from_id) == (2, row.id)
    with office.documents.open(made.id) as opened:
        assert [round(size[0]) for size in opened.sizes] == [612, 792]
    assert page.row.id == made.id
    assert page.tools.bar_box.isHidden()
    qtbot.keyClick(sheet, Qt.Key.Key_PageDown)
    qtbot.keyClick(sheet, Qt.Key.Key_K, CTRL | ALT)
    assert len(office.documents.of_patient(ada)) == 2
    (other,) = page.tools.others()
    page.tools.menu_of_others().actions()[0].trigger()
    (whole,) = office.documents.of_patient(ada)
    assert whole.pages == 2
    assert other.id != whole.id
    for _ in range(3):
        window.undoing.undo()
    assert [one.id for one in office.documents.of_patient(ada)] == [row.id]


def test_a_document_in_the_wrong_file_is_moved_put_away_and_brought_back(
    window, office, qtbot, ada, bob
):
    row = taken(office, ada, a_picture(), "Card")
    section = section_of(window, ada)
    entries = {entry.text(): entry for entry in section.menu_of(row).actions()}
    entries["Move to another patient…"].trigger()
    page = tab_of(window).document

    qtbot.keyClicks(page.mover.line, "sample")
    qtbot.keyClick(page.mover.line, Qt.Key.Key_Return)

    assert office.documents.document(row.id).patient_id == bob
    assert told(window) == "“Card” is now in the file of Sampleton, Bob."
    qtbot.keyClick(page.preview.sheet, Qt.Key.Key_D, CTRL | ALT)
    assert office.documents.of_patient(bob) == ()
    section = section_of(window, bob)
    section.filter.set_value("put away")
    section.filter.activated.emit(section.filter.currentIndex())
    (away,) = office.documents.of_patient(bob, put_away=True)
    entries = {entry.text(): entry for entry in section.menu_of(away).actions()}
    entries["Bring back"].trigger()
    assert [one.title for one in office.documents.of_patient(bob)] == ["Card"]


def test_the_original_is_saved_by_who_may_and_a_reader_only_looks(
    window, office, session, qtbot, ada, tmp_path
):
    row = taken(office, ada, a_picture("PNG"), "Card: front/back")
    window.go.open_document(row.id)
    page = tab_of(window).document
    window.desk.prompts.answers.append(str(tmp_path / "card.png"))

    qtbot.keyClick(page.preview.sheet, Qt.Key.Key_O, CTRL | ALT)

    assert (tmp_path / "card.png").read_bytes() == a_picture("PNG")
    assert "not encrypted" in told(window)
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))
    tab_of(window).showing()  # an open document is left: the next look at it is the reader’s own
    assert not page.isVisible()
    page.reload()
    section = section_of(window, ada)
    hidden = (section.add_button, section.form_button, page.move_button, page.export_button)
    assert all(button.isHidden() for button in hidden)
    window.go.open_document(row.id)
    qtbot.keyClick(page.preview.sheet, Qt.Key.Key_M, CTRL | ALT)
    assert "may not do this" in told(window)
    assert page.mover_box.isHidden()


def test_what_cannot_be_shown_is_a_sentence_in_its_place(window, office, session, ada):
    row = taken(office, ada, a_pdf("One"), "Report")
    kept = next(path for path in (session.db.folder / "files").rglob("*") if path.is_file())
    kept.write_bytes(b"damaged")

    window.go.open_document(row.id)

    page = tab_of(window).document
    assert page.preview.sheet.said.startswith("An archived document is damaged.")
    assert page.tools.left.isHidden()


def test_a_form_is_printed_from_the_file_by_keys(window, office, qtbot, ada):
    paper = Paper()
    office.printing._spooler = paper
    section = section_of(window, ada)
    tab_of(window).file.setFocus()

    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_G, CTRL | SHIFT)
    assert section.card.isVisible()
    qtbot.keyClick(section.card.kind, Qt.Key.Key_Down)
    qtbot.keyClick(section.card, Qt.Key.Key_Return)
    (sheet,) = window.findChildren(PrintSheet)
    assert sheet.preview is not None
    qtbot.waitUntil(lambda: sheet.preview.page_count == 1)
    assert office.printed_forms.of_patient(ada) == (), "nothing is made to be looked at"
    qtbot.keyClick(sheet, Qt.Key.Key_Return)

    (form,) = office.printed_forms.of_patient(ada)
    assert (form.kind, form.printed_at is not None) == (FormKind.CONSENT, True)
    assert len(paper.sent) == 1
    out = "Consent to treatment: printed 03/11/2026, not back yet"
    qtbot.waitUntil(lambda: out in said(section))
    assert section.card.isHidden()


def test_scans_are_sorted_by_typing_and_enter(window, office, session, qtbot, ada, bob):
    for name in ("first.pdf", "second.pdf", "third.pdf"):
        office.sorting.take(incoming(a_pdf(name), name))
    (row,) = (row for row in queue(office) if row.kind == "sorting")
    assert row.title == "3 documents to sort"
    window.go.open_link(row.place)
    page = tab_of(window)._lists["sorting"]
    assert page.list.rows.rowCount() == 3
    assert page.preview.sheet.has_page
    line = QApplication.focusWidget()
    assert line is page.who.line

    qtbot.keyClicks(line, "sample")
    qtbot.keyClick(line, Qt.Key.Key_Return)

    (filed,) = office.documents.of_patient(bob)
    assert filed.title == "first"
    assert (page.facts.title.text(), line.text()) == ("second", "")
    assert told(window) == "“first” is filed with Sampleton, Bob."
    assert not line.isUndoAvailable()  # Ctrl+Z is to take the filing back, not the typing
    qtbot.keyClick(line, Qt.Key.Key_Down, CTRL | ALT)
    qtbot.keyClick(line, Qt.Key.Key_F2)
    title = QApplication.focusWidget()
    qtbot.keyClicks(title, "Lab")
    page.facts.category.set_value(office.documents.categories.named("Lab results"))
    qtbot.keyClick(title, Qt.Key.Key_Return)  # nobody is chosen: those seen of late are only listed
    assert told(window) == "Type whose it is, and choose in the list."
    qtbot.keyClicks(line, "testp")
    qtbot.mouseClick(page.file_button, LEFT)
    (filed,) = office.documents.of_patient(ada)
    assert (filed.title, filed.category) == ("Lab", "Lab results")
    qtbot.keyClick(line, Qt.Key.Key_D, CTRL | ALT)
    assert page.empty.isVisible()
    window.undoing.undo()
    window.undoing.undo()
    assert [row.title for row in office.sorting.waiting()] == ["second", "third"]
    assert page.list.rows.rowCount() == 2


def test_the_scan_folder_is_watched_and_trouble_told_once(window, office, ada, tmp_path):
    folder = tmp_path / "scans"
    folder.mkdir()
    window.go.open_settings("documents")
    dialog = window.findChild(SettingsDialog)
    page = dialog.page("documents")
    window.desk.prompts.answers.append(str(folder))
    page._choose()
    assert office.practice.get(settings.SCAN_FOLDER) == str(folder)
    dialog.close()
    form = office.printed_forms.make(ada, FormKind.CONSENT)
    sheets = drawn(office.documents.content(form.printed_document_id))
    (folder / "scan1.png").write_bytes(as_file(sheets, "PNG"))
    (folder / "scan2.pdf").write_bytes(a_pdf("Somebody’s"))

    window._scans.look()
    window._scans.look()

    assert (
        told(window) == "The scan “Consent to treatment” filed itself. A scan waits to be sorted."
    )
    assert office.printed_forms.form(form.id).document_id is not None
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4")
    office.scan_folder._now_s = itertools.count(0, 60).__next__
    (folder / "good.pdf").write_bytes(a_pdf("Another"))
    window._scans.look()
    window._scans.look()
    assert "in the folder “refused” now. A scan waits to be sorted." in told(window)
    assert told(window).startswith("The scan “bad.pdf” was not taken in. This PDF cannot be read.")
    for name in ("one", "two", "three", "four"):
        (folder / f"{name}.pdf").write_bytes(b"%PDF-1.4 " + name.encode())
    window._scans.look()
    window._scans.look()
    assert told(window).startswith("4 scans were not taken in. “")
    assert "And 1 more. They lie in the folder “refused” now." in told(window)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()
    window._scans.look()
    assert "cannot be read" in told(window)
    window.desk.messages.say("Something else.")
    window._scans.look()
    assert told(window) == "Something else."


def test_categories_are_kept_in_the_settings(window, office, qtbot):
    window.go.open_settings("documents")
    dialog = window.findChild(SettingsDialog)
    page = dialog.page("documents")
    first = office.documents.categories.all()[0]

    qtbot.keyClicks(page.name_line, "Wound photos")
    qtbot.keyClick(page.name_line, Qt.Key.Key_Return)
    assert page.row.name == "Wound photos"
    qtbot.mouseClick(page.up, LEFT)
    assert [row.name for row in office.documents.categories.all()][-2] == "Wound photos"
    qtbot.mouseClick(page.remove, LEFT)
    assert office.documents.categories.named("Wound photos") is None
    qtbot.keyClicks(page.name_line, first.name.upper())
    qtbot.keyClick(page.name_line, Qt.Key.Key_Return)
    assert page.fields["name"].has_problem
    dialog.close()


def test_a_form_is_saved_to_be_filled_in_by_key_and_a_blank_one_by_mouse(
    window, office, ada, qtbot, tmp_path
):
    window.desk.go.open_patient(ada)
    window.desk.actions.trigger("document.form")
    card = window.findChild(FormCard)
    assert [card.kind.itemText(at) for at in range(card.kind.count())] == [
        one.name for one in CHOICES
    ]
    qtbot.keyClicks(card.kind, "Perm")
    assert card.kind.currentText() == "Permission to release records"
    card.save_button.setFocus()
    window.desk.prompts.answers.append(str(tmp_path / "hers.pdf"))
    qtbot.keyClick(card.save_button, Qt.Key.Key_Space)
    assert told(window) == "“hers.pdf” is saved."
    (form,) = office.printed_forms.of_patient(ada)
    assert (form.title, form.printed_at is not None) == ("Permission to release records", True)
    with pikepdf.open(tmp_path / "hers.pdf") as pdf:
        assert "Ada Testperson" in {str(field.V) for field in pdf.Root.AcroForm.Fields}

    window.desk.actions.trigger("document.form")
    card.whose.set_value("blank")
    card.whose.activated.emit(1)
    assert not card.look_button.isVisible()
    window.desk.prompts.answers.append(str(tmp_path / "blank.pdf"))
    qtbot.mouseClick(card.save_button, LEFT)
    with pikepdf.open(tmp_path / "blank.pdf") as pdf:
        assert {str(field.V) for field in pdf.Root.AcroForm.Fields} <= {"", "/Off"}
    office.printing._spooler = Paper()
    window.desk.actions.trigger("document.form")
    card.whose.set_value("blank")
    qtbot.mouseClick(card.print_button, LEFT)
    (sheet,) = window.findChildren(PrintSheet)
    qtbot.mouseClick(sheet.print_button, LEFT)
    assert told(window) == "The blank form went to “Desk”."
    assert len(office.printed_forms.of_patient(ada)) == 1
