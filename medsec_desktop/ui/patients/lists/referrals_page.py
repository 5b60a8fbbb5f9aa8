"""The referrals somebody should ask about, each with its answer at one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.referrals import STEP_WORDS, WAITS_FOR, Chase, Direction, Step, next_step
from medsec_desktop.services.patients.referral_records import ReferralRow
from medsec_desktop.ui.patients.lists.list_beside import ListBesideCard
from medsec_desktop.ui.patients.referral_steps import ReferralVerbs, StepForm, called
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, LinkButton, Text
from medsec_desktop.ui.widgets.outcomes import Outcomes

if TYPE_CHECKING:
    from medsec_desktop.ui.patients.tab import PatientsTab

_NEXT, _OTHER = "next", "other"
_BUTTONS = (
    (_NEXT, "Next step"),
    (Chase.WAITING, "Still waiting"),
    (Chase.NO_ANSWER, "No answer"),
    (_OTHER, "Another step…"),
)


class ReferralsPage(ListBesideCard):
    """Urgent ones first, then the longest overdue; those not due yet on request."""

    title = "Referrals"
    help_page = "insurance"
    part = "referral"
    looked_at = ("referral", "referral_event", "patient", "provider", "appointment", "document")

    def __init__(self, tab: PatientsTab):
        super().__init__(tab)  # type: ignore[arg-type]  # any tab with a desk
        desk = self.desk
        self.verbs = ReferralVerbs(desk)
        self.remark = Text("", "muted")
        self.all_box = QCheckBox("Show those not due yet")
        self.table = RowsView(desk.theme, self._columns(), "Referrals to chase")
        self.nothing = EmptyState(desk.theme, "circle-check", "", "")
        self._make_card()
        self.lay_beside("Whom to ask", self.all_box)
        self.outcomes.listen_to(self.table)
        self.outcomes.chosen.connect(self.end)
        self.all_box.toggled.connect(lambda _: self.read())
        self.steps.done.connect(self.table.setFocus)
        self.steps.left.connect(self.table.setFocus)

    # -- what one does --------------------------------------------------------------------------

    @property
    def current(self) -> ReferralRow | None:
        row = self.table.current_row()
        return row if isinstance(row, ReferralRow) else None

    def end(self, outcome: object) -> None:
        """How asking about the one in front ended."""
        row = self.current
        if row is None or not self.outcomes.isVisible():
            return
        if isinstance(outcome, Chase):
            self.verbs.chase(row, outcome)
            self.table.setFocus()
        elif outcome == _OTHER:
            self.steps.open_for(row)
            self.right.ensureWidgetVisible(self.steps)
        else:
            self._take_next(row)

    def _take_next(self, row: ReferralRow) -> None:
        step = next_step(row.direction, row.step)
        if step is Step.BOOKED and row.direction is Direction.IN:
            self.verbs.book(row)
        elif step in (Step.BOOKED, Step.LETTER_BACK):  # these want a day, or a letter
            self.steps.open_for(row)
            self.right.ensureWidgetVisible(self.steps)
        elif step is not None:
            office = self.desk.office

            def do() -> bool:
                office.referrals.take_step(row.id, row.version, step)
                return True

            if guarded(self.desk, do):
                word = STEP_WORDS[row.direction][step].lower()
                said = f"Referral of {row.patient_name}: {word}."
                self.desk.messages.say(said, undo=True)
            self.table.setFocus()

    # -- inside ---------------------------------------------------------------------------------

    def read(self) -> None:
        book = self.desk.office.referrals
        due = book.due()
        rows = book.open() if self.all_box.isChecked() else due
        self.fill(rows, lambda row: row.id)
        count = "1 is" if len(due) == 1 else f"{len(due):,} are"
        self.remark.setText(f"{count} to be asked about today")
        self.nothing.say("Nobody is to be asked today", "Each referral comes up on its date.")

    def show_current(self) -> None:
        row = self.current
        if row is None:
            return
        if self._shown_id != row.id:
            self._shown_id = row.id
            self.steps.hide()
        formats = self.desk.office.formats
        self.state.setText(" · ".join(filter(None, (row.word, "urgent" if row.is_urgent else ""))))
        self.name.setText(row.patient_name)
        self.whom.setText(called(row))
        self.phone.setText(formats.phone(row.other_phone) or "No phone on file")
        awaited = WAITS_FOR[row.direction].get(row.step, "")
        self.awaited.setText(awaited)
        about = [row.reason, f"Fax {formats.phone(row.other_fax)}" if row.other_fax else ""]
        about += [f"Of {formats.date(row.begun_on)}"]
        about += [f"Visit {formats.date(row.visit_on)}"] if row.visit_on else []
        about += [f"Holds until {formats.date(row.expires_on)}"] if row.expires_on else []
        about += [row.note]
        self.about.setText("\n".join(line for line in about if line))
        session = self.desk.office.session
        following = next_step(row.direction, row.step)
        is_to_book = following is Step.BOOKED and row.direction is Direction.IN
        word = STEP_WORDS[row.direction][following] if following else "Done"
        self.outcomes.set_words(1, "Book a visit" if is_to_book else word)
        self.outcomes.setVisible(session.may(Permission.EDIT_PATIENTS))

    def _columns(self) -> tuple[Column, ...]:
        formats = self.desk.office.formats
        return (
            Column(
                "Ask on",
                lambda row: formats.date(row.chase_on) if row.chase_on else "",
                lambda row: row.chase_on,
                12,
            ),
            Column("Patient", lambda row: row.patient_name, None, 0),
            Column("Whom", called, None, 34),
            Column("So far", lambda row: row.word, None, 16, gives_way=2),
            Column(
                "What is awaited",
                lambda row: WAITS_FOR[row.direction].get(row.step, ""),
                None,
                22,
                gives_way=1,
            ),
            Column("", lambda row: "Urgent" if row.is_urgent else "", None, 8, gives_way=3),
        )

    def _make_card(self) -> None:
        self._shown_id = 0
        self.state = Text("", "caption", wrap=True)
        self.name = Text("", "heading", wrap=True)
        self.whom = Text("", wrap=True)
        self.phone = Text("", "title")
        self.awaited = Text("", "strong", wrap=True)
        self.about = Text("", "muted", wrap=True)
        self.outcomes = Outcomes(_BUTTONS, "How it stands")
        self.steps = StepForm(self.desk)
        self.card = QWidget()
        column = QVBoxLayout(self.card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        who = QVBoxLayout()
        who.setSpacing(2)
        for label in (self.state, self.name, self.whom):
            who.addWidget(label)
        column.addLayout(who)
        column.addWidget(self.phone)
        for part in (self.about, self.awaited, self.outcomes, self.steps):
            column.addWidget(part)
        column.addWidget(LinkButton("Open the file", self.open_file), 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
