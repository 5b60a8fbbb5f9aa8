"""What may be done about letters from anywhere: write one, dictate one, see those on their way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medsec_desktop.services.patients.records import PatientHit
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.main_window import MainWindow


class LetterVerbs:
    """Binds them for the whole window: about whoever is in front, else about whom one picks."""

    def __init__(self, desk: Desk, window: MainWindow):
        self._desk, self._window = desk, window
        bind = desk.actions.bind
        bind("letter.write", lambda: self._about(lambda one, _: desk.go.write_to(one)))
        bind("letter.dictate", lambda: self._about(self._dictate))
        bind("letter.batch", self._write_to_many)
        bind("letter.leaflets", self._show_leaflets)
        bind("letter.fax", lambda: self._about(self._fax))
        bind("list.faxes", self._show_faxes)
        bind("list.letter_line", lambda: self._letters().show_board())

    def _letters(self) -> Any:
        self._window.show_tab("letters")
        return self._window.tab_named("letters")

    def _write_to_many(self) -> None:
        """To everybody the list in front shows, where there is one; else by form."""
        from medsec_desktop.ui.printing.whom import groups_in_front

        tab = self._window.tab
        letters = self._window.tab_named("letters")
        groups = groups_in_front(self._desk, tab) if tab is not None and tab is not letters else ()
        several = next((group for group in groups if len(group.ids) > 1), None)
        targets = several.targets if several is not None else ()
        self._letters().write_to_many(targets, several.name if several is not None else "")

    def _dictate(self, patient_id: int, name: str) -> None:
        from medsec_desktop.ui.letters.dictation_sheet import DictationSheet

        sheet = DictationSheet(self._desk, patient_id, name, self._window)
        sheet.dictated.connect(lambda number: self._dictated(number, name))
        sheet.open()

    def _fax(self, patient_id: int, name: str) -> None:
        """The letter shown in the archive, or papers of the file in front."""
        from medsec_desktop.ui.letters.fax_sheet import FaxSheet

        tab: Any = self._window.tab
        letter = getattr(tab, "letter_at_hand", None)
        sheet = FaxSheet(self._desk, patient_id, name, self._window, letter)
        sheet.made.connect(
            lambda row: self._desk.messages.say(
                f"The fax to {row.recipient} is put together.",
                undo=True,
                offers=[("Faxes", self._show_faxes)],
            )
        )
        sheet.open()

    def _show_faxes(self) -> None:
        from medsec_desktop.ui.letters.fax_log import FaxLog

        FaxLog(self._desk, self._window).open()

    def _show_leaflets(self) -> None:
        from medsec_desktop.ui.letters.leaflets_sheet import LeafletsSheet

        LeafletsSheet(self._desk, self._window).open()

    def _dictated(self, number: int, name: str) -> None:
        self._desk.messages.say(
            f"The letter about {name} is on the line.",
            undo=True,
            offers=[("Show it", lambda: self._letters().show_board(number))],
        )

    def _about(self, then: Callable[[int, str], object]) -> None:
        tab = self._window.tab
        patient_id = tab.patient_at_hand if tab is not None else None
        if patient_id is not None:
            (hit,) = self._desk.office.patients.hits((patient_id,))
            then(patient_id, hit.name.spoken)
            return
        from medsec_desktop.ui.letters.pick_sheet import PickSheet

        PickSheet(
            self._desk,
            "About whom?",
            "Name, birth date, phone or chart number",
            self._people,
            lambda hit: then(hit.id, hit.name.spoken),
            self._window,
        ).open()

    def _people(self, text: str) -> list[Any]:
        from medsec_desktop.ui.widgets import ListRow

        patients, formats = self._desk.office.patients, self._desk.office.formats
        found: tuple[PatientHit, ...] = (
            patients.find(text, 30) if text.strip() else patients.recent()
        )
        return [
            ListRow(
                hit,
                hit.name.listed,
                " · ".join(part for part in (formats.birth(hit.birth), hit.chart_number) if part),
                icon="user",
            )
            for hit in found
        ]
