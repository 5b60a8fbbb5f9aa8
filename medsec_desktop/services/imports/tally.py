"""The account of one pass: what became of each row, and everything there is to say about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from medsec_desktop.exchange.quarantine import Origin
from medsec_desktop.services.imports.report import (
    LISTED_AT_MOST,
    ImportProblem,
    PersonRow,
    TableCount,
)

_WHAT = {
    "organizations": "Organizations",
    "payers": "Payers",
    "providers": "Providers",
    "patients": "Patients",
    "people": "People around",
    "coverages": "Coverages",
    "visits": "Visits",
    "appointments": "Appointments",
}
# Of people about whom there is nothing to say but that they come in, or are here already.
_PLAIN_AT_MOST = 2_000


@dataclass(slots=True)
class _Tally:
    """Counts of one file as they grow."""

    file: str
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, becomes: str, number: int) -> None:
        self.counts[becomes] = self.counts.get(becomes, 0) + number
        self.counts["rows"] = self.counts.get("rows", 0) + number


class Account:
    """Counts per table, remarks and refusals by row, and people one by one, as far as anyone reads."""

    def __init__(self) -> None:
        self._tallies: dict[str, _Tally] = {}
        self._problems: list[ImportProblem] = []
        self._people: list[PersonRow] = []
        self._plain = 0
        self.problems_unlisted = 0
        self.people_unlisted = 0

    def begin(self, what: str, file: str) -> None:
        """A table that is told of even where it has no rows."""
        self._tallies.setdefault(what, _Tally(file))

    def add(self, what: str, becomes: str, number: int = 1) -> None:
        """Count rows of a table that has begun."""
        self._tallies[what].add(becomes, number)

    def leave_out(self, what: str, origin: Origin, sentence: str, field_name: str = "") -> None:
        """A row that is not taken in, and why."""
        self.add(what, "left_out")
        self._tell(ImportProblem(origin.file, origin.row, sentence, True, field_name))

    def remark(self, origin: Origin, *sentences: str) -> None:
        """What is to be known of a row that is taken in."""
        for sentence in sentences:
            self._tell(ImportProblem(origin.file, origin.row, sentence, False))

    def person(self, row: PersonRow) -> None:
        """What becomes of one person; plain cases are listed up to a number, then counted."""
        is_plain = row.becomes in ("new", "unchanged")
        self._plain += is_plain
        if (is_plain and self._plain > _PLAIN_AT_MOST) or len(self._people) >= LISTED_AT_MOST:
            self.people_unlisted += 1
        else:
            self._people.append(row)

    @property
    def tables(self) -> tuple[TableCount, ...]:
        return tuple(
            TableCount(_WHAT[what], tally.file, **tally.counts)
            for what, tally in sorted(self._tallies.items(), key=lambda pair: _ORDER[pair[0]])
        )

    @property
    def problems(self) -> tuple[ImportProblem, ...]:
        """In the order of the files and their rows."""
        files = list(dict.fromkeys(problem.file for problem in self._problems))
        return tuple(
            sorted(self._problems, key=lambda problem: (files.index(problem.file), problem.row))
        )

    @property
    def people(self) -> tuple[PersonRow, ...]:
        return tuple(sorted(self._people, key=lambda row: row.row))

    def _tell(self, problem: ImportProblem) -> None:
        if len(self._problems) < LISTED_AT_MOST:
            self._problems.append(problem)
        else:
            self.problems_unlisted += 1


_ORDER = {what: place for place, what in enumerate(_WHAT)}
