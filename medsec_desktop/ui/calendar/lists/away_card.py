"""One visit of somebody who is away: what is proposed, what else could be, and the call about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.services.calendar.absences import AwayState, AwayVisit
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.calendar.lists.call_outcomes import CallOutcomes
from medsec_desktop.ui.widgets import (
    Banner,
    DateEdit,
    ElidedLabel,
    FastList,
    Field,
    IconButton,
    ListRow,
    Text,
)
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

AGREES, DECLINES = "agrees", "declines"
_OFFERING = {
    CallOutcome.REACHED: (AGREES, "Agrees: move the visit"),
    CallOutcome.DECLINED: (DECLINES, "Declines: cancel"),
}
_TELLING = {CallOutcome.REACHED: (CallOutcome.REACHED, "Reached: told")}
_OPTIONS_SHOWN = 4


class AwayCard(QWidget):
    """Whom to call at which number, what to offer, and how it ended."""

    slot_wished = Signal(object)  # another Slot than the one proposed
    day_wished = Signal(object)  # a day whose free times are asked for
    ended = Signal(object)  # how the call ended: a CallOutcome, or one of the above

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.visit: AwayVisit | None = None
        self.name_text = ElidedLabel("", "heading")
        self.file_button = IconButton(
            desk.theme, "user", "Open the patient’s file", self._open_file, key="Ctrl+O"
        )
        self.phone = Text("", "title")
        self.phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.alert = Banner(desk.theme, "warning", "")
        self.was = Text("", "muted", wrap=True)
        self.proposal = Text("", "strong", wrap=True)
        self.calls = Text("", "muted", wrap=True)
        self.options = FastList(desk.theme, "Other free times", one_click=True)
        self.options.setProperty("kind", "boxed")
        self.day_edit = DateEdit(desk.theme, CurrentFormats(desk.office), desk.office.clock.today)
        self.day_edit.setPlaceholderText("Another day")
        self.day_field = Field("Other free times", self.day_edit)
        self.offering = CallOutcomes("How the call ended", _OFFERING)
        self.telling = CallOutcomes("How the call ended", _TELLING, without=(CallOutcome.DECLINED,))
        self._lay_out()
        self.options.chosen.connect(self.slot_wished)
        self.day_edit.settled.connect(self.day_wished)
        self.day_edit.editingFinished.connect(
            lambda: self.day_field.problem(self.day_edit.problem())
        )
        self.offering.chosen.connect(self.ended)
        self.telling.chosen.connect(self.ended)

    def show_visit(
        self, visit: AwayVisit, proposal: str, options: Sequence[ListRow], *, can_move: bool
    ) -> None:
        """Show a visit with what is proposed for it, in words, and the other slots there are."""
        formats = self._desk.office.formats
        if self.visit is None or self.visit.id != visit.id:
            self.day_edit.set_value(None)
        self.visit = visit
        is_left = visit.state is AwayState.LEFT
        self.name_text.setText(visit.was.patient_name)
        self.phone.setText(formats.phone(visit.phone) or "No phone number on file")
        self.phone.set_kind("title" if visit.phone else "muted")
        self.alert.show_message("warning", visit.was.alert)
        self.alert.setVisible(bool(visit.was.alert))
        when = f"{formats.short_date(visit.was.starts_at.date())}, " + formats.span(
            visit.was.starts_at, visit.was.duration_min
        )
        self.was.setText(" · ".join(part for part in (when, visit.was.type_name) if part))
        self.proposal.setText(proposal)
        self.calls.setText(self._calls(visit))
        self.calls.setVisible(bool(visit.last_call))
        self.show_options(options)
        self.day_field.setVisible(is_left)
        self.options.setVisible(is_left and bool(options))
        self.offering.setVisible(is_left)
        self.telling.setVisible(not is_left)
        self.offering.buttons[0].setEnabled(can_move)

    def show_options(self, options: Sequence[ListRow]) -> None:
        """The free times one could offer instead."""
        self.options.set_rows(options, preselect=False)
        self.options.setVisible(bool(options))
        rows = min(max(len(options), 1), _OPTIONS_SHOWN)
        self.options.setFixedHeight(self._desk.theme.px(32) * rows + 4)

    def listen_to(self, widget: QWidget) -> None:
        """Let the digits work while the table has the keys; the buttons in sight take them."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        for outcomes in (self.offering, self.telling):
            if outcomes.isVisible():
                return outcomes.eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _calls(self, visit: AwayVisit) -> str:
        call = visit.last_call
        if call is None:
            return ""
        formats = self._desk.office.formats
        when = f"{formats.short_date(call.at.date())}, {formats.time(call.at)}"
        said = f"{call.words}: {when}"
        return f"{said} ({visit.calls} calls)" if visit.calls > 1 else said

    def _open_file(self) -> None:
        if self.visit is not None:
            self._desk.go.open_patient(self.visit.was.patient_id)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name_text, 1)
        head.addWidget(self.file_button)
        scrolled = ScrolledColumn("The visit selected")
        scrolled.column.setSpacing(8)
        scrolled.column.addLayout(head)
        for part in (
            self.phone,
            self.alert,
            self.was,
            self.proposal,
            self.calls,
            self.day_field,
            self.options,
        ):
            scrolled.column.addWidget(part)
        scrolled.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(scrolled, 1)
        column.addWidget(Text("How the call ended", "caption"))
        column.addLayout(in_line(self.offering))
        column.addLayout(in_line(self.telling))
