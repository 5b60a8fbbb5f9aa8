"""The consents to be signed by those who come, or by everybody whose old one ran out; one key each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import ANSWER_WORDS, Answer
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.patients.rights_records import ConsentDue
from medsec_desktop.ui.patients.lists.list_beside import PatientList
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import Choice, EmptyState, Text
from medsec_desktop.ui.widgets.outcomes import Outcomes

if TYPE_CHECKING:
    from medsec_desktop.ui.patients.tab import PatientsTab

_EXPIRED = 0
_WHICH = (
    (1, "Visits of today"),
    (7, "Visits of the next 7 days"),
    (14, "Visits of the next 14 days"),
    (_EXPIRED, "Run out, of every patient"),
)
_BUTTONS = ((Answer.GIVEN, "Signed today"), (Answer.REFUSED, "Refused today"))


class ConsentsPage(PatientList):
    """By visit; 1 says signed, 2 refused, Enter opens the file."""

    title = "Consents due"
    help_page = "rights"
    looked_at = ("consent", "consent_kind", "patient", "appointment", "setting")

    def __init__(self, tab: PatientsTab):
        super().__init__(tab)  # type: ignore[arg-type]  # any tab with a desk
        desk = self.desk
        self.which = Choice(_WHICH, 7)
        self.which.setAccessibleName("Which consents")
        self.which.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.which.setMinimumContentsLength(max(len(words) for _, words in _WHICH))
        self.remark = Text("", "muted")
        self.table = RowsView(desk.theme, self._columns(), "Consents due")
        one_at_a_time = RowsView.SelectionMode.SingleSelection  # and that one is signed
        self.table.setSelectionMode(one_at_a_time)
        self.nothing = EmptyState(desk.theme, "circle-check", "", "")
        self.outcomes = Outcomes(_BUTTONS, "What was answered", hoped=False)
        self.outcomes.listen_to(self.table)
        self.outcomes.chosen.connect(self.record)
        self.table.chosen.connect(lambda _: self.open_file())
        self.which.currentIndexChanged.connect(lambda _: self.read())
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.which)
        top.addWidget(self.remark)
        top.addStretch(1)
        top.addWidget(self.outcomes)
        self.body.addLayout(top)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.nothing, 1)
        desk.actions.bind("visit.open_patient", self.open_file, self.has_current, owner=self)

    @property
    def current(self) -> ConsentDue | None:
        row = self.table.marked_row()
        return row if isinstance(row, ConsentDue) else None

    def record(self, answer: object) -> None:
        """What the one in front answered today."""
        row = self.current
        if row is None or not self.outcomes.isVisible():
            return
        said, consents = Answer(str(answer)), self.desk.office.consents
        kept = guarded(self.desk, lambda: consents.record(row.patient_id, row.kind_id, said))
        if kept is not None:
            word = ANSWER_WORDS[said].lower()
            self.desk.messages.say(f"{row.patient_name}, {row.kind_name}: {word}.", undo=True)
        self.table.setFocus()

    # -- inside ---------------------------------------------------------------------------------

    def read(self) -> None:
        book, days = self.desk.office.consents, int(str(self.which.value()))
        rows = book.expired() if days == _EXPIRED else book.due_at_visits(days)
        self.fill(rows, lambda row: (row.patient_id, row.kind_id))
        people = len({row.patient_id for row in rows})
        told = counted(people, "patient")
        self.remark.setText(f"{told}, {len(rows):,} to sign" if rows else "")
        self.nothing.say("Nothing is to be signed", "All that is asked for is on file and holds.")
        may = self.desk.office.session.may(Permission.EDIT_PATIENTS)
        self.outcomes.setVisible(bool(rows) and may)
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)

    def _columns(self) -> tuple[Column, ...]:
        formats = self.desk.office.formats
        return (
            Column(
                "Visit",
                lambda row: formats.when(row.visit_at) if row.visit_at else "",
                lambda row: row.visit_at,
                20,
            ),
            Column("Patient", lambda row: row.patient_name, None, 0),
            Column("To sign", lambda row: row.kind_name, None, 34),
            Column(
                "On file",
                lambda row: (
                    f"Ran out {formats.date(row.last_on)}" if row.last_on else "Never signed"
                ),
                lambda row: row.last_on,
                24,
            ),
        )
