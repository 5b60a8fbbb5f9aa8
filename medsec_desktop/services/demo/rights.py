"""Consents, records requests and disclosures of the demo clinic: most in order, some due, one late."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from medsec_desktop.domain.rights import Purpose, due_on, expiry, told_purpose

Fields = dict[str, Any]
_LATELY = timedelta(days=240)  # who was or is to be here since then has been asked
_REQUESTS = 7
_WHO = (
    ("patient", "", "paper", "Everything of the last two years, for my own records"),
    ("attorney", "Alder & Finch, attorneys", "mail", "All records since the accident"),
    ("provider", "Bayview Cardiology", "fax", "Last visit notes and labs"),
    ("representative", "", "file", "The whole file, before the move"),
    ("payer", "Harborlight Health Plan", "fax", "Notes that support the claim"),
    ("patient", "", "pickup", "Shot record for school"),
    ("other", "Camp Larkwood", "mail", "Physical of this year"),
)
# Days ago it came, how it stands, whether it was extended; the last day of each follows.
_STANDS = (
    (27, "open", False), (33, "open", False), (4, "open", False), (38, "open", True),
    (20, "released", False), (45, "released", False), (15, "refused", False),
)  # fmt: skip
_BY_HAND = (
    ("County Health Department", "Report of a notifiable illness", Purpose.PUBLIC_HEALTH, "mail"),
    ("Bayview Cardiology", "Labs and last ECG", Purpose.TREATMENT, "fax"),
    ("District Court", "Visit dates of two months", Purpose.COURT, "mail"),
    ("City Animal Control", "Name and kind of wound", Purpose.LAW, "phone"),
    ("Another patient’s address", "One letter, sent by mistake", Purpose.MISTAKE, "mail"),
)


def consents(
    appointments: Sequence[Fields],
    kinds: Mapping[str, tuple[int, int | None]],
    now: datetime,
    seed: int,
) -> list[Fields]:
    """What those who come or came lately have signed; `kinds` are number and months by name."""
    chance = random.Random(seed)
    since = (now - _LATELY).isoformat()
    first: dict[int, str] = {}
    for visit in appointments:
        patient_id, at = visit["patient_id"], visit["starts_at"]
        if at >= since:
            first[patient_id] = min(at, first.get(patient_id, at))
    rows = []
    for patient_id in sorted(first):
        for name, share in (
            ("Notice of privacy practices", 0.95),
            ("Consent to treat", 0.93),
            ("Financial agreement", 0.5),
        ):
            if name not in kinds or chance.random() > share:
                continue
            number, months = kinds[name]
            day = now.date() - timedelta(days=chance.randrange(5, 390))
            refused = name.startswith("Notice") and chance.random() < 0.02
            until = None if refused else expiry(day, months)
            rows.append(
                {
                    "patient_id": patient_id,
                    "kind_id": number,
                    "answer": "refused" if refused else "given",
                    "signed_on": day.isoformat(),
                    "expires_on": until.isoformat() if until else None,
                    "note": "Did not want to sign; a copy was offered" if refused else "",
                }
            )
    return rows


def requests(
    patients: Sequence[tuple[int, str]], now: datetime
) -> tuple[list[Fields], list[Fields]]:
    """Requests at every step for these patients (number, name), and what was disclosed."""
    rows: list[Fields] = []
    log: list[Fields] = []
    for (patient_id, name), (kind, who, how, wanted), (ago, status, is_extended) in zip(
        patients[:_REQUESTS], _WHO, _STANDS, strict=False
    ):
        received = now.date() - timedelta(days=ago)
        closed = received + timedelta(days=9) if status in ("released", "refused") else None
        requester = who or name
        rows.append(
            {
                "patient_id": patient_id,
                "status": status,
                "requester": requester,
                "requester_kind": kind,
                "deliver_how": how,
                "received_on": received.isoformat(),
                "due_on": due_on(received, is_extended=is_extended).isoformat(),
                "extended_on": _iso(received + timedelta(days=25) if is_extended else None),
                "extension_reason": "Older papers come from storage" if is_extended else "",
                "wanted": wanted,
                "from_on": _iso(now.date() - timedelta(days=730) if ago == 27 else None),
                "fee_cents": 650 if status == "released" else 0,
                "fee_paid_on": _iso(closed if status == "released" else None),
                "closed_on": _iso(closed),
                "refusal_reason": "No signed authorization came in" if status == "refused" else "",
            }
        )
        if status == "released" and closed is not None:
            purpose = Purpose.PAYMENT if kind == "payer" else Purpose.INDIVIDUAL
            log.append(
                _entry(patient_id, closed, requester, "Face sheet and 2 documents, 6 pages",
                       purpose, how, len(rows))
            )  # fmt: skip
    for place, (recipient, what, why, how) in enumerate(_BY_HAND):
        if place < len(patients):
            day = now.date() - timedelta(days=12 + 47 * place)
            log.append(_entry(patients[place][0], day, recipient, what, why, how, None))
    return rows, log


def _entry(
    patient_id: int, day: date, recipient: str, what: str, purpose: Purpose, how: str,
    request_id: int | None,
) -> Fields:  # fmt: skip
    return {
        "patient_id": patient_id,
        "disclosed_at": datetime.combine(day, time(11, 20)).isoformat(timespec="minutes"),
        "recipient": recipient,
        "what": what,
        "purpose": told_purpose(purpose),
        "how": how,
        "is_accountable": int(purpose.is_accountable),
        "disclosed_by": "Dana Moreau",
        "request_id": request_id,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
