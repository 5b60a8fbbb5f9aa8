"""Who is found by what somebody types, and that the search tables never fall out of step."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medsec_desktop.domain.people import fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.person_query import Reading, understand
from medsec_desktop.models import Coverage, Patient, PatientPhone, Payer
from medsec_desktop.services.session import Session
from medsec_desktop.store import search, search_index
from tests.conftest import a_patient

TODAY = date(2026, 3, 11)


def names(session: Session, text: str, **how: bool) -> list[str]:
    ids = search.find(session.db, text, TODAY, **how)
    return [
        session.db.value("SELECT given_name || ' ' || family_name FROM patient WHERE id = ?", (i,))
        for i in ids
    ]


@pytest.fixture
def clinic(session: Session) -> Session:
    """A handful of invented people with awkward names."""
    a_patient(
        session,
        "Muñoz-O’Brien",
        "Ana",
        middle_name="María",
        birth_date="1984-03-14",
        phone="+16175550142",
        chart_number="100001",
    )
    a_patient(session, "Ng", "Wei", birth_date="1950-12-01", chart_number="100002")
    a_patient(
        session,
        "Schneider",
        "Łucja",
        birth_date="2019-03-14",
        preferred_name="Lucy",
        chart_number="100003",
    )
    a_patient(
        session,
        "van Dyke",
        "Testa",
        birth_date="1984",
        former_name="Smithtest",
        chart_number="A-0004",
    )
    a_patient(
        session,
        "Smithtest",
        "José",
        birth_date="1984-04-03",
        phone="+16175551984",
        chart_number="100005",
    )
    a_patient(session, "Søndergård", "Æbbe", birth_date="1971-10-12", chart_number="100006")
    with session.change("Add a coverage", Permission.EDIT_PATIENTS):
        payer = Payer.create(name="Test Health")
        Coverage.create(patient_id=2, payer_id=payer.id, member_id="W12-345 678")
    return session  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("munoz", ["Ana Muñoz-O’Brien"]),
        ("MUÑOZ", ["Ana Muñoz-O’Brien"]),
        ("obrien", ["Ana Muñoz-O’Brien"]),
        ("o'brien ana", ["Ana Muñoz-O’Brien"]),
        ("ana mun", ["Ana Muñoz-O’Brien"]),
        ("mun ana", ["Ana Muñoz-O’Brien"]),
        ("m a", ["Ana Muñoz-O’Brien"]),
        ("maria", ["Ana Muñoz-O’Brien"]),
        ("ng", ["Wei Ng"]),
        ("ng w", ["Wei Ng"]),
        ("w ng", ["Wei Ng"]),
        ("lucy", ["Łucja Schneider"]),
        ("lucja", ["Łucja Schneider"]),
        ("sondergard", ["Æbbe Søndergård"]),
        ("aebbe", ["Æbbe Søndergård"]),
        ("dyke", ["Testa van Dyke"]),
        ("vandyke", ["Testa van Dyke"]),
        ("van dyke", ["Testa van Dyke"]),
        ("smithtest", ["José Smithtest", "Testa van Dyke"]),
        ("jose smithtest 1984", ["José Smithtest"]),
        ("smithtest 1984", ["José Smithtest", "Testa van Dyke"]),
        ("smithtest 5551984", ["José Smithtest"]),
        # dates of birth
        ("3/14/1984", ["Ana Muñoz-O’Brien"]),
        ("14.3.1984", ["Ana Muñoz-O’Brien"]),
        ("1984-03-14", ["Ana Muñoz-O’Brien"]),
        ("031484", ["Ana Muñoz-O’Brien"]),
        ("03141984", ["Ana Muñoz-O’Brien"]),
        ("mar 14 1984", ["Ana Muñoz-O’Brien"]),
        ("14 March 84", ["Ana Muñoz-O’Brien"]),
        ("march 1984", ["Ana Muñoz-O’Brien"]),
        ("3/14/19", ["Łucja Schneider"]),
        ("ana 3/14/84", ["Ana Muñoz-O’Brien"]),
        ("wei 3/14/84", []),
        ("3.4.1984", ["José Smithtest"]),
        # numbers
        ("0142", ["Ana Muñoz-O’Brien"]),
        ("(617) 555-0142", ["Ana Muñoz-O’Brien"]),
        ("+1 617 555 0142", ["Ana Muñoz-O’Brien"]),
        ("555-0142", ["Ana Muñoz-O’Brien"]),
        ("55501", ["Ana Muñoz-O’Brien"]),
        ("1984", ["José Smithtest"]),  # a year alone names nobody: the last four of a phone do
        ("100003", ["Łucja Schneider"]),
        ("a-0004", ["Testa van Dyke"]),
        ("W12345678", ["Wei Ng"]),
        ("w12-345", ["Wei Ng"]),
        # inside a word
        ("brien", ["Ana Muñoz-O’Brien"]),
        ("gard ae", ["Æbbe Søndergård"]),
        # one slip of the finger
        ("schnieder", ["Łucja Schneider"]),
        ("schneidr", ["Łucja Schneider"]),
        ("scchneider", ["Łucja Schneider"]),
        ("schmeider", ["Łucja Schneider"]),
        ("schnieder lucja", ["Łucja Schneider"]),
        ("schnieder 3/14/2019", ["Łucja Schneider"]),
        ("lucja schnieder 2019", ["Łucja Schneider"]),
        ("shcnieder", []),  # two slips
        # nothing to look for, or nobody
        ("", []),
        ("  ", []),
        ("'\"*()-^:", []),
        ("xyzzy", []),
        ("99/99/9999", []),
    ],
)
def test_people_are_found_by(clinic: Session, text: str, expected: list[str]) -> None:
    assert names(clinic, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smithtest jos", ["José Smithtest"]),
        ("smithtes jos", ["José Smithtest"]),
        ("smith jose", ["José Smithtest"]),
        ("schneide luc", ["Łucja Schneider"]),
        ("smithtest 1984", ["José Smithtest", "Testa van Dyke"]),
        ("smithtest jose 1", ["José Smithtest"]),
        ("schnieder lucja", ["Łucja Schneider"]),
    ],
)
def test_names_borne_by_thousands_are_found_like_any_other(
    clinic: Session, monkeypatch: pytest.MonkeyPatch, text: str, expected: list[str]
) -> None:
    monkeypatch.setattr(search, "_COMMON", 0)

    assert names(clinic, text) == expected


def test_a_day_first_practice_reads_dates_its_way(clinic: Session) -> None:
    assert names(clinic, "3/4/1984") == []
    assert names(clinic, "3/4/1984", day_first=True) == ["José Smithtest"]


def test_a_whole_given_name_comes_before_family_names_that_only_begin_so(
    session: Session,
) -> None:
    a_patient(session, "Adamtest", "Zoe")
    a_patient(session, "Testperson", "Ada")

    assert names(session, "ada") == ["Ada Testperson", "Zoe Adamtest"]


def test_the_limit_holds_and_no_one_is_listed_twice(session: Session) -> None:
    for number in range(8):
        a_patient(session, "Testtest", f"Test{number}")

    ids = search.find(session.db, "test", TODAY, limit=5)

    assert len(ids) == len(set(ids)) == 5


@pytest.mark.parametrize(
    "hostile",
    ['" OR 1', "a* NOT b", "names:ada", "NEAR(a b)", "ana AND", "{}", "-ana", "^ana", "%"],
)
def test_nothing_typed_is_read_as_a_query_language(clinic: Session, hostile: str) -> None:
    search.find(clinic.db, hostile, TODAY)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_anything_can_be_typed_and_understood(text: str) -> None:
    for reading in understand(text, TODAY):
        assert isinstance(reading, Reading)
        assert reading.words or reading.births or reading.number


def test_changes_of_every_kind_keep_the_tables_equal_to_a_rebuild(clinic: Session) -> None:
    with clinic.change("Change a few", Permission.EDIT_PATIENTS):
        Patient.update(family_name="Newname").where(Patient.id == 1).execute()
        PatientPhone.delete().where(PatientPhone.patient == 1).execute()
        Coverage.update(member_id="X9").where(Coverage.patient == 2).execute()
        Patient.delete().where(Patient.id == 6).execute()
    clinic.undo()
    clinic.redo()
    kept = _contents(clinic)

    with clinic.db.engine.transaction("IMMEDIATE"):
        search_index.rebuild(clinic.db)

    assert names(clinic, "newname") == ["Ana Newname"]
    assert names(clinic, "0142") == []
    assert names(clinic, "x9") == ["Wei Ng"]
    assert names(clinic, "sondergard") == []
    assert _contents(clinic) == kept
    for table in ("patient_words", "patient_infix"):
        clinic.db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")


def _contents(session: Session) -> list[tuple[object, ...]]:
    return session.db.rows("SELECT * FROM patient_search ORDER BY patient_id")


def test_what_is_rolled_back_is_not_found(session: Session) -> None:
    with pytest.raises(ZeroDivisionError), session.change("Fail", Permission.EDIT_PATIENTS):
        Patient.create(family_name="Ghosttest", chart_number="1")
        raise ZeroDivisionError

    assert names(session, "ghosttest") == []


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abcdeé ñ-'’øß", min_size=1, max_size=12))
def test_every_name_folds_to_plain_words(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize("typed", ["jovna", "jovn", "jovaan", "kerlukr", "jovna kerluke"])
def test_a_slip_is_forgiven_in_names_that_carry_digits(session: Session, typed: str) -> None:
    a_patient(session, "Kerluke267", "Jovan870")

    assert names(session, typed) == ["Jovan870 Kerluke267"]
