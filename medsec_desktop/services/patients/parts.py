"""One part of a file edited in place: only its own fields are checked, compared and written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from medsec_desktop.domain.patients import PatientDraft
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.patients.drafting import CHILDREN


@dataclass(frozen=True, slots=True)
class PartDraft:
    """What a section hands in: `names` are the fields of the draft it may change, `draft` holds them
    as typed, and `mark` is what `mark_of` gave for them when they were read."""

    names: tuple[str, ...]
    draft: PatientDraft
    mark: str


def mark_of(draft: PatientDraft, names: Sequence[str]) -> str:
    """A short text that is another one as soon as anything in these fields is."""
    content = repr([getattr(draft, name) for name in names])
    return hashlib.sha256(content.encode()).hexdigest()[:20]


def of_part(faults: Sequence[Invalid], names: Sequence[str]) -> tuple[Invalid, ...]:
    """Those faults that lie in the part: what is wrong elsewhere was so before."""
    return tuple(fault for fault in faults if fault.field.partition(".")[0] in names)


def merged(now: PatientDraft, part: PartDraft, *, over: bool) -> PatientDraft:
    """The file as it is now with the part put into it.

    Raises Conflict where the part itself has changed since it was read, unless it shall go `over`
    what is there: then rows that are still there are written over, and rows added meanwhile stay.
    """
    values: dict[str, Any] = {name: getattr(part.draft, name) for name in part.names}
    if mark_of(now, part.names) != part.mark:
        if not over:
            raise Conflict("This part of the file was changed while you had it open.")
        for name in values.keys() & CHILDREN.keys():
            values[name] = _rows_over(values[name], getattr(now, name), part.draft, CHILDREN[name])
    return replace(now, **values)


def _rows_over(
    mine: tuple[Any, ...], theirs: tuple[Any, ...], read: PatientDraft, table: str
) -> tuple[Any, ...]:
    versions = {row.id: row.version for row in theirs}
    kept = [
        replace(row, version=versions[row.id])
        if row.id in versions
        else replace(row, id=0, version=0)
        for row in mine
    ]
    known = {row_id for name, row_id, _ in read.rows_read if name == table}
    added = [row for row in theirs if row.id not in known]
    return (*kept, *added)
