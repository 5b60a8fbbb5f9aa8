"""What claims need to know of payers, clearing houses, and the numbers the practice is known by."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.claims import deadlines
from medsec_desktop.domain.claims.form import Totals
from medsec_desktop.domain.claims.rules_of_people import FILINGS
from medsec_desktop.domain.claims.scrubbing import PayerRules
from medsec_desktop.domain.identifiers import TaxId, Taxonomy
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.edi import envelope
from medsec_desktop.models import BillingNumber, ClearingHouse, PayerRule
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.practice import checks
from medsec_desktop.services.saving import insert_row, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session
    from medsec_desktop.store.database import Database

CORRECTED_DAYS = 180
_CLIA = re.compile(r"\d{2}[A-Z]\d{7}", re.ASCII)
_NAME_PARTS = ("{date}", "{number}", "{batch}")


@dataclass(frozen=True, slots=True)
class PayerRuleDraft:
    """What one payer wants of claims, as the settings show it and hand it in.

    Days that are None are what is usual; `version` is 0 where nothing was ever set for this payer.
    """

    payer_id: int
    filing: str = ""
    way: str = "paper"
    clearing_house_id: int | None = None
    number_kind: str = "PI"
    member_pattern: str = ""
    member_words: str = ""
    filing_days: int | None = None
    corrected_days: int | None = None
    appeal_days: int | None = None
    filing_source: str = ""
    silent_days: int | None = None
    totals: str = "each sheet"
    lines_at_most: int = 50
    assignment: str = "A"
    telehealth_modifiers: str = "95 GT 93 FQ"
    needs_referrer: bool = False
    needs_authorization: bool = False
    needs_rendering_taxonomy: bool = False
    is_crossing_over: bool = False
    note: str = ""
    id: int = 0
    version: int = 0

    @property
    def days_to_file(self) -> int:
        """Until when from the service; the usual where none is set."""
        return self.filing_days or deadlines.usual_days(self.filing)

    @property
    def days_to_correct(self) -> int:
        return self.corrected_days or CORRECTED_DAYS

    @property
    def sheet_totals(self) -> Totals:
        return Totals(self.totals)

    def for_scrubber(self, *, is_known: bool = True) -> PayerRules:
        """The same as the scrubber's rules ask for it."""
        return PayerRules(
            is_known=is_known,
            filings=(self.filing,) if self.filing else (),
            member_pattern=self.member_pattern,
            member_words=self.member_words,
            filing_days=self.days_to_file,
            telehealth_modifiers=tuple(self.telehealth_modifiers.split()),
            needs_referrer=self.needs_referrer,
            needs_authorization=self.needs_authorization,
            needs_rendering_taxonomy=self.needs_rendering_taxonomy,
            lines_at_most=self.lines_at_most,
        )


@dataclass(frozen=True, slots=True)
class ClearingHouseDraft:
    """A clearing house, or a payer that takes files itself; `id` 0 and `version` 0 when new."""

    name: str
    sender_kind: str = "ZZ"
    sender_id: str = ""
    receiver_kind: str = "ZZ"
    receiver_id: str = ""
    group_sender: str = ""
    group_receiver: str = ""
    submitter_name: str = ""
    submitter_id: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    receiver_name: str = ""
    receiver_number: str = ""
    is_test: bool = True
    wants_acknowledgement: bool = False
    claims_at_most: int = 5000
    out_folder: str = ""
    in_folder: str = ""
    file_pattern: str = ""
    note: str = ""
    is_active: bool = True
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class NumberDraft:
    """A number the practice, a provider or a place is known by; `payer_id` None: at every payer."""

    kind: str
    number: str
    provider_id: int | None = None
    organization_id: int | None = None
    payer_id: int | None = None
    id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number with whose it is and at which payer, as a list shows it."""

    draft: NumberDraft
    whose: str
    payer_name: str  # '' at every payer

    @property
    def id(self) -> int:
        return self.draft.id


NUMBER_KINDS = {
    "EI": "Tax id (EIN)",
    "SY": "Social security number as tax id",
    "X4": "CLIA number",
    "G2": "Number at a payer",
    "0B": "State license",
    "1G": "UPIN",
    "LU": "Location number",
    "PXC": "Taxonomy at a payer",
}


class ClaimSettings:
    """Reads and changes what claims need to know."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice
        self._db = session.db

    # -- payers ---------------------------------------------------------------------------------

    def payer(self, payer_id: int) -> PayerRuleDraft:
        """What this payer wants; what is usual where nothing was set."""
        return payer_rule(self._db, payer_id)

    def save_payer(self, draft: PayerRuleDraft) -> PayerRuleDraft:
        """Keep what a payer wants. Raises Invalid naming the field, NotAllowed, Conflict if stale."""
        draft = self._checked_rule(draft)
        name = self._db.value("SELECT name FROM payer WHERE id = ?", (draft.payer_id,))
        if name is None:
            raise Conflict("This payer is no longer on the list.")
        columns, before = _columns(draft), self.payer(draft.payer_id)
        with self._session.change(f"Change what {name} wants of claims", Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(PayerRule, draft.id, draft.version, **columns)
            elif before.id:
                raise Conflict(
                    f"What {name} wants was set by somebody else meanwhile.",
                    remedy="Look at it, then change it.",
                )
            else:
                insert_row(PayerRule, **columns)
            self._move_deadlines(draft.payer_id, draft.days_to_file - before.days_to_file)
        return self.payer(draft.payer_id)

    def _move_deadlines(self, payer_id: int, days: int) -> None:
        """Give claims that have not left their new last day, where a payer has another limit now."""
        if days:
            self._db.execute(
                "UPDATE claim SET file_until_on = date(file_until_on, ?), version = version + 1"
                " WHERE payer_id = ? AND frequency = '1' AND file_until_on IS NOT NULL"
                " AND status IN ('draft', 'checked', 'ready', 'rejected')",
                (f"{days:+} days", payer_id),
            )

    def _checked_rule(self, draft: PayerRuleDraft) -> PayerRuleDraft:
        draft = checks.trimmed(draft)
        if draft.filing and draft.filing not in FILINGS:
            raise Invalid(
                f"“{draft.filing}” is no claim filing indicator.",
                "It says what kind of payer it is: MB is Medicare Part B, CI commercial.",
                "Choose one from the list.",
                field="filing",
            )
        if draft.way == "file" and draft.clearing_house_id is None:
            raise Invalid(
                "Claims in files need a clearing house.",
                remedy="Choose where the files go, or let this payer get paper.",
                field="clearing_house_id",
            )
        if draft.clearing_house_id is not None and not self._db.value(
            "SELECT 1 FROM clearing_house WHERE id = ?", (draft.clearing_house_id,)
        ):
            raise Invalid("This clearing house is no longer there.", field="clearing_house_id")
        if draft.member_pattern:
            try:
                re.compile(draft.member_pattern, re.ASCII)
            except re.error as error:
                raise Invalid(
                    f"“{draft.member_pattern}” is no pattern.",
                    f"At place {(error.pos or 0) + 1}: {error.msg}.",
                    "[A-Z]{3}[0-9]{9} is three letters and nine digits.",
                    field="member_pattern",
                ) from error
        for field in ("filing_days", "corrected_days", "appeal_days", "silent_days"):
            days = getattr(draft, field)
            if days is not None and not 1 <= days <= 3660:
                raise Invalid("A limit lies between 1 and 3,660 days.", field=field)
        if not 1 <= draft.lines_at_most <= 50:
            raise Invalid("A claim holds from 1 to 50 lines.", field="lines_at_most")
        if draft.totals not in set(Totals):
            raise Invalid("Choose what a claim of several sheets totals.", field="totals")
        return draft

    # -- clearing houses ------------------------------------------------------------------------

    def houses(self, *, retired: bool = False) -> tuple[ClearingHouseDraft, ...]:
        """Where files go, by name; with `retired` also those no longer used."""
        return clearing_houses(self._db, retired=retired)

    def house(self, house_id: int) -> ClearingHouseDraft:
        """One of them. Raises Conflict where it is gone."""
        for house in self.houses(retired=True):
            if house.id == house_id:
                return house
        raise Conflict("This clearing house is no longer there.", "Its adding was undone.")

    def save_house(self, draft: ClearingHouseDraft) -> int:
        """Keep a clearing house; its number. Raises Invalid naming the field, NotAllowed, Conflict."""
        draft = checks.trimmed(draft)
        checks.require_name(draft.name, "the clearing house")
        for field, who in (("sender_id", "Your own id"), ("receiver_id", "Its id")):
            text = getattr(draft, field)
            fewest, most = envelope.ROOM[field]
            if not re.fullmatch(rf"[A-Z0-9 ]{{{fewest},{most}}}", text.upper(), re.ASCII):
                raise Invalid(
                    f"{who} in the header of a file is {fewest} to {most} letters and digits.",
                    remedy="The clearing house tells it when one enrolls.",
                    field=field,
                )
        if not draft.submitter_id:
            raise Invalid("The id of the submitter is missing (loop 1000A).", field="submitter_id")
        if not draft.receiver_number:
            raise Invalid("The receiver’s number is missing (loop 1000B).", field="receiver_number")
        for field in envelope.ROOM:
            if text := getattr(draft, field):
                envelope.fits(field, text)
        if not 1 <= draft.claims_at_most <= 5000:
            raise Invalid("A file holds from 1 to 5,000 claims.", field="claims_at_most")
        _check_pattern(draft.file_pattern)
        label = f"{'Change' if draft.id else 'Add'} clearing house {draft.name}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(ClearingHouse, draft.id, draft.version, **_columns(draft))
                return draft.id
            return insert_row(ClearingHouse, **_columns(draft))

    def remove_house(self, house_id: int) -> None:
        """Take off a clearing house nothing names. Raises Conflict for one in use, NotAllowed."""
        house = self.house(house_id)
        used = self._db.value(
            "SELECT (SELECT count(*) FROM payer_rule WHERE clearing_house_id = ?1)"
            " + (SELECT count(*) FROM claim_batch WHERE clearing_house_id = ?1)",
            (house_id,),
        )
        if used:
            raise Conflict(
                f"{house.name} cannot be removed.",
                "Payers use it, or files went there.",
                "Uncheck “Used” instead; what went there stays readable.",
            )
        with self._session.change(f"Remove clearing house {house.name}", Permission.EDIT_SETTINGS):
            ClearingHouse.delete().where(ClearingHouse.id == house_id).execute()

    # -- numbers --------------------------------------------------------------------------------

    def numbers(
        self, provider_id: int | None = None, organization_id: int | None = None
    ) -> tuple[NumberDraft, ...]:
        """The numbers of a provider or a place; of the practice itself where none is named."""
        return tuple(
            NumberDraft(*row)
            for row in self._db.rows(
                "SELECT kind, number, provider_id, organization_id, payer_id, id, version"
                " FROM billing_number WHERE provider_id IS ? AND organization_id IS ?"
                " ORDER BY payer_id IS NOT NULL, kind, id",
                (provider_id, organization_id),
            )
        )

    def all_numbers(self) -> tuple[NumberRow, ...]:
        """Everybody’s, those of the practice first."""
        return tuple(
            NumberRow(NumberDraft(*row), whose, payer)
            for *row, whose, payer in self._db.rows(
                "SELECT n.kind, n.number, n.provider_id, n.organization_id, n.payer_id, n.id, n.version,"
                " coalesce(d.given_name || ' ' || d.family_name, g.name, 'The practice'),"
                " coalesce(y.name, '') FROM billing_number n"
                " LEFT JOIN provider d ON d.id = n.provider_id"
                " LEFT JOIN organization g ON g.id = n.organization_id"
                " LEFT JOIN payer y ON y.id = n.payer_id"
                " ORDER BY n.provider_id IS NOT NULL, n.organization_id IS NOT NULL, 8, n.kind, n.id"
            )
        )

    def save_number(self, draft: NumberDraft) -> int:
        """Keep a number; its row’s number. Raises Invalid naming the field, NotAllowed, Conflict."""
        draft = _checked_number(checks.trimmed(draft))
        label = f"{'Change' if draft.id else 'Add'} {NUMBER_KINDS[draft.kind]}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(BillingNumber, draft.id, draft.version, **_columns(draft))
                return draft.id
            return insert_row(BillingNumber, **_columns(draft))

    def remove_number(self, number_id: int) -> None:
        """Take a number off. Raises NotAllowed."""
        with self._session.change("Remove a number for claims", Permission.EDIT_SETTINGS):
            BillingNumber.delete().where(BillingNumber.id == number_id).execute()


def payer_rule(db: Database, payer_id: int) -> PayerRuleDraft:
    """What a payer wants of claims; what is usual where nothing was set."""
    names = [one.name for one in fields(PayerRuleDraft)]
    row = db.one(f"SELECT {', '.join(names)} FROM payer_rule WHERE payer_id = ?", (payer_id,))
    if row is None:
        return PayerRuleDraft(payer_id)
    return PayerRuleDraft(**_typed(PayerRuleDraft, dict(zip(names, row, strict=True))))


def clearing_houses(db: Database, *, retired: bool = True) -> tuple[ClearingHouseDraft, ...]:
    """Where files go, by name."""
    names = [one.name for one in fields(ClearingHouseDraft)]
    where = "" if retired else " WHERE is_active"
    return tuple(
        ClearingHouseDraft(**_typed(ClearingHouseDraft, dict(zip(names, row, strict=True))))
        for row in db.rows(
            f"SELECT {', '.join(names)} FROM clearing_house{where} ORDER BY name COLLATE NOCASE, id"
        )
    )


def _checked_number(draft: NumberDraft) -> NumberDraft:
    number = draft.number.upper()
    if draft.kind not in NUMBER_KINDS:
        raise Invalid("Choose what kind of number it is.", field="kind")
    if draft.kind == "EI":
        number = TaxId(number).number
    elif draft.kind == "SY":
        number = re.sub(r"\D", "", number)
        if len(number) != 9:
            raise Invalid("A social security number has nine digits.", field="number")
    elif draft.kind == "PXC":
        number = str(Taxonomy(number))
    elif draft.kind == "X4" and not _CLIA.fullmatch(number):
        raise Invalid("A CLIA number has ten characters like 22D1234567.", field="number")
    if not number:
        raise Invalid("Type the number.", field="number")
    return replace(draft, number=number)


def _check_pattern(pattern: str) -> None:
    """Raise Invalid where a file so called could not be told from the next one, or is no name."""
    if not pattern:
        return
    rest = pattern
    for part in _NAME_PARTS:
        rest = rest.replace(part, "")
    if "{number}" not in pattern and "{batch}" not in pattern:
        raise Invalid(
            "Two files would get the same name.",
            remedy="Let {number} or {batch} stand in it, such as CLAIMS{number}.txt.",
            field="file_pattern",
        )
    if not re.fullmatch(r"[\w .\-]*", rest, re.ASCII):
        raise Invalid(
            "A file’s name has letters, digits, dots and hyphens only.", field="file_pattern"
        )


def _columns(draft: Any) -> dict[str, Any]:
    return {
        one.name: getattr(draft, one.name)
        for one in fields(draft)
        if one.name not in ("id", "version")
    }


def _typed(kind: type, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a row with its truths as such."""
    truths = {one.name for one in fields(kind) if one.type == "bool"}
    return {name: bool(value) if name in truths else value for name, value in values.items()}
