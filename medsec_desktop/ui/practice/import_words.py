"""What the import window says: of what may be chosen, of a plan, of what it would do."""

from __future__ import annotations

from medsec_desktop.domain.wording import counted
from medsec_desktop.services.imports import ImportPlan

INVITATION = (
    "Take in another program’s data",
    "Patients from a table (CSV), from address cards (.vcf) or FHIR; coming visits from a calendar file"
    " (.ics); a Synthea or FHIR folder. Choose it, or drop it here. You see what would happen before"
    " anything is written, and can undo it afterwards.\n\nA whole practice that this program exported"
    " needs an empty practice: close this one, and on the log-in screen press “New practice…”, then"
    " “Bring back an exported practice…”.",
)
PATTERNS = (
    "All that can be imported (*.csv *.tsv *.txt *.vcf *.json *.ndjson *.ics *.ical *.ifb);;"
    "Tables (*.csv *.tsv *.txt);;Address cards (*.vcf);;FHIR (*.json *.ndjson);;"
    "Calendars (*.ics *.ical *.ifb);;All files (*)"
)
MEANWHILE = "You can close this window and go on working meanwhile."
WRITING = (
    "You can close this window and look at everything meanwhile. Saving has to wait until the import is"
    " written; what you type is kept."
)


def plan_words(plan: ImportPlan) -> tuple[str, str, str]:
    """Title, text and tone of what stands over a plan."""
    left_out = sum(table.left_out for table in plan.tables)
    aside = sum(row.rows for row in plan.aside)
    is_visits = plan.kind == "icalendar"
    said = [plan.taken_before] if plan.taken_before else []
    if plan.duplicates:
        said.append(
            f"{_people(len(plan.duplicates))} to be on file already: "
            "see that tab and say what to do."
        )
    if left_out:
        noun = "event" if is_visits else "row"
        said.append(f"{counted(left_out, noun)} would be left out: see Problems.")
    if aside and plan.kind == "synthea":
        said.append(
            f"{aside:,} rows of {len(plan.aside)} other files are not taken in by this version."
        )
    elif plan.aside:
        parts = [f"{row.holds} ({row.rows:,})" for row in plan.aside[:8]]
        more = ", and more" if len(plan.aside) > 8 else ""
        said.append(f"Not taken in: {', '.join(parts)}{more}.")
    title = "Nothing is written yet."
    if plan.changes_nothing:
        title = _NOTHING_NEW[bool(left_out), is_visits] if plan.rows else _EMPTY[is_visits]
    tone = "warning" if plan.duplicates or left_out or plan.taken_before else "info"
    return title, " ".join(said), tone


def size_words(plan: ImportPlan) -> str:
    """How much there is in the file."""
    if plan.kind == "icalendar":
        return counted(plan.rows, "event")
    if plan.kind == "synthea":
        return f"{plan.rows:,} rows in {len(plan.tables)} files"
    patients = next((table.rows for table in plan.tables if table.what == "Patients"), 0)
    return f"{patients:,} {'person' if patients == 1 else 'people'}"


_NOTHING_NEW = {  # (is something left out, are they events)
    (False, False): "Everything in it is on file already.",
    (True, False): "Nothing in it can be taken in that is not on file already.",
    (False, True): "Every event of this file is in the calendar already.",
    (True, True): "There is no event in this file that can be taken in now.",
}
_EMPTY = {False: "There is nobody in this file.", True: "There is no visit in this file."}


def _people(number: int) -> str:
    return f"{number:,} patient seems" if number == 1 else f"{number:,} patients seem"


def button_words(plan: ImportPlan) -> str:
    """What the button does, with the number that matters."""
    patients = next((table for table in plan.tables if table.what == "Patients"), None)
    if patients is not None and patients.new:
        return f"Import {counted(patients.new, 'patient')}"
    visits = next((table for table in plan.tables if table.what == "Visits"), None)
    if visits is not None and visits.new and plan.kind == "icalendar":
        return f"Import {counted(visits.new, 'visit')}"
    changed = sum(table.changed for table in plan.tables)
    return f"Bring {changed:,} up to date" if changed else "Import"
