"""What could not be printed is kept, and what a printer does to the pages is made up for."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from medsec_desktop.domain.calibration import Marks
from medsec_desktop.domain.permissions import Role
from medsec_desktop.problems import Conflict, Invalid, NotAllowed, Unavailable
from medsec_desktop.services.office import Office
from medsec_desktop.services.printing import (
    PrinterOffers,
    PrinterRow,
    Printing,
    Sides,
    Ticket,
    Way,
)
from medsec_desktop.services.printing.ways import KindSetUp
from medsec_desktop.services.session import Session
from tests.conftest import a_user


class Desk:
    """Two printers that keep what they are given; the first can be stopped."""

    def __init__(self) -> None:
        self.is_ready = True
        self.sent: list[tuple[bytes, Ticket]] = []

    def printers(self) -> tuple[PrinterRow, ...]:
        return (
            PrinterRow("Desk", self.is_ready, True, "" if self.is_ready else "No paper."),
            PrinterRow("Lab"),
        )

    def offers(self, printer: str) -> PrinterOffers:
        return PrinterOffers((("Tray1", "Tray 1"),), has_two_sides=True)

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        self.sent.append((pdf, ticket))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def printing(session: Session, desk: Desk) -> Printing:
    return Printing(session, desk)


def a_square(at: tuple[float, float], size: tuple[float, float], turned: int = 0) -> bytes:
    """A black square of 10 mm whose upper left corner is `at`, in mm as one sees the page."""
    seen_wide, seen_high = size
    is_sideways = turned in (90, 270)
    wide, high = (seen_high, seen_wide) if is_sideways else (seen_wide, seen_high)
    target = BytesIO()
    canvas = Canvas(target, pagesize=(wide * mm, high * mm))
    left, top = at
    x, y = {
        0: (left, high - top - 10),
        90: (top, left),
        180: (wide - left - 10, top),
        270: (wide - top - 10, high - left - 10),
    }[turned]
    canvas.rect(x * mm, y * mm, 10 * mm, 10 * mm, fill=1, stroke=0)
    canvas.save()
    with pikepdf.open(BytesIO(target.getvalue())) as document:
        document.pages[0].obj.Rotate = turned
        turned_pdf = BytesIO()
        document.save(turned_pdf)
    return turned_pdf.getvalue()


def ink(pdf: bytes, dpi: int = 1270) -> tuple[float, float, float, float]:
    """Left, top, width and height of what is dark on the first page, in mm: 50 pixels each."""
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    left, top, right, bottom = image.point(lambda shade: 255 if shade < 128 else 0).getbbox()
    return tuple(value * 25.4 / dpi for value in (left, top, right - left, bottom - top))


PDF = a_square((20, 30), (60, 90))


def test_a_job_that_cannot_be_printed_is_kept_and_survives_closing(
    printing: Printing, session: Session, desk: Desk
) -> None:
    desk.is_ready = False
    printing.remember("labels", KindSetUp("Desk", "Tray1", Sides.LONG_EDGE, copies=3))

    with pytest.raises(Unavailable, match="stopped") as caught:
        printing.print_pdf(PDF, "labels", title="Address labels")

    assert caught.value.remedy.endswith("The pages are kept.")
    assert [link.text for link in caught.value.links][-1] == "Print again"
    (kept,) = Printing(session, desk).kept.all()
    assert (kept.ticket, kept.kind) == (
        Ticket("Desk", 3, "Address labels", "Tray1", Sides.LONG_EDGE),
        "labels",
    )
    assert kept.why == "Nothing was printed: the printer “Desk” is stopped."
    assert kept.by == session.user.name
    # Encrypted, and no file of a document: the pages are found nowhere as they are.
    files = [path.read_bytes() for path in session.db.folder.glob("files/??/*")]
    assert len(files) == 1
    assert b"%PDF" not in files[0]

    # The same once more stays one job; when the printer is back, it is printed as it was to be.
    with pytest.raises(Unavailable):
        printing.print_pdf(PDF, "labels", title="Address labels")
    (kept,) = printing.kept.all()
    with pytest.raises(Unavailable):
        printing.print_again(kept.id)
    assert printing.kept.count() == 1
    desk.is_ready = True
    assert printing.print_again(kept.id) == "Desk"
    assert desk.sent == [(PDF, kept.ticket)]
    assert printing.kept.all() == ()
    assert not list(session.db.folder.glob("files/??/*"))
    assert session.history(1)[0].label == "Printed after all: Address labels"


def test_a_kept_job_goes_to_another_printer_into_a_file_or_is_dropped_and_brought_back(
    printing: Printing, session: Session, desk: Desk, tmp_path
) -> None:
    desk.is_ready = False
    for title in ("One", "Two"):
        with pytest.raises(Unavailable):
            printing.print_pdf(PDF, "letters", Way(tray="Tray1"), title=title)
    two, one = printing.kept.all()

    assert printing.print_again(one.id, "Lab") == "Lab"
    assert desk.sent[0][1] == Ticket("Lab", 1, "One")  # the trays are not those of the first
    printing.save_kept(two.id, tmp_path / "two.pdf")
    assert (tmp_path / "two.pdf").read_bytes() == PDF
    bring_back = printing.drop_kept(two.id)
    assert bring_back is not None
    assert printing.kept.all() == ()
    bring_back()
    (back,) = printing.kept.all()
    assert printing.kept.pdf(back) == PDF
    assert [row.label for row in session.history(5)] == [
        "Kept to print again: Two",
        "Dropped unprinted: Two",
        "Saved as PDF: Two",
        "Printed after all: One",
        "Kept to print again: Two",
    ]
    with pytest.raises(Conflict, match="no longer waits"):
        printing.print_again(one.id)


def test_only_who_may_write_letters_deals_with_letters_that_were_kept(
    printing: Printing, session: Session, desk: Desk, tmp_path
) -> None:
    desk.is_ready = False
    for kind in ("letters", "labels"):
        with pytest.raises(Unavailable):
            printing.print_pdf(PDF, kind)
    labels, letter = printing.kept.all()
    desk.is_ready = True
    session.switch_user(a_user(session, role=Role.READ_ONLY))

    for deal in (
        lambda: printing.drop_kept(letter.id),
        lambda: printing.print_again(letter.id),
        lambda: printing.save_kept(letter.id, tmp_path / "x.pdf"),
    ):
        with pytest.raises(NotAllowed):
            deal()

    assert printing.kept.count() == 2
    assert printing.print_again(labels.id) == "Desk"


def test_pages_lost_meanwhile_are_said_and_can_be_dropped(
    printing: Printing, session: Session, desk: Desk, tmp_path
) -> None:
    desk.is_ready = False
    with pytest.raises(Unavailable):
        printing.print_pdf(PDF, "letters")
    (kept,) = printing.kept.all()
    for path in session.db.folder.glob("files/??/*"):
        path.write_bytes(b"damaged")
    desk.is_ready = True

    with pytest.raises(Unavailable, match="damaged"):
        printing.print_again(kept.id)
    assert desk.sent == []
    assert printing.drop_kept(kept.id) is None
    assert printing.kept.all() == ()


def test_whose_rows_wait_is_asked_and_told(office: Office, session: Session, desk: Desk) -> None:
    class Letters:
        def __init__(self) -> None:
            self.went: list[list[int]] = []
            self.is_void = True

        def check_may_go_out(self, ids):
            if self.is_void:
                raise Conflict("This letter is void.")

        def went_out(self, ids):
            self.went.append(list(ids))

    letters, printing = Letters(), office.printing
    printing._spooler = desk
    printing.own("letter", lambda: letters)
    desk.is_ready = False
    with pytest.raises(Unavailable):
        printing.print_pdf(PDF, "letters", about="letter:7,8")
    desk.is_ready = True
    (kept,) = printing.kept.all()

    with pytest.raises(Conflict, match="void"):
        printing.print_again(kept.id)
    assert desk.sent == []
    letters.is_void = False
    printing.print_again(kept.id)

    assert letters.went == [[7, 8]]


def test_what_is_remembered_for_a_kind_of_paper_is_read_from_earlier_versions_too(
    printing: Printing, session: Session
) -> None:
    session.db.note_meta(f"printer/{session.workstation}/letters", "Desk")

    assert printing.setup("letters") == KindSetUp("Desk")
    printing.remember("letters", KindSetUp("Desk", "Tray1", Sides.ONE, 2, asks=True))
    assert Printing(session).setup("letters") == KindSetUp("Desk", "Tray1", Sides.ONE, 2, True)
    printing.choose("letters", "Lab")
    assert printing.setup("letters") == KindSetUp("Lab", "", Sides.ONE, 2, True)
    with pytest.raises(Invalid):
        printing.remember("letters", KindSetUp(copies=0))


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(60.0, 90.0), (90.0, 60.0)])
def test_shift_and_scale_are_in_the_pages_handed_over_to_a_tenth_of_a_millimetre(
    printing: Printing, desk: Desk, size: tuple[float, float], turned: int
) -> None:
    # This printer is 1.4 mm too far right and 0.7 mm too high, and draws 2 % too wide.
    drawn = Marks(5, 5, 50, 50)
    is_wide = size[0] > size[1]
    printing.calibrations.measured(
        "claims", "Desk", is_wide, drawn, Marks(1.4 + 5 * 1.02, 4.3, 51, 50)
    )

    printing.print_pdf(a_square((20, 30), size, turned), "claims")
    printing.print_pdf(a_square((20, 30), size, turned), "letters")

    corrected, plain = (ink(pdf) for pdf, _ in desk.sent)
    assert plain == pytest.approx((20, 30, 10, 10), abs=0.05)
    left, top, width, height = corrected
    came_out = (1.4 + left * 1.02, top - 0.7, width * 1.02, height)
    assert came_out == pytest.approx((20, 30, 10, 10), abs=0.1)


def test_a_page_lying_the_other_way_and_a_forgotten_calibration_go_as_they_are(
    printing: Printing, desk: Desk
) -> None:
    printing.calibrations.measured(
        "letters", "Desk", True, Marks(5, 5, 50, 50), Marks(6, 5, 50, 50)
    )
    printing.print_pdf(PDF, "letters")
    printing.calibrations.forget("letters", "Desk", True)
    printing.print_pdf(PDF, "letters")

    assert ink(desk.sent[0][0]) == pytest.approx((20, 30, 10, 10), abs=0.05)
    assert desk.sent[1][0] == PDF
