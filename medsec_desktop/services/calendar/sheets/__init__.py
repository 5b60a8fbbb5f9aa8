"""The calendar on paper: day sheets, weeks, months, lists, cards, slips and labels."""

from medsec_desktop.services.calendar.sheets.records import (
    KINDS,
    PEOPLE,
    SetUp,
    Sheet,
    StockRow,
    Subject,
)
from medsec_desktop.services.calendar.sheets.sheets import Sheets

__all__ = ["KINDS", "PEOPLE", "SetUp", "Sheet", "Sheets", "StockRow", "Subject"]
