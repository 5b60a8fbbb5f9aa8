"""The panel that writes a letter: what it is and to whom at the left, its words on the sheet at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent, QTextOption
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from medsec_desktop.domain.letters import written_date
from medsec_desktop.domain.paper import paper_named
from medsec_desktop.domain.writing.document import plain_text
from medsec_desktop.services.letters import LetterDraft
from medsec_desktop.ui.letters.around import AroundWords
from medsec_desktop.ui.letters.composition import Composition, bare
from medsec_desktop.ui.letters.editing.editor import DocumentEditor
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.letters.stationery import stationery
from medsec_desktop.ui.letters.words_choice import WordsChoice
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    Field,
    Hairline,
    IconButton,
    PlainButton,
    PrimaryButton,
    Text,
)
from medsec_desktop.ui.widgets.buttons import TabButton

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.desk import Desk

_AFTER_A_KEY_MS = 60  # a letter is built and drawn in less; slower typing shows every key


class LetterWriter(QWidget):
    """One letter being written.

    `preview_wanted` carries the draft, a resolution and the place of the words to be shown, if it matters;
    `show_preview` takes what was drawn.
    `file_wanted`, `print_wanted` and `options_wanted` carry the draft to be filed, printed, or
    printed after choosing how; `left` says that the panel is to go. Parked like every editor.
    """

    draft_kind = "letter"
    help_page = "letters"

    preview_wanted = Signal(object, float, object)
    file_wanted = Signal(object)
    print_wanted = Signal(object)
    options_wanted = Signal(object)
    pass_on_wanted = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, draft: LetterDraft, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.draft = draft
        self._composition = Composition(desk.office.letters, draft)
        self._filling = False
        self._goes_to_place = False  # the pages are to be shown where one typed
        self.setProperty("kind", "surface")
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_AFTER_A_KEY_MS)
        self._pause.timeout.connect(self.ask_for_preview)
        self._fill(draft)

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        desk = self.desk
        self.title = Text("", "title", wrap=True)
        self.choice = WordsChoice(desk, lambda: self.draft)
        self.choice.chosen.connect(self._recompose)
        self.warning = Banner(desk.theme, "warning", "")
        self.warning.hide()
        self.recipient = self._text("Recipient", lines=4)
        self.words = DocumentEditor(desk, desk.office.letter_pictures, takes_fields=False)
        self.words.changed.connect(self._typed)
        self.text = self.words.page

        form = QWidget()
        form.setProperty("kind", "surface")
        column = QVBoxLayout(form)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.warning)
        column.addWidget(self.choice)
        self.around = AroundWords(desk)
        self.around.recipient_chosen.connect(self._take_recipient)
        self.around.changed.connect(self._around_changed)
        column.addWidget(self.around)
        column.addWidget(
            Field("Recipient", self.recipient, hint="As it shows in the envelope’s window.")
        )
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(form)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll

        self.print_button = PrimaryButton("Print", self.print, tip="File it and print it (Ctrl+P)")
        self.file_button = PlainButton(
            "File", self.file, tip="File it without printing (Ctrl+Enter)"
        )
        self.pass_on_button = PlainButton(
            "Pass on", self.pass_on, tip="To be checked and signed (Ctrl+Shift+T)"
        )
        self.cancel_button = PlainButton("Close", self.leave, kind="quiet", tip="Close (Esc)")
        self.options_button = IconButton(
            desk.theme, "ellipsis", "Choose printer and copies", self.print_with_options
        )
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 36, 12)  # in line with the fields, past the scroll bar
        foot.setSpacing(8)
        foot.addWidget(self.cancel_button)
        foot.addStretch(1)
        foot.addWidget(self.pass_on_button)
        foot.addWidget(self.file_button)
        foot.addWidget(self.print_button)
        foot.addWidget(self.options_button)
        left = QWidget()
        left.setMinimumWidth(400)
        side = QVBoxLayout(left)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(scroll, 1)
        side.addWidget(Hairline())
        side.addLayout(foot)

        self.preview = PageView(desk.theme, "Preview of the letter")
        self.preview.resolution_changed.connect(self.ask_for_preview)
        self.sides = QStackedWidget()
        self.sides.addWidget(self.words)
        self.sides.addWidget(self.preview)
        self.write_button = TabButton("Write", lambda: self._show_side(self.words))
        self.preview_button = TabButton("As it prints", lambda: self._show_side(self.preview))
        group = QButtonGroup(self)
        head = QFrame()
        head.setObjectName("segments")
        bar = QHBoxLayout(head)
        bar.setContentsMargins(12, 6, 16, 6)
        bar.setSpacing(8)
        for button in (self.write_button, self.preview_button):
            group.addButton(button)
            bar.addWidget(button)
        bar.addStretch(1)
        self.write_button.setChecked(True)
        right = QWidget()
        page = QVBoxLayout(right)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(head)
        page.addWidget(Hairline())
        page.addWidget(self.sides, 1)
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setSizes([400, 800])
        self.splitter.setStretchFactor(0, 33)
        self.splitter.setStretchFactor(1, 67)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self.setTabOrder(self.recipient, self.text)  # the words come before the buttons below
        desk.theme.changed.connect(self._measure)
        self._measure()

    @property
    def foot_height(self) -> int:
        """How much of the foot the buttons take, with the line above them."""
        return self.height() - self.cancel_button.mapTo(self, QPoint(0, 0)).y() + 9

    def _measure(self) -> None:
        """As tall as its lines of text are at this zoom."""
        self.recipient.ensurePolished()
        line = self.recipient.fontMetrics().lineSpacing()
        self.recipient.setFixedHeight(line * int(self.recipient.property("lines")) + 20)

    def _text(self, name: str, lines: int) -> QPlainTextEdit:
        edit = QPlainTextEdit()
        edit.setTabChangesFocus(True)
        edit.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        edit.setProperty("lines", lines)
        edit.textChanged.connect(self._typed)
        return edit

    # -- what the window asks -----------------------------------------------------------------

    def draft_title(self) -> str:
        return f"Letter to {self.draft.patient_name}"

    def draft_patient_id(self) -> int:
        return self.draft.patient_id

    def draft_state(self) -> dict[str, Any] | None:
        """What would be parked; None while the letter is as it was composed."""
        return None if self._composition.is_untouched(self.draft) else self.draft.state()

    def restore_state(self, state: dict[str, Any]) -> None:
        self._composition.forget()
        self._fill(LetterDraft.from_state(state))

    def renew(self, draft: LetterDraft) -> None:
        """Take over what the calendar says now; nothing typed is touched."""
        if draft == self.draft:
            return
        self._composition.renew(self.draft, draft)
        if draft.body != self.draft.body:
            self._filling = True
            self.words.set_document(draft.body, keeps_place=True)
            self._filling = False
        self.draft = draft
        self.ask_for_preview()

    def take_focus(self) -> None:
        self.recipient.setFocus()  # whom it goes to is what one checks first

    def leave(self) -> None:
        """Close the panel; what was typed is parked."""
        self.desk.drafts.leave(self)
        self.left.emit()

    def file(self) -> None:
        """Hand the letter over to be filed (Ctrl+Enter)."""
        self.file_wanted.emit(self.draft)

    def print(self) -> None:
        """Hand the letter over to be filed and printed (Ctrl+P)."""
        self.print_wanted.emit(self.draft)

    def pass_on(self) -> None:
        """Hand the letter over to be kept on the line (Ctrl+Shift+T)."""
        self.pass_on_wanted.emit(self.draft)

    def print_with_options(self) -> None:
        self.options_wanted.emit(self.draft)

    # -- typing -------------------------------------------------------------------------------

    def _fill(self, draft: LetterDraft, *, anew: bool = False) -> None:
        """Put a draft into the fields; `anew` in the place of one that Undo on the sheet brings back."""
        self._filling = True
        self.draft = draft
        self._show_title()
        self.around.fill(draft)
        self.recipient.setPlainText("\n".join(draft.recipient))
        self._show_sheet()
        if anew:
            self.words.put_document(draft.body)
        else:
            self.words.set_document(draft.body)
            self._composition.cannot_go_back()
        self.words.go_to_text()
        self.choice.show_draft()
        self._filling = False
        if self.isVisible():
            self.ask_for_preview()

    def _show_title(self) -> None:
        to_her = self.draft.handling.recipient_kind == "patient"
        self.title.setText(f"Letter {'to' if to_her else 'about'} {self.draft.patient_name}")

    def _show_sheet(self) -> None:
        """The sheet with what stands around the words."""
        draft, practice = self.draft, self.desk.office.practice
        day = written_date(draft.written_on, draft.language, practice.formats)
        self.words.set_paper(
            paper_named(practice.profile().paper),
            stationery(self.desk, draft.language, draft.recipient, day),
            has_letterhead=draft.has_letterhead,
        )

    def _show_side(self, side: QWidget) -> None:
        self.sides.setCurrentWidget(side)
        side.setFocus()
        self._goes_to_place = side is self.preview
        if self._goes_to_place:
            self.ask_for_preview()

    def _typed(self) -> None:
        if self._filling:
            return
        self.around.typed_recipient(_lines(self.recipient))
        body = self.words.document()
        if body == bare(self.draft.body):
            body = self.draft.body  # nothing typed: it stays the one it was composed as
        elif (earlier := self._composition.back(body, self.draft)) is not None:
            self._go_back(earlier)
            return
        recipient = _lines(self.recipient)
        is_elsewhere = recipient != self.draft.recipient
        self.draft = replace(
            self.draft, recipient=recipient, handling=self.around.handling, body=body
        )
        if is_elsewhere:
            self._show_sheet()
        self._show_title()
        self._pause.start()

    def _take_recipient(self, lines: Sequence[str]) -> None:
        before = self.draft
        self.recipient.setPlainText("\n".join(lines))
        self._typed()  # also where the lines are the same and only whose they are is not
        self._follow(before)

    def _around_changed(self) -> None:
        before = self.draft
        self._typed()
        if self.draft.handling.signer_provider_id != before.handling.signer_provider_id:
            self._follow(before)

    def _follow(self, before: LetterDraft) -> None:
        """Compose anew what depends on whom it goes to and who signs it; what was typed stays."""
        draft = self.draft
        followed = guarded(self.desk, lambda: self._composition.follow(before, draft))
        if followed is None:  # its visit or its template is gone: the words stay as they are
            return
        self.draft, is_whole = followed
        if bare(self.draft.body) != bare(draft.body):
            self._filling = True
            self.words.put_document(self.draft.body)
            self._filling = False
        self.ask_for_preview()
        if not is_whole:
            can_be = self._composition.put_over(self.draft) is not None
            self.desk.messages.say(
                "What you typed stays as it is: check the greeting and the signature.",
                tone="info",
                offers=[("Write them anew", self._put_over)] if can_be else [],
            )

    def _put_over(self) -> None:
        """Put in what would have followed, over what was typed there; Undo on the sheet brings that back."""
        if not isValid(self):
            return  # the message outlived the letter
        draft = self._composition.put_over(self.draft)
        if draft is None:
            self.desk.messages.not_now("The words around them were changed: type them over.")
            return
        self.draft = draft
        self._filling = True
        self.words.put_document(draft.body)
        self._filling = False
        self.words.setFocus()
        self.ask_for_preview()

    def _go_back(self, draft: LetterDraft) -> None:
        """Undo, or Redo, on the sheet led to words composed otherwise: so is what they were composed by."""
        self.draft = draft
        self._filling = True
        self.around.fill(self.draft)
        self.recipient.setPlainText("\n".join(self.draft.recipient))
        self._show_sheet()
        self._filling = False
        self._show_title()
        self.choice.show_draft()
        self._pause.start()

    def _recompose(
        self, kind: str, language: str, answers: Mapping[str, str] | None = None
    ) -> None:
        """Compose it in other words, another language or by other answers; what was typed can come back."""
        before, typed = self.draft, self.draft_state() is not None
        composed = guarded(
            self.desk,
            lambda: self._composition.anew(before, kind, language, answers),
        )
        if composed is None:
            self.choice.show_draft()
            return
        self._fill(composed, anew=True)
        if not typed:
            return
        if kind != before.template:
            said = f"The letter is now: {self.choice.kind.currentText()}."
        elif language != before.language:
            said = f"The letter’s words are in {self.choice.language.currentText()} now."
        else:
            said = "The letter is written anew by your answers."
        self.desk.messages.say(
            said,
            tone="info",
            offers=[("Bring back what I typed", lambda: self.restore_state(before.state()))],
        )

    # -- the page -----------------------------------------------------------------------------

    def ask_for_preview(self) -> None:
        """Ask for the letter as it is now."""
        at = self.words.place() if self._goes_to_place else None
        self.preview_wanted.emit(self.draft, self.preview.dpi, at)

    def show_preview(
        self,
        images: Sequence[PageImage],
        warnings: Sequence[str],
        spot: tuple[int, float] | None = None,
    ) -> None:
        """Show what was drawn, where one typed where that is looked for, and say what may be wrong."""
        draft = self.draft
        self.preview.show_pages(images, plain_text(draft.body))
        if spot is not None and self._goes_to_place and self.preview.isVisible():
            self._goes_to_place = False
            self.preview.go_to(*spot)
        self._warn(warnings)

    def _warn(self, warnings: Sequence[str]) -> None:
        self.warning.show_message("warning", "\n".join(warnings))
        self.warning.setVisible(bool(warnings))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask_for_preview()

    # -- keys ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)


def _lines(edit: QPlainTextEdit) -> tuple[str, ...]:
    """The lines typed, without empty ones at the end."""
    return tuple(line.strip() for line in edit.toPlainText().strip().split("\n") if line.strip())
