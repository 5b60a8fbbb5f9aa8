"""What could not be taken in, or only with a remark: file, row and a sentence each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands in a foreign file; row 0 is the file as a whole."""

    file: str
    row: int = 0

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}" if self.row else self.file


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that cannot be taken in, and why, in a sentence."""

    origin: Origin
    sentence: str
    field: str = ""  # the column or property it is about, where it is one


@dataclass(frozen=True, slots=True)
class Folded:
    """A row that is accounted for and makes no record of its own: `how` is a key, e.g. "merged"."""

    origin: Origin
    how: str


class Unreadable(ValueError):
    """Raised by a record reader; its text is the sentence the user sees."""

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.field = field
