"""A whole practice in open formats: every table as lines of JSON, every document as it was filed.

The archive, an encrypted ZIP, holds

    README.txt              what is in it, in words
    manifest.json           format, schema version, when and by whom, rows and documents counted
    tables/NAME.ndjson      a table, one JSON object a row, its columns by name
    journal/NAME.ndjson     who did what and when: a record to read, not taken in again
    documents/HASH          a document's very bytes, named by their SHA-256 as tables/document names it

Nothing in it needs this program to be read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from medsec_desktop.domain.wording import counted
from medsec_desktop.exchange import encrypted_zip
from medsec_desktop.exchange.encrypted_zip import OpenZip
from medsec_desktop.problems import Unavailable

FORMAT = "medsec-practice"
FORMAT_VERSION = 1
_FORBIDDEN_SIZE = 4 * 1024**3  # of one document: more was never filed
_HALF_A_LETTER = re.compile("[\ud800-\udfff]")  # JSON may write one, a column cannot hold it
_LONGEST_ROW = 64 * 1024**2  # of a row as JSON, and of the manifest

README = """\
This is a whole practice, written by MedSec Desktop in open formats.

tables/NAME.ndjson    one JSON object a line for each row of a table, its columns by name. Money is in
                      cents, days are YYYY-MM-DD, times the clinic's wall clock YYYY-MM-DDTHH:MM.
                      A column NAME_id holds the id of a row of the table NAME, or of the one its name
                      says (survivor_id: a patient).
documents/HASH        each filed document as it was, named by the SHA-256 of its content; the rows of
                      tables/document.ndjson say whose it is, its title and its type (media_type).
journal/              who did what and when, each change with the row before and after.

MedSec Desktop takes it in again with:  medsec-desktop import practice FILE FOLDER
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says of itself."""

    schema: int
    practice: str
    written_at: str
    written_by: str
    rows: Mapping[str, int]
    documents: int
    format: str = FORMAT
    format_version: int = FORMAT_VERSION

    @property
    def words(self) -> str:
        """12,000 records and 1 document."""
        records = counted(sum(self.rows.values()), "record")
        return f"{records} and {counted(self.documents, 'document')}"


@dataclass(frozen=True, slots=True)
class TableRows:
    """One table on its way out: its name, its columns, its rows."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


def write(
    file: BinaryIO,
    password: str,
    manifest: Manifest,
    tables: Iterable[TableRows],
    journal: Iterable[TableRows],
    documents: Iterable[tuple[str, bytes]],
    told: Callable[[str], object] = lambda _: None,
) -> Manifest:
    """Write the archive; what it then says of itself. `told` is called for each part."""
    counts: dict[str, int] = {}
    filed = 0
    with encrypted_zip.written(file, password) as archive:
        archive.writestr("README.txt", README)
        for folder, found in (("tables", tables), ("journal", journal)):
            for table in found:
                told(table.name)
                with archive.open(f"{folder}/{table.name}.ndjson", "w", force_zip64=True) as out:
                    count = 0
                    for row in table.rows:
                        line = json.dumps(
                            dict(zip(table.columns, row, strict=True)), ensure_ascii=False
                        )
                        out.write(line.encode("utf-8") + b"\n")
                        count += 1
                        if not count % 5_000:
                            told(table.name)
                if folder == "tables":
                    counts[table.name] = count
        for sha256, content in documents:
            told("documents")
            archive.writestr(f"documents/{sha256}", content)
            filed += 1
        whole = asdict(manifest) | {"rows": counts, "documents": filed}
        archive.writestr("manifest.json", json.dumps(whole, indent=1, ensure_ascii=False))
    return Manifest(**whole)


class PracticeArchive:
    """An archive open to be read; each part checked as it comes."""

    def __init__(self, archive: OpenZip, name: str):
        self._archive = archive
        self._name = name
        self._names = archive.names()
        self.manifest = self._manifest()

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, one by one. Raises Unavailable naming the line that makes no sense."""
        member = f"tables/{table}.ndjson"
        if member not in self._names:
            return
        for number, line in enumerate(self._archive.lines(member, _LONGEST_ROW), 1):
            row = _parsed(line)
            if not isinstance(row, dict) or not all(map(_is_plain, row.values())):
                raise self.damaged(f"Line {number} of {member} is no row.")
            yield row

    def document(self, sha256: str) -> bytes | None:
        """A document's content, or None where the archive has none of that hash. Raises Unavailable
        where its bytes are not those that were filed."""
        member = f"documents/{sha256}"
        if member not in self._names:
            return None
        content = self._archive.read(member, _FORBIDDEN_SIZE)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise self.damaged(f"{member} is not the document that was filed.")
        return content

    def damaged(self, why: str) -> Unavailable:
        """The Problem of an archive that does not hold what it should."""
        return Unavailable(
            f"“{self._name}” cannot be taken in.", why, "Write the archive again, or use a backup."
        )

    def _manifest(self) -> Manifest:
        if "manifest.json" not in self._names:
            raise self.damaged("It holds no manifest.json: it is not the archive of a practice.")
        values = _parsed(self._archive.read("manifest.json", _LONGEST_ROW))
        try:
            manifest = Manifest(**values)
        except TypeError as error:
            raise self.damaged("Its manifest.json cannot be read.") from error
        counts = (manifest.schema, manifest.format_version, manifest.documents)
        rows = manifest.rows.values() if isinstance(manifest.rows, dict) else ("",)
        words = (manifest.practice, manifest.written_at, manifest.written_by, manifest.format)
        if not all(type(count) is int for count in (*counts, *rows)) or not all(
            isinstance(word, str) for word in words
        ):
            raise self.damaged("Its manifest.json cannot be read.")
        if manifest.format != FORMAT or manifest.format_version > FORMAT_VERSION:
            raise Unavailable(
                f"“{self._name}” was written by a newer version of the program.",
                remedy="Install the newest version, then try again.",
            )
        return manifest


def _parsed(text: bytes) -> Any:
    """What JSON says, or None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # a hostile line is nested without end
        return None


def _is_plain(value: Any) -> bool:
    """Whether a column can hold this."""
    if isinstance(value, str):
        return _HALF_A_LETTER.search(value) is None
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or isinstance(value, float)
