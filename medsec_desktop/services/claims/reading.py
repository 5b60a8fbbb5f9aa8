"""Claims as lists and screens show them. One statement for a list, however long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.claims.deadlines import Nearness, Waiting, radar
from medsec_desktop.domain.claims.life import ClaimStatus, may_become
from medsec_desktop.domain.claims.storing import restored
from medsec_desktop.domain.people import PersonName
from medsec_desktop.services.alerts import shown_at
from medsec_desktop.services.claims.filing import gone
from medsec_desktop.services.claims.records import ClaimDetail, ClaimRow, EventRow

if TYPE_CHECKING:
    from medsec_desktop.store.database import Database

_ROW = (
    "SELECT c.id, c.version, c.number, c.patient_id, p.family_name, p.given_name, p.middle_name,"
    " p.name_prefix, p.name_suffix, p.preferred_name, c.payer_id, y.name, c.rank, c.status,"
    " c.frequency, c.way, c.total_cents, c.first_on, c.last_on,"
    " trim(coalesce(d.given_name, '') || ' ' || coalesce(d.family_name, '')),"
    " c.owner_user_id, coalesce(u.display_name, ''), c.next_action, c.next_on, c.file_until_on,"
    " c.appeal_until_on, c.errors, c.warnings, c.checked_at, c.sent_at, c.answered_on,"
    " c.payer_claim_number, c.charge_sheet_id, e.appointment_id, b.id, coalesce(b.reference, '')"
    " FROM claim c JOIN patient p ON p.id = c.patient_id JOIN payer y ON y.id = c.payer_id"
    " LEFT JOIN provider d ON d.id = c.provider_id LEFT JOIN user_account u ON u.id = c.owner_user_id"
    " LEFT JOIN charge_sheet s ON s.id = c.charge_sheet_id"
    " LEFT JOIN encounter e ON e.id = s.encounter_id"
    " LEFT JOIN claim_batch b ON b.id = (SELECT max(i.claim_batch_id) FROM claim_batch_item i"
    "  JOIN claim_batch w ON w.id = i.claim_batch_id AND w.status = 'written' WHERE i.claim_id = c.id)"
)
_NOT_OUT = (ClaimStatus.DRAFT, ClaimStatus.CHECKED, ClaimStatus.READY, ClaimStatus.REJECTED)


def rows(
    db: Database, today: date, where: str = "", values: Sequence[Any] = (), order: str = "c.id DESC"
) -> tuple[ClaimRow, ...]:
    """Claims `c` that meet a condition, as a list shows them."""
    condition = f" WHERE {where}" if where else ""
    return tuple(
        _row(today, *row) for row in db.rows(f"{_ROW}{condition} ORDER BY {order}", tuple(values))
    )


def row(db: Database, today: date, claim_id: int) -> ClaimRow:
    """One of them. Raises Conflict where it is gone."""
    for found in rows(db, today, "c.id = ?", (claim_id,)):
        return found
    raise gone()


def detail(db: Database, today: date, claim_id: int, permitted: bool) -> ClaimDetail:
    """A claim with everything known of it. Raises Conflict where it is gone."""
    found = row(db, today, claim_id)
    content, replaces, follows, document = db.one(
        "SELECT content, replaces_claim_id, follows_claim_id, document_id FROM claim WHERE id = ?",
        (claim_id,),
    ) or ("", None, None, None)
    after = {
        column: db.value(
            f"SELECT id FROM claim WHERE {column} = ? AND status <> 'void' ORDER BY id DESC LIMIT 1",
            (claim_id,),
        )
        for column in ("replaces_claim_id", "follows_claim_id")
    }
    return ClaimDetail(
        found,
        restored(content),
        events(db, claim_id),
        replaces,
        after["replaces_claim_id"],
        follows,
        after["follows_claim_id"],
        document,
        shown_at(db, "billing", [found.patient_id], today).get(found.patient_id, ()),
        frozenset(may(found, document is not None)) if permitted else frozenset(),
    )


def events(db: Database, claim_id: int) -> tuple[EventRow, ...]:
    """What happened to a claim, the oldest first."""
    return tuple(
        EventRow(
            event_id,
            datetime.fromisoformat(at),
            by,
            kind,
            ClaimStatus(status) if status else None,
            note,
            batch_id,
        )
        for event_id, at, by, kind, status, note, batch_id in db.rows(
            "SELECT id, at, by, kind, status, note, claim_batch_id FROM claim_event"
            " WHERE claim_id = ? ORDER BY at, id",
            (claim_id,),
        )
    )


def may(found: ClaimRow, is_printed: bool) -> Iterable[str]:
    """What can be done with a claim as it stands."""
    status = found.status
    if not found.is_sealed:
        yield "edit"
        yield "print"
    if may_become(status, ClaimStatus.DRAFT):
        yield "draft"
    if status is ClaimStatus.CHECKED:
        yield "ready"
    if not found.is_sealed:
        yield "void"
    is_known = bool(found.payer_claim_number)
    if may_become(status, ClaimStatus.REPLACED) and is_known:
        yield "replace"
        yield "cancel"
    if status in (ClaimStatus.SENT, ClaimStatus.ACCEPTED, ClaimStatus.CLOSED):
        yield "answer"
    if status is ClaimStatus.DECIDED:
        yield "close"
    if status in (ClaimStatus.DECIDED, ClaimStatus.CLOSED) and found.rank in ("P", "S"):
        yield "follow"
    if is_printed:
        yield "reprint"


def _row(
    today: date, claim_id: int, version: int, number: str, patient_id: int, family: str, given: str,
    middle: str, prefix: str, suffix: str, preferred: str, payer_id: int, payer: str, rank: str,
    status: str, frequency: str, way: str, total: int, first: str, last: str, provider: str,
    owner_id: int | None, owner: str, action: str, next_on: str | None, file_until: str | None,
    appeal_until: str | None, errors: int, warnings: int, checked: str | None, sent: str | None,
    answered: str | None, payer_number: str, sheet_id: int | None, appointment_id: int | None,
    batch_id: int | None, reference: str,
) -> ClaimRow:  # fmt: skip
    state, first_on = ClaimStatus(status), date.fromisoformat(first)
    due_on: date | None = None
    if state in _NOT_OUT:
        due_on = day(file_until)
    elif state is ClaimStatus.DECIDED:
        due_on = day(appeal_until)
    left: int | None = None
    near: Nearness | None = None
    if due_on is not None:
        begun = first_on if state in _NOT_OUT else (day(answered) or first_on)
        (due,) = radar([Waiting(number, payer, begun, (due_on - begun).days)], today)
        left, near = due.days_left, due.nearness
    return ClaimRow(
        claim_id, version, number, patient_id,
        PersonName(family, given, middle, prefix, suffix, preferred), payer_id, payer, rank, state,
        frequency, way, total, first_on, date.fromisoformat(last), provider, owner_id, owner, action,
        day(next_on), due_on, left, near, errors, warnings, moment(checked), moment(sent),
        day(answered), payer_number, sheet_id, appointment_id, batch_id, reference,
    )  # fmt: skip


def day(text: str | None) -> date | None:
    """A date as it is kept."""
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    """A time of the wall clock as it is kept."""
    return datetime.fromisoformat(text) if text else None
