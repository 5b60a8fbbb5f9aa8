"""Tables of patients: headings guessed, dates read, rows as patients or with their reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from medsec_desktop.exchange.columns import NOTE, Mapping, guess, key_of, source_of
from medsec_desktop.exchange.dates import OrderSigns, order_of, read_date
from medsec_desktop.exchange.patient_table import PatientTable
from medsec_desktop.exchange.person_text import split_address, split_name
from medsec_desktop.exchange.quarantine import Quarantined, Unreadable
from medsec_desktop.exchange.records import PatientRecord
from medsec_desktop.exchange.table_look import look_through
from medsec_desktop.problems import Invalid

TODAY = date(2026, 3, 11)


def a_table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "patients.csv"
    path.write_bytes(text.encode(encoding))
    return path


def read(
    folder: Path, text: str, encoding: str = "utf-8", **targets: str
) -> list[PatientRecord | Quarantined]:
    """The table as it is guessed; a column named by keyword, blanks as _, is what is said."""
    path = a_table(folder, text, encoding)
    mapping = look_through(path).guessed()
    chosen = [
        targets.get(name.replace(" ", "_"), target)
        for name, target in zip(mapping.columns, mapping.targets, strict=True)
    ]
    return list(PatientTable(path, replace(mapping, targets=tuple(chosen)), TODAY).patients())


def one(folder: Path, text: str, **targets: str) -> PatientRecord:
    (record,) = read(folder, text, **targets)
    assert isinstance(record, PatientRecord), record
    return record


@pytest.mark.parametrize(
    ("headings", "targets"),
    [
        ("First Name,Last Name,DOB,Sex,Home Phone,Zip", "given family birth sex home zip"),
        ("PatNum,LName,FName,MiddleI,Birthdate,HmPhone,WirelessPhone,SSN",
         "external_id family given middle birth home mobile ssn"),
        ("pubpid,lname,fname,mname,DOB,ss,street,postal_code,phone_home,phone_cell,phone_biz",
         "chart family given middle birth ssn line1 zip home mobile work"),
        ("Given Name,Family Name,Birthday,E-mail 1 - Value,Phone 1 - Value,Address 1 - City",
         "given family birth email phone city"),
        ("Patient Last Name,patient_first_name,PatientDOB,Mobile Phone,Home Street,Home State",
         "family given birth mobile line1 state"),
        ("Apellido paterno,Apellido materno,Nombre(s),Fecha de nacimiento,Sexo,Teléfono celular",
         "family family given birth sex mobile"),
        ("Nombre completo,Fecha Nac.,Correo electrónico,Dirección,Código postal,Estado civil",
         "name birth email line1 zip marital"),
        ("Name,MRN,Primary Insurance,Policy Number,Group Number,Relationship to Subscriber",
         "name chart payer member group relation"),
        ("Emergency Contact,Emergency Phone,Guarantor,Notes,Favourite colour",
         "contact_name contact_phone guarantor_name note -"),
        ("Reason it was left out,Row in the file,Last Name,Name,First Name",
         "- - family - given"),
    ],
)  # fmt: skip
def test_headings_of_other_programs_are_understood(headings: str, targets: str) -> None:
    expected = tuple("" if target == "-" else target for target in targets.split())

    assert guess(headings.split(",")) == expected


def test_the_same_headings_are_one_source_whoever_added_the_reasons() -> None:
    plain = ("Id", "Last Name")

    assert source_of((*plain, "Reason it was left out", "Row in the file")) == source_of(plain)
    assert source_of(("Id", "Name")) != source_of(plain)
    assert key_of(("  ID ", "Last-Name")) == key_of(("Id", "last name"))


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("03/04/1984", "mdy", "1984-03-04"), ("03/04/1984", "dmy", "1984-04-03"),
        ("3.4.84", "dmy", "1984-04-03"), ("1984-03-04", "dmy", "1984-03-04"),
        ("1984/3/4", "mdy", "1984-03-04"), ("19840304", "mdy", "1984-03-04"),
        ("03041984", "mdy", "1984-03-04"), ("Mar 4, 1984", "dmy", "1984-03-04"),
        ("4 de marzo de 1984", "mdy", "1984-03-04"), ("04-MAR-84", "mdy", "1984-03-04"),
        ("1984-03-04T00:00:00Z", "mdy", "1984-03-04"), ("3/4/1984 12:00:00 AM", "mdy", "1984-03-04"),
        ("30745", "mdy", "1984-03-04"), ("3/4/25", "mdy", "2025-03-04"), ("3/4/27", "mdy", "1927-03-04"),
        ("1984", "mdy", "1984"), ("03/1984", "mdy", "1984-03"), ("marzo 1984", "mdy", "1984-03"),
    ],
)  # fmt: skip
def test_dates_are_read_as_they_are_written(text: str, order: str, iso: str) -> None:
    assert read_date(text, order, TODAY).iso == iso


@pytest.mark.parametrize(
    ("text", "said"),
    [("25/12/1984", "month first"), ("soon", "is not a date"), ("02/30/1984", "no day 30")],
)
def test_what_is_no_date_says_why(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_date(text, "mdy", TODAY)


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["03/04/1984", "25/12/1990"], "dmy"),
        (["03/04/1984", "12/25/1990"], "mdy"),
        (["03/04/1984", "05/06/1990"], ""),  # it must be asked
        (["25/12/1990", "12/25/1990"], ""),  # two programs wrote this
        (["1984-03-04", "84-03-04"], "ymd"),
        (["1984-03-04", "14.14.1984", "5/5/1984"], "mdy"),  # nothing reads two ways
    ],
)
def test_a_column_betrays_the_order_of_its_dates_or_it_is_asked(
    dates: list[str], order: str
) -> None:
    signs = OrderSigns()
    for text in dates:
        signs.see(text)

    assert order_of([signs]) == order


def test_names_in_one_column_are_taken_apart() -> None:
    assert split_name("Testperson, Ada Maria Jr.").given == "Ada"
    assert split_name("Testperson, Ada Maria Jr.").suffix == "Jr."
    parts = split_name("Ms. Ada Maria de la Cruz")
    assert (parts.prefix, parts.given, parts.middle, parts.family) == (
        "Ms.", "Ada", "Maria", "de la Cruz",
    )  # fmt: skip
    assert split_name("Testperson, Jr.").family == "Testperson"


def test_addresses_in_one_column_are_taken_apart() -> None:
    address = split_address("1 Elm St, Apt 4, Boston, Massachusetts 2101-1234")

    assert (address.line1, address.line2, address.city) == ("1 Elm St", "Apt 4", "Boston")
    assert (address.state, address.postal_code) == ("MA", "02101-1234")
    assert split_address("somewhere else").line1 == "somewhere else"


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", ","), ("cp1252", ";")],
)
def test_every_usual_encoding_and_separator_is_told_by_itself(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [["Last Name", "First Name", "DOB"], ["Muñoz", "Zoë", "1984-03-14"], ["Ng", "Li", ""]]
    text = "\r\n".join(separator.join(row) for row in rows)

    first, second = read(tmp_path, text, encoding)

    assert isinstance(first, PatientRecord)
    assert (first.family, first.given, first.birth_date) == ("Muñoz", "Zoë", "1984-03-14")
    assert isinstance(second, PatientRecord)


def test_a_column_of_numbers_is_no_name_whatever_its_heading(tmp_path: Path) -> None:
    record = one(tmp_path, 'Patient,"Last, First"\n7,"Testperson, Ada"\n')

    assert (record.external_id, record.family) == ("7", "Testperson")


def test_a_first_line_that_names_the_separator_is_no_row(tmp_path: Path) -> None:
    (record,) = read(tmp_path, "sep=;\nLast Name;First Name\nTestperson;Ada\n")

    assert isinstance(record, PatientRecord)
    assert record.given == "Ada"


def test_a_row_arrives_whole_and_in_our_own_terms(tmp_path: Path) -> None:
    record = one(
        tmp_path,
        "Id,Name,DOB,Sex,Marital Status,Language,Cell,Home Phone,E-mail,Address,City,State,Zip,SSN,"
        "Emergency Contact,Emergency Phone,Guarantor,Insurance,Member ID,Group,Copay,Subscriber,"
        "Relationship,Notes,Shoe size\n"
        '7,"Testperson, Ada M",03/14/1984,female,Casado/a,Español,617-555-0142;617-555-0143,n/a,'
        '"ada@mail.example, a@b.example",1 Elm St,Boston,massachusetts,2101,123-45-678,Next Kin,'
        "617-555-0199,Carl Testperson,Test Health,M1,G1,$25.50,Carl Testperson,wife,Likes tea,42\n",
        Shoe_size="custom:Shoe size",
    )

    assert (record.external_id, record.family, record.given, record.middle) == (
        "7", "Testperson", "Ada", "M",
    )  # fmt: skip
    assert (record.birth_date, record.sex, record.marital_status, record.language) == (
        "1984-03-14", "F", "married", "es",
    )  # fmt: skip
    assert [(phone.number, phone.kind) for phone in record.phones] == [
        ("617-555-0142", "mobile"),
        ("617-555-0143", "mobile"),
    ]
    assert (record.email, record.note) == (
        "ada@mail.example",
        "Likes tea\nOther e-mail: a@b.example",
    )
    assert (record.home.state, record.home.postal_code, record.ssn) == ("MA", "02101", "012345678")
    assert [(p.name, p.is_emergency_contact, p.is_guarantor) for p in record.people] == [
        ("Next Kin", True, False),
        ("Carl Testperson", False, True),
    ]
    (policy,) = record.policies
    assert (policy.payer_name, policy.member_id, policy.relation, policy.copay_cents) == (
        "Test Health", "M1", "spouse", 2550,
    )  # fmt: skip
    assert policy.subscriber_name == "Carl Testperson"
    assert record.custom == (("Shoe size", "42"),)
    assert [note.split()[1] for note in record.notes] == ["ZIP", "SSN"]


def test_columns_can_be_joined_and_a_date_can_be_three(tmp_path: Path) -> None:
    record = one(
        tmp_path,
        "Apellido paterno,Apellido materno,Nombre,Birth Day,Birth Month,Birth Year,House number,"
        "Street Name\nGarcía,Prueba,Ada,4,3,1984,12,Elm St\n",
    )

    assert record.family == "García Prueba"
    assert record.birth_date == "1984-03-04"
    assert record.home.line1 == "12 Elm St"


def test_an_unknown_column_can_become_a_line_of_the_note(tmp_path: Path) -> None:
    record = one(tmp_path, "Last Name,Shoe size\nTestperson,42\n", Shoe_size=NOTE)

    assert record.note == "Shoe size: 42"


@pytest.mark.parametrize(
    ("row", "said", "column"),
    [
        (",Ada,1984-03-14", "The family name of “Ada” is missing.", "Last Name"),
        ("Testperson,Ada,14.14.1984", "is not a date: there is no month 14", "DOB"),
        ("Testperson,Ada,2031-01-01", "is in the future", "DOB"),
        ("Testperson,Ada,1850-01-01", "would make an age of 176 years", "DOB"),
        ("Testperson,Ada", "has 2 of 3 values", ""),
        ('"Testperson,Ada', "A quotation mark is not closed|has 1 of 3", ""),
    ],
)
def test_a_row_that_cannot_be_taken_says_which_field_and_why(
    tmp_path: Path, row: str, said: str, column: str
) -> None:
    found = read(tmp_path, f"Last Name,First Name,DOB\n{row}\nNobody,Ben,1990-12-25\n")

    assert isinstance(found[0], Quarantined)
    assert any(part in found[0].sentence for part in said.split("|")), found[0].sentence
    assert (found[0].origin.row, found[0].field) == (2, column)


def test_without_a_number_the_same_person_has_the_same_key(tmp_path: Path) -> None:
    head = "Last Name,First Name,DOB\n"
    first = one(tmp_path, f"{head}Testperson,Ada,1984-03-14\n")
    again = one(tmp_path, f"{head}TESTPERSON,Áda,3/14/1984\n")
    other = one(tmp_path, f"{head}Testperson,Ada,1984-03-15\n")

    assert first.external_id == again.external_id != other.external_id


def test_what_cannot_serve_as_a_mapping_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = a_table(tmp_path, "Last Name,DOB\nTestperson,03/04/1984\n")
    mapping = look_through(path).guessed()

    with pytest.raises(Invalid, match="can be read in two ways"):
        PatientTable(path, mapping, TODAY)
    with pytest.raises(Invalid, match="which column holds the family name"):
        PatientTable(path, Mapping(mapping.columns, ("", "birth"), "mdy"), TODAY)
    with pytest.raises(Invalid, match="other columns"):
        PatientTable(path, Mapping(("Else",), ("family",), "mdy"), TODAY)
    twice = Mapping(("A", "B", "C"), ("family", "birth", "birth"))
    assert twice.faults() == ("Date of birth can be one column only; now it is “B”, “C”.",)
