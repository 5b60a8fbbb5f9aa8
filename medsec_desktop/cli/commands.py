"""What each command does; each says whether it found something wrong."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from medsec_desktop.cli.exchange import export, take_in
from medsec_desktop.cli.telling import DONE, PROBLEM, answer, progress_of, say
from medsec_desktop.cli.who import credentials, folder_of, signed_in

if TYPE_CHECKING:
    from medsec_desktop.services.selftest import TryWindow


def _backup(chosen: argparse.Namespace, _: object) -> int:
    """Back a practice up into a folder that opens like the practice itself, and check it."""
    with signed_in(chosen) as office:
        report = office.backups.make(progress_of(chosen), chosen.to)
    answer(chosen, report.sentence, report.as_dict())
    return DONE


def _restore(chosen: argparse.Namespace, _: object) -> int:
    """Put a backup back; the folder there now is kept beside it."""
    from medsec_desktop.services import backups

    backups.read(chosen.backup)  # no password is asked for what is no backup
    login, password = credentials(chosen, chosen.backup)
    who = backups.unlock_backup(chosen.backup, login, password)
    preview = backups.preview_restore(chosen.backup, who.data_key, folder_of(chosen).absolute())
    said = "\n".join(preview.sentences)
    if chosen.dry_run:
        answer(chosen, said, preview.as_dict() | {"dry_run": True})
        return DONE
    backups.restore(preview, who)
    answer(
        chosen,
        f"{said}\nDone: the practice in “{preview.practice}” is as it was then.",
        preview.as_dict() | {"dry_run": False},
    )
    return DONE


def _verify(chosen: argparse.Namespace, _: object) -> int:
    """Check every page, reference and journal entry of a practice, or all of a backup."""
    from medsec_desktop.services import backups

    folder = folder_of(chosen)
    if (folder / "manifest.json").is_file():
        login, password = credentials(chosen, folder)
        report = backups.verify_backup(
            folder,
            backups.unlock_backup(folder, login, password).data_key,
            progress_of(chosen),
        )
    else:
        with signed_in(chosen) as office:
            report = office.backups.verify(progress_of(chosen))
    if report.is_sound:
        answer(chosen, report.sentence, report.as_dict())
        return DONE
    say(report.sentence, chosen.json, report.as_dict())
    return PROBLEM


def _inspect(chosen: argparse.Namespace, _: object) -> int:
    """Say what any foreign file or folder is and holds; needs no practice and no password."""
    from medsec_desktop.services.inspection import inspect

    findings = inspect(chosen.path.resolve())
    answer(chosen, findings.words(), findings.as_dict())
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
        say("\n".join(lines), chosen.json, result)
        return PROBLEM
    answer(chosen, "\n".join(lines), result)
    return DONE


# What each does is also its help.
DO: dict[str, Callable[[argparse.Namespace, Any], int]] = {
    "backup": _backup,
    "restore": _restore,
    "verify": _verify,
    "import": take_in,
    "export": export,
    "inspect": _inspect,
    "self-test": _self_test,
}
