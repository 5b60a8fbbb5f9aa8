"""What each column of a table is: guessed from its heading, or as somebody said once."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from medsec_desktop.domain.people import PartialDate
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.exchange.columns import BY_KEY, CUSTOM, TARGETS, Mapping, Target, key_of
from medsec_desktop.exchange.quarantine import Quarantined
from medsec_desktop.exchange.records import PatientRecord
from medsec_desktop.exchange.table_look import TableLook, look_through
from medsec_desktop.exchange.text import encoding_in_words
from medsec_desktop.models import ImportMapping
from medsec_desktop.services.session import Session

__all__ = ["Mapping", "Mappings", "PreviewRow", "TableChoice", "Target"]

_SEPARATOR_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One of the first rows as the mapping at hand reads it; `problem` says why it would stay out."""

    row: int
    name: str = ""
    birth: PartialDate | None = None
    sex: str = ""
    phone: str = ""
    address: str = ""
    insurance: str = ""
    rest: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TableChoice:
    """A table and the mapping offered for it."""

    look: TableLook
    mapping: Mapping
    is_remembered: bool
    today: date

    @property
    def facts(self) -> str:
        """How it is written: “Windows-1252, separated by semicolons”."""
        separator = _SEPARATOR_WORDS.get(self.look.separator, self.look.separator)
        return f"{encoding_in_words(self.look.encoding)}, separated by {separator}"

    def ordered(self, mapping: Mapping, asked: str = "") -> Mapping:
        """`mapping` with the order of its dates: `asked` where the dates themselves do not say."""
        told = self.look.date_order(mapping)
        return replace(mapping, date_order=told or asked)

    def asks_for_order(self, mapping: Mapping) -> bool:
        """Whether a person must say if the day or the month comes first."""
        return not self.look.date_order(mapping)

    def example_date(self, mapping: Mapping) -> str:
        """A date of the file that reads two ways."""
        for column, target in zip(self.look.columns, mapping.targets, strict=True):
            if target in ("birth", "deceased_on", "subscriber_birth") and column.signs.needs_order:
                return column.samples[0] if column.samples else ""
        return ""

    def preview(self, mapping: Mapping, rows: int = 8) -> tuple[PreviewRow, ...]:
        """The first rows as this mapping reads them."""
        return tuple(_preview_row(one) for one in self.look.preview(mapping, self.today)[:rows])


class Mappings:
    """Offers a mapping for a table, and keeps the one that served."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def offer(self, path: Path) -> TableChoice:
        """Look through a table. Raises Invalid where it is none, Unavailable if unreadable."""
        look = look_through(path)
        guessed = look.guessed()
        kept = self._kept(guessed)
        mapping = kept or guessed
        return TableChoice(look, mapping, kept is not None, self._session.clock.today())

    def custom_names(self) -> tuple[str, ...]:
        """The practice's own fields, which a column can become."""
        return tuple(
            name
            for (name,) in self._db.rows(
                "SELECT name FROM custom_field WHERE is_active ORDER BY position, name"
            )
        )

    def keep(self, mapping: Mapping) -> None:
        """Have tables headed like this read so from now on, without being asked."""
        headings = json.dumps(key_of(mapping.columns), ensure_ascii=False)
        known = self._kept(mapping)
        if known is not None and known.targets == mapping.targets:
            return
        targets = {
            str(at): target
            for at, (name, target) in enumerate(zip(mapping.columns, mapping.targets, strict=True))
            if key_of((name,))
        }
        text = json.dumps({"targets": targets}, ensure_ascii=False)
        with self._session.change("Keep what the columns of a table are", Permission.IMPORT_DATA):
            row = ImportMapping.get_or_none(ImportMapping.headings == headings)
            if row is None:
                ImportMapping.create(headings=headings, mapping=text)
            else:
                ImportMapping.update(version=row.version + 1, mapping=text).where(
                    ImportMapping.id == row.id
                ).execute()

    def _kept(self, guessed: Mapping) -> Mapping | None:
        headings = json.dumps(key_of(guessed.columns), ensure_ascii=False)
        text = self._db.value("SELECT mapping FROM import_mapping WHERE headings = ?", (headings,))
        if text is None:
            return None
        kept: dict[str, str] = json.loads(text)["targets"]
        in_order = [kept[at] for at in sorted(kept, key=int)]
        targets = list(guessed.targets)
        theirs = [at for at, name in enumerate(guessed.columns) if key_of((name,))]
        for at, target in zip(theirs, in_order, strict=True):
            if target in BY_KEY or target.startswith(CUSTOM) or not target:
                targets[at] = target
        return replace(guessed, targets=tuple(targets))


def targets() -> tuple[Target, ...]:
    """Everything a column can become, in the order of a patient's file."""
    return TARGETS


def _preview_row(one: PatientRecord | Quarantined) -> PreviewRow:
    if isinstance(one, Quarantined):
        return PreviewRow(one.origin.row, problem=one.sentence)
    home = one.home
    where = (home.line1, home.line2, home.city, " ".join((home.state, home.postal_code)).strip())
    policies = (f"{policy.payer_name} {policy.member_id}".strip() for policy in one.policies)
    rest = [one.email, *(f"{person.name} ({_role(person)})" for person in one.people)]
    rest += [f"{name}: {value}" for name, value in one.custom]
    rest += [one.note.replace("\n", " · ")]
    from medsec_desktop.services.imports.people import name_of

    return PreviewRow(
        one.origin.row,
        name_of(one).listed,
        PartialDate.from_iso(one.birth_date) if one.birth_date else None,
        one.sex,
        ", ".join(phone.number for phone in one.phones),
        ", ".join(part for part in where if part),
        ", ".join(policies),
        " · ".join(part for part in rest if part),
    )


def _role(person: object) -> str:
    return "owes" if getattr(person, "is_guarantor", False) else "in an emergency"
