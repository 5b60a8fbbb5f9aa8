"""How patients are put into words."""

from __future__ import annotations

from datetime import date

import pytest

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.ui.patients.words import age_sentence, age_words, period

TODAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("born", "short", "said"),
    [
        (PartialDate(1984, 3, 14), "41", "41 years"),
        (PartialDate(2024, 3, 11), "2", "2 years"),
        (PartialDate(2025, 1, 12), "13 mo", "13 months"),
        (PartialDate(2026, 2, 20), "19 d", "19 days"),
        (PartialDate(2026, 3, 10), "1 d", "1 day"),
        (PartialDate(1984), "~41", "about 41 years"),
        (None, "", ""),
    ],
)
def test_an_age_is_said_as_one_says_it(born: PartialDate | None, short: str, said: str) -> None:
    assert age_words(born, TODAY) == short
    assert age_sentence(born, TODAY) == said


def test_a_period_says_only_the_ends_it_has() -> None:
    formats = Formats()
    first, last = date(2026, 1, 1), date(2026, 12, 31)

    assert period(formats, first, last) == "01/01/2026 – 12/31/2026"
    assert period(formats, first, None) == "since 01/01/2026"
    assert period(formats, None, last) == "until 12/31/2026"
    assert period(formats, None, None) == ""
