"""A part of a file that is edited where it stands; what is typed there is parked, never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Conflict, Invalid, Problem
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.parts import PartDraft
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.patients.forms import FormContext, sentence
from medsec_desktop.ui.patients.parts.part import DraftPart
from medsec_desktop.ui.patients.sections.file_rows import FileRow, FileRows
from medsec_desktop.ui.patients.sections.history_popup import HistoryPopup
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Banner, ElidedLabel, IconButton, PlainButton
from medsec_desktop.ui.widgets.buttons import press_by_enter
from medsec_desktop.ui.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from medsec_desktop.services.patients.history import FieldHistory, FieldKey
    from medsec_desktop.ui.desk import Desk


class EditableSection(FileSection):
    """Shows rows; F2, Enter or a click puts a form in their place, and Escape takes it away again.

    Subclasses name the part of the draft they edit and fill `lines`. It is an editor as the draft
    keeper knows them.
    """

    key = ""  # by which a parked draft finds it again
    what = ""  # "the contact details": in the history and in messages
    tables: tuple[str, ...] = ("patient",)  # where its fields are kept
    part: type[DraftPart] = DraftPart
    draft_kind = "file-part"

    def __init__(self, title: str, desk: Desk, parent: QWidget | None = None):
        super().__init__(title, desk, parent)
        self.form: DraftPart | None = None
        self._kept: tuple[object, DraftPart] | None = (
            None  # the form of the time before, to be filled anew
        )
        self._read: PartDraft | None = None
        self._initial: dict[str, Any] | None = None
        self._history: FieldHistory | None = None
        self.told = ElidedLabel("", "small")
        self.told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.header.setStretch(1, 0)
        self.header.addWidget(self.told, 1)
        self.edit_button = IconButton(
            desk.theme, "pencil", f"Edit {self.what}", lambda: self.edit(), key="F2"
        )
        self.header.addWidget(self.edit_button)
        self.lines = FileRows(desk.theme, title, self.who_changed)
        self.lines.edit_wanted.connect(self.edit)
        self.lines.looked_at.connect(self._look_at)
        self.body.addWidget(self.lines)
        self.card = QFrame()
        self.card.setProperty("kind", "card")
        self.card.hide()
        self._inside = QVBoxLayout(self.card)
        self._inside.setContentsMargins(12, 12, 12, 12)
        self._inside.setSpacing(12)
        self._add_answers()
        self.body.addWidget(self.card)
        desk.actions.bind("edit.edit", self.edit, self._may_edit, owner=self)
        desk.actions.bind("form.save", self.save, owner=self.card)  # only while it is on screen
        desk.actions.bind("field.history", self.show_history, self._is_in_front, owner=self)

    def _add_answers(self) -> None:
        """Below the form: what is wrong, whose word shall stand, and the way out."""
        desk = self._desk
        self.banner = Banner(
            desk.theme, "danger", "", open_link=lambda link: desk.go.open_link(link)
        )
        self.banner.hide()
        self.keep_mine = PlainButton("Keep mine", lambda: self.save(over=True))
        self.take_theirs = PlainButton("Take what is on file", self._take_theirs)
        self._choices = QWidget()
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.keep_mine)
        row.addWidget(self.take_theirs)
        row.addStretch(1)
        self._choices.hide()
        self.save_button = PlainButton("Save", lambda: self.save(), tip="Save (Ctrl+S)")
        self.cancel_button = PlainButton(
            "Cancel", self.leave, kind="quiet", tip="Leave; what was typed is parked (Esc)"
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.cancel_button)
        buttons.addStretch(1)
        self._inside.addWidget(self.banner)
        self._inside.addWidget(self._choices)
        self._inside.addLayout(buttons)

    # -- showing ------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether its form is open."""
        return self.form is not None

    def show_file(self, file: PatientFile) -> None:
        if self._file is not None and self._file.id != file.id:
            self.leave()
        self._file = file
        self._history = None
        self.lines.may_edit = self._may_edit() is True
        self.edit_button.setVisible(self.lines.may_edit and not self.is_open)
        self.lines.begin()
        self.draw(file)

    def draw(self, file: PatientFile) -> None:
        """Put what is on file into `lines`, which are empty."""

    def column(self, *columns: str) -> tuple[FieldKey, ...]:
        """Where values of her own row are kept."""
        assert self._file is not None
        return tuple(("patient", self._file.id, column) for column in columns)

    # -- the form -----------------------------------------------------------------------------

    def edit(self, field: str = "") -> None:
        """Put the form in the place of the rows, the cursor in `field` or in the first one."""
        file, patients = self._file, self._desk.office.patients
        if file is None or self._may_edit() is not True:
            return
        if self.form is None:
            row = self.lines.current
            field = field or (row.field if row is not None and self.lines.hasFocus() else "")
            read = guarded(self._desk, lambda: patients.part(file.id, self.part.names))
            if read is None:
                return
            self._open(read)
            self._initial = self._state()
            self._desk.drafts.watch(self, close=self.close_form)
        assert self.form is not None
        self.form.focus_on(field)
        self.form_opened.emit(self.card)

    def _open(self, read: PartDraft) -> None:
        self._read = read
        self.form = self._fitting_form()
        self.form.clear_problems()
        self.form.fill(read.draft)
        self.prepare(self.form)
        self.lines.hide()
        self.edit_button.hide()
        self.card.show()
        tab_as_laid_out(self)
        press_by_enter(self.card)  # Enter on Cancel or Add is no way to save
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def _fitting_form(self) -> DraftPart:
        """The form that was open before, unless what it was made from has changed since."""
        desk = self._desk
        context = FormContext.of(desk)
        made_from = (context, desk.office.formats, desk.theme.zoom)
        if self._kept is not None:
            if self._kept[0] == made_from:
                return self._kept[1]
            self._inside.removeWidget(self._kept[1])
            self._kept[1].deleteLater()
        form = self.part(context)
        if not form.title:  # a single list, whose title the section says already
            for rows in form.rows.values():
                rows.heading.hide()
                rows.line.hide()
        self._inside.insertWidget(0, form)
        self._kept = (made_from, form)
        return form

    def prepare(self, form: DraftPart) -> None:
        """What else the form needs to know, once it is filled."""

    def amend(self, part: PartDraft, over: bool) -> str:
        """Hand what was typed to the service; what else it changed, to be said."""
        assert self._file is not None
        self._desk.office.patients.amend_part(self._file.id, part, self.what, over=over)
        return ""

    def save(self, *, over: bool = False) -> None:
        """Keep what was typed; what cannot be accepted is said next to its field."""
        form, read, file = self.form, self._read, self._file
        if form is None or read is None or file is None:
            return
        self._clear()
        draft, faults = form.typed(read.draft)
        part = replace(read, draft=draft)
        wrong = guarded(self._desk, lambda: self._desk.office.patients.check_part(file.id, part))
        if wrong is None:
            return
        for fault in wrong:
            faults.setdefault(fault.field, sentence(fault))
        if faults:
            self._show_faults(faults)
            return
        if draft == read.draft and self._initial is not None:  # nothing to write
            self._desk.drafts.done(self)
            self.close_form()
            return
        try:
            more = self.amend(part, over)
        except Invalid as fault:
            self._show_faults({fault.field: sentence(fault)})
        except Conflict as conflict:
            self._show_conflict(conflict)
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._desk.drafts.done(self)
            self.close_form()
            name = file.name.spoken
            self._desk.messages.say(f"Saved {self.what} of {name}{more}.", undo=True)

    def leave(self) -> None:
        """Cancel or Escape: what was typed is parked, not lost, and nothing is asked."""
        if self.form is not None:
            self._desk.drafts.leave(self)
            self.close_form()

    def close_form(self) -> None:
        """Show the rows again."""
        form, self.form = self.form, None
        if form is None:
            return
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.disconnect(self._focus_moved)
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self._read = None
        self._clear()
        self.card.hide()
        self.lines.show()
        self.edit_button.setVisible(self.lines.may_edit)
        self.told.setText("")
        if had_focus:
            self.lines.setFocus()
            self.form_opened.emit(self)  # the page has become shorter: stay at this part
            self.form_opened.emit(self.lines)  # the form was higher than what stands there now

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.form is None or not plain:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save()
        else:
            super().keyPressEvent(event)

    # -- as an editor that can be parked ------------------------------------------------------

    def draft_title(self) -> str:
        name = self._file.name.spoken if self._file is not None else ""
        return f"{self.heading.text().rstrip(' *')}: {name}"

    def draft_patient_id(self) -> int | None:
        return self._file.id if self._file is not None else None

    def draft_state(self) -> dict[str, Any] | None:
        """Everything typed, or None while nothing was."""
        if self.form is None:
            return None
        state = self._state()
        return None if state == self._initial else state

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Put a parked draft back as it was typed, to be compared with what it was typed over."""
        file = self._file
        if file is None:
            return
        self.leave()
        names = self.part.names
        read = guarded(self._desk, lambda: self._desk.office.patients.part(file.id, names))
        if read is None:
            return
        rows = tuple((str(t), int(row), int(v)) for t, row, v in state.get("rows_read", ()))
        mark = str(state.get("mark", read.mark))
        self._open(replace(read, mark=mark, draft=replace(read.draft, rows_read=rows)))
        assert self.form is not None
        self.form.restore(state.get("form", {}))
        self._initial = None
        self.form.focus_on()
        self.form_opened.emit(self.card)

    def resume(self, state: Mapping[str, Any], draft_id: int) -> None:
        """Open a parked draft again."""
        self.restore_state(state)
        if self.form is not None:
            self._desk.drafts.watch(self, close=self.close_form, draft_id=draft_id)

    def _state(self) -> dict[str, Any]:
        assert self.form is not None
        assert self._read is not None
        return {
            "part": self.key,
            "form": self.form.state(),
            "mark": self._read.mark,
            "rows_read": [list(row) for row in self._read.draft.rows_read],
        }

    # -- who and when -------------------------------------------------------------------------

    def who_changed(self, keys: Sequence[FieldKey]) -> str:
        """A sentence: who said last what is kept there, and when."""
        if self._file is None or not keys:
            return ""
        if self._history is None:
            file_id = self._file.id
            self._history = guarded(
                self._desk, lambda: self._desk.office.file_histories.read(file_id, self.tables)
            )
        last = self._history.last(keys) if self._history is not None else None
        if last is None:
            return "Nobody has written this here yet"
        verb = "Written" if last.before is None else "Changed"
        if last.kind == "undo":
            verb = "Put back"
        return f"{verb} {self._desk.office.formats.when(last.at)} by {last.by}"

    def show_history(self) -> None:
        """List every value of the field in front, with who and when."""
        row, keys = self.lines.current, self._keys_in_front()
        if self._file is None or not keys:
            self._desk.messages.not_now("Nothing is kept of this field yet.")
            return
        self.who_changed(keys)
        if self._history is None:
            return
        title = self.heading.text()
        place: QWidget = self.lines
        if self.form is not None:
            place = QApplication.focusWidget() or self.card
            title = place.accessibleName().removesuffix(", required") or title
        elif row is not None:
            title = row.spoken.partition(":")[0]
            place = row.widgets[0]
        HistoryPopup(self._desk, title, self._history.of(keys), self).open_at(place)

    def _is_in_front(self) -> bool:
        """Whether the hands are in this part: every part on the screen offers its history."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _keys_in_front(self) -> tuple[FieldKey, ...]:
        if self.form is None:
            row = self.lines.current
            return row.keys if row is not None else ()
        file_id = self._file.id if self._file is not None else 0
        found = self.form.key_of(QApplication.focusWidget())
        return tuple((table, row or file_id, column) for table, row, column in found)

    def _look_at(self, row: FileRow | None) -> None:
        self.told.setText(self.who_changed(row.keys) if row is not None else "")

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self.form is not None and now is not None and self.form.isAncestorOf(now):
            self.told.setText(self.who_changed(self._keys_in_front()))

    # -- inside -------------------------------------------------------------------------------

    def _may_edit(self) -> bool | str:
        if self._desk.office.session.may(Permission.EDIT_PATIENTS):
            return True
        return "Your log-in may look at files but not change them."

    def _show_faults(self, faults: Mapping[str, str]) -> None:
        form = self.form
        assert form is not None
        first: QWidget | None = None
        for field, text in faults.items():
            widget = form.mark(field, text)
            first = first or widget
        count = len(faults)
        text = next(iter(faults.values())) if count == 1 else f"{count} things need a look."
        self.banner.show_message("danger", text, title="Not saved yet")
        self.banner.show()
        if first is not None:
            first.setFocus()

    def _show_conflict(self, conflict: Conflict) -> None:
        text = " ".join(part for part in (conflict.what, conflict.why) if part)
        self.banner.show_message("warning", text, title="Not saved yet")
        self.banner.show()
        self._choices.show()
        self.keep_mine.setFocus()

    def _take_theirs(self) -> None:
        """Let go of what was typed and show what is on file in the form."""
        file = self._file
        self._desk.drafts.done(self)
        self.close_form()
        if file is not None:
            self.edit()

    def _clear(self) -> None:
        self.banner.hide()
        self._choices.hide()
        if self.form is not None:
            self.form.clear_problems()
