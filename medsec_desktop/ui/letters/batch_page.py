"""Letters to many: whom by form, the list with who is left out and why, the letter as each gets it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Problem
from medsec_desktop.services.letters.batch import (
    BatchMade,
    BatchPlan,
    BatchRow,
    PlannedRow,
)
from medsec_desktop.services.letters.shipped import BLANK
from medsec_desktop.services.letters.targets import Target
from medsec_desktop.ui.letters.batch_done import DoneCard
from medsec_desktop.ui.letters.batch_form import BatchForm
from medsec_desktop.ui.letters.batch_letter import BatchLetter
from medsec_desktop.ui.letters.batch_preview import BatchPreview
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import (
    Choice,
    EmptyState,
    Hairline,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_FORM_WIDTH = 336
_BY_HAND = "Taken off by hand"


class BatchPage(QWidget):
    """Choose, look, write; then print, with labels and a list to match. `left` goes back."""

    help_page = "letter-batch"
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.plan = BatchPlan("", ())
        self._is_writing = False
        self._taken_off: set[Target] = set()
        self.setProperty("kind", "surface")
        self._build()
        self._ask_list = desk.jobs.latest(self._read, self._show_plan)
        bind = desk.actions.bind
        bind("write.question", self.letter.ask, owner=self)
        bind("form.save", self.write, lambda: self.made is None or "They are written.", owner=self)
        bind("file.print", self.done.print, self._why_not_print, owner=self)

    # -- building ---------------------------------------------------------------------------------

    def _build(self) -> None:
        desk, theme = self.desk, self.desk.theme
        self.form = BatchForm(desk)
        self.form.changed.connect(self._list_changed)
        self.letter = BatchLetter(desk)
        self.letter.changed.connect(self._ask_for_page)
        self.letter.enclosed_changed.connect(self._enclosed_changed)
        self.without_address = QCheckBox("Also to who has no address")
        self.without_address.toggled.connect(lambda _: self._count())
        self.write_button = PrimaryButton("Write letters", self.write, tip="Ctrl+Enter")
        side = QWidget()
        side.setProperty("kind", "surface")
        column = QVBoxLayout(side)
        column.setContentsMargins(24, 12, 28, 16)
        column.setSpacing(12)
        column.addWidget(self.form)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(side)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Whether it scrolls or not, its fields end where those below it end.
        bar = scroll.verticalScrollBar()
        bar.rangeChanged.connect(
            lambda _, most: column.setContentsMargins(24, 12, 16 if most else 28, 16)
        )
        self._side = scroll
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 12, 28, 12)
        foot.setSpacing(12)
        foot.addWidget(self.letter)
        foot.addWidget(self.without_address)
        foot.addWidget(self.write_button)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(scroll, 1)
        left.addWidget(Hairline())
        left.addLayout(foot)

        self.count = Text("", "muted")
        self.table = RowsView(
            theme,
            [
                Column("Name", lambda row: row.name.listed, width=24),
                Column(
                    "Gets it", lambda row: row.why_not or row.remark or "Yes", width=0, least=14
                ),
            ],
            "Who gets the letter",
        )
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._ask_for_page())
        self.table.chosen.connect(self._open_file)
        self.off_button = PlainButton("Take off", self.take_off, tip="Delete")
        self.empty = EmptyState(theme, "users", "Nobody is on this list", "Ask for others.")
        self.lists = QStackedWidget()
        self.lists.addWidget(self.table)
        self.lists.addWidget(self.empty)
        above = QHBoxLayout()
        above.addWidget(self.count, 1)
        above.addWidget(self.off_button)
        self.done = DoneCard(desk)
        middle = QVBoxLayout()
        middle.setContentsMargins(16, 12, 16, 12)
        middle.setSpacing(8)
        middle.addWidget(self.done)
        middle.addLayout(above)
        middle.addWidget(self.lists, 1)

        self.preview = BatchPreview(desk)
        self.preview.asked.connect(self._ask_for_page)
        self.page = self.preview.page
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 24, 12)
        head.addWidget(Text("Letters to many", "title"))
        head.addStretch(1)
        self.earlier = Choice([(None, "Earlier ones…")])
        self.earlier.setAccessibleName("Letters to many written earlier")
        self.earlier.setMinimumWidth(theme.px(240))
        self.earlier.currentIndexChanged.connect(lambda _: self._show_earlier())
        head.addWidget(self.earlier)
        self.close_button = PlainButton("Close", self.left.emit, kind="quiet", tip="Close (Esc)")
        head.addWidget(self.close_button)
        three = QHBoxLayout()
        three.setSpacing(0)
        three.addLayout(left)
        three.addWidget(Hairline(vertical=True))
        three.addLayout(middle, 5)
        three.addWidget(Hairline(vertical=True))
        three.addWidget(self.preview, 4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(Hairline())
        whole.addLayout(three, 1)
        theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._side.setFixedWidth(self.desk.theme.px(_FORM_WIDTH))

    # -- what the tab asks ------------------------------------------------------------------------

    def begin(self, targets: tuple[Target, ...] = (), title: str = "") -> None:
        """Begin anew, with a list of another screen or by form."""
        self.done.forget()
        self._taken_off.clear()
        self.letter.forget()
        self._offer_earlier()
        if targets:
            self.form.give(targets, title)
        else:
            self._list_changed()

    @property
    def foot_height(self) -> int:
        """How much of the foot the choice of the letter takes, which no message may cover."""
        return self.height() - self.letter.template.mapTo(self, QPoint(0, 0)).y() + 32

    def take_focus(self) -> None:
        self.form.source.setFocus()

    def _list_changed(self) -> None:
        self.done.forget()
        self.letter.offer(self.form.topic)
        self._ask_list(self.form.kind)

    def _enclosed_changed(self) -> None:
        """Who has not what is to go with it is left out, so the list is made anew."""
        if self.made is None:
            self._ask_list(self.form.kind)

    def _offer_earlier(self) -> None:
        """The latest batches, to be printed or saved again."""
        formats = self.desk.office.formats
        rows: list[tuple[object, str]] = [
            (
                row,
                f"{row.title}, {formats.date(row.made_at.date())}: {counted(row.letters, 'letter')}",
            )
            for row in self.desk.office.batches.recent(20)
        ]
        self.earlier.set_pairs([(None, "Earlier ones…"), *rows])
        self.earlier.blockSignals(True)
        self.earlier.setCurrentIndex(0)
        self.earlier.blockSignals(False)
        self.earlier.setVisible(bool(rows))

    def show_batch(self, batch_id: int) -> None:
        """One written earlier, however long ago."""
        row = guarded(self.desk, lambda: self.desk.office.batches.one(batch_id))
        if row is not None:
            self._show_written(row)

    def _show_earlier(self) -> None:
        """The one of the earlier ones that was chosen."""
        row = self.earlier.value()
        if isinstance(row, BatchRow):
            self._show_written(row)
        else:
            self._list_changed()

    def _show_written(self, row: BatchRow) -> None:
        """Who got it, and what may still be done with it."""
        batches = self.desk.office.batches
        letters = guarded(self.desk, lambda: batches.letters_of(row.id))
        if letters is None:
            return
        self.plan = BatchPlan(
            row.title,
            tuple(
                PlannedRow(Target(one.patient_id, one.appointment_id), one.name) for one in letters
            ),
        )
        self.done.tell_earlier(row, len(letters))
        self.table.set_rows(self.plan.rows)
        self.lists.setCurrentWidget(self.table)
        self.table.setCurrentIndex(self.table.order.index(0, 0))
        self._count()
        self._ask_for_page()

    # -- the list ---------------------------------------------------------------------------------

    def _read(self, _: str) -> BatchPlan | Problem:
        try:
            return self.desk.office.batches.plan(
                self.form.targets(), self.form.title, self.letter.same
            )
        except Problem as problem:
            return problem

    def _show_plan(self, found: BatchPlan | Problem) -> None:
        if self.made is not None:
            return  # asked for before these were written, or those of another day were chosen
        if isinstance(found, Problem):
            self.preview.refuse(found)
            found = BatchPlan("", ())
        rows = tuple(
            replace(row, why_not=_BY_HAND)
            if row.target in self._taken_off and not row.why_not
            else row
            for row in found.rows
        )
        self.plan = BatchPlan(found.title, rows)
        self.table.set_rows(rows)
        self.lists.setCurrentWidget(self.table if rows else self.empty)
        if rows:
            self.table.setCurrentIndex(self.table.order.index(0, 0))
        self._count()
        self._ask_for_page()

    def _count(self) -> None:
        rows = self.plan.rows
        count = self._letters_to_write()
        out = len(rows) - count
        people = "1 on the list" if len(rows) == 1 else f"{len(rows):,} on the list"
        self.count.setText(f"{people}, {out:,} left out" if out else people)
        self.write_button.setText(f"Write {counted(count, 'letter')}")
        self.write_button.setEnabled(count > 0 and self.made is None)
        self.off_button.setEnabled(self.made is None and bool(rows))

    def _letters_to_write(self) -> int:
        anywhere = self.without_address.isChecked()
        return sum(1 for row in self.plan.kept if anywhere or not row.remark)

    def take_off(self) -> None:
        """Take the people selected off the list, or put them back (Delete)."""
        chosen = {row.target for row in self.table.selected_rows()}
        if self.made is not None or not chosen:
            return
        self._taken_off ^= chosen
        at = self.table.currentIndex().row()
        self._show_plan(
            BatchPlan(
                self.plan.title,
                tuple(
                    replace(row, why_not="") if row.why_not == _BY_HAND else row
                    for row in self.plan.rows
                ),
            )
        )
        self.table.setCurrentIndex(self.table.order.index(at, 0))

    def _open_file(self, row: PlannedRow) -> None:
        self.desk.go.open_patient(row.target.patient_id)

    # -- the letter -------------------------------------------------------------------------------

    def _ask_for_page(self) -> None:
        row = self.table.current_row() if self.plan.rows else None
        if row is None or not self.letter.kind or not self.isVisible():
            self.preview.show_none()
            return
        letter = self.letter
        if self.made is not None:
            self.preview.show_written(self.made.id, row.target)
        else:
            self.preview.show_letter(row.target, letter.kind, letter.in_language, letter.same)

    # -- writing ----------------------------------------------------------------------------------

    def write(self) -> None:
        """File a letter for everybody kept, as one operation."""
        count = self._letters_to_write()
        if not count or self.made is not None or self._is_writing:
            return
        if self.letter.kind == BLANK:
            self.desk.messages.problem(
                Problem(
                    "A blank letter has no words to send to many.",
                    remedy="Choose a kind of letter, or make a template with your words first.",
                )
            )
            self.letter.template.setFocus()
            return
        if self.letter.lacks_answers:
            self.letter.ask(self.write)
            return
        self._is_writing = True
        title = f"Write {counted(count, 'letter')}"
        batches, plan = self.desk.office.batches, self.plan
        template, language, same = self.letter.kind, self.letter.in_language, self.letter.same
        anywhere = self.without_address.isChecked()
        self.desk.jobs.run(
            title,
            lambda progress: batches.write(
                plan, template, language, progress, same=same, without_address=anywhere
            ),
            self._written,
            lambda error: self._not_written(title, error),
        )

    def _not_written(self, title: str, error: BaseException) -> None:
        self._is_writing = False
        self.desk.jobs.on_failure(title, error)

    def _written(self, made: BatchMade) -> None:
        self._is_writing = False
        self.done.tell(made)
        self._count()
        self._ask_for_page()
        self._offer_earlier()
        self.done.print_button.setFocus()
        self.desk.messages.say(f"{counted(made.letters, 'letter')} written.", undo=True)

    @property
    def made(self) -> BatchMade | None:
        """The letters in front, once they are written."""
        return self.done.made

    @property
    def written_to(self) -> tuple[int, ...]:
        """Who got one of the letters in front, each once."""
        return self.done.written_to

    def undone(self) -> None:
        """The letters may have been taken back: then the list is as it was before."""
        if self.made is not None and not self.desk.office.batches.is_there(self.made.id):
            self.done.forget()
            self._count()
            self._ask_for_page()

    # -- afterwards -------------------------------------------------------------------------------

    def _why_not_print(self) -> bool | str:
        return self.made is not None or "Write the letters first (Ctrl+Enter)."

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.take_off()
        else:
            super().keyPressEvent(event)
