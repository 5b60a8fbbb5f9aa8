"""Settings: the public code lists, which of them is in force, and where they came from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.practice.table_sheet import tell_taken
from medsec_desktop.ui.widgets import PlainButton, Section, Text

if TYPE_CHECKING:
    from medsec_desktop.services.claims.code_lists import HcpcsPlan


class CodesPage(SettingsPage):
    """ICD-10-CM comes with the program; HCPCS is taken in from CMS's file."""

    id = "codes"
    name = "Public codes"
    icon = "book-open"
    words = "Diagnoses and supplies as the government lists them. Nobody needs a license for these."
    finds = "icd-10-cm icd diagnosis hcpcs level ii cms import release quarter modifiers drugs"
    tables = ("code_list", "listed_code")

    def build(self) -> None:
        self.icd = Text("", wrap=True)
        self.hcpcs = Text("", wrap=True)
        self.take_in = PlainButton("Take in CMS’s file…", self._take_in)
        diagnoses = Section("Diagnoses: ICD-10-CM")
        diagnoses.body.addWidget(self.icd)
        supplies = Section(
            "Supplies, drugs and services: HCPCS Level II",
            "CMS publishes the list each quarter. Unpack its archive and choose the text file named "
            "HCPC…ANWEB.txt; dental codes in it are left out.",
        )
        row = QHBoxLayout()
        row.addWidget(self.take_in)
        row.addStretch(1)
        supplies.body.addWidget(self.hcpcs)
        supplies.body.addLayout(row)
        self.inside.addWidget(diagnoses)
        self.inside.addWidget(supplies)
        self.inside.setAlignment(Qt.AlignmentFlag.AlignTop)
        # The list of diagnoses is large: it is read away from the screen.
        self.desk.jobs.quietly(lambda _: _icd_words(self.desk.office.formats), self.icd.setText)

    def reload(self) -> None:
        super().reload()
        row = self.desk.office.code_lists.release()
        if row is None:
            self.hcpcs.setText("None was taken in yet. Codes can be typed all the same.")
            return
        formats = self.desk.office.formats
        taken = datetime.fromisoformat(row.taken_in_at)
        newest = (
            f", the newest in force {formats.date(row.valid_from_on)}" if row.valid_from_on else ""
        )
        note = f" {row.note}." if row.note else ""
        self.hcpcs.setText(
            f"{row.codes:,} codes and modifiers from “{row.file_name}”{newest}. Taken in on "
            f"{formats.date(taken.date())} by {row.taken_in_by}.{note}"
        )

    def _take_in(self) -> None:
        desk = self.desk

        def chosen(path: str) -> None:
            lists = desk.office.code_lists
            desk.jobs.run("Reading HCPCS", lambda _: lists.look(Path(path)), self._looked)

        desk.prompts.choose_file(
            "Take in HCPCS", chosen, pattern="CMS’s list (*.txt);;All files (*)"
        )

    def _looked(self, plan: HcpcsPlan) -> None:
        desk = self.desk
        ended = f", of which {plan.ended:,} have ended" if plan.ended else ""
        newest = plan.newest_on
        since = (
            f" The newest came into force on {desk.office.formats.date(newest)}." if newest else ""
        )

        def answered(button: str) -> None:
            if button == "Take in":
                desk.jobs.run(
                    "Taking in HCPCS",
                    lambda progress: desk.office.code_lists.take_in(plan, progress),
                    lambda taken: tell_taken(desk, taken, plan.path),
                )

        desk.prompts.ask(
            "Take in this list?",
            f"“{plan.path.name}” holds {plan.codes:,} codes{ended}, and {plan.modifiers:,} "
            f"modifiers.{since} It takes the place of the list in use.",
            ["Take in", "Cancel"],
            answered,
        )


def _icd_words(formats: object) -> str:
    from medsec_desktop.services.claims.diagnoses import diagnoses

    release, book = diagnoses().release, diagnoses().book
    return (
        f"{release.name}, for services from {formats.date(release.from_on)} to "  # type: ignore[attr-defined]
        f"{formats.date(release.to_on)}: {len(book):,} codes and headings. {release.source}"  # type: ignore[attr-defined]
    )
