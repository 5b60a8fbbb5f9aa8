"""The calendar on paper: day sheets, weeks, months, lists, cards, slips and labels.

What is printed is read when it is printed; nothing is kept but the set-up, per workstation and kind
of sheet. Each print and each PDF saved is recorded, with the patient where it is about one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.sheets.listed import ListSheets
from medsec_desktop.services.calendar.sheets.people import PeopleSheets
from medsec_desktop.services.calendar.sheets.records import KINDS, SetUp, Sheet, StockRow, Subject
from medsec_desktop.services.calendar.sheets.timed import TimeSheets
from medsec_desktop.services.calendar.views import Views
from medsec_desktop.services.page_images import PageImage, PageImages, page_text
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.session import Session
from medsec_desktop.services.stocks import Stocks


class Sheets:
    """Prints the calendar of one practice."""

    def __init__(self, session: Session, practice: Practice, printing: Printing | None = None):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._views = Views(session, practice)
        self._images = PageImages()
        self._stocks = Stocks(session, practice)
        self._times = TimeSheets(session, practice, self._views)
        self._lists = ListSheets(session, practice, self._views)
        self._people = PeopleSheets(session, practice, self._views, self._stocks)
        self.printing = printing or Printing(session)

    # -- set-up ---------------------------------------------------------------------------------

    def setup(self, kind: str) -> SetUp:
        """The set-up last used here for a kind of sheet, or the one that suits most."""
        fallback = SetUp(
            kind,
            with_weekend=self._db.one("SELECT 1 FROM working_hours WHERE weekday > 4") is not None,
            stock=self.stocks(kind)[0].key if kind in ("card", "label", "chart") else "",
        )
        kept = self._db.meta(self._setting(kind))
        if not kept:
            return fallback
        try:
            values = json.loads(kept)
            known = {field.name for field in fields(SetUp)}
            values = {name: value for name, value in values.items() if name in known}
            return replace(fallback, **values | {"columns": tuple(values["columns"]), "kind": kind})
        except (ValueError, TypeError, KeyError):
            return fallback  # written by another version: not worth a word

    def remember(self, setup: SetUp) -> None:
        """Keep a set-up for the next time, on this workstation; where to start on a sheet is not kept."""
        kept = asdict(replace(setup, start_at=1))
        self._db.note_meta(self._setting(setup.kind), json.dumps(kept))

    def columns(self) -> tuple[tuple[str, str], ...]:
        """Each provider and room a sheet may have a column for: key and name."""
        return tuple((str(choice.key), choice.title) for choice in self._views.choices())

    def stocks(self, kind: str) -> tuple[StockRow, ...]:
        """The sheets and rolls a kind is printed on, the practice's own last."""
        found = self._stocks.all("cards" if kind == "card" else "labels")
        return tuple(StockRow(stock.key, stock.name, stock.count) for stock in found)

    # -- making ---------------------------------------------------------------------------------

    def make(self, setup: SetUp, subject: Subject) -> Sheet:
        """The sheet as it would be printed now.

        Raises Invalid where there is nothing to print or the set-up cannot be, and NotAllowed.
        """
        self._session.require(Permission.VIEW_CALENDAR, "print the calendar")
        if setup.kind not in KINDS:
            raise Invalid(f"There is no sheet “{setup.kind}”.", field="kind")
        if setup.kind == "day":
            return self._times.day(setup, subject.day)
        if setup.kind == "week":
            return self._times.week(setup, subject.day)
        if setup.kind == "month":
            return self._lists.month(setup, subject.day)
        if setup.kind == "list":
            return self._lists.list(setup, subject.day)
        self._session.require(Permission.VIEW_PATIENTS, "print cards and labels")
        if setup.kind in ("label", "chart"):
            return self._people.labels(setup, subject)
        return self._people.cards(setup, subject)

    def address_labels(self, patient_ids: Sequence[int], stock: str, start_at: int = 1) -> bytes:
        """An address label for each patient, in the order given; the PDF. Raises Invalid."""
        setup = SetUp("label", stock=stock, start_at=start_at)
        subject = Subject(self._session.clock.today(), patient_ids=tuple(patient_ids))
        return self.make(setup, subject).pdf

    def pages(self, pdf: bytes, dpi: float = 100) -> tuple[PageImage, ...]:
        """The pages of a PDF as pixels; safe in any thread."""
        return self._images.of(pdf, dpi)

    def text(self, pdf: bytes) -> str:
        """The words of a PDF, for those who hear the screen."""
        return page_text(pdf)

    # -- giving away ----------------------------------------------------------------------------

    def print(self, sheet: Sheet, way: Way = AS_REMEMBERED) -> str:
        """Hand the pages to the printer and record it; the printer they went to. Raises Unavailable."""
        self._session.require(Permission.VIEW_CALENDAR, "print the calendar")
        went_to = self.printing.print_pdf(
            sheet.pdf,
            KINDS[sheet.kind][1],
            way,
            title=sheet.title,
            patient_id=sheet.patient_id,
        )
        self._session.event(f"Printed: {sheet.title}", sheet.patient_id)
        return went_to

    def save(self, sheet: Sheet, path: Path) -> None:
        """Write the pages to a PDF file and record it. Raises Unavailable."""
        self._session.require(Permission.VIEW_CALENDAR, "print the calendar")
        self.printing.save_pdf(sheet.pdf, path, title=sheet.title, patient_id=sheet.patient_id)

    def _setting(self, kind: str) -> str:
        return f"sheet/{self._session.workstation}/{kind}"
