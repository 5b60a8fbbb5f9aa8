"""The administrator's commands: the same verbs as the window's, without a window.

Exit code 0: done. 1: a problem, told in a sentence on stderr. 2: the command was not understood.
With `--json` exactly one JSON object goes to stdout, also for a problem.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from medsec_desktop import __version__
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Problem

if TYPE_CHECKING:
    from medsec_desktop.services.imports import Mapping
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.selftest import TryWindow

ShowWindow = Callable[[Path | None, bool], int]  # folder, demo → exit code

DONE, PROBLEM, USAGE = 0, 1, 2
_VALUED = ("--practice", "--user", "--password-file", "--archive-password-file")
_COMMANDS = ("backup", "restore", "verify", "import", "export", "inspect", "self-test")


class _Usage(Exception):
    """The command cannot be understood; the text says why."""


class _Parser(argparse.ArgumentParser):
    """Refuses by raising, so that one place prints and picks the exit code."""

    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{message[:1].upper()}{message[1:]}.\n{self.format_usage().strip()}")


def main(
    argv: Sequence[str],
    show_window: ShowWindow | None = None,
    try_window: TryWindow | None = None,
) -> int:
    """Do what the command line asks; the exit code.

    `show_window` opens the program's window, `try_window` is the part of the self-test that needs
    one; both come from outside because nothing here may import Qt.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")  # a terminal without “quotes” still gets text
    command, rest = _command_in(argv)
    wants_json = "--json" in argv
    try:
        if not command:
            chosen = _window_parser().parse_args(rest)
            if show_window is None:
                raise _Usage("This command opens no window; use the program itself.")
            _refuse_mistyped_command(chosen.folder)
            return show_window(chosen.folder, chosen.demo)
        chosen = _command_parser(command).parse_args(rest)
        return int(_DO[command](chosen, try_window))
    except SystemExit as stop:  # argparse ends --help and --version so
        return int(stop.code or 0)
    except _Usage as problem:
        _say(str(problem), wants_json, {"usage": str(problem)})
        return USAGE
    except Problem as problem:
        _say(str(problem), wants_json, _problem_dict(problem))
        return PROBLEM
    except KeyboardInterrupt:
        _say("Stopped. Nothing was changed.", wants_json, {"problem": {"what": "Stopped."}})
        return PROBLEM
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _refuse_mistyped_command(folder: Path | None) -> None:
    """A single word that is no folder here was meant as a command: no window for it."""
    if folder is not None and len(folder.parts) == 1 and not folder.exists():
        raise _Usage(
            f"There is no command and no folder “{folder}”. Commands: {', '.join(_COMMANDS)}."
            " For a new practice, give the whole path of its folder."
        )


def _command_in(argv: Sequence[str]) -> tuple[str, list[str]]:
    """The command and the other arguments; options may stand on either side of it."""
    rest = list(argv)
    at = 0
    while at < len(rest):
        word = rest[at]
        if word in _COMMANDS:
            return word, rest[:at] + rest[at + 1 :]
        if not word.startswith("-"):
            break
        at += 2 if word in _VALUED else 1
    return "", rest


def _window_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="medsec-desktop",
        description="The front desk of a clinic on one workstation.",
        epilog=f"Commands for the administrator: {', '.join(_COMMANDS)}. "
        "“medsec-desktop COMMAND --help” explains each.",
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help="the practice to open"
    )
    parser.add_argument("--demo", action="store_true", help="open the demo clinic")
    parser.add_argument("--version", action="version", version=f"MedSec Desktop {__version__}")
    return parser


def _command_parser(command: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"medsec-desktop {command}",
        description=_DO[command].__doc__,
        epilog="Exit code: 0 done, 1 a problem, 2 the command was not understood.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.add_argument("--version", action="version", version=f"MedSec Desktop {__version__}")
    if command in ("backup", "restore", "verify", "import", "export"):
        who = parser.add_argument_group("who and where")
        who.add_argument(
            "--practice", type=Path, metavar="FOLDER", help="default: the one opened last"
        )
        who.add_argument("--demo", action="store_true", help="the demo clinic")
        who.add_argument("--user", metavar="LOGIN", help="or MEDSEC_USER")
        who.add_argument(
            "--password-file", type=Path, metavar="FILE",
            help="its first line is the password; else MEDSEC_PASSWORD, else you are asked",
        )  # fmt: skip
    match command:
        case "backup":
            parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="practice")
            parser.add_argument(
                "--to", type=Path, metavar="FOLDER", help="default: as set in the practice"
            )
        case "restore":
            parser.add_argument("backup", type=Path, metavar="BACKUP", help="folder of one backup")
            parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="practice")
            parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        case "verify":
            parser.add_argument(
                "folder", nargs="?", type=Path, metavar="FOLDER", help="a practice or a backup"
            )
        case "import":
            parser.add_argument(
                "kind", metavar="KIND", help="csv, vcard, fhir, synthea or icalendar"
            )
            parser.add_argument("path", type=Path, metavar="PATH", help="file or folder")
            parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="practice")
            parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
            parser.add_argument(
                "--duplicates", choices=("skip", "import", "attach"), default="skip",
                help="patients who seem to be on file already (default: skip)",
            )  # fmt: skip
            parser.add_argument(
                "--dates", choices=("mdy", "dmy", "ymd"), default="",
                help="csv: what comes first in dates that can be read in two ways",
            )  # fmt: skip
            parser.add_argument(
                "--column", action="append", default=[], metavar="HEADING=FIELD",
                help="csv: what a column is, where its heading does not say, such as"
                " “Nickname=preferred”",
            )  # fmt: skip
            parser.add_argument(
                "--left-out", type=Path, metavar="FILE",
                help="save the rows left out, each with its reason, as CSV",
            )  # fmt: skip
            parser.add_argument(
                "--strip-digits", action="store_true",
                help="take the digits off the names of invented people",
            )  # fmt: skip
            parser.add_argument(
                "--provider", metavar="NAME", help="whose the events are that name nobody"
            )
            parser.add_argument("--report", type=Path, metavar="FILE", help="save the report")
            parser.add_argument(
                "--archive-password-file", type=Path, metavar="FILE",
                help="of a whole practice: opens the archive; else MEDSEC_ARCHIVE_PASSWORD",
            )  # fmt: skip
        case "export":
            parser.add_argument("kind", metavar="KIND", help=", ".join(_EXPORTS))
            parser.add_argument("path", type=Path, metavar="FILE", help="the file to write")
            parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="practice")
            parser.add_argument(
                "--from", dest="first", type=_day, metavar="DATE", help="YYYY-MM-DD; default: today"
            )
            parser.add_argument(
                "--until", dest="last", type=_day, metavar="DATE",
                help="default: a year after the first day",
            )  # fmt: skip
            parser.add_argument("--provider", metavar="NAME", help="only this provider's visits")
            parser.add_argument("--patient", metavar="CHART", help="only this patient")
            parser.add_argument(
                "--archive-password-file", type=Path, metavar="FILE",
                help="its first line opens the archive; else MEDSEC_ARCHIVE_PASSWORD, else you are asked",
            )  # fmt: skip
            parser.add_argument("--recipient", metavar="WHO", help="who gets a patient's file")
            parser.add_argument(
                "--purpose", metavar="WHY", default="", help="why the patient gets it"
            )
            parser.add_argument(
                "--names", action="store_true", help="with names and reasons (default: without)"
            )
            parser.add_argument(
                "--without-cancelled", action="store_true", help="leave out cancelled visits"
            )
        case "inspect":
            parser.add_argument("path", type=Path, metavar="FILE", help="any file or folder")
    return parser


# -- the commands ------------------------------------------------------------------------------


def _backup(chosen: argparse.Namespace, _: object) -> int:
    """Back a practice up into a folder that opens like the practice itself, and check it."""
    with _signed_in(chosen) as office:
        report = office.backups.make(_progress(chosen), chosen.to)
    _answer(chosen, report.sentence, report.as_dict())
    return DONE


def _restore(chosen: argparse.Namespace, _: object) -> int:
    """Put a backup back; the folder there now is kept beside it."""
    from medsec_desktop.services import backups

    backups.read(chosen.backup)  # no password is asked for what is no backup
    login, password = _credentials(chosen, chosen.backup)
    who = backups.unlock_backup(chosen.backup, login, password)
    preview = backups.preview_restore(chosen.backup, who.data_key, _folder(chosen).absolute())
    said = "\n".join(preview.sentences)
    if chosen.dry_run:
        _answer(chosen, said, preview.as_dict() | {"dry_run": True})
        return DONE
    backups.restore(preview, who)
    _answer(
        chosen,
        f"{said}\nDone: the practice in “{preview.practice}” is as it was then.",
        preview.as_dict() | {"dry_run": False},
    )
    return DONE


def _verify(chosen: argparse.Namespace, _: object) -> int:
    """Check every page, reference and journal entry of a practice, or all of a backup."""
    from medsec_desktop.services import backups

    folder = _folder(chosen)
    if (folder / "manifest.json").is_file():
        login, password = _credentials(chosen, folder)
        report = backups.verify_backup(
            folder,
            backups.unlock_backup(folder, login, password).data_key,
            _progress(chosen),
        )
    else:
        with _signed_in(chosen) as office:
            report = office.backups.verify(_progress(chosen))
    if report.is_sound:
        _answer(chosen, report.sentence, report.as_dict())
        return DONE
    _say(report.sentence, chosen.json, report.as_dict())
    return PROBLEM


def _import(chosen: argparse.Namespace, _: object) -> int:
    """Take in other people's data: all of it, or with --dry-run only a look."""
    from medsec_desktop.services.imports import KINDS, Choice, ImportOptions

    if chosen.kind == "practice":
        return _import_practice(chosen)
    if chosen.kind not in KINDS:
        raise _Usage(f"“{chosen.kind}” cannot be imported; this version takes: {', '.join(KINDS)}.")
    if not chosen.path.exists():
        raise Problem(f"There is no “{chosen.path}”.", remedy="Check its name and where it lies.")
    with _signed_in(chosen) as office:
        progress = _progress(chosen)
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
    _answer(chosen, done.text().rstrip("\n"), done.as_dict())
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
            raise _Usage(
                f"There is no column “{heading}”; there are: {', '.join(mapping.columns)}."
            )
        if field not in known and not field.startswith("custom:"):
            raise _Usage(
                f"“{field}” is no field; there are: {', '.join(sorted(known - {''}))}, or custom:NAME."
            )
        chosen_targets = list(mapping.targets)
        chosen_targets[mapping.columns.index(heading)] = field
        mapping = replace(mapping, targets=tuple(chosen_targets))
    return table.ordered(mapping, chosen.dates or mapping.date_order)


def _export(chosen: argparse.Namespace, _: object) -> int:
    """Write the calendar, patients, one patient's file or the whole practice as a file."""
    if chosen.kind not in _EXPORTS:
        raise _Usage(
            f"“{chosen.kind}” cannot be exported; this version writes: {', '.join(_EXPORTS)}."
        )
    with _signed_in(chosen) as office:
        said, result = _EXPORTS[chosen.kind](chosen, office)
    _answer(chosen, f"Wrote “{chosen.path.name}”: {said}", {"file": str(chosen.path)} | result)
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
    progress = _progress(chosen)
    count = write(chosen.path, None if patient is None else (patient,), progress)
    progress.end()
    return f"{counted(count, 'patient')}.", {"patients": count}


def _export_patient(chosen: argparse.Namespace, office: Office) -> tuple[str, dict[str, Any]]:
    from medsec_desktop.services.exports import PatientPackage

    patient = _patient(office, chosen.patient)
    if patient is None:
        raise _Usage("Say whose file with --patient CHART.")
    password = _archive_password(chosen)
    asked = PatientPackage(patient, chosen.recipient or "", password, chosen.purpose)
    packed = office.exports.patient_package(asked, chosen.path, _progress(chosen))
    return packed.sentence, {"documents": packed.documents, "disclosure": packed.disclosure_id}


def _export_practice(chosen: argparse.Namespace, office: Office) -> tuple[str, dict[str, Any]]:
    progress = _progress(chosen)
    manifest = office.exports.practice(chosen.path, _archive_password(chosen), progress)
    progress.end()
    said = f"{manifest.words}, encrypted."
    return said, {"rows": dict(manifest.rows), "documents": manifest.documents}


_EXPORTS: dict[str, Callable[[argparse.Namespace, Any], tuple[str, dict[str, Any]]]] = {
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
        raise _Usage("Say into which new folder: import practice FILE FOLDER.")
    progress = _progress(chosen)
    key, taken, login = founding.create_from_archive(
        chosen.folder,
        chosen.path,
        _archive_password(chosen),
        _password(chosen, "the owner, a new one"),
        progress=progress,
    )
    progress.end()
    said = (
        f"{taken.sentence}\nLog in as “{login}”. The recovery key, shown only now: {key}\n"
        "Everybody else needs a new password from the owner."
    )
    result = {"rows": taken.rows, "documents": taken.documents, "missing": taken.missing}
    _answer(chosen, said, result | {"login": login, "recovery_key": key})
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


def _day(text: str) -> date:
    """A day as the command line writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no date; write YYYY-MM-DD") from error


def _inspect(chosen: argparse.Namespace, _: object) -> int:
    """Say what any foreign file or folder is and holds; needs no practice and no password."""
    from medsec_desktop.services.inspection import inspect

    findings = inspect(chosen.path.resolve())
    _answer(chosen, findings.words(), findings.as_dict())
    return DONE


def _self_test(chosen: argparse.Namespace, try_window: TryWindow | None) -> int:
    """Do a day's work in a practice that is thrown away, and say what worked."""
    from medsec_desktop.services import selftest

    checks = selftest.run(try_window)
    failed = [check for check in checks if not check.is_passed]
    lines = [
        f"{'ok    ' if check.is_passed else 'FAILED'}  {check.name}"
        f"{f': {check.remark}' if check.remark else ''}"
        for check in checks
    ]
    lines.append("All well." if not failed else f"{len(failed)} of {len(checks)} checks failed.")
    result = {
        "passed": not failed,
        "checks": [
            {"name": check.name, "passed": check.is_passed, "remark": check.remark}
            for check in checks
        ],
    }
    if failed:
        _say("\n".join(lines), chosen.json, result)
        return PROBLEM
    _answer(chosen, "\n".join(lines), result)
    return DONE


_DO: dict[str, Callable[[argparse.Namespace, Any], int]] = {
    "backup": _backup,
    "restore": _restore,
    "verify": _verify,
    "import": _import,
    "export": _export,
    "inspect": _inspect,
    "self-test": _self_test,
}


# -- who, where, and how it is told ----------------------------------------------------------------


@contextmanager
def _signed_in(chosen: argparse.Namespace) -> Iterator[Office]:
    from medsec_desktop.services import welcome

    folder = _folder(chosen)
    if not welcome.is_practice(folder):
        raise Problem(
            f"“{folder}” holds no practice.",
            remedy="Name the practice's folder with --practice.",
        )
    office = welcome.sign_in(folder, *_credentials(chosen, folder))
    try:
        yield office
    finally:
        office.close()


def _folder(chosen: argparse.Namespace) -> Path:
    from medsec_desktop.services import welcome

    named: Path | None = getattr(chosen, "folder", None) or chosen.practice
    if named is not None:
        return named
    if chosen.demo:
        return welcome.demo_folder()
    return next(iter(welcome.recent_folders()), welcome.default_folder())


def _credentials(chosen: argparse.Namespace, folder: Path) -> tuple[str, str]:
    from medsec_desktop.services import welcome

    if chosen.demo:
        return welcome.DEMO_LOGIN, welcome.DEMO_PASSWORD
    login = chosen.user or os.environ.get("MEDSEC_USER", "")
    if not login:
        logins = [slot.login for slot in welcome.sign_in_names(folder)]
        if len(logins) != 1:
            raise _Usage(f"Say who you are with --user: {', '.join(logins)}.")
        login = logins[0]
    return login, _password(chosen, login)


def _password(chosen: argparse.Namespace, login: str) -> str:
    return _secret(chosen.password_file, "--password-file", "MEDSEC_PASSWORD", login)


def _archive_password(chosen: argparse.Namespace) -> str:
    file = chosen.archive_password_file
    return _secret(file, "--archive-password-file", "MEDSEC_ARCHIVE_PASSWORD", "the archive")


def _secret(file: Path | None, option: str, variable: str, whose: str) -> str:
    """A password from a file's first line, from the environment, or typed unseen."""
    if file is not None:
        try:
            lines = file.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Problem(
                f"The password file “{file}” cannot be read.",
                getattr(error, "strerror", "") or "",
            ) from error
        return lines[0] if lines else ""
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        raise _Usage(f"Give the password of {whose} with {option} or {variable}.")
    return getpass.getpass(f"Password of {whose}: ", sys.stderr)


class _Told:
    """Progress as one line on the terminal, rewritten in place; silent where nobody watches."""

    def __init__(self, is_shown: bool):
        from medsec_desktop.services.progress import Pace

        self._is_shown = is_shown
        self._last = ""
        self._pace = Pace()

    def report(self, done: int, total: int, text: str = "") -> None:
        if not self._is_shown:
            return
        line = f"{text} {100 * done // total} %" if total else text
        if total and (pace := self._pace.words(done, total)):
            line += f", {pace}"
        if line != self._last:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
            self._last = line

    def check(self) -> None:
        """A terminal stops work by Ctrl+C."""

    def end(self) -> None:
        if self._last:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._last = ""


def _progress(chosen: argparse.Namespace) -> _Told:
    return _Told(sys.stderr.isatty() and not chosen.quiet and not chosen.json)


def _answer(chosen: argparse.Namespace, text: str, result: dict[str, Any]) -> None:
    print(json.dumps(result, indent=1) if chosen.json else text)


def _say(text: str, wants_json: bool, result: dict[str, Any]) -> None:
    """A problem: its sentence on stderr, and with --json its parts on stdout."""
    if wants_json:
        print(json.dumps(result, indent=1))
    print(text, file=sys.stderr)


def _problem_dict(problem: Problem) -> dict[str, Any]:
    return {"problem": {"what": problem.what, "why": problem.why, "remedy": problem.remedy}}
