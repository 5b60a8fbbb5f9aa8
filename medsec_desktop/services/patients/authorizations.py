"""A payer's leave for a number of visits: how many it allows, how many are used, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Authorization
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session
from medsec_desktop.store.database import Database

MOST_VISITS = 1000


@dataclass(frozen=True, slots=True)
class AuthorizationRow:
    """One authorization with its visits counted: those booked or kept, not those that fell away."""

    id: int
    number: str
    allowed: int
    used: int
    ends_on: date | None
    left: int  # never below none
    starts_on: date | None = None
    payer_name: str = ""
    note: str = ""
    version: int = 0
    coverage_id: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether a visit on that day may be counted on it, as far as its dates go."""
        begun = self.starts_on is None or self.starts_on <= day
        return begun and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class AuthorizationDraft:
    """An authorization as a form hands it in; `id` None and `version` 0 when new."""

    number: str
    visits_allowed: int
    starts_on: date | None = None
    ends_on: date | None = None
    coverage_id: int | None = None
    note: str = ""
    id: int | None = None
    version: int = 0


class Authorizations:
    """The authorizations on file."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def of(self, patient_id: int) -> tuple[AuthorizationRow, ...]:
        """Everything a patient was ever allowed, what ends last first."""
        return of_patient(self._db, patient_id)

    def save(self, patient_id: int, draft: AuthorizationDraft) -> int:
        """Add or change one; its number. Raises Invalid, NotAllowed, and Conflict when stale."""
        fields = _checked(draft)
        verb = "Change" if draft.id is not None else "Add"
        label = f"{verb} authorization {draft.number.strip()} of {self._name(patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            if draft.id is None:
                return insert_row(Authorization, patient_id=patient_id, **fields)
            save_row(Authorization, draft.id, draft.version, **fields)
            return draft.id

    def remove(self, patient_id: int, authorization_id: int) -> None:
        """Take one off the file. Raises Conflict while visits are counted on it."""
        found = [row for row in self.of(patient_id) if row.id == authorization_id]
        if not found:
            raise Conflict("This authorization is no longer on file.")
        booked = self._db.value(
            "SELECT count(*) FROM appointment WHERE authorization_id = ?", (authorization_id,)
        )
        if booked:
            raise Conflict(
                f"{booked} visit{'' if booked == 1 else 's'} of this patient name this authorization.",
                remedy="Set its last day instead; it is offered no longer then.",
            )
        label = f"Remove authorization {found[0].number} of {self._name(patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            Authorization.delete().where(Authorization.id == authorization_id).execute()

    def _name(self, patient_id: int) -> str:
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name FROM patient WHERE id = ?",
            (patient_id,),
        )
        if row is None:
            raise Conflict("This patient’s file is no longer there.")
        return PersonName(*row).listed


def of_patient(db: Database, patient_id: int) -> tuple[AuthorizationRow, ...]:
    """Her authorizations with the visits counted, what ends last first."""
    return tuple(
        AuthorizationRow(
            row_id,
            number,
            allowed,
            used,
            _day(ends_on),
            max(allowed - used, 0),
            _day(starts_on),
            payer,
            note,
            version,
            coverage_id,
        )
        for row_id, number, allowed, used, starts_on, ends_on, payer, note, version, coverage_id
        in db.rows(
            "SELECT z.id, z.number, z.visits_allowed, (SELECT count(*) FROM appointment a"
            " WHERE a.authorization_id = z.id AND a.status NOT IN ('cancelled', 'no-show', 'left')),"
            " z.starts_on, z.ends_on, coalesce(y.name, ''), z.note, z.version, z.coverage_id"
            " FROM authorization z LEFT JOIN coverage c ON c.id = z.coverage_id"
            " LEFT JOIN payer y ON y.id = c.payer_id WHERE z.patient_id = ?"
            " ORDER BY coalesce(z.ends_on, '9999') DESC, z.id DESC",
            (patient_id,),
        )
    )  # fmt: skip


def _checked(draft: AuthorizationDraft) -> dict[str, object]:
    number = draft.number.strip()
    if not number:
        raise Invalid("Type the authorization’s number.", field="number")
    if not 1 <= draft.visits_allowed <= MOST_VISITS:
        raise Invalid(
            f"An authorization allows between 1 and {MOST_VISITS} visits.", field="visits_allowed"
        )
    if draft.starts_on and draft.ends_on and draft.starts_on > draft.ends_on:
        raise Invalid("It would end before it begins.", field="ends_on")
    return {
        "number": number,
        "visits_allowed": draft.visits_allowed,
        "starts_on": draft.starts_on.isoformat() if draft.starts_on else None,
        "ends_on": draft.ends_on.isoformat() if draft.ends_on else None,
        "coverage_id": draft.coverage_id,
        "note": draft.note.strip(),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
