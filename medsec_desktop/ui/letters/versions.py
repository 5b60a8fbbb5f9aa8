"""The letter as it was before it was composed anew, so that Undo on the sheet leads back to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from medsec_desktop.domain.writing.document import Document
from medsec_desktop.services.letters import LetterDraft
from medsec_desktop.ui.letters.editing.storing import normal

_KEPT = 40


@dataclass(frozen=True, slots=True)
class Version:
    """A draft as it stood, what it would have to be to count as untouched, and its words as composed."""

    draft: LetterDraft
    untouched: LetterDraft | None
    composed: Document | None


class Versions:
    """Remembers the drafts of one letter by their words."""

    def __init__(self) -> None:
        self._known: list[tuple[Document, Version]] = []

    def remember(self, version: Version) -> None:
        """Know it by its words from now on."""
        self._known = [*self._known[-_KEPT:], (bare(version.draft.body), version)]

    def with_words(self, words: Document) -> Version | None:
        """The newest that had these words; None where they were never composed."""
        return next((version for known, version in reversed(self._known) if known == words), None)


def bare(words: Document) -> Document:
    """A document as the editor gives it back."""
    return normal(replace(words, questions=()))
