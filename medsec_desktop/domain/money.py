"""Money as whole cents, so that ten dimes make a dollar."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from medsec_desktop.problems import Invalid

_MOST_DIGITS = 12  # before the point


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in cents; negative for what is owed back."""

    cents: int = 0

    @classmethod
    def parse(cls, text: str) -> Money:
        """The amount typed as "1,234.50", "$12" or "12.5". Raises Invalid for anything else."""
        cleaned = text.strip().replace("$", "").replace(",", "")
        try:
            amount = Decimal(cleaned)
        except InvalidOperation as error:
            raise Invalid(f"“{text}” is not an amount.", remedy="Type it like 12.50.") from error
        # "1e99999999" is a number, whose cents would fill the memory; a column holds 19 digits.
        if not amount.is_finite() or amount.adjusted() >= _MOST_DIGITS:
            raise Invalid(f"“{text}” is not an amount.", remedy="Type it like 12.50.")
        return cls(int((amount * 100).to_integral_value(ROUND_HALF_UP)))

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        whole, rest = divmod(abs(self.cents), 100)
        return f"{sign}{whole:,}.{rest:02}"
