"""The head of the claim in front: which, whose, how far; what must be read; what is done next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Link
from medsec_desktop.ui.actions import BY_ID
from medsec_desktop.ui.claims.wording import STATES, amount, deadline_sentence, span, what_it_is
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    IconButton,
    LinkButton,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import ClaimDetail
    from medsec_desktop.ui.desk import Desk

_S = ClaimStatus
# What is done next with a claim of that state: the words and the action.
_FORWARD = {
    _S.DRAFT: ("Ready to go", "claim.ready"),
    _S.CHECKED: ("Ready to go", "claim.ready"),
    _S.REJECTED: ("Ready to go", "claim.ready"),
    _S.SENT: ("Answered…", "claim.answer"),
    _S.ACCEPTED: ("Answered…", "claim.answer"),
}
_MENU = (
    "claim.ready", "claim.back", "", "claim.form", "claim.working_copy", "claim.reprint", "",
    "claim.answer", "claim.next_payer", "claim.close", "claim.replace", "claim.void", "",
    "claim.assign", "claim.plan", "claim.note", "", "visit.charges", "visit.open_patient",
)  # fmt: skip
_TITLE_WIDE = 260


class ClaimHead(QWidget):
    """`save_wanted` asks to keep what was typed, `anew_wanted` for what is on file instead of it.

    `notices` is what must be read; it has a place of its own, so that nothing else moves with it.
    """

    save_wanted = Signal()
    anew_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._detail: ClaimDetail | None = None
        theme, trigger = desk.theme, desk.actions.trigger
        self.title = ElidedLabel("", "heading")
        self.state = Text("", "small")
        chip = QFrame()
        chip.setProperty("kind", "chip")
        inside = QHBoxLayout(chip)
        inside.setContentsMargins(10, 2, 10, 2)
        inside.addWidget(self.state)
        self.patient = LinkButton("", lambda: trigger("visit.open_patient"))
        self.facts = ElidedLabel("", "muted")
        self.forward_button = PrimaryButton("", self._go_forward)
        self.save_button = PlainButton(
            "Keep", self.save_wanted.emit, tip="Keep what you typed (Ctrl+S)"
        )
        self.menu_button = IconButton(
            theme, "ellipsis", "What can be done with the claim", self.open_menu
        )
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.title)
        first.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)
        first.addStretch(1)
        for button in (self.save_button, self.forward_button, self.menu_button):
            first.addWidget(button)
        second.setSpacing(8)
        second.addWidget(self.patient)
        second.addWidget(self.facts, 1)
        self.alerts = Banner(theme, "warning", "")
        self.deadline = Banner(theme, "warning", "")
        self.moved_on = Banner(theme, "warning", "", open_link=lambda _: self.anew_wanted.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 8)
        column.setSpacing(4)
        column.addLayout(first)
        column.addLayout(second)
        self.notices = QWidget(parent)
        below = QVBoxLayout(self.notices)
        below.setContentsMargins(16, 8, 16, 0)
        below.setSpacing(4)
        for banner in (self.alerts, self.deadline, self.moved_on):
            banner.hide()
            below.addWidget(banner)

    def show_detail(self, detail: ClaimDetail) -> None:
        """Say which claim it is, and what must be read before it goes."""
        row, formats = detail.row, self._desk.office.formats
        self._detail = detail
        self.title.setText(what_it_is(row))
        wide = min(self.title.sizeHint().width(), self._desk.theme.px(_TITLE_WIDE))
        self.title.setMinimumWidth(wide)
        self.state.setText(STATES[row.status])
        self.patient.say(row.name.listed)
        facts = (row.payer_name, span(row.first_on, row.last_on, formats), amount(row.total_cents))
        self.facts.setText("  ·  ".join(fact for fact in facts if fact))
        alerts = detail.alerts
        text = "\n".join(alerts) if len(alerts) < 2 else "\n".join(f"•  {one}" for one in alerts)
        self.alerts.show_message("warning", text, title="To be read at billing")
        self.alerts.setVisible(bool(alerts))
        tone, sentence = ("", "") if row.is_sealed else deadline_sentence(row, formats)
        self.deadline.show_message(tone or "warning", sentence)
        self.deadline.setVisible(bool(sentence))
        self.moved_on.hide()
        self._show_notices()

    def _show_notices(self) -> None:
        banners = (self.alerts, self.deadline, self.moved_on)
        self.notices.setVisible(any(not banner.isHidden() for banner in banners))

    def tell_moved_on(self, version: int, now: ClaimDetail) -> None:
        """Say where somebody changed the claim while it was being typed into."""
        if now.version != version:
            link = Link("claim", str(now.row.id), "Show what is on file; what you typed goes")
            who = now.events[-1].by if now.events else ""
            self.moved_on.show_message(
                "warning",
                "What you typed cannot be kept over it.",
                title=f"Changed meanwhile{f' by {who}' if who else ''}.",
                links=(link,),
            )
        self.moved_on.setVisible(now.version != version)
        self._show_notices()

    def show_next(self, *, is_touched: bool) -> None:
        """What can be done now: keep what was typed, or take the claim a step further."""
        self.save_button.setVisible(is_touched)
        words, action_id = self._forward
        may = self._desk.office.session.may(Permission.EDIT_CLAIMS)
        self.forward_button.setVisible(bool(words) and may)
        self.forward_button.setText(words)
        self.forward_button.setAccessibleName(words)
        if action_id:
            action = BY_ID[action_id]
            self.forward_button.setToolTip(f"{action.text} ({action.native_key})")

    @property
    def _forward(self) -> tuple[str, str]:
        if self._detail is None:
            return "", ""
        row = self._detail.row
        if row.status is _S.DECIDED:
            goes_on = self._detail.next_payer and self._detail.followed_by_id is None
            return (
                ("To the next payer…", "claim.next_payer") if goes_on else ("Close…", "claim.close")
            )
        if row.status is _S.READY:
            is_paper = row.way == "paper"
            return ("Print the form…", "claim.form") if is_paper else ("Write files…", "claim.send")
        return _FORWARD.get(row.status, ("", ""))

    def _go_forward(self) -> None:
        _, action_id = self._forward
        if action_id:
            self._desk.actions.trigger(action_id)

    def open_menu(self) -> None:
        """Everything that can be done with the claim; what cannot be now is grey and says why."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        actions = self._desk.actions
        for action_id in _MENU:
            if not action_id:
                menu.addSeparator()
                continue
            action, reason = BY_ID[action_id], actions.why_not(action_id)
            entry = menu.addAction(f"{actions.text(action_id)}\t{action.native_key}")
            entry.setEnabled(not reason)
            entry.setToolTip(reason or action.name)
            entry.triggered.connect(lambda _=False, name=action_id: actions.trigger(name))
            if action.icon:
                self._desk.theme.wear(entry, action.icon)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        button = self.menu_button
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))
