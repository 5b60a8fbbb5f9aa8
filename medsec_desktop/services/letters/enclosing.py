"""What goes with each letter to many: the same leaflet, her own newest paper of a kind, or a name only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from medsec_desktop.problems import Conflict
from medsec_desktop.services.letters.handling import Enclosure
from medsec_desktop.services.letters.records import LetterDraft
from medsec_desktop.store.database import Database

_THESE = "IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Alike:
    """A leaflet by its `document_id`, the newest document of `category_id`, or what `title` names.

    For a category the title is the category's name.
    """

    title: str
    document_id: int | None = None
    category_id: int | None = None

    @property
    def lacking(self) -> str:
        """What is said of somebody who has none of that category."""
        return f"Nothing under “{self.title}” in the file"


@dataclass(frozen=True, slots=True)
class SameForAll:
    """What each letter of a batch has alike: what was answered, in which language, and what is enclosed."""

    answers: Mapping[str, str] = field(default_factory=dict)
    asked_in: str = ""
    enclosures: tuple[Alike, ...] = ()

    @property
    def categories(self) -> tuple[Alike, ...]:
        """Of what is enclosed, the parts each has to have in their own file."""
        return tuple(one for one in self.enclosures if one.category_id is not None)


NOTHING_ALIKE = SameForAll()


class Enclosed:
    """What goes with the letters to some patients, asked for once for all of them."""

    def __init__(self, db: Database, same: SameForAll, patient_ids: Iterable[int]):
        self._same = same
        self._newest = _newest(db, same, list(patient_ids))
        self._gone = [
            f"The leaflet “{one.title}” is no longer there"
            for one in same.enclosures
            if one.document_id is not None and not _is_there(db, one.document_id)
        ]

    def lacks(self, patient_id: int) -> str:
        """Why a letter to this patient would have less in it than it says; '' where it has all."""
        lacking = [
            one.lacking
            for one in self._same.categories
            if (patient_id, one.category_id) not in self._newest
        ]
        return "; ".join([*self._gone, *lacking])

    def put_with(self, draft: LetterDraft) -> LetterDraft:
        """The letter with what goes with it. Raises Conflict where the file has no such document."""
        if lacking := self.lacks(draft.patient_id):
            raise Conflict(
                f"{lacking}.",
                "This letter would promise what is not with it.",
                "File the document first, or write this letter alone.",
            )
        enclosed = tuple(self._of(draft.patient_id, one) for one in self._same.enclosures)
        return replace(draft, handling=replace(draft.handling, enclosures=enclosed))

    def _of(self, patient_id: int, one: Alike) -> Enclosure:
        if one.category_id is not None:
            return self._newest[patient_id, one.category_id]
        return Enclosure(one.title, one.document_id)


def _newest(
    db: Database, same: SameForAll, patient_ids: Sequence[int]
) -> dict[tuple[int, int | None], Enclosure]:
    """The newest document of each category in each file, by the day it stands under."""
    wanted = [one.category_id for one in same.categories]
    if not wanted:
        return {}
    rows = db.rows(
        "SELECT patient_id, category_id, title, id FROM document"
        f" WHERE patient_id {_THESE} AND category_id {_THESE} AND status = 'filed'"
        " AND kind NOT IN ('letter', 'photo')"
        " ORDER BY coalesce(dated_on, substr(filed_at, 1, 10)), id",
        (json.dumps(patient_ids), json.dumps(wanted)),
    )
    return {
        (patient, category): Enclosure(title, number) for patient, category, title, number in rows
    }


def _is_there(db: Database, document_id: int) -> bool:
    """Whether a leaflet is kept, also one out of use; taking it in may have been undone."""
    return db.value("SELECT 1 FROM document WHERE id = ?", (document_id,)) is not None
