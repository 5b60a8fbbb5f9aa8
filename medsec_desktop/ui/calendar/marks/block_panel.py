"""Keep the time the cursor stands on free, or change what is kept free there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.calendar.hours_records import BlockDraft, BlockOutRow
from medsec_desktop.ui.calendar.marks.block_form import BlockForm
from medsec_desktop.ui.left_outside import change_hours
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import PlainButton, PrimaryButton, Text
from medsec_desktop.ui.widgets.page import Panel
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_NOON = Span(720, 780)


class BlockPanel(Panel):
    """A block-out: a new one where the cursor stands, or the one that stands there."""

    title = "Block this time"
    bleeds = True
    help_page = "hours"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._row: BlockOutRow | None = None
        self._day = tab.day
        self.form = BlockForm(self.desk)
        self.form.entered.connect(self.save)
        self.remark = Text("", "muted", wrap=True)
        self.save_button = PrimaryButton("Keep free", self.save, tip="Ctrl+S")
        self.this_day = PlainButton("Give back this day", self.give_back_day)
        self.from_here = PlainButton("Give back from this day on", self.give_back_from)
        self.all = PlainButton("Give back", self.give_back)
        scroll = ScrolledColumn(self.title)
        scroll.column.setSpacing(12)
        for part in (self.remark, self.form, self.this_day, self.from_here, self.all):
            scroll.column.addWidget(part)
        scroll.column.addStretch(1)
        self.body.addWidget(scroll, 1)
        self.body.addLayout(in_line(self.save_button))
        self.desk.actions.bind("form.save", self.save, owner=self)

    def showing(self) -> None:
        self.begin()

    def refresh(self, changes: Changes) -> None:
        if self._row is not None and changes.touches("block_out", "block_out_exception"):
            kept = [row for row in self.desk.office.hours.blocks.all() if row.id == self._row.id]
            if not kept:
                self.leave()

    def begin(self) -> None:
        """What is kept free under the cursor; else a new block-out of the time chosen."""
        grid = self.tab.grid
        mark = grid.mark_at_cursor
        if mark is not None and mark.kind == "block":
            self.edit(mark.row.id, mark.row.day)
            return
        column, cursor = grid.column_at_cursor, grid.cursor_at
        day, span = self.tab.day, _NOON
        provider_id = room_id = None
        if column is not None and cursor is not None:
            day, provider_id, room_id = column.day, column.provider_id, column.room_id
            span = cursor.span
        self._show(
            None,
            day,
            BlockDraft(
                "", day, span, provider_id=None if room_id else provider_id, room_id=room_id
            ),
        )
        self.form.title.setFocus()

    def edit(self, block_id: int, day: date) -> None:
        """Change a block-out, seen from one of the days it stands on."""
        row = guarded(self.desk, lambda: self.desk.office.hours.blocks.one(block_id))
        if row is not None:
            self._show(row, day, row.draft())
            self.form.title.setFocus()
            self.form.title.selectAll()

    def _show(self, row: BlockOutRow | None, day: date, draft: BlockDraft) -> None:
        self._row, self._day = row, day
        self.form.show_draft(draft)
        self.heading.setText(row.title if row is not None else self.title)
        self.save_button.setText("Save" if row is not None else "Keep free")
        repeats = row is not None and bool(row.rule)
        self.all.setVisible(row is not None)
        self.all.setText("Give back every day" if repeats else "Give back")
        self.this_day.setVisible(repeats)
        self.from_here.setVisible(repeats)
        day_words = self.desk.office.formats.long_date(day)
        self.remark.setText(f"Changes count for every day it repeats. This day: {day_words}.")
        self.remark.setVisible(repeats)

    def save(self) -> None:
        """Keep the time free as typed; the visits already there are offered as a list."""
        try:
            draft = self.form.draft()
            said = f"{draft.title.strip() or 'Time'}: {'changed' if draft.id else 'kept free'}."
            change_hours(self.desk, said, lambda: self.desk.office.hours.blocks.save(draft))
        except Problem as problem:
            if not (isinstance(problem, Invalid) and self.form.complain(problem)):
                self.desk.messages.problem(problem)
            return
        self.leave()

    def give_back_day(self) -> None:
        """It does not stand on the day it was opened from."""
        day = self._day
        self._give("on this day", lambda row: self.desk.office.hours.blocks.leave_out(row.id, day))

    def give_back_from(self) -> None:
        """It ends the day before."""
        day = self._day
        self._give(
            "from here on", lambda row: self.desk.office.hours.blocks.end_before(row.id, day)
        )

    def give_back(self) -> None:
        """It goes altogether."""
        self._give("", lambda row: self.desk.office.hours.blocks.remove(row.id))

    def _give(self, when: str, act: Callable[[BlockOutRow], object]) -> None:
        row = self._row
        if row is None:
            return
        try:
            act(row)
        except Problem as problem:
            self.desk.messages.problem(problem)
            return
        words = f"given back {when}" if when else "given back"
        self.desk.messages.say(f"{row.title}: {words}.", undo=True)
        self.leave()
