"""What opening a patient's file of ten years costs until it is painted, above the SQL behind it.

Measured is what a secretary waits for: from Enter on a person in the list, through reading the file,
recording the look and filling every part, until Qt has painted the tab once, as the window asks it
to. Nothing is painted a second time for the measurement. Going back to the list and choosing the
other of two people lies between, as does what Qt clears away when it is idle; widgets not cleared
away there would pile up and make each opening dearer than the one before.

Beside each time stands the processor time of the same runs, which other work on the machine spoils less. The
floor runs the same statements with nothing made of them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.patients import (
    AddressDraft,
    AlertDraft,
    CoverageDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.domain.rights import Purpose
from medsec_desktop.models import Appointment, Document, Encounter, Letter, Payer, UserAccount
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients.authorizations import AuthorizationDraft
from medsec_desktop.services.patients.consent_kinds import USUAL
from medsec_desktop.services.patients.referral_records import ReferralDraft
from medsec_desktop.services.patients.rights_records import DisclosureDraft
from medsec_desktop.services.session import Session, User
from medsec_desktop.store.database import Database, create_practice_database
from tests.benchmarks.rows import Row, alternating, milliseconds, percentile, timed
from tests.conftest import a_provider

NOW = datetime(2026, 3, 11, 9, 0)


def run(visits: int = 150, edits: int = 100, times: int = 60) -> list[Row]:
    """Rows for the table: two files with `visits` visits, as many letters, and `edits` changes."""
    folder = Path(tempfile.mkdtemp(prefix="medsec-bench-"))
    try:
        database = create_practice_database(folder, bytes(32))
        office = Office(Session(database, FixedClock(NOW), User(1, "olive", "Olive", Role.OWNER)))
        first, second = _fill(office, visits, edits)
        rows = measure(database, office, (first, second), times)
        database.close()
    finally:
        shutil.rmtree(folder)
    return rows


def measure(database: Database, office: Office, patients: tuple[int, int], times: int) -> list[Row]:
    """The reading against its own SQL, then the tab, then a form and a history on demand.

    The form is that of the contact details, four phones and five addresses: the longest of a file.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
    from PySide6.QtWidgets import QApplication

    from medsec_desktop.ui.desk import make_desk
    from medsec_desktop.ui.garbage import GarbageHere
    from medsec_desktop.ui.jobs import InlineJobs
    from medsec_desktop.ui.patients.tab import PatientsTab
    from medsec_desktop.ui.theme import Theme

    first, second = patients
    statements = _statements(database, lambda: office.patients.reread(first))
    sql, read = alternating(
        lambda: [database.rows(*each) for each in statements],
        lambda: office.patients.reread(first),
        times,
    )
    from PySide6.QtTest import QTest

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme(parent=app)
    theme.apply(app)
    desk = make_desk(office, theme, jobs=InlineJobs())
    tab = PatientsTab(desk)
    tab.resize(1366, 680)
    tab.show()
    tab.search.setText("testperson")
    tab.open_patient(second)
    app.processEvents()
    file = tab.file
    assert file is not None

    class Painted(QObject):
        """Counts how often the page of the file is painted."""

        times = 0

        def eventFilter(self, _: QObject, event: QEvent) -> bool:
            self.times += event.type() == QEvent.Type.Paint
            return False

    painted = Painted()
    file.scroll.widget().installEventFilter(painted)
    turn = [first, second]

    garbage = GarbageHere(app)  # as in the window: Python collects between two events, never in one
    garbage.begin()

    def settle() -> None:
        app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        garbage.collect()

    def choose_other() -> None:
        turn.reverse()
        tab.show_finding()
        settle()
        if tab.people.current_id() != turn[0]:
            QTest.keyClick(tab.search, Qt.Key.Key_Down)
        if tab.people.current_id() != turn[0]:  # she was the last of the two, or the first
            QTest.keyClick(tab.search, Qt.Key.Key_Up)
        assert tab.people.current_id() == turn[0]
        settle()

    def open_chosen() -> None:
        before = painted.times
        QTest.keyClick(tab.search, Qt.Key.Key_Return)
        app.processEvents()
        assert tab.patient_id == turn[0]
        assert painted.times == before + 1

    for _ in range(2):
        choose_other()
        open_chosen()
    opened = timed(open_chosen, times, choose_other)
    contact = file.editable["contact"]

    def edit() -> None:
        contact.edit("email")
        app.processEvents()

    def leave() -> None:
        contact.leave()
        settle()

    edited_first = timed(edit, 1)
    edited = timed(edit, max(3, times // 2), leave)
    leave()
    tables = ("patient", "patient_phone", "patient_address")
    asked = milliseconds(lambda: office.file_histories.read(first, tables), max(3, times // 4))
    garbage.end()
    desk.drafts.close()
    tab.close()
    return [
        Row(f"file: read, above the same {len(statements)} statements", read, "ms", 3.0, sql),
        Row("file: from Enter until painted, p95", percentile(opened.wall, 0.95), "ms", 100.0),
        Row("  its processor time, p95", percentile(opened.processor, 0.95), "ms"),
        Row("  its median, above its statements", percentile(opened.wall, 0.5), "ms", 0.0, sql),
        Row("file: a part turned into its form, p95", percentile(edited.wall, 0.95), "ms", 100.0),
        Row("  its processor time, p95", percentile(edited.processor, 0.95), "ms"),
        Row("  the first time since the start", edited_first.wall[0], "ms"),
        Row("file: who changed each field of a part, p95", percentile(asked, 0.95), "ms", 50.0),
    ]


def _statements(database: Database, work: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """The statements that `work` runs, with their values."""
    seen: list[tuple[str, tuple[Any, ...]]] = []
    original = database.engine.execute_sql

    def listened(sql: str, params: Any = None, *rest: Any, **more: Any) -> Any:
        seen.append((sql, tuple(params or ())))
        return original(sql, params, *rest, **more)

    database.engine.execute_sql = listened  # type: ignore[method-assign]
    try:
        work()
    finally:
        database.engine.execute_sql = original  # type: ignore[method-assign]
    return [each for each in seen if each[0].lstrip().upper().startswith("SELECT")]


def _fill(office: Office, visits: int, edits: int) -> tuple[int, int]:
    session = office.session
    provider = a_provider(session)
    for kind in USUAL:
        office.consents.kinds.save(kind)
    with session.change("Set up", Permission.MANAGE_USERS):
        UserAccount.create(login="olive", display_name="Olive", role=Role.OWNER)
        payer = int(Payer.create(name="Test Health").id)
    draft = PatientDraft(
        "Testperson", "Ada", email="ada@mail.example", employer="Test Mill", note="A long note. " * 20,
        phones=tuple(PhoneDraft(f"617 555 01{n:02}") for n in range(4)),
        addresses=tuple(
            AddressDraft(f"{n} Test Street", "", "Cambridge", "MA", "02139",
                         kind="home" if n == 1 else "former")
            for n in range(1, 6)
        ),
        people=tuple(PersonDraft(f"Person {n}", "sister", "6175550199") for n in range(6)),
        coverages=tuple(
            CoverageDraft(payer, starts_on=date(2016 + n, 1, 1), ends_on=date(2016 + n, 12, 31))
            for n in range(10)
        ),
        alerts=(AlertDraft("Careful"), AlertDraft("Latex", kind="allergy")),
    )  # fmt: skip
    patients = [
        office.patients.register(draft),
        office.patients.register(replace(draft, given="B")),
    ]
    between = timedelta(days=3650) / visits
    for patient in patients:
        with session.change("Ten years", Permission.EDIT_CALENDAR, sealed=True):
            for number in range(visits):
                at = NOW - number * between
                text = f"{at:%Y-%m-%dT%H:%M}"
                Appointment.create(
                    patient=patient,
                    provider=provider,
                    starts_at=text,
                    duration_min=20,
                    status="done",
                    reason=f"Reason {number}",
                )
                Encounter.create(
                    patient=patient,
                    provider=provider,
                    starts_at=text,
                    duration_min=20,
                    kind="ambulatory",
                    description="Seen elsewhere",
                )
                document = Document.create(
                    patient=patient,
                    kind="letter",
                    title="Letter",
                    sha256="0" * 64,
                    size_bytes=1,
                    filed_at=text,
                )
                Letter.create(patient=patient, document=document, template="x", status="printed",
                              subject="Letter", written_on=text[:10])  # fmt: skip
        for number in range(edits):
            part = office.patients.part(patient, ("email",))
            typed = replace(part.draft, email=f"ada{number}@mail.example")
            office.patients.amend_part(patient, replace(part, draft=typed), "the e-mail")
        _rights_and_insurance(office, patient, payer)
    return patients[0], patients[1]


def _rights_and_insurance(office: Office, patient: int, payer: int) -> None:
    """Some of everything else a file shows."""
    for kind in office.consents.kinds.all():
        office.consents.record(patient, kind.id)
    coverage = office.coverages.save(
        patient, CoverageDraft(payer, "secondary", "Gold", "M1", starts_on=date(2026, 1, 1))
    )
    for number in range(2):
        office.authorizations.save(
            patient, AuthorizationDraft(f"PA-{number}", 12, NOW.date(), coverage_id=coverage)
        )
        office.referrals.save(
            patient, ReferralDraft(specialty="Cardiology", reason=f"Reason {number}")
        )
        office.disclosures.save(
            patient, DisclosureDraft("Test Cardiology", "Last labs", Purpose.TREATMENT)
        )


if __name__ == "__main__":
    for row in run():
        print(row)
