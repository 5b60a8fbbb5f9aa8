"""Every screen of the program: a name, and how to get there. The next screen is one more line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from medsec_desktop.domain.calendar import Span
from medsec_desktop.domain.calendar.recurrence import weekly
from medsec_desktop.domain.calibration import marks_on
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import BlockOut, Closure, PatientPhone
from medsec_desktop.problems import Unavailable
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.notes import HoldDraft, NoteDraft
from medsec_desktop.services.calendar.sheets import KINDS as PAPERS
from medsec_desktop.services.calendar.sheets import Subject
from medsec_desktop.services.calendar.views import ColumnKey, SavedViewDraft
from medsec_desktop.services.demo import DEMO_LOGIN
from medsec_desktop.services.letters.post import PostKind
from medsec_desktop.services.patients import PatientDraft
from medsec_desktop.services.patients.card_scans import Side
from medsec_desktop.services.practice import ClosureDraft
from medsec_desktop.services.practice.time_zone import choose_zone
from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Ticket, Way
from medsec_desktop.services.printing.ways import KindSetUp
from medsec_desktop.services.today import Group
from medsec_desktop.ui.claims.claim_form import ClaimForm
from medsec_desktop.ui.jobs import Job
from medsec_desktop.ui.letters.fax_sheet import FaxSheet
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.patients.documents.form_card import FormCard
from medsec_desktop.ui.patients.file import PatientFileView
from medsec_desktop.ui.patients.request_steps import Step
from medsec_desktop.ui.practice.audit_window import open_audit
from medsec_desktop.ui.practice.bring_back import BringBack
from medsec_desktop.ui.practice.import_view import open_import
from medsec_desktop.ui.practice.settings import PAGES
from medsec_desktop.ui.practice.settings_printing import PrintingPage
from medsec_desktop.ui.practice.wizard import Wizard
from medsec_desktop.ui.printing.post_dialog import PostDialog
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.today.tab import TodayTab
from tests.benchmarks import bench_import
from tests.pictures.charges import CHARGES
from tests.pictures.studio import AT, Scene, Studio

TODAY = AT.date()
FREE_DAY = TODAY + timedelta(days=84)  # beyond the weeks the demo has booked
SETTINGS = tuple(page.id for page in PAGES)
WIZARD = ("begin", "practice", "owner", "providers", "types", "backups", "recovery")


def _tab(name: str, *, is_empty: bool = False) -> Scene:
    def scene(studio: Studio) -> QWidget:
        window = studio.window(is_empty=is_empty)
        window.show_tab(name)
        return window

    return scene


def _letter_line(studio: Studio, window: MainWindow) -> None:
    """The letters on their way, one that is ready to go selected."""
    window.desk.actions.trigger("list.letter_line")
    signed = _one(studio, "SELECT id FROM letter WHERE status = 'signed' ORDER BY id LIMIT 1")
    window.go.show_letter(signed)
    window.desk.actions.trigger("list.letter_line")
    _letters_tab(window).board.select(signed)


def _letter_on_the_line(studio: Studio, window: MainWindow) -> None:
    """A letter to another doctor with a copy and an enclosure, being written on."""
    window.desk.actions.trigger("list.letter_line")
    number = _one(
        studio,
        "SELECT id FROM letter WHERE status = 'checked' AND copies <> '[]' ORDER BY id LIMIT 1",
    )
    _letters_tab(window).write_on(number)


def _dictate(studio: Studio, window: MainWindow) -> None:
    window.go.open_patient(_one(studio, "SELECT min(patient_id) FROM letter"))
    window.desk.actions.trigger("letter.dictate")


def _fax(studio: Studio, window: MainWindow) -> None:
    """A letter to another doctor, its number not used before."""
    number = _one(studio, "SELECT id FROM letter WHERE status = 'signed' AND copies <> '[]'")
    window.go.show_letter(number)
    studio.settle()
    window.desk.actions.trigger("letter.fax")
    sheet = window.findChildren(FaxSheet)[-1]
    sheet.number.setText("(617) 555-0177")


def _batch(studio: Studio, window: MainWindow) -> Any:
    window.desk.actions.trigger("letter.batch")
    studio.settle()
    return _letters_tab(window).batch


def _batch_of_people(studio: Studio, window: MainWindow) -> None:
    page = _batch(studio, window)
    page.form.source.set_value("people")
    page.form.least_age.setText("65")
    page.form.changed.emit()
    studio.settle()


def _batch_written(studio: Studio, window: MainWindow) -> None:
    """Three letters written, to be printed now."""
    page = _batch(studio, window)
    page.begin(page.form.targets()[:3], "Three of tomorrow")
    studio.settle()
    page.write()
    studio.settle()


def _letter_line_empty(studio: Studio) -> QWidget:
    window = studio.window(is_empty=True)
    window.desk.actions.trigger("list.letter_line")
    return window


def _templates(studio: Studio, window: MainWindow) -> None:
    window.desk.actions.trigger("letters.templates")
    library = _letters_tab(window).home.library
    library.select("appointment_confirmation", "en")
    studio.settle()


def _template(studio: Studio, window: MainWindow, side: int) -> Any:
    """A template being changed, beside it the preview, the fields or the questions."""
    _templates(studio, window)
    _letters_tab(window).home.library.edit()
    panel = _letters_tab(window).template_panel
    panel.side_buttons[side].click()
    studio.settle()
    return panel


def _brace(studio: Studio, window: MainWindow) -> None:
    page = _template(studio, window, 1).editor.page
    page.setFocus()
    page.moveCursor(QTextCursor.MoveOperation.End)
    page.ensureCursorVisible()
    studio.settle()
    page.insertPlainText("{")
    page.brace_typed.emit()
    page.insertPlainText("phone")


def _only_if(studio: Studio, window: MainWindow) -> None:
    _template(studio, window, 0).editor.ask_condition()


def _letters_tab(window: MainWindow) -> Any:
    return window.tab_named("letters")


def _document(studio: Studio, window: MainWindow) -> None:
    """Two pages opened from the file of somebody with papers, one of them turned."""
    found = _one(
        studio,
        "SELECT id FROM document WHERE status = 'filed' AND kind = 'document' AND pages > 1"
        " ORDER BY id LIMIT 1",
    )
    window.go.open_document(found)
    studio.settle()
    studio.settle()


def _document_arranged(studio: Studio, window: MainWindow) -> None:
    _document(studio, window)
    window.desk.actions.trigger("page.right")


def _document_moved(studio: Studio, window: MainWindow) -> None:
    _document(studio, window)
    window.desk.actions.trigger("document.move")


def _sorting(text: str) -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        window.desk.actions.trigger("list.sorting")
        studio.settle()
        studio.type(text)
        studio.settle()

    return act


def _file_form(studio: Studio, window: MainWindow) -> None:
    window.go.open_patient(a_full_file(studio))
    window.desk.actions.trigger("document.form")
    studio.settle()


def _file_form_print(studio: Studio, window: MainWindow) -> None:
    _with_printers(window)
    _file_form(studio, window)
    window.findChild(FormCard).print()
    QTest.qWait(300)  # its preview waits for its size to settle


def _format_menu(studio: Studio, window: MainWindow) -> None:
    """What the bar over a sheet offers under Format, where the menu of a screen would hang."""
    tools = _template(studio, window, 0).editor.tools
    menu = tools.format_menu()
    menu.setWindowFlags(Qt.WindowType.Widget)
    menu.setParent(window)
    menu.resize(menu.sizeHint())
    menu.move(tools.format.mapTo(window, QPoint(0, tools.format.height())))
    menu.show()


def _sorting_nothing(studio: Studio) -> QWidget:
    window = studio.window(is_empty=True)
    window.desk.actions.trigger("list.sorting")
    return window


def _in_window(act: Callable[[Studio, MainWindow], object]) -> Scene:
    def scene(studio: Studio) -> QWidget:
        window = studio.window()
        act(studio, window)
        return window

    return scene


def _settings(page: str) -> Scene:
    return _in_window(lambda studio, window: window.go.open_settings(page))


def _wizard(page: str) -> Scene:
    def scene(studio: Studio) -> QWidget:
        door = studio.door()
        door.show_wizard(studio.folder.with_name("Practice"))
        wizard = door.wizard
        assert isinstance(wizard, Wizard)
        if page == "recovery":
            wizard.recovery.show_key(
                "7K3M-Q9XA-02BD-VV5T-8RNE-1HJC-64PW-ZGFS",
                "Larkhaven Family Clinic",
                "03/11/2026",
                "letter",
            )
        wizard.show_page(getattr(wizard, page))
        return door

    return scene


def _bring_back(page: str) -> Scene:
    def scene(studio: Studio) -> QWidget:
        door = studio.door()
        door.show_bring_back(studio.folder.with_name("Practice"))
        steps = door.wizard
        assert isinstance(steps, BringBack)
        archive = studio.folder.with_name("Larkhaven Family Clinic, whole practice.zip")
        if not archive.exists():
            studio.office.exports.practice(archive, "garden pear 44")
        steps.archive.file.setText(str(archive))
        steps.archive.password.setText("garden pear 44" if page == "place" else "garden pear 45")
        if page != "archive":
            steps.go_on()
        return door

    return scene


def _login(studio: Studio) -> QWidget:
    door = studio.door()
    door.show_folder(studio.folder, DEMO_LOGIN)
    return door


def _recovery(studio: Studio) -> QWidget:
    door = studio.door()
    door.show_folder(studio.folder, DEMO_LOGIN)
    door.show_recovery()
    return door


# -- people and visits of the demo that show a screen at its fullest ------------------------------


def _one(studio: Studio, sql: str, *params: object) -> int:
    found = studio.office.session.db.value(sql, params)
    assert found is not None, sql
    return int(found)


def a_full_file(studio: Studio) -> int:
    """Somebody with alerts, people around, coverages, and visits past and to come."""
    return _one(
        studio,
        "SELECT p.id FROM patient p WHERE p.status = 'active' AND p.preferred_name <> ''"
        " ORDER BY (SELECT count(*) FROM patient_alert a WHERE a.patient_id = p.id) > 0 DESC,"
        " (SELECT count(*) FROM coverage c WHERE c.patient_id = p.id) DESC,"
        " (SELECT count(*) FROM appointment v WHERE v.patient_id = p.id) DESC LIMIT 1",
    )


def a_long_name(studio: Studio) -> int:
    return _one(
        studio,
        "SELECT id FROM patient WHERE status = 'active'"
        " ORDER BY length(family_name) + length(middle_name) DESC LIMIT 1",
    )


def somebody_free(studio: Studio) -> int:
    """Somebody with an alert and no visit to come."""
    return _one(
        studio,
        "SELECT p.id FROM patient p JOIN patient_alert a ON a.patient_id = p.id"
        " WHERE p.status = 'active' AND NOT EXISTS (SELECT 1 FROM appointment v"
        " WHERE v.patient_id = p.id AND v.starts_at > ?) LIMIT 1",
        TODAY.isoformat(),
    )


def a_visit_to_come(studio: Studio) -> int:
    return _one(
        studio,
        "SELECT id FROM appointment WHERE starts_at > ? AND status = 'confirmed'"
        " AND type_id = 2 ORDER BY starts_at LIMIT 1",
        (TODAY + timedelta(days=2)).isoformat(),
    )


def a_held_time(studio: Studio) -> tuple[int, datetime]:
    """A provider and a time tomorrow when somebody else already comes."""
    row = studio.office.session.db.one(
        "SELECT provider_id, starts_at FROM appointment WHERE date(starts_at) = ?"
        " AND status = 'confirmed' AND provider_id = 2 ORDER BY starts_at LIMIT 1 OFFSET 3",
        ((TODAY + timedelta(days=1)).isoformat(),),
    )
    assert row is not None
    return int(row[0]), datetime.fromisoformat(row[1])


# -- acts -----------------------------------------------------------------------------------------


def _search(text: str) -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        window.show_tab("patients")
        studio.type(text, window.tab_named("patients").search)  # type: ignore[attr-defined]

    return act


def _command(text: str) -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        window.desk.actions.trigger("go.search")
        studio.settle()
        studio.type(text)

    return act


def _book(studio: Studio, window: MainWindow) -> None:
    start = datetime.combine(FREE_DAY, datetime.min.time()).replace(hour=10)
    window.go.book(somebody_free(studio), start, 1)


def _book_where_held(studio: Studio, window: MainWindow) -> None:
    provider_id, start = a_held_time(studio)
    window.go.book(somebody_free(studio), start, provider_id)


def _repeated(studio: Studio, window: MainWindow) -> None:
    _book(studio, window)
    window.desk.actions.trigger("visit.series")


def _repeated_where_held(studio: Studio, window: MainWindow) -> None:
    _book_where_held(studio, window)
    window.desk.actions.trigger("visit.series")
    maker = window.tab_named("calendar").side.pages.currentWidget().maker
    maker.rhythm.days[0].setChecked(True)
    maker.look()


def _series(then: str) -> Callable[[Studio, MainWindow], object]:
    """A visit that repeats, selected, and what is done to it."""

    def act(studio: Studio, window: MainWindow) -> None:
        office = studio.office
        start = datetime.combine(FREE_DAY, datetime.min.time()).replace(hour=14)
        if not office.session.db.value("SELECT count(*) FROM appointment_series"):
            draft = BookingDraft(somebody_free(studio), 1, 1, start, 20)
            office.series.book(office.series.plan(draft, weekly([0, 2], count=6)))
        visit_id, day = _a_visit(studio, "series_id IS NOT NULL AND status = 'scheduled'")
        window.go.show_day(day, visit_id)
        studio.settle()
        window.desk.actions.trigger(then)
        studio.settle()

    return act


def _a_visit(studio: Studio, condition: str) -> tuple[int, date]:
    row = studio.office.session.db.one(
        f"SELECT id, starts_at FROM appointment WHERE {condition} ORDER BY starts_at LIMIT 1"
    )
    assert row is not None
    return int(row[0]), datetime.fromisoformat(row[1]).date()


def _visit(condition: str, ask: str = "") -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        visit_id, day = _a_visit(studio, condition)
        window.go.show_day(day, visit_id)
        if ask:
            window.desk.actions.trigger(ask)

    return act


def _newcomer(studio: Studio, window: MainWindow) -> None:
    _book(studio, window)
    row = studio.office.session.db.one(
        "SELECT given_name || ' ' || family_name, birth_date FROM patient WHERE id = ?",
        (a_full_file(studio),),
    )
    assert row is not None
    pane = window.tab_named("calendar").pane
    who = pane.who
    who.take_back()
    who.start_newcomer({"name": row[0], "birth": row[1], "phone": "(617) 555-0142"})
    who.newcomer.agree()
    pane.look()


def _with_leave(studio: Studio) -> int:
    return _one(
        studio, "SELECT patient_id FROM authorization WHERE ends_on >= ?", TODAY.isoformat()
    )


def _book_with_leave(studio: Studio, window: MainWindow) -> None:
    start = datetime.combine(FREE_DAY, datetime.min.time()).replace(hour=10)
    window.go.book(_with_leave(studio), start, 1)


def _read_back(studio: Studio, window: MainWindow) -> None:
    visit_id, day = _a_visit(studio, f"id = {a_visit_to_come(studio)}")
    window.go.show_day(day)
    window.tab_named("calendar").side.show_booked(visit_id)


def _read_back_later(studio: Studio, window: MainWindow) -> None:
    _read_back(studio, window)
    _visit(f"status = 'arrived' AND date(starts_at) = '{TODAY}'")(studio, window)


def _pinned(studio: Studio, window: MainWindow) -> None:
    day = TODAY + timedelta(days=1)
    window.go.show_day(day)
    tab = window.tab_named("calendar")
    for place in [one for one in tab.grid.places if one.visit.status.may_be_moved][:3]:
        tab.visits.pin(place.visit.id)
    tab.side.pages.currentWidget().find()


def _authorizations(studio: Studio, window: MainWindow) -> None:
    window.go.open_patient(_with_leave(studio))
    window.tab_named("patients").file.authorizations.edit(None)


def _with_subscriber(studio: Studio) -> int:
    """Somebody whose policy is held by somebody else, with a visit to come."""
    return _one(
        studio,
        "SELECT c.patient_id FROM coverage c JOIN appointment a ON a.patient_id = c.patient_id"
        " WHERE c.subscriber_patient_id IS NOT NULL AND a.starts_at > ?"
        " AND a.status = 'scheduled' ORDER BY c.patient_id LIMIT 1",
        f"{TODAY}T23",
    )


def _with_secondary(studio: Studio) -> int:
    return _one(
        studio,
        "SELECT c.patient_id FROM coverage c JOIN appointment a ON a.patient_id = c.patient_id"
        " WHERE c.rank = 'secondary' AND a.starts_at > ? ORDER BY c.patient_id LIMIT 1",
        f"{TODAY}T23",
    )


def _in_file(ask: str, patient: Callable[[Studio], int]) -> Callable[[Studio, MainWindow], object]:
    """A part of a patient's file with its form open."""

    def act(studio: Studio, window: MainWindow) -> None:
        window.go.open_patient(patient(studio))
        file = window.tab_named("patients").file
        if ask == "change":
            file.coverages.change(file.coverages._details[0])
        elif ask == "verify":
            file.coverages.verify_next()
        elif ask == "replace":
            file.coverages.replace(file.coverages._details[0])
        elif ask == "referral":
            file.referrals.add()
        else:
            _rights_form(file, ask)

    return act


def _carded(studio: Studio, window: MainWindow) -> None:
    window.go.open_patient(
        _one(studio, "SELECT patient_id FROM coverage WHERE card_back_document_id IS NOT NULL")
    )


def _card_large(studio: Studio, window: MainWindow) -> None:
    _carded(studio, window)
    box = next(iter(window.tab_named("patients").file.coverages.boxes.values()))
    box.card.look(Side.FRONT)


def _edited(key: str, field: str = "", then: str = "") -> Callable[[Studio, MainWindow], object]:
    """A full file with one part of it edited in place."""

    def act(studio: Studio, window: MainWindow) -> None:
        window.go.open_patient(a_full_file(studio))
        studio.settle()
        section = window.tab_named("patients").file.editable[key]  # type: ignore[attr-defined]
        if then == "history":
            section.show_history()
        elif then:
            window.desk.actions.trigger(then)
        else:
            section.edit(field)
        studio.settle()

    return act


def _rights_form(file: PatientFileView, ask: str) -> None:
    records = file.records
    opened = next((box.row for box in records.boxes.values() if box.row.status.is_open), None)
    if ask == "consent":
        file.consents.add()
    elif ask == "request":
        records.add()
    elif ask == "disclosure":
        records.log()
    elif ask == "accounting":
        records.account()
    elif opened is not None and ask == "package":
        records.choose(opened)
    elif opened is not None:
        records.take(opened, Step.EXTEND)


def _asked_for(studio: Studio) -> int:
    return _one(
        studio,
        "SELECT patient_id FROM records_request WHERE status = 'open' ORDER BY due_on DESC LIMIT 1",
    )


def _referred(studio: Studio) -> int:
    return _one(
        studio,
        "SELECT patient_id FROM referral WHERE status = 'told' AND direction = 'out' LIMIT 1",
    )


def _referred_here(studio: Studio, window: MainWindow) -> None:
    number = _one(
        studio, "SELECT id FROM referral WHERE direction = 'in' AND appointment_id IS NULL LIMIT 1"
    )
    window.go.book_referral(number)
    pane = window.tab_named("calendar").pane
    pane.date_edit.set_value(FREE_DAY)
    pane.look()


def _list(name: str) -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        page = window.go.patient_list(name)
        if name == "referrals":
            page.all_box.setChecked(True)
            page.table.selectRow(0)

    return act

    return act


def _empty_file(studio: Studio, window: MainWindow) -> None:
    """Somebody of whom only the name is known."""
    found = studio.office.patients.find("Onlyname")
    patient = found[0].id if found else studio.office.patients.register(PatientDraft("Onlyname"))
    window.go.open_patient(patient)


def _page(name: str) -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        window.show_tab("calendar")
        window.tab_named("calendar").show_page(name)

    return act


def _outside(studio: Studio, window: MainWindow) -> None:
    """A day some weeks ahead is closed after all; its visits are left to settle."""
    day, practice = TODAY + timedelta(days=36), studio.office.practice
    if not any(row.name == "Water damage" for row in practice.closures(since=day)):
        practice.save_closure(ClosureDraft("Water damage", day, day))
    _page("outside")(studio, window)


def _refusal(studio: Studio, window: MainWindow) -> None:
    provider_id, start = a_held_time(studio)
    draft = BookingDraft(somebody_free(studio), provider_id, 1, start, 20)
    guarded(window.desk, lambda: window.desk.office.calendar.book(draft))


def _booked(studio: Studio, window: MainWindow) -> None:
    window.desk.messages.say(
        "Booked Ada Ashgrove, Thu 03/12 at 10:00 AM with Dr. Thornbury.", undo=True
    )


def _parked(studio: Studio, window: MainWindow) -> None:
    drafts = window.desk.office.drafts
    for kind, title in (
        ("booking", "Booking: Marigold, Clara"),
        ("patient", "New patient: Ng, Wei"),
    ):
        drafts.park(drafts.save(None, kind, title, None, {}))
    window.desk.drafts.changed.emit()


def _jobs(studio: Studio, window: MainWindow) -> None:
    """Three jobs at once, and work parked beside them."""
    _parked(studio, window)
    for title, done in (("Write to many", 312), ("Import of patients", 4_120), ("Backup", 7)):
        job = Job(title, print, print, cancellable=True)
        window.desk.jobs.started.emit(job)
        job.progressed.emit(done, 10_000, "")


def _import_preview(studio: Studio, window: MainWindow) -> None:
    folder = studio.folder.with_name("synthea_csv")
    if not folder.exists():
        bench_import.write_folder(folder, 40)
        with (folder / "patients.csv").open("a", encoding="utf-8") as file:
            file.write("not-a-number,2031-02-30\n,,\n")
    open_import(window.desk, window).look_at(folder)


_PATIENTS = (
    "Patient;Last, First;Born;Sex;Home Phone;Cell;Address;City;State;Zip;Insurance;Member ID;Notes;"
    "Favourite colour;How did you hear about us and who sent you here?\n"
)


def _a_table(studio: Studio) -> Path:
    """Somebody else's patients: new ones, one we have, one that cannot be taken in."""
    path = studio.folder.with_name("patients of the practice next door.csv")
    given, family, born = studio.office.session.db.one(
        "SELECT given_name, family_name, birth_date FROM patient WHERE status = 'active'"
        " AND length(birth_date) = 10 ORDER BY id LIMIT 1"
    )
    born = f"{born[5:7]}/{born[8:]}/{born[:4]}"
    rows = [
        f'1;"{family}, {given}";{born};F;617-555-0142;;1 Elm St;Boston;MA;2101;Test Health;M1;;blue;',
        '2;"Ortega y Villanueva-Sánchez, María Guadalupe";03/04/1984;female;;617-555-0143;'
        '"22 Saltonstall Parkway, Apartment 1407";Cambridge;Massachusetts;2139;Commonwealth Care;'
        "HH-22-90210;Likes the window seat;green;A friend",
        '3;"Sampleton, Ben Jr.";05/06/1990;M;;617-555-0144;;Salem;MA;01970;;;;;',
        "4;;07/08/1990;;;;;;;;;;;;",
        *(f'{n};"Testperson{n}, Ada";12/05/19{n};F;;617-555-{n:04};;Boston;MA;02101;;;;;'
          for n in range(30, 60)),
    ]  # fmt: skip
    path.write_text(_PATIENTS + "\n".join(rows), encoding="utf-8")
    return path


def _import_columns(studio: Studio, window: MainWindow) -> None:
    open_import(window.desk, window).look_at(_a_table(studio))


def _import_people(studio: Studio, window: MainWindow) -> None:
    dialog = open_import(window.desk, window)
    dialog.look_at(_a_table(studio))
    dialog.mapping.order.set_value("mdy")
    dialog.look_with_mapping()
    dialog.tabs.setCurrentIndex(1)


def _printed(kind: str) -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        window.show_tab("calendar")
        window.tab_named("calendar").show_page("print").offer(kind)

    return act


class _Printers:
    """Printers of a clinic: one out of paper, one for labels."""

    def printers(self) -> tuple[PrinterRow, ...]:
        return (
            PrinterRow("Front-Desk-Laser", is_default=True),
            PrinterRow("Label-Writer"),
            PrinterRow("Back-Office", is_ready=False, why="The paper tray is empty."),
        )

    def offers(self, printer: str) -> PrinterOffers:
        trays = (("Tray1", "Tray 1"), ("Tray2", "Tray 2"), ("Envelope", "Envelope feeder"))
        return PrinterOffers(trays, has_two_sides=True) if "Laser" in printer else PrinterOffers()

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        pass


def _with_printers(window: MainWindow) -> None:
    printing = window.desk.office.printing
    printing._spooler = _Printers()
    printing.remember("labels", KindSetUp("Label-Writer"))
    printing.remember("letters", KindSetUp("Front-Desk-Laser", "Tray2", copies=2))
    marks = marks_on(215.9, 279.4)
    printing.calibrations.forget("letters", "Front-Desk-Laser", False)
    off = replace(marks, left_mm=marks.left_mm + 1.2, top_mm=marks.top_mm - 0.5)
    printing.calibrations.measured("letters", "Front-Desk-Laser", False, marks, off)


def _printers(studio: Studio, window: MainWindow) -> None:
    _with_printers(window)
    window.go.open_settings("printing")
    studio.settle()


def _test_page(studio: Studio, window: MainWindow) -> None:
    _printers(studio, window)
    page = next(one for one in window.findChildren(PrintingPage) if one.isVisible())
    page.test()


def _own_sheet(studio: Studio, window: MainWindow) -> None:
    window.go.open_settings("stocks")


def _post(kind: str, whom: str = "file") -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        _with_printers(window)
        if whom == "file":
            window.go.open_patient(a_full_file(studio))
        else:
            window.go.calendar_place("recalls", page=True)
        window.desk.actions.trigger("file.post")
        (dialog,) = (one for one in window.findChildren(PostDialog) if one.isVisible())
        dialog.kind.set_value(PostKind(kind))
        if whom != "file":
            dialog.whom.setCurrentIndex(dialog.whom.count() - 1)
            dialog.start_at.setValue(8)
        studio.settle()

    return act


def _kept(studio: Studio, window: MainWindow) -> None:
    """Two prints a stopped printer did not take."""
    _with_printers(window)
    for kind, title in (("labels", "Address labels"), ("lists", "Day sheet Wednesday")):
        pdf = studio.office.sheets.make(
            studio.office.sheets.setup("day" if kind == "lists" else "label"), Subject(TODAY)
        ).pdf
        with suppress(Unavailable):
            window.desk.office.printing.print_pdf(
                pdf, kind, Way("Back-Office", copies=2), title=title
            )


def _kept_strip(studio: Studio, window: MainWindow) -> None:
    _kept(studio, window)
    window.show_tab("letters")


def _kept_list(studio: Studio, window: MainWindow) -> None:
    _kept_strip(studio, window)
    window.desk.actions.trigger("list.kept_prints")
    studio.settle()


def _print_asked(studio: Studio, window: MainWindow) -> None:
    _with_printers(window)
    window.go.open_patient(a_full_file(studio))
    window.desk.actions.trigger("file.print")
    studio.settle()


def _calendar_file(studio: Studio, window: MainWindow) -> None:
    """Another program's calendar: two patients of ours, a stranger, and a broken event."""
    day = next(day for at in range(9, 16) if (day := TODAY + timedelta(days=at)).weekday() == 2)
    names = studio.office.session.db.rows(
        "SELECT given_name || ' ' || family_name FROM patient WHERE status = 'active'"
        " GROUP BY 1 HAVING count(*) = 1 ORDER BY 1 LIMIT 2"
    )
    titles = [*(f"{name} – Follow-up" for (name,) in names), "Lunch with the band", "Inventory"]
    events = (
        f"BEGIN:VEVENT\nUID:{at}\nDTSTART:"
        f"{'soon' if at == 3 else f'{day:%Y%m%d}T{16 + at}0000'}\n"
        f"DURATION:PT20M\nSUMMARY:{title}\nEND:VEVENT\n"
        for at, title in enumerate(titles)
    )
    path = studio.folder.with_name("other calendar.ics")
    path.write_text(f"BEGIN:VCALENDAR\n{''.join(events)}END:VCALENDAR\n", encoding="utf-8")
    open_import(window.desk, window).look_at(path)


def _zoomed(act: Callable[[Studio, MainWindow], object]) -> Scene:
    def scene(studio: Studio) -> QWidget:
        studio.zoom = 1.5
        return _in_window(act)(studio)

    return scene


def _day(day: date) -> Callable[[Studio, MainWindow], object]:
    return lambda studio, window: window.go.show_day(day)


def _view(kind: str, who: str = "", by: str = "type") -> Callable[[Studio, MainWindow], object]:
    """The calendar in one of its views, with notes, a hold and block-outs on it."""

    def act(studio: Studio, window: MainWindow) -> None:
        _mark(studio)
        tab: Any = window.tab_named("calendar")
        window.go.show_day(TODAY)
        window.desk.actions.trigger(f"calendar.{kind}")
        if who:
            tab.show_who(who)
        tab.colour_by(by)

    return act


def _clock_change(
    day: date,
    asked: datetime | None = None,
    zone_name: str = "America/New_York",
    view: str = "week",
) -> Callable[[Studio, MainWindow], object]:
    """The week of a Sunday the clocks are changed, and a booking it cannot have."""

    def act(studio: Studio, window: MainWindow) -> None:
        choose_zone(studio.office.practice, zone_name)
        tab: Any = window.tab_named("calendar")
        window.go.show_day(day)
        window.desk.actions.trigger(f"calendar.{view}")
        if asked is not None:
            window.go.book(somebody_free(studio), asked, 1)
            tab.pane.look()
        tab.grid.scroll_to_minute(0)
        studio.settle()
        choose_zone(studio.office.practice, "")

    return act


def _find(several: bool = False) -> Callable[[Studio, MainWindow], object]:
    """The search for free times, for somebody who can come in the afternoon."""

    def act(studio: Studio, window: MainWindow) -> object:
        panel = window.go.calendar_place("find")
        panel.begin_for(a_full_file(studio))
        panel.can_come.setText("afternoons")
        if several:
            panel.can_come.clear()
            panel.after.setText("1pm")
            panel.add_visit()
            panel.what.setCurrentIndex(1)
            panel.same_day.click()
        (panel.after if several else panel.can_come).setFocus()
        panel.found.move_by(1)
        return panel

    return act


def _typed_booking(words: str) -> Callable[[Studio, MainWindow], object]:
    """A booking typed into the command box for somebody on file."""

    def act(studio: Studio, window: MainWindow) -> object:
        file = studio.office.patients.open(a_full_file(studio))
        window.command_box.open()
        window.command_box.setText(f"{file.name.given} {file.name.family} {words}")
        return window

    return act


def _waits(studio: Studio, window: MainWindow) -> None:
    window.go.show_day(*reversed(_a_visit(studio, f"id = {a_visit_to_come(studio)}")))
    window.desk.actions.trigger("visit.wait")


def _who_could_come(studio: Studio, window: MainWindow) -> None:
    """Everybody on the waiting list who fits the next time that is free for one of them."""
    waiting = studio.office.waiting
    slot = waiting.free_for(waiting.open()[2].id)[1]
    window.go.show_day(slot.starts_at.date())
    window.tab_named("calendar").freed.show_who_fits(slot)


def _away(studio: Studio, window: MainWindow) -> None:
    """A bench under way: some moved, one told, one called in vain."""
    absences = studio.office.absences
    known = {row.away.name: row.id for row in absences.all()}
    if "Conference" not in known:
        first = TODAY + timedelta(days=5)
        away = known["Conference"] = absences.begin(
            2, first, first + timedelta(days=1), "Conference"
        )
        proposals = list(absences.proposals(away).items())
        absences.accept(away, {visit: slot for visit, slot in proposals[:4] if slot})
        told, missed = absences.visits(away)[:2]
        absences.note_call(away, told.id, "left-on-machine")
        absences.note_call(away, missed.id, "no-answer")
    page = window.go.calendar_place("away", page=True)
    page.which.set_value(known["Conference"])
    page.table.selectRow(5)


def _away_for_a_part(studio: Studio, window: MainWindow) -> None:
    """An absence for a part of a day, about to be entered."""
    _away(studio, window)
    window.desk.actions.trigger("new.thing")
    form = window.go.calendar_place("away", page=True).form
    form.start(1, TODAY)
    form.first_edit.setText("fri 1pm-3pm")
    form.first_edit.textEdited.emit("fri 1pm-3pm")
    form.first_edit.editingFinished.emit()
    form.name_line.setFocus()


def _panel(name: str) -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        _mark(studio)
        window.go.show_day(TODAY)
        window.go.calendar_place(name)

    return act


def _mark(studio: Studio) -> None:
    """What else stands on the grid, once."""
    notes, views = studio.office.notes, studio.office.views
    if any(view.name == "Team Thornbury" for view in views.saved()):
        return
    notes.save_note(NoteDraft(TODAY, "Flu vaccine arrived: 40 doses in the fridge"))
    notes.save_note(NoteDraft(TODAY, "Leaves at 4 for the school play", 2, colour="blue"))
    notes.save_note(NoteDraft(TODAY, "Call the lab about the culture", 1, 11 * 60))
    slot = datetime.combine(TODAY, datetime.min.time())
    column = next(c for c in views.grid([TODAY]).columns if c.provider_id == 3)
    busy = [visit.span for visit in column.visits]
    free = next(
        m for m in range(630, 1000, 15) if not any(s.overlaps(Span(m, m + 30)) for s in busy)
    )
    notes.save_hold(
        HoldDraft("Mother calls back", slot + timedelta(minutes=free), 30,
                  AT + timedelta(minutes=25), 3)
    )  # fmt: skip
    pair = (ColumnKey("provider", 1), ColumnKey("provider", 2), ColumnKey("room", 1))
    views.save(SavedViewDraft("Team Thornbury", pair))
    with studio.office.session.change("Block", Permission.EDIT_SETTINGS):
        BlockOut.create(provider_id=2, kind="meeting", title="Staff meeting",
                        starts_on=TODAY.isoformat(), starts_min=780, ends_min=840)  # fmt: skip
        BlockOut.create(provider_id=1, kind="reserved", title="new patients",
                        starts_on=TODAY.isoformat(), starts_min=870, ends_min=960)  # fmt: skip
        Closure.create(name="Team day", first_on=(TODAY + timedelta(days=2)).isoformat(),
                       last_on=(TODAY + timedelta(days=2)).isoformat())  # fmt: skip


def _board(group: Group) -> Callable[[Studio, MainWindow], object]:
    """Today with the first visit of a group selected."""

    def act(studio: Studio, window: MainWindow) -> None:
        window.show_tab("today")
        tab = window.tab_named("today")
        assert isinstance(tab, TodayTab)
        _ = tab.beside  # not waited for
        found = [line for line in tab.list.rows.rows if line.group is group]
        tab.select_visit(found[0].value.id)

    return act


def _empty_today(studio: Studio) -> QWidget:
    window = studio.window(is_empty=True)
    window.show_tab("today")
    tab = window.tab_named("today")
    assert isinstance(tab, TodayTab)
    _ = tab.beside  # not waited for
    return window


def _later(scene: Scene) -> Scene:
    """Half an hour on, when those who wait have waited long."""

    def at_half_past(studio: Studio) -> QWidget:
        studio.clock.advance(timedelta(minutes=30))
        try:
            return scene(studio)
        finally:
            studio.clock.advance(timedelta(minutes=-30))

    return at_half_past


def _audit(studio: Studio, window: MainWindow, patient_id: int | None = None) -> None:
    with window.desk.office.session.change(
        "Change a phone", Permission.EDIT_PATIENTS, patient_id=1
    ):
        PatientPhone.update(note=PatientPhone.note + "after four ", may_leave_message=False).where(
            PatientPhone.patient == 1
        ).execute()
    open_audit(window.desk, window, patient_id).verify()


def _export_patient(studio: Studio, window: MainWindow) -> None:
    window.go.open_patient(1)
    window.go.open_export()


def _timeline(studio: Studio, window: MainWindow, also: str = "") -> None:
    busiest = window.desk.office.session.db.value(
        "SELECT patient_id FROM call_attempt GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    window.go.open_patient(busiest)
    window.desk.actions.trigger("patient.timeline")
    if also:
        window.tab.timeline.kinds[also].click()  # type: ignore[union-attr]


def _merge(number: int) -> Scene:
    """The pair at that place of the list, side by side."""

    def act(studio: Studio, window: MainWindow) -> None:
        pair = studio.office.duplicates.pairs()[number]
        window.go.merge_patients(pair.one.id, pair.other.id)

    return _in_window(act)


def _merged_file(studio: Studio, window: MainWindow) -> None:
    window.go.open_patient(_one(studio, "SELECT survivor_id FROM patient_merge"))


def _unmerge(studio: Studio, window: MainWindow) -> None:
    """Taken apart after some work: what came since is asked about."""
    survivor = _one(studio, "SELECT survivor_id FROM patient_merge")
    with studio.office.session.change("Add a phone", Permission.EDIT_PATIENTS):
        PatientPhone.create(patient_id=survivor, number="+16175550177", kind="work")
        studio.office.session.db.execute(
            "UPDATE patient SET language = 'pt', version = version + 1 WHERE id = ?", (survivor,)
        )
    window.go.take_apart(_one(studio, "SELECT id FROM patient_merge"))


_GOES_ON = (
    "c.status IN ('decided', 'closed') AND EXISTS (SELECT 1 FROM coverage v WHERE"
    " v.patient_id = c.patient_id"
    " AND v.rank = 'secondary' AND coalesce(v.starts_on, c.first_on) <= c.first_on"
    " AND coalesce(v.ends_on, c.first_on) >= c.first_on)"
)


def _claims_tab(window: MainWindow) -> Any:
    window.show_tab("claims")
    return window.tab_named("claims")


def _claim_list(key: str) -> Callable[[Studio, MainWindow], object]:
    """A work-list with the claim in front that presses most."""

    def act(studio: Studio, window: MainWindow) -> None:
        _claims_tab(window).show_list(key)
        _wait(studio)

    return act


def _a_claim(
    condition: str, page: str = "editor", ask: str = ""
) -> Callable[[Studio, MainWindow], object]:
    """A claim that meets a condition, one of its pages, and perhaps a sheet over it."""

    def act(studio: Studio, window: MainWindow) -> None:
        tab = _claims_tab(window)
        tab.show_claim(
            _one(studio, f"SELECT id FROM claim c WHERE {condition} ORDER BY id LIMIT 1")
        )
        tab.panel.show_page(getattr(tab.panel, page))
        _wait(studio)
        if ask:
            window.desk.actions.trigger(ask)

    return act


def _claim_half_typed(studio: Studio, window: MainWindow) -> None:
    """A claim with everything in it: a second line, another insurance, a fault to mend."""
    _a_claim("c.status = 'draft' AND c.errors = 0")(studio, window)
    form = _claims_tab(window).panel.editor.form
    form.folds["others"].set_open(True)
    form.others.add_and_go()
    form.lines.rows[0].set_open(True)
    form.fields["insured.party.id"].setText("LX-12 345")
    form.go_to("insured.party.id")
    _claims_tab(window).panel.editor.look()


def _claim_lists(studio: Studio, window: MainWindow) -> None:
    """Two attachments, a condition, and who ordered a service."""
    _a_claim("c.status = 'draft' AND c.errors = 0")(studio, window)
    form = _claims_tab(window).panel.editor.form
    form.lines.rows[0].set_open(True)
    provider = form.lines.rows[0].more.providers.add_and_go()
    provider.fields["family"].setText("Orderly-Invented")
    provider.fields["id"].setText("1234567893")
    for key in ("attachments", "conditions"):
        form.folds[key].set_open(True)
        form.part(key).add_and_go()
    form.part("attachments").add_and_go().fields["kind"].setText("OZ")
    form.part("conditions").rows[0].fields["codes"].setFocus()
    _wait(studio)
    bar = _claims_tab(window).panel.editor.scroll.verticalScrollBar()
    bar.setValue(bar.maximum())


def _claim_with_a_long_name(studio: Studio, window: MainWindow) -> None:
    _a_claim(
        "c.patient_id = (SELECT d.patient_id FROM claim d JOIN patient p ON p.id = d.patient_id"
        " ORDER BY length(p.family_name || p.given_name) DESC, d.id LIMIT 1)"
    )(studio, window)


def _claim_files(page: str) -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        tab = _claims_tab(window)
        tab.show_files() if page == "plan" else tab.show_batches()
        _wait(studio)

    return act


def _wait(studio: Studio) -> None:
    """Until what waits a moment before it is drawn has been, and a form in slices is whole."""
    QTest.qWait(200)
    forms = [
        form
        for window in QApplication.topLevelWidgets()
        for form in window.findChildren(ClaimForm)
        if form.isVisible()
    ]
    for form in forms:
        while not form.is_whole:
            QTest.qWait(5)
    studio.settle()


SCENES: tuple[tuple[str, Scene], ...] = (
    ("twice-list", _in_window(lambda s, w: w.go.patient_list("duplicates"))),
    ("twice-merge", _merge(0)),
    ("twice-merge-dates", _merge(2)),
    ("twice-pick", _in_window(lambda s, w: w.go.merge_patients(a_full_file(s)))),
    ("twice-merged", _in_window(_merged_file)),
    ("twice-unmerge", _in_window(_unmerge)),
    ("today", _in_window(_board(Group.WAITING))),
    ("today-late", _later(_in_window(_board(Group.EXPECTED)))),
    ("today-done", _in_window(_board(Group.DONE))),
    ("today-empty", _empty_today),
    ("confirm", _in_window(lambda s, w: w.go.calendar_place("confirm", page=True))),
    ("calendar-day", _tab("calendar")),
    ("calendar-day-free", _in_window(_day(FREE_DAY))),
    ("calendar-day-weekend", _in_window(_day(TODAY + timedelta(days=4)))),
    ("calendar-marked", _in_window(_view("day"))),
    ("calendar-rooms", _in_window(_view("day", "room", "status"))),
    ("calendar-work-week", _in_window(_view("work_week"))),
    ("calendar-week", _in_window(_view("week", by="provider"))),
    ("calendar-clock-forward", _in_window(_clock_change(date(2026, 3, 8)))),
    ("calendar-clock-back", _in_window(_clock_change(
        date(2026, 11, 1), datetime(2026, 11, 1, 1, 20)))),
    ("calendar-clock-half", _in_window(_clock_change(
        date(2026, 10, 4), zone_name="Australia/Lord_Howe", view="day"))),
    ("calendar-week-of-all", _in_window(_view("work_week", "provider", "status"))),
    ("calendar-month", _in_window(_view("month"))),
    ("calendar-agenda", _in_window(_view("agenda"))),
    ("calendar-note", _in_window(_panel("note"))),
    ("calendar-hold", _in_window(_panel("hold"))),
    ("calendar-views", _in_window(_panel("views"))),
    ("zoomed-calendar-week", _zoomed(_view("work_week"))),
    ("file-form", _in_window(_file_form)),
    ("file-form-print", _in_window(_file_form_print)),
    ("document", _in_window(_document)),
    ("document-arranged", _in_window(_document_arranged)),
    ("document-moved", _in_window(_document_moved)),
    ("sorting", _in_window(_sorting("a"))),
    ("sorting-empty", _sorting_nothing),
    ("booking-empty", _in_window(lambda s, w: w.go.book())),
    ("booking", _in_window(_book)),
    ("booking-refused", _in_window(_book_where_held)),
    ("booking-authorization", _in_window(_book_with_leave)),
    ("booking-newcomer", _in_window(_newcomer)),
    ("booked", _in_window(_read_back)),
    ("booked-later", _in_window(_read_back_later)),
    ("visit-arrived", _in_window(_visit(f"status = 'arrived' AND date(starts_at) = '{TODAY}'"))),
    ("visit-to-come", _in_window(_visit(f"status = 'confirmed' AND starts_at > '{TODAY}T23'"))),
    ("visit-missed", _in_window(_visit("status = 'no-show'", "visit.correct"))),
    ("visit-cancel", _in_window(_visit(
        f"status = 'scheduled' AND starts_at > '{TODAY}T23'", "visit.cancel"))),
    ("series", _in_window(_repeated)),
    ("series-in-the-way", _in_window(_repeated_where_held)),
    ("series-standing", _in_window(_series("visit.series"))),
    ("series-moved", _in_window(_series("visit.later"))),
    ("recall", _in_window(_visit(
        f"status = 'confirmed' AND starts_at > '{TODAY}T23'", "visit.recall"))),
    ("recalls", _in_window(_page("recalls"))),
    ("zoomed-recalls", _zoomed(_page("recalls"))),
    ("zoomed-series", _zoomed(_repeated)),
    ("waiting-list", _in_window(_page("waiting"))),
    ("waiting-add", _in_window(_waits)),
    ("waiting-who-fits", _in_window(_who_could_come)),
    ("zoomed-waiting-list", _zoomed(_page("waiting"))),
    ("zoomed-waiting-who-fits", _zoomed(_who_could_come)),
    ("away", _in_window(_away)),
    ("away-new", _in_window(_away_for_a_part)),
    ("zoomed-away", _zoomed(_away)),
    ("pinboard", _in_window(_pinned)),
    ("unresolved", _in_window(_page("unresolved"))),
    ("calendar-block", _in_window(_panel("block"))),
    ("outside-hours", _in_window(_outside)),
    ("patients-recent", _tab("patients")),
    ("patients-empty", _tab("patients", is_empty=True)),
    ("patients-found", _in_window(_search("ng"))),
    ("patients-common", _in_window(_search("ma"))),
    ("patients-nobody", _in_window(_search("xqzv"))),
    ("patient-file", _in_window(lambda s, w: w.go.open_patient(a_full_file(s)))),
    ("patient-authorizations", _in_window(_authorizations)),
    ("patient-card", _in_window(_carded)),
    ("patient-card-large", _in_window(_card_large)),
    ("patient-coverages", _in_window(lambda s, w: w.go.open_patient(_with_secondary(s)))),
    ("patient-coverage-change", _in_window(_in_file("change", _with_subscriber))),
    ("patient-coverage-replace", _in_window(_in_file("replace", _with_secondary))),
    ("patient-coverage-verify", _in_window(_in_file("verify", _with_secondary))),
    ("patient-referrals", _in_window(lambda s, w: w.go.open_patient(_referred(s)))),
    ("patient-referral-new", _in_window(_in_file("referral", _referred))),
    ("booking-referral", _in_window(_referred_here)),
    ("patient-records", _in_window(_in_file("accounting", _asked_for))),
    ("patient-consent-new", _in_window(_in_file("consent", _asked_for))),
    ("patient-request-new", _in_window(_in_file("request", _asked_for))),
    ("patient-request-package", _in_window(_in_file("package", _asked_for))),
    ("patient-request-extend", _in_window(_in_file("extend", _asked_for))),
    ("patient-disclosure-new", _in_window(_in_file("disclosure", _asked_for))),
    ("records-requests", _in_window(_list("records-requests"))),
    ("consents-due", _in_window(_list("consents"))),
    ("insurance-to-verify", _in_window(_list("insurance"))),
    ("referrals", _in_window(_list("referrals"))),
    ("zoomed-insurance-to-verify", _zoomed(_list("insurance"))),
    ("zoomed-patient-coverages", _zoomed(lambda s, w: w.go.open_patient(_with_secondary(s)))),
    ("patient-file-long-name", _in_window(lambda s, w: w.go.open_patient(a_long_name(s)))),
    ("patient-file-empty", _in_window(_empty_file)),
    ("patient-edit-contact", _in_window(_edited("contact", "email"))),
    ("patient-edit-identity", _in_window(_edited("identity"))),
    ("patient-edit-people", _in_window(_edited("people", "people.0.name"))),
    ("patient-edit-details", _in_window(_edited("details"))),
    ("patient-edit-alerts", _in_window(_edited("alerts", "alerts.0.text"))),
    ("patient-field-history", _in_window(_edited("contact", then="history"))),
    ("patient-copy", _in_window(_edited("contact", then="patient.copy"))),
    ("zoomed-patient-edit-contact", _zoomed(_edited("contact", "email"))),
    ("patient-editor", _in_window(lambda s, w: w.go.edit_patient(a_full_file(s)))),
    ("patient-editor-new", _in_window(lambda s, w: w.go.edit_patient(None))),
    ("letters", _tab("letters")),
    ("letters-empty", _tab("letters", is_empty=True)),
    ("letter-line", _in_window(_letter_line)),
    ("letter-line-write", _in_window(_letter_on_the_line)),
    ("letter-dictate", _in_window(_dictate)),
    ("letter-line-empty", _letter_line_empty),
    ("letter-batch", _in_window(_batch)),
    ("fax", _in_window(_fax)),
    ("faxes", _in_window(lambda _, window: window.desk.actions.trigger("list.faxes"))),
    ("letter-batch-people", _in_window(_batch_of_people)),
    ("letter-batch-written", _in_window(_batch_written)),
    ("letter-templates", _in_window(_templates)),
    ("letter-template-edit", _in_window(lambda s, w: _template(s, w, 0))),
    ("letter-template-format", _in_window(_format_menu)),
    ("letter-template-fields", _in_window(lambda s, w: _template(s, w, 1))),
    ("letter-template-questions", _in_window(lambda s, w: _template(s, w, 2))),
    ("letter-template-brace", _in_window(_brace)),
    ("letter-template-condition", _in_window(_only_if)),
    ("zoomed-letter-template-edit", _zoomed(lambda s, w: _template(s, w, 0))),
    ("letter-writer", _in_window(lambda s, w: w.go.write_letter(a_visit_to_come(s)))),
    ("claims", _in_window(_claim_list("ready"))),
    ("claims-all", _in_window(_claim_list("all"))),
    ("claims-drafts", _in_window(_claim_list("drafts"))),
    ("claims-held", _in_window(_claim_list("held"))),
    ("claims-uncharged", _in_window(_claim_list("uncharged"))),
    ("claims-unclaimed", _in_window(_claim_list("unclaimed"))),
    ("claims-deadlines", _in_window(_claim_list("deadlines"))),
    ("claims-nothing-checked", _in_window(_claim_list("next"))),
    ("claims-empty", _tab("claims", is_empty=True)),
    ("claim-typed", _in_window(_claim_half_typed)),
    ("claim-lists", _in_window(_claim_lists)),
    ("claim-form", _in_window(_a_claim("c.status = 'ready'", "form_view"))),
    ("claim-history", _in_window(_a_claim("c.next_action <> ''", "history"))),
    ("claim-sealed", _in_window(_a_claim("c.status = 'sent'"))),
    ("claim-answer", _in_window(_a_claim("c.status = 'sent'", ask="claim.answer"))),
    ("claim-next-payer", _in_window(_a_claim(_GOES_ON, ask="claim.next_payer"))),
    ("claim-plan", _in_window(_a_claim("c.status = 'draft'", ask="claim.plan"))),
    ("claim-long-name", _in_window(_claim_with_a_long_name)),
    ("claim-files-plan", _in_window(_claim_files("plan"))),
    ("claim-files", _in_window(_claim_files("batches"))),
    ("zoomed-claims", _zoomed(_claim_list("held"))),
    ("patient-claims", _in_window(lambda s, w: w.go.open_patient(_one(
        s, "SELECT patient_id FROM claim WHERE next_action <> '' ORDER BY id LIMIT 1")))),
    ("command-box", _in_window(_command("mar"))),
    ("command-box-commands", _in_window(_command("book"))),
    ("command-box-booking", _in_window(_typed_booking("tue 3pm 30 follow-up"))),
    ("command-box-free-times", _in_window(_typed_booking("thu after 2 follow-up"))),
    ("find", _in_window(_find())),
    ("find-several", _in_window(_find(several=True))),
    ("zoomed-find", _zoomed(_find())),
    ("history", _in_window(lambda s, w: w.undoing.toggle_history())),
    ("message-done", _in_window(_booked)),
    ("message-refusal", _in_window(_refusal)),
    ("cheat-sheet", _in_window(lambda s, w: w.desk.actions.trigger("help.keys"))),
    ("help", _in_window(lambda s, w: w.help.open("calendar"))),
    ("drafts-parked", _in_window(_parked)),
    ("jobs-several", _in_window(_jobs)),
    ("zoomed-calendar", _zoomed(lambda s, w: w.show_tab("calendar"))),
    ("zoomed-pinboard", _zoomed(_pinned)),
    ("zoomed-patient-file", _zoomed(lambda s, w: w.go.open_patient(a_full_file(s)))),
    ("timeline", _in_window(_timeline)),
    ("timeline-all", _in_window(lambda s, w: _timeline(s, w, "change"))),
    ("directory", _in_window(lambda s, w: w.go.open_directory())),
    ("directory-new", _in_window(lambda s, w: w.go.open_directory().begin())),
    ("export", _in_window(lambda s, w: w.go.open_export())),
    ("export-patient", _in_window(_export_patient)),
    ("audit", _in_window(_audit)),
    ("audit-patient", _in_window(lambda s, w: _audit(s, w, 1))),
    ("import", _in_window(lambda s, w: w.go.open_import())),
    ("import-preview", _in_window(_import_preview)),
    ("import-calendar", _in_window(_calendar_file)),
    ("import-columns", _in_window(_import_columns)),
    ("import-people", _in_window(_import_people)),
    *((f"print-{kind}", _in_window(_printed(kind))) for kind in PAPERS),
    ("paper-asked", _in_window(_print_asked)),
    *((f"paper-{kind}", _in_window(_post(kind))) for kind in ("address", "envelope", "wristband")),
    ("paper-of-a-list", _in_window(_post("address", "list"))),
    ("paper-kept", _in_window(_kept_list)),
    ("paper-kept-strip", _in_window(_kept_strip)),
    ("paper-printers", _in_window(_printers)),
    ("paper-test-page", _in_window(_test_page)),
    ("paper-own-sheet", _in_window(_own_sheet)),
    ("zoomed-paper-printers", _zoomed(_printers)),
    ("zoomed-paper-address", _zoomed(_post("address"))),
    ("zoomed-print-day", _zoomed(_printed("day"))),
    ("export-calendar", _in_window(lambda s, w: w.go.export_calendar())),
    *((name, _in_window(act)) for name, act in CHARGES),
    *((f"settings-{page}", _settings(page)) for page in SETTINGS),
    ("login", _login),
    ("login-recovery", _recovery),
    *((f"wizard-{place}-{page}", _wizard(page)) for place, page in enumerate(WIZARD, 1)),
    *((f"bring-back-{page}", _bring_back(page)) for page in ("archive", "wrong", "place")),
    ("curtain", _in_window(lambda s, w: w.screen_lock.draw())),
    ("locked", _in_window(lambda s, w: w.screen_lock.lock())),
)  # fmt: skip
