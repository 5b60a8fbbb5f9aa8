"""Which printers there are, how each kind of paper goes to one of them, and handing pages over.

Where CUPS is, `lp` gets the PDF (text stays text). Elsewhere the window hands in a `Spooler` that draws
the pages through the system's own print service.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Protocol

from medsec_desktop.problems import Invalid, Link, Problem, Unavailable
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.printing.calibrating import Calibrations
from medsec_desktop.services.printing.cups import Cups
from medsec_desktop.services.printing.kept import KeptPrint, KeptPrints, with_printer
from medsec_desktop.services.printing.ways import (
    AS_REMEMBERED,
    KINDS,
    KindSetUp,
    PrinterOffers,
    PrinterRow,
    Sides,
    Spooler,
    Ticket,
    Way,
)
from medsec_desktop.services.session import Session

_TO_SETTINGS = (Link("settings", "printing", "Printers"),)
_PRINT_AGAIN = Link("list", "kept_prints", "Print again")


class Owner(Protocol):
    """Who has rows that wait for a print, as letters do until they left the building."""

    def check_may_go_out(self, ids: Sequence[int]) -> None:
        """Raise Conflict where one of them must not be printed any more."""
        ...

    def went_out(self, ids: Sequence[int]) -> None:
        """Note that they were printed."""
        ...


class Printing:
    """The printers of this workstation, and the way to them.

    What is remembered for a kind of paper is remembered per workstation, outside the journal: it says
    nothing about a patient and everybody at the desk may choose.
    """

    def __init__(self, session: Session, spooler: Spooler | None = None):
        self._session = session
        self._spooler = spooler if spooler is not None else Cups.here()
        self._owners: dict[str, Callable[[], Owner]] = {}
        self.calibrations = Calibrations(session)
        self.kept = KeptPrints(session)

    def offer(self, spooler: Spooler) -> None:
        """Take the window's own way to paper where there is no CUPS."""
        if self._spooler is None:
            self._spooler = spooler

    def own(self, what: str, owner: Callable[[], Owner]) -> None:
        """Say who is to be asked and told about kept jobs about `what`."""
        self._owners[what] = owner

    # -- what is remembered ---------------------------------------------------------------------

    def printers(self) -> tuple[PrinterRow, ...]:
        """Every printer this workstation can reach, the default first. Raises Unavailable."""
        if self._spooler is None:
            return ()
        return tuple(
            sorted(self._spooler.printers(), key=lambda row: (not row.is_default, row.name))
        )

    def offers(self, printer: str) -> PrinterOffers:
        """The trays of a printer, and whether it prints both sides. Raises Unavailable."""
        return self._spooler.offers(printer) if self._spooler is not None else PrinterOffers()

    def setup(self, kind: str) -> KindSetUp:
        """What is remembered for a kind of paper here."""
        kept = self._session.db.meta(self._setting("print", kind))
        if not kept:  # versions up to 0.3 remembered the printer alone
            return KindSetUp(self._session.db.meta(self._setting("printer", kind)))
        values = json.loads(kept)
        return KindSetUp(**values | {"sides": Sides(values["sides"])})

    def remember(self, kind: str, setup: KindSetUp) -> None:
        """Remember how a kind of paper is printed here. Raises Invalid."""
        _check_copies(setup.copies)
        self._session.db.note_meta(self._setting("print", kind), json.dumps(asdict(setup)))

    def is_two_sided(self, kind: str, way: Way = AS_REMEMBERED) -> bool:
        """Whether pages of a kind, so printed, stand on both sides of a sheet. Raises Unavailable."""
        ticket = self._ticket(kind, way, "")
        if ticket.sides is not Sides.PRINTER or self._spooler is None:
            return ticket.sides.is_both
        found = self.printers()
        printer = ticket.printer or (found[0].name if found else "")
        return bool(printer) and self.offers(printer).is_two_sided

    def printer_for(self, kind: str) -> str:
        """The printer chosen for a kind of paper; '' where none was."""
        return self.setup(kind).printer

    def choose(self, kind: str, printer: str) -> None:
        """Remember the printer for a kind of paper; '' goes back to the system's default."""
        setup = self.setup(kind)
        tray = setup.tray if printer == setup.printer else ""
        self.remember(kind, replace(setup, printer=printer, tray=tray))

    # -- to paper -------------------------------------------------------------------------------

    def print_pdf(
        self,
        pdf: bytes,
        kind: str,
        way: Way = AS_REMEMBERED,
        *,
        title: str = "MedSec Desktop",
        patient_id: int | None = None,
        about: str = "",
    ) -> str:
        """Hand the pages over; the printer they went to.

        `title` shows on the printer's own display and in its log, so it must not name a patient.
        `about` names the rows that wait for the print, such as `letter:7,8`. Raises Unavailable, with
        what to do, where there is no such printer or it does not take the pages; they are kept then.
        """
        ticket = self._ticket(kind, way, title)
        try:
            return self._hand_over(pdf, kind, ticket)
        except Unavailable as problem:
            try:
                self.kept.keep(pdf, kind, ticket, problem.what, patient_id, about)
            except Problem:
                raise problem from None  # the first trouble is the one to be told
            raise _and_kept(problem) from problem

    def save_pdf(
        self, pdf: bytes, path: Path, *, title: str, patient_id: int | None = None
    ) -> None:
        """Write pages to a PDF file instead, and record it. Raises Unavailable."""

        def record() -> None:
            self._session.event(f"Saved as PDF: {title}", patient_id, reason=f"to “{path.name}”")

        write_out(path, pdf, record)

    def print_test_page(
        self, kind: str, printer: str, size: tuple[float, float], printed: str
    ) -> str:
        """Print the page one measures, on a sheet of that width and height in mm; where it went.

        It goes as things stand, corrections and all. `printed` says when and by whom. Nobody misses it, so
        it is not kept. Raises Unavailable.
        """
        from medsec_desktop.documents.calibration_page import CalibrationPage, calibration_pdf

        ticket = self._ticket(kind, Way(printer, copies=1), "Printer test page")
        pdf = calibration_pdf(
            CalibrationPage(*size, KINDS[kind].name, printer or "the default printer", printed)
        )
        return self._hand_over(pdf, kind, replace(ticket, is_exact=True))

    def print_again(self, kept_id: int, printer: str = "") -> str:
        """Print what was kept, perhaps on another printer; the printer it went to.

        Raises Unavailable where it still cannot be, Conflict where it must not be any more, NotAllowed.
        """
        kept = with_printer(self._kept(kept_id, "print what was kept"), printer)
        owner, ids = self._owner(kept)
        if owner is not None:
            owner.check_may_go_out(ids)
        try:
            went_to = self._hand_over(self.kept.pdf(kept), kept.kind, kept.ticket)
        except Unavailable as problem:
            self.kept.still_waits(kept, kept.ticket.printer, problem.what)
            raise _and_kept(problem) from problem
        self.kept.let_go(kept)
        if owner is not None:
            owner.went_out(ids)
        else:
            self._session.event(f"Printed after all: {kept.ticket.title}", kept.patient_id)
        return went_to

    def save_kept(self, kept_id: int, path: Path) -> None:
        """Write what was kept to a PDF; it goes on waiting. Recorded. Raises Unavailable, NotAllowed."""
        kept = self._kept(kept_id, "save pages that were kept")
        self.save_pdf(
            self.kept.pdf(kept), path, title=kept.ticket.title, patient_id=kept.patient_id
        )

    def drop_kept(self, kept_id: int) -> Callable[[], int] | None:
        """Let a kept job go; what brings it back, None where its pages were lost already. Recorded.

        Raises NotAllowed.
        """
        kept = self._kept(kept_id, "drop what was kept to be printed")
        try:
            pdf = self.kept.pdf(kept)
        except (
            Unavailable
        ):  # missing or damaged, so that it could never be printed: it goes all the same
            pdf = b""
        self.kept.let_go(kept)
        self._session.event(f"Dropped unprinted: {kept.ticket.title}", kept.patient_id)
        return (lambda: self.kept.bring_back(kept, pdf)) if pdf else None

    # -- inside ---------------------------------------------------------------------------------

    def _kept(self, kept_id: int, what: str) -> KeptPrint:
        """A kept job, for somebody who may deal with paper of its kind. Raises NotAllowed, Conflict."""
        kept = self.kept.one(kept_id)
        self._session.require(KINDS[kept.kind].needs, what)
        return kept

    def _ticket(self, kind: str, way: Way, title: str) -> Ticket:
        setup = self.setup(kind)
        is_other = bool(way.printer) and way.printer != setup.printer
        copies = setup.copies if way.copies is None else way.copies
        _check_copies(copies)
        tray = "" if is_other else setup.tray  # the trays of one printer are not those of another
        return Ticket(
            printer=way.printer or setup.printer,
            copies=copies,
            title=title,
            tray=tray if way.tray is None else way.tray,
            sides=setup.sides if way.sides is None else way.sides,
            is_exact=KINDS[kind].is_exact,
        )

    def _hand_over(self, pdf: bytes, kind: str, ticket: Ticket) -> str:
        found = self.printers()
        if not found or self._spooler is None:
            raise Unavailable(
                "Nothing was printed: this computer has no printer.",
                remedy="Add one in the system’s settings, then print again.",
            )
        row = _ready(found, ticket.printer)
        pages = self.calibrations.applied(pdf, kind, row.name)
        self._spooler.send(pages, replace(ticket, printer=row.name))
        return row.name

    def _owner(self, kept: KeptPrint) -> tuple[Owner | None, list[int]]:
        what, _, ids = kept.about.partition(":")
        if what not in self._owners:
            return None, []
        return self._owners[what](), [int(one) for one in ids.split(",")]

    def _setting(self, what: str, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"no kind of paper {kind!r}")
        return f"{what}/{self._session.workstation}/{kind}"


def _check_copies(copies: int) -> None:
    if not 1 <= copies <= 99:
        raise Invalid("Print between 1 and 99 copies.", field="copies")


def _and_kept(problem: Unavailable) -> Unavailable:
    """The same problem, saying that nothing is lost."""
    return Unavailable(
        problem.what,
        problem.why,
        f"{problem.remedy} The pages are kept.".lstrip(),
        (*problem.links, _PRINT_AGAIN),
    )


def _ready(found: tuple[PrinterRow, ...], wanted: str) -> PrinterRow:
    row = next((one for one in found if one.name == wanted), None) if wanted else found[0]
    if row is None:
        raise Unavailable(
            f"Nothing was printed: there is no printer “{wanted}” any more.",
            f"This computer knows {_listed([one.name for one in found])}.",
            "Choose another printer and print again.",
            _TO_SETTINGS,
        )
    if not row.is_ready:
        raise Unavailable(
            f"Nothing was printed: the printer “{row.name}” is stopped.",
            row.why,
            "Check its paper and cable and start it again, or choose another printer.",
            _TO_SETTINGS,
        )
    return row


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
