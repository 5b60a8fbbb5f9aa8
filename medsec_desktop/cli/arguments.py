"""What may be typed on the command line, and how it is read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from medsec_desktop import __version__

COMMANDS = ("backup", "restore", "verify", "import", "export", "inspect", "self-test")
_VALUED = ("--practice", "--user", "--password-file", "--archive-password-file")


class Usage(Exception):
    """The command cannot be understood; the text says why."""


class Parser(argparse.ArgumentParser):
    """Refuses by raising, so that one place prints and picks the exit code."""

    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message[:1].upper()}{message[1:]}.\n{self.format_usage().strip()}")


def refuse_mistyped_command(folder: Path | None) -> None:
    """A single word that is no folder here was meant as a command: no window for it."""
    if folder is not None and len(folder.parts) == 1 and not folder.exists():
        raise Usage(
            f"There is no command and no folder “{folder}”. Commands: {', '.join(COMMANDS)}."
            " For a new practice, give the whole path of its folder."
        )


def command_in(argv: Sequence[str]) -> tuple[str, list[str]]:
    """The command and the other arguments; options may stand on either side of it."""
    rest = list(argv)
    at = 0
    while at < len(rest):
        word = rest[at]
        if word in COMMANDS:
            return word, rest[:at] + rest[at + 1 :]
        if not word.startswith("-"):
            break
        at += 2 if word in _VALUED else 1
    return "", rest


def window_parser() -> argparse.ArgumentParser:
    """What the program itself understands: a folder to open, or the demo."""
    parser = Parser(
        prog="medsec-desktop",
        description="The front desk of a clinic on one workstation.",
        epilog=f"Commands for the administrator: {', '.join(COMMANDS)}. "
        "“medsec-desktop COMMAND --help” explains each.",
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help="the practice to open"
    )
    parser.add_argument("--demo", action="store_true", help="open the demo clinic")
    parser.add_argument("--version", action="version", version=f"MedSec Desktop {__version__}")
    return parser


def command_parser(command: str, description: str) -> argparse.ArgumentParser:
    """What one command understands."""
    parser = Parser(
        prog=f"medsec-desktop {command}",
        description=description,
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
            from medsec_desktop.cli.exchange import EXPORTS

            parser.add_argument("kind", metavar="KIND", help=", ".join(EXPORTS))
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


def _day(text: str) -> date:
    """A day as the command line writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is no date; write YYYY-MM-DD") from error
