"""The open practice, as each screen is handed it: who is working, and all the verbs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from medsec_desktop.domain.clock import Clock
from medsec_desktop.services.session import Changes, Session
from medsec_desktop.store.database import close_practice
from medsec_desktop.store.lock import PracticeLock

if TYPE_CHECKING:
    from medsec_desktop.domain.formats import Formats
    from medsec_desktop.services.audit import Audit
    from medsec_desktop.services.backups import Backups
    from medsec_desktop.services.calendar import Calendar
    from medsec_desktop.services.calendar.absences import Absences
    from medsec_desktop.services.calendar.confirmations import Confirmations
    from medsec_desktop.services.calendar.feeds import CalendarFeeds
    from medsec_desktop.services.calendar.finding import Finder
    from medsec_desktop.services.calendar.hours import Hours
    from medsec_desktop.services.calendar.newcomers import Newcomers
    from medsec_desktop.services.calendar.notes import GridNotes
    from medsec_desktop.services.calendar.recalls import Recalls
    from medsec_desktop.services.calendar.series import SeriesBook
    from medsec_desktop.services.calendar.sheets import Sheets
    from medsec_desktop.services.calendar.views import Views
    from medsec_desktop.services.calendar.waiting import WaitingList
    from medsec_desktop.services.claims.charges import Charges
    from medsec_desktop.services.claims.claims import Claims
    from medsec_desktop.services.claims.code_lists import CodeLists
    from medsec_desktop.services.claims.code_search import CodeSearch
    from medsec_desktop.services.claims.favourites import Favourites
    from medsec_desktop.services.claims.fees import FeeSchedules
    from medsec_desktop.services.claims.files import ClaimFiles
    from medsec_desktop.services.claims.forms import ClaimForms
    from medsec_desktop.services.claims.lists import ClaimLists
    from medsec_desktop.services.claims.procedures import Procedures
    from medsec_desktop.services.claims.settings import ClaimSettings
    from medsec_desktop.services.claims.superbills import Superbills
    from medsec_desktop.services.directory import Directory
    from medsec_desktop.services.documents.documents import Documents
    from medsec_desktop.services.documents.printed_forms import PrintedForms
    from medsec_desktop.services.documents.scan_folder import ScanFolder
    from medsec_desktop.services.documents.sorting import Sorting
    from medsec_desktop.services.drafts import Drafts
    from medsec_desktop.services.exports import Exports
    from medsec_desktop.services.find import Find
    from medsec_desktop.services.imports import Imports
    from medsec_desktop.services.letters import Letters
    from medsec_desktop.services.letters.batch import Batches
    from medsec_desktop.services.letters.faxing import Faxes
    from medsec_desktop.services.letters.leaflets import Leaflets
    from medsec_desktop.services.letters.line import LetterLine
    from medsec_desktop.services.letters.pictures import LetterPictures
    from medsec_desktop.services.letters.post import Post
    from medsec_desktop.services.letters.recipients import Recipients
    from medsec_desktop.services.letters.targets import Targets
    from medsec_desktop.services.letters.trials import Trials
    from medsec_desktop.services.patients import Patients
    from medsec_desktop.services.patients.authorizations import Authorizations
    from medsec_desktop.services.patients.card_scans import CardScans
    from medsec_desktop.services.patients.consents import Consents
    from medsec_desktop.services.patients.copying import CopyFormats
    from medsec_desktop.services.patients.coverages import Coverages
    from medsec_desktop.services.patients.custom_fields import CustomFields
    from medsec_desktop.services.patients.disclosures import Disclosures
    from medsec_desktop.services.patients.duplicates import Duplicates
    from medsec_desktop.services.patients.face_sheets import FaceSheets
    from medsec_desktop.services.patients.history import FileHistories
    from medsec_desktop.services.patients.merging import Merging
    from medsec_desktop.services.patients.open_matters import OpenMatters
    from medsec_desktop.services.patients.photos import Photos
    from medsec_desktop.services.patients.readiness import ReadinessBook
    from medsec_desktop.services.patients.records_requests import RecordsRequests
    from medsec_desktop.services.patients.referrals import Referrals
    from medsec_desktop.services.patients.timeline import Timeline
    from medsec_desktop.services.patients.unmerging import Unmerging
    from medsec_desktop.services.patients.verifications import Verifications
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.practice.quick_texts import QuickTexts
    from medsec_desktop.services.printing import Printing, Spooler
    from medsec_desktop.services.stocks import Stocks
    from medsec_desktop.services.today import Board
    from medsec_desktop.services.users import Users


class Office:
    """One open practice. Each part is made, and imported, when it is first asked for."""

    def __init__(self, session: Session, lock: PracticeLock | None = None):
        self.session = session
        self._lock = lock
        self.window_spooler: Callable[[], Spooler] | None = None  # the way to paper without CUPS
        session.guard(self._bring_calendar_rules)
        session.guard(self._refuse_additions_to_merged)

    @property
    def clock(self) -> Clock:
        return self.session.clock

    @property
    def formats(self) -> Formats:
        """How this practice writes dates, times and phone numbers."""
        return self.practice.formats

    @cached_property
    def practice(self) -> Practice:
        from medsec_desktop.services.practice import Practice

        return Practice(self.session)

    @cached_property
    def users(self) -> Users:
        from medsec_desktop.services.users import Users

        return Users(self.session)

    @cached_property
    def patients(self) -> Patients:
        from medsec_desktop.services.patients import Patients

        return Patients(self.session, self.practice)

    @cached_property
    def duplicates(self) -> Duplicates:
        from medsec_desktop.services.patients.duplicates import Duplicates

        return Duplicates(self.session, self.practice)

    @cached_property
    def photos(self) -> Photos:
        from medsec_desktop.services.patients.photos import Photos

        return Photos(self.session)

    @cached_property
    def letter_pictures(self) -> LetterPictures:
        from medsec_desktop.services.letters.pictures import LetterPictures

        return LetterPictures(self.session)

    @cached_property
    def letter_trials(self) -> Trials:
        from medsec_desktop.services.letters.trials import Trials

        return Trials(self.session, self.practice, self.letters.preview)

    @cached_property
    def file_histories(self) -> FileHistories:
        from medsec_desktop.services.patients.history import FileHistories

        return FileHistories(self.session, self.practice)

    @cached_property
    def custom_fields(self) -> CustomFields:
        from medsec_desktop.services.patients.custom_fields import CustomFields

        return CustomFields(self.session)

    @cached_property
    def open_matters(self) -> OpenMatters:
        from medsec_desktop.services.patients.open_matters import OpenMatters

        return OpenMatters(self.session)

    @cached_property
    def copy_formats(self) -> CopyFormats:
        from medsec_desktop.services.patients.copying import CopyFormats

        return CopyFormats(self.session, self.practice, self.patients)

    @cached_property
    def quick_texts(self) -> QuickTexts:
        from medsec_desktop.services.practice.quick_texts import QuickTexts

        return QuickTexts(self.session)

    @cached_property
    def merging(self) -> Merging:
        from medsec_desktop.services.patients.merging import Merging

        return Merging(self.session, self.practice)

    @cached_property
    def unmerging(self) -> Unmerging:
        from medsec_desktop.services.patients.unmerging import Unmerging

        return Unmerging(self.session, self.practice)

    @cached_property
    def authorizations(self) -> Authorizations:
        from medsec_desktop.services.patients.authorizations import Authorizations

        return Authorizations(self.session)

    @cached_property
    def coverages(self) -> Coverages:
        from medsec_desktop.services.patients.coverages import Coverages

        return Coverages(self.session, self.practice)

    @cached_property
    def cards(self) -> CardScans:
        """The cards of coverages, front and back."""
        from medsec_desktop.services.patients.card_scans import CardScans

        return CardScans(self.session, lambda: self.documents)

    @cached_property
    def verifications(self) -> Verifications:
        from medsec_desktop.services.patients.verifications import Verifications

        return Verifications(self.session, self.practice, lambda: self.confirmations)

    @cached_property
    def readiness(self) -> ReadinessBook:
        """Whether insurance is ready for a visit."""
        from medsec_desktop.services.patients.readiness import ReadinessBook

        return ReadinessBook(self.session, self.practice)

    @cached_property
    def referrals(self) -> Referrals:
        from medsec_desktop.services.patients.referrals import Referrals

        return Referrals(self.session, self.practice)

    @cached_property
    def consents(self) -> Consents:
        from medsec_desktop.services.patients.consents import Consents

        return Consents(self.session)

    @cached_property
    def records_requests(self) -> RecordsRequests:
        from medsec_desktop.services.patients.records_requests import RecordsRequests

        return RecordsRequests(self)

    @cached_property
    def disclosures(self) -> Disclosures:
        from medsec_desktop.services.patients.disclosures import Disclosures

        return Disclosures(self.session, self.practice, lambda: self.printing)

    @cached_property
    def calendar(self) -> Calendar:
        from medsec_desktop.services.calendar import Calendar

        calendar = Calendar(self.session, self.practice)
        # A recall falls away with the visit that answers it, and comes back with its slot.
        calendar.after_booking.append(lambda visit_id, draft: self.recalls.booked(visit_id, draft))
        calendar.after_freed.append(lambda visit_id: self.recalls.freed(visit_id))
        # So does a referral get its visit, and lose it.
        calendar.after_booking.append(
            lambda visit_id, draft: self.referrals.booked(visit_id, draft)
        )
        calendar.after_freed.append(lambda visit_id: self.referrals.freed(visit_id))
        return calendar

    @cached_property
    def newcomers(self) -> Newcomers:
        from medsec_desktop.services.calendar.newcomers import Newcomers

        return Newcomers(self.session, self.patients, self.calendar)

    @cached_property
    def hours(self) -> Hours:
        from medsec_desktop.services.calendar.hours import Hours

        return Hours(self.session, self.practice)

    @cached_property
    def views(self) -> Views:
        from medsec_desktop.services.calendar.views import Views

        return Views(self.session, self.practice)

    @cached_property
    def notes(self) -> GridNotes:
        from medsec_desktop.services.calendar.notes import GridNotes

        return GridNotes(self.session, self.practice)

    @cached_property
    def series(self) -> SeriesBook:
        from medsec_desktop.services.calendar.series import SeriesBook

        return SeriesBook(self.session, self.practice, self.calendar)

    @cached_property
    def finder(self) -> Finder:
        from medsec_desktop.services.calendar.finding import Finder

        return Finder(self.session, self.practice, self.calendar)

    @cached_property
    def waiting(self) -> WaitingList:
        from medsec_desktop.services.calendar.waiting import WaitingList

        return WaitingList(self.session, self.practice, self.calendar)

    @cached_property
    def recalls(self) -> Recalls:
        from medsec_desktop.services.calendar.recalls import Recalls

        return Recalls(self.session, self.practice)

    @cached_property
    def absences(self) -> Absences:
        from medsec_desktop.services.calendar.absences import Absences

        return Absences(self.session, self.practice, self.calendar, self.finder)

    @cached_property
    def confirmations(self) -> Confirmations:
        from medsec_desktop.services.calendar.confirmations import Confirmations

        return Confirmations(self.session, self.practice, self.calendar)

    @cached_property
    def sheets(self) -> Sheets:
        from medsec_desktop.services.calendar.sheets import Sheets

        return Sheets(self.session, self.practice, self.printing)

    @cached_property
    def feeds(self) -> CalendarFeeds:
        from medsec_desktop.services.calendar.feeds import CalendarFeeds

        return CalendarFeeds(self.session, self.practice)

    @cached_property
    def board(self) -> Board:
        from medsec_desktop.services.today import Board

        return Board(self)

    @cached_property
    def printing(self) -> Printing:
        """The printers, one way to them for everybody who prints."""
        from medsec_desktop.services.printing import Printing

        printing = Printing(self.session)
        if self.window_spooler is not None:
            printing.offer(self.window_spooler())
        printing.own("letter", lambda: self.letters)
        printing.own("recall-label", lambda: self.recalls)
        printing.own("form", lambda: self.printed_forms)
        printing.own("claim-stack", lambda: self.claim_forms)
        return printing

    @cached_property
    def stocks(self) -> Stocks:
        """The sheets, rolls and envelopes one prints on."""
        from medsec_desktop.services.stocks import Stocks

        return Stocks(self.session, self.practice)

    @cached_property
    def post(self) -> Post:
        """Labels and envelopes."""
        from medsec_desktop.services.letters.post import Post

        return Post(
            self.session,
            self.practice,
            self.patients,
            self.stocks,
            self.printing,
            lambda: self.sheets,
        )

    @cached_property
    def letters(self) -> Letters:
        from medsec_desktop.services.letters import Letters

        return Letters(self.session, self.practice, self.printing)

    @cached_property
    def letter_line(self) -> LetterLine:
        """Letters on their way, from the dictation to the post."""
        from medsec_desktop.services.letters.line import LetterLine

        return LetterLine(self.session, self.letters)

    @cached_property
    def batches(self) -> Batches:
        """One letter to many."""
        from medsec_desktop.services.letters.batch import Batches

        return Batches(self.session, self.practice, self.letters)

    @cached_property
    def leaflets(self) -> Leaflets:
        """Papers of the practice that go with letters."""
        from medsec_desktop.services.letters.leaflets import Leaflets

        return Leaflets(self.session, self.documents.intake)

    @cached_property
    def faxes(self) -> Faxes:
        """Faxes sent by hand."""
        from medsec_desktop.services.letters.faxing import Faxes

        return Faxes(self)

    @cached_property
    def targets(self) -> Targets:
        """Whom a letter to many goes to."""
        from medsec_desktop.services.letters.targets import Targets

        return Targets(self.session)

    @cached_property
    def recipients(self) -> Recipients:
        """To whom letters may go."""
        from medsec_desktop.services.letters.recipients import Recipients

        return Recipients(self.session, self.practice, self.directory)

    @cached_property
    def documents(self) -> Documents:
        from medsec_desktop.services.documents.documents import Documents

        return Documents(self.session, self.printing)

    @cached_property
    def sorting(self) -> Sorting:
        from medsec_desktop.services.documents.sorting import Sorting

        return Sorting(self.session, self.documents)

    @cached_property
    def scan_folder(self) -> ScanFolder:
        from medsec_desktop.services.documents.scan_folder import ScanFolder

        return ScanFolder(self.session, self.practice, self.sorting)

    @cached_property
    def printed_forms(self) -> PrintedForms:
        from medsec_desktop.services.documents.printed_forms import PrintedForms

        return PrintedForms(self.session, self.practice, self.documents, self.printing)

    @cached_property
    def claims(self) -> Claims:
        from medsec_desktop.services.claims.claims import Claims

        return Claims(self.session, self.practice)

    @cached_property
    def claim_lists(self) -> ClaimLists:
        """What is to be done about which claims."""
        from medsec_desktop.services.claims.lists import ClaimLists

        return ClaimLists(self.session, self.practice, lambda: self.patients)

    @cached_property
    def claim_files(self) -> ClaimFiles:
        """Claims in files."""
        from medsec_desktop.services.claims.files import ClaimFiles

        return ClaimFiles(self.session, self.practice, self.claims)

    @cached_property
    def claim_forms(self) -> ClaimForms:
        """Claims on paper."""
        from medsec_desktop.services.claims.forms import ClaimForms

        return ClaimForms(self.session, self.practice, self.claims, self.printing)

    @cached_property
    def claim_settings(self) -> ClaimSettings:
        """What payers want of claims, clearing houses, and the numbers one is known by."""
        from medsec_desktop.services.claims.settings import ClaimSettings

        return ClaimSettings(self.session, self.practice)

    @cached_property
    def drafts(self) -> Drafts:
        from medsec_desktop.services.drafts import Drafts

        return Drafts(self.session)

    @cached_property
    def imports(self) -> Imports:
        from medsec_desktop.services.imports import Imports

        return Imports(self.session, self.practice, calendar=lambda: self.calendar)

    @cached_property
    def directory(self) -> Directory:
        from medsec_desktop.services.directory import Directory

        return Directory(self.session, self.practice)

    @cached_property
    def exports(self) -> Exports:
        from medsec_desktop.services.exports import Exports

        return Exports(self)

    @cached_property
    def procedures(self) -> Procedures:
        """What the practice does and how it codes it."""
        from medsec_desktop.services.claims.procedures import Procedures

        return Procedures(self.session)

    @cached_property
    def code_lists(self) -> CodeLists:
        """Public code lists that were taken in."""
        from medsec_desktop.services.claims.code_lists import CodeLists

        return CodeLists(self.session)

    @cached_property
    def favourites(self) -> Favourites:
        """What each provider codes often."""
        from medsec_desktop.services.claims.favourites import Favourites

        return Favourites(self.session)

    @cached_property
    def code_search(self) -> CodeSearch:
        from medsec_desktop.services.claims.code_search import CodeSearch

        return CodeSearch(self.session, self.procedures, self.favourites)

    @cached_property
    def fees(self) -> FeeSchedules:
        from medsec_desktop.services.claims.fees import FeeSchedules

        return FeeSchedules(self.session, self.procedures)

    @cached_property
    def charges(self) -> Charges:
        """What visits are charged."""
        from medsec_desktop.services.claims.charges import Charges

        return Charges(self.session, self.practice, self.procedures, self.fees)

    @cached_property
    def superbills(self) -> Superbills:
        """What a provider ticks on paper."""
        from medsec_desktop.services.claims.superbills import Superbills

        return Superbills(self)

    @cached_property
    def timeline(self) -> Timeline:
        from medsec_desktop.services.patients.timeline import Timeline

        return Timeline(self.session, self.practice)

    @cached_property
    def face_sheets(self) -> FaceSheets:
        from medsec_desktop.services.patients.face_sheets import FaceSheets

        return FaceSheets(self.session, self.practice, self.patients, self.printing)

    @cached_property
    def audit(self) -> Audit:
        from medsec_desktop.services.audit import Audit

        return Audit(self.session, self.practice, self.printing, self.backups)

    @cached_property
    def backups(self) -> Backups:
        from medsec_desktop.services.backups import Backups

        return Backups(self.session, self.practice)

    def _bring_calendar_rules(self, changes: Changes) -> None:
        """Have the calendar's guard asked about a visit also where nobody opened a calendar yet."""
        if changes.touches("appointment"):
            _ = self.calendar  # registers its guard, which is asked after this one

    def _refuse_additions_to_merged(self, changes: Changes) -> None:
        from medsec_desktop.services.patients.merged import refuse_additions

        refuse_additions(self.session.db, changes)

    @cached_property
    def find(self) -> Find:
        from medsec_desktop.services.find import Find

        return Find(self)

    def close(self) -> None:
        """Close the practice in good order and give its lock back."""
        try:
            close_practice(self.session.db)
        finally:
            if self._lock is not None:
                self._lock.release()
