"""What a booking typed in one line comes to: how it was understood, and what would be booked.

Nothing is filled in that was not said, but for the provider where there is no choice: the only one
there is, or the one the patient usually sees. Where one thing is missing or fits several, the
possibilities follow, each ready to be booked; where a rule is in the way, the nearest free times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar.finding import FindQuery
from medsec_desktop.domain.calendar.typed_booking import (
    Named,
    TypedBooking,
    Vocabulary,
    understand,
)
from medsec_desktop.domain.calendar.visits import provider_called
from medsec_desktop.domain.people import PatientStatus, fold
from medsec_desktop.problems import Problem
from medsec_desktop.services.calendar.records import BookingDraft

if TYPE_CHECKING:
    from medsec_desktop.domain.calendar.rules import RuleBreach
    from medsec_desktop.domain.calendar.slots import Slot
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.patients.records import PatientHit
    from medsec_desktop.services.practice import ProviderRow, RoomRow, TypeRow

PEOPLE = 4
CHOICES = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """A booking as it was understood.

    `draft` is there where it can be booked at once; else `state` fills the booking pane, and `mark`
    and `note` say what is missing, ambiguous or in the way.
    """

    title: str
    trailing: str  # the patient's date of birth and chart number: which of them is meant
    mark: str
    note: str
    draft: BookingDraft | None
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Wish:
    """A booking on its way to being whole; None is what nobody said."""

    said: TypedBooking
    person: PatientHit | None = None
    type_id: int | None = None
    provider_id: int | None = None
    starts_at: datetime | None = None

    @property
    def room_id(self) -> int | None:
        return self.said.room_ids[0] if len(self.said.room_ids) == 1 else None


class TypedBookings:
    """Turns a typed line into proposals, the understood one first."""

    def __init__(self, office: Office):
        self._office = office

    def proposals(self, text: str) -> tuple[Proposal, ...]:
        """What the line comes to; nothing where it asks for no booking."""
        return tuple(_Reading(self._office).proposals(text))


class _Reading:
    """One line, read with the practice as it is now."""

    def __init__(self, office: Office):
        self._office = office
        self._formats = office.formats
        self._today = office.clock.today()

    @cached_property
    def _types(self) -> dict[int, TypeRow]:
        return {row.id: row for row in self._office.practice.types(active_only=True)}

    @cached_property
    def _providers(self) -> dict[int, ProviderRow]:
        return {row.id: row for row in self._office.practice.providers(bookable_only=True)}

    @cached_property
    def _rooms(self) -> dict[int, RoomRow]:
        return {row.id: row for row in self._office.practice.rooms(active_only=True)}

    def proposals(self, text: str) -> Iterator[Proposal]:
        known = Vocabulary(
            tuple(Named(row.id, row.name) for row in self._types.values()),
            tuple(
                Named(row.id, row.family_name, row.given_name) for row in self._providers.values()
            ),
            tuple(Named(row.id, row.name) for row in self._rooms.values()),
        )
        said = understand(text, self._today, self._formats, known)
        if not said.is_booking:
            return
        people = self._people(said.who)
        wish = self._wish(said, people)
        gaps = self._gaps(wish, people)
        if gaps or said.problems:
            yield self._unfinished(wish, people, gaps)
            yield from self._ways_on(wish, people, gaps)
        else:
            yield from self._whole(wish)

    # -- what was said ------------------------------------------------------------------------

    def _people(self, who: str) -> tuple[PatientHit, ...]:
        """Whom the words may mean; only the one whose whole name they are, where there is one."""
        if not who:
            return ()
        hits = self._office.patients.find(who, limit=PEOPLE + 1)
        words = sorted(fold(who).split())
        exact = [hit for hit in hits if sorted(fold(hit.name.listed).split()) == words]
        return tuple(exact) if len(exact) == 1 else tuple(hits)

    def _wish(self, said: TypedBooking, people: tuple[PatientHit, ...]) -> _Wish:
        starts_at = None
        if said.day is not None and said.at is not None:
            starts_at = datetime.combine(said.day, said.at)
        wish = _Wish(
            said,
            people[0] if len(people) == 1 else None,
            said.type_ids[0] if len(said.type_ids) == 1 else None,
            said.provider_ids[0] if len(said.provider_ids) == 1 else None,
            starts_at,
        )
        return self._with_usual_provider(wish)

    def _with_usual_provider(self, wish: _Wish) -> _Wish:
        """The provider where nobody was named and there is no choice."""
        if wish.provider_id is not None or wish.said.provider_ids:
            return wish
        if len(self._providers) == 1:
            return replace(wish, provider_id=next(iter(self._providers)))
        if wish.person is None:
            return wish
        usual = self._office.session.db.value(
            "SELECT primary_provider_id FROM patient WHERE id = ?", (wish.person.id,)
        )
        return replace(wish, provider_id=usual) if usual in self._providers else wish

    def _gaps(self, wish: _Wish, people: tuple[PatientHit, ...]) -> tuple[str, ...]:
        """What is missing or fits several, in the order a caller is asked."""
        gaps = []
        if wish.person is None:
            gaps.append("who")
        if wish.said.day is None:
            gaps.append("day")
        if wish.said.at is None:
            gaps.append("time")
        if wish.type_id is None:
            gaps.append("type")
        if wish.provider_id is None:
            gaps.append("provider")
        return tuple(gaps)

    # -- a booking that is whole --------------------------------------------------------------

    def _whole(self, wish: _Wish) -> Iterator[Proposal]:
        """It, and where a rule is in its way the nearest free times."""
        draft = self._draft(wish)
        breaches, problem = self._in_the_way(draft)
        if not breaches and not problem:
            yield self._proposal(wish, "", "Enter books it at once; Ctrl+Z takes it back.", draft)
            return
        hard = bool(problem) or any(breach.is_hard for breach in breaches)
        sentences = problem or " ".join(breach.sentence for breach in breaches)
        mark = "Not possible" if hard else "Needs a reason"
        yield self._proposal(wish, mark, f"{sentences} Enter opens the booking.")
        if not problem:
            for slot in self._office.calendar.nearest(draft, 3):
                yield self._at(wish, slot)

    def _in_the_way(self, draft: BookingDraft) -> tuple[tuple[RuleBreach, ...], str]:
        try:
            return self._office.calendar.check(draft), ""
        except Problem as problem:
            return (), problem.what

    def _draft(self, wish: _Wish) -> BookingDraft:
        assert wish.person is not None
        assert wish.provider_id is not None
        assert wish.starts_at is not None
        return BookingDraft(
            wish.person.id,
            wish.provider_id,
            wish.type_id,
            wish.starts_at,
            self._length(wish),
            wish.room_id,
            wish.said.reason,
        )

    def _length(self, wish: _Wish) -> int:
        if wish.said.duration_min:
            return wish.said.duration_min
        return self._types[wish.type_id].duration_min if wish.type_id in self._types else 30

    def _at(self, wish: _Wish, slot: Slot) -> Proposal:
        """The same booking at a time that is free."""
        moved = replace(wish, starts_at=slot.starts_at, provider_id=slot.provider_id)
        return self._proposal(moved, "", "Free. Enter books it at once.", self._draft(moved))

    # -- one that is not ----------------------------------------------------------------------

    def _unfinished(
        self, wish: _Wish, people: tuple[PatientHit, ...], gaps: tuple[str, ...]
    ) -> Proposal:
        said = wish.said
        if said.problems:
            return self._proposal(wish, "Check this", f"{' '.join(said.problems)} {_OPENS}")
        mark, note = self._question(wish, people, gaps[0])
        if wish.person is not None and wish.person.status != PatientStatus.ACTIVE:
            note = f"{wish.person.name.listed} is {wish.person.status.value}. {note}"
        return self._proposal(wish, mark, f"{note} {_OPENS}")

    def _question(self, wish: _Wish, people: tuple[PatientHit, ...], gap: str) -> tuple[str, str]:
        said = wish.said
        if gap == "who":
            if not said.who:
                return "Who?", "Type a name, a date of birth or a phone number as well."
            if not people:
                return "Nobody found", f"Nobody on file matches “{said.who}”."
            if len(people) > PEOPLE:
                more = "Type more of the name, or the date of birth."
                return "Which one?", f"More than {PEOPLE} people fit “{said.who}”. {more}"
            fit = f"{len(people)} people fit “{said.who}”"
            return "Which one?", f"{fit}: choose below, or type more."
        if gap == "type" and said.type_ids:
            names = " or ".join(self._types[each].name for each in said.type_ids)
            return "Which kind?", f"{names}?"
        if gap == "provider" and said.provider_ids:
            names = " or ".join(self._called(each) for each in said.provider_ids)
            return "With whom?", f"{names}?"
        return {
            "day": ("Which day?", "Type a day as well, such as “tue” or “3/17”."),
            "time": ("What time?", "Type a time as well, or take one of the free ones below."),
            "type": ("What for?", "Type what the visit is for, or choose below."),
            "provider": ("With whom?", "Type “dr” and a name, or choose below."),
        }[gap]

    def _ways_on(
        self, wish: _Wish, people: tuple[PatientHit, ...], gaps: tuple[str, ...]
    ) -> Iterator[Proposal]:
        """Whole bookings, where only one thing is open."""
        if wish.said.problems:
            return
        if gaps == ("who",) and len(people) <= PEOPLE:
            yield from self._each(replace(wish, person=person) for person in people)
        elif "who" in gaps and len(people) in range(2, PEOPLE + 1) and set(gaps) <= _FROM_WHO:
            yield from self._each(
                self._with_usual_provider(replace(wish, person=person)) for person in people
            )
        elif set(gaps) <= _FROM_TIME and {"day", "time"} & set(gaps):
            yield from self._free_times(wish)
        elif gaps == ("type",):
            ids = wish.said.type_ids or tuple(self._types)
            yield from self._each(replace(wish, type_id=each) for each in ids)
        elif gaps == ("provider",):
            ids = wish.said.provider_ids or tuple(self._providers)
            yield from self._each(replace(wish, provider_id=each) for each in ids)

    def _each(self, wishes: Iterable[_Wish]) -> Iterator[Proposal]:
        """Those that may be booked, a few of them."""
        found = 0
        for wish in wishes:
            if wish.provider_id is None or found == CHOICES:
                continue
            draft = self._draft(wish)
            if self._in_the_way(draft) == ((), ""):
                found += 1
                yield self._proposal(wish, "", "Free. Enter books it at once.", draft)

    def _free_times(self, wish: _Wish) -> Iterator[Proposal]:
        assert wish.person is not None
        said = wish.said
        at = said.at.hour * 60 + said.at.minute if said.at is not None else None
        length = self._length(wish)
        providers = (wish.provider_id,) if wish.provider_id else said.provider_ids
        query = FindQuery(
            type_id=wish.type_id,
            duration_min=length,
            provider_ids=tuple(each for each in providers if each),
            from_min=said.from_min if at is None else at,
            to_min=said.to_min if at is None else at + length,
            earliest_on=said.day,
            latest_on=said.day,
            room_ids=said.room_ids,
            patient_id=wish.person.id,
            count=CHOICES,
        )
        for slot in self._office.finder.next(query):
            yield self._at(wish, slot)

    # -- words --------------------------------------------------------------------------------

    def _proposal(
        self, wish: _Wish, mark: str, note: str, draft: BookingDraft | None = None
    ) -> Proposal:
        said, person = wish.said, wish.person
        who = person.name.listed if person else said.who
        parts = [f"Book {who}" if who else "Book"]
        when = self._when(wish)
        if when:
            parts.append(when)
        if said.duration_min or wish.type_id is not None:
            parts.append(f"{self._length(wish)} min")
        if wish.type_id is not None:
            parts.append(self._types[wish.type_id].name)
        if wish.provider_id is not None:
            parts.append(self._called(wish.provider_id))
        if wish.room_id is not None:
            parts.append(self._rooms[wish.room_id].name)
        if said.reason:
            parts.append(said.reason)
        about = (self._formats.birth(person.birth), person.chart_number) if person else ()
        which = " · ".join(each for each in about if each)
        return Proposal(" · ".join(parts), which, mark, note, draft, self._state(wish))

    def _when(self, wish: _Wish) -> str:
        said, formats = wish.said, self._formats
        at = wish.starts_at.time() if wish.starts_at else said.at
        day = wish.starts_at.date() if wish.starts_at else said.day
        words = [formats.short_date(day).replace(",", "")] if day else []
        if day and day.year != self._today.year:
            words = [formats.date(day)]
        if at is not None:
            words.append(formats.time(at))
        elif said.from_min and said.to_min < 24 * 60:
            words.append(f"{self._clock(said.from_min)} to {self._clock(said.to_min)}")
        elif said.from_min:
            words.append(f"after {self._clock(said.from_min)}")
        elif said.to_min < 24 * 60:
            words.append(f"before {self._clock(said.to_min)}")
        return ", ".join(words)

    def _clock(self, minute: int) -> str:
        return self._formats.time(time(*divmod(minute, 60)))

    def _called(self, provider_id: int) -> str:
        row = self._providers[provider_id]
        return provider_called(row.family_name, row.given_name, row.credential)

    def _state(self, wish: _Wish) -> dict[str, Any]:
        """The booking pane filled with what is known, as a parked draft fills it."""
        said = wish.said
        at = wish.starts_at.time() if wish.starts_at else said.at
        day = wish.starts_at.date() if wish.starts_at else said.day
        return {
            "patient_id": wish.person.id if wish.person else None,
            "search": "" if wish.person else said.who,
            "type_id": wish.type_id if wish.type_id is not None else next(iter(self._types), None),
            "provider_id": wish.provider_id or next(iter(self._providers), None),
            "room_id": wish.room_id,
            "date": day.isoformat() if day else "",
            "time": self._formats.time(at) if at is not None else "",
            "length": f"{self._length(wish)} min",
            "length_typed": said.duration_min is not None,
            "reason": said.reason,
            "note": "",
            "override": "",
        }


_OPENS = "Enter opens the booking as far as it goes."
_FROM_WHO = frozenset({"who", "provider"})  # what the choice of a person may settle
_FROM_TIME = frozenset({"day", "time", "provider"})  # what a free slot settles
