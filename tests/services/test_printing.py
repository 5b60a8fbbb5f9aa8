"""To paper: which printer, and what happens when there is none, or it is stopped, or silent."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from medsec_desktop.documents.labels import Label, labels_pdf
from medsec_desktop.domain.stocks import stock_named
from medsec_desktop.problems import Invalid, Unavailable
from medsec_desktop.services.printing import (
    Cups,
    PrinterOffers,
    PrinterRow,
    Printing,
    Sides,
    Ticket,
    Way,
)
from medsec_desktop.services.session import Session

PDF = labels_pdf(stock_named("5160"), [Label(("Ada Testperson", "45 Elm Street"))])

LPSTAT = """\
printer Desk is idle.  enabled since Wed 11 Mar 2026 09:00:00 AM
printer Labels disabled since Wed 11 Mar 2026 09:00:00 AM -
\tThe paper tray is empty
printer Back-Office now printing Back-Office-7.  enabled since Wed 11 Mar 2026
\tSpooling job, 10% complete.
system default destination: Back-Office
"""


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """A folder with `lp` and `lpstat` that note what they are told and answer as CUPS does."""
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "answer").write_text(LPSTAT)
    script(folder, "lpstat", 'cat "$here/answer"')
    script(folder, "lp", 'echo "$@" > "$here/told"\ncat > "$here/pages"')
    return folder


def script(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f'#!/bin/sh\nhere="{folder}"\n{body}\n')
    path.chmod(0o755)


@pytest.fixture
def printing(session: Session, spool: Path) -> Printing:
    return Printing(session, Cups(str(spool / "lp"), str(spool / "lpstat"), time_limit_s=5))


def test_printers_are_listed_with_the_default_first_and_why_one_is_stopped(
    printing: Printing,
) -> None:
    assert printing.printers() == (
        PrinterRow("Back-Office", is_default=True),
        PrinterRow("Desk"),
        PrinterRow("Labels", is_ready=False, why="The paper tray is empty."),
    )


def test_the_very_bytes_go_to_the_default_printer(printing: Printing, spool: Path) -> None:
    used = printing.print_pdf(PDF, "letters", Way(copies=2), title="Letter 7")

    assert used == "Back-Office"
    assert (spool / "pages").read_bytes() == PDF
    assert (spool / "told").read_text().startswith("-d Back-Office -n 2 -t Letter 7 -o ")


def test_each_kind_of_paper_remembers_its_printer(printing: Printing, session: Session) -> None:
    printing.choose("letters", "Desk")

    assert printing.print_pdf(PDF, "letters") == "Desk"
    assert printing.print_pdf(PDF, "recovery-sheet") == "Back-Office"
    assert Printing(session).printer_for("letters") == "Desk"


def test_a_printer_named_for_once_is_used_once(printing: Printing) -> None:
    assert printing.print_pdf(PDF, "letters", Way("Desk")) == "Desk"
    assert printing.print_pdf(PDF, "letters") == "Back-Office"


def test_a_stopped_printer_is_said_with_its_reason(printing: Printing, spool: Path) -> None:
    printing.choose("letters", "Labels")

    with pytest.raises(Unavailable, match="“Labels” is stopped") as caught:
        printing.print_pdf(PDF, "letters")

    assert caught.value.why == "The paper tray is empty."
    assert "choose another" in caught.value.remedy
    assert not (spool / "pages").exists()


def test_a_printer_that_is_gone_is_said_with_those_there_are(printing: Printing) -> None:
    printing.choose("letters", "Old one")

    with pytest.raises(Unavailable, match="no printer “Old one”") as caught:
        printing.print_pdf(PDF, "letters")

    assert "“Back-Office”, “Desk” and “Labels”" in caught.value.why


def test_no_printer_at_all_is_said(printing: Printing, spool: Path) -> None:
    (spool / "answer").write_text("lpstat: No destinations added.\n")

    with pytest.raises(Unavailable, match="has no printer"):
        printing.print_pdf(PDF, "letters")


def test_without_cups_and_without_a_window_there_is_no_printer(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unavailable, match="has no printer"):
        Printing(session).print_pdf(PDF, "letters")


def test_pages_the_printer_refuses_are_said_in_its_words(printing: Printing, spool: Path) -> None:
    script(spool, "lp", 'echo "lp: Too many jobs." >&2; exit 1')

    with pytest.raises(Unavailable, match="did not take the pages") as caught:
        printing.print_pdf(PDF, "letters")

    assert caught.value.why == "Too many jobs."


def test_a_print_service_that_hangs_is_given_up(session: Session, spool: Path) -> None:
    script(spool, "lpstat", "exec sleep 60")

    with pytest.raises(Unavailable, match="does not answer"):
        Printing(
            session, Cups(str(spool / "lp"), str(spool / "lpstat"), time_limit_s=0.2)
        ).print_pdf(PDF, "letters")


def test_a_print_service_that_cannot_start_is_said(session: Session, spool: Path) -> None:
    (spool / "lpstat").chmod(0o644)

    with pytest.raises(Unavailable, match="could not be started"):
        Printing(session, Cups(str(spool / "lp"), str(spool / "lpstat"))).printers()


@pytest.mark.parametrize("copies", [0, -1, 100])
def test_an_odd_number_of_copies_is_refused(printing: Printing, copies: int) -> None:
    with pytest.raises(Invalid):
        printing.print_pdf(PDF, "letters", Way(copies=copies))


def test_the_windows_own_way_is_taken_only_where_there_is_no_cups(
    session: Session, printing: Printing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sent: list[tuple[str, int]] = []

    class Window:
        def printers(self) -> tuple[PrinterRow, ...]:
            return (PrinterRow("Window"),)

        def offers(self, printer: str) -> PrinterOffers:
            return PrinterOffers()

        def send(self, pdf: bytes, ticket: Ticket) -> None:
            sent.append((ticket.printer, ticket.copies))

    printing.offer(Window())
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        elsewhere = Printing(session)
    elsewhere.offer(Window())

    assert printing.print_pdf(PDF, "letters") == "Back-Office"
    assert elsewhere.print_pdf(PDF, "letters") == "Window"
    assert sent == [("Window", 1)]


LPOPTIONS = """\
PageSize/Media Size: *Letter A4 Env10 w79h252 Custom.WIDTHxHEIGHT
InputSlot/Media Source: *Auto Tray1 ManualFeed
Duplex/2-Sided Printing: *None DuplexNoTumble DuplexTumble
"""


@pytest.fixture
def described(session: Session, spool: Path) -> Printing:
    """A printer whose description can be read."""
    (spool / "described").write_text(LPOPTIONS)
    script(spool, "lpoptions", 'cat "$here/described"')
    return Printing(
        session, Cups(str(spool / "lp"), str(spool / "lpstat"), str(spool / "lpoptions"))
    )


def test_what_a_printer_offers_is_read_from_its_description(described: Printing) -> None:
    assert described.offers("Desk") == PrinterOffers(
        (("Auto", "Automatic"), ("Tray1", "Tray 1"), ("ManualFeed", "Manual feed")), True
    )


def test_whether_letters_stand_on_both_sides_is_asked_of_the_printer_where_nobody_says(
    described: Printing, spool: Path
) -> None:
    assert not described.is_two_sided("letters")
    assert described.is_two_sided("letters", Way(sides=Sides.LONG_EDGE))
    (spool / "described").write_text(LPOPTIONS.replace("*None Dup", "None *Dup"))
    assert described.is_two_sided("letters")
    assert not described.is_two_sided("letters", Way(sides=Sides.ONE))


@pytest.mark.parametrize(
    ("kind", "size", "told"),
    [
        ("labels", (612, 792), "-o print-scaling=none -o media=Letter"),
        ("envelopes", (684, 297), "-o print-scaling=none -o media=Env10"),
        ("labels", (252, 79), "-o print-scaling=none -o media=w79h252"),
        ("cards", (300, 200), "-o print-scaling=none -o media=Custom.200.0x300.0"),
        ("documents", (612, 792), "-o print-scaling=auto"),
    ],
)
def test_labels_and_forms_go_one_to_one_to_the_sheet_they_are_made_for(
    described: Printing, spool: Path, kind: str, size: tuple[int, int], told: str
) -> None:
    page = pypdfium2.PdfDocument.new()
    page.new_page(*size)
    content = BytesIO()
    page.save(content)
    page.close()

    described.print_pdf(content.getvalue(), kind, Way("Desk", "Tray1", Sides.LONG_EDGE), title="x")

    tray = "-o InputSlot=Tray1 -o sides=two-sided-long-edge"
    assert (spool / "told").read_text() == f"-d Desk -n 1 -t x {tray} {told} -\n"


def test_a_tray_the_printer_has_no_more_is_not_asked_for(described: Printing, spool: Path) -> None:
    described.print_pdf(PDF, "labels", Way("Desk", "Tray9"))

    assert "InputSlot" not in (spool / "told").read_text()
