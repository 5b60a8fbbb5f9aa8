"""Superbills on paper: of one visit or of a day's, with what is known of each; kept, and filed when back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from medsec_desktop.documents.form_sheet import FormCode, FormHead
from medsec_desktop.documents.superbill import Group, Item, Superbill, pages_of, superbills_pdf
from medsec_desktop.domain import form_codes
from medsec_desktop.domain.money import Money
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Document, PrintedForm
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.claims import charge_reading as reading
from medsec_desktop.services.claims.charge_records import DIAGNOSIS, ChargeDetail, dotted
from medsec_desktop.services.documents.records import PDF, Source
from medsec_desktop.services.patients.reading import file_of
from medsec_desktop.services.practice import settings
from medsec_desktop.services.printing import AS_REMEMBERED, Way
from medsec_desktop.services.saving import insert_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office

KIND = "superbill"
_MOST_DIAGNOSES = 40
_OFF = "'cancelled', 'no-show', 'left'"


@dataclass(frozen=True, slots=True)
class Bill:
    """One visit's superbill, drawn and with the code it will be known by."""

    appointment_id: int
    patient_id: int
    code: str
    pages: int
    sheet: Superbill


@dataclass(frozen=True, slots=True)
class Bills:
    """Superbills as they will print: what one looks at is what comes out."""

    bills: tuple[Bill, ...]
    pdf: bytes
    title: str  # names no patient


class Superbills:
    """Draws and prints them for one practice."""

    def __init__(self, office: Office, random: Callable[[int], bytes] = secrets.token_bytes):
        self._office = office
        self._session = office.session
        self._db = office.session.db
        self._random = random

    def of_visit(self, appointment_id: int) -> Bills:
        """The superbill of one visit. Raises Conflict where it is gone, Invalid where it is off."""
        return self._drawn((appointment_id,), "Superbill")

    def of_day(self, day: date, provider_id: int | None = None) -> Bills:
        """Those of a day's visits in the order of the day; Invalid where there are none."""
        rows = self._db.rows(
            f"SELECT id FROM appointment WHERE starts_at >= ? AND starts_at < ?"
            f" AND status NOT IN ({_OFF}) AND (?3 IS NULL OR provider_id = ?3)"
            " ORDER BY starts_at, id",
            (day.isoformat(), (day + timedelta(days=1)).isoformat(), provider_id),
        )
        if not rows:
            raise Invalid(
                f"There are no visits on {self._office.formats.long_date(day)}.",
                remedy="Go to another day first.",
                field="day",
            )
        return self._drawn([number for (number,) in rows], "Superbills of a day")

    def print(self, bills: Bills, way: Way = AS_REMEMBERED) -> str:
        """Keep them as forms that file themselves when they come back, and print them; the printer.

        Raises Unavailable; what was made is then kept to be printed again.
        """
        forms = self._office.printed_forms
        ids = self._keep(bills)
        one = bills.bills[0].patient_id if len(bills.bills) == 1 else None
        printer = self._office.printing.print_pdf(
            bills.pdf,
            "documents",
            way,
            title=bills.title,
            patient_id=one,
            about=f"form:{','.join(map(str, ids))}",
        )
        forms.went_out(ids)
        return printer

    # -- inside -------------------------------------------------------------------------------

    def _keep(self, bills: Bills) -> list[int]:
        now = self._session.clock.now().strftime("%Y-%m-%dT%H:%M")
        files = Files.of(self._db)
        pages = [(bill, superbills_pdf([bill.sheet])) for bill in bills.bills]
        kept = [(bill, pdf, files.put(pdf)) for bill, pdf in pages]
        count = "a superbill" if len(kept) == 1 else f"{len(kept)} superbills"
        ids = []
        one = kept[0][0].patient_id if len(kept) == 1 else None
        with self._session.change(f"Make {count}", Permission.EDIT_CHARGES, patient_id=one):
            for bill, pdf, sha256 in kept:
                printed = insert_row(
                    Document,
                    patient_id=bill.patient_id,
                    kind="form",
                    title="Superbill (form)",
                    media_type=PDF,
                    sha256=sha256,
                    size_bytes=len(pdf),
                    pages=bill.pages,
                    filed_at=now,
                    source=str(Source.PRINTED),
                )
                ids.append(
                    insert_row(
                        PrintedForm,
                        code=bill.code,
                        kind=KIND,
                        patient_id=bill.patient_id,
                        appointment_id=bill.appointment_id,
                        title="Superbill",
                        pages=bill.pages,
                        made_at=now,
                        printed_document_id=printed,
                    )
                )
        return ids

    def _drawn(self, ids: Sequence[int], title: str) -> Bills:
        self._session.require(Permission.EDIT_CHARGES, "print superbills")
        bills = tuple(self._bill(number) for number in ids)
        return Bills(bills, superbills_pdf([bill.sheet for bill in bills], title), title)

    def _bill(self, appointment_id: int) -> Bill:
        today = self._session.clock.today()
        visit = reading.visit(self._db, appointment_id, today)
        file = file_of(self._db, visit.patient_id, today, self._office.formats) if visit else None
        if visit is None or file is None:
            raise Conflict("This visit is no longer there.")
        detail = reading.detail(self._db, visit)
        formats = self._office.formats
        day = visit.starts_at.date()
        phone = formats.phone(file.phones[0].number) if file.phones else ""
        born = formats.birth(file.birth)
        code = form_codes.code_from(self._random(form_codes.RANDOM_BYTES))
        sheet = Superbill(
            self._head(),
            formats.date(today),
            file.name.full,
            (born, f"Chart {file.chart_number}", phone),
            (f"{formats.short_date(day)}, {formats.time(visit.starts_at)}", visit.provider_name,
             visit.type_name, visit.reason),
            self._insurance(visit.coverage_id),
            visit.billing_alerts,
            (*self._procedures(detail, day), *self._diagnoses(detail, day)),
        )  # fmt: skip
        pages = pages_of(sheet)
        texts = tuple(form_codes.barcode_text(code, number) for number in range(1, pages + 1))
        coded = replace(sheet, code=FormCode(texts, form_codes.spoken(code)))
        return Bill(appointment_id, visit.patient_id, code, pages, coded)

    def _head(self) -> FormHead:
        practice = self._office.practice
        profile = practice.profile()
        return FormHead(
            profile.name,
            profile.address_lines,
            profile.phone,
            profile.paper,
            mark="DEMO" if practice.get(settings.IS_DEMO) else "",
        )

    def _insurance(self, coverage_id: int | None) -> tuple[str, ...]:
        if coverage_id is None:
            return ("No insurance on this day",)
        name, plan, member, copay = self._db.rows(
            "SELECT y.name, c.plan_name, c.member_id, c.copay_cents FROM coverage c"
            " JOIN payer y ON y.id = c.payer_id WHERE c.id = ?",
            (coverage_id,),
        )[0]
        return (name, plan, member, f"copay ${Money(copay)}" if copay else "")

    def _procedures(self, detail: ChargeDetail, day: date) -> list[Group]:
        office = self._office
        lines = detail.last.lines if detail.last is not None else ()
        last = {(line.code, " ".join(line.modifiers)) for line in lines}
        groups: dict[str, list[Item]] = {}
        for row in office.procedures.on(day):
            draft = row.draft
            fee = office.fees.fee(draft.code, draft.modifiers.split(), detail.visit.payer_id, day)
            groups.setdefault(draft.section or "Services", []).append(
                Item(
                    row.written,
                    draft.words,
                    str(Money(fee.cents)) if fee is not None else "",
                    (draft.code, draft.modifiers) in last,
                )
            )
        return [Group(title, tuple(items)) for title, items in groups.items()]

    def _diagnoses(self, detail: ChargeDetail, day: date) -> list[Group]:
        """The patient's own first, then the provider's favourites."""
        search = self._office.code_search
        own = detail.earlier
        last = set(detail.last.diagnoses) if detail.last else set()
        favourites = self._office.favourites.of(detail.visit.provider_id, DIAGNOSIS)
        words = {row.code: row.words for row in favourites}
        liked = [row.code for row in favourites if row.code not in own]

        def items(codes: Sequence[str]) -> tuple[Item, ...]:
            return tuple(
                Item(
                    dotted(code),
                    words.get(code) or search.hit(DIAGNOSIS, code, "", day).words,
                    was_last_time=code in last,
                )
                for code in codes[:_MOST_DIAGNOSES]
            )

        return [
            Group("Diagnoses of before: which first?", items(own), True),
            Group("Diagnoses", items(liked), True),
        ]
