"""What is said about printing: the kinds of paper, the way pages go, printers and what they offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from medsec_desktop.domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper a clinic prints on.

    `is_exact`: every millimetre counts, so the printer must not fit the pages to its own margins.
    `needs` is asked of who deals with a print of it that was kept.
    """

    name: str
    is_exact: bool = True
    needs: Permission = Permission.VIEW_PATIENTS


KINDS: Mapping[str, PaperKind] = {
    "letters": PaperKind("Letters", needs=Permission.WRITE_LETTERS),
    "labels": PaperKind("Labels"),
    "envelopes": PaperKind("Envelopes"),
    "cards": PaperKind("Cards and slips"),
    "claims": PaperKind("Claim forms", needs=Permission.EDIT_CLAIMS),
    "receipts": PaperKind("Receipts and statements"),
    "lists": PaperKind("Lists and day sheets", is_exact=False),
    "documents": PaperKind("Documents and forms", is_exact=False),
    "recovery-sheet": PaperKind("Recovery sheet", needs=Permission.MANAGE_USERS),
}


class Sides(StrEnum):
    """Which sides of a sheet are printed, and how it is turned; '' leaves it to the printer."""

    PRINTER = ""
    ONE = "one-sided"
    LONG_EDGE = "two-sided-long-edge"
    SHORT_EDGE = "two-sided-short-edge"

    @property
    def is_both(self) -> bool:
        return self in (Sides.LONG_EDGE, Sides.SHORT_EDGE)


SIDES_WORDS: Mapping[Sides, str] = {
    Sides.PRINTER: "As the printer does",
    Sides.ONE: "One side",
    Sides.LONG_EDGE: "Both sides, like a book",
    Sides.SHORT_EDGE: "Both sides, like a pad",
}


@dataclass(frozen=True, slots=True)
class Way:
    """How pages go to paper this once; what is not said is as remembered for the kind of paper."""

    printer: str = ""
    tray: str | None = None
    sides: Sides | None = None
    copies: int | None = None


AS_REMEMBERED = Way()


@dataclass(frozen=True, slots=True)
class KindSetUp:
    """What is remembered for a kind of paper on one workstation.

    `printer` '' is the system's default, `tray` '' the printer's own choice. `asks`: show the pages and
    ask each time, also where the screen would print at once.
    """

    printer: str = ""
    tray: str = ""
    sides: Sides = Sides.PRINTER
    copies: int = 1
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """Everything a spooler is told about a job; `title` shows at the printer and names no patient."""

    printer: str
    copies: int = 1
    title: str = "MedSec Desktop"
    tray: str = ""
    sides: Sides = Sides.PRINTER
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class PrinterRow:
    """A printer as a list shows it; `why` says what stops one that is not ready."""

    name: str
    is_ready: bool = True
    is_default: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class PrinterOffers:
    """What one may choose at a printer: its trays (as it calls them, as people do) and both sides.

    `is_two_sided`: it prints both sides when nothing is said.
    """

    trays: tuple[tuple[str, str], ...] = ()
    has_two_sides: bool = False
    is_two_sided: bool = False


class Spooler(Protocol):
    """A way to paper: CUPS, or whatever the window found."""

    def printers(self) -> tuple[PrinterRow, ...]:
        """Every printer there is."""
        ...

    def offers(self, printer: str) -> PrinterOffers:
        """What may be chosen at a printer."""
        ...

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        """Hand the pages over. Raises Unavailable."""
        ...
