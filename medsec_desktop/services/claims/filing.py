"""Writing claims down: the row, its lines, and every step it takes.

All of it inside a change of whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.claims.claim import Claim, ServiceLine
from medsec_desktop.domain.claims.deadlines import counted_from, deadline
from medsec_desktop.domain.claims.life import ClaimStatus, is_sealed, may_become
from medsec_desktop.domain.claims.storing import restored, stored
from medsec_desktop.models.claims import Claim as ClaimTable
from medsec_desktop.models.claims import ClaimEvent, ClaimLine
from medsec_desktop.problems import Conflict, Link
from medsec_desktop.services.claims.building import Built, control
from medsec_desktop.services.claims.settings import PayerRuleDraft
from medsec_desktop.services.saving import insert_row, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.session import Session

_AT = "%Y-%m-%dT%H:%M"
_FIRST_NUMBER = 100_000
_INSTEAD = {
    ClaimStatus.SENT: "Replace it, or void it at the payer.",
    ClaimStatus.ACCEPTED: "Replace it, or void it at the payer.",
    ClaimStatus.DECIDED: "Replace it, or close it.",
    ClaimStatus.CLOSED: "Open it again with the payer’s answer.",
    ClaimStatus.REPLACED: "Look at the claim that stands for it.",
    ClaimStatus.VOID: "Make a new claim from the visit.",
}


class Filing:
    """Writes claims and their steps."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def next_number(self) -> str:
        """The number the next claim will have; also a claim that was taken back keeps its own for good."""
        last = self._db.value("SELECT seq FROM sqlite_sequence WHERE name = 'claim'") or 0
        return str(_FIRST_NUMBER + int(last) + 1)

    def insert(self, built: Built, note: str = "", **columns: Any) -> int:
        """A new claim as a draft; its row's number. The content must have `next_number`."""
        claim_id = insert_row(
            ClaimTable,
            number=built.content.id,
            patient_id=built.patient_id,
            charge_sheet_id=built.sheet_id,
            coverage_id=built.cover.id,
            payer_id=built.cover.payer_id,
            provider_id=built.provider_id,
            made_at=self.now(),
            **(
                {"way": built.rule.way}
                | told(built.content, built.rule, self._session.clock.today())
                | columns
            ),
        )
        self._write_lines(claim_id, built.content, built.charge_line_ids)
        self.event(claim_id, "status", ClaimStatus.DRAFT, note)
        return claim_id

    def write(
        self,
        claim_id: int,
        version: int,
        content: Claim,
        rule: PayerRuleDraft,
        charge_line_ids: Sequence[int | None] | None = None,
        **columns: Any,
    ) -> None:
        """Other content for a claim that has not left. Raises Conflict where it has, or moved on.

        A line keeps the charge it came from by its number, unless `charge_line_ids` say them anew.
        """
        self.require_open(claim_id)
        made_on = self._session.clock.today()
        save_row(ClaimTable, claim_id, version, **(told(content, rule, made_on) | columns))
        self._write_lines(claim_id, content, charge_line_ids)

    def _write_lines(
        self, claim_id: int, content: Claim, charge_line_ids: Sequence[int | None] | None
    ) -> None:
        """The lines as they are asked for, told apart by their numbers; only what differs is written."""
        kept = {
            row[2]: row
            for row in self._db.rows(
                "SELECT id, charge_line_id, control, position, code, modifiers, from_on, to_on, units,"
                " charge_cents, provider_npi FROM claim_line WHERE claim_id = ?",
                (claim_id,),
            )
        }
        for at, line in enumerate(content.lines):
            row = kept.pop(line.control, None)
            columns = _line_columns(content, line, at)
            charge_id = None if row is None else row[1]
            if charge_line_ids is not None and at < len(charge_line_ids):
                charge_id = charge_line_ids[at]
            columns = {"charge_line_id": charge_id, **columns}
            if row is None:
                insert_row(ClaimLine, claim_id=claim_id, **columns)
            elif tuple(row[1:]) != tuple(columns.values()):
                sets = ", ".join(f"{name} = ?" for name in columns)
                self._db.execute(
                    f"UPDATE claim_line SET {sets}, version = version + 1 WHERE id = ?",
                    (*columns.values(), row[0]),
                )
        for row in kept.values():
            ClaimLine.delete().where(ClaimLine.id == row[0]).execute()

    def move(
        self, claim_id: int, status: ClaimStatus, note: str = "", *, kind: str = "status",
        batch_id: int | None = None, version: int | None = None, **columns: Any,
    ) -> None:  # fmt: skip
        """Another state for a claim, and the step. Raises Conflict where it may not get it."""
        row = self._db.one("SELECT status, version FROM claim WHERE id = ?", (claim_id,))
        if row is None:
            raise gone()
        before = ClaimStatus(row[0])
        if before is status and kind == "status":
            return
        if not may_become(before, status):
            raise self._refused(claim_id, before, status)
        at = row[1] if version is None else version
        self.put(claim_id, at, status=str(status), **columns)
        self.event(claim_id, kind, status, note, batch_id)

    def stands_again(self, claim_id: int, note: str) -> None:
        """What a claim was before another one stood for it: that one was given up and never took hold."""
        status, version = self._db.one(
            "SELECT status, version FROM claim WHERE id = ?", (claim_id,)
        ) or ("", 0)
        before = self._db.value(
            "SELECT status FROM claim_event WHERE claim_id = ? AND status NOT IN ('', ?)"
            " ORDER BY id DESC LIMIT 1",
            (claim_id, status),
        )
        if status in (ClaimStatus.REPLACED, ClaimStatus.VOID) and before is not None:
            self.put(claim_id, version, status=before)
            self.event(claim_id, "status", ClaimStatus(before), note)

    def put(self, claim_id: int, version: int, **columns: Any) -> None:
        """Other columns for a claim. Raises Conflict where it has moved on.

        The same as `save_row`, without reading the row and its content first: a batch has thousands.
        """
        sets = ", ".join(f"{name} = ?" for name in columns)
        done = self._db.execute(
            f"UPDATE claim SET {sets}, version = version + 1 WHERE id = ? AND version = ?",
            (*columns.values(), claim_id, version),
        )
        if not done.rowcount:
            save_row(ClaimTable, claim_id, version, **columns)  # says what is in the way

    def event(
        self, claim_id: int, kind: str, status: ClaimStatus | None = None, note: str = "",
        batch_id: int | None = None,
    ) -> None:  # fmt: skip
        """Write down what happened, by whom and when."""
        insert_row(
            ClaimEvent,
            claim_id=claim_id,
            at=self.now(),
            by=self._session.user.name,
            kind=kind,
            status=str(status or ""),
            note=note,
            claim_batch_id=batch_id,
        )

    def status(self, claim_id: int) -> ClaimStatus:
        """Where it stands. Raises Conflict where it is gone."""
        found = self._db.value("SELECT status FROM claim WHERE id = ?", (claim_id,))
        if found is None:
            raise gone()
        return ClaimStatus(found)

    def content(self, claim_id: int) -> Claim:
        """What it says. Raises Conflict where it is gone, Unavailable where it cannot be read."""
        found = self._db.value("SELECT content FROM claim WHERE id = ?", (claim_id,))
        if found is None:
            raise gone()
        return restored(found)

    def require_open(self, claim_id: int) -> None:
        """Raise Conflict, saying what to do instead, where the claim left the office."""
        status = self.status(claim_id)
        if is_sealed(status):
            raise Conflict(
                f"Claim {self.number(claim_id)} is {status}; its words stay as they are.",
                "A claim that left the office is never changed.",
                _INSTEAD[status],
                (Link("claim", str(claim_id), f"Claim {self.number(claim_id)}"),),
            )

    def number(self, claim_id: int) -> str:
        """What people call it by."""
        return str(self._db.value("SELECT number FROM claim WHERE id = ?", (claim_id,)) or "")

    def now(self) -> str:
        """The clinic's wall clock, as it is kept."""
        return self._session.clock.now().strftime(_AT)

    def _refused(self, claim_id: int, status: ClaimStatus, then: ClaimStatus) -> Conflict:
        number = self.number(claim_id)
        return Conflict(
            f"Claim {number} is {status}, so it cannot become {then}.",
            remedy=_INSTEAD.get(status, "Check it first, then say that it may go."),
            links=(Link("claim", str(claim_id), f"Claim {number}"),),
        )


def told(content: Claim, rule: PayerRuleDraft, made_on: date) -> dict[str, Any]:
    """The columns that work-lists ask, as the content says them; without lines it is of `made_on`.

    A claim that replaces or voids another keeps the last day it got from the payer’s answer.
    """
    first_on = min((line.from_on for line in content.lines), default=made_on)
    last_on = max((line.to_on or line.from_on for line in content.lines), default=made_on)
    columns = {
        "rank": content.insured.rank,
        "frequency": content.frequency,
        "total_cents": content.charge_cents,
        "first_on": first_on.isoformat(),
        "last_on": last_on.isoformat(),
        "content": stored(content),
    }
    if content.frequency == "1":
        first = counted_from(content) or made_on
        columns["file_until_on"] = deadline(first, rule.days_to_file).isoformat()
    return columns


def with_controls(content: Claim, before: Claim | None = None) -> Claim:
    """The claim with a number of its own for each line, and its total counted.

    A line keeps the number it has; a number that was ever given in `before` is not given to another line.
    """
    taken = {line.control for line in (before or content).lines} - {""}
    seen: set[str] = set()
    lines = []
    at = len(taken)
    for line in content.lines:
        if not line.control or line.control in seen:
            at += 1
            while control(content.id, at) in taken | seen:
                at += 1
            line = replace(line, control=control(content.id, at))
        seen.add(line.control)
        lines.append(line)
    return replace(
        content, lines=tuple(lines), charge_cents=sum(line.charge_cents for line in lines)
    )


def _line_columns(content: Claim, line: ServiceLine, at: int) -> dict[str, Any]:
    who = dict(line.providers).get("82") or dict(content.providers).get("82") or content.billing
    return {
        "control": line.control,
        "position": at,
        "code": line.code,
        "modifiers": " ".join(line.modifiers),
        "from_on": line.from_on.isoformat(),
        "to_on": (line.to_on or line.from_on).isoformat(),
        "units": line.units,
        "charge_cents": line.charge_cents,
        "provider_npi": who.id,
    }


def answer_deadlines(rule: PayerRuleDraft, answered_on: date) -> dict[str, str | None]:
    """Until when one may appeal, counted from the payer's word."""
    if rule.appeal_days is None:
        return {"appeal_until_on": None}
    return {"appeal_until_on": (answered_on + timedelta(days=rule.appeal_days)).isoformat()}


def gone() -> Conflict:
    """For a claim that was there when the list was read."""
    return Conflict(
        "This claim is no longer there.",
        "Its making was undone.",
        "Redo it, or make it again from the visit.",
    )
