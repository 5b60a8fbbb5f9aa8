"""One coverage as it stands in a patient's file, with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.insurance import RESULT_WORDS, Result
from medsec_desktop.services.patients.coverage_records import (
    HOW_WORDS,
    CoverageDetail,
    SubscriberRow,
    VerificationRow,
)
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.card_strip import CardStrip
from medsec_desktop.ui.widgets import IconButton, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class CoverageBox(QWidget):
    """`may` shows the ways to change it; `place` and `count` say where it stands among the current."""

    verify_wished = Signal(object)  # CoverageDetail
    change_wished = Signal(object)
    replace_wished = Signal(object)
    move_wished = Signal(object, int)

    def __init__(
        self,
        desk: Desk,
        patient_id: int,
        detail: CoverageDetail,
        *,
        may: bool,
        place: int = 0,
        count: int = 1,
    ):
        super().__init__()
        self._desk, self.detail = desk, detail
        self.links: dict[str, LinkButton] = {}  # verify, change, replace, as far as they fit
        self._may_move = may and detail.when == "current" and count > 1
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        draft = detail.draft
        payer = " – ".join(part for part in (detail.payer_name, draft.plan_name) if part)
        title = f"{words.RANKS[draft.rank]}: {payer}"
        head = QHBoxLayout()
        head.setSpacing(4)
        self.title = Text(title, "muted" if detail.when == "ended" else "strong", wrap=True)
        head.addWidget(self.title, 1)
        if self._may_move:
            self.up = self._arrow("arrow-up", f"Let {detail.payer_name} pay earlier", -1)
            self.down = self._arrow("arrow-down", f"Let {detail.payer_name} pay later", 1)
            self.up.setEnabled(place > 0)
            self.down.setEnabled(place < count - 1)
            for button in (self.up, self.down):
                head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for line in self._facts(detail):
            column.addWidget(Text(line, "muted", wrap=True))
        if detail.subscriber is not None:
            self._add_subscriber(column, detail.subscriber, draft.subscriber_relation)
        self._add_answers(column, detail)
        self.card: CardStrip | None = None
        if detail.when != "ended" or detail.card_front_id or detail.card_back_id:
            self.card = CardStrip(desk, patient_id, detail, may=may)
            column.addWidget(self.card)
        if may:
            column.addLayout(self._links(detail))
        self.setAccessibleName(title)
        for button in self.findChildren(QAbstractButton):
            button.installEventFilter(self)

    # -- what is shown --------------------------------------------------------------------------

    def _facts(self, detail: CoverageDetail) -> list[str]:
        draft, formats = detail.draft, self._desk.office.formats
        numbers = [f"Member {draft.member_id}" if draft.member_id else "No member id"]
        numbers += [f"Group {draft.group_number}"] if draft.group_number else []
        if draft.copay_cents is not None:
            numbers.append(f"Copay {words.money(draft.copay_cents)}")
        span = words.period(formats, draft.starts_on, draft.ends_on)
        numbers += [span] if span else []
        lines = ["  ·  ".join(numbers)]
        wants = [
            word
            for is_so, word in (
                (draft.needs_authorization, "an authorization"),
                (draft.needs_referral, "a referral"),
            )
            if is_so
        ]
        lines += [f"Wants {' and '.join(wants)}"] if wants else []
        lines += [f"Deductible: {draft.deductible_note}"] if draft.deductible_note else []
        return lines + ([draft.note] if draft.note else [])

    def _add_subscriber(self, column: QVBoxLayout, who: SubscriberRow, relation: str) -> None:
        formats = self._desk.office.formats
        word = words.SUBSCRIBERS[relation].lower()
        facts = [formats.birth(who.birth) if who.birth else "date of birth missing"]
        facts += [", ".join(who.address)] if who.address else ["address missing"]
        told = f"Subscriber: {who.name or 'unknown'}; the patient is {_relation(word)}"
        if who.patient_id is not None:
            number = who.patient_id
            link = LinkButton(told, lambda: self._desk.go.open_patient(number))
            link.setToolTip("Open the subscriber’s file")
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            column.addWidget(Text(told, "muted", wrap=True))
        column.addWidget(Text("  ·  ".join(facts), "muted", wrap=True))

    def _add_answers(self, column: QVBoxLayout, detail: CoverageDetail) -> None:
        self._column = column
        if not detail.verifications:
            formats = self._desk.office.formats
            stamp = detail.verified_on
            text = f"Verified {formats.date(stamp)}" if stamp else "Not verified yet"
            text += f"  ·  {detail.verified_note}" if stamp and detail.verified_note else ""
            column.addWidget(Text(text, "muted", wrap=True))
            return
        latest, *earlier = detail.verifications
        column.addWidget(Text(self._answer(latest), "muted", wrap=True))
        if earlier:
            noun = "answer" if len(earlier) == 1 else "answers"
            self.earlier = LinkButton(f"Show {len(earlier)} earlier {noun}")
            at = column.count()
            self.earlier.clicked.connect(lambda: self._show_earlier(at, earlier))
            column.addWidget(self.earlier, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_earlier(self, at: int, earlier: list[VerificationRow]) -> None:
        self.earlier.hide()
        for place, row in enumerate(earlier):
            self._column.insertWidget(at + place, Text(self._answer(row), "muted", wrap=True))

    def _answer(self, row: VerificationRow) -> str:
        formats = self._desk.office.formats
        word = "Verified" if row.result is Result.ACTIVE else RESULT_WORDS[row.result]
        parts = [f"{word} {formats.date(row.at.date())} {HOW_WORDS[row.how]}, {row.by}"]
        parts += [row.reference] if row.reference else []
        parts += [f"copay {words.money(row.copay_cents)}"] if row.copay_cents is not None else []
        return "  ·  ".join([*parts, row.note] if row.note else parts)

    # -- what can be done -----------------------------------------------------------------------

    def _arrow(self, icon: str, name: str, by: int) -> IconButton:
        return IconButton(
            self._desk.theme,
            icon,
            name,
            lambda: self.move_wished.emit(self.detail, by),
            key="Ctrl+Up" if by < 0 else "Ctrl+Down",
        )

    def _links(self, detail: CoverageDetail) -> QHBoxLayout:
        links = QHBoxLayout()
        links.setSpacing(16)
        for name, text, wish, fits in (
            ("verify", "Verify…", self.verify_wished, detail.when != "ended"),
            ("change", "Change…", self.change_wished, True),
            ("replace", "Replace from a date…", self.replace_wished, detail.when == "current"),
        ):
            if fits:
                button = LinkButton(text, lambda wish=wish: wish.emit(detail))
                button.setAccessibleName(f"{name.capitalize()} {detail.payer_name}")
                self.links[name] = button
                links.addWidget(button)
        for link in self.card.links.values() if self.card is not None else ():
            links.addWidget(link)
        links.addStretch(1)
        return links

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Up and Ctrl+Down on any button of it: buttons would take them for plain arrows."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._may_move:
            by = _STEPS.get(Qt.Key(event.key()))
            if by is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.move_wished.emit(self.detail, by)
                return True
        return super().eventFilter(watched, event)


def _relation(word: str) -> str:
    return {"spouse": "the spouse", "child": "a child"}.get(word, "otherwise related")
