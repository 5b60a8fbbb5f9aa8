"""A request for records as it is written down: who asks, what is wanted, and how it is to be given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout

from medsec_desktop.domain.money import Money
from medsec_desktop.domain.rights import (
    DELIVERY_WORDS,
    REQUESTER_WORDS,
    Delivery,
    Requester,
    days_left_words,
    due_on,
)
from medsec_desktop.services.patients.rights_records import RequestDraft, RequestRow
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.patients.in_place import InPlaceForm
from medsec_desktop.ui.widgets import Choice, DateEdit, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_LATE = ("fee_cents", "fee_paid_on", "note")  # what may still be said of a closed one


class RequestForm(InPlaceForm):
    """The patient asks today: that stands in it already, with the day it is due."""

    draft_kind = "records-request"
    noun = "records request"

    def __init__(self, desk: Desk):
        self._row: RequestRow | None = None
        self.patient_asking = ""  # the patient's name as an envelope shows it
        super().__init__(desk, "Keep the request")
        self.remove_button.hide()

    def open_for(self, patient_id: int, name: str, row: RequestRow | None = None) -> None:
        """A new one, or one on file."""
        self._prepare(patient_id, row)
        today = self._desk.office.clock.today()
        fee = str(Money(row.fee_cents)) if row and row.fee_cents else ""
        self.put(
            {
                "requester_kind": row.requester_kind if row else Requester.PATIENT,
                "requester": row.requester if row else self.patient_asking,
                "received_on": row.received_on if row else today,
                "deliver_how": row.deliver_how if row else Delivery.PAPER,
                "wanted": row.wanted if row else "",
                "from_on": row.from_on if row else None,
                "to_on": row.to_on if row else None,
                "purpose": row.purpose if row else "",
                "deliver_to": row.deliver_to if row else "",
                "signed_document_id": row.signed_document_id if row else None,
                "fee_cents": fee,
                "fee_paid_on": row.fee_paid_on if row else None,
                "note": row.note if row else "",
            }
        )
        self._fit()
        self.begin(patient_id, name)
        first = "requester_kind" if row is None else "wanted" if row.status.is_open else "fee_cents"
        self.fields[first].setFocus()

    def resume(
        self, patient_id: int, name: str, state: dict[str, Any], draft_id: int | None
    ) -> None:
        """Go on where it was left."""
        rows = {row.id: row for row in self._desk.office.records_requests.of(patient_id)}
        row = rows.get(state.get("id") or 0)
        # At the version it was read: what somebody changed meanwhile is found on saving.
        self._prepare(patient_id, row and replace(row, version=int(state["version"])))
        self.restore_state(state)
        self._fit()
        self.begin(patient_id, name, draft_id)
        self.fields["wanted"].setFocus()

    def _prepare(self, patient_id: int, row: RequestRow | None) -> None:
        self._row = row
        office = self._desk.office
        papers: list[tuple[object, str]] = [(None, "None on file")]
        papers += [
            (number, f"{title}, {office.formats.date(on)}")
            for number, title, on in office.consents.papers(patient_id)
        ]
        box = self.fields["signed_document_id"]
        assert isinstance(box, Choice)
        box.set_pairs(papers)
        box.setCurrentIndex(0)
        self.heading.setText("Change the request" if row else "A request for records")
        for name, widget in self.fields.items():
            widget.setEnabled(row is None or row.status.is_open or name in _LATE)
        for name in ("fee_cents", "fee_paid_on"):  # nobody pays before there is a package
            self.labelled[name].setVisible(row is not None)

    def build(self) -> None:
        for column in range(2):
            self.grid.setColumnStretch(column, 1)
        who, received = choice(REQUESTER_WORDS), self._date()
        self.due = Text("", "muted", wrap=True)
        self._place(self.add("requester_kind", "Who asks", who), 0, 0)
        self._place(self.add("requester", "Name", self._line(longest=120), required=True), 0, 1)
        self._place(self.add("received_on", "Received", received, required=True), 1, 0)
        self._place(self.add("deliver_how", "To be given", choice(DELIVERY_WORDS)), 1, 1)
        self._place(self.due, 2, 0, 2)
        wanted = self._line("In the words of who asks", 500)
        self._place(self.add("wanted", "What is wanted", wanted), 3, 0, 2)
        self._place(self.add("from_on", "Period from", self._date()), 4, 0)
        self._place(self.add("to_on", "To", self._date()), 4, 1)
        to = QPlainTextEdit()
        to.setTabChangesFocus(True)
        to.setFixedHeight(self._desk.theme.px(90))
        to.setPlaceholderText("Name, then the address; empty: who asks")
        self._place(self.add("deliver_to", "Give it to", to), 5, 0)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.add("purpose", "Purpose", self._line("e.g. second opinion")))
        right.addWidget(self.add("signed_document_id", "Signed authorization", Choice()))
        right.addStretch(1)
        self.grid.addLayout(right, 5, 1)
        fee = self._line("Proposed when the package is made", 12)
        self._place(self.add("fee_cents", "Fee", fee), 6, 0)
        self._place(self.add("fee_paid_on", "Paid on", self._date()), 6, 1)
        self._place(self.add("note", "Note", self._line()), 7, 0, 2)
        who.activated.connect(lambda _: self._name_asker())
        who.currentIndexChanged.connect(lambda _: self._fit())
        received.textChanged.connect(lambda _: self._fit())

    def title(self) -> str:
        return f"Records request {self.text('requester').strip()}".strip()

    def more_state(self) -> dict[str, Any]:
        row = self._row
        return {"id": row.id if row else 0, "version": row.version if row else 0}

    def keep(self, patient_id: int) -> str:
        raw, row = self.raw(), self._row
        draft = RequestDraft(
            raw["requester"],
            Requester(raw["requester_kind"]),
            raw["deliver_to"],
            Delivery(raw["deliver_how"]),
            self.day("received_on"),
            raw["purpose"],
            raw["wanted"],
            self.day("from_on"),
            self.day("to_on"),
            self._cents("fee_cents") or 0,
            self.day("fee_paid_on"),
            raw["signed_document_id"],
            raw["note"],
            row.id if row else None,
            row.version if row else 0,
        )
        office = self._desk.office
        kept = office.records_requests.one(office.records_requests.save(patient_id, draft))
        if not kept.status.is_open:
            return "Request kept."
        return f"Request kept: due {office.formats.date(kept.due_on)}."

    # -- inside ---------------------------------------------------------------------------------

    def _name_asker(self) -> None:
        """The patient asks in her own name; anybody else's is typed."""
        who, line = self.fields["requester_kind"], self.fields["requester"]
        assert isinstance(who, Choice)
        is_patient = who.value() == Requester.PATIENT
        if is_patient and not self.text("requester").strip():
            line.setText(self.patient_asking)  # type: ignore[attr-defined]
        elif not is_patient and self.text("requester") == self.patient_asking:
            line.clear()  # type: ignore[attr-defined]

    def _fit(self) -> None:
        who, received = self.fields["requester_kind"], self.fields["received_on"]
        assert isinstance(who, Choice)
        assert isinstance(received, DateEdit)
        kind = Requester(str(who.value()))
        wants = kind.needs_authorization
        self.labelled["signed_document_id"].hint("Needed before anything goes out" if wants else "")
        day = received.value()
        is_extended = self._row is not None and self._row.extended_on is not None
        is_open = self._row is None or self._row.status.is_open
        self.due.setVisible(day is not None and is_open)
        if day is not None:
            due = due_on(day, is_extended=is_extended)
            left = days_left_words((due - self._desk.office.clock.today()).days)
            self.due.setText(f"Due {self._desk.office.formats.date(due)}: {left}")
