"""What every screen is handed: the office's services, and the window's own helpers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from medsec_desktop.problems import Link
from medsec_desktop.ui.action_map import ActionMap
from medsec_desktop.ui.bus import Bus
from medsec_desktop.ui.draft_keeper import DraftKeeper
from medsec_desktop.ui.jobs import Jobs
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.report import Messages
from medsec_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from medsec_desktop.services.letters.targets import Target
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.printing import Spooler


class Navigator(Protocol):
    """How one screen sends the secretary to another, from anywhere."""

    def show_tab(self, name: str) -> None: ...

    def open_patient(self, patient_id: int, part: str = "") -> None: ...

    def edit_patient(
        self,
        patient_id: int | None,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None: ...

    def merge_patients(self, patient_id: int, other_id: int | None = None) -> None: ...

    def take_apart(self, merge_id: int) -> None: ...

    def show_day(self, day: date, appointment_id: int | None = None) -> None: ...

    def ask_for_day(self) -> None: ...

    def book(
        self,
        patient_id: int | None = None,
        starts_at: datetime | None = None,
        provider_id: int | None = None,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None: ...

    def book_referral(self, referral_id: int) -> None: ...

    def calendar_place(self, name: str, *, page: bool = False) -> Any: ...

    def write_letter(self, appointment_id: int) -> None: ...

    def write_to(
        self,
        patient_id: int,
        *,
        referral_id: int | None = None,
        records_request_id: int | None = None,
    ) -> None: ...

    def write_to_many(self, targets: tuple[Target, ...], title: str) -> None: ...

    def show_letter(self, letter_id: int) -> None: ...

    def open_document(self, document_id: int, begin: str = "") -> None: ...

    def open_charges(self, appointment_id: int) -> None: ...

    def show_claim(self, claim_id: int) -> None: ...

    def open_settings(self, page: str = "") -> None: ...

    def open_import(self) -> None: ...

    def open_link(self, link: Link) -> None: ...


@dataclass
class Desk:
    """One person's desk: who uses it reads what it needs and nothing is looked up globally."""

    office: Office
    bus: Bus
    jobs: Jobs
    prompts: Prompts
    messages: Messages
    drafts: DraftKeeper
    go: Navigator
    theme: Theme
    actions: ActionMap


class _NoWindowYet:
    """Stands in for the navigator until the window takes its place."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"{name} was asked for before there was a window.")


def _spooler(office: Office) -> Spooler:
    """The window's own way to paper, imported when somebody prints."""
    from medsec_desktop.ui.letters.spooler import QtSpooler

    # A document may be a foreign one: its pages are drawn in the reading process, one after the other.
    return QtSpooler(lambda pdf, dpi: office.documents.reader.drawn(pdf, dpi))


def make_desk(
    office: Office, theme: Theme, *, jobs: Jobs | None = None, prompts: Prompts | None = None
) -> Desk:
    """A desk over an open practice; `MainWindow(desk, …)` then brings its navigator."""
    bus = Bus(office.session)
    office.window_spooler = lambda: _spooler(office)
    messages = Messages(lambda: bus.last_operation_id)
    return Desk(
        office=office,
        bus=bus,
        jobs=jobs or Jobs(office.session.db.connection),
        prompts=prompts or Prompts(),
        messages=messages,
        drafts=DraftKeeper(office.drafts, messages),
        go=_NoWindowYet(),
        theme=theme,
        actions=ActionMap(messages, office.session.may),
    )
