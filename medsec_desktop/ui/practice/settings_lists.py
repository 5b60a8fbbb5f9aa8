"""Settings that are lists: providers with their hours, kinds of visit, rooms, closed days, payers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.services.practice import (
    PALETTE,
    USUAL_HOURS,
    ClosureDraft,
    PayerDraft,
    ProviderDraft,
    ProviderRow,
    RoomDraft,
    RoomRow,
    TypeDraft,
    TypeRow,
)
from medsec_desktop.ui.practice.editors import ProviderForm, TypeLine, WeekEditor
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    EmptyState,
    FastList,
    Field,
    IconButton,
    ListRow,
    PlainButton,
    Section,
    Text,
)


class ProvidersPage(SettingsPage):
    """Who sees patients: details, calendar column and weekly hours."""

    id = "providers"
    name = "Providers and hours"
    icon = "stethoscope"
    words = "Everyone who sees patients. Changes count at once; visits already booked stay."
    finds = "doctor npi credential specialty colour column working hours week break schedule"
    tables = ("provider", "working_hours")

    def build(self) -> None:
        theme = self.desk.theme
        self._shown: int | None = None
        self.filter = QLineEdit()
        self.filter.setProperty("kind", "search")
        self.filter.setPlaceholderText("Find a provider")
        self.filter.setAccessibleName("Find a provider")
        self.filter.textChanged.connect(lambda _: self._show_list())
        self.list = FastList(theme, "Providers", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setMinimumHeight(theme.px(320))
        self.add = PlainButton("Add", self.add_provider, kind="quiet")
        theme.wear(self.add, "plus")
        self.up = IconButton(
            theme, "arrow-up", "Move the column to the left", lambda: self._move(-1)
        )
        self.down = IconButton(
            theme, "arrow-down", "Move the column to the right", lambda: self._move(1)
        )
        self.remove = IconButton(theme, "trash-2", "Remove this provider", self._remove)
        self.form = ProviderForm(theme)
        self.week = WeekEditor(theme, self.desk.office.formats)
        self.form.left.connect(self._save_form)
        self.week.left.connect(self._save_week)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        for button in (self.up, self.down, self.remove):
            buttons.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.filter)
        left.addWidget(self.list, 1)
        left.addLayout(buttons)
        hours = Section("Weekly hours")
        hours.body.addWidget(self.week)
        self.right = QWidget()
        right = QVBoxLayout(self.right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(16)
        right.addWidget(self.form)
        right.addWidget(hours)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left, 2)
        row.addWidget(self.right, 5)
        self.inside.addLayout(row)
        self.list.selectionModel().currentChanged.connect(self._chosen)

    def reload(self) -> None:
        super().reload()
        self.week.set_formats(self.desk.office.formats)
        self._rows: tuple[ProviderRow, ...] = self.practice.providers()
        if self._shown not in [row.id for row in self._rows] and self._shown != 0:
            self._shown = self._rows[0].id if self._rows else None
        self._show_list()
        self._show_form()

    def _show_list(self) -> None:
        words = self.filter.text().casefold().split()
        shown = [
            row
            for row in self._rows
            if all(word in f"{row.name} {row.specialty} {row.npi}".casefold() for word in words)
        ]
        rows = [
            ListRow(
                row.id,
                row.name,
                row.specialty if row.is_bookable else _not_bookable(row.specialty),
            )
            for row in shown
        ]
        if self._shown == 0:
            rows.insert(0, ListRow(0, "New provider", "Type the last name"))
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(rows, preselect=False)
        for index, row in enumerate(rows):
            if row.value == self._shown:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        model.blockSignals(False)
        self.list.viewport().update()

    def _show_form(self) -> None:
        row = next((row for row in self._rows if row.id == self._shown), None)
        self.right.setVisible(self._shown is not None)
        for button in (self.up, self.down):
            button.setEnabled(row is not None and row.is_bookable)
        self.remove.setEnabled(row is not None)
        if row is not None:
            self.form.show_draft(row.draft())
            self.week.set_rows(self.practice.hours(row.id))
        elif self._shown == 0:
            colour = PALETTE[len(self.practice.providers(bookable_only=True)) % len(PALETTE)]
            self.form.show_draft(ProviderDraft("", colour=colour))
            self.week.set_rows(USUAL_HOURS)

    def _chosen(self) -> None:
        value = self.list.current_value()
        if value is not None and value != self._shown:
            self._shown = value
            self._show_list()
            self._show_form()

    def show_provider(self, provider_id: int) -> None:
        """Bring one provider up."""
        self._shown = provider_id
        self._show_list()
        self._show_form()

    def add_provider(self) -> None:
        """An empty form; it is kept from its last name on."""
        self._shown = 0
        self._show_list()
        self._show_form()
        self.form.given.setFocus()

    def _save_form(self) -> None:
        draft = self.form.draft()
        if not draft.id:
            if not draft.family_name.strip():
                return
            self._save_new(draft)
            return
        known = next((row.draft() for row in self._rows if row.id == draft.id), None)
        if known is None or replace(draft, colour=draft.colour) == replace(
            known, colour=known.colour or PALETTE[0]
        ):
            return
        self._save(f"{draft.family_name}: changed.", lambda: self.practice.save_provider(draft))

    def _save_new(self, draft: ProviderDraft) -> None:
        def write() -> None:
            provider_id = self.practice.save_provider(draft)
            self._shown = provider_id
            self.practice.save_hours(provider_id, self.week.rows())

        self._save(f"{draft.family_name}: added.", write)
        self.reload()

    def _save_week(self) -> None:
        provider_id = self._shown
        if not provider_id:
            return
        try:
            rows = self.week.rows()
        except Problem:
            return  # the line itself says what is wrong
        if rows != self.practice.hours(provider_id):
            self._save(
                "Working hours: changed.", lambda: self.practice.save_hours(provider_id, rows)
            )

    def _save(self, said: str, write: Callable[[], object]) -> None:
        try:
            write()
        except Problem as problem:
            if not self.form.complain(problem):
                self.desk.messages.problem(problem)
            return
        self.desk.messages.say(said, undo=True)

    def _move(self, by: int) -> None:
        if self._shown:
            provider_id = self._shown
            self.save(
                "Order of the columns: changed.",
                lambda: self.practice.move("provider", provider_id, by),
            )

    def _remove(self) -> None:
        row = next((row for row in self._rows if row.id == self._shown), None)
        if row is not None:
            self.save(f"{row.name}: removed.", lambda: self.practice.remove_provider(row.id))


class TypesPage(SettingsPage):
    """The kinds of appointment, one line each."""

    id = "types"
    name = "Appointment types"
    icon = "tag"
    words = "How long each takes, its colour, and what patients should do before they come."
    finds = "kinds of visit duration minutes colour preparation buffer"
    tables = ("appointment_type",)

    def build(self) -> None:
        theme = self.desk.theme
        self.lines: list[TypeLine] = []
        self.column = QVBoxLayout()
        self.column.setSpacing(8)
        self.add = PlainButton("Add a type", self.add_type, kind="quiet")
        theme.wear(self.add, "plus")
        self.hidden = Section("Hidden", "Used by past visits and no longer offered.")
        self.inside.addLayout(self.column)
        self.inside.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.inside.addWidget(self.hidden)

    def reload(self) -> None:
        super().reload()
        rows = self.practice.types()
        shown = [row for row in rows if row.is_active]
        known = [(line.known.id, line.known.version) for line in self.lines]
        if known != [(row.id, row.version) for row in shown]:
            focus = next((line.known.id for line in self.lines if _holds_focus(line)), None)
            _empty(self.column)
            self.lines = [self._line(row.draft()) for row in shown]
            for line in self.lines:
                if line.known.id == focus:
                    line.name.setFocus()
        _empty(self.hidden.body)
        for row in rows:
            if not row.is_active:
                self.hidden.body.addLayout(self._hidden_line(row))
        self.hidden.setVisible(len(shown) < len(rows))

    def _line(self, draft: TypeDraft) -> TypeLine:
        line = TypeLine(self.desk.theme, draft)
        up = IconButton(
            self.desk.theme, "arrow-up", f"Move {draft.name} up", lambda: self._move(line, -1)
        )
        line.preparation = QLineEdit(draft.preparation)  # type: ignore[attr-defined]
        line.preparation.setPlaceholderText("Preparation, such as “fasting from midnight”")
        line.preparation.setAccessibleName(f"Preparation for {draft.name or 'the type'}")
        line.preparation.editingFinished.connect(line.left)
        line.row.insertWidget(3, line.preparation, 2)
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

    def _save_line(self, line: TypeLine) -> None:
        draft = replace(line.draft(), preparation=line.preparation.text())  # type: ignore[attr-defined]
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

    def _remove(self, line: TypeLine) -> None:
        if line.known.id:
            name = line.known.name
            self.save(
                f"{name}: no longer offered.", lambda: self.practice.remove_type(line.known.id)
            )
        else:
            self.lines.remove(line)
            line.hide()
            line.deleteLater()

    def _move(self, line: TypeLine, by: int) -> None:
        if line.known.id:
            self.save(
                "Order of the types: changed.",
                lambda: self.practice.move("type", line.known.id, by),
            )


class RoomsPage(SettingsPage):
    """The rooms visits may be given to."""

    id = "rooms"
    name = "Rooms"
    icon = "door-open"
    words = "Rooms a visit can be given to. A clinic that does not share rooms needs none."
    finds = "exam room equipment"
    tables = ("room",)

    def build(self) -> None:
        theme = self.desk.theme
        self.name_line, self.kind_line = QLineEdit(), QLineEdit()
        self.fields["name"] = Field("New room", self.name_line)
        self.fields["kind"] = Field("Kind, such as “exam” or “x-ray”", self.kind_line)
        self.name_line.textEdited.connect(lambda _: self.fields["name"].problem(""))
        self.add = PlainButton("Add", self.add_room)
        for line in (self.name_line, self.kind_line):
            line.returnPressed.connect(self.add_room)
        self.list = FastList(theme, "Rooms")
        self.list.setProperty("kind", "boxed")
        self.list.setMinimumHeight(theme.px(240))
        self.remove = PlainButton("Remove", self._remove, kind="quiet")
        theme.wear(self.remove, "trash-2")
        self.rename = PlainButton("Rename…", self._rename, kind="quiet")
        theme.wear(self.rename, "pencil")
        self.list.chosen.connect(lambda _: self._rename())
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.fields["name"], 2, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.fields["kind"], 2, Qt.AlignmentFlag.AlignTop)
        row.addLayout(_below_label(self.add))
        self.inside.addLayout(row)
        self.inside.addWidget(self.list)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.rename)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        self.inside.addLayout(buttons)

    def reload(self) -> None:
        super().reload()
        at = self.list.currentIndex().row()
        rows = self.practice.rooms()
        self.list.set_rows(
            [
                ListRow(row, row.name, row.kind, mark="" if row.is_active else "Hidden")
                for row in rows
            ]
        )
        if 0 <= at < len(rows):
            self.list.setCurrentIndex(self.list.rows.index(at, 0))
        for button in (self.remove, self.rename):
            button.setEnabled(bool(rows))

    def add_room(self) -> None:
        draft = RoomDraft(self.name_line.text(), self.kind_line.text())
        if self.save(f"{draft.name.strip()}: added.", lambda: self.practice.save_room(draft)):
            self.name_line.clear()
            self.kind_line.clear()
        self.name_line.setFocus()

    def _rename(self) -> None:
        row: RoomRow | None = self.list.current_value()
        if row is None:
            return

        def rename(name: str) -> None:
            draft = RoomDraft(name, row.kind, True, row.id, row.version)
            self.save(f"{row.name}: renamed.", lambda: self.practice.save_room(draft))

        self.desk.prompts.ask_text(
            "Rename the room", "Name", rename, value=row.name, button="Rename"
        )

    def _remove(self) -> None:
        row: RoomRow | None = self.list.current_value()
        if row is not None:
            self.save(f"{row.name}: removed.", lambda: self.practice.remove_room(row.id))


class ClosuresPage(SettingsPage):
    """Days on which the practice or a provider is away."""

    id = "closures"
    name = "Closed days"
    icon = "calendar-x"
    words = "Holidays, meetings and absences: of the whole practice, or of one provider."
    finds = "holiday vacation away closure absence"
    tables = ("closure", "provider", "setting")

    def build(self) -> None:
        theme, office = self.desk.theme, self.desk.office
        self.what = QLineEdit()
        self.what.setPlaceholderText("Thanksgiving")
        self.first = DateEdit(theme, office.formats, office.clock.today)
        self.last = DateEdit(theme, office.formats, office.clock.today)
        self.who = Choice()
        self.fields["name"] = Field("Why", self.what)
        self.fields["first_on"] = Field("From", self.first)
        self.fields["last_on"] = Field("To, if later", self.last)
        self.fields["who"] = Field("Who is away", self.who)
        self.add = PlainButton("Add", self.add_closure)
        for line in (self.what, self.first, self.last):
            line.returnPressed.connect(self.add_closure)
        self.what.textEdited.connect(lambda _: self.fields["name"].problem(""))
        self.first.textEdited.connect(lambda _: self.fields["first_on"].problem(""))
        self.last.textEdited.connect(lambda _: self.fields["last_on"].problem(""))
        self.list = FastList(theme, "Closed days", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setMinimumHeight(theme.px(240))
        self.empty = EmptyState(
            theme, "calendar-x", "No closed days ahead", "Days added here are refused when booking."
        )
        self.remove = PlainButton("Remove", self._remove, kind="quiet")
        theme.wear(self.remove, "trash-2")
        row = QHBoxLayout()
        row.setSpacing(12)
        for name, stretch in (("name", 3), ("first_on", 2), ("last_on", 2), ("who", 3)):
            row.addWidget(self.fields[name], stretch, Qt.AlignmentFlag.AlignTop)
        row.addLayout(_below_label(self.add))
        self.inside.addLayout(row)
        self.inside.addWidget(self.empty)
        self.inside.addWidget(self.list)
        self.inside.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)

    def reload(self) -> None:
        super().reload()
        formats = self.desk.office.formats
        everyone: list[tuple[object, str]] = [(None, "The whole practice")]
        everyone += [(row.id, row.name) for row in self.practice.providers(bookable_only=True)]
        self.who.set_pairs(everyone)
        rows = self.practice.closures(since=self.desk.office.clock.today())
        shown = []
        for row in rows:
            days = formats.long_date(row.first_on)
            if row.last_on != row.first_on:
                days += f" to {formats.long_date(row.last_on)}"
            who = row.provider_name or "The whole practice"
            shown.append(ListRow(row, row.name, f"{days} · {who}"))
        self.list.set_rows(shown)
        self.list.setVisible(bool(rows))
        self.remove.setVisible(bool(rows))
        self.empty.setVisible(not rows)

    def add_closure(self) -> None:
        for name, edit in (("first_on", self.first), ("last_on", self.last)):
            if edit.problem() or (name == "first_on" and edit.value() is None):
                self.fields[name].problem(edit.problem() or "Type the day.")
                edit.setFocus()
                return
        first = self.first.value()
        assert first is not None
        draft = ClosureDraft(
            self.what.text(),
            first,
            self.last.value() or first,
            self.who.value(),  # type: ignore[arg-type]
        )
        if self.save(f"{draft.name.strip()}: added.", lambda: self.practice.save_closure(draft)):
            self.what.clear()
            self.first.set_value(None)
            self.last.set_value(None)
            self.what.setFocus()

    def _remove(self) -> None:
        row = self.list.current_value()
        if row is not None:
            self.save(f"{row.name}: removed.", lambda: self.practice.remove_closure(row.id))


class PayersPage(SettingsPage):
    """The insurers, with what claims need of them."""

    id = "payers"
    name = "Payers"
    icon = "credit-card"
    words = (
        "The insurers of your patients. Imports add theirs; the number is for electronic claims."
    )
    finds = "insurance insurer plan payer number electronic claims"
    tables = ("payer", "coverage")

    def build(self) -> None:
        theme = self.desk.theme
        self._shown = 0
        self.filter = QLineEdit()
        self.filter.setProperty("kind", "search")
        self.filter.setPlaceholderText("Find a payer")
        self.filter.setAccessibleName("Find a payer")
        self.filter.textChanged.connect(lambda _: self._show_list())
        self.list = FastList(theme, "Payers", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setMinimumHeight(theme.px(320))
        self.add = PlainButton("Add", self.add_payer, kind="quiet")
        theme.wear(self.add, "plus")
        self.remove = IconButton(theme, "trash-2", "Remove this payer", self._remove)
        self.lines: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for name, label, row, column, span in (
            ("name", "Name", 0, 0, 4),
            ("payer_number", "Payer number", 0, 4, 2),
            ("line1", "Street", 1, 0, 4),
            ("line2", "Suite, P.O. box", 1, 4, 2),
            ("city", "City", 2, 0, 3),
            ("state", "State", 2, 3, 1),
            ("postal_code", "ZIP code", 2, 4, 2),
            ("phone", "Phone", 3, 0, 3),
        ):
            line = QLineEdit()
            field = Field(label, line, required=name == "name")
            line.textEdited.connect(lambda _, field=field: field.problem(""))
            line.editingFinished.connect(self._save_form)
            self.lines[name], self.fields[name] = line, field
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        self.used = Text("", "muted", wrap=True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.filter)
        left.addWidget(self.list, 1)
        left.addLayout(buttons)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addLayout(grid)
        right.addWidget(self.used)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addLayout(left, 2)
        both.addLayout(right, 4)
        self.inside.addLayout(both)
        self.list.selectionModel().currentChanged.connect(self._chosen)

    def reload(self) -> None:
        super().reload()
        self._rows = self.practice.payers()
        if self._shown not in [row.id for row in self._rows]:
            self._shown = self._rows[0].id if self._rows else 0
        self._show_list()
        self._show_form()

    def _show_list(self) -> None:
        words = self.filter.text().casefold().split()
        rows = [
            ListRow(row.id, row.name, row.payer_number or row.city)
            for row in self._rows
            if all(word in f"{row.name} {row.payer_number}".casefold() for word in words)
        ]
        if self._shown == 0:
            rows.insert(0, ListRow(0, "New payer", "Type the name"))
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(rows, preselect=False)
        for index, row in enumerate(rows):
            if row.value == self._shown:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        model.blockSignals(False)
        self.list.viewport().update()

    def _show_form(self) -> None:
        row = next((row for row in self._rows if row.id == self._shown), None)
        for name, line in self.lines.items():
            line.setText(getattr(row, name) if row else "")
            self.fields[name].problem("")
        self.used.setText(f"{row.coverages:,} coverages name it." if row else "")
        self.remove.setEnabled(row is not None)

    def _chosen(self) -> None:
        value = self.list.current_value()
        if value is not None and value != self._shown:
            self._shown = value
            self._show_list()
            self._show_form()

    def add_payer(self) -> None:
        """An empty form; it is kept from its name on."""
        self._shown = 0
        self._show_list()
        self._show_form()
        self.lines["name"].setFocus()

    def _save_form(self) -> None:
        row = next((row for row in self._rows if row.id == self._shown), None)
        texts = {name: line.text().strip() for name, line in self.lines.items()}
        if row is None and not texts["name"]:
            return
        if row is not None and all(getattr(row, name) == text for name, text in texts.items()):
            return
        draft = PayerDraft(**texts, id=row.id if row else 0, version=row.version if row else 0)

        def write() -> None:
            self._shown = self.practice.save_payer(draft)

        if self.save(f"{draft.name}: {'changed' if row else 'added'}.", write) and row is None:
            self.reload()

    def _remove(self) -> None:
        row = next((row for row in self._rows if row.id == self._shown), None)
        if row is not None:
            guarded(self.desk, lambda: self._take_away(row.id, row.name))

    def _take_away(self, payer_id: int, name: str) -> None:
        self.practice.remove_payer(payer_id)
        self.desk.messages.say(f"{name}: removed.", undo=True)


def _below_label(button: QWidget) -> QVBoxLayout:
    """`button` as low as the editors beside it, under where their labels are."""
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(Text(" ", "small"))
    column.addWidget(button)
    column.addStretch(1)
    return column


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


def _not_bookable(specialty: str) -> str:
    """What stands under the name of a provider who only refers or is referred to."""
    return f"{specialty} · not on the calendar" if specialty else "Not on the calendar"
