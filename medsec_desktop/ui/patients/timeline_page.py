"""A patient's timeline: everything that happened, the latest first, each kind shown or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.services.patients.timeline import KINDS, TimelineRow, TimelineView
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.widgets import (
    ElidedLabel,
    EmptyState,
    FastList,
    IconButton,
    ListRow,
    PlainButton,
    SearchLine,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.patients import PatientFile
    from medsec_desktop.ui.desk import Desk

_ICONS = {
    "visit": "calendar-days",
    "letter": "mail",
    "call": "phone",
    "document": "file-text",
    "insurance": "shield-check",
    "claim": "receipt-text",
    "referral": "arrow-right-left",
    "rights": "badge-check",
    "change": "pencil",
}
_NAMES = {
    **KINDS, "visit": "Visit", "letter": "Letter", "call": "Call", "document": "Document",
    "claim": "Claim",
}  # fmt: skip
_HIDDEN_AT_FIRST = ("change",)


class TimelinePage(QWidget):
    """Typing narrows the list, the buttons above choose kinds, Enter opens what is selected."""

    left = Signal()
    help_page = "patients"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.view: TimelineView | None = None
        self._name = ""
        theme = desk.theme
        self.back = IconButton(theme, "arrow-left", "Back to the file", self.left.emit, key="Esc")
        self.title = ElidedLabel("", "title")
        self.count = Text("", "muted")
        self.words = SearchLine("Words in the timeline", "Words", theme)
        self.words.setMaximumWidth(theme.px(280))
        self.words.textChanged.connect(self._show)
        self.kinds: dict[str, PlainButton] = {}
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for kind, name in KINDS.items():
            button = PlainButton(name, self._show, kind="filter")
            button.setCheckable(True)
            button.setChecked(kind not in _HIDDEN_AT_FIRST)
            self.kinds[kind] = button
            chips.addWidget(button)
        chips.addStretch(1)
        self.list = FastList(theme, "Timeline", two_lines=True)
        self.list.chosen.connect(self._open)
        self.nothing = EmptyState(theme, "history", "Nothing to show", "")

        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.title)
        names.addWidget(self.count)
        top.addLayout(names, 1)
        top.addWidget(self.words, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addLayout(chips)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        self.setFocusProxy(self.list)
        desk.actions.bind("visit.open_patient", self.left.emit, owner=self)

    @property
    def patient_id(self) -> int | None:
        return self.view.patient_id if self.view else None

    def show_file(self, file: PatientFile) -> None:
        """Read this patient's timeline away from the screen, and show it."""
        if self.patient_id != file.id:
            self.words.clear()
        self._name = file.name.listed
        self.title.setText(self._name)
        self.title.setAccessibleName(f"Timeline of {self._name}")
        self.read(file.id)

    def read(self, patient_id: int) -> None:
        """Read it anew, staying where one is."""
        timeline = self._desk.office.timeline
        self._desk.jobs.run(
            "Reading the timeline", lambda _: timeline.of(patient_id), self._take, cancellable=False
        )

    def _take(self, view: TimelineView) -> None:
        self.view = view
        self._show()

    def _show(self, *_: object) -> None:
        view = self.view
        if view is None:
            return
        typed = self.words.text().casefold().split()
        rows = [
            self._line(row, view)
            for row in view.rows
            if self.kinds[row.kind].isChecked()
            and all(word in f"{row.title} {row.detail}".casefold() for word in typed)
        ]
        at = self.list.currentIndex().row()
        self.list.set_rows(rows)
        if 0 < at < len(rows):
            self.list.setCurrentIndex(self.list.rows.index(at, 0))
        self.list.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        shown, whole = len(rows), len(view.rows)
        self.count.setText(f"{shown:,} of {whole:,}" if shown != whole else f"{whole:,} entries")
        if not view.rows:
            self.nothing.say("Nothing happened yet", "Visits, letters, calls and papers come here.")
        else:
            self.nothing.say("Nothing to show", "Choose more kinds above, or take words away.")

    def _line(self, row: TimelineRow, view: TimelineView) -> ListRow:
        formats = self._desk.office.formats
        status = words.VISIT_STATUSES.get(row.status) if row.kind == "visit" else ""
        if row.kind == "letter":
            status = words.LETTER_STATUSES.get(row.status, row.status)
        to_come = row.at > view.now and (row.has_time or row.at.date() > view.now.date())
        when = formats.when(row.at) if row.has_time else formats.date(row.at.date())
        return ListRow(
            row,
            row.title,
            " · ".join(part for part in (status, row.detail) if part) or _NAMES[row.kind],
            trailing=when,
            icon=_ICONS[row.kind],
            mark="To come" if to_come else "",
        )

    def _open(self, row: TimelineRow) -> None:
        if row.link is None:
            self._desk.messages.not_now("This entry has no page of its own.")
        else:
            self._desk.go.open_link(row.link)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)
