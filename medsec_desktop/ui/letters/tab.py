"""The Letters tab: the archive, or the panel that writes a letter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.referrals import Direction
from medsec_desktop.services.letters import About, LetterDraft, LetterRow
from medsec_desktop.services.letters.shipped import BLANK
from medsec_desktop.services.letters.targets import Target
from medsec_desktop.ui.letters.batch_page import BatchPage
from medsec_desktop.ui.letters.filed_verbs import FiledVerbs
from medsec_desktop.ui.letters.home import LetterHome
from medsec_desktop.ui.letters.picker import VisitPicker
from medsec_desktop.ui.letters.print_sheet import print_or_ask
from medsec_desktop.ui.letters.writer import LetterWriter
from medsec_desktop.ui.printing.kept_prints import KeptStrip
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Tab

if TYPE_CHECKING:
    from medsec_desktop.services.letters.templates import TemplateDetail
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.services.printing import Way
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.letters.templates.template_panel import TemplatePanel

    _Drawn = tuple[LetterWriter, tuple[PageImage, ...], tuple[str, ...], tuple[int, float] | None]


class LettersTab(Tab):
    """Every letter filed, and the writing of one."""

    title = "Letters"
    icon = "mail"
    help_page = "letters"
    new_text = "New letter"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(desk, parent)
        self.letters = desk.office.letters
        self.writer: LetterWriter | None = None
        self.picker: VisitPicker | None = None
        self.home = LetterHome(desk)
        self.archive, self.board = self.home.archive, self.home.board
        self.archive.new_wanted.connect(self.new_thing)
        self._filed = FiledVerbs(desk, self.archive)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.home)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        strip = QVBoxLayout()  # takes no room while nothing waits
        strip.setContentsMargins(24, 12, 24, 0)
        strip.addWidget(KeptStrip(desk, self))
        whole.addLayout(strip)
        whole.addWidget(self.pages)
        # Bound once for all letters: a binding outlives the panel it would name.
        desk.actions.bind("file.print", self._print_shown, self._why_not_print, owner=self)
        desk.actions.bind(
            "form.save",
            self._file_shown,
            lambda: self.writer is not None or "There is no letter being written.",
            owner=self,
            text=lambda: "File the letter" if self.writer is not None else "",
        )
        self._connect_line()
        self.template_panel: TemplatePanel | None = None
        self.home.template_wanted.connect(self.change_template)
        # One thread for all letters written here, not one each.
        self._drawing: tuple[LetterWriter, LetterDraft, float, tuple[int, float] | None] | None
        self._drawing = None
        self._ask_preview = desk.jobs.latest(self._draw_preview, self._show_preview)
        self.home.reload()

    def _connect_line(self) -> None:
        self.archive.replace_wanted.connect(self.home.replace_selected)
        self.archive.replacement_wanted.connect(self._write)
        self.board.write_wanted.connect(self.write_on)
        self.board.show_wanted.connect(self.show_letter)
        self.board.print_wanted.connect(self.home.print_rows)
        self.board.batch_wanted.connect(self.show_batch)
        self.home.dictate_wanted.connect(lambda: self.desk.actions.trigger("letter.dictate"))
        self.home.batch_wanted.connect(lambda: self.write_to_many())
        self.batch: BatchPage | None = None
        self.desk.actions.bind(
            "letter.pass_on",
            lambda: self.writer.pass_on() if self.writer is not None else None,
            lambda: self.writer is not None or "There is no letter being written.",
            owner=self,
        )

    # -- what the window asks -----------------------------------------------------------------

    @property
    def foot_height(self) -> int:
        if self.batch is not None and self.pages.currentWidget() is self.batch:
            return self.batch.foot_height
        panel = self.writer or self.template_panel
        return panel.foot_height if panel is not None else self.home.foot_height

    @property
    def patient_at_hand(self) -> int | None:
        if self.writer is not None:
            return self.writer.draft.patient_id
        if self.home.isVisible():
            return self.home.patient_at_hand
        return None

    @property
    def written_to(self) -> tuple[int, ...]:
        is_batch = self.batch is not None and self.pages.currentWidget() is self.batch
        return self.batch.written_to if self.batch is not None and is_batch else ()

    @property
    def letter_at_hand(self) -> LetterRow | None:
        """The letter of the archive that is in front, or selected on the board, once it has pages."""
        if self.writer is not None or not self.home.isVisible():
            return None
        return self.home.letter_at_hand

    def showing(self) -> None:
        if self.writer is not None:
            self.writer.take_focus()
        elif self.template_panel is not None:
            self.template_panel.take_focus()
        elif self.picker is not None and self.pages.currentWidget() is self.picker:
            self.picker.take_focus()
        elif self.batch is not None and self.pages.currentWidget() is self.batch:
            self.batch.take_focus()
        else:
            self.home.take_focus()

    def new_thing(self) -> None:
        """Choose the visit a letter is to be written for (Ctrl+N)."""
        if self.writer is not None:
            self.writer.leave()
        if self.template_panel is not None:
            self.template_panel.leave()
        if self.picker is None:
            self.picker = VisitPicker(self.desk)
            self.picker.chosen.connect(self.write_letter)
            self.picker.left.connect(self._show_home)
            self.pages.addWidget(self.picker)
        self.pages.setCurrentWidget(self.picker)
        self.picker.take_focus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("letter", "letter_step", "document", "patient"):
            self.home.reload()
            if self.batch is not None:
                self.batch.undone()
        if changes.touches("letter_template") and self.home.library is not None:
            self.home.library.reload()
        if self.writer is None:
            return
        if changes.touches("appointment", "patient", "appointment_type"):
            self.writer.renew(self.letters.renewed(self.writer.draft))
        elif changes.touches("setting"):
            self.writer.ask_for_preview()

    def write_letter(self, appointment_id: int) -> None:
        """Compose the letter that fits a visit and show it, ready to print."""
        draft = guarded(self.desk, lambda: self.letters.begun(appointment_id))
        if draft is not None:
            self._write(draft)

    def write_to(
        self,
        patient_id: int,
        *,
        referral_id: int | None = None,
        records_request_id: int | None = None,
        template: str = BLANK,
    ) -> None:
        """Begin a letter about a patient, to whom a referral or request names where there is one."""
        office = self.desk.office

        def begun() -> LetterDraft:
            about = About(patient_id, referral_id=referral_id, request_id=records_request_id)
            key = template
            if referral_id is not None:
                is_ours = office.referrals.one(referral_id).direction is Direction.OUT
                key = "referral_out" if is_ours else "referral_thanks"
            elif records_request_id is not None:
                key = "records_sent"
            if referral_id is None and records_request_id is None:
                return self.letters.composed(about, key)
            first, *_ = office.recipients.of_patient(
                patient_id, referral_id=referral_id, records_request_id=records_request_id
            )
            row_id = None if first.kind == "patient" else first.id
            about = replace(
                about, recipient=first.lines, recipient_kind=first.kind, recipient_id=row_id
            )
            return self.letters.composed(about, key)

        draft = guarded(self.desk, begun)
        if draft is not None:
            self._write(draft)

    def write_on(self, letter_id: int) -> None:
        """Go on with a letter of the line."""
        draft = guarded(self.desk, lambda: self.desk.office.letter_line.draft(letter_id))
        if draft is not None:
            self._write(draft)

    def write_to_many(self, targets: tuple[Target, ...] = (), title: str = "") -> None:
        """One letter to a list of another screen, or to whom the form asks for."""
        if self.writer is not None:
            self.writer.leave()
        if self.batch is None:
            self.batch = BatchPage(self.desk)
            self.batch.left.connect(self._show_home)
            self.pages.addWidget(self.batch)
        self.pages.setCurrentWidget(self.batch)
        self.batch.begin(targets, title)
        self.batch.take_focus()

    def show_batch(self, batch_id: int) -> None:
        """Letters to many that were written, with what may still be done with them."""
        self.write_to_many()
        if self.batch is not None:
            self.batch.show_batch(batch_id)

    def show_board(self, letter_id: int | None = None) -> None:
        """Show the letters on their way."""
        if self.writer is not None:
            self.writer.leave()
        self.pages.setCurrentWidget(self.home)
        self.home.show_board(letter_id)

    def resume_letter(self, state: dict[str, Any], draft_id: int) -> None:
        """Go on with a letter that was parked."""
        draft = self.letters.renewed(LetterDraft.from_state(state))
        self._write(draft, draft.state(), draft_id)

    def show_letter(self, letter_id: int) -> None:
        """Show a letter: its pages, or on the board where it has none yet."""
        row = guarded(self.desk, lambda: self.desk.office.letter_line.one(letter_id))
        if row is None:
            return
        if row.status.is_on_the_line:
            self.show_board(letter_id)
            return
        if self.writer is not None:
            self.writer.leave()
        guarded(self.desk, lambda: self.archive.select(letter_id))
        self.pages.setCurrentWidget(self.home)
        self.home.show_archive()

    # -- templates ----------------------------------------------------------------------------

    def show_templates(self) -> None:
        """The templates that letters begin with."""
        if self.writer is not None:
            self.writer.leave()
        if self.template_panel is not None:
            self.template_panel.leave()
        self.pages.setCurrentWidget(self.home)
        self.home.show_templates()

    def change_template(
        self,
        detail: TemplateDetail,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None:
        """Open the panel that changes a template."""
        from medsec_desktop.ui.letters.templates.template_panel import TemplatePanel

        if self.template_panel is not None:
            self.template_panel.leave()
        panel = TemplatePanel(self.desk, detail)
        panel.left.connect(self._close_template)
        if state is not None:
            panel.restore_state(state)
        self.template_panel = panel
        self.pages.addWidget(panel)
        self.pages.setCurrentWidget(panel)
        self.desk.drafts.watch(panel, close=self._close_template, draft_id=draft_id)
        panel.take_focus()

    def resume_template(self, state: dict[str, Any], draft_id: int) -> None:
        """Go on with a template that was parked."""
        key, language = state["opened"]
        detail = guarded(self.desk, lambda: self.letters.library.detail(key, language))
        if detail is not None:
            self.change_template(detail, state, draft_id)

    def _close_template(self) -> None:
        panel, self.template_panel = self.template_panel, None
        if panel is None:
            return
        self.desk.drafts.forget(panel)
        self.pages.setCurrentWidget(self.home)
        self.home.show_templates()
        self.pages.removeWidget(panel)
        panel.deleteLater()

    # -- writing ------------------------------------------------------------------------------

    def _write(
        self, draft: LetterDraft, state: dict[str, Any] | None = None, draft_id: int | None = None
    ) -> None:
        if self.writer is not None:
            self.writer.leave()
        writer = LetterWriter(self.desk, draft)
        writer.left.connect(self._close_writer)
        writer.preview_wanted.connect(self._want_preview)
        writer.file_wanted.connect(self._file)
        writer.pass_on_wanted.connect(self._pass_on)
        writer.print_wanted.connect(
            lambda draft: print_or_ask(
                self.desk,
                self.letters.printing,
                "letters",
                lambda way: self._file_and_print(draft, way),
                self.window(),
            )
        )
        writer.options_wanted.connect(
            lambda draft: self._filed.choose_printer(lambda way: self._file_and_print(draft, way))
        )
        if state is not None:
            writer.restore_state(state)
        self.writer = writer
        self.pages.addWidget(writer)
        self.pages.setCurrentWidget(writer)
        self.desk.drafts.watch(writer, close=self._close_writer, draft_id=draft_id)
        writer.take_focus()

    def _close_writer(self) -> None:
        writer, self.writer, self._drawing = self.writer, None, None
        if writer is None:
            return
        self.desk.drafts.forget(writer)
        self._show_home()
        self.pages.removeWidget(writer)
        writer.deleteLater()

    def _show_home(self) -> None:
        self.pages.setCurrentWidget(self.home)
        self.home.take_focus()

    def _want_preview(self, draft: LetterDraft, dpi: float, at: tuple[int, float] | None) -> None:
        if self.writer is not None:
            self._drawing = self.writer, draft, dpi, at
            self._ask_preview("preview")

    def _draw_preview(self, _: str) -> _Drawn | None:
        if self._drawing is None:
            return None
        writer, draft, dpi, at = self._drawing
        pages = self.letters.pages(self.letters.preview(draft), dpi)
        spot = self.letters.spot(draft, at) if at is not None else None
        return writer, pages, self.letters.warnings(draft), spot

    def _show_preview(self, drawn: _Drawn | None) -> None:
        if drawn is None:
            return
        writer, pages, warnings, spot = drawn
        if writer is self.writer:  # not the letter before, whose pages came late
            writer.show_preview(pages, warnings, spot)

    def _file(self, draft: LetterDraft) -> LetterRow | None:
        row = guarded(self.desk, lambda: self.letters.file(draft))
        if row is None:
            return None
        self._written()
        self.archive.select(row.id)
        self.home.show_archive()
        self.desk.messages.say(f"The letter to {row.name.spoken} is filed.", undo=True)
        return row

    def _written(self) -> None:
        if self.writer is not None:
            self.desk.drafts.done(self.writer)
        self._close_writer()

    def _pass_on(self, draft: LetterDraft) -> None:
        """Keep it on the line, for whoever checks and signs it."""
        number = guarded(self.desk, lambda: self.desk.office.letter_line.keep(draft))
        if number is not None:
            self._written()
            self.show_board(number)
            self.desk.messages.say(
                f"The letter about {draft.patient_name} is on the line.", undo=True
            )

    def _file_and_print(self, draft: LetterDraft, way: Way) -> None:
        """File first, so that a printer at fault costs nothing that was written."""
        row = self._file(draft)
        if row is not None:
            self._filed.print(row, way)

    def _file_shown(self) -> None:
        if self.writer is not None:
            self.writer.file()

    # -- printing -----------------------------------------------------------------------------

    def _print_shown(self) -> None:
        if self.writer is not None:
            self.writer.print()
        else:
            self.archive.print()

    def _why_not_print(self) -> bool | str:
        if self.writer is not None:
            return True
        if self.archive.isVisible():
            return self.archive.why_not_print()
        return "Choose a visit first."
