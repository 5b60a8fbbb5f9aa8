"""Saving one row without overwriting what somebody else has written meanwhile."""

from __future__ import annotations

from typing import Any

from medsec_desktop.models import Journalled
from medsec_desktop.problems import Conflict


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


def _stored(model: type[Journalled], current: dict[str, Any], name: str) -> Any:
    return current[model._meta.combined[name].name]
