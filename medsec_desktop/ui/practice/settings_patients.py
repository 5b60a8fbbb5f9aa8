"""Settings: how files are numbered, and what is asked of every patient."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit

from medsec_desktop.domain.required import REQUIRABLE, read_required
from medsec_desktop.services.practice import settings
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.widgets import Field, Section

_COLUMNS = 3


class PatientFilesPage(SettingsPage):
    """Chart numbers and required fields."""

    id = "patients"
    name = "Patient files"
    icon = "id-card"
    words = "How files are numbered, and what must not be missing from one."
    finds = "chart number mask required mandatory fields asked register demographics"

    def build(self) -> None:
        theme = self.desk.theme
        self.mask = QLineEdit()
        self.mask.setMaximumWidth(theme.px(240))
        self.mask.editingFinished.connect(self._keep_mask)
        self.mask.textEdited.connect(lambda _: self.fields[settings.CHART_MASK.name].problem(""))
        self.fields[settings.CHART_MASK.name] = Field(
            settings.CHART_MASK.label, self.mask, hint=settings.CHART_MASK.meaning
        )
        self.inside.addWidget(self.fields[settings.CHART_MASK.name])
        asked = Section(
            "Asked of every patient",
            "Marked with a star, and asked for when a file is saved. A caller booked in a hurry"
            " may lack some of it: the file then says what.",
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        self.ticks: dict[str, QCheckBox] = {}
        for place, each in enumerate(REQUIRABLE):
            tick = QCheckBox(each.label)
            tick.setAccessibleName(f"Ask every patient for: {each.label}")
            tick.clicked.connect(lambda _, label=each.label: self._keep_asked(label))
            self.ticks[each.name] = tick
            grid.addWidget(tick, place // _COLUMNS, place % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        asked.body.addLayout(grid)
        self.inside.addWidget(asked)

    def reload(self) -> None:
        super().reload()
        field = self.fields[settings.CHART_MASK.name]
        if not field.has_problem:
            self.mask.setText(self.practice.get(settings.CHART_MASK))
            number = self.desk.office.patients.next_chart_number()
            field.hint(f"{settings.CHART_MASK.meaning} The next file gets {number}.")
        required = read_required(self.practice.get(settings.REQUIRED_FIELDS))
        for name, tick in self.ticks.items():
            tick.setChecked(name in required)

    def _keep_mask(self) -> None:
        mask = self.mask.text().strip()
        if mask != self.practice.get(settings.CHART_MASK):
            self.save(
                f"{settings.CHART_MASK.label}: changed.",
                lambda: self.desk.office.patients.choose_chart_mask(mask),
            )

    def _keep_asked(self, label: str) -> None:
        names = " ".join(name for name, tick in self.ticks.items() if tick.isChecked())
        self.save(f"{label}: changed.", lambda: self.practice.put(settings.REQUIRED_FIELDS, names))
