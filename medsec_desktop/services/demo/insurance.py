"""Who pays in the demo clinic: what payers said lately, and who was referred to whom."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from medsec_desktop.domain.referrals import PATHS, Direction, Step, next_chase

Fields = dict[str, Any]
_ANSWERS = 700  # enough to be met everywhere; the other stamps stand in the coverage alone
_HOW = ("phone", "phone", "portal", "portal", "card")
_OUT, _IN = 16, 8
_CHASE_DAYS = 7
_REASONS_OUT = (
    "New murmur, please see and advise", "Migraine, second opinion", "Knee pain since the fall",
    "Change of a mole", "Hearing test", "Reflux in spite of treatment",
)  # fmt: skip
_REASONS_IN = ("Moved here, records to follow", "Follow-up after discharge", "Second opinion")
_STEPS_OUT = (
    Step.READY, Step.SENT, Step.SENT, Step.ACCEPTED, Step.BOOKED, Step.TOLD, Step.TOLD,
    Step.LETTER_BACK,
)  # fmt: skip


def answers(coverages: Sequence[Fields], now: datetime, seed: int) -> list[Fields]:
    """What payers said of the coverages verified last; rows are numbered as they were filed."""
    chance = random.Random(seed)
    asked = [
        (row["verified_on"], number)
        for number, row in enumerate(coverages, 1)
        if row["verified_on"] and row["ends_on"] is None
    ]
    found = []
    for day, number in sorted(asked, reverse=True)[:_ANSWERS]:
        at = datetime.combine(date.fromisoformat(day), time(8 + chance.randrange(8), 20))
        if at > now:
            continue
        how = chance.choice(_HOW)
        found.append(
            {
                "coverage_id": number,
                "verified_at": at.isoformat(timespec="minutes"),
                "verified_by": chance.choice(("Dana Moreau", "Ines Farrow")),
                "how": how,
                "reference": "" if how == "card" else f"R-{chance.randrange(10_000, 99_999)}",
                "result": "active",
                "copay_cents": coverages[number - 1]["copay_cents"],
            }
        )
    return found


def referrals(
    appointments: Sequence[Fields], physicians: Sequence[int], now: datetime, seed: int
) -> tuple[list[Fields], list[Fields]]:
    """Referrals by us and to us at every step, some due, and the steps each took."""
    chance = random.Random(seed)
    rows: list[Fields] = []
    steps: list[Fields] = []
    if not physicians:
        return rows, steps
    for row in (
        *_out(appointments, physicians, now, chance),
        *_in(appointments, physicians, now, chance),
    ):
        begun = date.fromisoformat(row["begun_on"])
        path = PATHS[Direction(row["direction"])]
        taken = path[: path.index(Step(row["status"])) + 1]
        rows.append(row)
        for place, step in enumerate(taken):
            day = min(begun + timedelta(days=2 * place), now.date())
            steps.append(
                {
                    "referral_id": len(rows),
                    "at": datetime.combine(day, time(9, 5 * place)).isoformat(timespec="minutes"),
                    "status": str(step),
                }
            )
    return rows, steps


def _out(
    appointments: Sequence[Fields], physicians: Sequence[int], now: datetime, chance: random.Random
) -> Iterator[Fields]:
    today = now.date()
    since = (today - timedelta(days=45)).isoformat()
    seen = [
        row
        for row in appointments
        if row["status"] == "done" and since <= row["starts_at"] < today.isoformat()
    ]
    for place, visit in enumerate(chance.sample(seen, min(_OUT, len(seen)))):
        begun = date.fromisoformat(visit["starts_at"][:10])
        step = _STEPS_OUT[place % len(_STEPS_OUT)]
        there = None
        if step in (Step.BOOKED, Step.TOLD, Step.LETTER_BACK):
            there = begun + timedelta(days=14 + chance.randrange(20))
        yield _referral(
            visit["patient_id"], Direction.OUT, step, begun, today, chance,
            provider_id=visit["provider_id"],
            other_provider_id=chance.choice(physicians),
            reason=chance.choice(_REASONS_OUT),
            is_urgent=int(place % 7 == 3),
            their_visit_on=there.isoformat() if there else None,
            visit_on=there,
        )  # fmt: skip


def _in(
    appointments: Sequence[Fields], physicians: Sequence[int], now: datetime, chance: random.Random
) -> Iterator[Fields]:
    today = now.date()
    expected = [
        row
        for row in appointments
        if row["status"] in ("scheduled", "confirmed") and row["starts_at"] > f"{today}T23"
    ]
    for place, visit in enumerate(chance.sample(expected, min(_IN, len(expected)))):
        step = (Step.READY, Step.ACCEPTED, Step.BOOKED, Step.TOLD)[place % 4]
        has_visit = step in (Step.BOOKED, Step.TOLD)
        begun = today - timedelta(days=3 + chance.randrange(25))
        yield _referral(
            visit["patient_id"], Direction.IN, step, begun, today, chance,
            provider_id=visit["provider_id"],
            other_provider_id=chance.choice(physicians),
            reason=chance.choice(_REASONS_IN),
            number=f"REF-{chance.randrange(10_000, 99_999)}" if place % 2 else "",
            expires_on=(begun + timedelta(days=120)).isoformat(),
            appointment_id=visit["id"] if has_visit else None,
            visit_on=date.fromisoformat(visit["starts_at"][:10]) if has_visit else None,
        )  # fmt: skip


def _referral(
    patient_id: int,
    direction: Direction,
    step: Step,
    begun: date,
    today: date,
    chance: random.Random,
    *,
    visit_on: date | None,
    **fields: Any,
) -> Fields:
    stamped = max(begun, today - timedelta(days=chance.randrange(2, 12)))
    chase = next_chase(
        step, stamped, _CHASE_DAYS, is_urgent=bool(fields.get("is_urgent")), visit_on=visit_on
    )
    return {
        "patient_id": patient_id,
        "direction": str(direction),
        "status": str(step),
        "provider_id": None,
        "other_provider_id": None,
        "reason": "",
        "is_urgent": 0,
        "number": "",
        "appointment_id": None,
        "their_visit_on": None,
        "begun_on": begun.isoformat(),
        "expires_on": None,
        "chase_on": chase.isoformat() if chase else None,
        **fields,
    }
