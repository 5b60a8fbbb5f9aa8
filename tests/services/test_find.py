from __future__ import annotations

import pytest

from medsec_desktop.domain.permissions import Role
from medsec_desktop.services.find import Command, Find
from medsec_desktop.services.office import Office
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment

COMMANDS = (
    Command("app.settings", "Settings", "Ctrl+,", "settings", "practice hours preferences"),
    Command("view.dark", "Dark or light", "Ctrl+Shift+D", "moon", "theme night"),
    Command("go.today", "Today", "Ctrl+1", "sun"),
)


@pytest.fixture
def find(office: Office) -> Find:
    session = office.session
    ada = a_patient(session, "Testperson", "Ada", phone="+12125550100", birth_date="1984-03-14")
    a_patient(session, "Muñoz-Sampleton", "Ana", birth_date="1990-01-02")
    provider, kind = a_provider(session), a_type(session)
    an_appointment(session, ada, provider, "2026-03-13T10:00", type_id=kind)
    an_appointment(session, ada, provider, "2026-03-20T11:00", type_id=kind)
    found = office.find
    found.offer(COMMANDS)
    return found


def titles(find: Find, text: str) -> list[str]:
    return [hit.title for hit in find(text)]


@pytest.mark.parametrize(
    "text",
    ["ada testp", "testp ada", "TESTPERSON", "3/14/1984", "5550100", "T00001"],
)
def test_a_person_is_found_by_any_fragment(find: Find, text: str) -> None:
    assert titles(find, text)[0] == "Testperson, Ada"


def test_accents_do_not_matter(find: Find) -> None:
    assert titles(find, "munoz") == ["Muñoz-Sampleton, Ana"]


def test_the_only_person_found_brings_her_next_visit(find: Find) -> None:
    hits = find("testperson")

    assert [hit.kind for hit in hits] == ["patient", "appointment"]
    assert hits[0].trailing == "next 03/13/2026 10:00 AM"
    assert hits[1].title == "10:00 AM  Testperson, Ada"


def test_a_day_is_found_with_its_visits(find: Find) -> None:
    hits = find("fri")

    assert (hits[0].kind, hits[0].key) == ("day", "2026-03-13")
    assert hits[0].title == "Friday, March 13, 2026"
    assert hits[0].detail == "Calendar · 1 visit"
    assert hits[1].kind == "appointment"


def test_a_name_and_a_day_find_the_visit(find: Find) -> None:
    hits = find("testperson 3/20")

    assert hits[0].kind == "appointment"
    assert hits[0].title == "11:00 AM  Testperson, Ada"


def test_a_command_is_found_by_its_text_and_its_other_words(find: Find) -> None:
    assert titles(find, "sett") == ["Settings"]
    assert titles(find, ">theme") == ["Dark or light"]


def test_a_command_spelled_out_comes_before_people_and_days(find: Find) -> None:
    assert find("today")[0].key == "go.today"


def test_one_letter_does_not_find_half_the_menu(find: Find) -> None:
    assert "Dark or light" not in titles(find, "n")


def test_all_commands_after_a_greater_than_sign(find: Find) -> None:
    assert titles(find, ">") == ["Settings", "Dark or light", "Today"]


def test_with_nothing_typed_the_people_opened_last_are_shown(find: Find, office: Office) -> None:
    hit = find("munoz")[0]

    office.patients.open(int(hit.key))

    assert titles(find, "")[0] == "Muñoz-Sampleton, Ana"


def test_who_may_not_see_patients_finds_none(
    find: Find, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(office.session), "may", lambda self, permission: False)

    assert titles(find, "testperson") == []
    assert titles(find, "fri") == []


def test_a_reader_finds_people_as_well(find: Find, office: Office) -> None:
    office.session.switch_user(a_user(office.session, "rita", Role.READ_ONLY))

    assert titles(find, "testperson")[0] == "Testperson, Ada"


@pytest.mark.parametrize("text", ["'", '"', "%", "\\", "a" * 500, "AND OR NOT", "*", "\x00", "🙂"])
def test_odd_text_is_harmless(find: Find, text: str) -> None:
    assert isinstance(find(text), tuple)
