"""Nothing typed is lost: keeps what is in every open editor, parks it, and brings it back.

A watched editor offers `draft_kind`, `draft_title()`, `draft_state()` (a JSON-able dict, or None
while nothing was typed) and `restore_state(state)`; it may offer `draft_patient_id()`. One that says
`draft_is_put_aside` holds nothing half typed: what is left in it overnight was parked, not rescued.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.ui.report import Messages

if TYPE_CHECKING:
    from medsec_desktop.services.drafts import DraftRow, Drafts

LOOK_MS = 1500  # how often open editors are looked at
LONGEST_UNSAVED_LOOKS = 3  # someone typing without pause is saved this often all the same


class Editor(Protocol):
    """What an editor must offer to be parked and resumed."""

    draft_kind: str

    def draft_title(self) -> str: ...

    def draft_state(self) -> dict[str, Any] | None: ...

    def restore_state(self, state: dict[str, Any]) -> None: ...


@dataclass(slots=True)
class _Watch:
    editor: weakref.ref[Any]
    close: Callable[[], object] | None
    draft_id: int | None
    saved: dict[str, Any] | None = None
    seen: dict[str, Any] | None = None
    unsaved_looks: int = 0


class DraftKeeper(QObject):
    """Looks at open editors every moment and a half and saves what changed, encrypted, at once.

    What was typed is in the database at most five seconds after the last key.
    """

    changed = Signal()  # the list of parked and rescued work is different now

    def __init__(self, drafts: Drafts, messages: Messages):
        super().__init__()
        self._drafts = drafts
        self._messages = messages
        self._watches: list[_Watch] = []
        self._resumers: dict[str, Callable[[DraftRow, dict[str, Any]], object]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    # --- for editors

    def watch(
        self,
        editor: Editor,
        *,
        close: Callable[[], object] | None = None,
        draft_id: int | None = None,
    ) -> None:
        """Keep `editor` safe from now on.

        `close` is how it leaves the screen when parked (else `editor.close()`); `draft_id` names
        the draft it was resumed from.
        """
        self.forget(editor)
        state = editor.draft_state() if draft_id is not None else None
        self._watches.append(_Watch(weakref.ref(editor), close, draft_id, state, state))
        self._timer.start()
        if draft_id is not None:
            self._put_aside(self._watches[-1], editor)
            self.changed.emit()

    def forget(self, editor: Editor) -> None:
        """Stop looking; a draft already saved stays in the strip."""
        self._watches = [w for w in self._watches if w.editor() not in (None, editor)]
        if not self._watches:
            self._timer.stop()

    def done(self, editor: Editor) -> None:
        """What was typed is saved for good: its draft goes."""
        watch = self._watch_of(editor)
        if watch is not None and watch.draft_id is not None:
            self._drafts.discard(watch.draft_id)
        self.forget(editor)
        self.changed.emit()

    discard = done

    def leave(self, editor: Editor) -> None:
        """The editor is being closed unsaved (Escape): park what was typed rather than ask."""
        watch = self._watch_of(editor)
        if watch is None:
            return
        if self._keep(watch, editor) is None:
            self.done(editor)
            return
        self._park(watch, editor, close=False)

    def park(self, editor: Editor) -> None:
        """Put the editor aside: saved, closed, and in the strip."""
        watch = self._watch_of(editor)
        if watch is None:
            return
        if self._keep(watch, editor) is None:
            self._messages.not_now("There is nothing typed to park yet.")
            return
        self._park(watch, editor, close=True)

    def park_current(self) -> None:
        """Park the editor that has the focus, else the newest on screen (Ctrl+Shift+P)."""
        editor = self.current()
        if editor is not None:
            self.park(editor)

    def current(self) -> Editor | None:
        """The editor Ctrl+Shift+P would park."""
        focus = QApplication.focusWidget()
        shown = [editor for w in self._watches if _is_shown(editor := w.editor())]
        for editor in reversed(shown):
            if isinstance(editor, QWidget) and focus is not None and editor.isAncestorOf(focus):
                return editor
        return shown[-1] if shown else None

    # --- for the strip

    def resumes(self, kind: str, resume: Callable[[DraftRow, dict[str, Any]], object]) -> None:
        """Say who opens drafts of `kind` again."""
        self._resumers[kind] = resume

    def waiting(self) -> tuple[DraftRow, ...]:
        """Parked work and work rescued from a crash, newest first; not what is open now."""
        open_now = {w.draft_id for w in self._watches if w.editor() is not None}
        rows = [row for row in self._drafts.all() if row.id not in open_now]
        return tuple(sorted(rows, key=lambda row: row.touched_utc, reverse=True))

    def rescued(self) -> tuple[DraftRow, ...]:
        """Work that was on screen when the program ended, and is not open now."""
        return tuple(row for row in self.waiting() if not row.is_parked)

    def resume(self, draft_id: int) -> None:
        """Open a draft where it was left."""
        row = next((one for one in self._drafts.all() if one.id == draft_id), None)
        if row is None:
            self.changed.emit()
            return
        resume = self._resumers.get(row.kind)
        if resume is None:
            self._messages.not_now(f"“{row.title}” cannot be resumed in this version.")
            return
        try:
            state = self._drafts.take_up(draft_id)
        except Problem as problem:
            self._messages.problem(problem)
            self.changed.emit()
            return
        resume(row, state)
        self.changed.emit()

    def resume_latest(self) -> None:
        """Open the newest parked or rescued draft (Ctrl+Shift+R)."""
        waiting = self.waiting()
        if waiting:
            self.resume(waiting[0].id)

    def throw_away(self, draft_id: int) -> None:
        """Remove a draft; the message offers it back."""
        row = next((one for one in self._drafts.all() if one.id == draft_id), None)
        if row is None:
            self.changed.emit()
            return
        state = self._drafts.state(draft_id)
        self._drafts.discard(draft_id)
        self.changed.emit()

        def bring_back() -> None:
            self._drafts.restore(row, state)
            self.changed.emit()

        self._messages.say(f"Thrown away: {row.title}.", offers=[("Bring back", bring_back)])

    def save_all(self) -> None:
        """Save every open editor now: before locking and before closing."""
        for watch in list(self._watches):
            editor = watch.editor()
            if editor is not None:
                self._keep(watch, editor)

    def close(self) -> None:
        self._timer.stop()
        self._watches.clear()

    # --- inside

    def _watch_of(self, editor: Editor) -> _Watch | None:
        return next((w for w in self._watches if w.editor() is editor), None)

    def _look(self) -> None:
        # While an import is written no draft can be: asking for the lock would only hold up the keys.
        # What is typed stays on the screen, and is saved at the first look after it.
        if self._drafts.must_wait():
            return
        for watch in list(self._watches):
            editor = watch.editor()
            if editor is None:
                self._watches.remove(watch)
                continue
            try:
                state = editor.draft_state()
            except RuntimeError:  # its widgets are gone, Python still holds the shell
                self._watches.remove(watch)
                continue
            if state == watch.saved:
                watch.unsaved_looks = 0
                continue
            watch.unsaved_looks += 1
            still_typing = state != watch.seen
            watch.seen = state
            if not still_typing or watch.unsaved_looks >= LONGEST_UNSAVED_LOOKS:
                try:
                    self._keep(watch, editor)
                except Problem as problem:  # a full disk must not stop the typing
                    self._messages.problem(problem)
        if not self._watches:
            self._timer.stop()

    def _keep(self, watch: _Watch, editor: Editor) -> int | None:
        """Save the editor's state if it differs; gives the draft's id, None if nothing was typed."""
        state = editor.draft_state()
        watch.unsaved_looks = 0
        if state is None:
            if watch.draft_id is not None:
                self._drafts.discard(watch.draft_id)
                watch.draft_id = None
            watch.saved = None
            return None
        if state != watch.saved or watch.draft_id is None:
            patient_id = getattr(editor, "draft_patient_id", lambda: None)()
            watch.draft_id = self._drafts.save(
                watch.draft_id, editor.draft_kind, editor.draft_title(), patient_id, state
            )
            watch.saved = state
            self._put_aside(watch, editor)
        return watch.draft_id

    def _put_aside(self, watch: _Watch, editor: Editor) -> None:
        if watch.draft_id is not None and getattr(editor, "draft_is_put_aside", False):
            self._drafts.park(watch.draft_id)

    def _park(self, watch: _Watch, editor: Editor, *, close: bool) -> None:
        assert watch.draft_id is not None
        draft_id, title = watch.draft_id, editor.draft_title()
        self._drafts.park(watch.draft_id)
        self.forget(editor)
        if close:
            if watch.close is not None:
                watch.close()
            elif isinstance(editor, QWidget):
                editor.close()
        self._messages.say(f"Parked: {title}.", offers=[("Resume", lambda: self.resume(draft_id))])
        self.changed.emit()


def _is_shown(editor: Any) -> bool:
    try:
        return editor is not None and (not isinstance(editor, QWidget) or editor.isVisible())
    except RuntimeError:
        return False
