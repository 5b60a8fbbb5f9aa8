"""Who is due to come back: reminded by letter, card or call, a round at a time, and booked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.calendar.calls import CALL_WORDS, CallOutcome
from medsec_desktop.domain.calendar.recalls import due_after
from medsec_desktop.services.calendar.recalls import RecallRow, Written
from medsec_desktop.services.letters.targets import Target
from medsec_desktop.ui.calendar.lists import recall_words
from medsec_desktop.ui.calendar.lists.recall_card import RecallCard
from medsec_desktop.ui.calendar.lists.recall_form import RecallForm
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.printing.print_job import offer_to_print
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import (
    Choice,
    EmptyState,
    Hairline,
    SearchLine,
    Text,
)
from medsec_desktop.ui.widgets.page import Page
from medsec_desktop.ui.widgets.scrolled import EDGE

if TYPE_CHECKING:
    from medsec_desktop.services.printing import Way
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_WIDTH = 328
_SHOWS = (
    ("reminders", "Reminder to send"),
    ("overdue", "Overdue"),
    ("month", "Due within a month"),
    ("quarter", "Due within 3 months"),
    ("all", "All open"),
)


class RecallsPage(Page):
    """A list with filters; letters, cards and marks are for all rows selected, the rest for one."""

    title = "Recalls"
    bleeds = True
    help_page = "recalls"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = self.desk
        self._rows: tuple[RecallRow, ...] = ()
        self.count = Text("", "muted")
        self.search = SearchLine("Filter the recalls", "Filter", desk.theme)
        self.shows = Choice(_SHOWS, "reminders")
        self.shows.setAccessibleName("Which recalls are shown")
        self.kind = Choice()
        self.kind.setAccessibleName("Kind of recall")
        self.whose = Choice()
        self.whose.setAccessibleName("Provider")
        self.table = RowsView(desk.theme, self._columns(), "Recalls")
        self.empty = EmptyState(
            desk.theme,
            "bell-ring",
            "No reminder is due",
            "Recall a patient with Ctrl+Alt+R on a visit or in the file; the patient stands here "
            "when a reminder should go out.",
        )
        self.card = RecallCard(desk)
        self.form = RecallForm(desk)
        self._lay_out()
        self._connect()

    # -- what the tab asks ------------------------------------------------------------------------

    def showing(self) -> None:
        self._load_choices()
        self._read()
        self.table.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(
            "recall", "recall_round", "recall_type", "call_attempt", "appointment", "patient",
            "patient_phone", "provider",
        ):  # fmt: skip
            if changes.touches("recall_type", "provider"):
                self._load_choices()
            self._read()

    # -- what one does ----------------------------------------------------------------------------

    @property
    def patient_at_hand(self) -> int | None:
        return self.current.patient_id if self.current is not None else None

    @property
    def current(self) -> RecallRow | None:
        row = self.table.current_row()
        return row if isinstance(row, RecallRow) else None

    @property
    def selected(self) -> tuple[RecallRow, ...]:
        """The rows selected, else the one in front."""
        rows = self.table.selected_rows()
        return rows or ((self.current,) if self.current else ())

    def write_letters(self) -> None:
        """File the next reminder's letter to everybody selected; printing them is offered."""
        office, ids = self.desk.office, [row.id for row in self.selected]
        if ids:
            self.desk.jobs.run(
                f"Write {counted(len(ids), 'reminder')}",
                lambda progress: office.recalls.write(
                    office.letters, ids, progress, initiator=self
                ),
                self._written,
            )

    def _written(self, written: Written) -> None:
        count = len(written.letters)
        said = [f"{counted(count, 'letter')} filed."] if count else ["No letter was written."]
        said += [f"{row.patient_name}: {why}" for row, why in written.left_out[:3]]
        if len(written.left_out) > 3:
            said.append(f"{counted(len(written.left_out) - 3, 'more')} left out.")
        ids = [row.id for row in written.letters]
        offers = [offer_to_print(self.desk, ids)] if count else []
        self.desk.messages.say(" ".join(said), undo=bool(count), offers=offers)

    def print_labels(self) -> None:
        """Address labels for everybody selected, which counts as a reminder by card."""
        office = self.desk.office
        rows = [row for row in self.selected if not row.why_not_write]
        if not rows:
            self.desk.messages.not_now("Nobody selected may be written to.")
            return
        ids = [row.id for row in rows]

        def give(way: Way) -> None:
            self.desk.jobs.run(
                "Print labels",
                lambda _: office.recalls.print_labels(office.sheets, ids, way),
                lambda count: self.desk.messages.say(
                    f"{counted(count, 'label')} printed and noted as reminders.", undo=True
                ),
                cancellable=False,
            )

        choose_printer(
            self.desk,
            office.sheets.printing,
            "labels",
            give,
            self.window(),
            "labels",
            pages=lambda: office.recalls.labels(office.sheets, ids),
        )

    def mark(self) -> None:
        """Note that everybody selected was reminded today in some other way."""
        ids = [row.id for row in self.selected]
        if not ids:
            return
        count = guarded(
            self.desk, lambda: self.desk.office.recalls.mark(ids, "letter", initiator=self)
        )
        if count is not None:
            self.desk.messages.say(f"{counted(count, 'reminder')} noted.", undo=True)

    def call(self, ended: CallOutcome) -> None:
        """How a call to the person in front ended."""
        row = self.current
        if row is None:
            return

        def do() -> bool:
            self.desk.office.recalls.called(row.id, ended, initiator=self)
            return True

        if guarded(self.desk, do):
            said = CALL_WORDS[ended].lower()
            self.desk.messages.say(f"{row.patient_name}: {said}.", undo=True)
            if self.current is not None and self.current.id == row.id:
                self.table.select_next()

    def book(self) -> None:
        """Fill in a booking for the person in front; the recall falls away with it."""
        row = self.current
        if row is not None:
            self.leave()
            self.desk.go.book(patient_id=row.patient_id, provider_id=row.provider_id)

    def change(self) -> None:
        """Change the recall in front, in place (F2)."""
        if self.current is not None:
            self.right.setCurrentWidget(self.form_page)
            self.form.edit(self.current)
            self.form.due.setFocus()
            self.form.due.selectAll()

    def remove(self) -> None:
        """Take the recall in front away; the message bar offers Undo."""
        row = self.current
        if row is None:
            return

        def do() -> bool:
            self.desk.office.recalls.drop(row.id, row.version, initiator=self)
            return True

        if guarded(self.desk, do):
            self.desk.messages.say(f"No longer recalled: {row.patient_name}.", undo=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.remove()
        elif event.key() == Qt.Key.Key_Escape and self.right.currentWidget() is self.form_page:
            self._form_left()
        else:
            super().keyPressEvent(event)

    # -- inside -----------------------------------------------------------------------------------

    def _read(self) -> None:
        """Read the list again; whoever is in front stays in front, else who takes her place."""
        kept, place = self.current.id if self.current else None, self.table.currentIndex().row()
        recalls, today = self.desk.office.recalls, self.desk.office.clock.today()
        shows = str(self.shows.value())
        kind, whose = self.kind.value(), self.whose.value()
        found = guarded(
            self.desk,
            lambda: recalls.due(
                _until(shows, today),
                kind if isinstance(kind, int) else None,
                whose if isinstance(whose, int) else None,
                reminders_only=shows == "reminders",
            ),
        )
        self._rows = found or ()
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        self.table.set_rows(self._rows)
        self.table.filter(self.search.text())
        selection.blockSignals(False)
        order = self.table.order
        at = next(
            (
                number
                for number in range(order.rowCount())
                if order.index(number, 0).data(Qt.ItemDataRole.UserRole).id == kept
            ),
            max(0, min(place, order.rowCount() - 1)),
        )
        if order.rowCount():
            self.table.selectRow(at)
        shown, total = order.rowCount(), len(self._rows)
        people = "1 recall" if total == 1 else f"{total} recalls"
        self.count.setText(people if shown == total else f"{shown} of {people}")
        self.lists.setCurrentWidget(self.table if self._rows else self.empty)
        title = "No reminder is due" if shows == "reminders" else "Nobody is due"
        self.empty.say(
            title,
            "Recall a patient with Ctrl+Alt+R on a visit or in the file; the patient stands here "
            "when a reminder should go out.",
        )
        self._show_person()

    def _show_person(self) -> None:
        row = self.current
        if self.right.currentWidget() is self.form_page and row is not None:
            return
        self.right.setCurrentWidget(self.card if row is not None else self.nobody)
        if row is not None:
            self.card.show_rows(row, self.selected)

    def _load_choices(self) -> None:
        office = self.desk.office
        kinds: list[tuple[object, str]] = [(None, "All kinds")]
        kinds += [(row.id, row.name) for row in office.recalls.types()]
        people: list[tuple[object, str]] = [(None, "With anybody")]
        for row in office.practice.providers(bookable_only=True):
            people.append(
                (row.id, provider_called(row.family_name, row.given_name, row.credential))
            )
        for choice, pairs in ((self.kind, kinds), (self.whose, people)):
            kept = choice.value()
            choice.blockSignals(True)
            choice.set_pairs(pairs)
            choice.setCurrentIndex(max(0, choice.findData(kept)) if kept is not None else 0)
            choice.blockSignals(False)

    def _form_left(self) -> None:
        self.right.setCurrentWidget(self.card)
        self._show_person()
        self.table.setFocus()

    def _write_to_many(self) -> None:
        """Another letter than the reminder to everybody selected."""
        targets = tuple(Target(row.patient_id, recall_id=row.id) for row in self.selected)
        self.desk.go.write_to_many(targets, f"{counted(len(targets), 'recall')} selected")

    def _open_file(self) -> None:
        if self.current is not None:
            self.desk.go.open_patient(self.current.patient_id)

    def _columns(self) -> tuple[Column, ...]:
        office = self.desk.office

        def today() -> date:
            return office.clock.today()

        return (
            Column("Patient", lambda row: row.patient_name, width=22),
            Column("Should come for", lambda row: row.type.name, width=0, least=20),
            Column(
                "Due",
                lambda row: office.formats.date(row.due_on),
                sort=lambda row: row.due_on,
                width=10,
            ),
            Column(
                "Late",
                lambda row: recall_words.late(row, today()),
                sort=lambda row: row.due_on,
                width=9,
                gives_way=4,
            ),
            Column("Phone", lambda row: office.formats.phone(row.phone), width=14, gives_way=1),
            Column("Reminders", recall_words.reminders, width=10, gives_way=3),
            Column(
                "Next",
                lambda row: recall_words.next_one(row, office.formats, today()),
                sort=lambda row: row.next_on or date.max,
                width=11,
                gives_way=2,
            ),
            Column("Last call", lambda row: row.last_call, width=14, gives_way=5),
        )

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.search, 2)
        for choice in (self.shows, self.kind, self.whose):
            filters.addWidget(choice, 1)
        self.header.insertWidget(1, self.count)
        self.lists = QStackedWidget()
        self.lists.addWidget(self.table)
        self.lists.addWidget(self.empty)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.form_page = QWidget()
        form_column = QVBoxLayout(self.form_page)
        form_column.setContentsMargins(0, 0, EDGE, 0)
        form_column.setSpacing(12)
        form_column.addWidget(Text("Change the recall", "heading"))
        form_column.addWidget(self.form)
        form_column.addStretch(1)
        self.nobody = QWidget()
        self.right = QStackedWidget()
        for page in (self.nobody, self.card, self.form_page):
            self.right.addWidget(page)
        self.side = QFrame()
        side = QVBoxLayout(self.side)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.right)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(filters)
        left.addWidget(self.lists, 1)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addLayout(left, 1)
        both.addWidget(Hairline(vertical=True))
        both.addWidget(self.side)
        self.body.addLayout(both, 1)
        self._fit()

    def _fit(self) -> None:
        px = self.desk.theme.px
        self.side.setFixedWidth(px(_WIDTH) + EDGE)
        for choice, width in ((self.shows, 176), (self.kind, 160), (self.whose, 160)):
            choice.setMinimumWidth(px(112))
            choice.setMaximumWidth(px(width))

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self._read())
        for choice in (self.shows, self.kind, self.whose):
            choice.currentIndexChanged.connect(lambda _: self._read())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_person())
        self.table.chosen.connect(lambda _: self.book())
        self.card.letters_wished.connect(self.write_letters)
        self.card.labels_wished.connect(self.print_labels)
        self.card.mark_wished.connect(self.mark)
        self.card.called.connect(self.call)
        self.card.book_wished.connect(self.book)
        self.card.change_wished.connect(self.change)
        self.card.remove_wished.connect(self.remove)
        self.card.calls.listen_to(self.table)
        self.form.saved.connect(lambda _: self._form_left())
        self.form.left.connect(self._form_left)
        bind = self.desk.actions.bind

        def somebody() -> bool:
            return self.current is not None

        bind("letter.batch", self._write_to_many, somebody, owner=self)
        bind("edit.edit", self.change, somebody, owner=self)
        bind("visit.open_patient", self._open_file, somebody, owner=self)
        bind("visit.book", self.book, somebody, owner=self)
        bind("file.print", self.write_letters, somebody, owner=self)
        self.desk.theme.changed.connect(self._fit)


def _until(shows: str, today: date) -> date:
    """The last due date a filter reaches."""
    return {
        "reminders": today,
        "overdue": today - timedelta(days=1),
        "month": due_after(today, 1),
        "quarter": due_after(today, 3),
        "all": date.max,
    }[shows]
