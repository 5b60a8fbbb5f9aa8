"""The practice's own fields, as a form: each kind with the widget that suits it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from medsec_desktop.domain.custom_fields import CustomField
from medsec_desktop.domain.patients import CustomDraft, PatientDraft
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.patients.parts.part import DraftPart
from medsec_desktop.ui.widgets import Choice, DateEdit


class CustomPart(DraftPart):
    """Named `custom.3` after the field's number; retired fields keep what is in them, unseen."""

    title = "Practice’s own fields"
    names = ("custom",)

    def build(self) -> None:
        self._rows: dict[int, CustomDraft] = {}
        self.shown_fields = [field for field in self.context.asked.custom if field.is_active]
        place = self.grid()
        for index, field in enumerate(self.shown_fields):
            label = "" if field.kind == "tick" else field.name
            required = field.is_required and field.kind != "tick"
            widget = self.add(field.place, label, self._widget(field), required=required)
            place(widget, index // 2, index % 2 * 3, 3)

    def _widget(self, field: CustomField) -> QWidget:
        if field.kind == "tick":
            return QCheckBox(field.name)
        if field.kind == "pick":
            return choice({"": "Not said", **{text: text for text in field.choices}})
        if field.kind == "date":
            context = self.context
            return DateEdit(context.theme, context.formats, context.today)
        return QLineEdit()

    def shown(self, draft: PatientDraft) -> dict[str, Any]:
        self._rows = {row.field_id: row for row in draft.custom}
        values: dict[str, Any] = {}
        for field in self.shown_fields:
            row = self._rows.get(field.id)
            kept = row.value if row else ""
            if field.kind in ("tick", "pick"):
                values[field.place] = kept
            else:
                values[field.place] = field.shown(kept, self.context.formats) if kept else ""
        return values

    def values(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        rows = dict(self._rows)
        for field in self.shown_fields:
            typed, widget = raw[field.place], self.fields[field.place]
            if field.kind == "tick":
                typed = "1" if typed else ""
            elif isinstance(widget, DateEdit):
                day = widget.value()
                typed = day.isoformat() if day else ""
            elif isinstance(widget, Choice):
                typed = str(typed or "")
            row = rows.get(field.id, CustomDraft(field.id))
            rows[field.id] = replace(row, value=typed)
        return {"custom": tuple(row for row in rows.values() if row.value or row.id)}

    def go_over(self, now: PatientDraft, known: Collection[tuple[str, int]]) -> None:
        self._rows = {row.field_id: row for row in now.custom}

    def key_of(self, widget: QWidget | None) -> tuple[tuple[str, int, str], ...]:
        for field in self.shown_fields:
            row = self._rows.get(field.id)
            if self.fields[field.place] is widget and row is not None:
                return (("custom_value", row.id, "value"),)
        return ()
