"""Beside the grid: when this patient should come back, and what she is recalled for already."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.services.calendar.recalls import RecallRow
from medsec_desktop.ui.calendar.lists import recall_words
from medsec_desktop.ui.calendar.lists.recall_form import RecallForm
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import EmptyState, FastList, ListRow, Text
from medsec_desktop.ui.widgets.page import Panel

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab


class RecallPanel(Panel):
    """Ctrl+Alt+R on a visit or a patient: two entries, and she is called back in time."""

    title = "Recall"
    help_page = "recalls"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = self.desk
        self.patient_id: int | None = None
        self._visit_on: date | None = None
        self._provider_id: int | None = None
        self.who = Text("", "strong", wrap=True)
        self.form = RecallForm(desk)
        self.so_far = Text("Recalls so far", "strong")
        self.list = FastList(desk.theme, "Recalls of this patient", one_click=True, two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.none = EmptyState(
            desk.theme,
            "bell-ring",
            "Nothing to recall for yet",
            "Say in Settings what patients come back for, such as a yearly visit, and how often.",
            "Open Settings",
            lambda: desk.go.open_settings("recalls"),
        )
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.who)
        column.addWidget(self.form)
        column.addWidget(self.so_far)
        column.addWidget(self.list, 1)
        column.addStretch()
        self.faces = QStackedWidget()
        self.faces.addWidget(filled)
        self.faces.addWidget(self.none)
        self.body.addWidget(self.faces, 1)
        self.form.saved.connect(lambda _: self.leave())
        self.form.left.connect(self.leave)
        self.list.chosen.connect(self._edit)

    def show_patient(
        self, patient_id: int, visit_on: date | None = None, provider_id: int | None = None
    ) -> None:
        """Fill in a recall of a patient, counted from a visit of hers where one is given."""
        self.patient_id, self._visit_on, self._provider_id = patient_id, visit_on, provider_id
        has_kinds = bool(self.desk.office.recalls.types(active_only=True))
        self.faces.setCurrentIndex(0 if has_kinds else 1)
        self.heading.setText(self.title)
        self.form.start(patient_id, visit_on, provider_id)
        self._read()
        if has_kinds:
            self.form.setFocus()
        elif self.none.button is not None:
            self.none.button.setFocus()

    def refresh(self, changes: Changes) -> None:
        if self.patient_id is None:
            return
        if changes.touches("recall_type"):
            self.show_patient(self.patient_id, self._visit_on, self._provider_id)
        elif changes.touches("recall", "recall_round", "appointment"):
            self._read()

    def _read(self) -> None:
        office = self.desk.office
        assert self.patient_id is not None
        patient_id = self.patient_id
        rows = guarded(self.desk, lambda: office.recalls.of_patient(patient_id)) or ()
        names = guarded(self.desk, lambda: office.recalls.name_of(patient_id))
        self.who.setText(names or "")
        self.so_far.setVisible(bool(rows))
        self.list.setVisible(bool(rows))
        self.list.setFixedHeight(self.desk.theme.px(48) * min(len(rows) or 1, 4) + 8)
        self.list.set_rows(
            [
                ListRow(
                    row,
                    row.type.name,
                    recall_words.standing(row, office.formats),
                    mark="" if row.status != "open" else "Open",
                )
                for row in rows
            ],
            preselect=False,
        )

    def _edit(self, row: RecallRow) -> None:
        if row.status == "open":
            self.heading.setText("Change the recall")
            self.form.edit(row)
            self.form.due.setFocus()
            self.form.due.selectAll()
