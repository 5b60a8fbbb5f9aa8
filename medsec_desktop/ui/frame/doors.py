"""The ways from any screen to any other: what every screen calls as `desk.go`."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from medsec_desktop.problems import Link
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.services.letters.targets import Target
    from medsec_desktop.ui.calendar.tab import CalendarTab
    from medsec_desktop.ui.claims.tab import ClaimsTab
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.letters.tab import LettersTab
    from medsec_desktop.ui.main_window import MainWindow
    from medsec_desktop.ui.patients.tab import PatientsTab


class Doors:
    """Opens any place of the program: a tab brought to the front, or a window of its own.

    What a door opens is imported when somebody goes through it.
    """

    def __init__(self, desk: Desk, window: MainWindow):
        self._desk, self._window = desk, window

    # --- the tabs, brought to the front

    def show_tab(self, name: str) -> None:
        self._window.show_tab(name)

    def patients(self) -> PatientsTab:
        return cast("PatientsTab", self._window.show_tab("patients"))

    def calendar(self) -> CalendarTab:
        """Left as it stands where it is in front already."""
        if self._window.tab_name != "calendar":
            return self._calendar_anew()
        return cast("CalendarTab", self._window.tab)

    def _calendar_anew(self) -> CalendarTab:
        return cast("CalendarTab", self._window.show_tab("calendar"))

    def letters(self) -> LettersTab:
        return cast("LettersTab", self._window.show_tab("letters"))

    def claims(self) -> ClaimsTab:
        return cast("ClaimsTab", self._window.show_tab("claims"))

    # --- patients

    def open_patient(self, patient_id: int, part: str = "") -> None:
        self.patients().open_patient(patient_id, part)

    def edit_patient(
        self,
        patient_id: int | None,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None:
        self.patients().edit_patient(patient_id, state, draft_id)

    def patient_list(self, name: str) -> Any:
        """Bring a list over all patients to the front."""
        return self.patients().show_list(name)

    def merge_patients(self, patient_id: int, other_id: int | None = None) -> None:
        self.patients().merge_patients(patient_id, other_id)

    def take_apart(self, merge_id: int) -> None:
        self.patients().take_apart(merge_id)

    def open_document(self, document_id: int, begin: str = "") -> None:
        """Show a document; `begin` "move" asks at once whose it is."""
        self.patients().open_document(document_id, begin)

    # --- the calendar

    def show_day(self, day: date, appointment_id: int | None = None) -> None:
        self._calendar_anew().show_day(day, appointment_id)

    def ask_for_day(self) -> None:
        """Have a day typed, and show it."""
        office = self._desk.office

        def go(text: str) -> None:
            day = guarded(self._desk, lambda: office.formats.parse_date(text, office.clock.today()))
            if day is not None:
                self.show_day(day)

        self._desk.prompts.ask_text(
            "Go to date",
            "Date",
            go,
            text="A date, or as you would say it: fri, tomorrow, +2w, 3/14.",
            button="Go",
        )

    def book(
        self,
        patient_id: int | None = None,
        starts_at: datetime | None = None,
        provider_id: int | None = None,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None:
        self._calendar_anew().book(patient_id, starts_at, provider_id, state, draft_id)

    def book_referral(self, referral_id: int) -> None:
        referral = guarded(self._desk, lambda: self._desk.office.referrals.one(referral_id))
        if referral is not None:
            self.calendar().book_referral(referral)

    def calendar_place(self, name: str, *, page: bool = False) -> Any:
        """Bring the calendar to the front with a panel beside the grid, or a page in its place."""
        tab = self.calendar()
        return tab.show_page(name) if page else tab.show_panel(name)

    def export_calendar(self) -> None:
        """Ask which visits go into a file for other calendars."""
        from medsec_desktop.ui.calendar.paper.export_sheet import open_export

        open_export(self._desk, self._window)

    # --- letters

    def write_letter(self, appointment_id: int) -> None:
        self.letters().write_letter(appointment_id)

    def write_to(
        self,
        patient_id: int,
        *,
        referral_id: int | None = None,
        records_request_id: int | None = None,
    ) -> None:
        self.letters().write_to(
            patient_id, referral_id=referral_id, records_request_id=records_request_id
        )

    def write_to_many(self, targets: tuple[Target, ...], title: str) -> None:
        self.letters().write_to_many(targets, title)

    def show_letter(self, letter_id: int) -> None:
        self.letters().show_letter(letter_id)

    # --- claims

    def open_charges(self, appointment_id: int) -> None:
        """What a visit is charged, in a window of its own."""
        from medsec_desktop.ui.claims.charges.charge_window import open_charges

        open_charges(self._desk, self._window, appointment_id)

    def show_claim(self, claim_id: int) -> None:
        """Show a claim on the Claims tab."""
        self.claims().show_claim(claim_id)

    # --- the practice, each in a window of its own

    def open_settings(self, page: str = "") -> None:
        from medsec_desktop.ui.practice.settings import open_settings

        open_settings(self._desk, self._window, page)

    def open_import(self) -> None:
        from medsec_desktop.ui.practice.import_view import open_import

        open_import(self._desk, self._window)

    def open_export(self) -> None:
        """What goes out as a file: of the patient in front, where there is one."""
        from medsec_desktop.ui.practice.export_window import open_export_window

        open_export_window(self._desk, self._window, self._window.patient_id)

    def open_audit(self) -> None:
        """The audit trail; of the patient in front, where there is one."""
        from medsec_desktop.ui.practice.audit_window import open_audit

        open_audit(self._desk, self._window, self._window.patient_id)

    def open_directory(self, text: str = "") -> Any:
        """Whom one calls, faxes, refers to and bills."""
        from medsec_desktop.ui.practice.directory_window import open_directory

        return open_directory(self._desk, self._window, text)

    def open_kept_prints(self) -> None:
        """What could not be printed, to be printed again."""
        from medsec_desktop.ui.printing.kept_prints import open_kept_prints

        open_kept_prints(self._desk, self._window)

    # --- whatever a message, a list or the command box points at

    def open_link(self, link: Link) -> None:
        guarded(self._desk, lambda: self._follow(link))

    def _follow(self, link: Link) -> None:
        follow = {
            "patient": lambda key: self.open_patient(int(key)),
            "appointment": self._follow_visit,
            "day": lambda key: self.show_day(date.fromisoformat(key)),
            "block": self._follow_block,
            "slot": self._follow_slot,
            "charges": lambda key: self.open_charges(int(key)),
            "letter": lambda key: self.show_letter(int(key)),
            "document": lambda key: self.open_document(int(key)),
            "claim": lambda key: self.show_claim(int(key)),
            "claims": lambda key: self.claims().show_list(key),
            "list": lambda key: self._desk.actions.trigger(f"list.{key}"),
            "contact": self.open_directory,
            "settings": self.open_settings,
            "provider": lambda _: self.open_settings("providers"),
            "tab": self.show_tab,
        }.get(link.kind)
        if follow is None:
            self._desk.messages.not_now(f"“{link.text}” has no page of its own.")
        else:
            follow(link.key)

    def _follow_visit(self, key: str) -> None:
        visit = self._desk.office.calendar.appointment(int(key))
        self.show_day(visit.row.starts_at.date(), int(key))

    def _follow_block(self, key: str) -> None:
        """A block-out in the way: its number and the day it stands on, as the rules wrote them."""
        block_id, written = key.split("|", 1)
        day = date.fromisoformat(written)
        self.show_day(day)
        self.calendar_place("block").edit(int(block_id), day)

    def _follow_slot(self, key: str) -> None:
        """A legal time offered by a refusal: provider and start, as the calendar wrote them."""
        provider_id, starts_at = key.split("|", 1)
        self.book(starts_at=datetime.fromisoformat(starts_at), provider_id=int(provider_id))
