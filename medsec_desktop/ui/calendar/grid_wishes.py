"""What is wished on the time grid, done: times booked, visits moved and cancelled, marks opened or gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar import DAY_MIN
from medsec_desktop.domain.calendar.zones import ClockChange
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import BookingDraft
    from medsec_desktop.services.calendar.notes import NoteRow
    from medsec_desktop.services.calendar.views import GridColumn
    from medsec_desktop.ui.calendar.grid.geometry import Marked
    from medsec_desktop.ui.calendar.tab import CalendarTab


class GridWishes:
    """Carries out what the mouse and the keys wish; a rule in the way opens the booking pane."""

    def __init__(self, tab: CalendarTab):
        self._tab = tab
        self._desk = tab.desk

    def book_at(self, column: GridColumn, start_min: int, length_min: int) -> None:
        """Book at a free time, or take it into the booking that is being filled in."""
        tab = self._tab
        reason = tab.why_not_book()
        if reason:
            self._desk.messages.not_now(reason)
            return
        starts_at, clock = at(column.day, start_min), column.clock
        if clock is not None and clock.span.starts_min <= start_min < clock.span.ends_min:
            formats = self._desk.office.formats
            self._desk.messages.not_now(
                f"{clock.sentence(starts_at, formats)} {clock.remedy(formats)}"
            )
            return
        if tab.pane.is_open and tab.pane.editing_id is None:
            tab.pane.set_time(column.provider_id, starts_at, length_min)
            self._set_room(column)
            tab.pane.look()
            tab.pane.take_focus()
        else:
            tab.pane.start(None, starts_at, column.provider_id, length_min)
            self._set_room(column)

    def time_chosen(self, column: GridColumn, start_min: int, length_min: int) -> None:
        """The cursor stands on free time: an open booking takes it, else the side falls silent."""
        tab = self._tab
        tab.shown.day = column.day
        if tab.pane.is_open:
            tab.pane.set_time(column.provider_id, at(column.day, start_min))
            self._set_room(column)
        else:
            tab.side.show_nothing()

    def open_mark(self, mark: Any) -> None:
        """Enter on a note or a hold: its panel."""
        if mark.kind == "note":
            self.open_note(mark.row)
        else:
            panel: Any = self._tab.show_panel("hold")
            panel.edit(mark.row)

    def open_note(self, note: NoteRow) -> None:
        """A note, to read and change."""
        panel: Any = self._tab.show_panel("note")
        panel.edit(note)

    def _set_room(self, column: GridColumn) -> None:
        if column.room_id is not None:
            self._tab.pane.room.set_value(column.room_id)

    def move(self, visit_id: int, column: GridColumn, start_min: int) -> None:
        """A visit was dropped on a column: another time, day, provider or room."""
        changes: dict[str, Any] = {"starts_at": at(column.day, start_min)}
        if column.provider_id is not None:
            changes["provider_id"] = column.provider_id
        elif column.key.kind in ("room", "none"):
            changes["room_id"] = column.room_id
        self._change(visit_id, changes, "Moved")

    def resize(self, visit_id: int, start_min: int, length_min: int) -> None:
        """One end of a visit was pulled."""
        place = self._tab.grid.place_of(visit_id)
        if place is not None:
            starts_at = at(place.visit.starts_at.date(), start_min)
            changes = {"starts_at": starts_at, "duration_min": length_min}
            self._change(visit_id, changes, f"Now {counted(length_min, 'minute')}")

    def nudge(self, earlier: int, longer: int) -> None:
        """Move the visit selected, or its end, by steps of the grid."""
        grid = self._tab.grid
        place = grid.place_of(grid.selected_id)
        if place is None:
            return
        step, span = grid.step_min, place.span
        start, length = span.starts_min + earlier * step, span.duration_min + longer * step
        if not place.visit.status.may_be_moved:
            self._desk.messages.not_now("This visit took place or was cancelled; it stays put.")
        elif start < 0 or start + length > DAY_MIN:
            self._desk.messages.not_now("A visit lies within one day.")
        elif length < min(step, span.duration_min):
            self._desk.messages.not_now(f"A visit lasts at least {step} minutes here.")
        else:
            word = f"Now {counted(length, 'minute')}" if longer else "Moved"
            starts_at = at(place.visit.starts_at.date(), start)
            self._change(place.visit.id, {"starts_at": starts_at, "duration_min": length}, word)

    def cancel(self, visit_id: int) -> None:
        """Delete on the grid: cancelled at once, with Undo in the message bar."""
        place = self._tab.grid.place_of(visit_id)
        if place is None:
            return
        visit, office = place.visit, self._desk.office

        def do() -> bool:
            office.calendar.cancel(visit_id, visit.version, initiator=self._tab)
            return True

        if guarded(self._desk, do):
            when = office.formats.time(visit.starts_at)
            self._desk.messages.say(f"Cancelled: {visit.patient_name}, {when}.", undo=True)
            self._tab.side.show_nothing()

    def remove_mark(self, mark: Marked) -> None:
        """Delete on a note or a hold; block-outs are removed where they are made, clocks nowhere."""
        if isinstance(mark.row, ClockChange):
            self._desk.messages.not_now(f"{mark.row.short(self._desk.office.formats)} that day.")
            return
        notes = self._desk.office.notes
        if mark.kind == "note":
            if guarded(self._desk, lambda: notes.remove_note(mark.row.id) or True):
                self._desk.messages.say("Note removed.", undo=True)
        elif mark.kind == "hold":
            if guarded(self._desk, lambda: notes.release(mark.row.id) or True):
                self._desk.messages.say("The time is free again.", undo=True)
        elif mark.kind == "away":
            self._desk.messages.not_now("An absence is changed on Doctor away (Ctrl+Alt+4).")
        else:
            self._desk.messages.not_now(
                "A block-out is changed in Settings, or with Block this time (Ctrl+Alt+B)."
            )

    def _change(self, visit_id: int, changes: dict[str, Any], word: str) -> None:
        tab, office = self._tab, self._desk.office
        place = tab.grid.place_of(visit_id)
        detail = guarded(self._desk, lambda: office.calendar.appointment(visit_id))
        if detail is None:
            return
        # The version on the screen: what somebody else has changed meanwhile is not overwritten.
        version = place.visit.version if place is not None else detail.row.version
        draft: BookingDraft = replace(detail.draft, version=version, **changes)
        if draft == detail.draft:
            return
        breaches = guarded(self._desk, lambda: office.calendar.check(draft, visit_id))
        if breaches is None:
            return
        is_open_here = tab.pane.is_open and tab.pane.editing_id == visit_id
        if breaches and not is_open_here:
            tab.edit(visit_id)
            is_open_here = tab.pane.is_open
        if breaches or is_open_here:
            # Being changed in the pane, it takes the place there: one visit has one state at a time.
            if is_open_here:
                tab.pane.stand_at(draft)
            return
        stands = guarded(self._desk, lambda: office.calendar.amend(visit_id, draft, initiator=tab))
        if stands is not None:
            formats = office.formats
            when = f"{formats.short_date(draft.starts_at.date())}, {formats.time(draft.starts_at)}"
            self._desk.messages.say(f"{word}: {detail.row.patient_name}, {when}.", undo=True)
            tab.grid.select_visit(stands)


def at(day: Any, minute: int) -> datetime:
    """A minute of a day as a moment."""
    return datetime.combine(day, time()) + timedelta(minutes=minute)
