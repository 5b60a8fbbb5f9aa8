"""A row of visits being made: how they repeat, and what is in the way of each before anything is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import Slot
from medsec_desktop.problems import Conflict, Invalid, Problem
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.series_records import Answer, PlannedVisit, SeriesPlan
from medsec_desktop.ui.calendar.series.rhythm import Rhythm
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.widgets import (
    FastList,
    Field,
    LinkButton,
    ListRow,
    PlainButton,
    PrimaryButton,
    Text,
)
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.theme import Theme


class SeriesMaker(QWidget):
    """Plans while it is filled in; one button books all the visits, or none."""

    booked = Signal(int)  # the series' id
    back_wished = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._draft: BookingDraft | None = None
        self._standing_id: int | None = None
        self._answers: dict[datetime, Slot | Answer] = {}
        self.plan: SeriesPlan | None = None
        self.who = Text("", "strong", wrap=True)
        self.what = Text("", "muted", wrap=True)
        self.rhythm = Rhythm(desk)
        self.said = Text("", "small", wrap=True)
        self.list = ShortList(desk.theme, "Visits of the series")
        self.choices = _Choices(self._answer)
        self.reason_line = QLineEdit()
        self.reason_line.setMaxLength(200)
        self.reason = Field("Why in spite of the rule", self.reason_line, required=True)
        self.problem = Text("", "problem", wrap=True)
        self.book_button = PrimaryButton("Book", self.book, tip="Ctrl+S")
        self.back_button = PlainButton("Back", self.back_wished.emit)
        self._lay_out()
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(120)
        self._looking.timeout.connect(self._look_while_shown)
        self.rhythm.changed.connect(self._looking.start)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_choices())
        self.list.chosen.connect(lambda _: self.choices.take_focus())

    def begin(
        self, draft: BookingDraft, who: str, what: str, standing_id: int | None = None
    ) -> None:
        """Repeat a booking being filled in, or the visit that stands already."""
        self._draft, self._standing_id, self._answers = draft, standing_id, {}
        self.who.setText(who)
        self.what.setText(what)
        self.reason_line.clear()
        self.rhythm.begin(draft.starts_at)
        self.look()
        self.rhythm.take_focus()

    # -- planning -------------------------------------------------------------------------------

    def _look_while_shown(self) -> None:
        if self.isVisible():
            self.look()

    def look(self) -> None:
        """Plan again and show every visit with what is in its way."""
        self._looking.stop()
        if self._draft is None:
            return
        at = self.list.current_value()
        try:
            rule = self.rhythm.rule(self._draft.starts_at)
            self.plan = self._desk.office.series.plan(
                self._draft, rule, self._answers, self._standing_id
            )
        except Problem as problem:
            self.plan = None
            self._complain(problem)
        else:
            self._complain(None)
        self._show_plan(at)

    def _complain(self, problem: Problem | None) -> None:
        at_field = isinstance(problem, Invalid) and problem.field in ("end", "count", "days")
        self.rhythm.problem("", "")
        if isinstance(problem, Invalid) and at_field:
            self.rhythm.problem(problem.field, str(problem))
        self.problem.setText(str(problem) if problem is not None and not at_field else "")
        self.problem.setVisible(bool(self.problem.text()))

    def _show_plan(self, at: datetime | None) -> None:
        plan = self.plan
        visits = plan.visits if plan else ()
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        self.list.set_rows([self._row(visit) for visit in visits], preselect=False)
        first_conflict = next((visit.original_at for visit in visits if not visit.is_free), None)
        wanted = at if at in [visit.original_at for visit in visits] else first_conflict
        for index, visit in enumerate(visits):
            if visit.original_at == wanted:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        selection.blockSignals(False)
        self.list.viewport().update()
        self.said.setText(self._summary(plan))
        self.said.setVisible(plan is not None)
        self.list.setVisible(plan is not None)
        self.reason.setVisible(plan is not None and plan.needs_reason)
        self.book_button.setEnabled(plan is not None and bool(plan.booked))
        count = len(plan.booked) if plan else 0
        self.book_button.setText(f"Book {counted(count, 'visit')}" if count else "Book")
        self._show_choices()

    def _summary(self, plan: SeriesPlan | None) -> str:
        if plan is None:
            return ""
        parts = [plan.words[0].upper() + plan.words[1:] + "."]
        count = len(plan.conflicts)
        if count:
            dates = "1 date has" if count == 1 else f"{count} dates have"
            parts.append(f"{dates} something in the way.")
        if plan.beyond_authorization:
            count = counted(plan.beyond_authorization, "visit")
            parts.append(f"The authorization does not reach for {count}, booked without it.")
        if plan.missing:
            parts.append(f"No date was found for {counted(plan.missing, 'visit')}.")
        return " ".join(parts)

    def _row(self, visit: PlannedVisit) -> ListRow:
        formats = self._desk.office.formats
        at = visit.original_at if visit.is_left_out else visit.draft.starts_at
        title = f"{formats.short_date(at.date())}, {formats.time(at)}"
        mark, tone = "", "muted"
        if visit.visit_id is not None:
            mark = "Booked"
        if visit.obstacles:
            mark, tone = "In spite of it", "warning"
        if visit.is_moved:
            same_day = at.date() == visit.original_at.date()
            mark = "Other time" if same_day else "Other day"
        if visit.is_left_out:
            mark = "Left out"
        return ListRow(visit.original_at, title, mark=mark, tone=tone)

    # -- answering ------------------------------------------------------------------------------

    def _current(self) -> PlannedVisit | None:
        at = self.list.current_value()
        if self.plan is None or at is None:
            return None
        return next((visit for visit in self.plan.visits if visit.original_at == at), None)

    def _show_choices(self) -> None:
        visit = self._current()
        formats = self._desk.office.formats
        offers: list[tuple[str, Slot | Answer | None]] = []
        if visit is not None and visit.visit_id is None:
            for slot in visit.nearest:
                when = (
                    f"{formats.short_date(slot.starts_at.date())}, {formats.time(slot.starts_at)}"
                )
                if visit.is_left_out or slot.starts_at != visit.draft.starts_at:
                    offers.append((when, slot))
            if visit.obstacles and not visit.is_hard and not visit.needs_reason:
                offers.append(("Book it all the same", Answer.INSIST))
                if len(self._soft()) > 1:
                    offers.append(("Book all such dates all the same", Answer.INSIST_ON_ALL))
            if not visit.is_left_out:
                offers.append(("Leave this date out", Answer.LEAVE_OUT))
            elif not visit.obstacles:
                offers.append(("Book this date", None))
        self.choices.show_offers(" ".join(visit.obstacles) if visit else "", offers)

    def _soft(self) -> list[datetime]:
        """The dates that a reason would be enough for."""
        visits = self.plan.visits if self.plan else ()
        return [
            visit.original_at
            for visit in visits
            if visit.obstacles and not visit.is_hard and not visit.needs_reason
        ]

    def _answer(self, answer: Slot | Answer | None) -> None:
        visit = self._current()
        if visit is None:
            return
        if answer is None:
            self._answers.pop(visit.original_at, None)
        elif answer == Answer.INSIST_ON_ALL:
            for at in self._soft():
                self._answers[at] = Answer.INSIST
        else:
            self._answers[visit.original_at] = answer
        self.look()
        if self.reason.isVisibleTo(self) and not self.reason_line.text():
            self._ask_reason()
        else:
            self.list.setFocus()

    def _ask_reason(self) -> None:
        self.reason_line.setFocus()
        # The line has its place only after the layout has been asked for it.
        QTimer.singleShot(0, self, lambda: self._scrolled.ensureWidgetVisible(self.reason))

    # -- booking --------------------------------------------------------------------------------

    def book(self) -> None:
        """Book every visit of the plan as one operation."""
        self.look()
        if self.plan is None:
            self.rhythm.take_focus()
            return
        try:
            series_id = self._desk.office.series.book(
                self.plan, self.reason_line.text(), initiator=self
            )
        except Invalid as problem:
            if problem.field == "override_reason":
                self.reason.problem(problem.what)
                self._ask_reason()
            else:
                self._desk.messages.problem(problem)
        except Conflict as conflict:
            # Somebody was faster: the plan shows what is in the way now.
            self._desk.messages.problem(conflict)
            self.look()
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._draft = None
            self.booked.emit(series_id)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.who)
        head.addWidget(self.what)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.book_button, 1)
        foot.addWidget(self.back_button)
        scrolled = self._scrolled = ScrolledColumn("Repeat")
        scrolled.column.setSpacing(8)
        scrolled.column.addLayout(head)
        for part in (self.rhythm, self.problem, self.said):
            scrolled.column.addWidget(part)
        scrolled.column.addWidget(self.list, 1)
        scrolled.column.addWidget(self.choices)
        scrolled.column.addWidget(self.reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(scrolled, 1)
        column.addLayout(in_line(foot))
        self.problem.hide()
        self.reason.hide()


class ShortList(FastList):
    """A boxed list that asks for three rows and takes what height is left."""

    def __init__(self, theme: Theme, name: str):
        super().__init__(theme, name)
        self._theme = theme
        self.setProperty("kind", "boxed")
        self.setMinimumHeight(theme.px(104))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(104))


class _Choices(QFrame):
    """What can become of the date selected: the sentence in its way, and a button for each way out."""

    def __init__(self, answer: Callable[[Slot | Answer | None], None]):
        super().__init__()
        self.setProperty("kind", "card")
        self._answer = answer
        self._text = Text("", "small", wrap=True)
        self.buttons: list[PlainButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(4)
        self._column.addWidget(self._text)

    def show_offers(self, why: str, offers: list[tuple[str, Slot | Answer | None]]) -> None:
        for button in self.buttons:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        self._text.setText(why)
        self._text.setVisible(bool(why))
        for text, answer in offers:
            button = LinkButton(text, lambda answer=answer: self._answer(answer))
            self.buttons.append(button)
            self._column.addWidget(button)
        self.setVisible(bool(offers))

    def take_focus(self) -> None:
        if self.buttons:
            self.buttons[0].setFocus()
