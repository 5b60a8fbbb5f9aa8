"""Whom labels and envelopes may be for, from the screen in front."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from medsec_desktop.ui.patients.people_list import PeopleList
from medsec_desktop.ui.rows import RowsView

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.widgets import Tab


@dataclass(frozen=True, slots=True)
class Group:
    """Some patients, and what they are called together."""

    name: str
    ids: tuple[int, ...]


def groups_in_front(desk: Desk, tab: Tab) -> tuple[Group, ...]:
    """The patient of the screen, those selected in its list, and all it lists; the likeliest first."""
    found: list[Group] = []
    for table in tab.findChildren(RowsView):
        if table.isVisible() and table.rows.rows:
            found += _of_list(desk, _ids(table.selected_rows()), _ids(table.shown_rows()))
    for people in tab.findChildren(PeopleList):
        if people.isVisible() and people.lines:
            chosen = people.current_id()
            ids = tuple(line.id for line in people.lines)
            found += _of_list(desk, (chosen,) if chosen else (), ids)
    if tab.patient_id is not None:
        found.insert(0, _one(desk, tab.patient_id))
    if len(tab.written_to) > 1:
        found.insert(
            0, Group(f"Everybody who got a letter ({len(tab.written_to):,})", tab.written_to)
        )
    elif tab.written_to:
        found.insert(0, _one(desk, tab.written_to[0]))
    groups: dict[tuple[int, ...], Group] = {}
    for group in found:
        groups.setdefault(group.ids, group)
    return tuple(groups.values())


def _of_list(desk: Desk, selected: tuple[int, ...], shown: tuple[int, ...]) -> Iterable[Group]:
    if len(selected) == 1:
        yield _one(desk, selected[0])
    elif selected:
        yield Group(f"The {len(selected)} selected", selected)
    if len(shown) > 1:
        yield Group(f"Everybody in the list ({len(shown):,})", shown)


def _one(desk: Desk, patient_id: int) -> Group:
    hits = desk.office.patients.hits((patient_id,))
    return Group(hits[0].name.listed if hits else "This patient", (patient_id,))


def _ids(rows: Iterable[Any]) -> tuple[int, ...]:
    """The patients of a list's rows, each once; none for a list that is not about patients."""
    ids: dict[int, None] = {}
    for row in rows:
        whose = row if hasattr(row, "patient_id") else getattr(row, "visit", None)
        patient_id = getattr(whose, "patient_id", None)
        if patient_id:
            ids[int(patient_id)] = None
    return tuple(ids)
