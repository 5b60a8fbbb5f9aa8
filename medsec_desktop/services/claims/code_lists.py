"""Public code lists as they are taken in: HCPCS Level II from CMS's own file, with its modifiers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.exchange import hcpcs
from medsec_desktop.exchange.hcpcs import HcpcsCode, HcpcsList
from medsec_desktop.exchange.text import encoding_of, open_bytes, open_text
from medsec_desktop.models import CodeList, ListedCode
from medsec_desktop.problems import Invalid
from medsec_desktop.services.claims.charge_records import TakenIn
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session

HCPCS, MODIFIER = "hcpcs", "modifier"


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A list as it was taken in last."""

    name: str
    file_name: str
    codes: int
    taken_in_at: str
    taken_in_by: str
    note: str
    valid_from_on: date | None


@dataclass(frozen=True, slots=True)
class HcpcsPlan:
    """What a file of CMS holds, before it is taken in."""

    path: Path
    release: HcpcsList
    ended: int  # of its codes, by today

    @property
    def codes(self) -> int:
        return sum(not one.is_modifier for one in self.release.codes)

    @property
    def modifiers(self) -> int:
        return sum(one.is_modifier for one in self.release.codes)

    @property
    def newest_on(self) -> date | None:
        """The latest day on which something in it came into force."""
        days = [one.effective_on for one in self.release.codes if one.effective_on is not None]
        return max(days, default=None)


class CodeLists:
    """The lists of a practice."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def release(self) -> ReleaseRow | None:
        """The HCPCS release in use; None where none was taken in."""
        row = self._db.one(
            "SELECT name, file_name, codes, taken_in_at, taken_in_by, note, valid_from_on"
            " FROM code_list WHERE kind = 'hcpcs' ORDER BY id DESC LIMIT 1"
        )
        if row is None:
            return None
        name, file_name, codes, taken_in_at, taken_in_by, note, valid_from = row
        return ReleaseRow(name, file_name, codes, taken_in_at, taken_in_by, note, _day(valid_from))

    def look(self, path: Path) -> HcpcsPlan:
        """What `path` holds. Raises Invalid, saying what else it seems to be, and Unavailable."""
        _refuse_foreign(path)
        release = hcpcs.read(path)
        if not release.codes:
            raise Invalid(
                f"“{path.name}” has no code in it.", remedy="Choose another file.", field="path"
            )
        today = self._session.clock.today()
        ended = sum(
            not one.is_modifier and one.ended_on is not None and one.ended_on < today
            for one in release.codes
        )
        return HcpcsPlan(path, release, ended)

    def take_in(self, plan: HcpcsPlan, progress: Progress | None = None) -> TakenIn:
        """Make this release the one in use; what was typed here is left alone.

        A code it no longer has is offered no more, and stays in what was written with it. All or
        nothing: where `progress` stops it, the release before stays. Raises NotAllowed.
        """
        told = progress or Quiet()
        newest = plan.newest_on
        known = {
            (kind, code): (row_id, version, values, bool(is_own))
            for row_id, version, kind, code, is_own, *values in self._db.rows(
                "SELECT id, version, kind, code, is_own, words, short_words, starts_on, ends_on,"
                " coverage, is_active FROM listed_code WHERE kind IN ('hcpcs', 'modifier')"
            )
        }
        counts = {"added": 0, "changed": 0, "same": 0}
        total = len(plan.release.codes)
        label = f"Take in HCPCS from {plan.path.name}"
        with self._session.change(label, Permission.EDIT_SETTINGS):
            list_id = insert_row(
                CodeList,
                kind=HCPCS,
                name=f"In force {newest.isoformat()}" if newest is not None else "",
                file_name=plan.path.name,
                valid_from_on=newest.isoformat() if newest is not None else None,
                codes=total,
                taken_in_at=self._session.clock.now().strftime("%Y-%m-%dT%H:%M"),
                taken_in_by=self._session.user.name,
                note=f"{plan.release.dental} dental codes left out" if plan.release.dental else "",
            )
            for at, one in enumerate(plan.release.codes, start=1):
                told.report(at, total, one.code)
                kind = MODIFIER if one.is_modifier else HCPCS
                found = known.pop((kind, one.code), None)
                values = _values(one)
                if found is None:
                    insert_row(ListedCode, kind=kind, code=one.code, code_list_id=list_id, **values)
                    counts["added"] += 1
                elif found[3] or found[2] == list(values.values()):
                    counts["same"] += 1
                else:
                    save_row(ListedCode, found[0], found[1], code_list_id=list_id, **values)
                    counts["changed"] += 1
            retired = 0
            for row_id, version, values_there, is_own in known.values():
                if not is_own and values_there[-1]:
                    save_row(ListedCode, row_id, version, is_active=False)
                    retired += 1
        return TakenIn(
            **counts,
            dental=plan.release.dental,
            retired=retired,
            refused=plan.release.problems,
        )


def _values(one: HcpcsCode) -> dict[str, object]:
    return {
        "words": one.words,
        "short_words": one.short_words,
        "starts_on": one.added_on.isoformat() if one.added_on is not None else None,
        "ends_on": one.ended_on.isoformat() if one.ended_on is not None else None,
        "coverage": one.coverage,
        "is_active": 1,
    }


def _refuse_foreign(path: Path) -> None:
    """Raise Invalid, saying what it is rather, where a file is not in the layout of CMS."""
    with open_bytes(path) as file:
        magic = file.read(8)
    with open_text(path, encoding_of(path)) as text:
        head = text.read(64 * 1024)
    if hcpcs.looks_like_hcpcs(head):
        return
    if not head.strip("\ufeff \t\r\n\0"):
        raise Invalid(f"“{path.name}” is empty.", remedy="Download it again.", field="path")
    why = "Its lines are not in the layout of CMS’s HCPCS file (320 characters, the code first)."
    if magic.startswith(b"PK\x03\x04"):
        why = "It is an archive or a workbook."
    elif head.lstrip("\ufeff \r\n").startswith("<"):
        why = "It is a web page."
    elif any(mark in head.split("\n", 1)[0] for mark in ",;\t"):
        why = "It is a table; your own procedures and fees are taken in on pages of their own."
    raise Invalid(
        f"“{path.name}” is not the HCPCS list of CMS.",
        why,
        "Unpack CMS’s quarterly file and choose the text file named HCPC…ANWEB.txt.",
        field="path",
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
