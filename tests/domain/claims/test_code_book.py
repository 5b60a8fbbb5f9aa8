"""Codes found as somebody types: by code, by words, by beginnings, by abbreviation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.claims.code_book import Code, CodeBook, words_of

BOOK = CodeBook(
    [
        Code("A10", "Fever of testers", is_billable=False),
        Code("A101", "Fever of testers, mild"),
        Code("A102", "Fever of testers, severe, right hand"),
        Code("B20", "Itch of the right hand"),
        Code("B21", "Itch of the left hand, unspecified side"),
        Code("C3", "Type 2 of something"),
        Code("C4", "Type 21 of something"),
        Code("D5", "Essential hypertension"),
        Code("D6", "Maladie de Ménière"),
    ],
    often=("B21",),
)


def found(query: str, **how: object) -> list[str]:
    return [one.code for one in BOOK.search(query, **how)]  # type: ignore[arg-type]


def test_codes_are_found_with_and_without_their_dot_billable_ones_first() -> None:
    assert found("a10") == ["A101", "A102", "A10"]
    assert found("A10.2") == ["A102"]
    assert BOOK.search("a10.2")[0].written == "A10.2"
    assert [one.code for one in BOOK.under("A10.")] == ["A10", "A101", "A102"]


def test_every_word_must_be_there_whole_words_first() -> None:
    assert found("hand right") == ["B20", "A102"]
    assert found("itch han") == ["B21", "B20"]
    assert found("sever") == ["A102"]
    assert found("fever left") == []
    assert found("   ") == []


def test_a_number_is_itself_and_an_abbreviation_what_it_stands_for() -> None:
    assert found("type 2") == ["C3"]
    assert found("htn") == ["D5"]
    assert found("itch rt") == ["B20"]
    assert found("meniere") == ["D6"]


def test_favourites_go_before_all_others_and_the_limit_holds() -> None:
    assert found("hand") == ["B21", "B20", "A102"]
    assert found("hand", favourites=("A102", "ZZZ")) == ["A102", "B21", "B20"]
    assert found("hand", limit=1) == ["B21"]
    assert found("a10.2", favourites=("A102",)) == ["A102"]


def test_a_code_is_looked_up_by_its_name() -> None:
    known = BOOK.get(" b20 ")
    assert known is not None
    assert known.is_billable
    assert BOOK.get("B2") is None
    assert len(BOOK) == 9


words = st.lists(st.sampled_from(["fever", "hand", "left", "right", "itch", "mild"]), min_size=1)


@given(
    st.lists(words.map(" ".join), min_size=1, max_size=30),
    st.lists(st.sampled_from(["f", "fe", "fever", "ha", "hand", "rt", "mil", "zz"]), min_size=1, max_size=3),
)  # fmt: skip
def test_what_is_found_is_what_looking_at_each_would_find(
    texts: list[str], query: list[str]
) -> None:
    codes = [Code(f"A{number:03}", text) for number, text in enumerate(texts)]

    result = {one.code for one in CodeBook(codes).search(" ".join(query), limit=len(codes))}

    meaning = {"rt": "right"}

    def fits(text: str, token: str) -> bool:
        parts = words_of(text)
        if len(token) == 1:
            return token in parts
        return any(one.startswith(token) for one in parts) or meaning.get(token) in parts

    assert result == {one.code for one in codes if all(fits(one.words, token) for token in query)}
