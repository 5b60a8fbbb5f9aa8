"""Finding people who are on file twice: all at once, and after each change."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from medsec_desktop.domain.patients import AddressDraft, PatientDraft, PhoneDraft
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.domain.permissions import Role
from medsec_desktop.problems import NotAllowed, Unavailable
from medsec_desktop.services.office import Office
from tests.conftest import a_patient, a_user

FAMILIES = (
    "Testperson", "Sampleton", "Mustermann", "Probst", "Invento", "Ficta", "Mockley",
    "Stubbs", "Placehold", "Dummit", "Exempla", "Nonreal", "Fakenham", "Pretendo",
    "Makeup",
)  # fmt: skip
GIVEN = (
    "Alma", "Bruno", "Clara", "Dmitri", "Elena", "Farid", "Greta",
    "Hugo", "Ines", "Jonas", "Karin", "Leon", "Mira", "Nils",
)  # fmt: skip
STREETS = ["Main Street", "Oak Avenue", "Hill Road", "Mill Lane", "Park Drive", "Lake View"]


def people(count: int) -> list[PatientDraft]:
    """Invented people of one town: some share a name, some a house, nobody is there twice."""
    return [
        PatientDraft(
            FAMILIES[number % len(FAMILIES)],
            GIVEN[number % len(GIVEN)],
            birth=PartialDate(1930 + number % 80, 1 + number % 12, 1 + number * 7 % 28),
            phones=(PhoneDraft(f"617 555 {1000 + number}"),),
            addresses=(
                AddressDraft(
                    f"{1 + number // 3} {STREETS[number % 6]}", "", "Testville", "MA", "02139"
                ),
            ),
        )
        for number in range(count)
    ]


def mistyped(draft: PatientDraft, number: int) -> PatientDraft:
    """The same person, as somebody else wrote her down."""
    born = draft.birth
    assert born is not None
    (address,) = draft.addresses
    nowhere = replace(draft, phones=(), addresses=())
    return (
        replace(nowhere, given=draft.given[1] + draft.given[0] + draft.given[2:]),
        replace(draft, phones=(), birth=replace(born, year=born.year + 1)),
        replace(nowhere, family=draft.given, given=draft.family),
        replace(draft, family="Newname", phones=(PhoneDraft("617 555 0001"),)),
        replace(draft, birth=None, addresses=(replace(address, postal_code="02193"),)),
        replace(draft, phones=(), addresses=(replace(address, line1=f"{address.line1} Apt 2"),)),
    )[number % 6]


def test_those_on_file_twice_are_found_and_nobody_else(office: Office) -> None:
    drafts = people(60)
    ids = [office.patients.register(draft) for draft in drafts]
    again = {
        (ids[number], office.patients.register(mistyped(drafts[number], number)))
        for number in range(0, 60, 2)
    }

    office.duplicates.search_all()

    rows = office.duplicates.pairs()
    assert {row.key for row in rows} == again
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
    assert all(row.reasons for row in rows)
    for number in range(0, 60, 2):
        hits = office.duplicates.of_draft(mistyped(drafts[number], number))
        assert ids[number] in [hit.hit.id for hit in hits[:3]]


def test_the_list_follows_every_change(office: Office) -> None:
    ada, twin = people(2)[0], replace(people(2)[0], given="Adda")
    one = office.patients.register(ada)
    office.duplicates.catch_up()
    assert not office.duplicates.catch_up(), "nothing was written since"
    last = office.session.db.value("SELECT max(id) FROM operation")
    office.session.db.note_meta("duplicates up to operation", str(last))
    assert office.duplicates.catch_up(), "compared by the rules of version 0.3"
    assert not office.duplicates.catch_up()

    other = office.patients.register(twin)
    assert office.duplicates.catch_up()
    assert [row.key for row in office.duplicates.pairs()] == [(one, other)]

    draft = office.patients.draft(other)
    office.patients.amend(other, replace(draft, given="Zoltan", birth=PartialDate(2001, 5, 5)))
    office.duplicates.catch_up()
    assert office.duplicates.pairs() == ()

    office.session.undo()
    office.duplicates.catch_up()
    assert office.duplicates.count() == 1
    office.session.undo()
    office.duplicates.catch_up()
    assert office.duplicates.count() == 0


def test_two_people_told_apart_are_never_shown_again(office: Office) -> None:
    one, other = (office.patients.register(people(1)[0]) for _ in range(2))
    office.duplicates.search_all()

    office.duplicates.tell_apart(other, one, "Cousins")

    assert office.duplicates.pairs() == ()
    assert office.duplicates.of_patient(one) == ()
    office.duplicates.search_all()
    assert office.duplicates.count() == 0
    assert office.session.can_undo().startswith("Tell ")
    office.session.undo()
    assert [row.key for row in office.duplicates.pairs()] == [(one, other)]
    assert [hit.hit.id for hit in office.duplicates.of_patient(one)] == [other]


def test_a_search_that_is_stopped_keeps_what_was_found_before(office: Office) -> None:
    for _ in range(2):
        office.patients.register(people(1)[0])
    office.duplicates.search_all()

    class Stop:
        def report(self, done: int, total: int, text: str = "") -> None:
            assert 0 <= done <= total
            if text.startswith("Comparing"):
                raise InterruptedError

        def check(self) -> None: ...

    with pytest.raises(InterruptedError):
        office.duplicates.search_all(Stop())

    assert office.duplicates.count() == 1


def test_who_may_only_read_tells_nobody_apart(office: Office) -> None:
    one, other = (office.patients.register(people(1)[0]) for _ in range(2))
    office.session.switch_user(a_user(office.session, "rita", Role.READ_ONLY))

    with pytest.raises(NotAllowed):
        office.duplicates.tell_apart(one, other)


def test_a_search_that_meets_somebody_saving_says_so(office: Office):
    a_patient(office.session)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with office.session.db.connection(), office.session.db.engine.transaction("IMMEDIATE"):
            held.set()
            done.wait(20)

    holding = threading.Thread(target=hold)
    holding.start()
    held.wait(20)
    try:
        office.session.db.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(Unavailable, match="busy"):
            office.duplicates.catch_up()
    finally:
        done.set()
        holding.join()
