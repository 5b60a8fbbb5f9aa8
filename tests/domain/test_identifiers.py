"""Numbers other people gave us are refused when they cannot be right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.identifiers import Npi, TaxId, Taxonomy, ZipCode
from medsec_desktop.problems import Invalid


@pytest.mark.parametrize("number", ["1234567893", "123-456-7893", " 1234567893 ", "1679576722"])
def test_a_sound_npi_is_kept_as_its_ten_digits(number: str) -> None:
    npi = Npi(number)

    assert len(npi.number) == 10
    assert npi.number.isdigit()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "digits only"),
        ("12345A7893", "digits only"),
        ("１２３４５６７８９３", "digits only"),
        ("123456789", "has 9"),
        ("12345678931", "has 11"),
        ("3234567893", "begins with 1 or 2"),
        ("1234567890", "check digit"),
    ],
)
def test_an_unsound_npi_is_refused_with_its_reason(number: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        Npi(number)

    assert refusal.value.field == "npi"


@given(place=st.integers(0, 9), digit=st.integers(0, 9))
def test_one_wrong_digit_in_an_npi_is_always_found(place: int, digit: int) -> None:
    sound = "1234567893"
    spoiled = sound[:place] + str(digit) + sound[place + 1 :]

    if spoiled == sound:
        assert Npi(spoiled).number == sound
    else:
        with pytest.raises(Invalid):
            Npi(spoiled)


@pytest.mark.parametrize("number", ["12-3456789", "123456789", " 12 3456789 "])
def test_a_tax_id_prints_with_its_dash(number: str) -> None:
    assert str(TaxId(number)) == "12-3456789"


@pytest.mark.parametrize("number", ["", "12-345678", "12-34567890", "AB-3456789", "00-1234567"])
def test_an_unsound_tax_id_is_refused(number: str) -> None:
    with pytest.raises(Invalid) as refusal:
        TaxId(number)

    assert refusal.value.field == "tax_id"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("02115", "02115"), ("021151234", "02115-1234"), (" 02115-1234 ", "02115-1234")],
)
def test_a_zip_code_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert ZipCode(typed).number == kept


@pytest.mark.parametrize("typed", ["", "2115", "021156", "02115-12", "K1A 0B1"])
def test_an_unsound_zip_code_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        ZipCode(typed)

    assert refusal.value.field == "postal_code"


def test_a_taxonomy_code_is_kept_in_capitals_and_another_shape_is_refused():
    assert str(Taxonomy(" 207q00000x ")) == "207Q00000X"
    for typed in ("207Q00000", "207Q000000", "Q07Q00000X", "207Q 0000X", "２07Q00000X"):
        with pytest.raises(Invalid, match="ten characters"):
            Taxonomy(typed)
