"""A timeline of ten years: reading it, and scrolling it against a bare list of the same lines."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Appointment, CallAttempt
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session, User
from medsec_desktop.store.database import create_practice_database
from tests.benchmarks.rows import Row, Took, alternating, percentile, timed
from tests.conftest import a_patient, a_provider

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListView

NOW = datetime(2026, 3, 11, 9, 0)


def run(visits: int = 1_000, steps: int = 300) -> list[Row]:
    """Rows for the table: a patient with `visits` visits in ten years and a call about each."""
    folder = Path(tempfile.mkdtemp(prefix="medsec-bench-"))
    try:
        database = create_practice_database(folder, bytes(32))
        office = Office(Session(database, FixedClock(NOW), User(1, "olive", "Olive", Role.OWNER)))
        rows = measure(office, _fill(office, visits), steps)
        database.close()
    finally:
        shutil.rmtree(folder)
    return rows


def measure(office: Office, patient_id: int, steps: int) -> list[Row]:
    """The reading, then the page scrolled line by line."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QStringListModel
    from PySide6.QtWidgets import QApplication, QListView

    from medsec_desktop.ui.desk import make_desk
    from medsec_desktop.ui.jobs import InlineJobs
    from medsec_desktop.ui.patients.timeline_page import TimelinePage
    from medsec_desktop.ui.theme import Theme

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme()
    theme.apply(app)
    page = TimelinePage(make_desk(office, theme, jobs=InlineJobs()))
    page.resize(1342, 640)
    page.show_file(office.patients.reread(patient_id))
    page.show()
    bare = QListView()
    bare.setModel(QStringListModel([row.title for row in page.list.rows.rows]))
    bare.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    bare.resize(page.list.size())
    bare.show()
    app.processEvents()
    statement = "SELECT * FROM appointment WHERE patient_id = ? ORDER BY starts_at"
    sql, read = alternating(
        lambda: office.session.db.rows(statement, (patient_id,)),
        lambda: office.timeline.of(patient_id),
        20,
    )
    floors, works = _scrolled(bare, page.list, steps)
    count = len(page.list.rows.rows)
    page.hide()
    bare.hide()
    return [
        Row(f"timeline: {count:,} entries read, above the visits’ SQL", read, "ms", 0, sql),
        Row(
            "timeline: a scrolled step, of the processor, above a bare list",
            median(works.processor),
            "ms",
            1.5,
            median(floors.processor),
        ),
        Row("  until painted p95, within a frame", percentile(works.wall, 0.95), "ms", 16.0),
    ]


def _scrolled(floor: QListView, work: QListView, steps: int) -> tuple[Took, Took]:
    """What each step of both took, in turns: one after the other, the machine has changed between them,
    and a p95 of the one against a p95 of the other told of nothing but that."""
    floors, works = Took([], []), Took([], [])
    for _ in range(steps):
        for view, took in ((floor, floors), (work, works)):
            once = timed(_step(view), 1)
            took.wall.extend(once.wall)
            took.processor.extend(once.processor)
    return floors, works


def _step(view: QListView) -> Callable[[], None]:
    bar: Any = view.verticalScrollBar()

    def step() -> None:
        bar.setValue((bar.value() + 97) % max(1, bar.maximum()))
        view.viewport().repaint()

    return step


def _fill(office: Office, visits: int) -> int:
    session = office.session
    patient, provider = a_patient(session), a_provider(session)
    between = timedelta(days=3650) / visits
    with session.change("Ten years", Permission.EDIT_CALENDAR, sealed=True):
        for number in range(visits):
            at = NOW - number * between
            text = f"{at:%Y-%m-%dT%H:%M}"
            visit = Appointment.create(
                patient=patient, provider=provider, starts_at=text, duration_min=20, status="done",
                reason=f"Reason {number}",
            )  # fmt: skip
            CallAttempt.create(patient=patient, appointment=visit, outcome="reached", at=text)
    return patient
