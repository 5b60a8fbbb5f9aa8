"""A records request and a disclosure as they stand in a file, with what can be done about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import (
    DELIVERY_WORDS,
    REQUESTER_WORDS,
    STATUS_WORDS,
    Requester,
    RequestStatus,
    days_left_words,
)
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.patients.rights_records import DisclosureRow, RequestRow
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.request_steps import Step
from medsec_desktop.ui.widgets import LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.domain.formats import Formats
    from medsec_desktop.ui.patients.sections.records import RecordsSection

PRESSING = 7  # days left from which a request is told in the colour of trouble


class RequestBox(QWidget):
    """Who asks, the clock, what is wanted, the package, the fee."""

    def __init__(self, section: RecordsSection, row: RequestRow, *, may: bool):
        super().__init__()
        self.row = row
        formats = section._desk.office.formats
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        is_open = row.status.is_open
        column.addWidget(Text(asked_by(row), "strong" if is_open else "muted", wrap=True))
        state = clock_words(row, formats)
        pressing = is_open and row.days_left <= PRESSING
        column.addWidget(Text(state, "problem" if pressing else "muted", wrap=True))
        for line in facts(row, formats):
            column.addWidget(Text(line, "muted", wrap=True))
        self.links: dict[str, LinkButton] = {}
        for verbs in self._verbs(section, row) if may else ():
            line = QHBoxLayout()
            line.setSpacing(16)
            for name, (text, act) in verbs.items():
                link = self.links[name] = LinkButton(text, act)
                link.setAccessibleName(f"{text}: request of {row.requester}")
                line.addWidget(link)
            line.addStretch(1)
            column.addLayout(line)
        self.setAccessibleName(f"{asked_by(row)}: {state}")

    @staticmethod
    def _verbs(section: RecordsSection, row: RequestRow) -> list[dict[str, tuple[str, object]]]:
        change: dict[str, tuple[str, object]] = {"change": ("Change…", lambda: section.change(row))}
        look: dict[str, tuple[str, object]] = {}
        if row.package_document_id is not None:
            number = row.package_document_id
            look["look"] = ("Open the package", lambda: section.open_package(number))
        desk = section._desk
        if desk.office.session.may(Permission.WRITE_LETTERS):
            change["write"] = (
                "Write a letter…",
                lambda: desk.go.write_to(row.patient_id, records_request_id=row.id),
            )
        if not row.status.is_open:
            return [change | look]
        today = section._desk.office.clock.today()
        first: dict[str, tuple[str, object]] = {}
        if row.status is RequestStatus.READY:
            first["release"] = ("Release…", lambda: section.take(row, Step.RELEASE))
            first["print"] = ("Print…", lambda: section.print_package(row))
            first["package"] = ("Make it anew…", lambda: section.choose(row))
        else:
            first["package"] = ("Make the package…", lambda: section.choose(row))
        second: dict[str, tuple[str, object]] = {}
        if row.may_extend(today):
            second["extend"] = ("Extend…", lambda: section.take(row, Step.EXTEND))
        second["refuse"] = ("Refuse…", lambda: section.take(row, Step.REFUSE))
        second["withdraw"] = ("Withdrawn", lambda: section.withdraw(row))
        return [first | look, second | change]


class DisclosureBox(QWidget):
    """To whom, what, why; and whether the accounting lists it."""

    def __init__(self, section: RecordsSection, row: DisclosureRow, *, may: bool):
        super().__init__()
        formats = section._desk.office.formats
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(16)
        day = formats.date(row.disclosed_at.date())
        head.addWidget(Text(f"{day}  to {row.recipient}", wrap=True), 1)
        if may and row.is_by_hand:
            self.change = LinkButton("Change…", lambda: section.change_entry(row))
            self.change.setAccessibleName(f"Change the disclosure to {row.recipient}, {day}")
            head.addWidget(self.change)
        column.addLayout(head)
        about = [
            row.what,
            row.purpose,
            row.how,
            f"by {row.disclosed_by}" if row.disclosed_by else "",
        ]
        about += ["" if row.is_accountable else "not in the accounting"]
        told = "  ·  ".join(part for part in about if part)
        column.addWidget(Text(told, "muted", wrap=True))
        self.setAccessibleName(f"Disclosed {day} to {row.recipient}: {told}")


def asked_by(row: RequestRow) -> str:
    """“Records for Case & Law (attorney)”, “Records for the patient”."""
    if row.requester_kind is Requester.PATIENT:
        return f"Records for {row.requester}"
    return f"Records for {row.requester} ({REQUESTER_WORDS[row.requester_kind].lower()})"


def clock_words(row: RequestRow, formats: Formats) -> str:
    """“Open, due 04/10/2026: 30 days left”, “Released 03/11/2026”."""
    word = STATUS_WORDS[row.status]
    if row.status.is_open:
        return f"{word}, due {formats.date(row.due_on)}: {days_left_words(row.days_left)}"
    return f"{word} {formats.date(row.closed_on)}" if row.closed_on else word


def facts(row: RequestRow, formats: Formats) -> list[str]:
    """Everything else that is known of a request, line by line."""
    span = words.period(formats, row.from_on, row.to_on)
    first = [f"Received {formats.date(row.received_on)}", DELIVERY_WORDS[row.deliver_how].lower()]
    lines = ["  ·  ".join(first)]
    wanted = [row.wanted, span, row.purpose]
    lines.append("  ·  ".join(part for part in wanted if part))
    if row.extended_on:
        lines.append(f"Extended {formats.date(row.extended_on)}: {row.extension_reason}")
    lines.append(row.refusal_reason)
    money = []
    if row.package_pages:
        money.append(f"Package of {counted(row.package_pages, 'page')}")
    if row.fee_cents:
        paid = f"paid {formats.date(row.fee_paid_on)}" if row.fee_paid_on else "not paid yet"
        money.append(f"fee {words.money(row.fee_cents)}, {paid}")
    told = "  ·  ".join(money)
    lines += [told[:1].upper() + told[1:], row.note]
    return [line for line in lines if line]
