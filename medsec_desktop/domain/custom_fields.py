"""Fields the practice adds to its patients' files: five kinds, each with one way to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid

KINDS = {
    "text": "Text",
    "pick": "Pick from a list",
    "date": "Date",
    "number": "Number",
    "tick": "Checkbox",
}
MOST_CHOICES = 60
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class CustomField:
    """One such field; a retired one is shown where something stands in it, and asked no more."""

    id: int
    name: str
    kind: str
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_active: bool = True

    @property
    def place(self) -> str:
        """Where a form shows what is wrong with it."""
        return f"custom.{self.id}"

    def kept(self, typed: str, formats: Formats, today: date) -> str:
        """`typed` as it is kept: an ISO date, a plain number, `1` for a tick, else the text.

        Raises Invalid for what is no such thing, and for nothing where something is required.
        """
        text = " ".join(typed.split())
        if not text:
            if self.is_required and self.kind != "tick":
                raise self._wrong(
                    f"This practice asks every patient for this: {self.name}.", "Fill it in."
                )
            return ""
        if self.kind == "date":
            return self._date(text, formats, today)
        if self.kind == "number":
            return self._number(text)
        if self.kind == "tick":
            return "1" if text not in ("0", "no") else ""
        if self.kind == "pick" and text not in self.choices:
            raise self._wrong(f"“{text}” is not one of the choices.", "Pick one of the list.")
        if len(text) > LONGEST_TEXT:
            raise self._wrong(f"This is longer than {LONGEST_TEXT} letters.", "Shorten it.")
        return text

    def shown(self, kept: str, formats: Formats) -> str:
        """What is kept, as a person reads it."""
        if self.kind == "tick":
            return "Yes" if kept else "No"
        if self.kind == "date" and kept:
            return formats.date(date.fromisoformat(kept))
        return kept

    def _date(self, text: str, formats: Formats, today: date) -> str:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            pass
        try:
            return formats.parse_date(text, today).isoformat()
        except Invalid as fault:
            raise self._wrong(fault.what, fault.remedy) from fault

    def _number(self, text: str) -> str:
        plain = text.replace(",", "")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
            raise self._wrong(f"“{text}” is not a number.", "Type digits, such as 12 or 70.5.")
        return f"{number:f}"

    def _wrong(self, what: str, remedy: str) -> Invalid:
        return Invalid(what, remedy=remedy, field=self.place)
