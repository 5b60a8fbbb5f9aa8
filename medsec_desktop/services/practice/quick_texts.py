"""Quick texts: an abbreviation that becomes a whole sentence as one types."""

from __future__ import annotations

from dataclasses import dataclass

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import QuickText
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Changes, Session

LONGEST_ABBREVIATION = 20
LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class QuickTextRow:
    """One abbreviation and what it stands for."""

    id: int
    version: int
    abbreviation: str
    text: str


@dataclass(frozen=True, slots=True)
class QuickTextDraft:
    """A quick text as the settings hand it in; `id` 0 when new."""

    abbreviation: str = ""
    text: str = ""
    id: int = 0
    version: int = 0


class QuickTexts:
    """The practice's quick texts; asked at each blank somebody types, so they are kept in mind."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db
        self._known: dict[str, str] | None = None
        session.subscribe(self._forget)

    def all(self) -> tuple[QuickTextRow, ...]:
        """Every one, by abbreviation."""
        return tuple(
            QuickTextRow(*row)
            for row in self._db.rows(
                "SELECT id, version, abbreviation, text FROM quick_text ORDER BY abbreviation"
            )
        )

    def text_for(self, word: str) -> str:
        """What a typed word stands for, whatever its capitals; '' for an ordinary word."""
        if self._known is None:
            self._known = {row.abbreviation.casefold(): row.text for row in self.all()}
        return self._known.get(word.casefold(), "")

    def save(self, draft: QuickTextDraft) -> int:
        """Keep one; its number. Raises Invalid, Conflict, NotAllowed."""
        short = draft.abbreviation.strip()
        if not short or short.split() != [short]:
            raise Invalid(
                "An abbreviation is one word.", remedy="Such as lmom.", field="abbreviation"
            )
        if len(short) > LONGEST_ABBREVIATION:
            raise Invalid(
                f"An abbreviation has at most {LONGEST_ABBREVIATION} letters.", field="abbreviation"
            )
        if not draft.text.strip():
            raise Invalid("Type what it stands for.", field="text")
        if len(draft.text) > LONGEST_TEXT:
            raise Invalid(f"This is longer than {LONGEST_TEXT:,} letters.", field="text")
        for row in self.all():
            if row.abbreviation.casefold() == short.casefold() and row.id != draft.id:
                raise Invalid(f"“{short}” already stands for something.", field="abbreviation")
        values = {"abbreviation": short, "text": draft.text.strip()}
        label = f"{'Change' if draft.id else 'Add'} the quick text {short}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(QuickText, draft.id, draft.version, **values)
                return draft.id
            return insert_row(QuickText, **values)

    def remove(self, quick_text_id: int) -> None:
        """Let an abbreviation be an ordinary word again."""
        found = [row for row in self.all() if row.id == quick_text_id]
        if not found:
            raise Conflict("This quick text is no longer there.")
        label = f"Remove the quick text {found[0].abbreviation}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            QuickText.delete().where(QuickText.id == quick_text_id).execute()

    def _forget(self, changes: Changes) -> None:
        if changes.touches("quick_text"):
            self._known = None
