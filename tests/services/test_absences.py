"""A provider is away: proposals, moving one or all, calls, and how many are left."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest

from medsec_desktop.domain.calendar import BookingRefused, Span, VisitStatus
from medsec_desktop.domain.calendar.absences import AwayPolicy, AwayState
from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.calendar.finding import FindQuery
from medsec_desktop.domain.permissions import Role
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.absences import Slot
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_text
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment

THURSDAY, FRIDAY, MONDAY = date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 16)
NAMES = ("Ada", "Bea", "Cleo", "Dora", "Emma", "Fay")


class Bench:
    """Dr. Chen has visits on Thursday and Friday and falls ill; Dr. Lopez is there."""

    def __init__(self, office: Office, hours: tuple[str, ...] = ("09:00", "10:00", "14:30")):
        self.office, self.session, self.absences = office, office.session, office.absences
        self.chen = a_provider(self.session)
        self.type = a_type(self.session, buffer_after_min=10)
        self.visits = [
            an_appointment(
                self.session,
                a_patient(self.session, given=name, phone=f"+1212555010{number}"),
                self.chen,
                f"2026-03-12T{hour}",
                type_id=self.type,
            )
            for number, (name, hour) in enumerate(zip(NAMES, hours, strict=False))
        ]

    def away(self, first: date = THURSDAY, last: date = FRIDAY) -> int:
        self.id = self.absences.begin(self.chen, first, last, "Ill")
        return self.id

    def accept_all(self, policy: AwayPolicy = AwayPolicy.SAME) -> None:
        proposals = self.absences.proposals(self.id, policy)
        self.absences.accept(self.id, {key: slot for key, slot in proposals.items() if slot})

    def states(self) -> list[AwayState]:
        return [visit.state for visit in self.absences.visits(self.id)]


@pytest.fixture
def bench(office: Office) -> Bench:
    return Bench(office)


def test_an_absence_finds_the_visits_that_still_stand_there(bench: Bench) -> None:
    done = an_appointment(
        bench.session, a_patient(bench.session), bench.chen, "2026-03-12T16:00", status="cancelled"
    )
    bench.away()

    found = bench.absences.visits(bench.id)

    assert [visit.id for visit in found] == bench.visits
    assert done not in [visit.id for visit in found]
    assert found[0].phone == "+12125550100"
    row = bench.absences.absence(bench.id)
    assert (row.away.provider_name, row.away.name) == ("Dr. Chen", "Ill")
    assert (row.left, row.total, row.told) == (3, 3, 0)


def test_nobody_is_booked_with_her_while_she_is_away(bench: Bench) -> None:
    bench.away()
    patient = a_patient(bench.session, given="Gina")

    with pytest.raises(BookingRefused, match="Ill"):
        bench.office.calendar.book(
            BookingDraft(patient, bench.chen, bench.type, datetime(2026, 3, 13, 9, 0), 30)
        )


def test_undo_takes_the_absence_back(bench: Bench) -> None:
    bench.away()

    bench.session.undo()

    assert bench.absences.all() == ()
    with pytest.raises(Conflict, match="no longer there"):
        bench.absences.visits(bench.id)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (FRIDAY, THURSDAY, "last_on"),
        (date(2026, 3, 1), date(2026, 3, 2), "first_on"),
        (THURSDAY, date(2027, 6, 1), "last_on"),
    ],
)
def test_days_that_cannot_be_are_refused(bench: Bench, first: date, last: date, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        bench.away(first, last)

    assert refusal.value.field == field
    assert bench.absences.all() == ()


def test_she_cannot_be_away_twice_at_once(bench: Bench) -> None:
    bench.away()

    with pytest.raises(Conflict, match="away then already"):
        bench.away(FRIDAY, MONDAY)


def test_a_part_of_a_day_closes_that_part_and_no_more(bench: Bench) -> None:
    """Her visits at 9, 10 and 11 on Thursday; she is away from 9:50 to 10:40."""
    part = Span(590, 640)
    bench.id = bench.absences.begin(bench.chen, THURSDAY, THURSDAY, "Dentist", part)
    calendar, patient = bench.office.calendar, a_patient(bench.session, given="Gina")

    def booking(at: str, minutes: int = 20) -> BookingDraft:
        return BookingDraft(
            patient, bench.chen, None, datetime.fromisoformat(f"2026-03-12T{at}"), minutes
        )

    assert [visit.id for visit in bench.absences.visits(bench.id)] == [bench.visits[1]]
    with pytest.raises(BookingRefused, match=r"is away 9:50–10:40 AM on Thursday.*Dentist"):
        calendar.book(booking("09:45"), "In spite of it")
    offered = [slot.starts_at.time() for slot in calendar.nearest(booking("09:50"), 12)]
    free = bench.office.finder.on_day(FindQuery(None, 20, (bench.chen,)), THURSDAY)
    for at in (*offered, *(slot.starts_at.time() for slot in free)):
        minute = at.hour * 60 + at.minute
        assert not Span(minute, minute + 20).overlaps(part)
    column = next(
        one for one in bench.office.views.grid([THURSDAY]).columns if one.provider_id == bench.chen
    )
    assert [(row.span, row.title) for row in column.away] == [(part, "Dentist")]
    assert column.closed == ""
    assert {row.visit.id for row in bench.office.hours.outside()} == {bench.visits[1]}

    proposals = bench.absences.proposals(bench.id)
    slot = proposals[bench.visits[1]]
    assert slot is not None
    assert slot.starts_at.date() == THURSDAY  # she is there for the rest of the day
    bench.absences.accept(bench.id, {bench.visits[1]: slot})
    assert bench.states() == [AwayState.MOVED]
    assert bench.absences.absence(bench.id).left == 0


def test_two_parts_of_one_day_are_two_absences_unless_they_overlap(bench: Bench) -> None:
    first = bench.absences.begin(bench.chen, THURSDAY, THURSDAY, "Dentist", Span(540, 600))
    bench.absences.begin(bench.chen, THURSDAY, THURSDAY, "Court", Span(600, 660))

    with pytest.raises(Conflict, match="9:00–10:00 AM"):
        bench.absences.begin(bench.chen, THURSDAY, FRIDAY, "Ill", Span(590, 620))
    with pytest.raises(Conflict, match="away then already"):
        bench.absences.begin(bench.chen, THURSDAY, FRIDAY, "Ill")
    with pytest.raises(Invalid) as refusal:
        bench.absences.begin(bench.chen, FRIDAY, FRIDAY, "Ill", Span(600, 600))
    assert refusal.value.field == "until"

    row = bench.absences.absence(first)
    with pytest.raises(Conflict, match="Court"):
        bench.absences.change(first, row.away.version, THURSDAY, THURSDAY, "Dentist")  # all day
    bench.absences.change(first, row.away.version, FRIDAY, FRIDAY, "Dentist")
    assert bench.absences.absence(first).away.part is None


def test_an_absence_needs_leave_to_change_the_calendar(bench: Bench) -> None:
    bench.session.switch_user(a_user(bench.session, "rita", Role.READ_ONLY))

    with pytest.raises(NotAllowed):
        bench.away()


def test_a_secretary_may_enter_an_absence(bench: Bench) -> None:
    bench.session.switch_user(a_user(bench.session))

    bench.away()

    assert bench.absences.all()[0].left == 3


# -- proposals --------------------------------------------------------------------------------


def test_each_visit_is_proposed_the_hour_it_had_once_she_is_back(bench: Bench) -> None:
    bench.away()

    proposals = bench.absences.proposals(bench.id)

    assert proposals == {
        bench.visits[0]: Slot(datetime(2026, 3, 16, 9, 0), 30, bench.chen),
        bench.visits[1]: Slot(datetime(2026, 3, 16, 10, 0), 30, bench.chen),
        bench.visits[2]: Slot(datetime(2026, 3, 16, 14, 30), 30, bench.chen),
    }


def test_another_provider_is_proposed_the_same_day(bench: Bench) -> None:
    lopez = a_provider(bench.session, "Lopez", "Maria")
    bench.away()

    proposals = bench.absences.proposals(bench.id, AwayPolicy.OTHER)

    assert proposals[bench.visits[0]] == Slot(datetime(2026, 3, 12, 9, 0), 30, lopez)


def test_the_nearer_of_both_is_proposed_where_that_is_asked(bench: Bench) -> None:
    lopez = a_provider(bench.session, "Lopez", "Maria", works="8-9")
    bench.away(THURSDAY, THURSDAY)

    proposals = bench.absences.proposals(bench.id, AwayPolicy.NEAREST)

    # Dr. Lopez has one short hour a day; the rest fits Dr. Chen's Friday better.
    assert proposals[bench.visits[0]] == Slot(datetime(2026, 3, 12, 8, 30), 30, lopez)
    assert proposals[bench.visits[2]] == Slot(datetime(2026, 3, 13, 14, 30), 30, bench.chen)


def test_where_nobody_else_works_there_is_no_other_provider_to_propose(bench: Bench) -> None:
    bench.away()

    assert set(bench.absences.proposals(bench.id, AwayPolicy.OTHER).values()) == {None}


def test_no_slot_is_proposed_twice_and_the_time_between_is_kept(office: Office) -> None:
    hours = ("09:00", "09:00", "09:00", "09:30", "09:30", "09:30")
    bench = Bench(office, hours)
    bench.away()

    slots = [slot for slot in bench.absences.proposals(bench.id).values() if slot]

    assert len(slots) == 6
    ordered = sorted(slots, key=lambda slot: slot.starts_at)
    for first, second in itertools.pairwise(ordered):
        assert second.starts_at >= first.starts_at + timedelta(minutes=40)


def test_everything_proposed_can_be_accepted(office: Office) -> None:
    bench = Bench(office, ("09:00", "09:00", "09:00", "09:30", "09:30", "09:30"))
    bench.away()

    bench.accept_all()

    assert bench.states() == [AwayState.MOVED] * 6


def test_what_was_chosen_by_hand_stays_and_is_proposed_to_nobody_else(bench: Bench) -> None:
    bench.away()
    wish = Slot(datetime(2026, 3, 16, 9, 0), 30, bench.chen)

    proposals = bench.absences.proposals(bench.id, chosen={bench.visits[2]: wish})

    assert proposals[bench.visits[2]] == wish
    first = proposals[bench.visits[0]]
    assert first is not None
    assert first.starts_at != wish.starts_at


def test_other_slots_are_offered_on_later_days_and_with_others(bench: Bench) -> None:
    lopez = a_provider(bench.session, "Lopez", "Maria")
    bench.away()
    proposals = bench.absences.proposals(bench.id)

    options = bench.absences.options(bench.id, bench.visits[0], proposals)

    assert [(slot.starts_at.day, slot.provider_id) for slot in options] == [
        (16, bench.chen),
        (17, bench.chen),
        (18, bench.chen),
        (19, bench.chen),
        (12, lopez),
        (13, lopez),
        (16, lopez),
        (17, lopez),
    ]
    others = {slot for visit, slot in proposals.items() if visit != bench.visits[0]}
    assert not others & set(options)


def test_all_slots_of_a_day_are_offered_nearest_to_her_hour_first(bench: Bench) -> None:
    bench.away()

    options = bench.absences.options(bench.id, bench.visits[0], {}, day=MONDAY)

    assert [slot.starts_at.hour for slot in options][:1] == [9]
    assert len(options) > 20


# -- settling ---------------------------------------------------------------------------------


def test_accepting_all_is_one_operation_that_one_undo_takes_back(bench: Bench) -> None:
    bench.away()
    bench.accept_all()
    row = bench.absences.absence(bench.id)
    assert (row.left, row.settled, row.told) == (0, 3, 0)

    bench.session.undo()
    assert bench.states() == [AwayState.LEFT] * 3

    bench.session.redo()
    assert bench.states() == [AwayState.MOVED] * 3


def test_a_moved_visit_says_what_it_is_now_and_counts_as_no_cancellation(bench: Bench) -> None:
    bench.away()
    bench.accept_all()

    visit = bench.absences.visits(bench.id)[0]

    assert visit.now is not None
    assert visit.now.starts_at == datetime(2026, 3, 16, 9, 0)
    assert visit.now.rescheduled_from_id == visit.id
    assert bench.office.calendar.appointment(visit.id).cancelled_by == ""


def test_accepting_one_leaves_the_others(bench: Bench) -> None:
    bench.away()
    first = bench.visits[0]
    slot = bench.absences.proposals(bench.id)[first]
    assert slot is not None

    settled = bench.absences.accept(bench.id, {first: slot}, reached=True)

    assert settled.done == (first,)
    assert bench.states() == [AwayState.MOVED, AwayState.LEFT, AwayState.LEFT]
    visit = bench.absences.visits(bench.id)[0]
    assert visit.is_told
    assert visit.last_call is not None
    assert visit.last_call.outcome is CallOutcome.REACHED


def test_a_slot_taken_meanwhile_is_told_and_the_others_go_on(bench: Bench) -> None:
    bench.away()
    proposals = bench.absences.proposals(bench.id)
    an_appointment(bench.session, a_patient(bench.session), bench.chen, "2026-03-16T10:00")

    settled = bench.absences.accept(bench.id, {k: s for k, s in proposals.items() if s})

    assert settled.done == (bench.visits[0], bench.visits[2])
    ((visit, why),) = settled.refused
    assert visit.id == bench.visits[1]
    assert "already sees" in why.why
    assert bench.states() == [AwayState.MOVED, AwayState.LEFT, AwayState.MOVED]


def test_where_no_visit_can_be_moved_nothing_is_changed(bench: Bench) -> None:
    bench.away()
    before = len(bench.session.history())
    taken = Slot(datetime(2026, 3, 12, 11, 0), 30, bench.chen)  # she is away then

    with pytest.raises(BookingRefused):
        bench.absences.accept(bench.id, {bench.visits[0]: taken})

    assert len(bench.session.history()) == before


def test_visits_cancelled_by_the_clinic_are_settled_and_come_back_by_undo(bench: Bench) -> None:
    bench.away()

    bench.absences.cancel(bench.id, bench.visits[:2])

    assert bench.states() == [AwayState.CANCELLED, AwayState.CANCELLED, AwayState.LEFT]
    detail = bench.office.calendar.appointment(bench.visits[0])
    assert (detail.cancelled_by, detail.cancel_reason) == ("clinic", "Dr. Chen away")

    bench.session.undo()
    assert bench.states() == [AwayState.LEFT] * 3


def test_what_is_done_in_the_calendar_counts_too(bench: Bench) -> None:
    bench.away()
    calendar = bench.office.calendar

    calendar.reschedule(bench.visits[0], 1, datetime(2026, 3, 17, 9, 0), 30, bench.chen)
    calendar.cancel(bench.visits[1], 1, "patient")

    assert bench.states() == [AwayState.MOVED, AwayState.CANCELLED, AwayState.LEFT]


def test_a_visit_moved_twice_shows_where_it_stands_now(bench: Bench) -> None:
    bench.away()
    calendar = bench.office.calendar
    second = calendar.reschedule(bench.visits[0], 1, datetime(2026, 3, 17, 9, 0), 30, bench.chen)
    calendar.reschedule(second, 1, datetime(2026, 3, 18, 9, 0), 30, bench.chen)

    visit = bench.absences.visits(bench.id)[0]

    assert visit.now is not None
    assert visit.now.starts_at == datetime(2026, 3, 18, 9, 0)


def test_how_far_it_has_come_survives_a_restart(bench: Bench) -> None:
    bench.away()
    bench.absences.cancel(bench.id, bench.visits[:1])
    bench.absences.note_call(bench.id, bench.visits[1], CallOutcome.NO_ANSWER)

    again = Office(bench.session).absences

    assert [visit.state for visit in again.visits(bench.id)] == bench.states()
    assert again.visits(bench.id)[1].calls == 1


def test_word_left_tells_a_moved_patient_but_no_answer_does_not(bench: Bench) -> None:
    bench.away()
    bench.accept_all()

    bench.absences.note_call(bench.id, bench.visits[0], CallOutcome.NO_ANSWER)
    assert bench.absences.absence(bench.id).told == 0

    bench.absences.note_call(bench.id, bench.visits[0], CallOutcome.LEFT_ON_MACHINE)
    assert bench.absences.absence(bench.id).told == 1


def test_a_letter_tells_a_patient_too(bench: Bench) -> None:
    bench.away()
    bench.accept_all()
    visit = bench.absences.visits(bench.id)[0]
    assert visit.letter is not None
    about, template = visit.letter
    assert (visit.now is not None and visit.now.id, template) == (about, "appointment_reschedule")

    bench.office.letters.file(bench.office.letters.compose(about, template))

    assert bench.absences.visits(bench.id)[0].is_told


def test_an_absence_taken_back_opens_her_days_again(bench: Bench) -> None:
    bench.away()
    bench.absences.end(bench.id, 1)

    assert bench.absences.all() == ()
    assert bench.office.calendar.appointment(bench.visits[0]).row.status == VisitStatus.SCHEDULED


def test_a_longer_absence_takes_in_the_visits_of_its_new_days(bench: Bench) -> None:
    bench.away(THURSDAY, THURSDAY)
    later = an_appointment(bench.session, a_patient(bench.session), bench.chen, "2026-03-13T11:00")

    bench.absences.change(bench.id, 1, THURSDAY, FRIDAY, "Still ill")

    assert bench.absences.visits(bench.id)[-1].id == later
    with pytest.raises(Conflict, match="changed meanwhile"):
        bench.absences.change(bench.id, 1, THURSDAY, MONDAY, "Ill")


def test_the_call_list_names_whom_to_call_and_what_to_offer(bench: Bench) -> None:
    bench.away()
    bench.absences.note_call(bench.id, bench.visits[0], CallOutcome.NO_ANSWER)
    proposals = bench.absences.proposals(bench.id)

    words = page_text(bench.absences.call_list(bench.id, proposals))

    for said in ("Dr. Chen away", "Testperson, Ada", "(212) 555-0100", "Mon, Mar 16", "No answer"):
        assert said in words
