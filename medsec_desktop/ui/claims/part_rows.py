"""A list in a claim: rows that are added, taken away and put in order, by keys and with the mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.part import ClaimPart, look_only
from medsec_desktop.ui.patients.forms import Form, even_columns, share_evenly
from medsec_desktop.ui.widgets import IconButton, PlainButton, Text
from medsec_desktop.ui.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class PartRow(Form):
    """One row; `removed` and `moved` are wishes, which its list fulfils.

    Alt+Up and Alt+Down move it from any of its fields.
    """

    removed = Signal()
    moved = Signal(int)
    noun = ""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.value: Any = None  # what it was filled from; None for one that was added
        theme = desk.theme
        move = self.moved.emit
        self.up_button = IconButton(theme, "arrow-up", "", lambda: move(-1))
        self.down_button = IconButton(theme, "arrow-down", "", lambda: move(1))
        self.remove_button = IconButton(theme, "trash-2", "", self.removed.emit)
        card = QFrame()
        card.setProperty("kind", "card")
        inside = QHBoxLayout(card)
        inside.setContentsMargins(12, 8, 8, 12)
        inside.setSpacing(8)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(8)
        even_columns(self.grid)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.body.addLayout(self.grid)
        inside.addLayout(self.body, 1)
        side = QVBoxLayout()
        side.setSpacing(0)
        side.addSpacing(theme.px(14))
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for button in (self.up_button, self.down_button, self.remove_button):
            buttons.addWidget(button)
        side.addLayout(buttons)
        side.addStretch(1)
        inside.addLayout(side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self.build()
        for widget in self.fields.values():
            widget.setProperty("shown", True)

    def build(self) -> None:
        """Make the fields and `place` them into the grid."""
        raise NotImplementedError

    def fill(self, value: Any, claim: Claim) -> None:
        """Show one of the list; None is a new one."""
        raise NotImplementedError

    def taken(self) -> Any:
        """What stands here, over what it was filled from. Raises Invalid with the field inside."""
        raise NotImplementedError

    def place(
        self, name: str, label: str, widget: QWidget, at: tuple[int, int, int], hint: str = ""
    ) -> None:
        """A field in row, column and width of the grid of six."""
        field = self.add(name, label, widget, hint=hint)
        share_evenly(field)
        self.grid.addWidget(field, at[0], at[1], 1, at[2], Qt.AlignmentFlag.AlignTop)

    def day_field(self) -> QWidget:
        from medsec_desktop.ui.widgets import DateEdit

        office = self._desk.office
        return DateEdit(self._desk.theme, office.formats, office.clock.today)

    def set_read_only(self, is_read_only: bool) -> None:
        look_only(self, is_read_only)

    def count_as(self, number: int, count: int, is_read_only: bool) -> None:
        """Say which of how many it is, to a screen reader too."""
        which = f"{self.noun} {number}" if count > 1 else self.noun
        for button, words, keys in (
            (self.up_button, f"Move {which} up", " (Alt+Up)"),
            (self.down_button, f"Move {which} down", " (Alt+Down)"),
            (self.remove_button, f"Remove {which}", ""),
        ):
            button.setAccessibleName(words)
            button.setToolTip(f"{words}{keys}")
        self.up_button.setVisible(count > 1 and not is_read_only)
        self.down_button.setVisible(count > 1 and not is_read_only)
        self.remove_button.setVisible(not is_read_only)
        self.up_button.setEnabled(number > 1)
        self.down_button.setEnabled(number < count)
        for name, field in self.labelled.items():
            plain = field.label.text()
            self.fields[name].setAccessibleName(
                f"{which[:1].upper()}{which[1:]}: {plain}" if count > 1 else plain
            )

    def first_field(self) -> QWidget:
        return next(iter(self.fields.values()))

    def widget_at(self, inside: str) -> QWidget:
        """The widget of a place inside the row, such as “insured.rank”."""
        return self.fields.get(inside) or self.first_field()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        by = steps.get(Qt.Key(event.key()), 0)
        if by and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.moved.emit(by)
        else:
            super().keyPressEvent(event)


class PartRows(ClaimPart):
    """`values` says what of a claim is listed here, `with_values` puts what stands here into it."""

    noun = ""
    path = ""  # of the list in the claim: “others”
    add_text = ""
    at_most = 0  # 0: as many as one likes
    says_none = True  # that there are none, where nothing can be added

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._is_read_only = False
        self._claim: Claim | None = None
        self.rows: list[PartRow] = []
        self._spare: list[PartRow] = []  # to make one takes longer than to fill ten
        self.none = Text("None.", "muted")
        self.add_button = PlainButton(self.add_text, self.add_and_go, kind="quiet")
        self.add_button.by_enter = True
        desk.theme.wear(self.add_button, "plus")
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        foot = QHBoxLayout()
        foot.addWidget(self.none)
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(self._column)
        whole.addLayout(foot)

    def make(self) -> PartRow:
        """A new, empty row."""
        raise NotImplementedError

    def values(self, claim: Claim) -> Sequence[Any]:
        raise NotImplementedError

    def with_values(self, claim: Claim, values: tuple[Any, ...]) -> Claim:
        raise NotImplementedError

    # -- showing --------------------------------------------------------------------------------

    @property
    def size_of_list(self) -> int:
        return len(self.rows)

    def steps(self, claim: Claim, *, is_read_only: bool) -> Iterator[None]:
        yield from self.show_values(self.values(claim), claim, is_read_only=is_read_only)

    def show_values(
        self, values: Sequence[Any], claim: Claim, *, is_read_only: bool
    ) -> Iterator[None]:
        """Show these, each in a step."""
        self._claim, self._is_read_only = claim, is_read_only
        self._drop_to(len(values))
        for at, value in enumerate(values):
            if at >= len(self.rows):
                self._new_row()
                yield
            self._fill(self.rows[at], value)
            yield
        self._count()

    def _fill(self, row: PartRow, value: Any) -> None:
        assert self._claim is not None
        row.value = value
        row.clear_problems()
        row.fill(value, self._claim)
        row.set_read_only(self._is_read_only)

    def raw(self) -> list[dict[str, Any]]:
        """What is typed, with which of the claim’s own each row was filled from."""
        known = list(self.values(self._claim)) if self._claim is not None else []
        return [
            {"of": next((at for at, one in enumerate(known) if one is row.value), -1), **row.raw()}
            for row in self.rows
        ]

    def restore(self, raw: Sequence[Mapping[str, Any]]) -> None:
        assert self._claim is not None
        known = self.values(self._claim)
        self._drop_to(len(raw))
        for at, state in enumerate(raw):
            row = self.rows[at] if at < len(self.rows) else self._new_row()
            of = int(state.get("of", -1))
            self._fill(row, known[of] if 0 <= of < len(known) else None)
            row.put({name: value for name, value in state.items() if name != "of"})
        self._count()

    def _new_row(self) -> PartRow:
        row = self._spare.pop() if self._spare else self._made()
        self.rows.append(row)
        self._column.addWidget(row)
        row.show()
        return row

    def _made(self) -> PartRow:
        row = self.make()
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self.remove(row))
        row.moved.connect(lambda by: self.move(row, by))
        return row

    def _drop_to(self, count: int) -> None:
        while len(self.rows) > count:
            self._put_by(self.rows.pop())

    def _put_by(self, row: PartRow) -> None:
        self._column.removeWidget(row)
        row.hide()
        self._spare.append(row)

    def _count(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            row.count_as(number, len(self.rows), self._is_read_only)
        is_full = bool(self.at_most) and len(self.rows) >= self.at_most
        self.add_button.setVisible(not self._is_read_only and not is_full)
        self.none.setVisible(self.says_none and self._is_read_only and not self.rows)

    # -- adding, taking away, putting in order ---------------------------------------------------

    def add_and_go(self) -> PartRow:
        """A new row, the cursor in its first field."""
        row = self._new_row()
        self._fill(row, None)
        self._count()
        tab_as_laid_out(self)
        row.first_field().setFocus()
        self.changed.emit()
        self.added.emit(row)
        return row

    def remove(self, row: PartRow) -> None:
        """Take a row off; the focus stays where the hands are."""
        at = self.rows.index(row)
        self.rows.remove(row)
        self._put_by(row)
        self._count()
        follower = self.rows[min(at, len(self.rows) - 1)] if self.rows else None
        (follower.remove_button if follower else self.add_button).setFocus()
        self.changed.emit()

    def move(self, row: PartRow, by: int) -> None:
        """Put a row one place up or down; the focus goes with it."""
        at = self.rows.index(row)
        to = at + by
        if self._is_read_only or not 0 <= to < len(self.rows):
            return
        focus = self.window().focusWidget()
        self.rows.insert(to, self.rows.pop(at))
        self._column.removeWidget(row)
        self._column.insertWidget(to, row)
        self._count()
        tab_as_laid_out(self)
        if focus is not None and row.isAncestorOf(focus):
            # A button that can go no further hands on to its neighbour.
            (focus if focus.isEnabled() else self._other_button(row, focus)).setFocus()
        self.changed.emit()

    @staticmethod
    def _other_button(row: PartRow, focus: QWidget) -> QWidget:
        return row.down_button if focus is row.up_button else row.up_button

    # -- reading --------------------------------------------------------------------------------

    def taken(self, claim: Claim) -> Claim:
        found = self.taken_values()
        if len(found) == len(old := tuple(self.values(claim))) and found == old:
            return claim
        return self.with_values(claim, found)

    def taken_values(self) -> tuple[Any, ...]:
        """What the rows say. Raises Invalid with the place of the fault: “others[1].paid”."""
        found = []
        for at, row in enumerate(self.rows):
            try:
                for name, fault in row.own_faults().items():
                    raise Invalid(fault, field=name)
                one = row.taken()
            except Invalid as fault:
                raise Invalid(
                    fault.what, fault.why, fault.remedy, field=self._place(at, fault.field)
                ) from None
            if one is not None:
                found.append(one)
        return tuple(found)

    def _place(self, at: int, inside: str) -> str:
        return inside if inside.startswith("lines[") else f"{self.path}[{at}].{inside}"

    def widget_at(self, place: str) -> QWidget | None:
        """The widget of “others[0].paid_cents”; the button that adds one where there is no such row."""
        found = re.match(rf"{self.path}\[(\d+)\]\.?(.*)", place)
        at = int(found[1]) if found else 0
        if at >= len(self.rows):
            return self.add_button if not self.rows else self.rows[-1].first_field()
        return self.rows[at].widget_at(found[2] if found else "")

    def problem(self, place: str, text: str) -> None:
        found = re.match(rf"{self.path}\[(\d+)\]\.?(.*)", place)
        if found and int(found[1]) < len(self.rows):
            self.rows[int(found[1])].problem(found[2], text)
