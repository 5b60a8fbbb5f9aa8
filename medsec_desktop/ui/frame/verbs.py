"""What the window itself can be told to do, from every tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medsec_desktop.services.backups import BackupReport
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.frame.doors import Doors
    from medsec_desktop.ui.main_window import MainWindow

# Reached from anywhere: the calendar comes to the front with a page in the grid's place, or a panel
# beside it.
_CALENDAR_PAGES = {
    "list.waiting": "waiting",
    "list.recalls": "recalls",
    "list.confirm": "confirm",
    "list.away": "away",
    "list.unresolved": "unresolved",
    "list.outside": "outside",
    "list.uncharged": "uncharged",
}
_CALENDAR_PANELS = {
    "list.pinboard": "pinboard",
    "grid.note": "note",
    "grid.hold": "hold",
    "grid.block": "block",
    "visit.find_slot": "find",
}
_CALENDAR_VIEWS = ("day", "work_week", "week", "month", "agenda")
_PATIENT_LISTS = {
    "list.insurance": "insurance",
    "list.referrals": "referrals",
    "list.sorting": "sorting",
    "list.duplicates": "duplicates",
    "list.records_requests": "records-requests",
    "list.consents": "consents",
}


class WindowVerbs:
    """Binds them; what belongs to one matter (letters, charges, undo, help …) binds itself."""

    def __init__(self, desk: Desk, go: Doors, window: MainWindow):
        self._desk, self._go, self._window = desk, go, window
        bind = desk.actions.bind
        bind("go.search", window.command_box.open)
        bind("new.thing", self._new_thing, self._can_make_new, text=self._new_text)
        bind("new.patient", lambda: go.edit_patient(None))
        bind("visit.book", lambda: go.book())
        bind("day.today", lambda: go.show_day(desk.office.clock.today()))
        bind("day.go_to", go.ask_for_day)
        self._bind_calendar()
        for action_id, name in _PATIENT_LISTS.items():
            bind(action_id, lambda name=name: go.patient_list(name))
        bind("letters.templates", lambda: go.letters().show_templates())
        bind("claim.send", lambda: go.claims().show_files())
        bind("list.claim_files", lambda: go.claims().show_batches())
        bind("file.import", go.open_import)
        bind("file.export", go.open_export)
        bind("file.export_calendar", go.export_calendar)
        bind("file.backup", self._back_up)
        bind("file.post", self._open_post, self._has_people_in_front)
        bind("list.kept_prints", go.open_kept_prints)
        bind("app.settings", go.open_settings)
        bind("app.audit", go.open_audit)
        bind("app.directory", lambda: go.open_directory())
        bind("app.quit", window.close)
        bind("view.larger", lambda: self._zoom(1))
        bind("view.smaller", lambda: self._zoom(-1))
        bind("view.normal", lambda: self._zoom(0))
        bind("view.dark", self._turn_dark, text=self._dark_text)

    # --- the calendar, from any tab

    def _bind_calendar(self) -> None:
        bind, go = self._desk.actions.bind, self._go
        for names, is_page in ((_CALENDAR_PAGES, True), (_CALENDAR_PANELS, False)):
            for action_id, name in names.items():
                bind(
                    action_id,
                    lambda name=name, is_page=is_page: go.calendar_place(name, page=is_page),
                )
        bind("visit.wait", self._put_on_waiting_list, lambda: self._window.patient_id is not None)
        for kind in _CALENDAR_VIEWS:
            bind(f"calendar.{kind}", lambda kind=kind: go.calendar().show_view(kind))
        for number in range(1, 9):
            bind(f"calendar.saved_{number}", lambda number=number: go.calendar().show_saved(number))
        bind("calendar.colour", lambda: go.calendar().ask_colour())

    def _put_on_waiting_list(self) -> None:
        patient_id = self._window.patient_id
        if patient_id is not None:
            self._go.calendar_place("waiting", page=True).add_for(patient_id)

    # --- the tab in front

    def _new_thing(self) -> None:
        if self._window.tab is not None:
            self._window.tab.new_thing()

    def _can_make_new(self) -> bool | str:
        if not self._new_text():
            return "Nothing new is made on this tab. Ctrl+Shift+N registers a new patient."
        return True

    def _new_text(self) -> str:
        return self._window.tab.new_text if self._window.tab is not None else ""

    def _has_people_in_front(self) -> bool:
        from medsec_desktop.ui.printing.whom import groups_in_front

        tab = self._window.tab
        return tab is not None and bool(groups_in_front(self._desk, tab))

    def _open_post(self) -> None:
        """Labels and envelopes for whom the screen in front shows."""
        from medsec_desktop.ui.printing.post_dialog import PostDialog
        from medsec_desktop.ui.printing.whom import groups_in_front

        if self._window.tab is not None:
            groups = groups_in_front(self._desk, self._window.tab)
            dialog = PostDialog(self._desk, groups, self._window)
            dialog.show()
            dialog.kind.setFocus()

    # --- the workstation

    def _back_up(self) -> None:
        def made(report: BackupReport) -> None:
            self._desk.messages.say(report.sentence)
            self._window.status.show_backup(report.row.made_at)

        self._desk.jobs.run("Backup", self._desk.office.backups.make, made)

    def _zoom(self, steps: int) -> None:
        theme = self._desk.theme
        if steps:
            theme.zoom_by(steps)
        else:
            theme.set_zoom(1.0)
        self._desk.messages.say(f"Text size {round(theme.zoom * 100)} %.", tone="info")

    def _turn_dark(self) -> None:
        self._desk.theme.set_dark(not self._desk.theme.dark)

    def _dark_text(self) -> str:
        return "Light" if self._desk.theme.dark else "Dark"
