"""Which letter many people get: its kind and language, and what is the same in all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.services.letters.enclosing import Alike, SameForAll
from medsec_desktop.services.letters.shipped import BLANK
from medsec_desktop.ui.letters.enclosing import pick_enclosure
from medsec_desktop.ui.letters.lines_list import LinesList
from medsec_desktop.ui.letters.questions_sheet import QuestionsSheet
from medsec_desktop.ui.widgets import Choice, Field, PlainButton

if TYPE_CHECKING:
    from medsec_desktop.domain.writing.document import Question
    from medsec_desktop.ui.desk import Desk

_USUAL = {"visit": "appointment_reminder", "recall": "recall_1", "patient": BLANK}


class BatchLetter(QWidget):
    """`changed` says that everybody gets another letter now, `enclosed_changed` what goes with it."""

    changed = Signal()
    enclosed_changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self._answers: dict[str, tuple[str, dict[str, str]]] = {}  # by kind, in which language
        self.template = Choice()
        self.template.currentIndexChanged.connect(lambda _: self._chosen())
        self.ask_button = PlainButton(
            "Questions…", self.ask, tip="Answer what this letter asks, once for all (Alt+Shift+Q)"
        )
        self.language = Choice([("", "Each in their own"), ("en", "English"), ("es", "Spanish")])
        self.language.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._enclosed: tuple[Alike, ...] = ()
        self.enclosed = LinesList(desk, "Enclosed", self._drop)
        self.enclose_button = PlainButton(
            "Enclose…",
            self.enclose,
            tip="A leaflet, each one’s newest document of a kind, or a name",
        )
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(Field("Letter", self.template), 1)
        above.addWidget(self.ask_button, 0, Qt.AlignmentFlag.AlignBottom)
        below.addWidget(Field("Language", self.language), 1)
        below.addWidget(self.enclose_button, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for row in (above, below):
            row.setSpacing(8)
            column.addLayout(row)
        column.addWidget(self.enclosed)

    def forget(self) -> None:
        """Other letters begin: what the last ones said and enclosed is not theirs."""
        self._answers.clear()
        self._enclosed = ()
        self.enclosed.show_lines(())

    def offer(self, topic: str) -> None:
        """The kinds of letter about that, then those about a patient; the usual one where they are others."""
        rows = self.desk.office.letters.templates()
        pairs = [
            (row.key, row.title)
            for row in rows
            if row.language == "en" and row.about in (topic, "patient")
        ]
        own = {row.key for row in rows if row.about == topic}
        pairs.sort(key=lambda pair: (pair[0] not in own, pair[1]))
        offered = [self.template.itemData(place) for place in range(self.template.count())]
        if [pair[0] for pair in pairs] != offered:
            self.template.set_pairs(pairs)
            self.template.set_value(_USUAL[topic])
        self._chosen()

    # -- what was chosen --------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        """The key of the template; '' before any was offered."""
        return str(self.template.value() or "")

    @property
    def in_language(self) -> str:
        """The language of all letters; '' for each in their own."""
        return str(self.language.value())

    @property
    def same(self) -> SameForAll:
        """What was answered for all, and what is enclosed with each."""
        asked_in, answers = self._answers.get(self.kind, ("", {}))
        return SameForAll(answers, asked_in, self._enclosed)

    @property
    def lacks_answers(self) -> bool:
        """Whether it asks something that nobody was asked yet."""
        return bool(self._questions()) and self.kind not in self._answers

    def _questions(self) -> tuple[Question, ...]:
        if not self.kind:
            return ()
        return self.desk.office.letters.questions(self.kind, self.in_language or "en")

    def _chosen(self) -> None:
        self.ask_button.setVisible(bool(self._questions()))
        self.changed.emit()

    # -- what is enclosed -------------------------------------------------------------------------

    def enclose(self) -> None:
        """Ask what goes with each letter, too."""

        def take(one: Alike) -> None:
            if one not in self._enclosed:
                self._enclose((*self._enclosed, one))

        pick_enclosure(self.desk, self, take)

    def _drop(self, place: int) -> None:
        self._enclose((*self._enclosed[:place], *self._enclosed[place + 1 :]))
        self.enclose_button.setFocus()

    def _enclose(self, enclosed: tuple[Alike, ...]) -> None:
        self._enclosed = enclosed
        self.enclosed.show_lines(
            [f"newest “{one.title}”" if one.category_id else one.title for one in enclosed]
        )
        self.enclosed_changed.emit()

    # -- asking -----------------------------------------------------------------------------------

    def ask(self, then: Callable[[], object] | None = None) -> None:
        """Ask what the letter asks, once for all of them; `then` follows the answers."""
        kind, asked_in, questions = self.kind, self.in_language or "en", self._questions()
        if not questions:
            self.desk.messages.not_now("This letter asks nothing.")
            return

        def answered(found: dict[str, str]) -> None:
            self._answers[kind] = asked_in, found
            self.changed.emit()
            if then is not None:
                then()

        before_in, before = self._answers.get(kind, (asked_in, {}))
        sheet = QuestionsSheet(
            self.desk,
            self.template.currentText(),
            questions,
            before if before_in == asked_in else {},
            self.window(),
            remark="The answers are the same in every letter. Where somebody’s are to be others, take"
            " them off the list and write that letter alone.",
            button="Write the letters" if then is not None else "Keep the answers",
        )
        sheet.answered.connect(answered)
        sheet.open()
