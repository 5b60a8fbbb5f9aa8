"""In a patient's file: who else's file may be hers, and files that went on in this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import PatientFile, PatientHit
from medsec_desktop.services.patients.duplicates import PairRow
from medsec_desktop.services.patients.merging import MergeRow
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import FileSection, empty
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class TwiceSection(FileSection):
    """Other files that may be about her, each with what one can do about it; mostly not shown."""

    help_page = "duplicates"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Perhaps on file twice", desk, parent)

    def draw(self, file: PatientFile) -> None:
        """As the list of pairs knows them: nothing is compared while a file opens."""
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        pairs = self._desk.office.duplicates.pairs_of(file.id)
        empty(self.rows)
        for pair in pairs:
            self.rows.addWidget(self._pair(file, pair, may))
        self.setVisible(bool(pairs))

    def _pair(self, file: PatientFile, pair: PairRow, may: bool) -> QWidget:
        other = pair.other if pair.one.id == file.id else pair.one
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        formats = self._desk.office.formats
        about = f"{other.name.listed}, {formats.birth(other.birth)}, chart {other.chart_number}"
        link = LinkButton(about, lambda: self._desk.go.open_patient(other.id))
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(Text(words.likeness(pair.reasons), "muted", wrap=True))
        if may:
            column.addLayout(self._choices(file, other))
        return box

    def _choices(self, file: PatientFile, other: PatientHit) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        same = LinkButton(
            "Same: compare and merge", lambda: self._desk.go.merge_patients(file.id, other.id)
        )
        same.setAccessibleName(f"Compare with {other.name.listed}, chart {other.chart_number}")
        apart = LinkButton("Not the same", lambda: self._tell_apart(file, other))
        apart.setAccessibleName(f"Not the same as {other.name.listed}")
        row.addWidget(same)
        row.addWidget(apart)
        row.addStretch(1)
        return row

    def _tell_apart(self, file: PatientFile, other: PatientHit) -> None:
        def do() -> bool:
            self._desk.office.duplicates.tell_apart(file.id, other.id)
            return True

        if guarded(self._desk, do):
            names = f"{file.name.spoken} and {other.name.spoken}"
            self._desk.messages.say(f"{names} are two people.", undo=True)


class MergesSection(FileSection):
    """Files that went on in this one, and the way to take them apart; mostly not shown."""

    help_page = "duplicates"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Merged files", desk, parent)

    def draw(self, file: PatientFile) -> None:
        """The latest merge first."""
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        merges = self._desk.office.merging.merges_into(file.id)
        empty(self.rows)
        for merge in merges:
            self.rows.addWidget(self._merge(merge, may))
        self.setVisible(bool(merges))

    def _merge(self, merge: MergeRow, may: bool) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        when = self._desk.office.formats.when(merge.merged_at)
        by = f" by {merge.merged_by}" if merge.merged_by else ""
        text = f"Chart {merge.chart_number}, {merge.name}, was merged into this file {when}{by}."
        row.addWidget(Text(text, "muted", wrap=True), 1)
        if may:
            apart = LinkButton("Take apart…", lambda: self._desk.go.take_apart(merge.id))
            apart.setAccessibleName(
                f"Take the file of {merge.name}, chart {merge.chart_number}, apart"
            )
            row.addWidget(apart, 0, Qt.AlignmentFlag.AlignTop)
        return box
