"""What every sheet of the calendar says: whom it is about, when it was printed, what cannot be."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.domain.people import PartialDate, PersonName
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.calendar.sheets.records import SetUp
from medsec_desktop.services.calendar.views import ColumnKey, Views
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.session import Session

MISSED = (VisitStatus.CANCELLED, VisitStatus.NO_SHOW, VisitStatus.LEFT)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient as a list or label needs her."""

    name: PersonName
    chart_number: str
    birth: PartialDate | None
    phone: str
    sex: str
    language: str


class SheetMaker:
    """What the makers of all sheets share."""

    def __init__(self, session: Session, practice: Practice, views: Views):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._views = views

    def people(self, ids: Collection[int]) -> dict[int, Person]:
        """The patients of a sheet by their numbers."""
        return {
            row[0]: Person(
                PersonName(*row[1:7]),
                row[7],
                PartialDate.from_iso(row[8]) if row[8] else None,
                row[11] or "",
                row[9],
                row[10],
            )
            for row in self._db.rows(
                "SELECT p.id, family_name, given_name, middle_name, name_prefix, name_suffix,"
                " preferred_name, chart_number, birth_date, sex, language,"
                " (SELECT number FROM patient_phone f WHERE f.patient_id = p.id"
                "  ORDER BY f.position, f.id LIMIT 1)"
                " FROM patient p WHERE p.id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(ids)),),
            )
        }

    def printed(self, remarks: Sequence[str] = ()) -> str:
        """The foot: when and by whom, and what is not on the sheet, so that nobody relies on it."""
        now = self._practice.formats.when(self._session.clock.now())
        return " · ".join((f"Printed {now} by {self._session.user.name}", *remarks))

    def mark(self) -> str:
        """What lies over every page of a demo."""
        return "DEMO" if self._practice.get(settings.IS_DEMO) else ""


def keys_of(setup: SetUp) -> list[ColumnKey] | None:
    """Whose columns are wanted; None for everybody's."""
    return [ColumnKey.parse(text) for text in setup.columns] or None


def short_time(text: str) -> str:
    """10:00 AM as 10:00, where a ruler of hours says which half of the day it is."""
    return text.removesuffix(" AM").removesuffix(" PM")


def on_weekends(visits: int) -> str:
    """That so many visits are left out with the weekend."""
    return f"{counted(visits, 'visit')} at the weekend {'is' if visits == 1 else 'are'} not shown."


def unprintable_in(names: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    """A sentence on the characters no font here has."""
    from medsec_desktop.documents.fonts import unprintable

    missing = unprintable(" ".join((*names, *more)))
    if not missing:
        return ()
    listed = ", ".join(f"“{character}”" for character in missing[:10])
    return (f"No font here can print {listed}; a box □ is printed.",)
