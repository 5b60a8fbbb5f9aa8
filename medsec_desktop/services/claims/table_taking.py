"""Going through a practice's own table of procedures or fees, row by row, counting what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from medsec_desktop.exchange import procedure_table
from medsec_desktop.exchange.procedure_table import DentalCode, ProcedureRecord, ProcedureTable
from medsec_desktop.exchange.quarantine import Quarantined
from medsec_desktop.problems import Invalid
from medsec_desktop.services.claims.charge_records import TakenIn
from medsec_desktop.services.progress import Progress, Quiet


class Taking:
    """`rows` gives what can be taken in; the rest is refused with its row, or counted as dental."""

    def __init__(self, table: ProcedureTable, targets: Sequence[str], progress: Progress | None):
        self._table, self._targets = table, targets
        self._told = progress or Quiet()
        self._counts: Counter[str] = Counter()
        self._refused: list[str] = []

    def rows(self) -> Iterator[ProcedureRecord]:
        """One after another, with progress; it stops where that is stopped."""
        for at, found in enumerate(procedure_table.read(self._table, self._targets), start=1):
            self._told.report(at, max(at, self._table.rows))
            if isinstance(found, Quarantined):
                self._refused.append(f"Row {found.origin.row}: {found.sentence}")
            elif isinstance(found, DentalCode):
                self._counts["dental"] += 1
            else:
                yield found

    def refuse(self, record: ProcedureRecord, why: str) -> None:
        """Leave a row out after all."""
        self._refused.append(f"Row {record.origin.row}: {why}")

    def count(self, became: str) -> None:
        """Note that a row was “added” or “changed”, or was there the “same”."""
        self._counts[became] += 1

    def result(self, nothing: str) -> TakenIn:
        """What became of the table. Raises Invalid with `nothing` where no row was taken in."""
        if not any(self._counts[became] for became in ("added", "changed", "same")):
            why = self._refused[0] if self._refused else "All of its codes are dental ones."
            raise Invalid(nothing, why, field="path")
        return TakenIn(**self._counts, refused=tuple(self._refused))
