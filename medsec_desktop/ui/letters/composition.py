"""What a letter on the sheet was composed as, how it is composed anew, and how Undo leads back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from medsec_desktop.domain.writing.carrying import carried_over, put_over
from medsec_desktop.domain.writing.document import Block, Document
from medsec_desktop.domain.writing.plain import with_details
from medsec_desktop.services.letters import LetterDraft, Letters
from medsec_desktop.ui.letters.editing.storing import normal

_KEPT = 40


@dataclass(frozen=True, slots=True)
class _Version:
    """A draft as it stood; what it would have to be to count as untouched; its words as composed."""

    draft: LetterDraft
    untouched: LetterDraft | None
    words: Document | None


class Composition:
    """Composes one letter anew, and knows each version of it by its words."""

    def __init__(self, letters: Letters, draft: LetterDraft):
        self._letters = letters
        self._untouched: LetterDraft | None = draft
        self._words: Document | None = draft.body  # by whom it goes to and who signs it
        self._known: list[tuple[Document, _Version]] = []
        self._followed: tuple[tuple[Block, ...], tuple[Block, ...]] = ((), ())

    def is_untouched(self, draft: LetterDraft) -> bool:
        """Whether nothing was typed or chosen since it was composed."""
        return draft == self._untouched

    def forget(self) -> None:
        """The draft comes from elsewhere, such as parked work: what it was composed as is not known."""
        self._untouched = self._words = None

    def cannot_go_back(self) -> None:
        """The sheet shows a document that no Undo takes back."""
        self._known = []

    def renew(self, before: LetterDraft, now: LetterDraft) -> None:
        """The visit was changed: the box of it was put on the sheet anew."""
        if self._untouched is not None:
            self._untouched = replace(
                self._untouched,
                body=_with_details(self._untouched.body, before.details, now.details),
                details=now.details,
                remarks=now.remarks,
            )
        if self._words is not None:
            self._words = _with_details(self._words, before.details, now.details)

    def anew(
        self, before: LetterDraft, kind: str, language: str, answers: Mapping[str, str] | None
    ) -> LetterDraft:
        """The letter in other words, another language or by other answers. Raises Conflict, Invalid."""
        now = self._letters.recomposed(before, kind, language, answers)
        self._remember(before)
        self._untouched, self._words = now, now.body
        self._remember(now)
        return now

    def follow(self, before: LetterDraft, draft: LetterDraft) -> tuple[LetterDraft, bool]:
        """The draft with what depends on whom it goes to and who signs it; what was typed stays.

        And whether all of it could be put in. Raises Conflict, Invalid.
        """
        recomposed = self._letters.recomposed
        was = self._words or recomposed(before, before.template, before.language).body
        now = recomposed(draft, draft.template, draft.language)
        composed = bare(now.body)
        blocks, is_whole = carried_over(bare(draft.body).blocks, bare(was).blocks, composed.blocks)
        body = replace(now.body, blocks=blocks)
        self._remember(before)
        self._words = now.body
        followed = replace(
            draft,
            body=now.body if blocks == composed.blocks else body,
            about=now.about,
            details=now.details,
            remarks=now.remarks,
        )
        self._remember(followed)
        self._followed = bare(was).blocks, composed.blocks
        return followed, is_whole

    def put_over(self, draft: LetterDraft) -> LetterDraft | None:
        """The draft with what could not follow last, in the place of what was typed there.

        None where it cannot be told which words those are.
        """
        over = put_over(bare(draft.body).blocks, *self._followed)
        if over is None:
            return None
        self._remember(draft)
        return replace(draft, body=replace(draft.body, blocks=over))

    def back(self, words: Document, now: LetterDraft) -> LetterDraft | None:
        """The draft that had these words, after Undo or Redo on the sheet; None where none ever had.

        Copies, enclosures and the day it is wanted by stay as they are now.
        """
        version = next((one for known, one in reversed(self._known) if known == words), None)
        if version is None:
            return None
        self._untouched, self._words = version.untouched, version.words
        then = version.draft.handling
        handling = replace(
            now.handling,
            recipient_kind=then.recipient_kind,
            recipient_id=then.recipient_id,
            signer_provider_id=then.signer_provider_id,
        )
        return replace(version.draft, handling=handling)

    def _remember(self, draft: LetterDraft) -> None:
        version = _Version(draft, self._untouched, self._words)
        self._known = [*self._known[-_KEPT:], (bare(draft.body), version)]


def bare(words: Document) -> Document:
    """A document as the editor gives it back."""
    return normal(replace(words, questions=()))


def _with_details(words: Document, was: tuple[Block, ...], now: tuple[Block, ...]) -> Document:
    return replace(words, blocks=with_details(words.blocks, was, now))
