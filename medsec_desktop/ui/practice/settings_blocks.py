"""Settings: time kept free, once or again and again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from medsec_desktop.domain.calendar.repeats import Repeat
from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.weekly_hours import spell_stretches
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.calendar.hours_records import BlockDraft, BlockOutRow
from medsec_desktop.ui.calendar.marks.block_form import BlockForm
from medsec_desktop.ui.left_outside import change_hours
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.widgets import FastList, ListRow, PlainButton, PrimaryButton, Section


class BlocksPage(PickPage):
    """Breaks, meetings, and time kept for some types of visit."""

    id = "blocks"
    name = "Time kept free"
    icon = "calendar-off"
    words = "Breaks, meetings, and time kept for some types of visit. On the calendar: Ctrl+Alt+B."
    finds = "block-out block lunch break meeting reserved repeat types admit"
    tables = ("block_out", "block_out_type", "block_out_exception", "provider", "room",
              "appointment_type")  # fmt: skip
    needs = Permission.EDIT_CALENDAR
    moves_hours = True
    noun = "block-out"
    new_hint = "Choose what for and when"
    empty_words = "Keep lunch, a meeting, or an hour for some types of visit."

    def build_right(self) -> None:
        self.form = BlockForm(self.desk)
        self.form.entered.connect(self.save_block)
        self.keep = PrimaryButton("Keep free", self.save_block)
        self.left_out = Section("Given back on", "The days on which it does not stand.")
        self.days = FastList(self.desk.theme, "Days given back")
        self.days.setProperty("kind", "boxed")
        self.days.setFixedHeight(self.desk.theme.px(104))
        self.again = PlainButton("Keep free again", self._bring_back, kind="quiet")
        self.left_out.body.addWidget(self.days)
        self.left_out.body.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addWidget(self.keep)
        row.addStretch(1)
        self.form.setMaximumWidth(self.desk.theme.px(480))
        self.beside.addWidget(self.form)
        self.beside.addLayout(row)
        self.beside.addWidget(self.left_out)

    def read(self) -> Sequence[BlockOutRow]:
        return self.desk.office.hours.blocks.all(since=self.desk.office.clock.today())

    def listed(self, row: BlockOutRow) -> ListRow:
        return ListRow(row.id, row.title, f"{self._when(row)} · {row.whose}")

    def _when(self, row: BlockOutRow) -> str:
        formats = self.desk.office.formats
        time = spell_stretches([(row.span.starts_min, row.span.ends_min)], formats)
        if row.rule:
            words = Repeat.parse(row.rule).words(row.starts_on)
            return f"{words[0].upper()}{words[1:]}, {time}"
        return f"{formats.short_date(row.starts_on)}, {time}"

    def words_of(self, row: BlockOutRow) -> str:
        return f"{row.title} {row.whose} {self._when(row)} {row.note}"

    def show_row(self, row: BlockOutRow | None) -> None:
        if row is None:
            today = self.desk.office.clock.today()
            self.form.show_draft(BlockDraft("", today + timedelta(days=1), Span(720, 780), "break"))
        else:
            self.form.show_draft(row.draft())
        self.keep.setText("Save" if row is not None else "Keep free")
        given = row.left_out if row is not None else ()
        formats = self.desk.office.formats
        self.days.set_rows([ListRow(day, formats.long_date(day)) for day in given])
        self.left_out.setVisible(bool(given))

    def begin(self) -> None:
        super().begin()
        self.form.kind.setFocus()

    def save_block(self) -> None:
        """Keep what is typed."""
        blocks = self.desk.office.hours.blocks
        try:
            draft = self.form.draft()
            title = draft.title.strip() or "Time kept free"
            said = f"{title}: {'changed' if draft.id else 'added'}."
            change_hours(
                self.desk,
                said,
                lambda: self.saved_as(blocks.save(draft)),
                before_showing=self.window().close,
            )
        except Problem as problem:
            if not (isinstance(problem, Invalid) and self.form.complain(problem)):
                self.desk.messages.problem(problem)
            return
        self.reload()

    def _bring_back(self) -> None:
        row, day = self.row, self.days.current_value()
        if row is not None and day is not None:
            said = f"{row.title}: kept free again."
            self.save(said, lambda: self.desk.office.hours.blocks.bring_back(row.id, day))

    def take_away(self, row: BlockOutRow) -> None:
        self.save(f"{row.title}: given back.", lambda: self.desk.office.hours.blocks.remove(row.id))
