"""When and where: days of service, coverage, filing limits, places, accidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.deadlines import counted_from, deadline
from medsec_desktop.domain.claims.rules_of_people import providers_in
from medsec_desktop.domain.claims.scrubbing import Fix, Severity, Surroundings, Told, rule

_GUIDE = "005010X222A1"
# Place of service codes. Source: CMS, place of service code set; the words for them are the program's.
PLACES = frozenset({
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14",
    "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "31",
    "32", "33", "34", "41", "42", "49", "50", "51", "52", "53", "54", "55", "56", "57",
    "58", "60", "61", "62", "65", "66", "71", "72", "81", "99",
})  # fmt: skip
_ADMITTED = ("21", "51", "61")
_ELSEWHERE = (
    "05", "06", "07", "08", "19", "21", "22", "23", "24", "25", "26", "31", "32", "33",
    "34", "51", "52", "53", "54", "55", "56", "57", "61", "62", "65", "72",
)  # fmt: skip
_TELEHEALTH = ("02", "10")
_NEARLY = 0.8  # of the filing limit


@rule(
    "days-of-service", Severity.ERROR, "days of service", f"{_GUIDE} 2400 DTP 472", "A7:187, A7:188"
)
def _days(claim: Claim, around: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        path = f"lines[{number - 1}].from_on"
        last = line.to_on or line.from_on
        if line.from_on.year < 1900:
            yield f"Line {number} has no day of service.", path
        elif last < line.from_on:
            yield f"Line {number} ends before it begins.", f"lines[{number - 1}].to_on"
        elif last > around.today:
            yield f"Line {number}: the day of service lies in the future.", path
        elif last > line.from_on and line.code not in around.span_codes and line.unit != "MJ":
            yield (
                f"Line {number}: {line.code} is billed for each day on a line of its own.",
                f"lines[{number - 1}].to_on",
            )
        if around.died_on is not None and last > around.died_on:
            yield f"Line {number}: the patient had died before this day.", path


@rule(
    "covered",
    Severity.ERROR,
    "services while covered",
    "coverage dates of the file",
    "CO-26, CO-27",
)
def _covered(claim: Claim, around: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        path = f"lines[{number - 1}].from_on"
        if around.covered_from is not None and line.from_on < around.covered_from:
            yield f"Line {number} lies before the coverage begins.", path
        if around.covered_to is not None and (line.to_on or line.from_on) > around.covered_to:
            yield f"Line {number} lies after the coverage has ended.", path


@rule(
    "filed-late",
    Severity.ERROR,
    "the payer’s filing limit",
    "the payer’s contract or manual; else what is usual for its kind",
    "CO-29",
)
def _late(claim: Claim, around: Surroundings) -> Iterator[Told]:
    due, _ = _due(claim, around)
    if due is not None and around.today > due and not claim.delay_reason:
        days = (around.today - due).days
        yield (
            f"The filing limit passed {'yesterday' if days == 1 else f'{days} days ago'}. If that has a"
            " reason the payer takes, say it under “Why it comes late”.",
            "delay_reason",
        )


@rule(
    "filed-soon-late",
    Severity.WARNING,
    "a filing limit that comes near",
    "the payer’s contract or manual; else what is usual for its kind",
    "CO-29",
)
def _nearly_late(claim: Claim, around: Surroundings) -> Iterator[Told]:
    due, first = _due(claim, around)
    if due is None or first is None:
        return
    left, whole = (due - around.today).days, (due - first).days
    if left < 0:
        if claim.delay_reason:
            yield "The filing limit passed; the claim says why it comes late.", "delay_reason"
    elif whole - left >= whole * _NEARLY:
        days = "day is" if left == 1 else "days are"
        yield f"{left} {days} left to file this claim.", "lines[0].from_on"


def _due(claim: Claim, around: Surroundings) -> tuple[date | None, date | None]:
    """The last day, and the one it is counted from; one that replaces or voids counts from the answer."""
    first = counted_from(claim)
    if first is None or first.year < 1900:
        return None, None
    if claim.frequency == "1":
        return deadline(first, around.payer.filing_days), first
    return around.correct_until, around.answered_on


@rule("place", Severity.ERROR, "place of service", f"{_GUIDE} CLM05-1, SV105", "A7:249")
def _place(claim: Claim, _: Surroundings) -> Iterator[Told]:
    if claim.place not in PLACES:
        yield f"“{claim.place}” is no place of service.", "place"
    for number, line in enumerate(claim.lines, start=1):
        if line.place and line.place not in PLACES:
            yield (
                f"Line {number}: “{line.place}” is no place of service.",
                f"lines[{number - 1}].place",
            )


@rule("admission", Severity.ERROR, "day of admission", f"{_GUIDE} 2300 DTP 435", "A7:189")
def _admission(claim: Claim, around: Surroundings) -> Iterator[Told]:
    admitted = next((one.on for one in claim.dates if one.kind == "435"), None)
    if _places(claim) & set(_ADMITTED) and admitted is None:
        yield "Services to an inpatient need the day of admission.", "dates"
    if admitted is not None and admitted > around.today:
        yield "The day of admission lies in the future.", "dates"


@rule(
    "facility",
    Severity.ERROR,
    "where services outside the office were given",
    f"{_GUIDE} 2310C",
    "A7:249",
)
def _facility(claim: Claim, _: Surroundings) -> Iterator[Told]:
    if any(role == "77" for role, *_ in providers_in(claim)):
        return
    if _places(claim) & set(_ELSEWHERE):
        yield "Services given elsewhere need the facility and its address.", "providers"


def _places(claim: Claim) -> set[str]:
    """Where services were given: the claim's place, and those of lines that differ."""
    return {line.place or claim.place for line in claim.lines} or {claim.place}


@rule("telehealth", Severity.WARNING, "modifier for telehealth", "payer settings", "CO-5")
def _telehealth(claim: Claim, around: Surroundings) -> Iterator[Told]:
    wanted = around.payer.telehealth_modifiers
    for number, line in enumerate(claim.lines, start=1):
        is_afar = (line.place or claim.place) in _TELEHEALTH
        if is_afar and wanted and not set(line.modifiers) & set(wanted):
            yield (
                f"Line {number} was given from afar, but has none of {', '.join(wanted)}.",
                f"lines[{number - 1}].modifiers",
            )


@rule("accident", Severity.ERROR, "accidents", f"{_GUIDE} CLM11, DTP 439", "")
def _accident(claim: Claim, around: Surroundings) -> Iterator[Told]:
    day = next((one.on for one in claim.dates if one.kind == "439"), None)
    if claim.causes and day is None:
        yield "A claim that comes of an accident or of work needs its day.", "dates"
    if day is not None and not claim.causes:
        yield "There is a day of accident, but no cause is marked.", "causes"
    if day is not None and day > around.today:
        yield "The day of the accident lies in the future.", "dates"
    elif day is not None and claim.lines and day > max(line.from_on for line in claim.lines):
        yield "The accident lies after every service of the claim.", "dates"
    if "AA" in claim.causes and not (claim.accident_state or claim.accident_country):
        yield "A car accident needs the state it happened in.", "accident_state"
    elif "AA" not in claim.causes and (claim.accident_state or claim.accident_country):
        fix = Fix("accident_state", "", "Take it away") if not claim.accident_country else None
        what = "Where an accident happened stands there, but no car accident is marked."
        yield what, "accident_state", fix
    for cause in claim.causes:
        if cause not in ("AA", "EM", "OA"):
            yield f"“{cause}” is no cause; it is AA, EM or OA.", "causes"
    if len(set(claim.causes)) < len(claim.causes):
        yield "A cause of the accident is named twice.", "causes"
    elif len(claim.causes) > 2 and not around.is_on_paper:
        yield "A file names two causes of an accident, and three are marked.", "causes"
