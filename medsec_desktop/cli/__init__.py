"""The administrator's commands: the same verbs as the window's, without a window.

Exit code 0: done. 1: a problem, told in a sentence on stderr. 2: the command was not understood.
With `--json` exactly one JSON object goes to stdout, also for a problem.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.cli.arguments import (
    Usage,
    command_in,
    command_parser,
    refuse_mistyped_command,
    window_parser,
)
from medsec_desktop.cli.telling import DONE, PROBLEM, USAGE, problem_dict, say
from medsec_desktop.problems import Problem

if TYPE_CHECKING:
    from medsec_desktop.services.selftest import TryWindow

ShowWindow = Callable[[Path | None, bool], int]  # folder, demo → exit code


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
    command, rest = command_in(argv)
    wants_json = "--json" in argv
    try:
        if not command:
            chosen = window_parser().parse_args(rest)
            if show_window is None:
                raise Usage("This command opens no window; use the program itself.")
            refuse_mistyped_command(chosen.folder)
            return show_window(chosen.folder, chosen.demo)
        from medsec_desktop.cli.commands import DO  # the window needs none of them

        do = DO[command]
        chosen = command_parser(command, do.__doc__ or "").parse_args(rest)
        return do(chosen, try_window)
    except SystemExit as stop:  # argparse ends --help and --version so
        return int(stop.code or 0)
    except Usage as problem:
        say(str(problem), wants_json, {"usage": str(problem)})
        return USAGE
    except Problem as problem:
        say(str(problem), wants_json, problem_dict(problem))
        return PROBLEM
    except KeyboardInterrupt:
        say("Stopped. Nothing was changed.", wants_json, {"problem": {"what": "Stopped."}})
        return PROBLEM
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
