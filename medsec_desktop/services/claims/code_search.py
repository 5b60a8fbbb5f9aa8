"""One search over everything a visit is coded with: diagnoses, the practice's procedures, HCPCS.

Answers come at each key somebody types, so every list is kept in mind and asked without a query.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from medsec_desktop.domain.claims.charges import procedure_code
from medsec_desktop.domain.claims.code_book import Code, CodeBook, words_of
from medsec_desktop.domain.claims.modifiers import MODIFIERS
from medsec_desktop.problems import Invalid
from medsec_desktop.services.claims.charge_records import (
    DIAGNOSIS,
    PROCEDURE,
    CodeHit,
    ProcedureRow,
)
from medsec_desktop.services.claims.diagnoses import diagnoses
from medsec_desktop.services.claims.favourites import Favourites
from medsec_desktop.services.claims.procedures import Procedures
from medsec_desktop.services.session import Changes, Session

_MOST = 40
_AT_LEAST_OF_EACH = 8  # so that neither kind hides the other


class _Listed(NamedTuple):
    words: str
    starts_on: str
    ends_on: str
    is_active: bool

    def why_not(self, day: str) -> str:
        if self.ends_on and self.ends_on < day:
            return f"ended {self.ends_on}"
        if self.starts_on and self.starts_on > day:
            return f"from {self.starts_on}"
        return "" if self.is_active else "not in the list in force"


class CodeSearch:
    """Searches for one practice."""

    def __init__(self, session: Session, procedures: Procedures, favourites: Favourites):
        self._session = session
        self._db = session.db
        self._procedures = procedures
        self._favourites = favourites
        self._hcpcs: tuple[CodeBook, dict[str, _Listed]] | None = None
        session.guard(self._forget)  # before any screen is told, whichever asked first
        session.subscribe(self._forget)

    def warm(self) -> None:
        """Read every list; half a second the first time, so away from the screen's thread."""
        diagnoses()
        self._book()
        self._procedures.all()
        self._favourites.all()

    def search(
        self, text: str, provider_id: int | None, day: date, limit: int = _MOST
    ) -> tuple[CodeHit, ...]:
        """What fits, by code or words, the likeliest first: favourites, the practice's own, the rest."""
        if not words_of(text):
            return ()
        own = self._own(text, provider_id, day)
        liked = {row.code for row in self._favourites.of(provider_id, DIAGNOSIS)}
        found = diagnoses().book.search(text, limit, liked)
        why = [_why(one.is_billable) for one in found]
        icd = [
            CodeHit(DIAGNOSIS, one.code, one.words, "", one.code in liked, reason, None, "icd")
            for one, reason in zip(found, why, strict=True)
        ]
        public = self._public(text, day, limit, {hit.code for hit in own})
        procedures = [*own, *public]
        if _looks_like_procedure(text):
            typed = _typed(text, {hit.code for hit in procedures})
            return tuple([*procedures, *typed, *icd][:limit])
        icd = icd[: limit - min(len(procedures), _AT_LEAST_OF_EACH)]
        liked_first = [hit for hit in (*icd, *own) if hit.is_favourite]
        rest = [hit for hit in (*own, *icd, *public) if not hit.is_favourite]
        return tuple([*liked_first, *rest][:limit])

    def waiting(self, provider_id: int | None, day: date) -> tuple[CodeHit, ...]:
        """What stands there before anything is typed: favourites, then what was coded lately."""
        found: list[CodeHit] = []
        for kind in (DIAGNOSIS, PROCEDURE):
            for row in self._favourites.of(provider_id, kind):
                hit = self.hit(kind, row.code, row.modifiers, day)
                found.append(_as_favourite(hit, row.words))
        there = {(hit.kind, hit.code, hit.modifiers) for hit in found}
        for kind in (DIAGNOSIS, PROCEDURE):
            for code, modifiers in self._favourites.lately(provider_id, kind):
                if (kind, code, modifiers) not in there:
                    found.append(self.hit(kind, code, modifiers, day))
        return tuple(found)

    def hit(self, kind: str, code: str, modifiers: str, day: date) -> CodeHit:
        """One code with its words; of a code that no list has, what is remembered of it: nothing."""
        if kind == DIAGNOSIS:
            one = diagnoses().book.get(code)
            if one is None:
                return CodeHit(kind, code, "", why_not="not in ICD-10-CM")
            return CodeHit(kind, one.code, one.words, why_not=_why(one.is_billable), source="icd")
        row = self._procedures.find(code, modifiers)
        if row is not None:
            return _own_hit(row, day, is_favourite=False, modifiers=modifiers)
        listed = self._book()[1].get(code)
        if listed is None:
            return CodeHit(kind, code, "", modifiers)
        return CodeHit(
            kind, code, listed.words, modifiers, why_not=listed.why_not(day.isoformat()),
            source="hcpcs",
        )  # fmt: skip

    def modifiers(self) -> dict[str, str]:
        """Every modifier with words to find it by: ours, and CMS's where its file was taken in."""
        listed: dict[str, str] = dict(
            self._db.rows(
                "SELECT code, words FROM listed_code WHERE kind = 'modifier' AND is_active"
                " ORDER BY code"
            )
        )
        return listed | MODIFIERS

    def _own(self, text: str, provider_id: int | None, day: date) -> list[CodeHit]:
        """The practice's own, looked through one by one: there are hundreds, not thousands."""
        tokens = words_of(text)
        liked = {(row.code, row.modifiers) for row in self._favourites.of(provider_id, PROCEDURE)}
        ranked = []
        for at, row in enumerate(self._procedures.all()):
            if not row.draft.is_active:
                continue
            rank = _rank(row, tokens)
            if rank is not None:
                is_liked = (row.code, row.draft.modifiers) in liked
                ranked.append((not is_liked, rank, at, _own_hit(row, day, is_favourite=is_liked)))
        return [hit for *_, hit in sorted(ranked, key=lambda one: one[:3])]

    def _public(self, text: str, day: date, limit: int, own: set[str]) -> list[CodeHit]:
        book, listed = self._book()
        today = day.isoformat()
        return [
            CodeHit(
                PROCEDURE,
                one.code,
                one.words,
                why_not=listed[one.code].why_not(today),
                source="hcpcs",
            )
            for one in book.search(text, limit)
            if one.code not in own
        ]

    def _book(self) -> tuple[CodeBook, dict[str, _Listed]]:
        if self._hcpcs is None:
            listed = {
                code: _Listed(words, starts or "", ends or "", bool(is_active))
                for code, words, starts, ends, is_active in self._db.rows(
                    "SELECT code, words, starts_on, ends_on, is_active FROM listed_code"
                    " WHERE kind = 'hcpcs'"
                )
            }
            today = self._session.clock.today().isoformat()
            book = CodeBook(
                Code(code, one.words, not one.why_not(today)) for code, one in listed.items()
            )
            self._hcpcs = (book, listed)
        return self._hcpcs

    def out_of_date(self, day: date) -> str:
        """A sentence where a newer list of diagnoses holds on that day; '' where this one does."""
        release = diagnoses().release
        if day <= release.to_on:
            return ""
        return f"A newer list of diagnoses holds on this day: {release.name} has ended."

    def _forget(self, changes: Changes) -> None:
        if changes.touches("listed_code"):
            self._hcpcs = None


def _why(is_billable: bool) -> str:
    return "" if is_billable else "a heading: choose one below it"


def _own_hit(
    row: ProcedureRow, day: date, *, is_favourite: bool, modifiers: str | None = None
) -> CodeHit:
    draft = row.draft
    why = ""
    if draft.ends_on is not None and draft.ends_on < day:
        why = f"ended {draft.ends_on.isoformat()}"
    elif draft.starts_on is not None and draft.starts_on > day:
        why = f"from {draft.starts_on.isoformat()}"
    elif not draft.is_active:
        why = "no longer in the list"
    return CodeHit(
        PROCEDURE, row.code, draft.words, draft.modifiers if modifiers is None else modifiers,
        is_favourite, why, row.id, "own",
    )  # fmt: skip


def _as_favourite(hit: CodeHit, words: str) -> CodeHit:
    return CodeHit(
        hit.kind, hit.code, words or hit.words, hit.modifiers, True, hit.why_not,
        hit.procedure_id, hit.source,
    )  # fmt: skip


def _rank(row: ProcedureRow, tokens: Iterable[str]) -> int | None:
    """How well a procedure fits: 0 by its code, 1 by a part of it, 2 by words; None not at all."""
    worst = 0
    code = row.code.lower()
    words = words_of(f"{row.draft.words} {row.draft.section} {row.draft.modifiers}")
    for token in tokens:
        if code.startswith(token):
            continue
        if len(token) > 1 and token in code and token.isalnum():
            worst = max(worst, 1)
        elif any(word.startswith(token) for word in words):
            worst = max(worst, 2)
        else:
            return None
    return worst


def _typed(text: str, there: set[str]) -> list[CodeHit]:
    """The very code that is typed, where no list has it: payers know codes that a practice does not."""
    try:
        code = procedure_code(text)
    except Invalid:
        return []
    return [] if code in there else [CodeHit(PROCEDURE, code, "", why_not="not in your list")]


def _looks_like_procedure(text: str) -> bool:
    """Whether what is typed begins as no diagnosis does: with a digit."""
    return text.strip()[:1].isdigit()
