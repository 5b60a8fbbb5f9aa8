"""Papers of the demo clinic: scans in files, forms that are out or back, and a few that wait to be sorted."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from io import BytesIO
from random import Random

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.page import LETTER, MM
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.scan_batches import ScannedPage
from medsec_desktop.models.documents import PrintedForm
from medsec_desktop.services.documents.form_contents import FormKind
from medsec_desktop.services.documents.intake import Examined
from medsec_desktop.services.documents.printed_forms import PrintedForms
from medsec_desktop.services.documents.records import (
    PDF,
    DocumentDraft,
    Incoming,
    Source,
    Status,
)
from medsec_desktop.services.office import Office
from medsec_desktop.services.saving import save_row
from medsec_desktop.store.files import Files

_WARNING = "Demonstration only. Nobody named here exists."
# Title, category, days ago, and the lines of each page.
_SCANS: tuple[tuple[str, str, int, tuple[tuple[str, ...], ...]], ...] = (
    (
        "Blood count and lipids", "Lab results", 41,
        (("Quillport Imaging and Laboratory", "Collected in the morning, fasting",
          "White cells     6.1     4.0 – 10.5", "Hemoglobin     13.9    12.0 – 15.5",
          "Platelets      241     150 – 400", "LDL            112     under 130"),),
    ),
    (
        "Letter from cardiology", "Letters from others", 18,
        (("Dear colleague,", "thank you for sending your patient. The exercise test was normal.",
          "Another visit in a year is enough.", "Ines Featherstone, MD"),
         ("Enclosed: recording of the exercise test", "II  ___/\\___/\\___/\\___/\\___")),
    ),
    ("Chest film, report", "Imaging", 230,
     (("Quillport Imaging and Laboratory", "Two views of the chest", "No change since the last film."),)),
)  # fmt: skip
_TO_SORT: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("Scan", (("Thistle Falls Pharmacy", "Refill request", "Please sign and fax back."),)),
    ("Referral Orchard Community Care", (("Orchard Community Care", "Authorization of 6 visits",
                                          "Number PA-20 771"), ("Conditions overleaf",))),
    ("Scan", (("Larkhaven General Hospital", "Discharge summary, page 1"),
              ("Discharge summary, page 2",), ("Medication at discharge",))),
)  # fmt: skip


def file(office: Office, seed: int) -> None:
    """Put them into the files of a few patients who are seen today, and the rest to be sorted."""
    forms = PrintedForms(
        office.session, office.practice, office.documents, office.printing, Random(seed).randbytes
    )
    today = office.clock.today()
    people = [
        int(row[0])
        for row in office.session.db.rows(
            "SELECT p.id FROM patient p WHERE p.status = 'active' AND p.preferred_name <> ''"
            " ORDER BY (SELECT count(*) FROM patient_alert a WHERE a.patient_id = p.id) > 0 DESC,"
            " (SELECT count(*) FROM coverage c WHERE c.patient_id = p.id) DESC,"
            " (SELECT count(*) FROM appointment v WHERE v.patient_id = p.id) DESC LIMIT 1"
        )
    ] + [
        int(row[0])
        for row in office.session.db.rows(
            "SELECT DISTINCT patient_id FROM appointment WHERE starts_at LIKE ?"
            " ORDER BY starts_at LIMIT 4",
            (f"{today.isoformat()}%",),
        )
    ]
    with office.session.change(
        "File the demo clinic’s papers", Permission.EDIT_PATIENTS, sealed=True
    ):
        for place, patient_id in enumerate(people):
            for title, category, ago, pages in _SCANS[: len(_SCANS) - place]:
                _take(office, patient_id, title, category, today - timedelta(days=ago), pages)
        for title, pages in _TO_SORT:
            _take(office, None, title, "", None, pages)
        for patient_id, kind in zip(
            people, (FormKind.CONSENT, FormKind.REGISTRATION), strict=False
        ):
            form = forms.make(patient_id, kind)
            printed_at = office.clock.now().strftime("%Y-%m-%dT%H:%M")
            save_row(PrintedForm, form.id, form.version, printed_at=printed_at)


def _take(
    office: Office,
    patient_id: int | None,
    title: str,
    category: str,
    dated_on: date | None,
    pages: tuple[tuple[str, ...], ...],
) -> None:
    content = _drawn(title, pages)
    # As the intake would find it: the pages are our own, so no process need read them.
    found = Examined(hashlib.sha256(content).hexdigest(), PDF, (ScannedPage(),) * len(pages))
    name = "scan0001.pdf" if title == "Scan" else f"{title}.pdf"
    intake = office.documents.intake
    Files.of(office.session.db).put(content)
    intake.insert(
        Incoming(content, name, Source.SCANNED),
        found,
        Status.FILED if patient_id is not None else Status.SORTING,
        DocumentDraft(title, office.documents.categories.named(category), dated_on),
        patient_id,
    )


def _drawn(title: str, pages: tuple[tuple[str, ...], ...]) -> bytes:
    """A paper that looks typed; what it says is invented, and it says so."""
    fonts.use(fonts.REGULAR, fonts.BOLD)
    target = BytesIO()
    canvas = page.new_canvas(target, (LETTER.width, LETTER.height), title=title)
    for lines in pages:
        y = LETTER.from_top(30 * MM)
        for number, line in enumerate(lines):
            face, size = (fonts.BOLD, 15) if number == 0 else (fonts.REGULAR, 11)
            canvas.setFillColorRGB(*page.INK)
            fonts.draw(canvas, 25 * MM, y, line, size, face)
            y -= 9 * MM
        page.rule(canvas, 25 * MM, y, LETTER.width - 50 * MM)
        canvas.setFillColorRGB(*page.SOFT_INK)
        fonts.draw(canvas, 25 * MM, 18 * MM, _WARNING, 9)
        canvas.showPage()
    canvas.save()
    return target.getvalue()
