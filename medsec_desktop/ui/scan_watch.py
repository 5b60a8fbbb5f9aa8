"""Looks at the scan folder every few seconds, away from the screen, and tells what came."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from medsec_desktop.problems import Link, Problem
from medsec_desktop.services.documents.scan_folder import Looked
from medsec_desktop.ui.patients.documents.intake import reasons, shared_remedy

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

EVERY_MS = 4_000
_SORT = Link("list", "sorting", "Sort them")


class ScanWatch(QObject):
    """Runs while the window is open. Nothing is taken in under the name of somebody who has locked."""

    def __init__(self, desk: Desk, is_covered: Callable[[], bool], parent: QObject):
        super().__init__(parent)
        self._desk = desk
        self._is_covered = is_covered
        self._is_looking = False
        self._told = ""  # the trouble told last: told once, not every few seconds
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def look(self) -> None:
        """Look now, unless a look is under way or there is no folder."""
        folder = self._desk.office.scan_folder
        if self._is_looking or self._is_covered() or not folder.may_look():
            return
        self._is_looking = True

        def work(_: object) -> Looked | Problem:
            try:
                return folder.look()
            except Problem as problem:
                return problem

        self._desk.jobs.quietly(work, self._tell)

    def _tell(self, found: Looked | Problem) -> None:
        self._is_looking = False
        if isinstance(found, Problem):
            if str(found) != self._told:
                self._told = str(found)
                self._desk.messages.problem(found)
            return
        self._told = ""
        if found.refused:
            self._desk.messages.problem(_refusal(found))
        elif not found.is_empty:
            opened = [
                Link("document", str(row.id), "Open it")
                for row in found.filed
                if len(found.filed) == 1
            ]
            links = [*opened, *([_SORT] if found.left else [])]
            self._desk.messages.say(" ".join(_sentences(found)), tone="info", links=links)


def _refusal(found: Looked) -> Problem:
    others = "".join(f" {sentence}" for sentence in _sentences(found))
    many = len(found.refused)
    if many == 1:
        ((name, problem),) = found.refused
        what = f"The scan “{name}” was not taken in. {problem.what}"
        why = f"{problem.why} It lies in the folder “refused” now.{others}"
        return Problem(what, why, problem.remedy)
    return Problem(
        f"{many} scans were not taken in.",
        f"{reasons(found.refused)} They lie in the folder “refused” now.{others}",
        shared_remedy(found.refused),
    )


def _sentences(found: Looked) -> list[str]:
    told = []
    if found.filed:
        titles = found.filed[0].title
        told.append(
            f"The scan “{titles}” filed itself."
            if len(found.filed) == 1
            else f"{len(found.filed)} scans filed themselves."
        )
    if found.left:
        many = len(found.left)
        told.append(
            "A scan waits to be sorted." if many == 1 else f"{many} scans wait to be sorted."
        )
    if found.known:
        many = len(found.known)
        told.append(
            f"“{found.known[0]}” was taken in before, so it was not taken again."
            if many == 1
            else f"{many} scans were taken in before, so they were not taken again."
        )
    return told
