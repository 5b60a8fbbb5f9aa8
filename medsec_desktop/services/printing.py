"""Sending pages to paper: which printers there are, which one each kind of paper goes to, and handing over.

Where CUPS is, `lp` gets the very PDF (text stays text). Elsewhere the window hands in a `Spooler` that
draws the pages through the system's own print service.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from medsec_desktop.problems import Invalid, Link, Unavailable
from medsec_desktop.services.session import Session

# A spooler that takes longer is stuck on a network printer that does not answer.
_TIME_LIMIT_S = 10.0

KINDS: Mapping[str, str] = {
    "letters": "Letters",
    "recovery-sheet": "Recovery sheet",
    "lists": "Lists and day sheets",
    "labels": "Labels",
    "cards": "Appointment cards",
    "documents": "Documents and forms",
}

_TO_SETTINGS = (Link("settings", "printing", "Printers"),)


@dataclass(frozen=True, slots=True)
class PrinterRow:
    """A printer as a list shows it; `why` says what stops one that is not ready."""

    name: str
    is_ready: bool = True
    is_default: bool = False
    why: str = ""


class Spooler(Protocol):
    """A way to paper: CUPS, or whatever the window found."""

    def printers(self) -> tuple[PrinterRow, ...]:
        """Every printer there is."""
        ...

    def send(self, pdf: bytes, printer: str, copies: int, title: str, silent: bool) -> None:
        """Hand the pages over, asking the person first unless `silent`. Raises Unavailable."""
        ...


class Printing:
    """The printers of this workstation, and the way to them.

    Which printer a kind of paper goes to is remembered per workstation, outside the journal: it says
    nothing about a patient and everybody at the desk may choose.
    """

    def __init__(self, session: Session, spooler: Spooler | None = None):
        self._session = session
        self._spooler = spooler if spooler is not None else Cups.here()

    def offer(self, spooler: Spooler) -> None:
        """Take the window's own way to paper where there is no CUPS."""
        if self._spooler is None:
            self._spooler = spooler

    def printers(self) -> tuple[PrinterRow, ...]:
        """Every printer this workstation can reach, the default first. Raises Unavailable."""
        if self._spooler is None:
            return ()
        return tuple(
            sorted(self._spooler.printers(), key=lambda row: (not row.is_default, row.name))
        )

    def printer_for(self, kind: str) -> str:
        """The printer chosen for a kind of paper; '' where none was."""
        return self._session.db.meta(self._setting(kind))

    def choose(self, kind: str, printer: str) -> None:
        """Remember the printer for a kind of paper; '' goes back to the system's default."""
        self._session.db.note_meta(self._setting(kind), printer)

    def print_pdf(
        self,
        pdf: bytes,
        kind: str,
        copies: int = 1,
        silent: bool = True,
        *,
        printer: str = "",
        title: str = "MedSec Desktop",
    ) -> str:
        """Hand the pages over; the printer they went to.

        `printer` is for this once; else the one chosen for the kind, else the default. `title` shows on
        the printer's own display and in its log, so it must not name a patient. Raises Unavailable,
        with what to do, where there is no such printer or it does not take the pages.
        """
        if not 1 <= copies <= 99:
            raise Invalid("Print between 1 and 99 copies.", field="copies")
        found = self.printers()
        if not found or self._spooler is None:
            raise Unavailable(
                "Nothing was printed: this computer has no printer.",
                remedy="Add one in the system’s settings, then print again.",
            )
        row = self._ready(found, printer or self.printer_for(kind))
        self._spooler.send(pdf, row.name, copies, title, silent)
        return row.name

    def _ready(self, found: tuple[PrinterRow, ...], wanted: str) -> PrinterRow:
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

    def _setting(self, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"no kind of paper {kind!r}")
        return f"printer/{self._session.workstation}/{kind}"


class Cups:
    """CUPS by its commands; their words are read in the C locale, which translations do not touch."""

    def __init__(self, lp: str, lpstat: str, time_limit_s: float = _TIME_LIMIT_S):
        self._lp = lp
        self._lpstat = lpstat
        self._time_limit_s = time_limit_s

    @classmethod
    def here(cls) -> Cups | None:
        """CUPS where this computer has its commands, else None."""
        lp, lpstat = shutil.which("lp"), shutil.which("lpstat")
        return cls(lp, lpstat) if lp and lpstat else None

    def printers(self) -> tuple[PrinterRow, ...]:
        answer = self._run([self._lpstat, "-p", "-d"])
        # "printer Desk is idle.  enabled since …" or "printer Desk disabled since … -\n\treason"
        default = re.search(r"^system default destination: (\S+)", answer.stdout, re.MULTILINE)
        return tuple(
            PrinterRow(
                name=found[1],
                is_ready=not found[2].startswith("disabled"),
                is_default=default is not None and default[1] == found[1],
                why=_sentence(found[3]) if found[2].startswith("disabled") else "",
            )
            for found in re.finditer(
                r"^printer (\S+) (.*)((?:\n[\t ].*)*)", answer.stdout, re.MULTILINE
            )
        )

    def send(self, pdf: bytes, printer: str, copies: int, title: str, silent: bool) -> None:
        # CUPS asks nothing itself, so `silent` changes nothing here.
        with tempfile.TemporaryDirectory(prefix="medsec-print-") as folder:
            pages = Path(folder) / "pages.pdf"
            pages.write_bytes(pdf)
            answer = self._run(
                [self._lp, "-d", printer, "-n", str(copies), "-t", title, "--", str(pages)]
            )
        if answer.returncode:
            raise Unavailable(
                f"Nothing was printed: the printer “{printer}” did not take the pages.",
                _sentence(answer.stderr),
                "Check the printer, or choose another one, and print again.",
                _TO_SETTINGS,
            )

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                command,
                capture_output=True,
                text=True,
                errors="replace",
                stdin=subprocess.DEVNULL,
                timeout=self._time_limit_s,
                env={**os.environ, "LC_ALL": "C"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unavailable(
                "The print service does not answer.",
                f"It was given {self._time_limit_s:.0f} seconds.",
                "Check that the printer is switched on and connected, then print again.",
            ) from error
        except OSError as error:
            raise Unavailable(
                "The print service could not be started.",
                error.strerror or "",
                "Check the computer’s printing, then print again.",
            ) from error


def _sentence(text: str) -> str:
    """The print service's own words as a sentence: `lp: The printer is off` loses its `lp: `."""
    said = " ".join(text.removeprefix("lp:").split())
    return said if not said or said.endswith((".", "!", "?")) else f"{said}."


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
