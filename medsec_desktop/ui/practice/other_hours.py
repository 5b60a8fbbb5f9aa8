"""Other hours on some days: a list of them and a line to add one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from medsec_desktop.domain.calendar import Span
from medsec_desktop.domain.weekly_hours import parse_stretches, spell_stretches
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.hours_records import ExceptionDraft, ExceptionRow
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.practice.settings_page import below_label
from medsec_desktop.ui.widgets import DateEdit, FastList, Field, ListRow, PlainButton, Section

Save = Callable[..., bool]  # `SettingsPage.save`


class OtherHours(Section):
    """The days on which a provider or a room keeps other hours than the week's."""

    def __init__(self, desk: Desk, save: Save, whose: str):
        super().__init__(
            "Other hours on some days", "They stand in place of the week's. Empty hours: away."
        )
        self._desk, self._save, self._whose = desk, save, whose
        self._owner: int | None = None
        office = desk.office
        self.first = DateEdit(desk.theme, office.formats, office.clock.today)
        self.last = DateEdit(desk.theme, office.formats, office.clock.today)
        self.spans, self.note = QLineEdit(), QLineEdit()
        self.spans.setPlaceholderText("Away")
        self.note.setPlaceholderText("Training")
        self.fields = {
            "first_on": Field("From", self.first),
            "last_on": Field("To, if later", self.last),
            "spans": Field("Hours, such as 8-12", self.spans),
            "note": Field("Why", self.note),
        }
        self.add = PlainButton("Add", self.add_hours)
        rows = [QHBoxLayout(), QHBoxLayout()]
        for row, names in zip(rows, (("first_on", "last_on"), ("spans", "note")), strict=True):
            row.setSpacing(12)
            for name in names:
                row.addWidget(self.fields[name], 1, Qt.AlignmentFlag.AlignTop)
        rows[1].addLayout(below_label(self.add))
        for line, field in (
            (self.first, "first_on"),
            (self.last, "last_on"),
            (self.spans, "spans"),
            (self.note, "note"),
        ):
            line.returnPressed.connect(self.add_hours)
            line.textEdited.connect(lambda _, field=field: self.fields[field].problem(""))
        self.list = FastList(desk.theme, "Other hours on some days", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setFixedHeight(desk.theme.px(136))
        self.remove = PlainButton("Remove", self._remove, kind="quiet")
        desk.theme.wear(self.remove, "trash-2")
        for row in rows:
            self.body.addLayout(row)
        self.body.addWidget(self.list)
        self.body.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)

    def show_owner(self, owner_id: int | None) -> None:
        """Show those of one provider or room, from today on."""
        if owner_id != self._owner:
            self._owner = owner_id
            self._clear()
        office = self._desk.office
        rows: tuple[ExceptionRow, ...] = ()
        if owner_id is not None:
            key = "provider_id" if self._whose == "provider" else "room_id"
            rows = office.hours.exceptions(office.clock.today(), **{key: owner_id})
        self.list.set_rows([self._listed(row) for row in rows])
        self.list.setVisible(bool(rows))
        self.remove.setVisible(bool(rows))
        self.setEnabled(owner_id is not None)

    def add_hours(self) -> None:
        """Keep what is typed, and leave the line empty for the next."""
        hours = self._desk.office.hours
        if self._save(
            "Other hours: added.", lambda: hours.save_exception(self._draft()), self.fields
        ):
            self._clear()
            self.first.setFocus()

    def _draft(self) -> ExceptionDraft:
        for name, edit in (("first_on", self.first), ("last_on", self.last)):
            if edit.problem() or (name == "first_on" and edit.value() is None):
                raise Invalid(edit.problem() or "Type the day.", field=name)
        first = self.first.value()
        assert first is not None
        try:
            stretches = parse_stretches(self.spans.text(), self._desk.office.formats)
        except Invalid as problem:
            raise Invalid(problem.what, remedy=problem.remedy, field="spans") from problem
        key = "provider_id" if self._whose == "provider" else "room_id"
        return ExceptionDraft(
            first,
            self.last.value() or first,
            tuple(Span(*stretch) for stretch in stretches),
            self.note.text(),
            **{key: self._owner},
        )

    def _listed(self, row: ExceptionRow) -> ListRow:
        formats = self._desk.office.formats
        days = formats.long_date(row.first_on)
        if row.last_on != row.first_on:
            days += f" to {formats.long_date(row.last_on)}"
        stretches = tuple((span.starts_min, span.ends_min) for span in row.spans)
        hours = spell_stretches(stretches, formats) if stretches else "Away"
        return ListRow(row, days, " · ".join(part for part in (hours, row.note) if part))

    def _remove(self) -> None:
        row = self.list.current_value()
        if row is not None:
            self._save(
                "Other hours: removed.",
                lambda: self._desk.office.hours.remove_exception(row.id),
            )

    def _clear(self) -> None:
        self.first.set_value(None)
        self.last.set_value(None)
        self.spans.clear()
        self.note.clear()
        for field in self.fields.values():
            field.problem("")
