"""The letter line on a board: a column for each state, a card for each letter, one key moves it on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.letter_states import LetterStatus, SentHow, step_back
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.letters.line import LineRow
from medsec_desktop.ui.letters.board_strip import SENT_WORDS, BoardStrip
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    EmptyState,
    FastList,
    Hairline,
    ListRow,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_S = LetterStatus
COLUMNS: tuple[tuple[str, tuple[LetterStatus, ...]], ...] = (
    ("Dictated", (_S.DICTATED,)),
    ("Typed", (_S.TYPED,)),
    ("Checked", (_S.CHECKED,)),
    ("To send", (_S.SIGNED, _S.FILED)),
    ("Sent this week", (_S.SENT,)),
)


class LineBoard(QWidget):
    """Left and Right go from column to column, Enter opens, F4 moves on whatever is selected.

    `write_wanted` carries a letter to be written on, `show_wanted` one whose pages stand,
    `batch_wanted` the number of a batch, `print_wanted` the rows to be printed.
    """

    help_page = "letter-line"

    write_wanted = Signal(int)
    show_wanted = Signal(int)
    batch_wanted = Signal(int)
    print_wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self._rows: tuple[LineRow, ...] = ()
        self._filling = False
        self._build()
        bind = desk.actions.bind
        bind("visit.move_on", self.move_on, self._why_not_on, owner=self,
             text=lambda: "Move the letter on")  # fmt: skip
        bind("letter.pass_on", self.move_on, self._why_not_on, owner=self)  # as where it is written
        bind("letter.back", self.send_back, self._why_not_back, owner=self)
        bind("letter.sent", self.ask_how, self._why_not_sent, owner=self)
        bind("letter.void", self.void, self._why_not_void, owner=self)
        bind("edit.edit", self.open, self._why_none, owner=self)
        bind("visit.open_patient", self.open_patient, self._why_not_patient, owner=self)
        bind("file.print", self.print, self._why_not_print, owner=self)

    # -- building ---------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self.desk.theme
        self.lists: list[FastList] = []
        self._titles: list[Text] = []
        columns = QHBoxLayout()
        columns.setContentsMargins(16, 12, 16, 12)
        columns.setSpacing(8)
        for name, _ in COLUMNS:
            place = QFrame()
            place.setProperty("kind", "card")
            column = QVBoxLayout(place)
            column.setContentsMargins(4, 8, 4, 4)
            column.setSpacing(4)
            title = Text(name, "strong")
            title.setContentsMargins(8, 0, 8, 0)
            view = FastList(theme, name, two_lines=True)
            view.setSelectionMode(FastList.SelectionMode.ExtendedSelection)
            view.chosen.connect(lambda _: self.open())
            view.installEventFilter(self)
            view.selectionModel().selectionChanged.connect(
                lambda *_, view=view: self._selected_in(view)
            )
            column.addWidget(title)
            column.addWidget(view, 1)
            self._titles.append(title)
            self.lists.append(view)
            columns.addWidget(place, 1)
        self.empty = EmptyState(
            theme,
            "mail",
            "No letter is on its way",
            "Dictate one for somebody else to write, or pass one on while writing it.",
        )
        self.strip = BoardStrip(self.desk)
        self.strip.open_wanted.connect(self.open)
        self.strip.back_wanted.connect(self.send_back)
        self.strip.void_wanted.connect(self.void)
        self.strip.on_wanted.connect(self.move_on)
        self.strip.sent.connect(self.send)
        self._board = QWidget()
        self._board.setLayout(columns)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._board, 1)
        whole.addWidget(self.empty, 1)
        self.line = Hairline()
        whole.addWidget(self.line)
        whole.addWidget(self.strip)

    # -- what the tab asks ------------------------------------------------------------------------

    def take_focus(self) -> None:
        view = self._view_of_selection() or next(
            (view for view in self.lists if view.rows.rowCount()), None
        )
        if view is None:
            self.setFocus()
            return
        if not view.currentIndex().isValid():
            view.setCurrentIndex(view.rows.index(0, 0))
        view.setFocus()

    def reload(self) -> None:
        """Read the board anew; what is selected stays selected, wherever it went."""
        kept = {row.id for row in self.selected}
        found = guarded(self.desk, self.desk.office.letter_line.board)
        if found is None:
            return
        self._rows = found
        self._filling = True
        for (name, states), view, title in zip(COLUMNS, self.lists, self._titles, strict=True):
            rows = [row for row in found if row.status in states]
            count = _count(rows)
            title.setText(f"{name} {count:,}" if rows else name)
            view.setAccessibleName(f"{name}: {count:,}")
            view.set_rows([self._card(row) for row in rows], preselect=False)
            self._select(view, kept)
        self._filling = False
        self._board.setVisible(bool(found))
        self.empty.setVisible(not found)
        self._show()

    def select(self, letter_id: int) -> None:
        """Put the selection on one letter."""
        self._filling = True
        for view in self.lists:
            view.clearSelection()
            if self._select(view, {letter_id}):
                view.setFocus()
        self._filling = False
        self._show()

    def _select(self, view: FastList, ids: set[int]) -> bool:
        found = False
        for place, card in enumerate(view.rows.rows):
            if card.value.id in ids:
                index = view.rows.index(place, 0)
                view.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)
                if not found:
                    view.selectionModel().setCurrentIndex(
                        index, QItemSelectionModel.SelectionFlag.NoUpdate
                    )
                found = True
        return found

    def _card(self, row: LineRow) -> ListRow:
        today, formats = self.desk.office.clock.today(), self.desk.office.formats
        detail = " · ".join(
            part for part in (row.subject or row.note.split("\n")[0], row.signer) if part
        )
        if row.status.is_out:
            trailing = SENT_WORDS.get(row.sent_how, "Printed") if row.sent_how else "Printed"
        elif row.wanted_on is not None:
            trailing = formats.short_date(row.wanted_on)
        else:
            days = row.days(today)
            trailing = "" if days == 0 else f"{days} d"
        is_late = row.is_late(today)
        if row.is_many:
            detail = f"{counted(len(row.ids), 'letter')} · {row.subject or 'Letter'}"
        return ListRow(
            row,
            row.batch or row.name.listed,
            detail or "Letter",
            trailing="" if is_late else trailing,
            mark=f"Late, {trailing}" if is_late else "",
            tone="danger",
        )

    # -- the selection ----------------------------------------------------------------------------

    @property
    def selected(self) -> tuple[LineRow, ...]:
        """The letters selected; all of one column."""
        view = self._view_of_selection()
        if view is None:
            return ()
        places = sorted(index.row() for index in view.selectionModel().selectedIndexes())
        return tuple(row.value for place in places if (row := view.rows.row(place)) is not None)

    def _view_of_selection(self) -> FastList | None:
        return next((view for view in self.lists if view.selectionModel().hasSelection()), None)

    def _selected_in(self, view: FastList) -> None:
        if self._filling:
            return
        self._filling = True
        if view.selectionModel().hasSelection():
            for other in self.lists:
                if other is not view:
                    other.clearSelection()
        self._filling = False
        self._show()

    def _show(self) -> None:
        rows = self.selected
        self.strip.setVisible(bool(rows))
        self.line.setVisible(bool(rows))
        if rows:
            self.strip.show_rows(rows)

    # -- what can be done -------------------------------------------------------------------------

    def open(self) -> None:
        """Write on the letter, or look at its pages."""
        rows = self.selected
        if len(rows) == 1 and rows[0].batch_id is not None and rows[0].is_many:
            self.batch_wanted.emit(rows[0].batch_id)
        elif len(rows) == 1:
            signal = self.write_wanted if rows[0].status.is_on_the_line else self.show_wanted
            signal.emit(rows[0].id)

    def open_patient(self) -> None:
        if self.selected:
            self.desk.go.open_patient(self.selected[0].patient_id)

    def move_on(self) -> None:
        """Take everything selected a step further (F4)."""
        rows = self.selected
        if not rows:
            return
        status = rows[0].status
        if status is _S.DICTATED:
            self.open()
        elif status.is_to_send:
            self.print()
        else:
            then = _S.CHECKED if status is _S.TYPED else _S.SIGNED
            self._move(rows, then)

    def _move(self, rows: Sequence[LineRow], then: LetterStatus) -> None:
        line, ids = self.desk.office.letter_line, [row.id for row in rows]

        def moved(_: object) -> None:
            whose = _whose(rows)
            self.reload()
            self.desk.messages.say(f"{str(then).capitalize()}: {whose}.", undo=True)

        if then is _S.SIGNED:  # draws the pages of each
            self.desk.jobs.run(
                "Sign letters", lambda _: line.move(ids, then), moved, cancellable=False
            )
        elif guarded(self.desk, lambda: line.move(ids, then)) is not None:
            moved(None)

    def send_back(self) -> None:
        """Back to be typed, with what is to be put right."""
        rows = self.selected

        def back(note: str) -> None:
            line, ids = self.desk.office.letter_line, [row.id for row in rows]
            if guarded(self.desk, lambda: line.send_back(ids, note)) is not None:
                self.reload()
                self.desk.messages.say("Sent back to be typed.", undo=True)

        if rows:
            self.desk.prompts.ask_text(
                "Send back", "What is to be put right?", back, button="Send back"
            )

    def ask_how(self) -> None:
        """Ask how what is selected left the building."""

        def answered(words: str) -> None:
            for how, said in SENT_WORDS.items():
                if said == words:
                    self.send(how)

        self.desk.prompts.ask(
            "How did it leave?",
            "A letter that left is not changed any more.",
            [*SENT_WORDS.values(), "Cancel"],
            answered,
        )

    def send(self, how: SentHow) -> None:
        """Note that what is selected left the building that way."""
        line, rows = self.desk.office.letter_line, self.selected
        ids = [letter_id for row in rows for letter_id in row.ids]
        if ids and guarded(self.desk, lambda: line.send(ids, how)) is not None:
            self.reload()
            self.desk.messages.say(f"{SENT_WORDS[how]}: {_whose(rows)}.")

    def void(self) -> None:
        """No letter after all; asks for the reason."""
        rows = self.selected

        def void(reason: str) -> None:
            def do() -> bool:
                self.desk.office.letter_line.void(rows[0].id, reason)
                return True

            if guarded(self.desk, do):
                self.reload()
                self.desk.messages.say(
                    f"The letter about {rows[0].name.spoken} is void.", undo=True
                )

        if _count(rows) == 1:
            self.desk.prompts.ask_text("Void this letter", "Reason", void, button="Void the letter")

    def print(self) -> None:
        """Print what is ready to go; of a letter not signed yet a sheet to be signed."""
        if self.selected:
            self.print_wanted.emit(self.selected)

    def turnaround(self) -> str:
        """“12 letters in 30 days, 2.5 days each on average”; '' where none left."""
        today = self.desk.office.clock.today()
        found = self.desk.office.letter_line.turnaround(today - timedelta(days=30), today)
        if found.average_days is None:
            return ""
        count = counted(found.letters, "letter")
        return f"{count} in 30 days, {found.average_days:.1f} days each on average"

    # -- why not ----------------------------------------------------------------------------------

    def _why_none(self) -> bool | str:
        return bool(self.selected) or "Select a letter on the board first."

    def _why_not_patient(self) -> bool | str:
        if any(row.is_many for row in self.selected):
            return "These letters go to many: Enter shows to whom."
        return self._why_none()

    def _why_not_on(self) -> bool | str:
        rows = self.selected
        if rows and rows[0].status.is_out:
            return "This letter has left."
        return self._why_none()

    def _why_not_back(self) -> bool | str:
        rows = self.selected
        if rows and step_back(rows[0].status) is not _S.TYPED:
            return "Only a letter that was checked goes back to be typed."
        return self._why_none()

    def _why_not_sent(self) -> bool | str:
        rows = self.selected
        if rows and not rows[0].status.is_to_send:
            return "Only a signed letter is sent."
        return self._why_none()

    def _why_not_void(self) -> bool | str:
        if _count(self.selected) > 1:
            return "Letters are made void one by one, each with its reason."
        return self._why_none()

    def _why_not_print(self) -> bool | str:
        rows = self.selected
        if rows and rows[0].status is _S.DICTATED:
            return "It has no words yet. Enter writes it."
        return self._why_none()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Left and Right go to the next column that has cards; Delete voids."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
                self._go_beside(watched, 1 if event.key() == Qt.Key.Key_Right else -1)
                return True
            if event.key() == Qt.Key.Key_Delete:
                self.desk.actions.trigger("letter.void")
                return True
        return super().eventFilter(watched, event)

    def _go_beside(self, view: QObject, step: int) -> None:
        here = next(place for place, one in enumerate(self.lists) if one is view)
        place = here + step
        while 0 <= place < len(self.lists):
            other = self.lists[place]
            if other.rows.rowCount():
                at = min(max(0, self.lists[here].currentIndex().row()), other.rows.rowCount() - 1)
                other.setCurrentIndex(other.rows.index(at, 0))
                other.setFocus()
                return
            place += step


def _count(rows: Sequence[LineRow]) -> int:
    """How many letters these rows stand for."""
    return sum(len(row.ids) for row in rows)


def _whose(rows: Sequence[LineRow]) -> str:
    count = _count(rows)
    return rows[0].name.spoken if count == 1 else counted(count, "letter")
