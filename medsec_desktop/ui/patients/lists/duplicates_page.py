"""Pairs of files that may be one person's, with the reasons: same, not the same, or later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.patients import PatientHit
from medsec_desktop.services.patients.duplicates import PairRow
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, PlainButton, PrimaryButton, Text
from medsec_desktop.ui.widgets.page import Page

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.jobs import Job
    from medsec_desktop.ui.patients.tab import PatientsTab

_LOOKED_AT = (
    "patient", "patient_phone", "patient_address", "coverage", "not_duplicate", "patient_merge",
)  # fmt: skip
_MOST = 200


class DuplicatesPage(Page):
    """The likeliest first; S compares and merges, N remembers that they are two, L leaves it."""

    title = "People on file twice"
    help_page = "duplicates"

    def __init__(self, tab: PatientsTab):
        super().__init__(tab)  # type: ignore[arg-type]  # any tab with a desk
        desk = self.desk
        self._job: Job | None = None
        self.remark = Text("", "muted", wrap=True)
        self.search_button = PlainButton(
            "Compare all files", self.search, tip="Look through all files; you can go on working"
        )
        self.table = RowsView(desk.theme, self._columns(), self.title)
        self.table.setSelectionMode(RowsView.SelectionMode.SingleSelection)
        self.table.chosen.connect(lambda _: self.same())
        self.table.installEventFilter(self)
        self.same_button = PrimaryButton("Same: compare (S)", self.same, tip="S or Enter")
        self.apart_button = PlainButton("Not the same (N)", self.tell_apart)
        self.later_button = PlainButton("Later (L)", self.later)
        self.one_button = PlainButton("Open the one", lambda: self._open(0), kind="quiet")
        self.other_button = PlainButton("Open the other", lambda: self._open(1), kind="quiet")
        self._answers = {"S": self.same, "N": self.tell_apart, "L": self.later}
        self.nothing = EmptyState(desk.theme, "circle-check", "", "")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.remark, 1)
        top.addWidget(self.search_button)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.same_button, self.apart_button, self.later_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.one_button)
        row.addWidget(self.other_button)
        self.foot = (self.same_button,)
        self.body.addLayout(top)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.nothing, 1)
        self.body.addLayout(row)

    # -- what the tab asks --------------------------------------------------------------------

    def showing(self) -> None:
        """What was written since is compared first, away from the screen; the first time all is."""
        self.read()
        self.table.setFocus()
        duplicates = self.desk.office.duplicates
        if not duplicates.is_searched:
            self.search()
        else:
            self.desk.jobs.quietly(
                duplicates.catch_up, lambda found: self.read() if found else None
            )

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_LOOKED_AT):
            duplicates = self.desk.office.duplicates
            self.read()
            if duplicates.is_searched and self._job is None:
                self.desk.jobs.quietly(
                    duplicates.catch_up, lambda found: self.read() if found else None
                )

    # -- what one does ------------------------------------------------------------------------

    @property
    def current(self) -> PairRow | None:
        row = self.table.current_row()
        return row if isinstance(row, PairRow) else None

    def same(self) -> None:
        """Lay the two side by side; the older file is proposed to stay."""
        pair = self.current
        if pair is not None:
            self.desk.go.merge_patients(pair.one.id, pair.other.id)

    def tell_apart(self) -> None:
        """Remember that they are two people; the next pair comes to the front."""
        pair = self.current
        if pair is None:
            return

        def do() -> bool:
            self.desk.office.duplicates.tell_apart(pair.one.id, pair.other.id)
            return True

        if guarded(self.desk, do):
            names = f"{pair.one.name.spoken} and {pair.other.name.spoken}"
            self.desk.messages.say(f"{names} are two people.", undo=True)
            self.table.setFocus()

    def later(self) -> None:
        """Put the pair behind all others; it stays there in the next sitting."""
        pair, duplicates = self.current, self.desk.office.duplicates
        if pair is not None:
            guarded(self.desk, lambda: duplicates.put_off(*pair.key))
            self.read()
            self.table.setFocus()

    def search(self) -> None:
        """Compare all files, with progress; the list stays usable meanwhile."""
        if self._job is not None:
            return
        self.search_button.setEnabled(False)
        self._job = self.desk.jobs.run(
            "Comparing all files",
            self.desk.office.duplicates.search_all,
            self._searched,
            self._failed,
        )

    # -- inside -------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the pairs; the selection stays at its place in the list."""
        at = max(self.table.currentIndex().row(), 0)
        rows = self.desk.office.duplicates.pairs(_MOST)
        self.table.set_rows(rows)
        if rows:
            self.table.selectRow(min(at, len(rows) - 1))
        count = f"The likeliest {_MOST} pairs" if len(rows) == _MOST else _pairs(len(rows))
        self.remark.setText(
            f"{count}. One key says what the one selected is; Ctrl+Z takes it back." if rows else ""
        )
        may = self.desk.office.session.may(Permission.EDIT_PATIENTS)
        self.table.setVisible(bool(rows))
        for button in (self.same_button, self.apart_button, self.later_button):
            button.setVisible(bool(rows) and may)
        for button in (self.one_button, self.other_button):
            button.setVisible(bool(rows))
        if self._job is not None:
            self.nothing.say("Comparing all files…", "Pairs that may be one person come here.")
        else:
            self.nothing.say(
                "Nobody seems to be on file twice",
                "Each new or changed file is compared with all others by itself.",
            )
        self.nothing.setVisible(not rows)

    def _searched(self, _: int) -> None:
        self._end()

    def _failed(self, error: BaseException) -> None:
        self._end()
        self.desk.jobs.on_failure("Comparing all files", error)

    def _end(self) -> None:
        self._job = None
        self.search_button.setEnabled(True)
        self.read()

    def _open(self, which: int) -> None:
        pair = self.current
        if pair is not None:
            self.desk.go.open_patient((pair.one.id, pair.other.id)[which])

    def _columns(self) -> tuple[Column, ...]:
        formats = self.desk.office.formats

        def who(hit: PatientHit) -> str:
            return f"{formats.birth(hit.birth) or 'no birth date'}  {hit.name.listed}"

        return (
            Column("Alike", lambda row: f"{row.score} %", lambda row: row.score, 7, "right"),
            Column("Why", lambda row: words.likeness(row.reasons), None, 64),
            Column("One file", lambda row: who(row.one), None, 0, least=30),
            Column("The other", lambda row: who(row.other), None, 0, least=30),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A letter on the list answers; the table would look for a cell beginning with it."""
        if watched is self.table and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            answer = self._answers.get(event.text().upper())
            if event.type() == QEvent.Type.KeyPress and plain and answer is not None:
                if self.desk.office.session.may(Permission.EDIT_PATIENTS):
                    answer()
                return True
        return super().eventFilter(watched, event)


def _pairs(count: int) -> str:
    return f"{counted(count, 'pair')} that may be one person"
