"""In a patient's file: who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medsec_desktop.services.patients import CoverageRow, PatientFile
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import FileSection, empty
from medsec_desktop.ui.widgets import LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class CoveragesSection(FileSection):
    """What pays for her today; the policies of other times on request."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Coverage", desk, parent)
        self._shows_others = False

    def show_file(self, file: PatientFile) -> None:
        if self._file is None or self._file.id != file.id:
            self._shows_others = False
        super().show_file(file)

    def draw(self, file: PatientFile) -> None:
        current = [row for row in file.coverages if row.is_current]
        others = [row for row in file.coverages if not row.is_current]
        if not file.coverages:
            self.rows.addWidget(Text("No coverage on file: self-pay.", "muted"))
        elif not current:
            self.rows.addWidget(Text("No coverage today: self-pay.", "muted"))
        for row in current:
            self.rows.addWidget(self._shown(row))
        if others and not self._shows_others:
            noun = "coverage" if len(others) == 1 else "coverages"
            button = LinkButton(f"Show {len(others)} other {noun}", self._show_others)
            self.rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        elif others:
            for row in others:
                self.rows.addWidget(self._shown(row))

    def _show_others(self) -> None:
        self._shows_others = True
        if self._file is not None:
            empty(self.rows)
            self.draw(self._file)

    def _shown(self, row: CoverageRow) -> QWidget:
        formats = self._desk.office.formats
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        kind = "strong" if row.is_current else "muted"
        payer = " – ".join(part for part in (row.payer_name, row.plan_name) if part)
        column.addWidget(Text(f"{words.RANKS[row.rank]}: {payer}", kind, wrap=True))
        numbers = [f"Member {row.member_id}"] if row.member_id else []
        numbers += [f"Group {row.group_number}"] if row.group_number else []
        if row.copay_cents is not None:
            numbers.append(f"Copay {words.money(row.copay_cents)}")
        span = words.period(formats, row.starts_on, row.ends_on)
        numbers += [span] if span else []
        if numbers:
            column.addWidget(Text("  ·  ".join(numbers), "muted", wrap=True))
        if row.subscriber_relation != "self":
            relation = words.SUBSCRIBERS[row.subscriber_relation].lower()
            holder = row.subscriber or "unknown"
            column.addWidget(
                Text(f"Subscriber: {holder}; patient’s relation: {relation}", "muted", wrap=True)
            )
        return box
