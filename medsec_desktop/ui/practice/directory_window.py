"""The directory: whom one calls, faxes, refers to and bills; found, kept, and made one of two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.directory import KINDS, AlikeRow, EntryDraft, EntryRow
from medsec_desktop.ui.practice.directory_form import DirectoryForm
from medsec_desktop.ui.practice.side_window import SideWindow
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Choice,
    ElidedLabel,
    EmptyState,
    FastList,
    ListRow,
    PlainButton,
    PrimaryButton,
    SearchLine,
    Text,
)
from medsec_desktop.ui.widgets.search_list import steer

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk

_ICONS = {"physician": "circle-user", "organization": "building-2", "payer": "credit-card"}
_TABLES = ("provider", "organization", "payer")


class DirectoryWindow(SideWindow):
    """A window beside the main one: type a name, read the number, or change the entry."""

    help_page = "directory"

    def __init__(self, desk: Desk, window: QWidget):
        super().__init__(desk, window, "Directory")
        self._directory = desk.office.directory
        self._merging: EntryRow | None = None  # the entry to be kept, while its double is chosen
        self.row: EntryRow | None = None
        self._is_new = False
        self._make()
        self._lay_out()
        self.open_at(1080, 680)
        desk.bus.changed.connect(self._changed)
        for key, act in (
            ("Ctrl+S", self.save), ("Ctrl+N", self.begin),
            ("Ctrl+F", self.search.setFocus), ("F2", lambda: self.form.begin()),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self, activated=act)
        self._ask("")

    # -- its parts -----------------------------------------------------------------------------

    def _make(self) -> None:
        desk = self._desk
        self.search = SearchLine(
            "Find in the directory", "Name, specialty, place, number", desk.theme
        )
        self.search.installEventFilter(self)
        self.search.textChanged.connect(lambda _: self.again())
        self.kind = Choice([("", "Everybody"), *((k, f"{n}s") for k, n in KINDS.items())])
        self.kind.currentIndexChanged.connect(lambda _: self.again())
        self.retired = QCheckBox("Retired too")
        self.retired.toggled.connect(lambda _: self.again())
        self.list = FastList(desk.theme, "Entries", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.list.chosen.connect(self._entered)
        self._ask = desk.jobs.latest(self._find, self._show)
        self.count = Text("", "small")
        self.form = DirectoryForm(desk)
        self.form.saved.connect(self._saved)
        self.title = ElidedLabel("", "heading")
        self.used = Text("", "muted", wrap=True)
        self.nothing = EmptyState(
            desk.theme, "book-open", "Nobody found", "Take letters away, or add an entry below."
        )

    def _lay_out(self) -> None:
        theme = self._desk.theme
        self.new_button = PlainButton("&Add", self.begin)
        theme.wear(self.new_button, "plus")
        self.alike_button = PlainButton("Written &twice?", self.again, kind="quiet")
        self.alike_button.setCheckable(True)
        self.alike_button.setToolTip("Pairs of entries that may be one; Enter makes them one")
        self.merge_button = PlainButton("&Merge another into this…", self.begin_merge, kind="quiet")
        self.retire_button = PlainButton("&Retire", self.retire, kind="quiet")
        self.settings_button = PlainButton("Open in Settings", self._to_settings, kind="quiet")
        self.save_button = PrimaryButton("&Save", self.save)
        self.close_button = PlainButton("Close", self.close)

        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.kind, 1)
        filters.addWidget(self.retired)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.search)
        left.addLayout(filters)
        left.addWidget(self.list, 1)
        left.addWidget(self.nothing, 1)
        left.addWidget(self.count)

        inner = QWidget()
        inner.setProperty("kind", "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.used)
        column.addWidget(self.form, 1)
        self.right = QScrollArea()
        self.right.setWidgetResizable(True)
        self.right.setFrameShape(QFrame.Shape.NoFrame)
        self.right.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.right.setWidget(inner)

        page = QWidget()
        middle = QHBoxLayout(page)
        middle.setContentsMargins(24, 20, 12, 12)
        middle.setSpacing(24)
        middle.addLayout(left, 2)
        middle.addWidget(self.right, 4)
        foot = QHBoxLayout()
        for button in (self.new_button, self.alike_button):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (
            self.settings_button, self.merge_button, self.retire_button, self.close_button,
            self.save_button,
        ):  # fmt: skip
            foot.addWidget(button)
        body = self.lay_in(page, foot=foot)
        self.tell_over(page, body, foot)

    # -- finding -------------------------------------------------------------------------------

    def again(self) -> None:
        """Ask once more, e.g. after an entry changed."""
        self._ask(self.search.text())

    def _find(self, text: str) -> tuple[EntryRow, ...] | tuple[AlikeRow, ...]:
        if self.alike_button.isChecked():
            return self._directory.alike()
        return self._find_entries(text)

    def _find_entries(self, text: str) -> tuple[EntryRow, ...]:
        return self._directory.find(
            text, str(self.kind.value() or ""), with_retired=self.retired.isChecked()
        )

    def _show(self, rows: tuple[EntryRow, ...] | tuple[AlikeRow, ...]) -> None:
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows([self._line(row) for row in rows], preselect=not self._is_new)
        keys = [row.key for row in rows]
        if self.row is not None and self.row.key in keys:
            self.list.setCurrentIndex(self.list.rows.index(keys.index(self.row.key), 0))
        model.blockSignals(False)
        self.list.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        if self.alike_button.isChecked():
            self.count.setText(f"{len(rows):,} pairs that may be one: Enter makes them one")
            self.nothing.say("Nothing is written twice", "No two entries look like one.")
        else:
            self.count.setText(f"{len(rows):,} entries" if len(rows) != 1 else "1 entry")
            self.nothing.say("Nobody found", "Take letters away, or add an entry below.")
        self._chosen()

    @staticmethod
    def _line(row: EntryRow | AlikeRow) -> ListRow:
        if isinstance(row, AlikeRow):
            gone = " · ".join(part for part in (row.gone.name, row.gone.place) if part)
            return ListRow(
                row, f"{row.keep.name}", f"{gone}: {row.why}", icon=_ICONS[row.keep.kind]
            )
        detail = " · ".join(part for part in (row.detail, row.place) if part)
        mark = "Retired" if not row.is_active else "Here" if row.is_ours else ""
        return ListRow(
            row, row.name, detail or KINDS[row.kind], row.phone, icon=_ICONS[row.kind], mark=mark
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.search and pressed and steer(self.list, event):
            return True
        return super().eventFilter(watched, event)

    # -- one entry -----------------------------------------------------------------------------

    def _chosen(self) -> None:
        value = self.list.current_value() if self.list.isVisibleTo(self) else None
        row = value.keep if isinstance(value, AlikeRow) else value
        if self._merging is not None and row is not None and row.key != self._merging.key:
            self._merge(row)
        elif row is not None:
            self._is_new = False
            if self.row is None or row != self.row:
                self._bring(row)
        elif not self._is_new:
            self.row = None
        self._offer()

    def _entered(self, value: EntryRow | AlikeRow) -> None:
        """Enter on a pair makes it one; on an entry it begins to change it."""
        if isinstance(value, AlikeRow):
            self._made_one(value.keep, value.gone)
        else:
            self.form.begin()

    def _bring(self, row: EntryRow) -> None:
        draft = guarded(self._desk, lambda: self._directory.entry(row.kind, row.id))
        if draft is None:
            return
        if self.form.read.id == row.id and self.form.read.kind == row.kind and self.form.is_changed:
            self.row = row  # what is being typed stays
            return
        self.row = row
        self.form.show_entry(draft, is_ours=row.is_ours)
        uses = self._directory.uses(row.kind, row.id)
        many = "Nothing names it yet."
        if uses:
            many = "1 record names it." if uses == 1 else f"{uses:,} records name it."
        self.used.setText("Works here. " + many if row.is_ours else many)

    def _offer(self) -> None:
        """The buttons that fit what is shown."""
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        row = self.row
        is_new = self._is_new
        can = may and row is not None and not row.is_ours
        self.title.setText(row.name if row else "New entry" if is_new else "")
        self.right.widget().setVisible(row is not None or is_new)
        self.new_button.setVisible(may)
        self.merge_button.setVisible(bool(can))
        self.retire_button.setVisible(bool(can))
        self.retire_button.setText("Take &back" if row and not row.is_active else "&Retire")
        self.settings_button.setVisible(row is not None and row.is_ours)
        self.save_button.setVisible(may and (bool(can) or is_new))

    def begin(self) -> None:
        """An empty form, of the kind the list shows."""
        self._stop_merging()
        self._begin_new()
        self.form.show_entry(EntryDraft(kind=str(self.kind.value() or "physician")))
        self._offer()
        self.form.begin()

    def _begin_new(self) -> None:
        self._is_new = True
        self.row = None
        self.list.setCurrentIndex(QModelIndex())
        self.used.setText("Saved with Ctrl+S or Enter; what is typed is kept meanwhile.")

    def resume(self, state: dict[str, Any], draft_id: int) -> None:
        """Go on with a parked entry."""
        self._begin_new()
        self.form.resume(state, draft_id)
        if self.form.read.id:
            self._is_new = False
            self.row = self._row_of(self.form.read.kind, self.form.read.id)
            self.used.setText("")
        self._offer()
        self.form.begin()

    def _row_of(self, kind: str, entry_id: int) -> EntryRow | None:
        rows = self._directory.find(with_retired=True)
        return next((row for row in rows if row.key == (kind, entry_id)), None)

    def save(self) -> None:
        if self.save_button.isVisible():
            self.form.save()

    def _saved(self, kind: str, entry_id: int) -> None:
        self._is_new = False
        self.row = self._row_of(kind, entry_id)
        if self.row is not None:
            self._bring(self.row)
            if self.row not in self._find_entries(self.search.text()):
                self.kind.set_value("")
                self.search.clear()
        self.again()

    def retire(self) -> None:
        """Offer it no longer, or again."""
        row = self.row
        if row is None:
            return
        back = not row.is_active
        done = guarded(
            self._desk,
            lambda: (self._directory.retire(row.kind, row.id, is_active=back), True),
        )
        if done is not None:
            said = "is offered again" if back else "is offered no longer; what names it keeps it"
            self._desk.messages.say(f"{row.name} {said}.", undo=True)

    # -- one of two ----------------------------------------------------------------------------

    def begin_merge(self) -> None:
        """The next entry chosen becomes part of the one shown."""
        if self.row is None:
            return
        self._merging = self.row
        self.used.set_kind("warning")
        self.used.setText(
            f"Choose the entry that is the same as {self.row.name}: everything that names it will"
            " name this one. Esc stops."
        )
        self.search.setFocus()

    def _stop_merging(self) -> None:
        self._merging = None
        self.used.set_kind("muted")

    def _merge(self, gone: EntryRow) -> None:
        keep = self._merging
        self._stop_merging()
        if keep is None:
            return
        if gone.kind != keep.kind:
            self._desk.messages.not_now(
                f"{gone.name} is of another kind than {keep.name}; only alike can be one."
            )
            self._return_to(keep)
        else:
            self._made_one(keep, gone)

    def _made_one(self, keep: EntryRow, gone: EntryRow) -> None:
        moved = guarded(self._desk, lambda: self._directory.merge(keep.kind, keep.id, gone.id))
        if moved is not None:
            records = counted(moved, "record")
            self._desk.messages.say(
                f"{gone.name} is part of {keep.name} now; {records} moved.", undo=True
            )
        self._return_to(keep)

    def _return_to(self, row: EntryRow) -> None:
        self.row = None
        self._bring(row)
        self.again()

    # -- around --------------------------------------------------------------------------------

    def _to_settings(self) -> None:
        self._desk.go.open_settings("providers")

    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches(*_TABLES):
            self.again()

    def reject(self) -> None:
        """Escape: stop a merge, else close; what is half typed is parked."""
        if self._merging is not None:
            keep = self._merging
            self._stop_merging()
            self._return_to(keep)
            return
        self._desk.drafts.leave(self.form)
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._desk.drafts.leave(self.form)
        super().closeEvent(event)


def open_directory(desk: Desk, window: QWidget, text: str = "") -> DirectoryWindow:
    """Show the directory beside `window`; the one that is already open comes forward."""
    dialog = window.findChild(DirectoryWindow)
    if dialog is None:
        dialog = DirectoryWindow(desk, window)
    dialog.come_forward()
    dialog.search.setText(text)
    dialog.search.setFocus()
    dialog.again()
    return dialog
