"""What the practice set up is checked, kept, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.practice import (
    SETTINGS,
    USUAL_HOURS,
    USUAL_TYPES,
    ClosureDraft,
    HoursRow,
    PayerDraft,
    Practice,
    Profile,
    ProviderDraft,
    RoomDraft,
    TypeDraft,
    settings,
)
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment

CLINIC = Profile(
    name="Testville Family Clinic",
    line1="12 Invented Street",
    city="Testville",
    state="ma",
    postal_code="021151234",
    phone="617 555 0142",
    npi="1234567893",
    tax_id="123456789",
    email="desk@clinic.example",
)


@pytest.fixture
def practice(session: Session) -> Practice:
    return Practice(session)


def test_every_setting_is_declared_once_with_a_legal_default_and_a_meaning() -> None:
    names = [setting.name for setting in SETTINGS]

    assert len(set(names)) == len(names)
    for setting in SETTINGS:
        assert setting.checked(setting.default) == setting.default
        assert setting.label
        assert setting.meaning.endswith((".", "claims."))


def test_a_setting_nobody_decided_has_its_default(practice: Practice) -> None:
    assert practice.get(settings.PAPER) == "letter"
    assert practice.get(settings.LOCK_AFTER_MIN) == 10
    assert practice.profile() == Profile()


def test_a_setting_is_kept_in_its_type_and_can_be_undone(
    practice: Practice, session: Session
) -> None:
    practice.put(settings.LOCK_AFTER_MIN, 3)
    practice.put(settings.CLOCK_24H, True)

    assert practice.get(settings.LOCK_AFTER_MIN) == 3
    assert practice.formats.clock_24h

    session.undo()

    assert practice.get(settings.CLOCK_24H) is False
    assert not practice.formats.clock_24h


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (settings.PAPER, "foolscap"),
        (settings.LOCK_AFTER_MIN, 0),
        (settings.LOCK_AFTER_MIN, 500),
        (settings.LOCK_AFTER_MIN, True),
        (settings.CLOCK_24H, "yes"),
    ],
)
def test_a_value_the_setting_cannot_take_is_refused(
    practice: Practice, setting: settings.Setting, value: object
) -> None:
    with pytest.raises(Invalid) as refusal:
        practice.put(setting, value)

    assert refusal.value.field == setting.name


def test_a_value_of_an_older_version_falls_back_to_the_default(
    practice: Practice, session: Session
) -> None:
    with session.change("Change a setting", Permission.EDIT_SETTINGS):
        practice._write_setting("paper.size", "papyrus")

    assert practice.get(settings.PAPER) == "letter"


def test_details_are_kept_in_their_printed_form(practice: Practice) -> None:
    practice.save_profile(CLINIC)

    profile = practice.profile()
    assert profile.phone == "(617) 555-0142"
    assert profile.address_lines == ("12 Invented Street", "Testville, MA 02115-1234")
    assert profile.tax_id == "123456789"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("postal_code", "2115"),
        ("state", "Mass"),
        ("phone", "call us"),
        ("fax", "12"),
        ("npi", "1234567890"),
        ("tax_id", "12"),
        ("email", "desk at clinic"),
    ],
)
def test_details_that_cannot_be_right_name_their_field(
    practice: Practice, field: str, value: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        practice.save_profile(replace(CLINIC, **{field: value}))

    assert refusal.value.field == field
    assert practice.profile() == Profile()


def test_a_practice_abroad_has_its_own_postal_codes(practice: Practice) -> None:
    practice.save_profile(replace(CLINIC, region="GB", state="", postal_code="SW1A 1AA", phone=""))

    assert practice.profile().postal_code == "SW1A 1AA"


def test_only_who_may_edit_settings_changes_them(practice: Practice, session: Session) -> None:
    secretary = a_user(session, "sam", Role.SECRETARY)
    session.switch_user(secretary)

    with pytest.raises(NotAllowed):
        practice.put(settings.PAPER, "a4")
    with pytest.raises(NotAllowed):
        practice.save_provider(ProviderDraft("Chen"))

    assert practice.get(settings.PAPER) == "letter"


def test_a_provider_is_added_with_her_week_and_changed_later(
    practice: Practice, session: Session
) -> None:
    provider_id = practice.save_provider(
        ProviderDraft(" Chen ", "Amy", "MD", npi="123-456-7893", colour="teal")
    )
    practice.save_hours(provider_id, USUAL_HOURS)
    row = practice.provider(provider_id)
    practice.save_provider(replace(row.draft(), specialty="Pediatrics"))

    assert row.name == "Amy Chen, MD"
    assert row.npi == "1234567893"
    assert practice.hours(provider_id) == USUAL_HOURS
    assert practice.provider(provider_id).specialty == "Pediatrics"
    session.undo()
    assert practice.provider(provider_id).specialty == ""


def test_two_providers_cannot_share_an_npi(practice: Practice) -> None:
    practice.save_provider(ProviderDraft("Chen", npi="1234567893"))

    with pytest.raises(Invalid, match="Chen"):
        practice.save_provider(ProviderDraft("Lopez", npi="1234567893"))


def test_a_provider_changed_meanwhile_is_not_overwritten(practice: Practice) -> None:
    provider_id = practice.save_provider(ProviderDraft("Chen"))
    stale = practice.provider(provider_id).draft()
    practice.save_provider(replace(stale, credential="MD"))

    with pytest.raises(Conflict):
        practice.save_provider(replace(stale, credential="DO"))


def test_a_provider_with_visits_cannot_be_removed(practice: Practice, session: Session) -> None:
    booked, idle = a_provider(session, "Chen"), a_provider(session, "Lopez")
    an_appointment(session, a_patient(session), booked)

    with pytest.raises(Conflict, match="calendar column"):
        practice.remove_provider(booked)
    practice.remove_provider(idle)

    assert [row.id for row in practice.providers()] == [booked]
    assert practice.hours(idle) == ()


def test_removing_a_provider_can_be_undone_with_her_hours(
    practice: Practice, session: Session
) -> None:
    provider_id = a_provider(session, works="8-12 13-17")
    practice.remove_provider(provider_id)

    session.undo()

    assert practice.hours(provider_id) == USUAL_HOURS


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([HoursRow(0, 540, 540)], "Monday: the hours end"),
        ([HoursRow(1, 480, 720), HoursRow(1, 700, 900)], "Tuesday: two stretches overlap"),
        ([HoursRow(2, 480, 720, date(2026, 5, 1), date(2026, 4, 1))], "valid to a day before"),
    ],
)
def test_hours_that_make_no_sense_are_refused(
    practice: Practice, session: Session, rows: list[HoursRow], sentence: str
) -> None:
    provider_id = a_provider(session)
    before = practice.hours(provider_id)

    with pytest.raises(Invalid, match=sentence):
        practice.save_hours(provider_id, rows)

    assert practice.hours(provider_id) == before


def test_hours_of_different_seasons_may_overlap_in_the_day(
    practice: Practice, session: Session
) -> None:
    provider_id = a_provider(session)
    seasons = (
        HoursRow(0, 480, 720, None, date(2026, 5, 31)),
        HoursRow(0, 540, 900, date(2026, 6, 1), None),
    )

    practice.save_hours(provider_id, seasons)

    assert practice.hours(provider_id) == seasons


def test_changing_one_day_leaves_the_other_days_rows_alone(
    practice: Practice, session: Session
) -> None:
    provider_id = a_provider(session, works="8-12 13-17")
    week = [row for row in practice.hours(provider_id) if row.weekday != 4]

    practice.save_hours(provider_id, week)

    assert session.history(1)[0].rows == 2


def test_types_keep_their_order_and_a_second_of_the_same_name_is_refused(
    practice: Practice,
) -> None:
    ids = [practice.save_type(draft) for draft in USUAL_TYPES]
    practice.move("type", ids[2], -1)

    assert [row.name for row in practice.types()][:3] == ["New patient", "Physical", "Follow-up"]
    with pytest.raises(Invalid, match="already"):
        practice.save_type(TypeDraft("follow-UP", 20))
    with pytest.raises(Invalid) as refusal:
        practice.save_type(TypeDraft("Marathon", 1000))
    assert refusal.value.field == "duration_min"


def test_a_type_in_use_is_hidden_and_an_unused_one_removed(
    practice: Practice, session: Session
) -> None:
    used, unused = a_type(session, "Follow-up"), a_type(session, "Physical")
    an_appointment(session, a_patient(session), a_provider(session), type_id=used)

    practice.remove_type(used)
    practice.remove_type(unused)

    assert [(row.id, row.is_active) for row in practice.types()] == [(used, False)]
    assert practice.types(active_only=True) == ()


def test_rooms_are_added_renamed_and_removed(practice: Practice) -> None:
    room_id = practice.save_room(RoomDraft(" Exam 1 "))
    row = practice.rooms()[0]
    practice.save_room(RoomDraft("Exam One", row.kind, True, room_id, row.version))
    with pytest.raises(Invalid, match="already"):
        practice.save_room(RoomDraft("exam one"))

    assert practice.rooms()[0].name == "Exam One"
    practice.remove_room(room_id)
    assert practice.rooms() == ()


def test_a_closure_may_be_the_practices_or_one_providers(
    practice: Practice, session: Session
) -> None:
    provider_id = a_provider(session, "Chen", "Amy")
    practice.save_closure(ClosureDraft("Holidays", date(2026, 12, 24), date(2026, 12, 26)))
    practice.save_closure(ClosureDraft("Congress", date(2026, 5, 4), date(2026, 5, 5), provider_id))

    first, second = practice.closures()
    assert (first.name, first.provider_name) == ("Congress", "Amy Chen")
    assert (second.provider_id, second.provider_name) == (None, "")
    assert practice.closures(since=date(2026, 6, 1)) == (second,)
    with pytest.raises(Invalid):
        practice.save_closure(ClosureDraft("Backwards", date(2026, 5, 5), date(2026, 5, 4)))
    practice.remove_closure(first.id)
    assert practice.closures() == (second,)


def test_payers_are_kept_by_name_and_go_when_nobody_has_them(practice: Practice) -> None:
    practice.save_payer(PayerDraft("Zeta Testcare"))
    payer_id = practice.save_payer(PayerDraft(" Alpha Testcare ", payer_number="60054"))

    assert [row.name for row in practice.payers()] == ["Alpha Testcare", "Zeta Testcare"]
    practice.remove_payer(payer_id)
    assert [row.name for row in practice.payers()] == ["Zeta Testcare"]
    with pytest.raises(Conflict):
        practice.remove_payer(payer_id)
