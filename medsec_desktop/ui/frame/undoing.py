"""Taking back and doing again: one key for the latest, the history panel for any."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.text_undo import redo_of_typing

if TYPE_CHECKING:
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.history_panel import HistoryPanel
    from medsec_desktop.ui.main_window import MainWindow


class Undoing:
    """Binds undo, redo and the history for the whole window."""

    def __init__(self, desk: Desk, window: MainWindow):
        self._desk, self._window = desk, window
        self.history: HistoryPanel | None = None  # once it was shown
        bind = desk.actions.bind
        bind("edit.undo", lambda: self.undo(), self._can_undo, text=self._undo_text)
        bind("edit.redo", self._redo_here, self._can_redo, text=self._redo_text)
        bind("edit.history", self.toggle_history)

    def undo(self, operation_id: int | None = None) -> None:
        """Take back an operation, or my latest; the message offers to do it again."""
        session = self._desk.office.session

        def done(changes: Changes) -> None:
            self._desk.messages.say(
                f"Undone: {changes.label}.",
                offers=[("Redo", lambda: self.redo(changes.undoes))],
            )

        self._replay("Undo", session.undo, operation_id or session.next_to_undo(), done)

    def redo(self, operation_id: int | None = None) -> None:
        """Do an undone operation again, or my latest."""
        session = self._desk.office.session

        def done(changes: Changes) -> None:
            self._desk.messages.say(
                f"Done again: {changes.label}.",
                offers=[("Undo", lambda: self.undo(changes.undoes))],
            )

        self._replay("Redo", session.redo, operation_id or session.next_to_redo(), done)

    def _redo_here(self) -> None:
        """Where typing was just undone, the typing; else my latest.

        A field takes the keys of its own system for it, and Ctrl+Y is one of them only on some.
        """
        redo = redo_of_typing()
        if redo is not None:
            redo()
        else:
            self.redo()

    def _replay(
        self,
        title: str,
        play: Callable[[int | None, Progress | None], Changes],
        operation_id: int | None,
        done: Callable[[Changes], object],
    ) -> None:
        """At once, or where it moves thousands of rows, away from the screen.

        Which one is settled here: until a job begins, something else may have become the latest.
        """
        if operation_id is not None and self._desk.office.session.takes_long(operation_id):
            self._desk.jobs.run(title, lambda progress: play(operation_id, progress), done)
        elif (changes := guarded(self._desk, lambda: play(operation_id, None))) is not None:
            done(changes)

    def toggle_history(self) -> None:
        """Show or hide who did what, at the right."""
        window = self._window
        if self.history is None:
            from medsec_desktop.ui.history_panel import HistoryPanel

            self.history = HistoryPanel(self._desk, self.undo, self.redo, self.toggle_history)
            self.history.hide()
            window.splitter.addWidget(self.history)
        shown = not self.history.isVisible()
        self.history.setVisible(shown)
        if shown:
            width = self._desk.theme.px(340)
            window.splitter.setSizes([window.width() - width, width])
            self.history.reload()
            self.history.list.setFocus()
        else:
            window.keys_to_page()

    def refresh(self) -> None:
        """Something was done, or another person went on: list it, where the history is shown."""
        if self.history is not None and self.history.isVisible():
            self.history.reload()

    def _can_undo(self) -> bool | str:
        if redo_of_typing() is not None:
            return (
                "All that was typed into this field is undone; Ctrl+Y brings it back."
                " Leave the field to undo what was done before."
            )
        return bool(self._desk.office.session.can_undo()) or (
            "There is nothing of yours to undo in this sitting. The history (Ctrl+H) lists more."
        )

    def _can_redo(self) -> bool | str:
        if redo_of_typing() is not None or self._desk.office.session.can_redo():
            return True
        return "There is nothing to redo."

    def _undo_text(self) -> str:
        label = self._desk.office.session.can_undo()
        return f"Undo {label}" if label else ""

    def _redo_text(self) -> str:
        label = self._desk.office.session.can_redo()
        return f"Redo {label}" if label else ""
