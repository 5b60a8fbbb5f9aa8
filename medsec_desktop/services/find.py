"""The command box's search: bookings typed in a line, people, visits, days, commands, best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from medsec_desktop.domain.money import Money
from medsec_desktop.domain.people import fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Problem

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.records import AppointmentRow
    from medsec_desktop.services.calendar.typed import Proposal, TypedBookings
    from medsec_desktop.services.claims.records import ClaimRow
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.patients.records import PatientHit

PEOPLE = 8
VISITS = 6
COMMANDS = 6
CONTACTS = 4
CLAIMS = 6
_SHORTEST_NUMBER = 4
_NEAR = timedelta(days=730)  # the days a front desk has to do with


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `kind` and `key` say what to open: patient, appointment, day, command.

    A `booking` carries what would be booked instead. `note` says more of the hit that is selected.
    """

    kind: str
    key: str
    title: str
    detail: str = ""
    trailing: str = ""
    icon: str = ""
    mark: str = ""
    note: str = ""
    booking: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """Something the window can do, findable by its text and by further words."""

    id: str
    text: str
    key: str = ""
    icon: str = ""
    words: str = ""


class Find:
    """`find(text)` gives what the box shows; with nothing typed, whom one saw last."""

    def __init__(self, office: Office):
        self._office = office
        self._commands: tuple[Command, ...] = ()

    def offer(self, commands: Iterable[Command]) -> None:
        """Say which commands can be found besides people and visits."""
        self._commands = tuple(commands)

    def __call__(self, text: str) -> tuple[Hit, ...]:
        """Hits for `text`, the likeliest first. Safe in a worker thread."""
        typed = text.strip()
        if not typed:
            return (*self._recent(), *self._commands_for("", 5))
        if typed.startswith(">"):
            return self._commands_for(fold(typed[1:]), 40)
        words = fold(typed)
        bookings = self._bookings(typed)
        commands = self._commands_for(words, COMMANDS)
        exact = tuple(hit for hit in commands if fold(hit.title) == words)
        others = tuple(hit for hit in commands if hit not in exact)
        days = self._days(typed)
        people = self._people(typed) if not days or any(c.isalpha() for c in typed) else ()
        if not people and not days and not others:
            people = self._people(typed)
        claims = self._claims(typed)
        return (*bookings, *exact, *days, *claims, *people, *self._contacts(typed), *others)

    # --- bookings

    @cached_property
    def _typed(self) -> TypedBookings:
        from medsec_desktop.services.calendar.typed import TypedBookings

        return TypedBookings(self._office)

    def _bookings(self, typed: str) -> tuple[Hit, ...]:
        """A visit typed in one line, as it was understood, and ways on where it is not whole."""
        if not (self._may(Permission.EDIT_CALENDAR) and self._may(Permission.VIEW_PATIENTS)):
            return ()
        return tuple(
            Hit(
                "booking",
                "",
                each.title,
                trailing=each.trailing,
                icon="calendar-plus" if each.draft else "calendar-clock",
                mark=each.mark,
                note=each.note,
                booking=each,
            )
            for each in self._typed.proposals(typed)
        )

    # --- people

    def _may(self, permission: Permission) -> bool:
        return self._office.session.may(permission)

    def _recent(self) -> tuple[Hit, ...]:
        if not self._may(Permission.VIEW_PATIENTS):
            return ()
        return tuple(self._person(hit) for hit in self._office.patients.recent(PEOPLE))

    def _people(self, typed: str) -> tuple[Hit, ...]:
        if not self._may(Permission.VIEW_PATIENTS):
            return ()
        name, day = self._name_and_day(typed)
        if day is not None:
            return self._visits_of(name, day)
        hits = self._office.patients.find(typed, limit=PEOPLE)
        people = [self._person(hit) for hit in hits]
        if len(hits) == 1 and hits[0].next_visit_at is not None:
            people += self._next_visit(hits[0], hits[0].next_visit_at)
        return tuple(people)

    def _person(self, hit: PatientHit) -> Hit:
        formats = self._office.formats
        born = formats.birth(hit.birth)
        detail = " · ".join(
            part for part in (born, formats.phone(hit.phone), hit.chart_number) if part
        )
        trailing = ""
        if hit.next_visit_at is not None:
            trailing = f"next {formats.when(hit.next_visit_at)}"
        return Hit(
            "patient",
            str(hit.id),
            hit.name.listed,
            detail,
            trailing,
            "user",
            "Alert" if hit.has_alert else "",
        )

    def _next_visit(self, hit: PatientHit, at: datetime) -> list[Hit]:
        if not self._may(Permission.VIEW_CALENDAR):
            return []
        return [
            self._visit(row)
            for row in self._office.calendar.of_day(at.date())
            if row.patient_id == hit.id and row.starts_at == at
        ]

    # --- days and visits

    def _days(self, typed: str) -> tuple[Hit, ...]:
        """The day that was typed, when the whole text is one."""
        if not self._may(Permission.VIEW_CALENDAR):
            return ()
        day = self._day(typed)
        if day is None or abs(day - self._office.clock.today()) > _NEAR:
            return ()  # a date long ago is somebody's birthday
        visits = self._office.calendar.of_day(day)
        count = counted(len(visits), "visit") if visits else "no visits"
        title = self._office.formats.long_date(day)
        first = Hit("day", day.isoformat(), title, f"Calendar · {count}", icon="calendar-days")
        return (first, *(self._visit(row) for row in visits[:VISITS]))

    def _name_and_day(self, typed: str) -> tuple[str, date | None]:
        """“smith tue” as a name and a day; the day is None where no trailing words are one."""
        words = typed.split()
        for split in range(max(1, len(words) - 3), len(words)):
            tail = " ".join(words[split:])
            # A number alone belongs to a phone or date of birth, not to a day of the month.
            if tail[0].isalpha() or "/" in tail or tail.startswith("+"):
                day = self._day(tail)
                if day is not None and abs(day - self._office.clock.today()) <= _NEAR:
                    return " ".join(words[:split]), day
        return typed, None

    def _day(self, text: str) -> date | None:
        if len(text) < 3 or text.isdigit():
            return None
        try:
            return self._office.formats.parse_date(text, self._office.clock.today())
        except Problem:
            return None

    def _visits_of(self, name: str, day: date) -> tuple[Hit, ...]:
        if not self._may(Permission.VIEW_CALENDAR):
            return ()
        wanted = fold(name).split()
        rows = [
            row
            for row in self._office.calendar.of_day(day)
            if all(
                any(part.startswith(word) for part in fold(row.patient_name).split())
                for word in wanted
            )
        ]
        people = self._office.patients.find(name, limit=PEOPLE)
        return (*(self._visit(row) for row in rows[:VISITS]), *map(self._person, people))

    def _visit(self, row: AppointmentRow) -> Hit:
        formats = self._office.formats
        return Hit(
            "appointment",
            str(row.id),
            f"{formats.time(row.starts_at)}  {row.patient_name}",
            " · ".join(part for part in (row.type_name, row.provider_name) if part),
            formats.date(row.starts_at.date()),
            "calendar-clock",
            "Alert" if row.has_alert else "",
        )

    # --- claims

    def _claims(self, typed: str) -> tuple[Hit, ...]:
        """Claims by their number or the payer’s, and of a patient where “claim” is said with her name."""
        if not self._may(Permission.VIEW_CLAIMS):
            return ()
        words = [word for word in typed.split() if fold(word) not in ("claim", "claims")]
        is_asked = len(words) < len(typed.split())
        text = " ".join(words)
        if not text or not (is_asked or (text.isalnum() and any(one.isdigit() for one in text))):
            return ()
        if len(text) < _SHORTEST_NUMBER and not is_asked:
            return ()
        return tuple(self._claim(row) for row in self._office.claim_lists.find(text, CLAIMS))

    def _claim(self, row: ClaimRow) -> Hit:
        formats = self._office.formats
        return Hit(
            "claim",
            str(row.id),
            f"Claim {row.number}  {row.name.listed}",
            " · ".join((row.payer_name, formats.date(row.first_on), f"${Money(row.total_cents)}")),
            str(row.status).capitalize(),
            "receipt-text",
        )

    # --- contacts

    def _contacts(self, typed: str) -> tuple[Hit, ...]:
        """Entries of the directory, with the number one would call."""
        if len(typed) < 3 or not self._may(Permission.VIEW_PATIENTS):
            return ()
        return tuple(
            Hit("contact", row.name, row.name, row.detail, row.phone, "book-open")
            for row in self._office.directory.find(typed)[:CONTACTS]
            if not row.is_ours
        )

    # --- commands

    def _commands_for(self, words: str, limit: int) -> tuple[Hit, ...]:
        scored = []
        for position, command in enumerate(self._commands):
            score = _fit(words, command)
            if score:
                scored.append((-score, position, command))
        scored.sort(key=lambda entry: entry[:2])
        return tuple(
            Hit("command", command.id, command.text, trailing=command.key, icon=command.icon)
            for _, _, command in scored[:limit]
        )


def _fit(words: str, command: Command) -> int:
    """How well the folded words fit a command: 0 not, more for its text than for its other words."""
    if not words:
        return 1
    text = fold(command.text)
    if text.startswith(words):
        return 100
    in_text = text.split()
    everywhere = in_text + fold(command.words).split()
    typed = words.split()
    if all(any(part.startswith(word) for part in in_text) for word in typed):
        return 50
    # One letter would find half the menu by its hidden words.
    if len(words) >= 3 and all(any(p.startswith(word) for p in everywhere) for word in typed):
        return 10
    return 0
