"""The visits of the next clinic days, called about one after the other until none is left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QProgressBar

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.calendar.confirmations import (
    OUTCOME_WORDS,
    ConfirmList,
    ConfirmRow,
    Outcome,
)
from medsec_desktop.services.letters.targets import Target
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.lists.confirm_card import ConfirmCard
from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.printing.print_job import print_away, print_letters
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowRole, RowsView
from medsec_desktop.ui.widgets import EmptyState, Hairline, PlainButton, Text
from medsec_desktop.ui.widgets.page import Page
from medsec_desktop.ui.widgets.scrolled import EDGE, ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.services.letters import LetterRow
    from medsec_desktop.services.printing import Way
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_WIDTH = 344
# The number, the kind of visit and with whom: in a narrower window the card alone says them, for the
# names need the room more.
_SAID_BESIDE = {2: 1020, 3: 1180, 4: 1180}
_PRINT, _FILE = "Print", "Only file"


class ConfirmPage(Page):
    """The list by time, whom to call at the right, and how far one has come."""

    title = "To confirm"
    bleeds = True
    help_page = "confirming"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = self.desk
        self._found = ConfirmList((), ())
        self.remark = Text("", "muted")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.progress.setAccessibleName("Visits that need no further call")
        self.all_box = QCheckBox("Show those done too")
        self.print_button = PlainButton("Print the list", self.print_list, tip="Ctrl+P")
        self.save_button = PlainButton("Save as PDF…", self.save_list)
        self.remind_button = PlainButton("Reminder letters…", self.write_reminders)
        self.table = RowsView(desk.theme, self._columns(), "Visits to confirm")
        self.card = ConfirmCard(desk, self._open_file, self._open_visit)
        self.card.outcomes.listen_to(self.table)
        self.nothing = EmptyState(desk.theme, "circle-check", "", "")
        self._lay_out()
        self.table.chosen.connect(lambda _: self._open_visit())
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        self.card.ended.connect(self.end)
        self.card.note.returnPressed.connect(self.table.setFocus)
        self.all_box.toggled.connect(lambda _: self._show_rows())
        desk.theme.changed.connect(self._fit)
        desk.actions.bind("file.print", self.print_list, self._may_print, owner=self)
        desk.actions.bind("visit.open_patient", self._open_file, self._has_current, owner=self)
        desk.actions.bind("letter.batch", self._write_to_many, self._has_current, owner=self)
        self._fit()

    # -- what the tab asks ----------------------------------------------------------------------

    def showing(self) -> None:
        self._read()
        self.table.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(
            "appointment", "call_attempt", "patient", "patient_phone", "patient_alert", "letter",
            "working_hours", "hours_exception", "closure", "public_holiday", "provider", "setting",
        ):  # fmt: skip
            self._read()

    # -- what one does --------------------------------------------------------------------------

    @property
    def patient_at_hand(self) -> int | None:
        return self.current.visit.patient_id if self.current is not None else None

    @property
    def current(self) -> ConfirmRow | None:
        row = self.table.current_row()
        return row if isinstance(row, ConfirmRow) else None

    def end(self, outcome: Outcome, note: str = "") -> None:
        """How the call to the one in front ended; the next one comes to the front."""
        row = self.current
        if row is None or not row.visit.status.may_be_moved:
            return
        visit, office = row.visit, self.desk.office

        def do() -> bool:
            office.confirmations.record(visit.id, visit.version, outcome, note)
            return True

        if not guarded(self.desk, do):
            return
        self.card.note.clear()
        when = office.formats.short_date(visit.starts_at.date())
        said = f"{OUTCOME_WORDS[outcome]}: {visit.patient_name}, {when}."
        self.desk.messages.say(said, undo=True)
        if outcome is Outcome.WILL_MOVE:
            self._open_visit()
            self.tab.edit(visit.id)
        else:
            self._go_on(visit.id)
            self.table.setFocus()

    def print_list(self) -> None:
        """Print those left to call, to take to the phone."""
        office = self.desk.office
        printing, found = office.letters.printing, self._found

        def chosen(way: Way) -> None:
            print_away(
                self.desk,
                "The list",
                lambda: office.confirmations.print_call_list(found, printing, way),
            )

        choose_printer(
            self.desk,
            printing,
            "lists",
            chosen,
            self.window(),
            "lists",
            self.save_list,
            pages=lambda: office.confirmations.call_list(found),
        )

    def save_list(self) -> None:
        """Write the list to a PDF file."""
        office = self.desk.office

        def save(path: str) -> None:
            def do() -> bool:
                office.confirmations.save_call_list(self._found, Path(path))
                return True

            if guarded(self.desk, do):
                self.desk.messages.say(f"Saved the list as {Path(path).name}.")

        self.desk.prompts.save_file("Save the list", save, name="To confirm.pdf", pattern="*.pdf")

    def write_reminders(self) -> None:
        """A letter for each selected visit, or for all left where at most one is selected."""
        rows = [row for row in self.table.selected_rows() if row.is_open]
        if len(rows) < 2:
            rows = [row for row in self._found.rows if row.is_open]
        rows = [row for row in rows if not row.has_reminder and row.contact_preference != "none"]
        if not rows:
            self.desk.messages.not_now(
                "Everybody left to call has a reminder letter already, or asked not to be contacted."
            )
            return
        self.desk.prompts.ask(
            "Reminder letters",
            f"{words.counted(len(rows), 'letter').capitalize()} will be written and filed, each in "
            "the patient’s language. Printing cannot be undone.",
            [_PRINT, _FILE, "Cancel"],
            lambda answer: self._remind([row.visit.id for row in rows], answer),
        )

    # -- inside ---------------------------------------------------------------------------------

    def _remind(self, visit_ids: list[int], answer: str) -> None:
        if answer not in (_PRINT, _FILE):
            return
        office = self.desk.office

        def filed(letters: tuple[LetterRow, ...]) -> None:
            count = words.counted(len(letters), "reminder letter")
            if answer == _FILE:
                self.desk.messages.say(f"Filed: {count}.", undo=True)
                return
            print_letters(self.desk, [letter.id for letter in letters], "reminder letter")

        self.desk.jobs.run(
            "Reminder letters",
            lambda progress: office.confirmations.write_reminders(
                office.letters, visit_ids, progress
            ),
            filed,
        )

    def _read(self) -> None:
        self._found = self.desk.office.confirmations.to_confirm()
        self._show_rows()

    def _show_rows(self) -> None:
        kept = self.current.visit.id if self.current else None
        at = max(self.table.currentIndex().row(), 0)
        shown = [row for row in self._found.rows if row.is_open or self.all_box.isChecked()]
        self.table.set_rows(shown)
        if shown and not self._select(kept):
            self.table.selectRow(min(at, len(shown) - 1))
        self._tell_progress(bool(shown))
        self._show_current()

    def _tell_progress(self, has_rows: bool) -> None:
        found, formats = self._found, self.desk.office.formats
        days = " and ".join(formats.short_date(day) for day in found.days)
        total, done = len(found.rows), found.done
        self.remark.setText(f"{days}: {done} of {total} done" if total else days)
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.progress.setVisible(bool(total))
        if not found.days:
            self.nothing.say(
                "No clinic day ahead",
                "Nobody works in the next four weeks (Settings, Providers and hours).",
            )
        elif total:
            self.nothing.say("Everybody is confirmed", f"All {total} visits of {days} are done.")
        else:
            self.nothing.say("No visits to confirm", f"Nothing is booked for {days}.")
        self.nothing.setVisible(not has_rows)
        self.table.setVisible(has_rows)
        self._right.setVisible(has_rows)
        self._line.setVisible(has_rows)
        self.all_box.setVisible(bool(done))
        may_write = self.desk.office.session.may(Permission.WRITE_LETTERS)
        open_ones = any(row.is_open for row in found.rows)
        self.remind_button.setVisible(may_write and open_ones)
        for button in (self.print_button, self.save_button):
            button.setVisible(open_ones)

    def _show_current(self) -> None:
        if self.current is not None:
            self.card.show_row(self.current)

    def _select(self, visit_id: int | None) -> bool:
        for number in range(self.table.order.rowCount()):
            row = self.table.order.index(number, 0).data(Qt.ItemDataRole.UserRole)
            if row.visit.id == visit_id:
                self.table.selectRow(number)
                return True
        return False

    def _go_on(self, visit_id: int) -> None:
        """To the next one left to call, after the one just called where that is still shown."""
        row = self.current
        if row is not None and row.visit.id == visit_id:
            self.table.select_next()

    def _write_to_many(self) -> None:
        """One letter to everybody the list shows, each about the visit."""
        order = self.table.order
        rows = [order.index(place, 0).data(RowRole) for place in range(order.rowCount())]
        targets = tuple(Target(row.visit.patient_id, row.visit.id) for row in rows)
        self.desk.go.write_to_many(targets, "Visits to confirm")

    def _open_file(self) -> None:
        if self.current is not None:
            self.desk.go.open_patient(self.current.visit.patient_id)

    def _open_visit(self) -> None:
        if self.current is not None:
            visit = self.current.visit
            self.tab.show_grid()
            self.tab.show_day(visit.starts_at.date(), visit.id)

    def _has_current(self) -> bool:
        return self.current is not None

    def _may_print(self) -> bool | str:
        return any(row.is_open for row in self._found.rows) or "Nobody is left to call."

    def _columns(self) -> tuple[Column, ...]:
        formats = self.desk.office.formats

        def when(row: ConfirmRow) -> str:
            at = row.visit.starts_at
            return f"{formats.short_date(at.date())}, {formats.time(at)}"

        return (
            Column("When", when, lambda row: row.visit.starts_at, 20),
            Column("Patient", lambda row: row.visit.patient_name, None, 0),
            Column("Phone", lambda row: formats.phone(row.phone), None, 15),
            Column("Visit", lambda row: row.visit.type_name or "Visit", None, 14),
            Column("With", lambda row: row.visit.provider_name, None, 20),
            Column("So far", lambda row: row.said, None, 16),
        )

    def _lay_out(self) -> None:
        self.header.insertWidget(1, self.progress)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.remark)
        top.addSpacing(8)
        top.addWidget(self.all_box)
        top.addStretch(1)
        for button in (self.print_button, self.save_button, self.remind_button):
            top.addWidget(button)
        self._right = ScrolledColumn("Whom to call")
        self._right.column.addWidget(self.card)
        self._line = Hairline(vertical=True)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.table, 1)
        below.addWidget(self.nothing, 1)
        below.addWidget(self._line)
        below.addWidget(self._right)
        self.body.addLayout(in_line(top))
        self.body.addLayout(below, 1)

    def _fit(self) -> None:
        px = self.desk.theme.px
        self._right.setFixedWidth(px(_WIDTH) + EDGE)
        for column, room in _SAID_BESIDE.items():
            self.table.setColumnHidden(column, self.width() < px(room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.card.note.hasFocus():
            self.table.setFocus()
        else:
            super().keyPressEvent(event)
