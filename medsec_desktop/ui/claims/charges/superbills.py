"""Superbills to paper: of one visit or a day's, looked at before they are printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from medsec_desktop.ui.letters.print_sheet import choose_printer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from medsec_desktop.services.claims.superbills import Bills
    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk


def print_visit(desk: Desk, over: QWidget, appointment_id: int) -> None:
    """Show the superbill of a visit and print it."""
    _print(desk, over, lambda: desk.office.superbills.of_visit(appointment_id))


def print_day(desk: Desk, over: QWidget, day: date, provider_id: int | None = None) -> None:
    """Show the superbills of a day's visits and print them all."""
    _print(desk, over, lambda: desk.office.superbills.of_day(day, provider_id))


def _print(desk: Desk, over: QWidget, make: Callable[[], Bills]) -> None:
    def made(bills: Bills) -> None:
        def give(way: Way) -> None:
            desk.jobs.run(
                "Printing superbills",
                lambda _: desk.office.superbills.print(bills, way),
                lambda printer: desk.messages.say(f"{_counted(bills)} went to {printer}."),
                cancellable=False,
            )

        choose_printer(
            desk, desk.office.printing, "documents", give, over, "superbills",
            pages=lambda: bills.pdf,
        )  # fmt: skip

    desk.jobs.run("Drawing superbills", lambda _: make(), made)


def _counted(bills: Bills) -> str:
    count = len(bills.bills)
    return "The superbill" if count == 1 else f"{count} superbills"
