"""Charge capture in pictures: as it opens, filled, wrong, on a claim, and what it needs in the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from medsec_desktop.services.claims.charge_records import DIAGNOSIS, PROCEDURE
from medsec_desktop.ui.claims.charges.charge_window import ChargeWindow, open_charges
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.practice.settings_fees import CopySheet
from tests.pictures.studio import Studio


def _uncharged(studio: Studio) -> int:
    """The latest visit without charges of somebody who was charged before."""
    office = studio.office
    rows = office.charges.uncharged()
    with_last = (row for row in reversed(rows) if office.charges.open(row.appointment_id).last)
    return next(with_last, rows[-1]).appointment_id


def _opened(studio: Studio, window: MainWindow) -> ChargeWindow:
    dialog = open_charges(window.desk, window, _uncharged(studio))
    assert dialog is not None
    return dialog


def _take(dialog: ChargeWindow, studio: Studio, kind: str, code: str) -> None:
    dialog.form.take(studio.office.code_search.hit(kind, code, "", studio.office.clock.today()))


def _filled(studio: Studio, window: MainWindow) -> ChargeWindow:
    dialog = _opened(studio, window)
    for code in ("I10", "E119", "M5450"):
        _take(dialog, studio, DIAGNOSIS, code)
    for code in ("99214", "J1885", "36415", "11111"):
        _take(dialog, studio, PROCEDURE, code)
    return dialog


def _full(studio: Studio, window: MainWindow) -> None:
    """Twelve diagnoses, nine services, one of them open."""
    dialog = _opened(studio, window)
    for code in ("I10", "E119", "E785", "M5450", "F411", "N390", "E039", "K219", "J309", "R5383",
                 "Z0000", "J069"):  # fmt: skip
        _take(dialog, studio, DIAGNOSIS, code)
    for code in ("99214", "93000", "94010", "20610", "36415", "81002", "87880", "90471", "90686"):
        _take(dialog, studio, PROCEDURE, code)
    dialog.form.rows[0].turn()


def _wrong(studio: Studio, window: MainWindow) -> None:
    dialog = _filled(studio, window)
    dialog.form.rows[0].cells["modifiers"].setText("255")
    dialog.form.rows[0].cells["modifiers"].setModified(True)
    dialog.save()


def _searched(text: str) -> Callable[[Studio, MainWindow], object]:
    def act(studio: Studio, window: MainWindow) -> None:
        dialog = _opened(studio, window)
        dialog.form.finder.line.setText(text)

    return act


def _repeated(studio: Studio, window: MainWindow) -> None:
    _opened(studio, window).form.repeat_last()


def _list(studio: Studio, window: MainWindow) -> None:
    window.show_tab("calendar")
    window.tab_named("calendar").show_page("uncharged")


def _copy(studio: Studio, window: MainWindow) -> Any:
    row = studio.office.fees.all()[0]
    sheet = CopySheet(window.desk, row, lambda _: None, window)
    sheet.open()
    return sheet


CHARGES = (
    ("charges", _opened),
    ("charges-filled", _filled),
    ("charges-full", _full),
    ("charges-wrong", _wrong),
    ("charges-repeated", _repeated),
    ("charges-search", _searched("diab neur")),
    ("charges-search-none", _searched("zzzz")),
    ("charges-list", _list),
    ("charges-copy-fees", _copy),
)
