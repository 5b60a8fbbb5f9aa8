"""The line above the calendar: the way through the days, which view, whose columns, and how it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from medsec_desktop.ui.actions import BY_ID, native
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.calendar.grid.colours import COLOURED_BY
from medsec_desktop.ui.calendar.shown import EVERYBODY, ROOMS, VIEWS
from medsec_desktop.ui.widgets import Choice, DateEdit, IconButton, PlainButton
from medsec_desktop.ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.views import ColumnChoice, SavedView
    from medsec_desktop.ui.desk import Desk

EDIT_VIEWS = "edit"
_ROOM_FOR_ALL = 1180  # narrower than this, what a key does as well gives way
_ROOM_FOR_DATE = 1020


class Toolbar(QWidget):
    """Shows the choices and passes on what is chosen; steps go through the keys' actions."""

    view_chosen = Signal(str)
    who_chosen = Signal(str)
    colour_chosen = Signal(str)

    def __init__(self, desk: Desk, book: Callable[[], object], zoom: Callable[[int], object]):
        super().__init__()
        self._desk = desk
        theme, office = desk.theme, desk.office

        def step(icon: str, action_id: str, name: str) -> IconButton:
            return IconButton(
                theme,
                icon,
                name,
                lambda: desk.actions.trigger(action_id),
                key=BY_ID[action_id].key,
            )

        self.back_week = step("arrow-left", "week.previous", "Same day last week")
        self.back_day = step("chevron-left", "day.previous", "Previous day")
        self.today_button = PlainButton(
            "Today", lambda: desk.actions.trigger("day.today"), tip="Go to today’s page (Ctrl+T)"
        )
        self.next_day = step("chevron-right", "day.next", "Next day")
        self.next_week = step("arrow-right", "week.next", "Same day next week")
        self.heading = ElidedLabel("", "title")
        self.view = Choice(VIEWS.items(), "day")
        self.view.setAccessibleName("View")
        keys = ", ".join(
            f"{name} {native(BY_ID[f'calendar.{kind}'].key)}" for kind, name in VIEWS.items()
        )
        self.view.setToolTip(keys)
        self.who = Choice()
        self.who.setAccessibleName("Columns")
        self.who.setToolTip("Whose columns are shown; F5 to F12 bring saved views")
        self.go_to_line = DateEdit(theme, CurrentFormats(office), office.clock.today)
        self.go_to_line.setAccessibleName("Go to date")
        self.go_to_line.setToolTip("A date, “fri” or “+2w” (Ctrl+G)")
        self.cancelled_button = IconButton(theme, "calendar-x", "Show cancelled visits")
        self.cancelled_button.setCheckable(True)
        self.colour_button = IconButton(
            theme, "palette", "Color visits by…", self.ask_colour, key=BY_ID["calendar.colour"].key
        )
        self.smaller = IconButton(theme, "zoom-out", "Lower hours", lambda: zoom(-1), key="-")
        self.taller = IconButton(theme, "zoom-in", "Taller hours", lambda: zoom(1), key="+")
        self.book_button = PlainButton("Book…", book, tip="Book a visit (Ctrl+B)")
        self.colours = self._colour_menu()
        self._lay_out()
        self.view.activated.connect(lambda _: self.view_chosen.emit(str(self.view.value())))
        self.who.activated.connect(lambda _: self.who_chosen.emit(str(self.who.value())))
        theme.changed.connect(self.fit)

    def _lay_out(self) -> None:
        bar = QHBoxLayout(self)
        bar.setContentsMargins(16, 8, 16, 8)
        bar.setSpacing(4)
        for part in (
            self.back_week, self.back_day, self.today_button, self.next_day, self.next_week,
        ):  # fmt: skip
            bar.addWidget(part)
        bar.addSpacing(12)
        bar.addWidget(self.heading, 1)
        for part in (self.view, self.who):
            bar.addWidget(part)
        bar.addSpacing(4)
        for part in (
            self.go_to_line, self.cancelled_button, self.colour_button, self.smaller, self.taller,
        ):  # fmt: skip
            bar.addWidget(part)
        bar.addSpacing(8)
        bar.addWidget(self.book_button)

    def _colour_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAccessibleName("Color visits by")
        group = QActionGroup(menu)
        for by, name in COLOURED_BY.items():
            action = menu.addAction(f"Color by {name.lower()}")
            action.setCheckable(True)
            action.setChecked(by == "type")
            action.setData(by)
            group.addAction(action)
        group.triggered.connect(lambda action: self.colour_chosen.emit(action.data()))
        return menu

    def mark_colour(self, by: str) -> None:
        """Tick what visits are coloured by, without saying that it was chosen."""
        for action in self.colours.actions():
            action.setChecked(action.data() == by)

    def ask_colour(self) -> None:
        """Offer what visits may be coloured by."""
        button = self.colour_button if self.colour_button.isVisible() else self.view
        self.colours.popup(button.mapToGlobal(button.rect().bottomLeft()))
        chosen = next((a for a in self.colours.actions() if a.isChecked()), None)
        if chosen is not None:
            self.colours.setActiveAction(chosen)

    def offer(self, choices: Iterable[ColumnChoice], saved: Iterable[SavedView], who: str) -> None:
        """List whose columns may be shown, and mark those that are."""
        pairs: list[tuple[object, str]] = [(EVERYBODY, "All providers"), (ROOMS, "All rooms")]
        for number, view in enumerate(saved):
            key = f"  (F{5 + number})" if number < 8 else ""
            pairs.append((f"saved:{view.id}", f"{view.name}{key}"))
        pairs += [(str(choice.key), choice.title) for choice in choices]
        pairs.append((EDIT_VIEWS, "Edit views…"))
        self.who.set_pairs(pairs)
        self.who.set_value(who)

    def fit(self) -> None:
        """Text grows and windows shrink: what has a key as well gives way."""
        px = self._desk.theme.px
        self.go_to_line.setFixedWidth(px(136))
        self.view.setFixedWidth(px(128))
        self.who.setFixedWidth(px(188))
        roomy = self.width() >= px(_ROOM_FOR_ALL)
        for part in (self.back_week, self.next_week, self.smaller, self.taller):
            part.setVisible(roomy)
        self.go_to_line.setVisible(self.width() >= px(_ROOM_FOR_DATE))
