"""A real CUPS with a queue that prints to a file; run with `-m cups` where cupsd and cups-pdf are installed.

The print service is the test's own: its folders are its own, it listens on a port of its own and is
stopped at the end. cups-pdf itself writes to the home of whoever prints, as its package is set up.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from medsec_desktop.documents.calibration_page import CalibrationPage, calibration_pdf
from medsec_desktop.documents.envelopes import Envelope, envelopes_pdf
from medsec_desktop.documents.labels import Label, labels_pdf
from medsec_desktop.domain.calibration import marks_on
from medsec_desktop.domain.stocks import stock_named
from medsec_desktop.problems import Unavailable
from medsec_desktop.services.page_images import page_sizes
from medsec_desktop.services.printing import Cups, Printing, Way
from medsec_desktop.services.session import Session
from tests.services.test_printing_kept import ink

CUPSD, PPD = Path("/usr/sbin/cupsd"), Path("/usr/share/ppd/cups-pdf/CUPS-PDF_noopt.ppd")
MM = 72 / 25.4
ADDRESS = ("Ms. Ada Testperson", "45 Elm Street", "Springfield, MA 01104")

pytestmark = [
    pytest.mark.cups,
    pytest.mark.skipif(
        not (CUPSD.exists() and PPD.exists() and os.geteuid() == 0),
        reason="cupsd and cups-pdf, and leave to start them",
    ),
]


def until(is_so: Callable[[], object], limit_s: float = 30) -> None:
    """Wait for another program; the print service tells nobody when a page is out."""
    end = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < end, "the print service was waited for in vain"
        time.sleep(0.1)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a queue of a print service that runs for this test alone."""
    # Not in tmp_path, which only its owner may enter: filters run as another user and would print nothing.
    with tempfile.TemporaryDirectory(prefix="medsec-cups-") as name:
        Path(name).chmod(0o755)
        yield from _a_service(Path(name), monkeypatch)


def _a_service(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    for part in ("root/ppd", "spool", "cache", "state"):
        (folder / part).mkdir(parents=True)
    (folder / "root" / "cupsd.conf").write_text(
        f"Listen localhost:{port}\nWebInterface No\nDefaultAuthType None\n"
        "<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
        "<Policy default>\n<Limit All>\nOrder deny,allow\nAllow all\n</Limit>\n</Policy>\n"
    )
    (folder / "root" / "cups-files.conf").write_text(
        f"ServerRoot {folder}/root\nRequestRoot {folder}/spool\nCacheDir {folder}/cache\n"
        f"StateDir {folder}/state\nTempDir {folder}/spool\nErrorLog {folder}/error_log\n"
        f"AccessLog {folder}/access_log\nPageLog {folder}/page_log\nSystemGroup root\n"
    )
    monkeypatch.setenv("CUPS_SERVER", f"localhost:{port}")
    service = subprocess.Popen(
        [CUPSD, "-f", "-c", folder / "root/cupsd.conf", "-s", folder / "root/cups-files.conf"]
    )
    try:
        name = f"Test-{uuid.uuid4().hex[:8]}"
        make = ["lpadmin", "-p", name, "-E", "-v", "cups-pdf:/", "-P", str(PPD)]
        until(lambda: subprocess.run(make, capture_output=True, check=False).returncode == 0)
        yield name
    finally:
        service.terminate()
        service.wait(20)


@pytest.fixture
def printing(session: Session, queue: str) -> Printing:
    return Printing(
        session,
        Cups(*(shutil.which(command) or "" for command in ("lp", "lpstat", "lpoptions"))),
    )


def out_of_the_printer(since_ns: int) -> bytes:
    """What cups-pdf has written since then, whatever it calls it; taken away."""
    found: list[Path] = []

    def is_whole() -> bool:
        found[:] = [
            path
            for path in (Path.home() / "PDF").glob("*.pdf")
            if path.stat().st_mtime_ns > since_ns and path.read_bytes().rstrip().endswith(b"%%EOF")
        ]
        return bool(found)

    until(is_whole)
    content = found[0].read_bytes()
    found[0].unlink()
    return content


def printed(printing: Printing, pdf: bytes, kind: str, queue: str) -> bytes:
    """What came out of the printer."""
    since = time.time_ns()
    assert printing.print_pdf(pdf, kind, Way(queue), title="Test") == queue
    return out_of_the_printer(since)


def test_pages_come_out_on_their_sheet_one_to_one_and_a_measure_moves_them(
    printing: Printing, queue: str
) -> None:
    labels = labels_pdf(stock_named("5160"), [Label(ADDRESS)] * 30)
    envelope = envelopes_pdf(stock_named("#10"), [Envelope(ADDRESS, ADDRESS)])
    roll = labels_pdf(stock_named("30252"), [Label(ADDRESS)])
    for pdf, kind in ((labels, "labels"), (envelope, "envelopes"), (roll, "labels")):
        out = printed(printing, pdf, kind, queue)
        assert page_sizes(out)[0] == pytest.approx(page_sizes(pdf)[0], abs=1.1)
        assert ink(out) == pytest.approx(ink(pdf), abs=0.2)

    # Measured 1.2 mm too far right: the next page is drawn as much further left, and comes out so.
    test = calibration_pdf(CalibrationPage(215.9, 279.4, "Claim forms", queue, "today"))
    marks = marks_on(215.9, 279.4)
    off = type(marks)(marks.left_mm + 1.2, marks.top_mm, marks.across_mm, marks.down_mm)
    printing.calibrations.measured("claims", queue, False, marks, off)
    left, top, _, _ = ink(printed(printing, test, "claims", queue))
    assert (left, top) == pytest.approx((ink(test)[0] - 1.2, ink(test)[1]), abs=0.1)


def test_a_queue_that_is_stopped_keeps_the_job_and_prints_it_when_it_runs_again(
    printing: Printing, queue: str
) -> None:
    subprocess.run(["cupsdisable", "-r", "Out of paper", queue], check=True)
    pdf = labels_pdf(stock_named("5160"), [Label(ADDRESS)])

    with pytest.raises(Unavailable, match="is stopped") as caught:
        printing.print_pdf(pdf, "labels", Way(queue), title="Address labels")

    assert caught.value.why == "Out of paper."
    (kept,) = printing.kept.all()
    subprocess.run(["cupsenable", queue], check=True)
    since = time.time_ns()
    assert printing.print_again(kept.id) == queue
    assert printing.kept.all() == ()
    assert ink(out_of_the_printer(since)) == pytest.approx(ink(pdf), abs=0.2)


def test_what_the_queue_offers_is_what_its_description_says(printing: Printing, queue: str) -> None:
    offers = printing.offers(queue)

    assert (offers.trays, offers.has_two_sides) == ((), False)
