"""CUPS by its commands; their words are read in the C locale, which translations do not touch.

`lp` gets the very PDF on its standard input: text stays text, and no page lies about as a file of ours.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from medsec_desktop.problems import Link, Unavailable
from medsec_desktop.services.page_images import page_sizes
from medsec_desktop.services.printing.ways import PrinterOffers, PrinterRow, Sides, Ticket

# A spooler that takes longer is stuck on a network printer that does not answer.
_TIME_LIMIT_S = 10.0
_TO_SETTINGS = (Link("settings", "printing", "Printers"),)

# Width and height upright, in points, and the names printer descriptions (PPD) have for it.
_SIZES: tuple[tuple[tuple[int, int], tuple[str, ...]], ...] = (
    ((612, 792), ("Letter", "Letter.Fullbleed", "na_letter_8.5x11in")),
    ((612, 1008), ("Legal", "na_legal_8.5x14in")),
    ((595, 842), ("A4", "iso_a4_210x297mm")),
    ((297, 684), ("Env10", "EnvUS10", "na_number-10_4.125x9.5in")),
    ((279, 639), ("Env9", "na_number-9_3.875x8.875in")),
    ((312, 624), ("EnvDL", "DL", "iso_dl_110x220mm")),
    ((459, 649), ("EnvC5", "C5", "iso_c5_162x229mm")),
    ((323, 459), ("EnvC6", "C6", "iso_c6_114x162mm")),
)
_SIZE_GIVES = 3  # points; makers round
_KNOWN_EVERYWHERE = ("Letter", "A4", "Legal")  # `lp` turns these into what the printer calls them
_TRAY_WORDS = {"auto": "Automatic", "autoselect": "Automatic", "manual": "Manual feed"}


class Cups:
    """The printers of this computer's print service."""

    def __init__(
        self, lp: str, lpstat: str, lpoptions: str = "", time_limit_s: float = _TIME_LIMIT_S
    ):
        self._lp = lp
        self._lpstat = lpstat
        self._lpoptions = lpoptions
        self._time_limit_s = time_limit_s

    @classmethod
    def here(cls) -> Cups | None:
        """CUPS where this computer has its commands, else None."""
        lp, lpstat = shutil.which("lp"), shutil.which("lpstat")
        return cls(lp, lpstat, shutil.which("lpoptions") or "") if lp and lpstat else None

    def printers(self) -> tuple[PrinterRow, ...]:
        answer = self._run([self._lpstat, "-p", "-d"])
        # "printer Desk is idle.  enabled since …" or "printer Desk disabled since … -\n\treason"
        default = re.search(r"^system default destination: (\S+)", answer.stdout, re.MULTILINE)
        return tuple(
            PrinterRow(
                name=found[1],
                is_ready=not found[2].startswith("disabled"),
                is_default=default is not None and default[1] == found[1],
                why=_sentence(found[3]) if found[2].startswith("disabled") else "",
            )
            for found in re.finditer(
                r"^printer (\S+) (.*)((?:\n[\t ].*)*)", answer.stdout, re.MULTILINE
            )
        )

    def offers(self, printer: str) -> PrinterOffers:
        described = self._described(printer)
        choices = _choices(described)
        sides = [*choices.get("Duplex", ()), *choices.get("sides", ())]
        both = [one for one in sides if one.lower().startswith(("duplex", "two-sided"))]
        return PrinterOffers(
            tuple((tray, tray_words(tray)) for tray in choices.get("InputSlot", ())),
            bool(both),
            any(
                f"*{one}" in described.get(name, ()) for name in ("Duplex", "sides") for one in both
            ),
        )

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        command = [self._lp, "-d", ticket.printer, "-n", str(ticket.copies), "-t", ticket.title]
        for option in self._options(pdf, ticket):
            command += ["-o", option]
        answer = self._run([*command, "-"], pdf)
        if answer.returncode:
            raise Unavailable(
                f"Nothing was printed: the printer “{ticket.printer}” did not take the pages.",
                _sentence(answer.stderr),
                "Check the printer, or choose another one, and print again.",
                _TO_SETTINGS,
            )

    def _options(self, pdf: bytes, ticket: Ticket) -> list[str]:
        choices = _choices(self._described(ticket.printer))
        options = []
        # A tray of a printer that was exchanged meanwhile is not asked of the new one.
        if ticket.tray and ticket.tray in choices.get("InputSlot", ()):
            options.append(f"InputSlot={ticket.tray}")
        if ticket.sides is not Sides.PRINTER:
            options.append(f"sides={ticket.sides}")
        if ticket.is_exact:
            # One to one: fitting a sheet of labels to the printer's margins moves every label.
            options.append("print-scaling=none")
            media = _media(pdf, choices.get("PageSize", ()))
            options += [f"media={media}"] if media else []
        else:
            options.append("print-scaling=auto")
        return options

    def _described(self, printer: str) -> dict[str, tuple[str, ...]]:
        """The printer's description, its usual choices marked: `InputSlot/Media Source: *Auto Tray1`."""
        if not self._lpoptions:
            return {}
        answer = self._run([self._lpoptions, "-p", printer, "-l"])
        return {
            found[1]: tuple(found[2].split())
            for found in re.finditer(r"^([^\s/:]+)(?:/[^:]*)?:[ \t]*(.*)$", answer.stdout, re.M)
        }

    def _run(self, command: list[str], told: bytes = b"") -> _Answer:
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                input=told,
                timeout=self._time_limit_s,
                env={**os.environ, "LC_ALL": "C"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unavailable(
                "The print service does not answer.",
                f"It was given {self._time_limit_s:.0f} seconds.",
                "Check that the printer is switched on and connected, then print again.",
            ) from error
        except OSError as error:
            raise Unavailable(
                "The print service could not be started.",
                error.strerror or "",
                "Check the computer’s printing, then print again.",
            ) from error
        return _Answer(done)


class _Answer:
    """What a command said, as text."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]):
        self.returncode = done.returncode
        self.stdout = done.stdout.decode(errors="replace")
        self.stderr = done.stderr.decode(errors="replace")


def _choices(described: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(one.removeprefix("*") for one in offered) for name, offered in described.items()
    }


def tray_words(tray: str) -> str:
    """A tray as people say it: `ManualFeed` is “Manual feed”, `Tray1` “Tray 1”."""
    known = _TRAY_WORDS.get(tray.casefold())
    if known:
        return known
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", tray)
    words = " ".join(part if part.isupper() else part.lower() for part in parts) or tray
    return words[0].upper() + words[1:]


def _media(pdf: bytes, offered: tuple[str, ...]) -> str:
    """The printer's own name for the sheet the first page wants; '' leaves it to the printer."""
    width, height = sorted(page_sizes(pdf)[0])
    for (wide, high), names in _SIZES:
        if abs(wide - width) <= _SIZE_GIVES and abs(high - height) <= _SIZE_GIVES:
            known = next((name for name in names if name in offered), "")
            if known or names[0] in _KNOWN_EVERYWHERE:
                return known or names[0]
    for name in offered:  # rolls: w79h252 is 79 by 252 points
        roll = re.match(r"w(\d+)h(\d+)", name)
        if roll:
            short, long = sorted((int(roll[1]), int(roll[2])))
            if abs(short - width) <= _SIZE_GIVES and abs(long - height) <= _SIZE_GIVES:
                return name
    if any(name.startswith("Custom.") for name in offered):
        return f"Custom.{width:.1f}x{height:.1f}"
    return ""


def _sentence(text: str) -> str:
    """The print service's own words as a sentence: `lp: The printer is off` loses its `lp: `."""
    said = " ".join(text.removeprefix("lp:").split())
    return said if not said or said.endswith((".", "!", "?")) else f"{said}."
