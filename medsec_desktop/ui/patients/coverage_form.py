"""A coverage as it is written down: who pays, its numbers, its days, and who holds it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from medsec_desktop.domain.money import Money
from medsec_desktop.domain.patients import CoverageDraft
from medsec_desktop.problems import Invalid
from medsec_desktop.services.patients.coverage_records import (
    CoverageDetail,
    NewPayer,
    SubscriberChoice,
)
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.forms import choice, sentence
from medsec_desktop.ui.patients.in_place import InPlaceForm
from medsec_desktop.ui.patients.patient_pick import PatientPick
from medsec_desktop.ui.widgets import Banner, Choice

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

NEW_PAYER = -1
_TYPED, _ON_FILE = "typed", "file"  # how the subscriber is known, beside the people around her
_RELATIONS = {
    "self": "Self: holds the policy",
    "spouse": "Spouse of the subscriber",
    "child": "Child of the subscriber",
    "other": "Other relation",
}
_SEXES = {"": "Not said", "F": "Female", "M": "Male", "U": "Unknown"}
_HOLDER_FIELDS = (
    "subscriber_name", "subscriber_birth_on", "subscriber_sex", "subscriber_line1",
    "subscriber_line2", "subscriber_city", "subscriber_state", "subscriber_postal_code",
)  # fmt: skip


class CoverageForm(InPlaceForm):
    """For a new coverage, for one on file, or for one that takes another's place from a day on."""

    draft_kind = "coverage"
    noun = "coverage"

    def __init__(self, desk: Desk):
        self._detail: CoverageDetail | None = None
        self._replaces: CoverageDetail | None = None
        self._people: tuple[SubscriberChoice, ...] = ()
        super().__init__(desk, "Keep the coverage")

    # -- opening --------------------------------------------------------------------------------

    def open_for(
        self,
        patient_id: int,
        name: str,
        detail: CoverageDetail | None = None,
        replaces: CoverageDetail | None = None,
    ) -> None:
        """A new one, one on file, or the successor of one (`replaces`)."""
        self._prepare(patient_id, detail, replaces)
        self._fill(self._first_draft(patient_id))
        self.begin(patient_id, name)
        self._tell_overlap()
        (self.fields["starts_on"] if replaces else self.fields["payer_id"]).setFocus()

    def resume(
        self, patient_id: int, name: str, state: dict[str, Any], draft_id: int | None
    ) -> None:
        """Go on where it was left."""
        office = self._desk.office
        found = {one.id: one for one in office.coverages.of(patient_id)}
        self._prepare(
            patient_id, found.get(state.get("id") or 0), found.get(state.get("replaces") or 0)
        )
        self.restore_state(state)
        self.begin(patient_id, name, draft_id)
        self.fields["payer_id"].setFocus()

    def _prepare(
        self, patient_id: int, detail: CoverageDetail | None, replaces: CoverageDetail | None
    ) -> None:
        self._detail, self._replaces = detail, replaces
        book = self._desk.office.coverages
        self._people = book.subscribers(patient_id)
        payers: list[tuple[object, str]] = [(None, "Choose…")]
        payers += [(payer.id, payer.name) for payer in book.payers()]
        payer = self.fields["payer_id"]
        assert isinstance(payer, Choice)
        payer.set_pairs([*payers, (NEW_PAYER, "A new payer…")])
        if detail is not None and payer.findData(detail.draft.payer_id) < 0:
            payer.addItem(detail.payer_name, detail.draft.payer_id)  # inactive, but hers
        holder = self.fields["holder"]
        assert isinstance(holder, Choice)
        holder.set_pairs(
            [
                (_TYPED, "Typed below"),
                (_ON_FILE, "Somebody with a file here"),
                *(
                    (f"person:{place}", ", ".join(filter(None, (one.name, one.relation))))
                    for place, one in enumerate(self._people)
                ),
            ]
        )
        if replaces is not None:
            self.heading.setText(f"From a day on in the place of {replaces.payer_name}")
        else:
            self.heading.setText("Change the coverage" if detail else "A new coverage")
        self.labelled["starts_on"].label.setText("From *" if replaces else "From")
        self.remove_button.setVisible(detail is not None)

    def _first_draft(self, patient_id: int) -> CoverageDraft:
        if self._detail is not None:
            return self._detail.draft
        if self._replaces is not None:
            old = self._replaces.draft
            return replace(
                old,
                id=0, version=0, member_id="", group_number="", plan_name="", copay_cents=None,
                deductible_note="", note="", starts_on=self._desk.office.clock.today(),
                ends_on=None,
            )  # fmt: skip
        held = [
            one.draft.rank
            for one in self._desk.office.coverages.of(patient_id)
            if one.when == "current"
        ]
        free = [rank for rank in words.RANKS if rank not in held]
        return CoverageDraft(rank=free[0] if free else "tertiary")

    # -- fields ---------------------------------------------------------------------------------

    def build(self) -> None:
        for column in range(6):
            self.grid.setColumnStretch(column, 1)
        self._place(self.add("payer_id", "Payer", Choice(), required=True), 0, 0, 3)
        self._place(self.add("rank", "Order", choice(words.RANKS)), 0, 3, 3)
        self._new_payer = QWidget()
        fresh = QGridLayout(self._new_payer)
        fresh.setContentsMargins(0, 0, 0, 0)
        fresh.setHorizontalSpacing(12)
        for column, (name, label, longest) in enumerate(
            (
                ("payer_name", "Name of the payer", 80),
                ("payer_number", "Payer number", 20),
                ("payer_phone", "Phone", 40),
            )
        ):
            line = self._line(longest=longest)
            fresh.addWidget(self.add(name, label, line, required=not column), 0, column)
            fresh.setColumnStretch(column, 2 if not column else 1)
        self._place(self._new_payer, 1, 0, 6)
        self._place(self.add("member_id", "Member id", self._line(longest=40)), 2, 0, 3)
        self._place(self.add("group_number", "Group", self._line(longest=40)), 2, 3, 3)
        self._place(self.add("plan_name", "Plan", self._line(longest=80)), 3, 0, 3)
        self._place(self.add("copay_cents", "Copay", self._line("0.00", 12)), 3, 3, 3)
        self._place(self.add("starts_on", "From", self._date()), 4, 0, 3)
        self._place(self.add("ends_on", "Until", self._date()), 4, 3, 3)
        deductible = self._line("e.g. $500 a year, met in May")
        self._place(self.add("deductible_note", "Deductible", deductible), 5, 0, 3)
        self._place(self.add("note", "Note", self._line()), 5, 3, 3)
        for column, name, text in (
            (0, "needs_authorization", "Wants an authorization"),
            (3, "needs_referral", "Wants a referral"),
        ):
            self._place(self.add(name, "", QCheckBox(text)), 6, column, 3)
        relation = choice(_RELATIONS)
        self._place(self.add("subscriber_relation", "The patient is", relation), 7, 0, 3)
        self._place(self.add("holder", "The subscriber is", Choice()), 7, 3, 3)
        self._build_holder()
        self.overlap = Banner(self._desk.theme, "warning", "")
        self.overlap.hide()
        self.below.addWidget(self.overlap)
        payer, holder = self.fields["payer_id"], self.fields["holder"]
        assert isinstance(payer, Choice)
        assert isinstance(holder, Choice)
        payer.currentIndexChanged.connect(self._fit)
        relation.currentIndexChanged.connect(self._fit)
        holder.currentIndexChanged.connect(self._take_holder)
        for name in ("starts_on", "ends_on"):
            self.fields[name].settled.connect(lambda _: self._tell_overlap())  # type: ignore[attr-defined]
        rank = self.fields["rank"]
        assert isinstance(rank, Choice)
        rank.currentIndexChanged.connect(lambda _: self._tell_overlap())

    def _build_holder(self) -> None:
        self._on_file = PatientPick(self._desk, "Subscriber", "Type to find the file")
        self._place(self.add("subscriber_file", "File of the subscriber", self._on_file), 8, 0, 6)
        self._holder = QWidget()
        grid = QGridLayout(self._holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        name = self._line("Family name, given name", 80)
        for widget, row, column, span in (
            (self.add("subscriber_name", "Subscriber’s name", name, required=True), 0, 0, 6),
            (self.add("subscriber_birth_on", "Date of birth", self._date()), 1, 0, 3),
            (self.add("subscriber_sex", "Sex", choice(_SEXES)), 1, 3, 3),
            (self.add("subscriber_line1", "Street", self._line(longest=80)), 2, 0, 3),
            (self.add("subscriber_line2", "Apartment, unit", self._line(longest=80)), 2, 3, 3),
            (self.add("subscriber_city", "City", self._line(longest=60)), 3, 0, 3),
            (self.add("subscriber_state", "State", self._line(longest=20)), 3, 3, 1),
            (self.add("subscriber_postal_code", "ZIP", self._line(longest=12)), 3, 4, 2),
        ):
            grid.addWidget(widget, row, column, 1, span)
        self._place(self._holder, 9, 0, 6)

    def _fit(self) -> None:
        """Show what the choices ask for, and nothing else."""
        self._new_payer.setVisible(self._value("payer_id") == NEW_PAYER)
        is_self = self._value("subscriber_relation") == "self"
        on_file = self._value("holder") == _ON_FILE
        self.labelled["holder"].setVisible(not is_self)
        self.labelled["subscriber_file"].setVisible(not is_self and on_file)
        self._holder.setVisible(not is_self and not on_file)

    def _take_holder(self) -> None:
        """Somebody around her: what her form knows of him is put in; a file of his is taken."""
        value = str(self._value("holder") or _TYPED)
        if value.startswith("person:"):
            person = self._people[int(value.partition(":")[2])]
            if person.patient_id is not None:
                self._on_file.set_patient(person.patient_id)
                self.put({"holder": _ON_FILE})
                return
            self.put(
                {
                    "subscriber_name": person.name,
                    "subscriber_birth_on": person.birth_on,
                    "subscriber_line1": person.line1,
                    "subscriber_line2": person.line2,
                    "subscriber_city": person.city,
                    "subscriber_state": person.state,
                    "subscriber_postal_code": person.postal_code,
                }
            )
        self._fit()

    def _value(self, name: str) -> object:
        widget = self.fields[name]
        assert isinstance(widget, Choice)
        return widget.value()

    def _fill(self, draft: CoverageDraft) -> None:
        cents = draft.copay_cents
        names = set(self.fields) - {
            "payer_name", "payer_number", "payer_phone", "holder", "subscriber_file",
        }  # fmt: skip
        self.put({name: getattr(draft, name) for name in names})
        self.put(
            {
                "payer_name": "",
                "payer_number": "",
                "payer_phone": "",
                "copay_cents": "" if cents is None else str(Money(cents)),
                "holder": _TYPED if draft.subscriber_patient_id is None else _ON_FILE,
            }
        )
        payer = self.fields["payer_id"]
        if draft.payer_id is None and isinstance(payer, Choice):
            payer.setCurrentIndex(0)
        self._on_file.set_patient(draft.subscriber_patient_id)
        self._fit()

    def _tell_overlap(self) -> None:
        """Two of one rank on a day: said while it is typed, not after."""
        if self._patient_id is None or self.isHidden():
            return
        draft = self._draft(None)
        if self._replaces is not None:
            draft = replace(draft, id=self._replaces.id)  # that one gives way
        said = self._desk.office.coverages.overlap(self._patient_id, draft)
        if said:
            way_out = "Choose another order or other days; or replace that one from a day on."
            self.overlap.show_message("warning", f"{said} {way_out}")
        self.overlap.setVisible(bool(said))

    # -- what the draft keeper asks -------------------------------------------------------------

    def raw(self) -> dict[str, Any]:
        # Somebody around her was only a way to fill in what is typed now.
        holder = _ON_FILE if self._value("holder") == _ON_FILE else _TYPED
        return {
            **super().raw(),
            "holder": holder,
            "subscriber_patient_id": self._on_file.patient_id,
        }

    def put(self, raw: Any) -> None:
        super().put({name: value for name, value in raw.items() if name != "subscriber_file"})
        if "subscriber_patient_id" in raw and "payer_name" in raw:
            self._on_file.set_patient(raw["subscriber_patient_id"])
            self._fit()

    def more_state(self) -> dict[str, Any]:
        return {
            "id": self._detail.id if self._detail else 0,
            "version": self._detail.draft.version if self._detail else 0,
            "replaces": self._replaces.id if self._replaces else 0,
            "replaces_version": self._replaces.draft.version if self._replaces else 0,
        }

    def restore_more(self, state: dict[str, Any]) -> None:
        # At the version it was read: what somebody changed meanwhile is found on saving.
        if self._detail is not None:
            draft = replace(self._detail.draft, version=int(state["version"]))
            self._detail = replace(self._detail, draft=draft)
        if self._replaces is not None:
            draft = replace(self._replaces.draft, version=int(state["replaces_version"]))
            self._replaces = replace(self._replaces, draft=draft)

    def title(self) -> str:
        payer = self.fields["payer_id"]
        assert isinstance(payer, Choice)
        called = payer.currentText() if payer.value() else "Coverage"
        return self.text("payer_name") or called

    # -- keeping --------------------------------------------------------------------------------

    def own_faults(self) -> dict[str, str]:
        """All at once: who sees one fault mended wants no other one told after it."""
        faults, copay = super().own_faults(), None
        is_new = self._value("payer_id") == NEW_PAYER
        if is_new and not self.text("payer_name").strip():
            faults["payer_name"] = "Type the payer’s name."
        try:
            copay = self._cents("copay_cents")
        except Invalid as fault:
            faults["copay_cents"] = sentence(fault)
        is_self = self._value("subscriber_relation") == "self"
        asks_file = not is_self and self._value("holder") == _ON_FILE
        if asks_file and self._on_file.patient_id is None:
            faults["subscriber_file"] = "Whose file is it? Type a piece of the name."
        if self._replaces is not None and self.day("starts_on") is None:
            faults.setdefault("starts_on", "From which day on?")
        passed_over = {"payer_id"} if is_new else set()
        passed_over |= {"subscriber_name"} if asks_file else set()
        for fault in self._desk.office.coverages.faults(self._draft(copay)):
            if fault.field not in passed_over:
                faults.setdefault(fault.field, sentence(fault))
        return {name: faults[name] for name in self.fields if name in faults}  # as they stand

    def keep(self, patient_id: int) -> str:
        copay = self._cents("copay_cents")
        new = None
        if self._value("payer_id") == NEW_PAYER:
            new = NewPayer(
                self.text("payer_name"), self.text("payer_number"), self.text("payer_phone")
            )
        book, formats = self._desk.office.coverages, self._desk.office.formats
        draft, old = self._draft(copay), self._replaces
        if old is not None:
            day = draft.starts_on
            assert day is not None
            number = book.replace_from(patient_id, old.id, old.draft.version, day, draft, new)
            name = book.one(patient_id, number).payer_name
            return f"{name} replaces {old.payer_name} from {formats.date(day)} on."
        kept = book.one(patient_id, book.save(patient_id, draft, new))
        also = book.overlap(patient_id, kept.draft)
        return f"{kept.payer_name} kept. {also}".strip()

    def take_off(self, patient_id: int) -> str:
        assert self._detail is not None
        self._desk.office.coverages.remove(patient_id, self._detail.id)
        return f"{self._detail.payer_name} removed."

    def _draft(self, copay: int | None) -> CoverageDraft:
        raw = self.raw()
        is_self = raw["subscriber_relation"] == "self"
        on_file = not is_self and raw["holder"] == _ON_FILE
        payer_id = raw["payer_id"]
        typed = {} if is_self or on_file else {name: raw[name] for name in _HOLDER_FIELDS}
        if typed:
            typed["subscriber_birth_on"] = self.day("subscriber_birth_on")
        return CoverageDraft(
            None if payer_id in (None, NEW_PAYER) else int(payer_id),
            raw["rank"],
            raw["plan_name"],
            raw["member_id"],
            raw["group_number"],
            raw["subscriber_relation"],
            copay_cents=copay,
            starts_on=self.day("starts_on"),
            ends_on=self.day("ends_on"),
            id=self._detail.id if self._detail else 0,
            version=self._detail.draft.version if self._detail else 0,
            subscriber_patient_id=self._on_file.patient_id if on_file else None,
            deductible_note=raw["deductible_note"],
            note=raw["note"],
            needs_authorization=raw["needs_authorization"],
            needs_referral=raw["needs_referral"],
            **typed,
        )
