"""The languages of letters, and dates and times as letters write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.formats import Formats


@dataclass(frozen=True, slots=True)
class Language:
    """What letters need to know of a language besides their own words."""

    name: str
    tag: str
    page_words: tuple[str, str]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]


LANGUAGES = {
    "en": Language(
        "English",
        "en-US",
        ("Page", "of"),
        (
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ),
    "es": Language(
        "Español",
        "es-US",
        ("Página", "de"),
        (
            "enero", "febrero", "marzo", "abril", "mayo", "junio",
            "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
        ),
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ),
}  # fmt: skip


def language_for(patient_language: str) -> str:
    """The language of ours to write to someone in, from her BCP 47 tag; English for all others."""
    base = patient_language.lower().replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else "en"


def written_date(day: date, language: str, formats: Formats, weekday: bool = False) -> str:
    """A date in a letter's language: March 12, 2026; 12 de marzo de 2026."""
    words = LANGUAGES[language]
    month = words.months[day.month - 1]
    if language == "es":
        text = f"{day.day} de {month} de {day.year}"
    elif formats.date_order == "dmy":
        text = f"{day.day} {month} {day.year}"
    else:
        text = f"{month} {day.day}, {day.year}"
    return f"{words.weekdays[day.weekday()]}, {text}" if weekday else text


def written_time(at: datetime, language: str, formats: Formats) -> str:
    """A time in a letter's language, its parts kept on one line: 10:00 AM; 10:00 a. m."""
    if formats.clock_24h:
        return f"{at.hour}:{at.minute:02}"
    early = at.hour < 12
    half = (
        ("a.\u00a0m." if early else "p.\u00a0m.") if language == "es" else ("AM" if early else "PM")
    )
    return f"{at.hour % 12 or 12}:{at.minute:02}\u00a0{half}"


def written_duration(minutes: int, language: str) -> str:
    """30 minutes; 30 minutos; 1½ hours stays 90 minutes, which nobody misreads."""
    if language == "es":
        return f"{minutes} minutos" if minutes != 1 else "1 minuto"
    return f"{minutes} minutes" if minutes != 1 else "1 minute"
