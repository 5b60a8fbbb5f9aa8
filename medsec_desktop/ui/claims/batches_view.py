"""Every file and stack that left: its numbers, its claims, where it was put."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.problems import Link
from medsec_desktop.ui.claims.wording import STATES, amount
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    EmptyState,
    FastList,
    Hairline,
    ListRow,
    PlainButton,
    SearchLine,
)

if TYPE_CHECKING:
    from medsec_desktop.services.claims.batches import BatchRow
    from medsec_desktop.ui.desk import Desk

_STATES = {"written": "", "failed": "Not written", "numbered": "Stopped"}


class BatchesView(QWidget):
    """The latest first; right of them the claims of the one selected."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        theme, formats = desk.theme, desk.office.formats
        self.search = SearchLine("Filter files and stacks", "Filter: number, receiver, file", theme)
        self.table = RowsView(
            theme,
            [
                Column("When", lambda row: formats.when(row.made_at), lambda row: row.made_at, 18),
                Column("To", lambda row: row.receiver, width=0),
                Column("Claims", lambda row: f"{row.claims:,}", lambda row: row.claims, 7, "right"),
                Column("Amount", lambda row: amount(row.total_cents), lambda row: row.total_cents, 11,
                       "right"),
                Column("Number", lambda row: row.reference, width=11),
                Column("State", _state, width=10, gives_way=1),
                Column("File", lambda row: row.file_name, width=22, gives_way=2),
                Column("By", lambda row: row.made_by, width=14, gives_way=3),
            ],
            "Files and stacks, the latest first",
        )  # fmt: skip
        self.table.setSelectionMode(RowsView.SelectionMode.SingleSelection)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_batch())
        self.table.chosen.connect(lambda _: self.claims.setFocus())
        self.search.textChanged.connect(self.table.filter)
        self.empty = EmptyState(
            theme, "folder-open", "Nothing left yet", "Files and stacks of forms are listed here."
        )
        self.heading = ElidedLabel("", "strong")
        self.about = ElidedLabel("", "muted")
        self.banner = Banner(theme, "danger", "")
        self.banner.hide()
        self.claims = FastList(theme, "Claims of the file or stack", two_lines=True)
        self.claims.chosen.connect(self._open)
        left, right = QWidget(), QWidget()
        side = QVBoxLayout(left)
        side.setContentsMargins(16, 12, 16, 12)
        side.setSpacing(8)
        side.addWidget(self.search)
        side.addWidget(self.table, 1)
        inner = QVBoxLayout(right)
        inner.setContentsMargins(16, 12, 16, 12)
        inner.setSpacing(8)
        inner.addWidget(self.heading)
        inner.addWidget(self.about)
        inner.addWidget(self.banner)
        inner.addWidget(self.claims, 1)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left, 6)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(right, 5)
        self.pages = QStackedWidget()
        self.pages.addWidget(both)
        self.pages.addWidget(self.empty)
        self.folder_button = PlainButton("Open the folder", self.open_folder)
        self.read_button = PlainButton(
            "Read back", self.read_back, tip="Compare it with the claims"
        )
        self.save_button = PlainButton("Save again…", self.save_again)
        self.foot = QWidget()
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(16, 8, 16, 12)
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.folder_button, self.read_button, self.save_button):
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.pages, 1)
        whole.addWidget(Hairline())
        whole.addWidget(self.foot)

    # -- showing --------------------------------------------------------------------------------

    def reload(self, batch_id: int | None = None) -> None:
        """Read them anew; the one named, or the one selected, stays in front."""
        kept = batch_id or (self.row.id if self.row is not None else None)
        rows = guarded(self._desk, self._desk.office.claim_files.batches)
        if rows is None:
            return
        self.table.set_rows(rows)
        self.pages.setCurrentIndex(0 if rows else 1)
        self.foot.setVisible(bool(rows))
        if rows:
            shown = self.table.shown_rows()
            at = next((at for at, row in enumerate(shown) if row.id == kept), 0)
            self.table.selectRow(at)

    @property
    def row(self) -> BatchRow | None:
        found: BatchRow | None = self.table.marked_row()
        return found

    def _show_batch(self) -> None:
        row = self.row
        if row is None:
            return
        kind = "File" if row.way == "file" else "Stack of forms"
        number = f", interchange {row.number:09}" if row.number is not None else ""
        self.heading.setText(f"{kind} {row.reference}{number}")
        about = (row.file_name, row.folder)
        self.about.setText("  ·  ".join(part for part in about if part))
        self.about.setVisible(any(about))
        self.banner.show_message("danger", row.note, title=_state(row))
        self.banner.setVisible(row.status != "written")
        claims = guarded(self._desk, lambda: self._desk.office.claim_files.claims_in(row.id)) or ()
        self.claims.set_rows(
            [
                ListRow(
                    one.id,
                    one.name.listed,
                    f"Claim {one.number}  ·  {one.payer_name}  ·  {STATES[one.status]}",
                    trailing=amount(one.total_cents),
                )
                for one in claims
            ],
            preselect=False,
        )
        is_there = row.status == "written"
        self.folder_button.setVisible(bool(row.folder))
        self.read_button.setVisible(is_there and row.way == "file")
        self.save_button.setVisible(is_there)

    def take_focus(self) -> None:
        (self.table if self.table.rows.rows else self).setFocus()

    def _open(self, claim_id: int) -> None:
        self._desk.go.open_link(Link("claim", str(claim_id), ""))

    # -- what can be done -----------------------------------------------------------------------

    def open_folder(self) -> None:
        """Show in the system’s file manager where the file was put."""
        row = self.row
        if row is None:
            return
        if not Path(row.folder).is_dir():
            self._desk.messages.not_now(
                f"There is no folder “{row.folder}” any more. Save the file again."
            )
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(row.folder))

    def read_back(self) -> None:
        """Compare the bytes kept with the claims."""
        row, files = self.row, self._desk.office.claim_files
        if row is None:
            return

        def told(differs: tuple[str, ...]) -> None:
            if differs:
                self._desk.messages.say(differs[0], tone="failed")
            else:
                self._desk.messages.say(
                    f"{row.reference} says what the {row.claims:,} claims say.", tone="info"
                )

        self._desk.jobs.run(f"Read {row.reference} back", lambda _: files.read_back(row.id), told)

    def save_again(self) -> None:
        """The same bytes into a folder once more."""
        row, files = self.row, self._desk.office.claim_files
        if row is None:
            return

        def chosen(folder: str) -> None:
            path = guarded(self._desk, lambda: files.save_again(row.id, Path(folder)))
            if path is not None:
                self._desk.messages.say(f"Saved as “{path.name}”.", tone="info")

        self._desk.prompts.choose_folder("Where to?", chosen, folder=row.folder)


def _state(row: Any) -> str:
    words = _STATES.get(row.status, row.status)
    return words or ("Test" if row.is_test else "")
