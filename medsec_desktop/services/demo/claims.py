"""The demo clinic bills: what its payers want, where its files go, and claims in every state."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.claims.paths import put
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.claims.settings import ClearingHouseDraft, PayerRuleDraft
from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office

_BEHIND_DAYS = 4  # charges the biller has not come to yet
_OPEN = 60  # of the newest claims, not sent yet
_SPOILED, _UNTOUCHED, _READY, _FILED = 4, 14, 22, 9  # of those
_LATE = 4  # left lying until their payer’s limit is near
_SILENT_DAYS = 12
# How far older claims have come, of a hundred: those older than a payer is usually silent, and the others.
_LONG_AGO = (("closed", 84), ("decided", 6), ("accepted", 3), ("sent", 5), ("rejected", 2))
_OF_LATE = (("sent", 66), ("accepted", 22), ("decided", 10), ("rejected", 2))
_REJECTED = "A7:164:IL, the member number was not found"
_PLANS = ("Call the payer about the member number", "Send the notes of the visit", "Ask for the status",
          "Appeal: not medically necessary")  # fmt: skip
_HOUSE = ClearingHouseDraft(
    "Gullwing Clearing House (demo)",
    sender_id="LARKHAVEN",
    receiver_id="GULLWING",
    submitter_id="LH0001",
    receiver_number="GW0001",
    contact_name="Billie Brightwater",
    contact_phone="6175550142",
    is_test=False,
    note="Invented: its files go nowhere.",
)
# By the beginning of the payer's name: filing indicator, way, days to file, and what else it wants.
_RULES = (
    ("Lantern", "CI", "file", 90),
    ("Harbor", "HM", "file", 90),
    ("Orchard", "CI", "paper", 30),
    ("Medicare", "MB", "file", 365),
    ("State Medicaid", "MC", "file", 90),
    ("Golden", "CI", "paper", 180),
)


def furnish(office: Office) -> None:
    """What payers want, the clearing house, and the practice’s own numbers."""
    practice = office.practice
    profile = practice.profile()
    practice.save_profile(replace(profile, postal_code=f"{profile.postal_code[:5]}-1200"))
    practice.put(settings.CLAIMS_TAXONOMY, "207Q00000X")
    practice.put(settings.CLAIMS_CLIA, "22D1234567")
    practice.put(settings.CLAIMS_CONTACT, "Billie Brightwater")
    house = office.claim_settings.save_house(_HOUSE)
    for begins, filing, way, days in _RULES:
        payer = next(one for one in practice.payers() if one.name.startswith(begins))
        office.claim_settings.save_payer(
            PayerRuleDraft(
                payer.id,
                filing,
                way,
                house if way == "file" else None,
                filing_days=days,
                corrected_days=120,
                appeal_days=90,
                silent_days=_SILENT_DAYS,
                filing_source="Invented for the demo",
            )
        )


def bill(office: Office, seed: int) -> None:
    """Claims for what visits were charged: most long answered, some on their way, the newest at hand."""
    db, today = office.session.db, office.clock.today()
    sheets = [
        sheet_id
        for (sheet_id,) in db.rows(
            "SELECT s.id FROM charge_sheet s JOIN encounter e ON e.id = s.encounter_id"
            " WHERE s.status = 'charged' AND NOT s.is_self_pay AND e.starts_at < ?"
            " ORDER BY e.starts_at, s.id",
            ((today - timedelta(days=_BEHIND_DAYS)).isoformat(),),
        )
    ]
    made = office.claims.build_all(sheets).made
    chance = random.Random(seed)
    old, new = made[:-_OPEN], made[-_OPEN:]
    late = _near_their_limit(office, old)
    _send(office, [claim for claim in old if claim not in late], chance)
    _work_on(office, new)
    _hand_out(office, [*old[-12::3], *new[:3]], chance)


def _near_their_limit(office: Office, claims: Sequence[int]) -> list[int]:
    """The oldest of the payer that wants claims soonest, which nobody has sent."""
    rows = office.session.db.rows(
        "SELECT c.id FROM claim c JOIN payer y ON y.id = c.payer_id WHERE y.name LIKE 'Orchard%'"
        " AND c.id <= ? ORDER BY c.first_on, c.id LIMIT ?",
        (max(claims, default=0), _LATE),
    )
    return [claim_id for (claim_id,) in rows]


def _send(office: Office, claims: Sequence[int], chance: random.Random) -> None:
    """Claims that left, and how far each has come; sent three days after the visit."""
    db, today = office.session.db, office.clock.today()
    days = dict(
        db.rows(
            "SELECT id, first_on FROM claim WHERE id IN (SELECT value FROM json_each(?))",
            (f"[{', '.join(map(str, claims))}]",),
        )
    )
    with office.session.change(
        "Send the demo clinic’s claims", Permission.EDIT_CLAIMS, sealed=True
    ):
        for claim_id in claims:
            sent_on = min(date.fromisoformat(days[claim_id]) + timedelta(days=3), today)
            is_long_ago = (today - sent_on).days >= _SILENT_DAYS
            states, weights = zip(*(_LONG_AGO if is_long_ago else _OF_LATE), strict=True)
            status = chance.choices(states, weights)[0]
            answered = sent_on + timedelta(days=9 + chance.randrange(9))
            answered = min(answered, today - timedelta(days=1))  # its hour of today may be to come
            made = sent_on - timedelta(days=1)
            db.execute(
                "UPDATE claim_event SET at = ?, by = ?, version = version + 1 WHERE claim_id = ?",
                (f"{made}T16:20", "Billie Brightwater", claim_id),
            )
            _tell(office, claim_id, "sent", "sent", sent_on, "")
            is_answered = status != "sent"
            if is_answered:
                words = _REJECTED if status == "rejected" else ""
                _tell(office, claim_id, "answer", status, answered, words)
            db.execute(
                "UPDATE claim SET status = ?, sent_at = ?, answered_on = ?, payer_claim_number = ?,"
                " appeal_until_on = ?, made_at = ?, version = version + 1 WHERE id = ?",
                (
                    status,
                    f"{sent_on}T17:10",
                    answered.isoformat() if is_answered else None,
                    f"D{chance.randrange(10**8, 10**9)}" if is_answered else "",
                    (answered + timedelta(days=90)).isoformat() if status == "decided" else None,
                    f"{made}T16:20",
                    claim_id,
                ),
            )


def _tell(office: Office, claim_id: int, kind: str, status: str, on: date, note: str) -> None:
    office.session.db.execute(
        "INSERT INTO claim_event (claim_id, at, by, kind, status, note) VALUES (?, ?, ?, ?, ?, ?)",
        (claim_id, f"{on}T17:10", "Billie Brightwater", kind, status, note),
    )


def _work_on(office: Office, claims: Sequence[int]) -> None:
    """The newest: some nobody has looked at, some held back, some ready, and a file that left today."""
    services = office.claims
    rest = claims[:-_UNTOUCHED]  # those stay as they were made
    for claim_id in rest[:_SPOILED]:
        found = services.detail(claim_id)
        services.save(claim_id, found.version, put(found.content, "insured.party.id", ""))
    clean = services.check(rest).clean
    services.make_ready(clean[:_READY])
    by_file = [row.id for row in map(services.row, clean[:_READY]) if row.way == "file"]
    with tempfile.TemporaryDirectory() as folder:
        plans = office.claim_files.plan(by_file[:_FILED])
        office.claim_files.write([plan for plan in plans if plan.may_be_written], Path(folder))
    with office.session.change("Forget the folder", Permission.EDIT_CLAIMS, sealed=True):
        office.session.db.execute("UPDATE claim_batch SET folder = '', version = version + 1")


def _hand_out(office: Office, claims: Sequence[int], chance: random.Random) -> None:
    """Who sees to some of them, and what is next."""
    today, people = office.clock.today(), office.users.everyone()
    for place, claim_id in enumerate(claims):
        office.claims.assign([claim_id], people[place % len(people)].id)
        day = today + timedelta(days=place - 2)
        office.claims.plan([claim_id], chance.choice(_PLANS), day)
