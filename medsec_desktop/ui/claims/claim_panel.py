"""The claim in front, at the right of the tab: its head, its fields, the form, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.ui.claims.claim_head import ClaimHead
from medsec_desktop.ui.claims.editor import ClaimEditor
from medsec_desktop.ui.claims.form_view import FormView
from medsec_desktop.ui.claims.history_view import HistoryView
from medsec_desktop.ui.claims.wording import what_it_is
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    EmptyState,
    Hairline,
)
from medsec_desktop.ui.widgets.buttons import TabButton

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import ClaimDetail
    from medsec_desktop.ui.desk import Desk

_CODES_AFTER_MS = 600


class ClaimPanel(QWidget):
    """`show_claim` opens one; what was typed and not kept is parked when another one comes.

    It is also the editor that the draft keeper watches.
    """

    draft_kind = "claim"
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.detail: ClaimDetail | None = None
        self._codes: Any = None
        self.editor = ClaimEditor(desk, self._words_of)
        self.form_view = FormView(desk)
        self.history = HistoryView(desk)
        self.editor.changed.connect(self._show_kept)
        self._build()
        bind = desk.actions.bind
        bind("form.save", self.save, self._why_not_save, owner=self, text=lambda: "Keep the claim")
        # Half a second of work for the list of diagnoses: not while the tab comes to the front.
        QTimer.singleShot(_CODES_AFTER_MS, self, self._read_codes)

    # -- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        self.head = ClaimHead(self._desk)
        self.head.save_wanted.connect(self.save)
        self.head.anew_wanted.connect(self.show_claim_anew)
        self.pages = QStackedWidget()
        bar = QFrame()
        bar.setObjectName("segments")
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 0, 16, 4)
        row.setSpacing(4)
        group = QButtonGroup(self)
        self.tabs: list[TabButton] = []
        for page, name in (
            (self.editor, "Claim"),
            (self.form_view, "Form"),
            (self.history, "History"),
        ):
            button = TabButton(name, lambda page=page: self.show_page(page))
            group.addButton(button)
            row.addWidget(button)
            self.tabs.append(button)
            self.pages.addWidget(page)
        row.addStretch(1)
        self.tabs[0].setChecked(True)
        self.whole = QWidget()
        column = QVBoxLayout(self.whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(bar)
        column.addWidget(Hairline())
        column.addWidget(self.pages, 1)
        self.nothing = EmptyState(
            self._desk.theme, "receipt-text", "No claim selected", "It is shown here."
        )
        self.shown = QStackedWidget()
        self.shown.addWidget(self.nothing)
        self.shown.addWidget(self.whole)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.shown)

    # -- the words of diagnoses -----------------------------------------------------------------

    def _words_of(self, code: str) -> str:
        found = self._codes.get(code) if self._codes is not None else None
        return found.words if found is not None else ""

    def _read_codes(self) -> None:
        if not self.window().isVisible():
            return  # closed before they were needed, and the practice with it
        self._desk.jobs.quietly(lambda _: _diagnoses(), self._codes_read)

    def _codes_read(self, codes: Any) -> None:
        self._codes = codes
        self.editor.form.diagnoses.refresh_words()

    # -- showing --------------------------------------------------------------------------------

    @property
    def claim_id(self) -> int | None:
        return self.detail.row.id if self.detail is not None else None

    @property
    def may_edit(self) -> bool:
        detail = self.detail
        may = self._desk.office.session.may(Permission.EDIT_CLAIMS)
        return may and detail is not None and not detail.row.is_sealed

    def show_nothing(
        self, title: str = "No claim selected", text: str = "It is shown here."
    ) -> None:
        """No claim in front."""
        self.leave()
        self.detail = None
        self.nothing.say(title, text)
        self.shown.setCurrentWidget(self.nothing)

    def show_claim(
        self, claim_id: int, state: dict[str, Any] | None = None, draft_id: int | None = None
    ) -> None:
        """Open a claim; with `state`, what was typed into it before."""
        self.leave()
        office = self._desk.office

        def read() -> tuple[ClaimDetail, Any]:
            return office.claims.detail(claim_id), office.claims.surroundings(claim_id)

        found = guarded(self._desk, read)
        if found is None:
            self.show_nothing()
            return
        self.detail, around = found
        self._show_head()
        self.shown.setCurrentWidget(self.whole)
        self.editor.show_claim(self.detail.content, around, is_sealed=not self.may_edit)
        self.history.note.setText(state.get("note", "") if state is not None else "")
        if state is not None and state["typed"] is not None and self.may_edit:
            self.editor.restore(state["typed"])
            self.head.tell_moved_on(int(state["version"]), self.detail)
        self._show_kept()
        self._show_page_again()
        if self._desk.office.session.may(Permission.EDIT_CLAIMS):
            self._desk.drafts.watch(self, close=self.show_claim_anew, draft_id=draft_id)

    def _show_again(self) -> None:
        """The same claim as it is on file by now; a note half typed stays where it is."""
        detail, note = self.detail, self.history.note.text()
        if detail is not None:
            self._desk.drafts.done(self)
            self.detail = None
            self.show_claim(detail.row.id)
            self.history.note.setText(note)

    def show_claim_anew(self) -> None:
        """Show what is on file; what was typed over it goes."""
        if self.detail is not None:
            self._desk.drafts.forget(self)
            claim_id = self.detail.row.id
            self.detail = None
            self.show_claim(claim_id)

    def refresh(self) -> None:
        """Rows changed: show what concerns this claim, but never over what is being typed."""
        detail = self.detail
        if detail is None:
            return
        now = guarded(self._desk, lambda: self._desk.office.claims.detail(detail.row.id))
        if now is None or now == detail:
            return
        if self.editor.is_touched:
            self.head.tell_moved_on(detail.version, now)
        else:
            self._show_again()

    def _show_head(self) -> None:
        assert self.detail is not None
        self.head.show_detail(self.detail)
        self.history.show_detail(
            self.detail, may_write=self._desk.office.session.may(Permission.EDIT_CLAIMS)
        )

    def _show_kept(self) -> None:
        if self.detail is not None:
            self.head.show_next(is_touched=self.may_edit and self.editor.is_touched)

    # -- pages ----------------------------------------------------------------------------------

    def show_page(self, page: QWidget) -> None:
        """The claim's fields, its form or its history."""
        self.pages.setCurrentWidget(page)
        self.tabs[self.pages.indexOf(page)].setChecked(True)
        if page is self.form_view:
            self.draw_form()
        self.take_focus()

    def _show_page_again(self) -> None:
        if self.pages.currentWidget() is self.form_view:
            self.draw_form()

    def draw_form(self) -> None:
        """Draw the form of what stands on the screen, kept or not."""
        if self.detail is None:
            return
        claim_id = self.detail.row.id
        try:
            content = self.editor.claim() if self.may_edit else None
        except Invalid as fault:
            self.show_page(self.editor)
            self.editor.tell(fault)
            return
        forms = self._desk.office.claim_forms
        self.form_view.show_form(
            lambda: (forms.preview(claim_id, content), forms.cut_off(claim_id, content))
        )

    def take_focus(self) -> None:
        """Into what is in front: the first field that needs it, the pages, the notes."""
        page = self.pages.currentWidget()
        if self.shown.currentWidget() is self.nothing:
            return
        if page is self.form_view:
            self.form_view.pages.setFocus()
        elif page is self.history:
            (self.history.note if self.history.note.isVisible() else self.history.list).setFocus()
        elif self.editor.strip.isVisible() and self.editor.strip.list.rows.rowCount():
            self.editor.strip.go_to_current()
        elif self.may_edit:
            self.editor.form.go_to("insured.party.id")
        else:
            self.editor.form.folds["diagnoses"].button.setFocus()

    # -- keeping --------------------------------------------------------------------------------

    def save(self) -> bool:
        """Keep what stands on the screen; False where it cannot be, which is told."""
        detail = self.detail
        if detail is None or not self.may_edit:
            return False
        if not self.editor.is_touched:
            return True
        claims = self._desk.office.claims
        try:
            content = self.editor.claim()
            kept = claims.save(detail.row.id, detail.version, content)
        except Invalid as fault:
            self.show_page(self.editor)
            self.editor.tell(fault)
            self._desk.messages.problem(fault)
            return False
        except Problem as problem:
            self._desk.messages.problem(problem)
            self.refresh()
            return False
        place = self.editor.scroll.verticalScrollBar().value()
        self._show_again()
        self.editor.scroll.verticalScrollBar().setValue(place)
        self._desk.messages.say(f"Claim {kept.row.number} is kept.", undo=True)
        return True

    def _why_not_save(self) -> bool | str:
        if self.detail is None:
            return "Select a claim first."
        if not self.may_edit:
            return "This claim left the office: it stays as it was sent."
        return self.editor.is_touched or "There is nothing typed that is not kept."

    def leave(self) -> None:
        """Another claim comes, or the tab goes: what was typed is parked."""
        if self.detail is not None:
            self._desk.drafts.leave(self)

    # -- what the draft keeper asks -------------------------------------------------------------

    def draft_title(self) -> str:
        assert self.detail is not None
        row = self.detail.row
        return f"{what_it_is(row)} · {row.name.listed}"

    def draft_patient_id(self) -> int | None:
        return self.detail.row.patient_id if self.detail is not None else None

    def draft_state(self) -> dict[str, Any] | None:
        if self.detail is None:
            return None
        typed = self.editor.typed() if self.may_edit else None
        note = self.history.note.text()
        if typed is None and not note.strip():
            return None
        about = {"claim": self.detail.row.id, "version": self.detail.version}
        return {**about, "typed": typed, "note": note}

    def restore_state(self, state: dict[str, Any]) -> None:
        self.show_claim(int(state["claim"]), state)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _diagnoses() -> Any:
    """The list of diagnoses; half a second the first time, so away from the screen."""
    from medsec_desktop.services.claims.diagnoses import diagnoses

    return diagnoses().book
