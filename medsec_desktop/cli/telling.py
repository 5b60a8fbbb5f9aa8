"""What a command says: its answer, how far it is, what went wrong."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from medsec_desktop.problems import Problem

DONE, PROBLEM, USAGE = 0, 1, 2  # exit codes


class Told:
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


def progress_of(chosen: argparse.Namespace) -> Told:
    """How far it is, told where somebody watches."""
    return Told(sys.stderr.isatty() and not chosen.quiet and not chosen.json)


def answer(chosen: argparse.Namespace, text: str, result: dict[str, Any]) -> None:
    """What was done, on stdout: in words, or with --json as its parts."""
    print(json.dumps(result, indent=1) if chosen.json else text)


def say(text: str, wants_json: bool, result: dict[str, Any]) -> None:
    """A problem: its sentence on stderr, and with --json its parts on stdout."""
    if wants_json:
        print(json.dumps(result, indent=1))
    print(text, file=sys.stderr)


def problem_dict(problem: Problem) -> dict[str, Any]:
    """The parts of a problem, as `--json` prints them."""
    return {"problem": {"what": problem.what, "why": problem.why, "remedy": problem.remedy}}
