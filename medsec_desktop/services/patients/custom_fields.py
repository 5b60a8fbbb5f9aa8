"""The practice's own fields: defined, ordered, retired; never lost where something stands in one."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from medsec_desktop.domain.custom_fields import KINDS, MOST_CHOICES, CustomField
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.models import CustomField as FieldTable
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session
from medsec_desktop.store.database import Database


@dataclass(frozen=True, slots=True)
class CustomFieldDraft:
    """A field as the settings hand it in; `id` 0 when new."""

    name: str = ""
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_active: bool = True
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class CustomFieldRow:
    """A field and in how many files something stands in it."""

    id: int
    version: int
    name: str
    kind: str
    choices: tuple[str, ...]
    is_required: bool
    is_active: bool
    files: int

    def draft(self) -> CustomFieldDraft:
        return CustomFieldDraft(
            self.name, self.kind, self.choices, self.is_required, self.is_active, self.id,
            self.version,
        )  # fmt: skip


def fields_of(db: Database) -> tuple[CustomField, ...]:
    """All of them, in the order of the form, retired ones last."""
    return tuple(
        CustomField(row_id, name, kind, tuple(json.loads(choices)), bool(required), bool(active))
        for row_id, name, kind, choices, required, active in db.rows(
            "SELECT id, name, kind, choices, is_required, is_active FROM custom_field"
            " ORDER BY is_active DESC, position, id"
        )
    )


class CustomFields:
    """What the settings do with them."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def all(self) -> tuple[CustomFieldRow, ...]:
        """Every field with its use, in the order of the form, retired ones last."""
        return tuple(
            CustomFieldRow(
                row_id, version, name, kind, tuple(json.loads(choices)), bool(required),
                bool(active), files,
            )
            for row_id, version, name, kind, choices, required, active, files in self._db.rows(
                "SELECT f.id, f.version, f.name, f.kind, f.choices, f.is_required, f.is_active,"
                " (SELECT count(*) FROM custom_value v WHERE v.field_id = f.id) FROM custom_field f"
                " ORDER BY f.is_active DESC, f.position, f.id"
            )
        )  # fmt: skip

    def save(self, draft: CustomFieldDraft) -> int:
        """Define or change one; its number. Raises Invalid, Conflict, NotAllowed."""
        rows = {row.id: row for row in self.all()}
        draft = _checked(draft, [row.name for row in rows.values() if row.id != draft.id])
        known = rows.get(draft.id)
        if known is not None and known.files and known.kind != draft.kind:
            raise Invalid(
                f"{known.files:,} files already have something in this field.",
                remedy="Retire it and make a new one of the other kind.",
                field="kind",
            )
        if known is not None and known.kind == "pick":
            self._require_unused(known, set(known.choices) - set(draft.choices))
        values = {
            "name": draft.name,
            "kind": draft.kind,
            "choices": json.dumps(list(draft.choices), ensure_ascii=False),
            "is_required": draft.is_required,
            "is_active": draft.is_active,
        }
        label = f"{'Change' if draft.id else 'Add'} the field {draft.name}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(FieldTable, draft.id, draft.version, **values)
                return draft.id
            return insert_row(FieldTable, position=len(rows), **values)

    def remove(self, field_id: int) -> bool:
        """Take a field away, or retire it where something stands in it; whether it is gone."""
        row = self._row(field_id)
        if row.files:
            if row.is_active:
                self.save(replace(row.draft(), is_active=False))
            return False
        with self._session.change(f"Remove the field {row.name}", Permission.EDIT_SETTINGS):
            FieldTable.delete().where(FieldTable.id == field_id).execute()
        return True

    def move(self, field_id: int, by: int) -> None:
        """One place up (-1) or down (1) among those in use."""
        order = [row.id for row in self.all() if row.is_active]
        if field_id not in order:
            return
        at = order.index(field_id)
        to = min(max(at + by, 0), len(order) - 1)
        if to == at:
            return
        order.insert(to, order.pop(at))
        with self._session.change("Change the order of the fields", Permission.EDIT_SETTINGS):
            for position, each in enumerate(order):
                FieldTable.update(position=position, version=FieldTable.version + 1).where(
                    FieldTable.id == each, FieldTable.position != position
                ).execute()

    def _row(self, field_id: int) -> CustomFieldRow:
        for row in self.all():
            if row.id == field_id:
                return row
        raise Conflict("This field is no longer there.", remedy="Choose again from the list.")

    def _require_unused(self, row: CustomFieldRow, choices: set[str]) -> None:
        for choice in sorted(choices):
            files = self._db.value(
                "SELECT count(*) FROM custom_value WHERE field_id = ? AND value = ?",
                (row.id, choice),
            )
            if files:
                raise Invalid(
                    f"“{choice}” stands in {counted(files, 'file')}.",
                    remedy="Keep it in the list, or change those files first.",
                    field="choices",
                )


def _checked(draft: CustomFieldDraft, taken: list[str]) -> CustomFieldDraft:
    name = " ".join(draft.name.split())
    if not name:
        raise Invalid("The field needs a name.", remedy="Such as “Pharmacy”.", field="name")
    if name.casefold() in [other.casefold() for other in taken]:
        raise Invalid(f"There is already a field “{name}”.", field="name")
    if draft.kind not in KINDS:
        raise Invalid(f"“{draft.kind}” is no kind of field.", field="kind")
    choices: tuple[str, ...] = ()
    if draft.kind == "pick":
        words = [" ".join(choice.split()) for choice in draft.choices]
        choices = tuple(dict.fromkeys(word for word in words if word))
        if not choices:
            raise Invalid(
                "There is nothing to pick.", remedy="Type the choices, one a line.", field="choices"
            )
        if len(choices) > MOST_CHOICES:
            raise Invalid(
                f"A list of more than {MOST_CHOICES} is no longer quick to pick from.",
                remedy="Make it a text field instead.",
                field="choices",
            )
    return replace(draft, name=name, choices=choices)
