"""What every page of the settings has in common: it saves at once, says so, and offers Undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Problem
from medsec_desktop.services.practice.settings import Setting
from medsec_desktop.services.session import Changes
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.left_outside import change_hours
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.widgets import Banner, Choice, DateEdit, Field, NumberBox, Text


class SettingsPage(QWidget):
    """One page: `id` is its address, `words` say what it is for, `tables` what makes it reload."""

    id = ""
    name = ""
    icon = "settings"
    words = ""
    finds = ""  # more words the search over settings finds it by
    tables: tuple[str, ...] = ("setting",)
    needs: Permission | None = Permission.EDIT_SETTINGS
    moves_hours = False  # a change here may leave visits outside the hours

    def __init__(self, desk: Desk):
        super().__init__()
        self.desk = desk
        self.practice = desk.office.practice
        self.fields: dict[str, Field] = {}
        self._bound: list[Callable[[], object]] = []
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(32, 24, 32, 24)
        self.body.setSpacing(16)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(Text(self.name, "title"))
        head.addWidget(Text(self.words, "muted", wrap=True))
        self.body.addLayout(head)
        self.refusal = Banner(
            desk.theme,
            "info",
            "Your log-in may look at this page but not change it. An owner or manager may.",
        )
        self.refusal.hide()
        self.body.addWidget(self.refusal)
        self.content = QWidget()
        self.inside = QVBoxLayout(self.content)
        self.inside.setContentsMargins(0, 0, 0, 0)
        self.inside.setSpacing(16)
        self.body.addWidget(self.content)
        self.body.addStretch(1)
        self.build()
        self.reload()

    def build(self) -> None:
        """Put the page's fields into `inside`."""

    def reload(self) -> None:
        """Show everything as it is kept now."""
        may = self.needs is None or self.desk.office.session.may(self.needs)
        self.refusal.setVisible(not may)
        self.content.setEnabled(may)
        for show in self._bound:
            show()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*self.tables):
            self.reload()

    def save(
        self,
        said: str,
        write: Callable[[], object],
        fields: dict[str, Field] | None = None,
        *,
        undo: bool = True,
    ) -> bool:
        """Write, say so with Undo; a problem goes beside its field or into the message bar."""
        try:
            if self.moves_hours:
                change_hours(self.desk, said, write, before_showing=self.window().close)
            else:
                write()
                self.desk.messages.say(said, undo=undo)
        except Problem as problem:
            if not complain(self.fields if fields is None else fields, problem):
                self.desk.messages.problem(problem)
            return False
        return True

    def setting(self, setting: Setting[Any], *, suffix: str = "") -> QWidget:
        """An editor for one setting, saved as it is left; a label, its meaning as the hint."""
        default = setting.default
        practice = self.practice
        editor: QWidget

        def keep(value: object) -> None:
            if value != practice.get(setting):
                field = self.fields.get(setting.name)
                if field is not None:
                    field.problem("")
                self.save(f"{setting.label}: changed.", lambda: practice.put(setting, value))

        if setting.choices:
            choice = Choice(setting.choices, default)
            choice.activated.connect(lambda _: keep(choice.value()))
            self._bound.append(lambda: choice.set_value(practice.get(setting)))
            editor = choice
        elif isinstance(default, bool):
            tick = QCheckBox(setting.label)
            tick.setAccessibleName(setting.label)
            tick.setAccessibleDescription(setting.meaning)
            tick.clicked.connect(keep)
            self._bound.append(lambda: tick.setChecked(practice.get(setting)))
            box = QWidget()
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(tick)
            note = Text(setting.meaning, "small", wrap=True)
            note.setContentsMargins(28, 0, 0, 0)
            column.addWidget(note)
            box.setFocusProxy(tick)
            return box
        elif isinstance(default, int):
            number = NumberBox(setting.lowest, setting.highest, suffix)
            number.setMaximumWidth(self.desk.theme.px(160))
            number.editingFinished.connect(lambda: keep(number.value()))
            self._bound.append(lambda: number.setValue(practice.get(setting)))
            editor = number
        elif setting.is_day:
            office = self.desk.office
            day = DateEdit(self.desk.theme, office.formats, office.clock.today)
            day.setMaximumWidth(self.desk.theme.px(160))

            def keep_day() -> None:
                self.fields[setting.name].problem(day.problem())
                if not day.problem():
                    value = day.value()
                    keep("" if value is None else value.isoformat())

            def show_day() -> None:
                kept = practice.get(setting)
                day.set_value(date.fromisoformat(kept) if kept else None)

            day.editingFinished.connect(keep_day)
            self._bound.append(show_day)
            editor = day
        else:
            line = QLineEdit()
            line.editingFinished.connect(lambda: keep(line.text().strip()))
            self._bound.append(lambda: line.setText(practice.get(setting)))
            editor = line
        field = Field(setting.label, editor, hint=setting.meaning)
        self.fields[setting.name] = field
        return field

    def settings_grid(self, *settings: Setting[Any], suffix: str = "") -> QGridLayout:
        """Editors for several settings, two beside each other."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(16)
        for index, setting in enumerate(settings):
            editor = self.setting(setting, suffix=suffix if setting.highest < 1_000_000 else "")
            grid.addWidget(editor, index // 2, index % 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    @classmethod
    def found_by(cls, text: str) -> bool:
        """Whether the search over settings finds this page by `text`."""
        everything = f"{cls.name} {cls.words} {cls.finds}".casefold()
        return all(word in everything for word in text.casefold().split())


def below_label(button: QWidget) -> QVBoxLayout:
    """`button` as low as the editors beside it, under where their labels are."""
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(Text(" ", "small"))
    column.addWidget(button)
    column.addStretch(1)
    return column
