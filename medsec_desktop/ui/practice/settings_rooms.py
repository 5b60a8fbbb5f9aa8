"""Settings: the rooms visits may be given to, and when they are open."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.services.practice import RoomDraft, RoomRow
from medsec_desktop.ui.practice.dated_week import DatedWeek
from medsec_desktop.ui.practice.other_hours import OtherHours
from medsec_desktop.ui.practice.settings_page import SettingsPage, below_label
from medsec_desktop.ui.widgets import EmptyState, FastList, Field, ListRow, PlainButton, Section


class RoomsPage(SettingsPage):
    """The rooms visits may be given to."""

    id = "rooms"
    name = "Rooms"
    icon = "door-open"
    words = "Rooms a visit can be given to. A clinic that does not share rooms needs none."
    finds = "exam room equipment kind hours open x-ray lab"
    tables = ("room", "room_hours", "hours_exception")
    moves_hours = True

    def build(self) -> None:
        theme = self.desk.theme
        self._shown: int | None = None
        self.name_line, self.kind_line = QLineEdit(), QLineEdit()
        self.fields["name"] = Field("New room", self.name_line)
        self.fields["kind"] = Field("Kind, such as “exam” or “x-ray”", self.kind_line)
        self.name_line.textEdited.connect(lambda _: self.fields["name"].problem(""))
        self.add = PlainButton("Add", self.add_room)
        for line in (self.name_line, self.kind_line):
            line.returnPressed.connect(self.add_room)
        self.list = FastList(theme, "Rooms", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setFixedHeight(theme.px(344))  # what is below it stays in sight
        self.remove = PlainButton("Remove", self._remove, kind="quiet")
        theme.wear(self.remove, "trash-2")
        self.rename = PlainButton("Rename…", self._rename, kind="quiet")
        theme.wear(self.rename, "pencil")
        self.list.chosen.connect(lambda _: self._rename())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_room())
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.fields["name"], 2, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.fields["kind"], 2, Qt.AlignmentFlag.AlignTop)
        row.addLayout(below_label(self.add))
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.rename)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.list)
        left.addLayout(buttons)
        left.addStretch(1)
        self.right = QWidget()
        right = QVBoxLayout(self.right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(16)
        self.kind = QLineEdit()
        self.kind.setPlaceholderText("exam, x-ray, lab")
        self.kind.editingFinished.connect(self._save_kind)
        self.kind_field = Field(
            "Kind", self.kind, hint="A type of visit may want a room of this kind."
        )
        self.hours = DatedWeek(self.desk)
        self.hours.left.connect(self._save_week)
        self.weekly = Section("Weekly hours", "A room without any hours is always open.")
        self.weekly.body.addWidget(self.hours)
        self.other = OtherHours(self.desk, self.save, "room")
        for part in (self.kind_field, self.weekly, self.other):
            right.addWidget(part)
        right.addStretch(1)
        self.empty = EmptyState(
            theme,
            "door-open",
            "No rooms yet",
            "Type a name above, such as Exam 1, and press Enter.",
        )
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addLayout(left, 2)
        both.addWidget(self.right, 5)
        self.both = QWidget()
        self.both.setLayout(both)
        both.setContentsMargins(0, 0, 0, 0)
        self.inside.addLayout(row)
        self.inside.addWidget(self.empty)
        self.inside.addWidget(self.both)

    @property
    def row(self) -> RoomRow | None:
        """The room picked in the list."""
        row: RoomRow | None = self.list.current_value()
        return row

    def reload(self) -> None:
        super().reload()
        rows = self.practice.rooms()
        ids = [row.id for row in rows]
        at = ids.index(self._shown) if self._shown in ids else 0
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(
            [
                ListRow(row, row.name, row.kind, mark="" if row.is_active else "Hidden")
                for row in rows
            ]
        )
        if rows:
            self.list.setCurrentIndex(self.list.rows.index(at, 0))
        model.blockSignals(False)
        self.both.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self._show_room()

    def _show_room(self) -> None:
        row = self.row
        if row is None:
            self.other.show_owner(None)
            return
        again, self._shown = row.id == self._shown, row.id
        self.kind.setText(row.kind)
        self.weekly.heading.setText(f"Weekly hours of {row.name}")
        hours = self.desk.office.hours.room_hours(row.id)
        self.hours.set_rows(hours, again=again)
        for line in self.hours.week.lines:
            line.setPlaceholderText("Not open" if hours else "Always open")
        self.other.show_owner(row.id)

    def add_room(self) -> None:
        draft = RoomDraft(self.name_line.text(), self.kind_line.text())

        def write() -> None:
            self._shown = self.practice.save_room(draft)

        if self.save(f"{draft.name.strip()}: added.", write):
            self.name_line.clear()
            self.kind_line.clear()
            self.reload()
        self.name_line.setFocus()

    def _rename(self) -> None:
        row = self.row
        if row is None:
            return

        def rename(name: str) -> None:
            draft = replace(_draft(row), name=name)
            self.save(f"{row.name}: renamed.", lambda: self.practice.save_room(draft))

        self.desk.prompts.ask_text(
            "Rename the room", "Name", rename, value=row.name, button="Rename"
        )

    def _save_kind(self) -> None:
        row = self.row
        if row is not None and self.kind.text().strip() != row.kind:
            draft = replace(_draft(row), kind=self.kind.text())
            self.save(f"{row.name}: changed.", lambda: self.practice.save_room(draft))

    def _save_week(self) -> None:
        row = self.row
        if row is None:
            return
        try:
            rows = self.hours.rows()
        except Problem:
            return  # the line itself says what is wrong
        if rows != self.desk.office.hours.room_hours(row.id):
            self.save(
                f"Hours of {row.name}: changed.",
                lambda: self.desk.office.hours.save_room_hours(row.id, rows),
            )

    def _remove(self) -> None:
        row = self.row
        if row is not None:
            self.save(f"{row.name}: removed.", lambda: self.practice.remove_room(row.id))


def _draft(row: RoomRow) -> RoomDraft:
    return RoomDraft(row.name, row.kind, row.is_active, row.id, row.version)
