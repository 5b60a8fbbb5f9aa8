"""Everything the program can be told to do, as data: menus, keys, palette and cheat-sheet in one list.

A screen binds what an action does there with `ActionMap.bind`. A key pressed where its action
cannot run says why in the message bar instead of doing nothing.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMenuBar, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.ui.report import Messages
from medsec_desktop.ui.theme import Theme

MENUS = (
    "File", "Edit", "Go", "Visit", "Letter", "Write", "Document", "Claim", "Lists", "View", "Help",
)  # fmt: skip


# The styles of a paragraph on the sheet of a letter, in the order of their keys.
SHEET_STYLES = {
    "body": "Text",
    "subject": "Subject",
    "heading": "Heading",
    "subheading": "Small heading",
    "small": "Small print",
    "closing": "Closing",
    "signature": "Signature",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do, wherever it is offered.

    `nowhere` is what the program answers to its key where no screen does it.
    """

    id: str
    text: str
    key: str
    menu: str
    permission: Permission | None = None
    help_page: str = "window"
    icon: str = ""
    other_key: str = ""
    nowhere: str = ""
    ends_group: bool = False
    words: str = ""  # more words the command box finds it by

    @property
    def native_key(self) -> str:
        """The key as this platform writes it."""
        return QKeySequence(self.key).toString(QKeySequence.SequenceFormat.NativeText)

    @property
    def name(self) -> str:
        """The text without the sign for “more will be asked”."""
        return self.text.rstrip("…")


_P = Permission
# What keys answer where no screen does what they stand for.
_NO_FILE = "Open a patient’s file first."
_NO_DOCUMENT = "Open a document first."
_NO_TEMPLATE = "Open a letter template first."
_NO_SHEET = "Write a letter or open a template first."
_NO_CALENDAR = "Open the calendar (Ctrl+2) first."
_NO_VISIT_THERE = "Select a visit in the calendar first."
_NO_VISIT = "Select a visit first."
_NO_WEEKS = "Open the calendar (Ctrl+2) to walk through the weeks."

ACTIONS: tuple[Action, ...] = (
    # File
    Action("new.thing", "New", "Ctrl+N", "File", None, "window", "plus",
           nowhere="Nothing new is made on this tab."),
    Action("new.patient", "New patient…", "Ctrl+Shift+N", "File", _P.EDIT_PATIENTS, "patients",
           "user-plus", ends_group=True, words="register add person"),
    Action("file.post", "Labels and envelopes…", "Ctrl+E", "File", _P.VIEW_PATIENTS, "labels", "tag",
           nowhere="Open a patient’s file or a list of patients first.",
           words="address label envelope chart wristband specimen return avery dymo"),
    Action("file.print", "Print…", "Ctrl+P", "File", None, "letters", "printer",
           nowhere="There is nothing to print here."),
    Action("file.import", "Import…", "Ctrl+I", "File", _P.IMPORT_DATA, "import", "file-up",
           words="synthea csv vcard patients bring in"),
    Action("file.export", "Export…", "Ctrl+Shift+E", "File", _P.EXPORT_DATA, "export", "file-down",
           words="csv vcard zip patients whole practice fhir records out"),
    Action("file.backup", "Back up now", "Ctrl+Shift+B", "File", _P.MAKE_BACKUPS, "backups",
           "hard-drive", ends_group=True, words="save copy safety"),
    Action("app.settings", "Settings…", "Ctrl+,", "File", None, "settings", "settings",
           words="practice providers hours types paper users payers rooms preferences"),
    Action("app.directory", "Directory…", "Ctrl+D", "File", _P.VIEW_PATIENTS, "directory", "book-open",
           words="contacts physicians doctors payers pharmacy lab hospital phone fax address"),
    Action("app.audit", "Audit trail…", "Ctrl+Shift+H", "File", _P.VIEW_AUDIT, "audit",
           "shield-check", words="who saw changed journal verify log history proof"),
    Action("app.switch_user", "Switch user…", "Ctrl+Shift+U", "File", None, "privacy", "users",
           words="log out in person"),
    Action("app.lock", "Lock", "Ctrl+L", "File", None, "privacy", "lock", words="log out leave"),
    Action("app.curtain", "Privacy curtain", "Ctrl+Space", "File", None, "privacy", "eye-off",
           ends_group=True, words="hide blank screen"),
    Action("app.quit", "Quit", "Ctrl+Q", "File", None, "window", "log-out", words="exit close"),
    # Edit
    Action("edit.undo", "Undo", "Ctrl+Z", "Edit", None, "undo", "undo-2"),
    Action("edit.redo", "Redo", "Ctrl+Shift+Z", "Edit", None, "undo", "redo-2",
           other_key="Ctrl+Y"),
    Action("edit.history", "History", "Ctrl+H", "Edit", None, "undo", "history", ends_group=True,
           words="what happened who when changes"),
    Action("form.save", "Save", "Ctrl+S", "Edit", None, "window", "save", other_key="Ctrl+Return",
           nowhere="There is nothing to save here: what you do is kept at once."),
    Action("edit.edit", "Edit", "F2", "Edit", None, "window", "pencil", ends_group=True,
           nowhere="Select a visit or open a patient’s file first, then F2 edits it."),
    Action("patient.edit_all", "Edit the whole file", "Shift+F2", "Edit", _P.EDIT_PATIENTS,
           "patients", "user-pen", nowhere=_NO_FILE),
    Action("field.history", "History of this field", "Ctrl+Shift+Y", "Edit", _P.VIEW_PATIENTS,
           "patients", "history",
           nowhere="Go to a field of a patient’s file first.", words="who changed when"),
    Action("patient.copy", "Copy for…", "Ctrl+Shift+K", "Edit", _P.VIEW_PATIENTS, "patients",
           "copy", nowhere=_NO_FILE, words="clipboard portal label format"),
    Action("patient.photo", "Photo…", "Ctrl+Shift+F", "Edit", _P.VIEW_PATIENTS, "patients",
           "circle-user", nowhere=_NO_FILE, ends_group=True,
           words="picture image face"),
    Action("draft.park", "Park", "Ctrl+Shift+P", "Edit", None, "drafts", "bookmark",
           nowhere="There is nothing half-filled to park.", words="set aside interrupted"),
    Action("draft.resume", "Resume parked work", "Ctrl+Shift+R", "Edit", None, "drafts",
           "rotate-ccw", words="drafts continue"),
    # Go
    Action("go.search", "Find or do…", "Ctrl+K", "Go", None, "command-box", "search",
           ends_group=True),
    Action("go.today", "Today", "Ctrl+1", "Go", None, "today", "sun"),
    Action("go.calendar", "Calendar", "Ctrl+2", "Go", None, "calendar", "calendar-days"),
    Action("go.patients", "Patients", "Ctrl+3", "Go", None, "patients", "users"),
    Action("go.letters", "Letters", "Ctrl+4", "Go", None, "letters", "mail"),
    Action("go.claims", "Claims", "Ctrl+5", "Go", None, "claims", "receipt-text",
           ends_group=True),
    Action("day.today", "Go to today’s page", "Ctrl+T", "Go", _P.VIEW_CALENDAR, "calendar",
           "calendar-check"),
    Action("day.go_to", "Go to date…", "Ctrl+G", "Go", _P.VIEW_CALENDAR, "calendar",
           "calendar-clock"),
    Action("day.previous", "Previous day", "Alt+Left", "Go", _P.VIEW_CALENDAR, "calendar",
           "chevron-left", nowhere="Open the calendar (Ctrl+2) to walk through the days."),
    Action("day.next", "Next day", "Alt+Right", "Go", _P.VIEW_CALENDAR, "calendar",
           "chevron-right", nowhere="Open the calendar (Ctrl+2) to walk through the days."),
    Action("week.previous", "Same day last week", "Alt+PgUp", "Go", _P.VIEW_CALENDAR, "calendar",
           "arrow-left", nowhere=_NO_WEEKS),
    Action("week.next", "Same day next week", "Alt+PgDown", "Go", _P.VIEW_CALENDAR, "calendar",
           "arrow-right", nowhere=_NO_WEEKS),
    Action("month.previous", "Four weeks back", "Alt+Shift+PgUp", "Go", _P.VIEW_CALENDAR, "calendar",
           "arrow-left", nowhere=_NO_WEEKS),
    Action("month.next", "Four weeks on", "Alt+Shift+PgDown", "Go", _P.VIEW_CALENDAR, "calendar",
           "arrow-right", nowhere=_NO_WEEKS),
    Action("half_year.previous", "Half a year back", "Ctrl+Alt+PgUp", "Go", _P.VIEW_CALENDAR,
           "calendar", "arrow-left",
           nowhere=_NO_WEEKS),
    Action("half_year.next", "Half a year on", "Ctrl+Alt+PgDown", "Go", _P.VIEW_CALENDAR,
           "calendar", "arrow-right", ends_group=True,
           nowhere=_NO_WEEKS),
    Action("calendar.day", "Day view", "Alt+1", "Go", _P.VIEW_CALENDAR, "calendar", "calendar-days"),
    Action("calendar.work_week", "Work week view", "Alt+2", "Go", _P.VIEW_CALENDAR, "calendar",
           "calendar-days"),
    Action("calendar.week", "Week view", "Alt+3", "Go", _P.VIEW_CALENDAR, "calendar",
           "calendar-days"),
    Action("calendar.month", "Month view", "Alt+4", "Go", _P.VIEW_CALENDAR, "calendar",
           "calendar-days"),
    Action("calendar.agenda", "Agenda", "Alt+5", "Go", _P.VIEW_CALENDAR, "calendar",
           "calendar-days", words="list upcoming"),
    # Visit
    Action("visit.book", "Book a visit…", "Ctrl+B", "Visit", _P.EDIT_CALENDAR, "booking",
           "calendar-plus", words="appointment new make"),
    Action("visit.find_slot", "Find next available…", "Ctrl+F", "Visit", _P.VIEW_CALENDAR,
           "finding", "calendar-search", words="free slot search opening soonest"),
    Action("visit.series", "Repeat…", "Ctrl+R", "Visit", _P.EDIT_CALENDAR, "series", "repeat",
           nowhere="Select a visit, or fill in a booking, to repeat it.",
           words="series recurring weekly physio"),
    Action("visit.wait", "Put on the waiting list…", "Ctrl+Alt+W", "Visit", _P.EDIT_CALENDAR,
           "waiting", "hourglass", words="sooner earlier cancellation list"),
    Action("visit.recall", "Recall…", "Ctrl+Alt+R", "Visit", _P.EDIT_CALENDAR, "recalls",
           "bell-ring", ends_group=True, nowhere="Select a visit or a patient first.",
           words="remind come back due"),
    Action("visit.arrive", "Arrived", "F3", "Visit", _P.EDIT_CALENDAR, "today", "user-check",
           nowhere="Select one of today’s visits first, on Today or in the calendar.",
           words="check in"),
    Action("visit.move_on", "Move on: in room, done", "F4", "Visit", _P.EDIT_CALENDAR, "today",
           "door-open", nowhere="Select a visit that has arrived first.",
           words="in room done check out finished"),
    Action("visit.confirm", "Confirmed…", "Ctrl+Shift+C", "Visit", _P.EDIT_CALENDAR, "confirming",
           "check", nowhere=_NO_VISIT),
    Action("visit.no_show", "Did not come", "Ctrl+Shift+M", "Visit", _P.EDIT_CALENDAR, "booking",
           "user-x", nowhere=_NO_VISIT, words="missed no-show"),
    Action("visit.left", "Left without being seen", "Ctrl+Shift+W", "Visit", _P.EDIT_CALENDAR,
           "booking", "log-out", nowhere=_NO_VISIT),
    Action("visit.correct", "Correct the status…", "Ctrl+Alt+S", "Visit", _P.EDIT_CALENDAR,
           "booking", "rotate-ccw", nowhere=_NO_VISIT,
           words="wrong mistake reopen status"),
    Action("visit.cancel", "Cancel the visit…", "Ctrl+Shift+X", "Visit", _P.EDIT_CALENDAR,
           "booking", "calendar-x", nowhere=_NO_VISIT_THERE,
           ends_group=True),
    Action("visit.cut", "Cut the visit", "Ctrl+Alt+X", "Visit", _P.EDIT_CALENDAR, "moving", "scissors",
           nowhere=_NO_VISIT_THERE),
    Action("visit.paste", "Put the visit here", "Ctrl+Alt+V", "Visit", _P.EDIT_CALENDAR, "moving",
           "clipboard-paste", nowhere="Cut a visit in the calendar first (Ctrl+X)."),
    Action("visit.pin", "Put on the pinboard", "Ctrl+Alt+P", "Visit", _P.EDIT_CALENDAR, "moving",
           "pin", nowhere=_NO_VISIT_THERE),
    Action("visit.earlier", "One step earlier", "Alt+Up", "Visit", _P.EDIT_CALENDAR, "moving",
           "arrow-up", nowhere=_NO_VISIT_THERE),
    Action("visit.later", "One step later", "Alt+Down", "Visit", _P.EDIT_CALENDAR, "moving",
           "arrow-down", nowhere=_NO_VISIT_THERE),
    Action("visit.shorter", "One step shorter", "Alt+Shift+Up", "Visit", _P.EDIT_CALENDAR,
           "moving", "fold-vertical", nowhere=_NO_VISIT_THERE),
    Action("visit.longer", "One step longer", "Alt+Shift+Down", "Visit", _P.EDIT_CALENDAR,
           "moving", "unfold-vertical", nowhere=_NO_VISIT_THERE,
           ends_group=True),
    Action("visit.charges", "Charges of the visit…", "Shift+F4", "Visit", _P.VIEW_CLAIMS, "charges",
           "receipt-text", nowhere="Select a visit or a patient first.",
           words="superbill charge capture bill codes diagnosis procedure fee"),
    Action("visit.claim", "Claim of the visit", "Shift+F5", "Visit", _P.VIEW_CLAIMS, "claims",
           "receipt", nowhere="Select a visit first.", words="bill insurance payer make open"),
    Action("visit.superbill", "Print the superbill…", "Ctrl+Shift+9", "Visit", _P.EDIT_CHARGES,
           "charges", "printer", nowhere="Select a visit or a patient first.",
           words="encounter form route slip paper"),
    Action("visit.superbills", "Print the day’s superbills…", "Ctrl+Shift+0", "Visit",
           _P.EDIT_CHARGES, "charges", "printer", ends_group=True,
           words="encounter forms route slips paper all"),
    Action("visit.open_patient", "Open the patient’s file", "Ctrl+O", "Visit", _P.VIEW_PATIENTS,
           "patients", "user", nowhere="Select a visit or a patient first."),
    Action("patient.timeline", "Timeline of the file", "Ctrl+Alt+T", "Visit", _P.VIEW_PATIENTS,
           "patients", "history", nowhere=_NO_FILE,
           words="everything happened history events"),
    Action("visit.letter", "Write the appointment letter", "Ctrl+Shift+L", "Visit",
           _P.WRITE_LETTERS, "letters", "mail", nowhere=_NO_VISIT),
    Action("coverage.add", "Add a coverage…", "Ctrl+Alt+A", "Visit", _P.EDIT_PATIENTS, "insurance",
           "credit-card", nowhere=_NO_FILE, words="insurance policy plan"),
    Action("coverage.verify", "Verify the insurance…", "Ctrl+Alt+I", "Visit", _P.EDIT_PATIENTS,
           "insurance", "shield-check", nowhere=_NO_FILE,
           words="eligibility payer call"),
    Action("referral.add", "Add a referral…", "Ctrl+Alt+F", "Visit", _P.EDIT_PATIENTS, "insurance",
           "arrow-right-left", nowhere=_NO_FILE, words="refer specialist"),
    Action("patient.merge", "Merge with another file…", "Ctrl+Alt+G", "Visit", _P.EDIT_PATIENTS,
           "duplicates", "arrow-right-left", nowhere=_NO_FILE,
           words="duplicate same person twice unite join"),
    Action("patient.take_apart", "Take merged files apart…", "Alt+Shift+K", "Visit", _P.EDIT_PATIENTS,
           "duplicates", "scissors", nowhere=_NO_FILE, words="unmerge split separate undo merge"),
    Action("patient.exchange", "Let the other file stay", "Ctrl+Alt+Y", "Visit", _P.EDIT_PATIENTS,
           "duplicates", "arrow-right-left", nowhere="Lay two files side by side first.",
           words="merge exchange survivor"),
    Action("consent.add", "Add a consent…", "Ctrl+Alt+J", "Visit", _P.EDIT_PATIENTS, "rights",
           "square-pen", nowhere=_NO_FILE,
           words="sign hipaa privacy notice acknowledgement form"),
    Action("records.request", "Add a records request…", "Ctrl+Alt+Q", "Visit", _P.EDIT_PATIENTS,
           "rights", "folder-open", nowhere=_NO_FILE,
           words="release copy of records"),
    Action("records.disclosure", "Log a disclosure…", "Ctrl+Alt+L", "Visit", _P.EDIT_PATIENTS,
           "rights", "scroll-text", nowhere=_NO_FILE,
           words="given accounting hipaa"),
    # Letter
    Action("letter.write", "Write a letter…", "Ctrl+M", "Letter", _P.WRITE_LETTERS, "letters",
           "mail", words="new blank referral doctor payer"),
    Action("letter.dictate", "Dictate a letter…", "Ctrl+Shift+I", "Letter", _P.WRITE_LETTERS,
           "letter-line", "notebook-pen", words="order wanted line tape"),
    Action("letter.batch", "Letters to many…", "Ctrl+Shift+5", "Letter", _P.WRITE_LETTERS, "letter-batch",
           "users", ends_group=True, words="mail merge batch list mass labels query"),
    Action("letter.leaflets", "Leaflets…", "Ctrl+9", "Letter", _P.WRITE_LETTERS, "letter-batch",
           "file-text", words="enclosure enclose map flyer paper of the practice"),
    Action("list.letter_line", "Letters on their way", "Ctrl+Shift+4", "Letter", _P.VIEW_PATIENTS,
           "letter-line", "list-checks", words="board line dictated typed checked signed"),
    Action("letter.pass_on", "Pass the letter on", "Ctrl+Shift+T", "Letter", _P.WRITE_LETTERS,
           "letter-line", "arrow-right", nowhere="There is no letter being written.",
           words="keep line check sign"),
    Action("letter.back", "Send the letter back…", "Ctrl+Shift+S", "Letter", _P.WRITE_LETTERS,
           "letter-line", "arrow-left", nowhere="Select a letter on the board first.",
           words="correct wrong retype"),
    Action("letter.sent", "The letter left…", "Ctrl+Shift+O", "Letter", _P.WRITE_LETTERS,
           "letter-line", "check", nowhere="Select a letter on the board first.", ends_group=True,
           words="mailed faxed handed e-mailed sent"),
    Action("letter.replace", "Replace the letter…", "Ctrl+Shift+Q", "Letter", _P.WRITE_LETTERS,
           "letters", "refresh-cw", nowhere="Select a letter on the Letters tab first.",
           words="correct void again"),
    Action("letter.fax", "Fax…", "Ctrl+Shift+6", "Letter", _P.WRITE_LETTERS, "faxes", "file-up",
           words="cover packet send machine"),
    Action("list.faxes", "Faxes", "Ctrl+Shift+7", "Letter", _P.VIEW_PATIENTS, "faxes", "list",
           ends_group=True, words="log sent busy retry number"),
    Action("letter.void", "Void the letter…", "Ctrl+Shift+Del", "Letter", _P.WRITE_LETTERS,
           "letters", "ban", nowhere="Select a letter on the Letters tab first."),
    # Document
    Action("document.add", "Add documents…", "Ctrl+Shift+A", "Document", _P.EDIT_PATIENTS,
           "documents", "file-plus", nowhere=_NO_FILE,
           words="scan upload attach file take in"),
    Action("document.paste", "Paste as a document", "Ctrl+Shift+V", "Document", _P.EDIT_PATIENTS,
           "documents", "clipboard-paste", nowhere=_NO_FILE,
           words="picture screenshot clipboard"),
    Action("document.form", "Print a form…", "Ctrl+Shift+G", "Document", _P.EDIT_PATIENTS,
           "documents", "file-text", nowhere=_NO_FILE, ends_group=True,
           words="registration consent barcode"),
    Action("document.move", "Move to another patient…", "Ctrl+Alt+M", "Document",
           _P.EDIT_PATIENTS, "documents", "arrow-right-left", nowhere=_NO_DOCUMENT,
           words="wrong file misfiled"),
    Action("document.discard", "Put the document away", "Ctrl+Alt+D", "Document",
           _P.EDIT_PATIENTS, "documents", "archive", nowhere=_NO_DOCUMENT,
           words="discard delete remove"),
    Action("document.export", "Save the original…", "Ctrl+Alt+O", "Document", _P.EXPORT_DATA,
           "documents", "file-down", nowhere=_NO_DOCUMENT, ends_group=True,
           words="export download"),
    Action("page.previous", "Previous page", "Ctrl+PgUp", "Document", _P.VIEW_PATIENTS,
           "documents", "chevron-up", nowhere=_NO_DOCUMENT),
    Action("page.next", "Next page", "Ctrl+PgDown", "Document", _P.VIEW_PATIENTS,
           "documents", "chevron-down", nowhere=_NO_DOCUMENT),
    Action("page.left", "Turn the page left", "Ctrl+[", "Document", _P.EDIT_PATIENTS,
           "documents", "rotate-ccw", nowhere=_NO_DOCUMENT, words="rotate"),
    Action("page.right", "Turn the page right", "Ctrl+]", "Document", _P.EDIT_PATIENTS,
           "documents", "rotate-cw", nowhere=_NO_DOCUMENT, words="rotate"),
    Action("page.earlier", "Page earlier", "Ctrl+Shift+Up", "Document", _P.EDIT_PATIENTS,
           "documents", "arrow-up", nowhere=_NO_DOCUMENT, words="reorder"),
    Action("page.later", "Page later", "Ctrl+Shift+Down", "Document", _P.EDIT_PATIENTS,
           "documents", "arrow-down", nowhere=_NO_DOCUMENT, words="reorder"),
    Action("page.out", "Leave the page out", "Ctrl+Shift+Backspace", "Document",
           _P.EDIT_PATIENTS, "documents", "trash-2", nowhere=_NO_DOCUMENT,
           words="delete remove page"),
    Action("page.cut", "Cut before this page", "Ctrl+Alt+K", "Document", _P.EDIT_PATIENTS,
           "documents", "scissors", nowhere=_NO_DOCUMENT, ends_group=True,
           words="split"),
    Action("document.previous", "Previous document to sort", "Ctrl+Alt+Up", "Document",
           _P.VIEW_PATIENTS, "documents", "arrow-up", nowhere="Open the documents to sort first."),
    Action("document.next", "Next document to sort", "Ctrl+Alt+Down", "Document",
           _P.VIEW_PATIENTS, "documents", "arrow-down", nowhere="Open the documents to sort first."),
    # Claim
    Action("claim.next_message", "Next message", "Alt+Shift+N", "Claim", _P.VIEW_CLAIMS, "claims",
           "chevrons-right", nowhere="Open a claim on the Claims tab first.",
           words="scrubber error warning check"),
    Action("claim.find_code", "Find a code…", "Shift+F6", "Claim", _P.EDIT_CLAIMS, "claims",
           "search", nowhere="Open a claim on the Claims tab first.",
           words="diagnosis procedure icd hcpcs search"),
    Action("claim.mend", "Do what the message offers", "Alt+Shift+M", "Claim", _P.EDIT_CLAIMS,
           "claims", "sparkles", nowhere="Open a claim on the Claims tab first.", ends_group=True,
           words="fix mend repair scrubber"),
    Action("claim.ready", "Ready to go", "Alt+Shift+R", "Claim", _P.EDIT_CLAIMS, "claims",
           "badge-check", nowhere="Select a claim on the Claims tab first.",
           words="check scrub approve release"),
    Action("claim.back", "Back to a draft…", "Alt+Shift+B", "Claim", _P.EDIT_CLAIMS, "claims",
           "arrow-left", nowhere="Select a claim on the Claims tab first.", words="hold correct"),
    Action("claim.send", "Write files…", "Alt+Shift+W", "Claim", _P.EDIT_CLAIMS, "claim-files",
           "file-up", words="batch 837p clearing house payer send electronic"),
    Action("list.claim_files", "Files and stacks", "Alt+Shift+H", "Claim", _P.VIEW_CLAIMS,
           "claim-files", "folder-open", ends_group=True,
           words="batches control numbers 837p sent files"),
    Action("claim.form", "Print the claim form…", "Alt+Shift+P", "Claim", _P.EDIT_CLAIMS,
           "claim-forms", "printer", nowhere="Select a claim on the Claims tab first.",
           words="cms-1500 hcfa paper red form overlay"),
    Action("claim.working_copy", "Print a working copy…", "Alt+Shift+G", "Claim", _P.VIEW_CLAIMS,
           "claim-forms", "file-text", nowhere="Select a claim on the Claims tab first.",
           words="cms-1500 plain paper drawn"),
    Action("claim.reprint", "Print again as it was…", "Alt+Shift+A", "Claim", _P.EDIT_CLAIMS,
           "claim-forms", "copy", nowhere="Select a claim on the Claims tab first.", ends_group=True,
           words="reprint identical cms-1500"),
    Action("claim.answer", "The payer answered…", "Alt+Shift+Y", "Claim", _P.EDIT_CLAIMS, "claims",
           "message-square", nowhere="Select a claim on the Claims tab first.",
           words="paid denied rejected accepted decided"),
    Action("claim.next_payer", "To the next payer…", "Alt+Shift+X", "Claim", _P.EDIT_CLAIMS,
           "claims", "arrow-right", nowhere="Select a claim on the Claims tab first.",
           words="secondary tertiary cob follow"),
    Action("claim.replace", "Replace the claim…", "Alt+Shift+E", "Claim", _P.EDIT_CLAIMS, "claims",
           "refresh-cw", nowhere="Select a claim on the Claims tab first.",
           words="corrected frequency 7 resubmit"),
    Action("claim.void", "Void the claim…", "Alt+Shift+V", "Claim", _P.EDIT_CLAIMS, "claims", "ban",
           nowhere="Select a claim on the Claims tab first.", ends_group=True,
           words="cancel frequency 8 withdraw"),
    Action("claim.assign", "Whose it is…", "Alt+Shift+O", "Claim", _P.EDIT_CLAIMS, "claims", "user",
           nowhere="Select a claim on the Claims tab first.", words="owner assign responsible"),
    Action("claim.plan", "What is next, and when…", "Alt+Shift+D", "Claim", _P.EDIT_CLAIMS, "claims",
           "calendar-clock", nowhere="Select a claim on the Claims tab first.",
           words="next action follow up date call"),
    Action("claim.note", "Add a note…", "Alt+Shift+U", "Claim", _P.EDIT_CLAIMS, "claims",
           "sticky-note", nowhere="Select a claim on the Claims tab first.", ends_group=True,
           words="remark call payer said"),
    # Lists
    Action("list.waiting", "Waiting list", "Ctrl+Alt+1", "Lists", _P.VIEW_CALENDAR, "waiting",
           "hourglass", words="sooner earlier"),
    Action("list.recalls", "Recalls", "Ctrl+Alt+2", "Lists", _P.VIEW_CALENDAR, "recalls",
           "bell-ring", words="due reminders come back"),
    Action("list.confirm", "To confirm", "Ctrl+Alt+3", "Lists", _P.VIEW_CALENDAR, "confirming",
           "phone-call", words="confirmation calls tomorrow"),
    Action("list.away", "Doctor away", "Ctrl+Alt+4", "Lists", _P.EDIT_CALENDAR, "away",
           "calendar-off", words="absence sick vacation reschedule bench"),
    Action("list.unresolved", "Unresolved visits", "Ctrl+Alt+5", "Lists", _P.VIEW_CALENDAR,
           "booking", "circle-question-mark", words="open yesterday unanswered"),
    Action("list.uncharged", "Visits without charges", "Ctrl+Shift+8", "Lists", _P.VIEW_CLAIMS,
           "charges", "receipt", words="not billed superbill missing charge capture"),
    Action("list.outside", "Visits outside hours", "Ctrl+Alt+6", "Lists", _P.VIEW_CALENDAR,
           "hours", "calendar-clock", words="hours changed closure left outside"),
    Action("list.insurance", "Insurance to verify", "Ctrl+Alt+8", "Lists", _P.VIEW_PATIENTS,
           "insurance", "shield-check", words="eligibility payer work-list unverified"),
    Action("list.referrals", "Referrals", "Ctrl+Alt+9", "Lists", _P.VIEW_PATIENTS, "insurance",
           "arrow-right-left", words="chase due specialist"),
    Action("list.duplicates", "People on file twice", "Ctrl+Alt+U", "Lists", _P.VIEW_PATIENTS,
           "duplicates", "users-round", words="duplicates same person merge double"),
    Action("list.records_requests", "Records requests", "Ctrl+Alt+Z", "Lists", _P.VIEW_PATIENTS,
           "rights", "folder-open", words="release due days left"),
    Action("list.consents", "Consents due", "Ctrl+Shift+J", "Lists", _P.VIEW_PATIENTS, "rights",
           "square-pen", words="sign expired missing forms hipaa privacy"),
    Action("list.kept_prints", "Print again…", "Ctrl+J", "Lists", _P.VIEW_PATIENTS, "printing", "printer",
           words="kept jobs not printed queue stopped printer"),
    Action("letters.templates", "Letter templates", "Alt+Shift+L", "Lists", _P.VIEW_PATIENTS,
           "letter-templates", "file-text", words="forms wording edit change restore"),
    Action("list.pinboard", "Pinboard", "Ctrl+Alt+7", "Lists", _P.VIEW_CALENDAR, "moving", "pin",
           ends_group=True),
    Action("list.sorting", "Documents to sort", "Ctrl+Alt+0", "Lists", _P.VIEW_PATIENTS,
           "documents", "inbox", ends_group=True, words="scans sorting file unfiled"),
    Action("grid.note", "Note on the calendar…", "Ctrl+Alt+N", "Lists", _P.EDIT_CALENDAR,
           "calendar", "sticky-note", nowhere=_NO_CALENDAR),
    Action("grid.hold", "Hold this time…", "Ctrl+Alt+H", "Lists", _P.EDIT_CALENDAR, "calendar",
           "hand", nowhere=_NO_CALENDAR, words="reserve keep slot"),
    Action("grid.block", "Block this time…", "Ctrl+Alt+B", "Lists", _P.EDIT_CALENDAR, "hours",
           "ban", nowhere=_NO_CALENDAR, ends_group=True,
           words="block-out lunch meeting reserved"),
    Action("file.export_calendar", "Export the calendar…", "Ctrl+Alt+E", "Lists", _P.EXPORT_DATA,
           "calendar-paper", "file-down", words="icalendar ics outlook google"),
    # Writing on a sheet
    *(
        Action(f"write.{style}", f"Style: {words}", f"Alt+Shift+{number}", "Write", _P.WRITE_LETTERS,
               "letter-templates", "square-pen", nowhere=_NO_SHEET, words="paragraph look",
               ends_group=number == 7)
        for number, (style, words) in enumerate(SHEET_STYLES.items(), 1)
    ),
    Action("write.start", "Align left", "Alt+Shift+8", "Write", _P.WRITE_LETTERS,
           "letter-templates", "square-pen", nowhere=_NO_SHEET, words="alignment"),
    Action("write.center", "Center", "Alt+Shift+9", "Write", _P.WRITE_LETTERS,
           "letter-templates", "square-pen", nowhere=_NO_SHEET, words="alignment middle"),
    Action("write.end", "Align right", "Alt+Shift+0", "Write", _P.WRITE_LETTERS,
           "letter-templates", "square-pen", nowhere=_NO_SHEET, words="alignment"),
    Action("write.justify", "Justify", "Alt+Shift+J", "Write", _P.WRITE_LETTERS,
           "letter-templates", "square-pen", nowhere=_NO_SHEET, ends_group=True,
           words="alignment both edges straight"),
    Action("write.bullet", "List with bullets", "Ctrl+Shift+1", "Write", _P.WRITE_LETTERS,
           "letter-templates", "list", nowhere=_NO_SHEET, words="points"),
    Action("write.number", "Numbered list", "Ctrl+Shift+2", "Write", _P.WRITE_LETTERS,
           "letter-templates", "list-ordered", nowhere=_NO_SHEET, words="numbers"),
    Action("write.tick", "List of boxes to check", "Ctrl+Shift+3", "Write", _P.WRITE_LETTERS,
           "letter-templates", "list-checks", nowhere=_NO_SHEET, ends_group=True, words="check"),
    Action("write.field", "Insert a field…", "Alt+Shift+F", "Write", _P.WRITE_LETTERS,
           "letter-templates", "braces", nowhere=_NO_TEMPLATE,
           words="merge placeholder chip"),
    Action("write.condition", "Print only if…", "Alt+Shift+C", "Write", _P.WRITE_LETTERS,
           "letter-templates", "split", nowhere=_NO_TEMPLATE,
           words="condition when"),
    Action("write.stretch", "Words that may disappear", "Alt+Shift+S", "Write", _P.WRITE_LETTERS,
           "letter-templates", "eye-off", nowhere=_NO_TEMPLATE,
           words="optional empty field stretch"),
    Action("write.question", "Add a question…", "Alt+Shift+Q", "Write", _P.WRITE_LETTERS,
           "letter-templates", "circle-question-mark", nowhere=_NO_TEMPLATE,
           words="ask answer"),
    Action("write.table", "Insert a table…", "Alt+Shift+T", "Write", _P.WRITE_LETTERS,
           "letter-templates", "table", nowhere=_NO_SHEET),
    Action("write.picture", "Insert a picture…", "Alt+Shift+I", "Write", _P.WRITE_LETTERS,
           "letter-templates", "image", nowhere=_NO_SHEET,
           words="logo image map"),
    Action("write.break", "Page break", "Alt+Shift+Z", "Write", _P.WRITE_LETTERS,
           "letter-templates", "scissors", nowhere=_NO_SHEET, words="new page next"),
    # View
    Action("calendar.colour", "Color visits by…", "Ctrl+Alt+C", "View", _P.VIEW_CALENDAR,
           "calendar", "palette", nowhere=_NO_CALENDAR, ends_group=True,
           words="type provider status payer"),
    Action("calendar.saved_1", "Saved view 1", "F5", "View", _P.VIEW_CALENDAR, "calendar",
           "columns-3", nowhere=_NO_CALENDAR),
    Action("calendar.saved_2", "Saved view 2", "F6", "View", _P.VIEW_CALENDAR, "calendar",
           "columns-3", nowhere=_NO_CALENDAR),
    Action("calendar.saved_3", "Saved view 3", "F7", "View", _P.VIEW_CALENDAR, "calendar",
           "columns-3", nowhere=_NO_CALENDAR),
    Action("calendar.saved_4", "Saved view 4", "F8", "View", _P.VIEW_CALENDAR, "calendar",
           "columns-3", nowhere=_NO_CALENDAR),
    Action("calendar.saved_5", "Saved view 5", "F9", "View", _P.VIEW_CALENDAR, "calendar",
           "columns-3", nowhere=_NO_CALENDAR),
    Action("calendar.saved_6", "Saved view 6", "F10", "View", _P.VIEW_CALENDAR, "calendar",
           "columns-3", nowhere=_NO_CALENDAR),
    Action("calendar.saved_7", "Saved view 7", "F11", "View", _P.VIEW_CALENDAR, "calendar",
           "columns-3", nowhere=_NO_CALENDAR),
    Action("calendar.saved_8", "Saved view 8", "F12", "View", _P.VIEW_CALENDAR, "calendar",
           "columns-3", nowhere=_NO_CALENDAR, ends_group=True),
    Action("view.larger", "Larger text", "Ctrl++", "View", None, "window", "zoom-in",
           other_key="Ctrl+=", words="zoom in bigger"),
    Action("view.smaller", "Smaller text", "Ctrl+-", "View", None, "window", "zoom-out",
           words="zoom out"),
    Action("view.normal", "Normal text size", "Ctrl+0", "View", None, "window", "search",
           ends_group=True, words="zoom reset 100%"),
    Action("view.dark", "Dark or light", "Ctrl+Shift+D", "View", None, "window", "moon",
           words="theme night colors colours"),
    # Help
    Action("help.page", "Help on this screen", "F1", "Help", None, "index", "circle-question-mark",
           words="manual"),
    Action("help.keys", "Keys", "Ctrl+/", "Help", None, "keys", "keyboard", ends_group=True,
           words="cheat sheet shortcuts keyboard"),
    Action("help.about", "About MedSec Desktop", "Ctrl+F1", "Help", None, "index", "info",
           words="version license licence"),
)  # fmt: skip

# What one may do and still want to read the message that is shown.
_ONLY_LOOKS = ("go.search", "app.", "view.", "help.")

BY_ID = {action.id: action for action in ACTIONS}


@dataclass(slots=True)
class _Binding:
    run: Callable[[], object]
    enabled: Callable[[], bool | str] | None
    text: Callable[[], str] | None
    owner: weakref.ref[QWidget] | None

    def widget(self) -> QWidget | None:
        return self.owner() if self.owner is not None else None

    def alive(self) -> bool:
        return self.owner is None or self.owner() is not None


class ActionMap(QObject):
    """What each action does now, given the screen in front."""

    def __init__(self, messages: Messages, may: Callable[[Permission], bool]):
        super().__init__()
        self._messages = messages
        self._may = may
        self._bindings: dict[str, list[_Binding]] = {action.id: [] for action in ACTIONS}
        self._qactions: dict[str, QAction] = {}
        self.locked = False  # while the screen is locked or curtained no key does anything

    def bind(
        self,
        action_id: str,
        run: Callable[[], object],
        enabled: Callable[[], bool | str] | None = None,
        *,
        owner: QWidget | None = None,
        text: Callable[[], str] | None = None,
    ) -> None:
        """Say what an action does.

        With `owner` (a tab, a pane, a dialog) it holds while that widget is on screen, and wins
        over the window's own. `enabled` gives True, or the sentence that says why not. `text`
        gives the words of the menu, e.g. “Undo Book Ada Testperson”.
        """
        reference = weakref.ref(owner) if owner is not None else None
        bindings = [one for one in self._bindings[action_id] if one.alive()]
        if owner is None:
            bindings = [one for one in bindings if one.owner is not None]
        else:
            bindings = [one for one in bindings if one.widget() is not owner]
        self._bindings[action_id] = [*bindings, _Binding(run, enabled, text, reference)]

    def is_known(self, action_id: str) -> bool:
        """Whether any screen does this; what nobody does is offered nowhere."""
        return any(one.alive() for one in self._bindings[action_id])

    def _binding(self, action_id: str) -> _Binding | None:
        """The binding nearest to the focus, else the newest on screen, else the window's."""
        focus = QApplication.focusWidget()
        best: tuple[int, _Binding] | None = None
        for binding in self._bindings[action_id]:
            rank = _nearness(binding, focus)
            if rank >= 0 and (best is None or rank >= best[0]):
                best = (rank, binding)
        return best[1] if best else None

    def why_not(self, action_id: str) -> str:
        """Why the action cannot run now, as a sentence; empty when it can."""
        action = BY_ID[action_id]
        if action.permission is not None and not self._may(action.permission):
            return (
                f"Your log-in may not do this: {action.name}. "
                "The practice’s owner can change that in Settings, Users."
            )
        binding = self._binding(action_id)
        nowhere = action.nowhere or f"“{action.name}” does not apply here."
        if binding is None:
            return nowhere
        answer = True if binding.enabled is None else binding.enabled()
        if isinstance(answer, str):
            return answer
        return "" if answer else nowhere

    def trigger(self, action_id: str) -> None:
        """Do it, or say why not."""
        if self.locked:
            return
        reason = self.why_not(action_id)
        if reason:
            self._messages.not_now(reason)
            return
        binding = self._binding(action_id)
        if binding is not None:
            if not action_id.startswith(_ONLY_LOOKS):
                self._messages.move_on()
            binding.run()

    def text(self, action_id: str) -> str:
        """The words for the menu, which may name what would be done."""
        binding = self._binding(action_id)
        if binding is not None and binding.text is not None:
            return binding.text() or BY_ID[action_id].text
        return BY_ID[action_id].text

    def offered(self) -> Iterator[Action]:
        """Every action some screen does, in menu order."""
        return (action for action in ACTIONS if self.is_known(action.id))

    # --- Qt's side

    def install(self, window: QMainWindow, menu_bar: QMenuBar, theme: Theme) -> None:
        """Give `window` the keys and `menu_bar` the menus."""
        for action in ACTIONS:
            qaction = QAction(action.text.replace("&", "&&"), window)
            keys = [QKeySequence(key) for key in (action.key, action.other_key) if key]
            qaction.setShortcuts(keys)
            qaction.setObjectName(action.id)
            # The role heuristics would move "Settings" or "About" on some platforms.
            qaction.setMenuRole(QAction.MenuRole.NoRole)
            qaction.triggered.connect(lambda _=False, name=action.id: self.trigger(name))
            window.addAction(qaction)
            self._qactions[action.id] = qaction
        for name in MENUS:
            menu = menu_bar.addMenu(f"&{name}")
            menu.setObjectName(name)
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(lambda menu=menu: self._prepare(menu, theme))
            menu.aboutToHide.connect(self._release)
            for action in ACTIONS:
                if action.menu == name:
                    menu.addAction(self._qactions[action.id])
                    if action.ends_group:
                        menu.addSeparator()

    def qaction(self, action_id: str) -> QAction:
        return self._qactions[action_id]

    def _prepare(self, menu: QMenu, theme: Theme) -> None:
        """Just before a menu shows: words, icons, and a reason in the tip of what cannot be done."""
        for qaction in menu.actions():
            action = BY_ID.get(qaction.objectName())
            if action is None:
                continue
            reason = self.why_not(action.id)
            qaction.setVisible(self.is_known(action.id))
            qaction.setText(self.text(action.id).replace("&", "&&"))
            qaction.setEnabled(not reason)
            qaction.setToolTip(reason or action.name)
            if action.icon and qaction.icon().isNull():
                theme.wear(qaction, action.icon)

    def _release(self) -> None:
        """After a menu: every key is alive again, so that one pressed in vain can explain itself."""
        for qaction in self._qactions.values():
            qaction.setEnabled(True)
            qaction.setVisible(True)


def _nearness(binding: _Binding, focus: QWidget | None) -> int:
    """2 and more around the focus, the nearer the more; 1 on screen, 0 the window's own, -1 not now."""
    if binding.owner is None:
        return 0
    widget = binding.widget()
    try:
        if widget is None or not widget.isVisible():
            return -1
        if focus is None or not (widget is focus or widget.isAncestorOf(focus)):
            return 1
        outer, depth = widget.parentWidget(), 2
        while outer is not None:
            outer, depth = outer.parentWidget(), depth + 1
        return depth
    except RuntimeError:  # deleted by Qt, still held by Python
        return -1


def native(key: str) -> str:
    """A key as this platform writes it, e.g. in a tip."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
