"""Settings: the kinds of appointment."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.services.practice import PALETTE, TypeDraft, TypeRow
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.practice.editors import TypeHeads, TypeLine
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.widgets import (
    Choice,
    Field,
    IconButton,
    NumberBox,
    PlainButton,
    Section,
    Text,
)


class TypeCard(TypeLine):
    """A type on one line, and below it on request what is rarely changed."""

    def __init__(self, desk: Desk, draft: TypeDraft, kinds: list[str], *, is_open: bool = False):
        super().__init__(desk.theme, draft)
        self._desk, self._kinds, self._is_filled = desk, kinds, False
        self.preparation = QLineEdit(draft.preparation)
        self.preparation.setPlaceholderText("Preparation, such as “fasting from midnight”")
        self.preparation.setAccessibleName(f"Preparation for {draft.name or 'the type'}")
        self.preparation.editingFinished.connect(self.left)
        self.more_button = IconButton(
            desk.theme, "chevron-down", f"More about {draft.name or 'the type'}", self.turn
        )
        self.name.setCursorPosition(0)
        self.preparation.setCursorPosition(0)
        self.row.insertWidget(3, self.preparation, 1)
        self.row.insertWidget(4, self.more_button)
        self.more = QFrame()
        self.more.setProperty("kind", "card")
        self.more.setVisible(False)
        self.layout().addWidget(self.more)
        if is_open:
            self.turn()

    @property
    def is_open(self) -> bool:
        return not self.more.isHidden()

    def turn(self) -> None:
        """Show what is rarely changed, or put it away; it is built when first shown."""
        if not self._is_filled:
            self._fill()
        is_open = not self.is_open
        self.more.setVisible(is_open)
        icon = "chevron-up" if is_open else "chevron-down"
        self._desk.theme.wear(self.more_button, icon, "muted", 18)

    def _fill(self) -> None:
        known, self._is_filled = self.known, True
        self.before, self.after = NumberBox(0, 120, " min"), NumberBox(0, 120, " min")
        self.before.setValue(known.buffer_before_min)
        self.after.setValue(known.buffer_after_min)
        self.wait = NumberBox(1, 240, " min")
        self.wait.setValue(known.wait_limit_min)
        kinds = [("", "Any room"), *((kind, kind) for kind in self._kinds)]
        if known.room_kind and known.room_kind not in self._kinds:
            kinds.append((known.room_kind, known.room_kind))
        self.room_kind = Choice(kinds, known.room_kind)
        rows = [row for row in self._desk.office.letters.templates() if row.is_about_visit]
        titles = {row.key: row.title for row in rows}
        for row in rows:
            if row.language == "en":
                titles[row.key] = row.title
        self.letter = Choice([("", "None"), *sorted(titles.items(), key=_by_title)], known.letter)
        grid = QGridLayout(self.more)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(16)
        for column, (label, editor) in enumerate(
            (
                ("Free before", self.before),
                ("Free after", self.after),
                ("Board warns after", self.wait),
                ("Wants a room of the kind", self.room_kind),
                ("Letter on booking", self.letter),
            )
        ):
            grid.addWidget(Field(label, editor), 0, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 2 if isinstance(editor, Choice) else 1)
        for box in (self.before, self.after, self.wait):
            box.editingFinished.connect(self.left)
        for choice in (self.room_kind, self.letter):
            choice.activated.connect(lambda _: self.left.emit())

    def draft(self) -> TypeDraft:
        draft = replace(super().draft(), preparation=self.preparation.text())
        if not self._is_filled:
            return draft
        return replace(
            draft,
            buffer_before_min=self.before.value(),
            buffer_after_min=self.after.value(),
            wait_limit_min=self.wait.value(),
            room_kind=str(self.room_kind.value() or ""),
            letter=str(self.letter.value() or ""),
        )


def _by_title(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


class TypesPage(SettingsPage):
    """The kinds of appointment, one line each."""

    id = "types"
    name = "Appointment types"
    icon = "tag"
    words = "How long each takes, its color, and what patients should do before they come."
    finds = (
        "kinds of visit duration minutes color colour preparation buffer free before after room kind"
        " waiting limit letter on booking"
    )
    tables = ("appointment_type", "room")

    def build(self) -> None:
        theme = self.desk.theme
        self.lines: list[TypeCard] = []
        self.column = QVBoxLayout()
        self.column.setSpacing(8)
        self.add = PlainButton("Add a type", self.add_type, kind="quiet")
        theme.wear(self.add, "plus")
        self.hidden = Section("Hidden", "Used by visits and no longer offered.")
        lines = QVBoxLayout()
        lines.setSpacing(4)
        lines.addWidget(TypeHeads(theme, "Preparation", buttons=3))
        lines.addLayout(self.column)
        self.inside.addLayout(lines)
        self.inside.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.inside.addWidget(self.hidden)

    def reload(self) -> None:
        super().reload()
        rows = self.practice.types()
        shown = [row for row in rows if row.is_active]
        known = [(line.known.id, line.known.version) for line in self.lines]
        if known != [(row.id, row.version) for row in shown]:
            focus = next((line.known.id for line in self.lines if _holds_focus(line)), None)
            opened = {line.known.id for line in self.lines if line.is_open}
            _empty(self.column)
            self.lines = [self._line(row.draft(), is_open=row.id in opened) for row in shown]
            for line in self.lines:
                if line.known.id == focus:
                    line.name.setFocus()
        _empty(self.hidden.body)
        for row in rows:
            if not row.is_active:
                self.hidden.body.addLayout(self._hidden_line(row))
        self.hidden.setVisible(len(shown) < len(rows))

    def _line(self, draft: TypeDraft, *, is_open: bool = False) -> TypeCard:
        kinds = sorted({row.kind for row in self.practice.rooms() if row.kind})
        line = TypeCard(self.desk, draft, kinds, is_open=is_open)
        up = IconButton(
            self.desk.theme, "arrow-up", f"Move {draft.name} up", lambda: self._move(line, -1)
        )
        line.row.insertWidget(line.row.count() - 1, up)
        line.left.connect(lambda: self._save_line(line))
        line.removed.connect(lambda: self._remove(line))
        self.column.addWidget(line)
        return line

    def _hidden_line(self, row: TypeRow) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(Text(row.name), 1)
        line.addWidget(
            PlainButton(
                "Offer again",
                lambda: self.save(
                    f"{row.name}: offered again.",
                    lambda: self.practice.save_type(replace(row.draft(), is_active=True)),
                ),
                kind="quiet",
            )
        )
        return line

    def add_type(self) -> None:
        """An empty line; it is kept once it has a name."""
        colour = PALETTE[len(self.lines) % len(PALETTE)]
        line = self._line(TypeDraft("", 20, colour))
        self.lines.append(line)
        line.name.setFocus()

    def _save_line(self, line: TypeCard) -> None:
        draft = line.draft()
        if draft == line.known or (not draft.id and not draft.name.strip()):
            return
        try:
            self.practice.save_type(draft)
        except Problem as problem:
            line.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
            return
        self.desk.messages.say(
            f"{draft.name.strip()}: {'changed' if draft.id else 'added'}.", undo=True
        )

    def _remove(self, line: TypeCard) -> None:
        if line.known.id:
            name = line.known.name
            self.save(
                f"{name}: no longer offered.", lambda: self.practice.remove_type(line.known.id)
            )
        else:
            self.lines.remove(line)
            line.hide()
            line.deleteLater()

    def _move(self, line: TypeCard, by: int) -> None:
        if line.known.id:
            self.save(
                "Order of the types: changed.",
                lambda: self.practice.move("type", line.known.id, by),
            )


def _holds_focus(widget: QWidget) -> bool:
    focus = widget.focusWidget()
    return focus is not None and focus.hasFocus()


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if item.widget() is not None:
            item.widget().hide()
            item.widget().deleteLater()
        elif isinstance(item.layout(), (QVBoxLayout, QHBoxLayout)):
            _empty(item.layout())  # type: ignore[arg-type]
