"""The paper of an absence: the call list, letters and labels for those chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medsec_desktop.services.calendar.absences import AbsenceRow, AwayVisit, Slot
from medsec_desktop.services.calendar.sheets import KINDS, Sheet, Subject
from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.printing.print_job import offer_to_print, print_away
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk


class AwayPaper:
    """Makes the paper and asks where it goes."""

    def __init__(self, desk: Desk, over: QWidget):
        self._desk = desk
        self._over = over

    def call_list(
        self,
        absence: AbsenceRow,
        proposals: Mapping[int, Slot | None],
        visits: Sequence[AwayVisit],
    ) -> None:
        """The list to telephone from: those given, or everybody affected."""
        office = self._desk.office
        ids = [visit.id for visit in visits]
        title = f"Calls: {absence.away.provider_name} away"
        self._desk.jobs.run(
            "Make the call list",
            lambda _: office.absences.call_list(absence.id, proposals, ids),
            lambda pdf: self._give(Sheet(pdf, title, "list")),
        )

    def labels(self, visits: Sequence[AwayVisit]) -> None:
        """An address label for each patient, on the labels last used here."""
        if not visits:
            self._desk.messages.not_now("Select the patients whose labels you want first.")
            return
        office = self._desk.office
        people = tuple(dict.fromkeys(visit.was.patient_id for visit in visits))
        subject = Subject(office.clock.today(), patient_ids=people)
        self._desk.jobs.run(
            "Make the labels",
            lambda _: office.sheets.make(office.sheets.setup("label"), subject),
            self._give,
        )

    def letters(self, visits: Sequence[AwayVisit]) -> None:
        """A letter to each patient whose visit was moved or cancelled, filed; then print or not."""
        wanted = [visit.letter for visit in visits if visit.letter is not None]
        if not wanted:
            self._desk.messages.not_now(
                "Letters say what a visit was moved to, or that it is cancelled: settle it first."
            )
            return
        letters = self._desk.office.letters

        def work(progress: Any) -> Any:
            drafts = []
            for done, (about, template) in enumerate(wanted):
                progress.report(done, len(wanted))
                drafts.append(letters.compose(about, template))
            return letters.file_many(drafts, progress)

        def done(rows: Any) -> None:
            ids = [row.id for row in rows]
            said = "1 letter is filed." if len(ids) == 1 else f"{len(ids)} letters are filed."
            self._desk.messages.say(said, undo=True, offers=[offer_to_print(self._desk, ids)])

        self._desk.jobs.run("Writing letters", work, done)

    def _give(self, sheet: Sheet) -> None:
        """Ask whether it goes to the printer or into a file."""
        sheets, desk = self._desk.office.sheets, self._desk
        text = " ".join(sheet.warnings)

        def save(path: str) -> None:
            def do() -> bool:
                sheets.save(sheet, Path(path))
                return True

            if guarded(desk, do):
                desk.messages.say(f"Saved: {Path(path).name}.")

        def give(way: Way) -> None:
            print_away(desk, sheet.title, lambda: sheets.print(sheet, way))

        def answered(answer: str) -> None:
            if answer == "Print":
                choose_printer(
                    desk,
                    sheets.printing,
                    KINDS[sheet.kind][1],
                    give,
                    self._over.window(),
                    "these sheets",
                    pages=lambda: sheet.pdf,
                )
            elif answer == "Save as PDF…":
                name = f"{sheet.title.replace(':', '')}.pdf"
                desk.prompts.save_file("Save as PDF", save, name=name, pattern="PDF (*.pdf)")

        desk.prompts.ask(sheet.title, text, ["Print", "Save as PDF…", "Not now"], answered)
