"""ICD-10-CM as it comes with the program: which release, and the search over it."""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from datetime import date
from functools import cache

from medsec_desktop import paths
from medsec_desktop.domain.claims.code_book import Code, CodeBook


@dataclass(frozen=True, slots=True)
class Release:
    """Which list this is, on which days of service it holds, and whose it is."""

    name: str
    from_on: date
    to_on: date
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether a service of that day is coded by it."""
        return self.from_on <= day <= self.to_on

    def reaches(self, day: date) -> bool:
        """Whether what is not in the list may be said to be no code on that day: codes come every
        October and April, and few ever go."""
        return day <= self.to_on


@dataclass(frozen=True, slots=True)
class Diagnoses:
    """The release with its codes."""

    release: Release
    book: CodeBook

    def is_billable(self, code: str, on: date) -> bool | None:
        """Whether a claim may carry this diagnosis; None for one that is not in the list.

        The list is this release's; what another release says of `on` is not known here, so a code that
        is in it is taken as valid on every day.
        """
        del on
        found = self.book.get(code)
        return None if found is None else found.is_billable

    def is_manifestation(self, code: str) -> bool:
        """Whether it says how another disease shows, which is then named before it.

        Told by the list’s own words, “… in diseases classified elsewhere”; a germ “as the cause of” one
        is no manifestation.
        """
        found = self.book.get(code)
        words = found.words.lower() if found is not None else ""
        return words.endswith("diseases classified elsewhere") and "as the cause" not in words


@cache
def diagnoses() -> Diagnoses:
    """The diagnoses, read once; half a second the first time, so not on the window's own thread."""
    text = lzma.decompress(paths.resource("codes", "icd10cm.txt.xz").read_bytes()).decode()
    head, *rows = text.splitlines()
    _, name, from_on, to_on, source = head.split("\t")
    codes = (row.split("\t") for row in rows)
    return Diagnoses(
        Release(name, date.fromisoformat(from_on), date.fromisoformat(to_on), source),
        CodeBook((Code(code, words, billable == "1") for code, billable, words in codes), _often()),
    )


def _often() -> list[str]:
    """What family practices, children's doctors and internists code most, by our own reckoning."""
    lines = paths.resource("codes", "often_coded.txt").read_text("utf-8").splitlines()
    return [code for line in lines if not line.startswith("#") for code in line.split()]
