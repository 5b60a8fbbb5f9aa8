"""To whom a letter may go: the patient, the people around her, her doctors and payers, and the directory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.letters.contents import Contents
from medsec_desktop.services.letters.known import provider_named

if TYPE_CHECKING:
    from medsec_desktop.services.directory import Directory
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_OF_DIRECTORY = {"physician": "provider", "organization": "organization", "payer": "payer"}
_MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class RecipientChoice:
    """Somebody a letter may go to: who that is to the patient, and the lines as they print."""

    kind: str  # patient, guarantor, contact, provider, payer, organization, free
    id: int | None
    role: str  # “Guarantor”, “Referring doctor”, “Payer”
    lines: tuple[str, ...]
    fax: str = ""

    @property
    def name(self) -> str:
        return self.lines[0] if self.lines else ""

    @property
    def has_address(self) -> bool:
        return len(self.lines) > 1

    @property
    def key(self) -> tuple[str, int | None]:
        return self.kind, self.id


class Recipients:
    """Finds them, with their addresses as they hold today."""

    def __init__(self, session: Session, practice: Practice, directory: Directory):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._directory = directory
        self._contents = Contents(session, practice)

    def of_patient(
        self,
        patient_id: int,
        *,
        referral_id: int | None = None,
        records_request_id: int | None = None,
    ) -> tuple[RecipientChoice, ...]:
        """Everybody in her file a letter may go to, each once; first whom a referral or request names."""
        self._session.require(Permission.VIEW_PATIENTS, "see addresses of patients")
        found: dict[tuple[str, int | None, str], RecipientChoice] = {}
        for choice in self._all(patient_id, referral_id, records_request_id):
            same = ("provider" if choice.kind == "provider" else choice.kind, choice.id, "")
            if choice.id is None:
                same = (choice.kind, None, choice.name)
            found.setdefault(same, choice)
        return tuple(found.values())

    def search(self, text: str) -> tuple[RecipientChoice, ...]:
        """The entries of the directory that fit what was typed."""
        rows = self._directory.find(text)[:_MOST_FOUND]
        return tuple(
            choice
            for row in rows
            if (choice := self.one(_OF_DIRECTORY[row.kind], row.id, row.detail)) is not None
        )

    def one(self, kind: str, row_id: int, role: str = "") -> RecipientChoice | None:
        """A physician, organization or payer as a letter addresses it; None where it is gone."""
        if kind == "provider":
            return self._provider(row_id, role or "Doctor")
        table = {"organization": "organization", "payer": "payer"}[kind]
        row = self._db.one(
            "SELECT name, line1, line2, city, state, postal_code, fax"
            f" FROM {table} WHERE id = ? AND merged_into_id IS NULL",
            (row_id,),
        )
        if row is None:
            return None
        said = role or ("Payer" if kind == "payer" else "Organization")
        return RecipientChoice(kind, row_id, said, (row[0], *place_lines(*row[1:6])), row[6])

    def _all(
        self, patient_id: int, referral_id: int | None, request_id: int | None
    ) -> Iterator[RecipientChoice]:
        if referral_id is not None:
            yield from self._of_referral(referral_id)
        if request_id is not None:
            yield from self._of_request(request_id)
        yield RecipientChoice("patient", patient_id, "Patient", self._contents.address(patient_id))
        yield from self._around(patient_id)
        row = self._db.one(
            "SELECT primary_provider_id, referring_provider_id FROM patient WHERE id = ?",
            (patient_id,),
        )
        for provider_id, role in zip(
            row or (), ("Primary doctor", "Referring doctor"), strict=False
        ):
            if provider_id is not None and (choice := self._provider(provider_id, role)):
                yield choice
        today = self._session.clock.today().isoformat()
        for payer_id, rank in self._db.rows(
            "SELECT payer_id, rank FROM coverage WHERE patient_id = ?"
            " AND (ends_on IS NULL OR ends_on >= ?)"
            " ORDER BY CASE rank WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END, id",
            (patient_id, today),
        ):
            if (choice := self.one("payer", payer_id, f"Payer, {rank}")) is not None:
                yield choice

    def _around(self, patient_id: int) -> Iterator[RecipientChoice]:
        for row_id, name, linked, is_guarantor, is_emergency, relation, *place in self._db.rows(
            "SELECT id, name, linked_patient_id, is_guarantor, is_emergency_contact, relation,"
            " line1, line2, city, state, postal_code FROM related_person WHERE patient_id = ?"
            " ORDER BY is_guarantor DESC, is_emergency_contact DESC, position, id",
            (patient_id,),
        ):
            lines = (name, *place_lines(*place))
            if linked is not None and len(lines) == 1:
                lines = self._contents.address(linked)
            roles = ["Guarantor"] if is_guarantor else []
            roles += ["Emergency contact"] if is_emergency else []
            said = ", ".join(roles or [relation.capitalize() or "Related person"])
            yield RecipientChoice("guarantor" if is_guarantor else "contact", row_id, said, lines)

    def _of_referral(self, referral_id: int) -> Iterator[RecipientChoice]:
        row = self._db.one(
            "SELECT other_provider_id, other_organization_id, direction FROM referral WHERE id = ?",
            (referral_id,),
        )
        if row is None:
            return
        role = "Referred to" if row[2] == "out" else "Referred by"
        if row[0] is not None and (choice := self._provider(row[0], role)):
            yield choice
        if row[1] is not None and (place := self.one("organization", row[1], role)):
            yield place

    def _of_request(self, request_id: int) -> Iterator[RecipientChoice]:
        row = self._db.one(
            "SELECT requester, deliver_to, requester_kind FROM records_request WHERE id = ?",
            (request_id,),
        )
        if row is None or row[2] == "patient":
            return
        lines = tuple(line.strip() for line in row[1].split("\n") if line.strip())
        yield RecipientChoice("free", None, "Requested by", lines or (row[0],))

    def _provider(self, provider_id: int, role: str) -> RecipientChoice | None:
        row = self._db.one(
            "SELECT v.given_name, v.family_name, v.credential,"
            " v.line1, v.line2, v.city, v.state, v.postal_code, v.fax,"
            " o.name, o.line1, o.line2, o.city, o.state, o.postal_code, o.fax"
            " FROM provider v LEFT JOIN organization o ON o.id = v.organization_id"
            " WHERE v.id = ? AND v.merged_into_id IS NULL",
            (provider_id,),
        )
        if row is None:
            return None
        place = place_lines(*row[3:8]) or place_lines(*(text or "" for text in row[10:15]))
        lines = tuple(line for line in (provider_named(*row[:3]), row[9] or "", *place) if line)
        return RecipientChoice("provider", provider_id, role, lines, row[8] or row[15] or "")


def place_lines(line1: str, line2: str, city: str, state: str, postal_code: str) -> tuple[str, ...]:
    """An address below a name: the street, and city with state and ZIP; nothing where none is known."""
    region = " ".join(part for part in (state, postal_code) if part)
    place = ", ".join(part for part in (city, region) if part)
    return tuple(line.strip() for line in (line1, line2, place) if line.strip())
