"""What is compared of patients: read from their files, or from one being written down."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from medsec_desktop.domain.matching import Traits
from medsec_desktop.domain.patients import PatientDraft
from medsec_desktop.domain.people import PartialDate, fold
from medsec_desktop.domain.places import Place, place_of
from medsec_desktop.store.database import Database

_THESE = "(SELECT value FROM json_each(?))"


def traits(db: Database, patient_ids: Iterable[int]) -> dict[int, Traits]:
    """What is compared of each of these patients."""
    these = json.dumps(sorted(patient_ids))
    phones = _grouped(db, "SELECT patient_id, number FROM patient_phone", these)
    members = _grouped(
        db, "SELECT patient_id, member_id FROM coverage", these, "AND member_id <> ''"
    )
    places: defaultdict[int, set[Place]] = defaultdict(set)
    for patient_id, *lines in db.rows(
        "SELECT patient_id, line1, line2, city, postal_code FROM patient_address"
        f" WHERE patient_id IN {_THESE}",
        (these,),
    ):
        places[patient_id].add(place_of(*lines))
    return {
        patient_id: Traits(
            family, given, middle, preferred, former, suffix,
            birth=PartialDate.from_iso(born) if born else None,
            sex=sex,
            ssn=ssn,
            phones=frozenset(phones[patient_id]),
            emails=frozenset({email.casefold()} - {""}),
            addresses=frozenset(places[patient_id]),
            member_ids=frozenset(fold(each) for each in members[patient_id]),
        )
        for patient_id, family, given, middle, preferred, former, suffix, born, sex, ssn, email
        in db.rows(
            "SELECT id, family_name, given_name, middle_name, preferred_name, former_name,"
            " name_suffix, birth_date, sex, ssn, email"
            f" FROM patient WHERE id IN {_THESE} AND merged_into_id IS NULL",
            (these,),
        )
    }  # fmt: skip


def traits_of_draft(draft: PatientDraft) -> Traits:
    """What is compared of somebody being written down."""
    return Traits(
        draft.family, draft.given, draft.middle, draft.preferred, draft.former, draft.suffix,
        birth=draft.birth,
        sex=draft.sex,
        ssn=draft.ssn or "",
        phones=frozenset(row.number for row in draft.phones),
        emails=frozenset({draft.email.casefold()} - {""}),
        addresses=frozenset(
            place_of(row.line1, row.line2, row.city, row.postal_code) for row in draft.addresses
        ),
        member_ids=frozenset(fold(row.member_id) for row in draft.coverages if row.member_id),
    )  # fmt: skip


def _grouped(db: Database, select: str, these: str, more: str = "") -> defaultdict[int, set[str]]:
    grouped: defaultdict[int, set[str]] = defaultdict(set)
    for patient_id, value in db.rows(f"{select} WHERE patient_id IN {_THESE} {more}", (these,)):
        grouped[patient_id].add(value)
    return grouped
