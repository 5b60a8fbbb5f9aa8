"""The page that finds people: a search line over those it finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import PatientHit
from medsec_desktop.ui.actions import native
from medsec_desktop.ui.patients.people_list import PeopleList
from medsec_desktop.ui.widgets import EmptyState, LinkButton, PlainButton, SearchLine, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_MOST_SHOWN = 50
_MOST_COUNTED = 99
_UNTIL_IDLE_MS = 40  # between the keys of a fast typist lie 80


class FindingPage(QWidget):
    """Type to find, Enter opens: `chosen` carries the patient's number."""

    chosen = Signal(int)

    def __init__(
        self, desk: Desk, new_patient: Callable[[], object], parent: QWidget | None = None
    ):
        super().__init__(parent)
        self.desk = desk
        self._last_search = ""
        office, theme = desk.office, desk.theme
        self.search = SearchLine(
            "Find a patient", "Name, date of birth, phone, chart number or member id", theme
        )
        self.search.installEventFilter(self)
        self.new_button = PlainButton("New patient", new_patient, tip="New patient (Ctrl+N)")
        theme.wear(self.new_button, "user-plus")
        self.twice_link = LinkButton("", lambda: desk.actions.trigger("list.duplicates"))
        self.twice_link.hide()
        self.remark = Text("", "muted")
        # Its words change at every key: the window's layout need not know.
        self.remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

        self.people = PeopleList(theme, lambda: office.formats, lambda: office.clock.today())
        self.people.chosen.connect(self.chosen)
        self.nobody = EmptyState(theme, "users", "No patients yet", "")
        self._results = QStackedWidget()
        self._results.addWidget(self.people)
        self._results.addWidget(self.nobody)

        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.new_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        column.addLayout(top)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.remark, 1)
        below.addWidget(self.twice_link)
        column.addLayout(below)
        column.addWidget(self._results, 1)

        self._rest: tuple[str, tuple[int, ...]] | None = None
        self._idle = QTimer(self, singleShot=True, interval=_UNTIL_IDLE_MS)
        self._idle.timeout.connect(self._ask_rest)
        self._ask_latest = desk.jobs.latest(self._answer, self._show_answer)
        self.search.textChanged.connect(self._ask)
        desk.actions.bind("visit.open_patient", self.people.choose_current, owner=self)
        self._ask("")

    # -- what the tab asks ------------------------------------------------------------------------

    def showing(self) -> None:
        """The tab comes to the front, whatever page of it."""
        self.new_button.setVisible(self.desk.office.session.may(Permission.EDIT_PATIENTS))
        self.count_twice()

    def begin(self) -> None:
        """Ask anew, ready to be typed over."""
        self.ask_again()
        self.search.setFocus()
        self.search.selectAll()

    def ask_again(self) -> None:
        """Ask what was asked once more: somebody's file has changed."""
        self._ask(self.search.text())

    def remember(self) -> None:
        """Keep what is typed for Up in the empty line."""
        if self.search.text().strip():
            self._last_search = self.search.text()

    def count_twice(self) -> None:
        """Beside the search: whether somebody seems to be on file twice."""
        count = self.desk.office.duplicates.count(_MOST_COUNTED + 1)
        more = f"More than {_MOST_COUNTED}" if count > _MOST_COUNTED else f"{count}"
        self.twice_link.setText(f"{more} pair{'' if count == 1 else 's'} may be one person")
        self.twice_link.setAccessibleName(self.twice_link.text())
        self.twice_link.setToolTip(f"People on file twice ({native('Ctrl+Alt+U')})")
        self.twice_link.setVisible(bool(count))

    # -- searching ----------------------------------------------------------------------------

    def _ask(self, text: str) -> None:
        self._idle.stop()
        self._rest = None
        self._ask_latest(text)

    def _ask_rest(self) -> None:
        if self._rest is not None:
            self._ask_latest(self._rest[0])

    def _answer(self, text: str) -> tuple[str, tuple[PatientHit, ...], tuple[int, ...] | None]:
        """In the search's own thread: whom the text finds; those of late when it is empty.

        Of a long answer the lines on the screen come first, with the ids of those below it, and
        those when asked again, once no key follows: nobody waits for people she cannot see yet.
        Ids None: these are they.
        """
        patients = self.desk.office.patients
        rest = self._rest
        if rest is not None and rest[0] == text:
            return text, patients.hits(rest[1]), None
        if not text.strip():
            return "", patients.recent(), ()
        ids = patients.find_ids(text, _MOST_SHOWN)
        page = self.people.first_page
        return text, patients.hits(ids[:page]), ids[page:]

    def _show_answer(
        self, answer: tuple[str, tuple[PatientHit, ...], tuple[int, ...] | None]
    ) -> None:
        text, hits, below = answer
        if below is None:
            if self._rest is not None and self._rest[0] == text:
                self._rest = None
                self.people.add_hits(hits)
            return
        self.people.set_hits(hits)
        self._results.setCurrentWidget(self.people if hits else self.nobody)
        self._remark_on(text, len(hits) + len(below))
        if below and self.search.text() == text:
            self._rest = text, below
            self._idle.start()

    def _remark_on(self, text: str, found: int) -> None:
        """Say above the list how many there are, or in its place why there is nobody."""
        if found and text:
            many = found >= _MOST_SHOWN
            count = f"The first {_MOST_SHOWN}" if many else f"{found:,}"
            noun = "patient" if found == 1 else "patients"
            more = " Type more to narrow it down." if many else ""
            self.remark.setText(f"{count} {noun}.{more}")
        elif found:
            self.remark.setText("Recently seen")
        elif text:
            self.remark.setText("")
            self.nobody.say(
                f"Nobody found for “{text.strip()}”",
                "Try fewer letters, the date of birth, or the last four digits of the phone."
                " Press Ctrl+N to register a new patient.",
            )
        elif self.desk.office.patients.is_empty():
            self.remark.setText("")
            self.nobody.say(
                "No patients yet",
                "Press Ctrl+N to register the first one, or Ctrl+I to import those you have.",
            )
        else:
            self.remark.setText("")
            self.nobody.say(
                "Find a patient",
                "Type any part of a name, a date of birth, phone digits, a chart number or a"
                " member id. The files you open are listed here next time.",
            )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            return self._steer(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _steer(self, key: Qt.Key) -> bool:
        """Keys of the list while the search line has the focus; whether one was used."""
        if key == Qt.Key.Key_Up and not self.search.text() and self._last_search:
            self.search.setText(self._last_search)
            self.search.selectAll()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.people.choose_current()
        elif key == Qt.Key.Key_Escape and self.search.text():
            self._last_search = self.search.text()
            self.search.clear()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.people.move_by(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.people.move_by(self.people.page * (1 if key == Qt.Key.Key_PageDown else -1))
        else:
            return False
        return True
