"""What screens hand in and are shown of documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

PDF = "application/pdf"
LEAFLET = "leaflet"  # the kind of a document that is the practice's own and goes with any letter


class Status(StrEnum):
    """Where a document stands: in a file, on the sorting screen, or put away."""

    FILED = "filed"
    SORTING = "sorting"
    DISCARDED = "discarded"


class Source(StrEnum):
    """How a document came in."""

    CHOSEN = "chosen"
    DROPPED = "dropped"
    PASTED = "pasted"
    SCANNED = "scanned"
    MADE = "made"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """What kind of paper a document is, as the practice calls it; `documents` counts what is in it."""

    id: int
    version: int
    name: str
    is_active: bool
    documents: int = 0


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as a list shows it."""

    id: int
    version: int
    patient_id: int | None
    kind: str
    title: str
    category_id: int | None
    category: str
    dated_on: date | None
    filed_at: datetime
    status: Status
    pages: int
    size_bytes: int
    media_type: str
    sha256: str
    source: str
    original_name: str
    note: str
    made_from_id: int | None
    filed_by: str

    @property
    def shown_on(self) -> date:
        """The day it stands under: its own date where it has one, else when it came."""
        return self.dated_on or self.filed_at.date()


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """What is said of a document; `version` 0 where it is new."""

    title: str
    category_id: int | None = None
    dated_on: date | None = None
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way in; `name` is what it was called, `source` how it came."""

    content: bytes
    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form of ours; `printed_at` None while it was only made, `document_id` None until it is back."""

    id: int
    version: int
    code: str
    kind: str
    title: str
    patient_id: int | None
    category_id: int | None
    pages: int
    made_at: datetime
    printed_at: datetime | None
    printed_document_id: int | None
    document_id: int | None
