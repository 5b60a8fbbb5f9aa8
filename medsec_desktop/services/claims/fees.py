"""Fee schedules: what a service costs, by payer and date."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from medsec_desktop.domain.claims.charges import charged, procedure_code
from medsec_desktop.domain.claims.modifiers import parse_modifiers
from medsec_desktop.domain.money import Money
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.exchange import procedure_table
from medsec_desktop.exchange.people_out import safe
from medsec_desktop.exchange.procedure_table import ProcedureTable
from medsec_desktop.models import Fee, FeeSchedule
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.claims.charge_records import (
    FeeFound,
    FeeRow,
    ScheduleDraft,
    ScheduleRow,
    TakenIn,
)
from medsec_desktop.services.claims.procedures import Procedures
from medsec_desktop.services.claims.table_taking import Taking
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session

_LEAST_PERCENT, _MOST_PERCENT = Decimal(1), Decimal(1000)
_STEPS = (1, 5, 25, 50, 100, 500)  # cents a computed fee may be rounded up to
# Those that hold on ?2: the payer's own first, of several the latest.
_HOLDING = (
    "SELECT s.id, s.name FROM fee_schedule s WHERE s.kind = 'charge'"
    " AND (s.payer_id IS NULL OR s.payer_id = ?1) AND s.valid_from_on <= ?2"
    " AND (s.valid_to_on IS NULL OR s.valid_to_on >= ?2)"
    " ORDER BY s.payer_id IS NULL, s.valid_from_on DESC, s.id DESC"
)


class FeeSchedules:
    """The schedules of a practice, and the one question asked of them: what does this cost."""

    def __init__(self, session: Session, procedures: Procedures):
        self._session = session
        self._db = session.db
        self._procedures = procedures

    def fee(
        self, code: str, modifiers: Sequence[str], payer_id: int | None, day: date
    ) -> FeeFound | None:
        """What one unit costs on a day: by the payer's schedule, everybody's, else the procedure list.

        In a schedule the fee with these modifiers goes before the one without. None where nobody says.
        """
        written = " ".join(modifiers)
        for schedule_id, name in self._db.rows(_HOLDING, (payer_id, day.isoformat())):
            cents = self._db.value(
                "SELECT amount_cents FROM fee WHERE fee_schedule_id = ? AND code = ?"
                " AND modifiers IN (?, '') ORDER BY modifiers = '' LIMIT 1",
                (schedule_id, code, written),
            )
            if cents is not None:
                return FeeFound(int(cents), str(name))
        row = self._procedures.find(code, written)
        if row is None or row.draft.charge_cents is None:
            return None
        units = Decimal(row.draft.units) if row.draft.unit == "UN" else Decimal(1)
        return FeeFound(_rounded(row.draft.charge_cents / units, 1))

    def all(self) -> tuple[ScheduleRow, ...]:
        """Everybody's first, then by payer; of each the latest first."""
        return tuple(
            ScheduleRow(
                row_id, version, name, payer_id, payer, _day(first), _until(last), note, fees
            )
            for row_id, version, name, payer_id, payer, first, last, note, fees in self._db.rows(
                "SELECT s.id, s.version, s.name, s.payer_id, coalesce(y.name, ''), s.valid_from_on,"
                " s.valid_to_on, s.note, (SELECT count(*) FROM fee f WHERE f.fee_schedule_id = s.id)"
                " FROM fee_schedule s LEFT JOIN payer y ON y.id = s.payer_id WHERE s.kind = 'charge'"
                " ORDER BY s.payer_id IS NOT NULL, y.name COLLATE NOCASE, s.valid_from_on DESC, s.id"
            )
        )

    def one(self, schedule_id: int) -> ScheduleRow:
        """One of them. Raises Conflict where it is gone."""
        for row in self.all():
            if row.id == schedule_id:
                return row
        raise Conflict("This fee schedule is no longer there.")

    def holds(self, row: ScheduleRow, day: date) -> bool:
        """Whether this is the first one asked for its payer on that day."""
        found = self._db.one(_HOLDING, (row.payer_id, day.isoformat()))
        return found is not None and found[0] == row.id

    def fees(self, schedule_id: int) -> tuple[FeeRow, ...]:
        """What it says, by code, with the words of the procedure list."""
        words = {row.code: row.draft.words for row in self._procedures.all()}
        return tuple(
            FeeRow(row_id, version, code, modifiers, cents, words.get(code, ""))
            for row_id, version, code, modifiers, cents in self._db.rows(
                "SELECT id, version, code, modifiers, amount_cents FROM fee"
                " WHERE fee_schedule_id = ? ORDER BY code, modifiers",
                (schedule_id,),
            )
        )

    def save(self, draft: ScheduleDraft) -> int:
        """Keep a schedule; its number. Raises Invalid, Conflict, NotAllowed."""
        values = self._checked(draft)
        label = f"{'Change' if draft.id else 'Add'} the fee schedule {values['name']}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(FeeSchedule, draft.id, draft.version, **values)
                return draft.id
            return insert_row(FeeSchedule, **values)

    def remove(self, schedule_id: int) -> None:
        """Remove a schedule with its fees; what was charged by it stays."""
        row = self.one(schedule_id)
        with self._session.change(f"Remove the fee schedule {row.name}", Permission.EDIT_SETTINGS):
            Fee.delete().where(Fee.fee_schedule == schedule_id).execute()
            FeeSchedule.delete().where(FeeSchedule.id == schedule_id).execute()

    def set_fee(
        self,
        schedule_id: int,
        code: str,
        modifiers: str,
        cents: int | None,
        fee: FeeRow | None = None,
    ) -> None:
        """Say what one unit costs; None takes it out of the schedule. `fee` is the row that was changed.

        Raises Invalid for a fee of nothing, and for a code that has one already.
        """
        row = self.one(schedule_id)
        code, written = procedure_code(code), " ".join(parse_modifiers(modifiers))
        with self._session.change(f"Fee of {code} in {row.name}", Permission.EDIT_SETTINGS):
            if cents is None:
                if fee is not None:
                    Fee.delete().where(Fee.id == fee.id).execute()
                return
            values = {"code": code, "modifiers": written, "amount_cents": charged(cents)}
            there = self._db.one(
                "SELECT id FROM fee WHERE fee_schedule_id = ? AND code = ? AND modifiers = ?",
                (schedule_id, code, written),
            )
            if there is not None and (fee is None or there[0] != fee.id):
                raise Invalid(f"{code} has a fee in this schedule already.", field="code")
            if fee is None:
                insert_row(Fee, fee_schedule_id=schedule_id, **values)
            else:
                save_row(Fee, fee.id, fee.version, **values)

    def copy(
        self,
        schedule_id: int,
        draft: ScheduleDraft,
        percent: Decimal = Decimal(100),
        step_cents: int = 1,
    ) -> int:
        """A new schedule with the fees of another at so many percent, rounded up to a step; its number.

        Where it is for the same payer and the other is open at its end, that one ends the day before.
        Raises Invalid.
        """
        if not _LEAST_PERCENT <= percent <= _MOST_PERCENT:
            raise Invalid("Percent are a number from 1 to 1000.", field="percent")
        if step_cents not in _STEPS:
            raise Invalid("Fees are rounded to one of the steps offered.", field="step")
        source = self.one(schedule_id)
        fees = self.fees(schedule_id)
        if not fees:
            raise Invalid(f"{source.name} has no fees to copy.", field="source")
        values = self._checked(replace(draft, id=0))
        with self._session.change(
            f"Make the fee schedule {values['name']} from {source.name}", Permission.EDIT_SETTINGS
        ):
            new = insert_row(FeeSchedule, **values)
            for one in fees:
                cents = _rounded(one.amount_cents * percent / 100, step_cents)
                insert_row(Fee, fee_schedule_id=new, code=one.code, modifiers=one.modifiers,
                           amount_cents=charged(cents))  # fmt: skip
            is_next = (
                draft.payer_id == source.payer_id and draft.valid_from_on > source.valid_from_on
            )
            if is_next and source.valid_to_on is None:
                last = draft.valid_from_on - timedelta(days=1)
                save_row(FeeSchedule, source.id, source.version, valid_to_on=last.isoformat())
        return new

    def take_in(
        self,
        schedule_id: int,
        table: ProcedureTable,
        targets: Sequence[str],
        progress: Progress | None = None,
    ) -> TakenIn:
        """Put the fees of a table into a schedule; those it does not name stay.

        All or nothing: where `progress` stops it, nothing of it is left. Raises Invalid, NotAllowed.
        """
        wrong = procedure_table.faults(targets, wants_fee=True)
        if wrong:
            raise Invalid(wrong[0], field="fee")
        row = self.one(schedule_id)
        known = {(one.code, one.modifiers): one for one in self.fees(schedule_id)}
        taking = Taking(table, targets, progress)
        with self._session.change(
            f"Take in fees from {table.path.name} into {row.name}", Permission.EDIT_SETTINGS
        ):
            for found in taking.rows():
                if found.fee_cents is None:
                    taking.refuse(found, f"{found.code} has no fee.")
                else:
                    key = (found.code, " ".join(found.modifiers))
                    taking.count(_put(schedule_id, key, charged(found.fee_cents), known.get(key)))
            return taking.result(f"No fee in “{table.path.name}” could be taken in.")

    def save_table(self, schedule_id: int, path: Path) -> int:
        """Write a schedule as CSV, which comes in again the same; how many fees. Raises Unavailable."""
        self._session.require(Permission.EXPORT_DATA, "save a fee schedule as a file")
        row, fees = self.one(schedule_id), self.fees(schedule_id)
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(("Code", "Modifiers", "Fee", "Description"))
        for one in fees:
            amount = str(Money(one.amount_cents)).replace(",", "")
            writer.writerow((one.code, one.modifiers, amount, safe(one.words)))
        write_out(
            path,
            out.getvalue().encode("utf-8-sig"),
            lambda: self._session.event(f"Save the fee schedule {row.name} as a file"),
        )
        return len(fees)

    def _checked(self, draft: ScheduleDraft) -> dict[str, Any]:
        name = " ".join(draft.name.split())
        if not name:
            raise Invalid(
                "A fee schedule needs a name.", remedy="Such as Standard 2026.", field="name"
            )
        if draft.valid_to_on is not None and draft.valid_to_on < draft.valid_from_on:
            raise Invalid("It ends before it begins.", field="valid_to_on")
        for row in self.all():
            if row.id != draft.id and (row.payer_id, row.valid_from_on) == (
                draft.payer_id, draft.valid_from_on,
            ):  # fmt: skip
                raise Invalid(
                    f"{row.name} is for the same payer from the same day.",
                    "Nobody could say which of them holds.",
                    "Choose another day.",
                    field="valid_from_on",
                )
        return {
            "name": name,
            "payer_id": draft.payer_id,
            "valid_from_on": draft.valid_from_on.isoformat(),
            "valid_to_on": draft.valid_to_on.isoformat() if draft.valid_to_on else None,
            "note": draft.note.strip(),
        }


def _put(schedule_id: int, key: tuple[str, str], cents: int, there: FeeRow | None) -> str:
    if there is None:
        insert_row(
            Fee, fee_schedule_id=schedule_id, code=key[0], modifiers=key[1], amount_cents=cents
        )
        return "added"
    if there.amount_cents == cents:
        return "same"
    save_row(Fee, there.id, there.version, amount_cents=cents)
    return "changed"


def _rounded(cents: Decimal, step: int) -> int:
    """Up to the next step, once half a cent is rounded away."""
    whole = int(cents.to_integral_value(ROUND_HALF_UP))
    return -(-whole // step) * step


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _until(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
