"""The arrival list: what is missing, out of date or to be read when a patient stands at the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Conflict
from medsec_desktop.services.session import Session
from medsec_desktop.services.today.records import BoardRow, Check, CheckKind
from medsec_desktop.store.database import Database

# A payer's answer is good for the month: plans change at its turn.
VERIFIED_FOR = timedelta(days=30)
# From here on somebody should ask the payer for more visits.
FEW_LEFT = 5


@dataclass(frozen=True, slots=True)
class _Coverage:
    id: int
    payer: str
    rank: str
    starts_on: date | None
    ends_on: date | None
    verified_on: date | None

    def holds_on(self, day: date) -> bool:
        begun = self.starts_on is None or self.starts_on <= day
        return begun and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class _Authorization:
    id: int
    number: str
    allowed: int
    used: int
    starts_on: date | None
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        begun = self.starts_on is None or self.starts_on <= day
        return begun and (self.ends_on is None or day <= self.ends_on)


def checks(
    db: Database, today: date, formats: Formats, rows: Sequence[BoardRow]
) -> dict[int, tuple[Check, ...]]:
    """By visit, in the order one asks at the desk; a visit without findings has an empty tuple."""
    ids = tuple({row.patient_id for row in rows})
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    people = {
        row[0]: row[1:]
        for row in db.rows(
            "SELECT p.id, p.email, p.birth_date,"
            " EXISTS (SELECT 1 FROM patient_phone f WHERE f.patient_id = p.id),"
            " EXISTS (SELECT 1 FROM patient_address s WHERE s.patient_id = p.id"
            "   AND s.kind <> 'former' AND (s.valid_to_on IS NULL OR s.valid_to_on >= ?))"
            f" FROM patient p WHERE p.id IN ({marks})",
            (today.isoformat(), *ids),
        )
    }
    alerts = _alerts(db, today, marks, ids)
    coverages = _coverages(db, marks, ids)
    authorizations = _authorizations(db, marks, ids)
    found = {}
    for row in rows:
        day = row.starts_at.date()
        email, birth_date, has_phone, has_address = people[row.patient_id]
        lines = [Check(CheckKind.ALERT, text, True) for text in alerts.get(row.patient_id, ())]
        lines += _of_insurance(coverages.get(row.patient_id, ()), day, today, formats)
        lines += _of_authorization(row, authorizations.get(row.patient_id, ()), day, formats)
        if not birth_date:
            lines.append(Check(CheckKind.BIRTH, "Date of birth is missing", True))
        if not has_phone:
            lines.append(Check(CheckKind.PHONE, "Phone number is missing"))
        if not has_address:
            lines.append(Check(CheckKind.ADDRESS, "Address is missing"))
        if not email:
            lines.append(Check(CheckKind.EMAIL, "E-mail is missing"))
        found[row.id] = tuple(lines)
    return found


def needs_verifying(verified_on: date | None, day: date) -> bool:
    """Whether nobody has asked the payer in the month before a visit on that day."""
    return verified_on is None or day - verified_on > VERIFIED_FOR


def verify_coverage(
    session: Session, coverage_id: int, note: str, initiator: object | None
) -> None:
    """Stamp a coverage as verified today; one operation, undone like any other."""
    from medsec_desktop.models import Coverage
    from medsec_desktop.services.saving import save_row

    found = session.db.one(
        "SELECT c.version, c.patient_id, y.name, p.family_name, p.given_name, p.middle_name,"
        " p.name_prefix, p.name_suffix, p.preferred_name FROM coverage c"
        " JOIN payer y ON y.id = c.payer_id JOIN patient p ON p.id = c.patient_id WHERE c.id = ?",
        (coverage_id,),
    )
    if found is None:
        raise Conflict("This insurance is no longer on file.", remedy="Look at the file as it is.")
    version, patient_id, payer = found[:3]
    label = f"Verify {payer} of {PersonName(*found[3:]).listed}"
    with session.change(
        label, Permission.EDIT_PATIENTS, patient_id=patient_id, initiator=initiator
    ):
        today = session.clock.today().isoformat()
        save_row(Coverage, coverage_id, version, verified_on=today, verified_note=note)


def _of_insurance(
    coverages: Sequence[_Coverage], day: date, today: date, formats: Formats
) -> list[Check]:
    holding = [one for one in coverages if one.holds_on(day)]
    if holding:
        return [_of_verification(one, day, today, formats) for one in holding]
    if not coverages:
        return [Check(CheckKind.INSURANCE, "No insurance on file", True)]
    ended = [one for one in coverages if one.ends_on is not None and one.ends_on < day]
    if not ended:
        return [Check(CheckKind.INSURANCE, f"{coverages[0].payer} has not begun yet", True)]
    last = max(ended, key=lambda one: one.ends_on or day)
    assert last.ends_on is not None
    text = f"{last.payer} expired {formats.date(last.ends_on)}"
    return [Check(CheckKind.INSURANCE, text, True)]


def _of_verification(one: _Coverage, day: date, today: date, formats: Formats) -> Check:
    settled = not needs_verifying(one.verified_on, day)
    if one.verified_on == today:
        text = f"{one.payer}: verified today"
    elif one.verified_on is None:
        text = f"{one.payer}: not verified yet"
    else:
        said = "verified" if settled else "last verified"
        text = f"{one.payer}: {said} {formats.date(one.verified_on)}"
    return Check(CheckKind.INSURANCE, text, not settled, one.id, settled)


def _of_authorization(
    row: BoardRow, authorizations: Sequence[_Authorization], day: date, formats: Formats
) -> list[Check]:
    """On the one the visit is counted on, else on the one she has for that day."""
    own = next((one for one in authorizations if one.id == row.authorization_id), None)
    if own is None:
        own = next((one for one in authorizations if one.holds_on(day)), None)
        if own is None:
            return []
    kind, left = CheckKind.AUTHORIZATION, own.allowed - own.used
    if own.ends_on is not None and own.ends_on < day:
        return [Check(kind, f"Authorization {own.number} ended {formats.date(own.ends_on)}", True)]
    counted = own.id == row.authorization_id
    if left < 0 or (left == 0 and not counted):
        text = f"Authorization {own.number} is used up: {own.used} of {own.allowed} visits"
        return [Check(kind, text, True)]
    if left == 0:
        return [Check(kind, f"Last visit on authorization {own.number}", True)]
    if left <= FEW_LEFT:
        visits = f"{left} visit{'' if left == 1 else 's'}"
        return [Check(kind, f"Authorization {own.number}: {visits} left")]
    return []


def _alerts(
    db: Database, today: date, marks: str, ids: tuple[int, ...]
) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for patient_id, text in db.rows(
        "SELECT patient_id, text FROM patient_alert WHERE is_shown_on_arrival"
        f" AND (expires_on IS NULL OR expires_on >= ?) AND patient_id IN ({marks}) ORDER BY id",
        (today.isoformat(), *ids),
    ):
        found[patient_id].append(text)
    return found


def _coverages(db: Database, marks: str, ids: tuple[int, ...]) -> Mapping[int, Sequence[_Coverage]]:
    found: dict[int, list[_Coverage]] = defaultdict(list)
    for patient_id, coverage_id, payer, rank, *days in db.rows(
        "SELECT c.patient_id, c.id, y.name, c.rank, c.starts_on, c.ends_on, c.verified_on"
        f" FROM coverage c JOIN payer y ON y.id = c.payer_id WHERE c.patient_id IN ({marks})"
        " ORDER BY CASE c.rank WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END, c.id",
        ids,
    ):
        found[patient_id].append(_Coverage(coverage_id, payer, rank, *map(_day, days)))
    return found


def _authorizations(
    db: Database, marks: str, ids: tuple[int, ...]
) -> Mapping[int, Sequence[_Authorization]]:
    found: dict[int, list[_Authorization]] = defaultdict(list)
    for patient_id, row_id, number, allowed, used, *days in db.rows(
        "SELECT z.patient_id, z.id, z.number, z.visits_allowed, (SELECT count(*)"
        " FROM appointment a WHERE a.authorization_id = z.id"
        " AND a.status NOT IN ('cancelled', 'no-show', 'left')), z.starts_on, z.ends_on"
        f" FROM authorization z WHERE z.patient_id IN ({marks})"
        " ORDER BY coalesce(z.ends_on, '9999'), z.id",
        ids,
    ):
        found[patient_id].append(_Authorization(row_id, number, allowed, used, *map(_day, days)))
    return found


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
