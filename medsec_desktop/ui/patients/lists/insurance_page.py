"""Every insurance to ask about before the visits of the next clinic days, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from medsec_desktop.domain.insurance import RESULT_WORDS
from medsec_desktop.services.patients.coverage_records import ToVerifyRow, VerificationDraft
from medsec_desktop.ui.patients.lists.insurance_card import InsuranceCard, so_far
from medsec_desktop.ui.patients.lists.list_beside import ListBesideCard
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.patients.tab import PatientsTab


class InsurancePage(ListBesideCard):
    """The list by time of visit, whom to ask at the right; a digit keeps the answer."""

    title = "Insurance to verify"
    help_page = "insurance"
    looked_at = (
    "appointment", "patient", "coverage", "coverage_verification", "payer", "provider", "setting",
    "working_hours", "hours_exception", "closure", "public_holiday",
)  # fmt: skip

    def __init__(self, tab: PatientsTab):
        super().__init__(tab)  # type: ignore[arg-type]  # any tab with a desk
        desk = self.desk
        self.remark = Text("", "muted")
        self.days_link = LinkButton("How many days…", lambda: desk.go.open_settings("insurance"))
        self.table = RowsView(desk.theme, self._columns(), "Insurance to verify")
        self.card = InsuranceCard(desk, self.open_file, self._open_visit, self._add_coverage)
        self.card.outcomes.listen_to(self.table)
        self.nothing = EmptyState(desk.theme, "circle-check", "", "")
        self.lay_beside("Whom to ask", self.days_link)
        self.card.answered.connect(self.answer)
        for line in self.card.lines():
            line.returnPressed.connect(self.table.setFocus)
        desk.actions.bind("coverage.verify", self._to_reference, self.has_current, owner=self)

    # -- what one does --------------------------------------------------------------------------

    @property
    def current(self) -> ToVerifyRow | None:
        row = self.table.current_row()
        return row if isinstance(row, ToVerifyRow) else None

    def answer(self, draft: VerificationDraft) -> None:
        """Keep what the payer said of the one in front; the next one comes to the front."""
        row = self.current
        if row is None or row.coverage_id is None:
            return
        number, office = row.coverage_id, self.desk.office
        if guarded(self.desk, lambda: office.verifications.record(number, draft)) is None:
            return
        word = RESULT_WORDS[draft.result].lower()
        self.desk.messages.say(f"{row.payer_name} of {row.patient_name}: {word}.", undo=True)
        self._go_on(row)
        self.table.setFocus()

    # -- inside ---------------------------------------------------------------------------------

    def read(self) -> None:
        office = self.desk.office
        days = office.verifications.days()
        rows = office.verifications.to_verify(days)
        self.fill(rows, _key)
        formats = office.formats
        span = f"today to {formats.short_date(days[-1])}" if len(days) > 1 else "today"
        noun = "insurance" if len(rows) == 1 else "insurances"
        self.remark.setText(
            f"{len(rows):,} {noun}, visits of {span}" if rows else f"Visits of {span}"
        )
        self.nothing.say(
            "Everything is verified", f"Nothing is left to ask for the visits of {span}."
        )

    def show_current(self) -> None:
        if self.current is not None:
            self.card.show_row(self.current)

    def _go_on(self, answered: ToVerifyRow) -> None:
        """Past the one just answered where it is still shown: the payer said no."""
        row = self.current
        if row is not None and _key(row) == _key(answered):
            self.table.select_next()

    def _open_visit(self) -> None:
        if self.current is not None:
            self.desk.go.show_day(self.current.visit_at.date(), self.current.visit_id)

    def _add_coverage(self) -> None:
        if self.current is not None:
            self.desk.go.open_patient(self.current.patient_id)
            self.desk.actions.trigger("coverage.add")

    def _to_reference(self) -> None:
        self.card.reference.setFocus()

    def _columns(self) -> tuple[Column, ...]:
        formats = self.desk.office.formats

        def when(row: ToVerifyRow) -> str:
            return f"{formats.short_date(row.visit_at.date())}, {formats.time(row.visit_at)}"

        return (
            Column("Visit", when, lambda row: row.visit_at, 20),
            Column("Patient", lambda row: row.patient_name, None, 0),
            Column("Payer", lambda row: row.payer_name or "None", None, 22),
            Column("Member", lambda row: row.member_id, None, 16, gives_way=2),
            Column("With", lambda row: row.provider_name, None, 18, gives_way=3),
            Column("So far", lambda row: so_far(row, formats), None, 22, gives_way=1),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typing = any(line.hasFocus() for line in self.card.lines())
        if event.key() == Qt.Key.Key_Escape and typing:
            self.table.setFocus()
        else:
            super().keyPressEvent(event)


def _key(row: ToVerifyRow) -> tuple[int, int | None]:
    return row.patient_id, row.coverage_id
