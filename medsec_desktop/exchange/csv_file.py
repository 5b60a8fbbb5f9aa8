"""Tables of comma-separated text as spreadsheets and exports really write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from medsec_desktop.exchange.quarantine import Origin, Quarantined
from medsec_desktop.exchange.text import encoding_of, open_text
from medsec_desktop.problems import Invalid

_SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One record: where it stands, and its values by column name, blanks at the ends removed."""

    origin: Origin
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


class CsvFile:
    """A table whose first row names its columns.

    Tolerates a byte order mark, UTF-16, Windows-1252, any line end, line breaks inside quotes, and
    comma, semicolon, tab or bar between values. Rows are numbered as a spreadsheet shows them: the
    column names are row 1.
    """

    def __init__(self, path: Path):
        self.path = path
        self.encoding = encoding_of(path)
        with open_text(path, self.encoding) as file:
            head = file.read(64 * 1024)
        self.separator = _separator_of(head)
        lines = io.StringIO(head.replace("\0", ""), newline="")
        table = csv.reader(lines, delimiter=self.separator)
        names = next((names for names in table if names), [])
        self.columns = tuple(name.strip().lstrip("\ufeff") for name in names)
        if not any(self.columns):
            raise Invalid(
                f"“{path.name}” has no column names.",
                remedy="The first row must name the columns.",
            )

    def require(self, *columns: str) -> None:
        """Raises Invalid, naming what is missing, unless the table has all `columns`."""
        missing = [name for name in columns if name not in self.columns]
        if missing:
            raise Invalid(
                f"“{self.path.name}” lacks the column{'s' if len(missing) > 1 else ''} "
                f"{', '.join(missing)}.",
                remedy="Export the file again with all its columns.",
            )

    def rows(self) -> Iterator[CsvRow | Quarantined]:
        """Every record in order; what cannot be read comes as Quarantined and reading goes on."""
        for number, values in self._records():
            origin = Origin(self.path.name, number)
            if isinstance(values, Quarantined):
                yield values
            elif (sentence := self._misfit(values)) is not None:
                yield Quarantined(origin, sentence)
            else:
                yield CsvRow(
                    origin,
                    dict(zip(self.columns, (value.strip() for value in values), strict=False)),
                )

    def count(self) -> int:
        """How many records follow the column names."""
        return sum(1 for _ in self._records())

    def _records(self) -> Iterator[tuple[int, list[str] | Quarantined]]:
        with open_text(self.path, self.encoding) as file:
            reader = csv.reader((line.replace("\0", "") for line in file), delimiter=self.separator)
            number = 0  # as a spreadsheet counts: empty lines too
            are_columns_named = False
            while True:
                number += 1
                try:
                    values = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield (
                        number,
                        Quarantined(
                            Origin(self.path.name, number),
                            "A value is longer than any field can be; a quotation mark before it is "
                            "probably not closed.",
                        ),
                    )
                    continue
                if values and are_columns_named:
                    yield number, values
                are_columns_named = are_columns_named or bool(values)

    def _misfit(self, values: list[str]) -> str | None:
        surplus = values[len(self.columns) :]
        if any(value.strip() for value in surplus):
            return (
                f"The row has {len(values)} values for {len(self.columns)} columns; a value with "
                f"a “{_spoken(self.separator)}” in it needs quotation marks."
            )
        if len(values) < len(self.columns):
            lines = max((value.count("\n") for value in values), default=0)
            if lines:
                return (
                    f"A quotation mark is not closed, so {lines + 1} lines read as one row of "
                    f"{len(values)} values where {len(self.columns)} are needed."
                )
            return f"The row has {len(values)} of {len(self.columns)} values."
        return None


def _separator_of(head: str) -> str:
    """What stands between the column names: the candidate that occurs most in the first line."""
    first = next((line for line in head.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=lambda mark: (first.count(mark), -_SEPARATORS.index(mark)))


def _spoken(separator: str) -> str:
    return "tab" if separator == "\t" else separator
