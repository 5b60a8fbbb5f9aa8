"""Whom labels, envelopes and letters to many may be for, from the screen in front."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from medsec_desktop.services.calendar.recalls import RecallRow
from medsec_desktop.services.calendar.records import AppointmentRow
from medsec_desktop.services.letters.targets import Target
from medsec_desktop.services.today.records import BoardRow
from medsec_desktop.ui.patients.people_list import PeopleList
from medsec_desktop.ui.rows import RowsView

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.widgets import Tab


@dataclass(frozen=True, slots=True)
class Group:
    """Some patients, with the visit or recall each is listed for, and what they are called together."""

    name: str
    targets: tuple[Target, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The patients, each once."""
        return tuple(dict.fromkeys(target.patient_id for target in self.targets))


def groups_in_front(desk: Desk, tab: Tab) -> tuple[Group, ...]:
    """The patient of the screen, those selected in its list, and all it lists; the likeliest first."""
    found: list[Group] = []
    for table in tab.findChildren(RowsView):
        if table.isVisible() and table.rows.rows:
            found += _of_list(
                desk, targets_of(table.selected_rows()), targets_of(table.shown_rows())
            )
    for people in tab.findChildren(PeopleList):
        if people.isVisible() and people.lines:
            chosen = people.current_id()
            listed = _people(line.id for line in people.lines)
            found += _of_list(desk, _people((chosen,) if chosen else ()), listed)
    for name, rows in tab.visits_in_front():
        found.append(Group(f"{name} ({len(rows):,})", targets_of(rows)))
    at_hand = tab.patient_id or tab.patient_at_hand
    if at_hand is not None:
        found.insert(0, _one(desk, at_hand))
    if len(tab.written_to) > 1:
        people = _people(tab.written_to)
        found.insert(0, Group(f"Everybody who got a letter ({len(people):,})", people))
    elif tab.written_to:
        found.insert(0, _one(desk, tab.written_to[0]))
    groups: dict[tuple[int, ...], Group] = {}
    for group in found:
        if group.ids:
            groups.setdefault(group.ids, group)
    return tuple(groups.values())


def _of_list(
    desk: Desk, selected: tuple[Target, ...], shown: tuple[Target, ...]
) -> Iterable[Group]:
    if len(selected) == 1:
        yield _one(desk, selected[0].patient_id)
    elif selected:
        yield Group(f"The {len(selected)} selected", selected)
    if len(shown) > 1:
        yield Group(f"Everybody in the list ({len(shown):,})", shown)


def _one(desk: Desk, patient_id: int) -> Group:
    hits = desk.office.patients.hits((patient_id,))
    return Group(hits[0].name.listed if hits else "This patient", _people((patient_id,)))


def _people(ids: Iterable[int]) -> tuple[Target, ...]:
    return tuple(map(Target, dict.fromkeys(ids)))


def targets_of(rows: Iterable[Any]) -> tuple[Target, ...]:
    """The patients of a list's rows, each once for each visit or recall; none for other lists."""
    found: dict[Target, None] = {}
    for row in rows:
        whose = row if hasattr(row, "patient_id") else getattr(row, "visit", None)
        patient_id = getattr(whose, "patient_id", None)
        if not patient_id:
            continue
        if isinstance(whose, AppointmentRow | BoardRow):
            found[Target(int(patient_id), appointment_id=whose.id)] = None
        elif isinstance(whose, RecallRow):
            found[Target(int(patient_id), recall_id=whose.id)] = None
        else:
            found[Target(int(patient_id))] = None
    return tuple(found)
