"""The directory: found, kept, retired, and made one where it was written twice."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Coverage, Encounter, Payer, PayerRule, Referral
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.directory import Directory, EntryDraft
from medsec_desktop.services.office import Office
from tests.conftest import a_patient, a_provider, a_user

NPI = "1234567893"


@pytest.fixture
def directory(office: Office) -> Directory:
    """Dr. Chen of this practice, a cardiologist, a hospital, a pharmacy and a payer."""
    a_provider(office.session)
    directory = office.directory
    for draft in (
        EntryDraft(family_name="Varga", given_name="Ilona", credential="MD", specialty="Cardiology",
                   city="Mustertown", state="ma", phone="617 555 0190", npi=NPI),
        EntryDraft("organization", "Invented Hospital", organization_kind="hospital",
                   fax="(617) 555-0177"),
        EntryDraft("organization", "Corner Pharmacy", organization_kind="pharmacy"),
        EntryDraft("payer", "Invented Health", payer_number="99999"),
    ):  # fmt: skip
        directory.save(draft)
    return directory


def names(directory: Directory, *asked: str) -> list[str]:
    return [row.name for row in directory.find(*asked)]


def test_everybody_is_found_by_any_words_and_by_digits_of_the_phone(directory: Directory):
    assert names(directory) == [
        "Chen, Robin, MD", "Corner Pharmacy", "Invented Health", "Invented Hospital",
        "Varga, Ilona, MD",
    ]  # fmt: skip
    assert names(directory, "ilo var") == ["Varga, Ilona, MD"]
    assert names(directory, "cardio muster") == ["Varga, Ilona, MD"]
    assert names(directory, "inv", "payer") == ["Invented Health"]
    assert names(directory, "pharm") == ["Corner Pharmacy"]
    assert names(directory, "555-0177") == ["Invented Hospital"]
    assert names(directory, NPI) == ["Varga, Ilona, MD"]
    varga = directory.find("varga")[0]
    assert (varga.phone, varga.place, varga.is_ours) == ("(617) 555-0190", "Mustertown MA", False)
    assert directory.entry(*varga.key).phone == "(617) 555-0190"


def test_what_cannot_be_is_told_at_its_field_and_nothing_is_kept(directory: Directory):
    for draft, field in (
        (EntryDraft(given_name="Nobody"), "family_name"),
        (EntryDraft("payer"), "name"),
        (EntryDraft(family_name="Doe", npi="1234567890"), "npi"),
        (EntryDraft(family_name="Doe", taxonomy="doctor"), "taxonomy"),
        (EntryDraft("organization", "Lab", phone="call me"), "phone"),
    ):
        with pytest.raises(Invalid) as caught:
            directory.save(draft)
        assert caught.value.field == field
    assert len(directory.find()) == 5


def test_an_entry_is_changed_retired_and_taken_back(directory: Directory, office: Office):
    (row,) = directory.find("pharmacy")
    draft = directory.entry(*row.key)
    directory.save(EntryDraft(**{**_values(draft), "portal": "portal.example"}))

    directory.retire(*row.key)

    assert names(directory, "pharmacy") == []
    assert [each.name for each in directory.find("pharmacy", with_retired=True)] == [
        "Corner Pharmacy"
    ]
    assert directory.entry(*row.key).portal == "portal.example"
    with pytest.raises(Conflict, match="changed by somebody else"):
        directory.save(draft)
    office.session.undo()
    assert names(directory, "pharmacy") == ["Corner Pharmacy"]


def test_a_merge_moves_everything_that_names_it_and_one_undo_takes_it_back(
    directory: Directory, office: Office
):
    session = office.session
    ada = a_patient(session)
    keep = directory.find("varga")[0].id
    gone = directory.save(EntryDraft(family_name="Varga", given_name="I.", fax="617 555 0191"))
    with session.change("Point at her", Permission.EDIT_PATIENTS):
        Encounter.create(patient=ada, provider=gone, starts_at="2025-01-01T10:00")
        referral = Referral.create(
            patient=ada, direction="out", other_provider=gone, begun_on="2026-03-01"
        )

    assert directory.uses("physician", gone) == 2
    assert directory.merge("physician", keep, gone) == 2

    assert Referral.get_by_id(referral.id).other_provider_id == keep
    assert directory.entry("physician", keep).fax == "(617) 555-0191"
    assert directory.entry("physician", keep).given_name == "Ilona"
    with pytest.raises(Conflict, match="merged into another"):
        directory.entry("physician", gone)
    session.undo()
    assert Referral.get_by_id(referral.id).other_provider_id == gone
    assert directory.entry("physician", keep).fax == ""


def test_payers_are_merged_with_their_coverages(directory: Directory, office: Office):
    keep = directory.find("invented health")[0].id
    gone = directory.save(EntryDraft("payer", "Invented Health Inc."))
    with office.session.change("Cover her", Permission.EDIT_PATIENTS):
        Coverage.create(patient=a_patient(office.session), payer=gone)
        PayerRule.create(payer=keep, filing="CI")
        PayerRule.create(payer=gone, filing="HM")  # only one for each: hers stays as it is

    assert directory.merge("payer", keep, gone) == 1

    assert Coverage.get().payer_id == keep
    assert PayerRule.get(PayerRule.payer == keep).filing == "CI"
    assert not Payer.get_by_id(gone).is_active


def test_who_works_here_is_shown_but_changed_in_the_settings(directory: Directory):
    (chen,) = directory.find("chen")
    varga = directory.find("varga")[0]

    assert chen.is_ours
    with pytest.raises(Conflict, match="works here"):
        directory.retire(*chen.key)
    with pytest.raises(Conflict, match="works here"):
        directory.merge("physician", varga.id, chen.id)


def test_entries_written_twice_are_found_and_namesakes_told_apart_are_not(directory: Directory):
    directory.save(EntryDraft(family_name="Wargha", given_name="Ilona", npi=NPI))
    directory.save(EntryDraft("organization", "corner pharmacy", phone="617 555 0111"))
    directory.save(EntryDraft("organization", "Twin Lab", city="Oneville"))
    directory.save(EntryDraft("organization", "Twin Lab", city="Twotown"))

    pairs = [(pair.one.name, pair.other.name, pair.why) for pair in directory.alike()]

    assert pairs == [
        ("Corner Pharmacy", "corner pharmacy", "the same name"),
        ("Varga, Ilona, MD", "Wargha, Ilona", "the same NPI"),
    ]


def test_who_may_not_change_files_may_look_but_not_write(directory: Directory, office: Office):
    office.session.switch_user(a_user(office.session, "rosa", Role.READ_ONLY))

    assert names(directory, "varga") == ["Varga, Ilona, MD"]
    with pytest.raises(NotAllowed):
        directory.save(EntryDraft("payer", "Mine"))


def _values(draft: EntryDraft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__}
