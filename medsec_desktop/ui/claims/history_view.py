"""What happened to a claim, whose it is, and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.problems import Link
from medsec_desktop.ui.claims.wording import STATES, WAYS
from medsec_desktop.ui.widgets import ElidedLabel, FastList, LinkButton, ListRow, PlainButton, Text
from medsec_desktop.ui.widgets.scrolled import EDGE

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import ClaimDetail, EventRow
    from medsec_desktop.ui.desk import Desk

_ICONS = {
    "status": "arrow-right", "note": "sticky-note", "change": "pencil", "sent": "file-up",
    "answer": "message-square",
}  # fmt: skip


class HistoryView(QWidget):
    """A note is typed in its line and kept by Enter; the rest is asked by the tab's own keys."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._detail: ClaimDetail | None = None
        trigger = desk.actions.trigger
        self.facts: dict[str, ElidedLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for at, (key, label) in enumerate(
            (
                ("owner", "In hand of"),
                ("next", "Next"),
                ("due", "Last day to file"),
                ("sent", "Sent"),
                ("payer", "Payer’s number"),
            )
        ):
            value = ElidedLabel("")
            grid.addWidget(Text(label, "muted"), at, 0)
            grid.addWidget(value, at, 1)
            self.facts[key] = value
        self.assign_button = PlainButton("Whose it is…", lambda: trigger("claim.assign"))
        self.plan_button = PlainButton("What is next…", lambda: trigger("claim.plan"))
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.assign_button)
        side.addWidget(self.plan_button)
        side.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(grid, 1)
        head.addLayout(side)
        self._links = QHBoxLayout()
        self._links.setSpacing(16)
        self.note = QLineEdit()
        self.note.setPlaceholderText("Note: who was called, what was said")
        self.note.setAccessibleName("Note on the claim")
        self.note.setMaxLength(500)
        self.note.returnPressed.connect(self.keep_note)
        self.note_button = PlainButton("Add", self.keep_note)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.note, 1)
        line.addWidget(self.note_button)
        self.list = FastList(desk.theme, "What happened to the claim", two_lines=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, EDGE, 12)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self._links)
        column.addLayout(line)
        column.addWidget(self.list, 1)

    def show_detail(self, detail: ClaimDetail, *, may_write: bool) -> None:
        """Show the latest first."""
        self._detail = detail
        row, formats = detail.row, self._desk.office.formats
        day = formats.short_date(row.next_on) if row.next_on else ""
        says = {
            "owner": row.owner_name or "nobody",
            "next": ": ".join(part for part in (day, row.next_action) if part) or "nothing planned",
            "due": formats.date(row.due_on) if row.due_on else "none",
            "sent": self._sent(detail),
            "payer": row.payer_claim_number or "not known yet",
        }
        for key, words in says.items():
            self.facts[key].setText(words)
        self._show_links(detail)
        self.list.set_rows([self._row(one) for one in reversed(detail.events)], preselect=False)
        for part in (self.note, self.note_button, self.assign_button, self.plan_button):
            part.setVisible(may_write)

    def _sent(self, detail: ClaimDetail) -> str:
        row, formats = detail.row, self._desk.office.formats
        if row.sent_at is None:
            return "not yet"
        parts = (formats.when(row.sent_at), WAYS.get(row.way, ""), row.batch_reference)
        return "  ·  ".join(part for part in parts if part)

    def _show_links(self, detail: ClaimDetail) -> None:
        while (item := self._links.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        for claim_id, words in (
            (detail.replaces_id, "The claim it replaces"),
            (detail.replaced_by_id, "The claim that replaces it"),
            (detail.follows_id, "The claim to the payer before"),
            (detail.followed_by_id, "The claim to the next payer"),
        ):
            if claim_id is not None:
                link = Link("claim", str(claim_id), words)
                self._links.addWidget(
                    LinkButton(words, lambda link=link: self._desk.go.open_link(link))
                )
        self._links.addStretch(1)

    def _row(self, event: EventRow) -> ListRow:
        formats = self._desk.office.formats
        title = event.note or (STATES[event.status] if event.status else event.kind.capitalize())
        if event.note and event.status is not None:
            title = f"{STATES[event.status]}: {event.note}"
        return ListRow(
            event.id,
            title,
            "  ·  ".join(part for part in (formats.when(event.at), event.by) if part),
            icon=_ICONS.get(event.kind, "circle-dashed"),
        )

    def keep_note(self) -> None:
        """Keep what is typed as a note beside the claim."""
        from medsec_desktop.ui.report import guarded

        detail, text = self._detail, self.note.text()
        if detail is None:
            return
        kept = guarded(self._desk, lambda: self._desk.office.claims.note(detail.row.id, text))
        if kept is not None:
            self.note.clear()
            self._desk.messages.say("Noted.", undo=True)
