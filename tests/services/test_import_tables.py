"""Tables, cards and FHIR taken in: recognised again, brought up to date, mended and sent again."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import CustomField, Patient, PatientPhone
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.imports import Choice, ImportOptions, ImportPlan, ImportReport
from medsec_desktop.services.imports.imports import Imports
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session
from medsec_desktop.store import journal
from tests.conftest import a_patient, a_provider
from tests.exchange.builders import VCARD

HEAD = "Id,Last Name,First Name,DOB,Sex,Cell,Address,City,State,Zip,Insurance,Member ID,Shoe size\n"
ADA = "7,Testperson,Ada,1984-03-14,F,617-555-0142,1 Elm St,Boston,MA,02101,Test Health,M1,42\n"
BEN = "8,Sampleton,Ben,1990-12-25,M,,,,,,,,\n"


@pytest.fixture
def imports(session: Session) -> Imports:
    return Imports(session, Practice(session), UTC)


def a_table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "patients.csv"
    path.write_text(head + "".join(rows), encoding="utf-8")
    return path


def taken(imports: Imports, path: Path, **choices: Choice) -> ImportReport:
    plan = imports.preview(imports.kind_of(path), path)
    report = imports.run(plan, {name.removeprefix("n"): choice for name, choice in choices.items()})
    assert report.tables == plan.tables
    assert all(table.is_balanced for table in report.tables)
    return report


def outcomes(of: ImportPlan | ImportReport) -> list[tuple[int, str, str]]:
    return [(row.row, row.becomes, row.details) for row in of.people]


def number(session: Session, table: str) -> int:
    return int(session.db.value(f"SELECT count(*) FROM {table}"))


def test_a_table_comes_in_with_everything_beside_the_patient(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    path = a_table(tmp_path, ADA, BEN)
    choice = imports.table(path)
    mapping = replace(choice.mapping, targets=(*choice.mapping.targets[:-1], "custom:Shoe size"))

    plan = imports.preview("csv", path, options=ImportOptions(mapping=mapping))
    report = imports.run(plan)

    assert [(table.what, table.new) for table in report.tables] == [
        ("Payers", 1),
        ("Patients", 2),
        ("Coverages", 1),
    ]
    assert session.db.one(
        "SELECT p.given_name, h.number, h.kind, a.city, c.member_id, y.name, v.value, f.name"
        " FROM patient p JOIN patient_phone h ON h.patient_id = p.id"
        " JOIN patient_address a ON a.patient_id = p.id JOIN coverage c ON c.patient_id = p.id"
        " JOIN payer y ON y.id = c.payer_id JOIN custom_value v ON v.patient_id = p.id"
        " JOIN custom_field f ON f.id = v.field_id"
    ) == ("Ada", "+16175550142", "mobile", "Boston", "M1", "Test Health", "42", "Shoe size")

    session.undo(report.operation_id)

    for table in ("patient", "payer", "coverage", "custom_field", "import_run"):
        assert number(session, table) == 0, table
    assert journal.verify(session.db).is_sound


def test_the_same_file_and_the_same_people_are_recognised(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    report = taken(imports, a_table(tmp_path, ADA, BEN))

    same = imports.preview("csv", a_table(tmp_path, ADA, BEN))
    newer = imports.preview("csv", a_table(tmp_path, ADA, BEN.replace("Ben", "Benjamin")))

    assert same.changes_nothing
    assert "was taken in on 03/11/2026 9:00 AM by Olive Owner" in same.taken_before
    assert newer.taken_before == ""
    assert outcomes(newer)[1] == (3, "changed", "Given name: Ben → Benjamin")
    session.undo(report.operation_id)
    assert imports.preview("csv", a_table(tmp_path, ADA, BEN)).taken_before == ""


def test_an_update_says_field_by_field_what_it_would_change(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    taken(imports, a_table(tmp_path, ADA))
    moved = "7,Testperson,Ada,1984-03-14,,617-555-0199,2 Oak St,Boston,MA,02101,Test Health,M2,42\n"

    report = taken(imports, a_table(tmp_path, moved))

    assert outcomes(report) == [
        (
            2,
            "changed",
            "Street: 1 Elm St → 2 Oak St · Phone: (617) 555-0142 → (617) 555-0199",
        )
    ]
    # A blank says nothing; the same policy under another number is no second one.
    assert session.db.one("SELECT sex FROM patient") == ("F",)
    assert session.db.rows("SELECT member_id FROM coverage") == [("M2",)]


def test_what_was_edited_here_stays(imports: Imports, session: Session, tmp_path: Path) -> None:
    taken(imports, a_table(tmp_path, ADA))
    with session.change("Mend the number", Permission.EDIT_PATIENTS):
        PatientPhone.update(number="+16175550111").execute()
        Patient.update(given_name="Adeline").execute()

    report = taken(imports, a_table(tmp_path, ADA))

    assert [table.kept for table in report.tables if table.what == "Patients"] == [1]
    assert "edited here" in report.problems[0].sentence
    assert session.db.value("SELECT given_name FROM patient") == "Adeline"
    assert session.db.rows("SELECT number FROM patient_phone") == [("+16175550111",)]


def test_people_without_numbers_are_known_by_name_and_birth(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    head = "Last Name,First Name,DOB,Cell\n"
    ada = "Testperson,Ada,1984-03-14,617-555-0142\n"
    report = taken(imports, a_table(tmp_path, ada, ada, head=head))
    again = taken(imports, a_table(tmp_path, ada, head=head))

    assert (report.problems[0].row, report.problems[0].is_left_out) == (3, True)
    assert "stands in row 2 already" in report.problems[0].sentence
    assert [row.becomes for row in again.people] == ["unchanged"]
    assert number(session, "patient") == 1


def test_a_number_of_another_program_never_overwrites_a_stranger(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    taken(imports, a_table(tmp_path, ADA))

    report = taken(
        imports,
        a_table(tmp_path, ADA.replace("Testperson,Ada,1984-03-14", "Nobody,Carl,1950-01-01")),
    )

    assert "is that of Testperson, Ada" in report.problems[0].sentence
    assert report.problems[0].is_left_out
    assert number(session, "patient") == 1


def test_a_possible_duplicate_is_skipped_merged_or_taken_as_new(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    here = a_patient(session, phone="+16175550142", sex="F", note="ours")
    path = a_table(tmp_path, ADA)

    plan = imports.preview("csv", path)
    assert [(row.row, row.patient_id, row.choice) for row in plan.duplicates] == [
        (2, here, Choice.SKIP)
    ]
    assert outcomes(plan)[0][1:] == ("skipped", "May be Testperson, Ada, chart T00001")

    merged = imports.run(plan, {"7": Choice.ATTACH})
    assert number(session, "patient") == 1
    assert session.db.rows("SELECT note FROM patient") == [("ours",)]
    assert session.db.rows("SELECT line1 FROM patient_address") == [("1 Elm St",)]
    assert session.db.rows("SELECT patient_id, member_id FROM coverage") == [(here, "M1")]
    assert "Street: 1 Elm St, Boston" in merged.people[0].details
    session.undo(merged.operation_id)

    imports.run(plan, {"7": Choice.IMPORT})
    assert number(session, "patient") == 2


def test_a_mapping_is_kept_for_tables_headed_alike(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    head = "Last Name,Nick,DOB\n"
    path = a_table(tmp_path, "Testperson,Addie,1984-03-14\n", head=head)
    choice = imports.table(path)
    assert (choice.mapping.targets, choice.is_remembered) == (("family", "", "birth"), False)
    chosen = replace(choice.mapping, targets=("family", "preferred", "birth"))

    report = imports.run(imports.preview("csv", path, options=ImportOptions(mapping=chosen)))
    session.undo(report.operation_id)
    again = imports.table(a_table(tmp_path, "Nobody,Benny,1990-12-25\n", head=head.upper()))

    assert (again.mapping.targets, again.is_remembered) == (chosen.targets, True)


def test_dates_that_read_two_ways_are_asked_about(imports: Imports, tmp_path: Path) -> None:
    path = a_table(tmp_path, "Testperson,Ada,03/04/1984\n", head="Last,First,DOB\n")
    choice = imports.table(path)

    assert choice.asks_for_order(choice.mapping)
    assert choice.example_date(choice.mapping) == "03/04/1984"
    with pytest.raises(Invalid, match="two ways"):
        imports.preview("csv", path)
    plan = imports.preview(
        "csv", path, options=ImportOptions(mapping=choice.ordered(choice.mapping, "dmy"))
    )
    assert plan.people[0].birth_date == "1984-04-03"


def test_what_was_left_out_is_mended_and_taken_in_alone(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    bad = '9,,Cléo,1990-13-25,F,"=HYPERLINK(""x"")",,,,,,,\n'
    source = a_table(tmp_path, ADA, bad)
    plan = imports.preview("csv", source)
    report = imports.run(plan)
    mended = tmp_path / "left out.csv"

    assert imports.save_refused(report, source, mended) == 1
    with mended.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["First Name"] == "Cléo"
    assert row["Cell"].startswith("'=")
    assert row["Reason it was left out"] == "Last Name: The family name of “Cléo” is missing."
    assert row["Row in the file"] == "3"

    text = mended.read_text("utf-8-sig").replace("9,,", "9,Nobody,").replace("1990-13", "1990-12")
    mended.write_text(text, "utf-8-sig")
    again = taken(imports, mended)
    assert [row.becomes for row in again.people] == ["new"]
    assert session.db.rows("SELECT external_source FROM patient GROUP BY 1") == [
        (session.db.value("SELECT external_source FROM patient"),)
    ]  # the mended rows count as the same source


def test_values_that_do_not_fit_a_field_of_ones_own_are_told(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    with session.change("Make fields", Permission.EDIT_SETTINGS):
        for name, kind, choices in (
            ("Consented", "tick", []),
            ("Since", "date", []),
            ("Size", "pick", ["S", "M"]),
            ("Kg", "number", []),
        ):
            CustomField.create(name=name, kind=kind, choices=json.dumps(choices))
    head = "Last Name,Consented,Since,Size,Kg\n"
    path = a_table(
        tmp_path, "Testperson,yes,2020-01-02,m,1200.5\n", "Nobody,x,soon,XL,heavy\n", head=head
    )
    mapping = replace(
        imports.table(path).mapping,
        targets=("family", "custom:Consented", "custom:Since", "custom:Size", "custom:Kg"),
    )

    report = imports.run(imports.preview("csv", path, options=ImportOptions(mapping=mapping)))

    assert session.db.rows("SELECT value FROM custom_value ORDER BY patient_id, field_id") == [
        ("1",), ("2020-01-02",), ("M",), ("1200.5",), ("1",),
    ]  # fmt: skip
    assert [problem.sentence for problem in report.problems] == [
        "“soon” is not a date for “Since”; left blank.",
        "“XL” is not one of its choices for “Size”; left blank.",
        "“heavy” is not a number for “Kg”; left blank.",
    ]


def test_a_chart_number_is_kept_where_it_is_free(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    a_patient(session, "Nobody", "Eve", chart_number="A-7", birth_date="1950-01-01")
    path = a_table(tmp_path, "Testperson,A-7\n", "Sampleton,A-8\n", head="Last Name,MRN\n")

    report = taken(imports, path)

    assert [problem.sentence for problem in report.problems] == [
        "Chart number A-7 is taken; the next free one is given."
    ]
    assert (
        session.db.value("SELECT chart_number FROM patient WHERE family_name = 'Sampleton'")
        == "A-8"
    )


def test_an_import_of_hundreds_is_undone_as_one_until_somebody_built_on_it(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    rows = [f"{n},Testperson{n},Ada,1984-03-14,F,617-555-0142,,,,,,,\n" for n in range(600)]
    report = taken(imports, a_table(tmp_path, *rows))
    assert number(session, "patient") == 600
    with session.change("Mend a name", Permission.EDIT_PATIENTS):
        Patient.update(given_name="Eve").where(Patient.id == 3).execute()

    with pytest.raises(Conflict, match="changed again since"):
        session.undo(report.operation_id)
    session.undo()
    session.undo(report.operation_id)

    assert number(session, "patient") == number(session, "patient_phone") == 0
    assert number(session, "patient_search") == 0


def test_cards_come_in_and_are_recognised(
    imports: Imports, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "people.vcf"
    path.write_text(
        VCARD + VCARD.replace("Ada", "Ben") + "BEGIN:VCARD\nEMAIL:x@y.example\nEND:VCARD\n"
    )

    report = taken(imports, path)
    again = imports.preview("vcard", path)
    imports.save_refused(report, path, tmp_path / "left out.csv")

    assert number(session, "patient") == 2
    assert again.changes_nothing
    assert "EMAIL:x@y.example" in (tmp_path / "left out.csv").read_text("utf-8-sig")


def test_fhir_brings_the_family_the_payer_and_the_coming_visit(
    office: Office, session: Session, tmp_path: Path
) -> None:
    chen = a_provider(session)
    resources = [
        {"resourceType": "Organization", "id": "o-1", "name": "Test Health"},
        {"resourceType": "Practitioner", "id": "d-1", "name": [{"family": "Chen", "given": ["Robin"]}]},
        {"resourceType": "Patient", "id": "p-1", "name": [{"family": "Testperson", "given": ["Ada"]}],
         "birthDate": "2018-05-01", "generalPractitioner": [{"reference": "Practitioner/d-1"}]},
        {"resourceType": "Patient", "id": "p-2", "name": [{"family": "Testperson", "given": ["Carl"]}]},
        {"resourceType": "RelatedPerson", "id": "r-1", "patient": {"reference": "Patient/p-1"},
         "name": [{"family": "Kin", "given": ["Next"]}], "relationship": [{"coding": [{"code": "N"}]}]},
        {"resourceType": "Coverage", "id": "c-1", "status": "active", "subscriberId": "M1",
         "beneficiary": {"reference": "Patient/p-1"}, "subscriber": {"reference": "Patient/p-2"},
         "relationship": {"coding": [{"code": "child"}]}, "payor": [{"reference": "Organization/o-1"}]},
        {"resourceType": "Appointment", "id": "a-1", "status": "booked", "start": "2026-03-12T10:00:00",
         "end": "2026-03-12T10:30:00", "participant": [{"actor": {"reference": "Patient/p-1"}},
                                                      {"actor": {"reference": "Practitioner/d-1"}}]},
        {"resourceType": "Observation", "id": "x"},
    ]  # fmt: skip
    path = tmp_path / "all.ndjson"
    path.write_text("\n".join(json.dumps(one) for one in resources))

    report = taken(office.imports, path)
    again = office.imports.preview("fhir", path)

    assert session.db.one(
        "SELECT c.subscriber_name, s.given_name, c.subscriber_relation, y.name, r.name,"
        " p.primary_provider_id, a.provider_id, a.starts_at FROM coverage c"
        " JOIN patient p ON p.id = c.patient_id JOIN patient s ON s.id = c.subscriber_patient_id"
        " JOIN payer y ON y.id = c.payer_id JOIN related_person r ON r.patient_id = p.id"
        " JOIN appointment a ON a.patient_id = p.id"
    ) == (
        "Carl Testperson",
        "Carl",
        "child",
        "Test Health",
        "Next Kin",
        chen,
        chen,
        "2026-03-12T10:00",
    )
    assert again.changes_nothing
    assert [(row.holds, row.rows) for row in again.aside] == [("observation", 1)]
    session.undo(report.operation_id)
    assert number(session, "appointment") == number(session, "patient") == 0


def test_what_cannot_be_imported_is_told_by_its_content(imports: Imports, tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    for content, said in (
        (b"", "is empty"),
        (b"PK\x03\x04rest", "not a file that can be imported"),
        (b"ISA*00*", "X12"),
    ):
        path.write_bytes(content)

        with pytest.raises(Invalid, match=said):
            imports.kind_of(path)
