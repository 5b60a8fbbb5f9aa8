"""A table looked through once: its columns with examples, the order of its dates, its first rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from medsec_desktop.exchange.columns import Mapping, guess
from medsec_desktop.exchange.csv_file import CsvFile
from medsec_desktop.exchange.dates import OrderSigns, order_of
from medsec_desktop.exchange.quarantine import Origin, Quarantined
from medsec_desktop.exchange.records import PatientRecord
from medsec_desktop.exchange.row_reader import RowReader

_HEAD_ROWS = 50
_SAMPLES = 4


@dataclass(slots=True)
class ColumnLook:
    """One column as a person chooses what it is."""

    heading: str
    samples: list[str] = field(default_factory=list)  # the first different values
    filled: int = 0
    signs: OrderSigns = field(default_factory=OrderSigns)

    @property
    def holds_only_numbers(self) -> bool:
        return bool(self.samples) and all(sample.isdecimal() for sample in self.samples)


@dataclass(frozen=True, slots=True)
class TableLook:
    """A table looked through once: its columns, and its first rows for a preview."""

    path: Path
    encoding: str
    separator: str
    rows: int
    columns: tuple[ColumnLook, ...]
    head: tuple[tuple[Origin, tuple[str, ...]], ...]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)

    def guessed(self) -> Mapping:
        """What the headings and the dates themselves say."""
        mapping = Mapping(self.headings, self._targets())
        return replace(mapping, date_order=self.date_order(mapping))

    def _targets(self) -> tuple[str, ...]:
        """By the headings; but what is headed as a name and holds numbers only is an id."""
        targets = guess(self.headings)
        numbered = [
            at
            for at, target in enumerate(targets)
            if target in ("name", "family") and self.columns[at].holds_only_numbers
        ]
        if not numbered:
            return targets
        headings = ["Id" if at in numbered else name for at, name in enumerate(self.headings)]
        return guess(headings)

    def date_order(self, mapping: Mapping) -> str:
        """The order of day and month in its dates, '' where it must be asked."""
        if not mapping.has_dates:
            return "ymd"
        return order_of(
            column.signs
            for column, target in zip(self.columns, mapping.targets, strict=True)
            if target in ("birth", "deceased_on", "subscriber_birth", "policy_from", "policy_to")
        )

    def preview(self, mapping: Mapping, today: date) -> list[PatientRecord | Quarantined]:
        """The first rows as this mapping reads them."""
        reader = RowReader(mapping, today)
        return [reader.read(origin, values) for origin, values in self.head]


def look_through(path: Path) -> TableLook:
    """Read the whole table once. Raises Invalid where it has no columns, Unavailable if unreadable."""
    table = CsvFile(path)
    columns = tuple(ColumnLook(name) for name in table.columns)
    head: list[tuple[Origin, tuple[str, ...]]] = []
    rows = 0
    for found in table.lists():
        rows += 1
        if isinstance(found, Quarantined):
            continue
        origin, values = found
        if len(head) < _HEAD_ROWS:
            head.append((origin, tuple(values)))
        for column, value in zip(columns, values, strict=False):
            if not value:
                continue
            column.filled += 1
            if len(column.samples) < _SAMPLES and value not in column.samples:
                column.samples.append(value)
            if 6 <= len(value) <= 32 and value[0].isdigit():
                column.signs.see(value)
    return TableLook(path, table.encoding, table.separator, rows, columns, tuple(head))
