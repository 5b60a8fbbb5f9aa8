"""What a provider codes often, in her order; and what she has coded lately."""

from __future__ import annotations

from medsec_desktop.domain.claims.charges import procedure_code
from medsec_desktop.domain.claims.modifiers import parse_modifiers
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import CodeFavourite
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.claims.charge_records import DIAGNOSIS, PROCEDURE, FavouriteRow, dotted
from medsec_desktop.services.claims.diagnoses import diagnoses
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Changes, Session

_LATELY = 60  # sheets looked through
_MOST_RECENT = 12


class Favourites:
    """Kept in mind per provider: they stand on the screen before anything is typed."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db
        self._known: tuple[FavouriteRow, ...] | None = None
        session.guard(self._forget)  # before any screen is told, whichever asked first
        session.subscribe(self._forget)

    def all(self) -> tuple[FavouriteRow, ...]:
        """Everybody's and each provider's, in their order."""
        if self._known is None:
            self._known = tuple(
                FavouriteRow(*row)
                for row in self._db.rows(
                    "SELECT id, version, provider_id, kind, code, modifiers, words, section, position"
                    " FROM code_favourite ORDER BY position, id"
                )
            )
        return self._known

    def of(self, provider_id: int | None, kind: str) -> tuple[FavouriteRow, ...]:
        """A provider's, then everybody's that are not among them; None asks for everybody's only."""
        rows = [row for row in self.all() if row.kind == kind]
        own = [row for row in rows if provider_id is not None and row.provider_id == provider_id]
        there = {(row.code, row.modifiers) for row in own}
        shared = [
            row
            for row in rows
            if row.provider_id is None and (row.code, row.modifiers) not in there
        ]
        return (*own, *shared)

    def add(
        self, provider_id: int | None, kind: str, code: str, modifiers: str = "", words: str = ""
    ) -> int:
        """Make a code a favourite; the number it has, also where it is one already. Raises Invalid."""
        code, modifiers = self._sound(kind, code, modifiers)
        written = dotted(code) if kind == DIAGNOSIS else code
        for row in self.all():
            if (row.provider_id, row.kind, row.code, row.modifiers) == (
                provider_id, kind, code, modifiers,
            ):  # fmt: skip
                return row.id
        last = max((row.position for row in self.all()), default=-1)
        with self._session.change(f"Add {written} to the favorites", Permission.EDIT_CHARGES):
            return insert_row(
                CodeFavourite,
                provider_id=provider_id,
                kind=kind,
                code=code,
                modifiers=modifiers,
                words=" ".join(words.split()),
                position=last + 1,
            )

    def remove(self, favourite_id: int) -> None:
        """Let it be one code among others."""
        row = self._one(favourite_id)
        written = dotted(row.code) if row.kind == DIAGNOSIS else row.code
        with self._session.change(f"Take {written} off the favorites", Permission.EDIT_CHARGES):
            CodeFavourite.delete().where(CodeFavourite.id == favourite_id).execute()

    def move(self, favourite_id: int, by: int) -> None:
        """Move one up or down among those of its kind and provider."""
        one = self._one(favourite_id)
        rows = [
            row for row in self.all() if (row.provider_id, row.kind) == (one.provider_id, one.kind)
        ]
        at = next(at for at, row in enumerate(rows) if row.id == favourite_id)
        to = min(max(at + by, 0), len(rows) - 1)
        places = [row.position for row in rows]
        rows.insert(to, rows.pop(at))
        with self._session.change("Change the order of favorites", Permission.EDIT_CHARGES):
            for position, row in zip(sorted(places), rows, strict=True):
                if row.position != position:
                    save_row(CodeFavourite, row.id, row.version, position=position)

    def lately(self, provider_id: int | None, kind: str) -> tuple[tuple[str, str], ...]:
        """The codes (and modifiers) of a provider's last sheets, the latest first."""
        column, table = (
            ("code, ''", "charge_diagnosis")
            if kind == DIAGNOSIS
            else ("code, modifiers", "charge_line")
        )
        rows = self._db.rows(
            f"SELECT {column} FROM {table} x JOIN (SELECT s.id FROM charge_sheet s"
            "  JOIN encounter e ON e.id = s.encounter_id WHERE ?1 IS NULL OR e.provider_id = ?1"
            "  ORDER BY s.id DESC LIMIT ?2) lately ON lately.id = x.charge_sheet_id"
            " ORDER BY x.charge_sheet_id DESC, x.position LIMIT 400",
            (provider_id, _LATELY),
        )
        return tuple(dict.fromkeys((code, modifiers) for code, modifiers in rows))[:_MOST_RECENT]

    def _sound(self, kind: str, code: str, modifiers: str) -> tuple[str, str]:
        if kind == PROCEDURE:
            return procedure_code(code), " ".join(parse_modifiers(modifiers))
        found = diagnoses().book.get(code)
        if found is None:
            raise Invalid(f"There is no diagnosis {code} in ICD-10-CM.", field="code")
        if not found.is_billable:
            raise Invalid(
                f"{found.written} is a heading: claims need a code below it.", field="code"
            )
        return found.code, ""

    def _one(self, favourite_id: int) -> FavouriteRow:
        for row in self.all():
            if row.id == favourite_id:
                return row
        raise Conflict("This favorite is no longer there.")

    def _forget(self, changes: Changes) -> None:
        if changes.touches("code_favourite"):
            self._known = None
