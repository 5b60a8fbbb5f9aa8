"""Settings: days on which the practice, or a provider, is away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from medsec_desktop.domain.calendar import Span
from medsec_desktop.services.practice import ClosureDraft
from medsec_desktop.ui.practice.settings_page import SettingsPage, below_label
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    EmptyState,
    FastList,
    Field,
    ListRow,
    PlainButton,
)


class ClosuresPage(SettingsPage):
    """Days on which the practice or a provider is away."""

    id = "closures"
    name = "Closed days"
    icon = "calendar-x"
    words = "Whole days nobody comes: of the practice, or of one provider. Nothing is booked then."
    finds = "vacation away closure absence renovation conference"
    tables = ("closure", "provider", "setting")
    moves_hours = True

    def build(self) -> None:
        theme, office = self.desk.theme, self.desk.office
        self.what = QLineEdit()
        self.what.setPlaceholderText("Renovation")
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
        row.addLayout(below_label(self.add))
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
            if row.starts_min is not None and row.ends_min is not None:
                part = Span(row.starts_min, row.ends_min)
                times = formats.span(part.starts_at(row.first_on), part.duration_min)
                days += f", {times}"
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
