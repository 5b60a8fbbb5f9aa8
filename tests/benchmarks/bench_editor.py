"""What the editor of letters costs: opening it, a key in it, and the letter of a real patient beside it.

Opening is from the wish to the first painted sheet, with the letter beside it drawn too. A preview is from
the end of a pause in typing until the page is on the screen: merged, laid out, drawn as pixels, painted.
A key is typed into a letter of one page, and into a paragraph of ten thousand words. Beside each time stands
the processor time of the same runs, which other work on the machine spoils less.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Role
from medsec_desktop.domain.writing.document import Document, Paragraph, Text
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session, User
from medsec_desktop.store.database import create_practice_database
from tests.benchmarks.rows import Row, percentile, timed
from tests.conftest import a_patient, a_provider, a_type, an_appointment

_KEY = "appointment_confirmation"


def run(times: int = 40, words: int = 10_000) -> list[Row]:
    """Rows for the table: the shipped confirmation of a visit, with one patient who has a visit."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(tempfile.mkdtemp(prefix="medsec-bench-"))
    try:
        database = create_practice_database(folder, bytes(32))
        clock = FixedClock(datetime(2026, 3, 11, 9, 0))
        session = Session(database, clock, User(1, "olive", "Olive Owner", Role.OWNER))
        patient = a_patient(session)
        an_appointment(session, patient, a_provider(session), type_id=a_type(session))
        rows = _measure(Office(session), patient, times, words)
        database.close()
    finally:
        shutil.rmtree(folder)
    return rows


def _measure(office: Office, patient: int, times: int, words: int) -> list[Row]:
    from PySide6.QtWidgets import QApplication

    from medsec_desktop.ui.desk import make_desk
    from medsec_desktop.ui.jobs import InlineJobs
    from medsec_desktop.ui.letters.templates.template_panel import TemplatePanel
    from medsec_desktop.ui.theme import Theme

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme()
    theme.apply(app)
    desk = make_desk(office, theme, jobs=InlineJobs())
    detail = office.letters.library.detail(_KEY, "en")
    panels: list[TemplatePanel] = []

    def opened() -> None:
        panel = TemplatePanel(desk, detail)
        panel.trial.set_patient(patient)
        panel.resize(1366, 640)
        panel.show()
        panel.grab()
        panels.append(panel)

    def closed() -> None:
        for panel in panels:
            panel.hide()
            panel.deleteLater()
        panels.clear()
        app.processEvents()

    opened()
    closed()
    opening = timed(opened, max(3, times // 4), closed)
    closed()
    opened()
    panel = panels[0]
    page = panel.editor.page

    def typed() -> None:
        page.insertPlainText("x")
        page.repaint()

    def previewed() -> None:
        panel._preview()
        panel.trial.pages.repaint()

    keys = timed(typed, times)
    previews = timed(previewed, times, lambda: page.insertPlainText("x"))
    page.set_document(Document((Paragraph((Text("word another one " * (words // 3)),)),)))
    long_keys = timed(typed, max(3, times // 4))
    closed()
    rows = []
    for name, took, target in (
        ("opening the editor", opening, 200.0),
        ("preview with a patient", previews, 50.0),
        ("key in a letter of a page", keys, 16.0),
        (f"key in {words:,} words", long_keys, 100.0),
    ):
        rows.append(Row(f"{name} p95", percentile(took.wall, 0.95), "ms", target))
        rows.append(Row(f"{name}, processor p95", percentile(took.processor, 0.95), "ms"))
    return rows
