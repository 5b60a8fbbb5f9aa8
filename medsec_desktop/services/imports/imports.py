"""Taking in other people's data: looked at first, then all of it or none."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.exchange.records import ForeignSource
from medsec_desktop.models import ImportRun
from medsec_desktop.problems import Invalid, Unavailable
from medsec_desktop.services.imports.report import (
    AsideRow,
    Choice,
    ImportOptions,
    ImportPlan,
    ImportReport,
)
from medsec_desktop.services.imports.taking import LABEL, Taking
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.session import Session

if TYPE_CHECKING:
    from medsec_desktop.exchange.calendar_events import CalendarFile
    from medsec_desktop.services.calendar import Calendar
    from medsec_desktop.services.imports.visits import VisitTaking

KINDS = {"synthea": "Synthea CSV folder", "icalendar": "calendar file (iCalendar)"}
_DAYS_AHEAD = 366  # how far what repeats is taken in


class _OnlyLooked(Exception):
    """Ends a preview inside its change, which takes everything back."""


class Imports:
    """Previews and runs imports; one run is one change, undone as one."""

    def __init__(
        self,
        session: Session,
        practice: Practice,
        wall_clock: tzinfo | None = None,
        calendar: Callable[[], Calendar] | None = None,
    ):
        """`wall_clock` is the clinic's time zone; None is the zone this computer is set to.

        `calendar` gives the practice's appointment book, which visits are booked into.
        """
        self._session = session
        self._practice = practice
        self._wall_clock = wall_clock
        self._calendar = calendar

    def preview(
        self,
        kind: str,
        path: Path,
        progress: Progress | None = None,
        options: ImportOptions | None = None,
    ) -> ImportPlan:
        """What taking in `path` would do. Reads everything, writes nothing.

        Raises Invalid where `path` is not of this kind, Unavailable where it cannot be read.
        """
        self._session.require(Permission.IMPORT_DATA, "import data")
        chosen = options or ImportOptions()
        if kind == "icalendar":
            return self._preview_visits(path, chosen, progress)
        source = self._source(kind, path, chosen)
        taking = self._taking(source, chosen, {}, progress, writes=False)
        taking.go()
        return ImportPlan(
            kind=kind,
            path=path,
            source=source.name,
            options=chosen,
            tables=taking.tables,
            samples=tuple(taking.samples),
            problems=taking.problems,
            problems_unlisted=taking.problems_unlisted,
            duplicates=tuple(taking.duplicates),
            aside=_aside(source),
            columns_aside=tuple(source.columns_left_aside().items()),
        )

    def run(
        self,
        plan: ImportPlan,
        choices: Mapping[str, Choice] | None = None,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Take in what `plan` describes, in one change; all of it or, when stopped, nothing.

        `choices` says by foreign id what to do with patients who seem to be on file already; for the
        others the plan's option holds. The files are read again, so what changed since shows.
        """
        if plan.kind == "icalendar":
            calendar_file = self._calendar_file(plan.path)
            visits = self._taking_visits(calendar_file, plan.options, progress)
            return self._run(plan, calendar_file.name, visits, progress)
        source = self._source(plan.kind, plan.path, plan.options)
        taking = self._taking(source, plan.options, choices or {}, progress, writes=True)
        return self._run(plan, source.name, taking, progress)

    def _run(
        self,
        plan: ImportPlan,
        name: str,
        taking: Taking | VisitTaking,
        progress: Progress | None,
    ) -> ImportReport:
        label = f"{LABEL}{KINDS[plan.kind]} “{name}”"
        with self._session.change(label, Permission.IMPORT_DATA):
            taking.go()
            if progress is not None:
                progress.report(0, 0, "Finishing: journal and search index")
            report = ImportReport(
                run_id=0,
                operation_id=0,
                kind=plan.kind,
                source=name,
                at=self._session.clock.now().strftime("%Y-%m-%dT%H:%M"),
                by=self._session.user.name,
                tables=taking.tables,
                problems=taking.problems,
                problems_unlisted=taking.problems_unlisted,
                duplicates=tuple(taking.duplicates) if isinstance(taking, Taking) else (),
                aside=plan.aside,
                columns_aside=plan.columns_aside,
                secondary=taking.secondary if isinstance(taking, Taking) else 0,
                guarantors=taking.guarantors if isinstance(taking, Taking) else 0,
            )
            run = ImportRun.create(
                kind=plan.kind,
                source=name,
                report=json.dumps(report.as_dict(), ensure_ascii=False),
            )
        operation_id = self._session.db.value(
            "SELECT operation_id FROM row_change WHERE table_name = 'import_run' AND row_id = ?",
            (run.id,),
        )
        return replace(report, run_id=int(run.id), operation_id=int(operation_id))

    # -- visits ---------------------------------------------------------------------------------

    def _preview_visits(
        self, path: Path, options: ImportOptions, progress: Progress | None
    ) -> ImportPlan:
        """What a calendar file would do: everything is done, and taken back before anybody sees it."""
        source = self._calendar_file(path)
        taking = self._taking_visits(source, options, progress)
        try:
            with self._session.change(f"{LABEL}look at “{source.name}”", Permission.IMPORT_DATA):
                taking.go()
                raise _OnlyLooked
        except _OnlyLooked:
            pass
        return ImportPlan(
            kind="icalendar",
            path=path,
            source=source.name,
            options=options,
            tables=taking.tables,
            samples=(),
            problems=taking.problems,
            problems_unlisted=taking.problems_unlisted,
            duplicates=(),
            aside=tuple(AsideRow(source.name, what, rows) for what, rows in source.aside.items()),
            columns_aside=(),
            visits=tuple(taking.samples),
        )

    def _calendar_file(self, path: Path) -> CalendarFile:
        from medsec_desktop.exchange.calendar_events import CalendarFile
        from medsec_desktop.services.practice.time_zone import clinic_zone

        today = self._session.clock.today()
        last = today + timedelta(days=_DAYS_AHEAD)
        return CalendarFile(path, clinic_zone(self._practice), first=today, last=last)

    def _taking_visits(
        self, source: CalendarFile, options: ImportOptions, progress: Progress | None
    ) -> VisitTaking:
        from medsec_desktop.services.imports.visits import VisitTaking

        assert self._calendar is not None, "visits are booked through the calendar"
        return VisitTaking(
            self._session,
            self._practice,
            self._calendar(),
            source,
            options,
            progress or Quiet(),
            LABEL,
        )

    def save_text(self, path: Path, text: str) -> None:
        """Write a plan's or report's text to a file. Raises Unavailable where that cannot be done."""
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise Unavailable(
                f"“{path.name}” could not be written.",
                f"The system says: {error.strerror or error}.",
                "Choose another place; the report is also kept with the practice.",
            ) from error
        self._session.event("Saved an import report", reason=path.name)

    def _source(self, kind: str, path: Path, options: ImportOptions) -> ForeignSource:
        if kind == "synthea":
            from medsec_desktop.exchange.synthea import SyntheaFolder

            return SyntheaFolder(
                path, strip_digits=options.strip_digits, wall_clock=self._wall_clock
            )
        raise Invalid(
            f"“{kind}” cannot be imported by this version.",
            remedy=f"It takes in: {', '.join(KINDS)}.",
            field="kind",
        )

    def _taking(
        self,
        source: ForeignSource,
        options: ImportOptions,
        choices: Mapping[str, Choice],
        progress: Progress | None,
        *,
        writes: bool,
    ) -> Taking:
        return Taking(
            self._session,
            source,
            options,
            choices,
            progress or Quiet(),
            source.rows_expected(),
            self._practice.get(settings.CHART_MASK),
            writes=writes,
        )


def _aside(source: ForeignSource) -> tuple[AsideRow, ...]:
    return tuple(AsideRow(left.file, left.holds, left.rows) for left in source.left_aside())
