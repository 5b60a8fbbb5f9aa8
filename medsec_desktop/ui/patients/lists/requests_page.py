"""The requests for records whose clock runs, the soonest due first; the work is done in the file."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from medsec_desktop.domain.rights import REQUESTER_WORDS, STATUS_WORDS, days_left_words
from medsec_desktop.services.patients.rights_records import RequestRow
from medsec_desktop.ui.patients.lists.list_beside import ListBesideCard
from medsec_desktop.ui.patients.request_box import asked_by, clock_words, facts
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, PrimaryButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.patients.tab import PatientsTab

_CLOSED_DAYS = 365


class RequestsPage(ListBesideCard):
    """Open ones by date; those that ended in the last year on request."""

    title = "Records requests"
    help_page = "rights"
    part = "request"
    looked_at = ("records_request", "records_request_item", "patient", "document", "setting")

    def __init__(self, tab: PatientsTab):
        super().__init__(tab)  # type: ignore[arg-type]  # any tab with a desk
        desk = self.desk
        self.remark = Text("", "muted")
        self.closed_box = QCheckBox("Show those that ended this year")
        self.table = RowsView(desk.theme, self._columns(), "Records requests")
        self.nothing = EmptyState(desk.theme, "folder-open", "", "")
        self._make_card()
        self.lay_beside("The request", self.closed_box)
        self.closed_box.toggled.connect(lambda _: self.read())

    @property
    def current(self) -> RequestRow | None:
        row = self.table.current_row()
        return row if isinstance(row, RequestRow) else None

    # -- inside ---------------------------------------------------------------------------------

    def read(self) -> None:
        office = self.desk.office
        opened = office.records_requests.open()
        rows = opened
        if self.closed_box.isChecked():
            since = office.clock.today() - timedelta(days=_CLOSED_DAYS)
            rows += office.records_requests.closed(since)
        self.fill(rows, lambda row: row.id)
        late = sum(1 for row in opened if row.is_late)
        told = "1 is open" if len(opened) == 1 else f"{len(opened):,} are open"
        self.remark.setText(f"{told}, {late} of them late" if late else told)
        self.nothing.say(
            "No request is open", "A request is written down in the patient’s file (Ctrl+Alt+Q)."
        )

    def show_current(self) -> None:
        row = self.current
        if row is None:
            return
        formats = self.desk.office.formats
        self.name.setText(row.patient_name)
        self.whom.setText(asked_by(row))
        self.clock.setText(clock_words(row, formats))
        self.about.setText("\n".join(facts(row, formats)))
        self.open_button.setAccessibleName(f"Open the file of {row.patient_name}")

    def _columns(self) -> tuple[Column, ...]:
        formats = self.desk.office.formats
        return (
            Column("Due", lambda row: formats.date(row.due_on), lambda row: row.due_on, 12),
            Column(
                "Days left",
                lambda row: (
                    days_left_words(row.days_left)
                    if row.status.is_open
                    else STATUS_WORDS[row.status]
                ),
                lambda row: row.days_left,
                14,
            ),
            Column("Patient", lambda row: row.patient_name, None, 0),
            Column("Who asks", lambda row: row.requester, None, 26),
            Column("As", lambda row: REQUESTER_WORDS[row.requester_kind], None, 20, gives_way=2),
            Column("So far", lambda row: STATUS_WORDS[row.status], None, 14, gives_way=1),
        )

    def _make_card(self) -> None:
        self.name = Text("", "heading", wrap=True)
        self.whom = Text("", wrap=True)
        self.clock = Text("", "strong", wrap=True)
        self.about = Text("", "muted", wrap=True)
        self.open_button = PrimaryButton("Open the file", self.open_file, tip="Enter")
        self.card = QWidget()
        column = QVBoxLayout(self.card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        who = QVBoxLayout()
        who.setSpacing(2)
        who.addWidget(self.name)
        who.addWidget(self.whom)
        column.addLayout(who)
        column.addWidget(self.clock)
        column.addWidget(self.about)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
