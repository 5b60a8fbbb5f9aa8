"""Synthea folders: each row a record, folded into one, or left out with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from medsec_desktop.exchange.quarantine import Folded, Quarantined
from medsec_desktop.exchange.records import (
    CoverageRecord,
    OrganizationRecord,
    PatientRecord,
    PayerRecord,
    ProviderRecord,
    VisitRecord,
)
from medsec_desktop.exchange.synthea import SyntheaFolder
from medsec_desktop.problems import Invalid
from tests.exchange.builders import (
    NO_PAYER,
    ORGANIZATION,
    PATIENT,
    PAYER,
    PROVIDER,
    SPELL,
    VISIT,
    a_synthea_folder,
)

BOSTON = ZoneInfo("America/New_York")


def a_patient_of(tmp_path: Path, **fields: str) -> PatientRecord | Quarantined:
    folder = a_synthea_folder(tmp_path / "s", patients=[PATIENT | fields])
    return next(SyntheaFolder(folder, wall_clock=BOSTON).patients())


def coverages(
    tmp_path: Path, *spells: dict[str, str]
) -> list[CoverageRecord | Quarantined | Folded]:
    folder = a_synthea_folder(tmp_path / "s", payer_transitions=[SPELL | spell for spell in spells])
    return list(SyntheaFolder(folder, wall_clock=BOSTON).coverages())


def test_a_patient_arrives_in_our_own_terms(tmp_path: Path) -> None:
    record = a_patient_of(tmp_path)

    assert isinstance(record, PatientRecord)
    assert (record.family, record.given, record.former) == ("Testperson958", "Ada46", "Nobody12")
    assert (record.sex, record.birth_date, record.ssn) == ("F", "1984-03-14", "999123456")
    assert record.marital_status == "married"
    assert (record.home.state, record.home.postal_code) == ("MA", "02101")
    assert record.notes == ("The ZIP 2101 was read as 02101: a leading zero had been lost.",)


def test_digits_come_off_names_only_when_asked(tmp_path: Path) -> None:
    folder = SyntheaFolder(a_synthea_folder(tmp_path / "s"), strip_digits=True)

    record = next(folder.patients())

    assert isinstance(record, PatientRecord)
    assert (record.family, record.given) == ("Testperson", "Ada")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"LAST": ""}, "no last name"),
        ({"Id": ""}, "no Id"),
        ({"BIRTHDATE": "1984-13-14"}, "“1984-13-14” is not a date of birth"),
        ({"BIRTHDATE": "soon"}, "“soon” is not a date of birth"),
        ({"DEATHDATE": "1983-01-01"}, "before the date of birth"),
        ({"DEATHDATE": "later"}, "“later” is not a time"),
    ],
)
def test_a_patient_without_sense_is_left_out_with_a_sentence(
    tmp_path: Path, fields: dict[str, str], sentence: str
) -> None:
    record = a_patient_of(tmp_path, **fields)

    assert isinstance(record, Quarantined)
    assert str(record.origin) == "patients.csv, row 2"
    assert sentence in record.sentence


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"GENDER": "X"}, "“X” is not F or M"),
        ({"MARITAL": "Q"}, "“Q” is unknown"),
        ({"SSN": "999-12"}, "social security number"),
        ({"STATE": "Bavaria"}, "“Bavaria” is not a state"),
        ({"BIRTHDATE": ""}, "no date of birth"),
    ],
)
def test_a_doubtful_value_is_left_blank_and_said(
    tmp_path: Path, fields: dict[str, str], sentence: str
) -> None:
    record = a_patient_of(tmp_path, **fields)

    assert isinstance(record, PatientRecord)
    assert any(sentence in note for note in record.notes)


def test_an_id_that_occurs_twice_is_left_out_the_second_time(tmp_path: Path) -> None:
    folder = a_synthea_folder(tmp_path / "s", patients=[PATIENT, PATIENT | {"FIRST": "Eve"}])

    first, second = SyntheaFolder(folder).patients()

    assert isinstance(first, PatientRecord)
    assert isinstance(second, Quarantined)


def test_a_death_is_kept_as_its_day(tmp_path: Path) -> None:
    record = a_patient_of(tmp_path, DEATHDATE="2004-03-21T02:25:06Z")

    assert isinstance(record, PatientRecord)
    assert record.deceased_on == "2004-03-20"  # nine in the evening before, in Boston


def test_consecutive_years_of_one_policy_are_one_coverage(tmp_path: Path) -> None:
    years = [
        {"START_YEAR": f"{year}-03-01T15:00:00Z", "END_YEAR": f"{year + 1}-03-01T15:00:00Z"}
        for year in (2019, 2020, 2021)
    ]

    found = coverages(tmp_path, *years)

    assert [type(item) for item in found] == [Folded, Folded, CoverageRecord]
    assert isinstance(found[2], CoverageRecord)
    assert (found[2].starts_on, found[2].ends_on) == (date(2019, 3, 1), date(2022, 2, 28))


@pytest.mark.parametrize(
    "other",
    [
        {"MEMBERID": "m-2"},
        {"PAYER": "y-2"},
        {"PATIENT": "p-2"},
        {"OWNERSHIP": "Spouse"},
        {"START_YEAR": "2021-03-01T15:00:00Z", "END_YEAR": "2022-03-01T15:00:00Z"},
    ],
    ids=["member id", "payer", "patient", "subscriber", "a year between"],
)
def test_another_policy_is_another_coverage(tmp_path: Path, other: dict[str, str]) -> None:
    following = {"START_YEAR": "2020-03-01T15:00:00Z", "END_YEAR": "2021-03-01T15:00:00Z"}

    found = coverages(tmp_path, {}, following | other)

    assert [type(item) for item in found] == [CoverageRecord, CoverageRecord]


@pytest.mark.parametrize(
    ("ownership", "relation", "subscriber"),
    [
        ("Self", "self", ""),
        ("Guardian", "child", "Ada46 Testperson958"),
        ("Spouse", "spouse", "Ada46 Testperson958"),
        ("", "self", ""),
        ("Cousin", "other", "Ada46 Testperson958"),
    ],
)
def test_ownership_says_whose_policy_it_is(
    tmp_path: Path, ownership: str, relation: str, subscriber: str
) -> None:
    (found,) = coverages(tmp_path, {"OWNERSHIP": ownership})

    assert isinstance(found, CoverageRecord)
    assert (found.relation, found.subscriber_name) == (relation, subscriber)
    assert found.is_guardian == (ownership == "Guardian")


def test_plain_years_are_read_as_whole_years(tmp_path: Path) -> None:
    (found,) = coverages(tmp_path, {"START_YEAR": "2019", "END_YEAR": "2020"})

    assert isinstance(found, CoverageRecord)
    assert (found.starts_on, found.ends_on) == (date(2019, 1, 1), date(2020, 12, 31))


def test_having_no_insurance_is_no_coverage_and_no_payer(tmp_path: Path) -> None:
    (found,) = coverages(tmp_path, {"PAYER": NO_PAYER["Id"]})
    payers = list(SyntheaFolder(tmp_path / "s").payers())

    assert isinstance(found, Folded)
    assert [payer.is_placeholder for payer in payers if isinstance(payer, PayerRecord)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"START_YEAR": "soon"}, "“soon” is not a time"),
        ({"START_YEAR": "2021", "END_YEAR": "2019"}, "before it begins"),
        ({"START_YEAR": ""}, "no START_YEAR"),
        ({"START_YEAR": "9999-12-31T23:59:59Z"}, "not plausible"),
    ],
)
def test_a_policy_without_sense_is_left_out(
    tmp_path: Path, fields: dict[str, str], sentence: str
) -> None:
    (found,) = coverages(tmp_path, fields)

    assert isinstance(found, Quarantined)
    assert sentence in found.sentence


def test_visits_stand_in_the_clinics_own_time(tmp_path: Path) -> None:
    folder = a_synthea_folder(tmp_path / "s")

    in_boston = next(SyntheaFolder(folder, wall_clock=BOSTON).visits())
    in_utc = next(SyntheaFolder(folder, wall_clock=UTC).visits())

    assert isinstance(in_boston, VisitRecord)
    assert isinstance(in_utc, VisitRecord)
    assert in_boston.starts_at == datetime(2023, 7, 27, 12, 17)
    assert in_utc.starts_at == datetime(2023, 7, 27, 16, 17)
    assert in_boston.duration_min == 15


def test_a_visit_that_ends_before_it_begins_has_no_length(tmp_path: Path) -> None:
    folder = a_synthea_folder(tmp_path / "s", encounters=[VISIT | {"STOP": "2023-07-26T00:00:00Z"}])

    record = next(SyntheaFolder(folder).visits())

    assert isinstance(record, VisitRecord)
    assert record.duration_min == 0
    assert "ends before it begins" in record.notes[0]


def test_providers_and_places_are_read(tmp_path: Path) -> None:
    folder = SyntheaFolder(a_synthea_folder(tmp_path / "s"))

    provider, place = next(folder.providers()), next(folder.organizations())

    assert isinstance(provider, ProviderRecord)
    assert isinstance(place, OrganizationRecord)
    assert (provider.family, provider.given) == ("Testdoctor8", "Robin7")
    assert provider.specialty == "General practice"
    assert provider.organization == ORGANIZATION["Id"] == PROVIDER["ORGANIZATION"]
    assert place.kind == "hospital"


def test_zip_codes_get_their_zero_back_only_where_there_was_one(tmp_path: Path) -> None:
    texan = PAYER | {"Id": "y-3", "STATE_HEADQUARTERED": "TX", "ZIP": "7500"}
    folder = SyntheaFolder(a_synthea_folder(tmp_path / "s", payers=[PAYER, texan]))

    zips = [
        payer.address.postal_code for payer in folder.payers() if isinstance(payer, PayerRecord)
    ]

    assert zips == ["06156", "7500"]


def test_what_is_not_taken_in_is_named_and_counted(tmp_path: Path) -> None:
    folder = SyntheaFolder(a_synthea_folder(tmp_path / "s"))

    assert [(left.file, left.holds, left.rows) for left in folder.left_aside()] == [
        ("allergies.csv", "allergies", 2)
    ]
    assert folder.columns_left_aside()["encounters.csv"] == ("CODE",)
    assert folder.columns_left_aside()["patients.csv"] == ("RACE",)


def test_a_folder_without_patients_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"has no patients\.csv"):
        SyntheaFolder(tmp_path)


def test_a_table_without_its_columns_is_refused_by_name(tmp_path: Path) -> None:
    folder = a_synthea_folder(tmp_path / "s")
    (folder / "encounters.csv").write_text("Id,WHEN\n1,2\n", "utf-8")

    with pytest.raises(Invalid, match=r"“encounters.csv” lacks the columns START, PATIENT"):
        SyntheaFolder(folder)
