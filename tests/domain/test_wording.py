"""Numbers and their nouns agree."""

import pytest

from medsec_desktop.domain.wording import counted


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (0, "letter", "0 letters"),
        (1, "letter", "1 letter"),
        (1_200, "records request", "1,200 records requests"),
        (1, "contact person", "1 contact person"),
        (2, "contact person", "2 contact people"),
    ],
)
def test_a_noun_follows_its_number(number: int, noun: str, words: str) -> None:
    assert counted(number, noun) == words
