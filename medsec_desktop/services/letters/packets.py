"""Letters as they leave: their pages with what goes with each behind, every letter on a sheet of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from medsec_desktop.exchange.documents.limits import MOST_PAGES
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.documents.reader import PageRef, Reader
from medsec_desktop.services.letters.reading import filed_pages
from medsec_desktop.services.letters.records import LetterRow
from medsec_desktop.services.page_images import joined_pdf
from medsec_desktop.store.database import Database
from medsec_desktop.store.files import Files

_AT_ONCE = 100  # letters in one job: as much as is held at a time, however many there are
_BYTES_AT_ONCE = 50_000_000  # of what goes with them, which may be scans of many megabytes
_PAGES_AT_ONCE = MOST_PAGES // 2  # of both; an empty one may stand behind each


class Packets:
    """Puts archived letters together for a printer or a file."""

    def __init__(self, db: Database, files: Files, reader: Reader, empty: Callable[[], bytes]):
        self._empty = empty  # an empty sheet of the practice's paper
        self._db = db
        self._files = files
        self._reader = reader

    def runs(
        self, rows: Sequence[LetterRow], *, with_enclosures: bool
    ) -> Iterator[Sequence[LetterRow]]:
        """The letters in stretches that are held at once, in order.

        Raises Conflict, before the first, where something enclosed is no longer in the file.
        """
        if not with_enclosures:
            return _stretches([(row, 0, row.pages) for row in rows])
        return _stretches([(row, *self._room_for(row)) for row in rows])

    def pdf(
        self,
        rows: Sequence[LetterRow],
        *,
        with_enclosures: bool,
        two_sided: bool = False,
        pages_of: Callable[[LetterRow], bytes] | None = None,
    ) -> bytes:
        """The letters as one PDF; where both sides are printed, none begins on the back of another.

        `pages_of` gives the pages of a letter where they are not the archived ones. Raises Conflict,
        Invalid, Unavailable.
        """
        contents = [pages_of(row) if pages_of else self._files.get(row.sha256) for row in rows]
        if not with_enclosures or not any(row.enclosed_ids for row in rows):
            if len(contents) == 1:
                return contents[0]
            return joined_pdf(contents, on_new_sheets=two_sided)
        pile = _Pile(self._empty if two_sided else None)
        for row, content in zip(rows, contents, strict=True):
            pile.put(f"letter {row.id}", content, row.pages)
            for document_id in row.enclosed_ids:
                sha256, pages = self._enclosed(row, document_id)
                pile.put(sha256, b"" if pile.has(sha256) else self._files.get(sha256), pages)
        return self._reader.make(pile.sources, pile.refs)

    def refuse_too_much(self, rows: Sequence[LetterRow]) -> None:
        """Raise Invalid where letters with what goes with them do not go into one file."""
        pages = sum(self._room_for(row)[1] for row in rows)
        hashes = {sha256 for row in rows for sha256, _ in self._all_enclosed(row)}
        if pages > MOST_PAGES or sum(map(self._bytes_of, hashes)) > _BYTES_AT_ONCE:
            raise Invalid(
                f"The {len(rows):,} letters with what goes with them are too much for one file.",
                remedy="Save a PDF each, or print them.",
            )

    def _enclosed(self, row: LetterRow, document_id: int) -> tuple[str, int]:
        found = filed_pages(self._db, row.patient_id, document_id)
        if found is None:
            raise Conflict(
                f"A document that goes with the letter to {row.name.spoken} is no longer in the file.",
                "It was put away or went to another file since the letter was written.",
                "Print the letter without enclosures.",
            )
        return found

    def _all_enclosed(self, row: LetterRow) -> tuple[tuple[str, int], ...]:
        return tuple(self._enclosed(row, document_id) for document_id in row.enclosed_ids)

    def _room_for(self, row: LetterRow) -> tuple[int, int]:
        """The bytes of what goes with a letter, and the pages of both."""
        enclosed = self._all_enclosed(row)
        size = sum(self._bytes_of(sha256) for sha256, _ in enclosed)
        return size, row.pages + sum(pages for _, pages in enclosed)

    def _bytes_of(self, sha256: str) -> int:
        found = self._db.value("SELECT max(size_bytes) FROM document WHERE sha256 = ?", (sha256,))
        return int(found)


class _Pile:
    """Pages of several documents one on the other; the same leaflet in a hundred letters is held once."""

    def __init__(self, empty: Callable[[], bytes] | None):
        self._empty = empty  # gives what is put behind an odd page, where both sides are printed
        self._places: dict[str, int] = {}
        self.sources: list[bytes] = []
        self.refs: list[PageRef] = []

    def has(self, key: str) -> bool:
        return key in self._places

    def put(self, key: str, content: bytes, pages: int) -> None:
        """All pages of a document, on the front of a sheet; `content` is looked at the first time only."""
        if self._empty is not None and len(self.refs) % 2:
            self.refs.append(PageRef(self._place("", self._empty), 0))
        place = self._place(key, lambda: content)
        self.refs.extend(PageRef(place, number) for number in range(pages))

    def _place(self, key: str, content: Callable[[], bytes]) -> int:
        if key not in self._places:
            self._places[key] = len(self.sources)
            self.sources.append(content())
        return self._places[key]


def _stretches(rows: Sequence[tuple[LetterRow, int, int]]) -> Iterator[Sequence[LetterRow]]:
    """The letters, given with bytes and pages, as many at a time as are held at once."""
    some: list[LetterRow] = []
    held = sheets = 0
    for row, size, pages in rows:
        is_full = held + size > _BYTES_AT_ONCE or sheets + pages > _PAGES_AT_ONCE
        if some and (len(some) == _AT_ONCE or is_full):
            yield some
            some, held, sheets = [], 0, 0
        some.append(row)
        held, sheets = held + size, sheets + pages
    if some:
        yield some
