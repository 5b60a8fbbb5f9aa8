"""The directory: physicians, hospitals, laboratories, pharmacies and payers, one entry each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from medsec_desktop.domain.identifiers import Npi, Taxonomy
from medsec_desktop.domain.people import fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Journalled, Organization, Payer, Provider
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.patients.merge_rows import (
    Reference,
    ids_of,
    is_limited,
    would_stand_twice,
)
from medsec_desktop.services.practice import checks
from medsec_desktop.services.saving import insert_row, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Changes, Session

KINDS = {"physician": "Physician", "organization": "Organization", "payer": "Payer"}
ORGANIZATION_KINDS = {
    "practice": "Practice",
    "hospital": "Hospital",
    "laboratory": "Laboratory",
    "pharmacy": "Pharmacy",
    "imaging": "Imaging center",
    "therapy": "Therapy",
    "other": "Other",
}
_TABLES: dict[str, type[Journalled]] = {
    "physician": Provider,
    "organization": Organization,
    "payer": Payer,
}
_ADDRESS = (
    "line1",
    "line2",
    "city",
    "state",
    "postal_code",
    "phone",
    "fax",
    "email",
    "portal",
    "note",
)
_COLUMNS = {
    "physician": (
        "family_name", "given_name", "credential", "specialty", "organization_id", "npi", "taxonomy",
        *_ADDRESS,
    ),
    "organization": ("name", "kind", "npi", *_ADDRESS),
    "payer": ("name", "payer_number", *_ADDRESS),
}  # fmt: skip
_NEVER_FILLED = ("kind", "note")  # by a merge: one is always said, the other is put together


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry as its form hands it in; what its kind does not have stays empty. `id` 0: a new one."""

    kind: str = "physician"
    name: str = ""
    family_name: str = ""
    given_name: str = ""
    credential: str = ""
    specialty: str = ""
    organization_kind: str = "practice"
    organization_id: int | None = None
    npi: str = ""
    taxonomy: str = ""
    payer_number: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    portal: str = ""
    note: str = ""
    id: int = 0
    version: int = 0

    @property
    def called(self) -> str:
        """As a sentence names it: `Amy Chen, MD`, `Lakeside Hospital`."""
        if self.kind != "physician":
            return self.name
        full = " ".join(part for part in (self.given_name, self.family_name) if part)
        return ", ".join(part for part in (full, self.credential) if part)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as the list shows it."""

    kind: str
    id: int
    name: str  # as a sorted list shows it: `Chen, Amy, MD`
    detail: str  # specialty, or what sort of organization
    place: str
    phone: str
    fax: str
    npi: str
    is_active: bool
    is_ours: bool  # somebody who works here: looked up here, changed in the settings

    @property
    def key(self) -> tuple[str, int]:
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """Two entries that may be one, and why one would think so."""

    one: EntryRow
    other: EntryRow
    why: str

    @property
    def keep(self) -> EntryRow:
        """The one to be kept: who works here, else the first."""
        return self.other if self.other.is_ours else self.one

    @property
    def gone(self) -> EntryRow:
        return self.one if self.other.is_ours else self.other

    @property
    def key(self) -> tuple[str, int, int]:
        return self.one.kind, self.one.id, self.other.id


class Directory:
    """Everybody may look; writing needs the right to change patients' files, where it is used."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._known: tuple[tuple[EntryRow, tuple[str, ...], str], ...] | None = None
        session.subscribe(self._forget)

    # -- reading --------------------------------------------------------------------------------

    def find(
        self, text: str = "", kind: str = "", *, with_retired: bool = False
    ) -> tuple[EntryRow, ...]:
        """Entries in which every word typed begins some word, by name; safe in any thread."""
        typed = fold(text).split()
        digits = "".join(filter(str.isdigit, text))
        is_number = len(digits) >= 4 and not any(each.isalpha() for each in text)
        return tuple(
            row
            for row, words, numbers in self._all()
            if (not kind or row.kind == kind)
            and (with_retired or row.is_active)
            and (
                all(any(word.startswith(each) for word in words) for each in typed)
                or (is_number and digits in numbers)
            )
        )

    def entry(self, kind: str, entry_id: int) -> EntryDraft:
        """An entry as a form edits it. Raises Conflict where it is gone."""
        columns = _COLUMNS[kind]
        table = _TABLES[kind]._meta.table_name
        row = self._db.one(
            f"SELECT id, version, {', '.join(columns)} FROM {table}"
            " WHERE id = ? AND merged_into_id IS NULL",
            (entry_id,),
        )
        if row is None:
            raise _gone()
        values = dict(zip(("id", "version", *columns), row, strict=True))
        for number in ("phone", "fax"):
            values[number] = self._practice.formats.phone(values[number])
        if kind == "organization":
            values["organization_kind"] = values.pop("kind")
        return EntryDraft(kind=kind, **values)

    def uses(self, kind: str, entry_id: int) -> int:
        """How many records elsewhere name it."""
        return sum(
            int(self._db.value(f"SELECT count(*) FROM {table} WHERE {column} = ?", (entry_id,)))
            for table, column in self._pointing(kind)
        )

    def organizations(self) -> tuple[tuple[int, str], ...]:
        """Where a physician may belong: number and name of each that is in use."""
        return tuple(
            self._db.rows(
                "SELECT id, name FROM organization WHERE is_active AND merged_into_id IS NULL"
                " ORDER BY name COLLATE NOCASE"
            )
        )

    def alike(self) -> tuple[AlikeRow, ...]:
        """Pairs that may be one entry written twice: the same NPI, or the same name and nothing
        that tells them apart. Long work with thousands of entries: ask in a job."""
        rows = [row for row, _, _ in self._all() if row.is_active]
        npis, names = defaultdict(list), defaultdict(list)
        for row in rows:
            if row.npi:
                npis[row.kind, row.npi].append(row)
            names[row.kind, fold(row.name)].append(row)
        pairs: dict[tuple[tuple[str, int], tuple[str, int]], AlikeRow] = {}
        for group in npis.values():
            for one, other in combinations(group, 2):
                pairs[one.key, other.key] = AlikeRow(one, other, "the same NPI")
        for group in names.values():
            for one, other in combinations(group, 2):
                if not _apart(one, other):
                    pairs.setdefault(
                        (one.key, other.key), AlikeRow(one, other, _why_alike(one, other))
                    )
        return tuple(sorted(pairs.values(), key=lambda pair: (pair.one.name, pair.other.name)))

    # -- writing --------------------------------------------------------------------------------

    def save(self, draft: EntryDraft) -> int:
        """Keep an entry; its number. Raises Invalid naming the field, Conflict, NotAllowed."""
        draft = self._checked(draft)
        label = f"{'Change' if draft.id else 'Add'} {draft.called} in the directory"
        values = asdict(draft)
        values["kind"] = draft.organization_kind
        columns = {name: values[name] for name in _COLUMNS[draft.kind]}
        with self._session.change(label, Permission.EDIT_PATIENTS):
            if draft.id:
                self._require_not_ours(draft.kind, draft.id)
                fields = {name.removesuffix("_id"): value for name, value in columns.items()}
                save_row(_TABLES[draft.kind], draft.id, draft.version, **fields)
                return draft.id
            return insert_row(_TABLES[draft.kind], **columns)

    def retire(self, kind: str, entry_id: int, *, is_active: bool = False) -> None:
        """Offer an entry no longer, or again; what names it keeps it. Raises Conflict, NotAllowed."""
        draft = self.entry(kind, entry_id)
        verb = "Take back" if is_active else "Retire"
        with self._session.change(
            f"{verb} {draft.called} in the directory", Permission.EDIT_PATIENTS
        ):
            self._require_not_ours(kind, entry_id)
            save_row(_TABLES[kind], entry_id, draft.version, is_active=is_active)

    def merge(self, kind: str, keep_id: int, gone_id: int) -> int:
        """Make two entries one: everything that names `gone_id` names `keep_id` from now on, and what
        the kept one does not say is taken from the other. How many records were moved.

        Raises Conflict where either is gone or the one given up works here, and NotAllowed.
        """
        if keep_id == gone_id:
            raise Invalid("An entry cannot be merged with itself.")
        keep, gone = self.entry(kind, keep_id), self.entry(kind, gone_id)
        model = _TABLES[kind]
        moved = 0
        label = f"Merge {gone.called} into {keep.called} in the directory"
        with self._session.change(label, Permission.EDIT_PATIENTS):
            self._require_not_ours(kind, gone_id)
            for table, column in self._pointing(kind):
                moved += self._point_to(Reference(table, column), keep_id, gone_id)
            filled = {
                name.removesuffix("_id"): getattr(gone, name)
                for name in _COLUMNS[kind]
                if name not in _NEVER_FILLED and not getattr(keep, name) and getattr(gone, name)
            }
            notes = [note for note in (keep.note, gone.note) if note]
            save_row(model, keep_id, keep.version, **filled, note="\n".join(dict.fromkeys(notes)))
            save_row(model, gone_id, gone.version, is_active=False, merged_into=keep_id)
        return moved

    # -- inside ---------------------------------------------------------------------------------

    def _forget(self, changes: Changes) -> None:
        if changes.touches("provider", "organization", "payer", "setting"):
            self._known = None

    def _all(self) -> tuple[tuple[EntryRow, tuple[str, ...], str], ...]:
        """Every entry by name, with what it is found by; read anew only after one changed, since
        the command box asks at each keystroke."""
        known = self._known
        if known is None:
            known = tuple((row, _words(row), _numbers(row)) for row in self._read())
            self._known = known
        return known

    def _read(self) -> list[EntryRow]:
        phone = self._practice.formats.phone
        rows = [
            EntryRow(
                kind,
                entry_id,
                name,
                detail,
                place,
                phone(tel),
                phone(fax),
                npi,
                bool(active),
                bool(ours),
            )
            for kind, entry_id, name, detail, place, tel, fax, npi, active, ours in self._db.rows(
                "SELECT 'physician', id, family_name || CASE given_name WHEN '' THEN '' ELSE"
                "  ', ' || given_name END || CASE credential WHEN '' THEN '' ELSE"
                "  ', ' || credential END, specialty, trim(city || ' ' || state), phone, fax, npi,"
                "  is_active, is_bookable FROM provider WHERE merged_into_id IS NULL"
                " UNION ALL SELECT 'organization', id, name, kind, trim(city || ' ' || state),"
                "  phone, fax, npi, is_active, 0 FROM organization WHERE merged_into_id IS NULL"
                " UNION ALL SELECT 'payer', id, name, payer_number, trim(city || ' ' || state),"
                "  phone, fax, '', is_active, 0 FROM payer WHERE merged_into_id IS NULL"
            )
        ]
        rows = [
            replace(row, detail=ORGANIZATION_KINDS.get(row.detail, row.detail.capitalize()))
            if row.kind == "organization"
            else row
            for row in rows
        ]
        return sorted(rows, key=lambda row: (fold(row.name), row.kind, row.id))

    def _pointing(self, kind: str) -> list[tuple[str, str]]:
        """Every column of every journalled table that names an entry of this kind, by the schema."""
        table = _TABLES[kind]._meta.table_name
        return [
            (name, column)
            for name, column in self._db.rows(
                'SELECT m.name, f."from" FROM sqlite_master m'
                ' JOIN pragma_foreign_key_list(m.name) f ON f."table" = ?'
                " JOIN pragma_table_info(m.name) v ON v.name = 'version'"
                " WHERE m.type = 'table'",
                (table,),
            )
            if column != "merged_into_id"
        ]

    def _point_to(self, naming: Reference, keep_id: int, gone_id: int) -> int:
        """Have every row of a table that names `gone_id` name `keep_id`; how many.

        What the kept one has already, where a table allows it only once, stays with the one given up.
        """
        said = f"UPDATE {naming.table} SET {naming.column} = ?, version = version + 1"
        if not is_limited(self._db, naming):
            return int(
                self._db.execute(f"{said} WHERE {naming.column} = ?", (keep_id, gone_id)).rowcount
            )
        moved = 0
        for row_id in ids_of(self._db, naming, gone_id):
            if not would_stand_twice(self._db, naming, row_id, keep_id):
                self._db.execute(f"{said} WHERE id = ?", (keep_id, row_id))
                moved += 1
        return moved

    def _require_not_ours(self, kind: str, entry_id: int) -> None:
        if kind == "physician" and self._db.value(
            "SELECT is_bookable FROM provider WHERE id = ?", (entry_id,)
        ):
            raise Conflict(
                "This provider works here.",
                "The directory shows providers of the practice; their details belong to the settings.",
                "Change the details in Settings, Providers and hours.",
            )

    def _checked(self, draft: EntryDraft) -> EntryDraft:
        """The entry in the form it is kept. Raises Invalid naming the field."""
        draft = checks.trimmed(draft)
        if draft.kind not in KINDS:
            raise Invalid(f"There is no kind of entry “{draft.kind}”.", field="kind")
        if draft.kind == "physician" and not draft.family_name:
            raise Invalid("The physician needs a last name.", field="family_name")
        if draft.kind != "physician":
            checks.require_name(draft.name, f"the {draft.kind}")
        if draft.kind == "organization" and draft.organization_kind not in ORGANIZATION_KINDS:
            raise Invalid("Choose what sort of organization it is.", field="organization_kind")
        formats = self._practice.formats
        return replace(
            draft,
            npi=Npi(draft.npi).number if draft.npi else "",
            taxonomy=str(Taxonomy(draft.taxonomy)) if draft.taxonomy else "",
            state=draft.state.upper() if len(draft.state) == 2 else draft.state,
            phone=checks.checked_phone(draft.phone, "phone", formats),
            fax=checks.checked_phone(draft.fax, "fax", formats),
        )


def _words(row: EntryRow) -> tuple[str, ...]:
    return tuple(fold(f"{row.name} {row.detail} {row.place} {row.npi}").split())


def _numbers(row: EntryRow) -> str:
    return " ".join("".join(filter(str.isdigit, each)) for each in (row.phone, row.fax))


def _apart(one: EntryRow, other: EntryRow) -> bool:
    """Whether something both say tells two of one name apart."""
    return any(
        mine and theirs and mine != theirs
        for mine, theirs in (
            (one.npi, other.npi),
            (one.place, other.place),
            (one.phone, other.phone),
        )
    )


def _why_alike(one: EntryRow, other: EntryRow) -> str:
    shared = [
        words
        for words, mine, theirs in (
            ("phone", one.phone, other.phone),
            ("place", one.place, other.place),
        )
        if mine and mine == theirs
    ]
    return " and ".join(["the same name", *shared])


def _gone() -> Conflict:
    return Conflict(
        "This entry is no longer in the directory.",
        "It was taken out, or merged into another.",
        "Look for it again.",
    )
