"""A table of patients (CSV): one row a person, each column what a mapping says it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from medsec_desktop.exchange.columns import LEFT_ASIDE, Mapping, source_of
from medsec_desktop.exchange.csv_file import CsvFile
from medsec_desktop.exchange.quarantine import Quarantined
from medsec_desktop.exchange.records import LeftAside, OnlyPatients, PatientRecord
from medsec_desktop.exchange.row_reader import RowReader
from medsec_desktop.exchange.text import lines_in
from medsec_desktop.problems import Invalid


class PatientTable(OnlyPatients):
    """The records of a CSV file under a mapping. Raises Invalid where the mapping cannot serve."""

    def __init__(self, path: Path, mapping: Mapping, today: date):
        self._table = CsvFile(path)
        if mapping.columns != self._table.columns:
            raise Invalid(
                f"“{path.name}” has other columns than were chosen for.",
                remedy="Choose the file again.",
                field="mapping",
            )
        faults = mapping.faults()
        if faults:
            raise Invalid(
                faults[0],
                f"The columns are {', '.join(f'“{name}”' for name in mapping.columns[:12])}.",
                "Say in the window what each column is.",
                field="mapping",
            )
        if mapping.has_dates and not mapping.date_order:
            raise Invalid(
                "The dates in this file can be read in two ways.",
                "Neither day nor month is beyond 12 in any of them, or both are.",
                "Say whether the month or the day comes first.",
                field="date_order",
            )
        self._mapping = mapping
        self._reader = RowReader(mapping, today)
        self.kind = source_of(self._table.columns)

    @property
    def name(self) -> str:
        return self._table.path.name

    @property
    def knows_ids(self) -> bool:
        return bool(self._mapping.places("external_id") or self._mapping.places("chart"))

    @property
    def files(self) -> dict[str, str]:
        return {"patients": self.name}

    def rows_expected(self) -> int:
        return lines_in(self._table.path)

    def left_aside(self) -> Iterator[LeftAside]:
        return iter(())

    def columns_left_aside(self) -> dict[str, tuple[str, ...]]:
        names = tuple(
            name or f"(column {at + 1})"
            for at, (name, target) in enumerate(
                zip(self._mapping.columns, self._mapping.targets, strict=True)
            )
            if target == LEFT_ASIDE
        )
        return {self.name: names} if names else {}

    def patients(self) -> Iterator[PatientRecord | Quarantined]:
        """The one boundary: whatever a row holds, it comes out as a record or with its reason."""
        for found in self._table.lists():
            if isinstance(found, Quarantined):
                yield found
            else:
                yield self._reader.read(*found)
