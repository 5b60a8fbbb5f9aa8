"""Days and weeks on paper, under a ruler of their hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from medsec_desktop.domain.calendar import DAY_MIN, STATUS_WORDS, Span
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.sheets.parts import (
    MISSED,
    Person,
    SheetMaker,
    keys_of,
    on_weekends,
    short_time,
    unprintable_in,
)
from medsec_desktop.services.calendar.sheets.records import SetUp, Sheet
from medsec_desktop.services.calendar.views import ColumnKey, GridColumn

if TYPE_CHECKING:
    from medsec_desktop.documents.day_sheet import DaySheet, SheetVisit
    from medsec_desktop.services.calendar.records import AppointmentRow

# Heading, what stands under it, and the notes above: a column of a sheet before it is written out.
_Columns: TypeAlias = Sequence[tuple[str, tuple[GridColumn, ...], tuple[str, ...]]]


class TimeSheets(SheetMaker):
    """Makes the sheets on which visits stand at their times."""

    def day(self, setup: SetUp, day: date) -> Sheet:
        grid = self._views.grid([day], keys_of(setup), with_cancelled=setup.with_cancelled)
        title = self._practice.formats.long_date(day)
        above = tuple(note.text for note in grid.notes if note.starts_min is None)
        columns = tuple(
            (column.called, (column,), tuple(n.text for n in column.notes if n.starts_min is None))
            for column in grid.columns
        )
        remark = " · ".join(above) if columns else ""
        return self._time_sheets(setup, f"Day sheet {title}", [(title, columns)], above=remark)

    def week(self, setup: SetUp, day: date) -> Sheet:
        start = day - timedelta(days=(day.weekday() - self._practice.formats.week_starts_on) % 7)
        whole = [start + timedelta(days=at) for at in range(7)]
        grid = self._views.grid(whole, keys_of(setup), with_cancelled=setup.with_cancelled)
        formats = self._practice.formats
        days = [one for one in whole if setup.with_weekend or one.weekday() < 5]
        weekend = sum(len(column.visits) for column in grid.columns if column.day not in days)
        remarks = [on_weekends(weekend)] if weekend else []
        title = f"{formats.date(days[0])} – {formats.date(days[-1])}"
        people: list[tuple[ColumnKey | None, str]] = list(
            dict.fromkeys((column.key, column.called) for column in grid.columns)
        )
        weeks = []
        for key, called in people or [(None, "")]:
            columns = tuple(
                (
                    formats.short_date(one),
                    tuple(c for c in grid.columns if c.day == one and c.key == key),
                    tuple(n.text for n in grid.notes if n.day == one and n.starts_min is None),
                )
                for one in days
            )
            weeks.append((f"{title} · {called}" if called else title, columns))
        return self._time_sheets(setup, f"Week {title}", weeks, remarks)

    def _time_sheets(
        self,
        setup: SetUp,
        name: str,
        parts: Sequence[tuple[str, _Columns]],
        remarks: Sequence[str] = (),
        above: str = "",
    ) -> Sheet:
        """Sheets under a ruler of the same hours, each with its title and columns."""
        from medsec_desktop.documents.day_sheet import day_sheet_pdf

        everything = [column for _, columns in parts for _, among, _ in columns for column in among]
        visits = [visit for column in everything for visit in column.visits]
        people = self.people({visit.patient_id for visit in visits})
        first, last = _hours(setup, everything)
        outside = sum(
            1 for visit in visits if visit.span.ends_min <= first or visit.span.starts_min >= last
        )
        if outside:
            is_one = outside == 1
            said = f"{counted(outside, 'visit')} outside these hours {'is' if is_one else 'are'}"
            remarks = [*remarks, f"{said} not on this sheet."]
        printed = self.printed(remarks)
        sheets = [
            self._time_sheet(setup, title, columns, people, (first, last), printed, above)
            for title, columns in parts
        ]
        names = [*(title for title, _ in parts), *(visit.patient_name for visit in visits)]
        warnings = (*remarks, *unprintable_in(names, [visit.reason for visit in visits]))
        return Sheet(day_sheet_pdf(*sheets), name, setup.kind, warnings)

    def _time_sheet(
        self,
        setup: SetUp,
        title: str,
        columns: _Columns,
        people: dict[int, Person],
        hours: tuple[int, int],
        printed: str,
        remark: str,
    ) -> DaySheet:
        from medsec_desktop.documents.day_sheet import DaySheet, SheetColumn

        made = []
        for heading, among, above in columns:
            worked = tuple(span for part in among for span in part.hours if not part.closed)
            closed = [part.closed for part in among]
            entries = tuple(entry for part in among for entry in self._entries(setup, part, people))
            why = closed[0] if closed and all(closed) else ""
            made.append(SheetColumn(heading, entries, worked, why, above))
        profile, formats = self._practice.profile(), self._practice.formats
        return DaySheet(
            title,
            profile.name,
            tuple(made),
            *hours,
            tuple(formats.hour(hour) for hour in range(25)),
            printed,
            float(setup.font_size),
            setup.in_colour,
            profile.paper,
            self.mark(),
            remark,
        )

    def _entries(
        self, setup: SetUp, column: GridColumn, people: dict[int, Person]
    ) -> Iterable[SheetVisit]:
        """A column's visits, and what else takes its time, as boxes."""
        from medsec_desktop.documents.day_sheet import SheetVisit

        formats = self._practice.formats
        for visit in column.visits:
            yield SheetVisit(
                visit.span,
                short_time(formats.time(visit.starts_at)),
                visit.patient_name,
                self._about(
                    setup, visit, people[visit.patient_id], in_room=column.room_id is not None
                ),
                visit.colour or "slate",
                visit.status in MISSED,
            )
        for block in column.blocks:
            if block.kind != "reserved":
                yield SheetVisit(block.span, "", block.title, (block.note,) if block.note else ())
        for away in column.away:
            yield SheetVisit(away.span, "", away.title)
        for hold in column.holds:
            time = short_time(formats.time(hold.starts_at))
            yield SheetVisit(hold.span, time, f"Held: {hold.title}")
        for note in column.notes:
            if note.starts_min is not None:
                yield SheetVisit(
                    Span(note.starts_min, note.starts_min + 15), "", note.text, colour="amber"
                )

    def _about(
        self, setup: SetUp, visit: AppointmentRow, person: Person, *, in_room: bool
    ) -> tuple[str, ...]:
        parts = [STATUS_WORDS[visit.status]] if visit.status in MISSED else []
        if in_room:
            parts.append(visit.provider_name)
        if setup.with_phone and person.phone:
            parts.append(self._practice.formats.phone(person.phone))
        room = "" if in_room else visit.room_name
        parts.append(" · ".join(part for part in (visit.type_name, room) if part))
        if setup.with_reason:
            parts.append(visit.reason)
        return tuple(part for part in parts if part)


def _hours(setup: SetUp, columns: Sequence[GridColumn]) -> tuple[int, int]:
    """From and until: as chosen, else whole hours around all that is worked and booked."""
    spans = [span for column in columns for span in column.hours if not column.closed]
    spans += [visit.span for column in columns for visit in column.visits]
    spans = spans or [Span(480, 1020)]
    first = setup.from_min or min(span.starts_min for span in spans) // 60 * 60
    last = setup.until_min or min(DAY_MIN, -(-max(span.ends_min for span in spans) // 60) * 60)
    if first >= last:
        if setup.from_min and setup.until_min:
            raise Invalid("The sheet must end after it begins.", field="until")
        last = min(DAY_MIN, first + 60)
        first = min(first, last - 60)
    return first, last
