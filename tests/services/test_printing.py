"""To paper: which printer, and what happens when there is none, or it is stopped, or silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from medsec_desktop.problems import Invalid, Unavailable
from medsec_desktop.services.printing import Cups, PrinterRow, Printing
from medsec_desktop.services.session import Session

PDF = b"%PDF-1.4 pages"

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
    script(
        folder, "lp", 'echo "$@" > "$here/told"\nfor file; do :; done\ncat "$file" > "$here/pages"'
    )
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
    used = printing.print_pdf(PDF, "letters", copies=2, title="Letter 7")

    assert used == "Back-Office"
    assert (spool / "pages").read_bytes() == PDF
    assert (spool / "told").read_text().startswith("-d Back-Office -n 2 -t Letter 7 -- ")


def test_each_kind_of_paper_remembers_its_printer(printing: Printing, session: Session) -> None:
    printing.choose("letters", "Desk")

    assert printing.print_pdf(PDF, "letters") == "Desk"
    assert printing.print_pdf(PDF, "recovery-sheet") == "Back-Office"
    assert Printing(session).printer_for("letters") == "Desk"


def test_a_printer_named_for_once_is_used_once(printing: Printing) -> None:
    assert printing.print_pdf(PDF, "letters", printer="Desk") == "Desk"
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
        printing.print_pdf(PDF, "letters", copies=copies)


def test_the_windows_own_way_is_taken_only_where_there_is_no_cups(
    session: Session, printing: Printing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sent: list[tuple[str, int, bool]] = []

    class Window:
        def printers(self) -> tuple[PrinterRow, ...]:
            return (PrinterRow("Window"),)

        def send(self, pdf: bytes, printer: str, copies: int, title: str, silent: bool) -> None:
            sent.append((printer, copies, silent))

    printing.offer(Window())
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        elsewhere = Printing(session)
    elsewhere.offer(Window())

    assert printing.print_pdf(PDF, "letters") == "Back-Office"
    assert elsewhere.print_pdf(PDF, "letters", silent=False) == "Window"
    assert sent == [("Window", 1, False)]
