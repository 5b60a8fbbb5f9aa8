"""A few people who are on file twice, as it happens at every desk, and one whose files were merged."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

from medsec_desktop.domain.patients import AlertDraft, PatientDraft
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients.merging import MergeDraft

PAIRS = 4


def register_twice(office: Office) -> None:
    """Register some of the patients once more, each with a slip of its own; merge the last."""
    ids = office.session.db.rows(
        "SELECT p.id FROM patient p JOIN patient_phone f ON f.patient_id = p.id AND f.position = 0"
        " JOIN patient_address a ON a.patient_id = p.id AND a.position = 0"
        " WHERE p.status = 'active' AND length(p.birth_date) = 10 AND length(p.given_name) > 5"
        " AND length(p.family_name) > 5 AND substr(p.birth_date, 9) <= '12'"
        " AND substr(p.birth_date, 9) <> substr(p.birth_date, 6, 2) GROUP BY p.id ORDER BY p.id"
        " LIMIT ?",
        (PAIRS + 1,),
    )
    with office.session.change(
        "Register some of the demo clinic’s patients twice", Permission.EDIT_PATIENTS, sealed=True
    ):
        pairs = []
        for number, (patient_id,) in enumerate(ids):
            again = _once_more(office.patients.draft(patient_id), number, office.clock.today())
            pairs.append((patient_id, office.patients.register(again)))
        if len(pairs) > PAIRS:
            _merge(office, *pairs[-1])
    office.duplicates.search_all()


def _once_more(draft: PatientDraft, number: int, today: date) -> PatientDraft:
    """The same person as somebody in a hurry wrote her down."""
    phones = tuple(replace(row, id=0, version=0) for row in draft.phones)
    addresses = tuple(replace(row, id=0, version=0) for row in draft.addresses)
    bare = PatientDraft(
        draft.family, draft.given, birth=draft.birth, sex=draft.sex, phones=phones[:1],
        addresses=addresses[:1],
    )  # fmt: skip
    swapped = draft.given[:2] + draft.given[3] + draft.given[2] + draft.given[4:]
    if number == 0:
        return replace(bare, given=swapped, addresses=())
    if number == 1:
        return replace(bare, family=draft.given, given=draft.family, phones=())
    if number == 2:
        alerts = (AlertDraft("Referred by phone; papers to follow.", expires_on=None),)
        return replace(bare, birth=_day_and_month_exchanged(draft.birth), alerts=alerts)
    if number == 3:
        return replace(
            bare, family=f"{draft.family}-Larkin", former="", note="Called by her mother."
        )
    return replace(bare, given=draft.given[:3], note=f"Registered by phone in {today.year - 1}.")


def _day_and_month_exchanged(birth: PartialDate | None) -> PartialDate | None:
    if birth is not None:
        with suppress(Invalid):
            return PartialDate(birth.year, birth.day, birth.month)
    return birth


def _merge(office: Office, survivor_id: int, absorbed_id: int) -> None:
    preview = office.merging.preview(survivor_id, absorbed_id)
    office.merging.merge(
        MergeDraft(
            survivor_id,
            absorbed_id,
            frozenset(field.name for field in preview.fields if field.takes_other),
            frozenset(part.key for part in preview.parts if part.is_twice),
            preview.read,
            "Registered twice by phone",
        )
    )
