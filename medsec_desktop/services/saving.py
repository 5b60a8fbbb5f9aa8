"""Saving one row: quickly, and without overwriting what somebody else has written meanwhile."""

from __future__ import annotations

from functools import cache
from typing import Any

from medsec_desktop.models import Journalled
from medsec_desktop.problems import Conflict


def insert_row(model: type[Journalled], **columns: Any) -> int:
    """Add a row, named by columns (`patient_id=`), and give its number.

    The same as `model.create`, whose building of SQL anew costs more than the insert itself.
    """
    sql = _insert_sql(model, tuple(columns))
    cursor = model._meta.database.execute_sql(sql, tuple(columns.values()))
    return int(cursor.lastrowid)


@cache
def _insert_sql(model: type[Journalled], columns: tuple[str, ...]) -> str:
    unknown = set(columns) - set(model._meta.columns)
    if unknown:
        raise TypeError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {model._meta.table_name} ({', '.join(columns)}) VALUES ({marks})"


def save_row(model: type[Journalled], row_id: int, version: int, **fields: Any) -> None:
    """Write `fields` to a row that must still be at `version`, and count its version on.

    Writes nothing where nothing differs. Raises Conflict where the row has moved on or is gone; the
    caller adds who and what, which only it can name.
    """
    current = model.select().where(model.id == row_id).dicts().first()
    if current is None or current["version"] != version:
        raise Conflict(
            "This was changed by somebody else while you had it open.",
            "Saving now would overwrite what was written meanwhile.",
            "Look at both, then save again.",
        )
    if all(_stored(model, current, name) == value for name, value in fields.items()):
        return
    model.update(version=version + 1, **fields).where(model.id == row_id).execute()


def require_patient(model: type[Journalled], row_id: int, patient_id: int) -> None:
    """Raise Conflict where a row stands in the file of somebody else than `patient_id`."""
    whose = model.select().where(model.id == row_id).dicts().first()
    if whose is not None and _stored(model, whose, "patient_id") != patient_id:
        raise Conflict(
            "This belongs to another patient’s file.",
            "The files were merged or taken apart while you had it open, or it is a mix-up.",
            "Open it again from the file it is in.",
        )


def _stored(model: type[Journalled], current: dict[str, Any], name: str) -> Any:
    return current[model._meta.combined[name].name]
