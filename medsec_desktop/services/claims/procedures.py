"""The practice's own procedures: typed or taken in as a table, in its own order and its own words."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from medsec_desktop.domain.claims.charges import (
    DRUG_UNITS,
    charged,
    ndc,
    parse_units,
    procedure_code,
)
from medsec_desktop.domain.claims.modifiers import parse_modifiers
from medsec_desktop.domain.claims.places import place_code
from medsec_desktop.domain.money import Money
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.exchange import procedure_table
from medsec_desktop.exchange.people_out import safe
from medsec_desktop.exchange.procedure_table import ProcedureRecord, ProcedureTable
from medsec_desktop.models import Procedure
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.claims.charge_records import ProcedureDraft, ProcedureRow, TakenIn
from medsec_desktop.services.claims.table_taking import Taking
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Changes, Session

LICENCE = (
    "CPT is the American Medical Association’s: whoever enters or takes in its codes and words needs a "
    "license of the AMA. This program comes with none of them. What you take in is your practice’s own list."
)
_NAMES = tuple(
    field.name for field in fields(ProcedureDraft) if field.name not in ("id", "version")
)
_DAYS = ("starts_on", "ends_on")
_TICKS = tuple(name for name in _NAMES if name.startswith(("is_", "needs_")))
_LONGEST_WORDS = 200


class Procedures:
    """The list, kept in mind: it is asked at every key somebody types."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db
        self._known: tuple[ProcedureRow, ...] | None = None
        session.guard(self._forget)  # before any screen is told, whichever asked first
        session.subscribe(self._forget)

    def all(self) -> tuple[ProcedureRow, ...]:
        """Every one, in the practice's order; those no longer offered too."""
        if self._known is None:
            self._known = tuple(
                _row(row)
                for row in self._db.rows(
                    f"SELECT id, version, position, {', '.join(_NAMES)} FROM procedure"
                    " ORDER BY position, code, modifiers, id"
                )
            )
        return self._known

    def on(self, day: date) -> tuple[ProcedureRow, ...]:
        """Those a service of that day may be charged by."""
        return tuple(row for row in self.all() if row.holds_on(day))

    def find(self, code: str, modifiers: str = "") -> ProcedureRow | None:
        """The one of that code, rather with these modifiers; None where the list has none."""
        rows = [row for row in self.all() if row.code == code]
        exact = [row for row in rows if row.draft.modifiers == modifiers]
        plain = [row for row in rows if not row.draft.modifiers]
        return next(iter((*exact, *plain, *rows)), None)

    def sections(self) -> tuple[str, ...]:
        """The headings of the superbill, in their order."""
        return tuple(dict.fromkeys(row.draft.section for row in self.all() if row.draft.section))

    def save(self, draft: ProcedureDraft) -> int:
        """Keep one; its number. Raises Invalid, Conflict, NotAllowed."""
        sound = checked(draft)
        written = "-".join((sound.code, *sound.modifiers.split()))
        for row in self.all():
            is_same = (row.code, row.draft.modifiers) == (sound.code, sound.modifiers)
            if is_same and row.id != sound.id:
                raise Invalid(f"{written} is already in the list.", field="code")
        label = f"{'Change' if draft.id else 'Add'} the procedure {written}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            values = _values(sound)
            if draft.id:
                save_row(Procedure, draft.id, draft.version, **values)
                return draft.id
            return insert_row(Procedure, position=len(self.all()), **values)

    def remove(self, procedure_id: int) -> None:
        """Take one off the list; charges that began with it keep what they say."""
        row = self._one(procedure_id)
        used = self._db.value(
            "SELECT 1 FROM charge_line WHERE procedure_id = ? LIMIT 1", (procedure_id,)
        )
        with self._session.change(f"Remove the procedure {row.written}", Permission.EDIT_SETTINGS):
            if used:
                save_row(Procedure, row.id, row.version, is_active=False)
            else:
                Procedure.delete().where(Procedure.id == procedure_id).execute()

    def move(self, procedure_id: int, by: int) -> None:
        """Move one up or down the list."""
        rows = [row for row in self.all() if row.draft.is_active]
        at = next((at for at, row in enumerate(rows) if row.id == procedure_id), None)
        if at is None:
            raise _gone()
        to = min(max(at + by, 0), len(rows) - 1)
        rows.insert(to, rows.pop(at))
        with self._session.change("Change the order of procedures", Permission.EDIT_SETTINGS):
            for position, row in enumerate(rows):
                if row.position != position:
                    save_row(Procedure, row.id, row.version, position=position)

    def take_in(
        self, table: ProcedureTable, targets: Sequence[str], progress: Progress | None = None
    ) -> TakenIn:
        """Add what the table has and change what it says otherwise; nothing is taken off the list.

        All or nothing: where `progress` stops it, nothing of it is left. Raises Invalid, NotAllowed.
        """
        wrong = procedure_table.faults(targets)
        if wrong:
            raise Invalid(wrong[0], field="code")
        known = {(row.code, row.draft.modifiers): row for row in self.all()}
        position = len(known)
        taking = Taking(table, targets, progress)
        with self._session.change(
            f"Take in procedures from {table.path.name}", Permission.EDIT_SETTINGS
        ):
            for found in taking.rows():
                became = self._take_one(found, targets, known, position)
                position += became == "added"
                taking.count(became)
            return taking.result(f"Nothing in “{table.path.name}” could be taken in.")

    def _take_one(
        self,
        record: ProcedureRecord,
        targets: Sequence[str],
        known: dict[tuple[str, str], ProcedureRow],
        position: int,
    ) -> str:
        modifiers = " ".join(record.modifiers)
        old = known.get((record.code, modifiers))
        said: dict[str, Any] = {
            "words": record.words, "section": record.group, "charge_cents": record.fee_cents,
            "units": record.units, "place": record.place, "starts_on": record.from_on,
            "ends_on": record.to_on, "unit": "MJ" if record.asks_minutes else "UN",
            "needs_drug": record.asks_drug,
        }  # fmt: skip
        columns = {
            "words": "words", "group": "section", "fee": "charge_cents", "units": "units",
            "place": "place", "from": "starts_on", "to": "ends_on", "minutes": "unit",
            "drug": "needs_drug",
        }  # fmt: skip
        # A column the table has not, and an empty cell, leave what is there.
        new = {
            columns[target]: said[columns[target]]
            for target in targets
            if target in columns and said[columns[target]] not in ("", None)
        }
        if old is None:
            draft = replace(ProcedureDraft(record.code, modifiers), **new)
            insert_row(Procedure, position=position, **_values(checked(draft)))
            return "added"
        draft = replace(old.draft, **new, is_active=True)
        if draft == old.draft:
            return "same"
        save_row(Procedure, old.id, old.version, **_values(checked(draft)))
        return "changed"

    def save_table(self, path: Path) -> int:
        """Write the list as CSV, which comes in again the same; how many. Raises Unavailable."""
        self._session.require(Permission.EXPORT_DATA, "save the procedure list as a file")
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(("Code", "Modifiers", "Description", "Category", "Fee", "Units", "Place",
                         "Valid from", "Valid to", "Minutes", "NDC required"))  # fmt: skip
        rows = [row.draft for row in self.all() if row.draft.is_active]
        for one in rows:
            fee = "" if one.charge_cents is None else str(Money(one.charge_cents)).replace(",", "")
            writer.writerow((
                one.code, one.modifiers, safe(one.words), safe(one.section), fee,
                one.units, one.place, _iso(one.starts_on), _iso(one.ends_on),
                "yes" if one.unit == "MJ" else "", "yes" if one.needs_drug else "",
            ))  # fmt: skip
        write_out(
            path,
            out.getvalue().encode("utf-8-sig"),
            lambda: self._session.event("Save the procedure list as a file"),
        )
        return len(rows)

    def _one(self, procedure_id: int) -> ProcedureRow:
        for row in self.all():
            if row.id == procedure_id:
                return row
        raise _gone()

    def _forget(self, changes: Changes) -> None:
        if changes.touches("procedure"):
            self._known = None


def checked(draft: ProcedureDraft) -> ProcedureDraft:
    """The draft as it is kept. Raises Invalid at the field."""
    words = " ".join(draft.words.split())
    if len(words) > _LONGEST_WORDS:
        raise Invalid(f"These words are longer than {_LONGEST_WORDS} letters.", field="words")
    if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
        raise Invalid("It ends before it begins.", field="ends_on")
    if draft.charge_cents is not None:
        charged(draft.charge_cents)
    if draft.ndc_unit and draft.ndc_unit not in DRUG_UNITS:
        raise Invalid("This unit of a drug is not known.", field="ndc_unit")
    if draft.is_unlisted and not draft.description.strip():
        raise Invalid(
            "An unlisted code needs words for the payer.",
            remedy="Say what is done under it.",
            field="description",
        )
    return replace(
        draft,
        code=procedure_code(draft.code),
        modifiers=" ".join(parse_modifiers(draft.modifiers)),
        words=words,
        section=" ".join(draft.section.split()),
        units=parse_units(draft.units or "1"),
        place=place_code(draft.place) if draft.place.strip() else "",
        ndc=ndc(draft.ndc) if draft.ndc.strip() else "",
        ndc_quantity=parse_units(draft.ndc_quantity) if draft.ndc_quantity.strip() else "",
        description=draft.description.strip(),
    )


def _values(draft: ProcedureDraft) -> dict[str, Any]:
    values = {name: value for name, value in asdict(draft).items() if name in _NAMES}
    for name in _DAYS:
        values[name] = _iso(values[name]) or None
    return values


def _row(row: tuple[Any, ...]) -> ProcedureRow:
    row_id, version, position, *rest = row
    values = dict(zip(_NAMES, rest, strict=True))
    for name in _DAYS:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in _TICKS:
        values[name] = bool(values[name])
    return ProcedureRow(
        row_id, version, position, ProcedureDraft(**values, id=row_id, version=version)
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _gone() -> Conflict:
    return Conflict("This procedure is no longer in the list.")
