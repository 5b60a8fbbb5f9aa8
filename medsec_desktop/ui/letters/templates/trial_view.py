"""The pages a template makes for a real patient, drawn anew whenever typing pauses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.writing.document import Document, plain_text
from medsec_desktop.domain.writing.template import Topic
from medsec_desktop.problems import Problem
from medsec_desktop.services.letters.trials import Trial, TrialPages
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.patients.documents.verbs import people_found
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Banner, ElidedLabel, LinkButton, PlainButton, SearchList, Text

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.desk import Desk

_Drawn = tuple[TrialPages | None, "tuple[PageImage, ...]", str]


class TrialView(QWidget):
    """Shows a document as its letter to one patient. `drawn` fires when the newest is on the screen."""

    drawn = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._topic: Topic = "patient"
        self.trial: Trial | None = None
        self._patient_id = 0
        self._asked: tuple[Document, Trial, float, tuple[int, float] | None] | None = None
        self._document = Document()
        self._place: tuple[int, float] | None = None
        self.pdf = b""
        self.whom = ElidedLabel("", "muted")
        self.choose_button = LinkButton("Another patient…", self.choose)
        self.remark = Banner(desk.theme, "info", "")
        self.remark.hide()
        self.pages = PageView(desk.theme, "Preview with a patient")
        self.pages.resolution_changed.connect(self._ask)
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 16, 8)
        top.addWidget(self.whom, 1)
        top.addWidget(self.choose_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.remark)
        column.addWidget(self.pages, 1)
        self._draw_latest = desk.jobs.latest(self._draw, self._show)

    def set_topic(self, topic: Topic) -> None:
        """What the template is about, which decides what of the patient's it is tried with."""
        if topic != self._topic or self.trial is None:
            self._topic = topic
            self._begin()

    def show_document(self, document: Document, place: tuple[int, float] | None = None) -> None:
        """Draw the letter this makes; earlier ones not drawn yet are skipped.

        `place` is brought into view: a block of the document, and how far in its words.
        """
        self._document, self._place = document, place
        self._ask()

    def choose(self) -> None:
        """Ask with whom it is tried."""
        ChooseFor(self._desk, self.set_patient, self.window()).open()

    def set_patient(self, patient_id: int) -> None:
        """Try it with this patient from now on."""
        self._patient_id = patient_id
        self._begin()
        self._ask()

    def _begin(self) -> None:
        office = self._desk.office
        if not self._patient_id:
            recent = office.patients.recent(1)
            found = recent[0].id if recent else next(iter(office.patients.find_ids("", 1)), 0)
            self._patient_id = found or _newest_patient(self._desk)
        self.trial = office.letter_trials.with_nobody(self._topic)
        if self._patient_id:
            found = guarded(
                self._desk,
                lambda: office.letter_trials.with_patient(self._patient_id, self._topic),
            )
            self.trial = found or self.trial
        self.whom.setText(f"As {self.trial.whom} would get it")

    def _ask(self) -> None:
        if self.trial is not None and self.isVisible():
            self._asked = self._document, self.trial, self.pages.dpi, self._place
            self._place = None  # one scrolls there once, not with every drawing after
            self._draw_latest("preview")

    def _draw(self, _: str) -> _Drawn:
        assert self._asked is not None
        document, trial, dpi, place = self._asked
        try:
            made = self._desk.office.letter_trials.pages(trial, document, place)
        except Problem as problem:
            return None, (), " ".join(part for part in (problem.what, problem.remedy) if part)
        return made, self._desk.office.letters.pages(made.pdf, dpi), ""

    def _show(self, found: _Drawn) -> None:
        made, images, trouble = found
        if made is not None:
            self.pdf = made.pdf
            self.pages.show_pages(images, plain_text(self._document))
            if made.spot is not None:
                self.pages.go_to(*made.spot)
            trouble = " ".join(made.remarks)
        self.remark.show_message("warning" if made is None else "info", trouble)
        self.remark.setVisible(bool(trouble))
        self.drawn.emit()


class ChooseFor(QDialog):
    """With whom a template is tried: those seen of late first, anybody by a piece of a name."""

    def __init__(self, desk: Desk, then: Callable[[int], object], parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle("Try it with")
        self.setMinimumSize(480, 420)
        self._then = then
        self.people = SearchList(
            desk.theme,
            desk.jobs.latest,
            lambda text: people_found(desk, text),
            "Patient",
            placeholder="Name, birth date, phone or chart",
            two_lines=True,
        )
        self.people.chosen.connect(self._chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("Try it with", "heading"))
        column.addWidget(self.people, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(PlainButton("Cancel", self.reject))
        column.addLayout(foot)
        self.finished.connect(self.deleteLater)
        self.people.again()
        self.people.line.setFocus()

    def _chosen(self, patient_id: int) -> None:
        self.accept()
        self._then(patient_id)


def _newest_patient(desk: Desk) -> int:
    """Somebody to begin with where nobody was looked at yet: the next one to come."""
    coming = desk.office.letters.coming_visits("", 1)
    if not coming:
        return 0
    draft = guarded(desk, lambda: desk.office.letters.compose(coming[0].appointment_id))
    return draft.patient_id if draft is not None else 0
