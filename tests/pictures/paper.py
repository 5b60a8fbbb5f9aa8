"""Every printed page as a picture."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2

from medsec_desktop.documents.calibration_page import CalibrationPage, calibration_pdf
from medsec_desktop.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf
from medsec_desktop.services.calendar.sheets import KINDS, Subject
from medsec_desktop.services.letters.post import PostKind
from tests.pictures.studio import Studio

_DPI = 110


def documents(studio: Studio) -> Iterator[tuple[str, bytes]]:
    """Each kind of paper the program prints, by name."""
    letters = studio.office.letters
    for one in letters.library.all():
        name = f"letter-{one.template.key}-{one.template.language}"
        yield name, letters.preview(letters.sample(one.template))
    sheets, day = studio.office.sheets, studio.office.clock.today()
    for kind in KINDS:
        yield f"calendar-{kind}", sheets.make(sheets.setup(kind), Subject(day)).pdf
    somebody = studio.office.session.db.value(
        "SELECT patient_id FROM patient_address ORDER BY patient_id LIMIT 1"
    )
    for kind in PostKind:
        post = studio.office.post
        yield f"post-{kind}", post.for_patients(post.setup(kind), [somebody]).pdf
    yield (
        "printer-test-page",
        calibration_pdf(
            CalibrationPage(215.9, 279.4, "Letters", "Front-Desk-Laser", "03/11/2026 9:00 AM")
        ),
    )
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
