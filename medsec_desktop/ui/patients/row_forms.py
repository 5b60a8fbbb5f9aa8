"""The kinds of rows in a patient's file as forms: phones, addresses, coverages, alerts."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from medsec_desktop.domain.money import Money
from medsec_desktop.domain.patients import AddressDraft, AlertDraft, CoverageDraft, PhoneDraft
from medsec_desktop.problems import Invalid
from medsec_desktop.services.patients.places import Place
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.forms import Form, FormContext, RowForm, choice
from medsec_desktop.ui.widgets import Choice, Text

_ZIP_DIGITS = 5


class PhoneForm(RowForm):
    """A phone number."""

    noun = "phone"
    table = "patient_phone"

    def build(self) -> None:
        self._place(self.add("number", "Number", self._line()), 0, 0, 3)
        self._place(self.add("kind", "Kind", choice(words.PHONE_KINDS)), 0, 3, 3)
        self._place(self.add("note", "Note", self._line("e.g. after five")), 1, 0, 3)
        message = QCheckBox("May leave a message")
        message.setChecked(True)
        column = QVBoxLayout()
        column.addSpacing(self.context.theme.px(24))
        column.addWidget(self.add("may_leave_message", "", message))
        column.addStretch(1)
        self.grid.addLayout(column, 1, 3, 1, 3)

    def fill(self, draft: PhoneDraft) -> None:
        super().fill(draft)
        self.put({"number": self.context.formats.phone(draft.number)})

    def draft(self) -> PhoneDraft:
        raw = self.raw()
        return PhoneDraft(
            raw["number"], raw["kind"], raw["may_leave_message"], raw["note"],
            self.row_id, self.version,
        )  # fmt: skip


class ZipFiller(QObject):
    """Fills city and state while a ZIP code is typed. What somebody typed there herself stays.

    A city on file goes with its ZIP code: who types another one says that somebody moved.
    """

    def __init__(self, context: FormContext, form: Form):
        super().__init__(form)
        self._context = context
        self._code = _line(form, "postal_code")
        self._lines = (_line(form, "city"), _line(form, "state"))
        self._filled = ("", "")
        self._code.textEdited.connect(self._typed)

    def stands(self) -> None:
        """City and state, as they stand now, belong to the ZIP code beside them."""
        self._filled = (self._lines[0].text().strip(), self._lines[1].text().strip())

    def _typed(self, text: str) -> None:
        code = text.strip()[:_ZIP_DIGITS]
        if len(code) == _ZIP_DIGITS and code.isdigit():
            self._context.find_place(code, lambda place: self._found(code, place))

    def _found(self, code: str, place: Place | None) -> None:
        if place is None or not isValid(self) or not self._code.text().strip().startswith(code):
            return
        city = self._lines[0].text().strip()
        values = (city if city in place.also else place.city, place.state)
        for line, value, before in zip(self._lines, values, self._filled, strict=True):
            if line.text().strip() in ("", before):
                line.setText(value)
        self._filled = values
        names = ", ".join((place.city, *place.also))
        self._lines[0].setToolTip(names if place.also else "")


def _line(form: Form, name: str) -> QLineEdit:
    line = form.fields[name]
    assert isinstance(line, QLineEdit)
    return line


class AddressForm(RowForm):
    """An address and the days it holds."""

    noun = "address"
    table = "patient_address"

    def build(self) -> None:
        self._place(self.add("kind", "Kind", choice(words.ADDRESS_KINDS)), 0, 0, 2)
        self._place(self.add("line1", "Street", self._line()), 0, 2, 4)
        self._place(self.add("line2", "Apartment, unit", self._line()), 1, 0, 2)
        self._place(self.add("postal_code", "ZIP", self._line()), 1, 2, 2)
        country = self._line()
        country.setText(self.context.country)
        self._place(self.add("country", "Country", country), 1, 4, 2)
        self._place(self.add("city", "City", self._line()), 2, 0, 4)
        self._place(self.add("state", "State", self._line()), 2, 4, 2)
        self._place(self.add("valid_from_on", "From", self._date()), 3, 0, 3)
        self._place(self.add("valid_to_on", "Until", self._date()), 3, 3, 3)
        self._zip = ZipFiller(self.context, self)

    def fill(self, draft: AddressDraft) -> None:
        super().fill(draft)
        self._zip.stands()

    def reset(self) -> None:
        super().reset()
        self.fields["city"].setToolTip("")
        self._zip.stands()

    def first_field(self) -> QWidget:
        return self.fields["line1"]

    def draft(self) -> AddressDraft:
        raw = self.raw()
        return AddressDraft(
            raw["line1"], raw["line2"], raw["city"], raw["state"], raw["postal_code"],
            raw["country"], raw["kind"], self.day("valid_from_on"), self.day("valid_to_on"),
            self.row_id, self.version,
        )  # fmt: skip


class CoverageForm(RowForm):
    """A policy: who pays, which numbers, who holds it."""

    noun = "coverage"
    table = "coverage"

    def build(self) -> None:
        payers = [(None, "Choose…"), *self.context.payers]
        self._place(self.add("payer_id", "Payer", Choice(payers), required=True), 0, 0, 2)
        self._place(self.add("plan_name", "Plan", self._line()), 0, 2, 2)
        self._place(self.add("rank", "Order", choice(words.RANKS)), 0, 4, 2)
        self._place(self.add("member_id", "Member id", self._line()), 1, 0, 2)
        self._place(self.add("group_number", "Group", self._line()), 1, 2, 2)
        self._place(self.add("copay_cents", "Copay", self._line("0.00")), 1, 4, 2)
        self._place(self.add("starts_on", "From", self._date()), 2, 0, 2)
        self._place(self.add("ends_on", "Until", self._date()), 2, 2, 2)
        relation = choice(
            {
                "self": "Self: holds the policy",
                "spouse": "Spouse of the subscriber",
                "child": "Child of the subscriber",
                "other": "Other relation",
            }
        )
        self._place(self.add("subscriber_relation", "The patient is", relation), 3, 0, 2)
        holder = self._line()
        self._place(self.add("subscriber_name", "Subscriber (holds the policy)", holder), 3, 2, 4)
        relation.currentIndexChanged.connect(self._follow_relation)
        self._follow_relation()

    def _follow_relation(self) -> None:
        """Who holds her own policy has no other subscriber to name."""
        holder, relation = self.fields["subscriber_name"], self.fields["subscriber_relation"]
        assert isinstance(holder, QLineEdit)
        assert isinstance(relation, Choice)
        is_self = relation.value() == "self"
        holder.setEnabled(not is_self)
        holder.setPlaceholderText("The patient" if is_self else "Family name, given name")

    def fill(self, draft: CoverageDraft) -> None:
        super().fill(draft)
        cents = draft.copay_cents
        self.put({"copay_cents": "" if cents is None else str(Money(cents))})

    def own_faults(self) -> dict[str, str]:
        faults = super().own_faults()
        try:
            self._copay()
        except Invalid as fault:
            faults["copay_cents"] = str(fault)
        return faults

    def _copay(self) -> int | None:
        typed = self.text("copay_cents").strip()
        return Money.parse(typed).cents if typed else None

    def draft(self) -> CoverageDraft:
        raw = self.raw()
        try:
            copay = self._copay()
        except Invalid:
            copay = None  # said by own_faults
        return CoverageDraft(
            raw["payer_id"], raw["rank"], raw["plan_name"], raw["member_id"],
            raw["group_number"], raw["subscriber_relation"], raw["subscriber_name"], copay,
            self.day("starts_on"), self.day("ends_on"), self.row_id, self.version,
        )  # fmt: skip


_PLACES = (
    ("is_shown_on_selection", "File", "Shown when the file is opened"),
    ("is_shown_on_booking", "Booking", "Shown when a visit is booked"),
    ("is_shown_on_arrival", "Arrival", "Shown at arrival"),
    ("is_shown_on_billing", "Billing", "Shown when billing"),
)


class AlertForm(RowForm):
    """Something that must not be missed, of which kind, and where it comes up."""

    noun = "alert"
    table = "patient_alert"

    def build(self) -> None:
        self._place(self.add("kind", "Kind", choice(words.ALERT_KINDS)), 0, 0, 2)
        text = self._line("What must not be missed")
        self._place(self.add("text", "Alert", text, required=True), 0, 2, 4)
        self._place(self.add("expires_on", "Until", self._date()), 1, 0, 2)
        ticks = QWidget()
        column = QVBoxLayout(ticks)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text("Shown at", "small"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, word, meaning in _PLACES:
            tick = QCheckBox(word)
            tick.setChecked(name != "is_shown_on_billing")
            tick.setToolTip(meaning)
            row.addWidget(self.add(name, "", tick))
            tick.setAccessibleName(meaning)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self._place(ticks, 1, 2, 4)

    def first_field(self) -> QWidget:
        return self.fields["text"]

    def draft(self) -> AlertDraft:
        raw = self.raw()
        return AlertDraft(
            raw["text"], raw["is_shown_on_selection"], raw["is_shown_on_booking"],
            self.day("expires_on"), raw["kind"], raw["is_shown_on_arrival"],
            raw["is_shown_on_billing"], self.row_id, self.version,
        )  # fmt: skip
