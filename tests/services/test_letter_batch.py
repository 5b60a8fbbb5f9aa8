"""One letter to many: who gets it, as one operation, with what goes wrong told and passed over."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from medsec_desktop.domain.letter_states import LetterStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Appointment, Coverage, Patient, Payer, Recall
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.documents.records import DocumentDraft, Incoming, Source
from medsec_desktop.services.letters import batch, packets
from medsec_desktop.services.letters.batch import Batches
from medsec_desktop.services.letters.enclosing import Alike, SameForAll
from medsec_desktop.services.letters.letters import Letters
from medsec_desktop.services.letters.line import LetterLine
from medsec_desktop.services.letters.targets import PeopleQuery, Target, Targets
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_count
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, an_appointment
from tests.documents.conftest import words
from tests.papers import a_pdf
from tests.services.test_letters import FakeSpooler, an_address, letters, spooler

__all__ = ["letters", "spooler"]  # fixtures

BLANK = "blank_letter"


@pytest.fixture
def batches(session: Session, office: Office, letters: Letters) -> Batches:
    return Batches(session, office.practice, letters)


def some(session: Session, *families: str, **fields: Any) -> list[int]:
    ids = []
    for family in families:
        ids.append(a_patient(session, family, **fields))
        an_address(session, ids[-1])
    return ids


def test_everybody_is_written_to_once_in_one_operation_with_a_copy_in_each_file(
    batches: Batches, letters: Letters, session: Session, office: Office, spooler: FakeSpooler
) -> None:
    people = some(session, "Erste", "Zweite", "Dritte")
    plan = batches.plan([Target(one) for one in (*people, people[0])], "New hours")

    made = batches.write(plan, BLANK)

    assert [row.why_not for row in plan.left_out] == ["On the list twice"]
    assert (made.letters, made.passed_over) == (3, ())
    assert [len(letters.of_patient(one)) for one in people] == [1, 1, 1]
    assert session.history(1)[0].label == "Write 3 letters: New hours"
    assert words(batches.list_pdf(made.id))[0].count("45 Elm Street") == 3

    line = LetterLine(session, letters)
    (waiting,) = line.board()  # many at once would bury the others
    assert (waiting.batch, len(waiting.ids)) == ("New hours", 3)
    assert [row.detail for row in office.board.queue() if row.kind == "letter"] == [
        "Print: 3 letters"
    ]
    assert batches.print(made.id) == 3
    assert line.board() == ()
    (pages,) = spooler.pages
    assert page_count(pages[0]) == 3
    assert "Erste" in words(pages[0])[0]
    assert session.history(1)[0].state == "sealed"
    assert {row.status for row in letters.recent()} == {LetterStatus.SENT}
    (row,) = batches.recent()
    assert (row.letters, row.sent) == (3, 3)


def test_who_died_moved_into_another_file_or_asked_not_to_be_written_to_is_told_apart(
    batches: Batches, session: Session
) -> None:
    (kept,) = some(session, "Kept")
    (died,) = some(session, "Died", status="deceased")
    (stopped,) = some(session, "Stopped", is_not_to_contact=True)
    (gone,) = some(session, "Gone", status="archived")
    nowhere = a_patient(session, "Nowhere")
    with session.change("Merge", Permission.EDIT_PATIENTS):
        merged = Patient.create(chart_number="M1", family_name="Merged", merged_into=kept)

    plan = batches.plan(
        [Target(one) for one in (kept, died, stopped, gone, nowhere, merged.id)], "x"
    )

    assert {row.name.family: row.why_not for row in plan.left_out} == {
        "Died": "Has died",
        "Stopped": "Asked not to be contacted",
        "Gone": "The file is archived",
        "Merged": "The file was merged into another",
    }
    made = batches.write(plan, BLANK)
    assert made.letters == 1
    assert made.passed_over == (("Nowhere, Ada", "No address that holds today"),)
    assert batches.write(plan, BLANK, without_address=True).letters == 2
    with pytest.raises(Invalid, match="Nobody"):
        batches.write(batches.plan([Target(died)], "x"), BLANK)


def test_a_batch_stopped_or_undone_leaves_nothing(
    batches: Batches, letters: Letters, session: Session
) -> None:
    plan = batches.plan([Target(one) for one in some(session, "Erste", "Zweite")], "x")

    class Stopped(Exception):
        pass

    class StopAtTheSecond:
        def report(self, done: int, total: int, text: str = "") -> None:
            if done == 1:
                raise Stopped

        def check(self) -> None:
            pass

    with pytest.raises(Stopped):
        batches.write(plan, BLANK, progress=StopAtTheSecond())
    assert letters.recent() == ()

    made = batches.write(plan, BLANK)
    session.undo()
    assert letters.recent() == ()
    with pytest.raises(Conflict, match="no longer"):
        batches.print(made.id)


def test_a_visit_that_is_gone_is_passed_over_and_the_others_are_written(
    batches: Batches, session: Session
) -> None:
    provider = a_provider(session)
    people = some(session, "Erste", "Zweite")
    visits = [
        an_appointment(session, one, provider, starts_at=f"2026-03-12T1{place}:00")
        for place, one in enumerate(people)
    ]
    targets = Targets(session).visits_of(date(2026, 3, 12))
    assert [one.appointment_id for one in targets] == visits
    plan = batches.plan(targets, "Visits")
    with session.change("Take a booking back", Permission.EDIT_CALENDAR):
        Appointment.delete().where(Appointment.id == visits[0]).execute()

    made = batches.write(plan, "appointment_reminder")

    assert made.letters == 1
    assert made.passed_over[0][0] == "Erste, Ada"
    assert "no longer there" in made.passed_over[0][1]


def test_letters_are_saved_as_one_file_or_one_for_each(
    batches: Batches, session: Session, tmp_path: Path
) -> None:
    plan = batches.plan([Target(one) for one in some(session, "Erste", "O'Neil/Zwei")], "x")
    made = batches.write(plan, BLANK)

    batches.save(made.id, tmp_path / "all.pdf")
    batches.save_each(made.id, tmp_path)

    assert page_count((tmp_path / "all.pdf").read_bytes()) == 2
    assert sorted(path.name for path in tmp_path.glob("0*.pdf")) == [
        "0001 Erste, Ada.pdf",
        "0002 ONeilZwei, Ada.pdf",
    ]


def test_what_is_answered_once_holds_in_each_letter_and_each_language(
    batches: Batches, letters: Letters, session: Session
) -> None:
    plan = batches.plan(
        [Target(some(session, "Erste")[0]), Target(some(session, "Otra", language="es")[0])], "x"
    )
    same = SameForAll({"what": "school", "first": "2026-03-09"}, "en", (Alike("Map"),))

    batches.write(plan, "absence_note", same=same)

    english, spanish = (
        letters.text(letters.pdf(letters.of_patient(row.patient_id)[0].id)) for row in plan.rows
    )
    assert "Absence from school" in english
    assert "March 9, 2026" in english
    assert "Enclosure: Map" in english
    assert "escuela" in spanish
    assert "9 de marzo de 2026" in spanish
    assert "Anexo: Map" in spanish


def test_a_leaflet_and_each_ones_newest_paper_go_with_the_letters_and_are_printed_behind_them(
    batches: Batches,
    letters: Letters,
    session: Session,
    office: Office,
    spooler: FakeSpooler,
    tmp_path: Path,
) -> None:
    people = some(session, "Erste", "Zweite", "Ohne")
    results = office.documents.categories.save("Blood counts")
    for patient, title, day in (
        (people[0], "Older", 1), (people[0], "Newest of Erste", 9), (people[1], "Of Zweite", 5),
    ):  # fmt: skip
        office.documents.take_in(
            patient,
            Incoming(a_pdf(title), f"{title}.pdf", Source.CHOSEN),
            DocumentDraft(title, results, date(2026, 3, day)),
        )
    leaflet = office.leaflets.take_in(
        Incoming(a_pdf("How to reach us", "By bus"), "how_to_reach_us.pdf", Source.CHOSEN)
    )
    gone = SameForAll(enclosures=(Alike("Undone", leaflet.id + 1),))
    assert [row.why_not for row in batches.plan([Target(people[0])], "x", gone).rows] == [
        "The leaflet “Undone” is no longer there"
    ]
    with pytest.raises(Conflict, match="a leaflet already"):
        office.leaflets.take_in(Incoming(a_pdf("How to reach us", "By bus"), "x", Source.CHOSEN))
    same = SameForAll(
        enclosures=(
            Alike(leaflet.title, leaflet.id), Alike("Blood counts", category_id=results),
            Alike("A pen"),
        )
    )  # fmt: skip
    targets = [Target(one) for one in people]

    plan = batches.plan(targets, "x", same)
    assert [row.why_not for row in plan.rows] == [
        "",
        "",
        "Nothing under “Blood counts” in the file",
    ]
    made = batches.write(batches.plan(targets, "x"), BLANK, same=same)
    assert made.letters == 2
    assert made.passed_over[0][0] == "Ohne, Ada"
    first = letters.of_patient(people[0])[0]
    said = letters.text(letters.pdf(first.id))
    assert "Enclosures: how to reach us; Newest of Erste; A pen" in said

    office.leaflets.put_away(leaflet.id)
    assert office.leaflets.all() == ()
    spooler.is_two_sided = True
    assert batches.print(made.id) == 2
    printed = words(spooler.pages[-1][0])
    assert (
        len(printed) == 11
    )  # letter, empty, leaflet of two, paper, empty; the last needs no empty one
    assert [printed[place] for place in (2, 3, 4, 10)] == [
        "How to reach us", "By bus", "Newest of Erste", "Of Zweite",
    ]  # fmt: skip
    assert (printed[1], printed[5], printed[7]) == ("", "", "")
    assert "Zweite" in printed[6]
    spooler.is_two_sided = False
    batches.print(made.id, with_enclosures=False)
    assert page_count(spooler.pages[-1][0]) == 2
    batches.save(made.id, tmp_path / "all.pdf")
    assert page_count((tmp_path / "all.pdf").read_bytes()) == 8
    batches.save_each(made.id, tmp_path)
    assert page_count((tmp_path / "0001 Erste, Ada.pdf").read_bytes()) == 4

    (paper,) = office.documents.of_patient(people[1])
    office.documents.discard(paper.id, paper.version)
    with pytest.raises(Conflict, match="the letter to Ada Zweite is no longer in the file"):
        batches.print(made.id)
    assert len(spooler.pages) == 2


def test_letters_too_many_pages_at_once_go_to_paper_some_at_a_time(
    batches: Batches,
    letters: Letters,
    session: Session,
    spooler: FakeSpooler,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = batches.write(
        batches.plan([Target(one) for one in some(session, "A", "B", "C")], "x"), BLANK
    )

    monkeypatch.setattr(packets, "_PAGES_AT_ONCE", 2)
    batches.print(made.id)

    assert [page_count(pages[0]) for pages in spooler.pages] == [2, 1]
    assert {row.status for row in letters.recent()} == {LetterStatus.SENT}


def test_people_are_found_by_what_a_form_asks(session: Session) -> None:
    today = session.clock.today()
    robin = a_provider(session)
    (old,) = some(session, "Old", birth_date="1940-05-01", sex="F", language="es-MX")
    (young,) = some(session, "Young", birth_date="2015-05-01", sex="M", primary_provider=robin)
    (nobody,) = some(session, "Unborn", birth_date=None, status="inactive")
    an_appointment(session, old, robin, starts_at="2026-01-10T10:00", status="done")
    with session.change("Fill", Permission.EDIT_PATIENTS):
        payer = Payer.create(name="Harbor Health")
        Coverage.create(patient=young, payer=payer.id)
        kind = session.db.value("SELECT id FROM recall_type ORDER BY id LIMIT 1")
        if kind is not None:
            Recall.create(patient=old, recall_type=kind, due_on="2026-05-01")
    find = Targets(session).people

    def found(**asked: Any) -> list[int]:
        return [target.patient_id for target in find(PeopleQuery(**asked))]

    assert found() == [old, young]
    assert nobody not in found()
    assert found(least_age=65) == [old]
    assert found(most_age=10) == [young]
    assert found(least_age=10, most_age=10) == [young]
    assert found(sex="M") == [young]
    assert found(seen_since=date(2026, 1, 1)) == [old]
    assert found(not_seen_since=today - timedelta(days=365)) == [young]
    assert found(payer_id=payer.id) == [young]
    assert found(postal_code="0110") == [old, young]
    assert found(postal_code="9") == []
    assert found(provider_id=robin) == [young]
    assert found(language="es") == [old]
    if kind is not None:
        assert found(has_recall=True) == [old]
        assert found(has_recall=False) == [young]
    with pytest.raises(Invalid):
        found(least_age=20, most_age=10)


def test_letters_are_composed_some_at_a_time_however_many_there_are(
    batches: Batches, letters: Letters, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = batches.plan([Target(one) for one in some(session, "A", "B", "C", "D", "E")], "x")
    asked: list[int] = []
    composed_many = letters.composed_many

    def counted(abouts: Any, template: str, language: str = "") -> Any:
        asked.append(len(abouts))
        return composed_many(abouts, template, language)

    monkeypatch.setattr(batch, "_AT_ONCE", 2)
    monkeypatch.setattr(letters, "composed_many", counted)
    made = batches.write(plan, BLANK)

    assert (asked, made.letters) == ([2, 2, 1], 5)
