"""The arrival list: what is missing, out of date or to be read when a patient stands at the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from medsec_desktop.domain.clock import utc_text
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.insurance import Light, Matter, Readiness
from medsec_desktop.services.alerts import ORDER_SQL, TEXT_SQL
from medsec_desktop.services.patients.rights_records import ConsentDue
from medsec_desktop.services.session import Session
from medsec_desktop.services.today.records import BoardRow, Check, CheckKind
from medsec_desktop.store.database import Database

# What the audit trail calls the reading of an alert; the words read stand as its reason.
_READ = "Alert read at the desk"
_KINDS = {Matter.AUTHORIZATION: CheckKind.AUTHORIZATION, Matter.REFERRAL: CheckKind.REFERRAL}


def checks(
    db: Database,
    today: date,
    midnight: datetime,
    rows: Sequence[BoardRow],
    ready: Mapping[int, Readiness],
    consents: Mapping[int, Sequence[ConsentDue]],
    formats: Formats,
) -> dict[int, tuple[Check, ...]]:
    """By visit, in the order one asks at the desk; a visit without findings has an empty tuple.

    `midnight` is the beginning of `today` in universal time.
    """
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
    alerts = _alerts(db, today, midnight, marks, ids)
    found = {}
    for row in rows:
        email, birth_date, has_phone, has_address = people[row.patient_id]
        lines = [
            Check(CheckKind.ALERT, text, not is_read, is_settled=is_read)
            for text, is_read in alerts.get(row.patient_id, ())
        ]
        lines += _of_insurance(ready[row.id])
        lines += [_of_consent(due, formats) for due in consents.get(row.patient_id, ())]
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


def note_read(session: Session, patient_id: int, text: str) -> None:
    """Record in the audit trail that an alert was read when she stood at the desk."""
    session.event(_READ, patient_id, text)


def _of_insurance(ready: Readiness) -> Iterator[Check]:
    """The light in a word, then what it found; a coverage to verify has a tick that settles it."""
    yield Check(CheckKind.READINESS, f"Insurance: {ready.word.lower()}", light=ready.light)
    for found in ready.findings:
        is_answer = found.matter is Matter.VERIFICATION
        few_left = found.matter is Matter.AUTHORIZATION and found.light < Light.RED
        yield Check(
            _KINDS.get(found.matter, CheckKind.INSURANCE),
            found.text,
            found.light > Light.GREEN and not few_left,
            found.coverage_id if is_answer else None,
            found.light is Light.GREEN,
            found.remedy,
        )


def _of_consent(due: ConsentDue, formats: Formats) -> Check:
    ended = f"expired {formats.date(due.last_on)}" if due.last_on else "not signed yet"
    return Check(CheckKind.CONSENT, f"{due.kind_name}: {ended}", consent_kind_id=due.kind_id)


def _alerts(
    db: Database, today: date, midnight: datetime, marks: str, ids: tuple[int, ...]
) -> Mapping[int, Sequence[tuple[str, bool]]]:
    """By patient, the words of each alert and whether they were read at the desk today.

    An alert whose words were changed since is to be read again.
    """
    found: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for patient_id, text, is_read in db.rows(
        f"SELECT w.patient_id, {TEXT_SQL}, EXISTS (SELECT 1 FROM operation o"
        "   WHERE o.patient_id = w.patient_id AND o.kind = 'event' AND o.label = ?"
        f"   AND o.at_utc >= ? AND o.reason = {TEXT_SQL})"
        " FROM patient_alert w WHERE w.is_shown_on_arrival"
        f" AND (w.expires_on IS NULL OR w.expires_on >= ?) AND w.patient_id IN ({marks})"
        f" ORDER BY {ORDER_SQL}",
        (_READ, utc_text(midnight), today.isoformat(), *ids),
    ):
        found[patient_id].append((text, bool(is_read)))
    return found
