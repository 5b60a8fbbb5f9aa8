"""Other people's data in, ours out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from medsec_desktop.cli.arguments import Usage
from medsec_desktop.cli.telling import DONE, answer, progress_of
from medsec_desktop.cli.who import archive_password, password_of, signed_in
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Problem

if TYPE_CHECKING:
    from medsec_desktop.services.imports import Mapping
    from medsec_desktop.services.office import Office


def take_in(chosen: argparse.Namespace, _: object) -> int:
    """Take in other people's data: all of it, or with --dry-run only a look."""
    from medsec_desktop.services.imports import KINDS, Choice, ImportOptions

    if chosen.kind == "practice":
        return _import_practice(chosen)
    if chosen.kind not in KINDS:
        raise Usage(f"“{chosen.kind}” cannot be imported; this version takes: {', '.join(KINDS)}.")
    if not chosen.path.exists():
        raise Problem(f"There is no “{chosen.path}”.", remedy="Check its name and where it lies.")
    with signed_in(chosen) as office:
        progress = progress_of(chosen)
        options = ImportOptions(
            strip_digits=chosen.strip_digits,
            duplicates=Choice(chosen.duplicates),
            provider_id=_provider(office, chosen.provider),
            mapping=_mapping(office, chosen) if chosen.kind == "csv" else None,
        )
        plan = office.imports.preview(chosen.kind, chosen.path, progress, options)
        done = plan if chosen.dry_run else office.imports.run(plan, {}, progress)
        progress.end()
        if chosen.report:
            office.imports.save_text(chosen.report, done.text())
        if chosen.left_out:
            office.imports.save_refused(done, chosen.path, chosen.left_out)
    answer(chosen, done.text().rstrip("\n"), done.as_dict())
    return DONE


def _mapping(office: Office, chosen: argparse.Namespace) -> Mapping:
    """What the columns of a table are: as kept or guessed, and as the command line says."""
    from medsec_desktop.services.imports import targets

    known = {target.key for target in targets()} | {""}
    table = office.imports.table(chosen.path)
    mapping = table.mapping
    for said in chosen.column:
        heading, _, field = said.rpartition("=")
        if heading not in mapping.columns:
            raise Usage(f"There is no column “{heading}”; there are: {', '.join(mapping.columns)}.")
        if field not in known and not field.startswith("custom:"):
            raise Usage(
                f"“{field}” is no field; there are: {', '.join(sorted(known - {''}))}, or custom:NAME."
            )
        chosen_targets = list(mapping.targets)
        chosen_targets[mapping.columns.index(heading)] = field
        mapping = replace(mapping, targets=tuple(chosen_targets))
    return table.ordered(mapping, chosen.dates or mapping.date_order)


def export(chosen: argparse.Namespace, _: object) -> int:
    """Write the calendar, patients, one patient's file or the whole practice as a file."""
    if chosen.kind not in EXPORTS:
        raise Usage(
            f"“{chosen.kind}” cannot be exported; this version writes: {', '.join(EXPORTS)}."
        )
    with signed_in(chosen) as office:
        said, result = EXPORTS[chosen.kind](chosen, office)
    answer(chosen, f"Wrote “{chosen.path.name}”: {said}", {"file": str(chosen.path)} | result)
    return DONE


def _export_calendar(chosen: argparse.Namespace, office: Office) -> tuple[str, dict[str, Any]]:
    query = office.feeds.suggested()
    first = chosen.first or query.first
    provider = _provider(office, chosen.provider)
    feed = office.feeds.save(
        replace(
            query,
            first=first,
            last=chosen.last or first + (query.last - query.first),
            provider_ids=(provider,) if provider else (),
            patient_id=_patient(office, chosen.patient),
            with_names=chosen.names,
            with_cancelled=not chosen.without_cancelled,
        ),
        chosen.path,
    )
    return feed.sentence, {"visits": feed.visits, "with_names": chosen.names}


def _export_people(chosen: argparse.Namespace, office: Office) -> tuple[str, dict[str, Any]]:
    patient = _patient(office, chosen.patient)
    write = office.exports.people_csv if chosen.kind == "csv" else office.exports.people_vcard
    progress = progress_of(chosen)
    count = write(chosen.path, None if patient is None else (patient,), progress)
    progress.end()
    return f"{counted(count, 'patient')}.", {"patients": count}


def _export_patient(chosen: argparse.Namespace, office: Office) -> tuple[str, dict[str, Any]]:
    from medsec_desktop.services.exports import PatientPackage

    patient = _patient(office, chosen.patient)
    if patient is None:
        raise Usage("Say whose file with --patient CHART.")
    password = archive_password(chosen)
    asked = PatientPackage(patient, chosen.recipient or "", password, chosen.purpose)
    packed = office.exports.patient_package(asked, chosen.path, progress_of(chosen))
    return packed.sentence, {"documents": packed.documents, "disclosure": packed.disclosure_id}


def _export_practice(chosen: argparse.Namespace, office: Office) -> tuple[str, dict[str, Any]]:
    progress = progress_of(chosen)
    manifest = office.exports.practice(chosen.path, archive_password(chosen), progress)
    progress.end()
    said = f"{manifest.words}, encrypted."
    return said, {"rows": dict(manifest.rows), "documents": manifest.documents}


EXPORTS: dict[str, Callable[[argparse.Namespace, Any], tuple[str, dict[str, Any]]]] = {
    "icalendar": _export_calendar,
    "csv": _export_people,
    "vcard": _export_people,
    "patient": _export_patient,
    "practice": _export_practice,
}


def _import_practice(chosen: argparse.Namespace) -> int:
    """A new practice from the archive of a whole one."""
    from medsec_desktop.services import founding

    if chosen.folder is None:
        raise Usage("Say into which new folder: import practice FILE FOLDER.")
    progress = progress_of(chosen)
    key, taken, login = founding.create_from_archive(
        chosen.folder,
        chosen.path,
        archive_password(chosen),
        password_of(chosen, "the owner, a new one"),
        progress=progress,
    )
    progress.end()
    said = (
        f"{taken.sentence}\nLog in as “{login}”. The recovery key, shown only now: {key}\n"
        "Everybody else needs a new password from the owner."
    )
    result = {"rows": taken.rows, "documents": taken.documents, "missing": taken.missing}
    answer(chosen, said, result | {"login": login, "recovery_key": key})
    return DONE


def _provider(office: Office, name: str | None) -> int | None:
    """The one provider whose name has these words."""
    from medsec_desktop.domain.people import fold

    if not name:
        return None
    providers = office.practice.providers()
    words = fold(name).split()
    found = [
        row for row in providers if all(f" {word} " in f" {fold(row.name)} " for word in words)
    ]
    if len(found) != 1:
        raise Problem(
            f"{'No provider is' if not found else 'Several providers are'} called “{name}”.",
            f"This practice has {', '.join(row.name for row in providers) or 'none'}.",
        )
    return found[0].id


def _patient(office: Office, chart: str | None) -> int | None:
    """The patient of that chart number."""
    if not chart:
        return None
    for hit in office.patients.find(chart):
        if hit.chart_number.casefold() == chart.casefold():
            return hit.id
    raise Problem(f"There is no chart “{chart}”.", remedy="Check the number on the file.")
