"""What was done at a visit and why, as it is put down before a claim is made of it.

Diagnoses stand in the order of the claim and are named A to L; a line points to those it was done for.
Amounts are cents. Nothing here knows a patient, a payer or the database.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from medsec_desktop.problems import Invalid

LETTERS = "ABCDEFGHIJKL"
MOST_DIAGNOSES = len(LETTERS)  # CMS-1500 item 21, 837P HI
MOST_POINTERS = 4  # CMS-1500 item 24E, 837P SV107
MOST_LINES = 50  # 837P loop 2400

DRUG_UNITS = {
    "UN": "units", "ML": "milliliters", "GR": "grams", "ME": "milligrams",
    "F2": "international units",
}  # fmt: skip

_PROCEDURE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]", re.ASCII)
_MOST_UNITS = Decimal(9999)
_DAY_MINUTES = 1440
_MOST_CENTS = 99_999_999  # CMS-1500 item 24F has room for six digits of dollars


@dataclass(frozen=True, slots=True)
class DrugGiven:
    """The drug of a line: NDC in eleven digits, how much, in which of DRUG_UNITS."""

    code: str
    quantity: str
    unit: str = "UN"


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One service. `pointers` count the diagnoses from 1; `place` and `provider_id` only where they differ.

    `charge_cents` is what the whole line costs, None while nobody knows. `fee_cents` is for one unit, where a
    schedule says so; of anesthesia (`unit` MJ, whose units are minutes) it is for the whole line.
    """

    code: str
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = ()
    units: str = "1"
    unit: str = "UN"
    charge_cents: int | None = None
    fee_cents: int | None = None
    place: str = ""
    provider_id: int | None = None
    drug: DrugGiven | None = None
    description: str = ""  # what an unlisted code stands for
    note: str = ""
    words: str = ""
    procedure_id: int | None = None
    id: int = 0  # of the row it is kept in

    def with_units(self, units: str) -> ChargeLine:
        """So many units instead; it costs as much more, where the fee of one is known."""
        charge = self.charge_cents
        if self.fee_cents is not None and self.unit == "UN":
            charge = times(self.fee_cents, units)
        return replace(self, units=units, charge_cents=charge)

    def with_fee(self, cents: int | None) -> ChargeLine:
        """At this fee for one unit; without one it costs what it did."""
        if cents is None:
            return replace(self, fee_cents=None)
        charge = times(cents, self.units) if self.unit == "UN" else cents
        return replace(self, fee_cents=cents, charge_cents=charge)


def times(cents: int, units: str) -> int:
    """So many units at so many cents; half a cent goes up."""
    return int((Decimal(units) * cents).to_integral_value(ROUND_HALF_UP))


def procedure_code(text: str) -> str:
    """A procedure code as claims carry it. Raises Invalid for another shape, and for dental codes."""
    code = text.strip().upper()
    if not _PROCEDURE.fullmatch(code):
        raise Invalid(
            f"“{text.strip()}” is no procedure code: it has five characters like 99213 or J1885.",
            remedy="Compare it with the code list.",
            field="code",
        )
    if code[0] == "D":
        raise Invalid(
            f"{code} is a dental code, which medical claims do not carry.",
            remedy="Dental claims go on another form.",
            field="code",
        )
    return code


def parse_pointers(text: str, diagnoses: int) -> tuple[int, ...]:
    """The letters typed as “AB”, “a, b” or “1 2”, counted from 1 and each once. Raises Invalid."""
    found: list[int] = []
    for sign in re.findall(r"\d+|[^\W\d_]", text.upper()):
        number = int(sign) if sign.isdecimal() else LETTERS.find(sign) + 1
        if not 1 <= number <= diagnoses:
            there = f"A to {LETTERS[diagnoses - 1]}" if diagnoses else "none yet"
            raise Invalid(f"There is no diagnosis {sign}.", f"There are {there}.", field="pointers")
        if number not in found:
            found.append(number)
    if len(found) > MOST_POINTERS:
        raise Invalid(
            f"A line points to four diagnoses at most; these are {len(found)}.",
            remedy="Keep those it was done for first of all.",
            field="pointers",
        )
    return tuple(found)


def written_pointers(pointers: Sequence[int]) -> str:
    """The letters as item 24E has them: AB."""
    return "".join(LETTERS[one - 1] for one in pointers)


def usual_pointers(diagnoses: int) -> tuple[int, ...]:
    """To what a line points where nobody says otherwise: the first four."""
    return tuple(range(1, min(diagnoses, MOST_POINTERS) + 1))


def moved(
    diagnoses: Sequence[str], lines: Sequence[ChargeLine], at: int, to: int
) -> tuple[list[str], list[ChargeLine]]:
    """Diagnosis `at` in place `to` (from 0); lines go on pointing to what they pointed to."""
    order = list(range(len(diagnoses)))
    order.insert(to, order.pop(at))
    place = {old + 1: new + 1 for new, old in enumerate(order)}
    return [diagnoses[old] for old in order], [
        replace(line, pointers=tuple(place[one] for one in line.pointers)) for line in lines
    ]


def without(
    diagnoses: Sequence[str], lines: Sequence[ChargeLine], at: int
) -> tuple[list[str], list[ChargeLine]]:
    """All but the diagnosis `at` (from 0); what pointed to later ones goes on doing so."""
    left = [code for number, code in enumerate(diagnoses) if number != at]
    return left, [
        replace(
            line,
            pointers=tuple(one - (one > at + 1) for one in line.pointers if one != at + 1),
        )
        for line in lines
    ]


def parse_units(text: str) -> str:
    """Units typed as 1, 2 or 1.5. Raises Invalid for none, too many, and more than three decimals."""
    try:
        units = Decimal(text.strip())
    except InvalidOperation as error:
        raise Invalid(f"“{text}” is no number of units.", field="units") from error
    if not units.is_finite() or not 0 < units <= _MOST_UNITS:
        raise Invalid("Units are a number from 1 to 9999.", field="units")
    plain = units.normalize()
    if -int(plain.as_tuple().exponent) > 3:
        raise Invalid("Units have three decimals at most.", field="units")
    return f"{plain:f}"


def ndc(text: str) -> str:
    """A National Drug Code in its eleven digits, typed with or without hyphens. Raises Invalid.

    With hyphens each part is filled up with zeros to five, four and two digits.
    """
    parts = text.strip().split("-")
    if len(parts) == 3 and all(part.isdecimal() and part.isascii() for part in parts):
        widths = (5, 4, 2)
        if all(1 <= len(part) <= width for part, width in zip(parts, widths, strict=True)):
            return "".join(part.zfill(width) for part, width in zip(parts, widths, strict=True))
    digits = re.sub(r"[\s-]", "", text)
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 11):
        why = (
            "Ten digits can be filled up in three ways; the hyphens tell which."
            if len(digits) == 10 and digits.isdecimal()
            else ""
        )
        raise Invalid(
            "An NDC has eleven digits.",
            why,
            "Type it as on the package, with its hyphens.",
            field="drug",
        )
    return digits


def charged(cents: int | None) -> int:
    """A charge that may stand on a claim. Raises Invalid for none, zero, and what no form has room for."""
    if cents is None:
        raise Invalid(
            "There is no fee yet.",
            "Neither the payer’s fee schedule nor the practice’s own knows this code on that day.",
            "Type the fee, or put it into the fee schedule.",
            field="charge",
        )
    if cents <= 0:
        raise Invalid(
            "A charge must be more than zero.",
            "Payers send back a line without a charge.",
            "Type what it costs; for a visit that costs nothing say “No charge” with the reason.",
            field="charge",
        )
    if cents > _MOST_CENTS:
        raise Invalid("A charge has six digits before the point at most.", field="charge")
    return cents


def check(
    diagnoses: Sequence[str], lines: Sequence[ChargeLine], service_on: date, today: date
) -> None:
    """Raise Invalid, its field naming where (`lines[0].fee`), for what no claim could carry."""
    if service_on > today:
        raise Invalid("A visit is charged once it took place.", field="service_on")
    if len(diagnoses) > MOST_DIAGNOSES:
        raise Invalid(
            f"A claim holds twelve diagnoses; these are {len(diagnoses)}.", field="diagnoses"
        )
    for at, code in enumerate(diagnoses):
        if code in diagnoses[:at]:
            raise Invalid(f"The diagnosis {code} is there twice.", field=f"diagnoses[{at}]")
    if not lines:
        raise Invalid(
            "Nothing was put down to charge.",
            remedy="Add what was done, or say “No charge” with the reason.",
            field="lines",
        )
    if len(lines) > MOST_LINES:
        raise Invalid(f"A claim has fifty lines at most; these are {len(lines)}.", field="lines")
    for at, line in enumerate(lines):
        try:
            _check_line(line, len(diagnoses))
        except Invalid as wrong:
            raise Invalid(
                f"{line.code}: {wrong.what}",
                wrong.why,
                wrong.remedy,
                field=f"lines[{at}].{wrong.field}",
            ) from wrong


def _check_line(line: ChargeLine, diagnoses: int) -> None:
    procedure_code(line.code)
    parse_units(line.units)
    charged(line.charge_cents)
    if not diagnoses:
        raise Invalid("it has no diagnosis.", remedy="Add why it was done.", field="pointers")
    if not line.pointers:
        raise Invalid(
            "it points to no diagnosis.", remedy="Say for which, such as A.", field="pointers"
        )
    parse_pointers(written_pointers(line.pointers), diagnoses)
    if line.drug is not None:
        ndc(line.drug.code)
        if line.drug.unit not in DRUG_UNITS:
            raise Invalid("the drug’s unit is not known.", field="drug")
        parse_units(line.drug.quantity)
    if line.unit == "MJ" and (not line.units.isdecimal() or int(line.units) > _DAY_MINUTES):
        raise Invalid("minutes are a whole number up to 1440.", field="units")
