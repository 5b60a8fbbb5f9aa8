"""A list of codes with their words, searched as somebody types: by code, by words, by abbreviation.

The codes are numbered by how likely one of them is meant where several fit (billable first, short words
first), so that the best of twenty thousand hits are simply the smallest numbers.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

# What people at a front desk type, and the words it stands for.
ABBREVIATIONS = {
    "abd": "abdominal", "abn": "abnormal", "acl": "anterior cruciate ligament",
    "adhd": "attention deficit", "afib": "atrial fibrillation", "aka": "above knee",
    "aki": "acute kidney failure", "bilat": "bilateral", "bka": "below knee",
    "bph": "benign prostatic hyperplasia", "ca": "malignant neoplasm",
    "cad": "atherosclerotic heart disease", "chf": "heart failure", "ckd": "chronic kidney disease",
    "copd": "chronic obstructive pulmonary", "cva": "cerebral infarction", "ddd": "disc degeneration",
    "djd": "osteoarthritis", "dm": "diabetes mellitus", "dm1": "type 1 diabetes mellitus",
    "dm2": "type 2 diabetes mellitus", "dvt": "deep veins thrombosis", "dx": "diagnosis",
    "esrd": "end stage renal", "etoh": "alcohol", "exam": "examination", "fb": "foreign body",
    "fu": "follow-up", "fx": "fracture", "gad": "generalized anxiety",
    "gerd": "gastro-esophageal reflux", "gi": "gastrointestinal", "ha": "headache",
    "hld": "hyperlipidemia", "htn": "hypertension", "hx": "history", "ibs": "irritable bowel",
    "inj": "injury", "lbp": "low back pain", "lt": "left", "mdd": "major depressive",
    "mi": "myocardial infarction", "ms": "multiple sclerosis", "neo": "neoplasm", "nos": "unspecified",
    "oa": "osteoarthritis", "om": "otitis media", "osa": "obstructive sleep apnea",
    "pe": "pulmonary embolism", "pna": "pneumonia", "ptsd": "post-traumatic stress",
    "pvd": "peripheral vascular", "ra": "rheumatoid arthritis", "rt": "right",
    "sob": "shortness of breath", "t1dm": "type 1 diabetes mellitus",
    "t2dm": "type 2 diabetes mellitus", "tia": "transient cerebral ischemic",
    "uri": "upper respiratory infection", "uti": "urinary tract infection", "well": "routine",
    "physical": "examination", "checkup": "examination", "vaccination": "immunization",
    "shot": "immunization", "wo": "without",
}  # fmt: skip

_WORD = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[a-z]?[0-9][0-9a-z]{0,5}", re.ASCII)
_LOOKED_AT_MOST = 3_000  # for a whole word, once there are enough beginnings of words
_SHORTEST = 2  # letters before a word is searched for; one alone fits everything


@dataclass(frozen=True, slots=True)
class Code:
    """One code: `code` without its dot, and whether a claim may carry it."""

    code: str
    words: str
    is_billable: bool = True

    @property
    def written(self) -> str:
        """As people write it: J06.9."""
        return self.code if len(self.code) <= 3 else f"{self.code[:3]}.{self.code[3:]}"


class CodeBook:
    """Every code of a list, with an index over its words; the codes are given once and never change."""

    def __init__(self, codes: Iterable[Code], often: Collection[str] = ()):
        """`often` are codes that are meant more often than others; they go before those."""
        common = frozenset(often)
        by_rank = sorted(
            codes,
            key=lambda one: (
                not one.is_billable, one.code not in common, len(one.words), one.code
            ),
        )  # fmt: skip
        self._codes: Sequence[Code] = by_rank
        self._number = {one.code: number for number, one in enumerate(by_rank)}
        self._in_order = sorted(self._number)
        self._folded: list[str] = []  # " acute upper respiratory infection ", compared by inclusion
        postings: dict[str, array[int]] = {}
        for number, one in enumerate(by_rank):
            words = words_of(one.words)
            self._folded.append(f" {' '.join(words)} ")
            for word in set(words):
                found = postings.get(word)
                if found is None:
                    postings[word] = array("I", (number,))
                else:
                    found.append(number)
        self._vocabulary = sorted(postings)
        self._postings = [postings[word] for word in self._vocabulary]

    def __len__(self) -> int:
        return len(self._codes)

    def get(self, code: str) -> Code | None:
        """The code of that name, written with or without its dot; None where there is none."""
        number = self._number.get(code.replace(".", "").strip().upper())
        return None if number is None else self._codes[number]

    def under(self, code: str) -> tuple[Code, ...]:
        """Every code that begins with this one, in the list's order."""
        start = code.replace(".", "").strip().upper()
        return tuple(self._codes[self._number[name]] for name in self._beginning(start))

    def search(
        self, query: str, limit: int = 20, favourites: Collection[str] = ()
    ) -> tuple[Code, ...]:
        """The codes that fit what is typed, the likeliest first; favourites before all others.

        Every word must be there, from its first letters on. Whole words go before beginnings of words.
        """
        sought = [self._sought(token) for token in words_of(query.replace(".", ""))]
        if not sought:
            return ()
        liked = sorted({self._number[code] for code in favourites if code in self._number})
        best = [
            number
            for number in liked
            if all(number in one.coded or one.fits(self._folded[number]) for one in sought)
        ]
        taken = set(liked)
        begun: list[int] = []
        can_be_whole = all(one.meant or one.coded or self._of_word(one.token) for one in sought)
        fewest = min(sought, key=lambda one: one.count).numbers()
        for looked_at, number in enumerate(fewest):
            if len(begun) >= limit and (not can_be_whole or looked_at > _LOOKED_AT_MOST):
                break
            text = self._folded[number]
            if number in taken or not all(number in one.coded or one.fits(text) for one in sought):
                continue
            taken.add(number)
            if all(number in one.coded or one.is_whole(text) for one in sought):
                best.append(number)
                if len(best) >= limit:
                    break
            elif len(begun) < limit:
                begun.append(number)
        return tuple(self._codes[number] for number in (*best, *begun)[:limit])

    def _sought(self, token: str) -> _Sought:
        coded: list[int] = []
        if _CODE.fullmatch(token):
            coded = sorted(self._number[name] for name in self._beginning(token.upper()))
        meant = tuple(words_of(ABBREVIATIONS.get(token, "")))
        found = self._postings_of(token)
        if meant:
            found.append(min((self._of_word(word) for word in meant), key=len))
        return _Sought(token, meant, frozenset(coded), [*found, array("I", coded)])

    def _beginning(self, start: str) -> list[str]:
        first = bisect_left(self._in_order, start)
        return self._in_order[first : bisect_left(self._in_order, f"{start}\x7f")]

    def _of_word(self, word: str) -> array[int]:
        at = bisect_left(self._vocabulary, word)
        if at < len(self._vocabulary) and self._vocabulary[at] == word:
            return self._postings[at]
        return array("I")

    def _postings_of(self, token: str) -> list[array[int]]:
        """Where words begin with it; a number, and a letter alone, is only itself."""
        if token.isdigit() or len(token) < _SHORTEST:
            return [self._of_word(token)]
        first = bisect_left(self._vocabulary, token)
        return self._postings[first : bisect_left(self._vocabulary, f"{token}\x7f")]


@dataclass(frozen=True, slots=True)
class _Sought:
    """One word of a query: what it may stand for, and the numbers of the codes that have it."""

    token: str
    meant: tuple[str, ...]
    coded: frozenset[int]  # codes that begin with it
    postings: Sequence[array[int]]

    @property
    def count(self) -> int:
        return sum(len(one) for one in self.postings)

    def numbers(self) -> Iterator[int]:
        """The codes that may fit, likeliest first; one may come twice."""
        return heapq.merge(*self.postings)

    def fits(self, text: str) -> bool:
        whole = self.token.isdigit() or len(self.token) < _SHORTEST
        needle = f" {self.token} " if whole else f" {self.token}"
        return needle in text or self._is_meant(text)

    def is_whole(self, text: str) -> bool:
        return f" {self.token} " in text or self._is_meant(text)

    def _is_meant(self, text: str) -> bool:
        return bool(self.meant) and all(f" {word} " in text for word in self.meant)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: small letters without accents, letters and digits only."""
    folded = unicodedata.normalize("NFKD", text.lower()) if not text.isascii() else text.lower()
    return _WORD.findall(
        folded if text.isascii() else "".join(c for c in folded if not unicodedata.combining(c))
    )
