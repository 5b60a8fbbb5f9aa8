"""The words of a letter: what is typed, languages, dates and times."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.letters import (
    language_for,
    written_date,
    written_time,
)

US = Formats()


@pytest.mark.parametrize(
    ("language", "formats", "text"),
    [
        ("en", US, "Thursday, March 12, 2026"),
        ("en", Formats(date_order="dmy"), "Thursday, 12 March 2026"),
        ("es", US, "jueves, 12 de marzo de 2026"),
    ],
)
def test_dates_are_written_in_the_letters_language(
    language: str, formats: Formats, text: str
) -> None:
    assert written_date(date(2026, 3, 12), language, formats, weekday=True) == text


@pytest.mark.parametrize(
    ("hour", "language", "formats", "text"),
    [
        (0, "en", US, "12:05\u00a0AM"),
        (12, "en", US, "12:05\u00a0PM"),
        (15, "es", US, "3:05\u00a0p.\u00a0m."),
        (15, "en", Formats(clock_24h=True), "15:05"),
    ],
)
def test_times_are_written_in_the_letters_language(
    hour: int, language: str, formats: Formats, text: str
) -> None:
    assert written_time(datetime(2026, 3, 12, hour, 5), language, formats) == text


@pytest.mark.parametrize(
    ("tag", "language"), [("es", "es"), ("es-MX", "es"), ("ES_mx", "es"), ("", "en"), ("vi", "en")]
)
def test_one_writes_in_her_language_where_it_is_known(tag: str, language: str) -> None:
    assert language_for(tag) == language
