"""People with files of their own around a patient: links both ways, and one address for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from medsec_desktop.domain.family import answer
from medsec_desktop.domain.patients import AddressDraft, PersonDraft
from medsec_desktop.domain.people import PersonName, Sex, fold
from medsec_desktop.models import PatientAddress, RelatedPerson
from medsec_desktop.services.saving import insert_row
from medsec_desktop.store.database import Database

_NAME = "family_name, given_name, middle_name, name_prefix, name_suffix, preferred_name"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody linked to her in either file, and whether the two live at the same address."""

    patient_id: int
    name: PersonName
    relation: str
    lives_there: bool


def members(db: Database, patient_id: int) -> tuple[Member, ...]:
    """Everybody with a file who is linked to her, those who live with her first."""
    home = _home(db, patient_id)
    rows = db.rows(
        f"SELECT p.id, {_NAME}, max(f.relation) FROM ("
        "  SELECT linked_patient_id AS other, relation FROM related_person"
        "   WHERE patient_id = ?1 AND linked_patient_id IS NOT NULL"
        "  UNION ALL SELECT patient_id, '' FROM related_person WHERE linked_patient_id = ?1"
        ") f JOIN patient p ON p.id = f.other"
        " WHERE p.merged_into_id IS NULL AND p.id <> ?1 GROUP BY p.id ORDER BY p.family_name, p.id",
        (patient_id,),
    )
    found = [
        Member(
            row[0], PersonName(*row[1:7]), row[7], home is not None and _lives_at(db, row[0], home)
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda member: not member.lives_there))


def keep_both_ways(
    db: Database,
    patient_id: int,
    before: Iterable[PersonDraft],
    after: Iterable[PersonDraft],
) -> None:
    """Have the files of those linked name her in return, and no more where a link is gone.

    The caller has an operation open. What somebody wrote in the other file stays as it is.
    """
    was = {row.linked_patient_id: row.relation for row in before if row.linked_patient_id}
    now = {row.linked_patient_id: row.relation for row in after if row.linked_patient_id}
    her = db.one(f"SELECT {_NAME}, sex FROM patient WHERE id = ?", (patient_id,))
    if her is None:
        return
    name, sex = PersonName(*her[:6]), Sex(her[6])
    for other, relation in now.items():
        _name_there(
            db, patient_id, name, answer(relation, sex), answer(was.get(other, ""), sex), other
        )
    for other in was.keys() - now.keys():
        RelatedPerson.update(linked_patient=None, version=RelatedPerson.version + 1).where(
            RelatedPerson.patient == other, RelatedPerson.linked_patient == patient_id
        ).execute()


def _name_there(
    db: Database, patient_id: int, name: PersonName, relation: str, earlier: str, other: int
) -> None:
    there = db.one(
        "SELECT id, relation FROM related_person WHERE patient_id = ? AND linked_patient_id = ?",
        (other, patient_id),
    )
    if there is None:
        position = db.value("SELECT count(*) FROM related_person WHERE patient_id = ?", (other,))
        insert_row(
            RelatedPerson,
            patient_id=other,
            linked_patient_id=patient_id,
            name=name.spoken,
            relation=relation,
            position=position,
        )
    elif relation and there[1] != relation and there[1] in ("", earlier):
        RelatedPerson.update(relation=relation, version=RelatedPerson.version + 1).where(
            RelatedPerson.id == there[0]
        ).execute()


def give_address(
    db: Database, before: Sequence[AddressDraft], now: Sequence[AddressDraft], others: Iterable[int]
) -> tuple[int, ...]:
    """Give others the home address that one of them has now, in place of the one they shared; those
    for whom it is another one.

    Who did not live at the old one has her current home address replaced, or gets her first. The
    caller has an operation open.
    """
    moved: list[int] = []
    new = next((row for row in now if row.kind == "home"), next(iter(now), None))
    if new is None:
        return ()
    old = next((row for row in before if row.id and row.id == new.id), None)
    values = {
        "line1": new.line1, "line2": new.line2, "city": new.city, "state": new.state,
        "postal_code": new.postal_code, "country": new.country,
    }  # fmt: skip
    for patient_id in others:
        rows = db.rows(
            "SELECT id, line1, line2, city, state, postal_code, country, kind FROM patient_address"
            " WHERE patient_id = ? AND kind <> 'former' AND valid_to_on IS NULL"
            " ORDER BY position, id",
            (patient_id,),
        )
        shared = [row for row in rows if old is not None and _key(*row[1:]) == _key_of(old)]
        homes = shared or [row for row in rows if row[7] == "home"]
        if not homes:
            insert_row(PatientAddress, patient_id=patient_id, kind="home", **values)
            moved.append(patient_id)
        elif tuple(homes[0][1:7]) != tuple(values.values()):
            PatientAddress.update(version=PatientAddress.version + 1, **values).where(
                PatientAddress.id == homes[0][0]
            ).execute()
            moved.append(patient_id)
    return tuple(moved)


def _home(db: Database, patient_id: int) -> tuple[str, str] | None:
    row = db.one(
        "SELECT line1, line2, city, state, postal_code FROM patient_address"
        " WHERE patient_id = ? AND kind <> 'former' AND valid_to_on IS NULL"
        " ORDER BY kind <> 'home', position, id LIMIT 1",
        (patient_id,),
    )
    return _key(*row) if row is not None else None


def _lives_at(db: Database, patient_id: int, home: tuple[str, str]) -> bool:
    return any(
        _key(*row) == home
        for row in db.rows(
            "SELECT line1, line2, city, state, postal_code FROM patient_address"
            " WHERE patient_id = ? AND kind <> 'former' AND valid_to_on IS NULL",
            (patient_id,),
        )
    )


def _key(
    line1: str, line2: str, city: str, state: str, postal_code: str, *_: str
) -> tuple[str, str]:
    """An address as two of them are compared: folded street and flat, five-digit ZIP or city."""
    return fold(f"{line1} {line2}"), postal_code[:5] or fold(city)


def _key_of(row: AddressDraft) -> tuple[str, str]:
    return _key(row.line1, row.line2, row.city, row.state, row.postal_code)
