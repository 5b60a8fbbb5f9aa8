"""Consents and forms: the kinds a practice asks for, what each patient answered, and what is due."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import ANSWER_WORDS, Answer, Signed, expiry, standing
from medsec_desktop.models import Consent
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.patients.consent_kinds import ConsentKinds
from medsec_desktop.services.patients.names import NAME_COLUMNS, listed_name
from medsec_desktop.services.patients.rights_records import (
    ConsentDraft,
    ConsentDue,
    ConsentRow,
    ConsentStanding,
)
from medsec_desktop.services.saving import insert_row, require_patient, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.session import Session

_MOST_DUE = 2_000


class Consents:
    """The answers on file; a renewal is a new answer, and the old one stays."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db
        self.kinds = ConsentKinds(session)

    # -- reading --------------------------------------------------------------------------------

    def of(self, patient_id: int) -> tuple[ConsentStanding, ...]:
        """Every kind in use with how it stands in this file, and kinds out of use with answers."""
        answers = self._answers(patient_id)
        today = self._session.clock.today()
        found = []
        for kind in self.kinds.all():
            given = answers.get(kind.id, [])
            if not given and not kind.is_active:
                continue
            latest = given[0] if given else None
            how = standing(latest.signed if latest else None, today)
            found.append(ConsentStanding(kind, how, latest, tuple(given[1:])))
        return tuple(found)

    def due_of(self, patient_ids: Iterable[int]) -> dict[int, tuple[ConsentDue, ...]]:
        """By patient, the required kinds that are missing or have expired; two statements for all."""
        ids = tuple(dict.fromkeys(patient_ids))
        kinds = [kind for kind in self.kinds.all() if kind.is_active and kind.is_required]
        if not (ids and kinds):
            return {}
        latest: dict[tuple[int, int], Signed] = {}
        for patient_id, kind_id, answer, signed_on, expires_on in self._db.rows(
            "SELECT patient_id, kind_id, answer, signed_on, expires_on FROM consent"
            " WHERE patient_id IN (SELECT value FROM json_each(?)) ORDER BY signed_on, id",
            (json.dumps(ids),),
        ):
            latest[patient_id, kind_id] = Signed(
                Answer(answer), date.fromisoformat(signed_on), _day(expires_on)
            )
        today, due = self._session.clock.today(), {}
        for patient_id in ids:
            found = []
            for kind in kinds:
                last = latest.get((patient_id, kind.id))
                how = standing(last, today)
                if how.is_due:
                    until = last.expires_on if last else None
                    found.append(ConsentDue(patient_id, kind.id, kind.name, how, until))
            if found:
                due[patient_id] = tuple(found)
        return due

    def due_at_visits(self, days: int) -> tuple[ConsentDue, ...]:
        """What is to be asked of those with a visit from today on for so many days, by visit."""
        today = self._session.clock.today()
        rows = self._db.rows(
            f"SELECT p.id, min(a.starts_at), {NAME_COLUMNS} FROM appointment a"
            " JOIN patient p ON p.id = a.patient_id WHERE a.starts_at >= ? AND a.starts_at < ?"
            " AND a.status IN ('scheduled', 'confirmed', 'arrived', 'in-room')"
            " AND p.merged_into_id IS NULL GROUP BY p.id ORDER BY 2, p.id",
            (today.isoformat(), (today + timedelta(days=days)).isoformat()),
        )
        return self._told(
            {row[0]: (PersonName(*row[2:]).listed, datetime.fromisoformat(row[1])) for row in rows}
        )

    def expired(self) -> tuple[ConsentDue, ...]:
        """The required ones that ran out, of everybody who is still a patient, by name."""
        today = self._session.clock.today().isoformat()
        rows = self._db.rows(
            f"SELECT DISTINCT p.id, {NAME_COLUMNS} FROM consent c JOIN patient p"
            " ON p.id = c.patient_id JOIN consent_kind k ON k.id = c.kind_id"
            " WHERE k.is_active AND k.is_required AND c.expires_on < ? AND p.status = 'active'"
            " AND p.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM consent n"
            "  WHERE n.patient_id = c.patient_id AND n.kind_id = c.kind_id"
            "  AND (n.signed_on, n.id) > (c.signed_on, c.id))"
            f" ORDER BY p.family_name, p.given_name, p.id LIMIT {_MOST_DUE}",
            (today,),
        )
        return self._told({row[0]: (PersonName(*row[1:]).listed, None) for row in rows})

    def papers(self, patient_id: int) -> tuple[tuple[int, str, date], ...]:
        """The filed documents an answer may rest on, newest first: number, title, day."""
        return tuple(
            (number, title, date.fromisoformat(on))
            for number, title, on in self._db.rows(
                "SELECT id, title, coalesce(dated_on, substr(filed_at, 1, 10)) FROM document"
                " WHERE patient_id = ? AND status = 'filed' AND kind NOT IN ('letter', 'photo')"
                " ORDER BY filed_at DESC, id DESC LIMIT 100",
                (patient_id,),
            )
        )

    # -- writing --------------------------------------------------------------------------------

    def record(self, patient_id: int, kind_id: int, answer: Answer = Answer.GIVEN) -> int:
        """The short way: answered today by the patient, holding as long as the kind says."""
        today = self._session.clock.today()
        months = self.kinds.one(kind_id).valid_months if answer is Answer.GIVEN else None
        return self.save(patient_id, ConsentDraft(kind_id, answer, today, expiry(today, months)))

    def save(self, patient_id: int, draft: ConsentDraft) -> int:
        """Write an answer down or put one right; its number.

        Raises Invalid, NotAllowed, and Conflict when stale.
        """
        kind = self.kinds.one(draft.kind_id)
        columns = self._checked(patient_id, draft)
        if draft.id is None and not kind.is_active:
            raise Invalid(f"“{kind.name}” is no longer in use.", field="kind_id")
        name = listed_name(self._db, patient_id)
        word = ANSWER_WORDS[draft.answer].lower()
        label = f"{kind.name} of {name}: {word}"
        if draft.id is not None:
            label = f"Change {kind.name} of {name}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            if draft.id is None:
                return insert_row(Consent, patient_id=patient_id, **columns)
            require_patient(Consent, draft.id, patient_id)
            save_row(Consent, draft.id, draft.version, **columns)
            return draft.id

    def remove(self, patient_id: int, consent_id: int) -> None:
        """Take off an answer that was written down by mistake. Raises Conflict when it is gone."""
        row = self._db.one(
            "SELECT k.name FROM consent c JOIN consent_kind k ON k.id = c.kind_id"
            " WHERE c.id = ? AND c.patient_id = ?",
            (consent_id, patient_id),
        )
        if row is None:
            raise Conflict("This consent is no longer on file.")
        label = f"Remove {row[0]} of {listed_name(self._db, patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            Consent.delete().where(Consent.id == consent_id).execute()

    # -- inside ---------------------------------------------------------------------------------

    def _checked(self, patient_id: int, draft: ConsentDraft) -> dict[str, Any]:
        if draft.signed_on > self._session.clock.today():
            raise Invalid("This day is in the future.", field="signed_on")
        until = draft.expires_on if draft.answer is Answer.GIVEN else None
        if until is not None and until < draft.signed_on:
            raise Invalid("It would run out before it was signed.", field="expires_on")
        if draft.document_id is not None:
            require_filed(self._session, patient_id, draft.document_id, "document_id")
        return {
            "kind_id": draft.kind_id,
            "answer": str(draft.answer),
            "signed_on": draft.signed_on.isoformat(),
            "expires_on": until.isoformat() if until else None,
            "signed_by": " ".join(draft.signed_by.split()),
            "document_id": draft.document_id,
            "note": draft.note.strip(),
        }

    def _answers(self, patient_id: int) -> Mapping[int, list[ConsentRow]]:
        """By kind, the latest answer first."""
        found: dict[int, list[ConsentRow]] = defaultdict(list)
        for row in self._db.rows(
            "SELECT c.id, c.version, c.patient_id, c.kind_id, k.name, c.answer, c.signed_on,"
            " c.expires_on, c.signed_by, c.document_id, coalesce(d.title, ''), c.note"
            " FROM consent c JOIN consent_kind k ON k.id = c.kind_id"
            " LEFT JOIN document d ON d.id = c.document_id WHERE c.patient_id = ?"
            " ORDER BY c.signed_on DESC, c.id DESC",
            (patient_id,),
        ):
            row_id, version, whose, kind_id, name, answer, signed_on, expires_on, *rest = row
            found[kind_id].append(
                ConsentRow(
                    row_id,
                    version,
                    whose,
                    kind_id,
                    name,
                    Answer(answer),
                    date.fromisoformat(signed_on),
                    _day(expires_on),
                    *rest,
                )
            )
        return found

    def _told(self, people: Mapping[int, tuple[str, datetime | None]]) -> tuple[ConsentDue, ...]:
        due = self.due_of(people)
        return tuple(
            ConsentDue(
                each.patient_id, each.kind_id, each.kind_name, each.standing, each.last_on,
                *people[patient_id],
            )
            for patient_id, found in due.items()
            for each in found
        )  # fmt: skip


def require_filed(session: Session, patient_id: int, document_id: int, field: str) -> None:
    """Raise Invalid unless that document is filed with this patient."""
    if not session.db.value(
        "SELECT 1 FROM document WHERE id = ? AND patient_id = ? AND status = 'filed'",
        (document_id, patient_id),
    ):
        raise Invalid("This document is no longer in the file.", field=field)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
