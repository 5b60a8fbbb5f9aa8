"""Every printed page as a picture."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2

from medsec_desktop.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf
from medsec_desktop.services.calendar.sheets import KINDS, Subject
from tests.pictures.scenes import a_visit_to_come
from tests.pictures.studio import Studio

_DPI = 110


def documents(studio: Studio) -> Iterator[tuple[str, bytes]]:
    """Each kind of paper the program prints, by name."""
    letters = studio.office.letters
    visit = a_visit_to_come(studio)
    for template in letters.templates():
        draft = letters.compose(visit, template.key, template.language)
        yield f"letter-{template.key}-{template.language}", letters.preview(draft)
    sheets, day = studio.office.sheets, studio.office.clock.today()
    for kind in KINDS:
        yield f"calendar-{kind}", sheets.make(sheets.setup(kind), Subject(day)).pdf
    busiest = studio.office.session.db.value(
        "SELECT patient_id FROM patient_alert GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    yield "face-sheet", studio.office.face_sheets.pdf(busiest)
    key = "7K3M-Q9XA-02BD-VV5T-8RNE-1HJC-64PW-ZGFS"
    for paper in ("letter", "a4"):
        sheet = RecoverySheet("Larkhaven Family Clinic", key, "03/11/2026", paper)
        yield f"recovery-sheet-{paper}", recovery_sheet_pdf(sheet)


def pages(pdf: bytes) -> Iterator[object]:
    """Each page of a PDF as an image with a `save` method."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            yield page.render(scale=_DPI / 72).to_pil()
