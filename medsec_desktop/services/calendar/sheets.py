"""The calendar on paper: day sheets, weeks, months, lists, cards, slips and labels.

What is printed is read when it is printed; nothing is kept but the set-up, per workstation and kind
of sheet. Each print and each PDF saved is recorded, with the patient where it is about one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from medsec_desktop.domain.calendar import STATUS_WORDS, Span, VisitStatus
from medsec_desktop.domain.formats import MONTHS, WEEKDAYS
from medsec_desktop.domain.letters import LANGUAGES, language_for, written_date, written_time
from medsec_desktop.domain.people import PartialDate, PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar.views import ColumnKey, GridColumn, Views
from medsec_desktop.services.letters.contents import Contents
from medsec_desktop.services.letters.known import provider_named
from medsec_desktop.services.page_images import PageImage, PageImages, page_text
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.session import Session
from medsec_desktop.services.stocks import Stocks

if TYPE_CHECKING:
    from medsec_desktop.documents.calendar_pages import ListGroup
    from medsec_desktop.documents.cards import Card, CardVisit
    from medsec_desktop.documents.day_sheet import DaySheet, SheetVisit
    from medsec_desktop.documents.labels import Label
    from medsec_desktop.services.calendar.records import AppointmentRow

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
_MISSED = (VisitStatus.CANCELLED, VisitStatus.NO_SHOW, VisitStatus.LEFT)
_DAY_MIN = 24 * 60
# Heading, what stands under it, and the notes above: a column of a sheet before it is written out.
_Columns: TypeAlias = Sequence[tuple[str, tuple[GridColumn, ...], tuple[str, ...]]]


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


@dataclass(frozen=True, slots=True)
class _Person:
    """A patient as a list or label needs her."""

    name: PersonName
    chart_number: str
    birth: PartialDate | None
    phone: str
    sex: str
    language: str


class Sheets:
    """Prints the calendar of one practice."""

    def __init__(self, session: Session, practice: Practice, printing: Printing | None = None):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._views = Views(session, practice)
        self._images = PageImages()
        self._stocks = Stocks(session, practice)
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
            return self._day(setup, subject.day)
        if setup.kind == "week":
            return self._week(setup, subject.day)
        if setup.kind == "month":
            return self._month(setup, subject.day)
        if setup.kind == "list":
            return self._list(setup, subject.day)
        self._session.require(Permission.VIEW_PATIENTS, "print cards and labels")
        if setup.kind in ("label", "chart"):
            return self._labels(setup, subject)
        return self._cards(setup, subject)

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

    # -- days, weeks, months and lists ----------------------------------------------------------

    def _day(self, setup: SetUp, day: date) -> Sheet:
        grid = self._views.grid([day], _keys(setup), with_cancelled=setup.with_cancelled)
        title = self._practice.formats.long_date(day)
        above = tuple(note.text for note in grid.notes if note.starts_min is None)
        columns = tuple(
            (column.called, (column,), tuple(n.text for n in column.notes if n.starts_min is None))
            for column in grid.columns
        )
        remark = " · ".join(above) if columns else ""
        return self._time_sheets(setup, f"Day sheet {title}", [(title, columns)], above=remark)

    def _week(self, setup: SetUp, day: date) -> Sheet:
        start = day - timedelta(days=(day.weekday() - self._practice.formats.week_starts_on) % 7)
        whole = [start + timedelta(days=at) for at in range(7)]
        grid = self._views.grid(whole, _keys(setup), with_cancelled=setup.with_cancelled)
        formats = self._practice.formats
        days = [one for one in whole if setup.with_weekend or one.weekday() < 5]
        weekend = sum(len(column.visits) for column in grid.columns if column.day not in days)
        remarks = [_on_weekends(weekend)] if weekend else []
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
        people = self._people({visit.patient_id for visit in visits})
        first, last = _hours(setup, everything)
        outside = sum(
            1 for visit in visits if visit.span.ends_min <= first or visit.span.starts_min >= last
        )
        if outside:
            is_one = outside == 1
            said = f"{counted(outside, 'visit')} outside these hours {'is' if is_one else 'are'}"
            remarks = [*remarks, f"{said} not on this sheet."]
        printed = self._printed(remarks)
        sheets = [
            self._time_sheet(setup, title, columns, people, (first, last), printed, above)
            for title, columns in parts
        ]
        names = [*(title for title, _ in parts), *(visit.patient_name for visit in visits)]
        warnings = (*remarks, *_unprintable(names, [visit.reason for visit in visits]))
        return Sheet(day_sheet_pdf(*sheets), name, setup.kind, warnings)

    def _time_sheet(
        self,
        setup: SetUp,
        title: str,
        columns: _Columns,
        people: dict[int, _Person],
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
            self._mark(),
            remark,
        )

    def _entries(
        self, setup: SetUp, column: GridColumn, people: dict[int, _Person]
    ) -> Iterable[SheetVisit]:
        """A column's visits, and what else takes its time, as boxes."""
        from medsec_desktop.documents.day_sheet import SheetVisit

        formats = self._practice.formats
        for visit in column.visits:
            yield SheetVisit(
                visit.span,
                _short_time(formats.time(visit.starts_at)),
                visit.patient_name,
                self._about(
                    setup, visit, people[visit.patient_id], in_room=column.room_id is not None
                ),
                visit.colour or "slate",
                visit.status in _MISSED,
            )
        for block in column.blocks:
            if block.kind != "reserved":
                yield SheetVisit(block.span, "", block.title, (block.note,) if block.note else ())
        for away in column.away:
            yield SheetVisit(away.span, "", away.title)
        for hold in column.holds:
            time = _short_time(formats.time(hold.starts_at))
            yield SheetVisit(hold.span, time, f"Held: {hold.title}")
        for note in column.notes:
            if note.starts_min is not None:
                yield SheetVisit(
                    Span(note.starts_min, note.starts_min + 15), "", note.text, colour="amber"
                )

    def _about(
        self, setup: SetUp, visit: AppointmentRow, person: _Person, *, in_room: bool
    ) -> tuple[str, ...]:
        parts = [STATUS_WORDS[visit.status]] if visit.status in _MISSED else []
        if in_room:
            parts.append(visit.provider_name)
        if setup.with_phone and person.phone:
            parts.append(self._practice.formats.phone(person.phone))
        room = "" if in_room else visit.room_name
        parts.append(" · ".join(part for part in (visit.type_name, room) if part))
        if setup.with_reason:
            parts.append(visit.reason)
        return tuple(part for part in parts if part)

    def _month(self, setup: SetUp, day: date) -> Sheet:
        from medsec_desktop.documents.calendar_pages import MonthDay, MonthSheet, month_pdf

        first = day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        begins = self._practice.formats.week_starts_on
        start = first - timedelta(days=(first.weekday() - begins) % 7)
        end = after + timedelta(days=(begins - after.weekday()) % 7 - 1)
        printed = [at for at in range(7) if setup.with_weekend or (begins + at) % 7 < 5]
        keys = _keys(setup)
        days = {one.day: one for one in self._views.month(start, end, keys)}
        formats = self._practice.formats
        shown = [name for key, name in self.columns() if not setup.columns or key in setup.columns]
        providers = {visit.provider_name for one in days.values() for visit in one.visits}
        weeks: list[tuple[MonthDay, ...]] = []
        for week_at in range(0, (end - start).days + 1, 7):
            week = []
            for at in printed:
                one = days[start + timedelta(days=week_at + at)]
                lines = [
                    f"{_short_time(formats.time(visit.starts_at))} {visit.patient_name}"
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
        remarks = [_on_weekends(len(weekend))] if weekend and not setup.with_weekend else []
        names = [visit.patient_name for one in days.values() for visit in one.visits]
        pdf = month_pdf(
            MonthSheet(
                title,
                self._practice.profile().name,
                tuple(WEEKDAYS[(begins + at) % 7] for at in printed),
                tuple(weeks),
                self._printed(remarks),
                float(setup.font_size) - 0.5,
                self._practice.profile().paper,
                self._mark(),
            )
        )
        warnings = (*remarks, *_unprintable(names, [title]))
        return Sheet(pdf, f"{KINDS['month'][0]} {title}", "month", warnings)

    def _list(self, setup: SetUp, day: date) -> Sheet:
        from medsec_desktop.documents.calendar_pages import ListSheet, list_pdf

        grid = self._views.grid([day], _keys(setup), with_cancelled=setup.with_cancelled)
        people = self._people({visit.patient_id for visit in grid.visits})
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
                self._printed(),
                float(setup.font_size),
                self._practice.profile().paper,
                self._mark(),
            )
        )
        warnings = _unprintable(
            [visit.patient_name for visit in grid.visits], [visit.reason for visit in grid.visits]
        )
        return Sheet(pdf, f"{KINDS['list'][0]} {title}", "list", warnings)

    def _group(self, setup: SetUp, column: GridColumn, people: dict[int, _Person]) -> ListGroup:
        from medsec_desktop.documents.calendar_pages import ListGroup

        formats = self._practice.formats
        rows: list[tuple[str, ...]] = []
        struck: set[int] = set()
        for visit in sorted(column.visits, key=lambda one: (one.starts_at, one.id)):
            person = people[visit.patient_id]
            if visit.status in _MISSED:
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

    # -- cards, slips and labels ----------------------------------------------------------------

    def _labels(self, setup: SetUp, subject: Subject) -> Sheet:
        from medsec_desktop.documents.labels import Label, cut_off, labels_pdf

        stock = self._stocks.named(setup.stock or self.stocks(setup.kind)[0].key)
        ids = self._whom(setup, subject)
        people, contents = self._people(ids), Contents(self._session, self._practice)
        formats = self._practice.formats
        labels: list[Label] = []
        warnings: list[str] = []
        for patient_id in ids:
            person = people[patient_id]
            if setup.kind == "label":
                lines = contents.address(patient_id)
                if len(lines) < 2:
                    warnings.append(f"{person.name.spoken} has no address that is valid today.")
                label = Label(lines)
            else:
                born = formats.birth(person.birth)
                facts = " · ".join(
                    part for part in (f"Born {born}" if born else "", _SEXES[person.sex]) if part
                )
                label = Label(
                    tuple(part for part in (facts, f"Chart {person.chart_number}") if part),
                    person.name.listed,
                    person.chart_number,
                )
            labels.append(label)
            if cut_off(stock, label):
                warnings.append(f"Not all of the label for {person.name.spoken} fits.")
        pdf = labels_pdf(
            stock, labels, start_at=setup.start_at, title=KINDS[setup.kind][0], mark=self._mark()
        )
        warnings += _unprintable([line for label in labels for line in label.lines], [])
        only = ids[0] if len(ids) == 1 else None
        return Sheet(pdf, KINDS[setup.kind][0], setup.kind, tuple(warnings), only)

    def _cards(self, setup: SetUp, subject: Subject) -> Sheet:
        from medsec_desktop.documents.cards import cards_pdf, slips_pdf

        ids = self._whom(setup, subject)
        found = {one: self._card(one, setup, subject) for one in ids}
        cards = [card for card in found.values() if card is not None]
        if not cards:
            raise Invalid(
                "There is no coming visit to print.",
                remedy="Book a visit first, or choose a day that has some.",
            )
        if setup.kind == "card":
            stock = self._stocks.named(setup.stock or self.stocks("card")[0].key)
            pdf = cards_pdf(stock, cards, start_at=setup.start_at, mark=self._mark())
        else:
            pdf = slips_pdf(cards, paper=self._practice.profile().paper, mark=self._mark())
        warnings = _unprintable([card.patient for card in cards], [])
        left_out = [one for one, card in found.items() if card is None]
        if left_out:
            people = self._people(left_out)
            names = ", ".join(people[one].name.spoken for one in left_out[:5])
            more = f" and {len(left_out) - 5} more" if len(left_out) > 5 else ""
            warnings = (f"No visit is booked for {names}{more}.", *warnings)
        if not self._practice.profile().phone:
            warnings = ("The practice has no phone number in Settings.", *warnings)
        only = ids[0] if len(ids) == 1 else None
        return Sheet(pdf, KINDS[setup.kind][0], setup.kind, warnings, only, len(cards))

    def _card(self, patient_id: int, setup: SetUp, subject: Subject) -> Card | None:
        from medsec_desktop.documents.cards import Card

        person = self._people([patient_id])[patient_id]
        language = language_for(person.language)
        visits = self._coming(patient_id, language)
        if setup.kind == "card" and subject.appointment_id is not None:
            visits = [one for one in visits if one[0] == subject.appointment_id] or visits[:1]
        if not visits:
            return None
        profile = self._practice.profile()
        return Card(
            person.name.spoken,
            tuple(visit for _, visit in visits),
            profile.name,
            tuple(profile.address_lines),
            profile.phone,
            language,
            LANGUAGES[language].tag,
        )

    def _coming(self, patient_id: int, language: str) -> list[tuple[int, CardVisit]]:
        from datetime import datetime

        from medsec_desktop.documents.cards import CardVisit

        formats = self._practice.formats
        found = []
        for row in self._db.rows(
            "SELECT a.id, a.starts_at, v.given_name, v.family_name, v.credential,"
            " coalesce(t.name, ''), coalesce(t.preparation, '') FROM appointment a"
            " JOIN provider v ON v.id = a.provider_id"
            " LEFT JOIN appointment_type t ON t.id = a.type_id"
            " WHERE a.patient_id = ? AND a.starts_at >= ?"
            " AND a.status IN ('scheduled', 'confirmed') ORDER BY a.starts_at, a.id LIMIT 60",
            (patient_id, self._session.clock.now().strftime("%Y-%m-%dT%H:%M")),
        ):
            at = datetime.fromisoformat(row[1])
            visit = CardVisit(
                written_date(at.date(), language, formats, weekday=True),
                written_time(at, language, formats),
                provider_named(*row[2:5]),
                row[5],
                row[6],
            )
            found.append((int(row[0]), visit))
        return found

    def _whom(self, setup: SetUp, subject: Subject) -> list[int]:
        """Her whose visit it is, or those named, or everybody who comes that day, in order of time."""
        if subject.appointment_id is not None:
            patient_id = self._db.value(
                "SELECT patient_id FROM appointment WHERE id = ?", (subject.appointment_id,)
            )
            if patient_id is None:
                raise Conflict("This visit is no longer there.", "Its booking was undone.")
            return [int(patient_id)]
        if subject.patient_ids:
            return list(dict.fromkeys(subject.patient_ids))
        visits = self._views.grid([subject.day], _keys(setup)).visits
        ids = list(
            dict.fromkeys(visit.patient_id for visit in visits if visit.status not in _MISSED)
        )
        if not ids:
            raise Invalid(
                "Nobody is booked on this day.", remedy="Choose another day, or other columns."
            )
        return ids

    # -- inside ---------------------------------------------------------------------------------

    def _people(self, ids: Collection[int]) -> dict[int, _Person]:
        return {
            row[0]: _Person(
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

    def _printed(self, remarks: Sequence[str] = ()) -> str:
        """The foot: when and by whom, and what is not on the sheet, so that nobody relies on it."""
        now = self._practice.formats.when(self._session.clock.now())
        return " · ".join((f"Printed {now} by {self._session.user.name}", *remarks))

    def _mark(self) -> str:
        return "DEMO" if self._practice.get(settings.IS_DEMO) else ""

    def _setting(self, kind: str) -> str:
        return f"sheet/{self._session.workstation}/{kind}"


_SEXES = {"F": "Female", "M": "Male", "U": ""}


def _keys(setup: SetUp) -> list[ColumnKey] | None:
    return [ColumnKey.parse(text) for text in setup.columns] or None


def _hours(setup: SetUp, columns: Sequence[GridColumn]) -> tuple[int, int]:
    """From and until: as chosen, else whole hours around all that is worked and booked."""
    spans = [span for column in columns for span in column.hours if not column.closed]
    spans += [visit.span for column in columns for visit in column.visits]
    spans = spans or [Span(480, 1020)]
    first = setup.from_min or min(span.starts_min for span in spans) // 60 * 60
    last = setup.until_min or min(_DAY_MIN, -(-max(span.ends_min for span in spans) // 60) * 60)
    if first >= last:
        if setup.from_min and setup.until_min:
            raise Invalid("The sheet must end after it begins.", field="until")
        last = min(_DAY_MIN, first + 60)
        first = min(first, last - 60)
    return first, last


def _short_time(text: str) -> str:
    """10:00 AM as 10:00, where a ruler of hours says which half of the day it is."""
    return text.removesuffix(" AM").removesuffix(" PM")


def _names(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    return ", ".join(unique) if len(unique) <= 3 else f"{len(unique)} columns"


def _on_weekends(visits: int) -> str:
    return f"{counted(visits, 'visit')} at the weekend {'is' if visits == 1 else 'are'} not shown."


def _unprintable(names: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    """A sentence on the characters no font here has."""
    from medsec_desktop.documents.fonts import unprintable

    missing = unprintable(" ".join((*names, *more)))
    if not missing:
        return ()
    listed = ", ".join(f"“{character}”" for character in missing[:10])
    return (f"No font here can print {listed}; a box □ is printed.",)
