from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.form_codes import barcode_text, code_from, is_code, mark_of, spoken

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODES = st.binary(min_size=10, max_size=10).map(code_from)


@given(CODES, st.integers(1, 99))
def test_a_barcode_is_read_back_as_the_form_and_page_it_was_made_for(code: str, page: int):
    mark = mark_of(barcode_text(code, page))

    assert mark is not None
    assert (mark.code, mark.page) == (code, page)


@given(CODES, st.integers(0, 17), st.sampled_from(_LETTERS))
def test_one_wrong_character_is_noticed(code: str, at: int, letter: str):
    wrong = code[:at] + letter + code[at + 1 :]

    assert is_code(wrong) == (wrong == code)


@given(CODES, st.integers(0, 16))
def test_two_characters_swapped_are_noticed(code: str, at: int):
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]

    assert is_code(swapped) == (swapped == code)


@given(st.text(max_size=12))
def test_other_peoples_barcodes_are_not_ours(text: str):
    assert mark_of(text) is None


def test_a_code_says_nothing_but_its_random_number():
    assert code_from(bytes(10)) == "0" * 18
    assert spoken(code_from(b"\xff" * 10)) == "ZZZZZZ-ZZZZZZ-ZZZZ" + code_from(b"\xff" * 10)[16:]
    assert mark_of("MSD1:000000000000000000:0") is None
