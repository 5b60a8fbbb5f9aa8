"""A month on paper, and the visits of a day as a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar import STATUS_WORDS
from medsec_desktop.domain.formats import MONTHS, WEEKDAYS
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.calendar.sheets.parts import (
    MISSED,
    Person,
    SheetMaker,
    keys_of,
    on_weekends,
    short_time,
    unprintable_in,
)
from medsec_desktop.services.calendar.sheets.records import KINDS, SetUp, Sheet
from medsec_desktop.services.calendar.views import GridColumn

if TYPE_CHECKING:
    from medsec_desktop.documents.calendar_pages import ListGroup


class ListSheets(SheetMaker):
    """Makes the sheets on which visits stand as lines."""

    def month(self, setup: SetUp, day: date) -> Sheet:
        from medsec_desktop.documents.calendar_pages import MonthDay, MonthSheet, month_pdf

        first = day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        begins = self._practice.formats.week_starts_on
        start = first - timedelta(days=(first.weekday() - begins) % 7)
        end = after + timedelta(days=(begins - after.weekday()) % 7 - 1)
        printed = [at for at in range(7) if setup.with_weekend or (begins + at) % 7 < 5]
        keys = keys_of(setup)
        days = {one.day: one for one in self._views.month(start, end, keys)}
        formats = self._practice.formats
        shown = [
            choice.title
            for choice in self._views.choices()
            if not setup.columns or str(choice.key) in setup.columns
        ]
        providers = {visit.provider_name for one in days.values() for visit in one.visits}
        weeks: list[tuple[MonthDay, ...]] = []
        for week_at in range(0, (end - start).days + 1, 7):
            week = []
            for at in printed:
                one = days[start + timedelta(days=week_at + at)]
                lines = [
                    f"{short_time(formats.time(visit.starts_at))} {visit.patient_name}"
                    + (f" ({visit.provider_name})" if len(providers) > 1 else "")
                    for visit in one.visits
                ]
                notes = [note.text for note in one.notes if note.starts_min is None]
                remark = " · ".join(part for part in (one.closed, *notes) if part)
                by_provider = Counter(visit.provider_name for visit in one.visits)
                # The number first: a name may be cut off. By name: the same order every day.
                counts = [f"{counted(n, 'visit')}: {who}" for who, n in sorted(by_provider.items())]
                week.append(
                    MonthDay(
                        one.day.day,
                        tuple(lines),
                        remark,
                        one.day.month != first.month,
                        tuple(counts) if len(counts) > 1 else (),
                    )
                )
            weeks.append(tuple(week))
        title = f"{MONTHS[first.month - 1]} {first.year}"
        if setup.columns:
            title = f"{title} · {_names(shown)}"
        weekend = [
            visit
            for one in days.values()
            for visit in one.visits
            if one.day.weekday() > 4 and one.day.month == first.month
        ]
        remarks = [on_weekends(len(weekend))] if weekend and not setup.with_weekend else []
        names = [visit.patient_name for one in days.values() for visit in one.visits]
        pdf = month_pdf(
            MonthSheet(
                title,
                self._practice.profile().name,
                tuple(WEEKDAYS[(begins + at) % 7] for at in printed),
                tuple(weeks),
                self.printed(remarks),
                float(setup.font_size) - 0.5,
                self._practice.profile().paper,
                self.mark(),
            )
        )
        warnings = (*remarks, *unprintable_in(names, [title]))
        return Sheet(pdf, f"{KINDS['month'][0]} {title}", "month", warnings)

    def list(self, setup: SetUp, day: date) -> Sheet:
        from medsec_desktop.documents.calendar_pages import ListSheet, list_pdf

        grid = self._views.grid([day], keys_of(setup), with_cancelled=setup.with_cancelled)
        people = self.people({visit.patient_id for visit in grid.visits})
        shown = [
            ("Time", 9.0, True),
            ("Patient", 20.0, True),
            ("Born", 10.0, True),
            ("Phone", 13.0, setup.with_phone),
            ("Visit", 13.0, True),
            ("Reason", 20.0, setup.with_reason),
            ("Status", 10.0, True),
            ("", 12.0, True),
        ]
        groups = tuple(self._group(setup, column, people) for column in grid.columns)
        title = self._practice.formats.long_date(day)
        pdf = list_pdf(
            ListSheet(
                title,
                self._practice.profile().name,
                tuple(name for name, _, wanted in shown if wanted),
                tuple(width for _, width, wanted in shown if wanted),
                groups,
                self.printed(),
                float(setup.font_size),
                self._practice.profile().paper,
                self.mark(),
            )
        )
        warnings = unprintable_in(
            [visit.patient_name for visit in grid.visits], [visit.reason for visit in grid.visits]
        )
        return Sheet(pdf, f"{KINDS['list'][0]} {title}", "list", warnings)

    def _group(self, setup: SetUp, column: GridColumn, people: dict[int, Person]) -> ListGroup:
        from medsec_desktop.documents.calendar_pages import ListGroup

        formats = self._practice.formats
        rows: list[tuple[str, ...]] = []
        struck: set[int] = set()
        for visit in sorted(column.visits, key=lambda one: (one.starts_at, one.id)):
            person = people[visit.patient_id]
            if visit.status in MISSED:
                struck.add(len(rows))
            row = [
                formats.time(visit.starts_at),
                visit.patient_name,
                formats.birth(person.birth),
                *([formats.phone(person.phone)] if setup.with_phone else []),
                " · ".join(part for part in (visit.type_name, visit.room_name) if part),
                *([visit.reason] if setup.with_reason else []),
                STATUS_WORDS[visit.status],
                "",
            ]
            rows.append(tuple(row))
        heading = f"{column.title} · {counted(len(rows) - len(struck), 'visit')}"
        remark = f"Closed: {column.closed}." if column.closed else "Nothing is booked."
        return ListGroup(heading, tuple(rows), frozenset(struck), remark)


def _names(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    return ", ".join(unique) if len(unique) <= 3 else f"{len(unique)} columns"
