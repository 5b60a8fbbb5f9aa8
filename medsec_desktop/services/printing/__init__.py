"""Sending pages to paper: printers, what each kind of paper needs of them, and what could not be printed."""

from medsec_desktop.services.printing.cups import Cups
from medsec_desktop.services.printing.kept import KeptPrint, KeptPrints
from medsec_desktop.services.printing.printing import Printing
from medsec_desktop.services.printing.ways import (
    AS_REMEMBERED,
    KINDS,
    PrinterOffers,
    PrinterRow,
    Sides,
    Spooler,
    Ticket,
    Way,
)

__all__ = [
    "AS_REMEMBERED",
    "KINDS",
    "Cups",
    "KeptPrint",
    "KeptPrints",
    "PrinterOffers",
    "PrinterRow",
    "Printing",
    "Sides",
    "Spooler",
    "Ticket",
    "Way",
]
