"""What was left out, as a file to mend: the original row and the reason beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from medsec_desktop.exchange.columns import REASON_COLUMNS
from medsec_desktop.exchange.csv_file import CsvFile
from medsec_desktop.exchange.text import open_text
from medsec_desktop.services.imports.report import ImportPlan, ImportProblem, ImportReport

_LONGEST_ORIGINAL = 32_000  # what a cell of a spreadsheet holds
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def refused_as_csv(of: ImportPlan | ImportReport, path: Path) -> str:
    """A table of the rows left out. Of a CSV it has the file's own columns, so that it can be mended
    and taken in by itself; of everything else the text as it stands in the file.

    Raises Unavailable where the file is no longer there.
    """
    refused = [problem for problem in of.problems if problem.is_left_out]
    if of.kind == "csv":
        return _of_table(CsvFile(path), refused)
    return _of_anything(path, refused)


def _of_table(table: CsvFile, refused: Sequence[ImportProblem]) -> str:
    reasons: dict[int, list[str]] = {}
    for problem in refused:
        told = f"{problem.field}: {problem.sentence}" if problem.field else problem.sentence
        reasons.setdefault(problem.row, []).append(told)
    keeps = [at for at, name in enumerate(table.columns) if name not in REASON_COLUMNS]
    rows = [[*(table.columns[at] for at in keeps), *REASON_COLUMNS]]
    for number, values in table.originals(reasons.keys()):
        values = [value.strip() for value in values]
        own = [values[at] if at < len(values) else "" for at in keeps]
        own += [f"{value}" for value in values[len(table.columns) :]]
        rows.append([*own[: len(keeps)], " ".join(reasons[number]), str(number)])
    return _written(rows)


def _of_anything(path: Path, refused: Sequence[ImportProblem]) -> str:
    rows = [["File", "Row or line", REASON_COLUMNS[0], "As it stands in the file"]]
    for problem in refused:
        file = path / problem.file if path.is_dir() else path
        rows.append([problem.file, str(problem.row), problem.sentence, _original(file, problem)])
    return _written(rows)


def _original(path: Path, problem: ImportProblem) -> str:
    """The text of a record: a row, an entry, or the lines of a card or event."""
    if not path.is_file() or not problem.row:
        return ""
    match path.suffix.lower():
        case ".csv":
            found = next(iter(CsvFile(path).originals({problem.row})), None)
            return _written([found[1]]).strip() if found else ""
        case ".json":
            from medsec_desktop.exchange.fhir_file import entry_text

            return entry_text(path, problem.row)[:_LONGEST_ORIGINAL]
    lines: list[str] = []
    with open_text(path) as file:
        for number, line in enumerate(file, 1):
            if number < problem.row:
                continue
            lines.append(line)
            is_last = not line.upper().startswith("BEGIN:") and path.suffix.lower() == ".ndjson"
            if is_last or line.strip().upper() in ("END:VCARD", "END:VEVENT") or len(lines) > 400:
                break
    return "".join(lines)[:_LONGEST_ORIGINAL]


def _written(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [_harmless(value) for value in row] for row in rows
    )
    return out.getvalue()


def _harmless(text: str) -> str:
    """A cell that a spreadsheet shows instead of running; a phone number with its + stays as it is."""
    is_number = text[1:].replace(" ", "").replace("-", "").isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text
