"""Importing: looked at first, all or nothing, recognised again, undone as one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import pytest

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Patient
from medsec_desktop.problems import Invalid, NotAllowed
from medsec_desktop.services.imports import (
    Choice,
    ImportOptions,
    ImportPlan,
    ImportReport,
    Imports,
    TableCount,
)
from medsec_desktop.services.patients import Patients
from medsec_desktop.services.practice import PayerDraft, Practice
from medsec_desktop.services.session import Session
from medsec_desktop.store import journal
from medsec_desktop.store.first_rows import FirstRows
from tests.conftest import a_patient, a_user
from tests.exchange.builders import PATIENT, PAYER, SPELL, VISIT, a_synthea_folder

TWIN = {"birth_date": "1984-03-14", "sex": "F"}


@pytest.fixture
def imports(session: Session) -> Imports:
    return Imports(session, Practice(session), UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_synthea_folder(tmp_path / "synthea")


def taken(imports: Imports, folder: Path, **choices: Choice) -> ImportReport:
    plan = imports.preview("synthea", folder)
    return imports.run(plan, {name.replace("_", "-"): choice for name, choice in choices.items()})


def count(of: ImportPlan | ImportReport, what: str) -> TableCount:
    return next(table for table in of.tables if table.what == what)


def number(session: Session, table: str) -> int:
    return int(session.db.value(f"SELECT count(*) FROM {table}"))


class Stop(Exception):
    """What a cancelled job raises."""


class StopAt:
    """Stops the work when it reports `text`."""

    def __init__(self, text: str):
        self._text = text

    def report(self, done: int, total: int, text: str = "") -> None:
        if text == self._text:
            raise Stop

    def check(self) -> None:
        pass


def test_a_preview_writes_nothing(imports: Imports, session: Session, folder: Path) -> None:
    before = number(session, "row_change")

    plan = imports.preview("synthea", folder)

    assert number(session, "row_change") == before
    assert [(table.what, table.rows, table.new) for table in plan.tables] == [
        ("Organizations", 1, 1),
        ("Payers", 2, 1),
        ("Providers", 1, 1),
        ("Patients", 1, 1),
        ("Coverages", 1, 1),
        ("Visits", 1, 1),
    ]
    assert [(one.name, one.becomes) for one in plan.people] == [("Testperson958, Ada46", "new")]
    assert [(row.file, row.rows) for row in plan.aside] == [("allergies.csv", 2)]


def test_a_run_does_what_the_preview_said(imports: Imports, session: Session, folder: Path) -> None:
    plan = imports.preview("synthea", folder)

    report = imports.run(plan)

    assert report.tables == plan.tables
    assert report.problems == plan.problems
    for table in ("organization", "payer", "provider", "patient", "coverage", "encounter"):
        assert number(session, table) == 1


def test_a_patient_is_on_file_and_found(imports: Imports, session: Session, folder: Path) -> None:
    taken(imports, folder)

    (hit,) = Patients(session, Practice(session)).find("testp ada")

    assert hit.chart_number
    assert session.db.one(
        "SELECT p.family_name, p.birth_date, p.ssn, p.status, a.state, a.postal_code"
        " FROM patient p JOIN patient_address a ON a.patient_id = p.id"
    ) == ("Testperson958", "1984-03-14", "999123456", "active", "MA", "02101")


def test_visits_point_at_their_patient_provider_place_and_payer(
    imports: Imports, session: Session, folder: Path
) -> None:
    taken(imports, folder)

    assert session.db.one(
        "SELECT p.external_id, d.family_name, o.name, y.name, e.starts_at, e.duration_min, e.kind"
        " FROM encounter e JOIN patient p ON p.id = e.patient_id"
        " JOIN provider d ON d.id = e.provider_id JOIN organization o ON o.id = e.organization_id"
        " JOIN payer y ON y.id = e.payer_id"
    ) == (
        "p-1",
        "Testdoctor8",
        "TEST HOSPITAL",
        "Test Health",
        "2023-07-27T16:17",
        15,
        "ambulatory",
    )
    assert session.db.value("SELECT is_bookable FROM provider") == 0


def test_every_row_is_accounted_for(imports: Imports, tmp_path: Path) -> None:
    folder = a_synthea_folder(
        tmp_path / "s",
        patients=[PATIENT, PATIENT | {"Id": "p-2", "LAST": ""}],
        payer_transitions=[
            SPELL,
            SPELL | {"START_YEAR": "2020-03-01T15:00:00Z", "END_YEAR": "2021-03-01T15:00:00Z"},
            SPELL | {"PAYER": "y-0"},
            SPELL | {"PATIENT": "p-2"},
            SPELL | {"PAYER": "y-9"},
        ],
        encounters=[VISIT, VISIT | {"Id": "v-2", "PATIENT": "nobody"}, VISIT],
    )

    report = taken(imports, folder)

    assert all(table.is_balanced for table in report.tables)
    coverages, visits = count(report, "Coverages"), count(report, "Visits")
    assert (coverages.new, coverages.merged, coverages.set_aside, coverages.left_out) == (
        1,
        1,
        1,
        2,
    )
    assert (visits.new, visits.left_out) == (1, 2)
    assert [problem.where for problem in report.problems if problem.is_left_out] == [
        "patients.csv, row 3",
        "payer_transitions.csv, row 5",
        "payer_transitions.csv, row 6",
        "encounters.csv, row 3",
        "encounters.csv, row 4",
    ]


def test_the_run_is_kept_with_its_whole_report(
    imports: Imports, session: Session, folder: Path
) -> None:
    report = taken(imports, folder)

    kind, source, kept = session.db.one("SELECT kind, source, report FROM import_run") or ()
    assert (kind, source) == ("synthea", "synthea")
    assert json.loads(kept)["tables"] == json.loads(json.dumps(report.as_dict()["tables"]))
    assert report.run_id == 1
    assert "organizations.csv" in report.text()
    assert "Not taken in by this version:\n  allergies.csv: 2 rows (allergies)" in report.text()


def test_an_import_is_one_change_undone_and_redone_as_one(
    imports: Imports, session: Session, folder: Path
) -> None:
    report = taken(imports, folder)

    session.undo(report.operation_id)
    gone = number(session, "patient") + number(session, "encounter") + number(session, "coverage")
    session.redo(report.operation_id)

    assert gone == 0
    assert number(session, "patient") == 1
    assert journal.verify(session.db).is_sound


def test_stopping_halfway_leaves_nothing(imports: Imports, session: Session, folder: Path) -> None:
    plan = imports.preview("synthea", folder)
    before = number(session, "row_change")

    with pytest.raises(Stop):
        imports.run(plan, {}, StopAt("Visits"))

    assert number(session, "patient") == 0
    assert number(session, "row_change") == before
    assert not session.db.rows("SELECT * FROM patient_search")


def test_importing_again_recognises_everything(
    imports: Imports, session: Session, folder: Path
) -> None:
    taken(imports, folder)

    plan = imports.preview("synthea", folder)
    report = imports.run(plan)

    assert plan.changes_nothing
    assert all(table.new == table.changed == 0 for table in report.tables)
    assert number(session, "patient") == number(session, "coverage") == 1


def test_what_changed_in_the_source_is_brought_up_to_date(
    imports: Imports, session: Session, folder: Path
) -> None:
    taken(imports, folder)
    a_synthea_folder(
        folder,
        patients=[PATIENT | {"ADDRESS": "9 Oak St", "DEATHDATE": "2024-01-02"}],
        payer_transitions=[SPELL | {"END_YEAR": "2021-03-01T15:00:00Z"}],
    )

    report = taken(imports, folder)

    assert (count(report, "Patients").changed, count(report, "Coverages").changed) == (1, 1)
    assert session.db.one(
        "SELECT p.status, p.deceased_on, p.version, a.line1, c.ends_on FROM patient p"
        " JOIN patient_address a ON a.patient_id = p.id JOIN coverage c ON c.patient_id = p.id"
    ) == ("deceased", "2024-01-02", 2, "9 Oak St", "2021-02-28")


def test_what_was_typed_here_is_never_overwritten(
    imports: Imports, session: Session, folder: Path
) -> None:
    taken(imports, folder)
    with session.change("Correct a name", Permission.EDIT_PATIENTS):
        Patient.update(given_name="Adele").execute()
    a_synthea_folder(folder, patients=[PATIENT | {"FIRST": "Adelheid"}])

    report = taken(imports, folder)

    assert count(report, "Patients").kept == 1
    assert session.db.value("SELECT given_name FROM patient") == "Adele"
    assert any("edited here" in problem.sentence for problem in report.problems)


def test_somebody_who_seems_to_be_on_file_is_flagged_with_the_reason(
    imports: Imports, session: Session, folder: Path
) -> None:
    here = a_patient(session, "Testperson958", "Ada46", **TWIN)

    (row,) = imports.preview("synthea", folder).duplicates

    assert (row.external_id, row.patient_id, row.choice) == ("p-1", here, Choice.SKIP)
    assert "the same date of birth" in row.reason
    assert "Testperson958, Ada46" in row.existing


def test_the_same_number_is_flagged_whatever_the_name(
    imports: Imports, session: Session, folder: Path
) -> None:
    a_patient(session, "Testperson958", "Adele", birth_date="1984-03-14", ssn="999123456")

    assert len(imports.preview("synthea", folder).duplicates) == 1


def test_a_sister_born_the_same_day_is_not_flagged(
    imports: Imports, session: Session, folder: Path
) -> None:
    a_patient(session, "Testperson958", "Beatrix", **TWIN)

    assert imports.preview("synthea", folder).duplicates == ()


def test_a_skipped_patient_leaves_her_visits_and_coverages_out(
    imports: Imports, session: Session, folder: Path
) -> None:
    a_patient(session, "Testperson958", "Ada46", **TWIN)

    report = taken(imports, folder)

    assert [count(report, what).skipped for what in ("Patients", "Coverages", "Visits")] == [
        1,
        1,
        1,
    ]
    assert number(session, "patient") == 1
    assert number(session, "encounter") == 0


def test_an_attached_patient_keeps_her_file_and_gets_the_visits(
    imports: Imports, session: Session, folder: Path
) -> None:
    here = a_patient(session, "Testperson958", "Ada46", note="ours", **TWIN)

    report = taken(imports, folder, p_1=Choice.ATTACH)
    again = imports.preview("synthea", folder)

    assert count(report, "Patients").attached == 1
    assert session.db.value("SELECT patient_id FROM encounter") == here
    # What her file did not say yet came along; what it said stands.
    assert session.db.one("SELECT count(*), note, ssn FROM patient") == (1, "ours", "999123456")
    assert again.duplicates == ()
    assert count(again, "Patients").kept == 1


def test_another_person_of_that_name_can_be_taken_in(
    imports: Imports, session: Session, folder: Path
) -> None:
    a_patient(session, "Testperson958", "Ada46", **TWIN)

    taken(imports, folder, p_1=Choice.IMPORT)

    assert number(session, "patient") == 2
    assert number(session, "encounter") == 1


def test_the_choice_for_all_others_comes_from_the_options(
    imports: Imports, session: Session, folder: Path
) -> None:
    a_patient(session, "Testperson958", "Ada46", **TWIN)
    options = ImportOptions(duplicates=Choice.IMPORT)

    imports.run(imports.preview("synthea", folder, options=options))

    assert number(session, "patient") == 2


def test_a_payer_of_the_same_name_is_the_same_payer(
    imports: Imports, session: Session, folder: Path
) -> None:
    ours = Practice(session).save_payer(PayerDraft(name="TEST health"))

    report = taken(imports, folder)
    again = imports.preview("synthea", folder)

    assert count(report, "Payers").attached == 1
    assert number(session, "payer") == 1
    assert session.db.value("SELECT payer_id FROM coverage") == ours
    assert again.changes_nothing


def test_a_second_payer_makes_a_secondary_coverage(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    other = PAYER | {"Id": "y-2", "NAME": "Other Health"}
    folder = a_synthea_folder(
        tmp_path / "s",
        payers=[PAYER, other],
        payer_transitions=[SPELL | {"SECONDARY_PAYER": "y-2"}],
    )

    report = taken(imports, folder)

    assert report.secondary == 1
    assert session.db.rows(
        "SELECT c.rank, y.name, c.member_id FROM coverage c JOIN payer y ON y.id = c.payer_id"
        " ORDER BY c.id"
    ) == [("primary", "Test Health", "m-1"), ("secondary", "Other Health", "")]


def test_the_guardian_of_a_minor_owes_and_holds_but_these_are_two_things(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    folder = a_synthea_folder(
        tmp_path / "s",
        patients=[PATIENT | {"BIRTHDATE": "2015-01-01"}],
        payer_transitions=[
            SPELL | {"OWNERSHIP": "Guardian", "OWNERNAME": "Old Guardian"},
            SPELL
            | {
                "OWNERSHIP": "Guardian",
                "OWNERNAME": "New Guardian",
                "START_YEAR": "2020-03-01T15:00:00Z",
                "END_YEAR": "2021-03-01T15:00:00Z",
            },
        ],
    )

    report = taken(imports, folder)
    again = taken(imports, folder)

    assert session.db.rows("SELECT name, relation, is_guarantor FROM related_person") == [
        ("New Guardian", "guardian", 1)
    ]
    assert session.db.rows(
        "SELECT subscriber_relation, subscriber_name FROM coverage ORDER BY starts_on"
    ) == [("child", "Old Guardian"), ("child", "New Guardian")]
    assert (report.guarantors, again.guarantors) == (1, 0)


def test_a_grown_up_has_no_guardian_any_more(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    spell = SPELL | {"OWNERSHIP": "Guardian", "OWNERNAME": "Old Guardian"}
    folder = a_synthea_folder(tmp_path / "s", payer_transitions=[spell])

    taken(imports, folder)

    assert number(session, "related_person") == 0


def test_only_those_who_may_import(session: Session, folder: Path) -> None:
    secretary = a_user(session, "sam", Role.SECRETARY)
    session.switch_user(secretary)

    with pytest.raises(NotAllowed):
        Imports(session, Practice(session)).preview("synthea", folder)


def test_an_unknown_kind_is_refused_with_what_there_is(imports: Imports, folder: Path) -> None:
    with pytest.raises(Invalid, match="takes in: csv, vcard, fhir, synthea"):
        imports.preview("abacus", folder)


def test_remarks_beyond_the_limit_are_counted(
    imports: Imports, folder: Path, tmp_path: Path
) -> None:
    visits = [VISIT | {"Id": f"v-{n}", "PATIENT": "nobody"} for n in range(30)]
    folder = a_synthea_folder(tmp_path / "many", encounters=visits)

    with few_listed(10):
        plan = imports.preview("synthea", folder)

    assert len(plan.problems) == 10
    assert plan.problems_unlisted == 30 + 2 - 10  # two ZIP codes got their zero back


@contextmanager
def few_listed(limit: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("medsec_desktop.services.imports.tally.LISTED_AT_MOST", limit)
        yield


def test_where_a_number_stood_first_is_remembered_among_many() -> None:
    rows, numbers = FirstRows(), [f"{n % 7_000}-é" for n in range(20_000)]

    found = [rows.first(number, row) for row, number in enumerate(numbers)]

    assert found == [row % 7_000 for row in range(20_000)]
    assert len(rows) == 7_000
    assert ("6999-é" in rows, "7000-é" in rows) == (True, False)
    rows.close()
