"""What is around the words of a letter: to whom, copies, enclosures, who signs, by when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.services.letters.enclosing import Alike
from medsec_desktop.services.letters.handling import CopyTo, Enclosure, Handling
from medsec_desktop.services.letters.recipients import RecipientChoice
from medsec_desktop.ui.letters.enclosing import pick_enclosure
from medsec_desktop.ui.letters.lines_list import LinesList
from medsec_desktop.ui.letters.pick_sheet import PickSheet
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    Field,
    LinkButton,
    ListRow,
    PlainButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.letters import LetterDraft
    from medsec_desktop.ui.desk import Desk

_FREE = ("free", None)


class AroundWords(QWidget):
    """Shows a draft's handling and changes it.

    `recipient_chosen` carries the lines of whom was chosen; `changed` says that `handling` did.
    """

    recipient_chosen = Signal(object)
    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.handling = Handling()
        self._patient_id = 0
        self._choices: tuple[RecipientChoice, ...] = ()
        self._filling = False
        self.note = Text("", wrap=True)
        self.to = Choice()
        self.to.currentIndexChanged.connect(lambda _: self._choose())
        self.other_button = PlainButton(
            "Somebody else…", self.pick_recipient, tip="From the directory, or as you type it"
        )
        self.copies = LinesList(desk, "Copy to", self._drop_copy)
        self.enclosures = LinesList(desk, "Enclosed", self._drop_enclosure)
        self.copy_button = LinkButton("Add a copy…", self.pick_copy)
        self.enclose_button = LinkButton("Enclose…", self.pick_enclosure)
        self.signer = Choice()
        self.signer.currentIndexChanged.connect(lambda _: self._changed())
        self.wanted = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.wanted.value_changed.connect(lambda _: self._changed())
        self._lay_out()

    def _lay_out(self) -> None:
        to = QHBoxLayout()
        to.setSpacing(8)
        to.addWidget(self.to, 1)
        to.addWidget(self.other_button)
        to_place = QWidget()
        to_place.setLayout(to)
        to.setContentsMargins(0, 0, 0, 0)
        self.to_field = Field("To", to_place)
        self.to.setAccessibleName("To")
        to_place.setFocusProxy(self.to)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(self.copy_button)
        links.addWidget(self.enclose_button)
        links.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(Field("Signed by", self.signer), 2)
        below.addWidget(Field("Wanted by", self.wanted), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.note)
        column.addWidget(self.to_field)
        column.addWidget(self.copies)
        column.addWidget(self.enclosures)
        column.addLayout(links)
        column.addLayout(below)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def showEvent(self, event: QShowEvent) -> None:
        """What was filled before it was shown is measured by the style it has now."""
        super().showEvent(event)
        for part in (self.to, self.other_button, self.signer, self.wanted):
            part.updateGeometry()
        self.layout().activate()

    # -- filling ----------------------------------------------------------------------------------

    def fill(self, draft: LetterDraft) -> None:
        """Show what is around a letter."""
        office = self.desk.office
        self._filling = True
        self.handling = draft.handling
        self.note.setText(f"Dictated: {draft.handling.note}")
        self.note.setVisible(bool(draft.handling.note))
        self._patient_id = draft.patient_id
        found = guarded(
            self.desk,
            lambda: office.recipients.of_patient(
                draft.patient_id,
                referral_id=draft.handling.referral_id,
                records_request_id=draft.handling.records_request_id,
            ),
        )
        self._choices = found or ()
        kind, row_id = draft.handling.recipient_kind, draft.handling.recipient_id
        if kind in ("provider", "organization", "payer") and row_id is not None:
            other = office.recipients.one(kind, row_id)
            if other is not None and other.key not in [one.key for one in self._choices]:
                self._choices = (*self._choices, other)
        self._show_recipients()
        signers: list[tuple[object, str]] = [(None, "Whoever writes it")]
        signers += [
            (row.id, provider_called(row.family_name, row.given_name, row.credential))
            for row in office.practice.providers(bookable_only=True)
        ]
        self.signer.set_pairs(signers)
        self.signer.set_value(draft.handling.signer_provider_id)
        self.wanted.set_value(draft.handling.wanted_on)
        self._show_lines()
        self._filling = False

    def typed_recipient(self, lines: Sequence[str]) -> None:
        """The lines were typed over: the letter goes to whom they name, unless they are somebody's."""
        chosen = next((one for one in self._choices if one.lines == tuple(lines)), None)
        kind, row_id = chosen.key if chosen else _FREE
        row_id = None if kind == "patient" else row_id
        if (kind, row_id) != (self.handling.recipient_kind, self.handling.recipient_id):
            self.handling = replace(self.handling, recipient_kind=kind, recipient_id=row_id)
            self._filling = True
            self._show_recipients()
            self._filling = False

    def _show_recipients(self) -> None:
        pairs: list[tuple[object, str]] = [
            (one.key, f"{one.name} · {one.role}" + ("" if one.has_address else " · no address"))
            for one in self._choices
        ]
        key = self._key()
        if key not in [pair[0] for pair in pairs]:
            pairs.append((key, "As typed below"))
        self.to.set_pairs(pairs)
        self.to.set_value(key)

    def _key(self) -> tuple[str, int | None]:
        handling = self.handling
        row_id = handling.recipient_id
        if handling.recipient_kind == "patient":
            row_id = self._patient_id
        return handling.recipient_kind, row_id

    def _show_lines(self) -> None:
        self.copies.show_lines([copy.name for copy in self.handling.copies])
        self.enclosures.show_lines([one.title for one in self.handling.enclosures])

    # -- changing ---------------------------------------------------------------------------------

    def _choose(self) -> None:
        if self._filling:
            return
        key = self.to.value()
        choice = next((one for one in self._choices if one.key == key), None)
        if choice is not None:
            self._take_recipient(choice)

    def _take_recipient(self, choice: RecipientChoice) -> None:
        if choice.key not in [one.key for one in self._choices]:
            self._choices = (*self._choices, choice)
        row_id = None if choice.kind == "patient" else choice.id
        self.handling = replace(self.handling, recipient_kind=choice.kind, recipient_id=row_id)
        self._filling = True
        self._show_recipients()
        self._filling = False
        self.recipient_chosen.emit(choice.lines)

    def pick_recipient(self) -> None:
        """Somebody of the directory, or whoever is typed."""
        self._pick("To whom?", self._take_recipient)

    def pick_copy(self) -> None:
        """Who gets a copy: a sheet with that address, and named below the signature."""

        def take(choice: RecipientChoice) -> None:
            copy = CopyTo(choice.lines, choice.kind, choice.id)
            if copy not in self.handling.copies:
                self._set(copies=(*self.handling.copies, copy))

        self._pick("Copy to whom?", take)

    def _pick(self, title: str, then: Callable[[RecipientChoice], object]) -> None:
        PickSheet(
            self.desk,
            title,
            "Name, or name; street; city",
            self._find,
            then,
            self.window(),
            remark="People of the file, then the directory. What nobody is called is taken as typed,"
            " its lines apart by a semicolon.",
        ).open()

    def _find(self, text: str) -> list[ListRow]:
        words = text.casefold().split()
        here = [
            one
            for one in self._choices
            if all(word in f"{one.name} {one.role}".casefold() for word in words)
        ]
        found = here if not words else [*here, *self.desk.office.recipients.search(text)]
        rows = {
            (one.key, one.name): ListRow(
                one, one.name, ", ".join(one.lines[1:]) or "No address", one.role, icon="user"
            )
            for one in found
        }
        typed = tuple(part.strip() for part in text.split(";") if part.strip())
        if typed:
            as_typed = RecipientChoice("free", None, "As typed", typed)
            rows[(_FREE, "")] = ListRow(
                as_typed, typed[0], ", ".join(typed[1:]) or "As typed", "As typed", icon="pencil"
            )
        return list(rows.values())

    def pick_enclosure(self) -> None:
        """A document of the file or a leaflet, printed behind the letter on wish; or something named only."""

        def take(one: Alike) -> None:
            chosen = Enclosure(one.title, one.document_id)
            if chosen not in self.handling.enclosures:
                self._set(enclosures=(*self.handling.enclosures, chosen))

        pick_enclosure(self.desk, self, take, self._patient_id)

    def _drop_copy(self, place: int) -> None:
        copies = self.handling.copies
        self._set(copies=(*copies[:place], *copies[place + 1 :]))

    def _drop_enclosure(self, place: int) -> None:
        enclosures = self.handling.enclosures
        self._set(enclosures=(*enclosures[:place], *enclosures[place + 1 :]))

    def _set(self, **fields: Any) -> None:
        self.handling = replace(self.handling, **fields)
        self._show_lines()
        self.changed.emit()

    def _changed(self) -> None:
        if self._filling:
            return
        signer = self.signer.value()
        self.handling = replace(
            self.handling,
            signer_provider_id=signer if isinstance(signer, int) else None,
            wanted_on=self.wanted.value(),
        )
        self.changed.emit()
