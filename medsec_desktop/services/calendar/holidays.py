"""Public holidays: taken over from a published list, then the practice's own to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.hours import PublicHoliday
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar.hours_records import HolidayRow
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.saving import save_row
from medsec_desktop.services.session import Session

Listed = tuple[date, str]  # a day and what it is called


class Holidays:
    """The public holidays of one practice.

    They are rows, so that reading a day of the calendar needs no list and a holiday the practice
    works on stays so. The lists themselves are a library's, imported when first asked for.
    """

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice

    def upcoming(self, since: date) -> tuple[HolidayRow, ...]:
        """Those from `since` on, by date."""
        return tuple(
            HolidayRow(row[0], row[1], date.fromisoformat(row[2]), row[3], row[4], bool(row[5]))
            for row in self._session.db.rows(
                "SELECT id, version, held_on, name, region, is_worked FROM public_holiday"
                " WHERE held_on >= ? ORDER BY held_on, name",
                (since.isoformat(),),
            )
        )

    def take_over(self, region: str, listed: Sequence[Listed], since: date) -> int:
        """Make a region's holidays the practice's, from `since` on; how many are new.

        `region` is a country or a country and its part: "US", "US-MA". Those of another region
        fall away; what the practice said of one that stays, that it works then, is kept.
        """
        wanted = {(day, name) for day, name in listed if day >= since}
        if not wanted:
            raise Invalid("The list holds no holidays from today on.", field="region")
        known = self.upcoming(since)
        kept = {(row.held_on, row.name) for row in known}
        with self._session.change(
            f"Take over the public holidays of {region}", needs=Permission.EDIT_SETTINGS
        ):
            self._practice.put(settings.HOLIDAY_REGION, region)
            for row in known:
                if row.region and (row.held_on, row.name) not in wanted:
                    PublicHoliday.delete().where(PublicHoliday.id == row.id).execute()
            for day, name in sorted(wanted - kept):
                PublicHoliday.create(held_on=day.isoformat(), name=name, region=region)
        return len(wanted - kept)

    def add(self, held_on: date, name: str) -> int:
        """A holiday no list has: Founders' Day. Its number."""
        name = name.strip()
        if not name:
            raise Invalid("Give the holiday a name.", field="name")
        if self._session.db.value(
            "SELECT 1 FROM public_holiday WHERE held_on = ? AND name = ?",
            (held_on.isoformat(), name),
        ):
            raise Invalid(f"“{name}” is already there on that day.", field="name")
        with self._session.change(f"Add holiday {name}", needs=Permission.EDIT_SETTINGS):
            return int(PublicHoliday.create(held_on=held_on.isoformat(), name=name).id)

    def work_on(self, row: HolidayRow, is_worked: bool) -> None:
        """Be open on a holiday all the same, or keep it again."""
        verb = "Work on" if is_worked else "Keep"
        with self._session.change(f"{verb} {row.name}", needs=Permission.EDIT_SETTINGS):
            save_row(PublicHoliday, row.id, row.version, is_worked=is_worked)

    def remove(self, holiday_id: int) -> None:
        """Take one off the list. Raises Conflict when it is gone."""
        name = self._session.db.value("SELECT name FROM public_holiday WHERE id = ?", (holiday_id,))
        if name is None:
            raise Conflict("This holiday is no longer there.")
        with self._session.change(f"Remove holiday {name}", needs=Permission.EDIT_SETTINGS):
            PublicHoliday.delete().where(PublicHoliday.id == holiday_id).execute()


# The published lists


def countries() -> tuple[tuple[str, str], ...]:
    """Every country with a list: its two letters, and its name."""
    from holidays.registry import COUNTRIES

    named = ((codes[1], module.replace("_", " ").title()) for module, codes in COUNTRIES.items())
    return tuple(sorted(named, key=lambda pair: pair[1]))


def subdivisions(country: str) -> tuple[tuple[str, str], ...]:
    """The states or provinces of a country that have holidays of their own, by name."""
    import holidays

    try:
        lists = holidays.country_holidays(country)
    except NotImplementedError:
        return ()
    names = lists.get_subdivision_aliases()
    pairs = ((code, names.get(code, [code])[0]) for code in lists.subdivisions)
    return tuple(sorted(pairs, key=lambda pair: pair[1]))


def listed(country: str, subdivision: str, years: Iterable[int]) -> tuple[Listed, ...]:
    """The public holidays of a country, or of one part of it, in some years. Raises Invalid."""
    import holidays

    try:
        days = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    except NotImplementedError as error:
        raise Invalid(f"There is no list of holidays for “{country}”.", field="region") from error
    return tuple((day, name) for day, names in sorted(days.items()) for name in names.split("; "))
