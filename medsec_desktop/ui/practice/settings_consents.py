"""Settings: the consents and forms patients sign, and what a copy of records costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit

from medsec_desktop.domain.money import Money
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid
from medsec_desktop.services.patients.rights_records import ConsentKindDraft, ConsentKindRow
from medsec_desktop.services.practice import settings
from medsec_desktop.services.practice.settings import Setting
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.widgets import Field, ListRow, PlainButton, Section, Text


class ConsentsPage(PickPage):
    """Each kind is kept as its field is left; the fees stand below."""

    id = "consents"
    name = "Consents and records"
    icon = "square-pen"
    words = "What patients sign, how long it holds, and what a copy of their records costs."
    finds = "consent form hipaa privacy notice acknowledgement expire release records request fee"
    tables = ("consent_kind", "consent", "setting")
    noun = "consent"
    empty_words = "What is required is asked for when a patient arrives."
    has_order = True

    def build(self) -> None:
        super().build()
        section = Section("Copies of records")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for place, (setting, label, hint) in enumerate(
            (
                (settings.RECORDS_FEE_BASE, "Each copy", "Proposed for every request"),
                (settings.RECORDS_FEE_PAGE, "Each page", "Added for each page of the package"),
            )
        ):
            grid.addWidget(self._amount(setting, label, hint), 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, 1)
        section.body.addLayout(grid)
        self.inside.addWidget(section)

    def build_right(self) -> None:
        consents = self.desk.office.consents
        self.kinds = consents.kinds
        self.name_line, self.months = QLineEdit(), QLineEdit()
        self.months.setMaxLength(4)
        self.months.setPlaceholderText("For good")
        self.required = QCheckBox("Asked for when a patient arrives")
        self.notice = QCheckBox("The acknowledgement of the privacy notice (HIPAA)")
        self.offered = QCheckBox("In use")
        self.fields["name"] = Field("Name", self.name_line, required=True)
        self.fields["valid_months"] = Field(
            "Holds, in months", self.months, hint="Empty: it never runs out"
        )
        self.used = Text("", "muted", wrap=True)
        self.beside.addWidget(self.fields["name"])
        self.beside.addWidget(self.fields["valid_months"])
        for tick in (self.required, self.notice, self.offered):
            tick.setAccessibleName(tick.text())
            tick.clicked.connect(lambda _: self._save_form())
            self.beside.addWidget(tick)
        self.beside.addWidget(self.used)
        self.usual = PlainButton("Add the usual ones", self._add_usual, kind="quiet")
        self.beside.addWidget(self.usual, 0, Qt.AlignmentFlag.AlignLeft)
        for name, line in (("name", self.name_line), ("valid_months", self.months)):
            line.textEdited.connect(lambda _, name=name: self.fields[name].problem(""))
            line.editingFinished.connect(self._save_form)

    def read(self) -> Sequence[ConsentKindRow]:
        return self.kinds.all()

    def listed(self, row: ConsentKindRow) -> ListRow:
        holds = _months_words(row.valid_months)
        return ListRow(
            row.id,
            row.name,
            f"Required, {holds}" if row.is_required else holds[:1].upper() + holds[1:],
            mark="" if row.is_active else "Not in use",
        )

    def show_row(self, row: ConsentKindRow | None) -> None:
        draft = row.draft() if row else ConsentKindDraft()
        self.name_line.setText(draft.name)
        self.months.setText(str(draft.valid_months or ""))
        self.required.setChecked(draft.is_required)
        self.notice.setChecked(draft.is_privacy_notice)
        self.offered.setChecked(draft.is_active)
        for field in (self.fields["name"], self.fields["valid_months"]):
            field.problem("")
        answers = self.kinds.answers(row.id) if row else 0
        noun = "answer is" if answers == 1 else "answers are"
        self.used.setText(f"{answers:,} {noun} on file." if answers else "")
        self.usual.setVisible(row is None)

    def begin(self) -> None:
        super().begin()
        self.name_line.setFocus()

    def take_away(self, row: ConsentKindRow) -> None:
        gone = not self.kinds.answers(row.id)
        said = f"{row.name}: removed." if gone else f"{row.name}: no longer in use; answers stay."
        self.save(said, lambda: self.kinds.remove(row.id))

    def move_row(self, row: ConsentKindRow, by: int) -> None:
        self.save(f"{row.name}: moved.", lambda: self.kinds.move(row.id, by))

    # -- inside ---------------------------------------------------------------------------------

    def _save_form(self) -> None:
        row: ConsentKindRow | None = self.row
        months = self.months.text().strip()
        if months and not (months.isascii() and months.isdigit()):
            self.fields["valid_months"].problem("Type a number of months, or nothing.")
            return
        if row is None and not self.name_line.text().strip():
            return
        known = row.draft() if row else ConsentKindDraft()
        draft = replace(
            known,
            name=" ".join(self.name_line.text().split()),
            valid_months=int(months) if months else None,
            is_required=self.required.isChecked(),
            is_privacy_notice=self.notice.isChecked(),
            is_active=self.offered.isChecked(),
        )
        if draft == known:
            return

        def write() -> None:
            self.saved_as(self.kinds.save(draft))

        kept = self.save(f"{draft.name}: {'changed' if row else 'added'}.", write)
        if row is None and kept:
            self.reload()
        elif row is not None and not kept:  # a tick that cannot be goes back
            self.notice.setChecked(known.is_privacy_notice)

    def _add_usual(self) -> None:
        self.save("The usual consents: added.", self.kinds.add_usual)
        rows = self.kinds.all()
        if rows:
            self.pick(rows[0].id)
        self.reload()

    def _amount(self, setting: Setting[int], label: str, hint: str) -> Field:
        """A setting in cents, typed and shown as money."""
        line = QLineEdit()
        line.setMaxLength(10)
        line.setMaximumWidth(self.desk.theme.px(160))
        field = self.fields[setting.name] = Field(label, line, hint=hint)
        line.textEdited.connect(lambda _: field.problem(""))

        def keep() -> None:
            try:
                cents = Money.parse(line.text() or "0").cents
            except Invalid as fault:
                field.problem(" ".join(part for part in (fault.what, fault.remedy) if part))
                return
            if cents != self.practice.get(setting):
                self.save(f"{label}: changed.", lambda: self.practice.put(setting, cents))

        line.editingFinished.connect(keep)
        self._bound.append(lambda: line.setText(str(Money(self.practice.get(setting)))))
        return field


def _months_words(months: int | None) -> str:
    if months is None:
        return "holds for good"
    if months % 12 == 0:
        years = months // 12
        return f"holds {counted(years, 'year')}"
    return f"holds {counted(months, 'month')}"
