"""Reading and changing what the practice set up: details, settings, providers, types, payers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.coverages import Payer
from medsec_desktop.models.practice import (
    AppointmentType,
    Closure,
    Provider,
    Room,
    WorkingHours,
)
from medsec_desktop.models.practice import Setting as SettingTable
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services import practice as parts
from medsec_desktop.services.practice import settings
from medsec_desktop.services.practice.removal import forget_billing, forget_hours
from medsec_desktop.services.practice.settings import Setting, T, read
from medsec_desktop.services.saving import save_row
from medsec_desktop.services.session import Changes, Session

# The records and their checks come through `parts` when they are first used: Today needs neither.
if TYPE_CHECKING:
    from medsec_desktop.services.practice.records import (
        ClosureDraft,
        ClosureRow,
        HoursRow,
        PayerDraft,
        PayerRow,
        Profile,
        ProviderDraft,
        ProviderRow,
        RoomDraft,
        RoomRow,
        TypeDraft,
        TypeRow,
    )

Record = TypeVar("Record")


class Practice:
    """Reads and changes what the practice set up; every write is one journalled change."""

    def __init__(self, session: Session):
        self._session = session
        self._formats: Formats | None = None
        session.subscribe(self._forget_formats)

    @property
    def formats(self) -> Formats:
        """How this practice writes dates, times and phone numbers."""
        if self._formats is None:
            self._formats = Formats(
                self.get(settings.DATE_ORDER),
                self.get(settings.CLOCK_24H),
                self.get(settings.REGION),
                self.get(settings.PAPER),
            )
        return self._formats

    def _forget_formats(self, changes: Changes) -> None:
        if changes.touches("setting"):
            self._formats = None

    # Settings and profile

    def get(self, setting: Setting[T]) -> T:
        """The practice's choice, or the default where it made none."""
        stored = self._session.db.value("SELECT value FROM setting WHERE name = ?", (setting.name,))
        return read(setting, stored)

    def put(self, setting: Setting[T], value: T) -> None:
        """Decide one setting. Raises Invalid, NotAllowed."""
        checked = setting.checked(value)
        with self._session.change(f"Change “{setting.label}”", needs=Permission.EDIT_SETTINGS):
            self._write_setting(setting.name, checked)

    def profile(self) -> Profile:
        """The practice's details as they are now."""
        stored = dict(self._session.db.rows("SELECT name, value FROM setting"))
        return parts.Profile(
            **{
                field: read(setting, stored.get(setting.name))
                for field, setting in parts.records.PROFILE_SETTINGS.items()
            }
        )

    def save_profile(self, profile: Profile) -> None:
        """Keep the practice's details. Raises Invalid naming the field, NotAllowed."""
        profile = parts.checks.checked_profile(profile)
        before = self.profile()
        if profile == before:
            return
        with self._session.change("Change the practice’s details", needs=Permission.EDIT_SETTINGS):
            for field, setting in parts.records.PROFILE_SETTINGS.items():
                value = setting.checked(getattr(profile, field))
                if value != getattr(before, field):
                    self._write_setting(setting.name, value)

    def _write_setting(self, name: str, value: str | bool | int) -> None:
        text = json.dumps(value, ensure_ascii=False)
        kept = SettingTable.get_or_none(SettingTable.name == name)
        if kept is None:
            SettingTable.create(name=name, value=text)
        elif kept.value != text:
            SettingTable.update(value=text, version=SettingTable.version + 1).where(
                SettingTable.name == name
            ).execute()

    # Providers and hours

    def providers(self, bookable_only: bool = False) -> tuple[ProviderRow, ...]:
        """Everybody who sees patients, in the order of their calendar columns."""
        rows = self._session.db.rows(
            "SELECT id, version, family_name, given_name, credential, specialty, npi,"
            " organization_id, colour, is_bookable, visits_at_once, position, taxonomy FROM provider"
            " WHERE is_bookable OR NOT ? ORDER BY is_bookable DESC, position, family_name, id",
            (int(bookable_only),),
        )
        return tuple(_record(parts.ProviderRow, row) for row in rows)

    def provider(self, provider_id: int) -> ProviderRow:
        """One provider. Raises Conflict when there is no longer such a one."""
        for row in self.providers():
            if row.id == provider_id:
                return row
        raise _gone("provider")

    def save_provider(self, draft: ProviderDraft) -> int:
        """Keep a provider, new or changed; her number. Raises Invalid, Conflict, NotAllowed."""
        draft = parts.checks.checked_provider(draft)
        if draft.npi:
            twin = self._session.db.one(
                "SELECT family_name FROM provider WHERE npi = ? AND id <> ?", (draft.npi, draft.id)
            )
            if twin:
                raise Invalid(
                    f"This NPI already belongs to {twin[0]}.",
                    remedy="Compare both numbers; every provider has an own one.",
                    field="npi",
                )
        label = f"{'Change' if draft.id else 'Add'} provider {draft.family_name}"
        return self._save(Provider, draft, label)

    def remove_provider(self, provider_id: int) -> None:
        """Take away a provider nobody ever booked. Raises Conflict for one with visits."""
        row = self.provider(provider_id)
        visits = self._session.db.value(
            "SELECT (SELECT count(*) FROM appointment WHERE provider_id = ?1)"
            " + (SELECT count(*) FROM encounter WHERE provider_id = ?1)"
            " + (SELECT count(*) FROM patient WHERE primary_provider_id = ?1)"
            " + (SELECT count(*) FROM waiting_entry WHERE provider_id = ?1)"
            " + (SELECT count(*) FROM recall WHERE provider_id = ?1)"
            " + (SELECT count(*) FROM charge_line WHERE ?1 IN (provider_id, ordering_provider_id))"
            " + (SELECT count(*) FROM charge_sheet"
            "    WHERE ?1 IN (referring_provider_id, supervising_provider_id))"
            " + (SELECT count(*) FROM claim WHERE provider_id = ?1)",
            (provider_id,),
        )
        if visits:
            raise Conflict(
                f"{row.name} cannot be removed.",
                f"{visits:,} visits or patients name this provider.",
                "Uncheck “Has a calendar column” instead; the past stays readable.",
            )
        with self._session.change(
            f"Remove provider {row.family_name}", needs=Permission.EDIT_SETTINGS
        ):
            forget_hours("provider", provider_id)
            forget_billing(provider_id=provider_id)
            Provider.delete().where(Provider.id == provider_id).execute()

    def hours(self, provider_id: int) -> tuple[HoursRow, ...]:
        """A provider's weekly hours in order."""
        rows = self._session.db.rows(
            "SELECT weekday, starts_min, ends_min, valid_from_on, valid_to_on FROM working_hours"
            " WHERE provider_id = ? ORDER BY weekday, starts_min, valid_from_on",
            (provider_id,),
        )
        return tuple(_record(parts.HoursRow, row) for row in rows)

    def save_hours(self, provider_id: int, rows: Sequence[HoursRow]) -> None:
        """Replace a provider's weekly hours. Raises Invalid for overlapping or empty stretches."""
        wanted = set(parts.checks.checked_hours(rows))
        before = set(self.hours(provider_id))
        if wanted == before:
            return
        name = self.provider(provider_id).family_name
        with self._session.change(f"Change the hours of {name}", needs=Permission.EDIT_SETTINGS):
            for row in before - wanted:
                WorkingHours.delete().where(
                    WorkingHours.provider == provider_id,
                    WorkingHours.weekday == row.weekday,
                    WorkingHours.starts_min == row.starts_min,
                    WorkingHours.ends_min == row.ends_min,
                    WorkingHours.valid_from_on.is_null()
                    if row.valid_from_on is None
                    else WorkingHours.valid_from_on == row.valid_from_on.isoformat(),
                    WorkingHours.valid_to_on.is_null()
                    if row.valid_to_on is None
                    else WorkingHours.valid_to_on == row.valid_to_on.isoformat(),
                ).execute()
            for row in sorted(wanted - before, key=parts.checks.hours_order):
                WorkingHours.create(
                    provider=provider_id,
                    weekday=row.weekday,
                    starts_min=row.starts_min,
                    ends_min=row.ends_min,
                    valid_from_on=row.valid_from_on and row.valid_from_on.isoformat(),
                    valid_to_on=row.valid_to_on and row.valid_to_on.isoformat(),
                )

    # Appointment types and rooms

    def types(self, active_only: bool = False) -> tuple[TypeRow, ...]:
        """The kinds of appointment, in the order they are offered."""
        rows = self._session.db.rows(
            "SELECT id, version, name, duration_min, colour, buffer_before_min, buffer_after_min,"
            " preparation, room_kind, wait_limit_min, letter, is_active, position"
            " FROM appointment_type"
            " WHERE is_active OR NOT ? ORDER BY is_active DESC, position, name, id",
            (int(active_only),),
        )
        return tuple(_record(parts.TypeRow, row) for row in rows)

    def save_type(self, draft: TypeDraft) -> int:
        """Keep a kind of appointment; its number. Raises Invalid, Conflict, NotAllowed."""
        draft = parts.checks.checked_type(draft)
        if any(
            row.name.casefold() == draft.name.casefold() and row.id != draft.id
            for row in self.types()
        ):
            raise Invalid(
                f"There is already a type “{draft.name}”.",
                remedy="Choose another name, or change that one.",
                field="name",
            )
        label = f"{'Change' if draft.id else 'Add'} appointment type {draft.name}"
        return self._save(AppointmentType, draft, label)

    def remove_type(self, type_id: int) -> None:
        """Take a kind of appointment off the list; one already used is only hidden."""
        named = ("appointment", "waiting_entry", "recall_type", "block_out_type")
        self._remove_or_hide(AppointmentType, type_id, "type_id", named, "appointment type")

    def rooms(self, active_only: bool = False) -> tuple[RoomRow, ...]:
        """The rooms in order."""
        rows = self._session.db.rows(
            "SELECT id, version, name, kind, is_active, position FROM room"
            " WHERE is_active OR NOT ? ORDER BY is_active DESC, position, name, id",
            (int(active_only),),
        )
        return tuple(_record(parts.RoomRow, row) for row in rows)

    def save_room(self, draft: RoomDraft) -> int:
        """Keep a room; its number. Raises Invalid, Conflict, NotAllowed."""
        draft = parts.checks.trimmed(draft)
        parts.checks.require_name(draft.name, "the room")
        if any(
            row.name.casefold() == draft.name.casefold() and row.id != draft.id
            for row in self.rooms()
        ):
            raise Invalid(f"There is already a room “{draft.name}”.", field="name")
        label = f"{'Change' if draft.id else 'Add'} room {draft.name}"
        return self._save(Room, draft, label)

    def remove_room(self, room_id: int) -> None:
        """Take a room off the list; one already used is only hidden."""
        self._remove_or_hide(Room, room_id, "room_id", ("appointment",), "room")

    # Closures

    def closures(self, since: date | None = None) -> tuple[ClosureRow, ...]:
        """Closed days, earliest first; with `since`, only those that end on that day or later."""
        rows = self._session.db.rows(
            "SELECT c.id, c.version, c.name, c.provider_id,"
            " coalesce(trim(p.given_name || ' ' || p.family_name), ''), c.first_on, c.last_on,"
            " c.starts_min, c.ends_min"
            " FROM closure c LEFT JOIN provider p ON p.id = c.provider_id"
            " WHERE c.last_on >= ? ORDER BY c.first_on, c.id",
            (since.isoformat() if since else "",),
        )
        return tuple(_record(parts.ClosureRow, row) for row in rows)

    def save_closure(self, draft: ClosureDraft) -> int:
        """Keep a closure; its number. Raises Invalid when it ends before it begins."""
        draft = parts.checks.trimmed(draft)
        parts.checks.require_name(draft.name, "the closure")
        if draft.last_on < draft.first_on:
            raise Invalid("The closure ends before it begins.", field="last_on")
        label = f"{'Change' if draft.id else 'Add'} closure {draft.name}"
        return self._save(Closure, draft, label)

    def remove_closure(self, closure_id: int) -> None:
        """Open those days again."""
        name = self._session.db.value("SELECT name FROM closure WHERE id = ?", (closure_id,))
        if name is None:
            raise _gone("closure")
        with self._session.change(f"Remove closure {name}", needs=Permission.EDIT_SETTINGS):
            Closure.delete().where(Closure.id == closure_id).execute()

    # Payers

    def payers(self) -> tuple[PayerRow, ...]:
        """The insurers by name, each with how many coverages name it."""
        rows = self._session.db.rows(
            "SELECT p.id, p.version, p.name, p.payer_number, p.line1, p.line2, p.city, p.state,"
            " p.postal_code, p.phone, (SELECT count(*) FROM coverage c WHERE c.payer_id = p.id)"
            " FROM payer p ORDER BY p.name COLLATE NOCASE, p.id"
        )
        return tuple(_record(parts.PayerRow, row) for row in rows)

    def save_payer(self, draft: PayerDraft) -> int:
        """Keep an insurer; its number. Raises Invalid, Conflict, NotAllowed."""
        draft = parts.checks.trimmed(draft)
        parts.checks.require_name(draft.name, "the payer")
        label = f"{'Change' if draft.id else 'Add'} payer {draft.name}"
        return self._save(Payer, draft, label)

    def remove_payer(self, payer_id: int) -> None:
        """Take away an insurer no coverage names. Raises Conflict otherwise."""
        for row in self.payers():
            if row.id == payer_id:
                break
        else:
            raise _gone("payer")
        used = row.coverages or self._session.db.value(
            "SELECT (SELECT count(*) FROM encounter WHERE payer_id = ?1)"
            " + (SELECT count(*) FROM claim WHERE payer_id = ?1)"
            " + (SELECT count(*) FROM claim_batch WHERE payer_id = ?1)"
            " + (SELECT count(*) FROM fee_schedule WHERE payer_id = ?1)",
            (payer_id,),
        )
        if used:
            raise Conflict(
                f"{row.name} cannot be removed.",
                f"{used:,} coverages, visits, claims or fee schedules name it.",
                "Change those first, or keep the payer.",
            )
        with self._session.change(f"Remove payer {row.name}", needs=Permission.EDIT_SETTINGS):
            forget_billing(payer_id=payer_id)
            Payer.delete().where(Payer.id == payer_id).execute()

    # What all of them share

    def _save(self, table: Any, draft: Any, label: str) -> int:
        """Insert or update one row from its draft, as one change."""
        values = {
            field.name: getattr(draft, field.name)
            for field in fields(draft)
            if field.name not in ("id", "version")
        }
        for name, value in values.items():
            if isinstance(value, date):
                values[name] = value.isoformat()
        with self._session.change(label, needs=Permission.EDIT_SETTINGS):
            if draft.id:
                save_row(table, draft.id, draft.version, **values)
                return int(draft.id)
            if "position" in table._meta.fields:
                sql_name = table._meta.table_name
                values["position"] = self._session.db.value(
                    f"SELECT coalesce(max(position) + 1, 0) FROM {sql_name}"
                )
            return int(table.create(**values).id)

    def _remove_or_hide(
        self, table: Any, row_id: int, column: str, named_in: Sequence[str], noun: str
    ) -> None:
        """Delete the row where nothing names it in `column` of those tables, else set it inactive."""
        row = table.get_or_none(table.id == row_id)
        if row is None:
            raise _gone(noun)
        used = any(
            self._session.db.value(
                f"SELECT EXISTS (SELECT 1 FROM {each} WHERE {column} = ?)", (row_id,)
            )
            for each in named_in
        )
        verb = "Hide" if used else "Remove"
        with self._session.change(f"{verb} {noun} {row.name}", needs=Permission.EDIT_SETTINGS):
            if used:
                table.update(is_active=False, version=table.version + 1).where(
                    table.id == row_id
                ).execute()
            else:
                if table is Room:
                    forget_hours("room", row_id)
                table.delete().where(table.id == row_id).execute()

    def move(self, kind: str, row_id: int, by: int) -> None:
        """Move a provider, type or room (`kind`) up (-1) or down (1) in its list."""
        tables: dict[str, Any] = {"provider": Provider, "type": AppointmentType, "room": Room}
        lists: dict[str, list[int]] = {
            "provider": [row.id for row in self.providers(bookable_only=True)],
            "type": [row.id for row in self.types(active_only=True)],
            "room": [row.id for row in self.rooms(active_only=True)],
        }
        table, order = tables[kind], lists[kind]
        if row_id not in order:
            return
        at = order.index(row_id)
        to = min(max(at + by, 0), len(order) - 1)
        if to == at:
            return
        order.insert(to, order.pop(at))
        with self._session.change("Change the order", needs=Permission.EDIT_SETTINGS):
            for position, each in enumerate(order):
                table.update(position=position, version=table.version + 1).where(
                    table.id == each, table.position != position
                ).execute()


def _gone(noun: str) -> Conflict:
    return Conflict(
        f"This {noun} is no longer there.", remedy="The list is shown as it is now; choose again."
    )


def _record(kind: type[Record], row: tuple[Any, ...]) -> Record:
    """A row of a query as the record it is, truth values and dates typed."""
    values = list(row)
    for place, typed in _typed(cast(Any, kind)):
        values[place] = typed(values[place])
    return kind(*values)


@cache
def _typed(kind: type[Any]) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """The fields a query does not give as they are, worked out once for all rows of all lists."""

    def day(text: str | None) -> date | None:
        return None if text is None else date.fromisoformat(text)

    typed: dict[object, Callable[[Any], Any]] = {"bool": bool, "date": day, "date | None": day}
    return tuple(
        (place, typed[field.type])
        for place, field in enumerate(fields(kind))
        if field.type in typed
    )
