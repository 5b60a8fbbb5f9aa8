"""The claim in front, at the right of the tab: its head, its fields, the form, its history."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
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
from medsec_desktop.ui.claims.slices import Slices
from medsec_desktop.ui.claims.wording import what_it_is
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    EmptyState,
    Hairline,
)
from medsec_desktop.ui.widgets.buttons import TabButton

if TYPE_CHECKING:
    from medsec_desktop.domain.claims.scrubbing import Surroundings
    from medsec_desktop.services.claims.claims import Claims
    from medsec_desktop.services.claims.records import ClaimDetail
    from medsec_desktop.ui.desk import Desk

_CODES_AFTER_MS = 200
_PAGES = {"editor": "Claim", "form_view": "Form", "history": "History"}


class ClaimPanel(QWidget):
    """`show_claim` opens one; what was typed and not kept is parked when another one comes.

    It is also the editor that the draft keeper watches. Its head and its pages are made when they are first
    asked for, else between the events that follow the first show of the tab.
    """

    draft_kind = "claim"
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.detail: ClaimDetail | None = None
        self._codes: Any = None
        self._is_reading = False
        self._slices = Slices(self)
        self._build()
        bind = desk.actions.bind
        bind("form.save", self.save, self._why_not_save, owner=self, text=lambda: "Keep the claim")
        bind("claim.next_message", self._next_message, self._why_no_message, owner=self)
        # Half a second of work for the list of diagnoses: not while the tab comes to the front.
        QTimer.singleShot(_CODES_AFTER_MS, self, self._read_codes)
        QTimer.singleShot(0, self, lambda: self._slices.begin(self._rest()))

    # -- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        self.shown = QStackedWidget(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.shown)
        self.nothing = EmptyState(
            self._desk.theme, "receipt-text", "No claim selected", "It is shown here."
        )
        self.whole = QWidget(self.shown)
        self.shown.addWidget(self.nothing)
        self.shown.addWidget(self.whole)
        bar = QFrame(self.whole)
        bar.setObjectName("segments")
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 0, 16, 4)
        row.setSpacing(4)
        group = QButtonGroup(self)
        self.tabs: list[TabButton] = []
        for name, title in _PAGES.items():
            button = TabButton(title, lambda name=name: self.show_page(getattr(self, name)))
            group.addButton(button)
            row.addWidget(button)
            self.tabs.append(button)
        row.addStretch(1)
        self.tabs[0].setChecked(True)
        self.pages = QStackedWidget(self.whole)
        self._column = QVBoxLayout(self.whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(bar)
        self._column.addWidget(Hairline(parent=self.whole))
        self._column.addWidget(self.pages, 1)

    def _rest(self) -> Iterator[None]:
        """What is not there yet, one thing after the other."""
        for name in ("head", *_PAGES):
            getattr(self, name)
            yield
            if name == "editor":
                yield from self.editor.form.make_folds()

    @cached_property
    def head(self) -> ClaimHead:
        head = ClaimHead(self._desk, self.whole)
        head.save_wanted.connect(self.save)
        head.anew_wanted.connect(self.show_claim_anew)
        self._column.insertWidget(0, head)
        self._column.insertWidget(self._column.indexOf(self.pages), head.notices)
        return head

    @cached_property
    def editor(self) -> ClaimEditor:
        editor = ClaimEditor(self._desk, self._words_of, self.pages)
        editor.changed.connect(self._show_kept)
        editor.days_typed.connect(self._bring_surroundings)
        self.pages.insertWidget(0, editor)
        self.pages.setCurrentIndex(0)
        return editor

    @cached_property
    def form_view(self) -> FormView:
        view = FormView(self._desk, self.pages)
        self.pages.addWidget(view)
        return view

    @cached_property
    def history(self) -> HistoryView:
        view = HistoryView(self._desk, self.pages)
        self.pages.addWidget(view)
        if self.detail is not None:
            view.show_detail(self.detail, may_write=self._may_write)
        return view

    def _page_in_front(self, name: str) -> bool:
        """Whether a page is the one in front, without making it."""
        return self.__dict__.get(name) is self.pages.currentWidget()

    @property
    def _may_write(self) -> bool:
        return self._desk.office.session.may(Permission.EDIT_CLAIMS)

    # -- the words of diagnoses -----------------------------------------------------------------

    def _words_of(self, code: str) -> str:
        found = self._codes.get(code) if self._codes is not None else None
        return found.words if found is not None else ""

    def _read_codes(self) -> None:
        """Read the list of diagnoses, which both the form and the scrubber need, away from the screen."""
        if self._codes is not None or self._is_reading:
            return
        if not self.window().isVisible():
            return  # closed before they were needed, and the practice with it
        self._is_reading = True
        claims = self._desk.office.claims
        self._desk.jobs.quietly(lambda _: _read_in(claims), self._codes_read)

    def _codes_read(self, codes: Any) -> None:
        self._codes, self._is_reading = codes, False
        if "editor" in self.__dict__:
            self.editor.refresh_words()
            if self.editor.is_waiting:
                self._bring_surroundings()

    def _bring_surroundings(self) -> None:
        """Read what the rules go by beside the claim, away from the screen, and let them look at it."""
        if not self.may_edit or self.detail is None or self._codes is None:
            return
        claims, claim_id = self._desk.office.claims, self.detail.row.id
        try:
            content = self.editor.claim()
        except Invalid:
            content = None  # a word half typed: the days are those of the claim on file

        def take(around: Surroundings) -> None:
            if claim_id == self.claim_id and self.may_edit:
                self.editor.let_scrub(around)

        self._desk.jobs.quietly(lambda _: claims.surroundings(claim_id, content), take)

    # -- showing --------------------------------------------------------------------------------

    @property
    def claim_id(self) -> int | None:
        return self.detail.row.id if self.detail is not None else None

    @property
    def is_touched(self) -> bool:
        """Whether something was typed that is not kept; the editor is not made for the question."""
        return "editor" in self.__dict__ and self.editor.is_touched

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

        self._read_codes()  # the first claim of the day waits for them with the scrubber only
        is_read = self._codes is not None

        def read() -> tuple[ClaimDetail, Any]:
            around = office.claims.surroundings(claim_id) if is_read else None
            return office.claims.detail(claim_id), around

        found = guarded(self._desk, read)
        if found is None:
            self.show_nothing()
            return
        self.detail, around = found
        self._show_head()
        self.shown.setCurrentWidget(self.whole)
        self.editor.show_claim(self.detail.content, around, is_sealed=not self.may_edit)
        note = state.get("note", "") if state is not None else ""
        if note or "history" in self.__dict__:
            self.history.note.setText(note)
        if state is not None and state["typed"] is not None and self.may_edit:
            self.editor.restore(state["typed"])
            self.head.tell_moved_on(int(state["version"]), self.detail)
        self._show_kept()
        self._show_page_again()
        if self._may_write:
            self._desk.drafts.watch(self, close=self.show_claim_anew, draft_id=draft_id)

    def _show_again(self) -> None:
        """The same claim as it is on file by now; a note half typed stays where it is."""
        detail, note = self.detail, self._note
        if detail is not None:
            self._desk.drafts.done(self)
            self.detail = None
            self.show_claim(detail.row.id)
            if note:
                self.history.note.setText(note)

    @property
    def _note(self) -> str:
        """The note half typed, if there is one."""
        return self.history.note.text() if "history" in self.__dict__ else ""

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
        if now is None:
            return
        if now != detail and not self.editor.is_touched:
            self._show_again()
            return
        if now != detail:
            self.head.tell_moved_on(detail.version, now)
        self._bring_surroundings()

    def _show_head(self) -> None:
        assert self.detail is not None
        self.head.show_detail(self.detail)
        if "history" in self.__dict__:
            self.history.show_detail(self.detail, may_write=self._may_write)

    def _show_kept(self) -> None:
        if self.detail is not None:
            self.head.show_next(is_touched=self.may_edit and self.editor.is_touched)

    # -- pages ----------------------------------------------------------------------------------

    def show_page(self, page: QWidget) -> None:
        """The claim's fields, its form or its history."""
        self.pages.setCurrentWidget(page)
        for name, button in zip(_PAGES, self.tabs, strict=True):
            if self.__dict__.get(name) is page:
                button.setChecked(True)
        if self._page_in_front("form_view"):
            self.draw_form()
        self.take_focus()

    def _show_page_again(self) -> None:
        if self._page_in_front("form_view"):
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

    def _next_message(self) -> None:
        """From the form or the history to the fields, and there to what the scrubber says."""
        self.show_page(self.editor)
        self.editor.strip.go_to_current()

    def _why_no_message(self) -> bool | str:
        if self.detail is None:
            return "Select a claim first."
        return self.editor.why_no_message()

    def take_focus(self) -> None:
        """Into what is in front: the first field that needs it, the pages, the notes."""
        if self.shown.currentWidget() is self.nothing:
            return
        if self._page_in_front("form_view"):
            self.form_view.pages.setFocus()
        elif self._page_in_front("history"):
            (self.history.note if self.history.note.isVisible() else self.history.list).setFocus()
        elif self.editor.strip.isVisible() and self.editor.strip.list.rows.rowCount():
            self.editor.strip.go_to_current()
        elif self.may_edit:
            self.editor.begin()
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
        note = self._note
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


def _read_in(claims: Claims) -> Any:
    """The list of diagnoses, and all that the first scrub needs: half a second, away from the screen."""
    from medsec_desktop.domain.claims.scrubbing import rules
    from medsec_desktop.services.claims.diagnoses import diagnoses

    rules()
    claims.read_lists()
    return diagnoses().book
