"""What a sheet of the calendar is about, how it is set up, and what was made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# kind → what it is called, and the kind of paper it goes to (`printing.KINDS`)
KINDS: dict[str, tuple[str, str]] = {
    "day": ("Day sheet", "lists"),
    "week": ("Week", "lists"),
    "month": ("Month", "lists"),
    "list": ("List of visits", "lists"),
    "card": ("Appointment cards", "cards"),
    "slip": ("Appointment slips", "lists"),
    "label": ("Address labels", "labels"),
    "chart": ("Chart labels", "labels"),
}
PEOPLE = ("card", "slip", "label", "chart")  # about patients, not about a stretch of the calendar


@dataclass(frozen=True, slots=True)
class SetUp:
    """How one kind of sheet is printed.

    No `columns` are everybody's; `from_min` and `until_min` of 0 are the hours worked and booked.
    """

    kind: str = "day"
    columns: tuple[str, ...] = ()  # as `ColumnKey` writes them
    from_min: int = 0
    until_min: int = 0
    font_size: int = 8
    in_colour: bool = True
    with_phone: bool = True
    with_reason: bool = True
    with_cancelled: bool = False
    with_weekend: bool = False
    stock: str = ""
    start_at: int = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """What is printed: the sheet's day, and for cards and labels perhaps one visit or some patients."""

    day: date
    appointment_id: int | None = None
    patient_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A finished sheet: its pages, what to call it, and sentences on what is not or not well on it."""

    pdf: bytes
    title: str  # names no patient: it is shown by the printer
    kind: str
    warnings: tuple[str, ...] = ()
    patient_id: int | None = None
    count: int = 1  # cards on it


@dataclass(frozen=True, slots=True)
class StockRow:
    """Labels or cards one may print on."""

    key: str
    name: str
    count: int  # a sheet; 1 on a roll
