"""A payer's leave for visits or for units: how much it allows, how much is used, until when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.models import Authorization
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.patients.names import listed_name
from medsec_desktop.services.saving import insert_row, require_patient, save_row
from medsec_desktop.services.session import Session
from medsec_desktop.store.database import Database

MOST_ALLOWED = 1000
# How much of authorization `z` is used: what others used of it, and every visit here that stands.
# Cancelled and missed ones give theirs back. A visit counts as one, or by its units.
_USED = """
(z.used_elsewhere + (SELECT CASE z.counts WHEN 'units' THEN coalesce(sum(a.authorization_units), 0)
 ELSE count(*) END FROM appointment a WHERE a.authorization_id = z.id
 AND a.status NOT IN ('cancelled', 'no-show', 'left'){without}))
"""
USED_SQL = _USED.format(without="")
USED_WITHOUT_SQL = _USED.format(without=" AND a.id IS NOT ?2")  # but for the visit ?2


@dataclass(frozen=True, slots=True)
class AuthorizationRow:
    """One authorization with what is used of it: visits that stand, not those that fell away."""

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
    counts: str = "visits"  # or units
    codes: str = ""  # blank between
    used_elsewhere: int = 0
    provider_id: int | None = None
    provider_name: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether a visit on that day may be counted on it, as far as its dates go."""
        begun = self.starts_on is None or self.starts_on <= day
        return begun and (self.ends_on is None or day <= self.ends_on)

    def amount(self, number: int) -> str:
        """3 visits, 1 unit."""
        return counted(number, self.counts.removesuffix("s"))


@dataclass(frozen=True, slots=True)
class AuthorizationDraft:
    """An authorization as a form hands it in; `id` None and `version` 0 when new.

    `visits_allowed` is how much it allows of what it `counts`.
    """

    number: str
    visits_allowed: int
    starts_on: date | None = None
    ends_on: date | None = None
    coverage_id: int | None = None
    note: str = ""
    id: int | None = None
    version: int = 0
    counts: str = "visits"
    codes: str = ""
    used_elsewhere: int = 0
    provider_id: int | None = None


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
        if draft.coverage_id is not None and not self._db.value(
            "SELECT EXISTS (SELECT 1 FROM coverage WHERE id = ? AND patient_id = ?)",
            (draft.coverage_id, patient_id),
        ):
            raise Invalid("This coverage is no longer in the file.", field="coverage_id")
        verb = "Change" if draft.id is not None else "Add"
        label = (
            f"{verb} authorization {draft.number.strip()} of {listed_name(self._db, patient_id)}"
        )
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            if draft.id is None:
                return insert_row(Authorization, patient_id=patient_id, **fields)
            require_patient(Authorization, draft.id, patient_id)
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
                f"{counted(booked, 'visit')} of this patient name this authorization.",
                remedy="Set its last day instead; it is offered no longer then.",
            )
        if self._db.value("SELECT 1 FROM referral WHERE authorization_id = ?", (authorization_id,)):
            raise Conflict(
                "A referral of this patient names this authorization.",
                remedy="Set its last day instead; it is offered no longer then.",
            )
        label = f"Remove authorization {found[0].number} of {listed_name(self._db, patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            Authorization.delete().where(Authorization.id == authorization_id).execute()


def of_patient(db: Database, patient_id: int) -> tuple[AuthorizationRow, ...]:
    """Her authorizations with what is used of each, what ends last first."""
    return tuple(
        AuthorizationRow(
            row[0], row[1], row[2], row[3], _day(row[5]), max(row[2] - row[3], 0), _day(row[4]),
            *row[6:],
        )
        for row in db.rows(
            f"SELECT z.id, z.number, z.visits_allowed, {USED_SQL}, z.starts_on, z.ends_on,"
            " coalesce(y.name, ''), z.note, z.version, z.coverage_id, z.counts, z.codes,"
            " z.used_elsewhere, z.provider_id,"
            " trim(coalesce(d.given_name, '') || ' ' || coalesce(d.family_name, ''))"
            " FROM authorization z LEFT JOIN coverage c ON c.id = z.coverage_id"
            " LEFT JOIN payer y ON y.id = c.payer_id"
            " LEFT JOIN provider d ON d.id = z.provider_id WHERE z.patient_id = ?"
            " ORDER BY coalesce(z.ends_on, '9999') DESC, z.id DESC",
            (patient_id,),
        )
    )  # fmt: skip


def _checked(draft: AuthorizationDraft) -> dict[str, object]:
    number, noun = draft.number.strip(), "units" if draft.counts == "units" else "visits"
    if not number:
        raise Invalid("Type the authorization’s number.", field="number")
    if not 1 <= draft.visits_allowed <= MOST_ALLOWED:
        raise Invalid(
            f"An authorization allows between 1 and {MOST_ALLOWED} {noun}.", field="visits_allowed"
        )
    if not 0 <= draft.used_elsewhere <= draft.visits_allowed:
        raise Invalid(
            f"Others cannot have used more than the {draft.visits_allowed} {noun} it allows.",
            field="used_elsewhere",
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
        "counts": noun,
        "codes": _codes(draft.codes),
        "used_elsewhere": draft.used_elsewhere,
        "provider_id": draft.provider_id,
    }


def _codes(text: str) -> str:
    """Procedure codes typed with commas or blanks between, as kept: upper case, one blank between."""
    codes = [part.upper() for part in re.split(r"[\s,;]+", text) if part]
    for code in codes:
        # CPT: four digits and a digit or letter; HCPCS: a letter and four digits; a modifier may follow.
        if not re.fullmatch(r"(\d{4}[0-9A-Z]|[A-Z]\d{4})(-[0-9A-Z]{2})?", code):
            raise Invalid(
                f"“{code}” is no procedure code.",
                remedy="Five characters each, such as 97110 or G0151, a blank between.",
                field="codes",
            )
    return " ".join(dict.fromkeys(codes))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
