"""Tables of comma-separated text as spreadsheets and exports really write them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from medsec_desktop.exchange.quarantine import Origin, Quarantined
from medsec_desktop.exchange.text import encoding_of, open_text
from medsec_desktop.problems import Invalid

_SEPARATORS = ",;\t|"
_SEP_LINE = re.compile(r"\ufeff?sep=([,;\t|])\r?\n", re.IGNORECASE)
_LINES_TRIED = 40


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
        told = _SEP_LINE.match(head)  # a first line by which Excel tells what separates
        self._skips_first_line = told is not None
        self.separator = told[1] if told else _separator_of(head)
        lines = io.StringIO(head[told.end() if told else 0 :].replace("\0", ""), newline="")
        table = csv.reader(lines, delimiter=self.separator)
        try:
            names = next((names for names in table if any(name.strip() for name in names)), [])
        except csv.Error:  # a quotation mark never closed makes one huge value
            names = []
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
        for found in self.lists():
            if isinstance(found, Quarantined):
                yield found
            else:
                origin, values = found
                yield CsvRow(origin, dict(zip(self.columns, values, strict=False)))

    def lists(self) -> Iterator[tuple[Origin, list[str]] | Quarantined]:
        """Every record as its values in the order of the columns, two of one name told apart."""
        for number, values in self._records():
            origin = Origin(self.path.name, number)
            if isinstance(values, Quarantined):
                yield values
            elif (sentence := self._misfit(values)) is not None:
                yield Quarantined(origin, sentence)
            else:
                yield origin, [value.strip() for value in values]

    def originals(self, numbers: Collection[int]) -> Iterator[tuple[int, list[str]]]:
        """These rows as they stand in the file, whatever is wrong with them."""
        for number, values in self._records():
            if number in numbers:
                yield number, values if isinstance(values, list) else []

    def count(self) -> int:
        """How many records follow the column names."""
        return sum(1 for _ in self._records())

    def _records(self) -> Iterator[tuple[int, list[str] | Quarantined]]:
        with open_text(self.path, self.encoding) as file:
            if self._skips_first_line:
                next(file, None)
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
                if are_columns_named:
                    if any(value and not value.isspace() for value in values):
                        yield number, values
                else:
                    are_columns_named = any(value.strip() for value in values)

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
    """What stands between the values: the candidate by which most lines have as many as the first.

    Of equals the one that makes more columns, then the one that is more usual.
    """
    lines = head.replace("\0", "").splitlines(keepends=True)[:_LINES_TRIED]

    def score(mark: str) -> tuple[float, int, int]:
        try:
            rows = [row for row in csv.reader(lines, delimiter=mark) if row]
        except csv.Error:
            rows = []
        if len(lines) == _LINES_TRIED:
            rows = rows[:-1]  # the last one may be cut short
        columns = len(rows[0]) if rows else 0
        if columns < 2:
            return 0, columns, -_SEPARATORS.index(mark)
        fitting = sum(len(row) == columns for row in rows) / len(rows)
        return fitting, columns, -_SEPARATORS.index(mark)

    return max(_SEPARATORS, key=score)


def _spoken(separator: str) -> str:
    return "tab" if separator == "\t" else separator
