"""The window in which a visit is charged, beside the main one and over whatever is in front there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid, Link, Problem
from medsec_desktop.services.claims.charge_records import ChargeDetail
from medsec_desktop.ui.claims.charges.charge_form import ChargeForm
from medsec_desktop.ui.practice.side_window import SideWindow
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Banner, ElidedLabel, PlainButton, PrimaryButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class ChargeWindow(SideWindow):
    """Ctrl+S keeps the charges and closes, Ctrl+Shift+Enter makes the claim of them at once."""

    help_page = "charges"

    def __init__(self, desk: Desk, window: QWidget):
        super().__init__(desk, window, "Charges")
        self.detail: ChargeDetail | None = None
        self.form = ChargeForm(desk)
        self.form.changed.connect(self._offer)
        self.name = ElidedLabel("", "title")
        self.about = ElidedLabel("", "muted")
        self.banner = Banner(desk.theme, "info", "", open_link=self._open_link)
        self.banner.hide()
        self._lay_out()
        self.open_at(1180, 720)
        for key, act in (
            ("Ctrl+S", self.save), ("Ctrl+Return", self.save), ("Ctrl+Shift+Return", self.claim),
            ("Ctrl+Z", self.form.undo), ("Ctrl+F", self.form.begin), ("Ctrl+P", self.print),
            ("Ctrl+Shift+P", lambda: desk.drafts.park(self.form)), ("F1", self._help),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self, activated=act)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(24, 16, 24, 0)
        head.setSpacing(2)
        head.addWidget(self.name)
        head.addWidget(self.about)
        around = QVBoxLayout()
        around.setContentsMargins(24, 12, 24, 0)
        around.addWidget(self.banner)
        self.repeat_button = PlainButton("&Repeat last visit", self.form.repeat_last)
        self.nothing_button = PlainButton("&No charge…", self.no_charge)
        self.print_button = PlainButton("Su&perbill…", self.print, tip="Print it (Ctrl+P)")
        self.close_button = PlainButton("Close", self.close)
        self.claim_button = PlainButton(
            "Save and make the &claim", self.claim, tip="Ctrl+Shift+Enter"
        )
        self.save_button = PrimaryButton("&Save", self.save, tip="Ctrl+S")
        foot = QHBoxLayout()
        for button in (self.repeat_button, self.nothing_button, self.print_button):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.close_button, self.claim_button, self.save_button):
            foot.addWidget(button)
        body = self.lay_in(head, around, self.form, foot=foot)
        self.tell_over(self.form, body, foot)

    # -- what is shown ------------------------------------------------------------------------

    def show_visit(self, appointment_id: int) -> bool:
        """A visit's charges as they are kept; what was half put down for another is parked."""
        if self.detail is not None and self.detail.visit.appointment_id == appointment_id:
            return True
        detail = guarded(self._desk, lambda: self._desk.office.charges.open(appointment_id))
        if detail is None:
            return False
        if self.detail is not None:
            self._desk.drafts.leave(self.form)
        self._show(detail)
        self._desk.drafts.watch(self.form, close=self.close)
        return True

    def resume(self, state: dict[str, Any], draft_id: int) -> bool:
        """Go on with charges that were parked."""
        number = int(state["appointment_id"])
        detail = guarded(self._desk, lambda: self._desk.office.charges.open(number))
        if detail is None:
            return False
        if self.detail is not None:
            self._desk.drafts.leave(self.form)
        self._show(detail)
        self.form.restore_state(state)
        self._desk.drafts.watch(self.form, close=self.close, draft_id=draft_id)
        if detail.draft.version != int(state["version"]):
            self._say("warning", "Somebody has changed these charges since you parked yours.",
                      "Saving will not work: compare, close, and open them again.")  # fmt: skip
        return True

    def _show(self, detail: ChargeDetail) -> None:
        self.detail = detail
        visit, formats = detail.visit, self._desk.office.formats
        self.name.setText(visit.patient_name)
        about = (
            f"{formats.long_date(visit.starts_at.date())}, {formats.time(visit.starts_at)}",
            visit.type_name,
            visit.provider_name,
            visit.reason,
        )
        self.about.setText(" · ".join(part for part in about if part))
        self.form.show_detail(detail)
        self._tell_state(detail)
        self._offer()

    def _tell_state(self, detail: ChargeDetail) -> None:
        alerts = "; ".join(detail.visit.billing_alerts)
        if detail.is_on_claim:
            link = Link("claim", str(detail.claim_id), f"Open claim {detail.claim_number}")
            self._say("info", f"These charges are on claim {detail.claim_number}.",
                      "They are changed on the claim.", (link,))  # fmt: skip
        elif detail.status == "no-charge":
            self._say("info", f"No charge: {detail.no_charge_reason}", detail.decided)
        elif alerts:
            self._say("warning", alerts)
        else:
            self.banner.hide()

    def _say(self, tone: str, title: str, text: str = "", links: tuple[Link, ...] = ()) -> None:
        self.banner.show_message(tone, text, title=title, links=links)
        self.banner.show()

    def _offer(self) -> None:
        detail = self.detail
        may = detail is not None and self.form.isEnabled()
        for button in (self.nothing_button, self.claim_button, self.save_button):
            button.setVisible(may)
        self.repeat_button.setVisible(may and detail is not None and detail.last is not None)

    # -- what is done -------------------------------------------------------------------------

    def save(self) -> None:
        """Keep the charges, say so with the total, and close."""
        self._kept(self._charged)

    def claim(self) -> None:
        """Keep the charges and make the claim of them."""
        self._kept(self._claimed)

    def no_charge(self) -> None:
        """Ask why, and say that the visit costs nothing."""
        detail = self.detail
        if detail is None:
            return

        def said(reason: str) -> None:
            done = guarded(
                self._desk,
                lambda: self._desk.office.charges.no_charge(
                    detail.visit.appointment_id, reason, detail.draft.version
                ),
            )
            if done is not None:
                self._finish(f"{done.visit.patient_name}: no charge.")

        self._desk.prompts.ask_text(
            "No charge", "Reason", said, text="Why is nothing charged?", button="No charge",
        )  # fmt: skip

    def print(self) -> None:
        """Show the superbill of this visit before it is printed."""
        if self.detail is not None:
            from medsec_desktop.ui.claims.charges.superbills import print_visit

            print_visit(self._desk, self, self.detail.visit.appointment_id)

    def _kept(self, then: Callable[[ChargeDetail], object]) -> None:
        if self.detail is None or not self.save_button.isVisible():
            return
        if not self.form.commit():
            self._desk.messages.not_now("Something typed is not right yet: see the line in red.")
            return
        try:
            kept = self._desk.office.charges.save(self.form.draft())
        except Invalid as problem:
            if not self.form.complain(problem):
                self._desk.messages.problem(problem)
            return
        except Problem as problem:
            self._desk.messages.problem(problem)
            return
        then(kept)

    def _charged(self, kept: ChargeDetail) -> None:
        cents = sum(line.charge_cents or 0 for line in kept.draft.lines)
        self._finish(
            f"{kept.visit.patient_name} charged ${Money(cents)}.",
            [("Make the claim", lambda: make_claim(self._desk, kept.id))],
        )

    def _claimed(self, kept: ChargeDetail) -> None:
        self._finish("")
        make_claim(self._desk, kept.id)

    def _finish(
        self, said: str, offers: list[tuple[str, Callable[[], object]]] | None = None
    ) -> None:
        self._desk.drafts.done(self.form)
        self.detail = None
        self.close()
        if said:
            self._desk.messages.say(said, undo=True, offers=offers or [])

    def _open_link(self, link: Link) -> None:
        self.close()
        self._desk.go.open_link(link)

    def _help(self) -> None:
        self._desk.actions.trigger("help.page")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a cell goes back to where codes are typed; it does not save half a visit."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.form.finder.line.setFocus()
            self.form.finder.line.selectAll()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Escape: what is half put down is parked."""
        self._left()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._left()
        super().closeEvent(event)

    def _left(self) -> None:
        if self.detail is not None:
            self.form.commit()
            self._desk.drafts.leave(self.form)
            self.detail = None


def make_claim(desk: Desk, sheet_id: int) -> None:
    """Make a claim of a visit's charges and show it."""
    claim_id = guarded(desk, lambda: desk.office.claims.build(sheet_id))
    if claim_id is not None:
        desk.go.open_link(Link("claim", str(claim_id), "The claim"))


def open_charges(desk: Desk, window: QWidget, appointment_id: int) -> ChargeWindow | None:
    """Show a visit's charges over `window`; None where it cannot be charged, which is said."""
    dialog = window.findChild(ChargeWindow) or ChargeWindow(desk, window)
    if not dialog.show_visit(appointment_id):
        if not dialog.isVisible():
            dialog.deleteLater()
        return None
    return _bring(dialog)


def resume_charges(
    desk: Desk, window: QWidget, state: dict[str, Any], draft_id: int
) -> ChargeWindow | None:
    """Show charges that were parked, to go on with."""
    dialog = window.findChild(ChargeWindow) or ChargeWindow(desk, window)
    return _bring(dialog) if dialog.resume(state, draft_id) else None


def _bring(dialog: ChargeWindow) -> ChargeWindow:
    dialog.come_forward()
    dialog.form.finder.line.setFocus()
    return dialog
