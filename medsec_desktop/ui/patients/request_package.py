"""What goes out with a records request: ticked in a list, made into one package in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem

from medsec_desktop.domain.money import Money
from medsec_desktop.domain.rights import ItemKind
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid
from medsec_desktop.services.patients.rights_records import ReleaseChoice, RequestItem, RequestRow
from medsec_desktop.services.practice import settings
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.forms import sentence
from medsec_desktop.ui.patients.in_place import InPlaceForm
from medsec_desktop.ui.widgets import Field, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.ui.desk import Desk

_LINE, _MOST_LINES = 28, 8  # a line's height, and how many show before the list scrolls


class TickList(QListWidget):
    """Lines with a tick each: Space turns it, Enter is the form's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)


class PackageForm(InPlaceForm):
    """The parts of the file that may go out; those of the period are ticked already."""

    draft_kind = "records-package"
    noun = "choice of records"

    def __init__(self, desk: Desk):
        self._row: RequestRow | None = None
        self._choices: tuple[ReleaseChoice, ...] = ()
        super().__init__(desk, "Make the package")
        self.remove_button.hide()

    def open_for(self, patient_id: int, name: str, row: RequestRow) -> None:
        """For an open request."""
        self._prepare(row, [one.item for one in self._read(row) if one.is_chosen])
        self.put({"fee_cents": str(Money(row.fee_cents)) if row.fee_cents else ""})
        self.begin(patient_id, name)
        self.parts.setFocus()

    def resume(
        self, patient_id: int, name: str, state: dict[str, Any], draft_id: int | None
    ) -> bool:
        """Go on where it was left; False where the request is gone or closed."""
        rows = {row.id: row for row in self._desk.office.records_requests.of(patient_id)}
        row = rows.get(state.get("id") or 0)
        if row is None or not row.status.is_open:
            return False
        self._read(row)
        self._prepare(row, [])
        self.restore_state(state)
        self.begin(patient_id, name, draft_id)
        self.parts.setFocus()
        return True

    def build(self) -> None:
        self.parts = TickList()
        self.parts.setProperty("kind", "boxed")
        self.parts.setUniformItemSizes(True)
        self.parts_field = Field("What goes out", self.parts)
        self.count = Text("", "muted", wrap=True)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(LinkButton("Select all", lambda: self._tick_all(True)))
        both.addWidget(LinkButton("Select none", lambda: self._tick_all(False)))
        both.addStretch(1)
        self._place(self.parts_field, 0, 0, 2)
        self.grid.addLayout(both, 1, 0, 1, 2)
        self._place(self.count, 2, 0, 2)
        fee = self.add("fee_cents", "Fee", self._line("By the practice’s rates", 12))
        self._place(fee, 3, 0)
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)
        self.parts.itemChanged.connect(lambda _: self._counted())

    def title(self) -> str:
        return f"Records for {self._row.requester}" if self._row else "Records"

    def more_state(self) -> dict[str, Any]:
        assert self._row is not None
        return {"id": self._row.id, "version": self._row.version}

    def raw(self) -> dict[str, Any]:
        return {**super().raw(), "ticks": [[str(one.kind), one.document_id] for one in self.ticks]}

    def put(self, raw: Mapping[str, Any]) -> None:
        super().put(raw)
        if "ticks" in raw:
            self._tick([RequestItem(ItemKind(kind), number) for kind, number in raw["ticks"]])

    @property
    def ticks(self) -> list[RequestItem]:
        """What is ticked, in the order of the list."""
        return [
            choice.item
            for place, choice in enumerate(self._choices)
            if self.parts.item(place).checkState() == Qt.CheckState.Checked
        ]

    def save(self) -> None:
        """Make the package, in the background."""
        row, office, items = self._row, self._desk.office, self.ticks
        if row is None or self.isHidden() or not self.save_button.isEnabled():
            return
        self.clear_problems()
        self.parts_field.problem("")
        if not items:
            self.parts_field.problem("Check what is to go out.")
            self.parts.setFocus()
            return
        try:
            fee = self._cents("fee_cents")
        except Invalid as problem:
            self.problem("fee_cents", sentence(problem))
            self.fields["fee_cents"].setFocus()
            return

        def work(progress: Progress) -> RequestRow:
            return office.records_requests.build(row.id, row.version, items, fee, progress)

        self.save_button.setEnabled(False)
        self._desk.jobs.run("Making the package", work, self._made, self._failed)

    # -- inside ---------------------------------------------------------------------------------

    def _made(self, row: RequestRow) -> None:
        self.save_button.setEnabled(True)
        pages = counted(row.package_pages, "page")
        fee = f", fee {words.money(row.fee_cents)}" if row.fee_cents else ", no fee"
        said = f"Package for {row.requester}: {pages}{fee}."
        if self._row is not None and self._row.id == row.id and self.is_open:
            self._finish(said)
        else:
            self._desk.messages.say(said, undo=True)

    def _failed(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        self._desk.jobs.on_failure("Making the package", error)

    def _read(self, row: RequestRow) -> Sequence[ReleaseChoice]:
        self._choices = self._desk.office.records_requests.choices(row.id)
        return self._choices

    def _prepare(self, row: RequestRow, ticked: Sequence[RequestItem]) -> None:
        self._row = row
        self.heading.setText(f"Records for {row.requester}")
        self.parts_field.problem("")
        self.save_button.setEnabled(True)
        practice = self._desk.office.practice
        base, page = (
            practice.get(setting)
            for setting in (settings.RECORDS_FEE_BASE, settings.RECORDS_FEE_PAGE)
        )
        rates = f"Empty: {words.money(base)}, and {words.money(page)} a page"
        self.labelled["fee_cents"].hint(rates if base or page else "Empty: no fee")
        formats, theme = self._desk.office.formats, self._desk.theme
        self.parts.blockSignals(True)
        self.parts.clear()
        for one in self._choices:
            pages = counted(one.pages, "page") if one.pages else ""
            about = [one.title, formats.date(one.on) if one.on else "", pages]
            item = QListWidgetItem("  ·  ".join(part for part in about if part))
            item.setFlags(
                Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
            )
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setSizeHint(QSize(0, theme.px(_LINE)))
            self.parts.addItem(item)
        lines = min(max(self.parts.count(), 3), _MOST_LINES)
        self.parts.setFixedHeight(theme.px(_LINE * lines + 8))
        self.parts.setCurrentRow(0)
        self.parts.blockSignals(False)
        self._tick(ticked)

    def _tick(self, items: Sequence[RequestItem]) -> None:
        for place, one in enumerate(self._choices):
            state = Qt.CheckState.Checked if one.item in items else Qt.CheckState.Unchecked
            self.parts.item(place).setCheckState(state)
        self._counted()

    def _tick_all(self, is_on: bool) -> None:
        self._tick([one.item for one in self._choices] if is_on else [])
        self.parts.setFocus()

    def _counted(self) -> None:
        ticked = self.ticks
        pages = sum(one.pages or 0 for one in self._choices if one.item in ticked)
        parts = f"{counted(len(ticked), 'part')} selected"
        more = f", {pages} pages of documents" if pages else ""
        self.count.setText(f"{parts}{more}; a cover page says what is in it.")
        if ticked:
            self.parts_field.problem("")
        self.changed.emit()
